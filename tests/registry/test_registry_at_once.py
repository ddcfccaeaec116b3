"""Two stations' bundles at the same time, on a real PostgreSQL: nothing waits, all converges."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db.errors import WorkspaceBusyError
from ledger import authority, kinds
from ledger.entry import Subject
from registry import admit, notices, owing, pool, queues
from registry.stations import stations
from tests import neighbours
from tests.places import Site, families, listing, opened, row
from tests.registry.conftest import moved_to_postgres
from tests.serving import until
from values.identifiers import uuid7
from workspace import care
from workspace.opening import join
from workspace.session import Session

VIEWS = ("person", "household", "event", "document", "registration")


@dataclass(frozen=True)
class Pair:
    """A registry on PostgreSQL with two stations, and a twin of it on a file."""

    site: Site
    twin: Site
    second: Path

    def bundles(self) -> list[Path]:
        """What both stations have to send."""
        return [self.site.send(), self.site.send(folder=self.second)]


@pytest.fixture
def pair(site: Site, new_database: Callable[[], str], tmp_path: Path) -> Pair:
    """Each station has a family; neither has sent anything."""
    second = neighbours.neighbour(site)
    site.take_in(families(1), name="one.csv")
    site.take_in(families(1, first=40), name="two.csv", folder=second)
    twin = site.copied(tmp_path / "twin")
    moved_to_postgres(site, new_database(), tmp_path / "spare")
    return Pair(site, twin, second)


def amend(pair: Pair, folder: Path, person: Any, **changes: str) -> None:
    """Somebody's record is changed at a station, on what the paper said."""
    with neighbours.changed_program(pair.site, folder, "officer") as session, session.act() as act:
        act.say(
            kinds.PERSON_AMENDED,
            Subject("person", person.id),
            {"changes": changes, "reason": "said so"},
            form="person",
            base=person.heads[:1],
        )


def at_once(pair: Pair, bundles: list[Path], **more: Any) -> list[admit.Imported]:
    """Both bundles, each by a session of its own; both are judged before either is stored."""
    meet = threading.Barrier(len(bundles), timeout=60)

    def take(session: Session, bundle: Path) -> admit.Imported:
        met: list[bool] = []

        def stop(where: str) -> None:
            if where == "judged" and not met:
                met.append(True)
                meet.wait()

        return admit.import_bundle(session, bundle, failpoint=stop, **more)

    with pair.site.at_registry() as session, ThreadPoolExecutor(len(bundles)) as threads:
        others = [
            join(session.folder, session.user, session.keys, env=session.env) for _ in bundles
        ]
        try:
            return list(threads.map(take, others, bundles))
        finally:
            for one in others:
                one.store.close()


def views(session: Session) -> dict[str, list[Any]]:
    assert care.check(session).problems == ()
    with session.store.read() as reader:
        return {kind: list(reader.views(kind)) for kind in VIEWS}


def one_after_the_other(pair: Pair, bundles: list[Path]) -> dict[str, list[Any]]:
    """What the twin shows after the same bundles."""
    for bundle in bundles:
        pair.twin.admit(bundle, notice=False)
    with pair.twin.at_registry() as session:
        return views(session)


def test_two_stations_amend_one_person_at_the_same_time(pair: Pair) -> None:
    """Neither import sees the other's word; the one that ends last folds both."""
    first = pair.bundles()
    for bundle in first:
        pair.site.admit(bundle, notice=False)
    with pair.site.at_registry() as session, session.store.read() as reader:
        person = min(reader.persons(), key=lambda one: one.number)
    amend(pair, pair.site.station, person, marital_status="married", phone="+999550100011")
    amend(pair, pair.second, person, marital_status="widowed", notes="asked again")
    second = pair.bundles()
    done = at_once(pair, second)
    assert [one.quarantined for one in done] == [0, 0]
    with pair.site.at_registry() as session:
        found = views(session)
    (shown,) = (one for one in found["person"] if one.id == person.id)
    assert shown.values["phone"] and shown.values["notes"] == "asked again"
    assert [one.fields for one in shown.conflicts] == [("marital_status",)]
    assert found == one_after_the_other(pair, [*first, *second])


def test_of_two_that_make_one_record_at_the_same_time_one_stands(pair: Pair) -> None:
    for bundle in pair.bundles():
        pair.site.admit(bundle, notice=False)
    subject = Subject("person", uuid7(pair.site.clock.now(), pair.site.env.entropy))
    for folder, number in ((pair.site.station, 7), (pair.second, 8)):
        with (
            neighbours.changed_program(pair.site, folder, "officer") as session,
            session.act() as act,
        ):
            act.say(
                kinds.PERSON_REGISTERED,
                subject,
                {"number": f"WST-A01-K7Q-P0000{number}-11", "values": {"name": "Velin"}},
                form="person",
            )
    done = at_once(pair, pair.bundles())
    assert sorted(one.quarantined for one in done) == [0, 1]
    with pair.site.at_registry() as session:
        assert [one.code for one in queues.aside(session)] == [authority.TAKEN]
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            assert len(reader.entries_of(subject.type, subject.id)) == 1
            enrolled = stations(reader)
        # The one whose word was put aside is told, and the other is told nothing of it.
        told = []
        for station in enrolled:
            notice = notices.answer(session, station, pair.site.outbox)
            assert notice.is_dir()
            with session.store.read() as reader:
                kept = reader.notice(station.id, reader.last_notice(station.id))
            assert kept is not None
            told.append(authority.TAKEN.encode() in kept.data)
    assert sorted(told) == [False, True]


