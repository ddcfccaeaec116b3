"""Notices at a station: once, in order, for this station, and after a restore."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger import kinds
from registry import admit, decide, notices, queues
from station import receive, sending
from station.export import plan
from sync.inspect import inspect
from tests.places import Site, families
from workspace import care
from workspace.errors import RefusedError
from workspace.session import Session


def exchange(site: Site) -> Path:
    """Export and import once; returns the notice."""
    done = site.admit(site.send())
    assert done.notice is not None
    return done.notice


def take(site: Site, notice: Path, *, folder: Path | None = None) -> receive.Received:
    """The supervisor takes a notice."""
    with site.at_station("supervisor", folder=folder) as session:
        return receive.receive(session, notice)


def refused(site: Site, notice: Path) -> str:
    """The code under which the station refuses it."""
    with pytest.raises(RefusedError) as error:
        take(site, notice)
    return error.value.code


def test_a_notice_acknowledges_what_the_bundle_held(busy_site: Site) -> None:
    notice = exchange(busy_site)
    got = take(busy_site, notice)
    with busy_site.at_station("supervisor") as session:
        state = sending.state(session)
        assert (state.waiting, state.sent) == (0, 0)
        assert state.acknowledged == got.acknowledged == 26
        assert plan(session).entries == 0
        assert care.check(session).problems == ()
    assert {one.outcome for one in got.outcomes} == {"admitted"}


def test_taken_twice_changes_nothing(busy_site: Site) -> None:
    notice = exchange(busy_site)
    first = take(busy_site, notice)
    again = take(busy_site, notice)
    assert again.acknowledged == 0
    assert again.outcomes == first.outcomes


def test_an_old_notice_changes_nothing_after_a_new_one(busy_site: Site) -> None:
    first = exchange(busy_site)
    take(busy_site, first)
    busy_site.take_in(families(1, first=20))
    second = exchange(busy_site)
    take(busy_site, second)
    assert take(busy_site, first).acknowledged == 0
    with busy_site.at_station("supervisor") as session:
        assert sending.state(session).sent == 0


def test_a_missing_notice_is_asked_for_and_can_be_written_again(busy_site: Site) -> None:
    exchange(busy_site)
    busy_site.take_in(families(1, first=20))
    second = exchange(busy_site)
    assert refused(busy_site, second) == "notice_gap"
    with busy_site.at_registry("clerk") as session:
        again = notices.again(session, station="A01", number=1, parent=busy_site.outbox)
        with pytest.raises(RefusedError):
            notices.again(session, station="A01", number=9, parent=busy_site.outbox)
        with pytest.raises(RefusedError):
            notices.again(session, station="Z09", number=1, parent=busy_site.outbox)
    assert take(busy_site, again).number == 1
    assert take(busy_site, second).number == 2


def test_a_notice_of_another_station_is_refused(
    busy_site: Site, founded_site: Site, tmp_path: Path
) -> None:
    from registry import enrol as registry_enrol
    from station import setup
    from tests.places import PASSPHRASE

    other, request, grant = tmp_path / "other", tmp_path / "request", tmp_path / "grant"
    setup.request(
        other, name="Site B", admin="administrator", passphrase=PASSPHRASE, out=request,
        env=busy_site.env,
    )  # fmt: skip
    with busy_site.at_registry("administrator") as session:
        registry_enrol.enrol(session, request, grant)
    with busy_site.at_station("administrator", folder=other) as session:
        setup.enrol(session, grant)
    notice = exchange(busy_site)
    with (
        busy_site.at_station("administrator", folder=other) as session,
        pytest.raises(RefusedError) as error,
    ):
        receive.receive(session, notice)
    assert error.value.code == "not_for_this_key"


def test_a_notice_of_another_registry_is_refused(
    busy_site: Site, stranger_site: Site, tmp_path: Path
) -> None:
    stranger = stranger_site.copied(tmp_path / "stranger")
    assert refused(busy_site, exchange(stranger)) == "unknown_signer"


@pytest.mark.parametrize("name", ["manifest.sig", "manifest.age", "00000.age"])
def test_a_damaged_notice_is_refused_and_the_whole_one_still_taken(
    busy_site: Site, name: str
) -> None:
    notice = exchange(busy_site)
    kept = (notice / name).read_bytes()
    (notice / name).write_bytes(kept[:-1])
    assert refused(busy_site, notice) in {"malformed", "altered"}
    (notice / name).unlink()
    assert refused(busy_site, notice) in {"missing", "unfinished"}
    (notice / name).symlink_to("/etc/hostname")
    assert refused(busy_site, notice) in {"missing", "unfinished"}
    (notice / name).unlink()
    (notice / name).write_bytes(kept)
    assert take(busy_site, notice).acknowledged == 26


def test_a_bundle_is_no_notice(busy_site: Site, tmp_path: Path) -> None:
    bundle = busy_site.send()
    assert refused(busy_site, bundle) == "wrong_kind"
    assert refused(busy_site, tmp_path) == "not_a_bundle"
    assert refused(busy_site, tmp_path / "nothing") == "not_a_bundle"


def test_a_restored_station_goes_on_receiving(busy_site: Site, tmp_path: Path) -> None:
    """The registry holds more of the old epoch than the restored store ever will again."""
    with busy_site.at_station("administrator") as session:
        care.backup(session, tmp_path / "backup.wsb")
    busy_site.take_in(families(2, first=20))
    notice = exchange(busy_site)
    shutil.rmtree(busy_site.station)
    care.restore(tmp_path / "backup.wsb", busy_site.station, env=busy_site.env)
    busy_site.take_in(families(1, first=30))
    # The receipt for the end names an entry that did not come back; one for a place sixteen before
    # it is proof of those up to there.
    assert take(busy_site, notice).acknowledged == 22
    with busy_site.at_station("supervisor") as session:
        assert sending.state(session).waiting == 25 - 22 + 1 + 6
        assert care.check(session).problems == ()
    done = busy_site.admit(busy_site.send())
    assert (done.quarantined, done.held) == (0, 0)
    assert (done.known, done.admitted) == (25 - 22, 1 + 6 + 1)
    assert done.notice is not None
    assert take(busy_site, done.notice).acknowledged == 25 - 22 + 1 + 6 + 1
    with busy_site.at_station("supervisor") as session:
        state = sending.state(session)
        assert (state.waiting, state.sent) == (0, 0)
    with busy_site.at_registry() as session:
        assert care.check(session).problems == ()


def test_a_store_that_is_behind_its_receipt_begins_an_epoch(
    busy_site: Site, tmp_path: Path
) -> None:
    """An old copy came back together with its machine's state, so nothing else tells.

    Sync 6 (i): a store that was put back forgets what it had sent.
    """
    before = busy_site.copied(tmp_path / "before")
    busy_site.take_in(families(2, first=20))
    notice = exchange(busy_site)
    with before.at_station("supervisor") as session:
        epoch = session.epoch
        got = receive.receive(session, notice)
        assert (got.acknowledged, got.alarms) == (22, ())
        assert session.epoch != epoch
        assert any("new numbers" in note for note in session.notes)
    before.take_in(families(1, first=40))
    done = busy_site.admit(before.send())
    assert (done.quarantined, done.held) == (0, 0)


def test_outcomes_are_told_even_when_the_import_was_cut_off_before_the_notice(
    busy_site: Site,
) -> None:
    bundle = busy_site.send()
    busy_site.admit(bundle, notice=False)
    done = busy_site.admit(bundle)
    assert done.admitted == 0 and done.notice is not None
    got = take(busy_site, done.notice)
    assert got.acknowledged == 26
    assert [one.outcome for one in got.outcomes].count("admitted") >= 4


def test_decisions_come_back(busy_site: Site) -> None:
    take(busy_site, exchange(busy_site))
    with busy_site.at_registry() as session:
        waiting = [row.registration for row in queues.to_register(session)]
        done = decide.register(session, waiting)
        assert (done.registered, done.numbered) == (3, 6)
    busy_site.take_in(families(1, first=20))
    got = take(busy_site, exchange(busy_site))
    registered = [one for one in got.outcomes if one.outcome == "registered"]
    assert {one.group for one in registered} == set(waiting)
    with busy_site.at_station() as session, session.store.read() as reader:
        views = [reader.registration(identity) for identity in waiting]
        assert {view.status for view in views if view} == {"registered"}
        persons = [person for view in views if view for person in reader.persons(view.persons)]
        assert all(person.permanent for person in persons) and len(persons) == 6


def test_a_release_is_told_to_the_station(site: Site) -> None:
    site.take_in(families(1))
    with site.at_station("officer") as session, session.act() as act:
        from ledger.entry import Subject

        view = _registrations(session)[0]
        act.say(kinds.PERSON_VOIDED, Subject("person", view.persons[1]), {"reason": "twice"})
    first = take(site, exchange(site))
    put_aside = [one for one in first.outcomes if one.outcome == "quarantined"]
    assert [one.code for one in put_aside] == ["role"]
    assert put_aside[0].sentence
    with site.at_registry() as session:
        (row,) = queues.aside(session)
        decide.release(session, [row.entry], reason="the officer was right")
    site.take_in(families(1, first=20))
    second = take(site, exchange(site))
    released = [one for one in second.outcomes if one.group == put_aside[0].group]
    assert [one.outcome for one in released] == ["admitted"]


def test_a_notice_never_adds_to_the_stations_own_chain(busy_site: Site) -> None:
    """Whatever a registry sends along, this office's chain is written here only."""
    from workspace import foreign

    busy_site.admit(busy_site.send())
    with busy_site.at_registry() as session, session.store.read() as reader:
        own = [entry for _, entry, _ in reader.arrivals() if entry.header.kind.startswith("person")]
    with busy_site.at_station("supervisor") as session:
        with session.store.read() as reader:
            before = reader.count_entries()
        stranger = own[0]
        with session.store.write() as unit:
            unit.connection.exec_driver_sql("DELETE FROM entries WHERE hash = ?", (stranger.hash,))
        with session.store.write() as unit:
            assert foreign.take(session, unit, own, []) == 0
        with session.store.read() as reader:
            assert reader.count_entries() == before - 1


def test_a_full_stick_at_the_registry_loses_no_notice(busy_site: Site, tmp_path: Path) -> None:
    bundle = busy_site.send()
    gone = tmp_path / "stick"
    with busy_site.at_registry("clerk") as session, pytest.raises(RefusedError):
        admit.import_bundle(session, bundle, notice_parent=gone)
    busy_site.admit(bundle)
    before = {inspect(path).bundle for path in busy_site.outbox.iterdir()}
    again = busy_site.admit(bundle)
    assert again.notice is not None and inspect(again.notice).bundle not in before
    assert take(busy_site, again.notice).number == 1


def _registrations(session: Session) -> list[object]:
    with session.store.read() as reader:
        return list(reader.views("registration"))
