"""An epoch begins while papers are printed: no number is issued in another epoch than it was
reserved in, for a place in the status list of one is none in that of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.device import DeviceState
from documents.trust import load_trust
from documents.verdict import Verdict
from documents.verify import verify_bytes
from ledger import kinds
from registry import trust as registry_trust
from station import batch, issuing
from station.batch import Which
from tests.places import Site
from workspace import care, reserved
from workspace.errors import RefusedError
from workspace.opening import begin_epoch


def begun_before(monkeypatch: pytest.MonkeyPatch, *, act: int) -> None:
    """The folder of the marks cannot be written when this act asks, and the session goes on in
    another epoch."""
    asked = [0]

    def keeps(state: DeviceState) -> bool:
        asked[0] += 1
        return asked[0] != act

    monkeypatch.setattr(DeviceState, "keeps_marks", keeps)


def test_a_paper_is_in_the_list_that_its_code_names(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with busy_site.at_station("officer") as session:
        wanted = batch.targets(session, Which())[:2]
        former = session.epoch
        begun_before(monkeypatch, act=2)  # after the numbers are reserved
        done = batch.print_all(session, wanted, language="en")
        monkeypatch.undo()
        assert session.epoch != former
        assert [one.code for one in done.skipped] == ["changed_meanwhile"] * 2
        done = batch.print_all(session, wanted, language="en")
        assert len(done.documents) == 2
        with session.store.read() as reader:
            spoiled = reader.entries_of_kind(kinds.NUMBERS_SPOILED, "office")
            assert [(one.body or {})["epoch"] for one in spoiled] == [former]
            assert {one.epoch for one in reader.views("document")} == {session.epoch}
        assert care.check(session).problems == ()
    assert busy_site.admit(busy_site.send()).quarantined == 0
    with busy_site.at_registry("administrator") as session:
        registry_trust.export(session, tmp_path / "trust", jwks=False)
    trust = load_trust((tmp_path / "trust").read_bytes())
    assert verify_bytes(done.pdf, trust, at=busy_site.clock.now()).verdict is Verdict.VALID


def test_a_run_goes_on_with_numbers_of_the_epoch_that_began(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        former = session.epoch
        with reserved.under_way(session, reserved.DOCUMENTS) as run:
            run.reserve(2)
            issued = run.take()
            with session.store.write() as unit:
                run.issued(unit, {issued.number})
            begin_epoch(session, reason="moved")
            with pytest.raises(RefusedError, match="Print it now"):
                run.take()
            run.reserve(2)
            assert run.take().number != issued.number
        with session.store.read() as reader:
            told = [
                (body["epoch"], len(body["papers"]))
                for one in reader.entries_of_kind(kinds.NUMBERS_SPOILED, "office")
                if (body := one.body) is not None
            ]
        assert sorted(told) == sorted([(former, 1), (session.epoch, 2)])


def test_what_was_printed_in_the_former_epoch_is_not_printed_once_more(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with busy_site.at_station("officer") as session:
        wanted = batch.targets(session, Which())[:1]
        since = issuing.reached(session)
        batch.print_all(session, wanted, language="en")
        begin_epoch(session, reason="moved")
        monkeypatch.setattr(issuing, "reached", lambda session: since)
        done = batch.print_all(session, wanted, language="en")
        assert [one.code for one in done.skipped] == ["printed_meanwhile"]
