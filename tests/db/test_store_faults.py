"""What may happen to a machine, and what the store still promises then."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, LargeBinary, event
from sqlalchemy.exc import DBAPIError

from db.card import WITH_PLACE as NEWEST
from db.engine import _key_pragma as key_pragma
from db.engine import cipher_connection
from db.errors import (
    DamagedStoreError,
    DbError,
    MissingPhotoError,
    NewerStoreError,
    NoStoreError,
    ReadOnlyError,
    StoreExistsError,
    StoreFullError,
    WorkspaceBusyError,
    WrongKeyError,
)
from db.models import Base
from db.store import Store
from tests.db.conftest import KEY
from tests.db.people import Office, save
from values.secret import Secret

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from pathlib import Path
from db.store import Store
from tests.db.people import Office, save
from values.secret import Secret
store = Store.open(Path(sys.argv[1]), Secret(bytes(range(32))))
office = Office(int(sys.argv[2]))
for _ in range(10_000):
    photo = store.photos.put(office.entropy(2000))
    entries = office.household(2, photo=photo)
    save(store, entries)
    print(entries[-1].hash.hex(), flush=True)
"""

HOLDER = """
import sys
from pathlib import Path
from db.store import Store
from values.secret import Secret
store = Store.open(Path(sys.argv[1]), Secret(bytes(range(32))))
print("open", flush=True)
sys.stdin.read()
"""


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def killed_after(lines: int, script: str, *arguments: str) -> list[str]:
    """Run a script, kill it without warning after so many lines; every line that it wrote."""
    process = start(script, *arguments)
    assert process.stdout is not None
    seen = [process.stdout.readline().strip() for _ in range(lines)]
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read().split()
    process.wait()
    process.stdout.close()
    assert process.stdin is not None
    process.stdin.close()
    return seen + rest


