"""PostgreSQL: what it may see, which addresses are accepted, and the way in and out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from db.backup import restore
from db.errors import (
    ConnectionLostError,
    ConnectionPolicyError,
    DamagedStoreError,
    StoreExistsError,
    WorkspaceBusyError,
    WrongKeyError,
)
from db.postgres import address, is_local, without_password
from db.store import Store
from tests.db.conftest import KEY
from tests.db.people import START, Office, save
from values.secret import Secret

CANARY = "Canary Umbra-Velin"


def fill(store: Store, office: Office) -> None:
    photo = store.photos.put(CANARY.encode() * 10)
    save(store, [office.person(birth_place=CANARY, photo=photo)])
    save(store, office.household())
    with store.write() as unit:
        unit.put_setting("office", CANARY.encode())
        unit.save_draft("d", START, CANARY.encode())
        unit.put_notice(office.id, 1, START, CANARY.encode())
        unit.append(office.person(birth_place=CANARY), state="held")


def everything(store: Store, *tables: str) -> bytes:
    """All bytes that the server holds in these tables."""
    found = b""
    with store._engine.connect() as connection:
        for table in tables:
            rows = connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - our own names
            found += b"".join(
                value if isinstance(value, bytes) else str(value).encode()
                for row in rows
                for value in row
            )
    return found


def test_the_server_sees_no_bodies(postgres_store: Store, office: Office) -> None:
    """Sync 4 (h): PostgreSQL encrypts nothing at rest."""
    with postgres_store as store:
        fill(store, office)
        seen = everything(store, "entries", "settings", "drafts", "notices", "photos")
        assert len(seen) > 4000
        assert CANARY.encode() not in seen
        photo = next(store.photos.every())
        with store.read() as reader:
            hashes = [person.photo for person in reader.persons() if person.photo]
            assert reader.setting("office") == CANARY.encode()
        assert bytes(hashes[0]) not in everything(store, "photos")
        assert store.photos.get(hashes[0]) == photo


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET body = (SELECT body FROM entries WHERE sequence = 3)"
        " WHERE sequence = 2",
        "UPDATE entries SET body = substr(body, 2) WHERE sequence = 2",
        "UPDATE entries SET body = '' WHERE sequence = 2",
    ],
)
def test_bodies_cannot_be_exchanged(postgres_store: Store, office: Office, statement: str) -> None:
    with postgres_store as store:
        fill(store, office)
        with store._engine.begin() as connection:
            connection.execute(text(statement))
        with store.read() as reader, pytest.raises(DamagedStoreError):
            reader.at(office.id, office.epoch, 2)


def test_photos_cannot_be_exchanged(postgres_store: Store) -> None:
    with postgres_store as store:
        photos = store.photos.put_many([b"one", b"two"])
        with store._engine.begin() as connection:
            connection.execute(text("UPDATE photos SET data = (SELECT data FROM photos LIMIT 1)"))
        assert sorted(store.photos.sound(photo) for photo in photos) == [False, True]


def test_opening_again(postgres_store: Store, tmp_path: Path, office: Office) -> None:
    fill(postgres_store, office)
    folder = tmp_path / "office"
    with pytest.raises(WorkspaceBusyError):
        Store.open(folder, KEY)
    with Store.open(folder, KEY, read_only=True) as other, other.read() as reader:
        assert reader.count_entries() == 9
    postgres_store.close()
    with pytest.raises(WrongKeyError):
        Store.open(folder, Secret(bytes(32)))
    with Store.open(folder, KEY) as store, store.read() as reader:
        assert reader.count_entries() == 9
        assert store.integrity() == []


def test_passwords_are_used_and_not_written_down(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    url = make_url(new_database()).set(password="hunter-two")
    folder = tmp_path / "office"
    store = Store.create_postgres(folder, url.render_as_string(hide_password=False), KEY)
    store.close()
    Store.open(folder, KEY, password=Secret(b"hunter-two")).close()
    for path in folder.iterdir():
        assert b"hunter" not in path.read_bytes()


def test_a_database_is_used_once(
    new_database: Callable[[], str], postgres_store: Store, tmp_path: Path
) -> None:
    address_ = new_database()
    Store.create_postgres(tmp_path / "one", address_, KEY).close()
    with pytest.raises(StoreExistsError):
        Store.create_postgres(tmp_path / "two", address_, KEY)
    with pytest.raises(StoreExistsError):
        Store.create_postgres(tmp_path / "one", new_database(), KEY)
    with postgres_store:
        pass


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    with pytest.raises(ConnectionLostError) as lost:
        Store.create_postgres(folder, f"postgresql://nobody@/nothing?host={tmp_path}", KEY)
    assert "Check the address, the network" in lost.value.sentence
    assert not (folder / "store.json").exists()


def test_a_server_that_goes_away(postgres_store: Store, office: Office) -> None:
    with postgres_store as store:
        fill(store, office)
        with pytest.raises(ConnectionLostError), store.read() as reader:
            pid = reader.connection.execute(text("SELECT pg_backend_pid()")).scalar()
            with store._engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            reader.count_entries()
        with store.read() as reader:
            assert reader.count_entries() == 9


def test_backup_and_restore_as_an_encrypted_file(
    postgres_store: Store, office: Office, tmp_path: Path
) -> None:
    with postgres_store as store:
        fill(store, office)
        info = store.backup(tmp_path / "copy.tar", at=START)
        assert info.entries == 9
        assert CANARY.encode() not in (tmp_path / "copy.tar").read_bytes()
        restore(tmp_path / "copy.tar", tmp_path / "back")
        with (
            Store.open(tmp_path / "back", KEY) as back,
            store.read() as one,
            back.read() as other,
        ):
            assert back.engine == "sqlite"
            assert back.integrity() == []
            assert list(one.arrivals()) == list(other.arrivals())
            assert list(one.views("person")) == list(other.views("person"))
            assert one.counts() == other.counts()
            assert other.setting("office") == CANARY.encode()
            assert one.notices(office.id) == other.notices(office.id)
            assert list(back.photos.every()) == list(store.photos.every())


def test_moving_a_file_into_a_database(
    cipher: Store, office: Office, new_database: Callable[[], str], tmp_path: Path
) -> None:
    fill(cipher, office)
    with Store.create_postgres(tmp_path / "big", new_database(), KEY) as big:
        cipher.move_into(big)
        with big.read() as reader, cipher.read() as other:
            assert list(reader.arrivals()) == list(other.arrivals())
            assert reader.drafts() == other.drafts()
        assert CANARY.encode() not in everything(big, "entries", "settings", "photos")
        save(big, office.household())


@pytest.mark.parametrize(
    ("given", "mode"),
    [
        ("postgresql://u@localhost/d", None),
        ("postgresql://u@127.0.0.1:5433/d", None),
        ("postgresql://u@[::1]/d", None),
        ("postgresql://u@/d?host=/run/postgresql", None),
        ("postgresql://u@/d", None),
        ("postgresql+psycopg://u@db.invalid/d", "verify-full"),
        ("postgresql://u@10.0.0.5/d?sslmode=require", "require"),
        ("postgresql://u@/d?host=/run/postgresql,db.invalid", "verify-full"),
        ("postgresql://u@localhost/d?hostaddr=10.0.0.5", "verify-full"),
    ],
)
def test_other_machines_need_tls(given: str, mode: str | None) -> None:
    url = address(given)
    assert url.drivername == "postgresql+psycopg"
    assert url.query.get("sslmode") == mode
    assert is_local(url) is (mode is None)
    assert address(without_password(url)) == url


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://u@db.invalid/d?sslmode=disable",
        "postgresql://u@db.invalid/d?sslmode=prefer",
        "postgresql://u@db.invalid/d?sslmode=allow",
        "mysql://u@localhost/d",
        "postgresql://u@localhost",
        "sqlite:///file.db",
        "not an address",
        "",
    ],
)
def test_other_addresses_are_refused(given: str) -> None:
    with pytest.raises(ConnectionPolicyError):
        address(given)


def test_an_address_without_its_password() -> None:
    url = address(
        "postgresql://u:word@localhost/d?password=word&sslmode=require",
        password=Secret(b"other"),
    )
    assert url.password == "other"
    assert "word" not in without_password(url)
    assert "other" not in without_password(url)
    assert "sslmode=require" in without_password(url)


def test_lists_of_any_bytes_are_asked_for(postgres_store: Store, office: Office) -> None:
    """Lists go as the text of an array, in which quotes, braces and backslashes mean something."""
    entries = office.household()
    with postgres_store.write() as unit:
        for entry in entries:
            unit.append(entry)
    odd = [b'"\\{},NULL'.ljust(32), bytes(32), b"\xff" * 32, b""]
    with postgres_store.read() as reader:
        wanted = {one.hash for one in entries}
        assert reader.known([*odd, *wanted]) == wanted
        assert reader.known(odd) == frozenset() == reader.known([])
        many = [number.to_bytes(32, "big") for number in range(5000)]
        assert reader.known([*many, *wanted]) == wanted


@pytest.mark.parametrize("name", ["PGHOST", "PGHOSTADDR", "PGSERVICE"])
def test_what_libpq_finds_elsewhere_is_no_way_round_tls(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address without a host is on this machine only as long as nothing else names one."""
    monkeypatch.setenv(name, "10.0.0.5" if name == "PGHOSTADDR" else "db.invalid")
    assert address("postgresql://u@/d").query["sslmode"] == "verify-full"
    with pytest.raises(ConnectionPolicyError):
        address("postgresql://u@/d?sslmode=disable")
    # A host that the address names counts instead of another's name, and of nothing else.
    for given in ("postgresql://u@localhost/d", "postgresql://u@/d?host=/run/postgresql"):
        assert is_local(address(given)) is (name == "PGHOST")


