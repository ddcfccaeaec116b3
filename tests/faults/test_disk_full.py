"""The disk is full: a sentence, nothing lost, and the work can still be got off it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from db.errors import StoreFullError
from station import export, intake, review
from tests import places
from tests.places import DAY, Site, families
from workspace import care
from workspace.session import Session

ROOT = os.geteuid() == 0


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of its own, of that size."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path, leave: int, *, name: str = "filler") -> Path:
    """Fill a disk but for so many bytes."""
    filler = folder / name
    size = shutil.disk_usage(folder).free - leave
    with filler.open("wb") as file:
        if size > 0:
            os.posix_fallocate(file.fileno(), 0, size)
    return filler


def take_in_until_full(session: Session, site: Site) -> list[str]:
    """Take families in until the store refuses; returns the numbers that were acknowledged."""
    acknowledged: list[str] = []
    path = site.write_list(families(2000, first=1000), "many.csv")
    with pytest.raises(StoreFullError) as full:
        intake.intake(
            session, path, on=DAY, committed=lambda listed, number: acknowledged.append(number)
        )
    assert "everything before it is safe" in full.value.sentence
    return acknowledged


def households(session: Session) -> set[str]:
    with session.store.read() as reader:
        return {view.number for view in reader.households()}


def limit_pages(session: Session, more: int) -> Callable[[], None]:
    """Let the store grow by so many pages, as on a full disk; returns how to lift the limit."""
    engine = session.store._engine
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    limit = [pages + more]

    def limited(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit[0]}")  # type: ignore[attr-defined]  # the driver's

    event.listen(engine, "checkout", limited)

    def lift() -> None:
        limit[0] = 1 << 30

    return lift


def test_a_store_that_cannot_grow_loses_nothing(busy_site: Site) -> None:
    """Sync 5 (b): a disk that is full in the middle of an act."""
    with busy_site.at_station("officer") as session:
        before = households(session)
        lift = limit_pages(session, 40)
        acknowledged = take_in_until_full(session, busy_site)
        assert acknowledged
        assert households(session) == before | set(acknowledged)
        lift()
        assert care.check(session).problems == ()
        # Room was made: the same list goes on where it stopped.
        path = busy_site.write_list(families(len(acknowledged) + 2, first=1000), "many.csv")
        done = intake.intake(session, path, on=DAY)
        assert done.households == 2


def test_an_export_takes_the_reserve_when_nothing_else_is_left(busy_site: Site) -> None:
    reserve = busy_site.station / "ballast"
    reserve.write_bytes(b"room")
    with busy_site.at_station("supervisor") as session:
        lift = limit_pages(session, 0)
        session.store.release_space, release = (  # type: ignore[method-assign]  # seen, then done
            lambda: (lift(), release())[1], session.store.release_space
        )  # fmt: skip
        for size in (3000, 300, 30):
            with pytest.raises(StoreFullError):
                for number in range(2000):
                    with session.store.write() as unit:
                        unit.put_setting(f"filler/{size}/{number}", bytes(size))
        done = export.export(session, busy_site.outbox)
        assert done.entries == 26
    assert not reserve.exists()
    assert busy_site.admit(done.bundle).admitted == 26


@pytest.mark.parametrize("how", ["disk"] if ROOT else [])
def test_work_can_be_exported_from_a_full_disk(
    founded_site: Site, tmp_path: Path, how: str
) -> None:
    """MOSIP disk: work is refused on a disk that is nearly full, far too late.

    Sync 5 (b): a disk that is full in the middle of an act.
    """
    with small_disk(tmp_path / "disk", "220m") as disk:
        site = founded_site.copied(tmp_path / "elsewhere")
        shutil.copytree(site.station, disk / "station")
        with site.at_station("officer", folder=disk / "station") as session:
            intake.intake(session, site.write_list(families(3)), on=DAY)
            before = households(session)
        assert (disk / "station" / "ballast").stat().st_size == 64 * 1024**2
        filler = fill(disk, leave=300_000)
        with site.at_station("officer", folder=disk / "station") as session:
            assert any("almost full" in note for note in session.notes)
            acknowledged = take_in_until_full(session, site)
            assert households(session) == before | set(acknowledged)
        # What the log gave back when it was closed goes as well.
        fill(disk, leave=0, name="rest")
        # Not even the log of a reader fits; it says why. The work can be got off the disk.
        with (
            pytest.raises(StoreFullError),
            site.at_station("auditor", folder=disk / "station", read_only=True) as session,
        ):
            care.check(session)
        with site.at_station("supervisor", folder=disk / "station") as session:
            bundle = export.export(session, site.outbox).bundle
        done = site.admit(bundle)
        assert (done.held, done.quarantined) == (0, 0)
        with site.at_registry() as session:
            assert households(session) == before | set(acknowledged)
        # Room was made: everything goes on.
        filler.unlink()
        with site.at_station("supervisor", folder=disk / "station") as session:
            assert review.approve_all(session).approved == len(before | set(acknowledged))
            assert care.check(session).problems == ()


@pytest.mark.parametrize("how", ["disk"] if ROOT else [])
def test_a_full_stick_gets_no_half_bundle(busy_site: Site, tmp_path: Path, how: str) -> None:
    from sync.errors import NoRoomError

    with small_disk(tmp_path / "stick", "64k") as stick:
        fill(stick, leave=4096)
        with busy_site.at_station("supervisor") as session:
            with pytest.raises(NoRoomError) as full:
                export.export(session, stick)
            assert "drive is full" in full.value.sentence
            assert [path.name for path in stick.iterdir()] == ["filler"]
            with pytest.raises(StoreFullError):
                care.backup(session, stick / "b.wsb")
            assert [path.name for path in stick.iterdir()] == ["filler"]
    assert busy_site.admit(busy_site.send()).quarantined == 0


@pytest.mark.parametrize("how", ["disk"] if ROOT else [])
def test_a_read_only_disk_says_so(
    busy_site: Site, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from tests.cli.conftest import Command

    command = Command(busy_site.env, monkeypatch, capsys)
    with small_disk(tmp_path / "stick", "32m") as stick:
        shutil.copytree(busy_site.station, stick / "station")
        subprocess.run(["mount", "-o", "remount,ro", stick], check=True)
        for words in (
            ("check", stick / "station"),
            ("search", stick / "station", "orlok"),
            ("review", stick / "station", "--approve-all", "--as", "supervisor"),
            ("backup", busy_site.station, "--out", stick / "b.wsb"),
            ("trust", "export", busy_site.station, "--out", stick / "t"),
            ("bundle", "export", busy_site.station, "--out", stick, "--as", "supervisor"),
            ("registry", "create", stick / "new"),
            ("station", "request", stick / "new", "--name", "x", "--out", tmp_path / "r"),
            ("station", "request", tmp_path / "new", "--name", "x", "--out", stick / "r"),
        ):
            ran = command(*words, "--json")
            assert ran.code in (0, 1), (words, ran)
            assert ran.code == 1 or words[0] in {"check", "search"}, (words, ran)
        assert not (tmp_path / "new").exists(), "a request that went nowhere leaves no station"
    assert places.PASSPHRASE
