"""Importing into PostgreSQL: what two stations send of many people, into an empty registry.

Every figure has its baseline in the same run: the same entries, folded by the same functions, as
objects of SQLAlchemy's ORM that are handed to `add_all`.
"""

from __future__ import annotations

import os
import shutil
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session as OrmSession

from benchmarks import cluster
from benchmarks.camp import SEED, WORDS, environment, fill
from benchmarks.figures import Figures
from db import bulk, schema
from db.entrywriter import entry_row
from db.models import Base, EntryRow
from db.records import EntryState
from db.sealing import Sealed
from db.slots import passphrase
from db.store import Store
from db.viewrows import BETWEEN_KEYS, VIEWS, person_keys, subject_type, view_row
from ledger.fold import fold_subject
from ledger.views import PersonView
from matching import search_keys
from registry import batches, enrol, owing
from registry.admit import import_bundle
from registry.picture import Decision, Picture
from registry.pool import import_many
from station import setup
from station.export import export
from sync.bundle import Kind, OpenedBundle, VerifiedBundle, open_bundle, verify
from sync.workers import Workers
from training.offices import ADMINISTRATOR, OFFICER, REGISTRAR, SUPERVISOR, found, opened
from workspace import act
from workspace.accounts import add_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy import Connection

    from ledger.entry import Entry, Subject
    from ledger.views import View
    from values.identifiers import EntryHash
    from workspace.environment import Environment
    from workspace.session import Session

PERSONS = 10_000
SAMPLE = 4_000
"""Persons that are stored both ways, or a tenth where that is more: `add_all` takes long."""
ADDED = 1_000
"""Objects that the baseline writes at once."""
COPIED = 1 << 20
"""Bytes of a COPY that are handed to the driver at once."""
TURNS = 3
"""Each side's runs, in turns."""

TABLES = (
    *("entries", "persons", "households", "events", "documents", "registrations"),
    *("members", "participants", "attendees", "sources", "search_keys"),
)
"""What an import fills; nobody contradicts anybody here, so there are no conflicts."""

MODELS: dict[str, Any] = {one.class_.__tablename__: one.class_ for one in Base.registry.mappers}


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


def _storing(figures: Figures, place: Field, socket: Path) -> Cost:
    """The storing step beside `add_all`; returns what the latter took for the work and its share.

    Storing: from entries that were verified and judged, to everything that an import leaves. Both
    sides take the same entries, seal and fold them with the same functions, and commit as often;
    one hands the rows to this program's writer, the other makes them objects of SQLAlchemy's ORM.
    Whatever else happens on the machine slows both, and they take turns: the best of each counts.
    """
    ours: list[Cost] = []
    theirs: list[Cost] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    for turn in range(TURNS):
        with _registry(place, socket, f"storing_{turn}") as session:
            entries = _entries(session, place)
            search_keys.forget()
            with _cost(ours, socket):
                _store(session, entries)
            rows = rows or _kept(session, {one.hash for one in entries})
            entries = _entries(session, place)
            search_keys.forget()
            url = cluster.new_database(socket, f"added_{turn}")
            with _added(url) as orm, _cost(theirs, socket):
                _fold_and_add(session, orm, entries)
            _same(url, rows)
    persons = len(rows["persons"])
    figures.value("sample", persons, "persons")
    figures.value("rows", sum(map(len, rows.values())) / persons, "per_person")
    store, added = min(ours), min(theirs)
    figures.value("store", persons / store.wall, "persons_per_second")
    figures.value("add_all", persons / added.wall, "persons_per_second")
    figures.value("store_work", 1e6 * store.work / persons, "us_a_person")
    figures.value("store_server", 1e6 * store.server / persons, "us_a_person")
    figures.value("add_all_work", 1e6 * added.work / persons, "us_a_person")
    figures.value("add_all_server", 1e6 * added.server / persons, "us_a_person")
    best, usual = store.wall, "as fast as the same entries folded and given to SQLAlchemy's add_all"
    figures.ratio("store", added.wall, best, usual)
    figures.ratio(
        "store_work", added.all, store.all, "of its processor time, the server's included"
    )
    _writing(figures, socket, rows, store)
    return Cost(added.wall / persons, added.work / persons, added.server / persons)


