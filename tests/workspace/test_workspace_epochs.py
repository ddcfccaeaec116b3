"""Restored, cloned and moved stores go on in a new epoch, and repeat no number."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from ledger import kinds
from ledger.entry import Subject
from tests.places import START, Site, environment, families, office_of, opened
from workspace import care
from workspace.clocks import clock_doubt
from workspace.opening import begin_epoch
from workspace.session import Session, mark_name


def tags(session: Session) -> list[tuple[str, str]]:
    """Reason and characters of every epoch that this office began."""
    with session.store.read() as reader:
        return [
            (entry.body["reason"], entry.body["tag"])
            for entry in reader.entries_of_kind(kinds.EPOCH_BEGUN, "office")
            if entry.body is not None and entry.header.office == session.office.id
        ]


def numbers(session: Session) -> list[str]:
    """Every control number that the office gave."""
    with session.store.read() as reader:
        return [view.number for view in reader.persons()] + [
            view.number for view in reader.households()
        ]


def test_opening_again_goes_on_in_the_same_epoch(busy_site: Site) -> None:
    for _ in range(3):
        with busy_site.at_station("officer") as session:
            assert session.notes == []
            assert len(tags(session)) == 1


def test_a_moved_folder_begins_an_epoch(busy_site: Site, tmp_path: Path) -> None:
    busy_site.station.rename(tmp_path / "elsewhere")
    with opened(tmp_path / "elsewhere", "officer", busy_site.env) as session:
        assert [reason for reason, _ in tags(session)] == ["new", "moved"]
        assert "new numbers" in session.notes[0]
        assert care.check(session).problems == ()


def test_an_older_copy_in_the_same_folder_begins_an_epoch(busy_site: Site, tmp_path: Path) -> None:
    """Sync 1 (i): checks of pages do not see that the whole file is an older one."""
    shutil.copytree(busy_site.station, tmp_path / "before")
    busy_site.take_in(families(1, first=50))
    shutil.rmtree(busy_site.station)
    shutil.copytree(tmp_path / "before", busy_site.station)
    with busy_site.at_station("officer") as session:
        assert [reason for reason, _ in tags(session)] == ["new", "restored"]


def test_a_restored_backup_repeats_no_number(busy_site: Site, tmp_path: Path) -> None:
    """OpenCRVS 11003: a counter gave hundreds of people one number.

    Sync 2 (f): a restored backup gives sequence numbers again.
    """
    with busy_site.at_station("administrator") as session:
        care.backup(session, tmp_path / "backup.wsb")
    busy_site.take_in(families(2, first=60))
    with busy_site.at_station("officer") as session:
        lost = set(numbers(session))
    for place in (tmp_path / "elsewhere", busy_site.station):
        shutil.rmtree(place, ignore_errors=True)
        care.restore(tmp_path / "backup.wsb", place, env=busy_site.env)
        site = busy_site
        site.take_in(families(2, first=60), folder=place)
        with site.at_station("officer", folder=place) as session:
            fresh = set(numbers(session)) - lost
            assert len(fresh) == 6
            assert [reason for reason, _ in tags(session)] == ["new", "moved"]
            assert care.check(session).problems == ()
        lost |= fresh


def test_a_copy_without_the_state_of_its_machine_begins_an_epoch(
    busy_site: Site, tmp_path: Path
) -> None:
    """On another machine the device's secret is missing too, so a slot opens only here."""
    clone = tmp_path / "clone"
    shutil.copytree(busy_site.station, clone)
    with opened(clone, "officer", busy_site.env) as session:
        assert [reason for reason, _ in tags(session)] == ["new", "moved"]
    # The original does not notice and goes on where it was.
    with busy_site.at_station("officer") as session:
        assert [reason for reason, _ in tags(session)] == ["new"]


def test_a_torn_mark_counts_as_none(busy_site: Site) -> None:
    for mark in busy_site.state.glob("high-*"):
        mark.write_bytes(b'{"epoch": "00')
    with busy_site.at_station("officer") as session:
        assert [reason for reason, _ in tags(session)] == ["new", "moved"]


def test_a_mark_that_lags_behind_a_kill_changes_nothing(busy_site: Site) -> None:
    """A kill between the commit and the mark leaves the mark one act behind."""
    name = mark_name(office_of(busy_site.station), busy_site.station)
    mark = busy_site.env.device.high_water(name)
    assert mark is not None
    busy_site.env.device.set_high_water(name, mark.epoch, mark.sequence - 2)
    with busy_site.at_station("officer") as session:
        assert [reason for reason, _ in tags(session)] == ["new"]


def test_reading_begins_no_epoch(busy_site: Site, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    shutil.copytree(busy_site.station, clone)
    with opened(clone, "officer", busy_site.env, read_only=True) as session:
        assert len(tags(session)) == 1


def test_a_mark_that_cannot_be_kept_does_not_undo_the_act(
    busy_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with busy_site.at_station("administrator") as session:
        shutil.rmtree(busy_site.state)
        busy_site.state.write_text("a file stands where the folder was")
        with session.act() as act:
            act.say(
                kinds.CLOCK_CONFIRMED,
                _office_subject(session),
                {"shown": "2026-11-15T10:00:00Z", "latest": "2026-11-15T10:00:00Z"},
            )
        assert len(act.entries) == 1
        with session.store.read() as reader:
            assert reader.entry(act.entries[0].hash) is not None
    assert "the mark of the last entry was not kept" in caplog.text


def test_no_two_epochs_of_a_store_share_their_characters(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        used = tags(session)[0][1]
        stuck = iter([b"\0" * 8, *[bytes([_place(letter)]) for letter in used]])
        real = session.env.entropy

        def entropy(size: int) -> bytes:
            """First the characters that the store has already, then chance."""
            if size in (1, 8):
                return next(stuck, None) or real(size)
            return real(size)

        object.__setattr__(session.env, "entropy", entropy)
        begin_epoch(session, reason="moved")
        assert len({tag for _, tag in tags(session)}) == 2


def test_an_epoch_begun_under_a_wrong_clock_does_not_vouch_for_it(
    busy_site: Site, tmp_path: Path
) -> None:
    """Else the first document after a move would be dated by a clock nobody looked at."""
    clone = tmp_path / "clone"
    shutil.copytree(busy_site.station, clone)
    ahead = environment(busy_site.state, at=START + timedelta(days=200))
    with opened(clone, "officer", ahead) as session:
        assert session.clock_in_doubt
        assert clock_doubt(session) is not None
    with opened(clone, "officer", ahead) as session:
        assert session.clock_in_doubt


@pytest.mark.parametrize("days", [-20000, -400, 400, 30000, 1_000_000])
def test_a_wrong_clock_never_stops_the_work(busy_site: Site, days: int) -> None:
    """Sync 2 (h): ids and order that trust the clock, and a wrong clock that stops the work.

    Sync 6 (h): certificates that ran out, by a clock or in truth, keep work from being exported.

    MOSIP limits: work is frozen after so many packets or days without a line.
    """
    wrong = environment(busy_site.state, at=START + timedelta(days=days))
    site = Site(busy_site.folder, wrong)
    assert site.take_in(families(2, first=80)).households == 2
    site.approve()
    bundle = site.send()
    right = busy_site.admit(bundle)
    assert (right.quarantined, right.held) == (0, 0)
    assert right.admitted > 20
    with busy_site.at_registry() as session:
        assert care.check(session).problems == ()


def _office_subject(session: Session) -> Subject:
    return Subject("office", session.office.id)


def _place(letter: str) -> int:
    from values.numbers import ALPHABET

    return ALPHABET.index(letter)