def flip(path: Path, at: int) -> None:
    """Flip one bit of a file."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_killed_while_saving_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    """Sync 1 (f): a page fails its check after a kill (local-deep-research 4563)."""
    folder = tmp_path / "office"
    Store.create(folder, KEY).close()
    acknowledged: list[str] = []
    for seed in (1, 2):
        acknowledged += killed_after(5 * seed, WRITER, str(folder), str(seed))
    with Store.open(folder, KEY) as store:
        assert store.integrity() == []
        with store.read() as reader:
            for line in acknowledged:
                entry = reader.entry(bytes.fromhex(line))
                assert entry is not None
                view = reader.registration(entry.header.subject.id)
                assert view is not None
            for head in reader.chains():
                chain = list(reader.chain(head.office, head.epoch))
                assert len(chain) == head.sequence
                assert chain[-1].hash == head.hash
                # An act is in as a whole or not at all: five entries each.
                assert len(chain) % 5 == 0
            persons = list(reader.persons())
            assert len(persons) == 2 * reader.counts().registrations
        for person in persons:
            assert person.photo is not None
            assert len(store.photos.get(person.photo)) == 2000


def test_one_program_writes_and_others_read(cipher: Store, tmp_path: Path, office: Office) -> None:
    save(cipher, office.household())
    folder = tmp_path / "office"
    with pytest.raises(WorkspaceBusyError):
        Store.open(folder, KEY)
    with Store.open(folder, KEY, read_only=True) as other:
        with other.read() as reader:
            assert reader.count_entries() == 7
        save(cipher, office.household())
        with other.read() as reader:
            assert reader.count_entries() == 14
        with pytest.raises(ReadOnlyError), other.write():
            pass
        with pytest.raises(ReadOnlyError):
            other.photos.put(b"picture")
        with pytest.raises(ReadOnlyError):
            other.photos.drop([bytes(32)])


def test_another_program_holds_the_lock_until_it_dies(tmp_path: Path) -> None:
    """MOSIP 4407233658: the program hangs after it ended abnormally."""
    folder = tmp_path / "office"
    Store.create(folder, KEY).close()
    process = start(HOLDER, str(folder))
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "open\n"
    with pytest.raises(WorkspaceBusyError) as busy:
        Store.open(folder, KEY)
    assert "Another program" in busy.value.sentence
    with Store.open(folder, KEY, read_only=True) as reading, reading.read() as reader:
        assert reader.count_entries() == 0
    process.kill()
    process.wait()
    process.stdout.close()
    process.stdin.close()
    Store.open(folder, KEY).close()


def test_a_full_disk_says_so_and_keeps_what_was_saved(cipher: Store, office: Office) -> None:
    kept = office.household()
    save(cipher, kept)

    @event.listens_for(cipher._engine, "begin")
    def _limit(connection: object) -> None:
        # SQLite's own limit on pages stands for the disk's: the same error from the same place.
        connection.exec_driver_sql("PRAGMA max_page_count = 160")  # type: ignore[attr-defined]  # a Connection

    saved = 1
    with pytest.raises(StoreFullError) as full:
        for _ in range(200):
            save(cipher, office.household())
            saved += 1
    assert "everything before it is safe" in full.value.sentence
    with cipher.read() as reader:
        assert reader.counts().registrations == saved
    assert cipher.integrity() == []


@pytest.mark.parametrize("name", ["store.db", "photos.db"])
def test_a_flipped_bit_is_found(tmp_path: Path, office: Office, name: str) -> None:
    """MOSIP storage: the local database is encrypted without any check of integrity.

    Sync 1 (h): a flipped bit is noticed when its page is read, which may be years later.
    """
    folder = tmp_path / "office"
    with Store.create(folder, KEY) as store:
        photo = store.photos.put(office.entropy(50_000))
        save(store, office.household(photo=photo))
        assert store.integrity() == []
    path = folder / name
    flip(path, path.stat().st_size - 100)
    with Store.open(folder, KEY) as store:
        problems = store.integrity()
        assert problems
        assert all(problem.startswith(name) for problem in problems)
        if name == "photos.db":
            with pytest.raises(DamagedStoreError):
                store.photos.get(photo)
            assert not store.photos.sound(photo)


def test_a_damaged_first_page_is_no_wrong_key(tmp_path: Path) -> None:
    """Sync 1 (c): SQLCipher 4.19 has one message for a wrong key and a damaged first page."""
    folder = tmp_path / "office"
    Store.create(folder, KEY).close()
    flip(folder / "store.db", 100)
    with pytest.raises(DamagedStoreError):
        Store.open(folder, KEY)
    with pytest.raises(WrongKeyError):
        Store.open(folder, Secret(bytes(32)))


def test_a_damaged_first_page_of_the_photos(cipher: Store, tmp_path: Path) -> None:
    cipher.close()
    flip(tmp_path / "office" / "photos.db", 100)
    with Store.open(tmp_path / "office", KEY) as store:
        assert store.integrity() == [
            "photos.db: the first page is damaged; restore the latest backup."
        ]


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    Store.create(folder, KEY).close()
    with pytest.raises(WrongKeyError) as wrong:
        Store.open(folder, Secret(bytes(32)))
    assert "00" not in str(wrong.value)
    with pytest.raises(WrongKeyError):
        Store.open(folder, Secret(b"short"))
    with pytest.raises(WrongKeyError):
        cipher_connection(folder / "photos.db", KEY)
    Store.open(folder, KEY).close()


def test_what_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(NoStoreError):
        Store.open(tmp_path, KEY)
    folder = tmp_path / "office"
    Store.create(folder, KEY).close()
    with pytest.raises(StoreExistsError):
        Store.create(folder, KEY)
    card = folder / "store.json"
    whole = json.loads(card.read_text())
    card.write_text(json.dumps(whole | {"format": NEWEST + 1}))
    with pytest.raises(NewerStoreError):
        Store.open(folder, KEY)
    card.write_text('{"format": 1')
    with pytest.raises(DamagedStoreError):
        Store.open(folder, KEY)
    card.write_text(json.dumps(whole | {"key_check": 7}))
    with pytest.raises(DamagedStoreError):
        Store.open(folder, KEY)
    card.write_text(json.dumps(whole))
    Store.open(folder, KEY).close()
    (folder / "photos.db").unlink()
    with pytest.raises(DamagedStoreError):
        Store.open(folder, KEY)


def test_a_crash_while_creating_leaves_no_store(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    (folder / "office.json").write_text("{}")
    store = Store.create(folder, KEY)
    store.close()
    (folder / "store.json").unlink()
    with pytest.raises(NoStoreError):
        Store.open(folder, KEY)


def test_nothing_readable_reaches_the_disk(tmp_path: Path, office: Office) -> None:
    """OpenCRVS offline 1: records and outbox lie in the clear in the browser; the PIN is compared,
    and is no key.

    Sync 1 (j): a copy made for a backup may lie in the clear.
    Sync 6 (a): the key lies in the clear beside the database (Signal Desktop, to 2024).
    """
    folder = tmp_path / "office"
    canary = b"Canary Umbra-Velin"
    with Store.create(folder, KEY) as store:
        store.photos.put(canary * 10)
        save(store, [office.person(name=canary.decode(), birth_place=canary.decode())])
        with store.write() as unit:
            unit.save_draft("d", office.now, canary)
            unit.put_setting("s", canary)
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert {"store.db-wal", "photos.db-wal"} <= {path.name for path in files}
        for path in files:
            data = path.read_bytes()
            assert canary not in data, path.name
            assert KEY.reveal() not in data, path.name
        store.backup(tmp_path / "backup.tar", at=office.now)
    for path in [*folder.rglob("*"), tmp_path / "backup.tar"]:
        if path.is_file():
            assert canary not in path.read_bytes(), path.name
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(folder / "store.db").execute("SELECT * FROM sqlite_master")


def test_a_photo_is_there_before_its_entry(cipher: Store, office: Office) -> None:
    """The order that the store relies on: a photo's commit does not wait for the act's."""
    with pytest.raises(RuntimeError), cipher.write() as unit:
        photo = cipher.photos.put(b"picture")
        unit.append(office.person(photo=photo))
        raise RuntimeError
    assert cipher.photos.get(photo) == b"picture"
    with cipher.read() as reader:
        assert reader.count_entries() == 0
    with pytest.raises(MissingPhotoError):
        cipher.photos.get(bytes(32))


def test_a_store_can_be_used_from_many_threads(cipher: Store, office: Office) -> None:
    """Sync 1 (q): the driver's own pool keeps one connection to a thread."""
    save(cipher, office.household())
    counts: list[int] = []

    def look() -> None:
        for _ in range(20):
            with cipher.read() as reader:
                counts.append(reader.count_entries())

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        save(cipher, office.household(1))
    for thread in threads:
        thread.join()
    assert len(counts) == 80
    assert set(counts) <= {7 + 4 * done for done in range(6)}


