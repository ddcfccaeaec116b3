"""Copies of a station that write on, and bundles that come out of order."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger.views import PersonView
from registry import admit, decide, queues
from registry.admit import Imported
from station import answers, export, receive
from tests.places import Site, families, listing, row
from tests.station.lives import record
from workspace import care, exported
from workspace.session import Session

LISTED = listing(row("H-9", "head", "Hawa Idrin"), row("H-9", "spouse", "Abdel Idrin", sex="M"))


def persons(session: Session) -> dict[str, PersonView]:
    """Everybody here, by number."""
    with session.store.read() as reader:
        return {view.number: view for view in reader.persons()}


def at_registry(site: Site) -> dict[str, PersonView]:
    """Everybody at the registry, which must be sound."""
    with site.at_registry() as session:
        assert care.check(session).problems == ()
        return persons(session)


def at_station(site: Site) -> dict[str, PersonView]:
    """Everybody at the station."""
    with site.at_station() as session:
        return persons(session)


@pytest.fixture
def twins(busy_site: Site, tmp_path: Path) -> tuple[Site, Site]:
    """One station twice, with the state of its machine: what copying a whole disk makes.

    The registry has what both share.
    """
    busy_site.admit(busy_site.send())
    return busy_site, busy_site.copied(tmp_path / "twin")


def fork_reasons(done: Imported) -> list[str]:
    """The alarm: sentences that say a copy of the station's store is in use."""
    return [reason for reason in done.reasons if "ask which of the two is in use" in reason]


def _acts(families_taken: int) -> list[str]:
    """The entries of so many families of two: persons, household, flight, arrival, submission."""
    act = ["person", "person", "household", "flight", "arrival", "registration"]
    return act * families_taken


@pytest.mark.parametrize(("first", "second"), [(2, 2), (1, 4), (4, 1)])
def test_the_branch_that_comes_second_is_put_aside(
    twins: tuple[Site, Site], first: int, second: int
) -> None:
    """Sync 2 (d): a cloned disk writes other entries under the same places."""
    stands, forks = twins
    shared = set(at_station(stands))
    stands.take_in(families(first, first=100), name="a.csv")
    forks.take_in(families(second, first=200), name="b.csv")
    good = stands.admit(stands.send())
    assert (good.quarantined, good.held) == (0, 0)
    before = at_registry(stands)
    assert set(before) == set(at_station(stands))

    bad = stands.admit(forks.send())
    assert bad.admitted == 0
    assert bad.held == 0, "a forked branch waits for nothing"
    assert bad.quarantined == len(_acts(second)) + 1  # and the note of the export
    assert fork_reasons(bad), bad.reasons
    after = at_registry(stands)
    assert after == before
    assert not (set(at_station(forks)) - shared) & set(after) - set(before)

    # Again, and the branch that stands goes on.
    again = stands.admit(forks.send())
    assert again.admitted == 0 and again.held == 0 and fork_reasons(again)
    stands.take_in(families(2, first=300), name="c.csv")
    more = stands.admit(stands.send())
    assert (more.quarantined, more.held) == (0, 0)
    assert set(at_registry(stands)) == set(at_station(stands))


@pytest.mark.parametrize("size", [1, 6, 1000])
def test_what_a_copy_has_waiting_makes_room_wherever_a_batch_ends(
    busy_site: Site, tmp_path: Path, size: int
) -> None:
    """Found by the simulation: what a copy wrote waits for the entries before it. They come, in one
    batch, and in the next one the other branch, which goes on from the same entry: the import
    failed, and so did every one after it."""
    busy_site.admit(busy_site.send())
    busy_site.take_in(families(1, first=50), name="shared.csv")
    stands, forks = busy_site, busy_site.copied(tmp_path / "twin")
    with forks.at_station("supervisor") as session, session.store.read() as reader:
        ((epoch, shared),) = reader.epochs(session.office.id)
    forks.take_in(families(1, first=200), name="b.csv")
    with forks.at_station("supervisor") as session:
        late = export.export(session, tmp_path, beyond={epoch: shared.sequence}).bundle
    waits = stands.admit(late, notice=False)
    assert (waits.admitted, waits.quarantined) == (0, 0) and waits.held

    stands.take_in(families(1, first=100), name="a.csv")
    bundle = stands.send()
    with stands.at_registry() as session:
        admit.import_bundle(session, bundle, batch=size)
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            assert not list(reader.entries_in("held"))
            assert len(list(reader.forks())) == waits.held
    assert set(at_registry(stands)) == set(at_station(stands))