def _writing(
    figures: Figures, socket: Path, rows: dict[str, list[dict[str, Any]]], store: Cost
) -> None:
    """The same without what is made of entries: rows that are there already, written both ways;
    and bare COPY of the same rows as the server itself told them, into the same keys and indexes,
    which nothing that writes them could outrun."""
    ours: list[Cost] = []
    theirs: list[Cost] = []
    for turn in range(TURNS):
        with _added(cluster.new_database(socket, f"written_{turn}")) as orm, _cost(ours, socket):
            _write(orm.connection(), rows)
            orm.commit()
        url = cluster.new_database(socket, f"rows_{turn}")
        with _added(url) as orm, _cost(theirs, socket):
            for name in TABLES:
                _add(orm, ((name, row) for row in rows[name]))
        _same(url, rows)
    bare: list[Cost] = []
    streams = _streams(cluster.address(socket, f"written_{TURNS - 1}"))
    for turn in range(TURNS):
        url = cluster.new_database(socket, f"copied_{turn}")
        with _added(url) as orm, _cost(bare, socket):
            _copy_streams(orm.connection(), streams)
            orm.commit()
        _same(url, rows)
    persons, write, added, copied = len(rows["persons"]), min(ours), min(theirs), min(bare)
    figures.value("write", persons / write.wall, "persons_per_second")
    figures.value("write_add_all", persons / added.wall, "persons_per_second")
    figures.value("bare_copy", persons / copied.wall, "persons_per_second")
    figures.value("write_of_bare_copy", 100 * copied.wall / write.wall, "percent")
    figures.value("store_of_bare_copy", 100 * copied.wall / store.wall, "percent")
    figures.ratio("write", added.wall, write.wall, "as fast as add_all, of rows that are there")
    figures.ratio("write_work", added.all, write.all, "of its processor time")


def _streams(url: str) -> dict[str, bytes]:
    """Each table of a database as the bytes of one binary COPY."""
    engine = create_engine(url)
    told: dict[str, bytes] = {}
    try:
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            for name in TABLES:
                statement = f"COPY {name} TO STDOUT (FORMAT BINARY)"
                with driver.cursor() as cursor, cursor.copy(statement) as copying:
                    told[name] = b"".join(map(bytes, copying))
    finally:
        engine.dispose()
    return told


def _copy_streams(connection: Connection, streams: dict[str, bytes]) -> None:
    driver: Any = connection.connection.driver_connection
    for name, told in streams.items():
        statement = f"COPY {name} FROM STDIN (FORMAT BINARY)"
        with driver.cursor() as cursor, cursor.copy(statement) as copying:
            for at in range(0, len(told), COPIED):
                copying.write(told[at : at + COPIED])