def test_closing_twice_does_no_harm(cipher: Store) -> None:
    cipher.close()
    cipher.close()


def test_an_act_inside_an_act_is_told_and_does_not_wait(store: Store, office: Office) -> None:
    with store.write() as unit:
        unit.append(office.person())
        with pytest.raises(DbError, match="inside another"), store.write():
            pass
    with store.read() as reader:
        assert reader.count_entries() == 1


def test_a_household_costs_few_statements(store: Store, office: Office) -> None:
    """Four persons with photos, their household, event and registration: one transaction.

    OpenCRVS 10589: an import takes more than a second for each record.
    Sync 4 (b): a session that merges row by row is five hundred times slower than a bulk copy.
    """
    save(store, office.household(photo=store.photos.put(b"first")))
    statements: list[str] = []

    @event.listens_for(store._engine, "before_cursor_execute")
    def _note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    photo = store.photos.put_many([bytes([at]) * 20_000 for at in range(4)])[0]
    save(store, office.household(photo=photo))
    saved = [one for one in statements if "photos" not in one and not one.startswith("BEGIN")]
    assert len(saved) <= 25


def test_reading_only_reads(postgres_store: Store, tmp_path: Path) -> None:
    with (
        Store.open(tmp_path / "office", KEY, read_only=True) as reading,
        reading.read() as reader,
        pytest.raises(DBAPIError, match="read-only"),
    ):
        reader.connection.exec_driver_sql("DELETE FROM drafts")
    assert postgres_store.read_only is False