def test_a_service_of_libpq_is_another_machine() -> None:
    assert address("postgresql://u@/d?service=there").query["sslmode"] == "verify-full"


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://u@/d?sslpassword=hunter-two&sslkey=/k",
        "postgresql://u@/d?PASSWORD=hunter-two",
        "postgresql://u@/d?passwd=hunter-two",
        "postgresql://u@/d?oauth_client_secret=hunter-two",
        "postgresql://u@/d?scram_client_key=hunter-two",
        "postgresql://u@/d?conninfo=hunter-two",
        "postgresql://u:hunter-two",
        "postgresql://u:pa:hunter-two/d",
        "postgresql://u:hunter-two@host:port/d",
        "postgresql://u:hunter-two@[::1/d",
    ],
)
def test_no_secret_of_an_address_is_told(given: str) -> None:
    """What may hold a secret is refused, or dropped from what is kept; a typing error is told
    without what was typed."""
    try:
        kept = without_password(address(given))
    except ConnectionPolicyError as refused:
        assert "hunter" not in str(refused)
        assert refused.__cause__ is None
        assert refused.__context__ is None or refused.__suppress_context__
    else:
        assert "hunter" not in kept


def test_two_stores_in_one_database_at_once(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    """Of two registries that are set up in one database at the same time, one is."""
    address_, together = new_database(), threading.Barrier(2)
    made: list[object] = []

    def create(folder: Path) -> None:
        together.wait()
        try:
            made.append(Store.create_postgres(folder, address_, KEY))
        except StoreExistsError as refused:
            made.append(refused)

    threads = [threading.Thread(target=create, args=(tmp_path / one,)) for one in ("one", "two")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    (store,) = (one for one in made if isinstance(one, Store))
    store.close()
    assert len(made) == 2
    assert [(tmp_path / one / "store.json").exists() for one in ("one", "two")].count(True) == 1
