"""Importing into PostgreSQL: what two stations send of many people, into an empty registry.

Every figure has its baseline in the same run: SQLAlchemy's `add_all` of the very rows that an
import leaves behind, and a bare COPY of them into tables without index or log.
"""

from __future__ import annotations

import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session as OrmSession

from benchmarks import cluster
from benchmarks.camp import SEED, WORDS, environment, fill
from benchmarks.figures import Figures
from db import bulk, schema
from db.models import Base, EntryRow, PersonRow
from db.slots import passphrase
from db.staging import STAGED
from db.store import Store
from registry import batches, enrol
from registry.admit import import_bundle
from registry.picture import Decision, Picture
from registry.pool import import_many
from station import setup
from station.export import export
from sync.bundle import Kind, OpenedBundle, VerifiedBundle, open_bundle, verify
from training.offices import ADMINISTRATOR, OFFICER, REGISTRAR, SUPERVISOR, found, opened
from workspace.accounts import add_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.entry import Entry
    from workspace.environment import Environment
    from workspace.session import Session

PERSONS = 10_000
SAMPLE = 4_000
"""Persons whose rows are put in by `add_all`, which takes long: its rate hardly changes."""
ADDED = 1_000
"""Objects in one commit of the baseline."""

TABLES = (
    *("entries", "persons", "households", "events", "documents", "registrations"),
    *("members", "participants", "attendees", "sources", "search_keys"),
)
"""What an import fills."""


@dataclass(frozen=True, slots=True)
class Field:
    """A registry that knows two stations, and a bundle of each."""

    folder: Path
    env: Environment
    bundles: tuple[Path, ...]
    persons: int

    @property
    def registry(self) -> Path:
        return self.folder / "registry"


