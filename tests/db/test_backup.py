"""Backups: whole or not at all, encrypted throughout, and back again."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from collections import namedtuple
from pathlib import Path

import pytest

from db import backup as backups
from db.backup import FILES, inspect, restore
from db.errors import (
    BackupError,
    DamagedStoreError,
    NewerFormatError,
    NoStoreError,
    StoreExistsError,
    StoreFullError,
)
from db.files import write_atomically
from db.store import Store
from tests.db.conftest import KEY
from tests.db.people import START, Office, save


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "copy.waystation"


def fill(store: Store, office: Office) -> None:
    for _ in range(3):
        photo = store.photos.put(office.entropy(4000))
        save(store, office.household(photo=photo))
    with store.write() as unit:
        unit.put_setting("office", b"settings too")
        unit.save_draft("d", START, b"drafts too")
        unit.put_notice(office.id, 1, START, b"notices too")


def test_back_again(cipher: Store, office: Office, tmp_path: Path, file: Path) -> None:
    """OpenCRVS offline 5: the outbox dies with the browser's data, and no work leaves it as a
    file."""
    fill(cipher, office)
    write_atomically(tmp_path / "office" / "slots.json", b'{"slots": "here"}')
    write_atomically(tmp_path / "office" / "office.json", b'{"card": "here"}')
    info = cipher.backup(file, at=START)
    assert (info.entries, info.at, info.bytes) == (21, START.isoformat(), file.stat().st_size)
    assert inspect(file) == info
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name, "office"]
    assert restore(file, tmp_path / "back") == info
    assert {path.name for path in (tmp_path / "back").iterdir()} == set(FILES)
    assert (tmp_path / "back" / "slots.json").read_bytes() == b'{"slots": "here"}'
    with Store.open(tmp_path / "back", KEY) as back:
        assert back.integrity() == []
        assert sorted(back.photos.every()) == sorted(cipher.photos.every())
        with back.read() as one, cipher.read() as other:
            assert list(one.arrivals()) == list(other.arrivals())
            assert list(one.views("person")) == list(other.views("person"))
            assert one.counts() == other.counts()
            assert one.setting("office") == b"settings too"
            assert one.drafts() == other.drafts()
            assert one.notices(office.id) == other.notices(office.id)
        save(back, office.household())


def test_while_others_write(cipher: Store, office: Office, file: Path, tmp_path: Path) -> None:
    """Sync 1 (p): a backup of a large store takes longer than people can wait."""
    fill(cipher, office)
    with cipher.write() as unit:
        for entry in office.household():
            unit.append(entry)
        unit.flush()
        cipher.backup(file, at=START)
    assert inspect(file).entries == 21


def test_nothing_is_overwritten(cipher: Store, file: Path, tmp_path: Path) -> None:
    cipher.backup(file, at=START)
    with pytest.raises(StoreExistsError):
        cipher.backup(file, at=START)
    with pytest.raises(StoreExistsError):
        restore(file, tmp_path / "office")
    empty = tmp_path / "empty"
    empty.mkdir()
    restore(file, empty)
    Store.open(empty, KEY).close()


@pytest.mark.parametrize("keep", [0, 100, 600, 5000, -600, -1600])
def test_a_backup_that_was_cut_off(cipher: Store, file: Path, tmp_path: Path, keep: int) -> None:
    cipher.backup(file, at=START)
    whole = file.read_bytes()
    # The end of a tar is padding: cut into what matters.
    end = len(whole.rstrip(b"\0"))
    file.write_bytes(whole[: keep if keep >= 0 else end + keep])
    with pytest.raises(BackupError):
        inspect(file)
    with pytest.raises(BackupError):
        restore(file, tmp_path / "back")
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name, "office"]


def test_a_flipped_bit(cipher: Store, file: Path, tmp_path: Path) -> None:
    cipher.backup(file, at=START)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 4
    file.write_bytes(data)
    with pytest.raises(BackupError):
        restore(file, tmp_path / "back")


def repack(file: Path, *extra: tuple[str, bytes], kind: bytes = tarfile.REGTYPE) -> None:
    """The same backup with further members before its index."""
    with tarfile.open(file) as tar:
        members = [(one, tar.extractfile(one).read()) for one in tar]  # type: ignore[union-attr]  # regular files
    with tarfile.open(file, "w:") as tar:
        for info, data in members[:-1]:
            tar.addfile(info, io.BytesIO(data))
        for name, data in extra:
            info = tarfile.TarInfo(name)
            info.size, info.type, info.linkname = len(data), kind, "/etc/passwd"
            tar.addfile(info, io.BytesIO(data))
        tar.addfile(members[-1][0], io.BytesIO(members[-1][1]))


@pytest.mark.parametrize(
    "name", ["../slots.json", "/etc/crontab", "evil.sh", "store.db/../../x", "store.db", "C:\\x"]
)
def test_names_come_from_us(cipher: Store, file: Path, tmp_path: Path, name: str) -> None:
    cipher.backup(file, at=START)
    repack(file, (name, b"hostile"))
    with pytest.raises(BackupError):
        restore(file, tmp_path / "back")
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name, "office"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE])
def test_links_are_refused(cipher: Store, file: Path, tmp_path: Path, kind: bytes) -> None:
    cipher.backup(file, at=START)
    repack(file, ("slots.json", b""), kind=kind)
    with pytest.raises(BackupError):
        restore(file, tmp_path / "back")


@pytest.mark.parametrize(
    "index", [b"{}", b"[", b'{"format": 1, "files": {}, "at": "", "entries": 0}']
)
def test_a_false_index(cipher: Store, file: Path, tmp_path: Path, index: bytes) -> None:
    cipher.backup(file, at=START)
    rewrite_index(file, index)
    with pytest.raises(BackupError):
        restore(file, tmp_path / "back")


def rewrite_index(file: Path, index: bytes) -> None:
    with tarfile.open(file) as tar:
        members = [(one, tar.extractfile(one).read()) for one in tar]  # type: ignore[union-attr]  # regular files
    with tarfile.open(file, "w:") as tar:
        for info, data in members[:-1]:
            tar.addfile(info, io.BytesIO(data))
        info = tarfile.TarInfo("backup.json")
        info.size = len(index)
        tar.addfile(info, io.BytesIO(index))


def test_a_backup_from_the_future(cipher: Store, file: Path, tmp_path: Path) -> None:
    cipher.backup(file, at=START)
    with tarfile.open(file) as tar:
        index = json.loads(tar.extractfile("backup.json").read())  # type: ignore[union-attr]  # it is there
    rewrite_index(file, json.dumps(index | {"format": 2}).encode())
    with pytest.raises(NewerFormatError):
        restore(file, tmp_path / "back")


def test_what_is_no_backup(file: Path, tmp_path: Path) -> None:
    file.write_bytes(b"a letter to the registry" * 100)
    with pytest.raises(BackupError):
        restore(file, tmp_path / "back")


def test_a_stick_that_gives_back_something_else_is_told_at_once(
    cipher: Store, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worn stick takes everything and keeps other bytes: known now and not on the worst day."""
    sound = backups.sync_file

    def worn(path: Path) -> None:
        sound(path)
        if path.name == f".{file.name}.new":
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 1
            path.write_bytes(bytes(data))

    monkeypatch.setattr(backups, "sync_file", worn)
    with pytest.raises(BackupError, match="not to be trusted"):
        cipher.backup(file, at=START)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["office"]