def test_batches_of_one_station_wait_for_each_other(pair: Pair) -> None:
    """The same bundle twice at once: one stores it, the other finds it known."""
    bundle = pair.site.send()
    with pair.site.at_registry() as session, ThreadPoolExecutor(2) as threads:
        others = [
            join(session.folder, session.user, session.keys, env=session.env) for _ in range(2)
        ]
        try:
            found = list(threads.map(lambda one: admit.import_bundle(one, bundle, batch=3), others))
        finally:
            for one in others:
                one.store.close()
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            entries = sum(
                entry.header.office != session.office.id for _, entry, _ in reader.arrivals()
            )
    assert all(one.quarantined == one.held == 0 for one in found)
    assert sum(one.admitted for one in found) >= entries


@pytest.mark.parametrize("workers", [1, 2])
def test_many_bundles_by_workers(pair: Pair, workers: int) -> None:
    """Each station's in order; what cannot be taken is refused alone."""
    first = pair.bundles()
    pair.site.take_in(families(2, first=60), name="more.csv")
    pair.site.approve()
    again = pair.site.send()
    junk = pair.site.folder / "junk"
    junk.mkdir()
    with pair.site.at_registry() as session:
        done = pool.import_many(
            session, [*first, junk, again, first[1]], notice_parent=pair.site.outbox,
            workers=workers,
        )  # fmt: skip
        kinds_ = [one if isinstance(one, admit.Imported) else str(one.code) for one in done]
        assert kinds_[2] == "not_a_bundle"
        taken = [one for one in kinds_ if isinstance(one, admit.Imported)]
        assert [one.held for one in taken] == [0] * 4 == [one.quarantined for one in taken]
        assert taken[3].admitted == 0 and taken[2].known == taken[0].admitted
        assert all(one.notice is not None and one.notice.is_dir() for one in taken)
        found = views(session)
        epoch = session.epoch
    assert found == one_after_the_other(pair, [*first, again])
    with pair.site.at_registry() as session:
        assert session.epoch == epoch, "the mark of this machine was kept"


def test_a_bundle_whose_worker_is_gone_goes_on_where_it_was(pair: Pair) -> None:
    """The worker ends when all batches are stored, and nothing is said of them yet."""
    bundle, other = pair.bundles()
    guard = text("SELECT version_num FROM alembic_version FOR UPDATE")

    def judged(session: Session) -> bool:
        with session.store.read() as reader:
            return any(one.details["batches"] for one in reader.bundles())

    with pair.site.at_registry() as session, pool.ImportPool(session, workers=2) as workers:
        with session.store.read() as reader:
            # Whoever ends an import waits for this.
            reader.connection.execute(guard)
            cut_off = workers.submit(bundle)
            until(lambda: judged(session))
            (worker,) = multiprocessing.active_children()
            worker.kill()
            with pytest.raises(pool.WorkerLostError):
                cut_off.result(60)
        done = workers.submit(bundle).result(60)
        assert done.admitted > 0 and (done.known, done.held, done.quarantined) == (0, 0, 0)
        workers.submit(other).result(60)
        found = views(session)
        assert care.check(session).problems == ()
    assert found == one_after_the_other(pair, [bundle, other])


def test_one_person_at_two_stations_at_the_same_time_is_proposed(pair: Pair) -> None:
    """Each is looked for when their own bundle is stored: the later of the two sees both.

    OpenCRVS matching 6: two records of one person that come at nearly the same time slip past each
    other.
    """
    met = {pair.site.station: "Amina Yusuf Ali", pair.second: "Ameena Youssef Ali"}
    for folder, name in met.items():
        line = row("H-9", "head", name, birth="1987-05-03")
        pair.site.take_in(listing(line), name="again.csv", folder=folder)
    at_once(pair, pair.bundles())
    with pair.site.at_registry() as session:
        assert owing.propose(session) == 1
    with pair.site.at_registry() as session, session.store.read() as reader:
        names = [
            {view.values["name"] for view in reader.persons([one.first, one.second])}
            for one in reader.match_cases("proposed")
        ]
        assert names == [set(met.values())]


def test_on_a_file_bundles_are_taken_one_after_the_other(busy_site: Site) -> None:
    bundle = busy_site.send()
    with busy_site.at_registry() as session:
        done = pool.import_many(session, [bundle, bundle])
    counts = [(one.admitted, one.known) for one in done if isinstance(one, admit.Imported)]
    assert counts == [(26, 0), (0, 26)]


def test_a_joined_session_is_for_a_database_alone(busy_site: Site) -> None:
    with busy_site.at_registry() as session, pytest.raises(WorkspaceBusyError):
        join(session.folder, session.user, session.keys, env=session.env)


def test_nothing_is_left_open(pair: Pair) -> None:
    with opened(pair.site.registry, "registrar", pair.site.env) as session:
        assert isinstance(pool.import_many(session, []), list)