def test_a_file_opened_for_reading_is_not_written(cipher: Store, tmp_path: Path) -> None:
    with (
        Store.open(tmp_path / "office", KEY, read_only=True) as reading,
        reading.read() as reader,
        pytest.raises(DBAPIError, match="readonly"),
    ):
        reader.connection.exec_driver_sql("DELETE FROM drafts")


def test_each_connection_is_set_up_so_that_a_commit_is_on_the_disk(cipher: Store) -> None:
    """Sync 1 (g): with relaxed flushing the newest commits are lost with the power
    (sqlite-database-integration 483)."""
    full = in_memory = 2
    for engine in (cipher._engine, cipher._photo_engine):
        with engine.connect() as connection:
            set_up = {
                pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
                for pragma in ("synchronous", "journal_mode", "temp_store", "cipher_page_size")
            }
        assert set_up == {
            "synchronous": full,
            "journal_mode": "wal",
            "temp_store": in_memory,
            "cipher_page_size": "4096",
        }


def test_the_key_of_a_file_is_never_changed_in_place() -> None:
    """Sync 1 (e): a key changed in place damages a database with a write-ahead log
    (better-sqlite3-multiple-ciphers 91, libsql 976)."""
    sources = [path for path in (ROOT / "db").rglob("*.py") if "rekey" in path.read_text("utf-8")]
    assert sources == []


def test_no_key_stands_in_an_address_and_a_connection_costs_no_derivation(cipher: Store) -> None:
    """Sync 1 (a): SQLCipher 4.19 refuses the empty key that a dialect sends first, and a key in an
    address ends in logs.

    Sync 1 (b): SQLCipher 4.19 stretches a passphrase anew for every connection, half a second each.
    """
    assert str(cipher._engine.url) == "sqlite://"
    assert KEY.reveal().hex() not in repr(cipher._engine)
    # Sixty-four digits in this notation are the key itself, and are not stretched.
    assert re.fullmatch(r"""PRAGMA key = "x'[0-9a-f]{64}'\"""", key_pragma(KEY))
    with cipher.read() as one, cipher.read() as other:
        assert one.counts() == other.counts()


def test_the_cipher_writes_nothing_beside_our_own_words(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Sync 1 (d): SQLCipher 4.19 writes lines of its own to standard error."""
    folder = tmp_path / "office"
    Store.create(folder, KEY).close()
    with pytest.raises(WrongKeyError):
        Store.open(folder, Secret(bytes(32)))
    flip(folder / "store.db", 100)
    with pytest.raises(DamagedStoreError):
        Store.open(folder, KEY)
    assert capfd.readouterr() == ("", "")


def test_ids_are_kept_as_bytes(cipher: Store, office: Office) -> None:
    """Sync 1 (o): ids that became text on the way through SQL cannot be read."""
    save(cipher, office.household())
    looked = 0
    with cipher._engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, LargeBinary):
                    found = connection.exec_driver_sql(
                        f'SELECT DISTINCT typeof("{column.name}") FROM "{table.name}"'  # noqa: S608 - our own names
                    ).scalars()
                    kinds = set(found) - {"null"}
                    assert kinds <= {"blob"}, (table.name, column.name)
                    looked += len(kinds)
    assert looked > 20


def test_photographs_lie_beside_the_records_and_not_among_them(cipher: Store) -> None:
    """Sync 1 (n): photographs outweigh all records, and go through every check with them."""

    def pages(engine: Engine) -> int:
        with engine.connect() as connection:
            return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())

    records, photos = pages(cipher._engine), pages(cipher._photo_engine)
    cipher.photos.put_many([bytes([at]) * 20_000 for at in range(50)])
    assert pages(cipher._engine) == records
    assert pages(cipher._photo_engine) > photos + 200
