"""Two sessions write one store: one epoch for both, one mark, and nothing that a registry puts
aside. Whoever comes in between does so at a place that the test names."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from db.device import DeviceState
from db.errors import DbError, StoreFullError
from db.store import UnitOfWork
from ledger import kinds
from ledger.entry import Header, Subject
from station import export
from tests.places import Site, families
from workspace import care
from workspace.opening import begin_epoch
from workspace.session import Session, mark_name


def say(session: Session) -> Header:
    """One act of one entry."""
    with session.act() as act:
        act.say(
            kinds.CLOCK_CONFIRMED,
            Subject("office", session.office.id),
            {"shown": "2026-11-15", "latest": "2026-11-15"},
        )
    return act.entries[0].header


def epochs(session: Session) -> list[bytes]:
    """The epochs of this office, in the order in which they began."""
    with session.store.read() as reader:
        return [epoch for epoch, _ in reader.epochs(session.office.id)]


def once(real: Callable[..., object], then: Callable[[], object]) -> Callable[..., object]:
    """The same, and the first time something comes before it."""
    left = [then]

    def with_it(*args: object, **named: object) -> object:
        if left:
            left.pop()()
        return real(*args, **named)

    return with_it


def lose_the_probe(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of the marks cannot be written, the next time that somebody asks."""
    answers = iter([False])
    real = DeviceState.keeps_marks
    monkeypatch.setattr(
        DeviceState, "keeps_marks", lambda self: next(answers, None) is None and real(self)
    )


def test_one_probe_is_not_taken_from_under_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the writing and the removing of one, somebody else asks the same."""
    state, found = DeviceState(tmp_path), []
    monkeypatch.setattr(Path, "unlink", once(Path.unlink, lambda: found.append(meanwhile())))

    def meanwhile() -> bool:
        return state.keeps_marks()

    assert state.keeps_marks()
    assert found == [True]
    assert list(tmp_path.iterdir()) == []


def test_one_mark_is_not_taken_from_under_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = DeviceState(tmp_path)
    monkeypatch.setattr(
        Path, "replace", once(Path.replace, lambda: state.set_high_water("one", b"epoch-01", 7))
    )
    state.set_high_water("one", b"epoch-01", 8)
    assert state.high_water("one") == (b"epoch-01", 8)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_mark_that_was_not_kept_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        DeviceState(tmp_path).set_high_water("one", b"epoch-01", 8)
    assert list(tmp_path.iterdir()) == []


def test_the_mark_of_an_act_never_replaces_that_of_a_later_one(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older copy of the store would seem to be the newest one, and go on in its epoch."""
    with busy_site.at_station("officer") as session:
        other = replace(session)

        def meanwhile() -> None:
            # A commit and its mark are one turn of the writer: nobody gets in between.
            with suppress(DbError):
                say(other)

        name = mark_name(session.office.id, session.folder)
        monkeypatch.setattr(
            DeviceState, "set_high_water", once(DeviceState.set_high_water, meanwhile)
        )
        say(session)
        with session.store.read() as reader:
            head = reader.head(session.office.id, session.epoch)
        assert head is not None
        assert session.env.device.high_water(name) == (head.epoch, head.sequence)


def test_nobody_goes_on_in_an_epoch_that_another_session_left(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export takes the epochs in their order, so what the later ones rest on comes first."""
    with busy_site.at_station("supervisor") as session:
        other = replace(session)
        lose_the_probe(busy_site, monkeypatch)
        begun = say(other).epoch
        assert say(session).epoch == begun
        assert epochs(session)[-1] == begun
        assert len(epochs(session)) == 2
        made = export.export(session, busy_site.outbox)
        assert made.runs[-1].epoch == begun
        assert care.check(session).problems == ()
    done = busy_site.admit(made.bundle)
    assert (done.admitted, done.held, done.quarantined) == (made.entries, 0, 0)


def test_an_epoch_that_was_not_begun_is_not_written_in(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with busy_site.at_station("officer") as session:
        (first,) = epochs(session)

        def full(*_: object) -> None:
            raise StoreFullError

        lose_the_probe(busy_site, monkeypatch)
        with monkeypatch.context() as patched:
            patched.setattr(UnitOfWork, "flush", full)
            with pytest.raises(StoreFullError):
                say(session)
        assert epochs(session) == [first]
        # There is no mark for what comes now, so the epoch is begun after all.
        said = say(session)
        assert (said.epoch, said.sequence) == (epochs(session)[1], 2)
        assert care.check(session).problems == ()


def test_an_epoch_without_a_mark_is_left_though_another_session_marks_it(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A copy that has exactly what the mark tells of is worked on after the original was."""
    with busy_site.at_station("supervisor") as session:
        other = replace(session)
        lose_the_probe(busy_site, monkeypatch)
        say(session)
        say(other)
        shutil.copytree(busy_site.station, tmp_path / "older")
        say(session)
        first = export.export(session, busy_site.outbox).bundle
    shutil.rmtree(busy_site.station)
    shutil.copytree(tmp_path / "older", busy_site.station)
    busy_site.take_in(families(1, first=60), name="more.csv")
    second = busy_site.send()
    assert busy_site.admit(first).quarantined == 0
    assert busy_site.admit(second).quarantined == 0


def test_after_a_mark_that_failed_the_next_act_begins_an_epoch(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with busy_site.at_station("officer") as session:
        first, other = session.epoch, replace(session)
        with monkeypatch.context() as patched:
            patched.setattr(DeviceState, "set_high_water", fails)
            assert say(session).epoch == first
        say(other)
        assert say(session).epoch != first
        assert say(other).epoch == session.epoch
        assert not session.marks


def test_a_bundle_that_is_gone_on_with_in_a_later_epoch_is_noted_in_its_own(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from station.receive import receive
    from sync.errors import DriveError

    with busy_site.at_station("supervisor") as session:

        def pulled(*_: object, **__: object) -> None:
            raise DriveError("gone", "The stick is gone.")

        with monkeypatch.context() as patched:
            patched.setattr(export, "note", pulled)
            with pytest.raises(DriveError):
                export.export(session, busy_site.outbox)
        begin_epoch(session, reason="moved")
        made = export.export(session, busy_site.outbox)
        assert made.resumed
    notice = busy_site.admit(made.bundle).notice
    assert notice is not None
    with busy_site.at_station("supervisor") as session:
        receive(session, notice)
        assert [one.state for one in export.past(session)] == ["acknowledged"]
