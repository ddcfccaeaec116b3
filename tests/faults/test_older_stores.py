"""Workspaces of earlier versions: opened, brought up to date, and nothing of them is lost.

The stores under tests/vectors/stores were made by those versions (see make.py there).
"""

from __future__ import annotations

import json
import os
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text, update

from db import former, schema
from db.device import DeviceState
from db.engine import WRITES, cipher_engine
from db.errors import NewerStoreError, OutdatedStoreError, StoreFullError
from db.models import REVISION
from db.slots import KeySlots
from db.space import Space
from db.store import Store
from tests.places import CHEAP, PASSPHRASE, Site, environment, families, opened
from values.secret import Secret
from workspace import care
from workspace.folder import SLOTS
from workspace.session import Session, mark_name

STORES = Path(__file__).parents[1] / "vectors" / "stores"
VERSIONS = sorted(path.stem for path in STORES.glob("*.json"))


@dataclass(frozen=True)
class Older:
    """Both offices as an earlier version left them, and what they held."""

    site: Site
    told: dict[str, Any]

    def key(self, name: str) -> Secret:
        """The data key of an office."""
        folder = self.site.folder / name
        slots = KeySlots.load(folder / SLOTS, policy=CHEAP)
        secret = self.site.env.device.device_secret(slots.workspace)
        return slots.open("administrator", PASSPHRASE, secret).data_key

    def opened(self, name: str) -> contextmanager[Session]:
        user = "officer" if name == "station" else "registrar"
        return opened(self.site.folder / name, user, self.site.env)  # type: ignore[return-value]  # a context manager


def unpacked(version: str, place: Path) -> Older:
    told = json.loads((STORES / f"{version}.json").read_text("utf-8"))
    with tarfile.open(STORES / f"{version}.tar.gz") as tar:
        tar.extractall(place, filter="data")
    at = datetime.fromisoformat(told["start"])
    site = Site(place, environment(place / "state", at=at))
    for name in ("station", "registry"):
        # As if it had always lain here: the mark names the folder.
        device = DeviceState(place / "state")
        names = [one for one in _marks(place / "state") if one.startswith(told[name]["office"])]
        mark = next((device.high_water(one) for one in names if one), None)
        if mark is not None:
            device.set_high_water(
                mark_name(told[name]["office"], place / name), mark.epoch, mark.sequence
            )
    return Older(site, told)


def _marks(state: Path) -> Iterator[str]:
    for path in state.rglob("*.json"):
        found = json.loads(path.read_text("utf-8"))
        if isinstance(found, dict):
            yield from (str(one) for one in found)


@pytest.fixture(params=VERSIONS)
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Older:
    return unpacked(request.param, tmp_path / "place")


def hashes(session: Session) -> set[str]:
    with session.store.read() as reader:
        return {
            entry.hash.hex()
            for head in reader.chains()
            for entry in reader.chain(head.office, head.epoch)
        }


@pytest.mark.parametrize("name", ["station", "registry"])
def test_it_opens_and_holds_what_it_held(older: Older, name: str) -> None:
    told = older.told[name]
    with older.opened(name) as session:
        assert set(told["hashes"]) <= hashes(session)
        with session.store.read() as reader:
            people = [
                [str(one.id), one.number or "", str(one.values.get("name"))]
                for one in reader.views("person")
            ]
            assert sorted(people) == told["people"]
            assert sorted(str(one.id) for one in reader.views("household")) == told["households"]
        assert care.check(session).problems == ()
        assert care.rebuild(session)[1] == 0
    # A copy from before lies beside it, in the tables of then, and opens with the same key.
    (kept,) = (older.site.folder / name).glob("store-before-*.db")
    assert stamp_of(kept, older.key(name)) == "0001"
    assert stamp_of(older.site.folder / name / "store.db", older.key(name)) == REVISION


def stamp_of(path: Path, key: Secret) -> str:
    engine = cipher_engine(path, key)
    try:
        with engine.connect() as connection:
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
    finally:
        engine.dispose()


def test_work_goes_on_between_offices_that_were_both_older(older: Older) -> None:
    """What was not sent when the program was renewed goes to the registry, once."""
    site = older.site
    site.take_in(families(1, first=50), name="after.csv")
    site.approve()
    done = site.admit(site.send())
    assert done.admitted > 0
    assert (done.held, done.quarantined) == (0, 0), done.reasons
    with site.at_registry() as session:
        with session.store.read() as reader:
            assert reader.counts().persons == 8
        assert care.check(session).problems == ()
    assert site.admit(site.send(), notice=False).admitted <= 2  # what the export itself said