def test_a_full_disk_leaves_no_half_backup(
    cipher: Store, office: Office, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cipher, office)

    def full(descriptor: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "sync_file", full)
    with pytest.raises(StoreFullError) as told:
        cipher.backup(file, at=START)
    assert "Choose another disk" in told.value.sentence
    assert [path.name for path in tmp_path.iterdir()] == ["office"]
    monkeypatch.undo()
    cipher.backup(file, at=START)
    monkeypatch.setattr(backups, "sync_file", full)
    with pytest.raises(StoreFullError):
        restore(file, tmp_path / "back")
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name, "office"]


def test_too_little_room_is_said_before_anything_is_copied(
    cipher: Store, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10, 9, 1000))
    with pytest.raises(StoreFullError):
        cipher.backup(file, at=START)
    assert [path.name for path in tmp_path.iterdir()] == ["office"]


def test_a_damaged_store_is_not_copied_as_if_it_were_sound(
    cipher: Store, office: Office, file: Path, tmp_path: Path
) -> None:
    fill(cipher, office)
    cipher.close()
    path = tmp_path / "office" / "store.db"
    data = bytearray(path.read_bytes())
    data[-2000] ^= 1
    path.write_bytes(data)
    with Store.open(tmp_path / "office", KEY) as store, pytest.raises(DamagedStoreError):
        store.backup(file, at=START)
    assert not file.exists()


def test_a_store_without_a_folder_has_no_backup(file: Path) -> None:
    from sqlalchemy import create_engine

    with Store.over(create_engine("sqlite://")) as store:
        with pytest.raises(NoStoreError):
            store.backup(file, at=START)
        assert store.integrity() == []
