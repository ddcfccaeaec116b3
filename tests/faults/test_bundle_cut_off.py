"""An export that is cut off: the stick pulled out, the program killed, the person stopping it.

Nothing half-written counts, nothing is marked as sent, and a second run goes on where the first
one ended.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from ledger import kinds
from ledger.entry import Subject
from station import export, sending
from station.begun import Begun
from station.receive import receive
from station.spool import SPOOL
from sync import limits, workers
from sync.errors import CancelledError, DriveError
from sync.folder import Drive
from sync.inspect import inspect
from tests.places import Site, families
from tests.serving import served, sync
from workspace import care
from workspace.session import Session

PART = 4 * 1024


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts of few entries, all sealed in this process."""
    monkeypatch.setattr(limits, "PART_PLAIN_BYTES", PART)
    monkeypatch.setattr(workers, "ALONE", 1_000_000)


def photos_for(session: Session, count: int) -> list[bytes]:
    """Invented photos that an entry of the station names."""
    data = [bytes([number]) * 1500 for number in range(count)]
    names = session.store.photos.put_many(data)
    with session.act() as act:
        act.say(
            kinds.CLOCK_CONFIRMED,
            Subject("office", session.office.id),
            {"shown": "2026-11-15", "latest": "2026-11-15"},
            blobs=names,
        )
    return data