def test_what_an_import_put_aside_is_told_though_its_bundle_is_lost(
    twins: tuple[Site, Site],
) -> None:
    """The import is killed before its end and its stick is lost; the next bundle brings the same
    again, of which all that was stored is known."""
    stands, forks = twins
    stands.take_in(families(1, first=100), name="a.csv")
    forks.take_in(families(2, first=200), name="b.csv")
    stands.admit(stands.send())

    def killed(where: str) -> None:
        if where == "mended":
            raise InterruptedError

    lost = forks.send()
    with stands.at_registry() as session, pytest.raises(InterruptedError):
        admit.import_bundle(session, lost, failpoint=killed)
    shutil.rmtree(lost)
    done = stands.admit(forks.send())
    assert done.notice is not None
    with stands.at_registry() as session, session.store.read() as reader:
        told = [
            hash_
            for entry in reader.entries_of_kind("entries.quarantined", "bundle")
            for hash_ in (entry.body or {})["entries"]
        ]
        assert sorted(told) == sorted(entry.hash for entry, _ in reader.forks())
        arrived = reader.last_arrival()
    stands.admit(forks.send(), notice=False)
    with stands.at_registry() as session, session.store.read() as reader:
        news = [one for _, one, _ in reader.arrivals(after=arrived)]
        assert len(news) == 2, "nothing is told twice"  # the new export's note, and its outcome


def test_what_the_copy_wrote_is_released_and_kept_beside_what_stands(
    twins: tuple[Site, Site],
) -> None:
    """Both copies took families in at the same places of one chain. A registrar who has asked
    releases the second's, with the reason; both stations are told, and nothing is sent again."""
    stands, forks = twins
    stands.take_in(families(1, first=100), name="a.csv")
    forks.take_in(families(2, first=200), name="b.csv")
    # By their ids: both copies counted on, and gave the same numbers.
    known = {view.id for one in twins for view in at_station(one).values()}
    stands.admit(stands.send())
    done = stands.admit(forks.send())
    assert done.notice is not None and done.quarantined
    with forks.at_station("supervisor") as session:
        notices_ = _notices(stands)
        got = [receive.receive(session, one) for one in notices_]
        assert any(one.alarms for one in got)
        sent = exported.state(session)
        assert sent.waiting + sent.sent == 1, "what was answered is not sent again"  # a new epoch
        assert {one.outcome for one in answers.open_ones(session)} == {"quarantined"}

    with stands.at_registry() as session:
        rows = queues.aside(session)
        assert decide.release(session, [one.entry for one in rows], reason="asked: both are good")
        assert queues.aside(session) == []
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            people = {view.id for view in reader.persons()}
            assert people == known
    # It says so, and goes on; what follows is judged as before.
    more = stands.admit(forks.send())
    assert (more.quarantined, more.held) == (0, 0)
    assert more.notice is not None
    with forks.at_station("supervisor") as session:
        told = receive.receive(session, more.notice)
        assert not told.alarms, "it has heard of the copy"
        assert answers.open_ones(session) == []
        assert care.check(session).problems == ()
    with stands.at_station("supervisor") as session:
        for notice in [*notices_, more.notice]:
            receive.receive(session, notice)
        assert care.check(session).problems == ()
    stands.take_in(families(1, first=300), name="c.csv")
    last = stands.admit(stands.send())
    assert (last.quarantined, last.held) == (0, 0)
    with stands.at_registry() as session:
        care.rebuild(session)
        assert care.check(session).problems == ()


def test_approvals_beside_one_of_a_forked_record_come_free_with_it(
    twins: tuple[Site, Site],
) -> None:
    """The copy goes on in an epoch of its own and approves in one act what it took in before it
    knew, and after. The act waits whole, and nothing of it is lost."""
    stands, forks = twins
    stands.take_in(families(1, first=100), name="a.csv")
    forks.take_in(families(1, first=200), name="b.csv")
    stands.admit(stands.send())
    done = stands.admit(forks.send())
    assert done.notice is not None
    with forks.at_station("supervisor") as session:
        for notice in _notices(stands):
            receive.receive(session, notice)
    forks.take_in(families(1, first=300), name="c.csv")
    assert forks.approve().approved == 2
    done = stands.admit(forks.send())
    with stands.at_registry() as session:
        rows = queues.aside(session)
        assert "act_incomplete" in {one.code for one in rows}
        branch = [one.entry for one in rows if one.code in {"fork", "broken_link"}]
        decide.release(session, branch, reason="asked: both are good")
    done = stands.admit(forks.send())
    assert (done.quarantined, done.held) == (0, 0)
    with stands.at_registry() as session:
        assert queues.aside(session) == []
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            waits = {view.id: view.status for view in reader.queue("approved")}
    with forks.at_station() as session, session.store.read() as reader:
        own = {view.id for view in reader.queue("approved")}
    assert own <= set(waits)


