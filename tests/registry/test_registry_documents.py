"""What is withdrawn at either office reaches verifiers; what nobody knows is said to be unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents.trust import load_trust
from documents.verdict import Verdict
from documents.verify import verify_bytes
from registry import trust
from station import batch, printing
from station.receive import receive
from tests import paperwork
from tests.places import Site, families
from workspace import care, papers
from workspace.errors import NotAllowedError, RefusedError
from workspace.trusting import trust_of


def issue(site: Site, count: int) -> batch.Printed:
    with site.at_station("officer") as session:
        return paperwork.issue(session, printing.targets_for_all(session)[:count], language="en")


def test_a_registrar_withdraws_and_the_station_learns_it(busy_site: Site, tmp_path: Path) -> None:
    site = busy_site
    issued = issue(site, 3)
    first = site.admit(site.send()).notice
    with site.at_registry("registrar") as session:
        view = papers.by_number(session, issued.documents[1].number.lower())
        assert papers.withdraw(session, view.id, code="fraud", words="two names, one face")
    with site.at_registry("administrator") as session:
        trust.export(session, tmp_path / "trust", jwks=False)
    listed = load_trust((tmp_path / "trust").read_bytes())
    found = verify_bytes(issued.pdf, listed, at=site.clock.now())
    assert [str(one.verdict) for one in found.results] == ["valid", "revoked", "valid"]
    site.take_in(families(1, first=40))  # so that there is something to answer
    notice = site.admit(site.send()).notice
    assert first is not None and notice is not None
    with site.at_station("officer") as session:
        receive(session, first)
        receive(session, notice)
        told = papers.by_number(session, issued.documents[1].number)
        assert (told.revoked, told.revoked_code) == ("two names, one face", "fraud")
        from documents.trust import from_trust_list

        held = from_trust_list(trust_of(session))
        again = verify_bytes(issued.pdf, held, at=site.clock.now())
        assert [str(one.verdict) for one in again.results] == ["valid", "revoked", "valid"]
        assert care.check(session).problems == ()


def test_a_list_that_is_missing_is_unknown_and_not_good(busy_site: Site, tmp_path: Path) -> None:
    site = busy_site
    with site.at_registry("administrator") as session:
        trust.export(session, tmp_path / "early", jwks=False)
    issued = issue(site, 1)
    found = verify_bytes(
        issued.pdf, load_trust((tmp_path / "early").read_bytes()), at=site.clock.now()
    )
    assert found.verdict is Verdict.VALID and str(found.revocation) == "unknown"
    site.admit(site.send())
    with site.at_registry("administrator") as session:
        trust.export(session, tmp_path / "late", jwks=False)
    found = verify_bytes(
        issued.pdf, load_trust((tmp_path / "late").read_bytes()), at=site.clock.now()
    )
    assert str(found.revocation) == "checked"


def test_an_officer_alone_takes_no_papers_for_a_death(busy_site: Site) -> None:
    issued = issue(busy_site, 2)
    with busy_site.at_station("officer") as session:
        view = papers.by_number(session, issued.documents[1].number)
        for code in ("death", "fraud"):
            with pytest.raises(NotAllowedError):
                papers.withdraw(session, view.id, code=code)
        with pytest.raises(RefusedError):
            papers.by_number(session, "WST-A01-K7Q-D00042-31")


def test_a_replacement_for_a_lost_paper_withdraws_it_as_lost(busy_site: Site) -> None:
    from station.life import Collector, Handed

    first = issue(busy_site, 2)
    with busy_site.at_station("officer") as session:
        target = printing.target_of(session, first.documents[1].person, "registration")
        [again] = batch.print_all(
            session, [target], language="en", reason="lost at the river",
            handed=Handed("lost", Collector("other", "A. Neighbour", "her letter")),
        ).documents  # fmt: skip
    with busy_site.at_station("officer") as session:
        old = papers.by_number(session, first.documents[1].number)
        new = papers.by_number(session, again.number)
    assert (old.revoked_code, old.revoked) == ("lost", "lost at the river")
    assert new.number != old.number and new.revoked is None
    assert new.values["collector"] == {
        "who": "other", "name": "A. Neighbour", "proof": "her letter",
    }  # fmt: skip
    assert busy_site.admit(busy_site.send()).quarantined == 0
    with busy_site.at_registry("registrar") as session:
        assert papers.by_number(session, old.number).revoked_code == "lost"