def test_reading_alone_changes_nothing_and_says_so(older: Older) -> None:
    before = (older.site.registry / "store.db").read_bytes()
    with pytest.raises(OutdatedStoreError):
        opened(older.site.registry, "auditor", older.site.env, read_only=True).__enter__()
    assert (older.site.registry / "store.db").read_bytes() == before


@pytest.fixture
def oldest(tmp_path: Path) -> Older:
    return unpacked(VERSIONS[0], tmp_path / "place")


@pytest.mark.parametrize("moment", ["copying", "copied", "migrating", "migrated"])
def test_a_kill_while_it_is_brought_up_to_date_loses_nothing(
    oldest: Older, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that ends there without a word; then the ordinary program opens it.

    MOSIP 65a6cfde5a: an upgrade deletes files that are needed.
    """
    folder, key = oldest.site.station, oldest.key("station")
    child = os.fork()
    if child == 0:  # pragma: no cover - the child is killed on purpose
        _die_at(moment, monkeypatch)
        try:
            Store.open(folder, key)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WEXITSTATUS(status) == 7
    told = oldest.told["station"]
    with oldest.opened("station") as session:
        assert set(told["hashes"]) <= hashes(session)
        assert care.check(session).problems == ()
    left = sorted(path.name for path in folder.glob("*store-before*"))
    assert left == ["store-before-0001.db"]


def _die_at(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(what: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
        def act(*args: Any, **more: Any) -> Any:
            if after:
                what(*args, **more)
            os._exit(7)

        return act

    if moment == "copying":

        def half(main: Path, key: Secret, target: Path) -> None:
            target.write_bytes(main.read_bytes()[:4096])
            os._exit(7)

        monkeypatch.setattr(former, "copy_cipher", half)
    elif moment == "copied":
        monkeypatch.setattr(command, "upgrade", dying(command.upgrade, after=False))
    elif moment == "migrating":
        # All tables are changed, and nothing is committed.
        monkeypatch.setattr(command, "upgrade", dying(command.upgrade, after=True))
    else:
        plain = schema.upgrade
        monkeypatch.setattr(schema, "upgrade", dying(plain, after=True))
    sys.stdout.flush()


def test_a_full_disk_changes_nothing_and_is_told(
    oldest: Older, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (oldest.site.station / "store.db").read_bytes()
    monkeypatch.setattr(former, "space", lambda folder: Space(free=1000))
    with pytest.raises(StoreFullError, match="nothing was changed"):
        oldest.opened("station").__enter__()
    assert (oldest.site.station / "store.db").read_bytes() == before
    assert list(oldest.site.station.glob("*before*")) == []


def test_a_store_of_a_newer_version_is_refused_in_words(oldest: Older) -> None:
    key = oldest.key("station")
    with oldest.opened("station"):
        pass
    engine = cipher_engine(oldest.site.station / "store.db", key)
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        connection.execute(update(schema.STAMP), {"version_num": "9999"})
        connection.commit()
    engine.dispose()
    before = (oldest.site.station / "store.db").read_bytes()
    for read_only in (False, True):
        with pytest.raises(NewerStoreError, match="newer Waystation"):
            opened(oldest.site.station, "officer", oldest.site.env, read_only=read_only).__enter__()
    assert (oldest.site.station / "store.db").read_bytes() == before


def test_a_backup_of_an_older_version_is_restored_and_brought_up_to_date(
    oldest: Older, tmp_path: Path
) -> None:
    """The files of a backup are the files of a workspace; its format has been one all along."""
    from db.backup import FILES, pack

    folder = oldest.site.station
    for name in ("store.db-wal", "store.db-shm"):
        assert not (folder / name).exists()
    parts = {name: folder / name for name in FILES if (folder / name).exists()}
    pack(tmp_path / "old.backup", parts, at=oldest.site.clock.now(), entries=1)
    back = tmp_path / "back"
    care.restore(tmp_path / "old.backup", back, env=oldest.site.env)
    with opened(back, "officer", oldest.site.env) as session:
        assert set(oldest.told["station"]["hashes"]) <= hashes(session)
        assert care.check(session).problems == ()
        assert session.notes, "it goes on under new numbers"