def field(
    folder: Path,
    persons: int,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Field:
    """Two stations with half of the people each, built unless they are there already."""
    place = folder / f"field-{persons}"
    env = environment(place)
    outboxes = [place / "outbox-1", place / "outbox-2"]
    if not (place / "ready").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        found(place, passphrase=passphrase(WORDS), env=env, training=True, station_name="One")
        _second(place, env)
        households = persons // 8
        for number, station in enumerate(("station", "second")):
            with opened(place / station, OFFICER, passphrase(WORDS), env=env) as session:
                fill(
                    session,
                    households,
                    seed=SEED + number,
                    progress=lambda done, total, at=number: progress(  # type: ignore[misc]  # bound now
                        at * total + done, 2 * total
                    ),
                )
            outboxes[number].mkdir()
            with opened(place / station, SUPERVISOR, passphrase(WORDS), env=env) as session:
                export(session, outboxes[number])
        (place / "ready").touch()
    bundles = tuple(next(one.iterdir()) for one in outboxes)
    return Field(place, env, bundles, 8 * (persons // 8))


def _second(place: Path, env: Environment) -> None:
    words = passphrase(WORDS)
    station, request, grant = (place / name for name in ("second", "request", "grant"))
    setup.request(
        station, name="Two", admin=ADMINISTRATOR, passphrase=words, out=request, env=env,
        training=True,
    )  # fmt: skip
    with opened(place / "registry", ADMINISTRATOR, words, env=env) as session:
        enrol.enrol(session, request, grant)
    with opened(station, ADMINISTRATOR, words, env=env) as session:
        setup.enrol(session, grant)
        for name in (OFFICER, SUPERVISOR):
            add_user(session, name=name, role=name, passphrase=words)


def measure(
    folder: Path,
    *,
    persons: int = PERSONS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Figures:
    """All figures. Raises `benchmarks.cluster.NoServerError`."""
    figures = Figures("import-postgres")
    with cluster.running(durable=True) as socket:
        place = field(folder, persons, progress=progress)
        added = _storing(figures, place, socket)
        _importing(figures, place, socket, added)
        _beside(figures, place, socket)
    return figures


def _storing(figures: Figures, place: Field, socket: Path) -> float:
    """The storing step beside `add_all`, on the same rows; returns persons a second of the latter.

    Storing: from entries that were verified and judged, to everything that an import leaves.
    """
    with _registry(place, socket, "storing") as session:
        entries = _entries(session, place)
        begun = time.perf_counter()
        _store(session, entries)
        stored = time.perf_counter() - begun
        with session.store.read() as reader:
            rows = {
                name: [
                    dict(row._mapping)
                    for row in reader.connection.execute(select(Base.metadata.tables[name]))
                ]
                for name in TABLES
            }
    persons = len(rows["persons"])
    added = _add_all(cluster.new_database(socket, "added"), rows)
    copied = _copy(cluster.new_database(socket, "copied"), rows)
    figures.value("sample", persons, "persons")
    figures.value("rows", sum(map(len, rows.values())) / persons, "per_person")
    figures.value("store", persons / stored, "persons_per_second")
    figures.value("add_all", persons / added, "persons_per_second")
    figures.value("copy", persons / copied, "persons_per_second")
    figures.ratio("store", added, stored, "as fast as SQLAlchemy's add_all of the same rows")
    figures.ratio("copy_share", copied, stored, "of storing would be a bare COPY of the same rows")
    return persons / added


def _importing(figures: Figures, place: Field, socket: Path, added: float) -> None:
    """The whole import: verify, open, judge, store; and once more, when all is known."""
    with _registry(place, socket, "importing") as session:
        begun = time.perf_counter()
        taken = [import_bundle(session, bundle) for bundle in place.bundles]
        whole = time.perf_counter() - begun
        before = _counted(session)
        begun = time.perf_counter()
        again = [import_bundle(session, bundle) for bundle in place.bundles]
        replayed = time.perf_counter() - begun
        assert before == _counted(session)  # noqa: S101 - a figure of what was not done means nothing
    figures.value("persons", place.persons, "count")
    figures.value("admitted", sum(one.admitted for one in taken), "entries")
    figures.value("again_admitted", sum(one.admitted for one in again), "entries")
    figures.value("import", place.persons / whole, "persons_per_second")
    figures.value("replay", place.persons / replayed, "persons_per_second")
    figures.ratio("import", place.persons / whole, added, "as fast as add_all alone")
    figures.ratio("replay", whole, replayed, "as fast as the first import")


def _beside(figures: Figures, place: Field, socket: Path) -> None:
    """Two workers beside one, each with a process of its own; how busy the processors were."""
    took, busy = {}, {}
    for workers in (1, 2):
        with _registry(place, socket, f"workers_{workers}") as session:
            share = _Busy()
            begun = time.perf_counter()
            if workers == 1:
                for bundle in place.bundles:
                    import_bundle(session, bundle, checkers=1)
            else:
                import_many(session, place.bundles, workers=2)
            took[workers] = time.perf_counter() - begun
            busy[workers] = share.percent()
    figures.value("one_worker", place.persons / took[1], "persons_per_second")
    figures.value("two_workers", place.persons / took[2], "persons_per_second")
    figures.value("one_worker_processors", busy[1], "percent")
    figures.value("two_workers_processors", busy[2], "percent")
    figures.ratio("two_workers", took[1], took[2], "as fast as one worker")


@contextmanager
def _registry(place: Field, socket: Path, name: str) -> Iterator[Session]:
    """The registry as it was founded, in a database of its own."""
    url = cluster.new_database(socket, name)
    scratch = place.folder / f"scratch-{name}"
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(place.registry, scratch / "registry")
    words = passphrase(WORDS)
    try:
        with (
            opened(scratch / "registry", REGISTRAR, words, env=place.env) as session,
            Store.create_postgres(scratch / "store", url, session.keys.data_key) as store,
        ):
            session.store.move_into(store)
        for file in ("store.db", "photos.db"):
            (scratch / "registry" / file).unlink()
        shutil.copy(scratch / "store" / "store.json", scratch / "registry" / "store.json")
        with opened(scratch / "registry", REGISTRAR, words, env=place.env) as session:
            yield session
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _entries(session: Session, place: Field) -> list[Entry]:
    """Entries of a bundle, parsed, as they are when they were verified."""
    with session.store.read() as reader:
        from registry.stations import stations

        keys = {one.key.kid: one.key for one in stations(reader)}
    verified = verify(place.bundles[0], lambda signed: keys.get(signed.signer), expect=Kind.BUNDLE)
    assert isinstance(verified, VerifiedBundle)  # noqa: S101 - our own bundle
    bundle = open_bundle(verified, [session.office.keys.identity])
    assert isinstance(bundle, OpenedBundle)  # noqa: S101 - likewise
    share = min(1.0, SAMPLE / (place.persons / 2))
    some = list(islice(bundle.entries(), int(bundle.manifest.entries * share)))
    # Whole acts alone, as judging hands them on.
    last = some[-1].header.group.id
    if share < 1:
        some = [one for one in some if one.header.group.id != last]
    for one in some:
        _ = one.header, one.body, one.hash
    return some


def _store(session: Session, entries: list[Entry]) -> None:
    waiting = iter(batches.acts((one, True) for one in entries))
    for acts in batches.cut(waiting, batches.BATCH):
        some = [one for act in acts for one in act.entries]
        with session.store.batch(some[0].header.office) as unit:
            picture = Picture(unit, ())
            picture.fetch(some)
            decisions = [Decision(one, "admitted") for one in some]
            picture.settle(decisions)
            batches.store(session, unit, picture, decisions)


def _add_all(url: str, rows: dict[str, list[dict[str, Any]]]) -> float:
    """The same rows by the ORM, as one writes it first; seconds."""
    engine = create_engine(url)
    schema.create(engine, photos=True)
    models = {one.class_.__tablename__: one.class_ for one in Base.registry.mappers}
    begun = time.perf_counter()
    with OrmSession(engine) as session:
        for name in TABLES:
            waiting = iter(rows[name])
            while some := list(islice(waiting, ADDED)):
                session.add_all(models[name](**row) for row in some)
                session.commit()
    took = time.perf_counter() - begun
    with engine.connect() as connection:
        for model in (EntryRow, PersonRow):
            count = connection.execute(select(func.count()).select_from(model)).scalar()
            assert count == len(rows[model.__tablename__])  # noqa: S101 - as many as ours
    engine.dispose()
    return took


def _copy(url: str, rows: dict[str, list[dict[str, Any]]]) -> float:
    """The same rows into tables without index, log or constraint; seconds."""
    engine = _bare(create_engine(url))
    begun = time.perf_counter()
    with engine.connect() as connection:
        for name in STAGED:
            bulk.copy(connection, Base.metadata.tables[name], rows[name], batch=1)
        keys = [(row["key"], row["ordinal"]) for row in rows["search_keys"]]
        driver: Any = connection.connection.driver_connection
        statement = "COPY bare_keys (key, ordinal) FROM STDIN (FORMAT BINARY)"
        with driver.cursor() as cursor, cursor.copy(statement) as copying:
            copying.set_types(["text", "int8"])
            for row in keys:
                copying.write_row(row)
        connection.commit()
    took = time.perf_counter() - begun
    engine.dispose()
    return took


def _bare(engine: Engine) -> Engine:
    schema.create(engine, photos=True)
    with engine.begin() as connection:
        for table in STAGED.values():
            connection.execute(text(f"DROP INDEX ix_{table.name}_batch"))
        connection.execute(text("CREATE UNLOGGED TABLE bare_keys (key text, ordinal bigint)"))
    return engine


def _counted(session: Session) -> list[int]:
    with session.store.read() as reader:
        return [
            int(
                reader.connection.execute(
                    select(func.count()).select_from(Base.metadata.tables[name])
                ).scalar_one()
            )
            for name in TABLES
        ]


class _Busy:
    """How busy all processors were since it was made, whoever used them."""

    def __init__(self) -> None:
        self._before = self._read()

    def percent(self) -> float:
        idle, total = (now - was for now, was in zip(self._read(), self._before, strict=True))
        return 100 * (1 - idle / total) if total else 0.0

    def _read(self) -> tuple[int, int]:
        stat = Path("/proc/stat")
        if not stat.exists():
            return 0, 0
        ticks = [int(word) for word in stat.read_text("ascii").splitlines()[0].split()[1:9]]
        return ticks[3] + ticks[4], sum(ticks)