def _importing(figures: Figures, place: Field, socket: Path, added: Cost) -> None:
    """The whole import: verify, open, judge, store; once more, when all is known; and what comes
    after the receipt, proposing pairs of persons who may be one."""
    with _registry(place, socket, "importing") as session:
        costs: list[Cost] = []
        resident: list[float] = []
        with _cost(costs, socket):
            taken = [
                import_bundle(
                    session, bundle, checkers=1, progress=lambda *_: resident.append(_resident())
                )
                for bundle in place.bundles
            ]
        cost = costs[0]
        whole = cost.wall
        before = _counted(session)
        begun = time.perf_counter()
        again = [import_bundle(session, bundle) for bundle in place.bundles]
        replayed = time.perf_counter() - begun
        assert before == _counted(session)  # noqa: S101 - a figure of what was not done means nothing
        pairs: list[int] = []
        with _cost(costs, socket):
            pairs.append(owing.propose(session))
    proposing = costs[1]
    figures.value("persons", place.persons, "count")
    figures.value("admitted", sum(one.admitted for one in taken), "entries")
    figures.value("again_admitted", sum(one.admitted for one in again), "entries")
    figures.value("import", place.persons / whole, "persons_per_second")
    figures.value("import_work", 1e6 * cost.work / place.persons, "us_a_person")
    figures.value("import_server", 1e6 * cost.server / place.persons, "us_a_person")
    figures.value("batches", len(resident), "count")
    for quarter in range(4):
        last = resident[(quarter + 1) * len(resident) // 4 - 1]
        figures.value(f"resident_after_{quarter + 1}_of_4_batches", last, "mb")
    figures.value("pairs", pairs[0], "count")
    figures.value("proposing", place.persons / proposing.wall, "persons_per_second")
    figures.value("proposing_work", 1e6 * proposing.work / place.persons, "us_a_person")
    figures.value("proposing_server", 1e6 * proposing.server / place.persons, "us_a_person")
    figures.value("replay", place.persons / replayed, "persons_per_second")
    figures.ratio("import", added.wall * place.persons, whole, "as fast as add_all of the step")
    usual = added.all * place.persons
    figures.ratio("import_work", usual, cost.all, "of its processor time")
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
    # In this process: others would still be reading ahead while the storing is measured.
    bundle = open_bundle(verified, [session.office.keys.identity], workers=Workers(1))
    assert isinstance(bundle, OpenedBundle)  # noqa: S101 - likewise
    share = min(1.0, max(SAMPLE, place.persons / 10) / (place.persons / 2))
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
    for acts in batches.cut(waiting, batches.size(session)):
        some = [one for act in acts for one in act.entries]
        with session.store.batch(some[0].header.office) as unit:
            picture = Picture(unit, ())
            picture.fetch(some)
            decisions = [Decision(one, "admitted") for one in some]
            picture.settle(decisions)
            batches.store(session, unit, picture, decisions)


def _kept(session: Session, stored: set[EntryHash]) -> dict[str, list[dict[str, Any]]]:
    """All rows that the entries left. The registry has said things of its own before."""
    with session.store.read() as reader:
        rows = {
            name: [
                dict(row._mapping)
                for row in reader.connection.execute(select(Base.metadata.tables[name]))
            ]
            for name in TABLES
        }
    rows["entries"] = [row for row in rows["entries"] if row["hash"] in stored]
    return rows


@contextmanager
def _added(url: str) -> Iterator[OrmSession]:
    """A session of the ORM over an empty database with the same tables."""
    engine = create_engine(url)
    schema.create(engine, photos=True)
    try:
        with OrmSession(engine) as orm:
            yield orm
    finally:
        engine.dispose()


def _fold_and_add(session: Session, orm: OrmSession, entries: list[Entry]) -> None:
    """What `_store` does, as one writes it first: every row an object, handed to `add_all`."""
    codec = Sealed(session.keys.data_key)
    numbers = count(1)
    whole = batches.acts((one, True) for one in entries)
    for acts in batches.cut(whole, batches.size(session)):
        rows: list[tuple[str, dict[str, Any]]] = []
        about: dict[Subject, list[Entry]] = {}
        for entry in (entry for one in acts for entry in one.entries):
            assert entry.body_bytes is not None  # noqa: S101 - nothing was pruned
            body = codec.seal(entry.body_bytes, entry.hash)
            row = entry_row(entry, next(numbers), EntryState.ADMITTED, None, body)
            rows.append((EntryRow.__tablename__, row))
            about.setdefault(entry.header.subject, []).append(entry)
        for subject, told in about.items():
            view = fold_subject(subject.type, told, session.conflict_sets)
            if view is not None:
                rows += _rows(view, next(numbers))
        _add(orm, rows)


def _rows(view: View, ordinal: int) -> Iterator[tuple[str, dict[str, Any]]]:
    own = VIEWS[subject_type(view)]
    row = view_row(view)
    if isinstance(view, PersonView):
        keys = person_keys(view, act.search_keys(view))
        row |= {"ordinal": ordinal, "stub": False, "keys": BETWEEN_KEYS.join(keys)}
        for key in keys:
            yield "search_keys", {"key": key, "ordinal": ordinal}
    yield own.table.name, row
    for side, more in own.side(view).items():
        for one in more:
            yield side.name, one
    for conflict in view.conflicts:
        raise AssertionError(f"nobody here contradicts anybody: {conflict.set}")


def _add(orm: OrmSession, rows: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Rows as objects, flushed a thousand at a time, in one commit."""
    waiting = iter(rows)
    while some := list(islice(waiting, ADDED)):
        orm.add_all(MODELS[name](**row) for name, row in some)
        orm.flush()
        # As it is done with many: what was written is not kept.
        orm.expunge_all()
    orm.commit()


def _write(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Rows by this program's own writer."""
    for name in TABLES:
        if name == "search_keys":
            keys: dict[int, list[str]] = defaultdict(list)
            for row in rows[name]:
                keys[row["ordinal"]].append(row["key"])
            bulk.add_keys(connection, keys.items())
        else:
            bulk.add(connection, Base.metadata.tables[name], rows[name])


def _same(url: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    """That the baseline left as many rows as an import does."""
    engine = create_engine(url)
    with engine.connect() as connection:
        for name in TABLES:
            there = connection.execute(select(func.count()).select_from(Base.metadata.tables[name]))
            assert there.scalar() == len(rows[name])  # noqa: S101 - as many as ours
    engine.dispose()


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """Seconds: by the clock, of this program's processor time, and of the server's."""

    wall: float
    work: float
    server: float

    @property
    def all(self) -> float:
        return self.work + self.server


@contextmanager
def _cost(into: list[Cost], socket: Path) -> Iterator[None]:
    before = cluster.processor_seconds(socket)
    work, wall = time.process_time(), time.perf_counter()
    yield
    wall, work = time.perf_counter() - wall, time.process_time() - work
    into.append(Cost(wall, work, cluster.processor_seconds(socket) - before))


def _resident() -> float:
    """Megabytes of this process in memory; 0 where nobody tells."""
    told = Path("/proc/self/statm")
    if not told.exists():
        return 0.0
    return int(told.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


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