def pull_after(monkeypatch: pytest.MonkeyPatch, writes: int, fault: int) -> Callable[[], None]:
    """The drive fails after so many files; returns how it is put back in."""
    left, real = [writes], Drive.write

    def failing(self: Drive, descriptor: int, piece: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            real(self, descriptor, piece[: len(piece) // 2])
            raise OSError(fault, os.strerror(fault))
        real(self, descriptor, piece)

    monkeypatch.setattr(Drive, "write", failing)
    return lambda: monkeypatch.setattr(Drive, "write", real)


def exported(session: Session) -> int:
    """Entries that count as exported, and bundles that are noted."""
    return sending.state(session).sent + len(export.past(session))


@pytest.mark.parametrize("writes", [0, 1, 3, 6, 9])
@pytest.mark.parametrize("fault", [errno.ENODEV, errno.EIO])
def test_a_pulled_stick_is_gone_on_with(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch, writes: int, fault: int
) -> None:
    with busy_site.at_station("supervisor") as session:
        photos_for(session, 8)
        put_back = pull_after(monkeypatch, writes, fault)
        with pytest.raises(DriveError):
            export.export(session, busy_site.outbox)
        put_back()
        assert exported(session) == 0
        (left,) = busy_site.outbox.iterdir()
        assert inspect(left).unfinished or not list(left.iterdir())
        made = export.export(session, busy_site.outbox)
        assert made.bundle == left
        assert made.resumed == min(writes, made.parts)
        assert sorted(path.suffix for path in left.iterdir() if path.suffix == ".partial") == []
        assert len(export.past(session)) == 1
    assert busy_site.admit(made.bundle).quarantined == 0
    with busy_site.at_registry() as session:
        assert session.store.photos.count() == 8
        assert care.check(session).problems == ()


def test_a_part_that_the_stick_lost_is_written_again(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with busy_site.at_station("supervisor") as session:
        photos_for(session, 8)
        put_back = pull_after(monkeypatch, 6, errno.ENODEV)
        with pytest.raises(DriveError):
            export.export(session, busy_site.outbox)
        put_back()
        (left,) = busy_site.outbox.iterdir()
        (left / "00002.age").write_bytes(bytes(100))
        made = export.export(session, busy_site.outbox)
        assert made.resumed == 2
        assert inspect(made.bundle).whole
    assert busy_site.admit(made.bundle).held == 0


def cut_off_in_the_spool(session: Session, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As when the computer dies while a sync writes its bundle."""
    spool = session.folder / SPOOL
    spool.mkdir(exist_ok=True)
    put_back = pull_after(monkeypatch, 2, errno.EIO)
    with pytest.raises(DriveError):
        export.export(session, spool)
    put_back()
    found = export.cut_off(session, spool)
    assert found is not None
    return found


def test_stick_and_spool_each_go_on_with_their_own(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with busy_site.at_station("supervisor") as session:
        photos_for(session, 8)
        put_back = pull_after(monkeypatch, 3, errno.ENODEV)
        with pytest.raises(DriveError):
            export.export(session, busy_site.outbox)
        put_back()
        (on_stick,) = busy_site.outbox.iterdir()
        in_spool = cut_off_in_the_spool(session, monkeypatch)
        made = export.export(session, busy_site.outbox)
        assert (made.bundle, made.resumed) == (on_stick, 3)
        assert export.cut_off(session, busy_site.outbox) is None
        assert export.cut_off(session, in_spool.parent) == in_spool
        made = export.export(session, in_spool.parent)
        assert (made.bundle, made.resumed) == (in_spool, 2)


def test_a_sync_goes_on_with_what_was_cut_off_in_the_spool(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with busy_site.at_station("supervisor") as session:
        cut_off_in_the_spool(session, monkeypatch)
    busy_site.take_in(families(1, first=700), name="later.csv")
    with served(busy_site) as service:
        done = sync(busy_site, service.url)
    assert done.uploaded == done.acknowledged > 0
    with busy_site.at_station("supervisor") as session:
        assert sending.state(session).waiting == sending.state(session).sent == 0
        with session.store.read() as reader:
            said = reader.entries_of_kind(kinds.BUNDLE_EXPORTED, "office")
            assert len(said) == len(list(reader.bundles(office=session.office.id))) == 2
    with busy_site.at_registry() as session:
        assert care.check(session).problems == ()


def test_what_a_receipt_covers_meanwhile_is_not_gone_on_with(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with busy_site.at_station("supervisor") as session:
        cut_off_in_the_spool(session, monkeypatch)
        whole = export.export(session, busy_site.outbox)
    notice = busy_site.admit(whole.bundle).notice
    assert notice is not None
    with busy_site.at_station("supervisor") as session:
        receive(session, notice)
        assert export.cut_off(session, session.folder / SPOOL) is None


def test_another_stick_begins_anew(busy_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with busy_site.at_station("supervisor") as session:
        put_back = pull_after(monkeypatch, 2, errno.ENODEV)
        with pytest.raises(DriveError):
            export.export(session, busy_site.outbox)
        put_back()
        shutil.rmtree(busy_site.outbox)
        made = export.export(session, busy_site.outbox)
        assert made.resumed == 0
    assert busy_site.admit(made.bundle).held == 0


def test_what_came_meanwhile_goes_with_the_next_one(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with busy_site.at_station("supervisor") as session:
        put_back = pull_after(monkeypatch, 2, errno.ENODEV)
        with pytest.raises(DriveError):
            export.export(session, busy_site.outbox)
        put_back()
    busy_site.take_in(families(1, first=700), name="later.csv")
    with busy_site.at_station("supervisor") as session:
        first = export.export(session, busy_site.outbox)
        assert first.resumed == 2
        assert sending.state(session).waiting > 0
        second = export.export(session, busy_site.outbox)
        assert sending.state(session).waiting == 0
    assert busy_site.admit(first.bundle).held == 0
    assert busy_site.admit(second.bundle).admitted > 0


@pytest.mark.parametrize("parts", [1, 4, 7, 99])
def test_a_killed_export_is_gone_on_with(busy_site: Site, parts: int) -> None:
    """Killed for good: no cleaning up. At 99 all is written, and nothing is noted yet.

    MOSIP (h): a crash between the file and its row leaves an orphan.
    """
    with busy_site.at_station("supervisor") as session:
        photos_for(session, 8)
    child = os.fork()
    if child == 0:
        try:
            with busy_site.at_station("supervisor") as session:
                _export_and_die(session, busy_site.outbox, parts)
        finally:
            os._exit(9)
    os.waitpid(child, 0)
    (left,) = busy_site.outbox.iterdir()
    assert inspect(left).whole == (parts == 99)
    with busy_site.at_station("supervisor") as session:
        assert export.past(session) == []
        made = export.export(session, busy_site.outbox)
        assert made.bundle == left
        assert made.resumed == min(parts, made.parts)
        assert len(export.past(session)) == 1
    done = busy_site.admit(made.bundle)
    assert (done.held, done.quarantined) == (0, 0)


def _export_and_die(session: Session, parent: Path, parts: int) -> None:
    if parts == 99:
        export.note = lambda *_: os._exit(9)  # type: ignore[assignment]  # in a child that ends here
    real = export._remember

    def dying(of: Session, place: Path, begun: Begun) -> None:
        real(of, place, begun)
        if begun.going and len(begun.going.parts) == parts:
            os._exit(9)

    export._remember = dying
    export.export(session, parent)


def test_a_cancelled_export_leaves_nothing(busy_site: Site) -> None:
    answers = iter([False] * 6)
    with busy_site.at_station("supervisor") as session:
        with pytest.raises(CancelledError):
            export.export(session, busy_site.outbox, cancelled=lambda: next(answers, True))
        assert list(busy_site.outbox.iterdir()) == []
        assert exported(session) == 0
        with session.store.read() as reader:
            assert reader.setting(export.BEGUN) is None
        made = export.export(session, busy_site.outbox)
        assert made.resumed == 0
    assert busy_site.admit(made.bundle).held == 0


def test_an_export_holds_one_picture_while_work_goes_on(busy_site: Site) -> None:
    """OpenCRVS 5313: a record with several attachments, sent while it is written, disappears."""
    with busy_site.at_station("supervisor") as session:
        photos_for(session, 8)
        other = replace(session)
        stop: list[bool] = []
        written: list[int] = []

        def work() -> None:
            while not stop:
                with other.act() as act:
                    act.say(
                        kinds.CLOCK_CONFIRMED,
                        Subject("office", session.office.id),
                        {"shown": "2026-11-15", "latest": "2026-11-15"},
                    )
                written.append(1)

        def step(done: int, total: int) -> None:
            begun = len(written)
            # Let an act come between two parts.
            while thread.is_alive() and len(written) == begun:
                pass

        thread = Thread(target=work)
        thread.start()
        try:
            made = export.export(session, busy_site.outbox, progress=step)
        finally:
            stop.append(True)
            thread.join()
        assert len(written) > 5
        after = export.export(session, busy_site.outbox)
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            assert len(reader.epochs(session.office.id)) == 1
        assert (session.marks, other.marks) == (True, True)
    first = busy_site.admit(made.bundle)
    assert (first.admitted, first.held, first.quarantined) == (made.entries, 0, 0)
    then = busy_site.admit(after.bundle)
    assert (then.held, then.quarantined) == (0, 0)
    assert then.admitted >= len(written) - made.entries