@pytest.mark.parametrize("longer", [0, 4])
def test_the_twin_learns_of_the_fork_and_goes_on_beside_it(
    twins: tuple[Site, Site], longer: int
) -> None:
    stands, forks = twins
    stands.take_in(families(2, first=100), name="a.csv")
    forks.take_in(families(2, first=200), name="b.csv")
    with stands.at_registry() as session:
        first = admit.import_bundle(session, stands.send(), notice_parent=stands.outbox)
    assert first.notice is not None
    forks.take_in(families(longer, first=300), name="c.csv")
    own = set(at_station(forks))
    with forks.at_station("supervisor") as session:
        epoch = session.epoch
        got = [receive.receive(session, notice) for notice in _notices(stands)]
        assert [one.acknowledged for one in got] == [26, 0]
        # Also the shorter one knows: places before the end of the other are named too.
        assert got[-1].alarms
        assert session.epoch != epoch
        assert any("new numbers" in note for note in session.notes)
    # What the registry does not have was not taken for sent; what comes now stands.
    forks.take_in(families(1, first=400), name="d.csv")
    done = stands.admit(forks.send())
    assert fork_reasons(done)
    assert done.admitted == 1 + 6 + 1
    assert set(at_station(forks)) - own <= set(at_registry(stands))
    with forks.at_station("supervisor") as session:
        assert done.notice is not None
        last = receive.receive(session, done.notice)
        assert "quarantined" in {one.outcome for one in last.outcomes}
        assert care.check(session).problems == ()


def _notices(site: Site) -> list[Path]:
    from sync.inspect import inspect
    from sync.manifest import Kind

    folders = [path for path in site.outbox.iterdir() if path.is_dir()]
    found = [path for path in folders if inspect(path).kind is Kind.NOTICE]
    return sorted(found, key=lambda path: path.stat().st_mtime_ns)


def test_a_bundle_that_comes_early_waits_for_the_one_before(busy_site: Site) -> None:
    """Sync 2 (e): updates out of order are applied to what they were not made on."""
    first = busy_site.send()
    # No receipt comes back, so the next bundle would hold the first's entries as well: pretend
    # that one did, as when a notice was taken and the registry was restored from a backup.
    registry = busy_site.folder / "registry-before"
    shutil.copytree(busy_site.registry, registry)
    done = busy_site.admit(first)
    assert done.notice is not None
    with busy_site.at_station("supervisor") as session:
        assert receive.receive(session, done.notice).acknowledged > 0
    busy_site.take_in(families(2, first=30), name="more.csv")
    busy_site.approve()
    second = busy_site.send()
    shutil.rmtree(busy_site.registry)
    registry.rename(busy_site.registry)

    early = busy_site.admit(second)
    assert early.admitted == 0 and early.quarantined == 0
    assert early.held > 0
    assert any("Ask it for the bundle before" in reason for reason in early.reasons)
    assert at_registry(busy_site) == {}
    again = busy_site.admit(second)
    assert again.admitted == 0 and again.quarantined == 0

    late = busy_site.admit(first)
    assert late.held == 0 and late.quarantined == 0
    with busy_site.at_station() as session, session.store.read() as reader:
        head = reader.head(session.office.id, session.epoch)
        assert head is not None and late.admitted == head.sequence
    assert at_registry(busy_site) == at_station(busy_site)


def test_held_entries_of_a_twin_do_not_block_the_branch_that_stands(
    twins: tuple[Site, Site],
) -> None:
    """The twin's later entries come first and wait; then the chain they do not follow comes."""
    stands, forks = twins
    shutil.copytree(stands.registry, stands.folder / "registry-before")
    forks.take_in(families(1, first=200), name="b.csv")
    done = forks.admit(forks.send())
    assert done.notice is not None
    with forks.at_station("supervisor") as session:
        for notice in _notices(forks):
            receive.receive(session, notice)
    forks.take_in(families(2, first=210), name="b2.csv")
    gapped = forks.send()

    held = stands.admit(gapped)
    assert held.held > 0 and held.admitted == 0
    stands.take_in(families(3, first=100), name="a.csv")
    good = stands.admit(stands.send())
    assert good.admitted >= 3 * 6, good
    assert good.held == 0
    assert set(at_registry(stands)) == set(at_station(stands))
    with stands.at_registry() as session:
        assert {row.code for row in queues.aside(session)} <= {"fork", "broken_link"}
        with session.store.read() as reader:
            assert reader.count_entries("held") == 0


def test_what_stands_on_an_entry_that_is_held_waits_with_it(busy_site: Site) -> None:
    """A copied station goes on in an epoch of its own, whose entries are judged at once while
    those that they stand on are still held for a gap: they come free together."""
    busy_site.admit(busy_site.send())  # the registry knows who works there
    registry = busy_site.folder / "registry-before"
    shutil.copytree(busy_site.registry, registry)
    busy_site.take_in(families(1, first=70), name="other.csv")
    first = busy_site.send()
    busy_site.admit(first)
    with busy_site.at_station("supervisor") as session:
        for notice in _notices(busy_site):
            receive.receive(session, notice)
    shutil.rmtree(busy_site.registry)
    registry.rename(busy_site.registry)

    busy_site.take_in(LISTED, name="more.csv")
    moved = busy_site.folder / "moved"
    shutil.copytree(busy_site.station, moved)
    with busy_site.at_station(folder=moved) as session:
        record(session, "death", deceased="Hawa")
    bundle = busy_site.send(folder=moved)
    with busy_site.at_registry() as session:
        # Two commits: what is held is kept already when the other epoch is looked at.
        assert admit.import_bundle(session, bundle, batch=5).held > 0
    busy_site.admit(first)
    with busy_site.at_registry() as session:
        assert queues.aside(session) == []
        assert care.check(session).problems == ()
