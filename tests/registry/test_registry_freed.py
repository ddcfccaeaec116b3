"""What was put aside and came free in the same import is not told as being aside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger import kinds
from registry import queues
from station import export
from station.begun import Begun
from tests.places import Site, families
from workspace.opening import begin_epoch


def test_what_a_bundle_says_before_what_it_rests_on_is_admitted_in_the_end(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The epochs of a station in another order than they began in: certificates come last.

    MOSIP introducer: what rests on a record that comes later has to wait for it.
    """
    real = export._begin

    def turned(*given: object) -> Begun:
        begun = real(*given)  # type: ignore[arg-type]  # what it is called with
        assert len(begun.runs) == 2
        return replace(begun, runs=begun.runs[::-1])

    monkeypatch.setattr(export, "_begin", turned)
    with busy_site.at_station("officer") as session:
        begin_epoch(session, reason="moved")
    busy_site.take_in(families(1, first=70), name="more.csv")
    bundle = busy_site.send()
    done = busy_site.admit(bundle)
    with busy_site.at_registry() as session:
        assert queues.aside(session) == []
        with session.store.read() as reader:
            (said,) = [
                one.body
                for one in reader.entries_of_kind(kinds.BUNDLE_ADMITTED, "bundle")
                if one.body is not None and one.body["outcomes"]
            ]
            assert {one["outcome"] for one in said["outcomes"]} == {"admitted"}
    assert (done.held, done.quarantined) == (0, 0)
    assert done.reasons == ()
    again = busy_site.admit(bundle)
    assert (again.known, again.admitted) == (done.admitted, 0)
