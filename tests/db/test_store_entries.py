"""The contract of the ledger's tables, on every engine."""

from __future__ import annotations

import threading

import pytest

from db.errors import PlaceTakenError, UnknownEntryError
from db.records import EntryState, Lost, Standing
from db.store import Store
from ledger import kinds
from ledger.chain import Head
from ledger.entry import Entry, read
from tests.db.people import Office, save


def put(store: Store, *entries: Entry, state: str = "admitted", reason: str | None = None) -> None:
    with store.write() as unit:
        for entry in entries:
            unit.append(entry, state=state, reason=reason)


def fork_of(office: Office, at: int) -> Office:
    """The same office as a clone saw it: another chance from the same place."""
    other = Office(office.seed)
    other.household()
    other.chance.seed(99)
    other.sequence, other.people = at, 50
    return other


def test_entries_come_back_verbatim(store: Store, office: Office) -> None:
    """Sync 2 (g): an event that is encoded again has no longer its hash."""
    entries = office.household()
    put(store, *entries)
    with store.read() as reader:
        for entry in entries:
            found = reader.entry(entry.hash)
            assert found == entry
            assert found is not None
            assert read(found.header_bytes, found.signature, found.body_bytes).body == entry.body
        assert list(reader.chain(office.id, office.epoch)) == entries
        assert list(reader.chain(office.id, office.epoch, after=2, upto=5)) == entries[2:5]
        assert reader.at(office.id, office.epoch, 3) == entries[2]
        assert reader.at(office.id, office.epoch, 8) is None
        assert reader.entry(bytes(32)) is None
        assert reader.count_entries() == 7
        assert [entry for _, entry, _ in reader.arrivals()] == entries
        assert [number for number, _, _ in reader.arrivals(after=5)] == [6, 7]
        assert reader.known([entries[0].hash, bytes(32)]) == {entries[0].hash}


def test_subjects_kinds_and_groups(store: Store, office: Office) -> None:
    entries = office.household()
    first = entries[0].header
    amended = office.say(
        kinds.PERSON_AMENDED,
        ("person", first.subject.id),
        {"changes": {"sex": "X"}},
        base=(entries[0].hash,),
    )
    put(store, *entries, amended)
    with store.read() as reader:
        assert reader.entries_of("person", first.subject.id) == [entries[0], amended]
        assert reader.entries_of("household", first.subject.id) == []
        assert reader.entries_of_kind(kinds.PERSON_AMENDED, "person") == [amended]
        assert reader.group(first.group.id) == [entries[0]]
        assert set(reader.subjects()) == {
            (entry.header.subject.type, entry.header.subject.id) for entry in entries
        }


def test_heads_follow_the_chains(store: Store, office: Office) -> None:
    with store.read() as reader:
        assert reader.head(office.id, office.epoch) is None
        assert reader.latest_head(office.id) is None
    first = office.household()
    put(store, *first)
    old = office.epoch
    office.begin_epoch()
    second = office.household(2)
    put(store, *second)
    with store.read() as reader:
        assert reader.head(office.id, old) == Head.of(first[-1])
        assert reader.head(office.id, office.epoch) == Head.of(second[-1])
        assert reader.latest_head(office.id) == Head.of(second[-1])
        assert reader.epochs(office.id) == [
            (old, Head.of(first[-1])),
            (office.epoch, Head.of(second[-1])),
        ]
        assert reader.chains() == [Head.of(first[-1]), Head.of(second[-1])]


def test_the_head_moves_inside_a_unit(store: Store, office: Office) -> None:
    one, two = office.person(), office.person()
    with store.write() as unit:
        assert unit.head(office.id, office.epoch) is None
        unit.append(one)
        assert unit.head(office.id, office.epoch) == Head.of(one)
        assert unit.latest_head(office.id) == Head.of(one)
        unit.append(two)
        assert unit.entries_of("person", two.header.subject.id) == [two]
        assert unit.entry(two.hash) == two
        assert unit.head(office.id, office.epoch) == Head.of(two)


def test_a_unit_is_all_or_nothing(store: Store, office: Office) -> None:
    entries = office.household()
    with pytest.raises(RuntimeError), store.write() as unit:
        for entry in entries:
            unit.append(entry)
        unit.flush()
        raise RuntimeError("the power of an exception")
    with store.read() as reader:
        assert reader.count_entries() == 0
        assert reader.head(office.id, office.epoch) is None
        # On PostgreSQL numbers are taken in blocks, and what is left of a block is lost.
        assert store.engine == "postgresql" or reader.counter("store:entries") == 0
    put(store, *entries)
    with store.read() as reader:
        assert reader.count_entries() == 7


def test_a_known_entry_changes_nothing(store: Store, office: Office) -> None:
    entries = office.household()
    put(store, *entries)
    put(store, *entries)
    put(store, entries[0], state="quarantined", reason="late doubt")
    put(store, entries[0], state="held")
    with store.read() as reader:
        assert reader.count_entries() == 7
        assert reader.standing(entries[0].hash) == Standing(EntryState.ADMITTED)
        assert reader.head(office.id, office.epoch) == Head.of(entries[-1])


def test_one_place_one_entry(store: Store, office: Office) -> None:
    entries = office.household()
    put(store, *entries)
    forked = fork_of(office, at=2).person()
    assert forked.header.sequence == 3
    with pytest.raises(PlaceTakenError):
        put(store, forked)
    with pytest.raises(PlaceTakenError):
        put(store, forked, state="held")
    with store.read() as reader:
        assert reader.count_entries() == 7
        assert reader.entry(forked.hash) is None


def test_two_entries_of_one_unit_at_one_place(store: Store, office: Office) -> None:
    one = office.person()
    other = fork_of(office, at=0)
    other.previous = None
    with pytest.raises(PlaceTakenError):
        put(store, one, other.person())


def test_a_fork_is_kept_apart(store: Store, office: Office) -> None:
    entries = office.household()
    put(store, *entries)
    forked = fork_of(office, at=2).person()
    put(store, forked, state="quarantined", reason="fork")
    with store.read() as reader:
        assert reader.entry(forked.hash) == forked
        assert reader.standing(forked.hash) == Standing(EntryState.QUARANTINED, "fork", forked=True)
        assert reader.at(office.id, office.epoch, 3) == entries[2]
        assert reader.forks(office.id) == [(forked, "fork")]
        assert reader.forks() == [(forked, "fork")]
        assert reader.entries_in("quarantined") == [forked]
        assert reader.counts().quarantined == 1
        assert reader.known([forked.hash]) == {forked.hash}
        assert reader.entries_of("person", forked.header.subject.id) == []
    with store.write() as unit:
        unit.set_state([forked.hash], "quarantined", "cloned disk")
    with store.read() as reader:
        assert reader.forks() == [(forked, "cloned disk")]


def test_put_aside_leaves_the_place_free(store: Store, office: Office) -> None:
    entries = office.household()
    put(store, *entries[:2])
    stray = fork_of(office, at=2).person()
    with store.write() as unit:
        unit.append(stray, state="quarantined", reason="bad_link", aside=True)
    put(store, *entries[2:])
    with store.read() as reader:
        assert reader.head(office.id, office.epoch) == Head.of(entries[-1])
        assert reader.forks() == [(stray, "bad_link")]


def test_a_released_fork_stands_beside_the_entry_at_its_place(store: Store, office: Office) -> None:
    entries = office.household()
    put(store, *entries)
    branch = fork_of(office, at=2)
    forked, tail = branch.person(), branch.person()
    put(store, forked, tail, state="quarantined", reason="fork")
    with store.write() as unit:
        unit.set_state([forked.hash], "admitted")
    with store.read() as reader:
        assert reader.entry(forked.hash) == forked
        assert reader.standing(forked.hash) == Standing(EntryState.ADMITTED)
        assert reader.entries_of("person", forked.header.subject.id) == [forked]
        assert reader.forks() == [(tail, "fork")]
        assert reader.counts().quarantined == 1
        assert [one.hash for one in reader.branches(office.id)] == [forked.hash, tail.hash]
        assert reader.forked([forked.hash, tail.hash]) == {forked.hash, tail.hash}
        # The chain is what it was.
        assert reader.at(office.id, office.epoch, 3) == entries[2]
        assert list(reader.chain(office.id, office.epoch)) == entries
        assert reader.epochs(office.id) == [(office.epoch, Head.of(entries[-1]))]
    with store.write() as unit:
        unit.set_state([forked.hash], "quarantined", "refused")
        assert unit.lose_bodies([forked.hash], "erased") == 1
    with store.read() as reader:
        gone = reader.entry(forked.hash)
        assert gone is not None and gone.body is None
        assert all(one.body is None for one in reader.branches(office.id)[:1])
    with pytest.raises(UnknownEntryError), store.write() as unit:
        unit.set_state([b"?" * 32], "admitted")


def test_held_entries_wait_outside_the_chain(store: Store, office: Office) -> None:
    entries = office.household()
    put(store, *entries[:2])
    put(store, *entries[4:], state="held", reason="gap")
    with store.read() as reader:
        assert reader.head(office.id, office.epoch) == Head.of(entries[1])
        assert reader.held(office.id, office.epoch) == entries[4:]
        assert reader.counts().held == 3
        assert reader.entries_of("household", entries[4].header.subject.id) == []
    put(store, *entries[2:4])
    with store.write() as unit:
        unit.set_state([entry.hash for entry in entries[4:]], "admitted")
        assert unit.head(office.id, office.epoch) == Head.of(entries[-1])
    with store.read() as reader:
        assert reader.head(office.id, office.epoch) == Head.of(entries[-1])
        assert reader.held(office.id, office.epoch) == []
        assert reader.count_entries("admitted") == 7


def test_a_held_tail_of_another_branch_leaves_its_place(store: Store, office: Office) -> None:
    entries = office.household()
    put(store, *entries[:2])
    clone = fork_of(office, at=2)
    clone.person()
    tail = clone.person()
    assert tail.header.sequence == 4
    put(store, tail, state="held", reason="gap")
    put(store, entries[2])
    with store.write() as unit:
        unit.set_state([tail.hash], "quarantined", "fork")
    put(store, *entries[3:])
    with store.read() as reader:
        assert reader.head(office.id, office.epoch) == Head.of(entries[-1])
        assert reader.forks() == [(tail, "fork")]


def test_quarantine_in_place_keeps_the_chain_going(store: Store, office: Office) -> None:
    entries = office.household()
    put(store, *entries[:2])
    put(store, entries[2], state="quarantined", reason="revoked")
    put(store, *entries[3:])
    subject = entries[2].header.subject
    with store.read() as reader:
        assert reader.head(office.id, office.epoch) == Head.of(entries[-1])
        assert reader.entries_of(subject.type, subject.id) == []
        assert reader.entries_in(EntryState.QUARANTINED) == [entries[2]]
        assert list(reader.chain(office.id, office.epoch)) == entries
    with store.write() as unit:
        unit.set_state([entries[2].hash], "admitted")
    with store.read() as reader:
        assert reader.entries_of(subject.type, subject.id) == [entries[2]]
    with pytest.raises(UnknownEntryError), store.write() as unit:
        unit.set_state([bytes(32)], "admitted")


def test_bodies_are_lost_lawfully(store: Store, office: Office) -> None:
    entries = office.household()
    put(store, *entries)
    with store.write() as unit:
        assert unit.lose_bodies([entries[0].hash, entries[1].hash], Lost.PRUNED) == 2
        assert unit.lose_bodies([entries[0].hash], Lost.PRUNED) == 0
        assert unit.lose_bodies([entries[2].hash], "erased") == 1
        with pytest.raises(ValueError, match="say how"):
            unit.lose_bodies([entries[3].hash], "")
    with store.read() as reader:
        assert reader.entry(entries[0].hash) == entries[0].without_body()
        assert reader.standing(entries[1].hash) == Standing(EntryState.ADMITTED, lost=Lost.PRUNED)
        assert reader.standing(entries[2].hash) == Standing(EntryState.ADMITTED, lost=Lost.ERASED)
        assert [entry.hash for entry in reader.chain(office.id, office.epoch)] == [
            entry.hash for entry in entries
        ]


def test_an_entry_that_came_without_its_body(store: Store, office: Office) -> None:
    bare = office.person().without_body()
    put(store, bare)
    with store.read() as reader:
        assert reader.entry(bare.hash) == bare
        standing = reader.standing(bare.hash)
        assert standing is not None
        assert standing.lost is Lost.PRUNED


def test_large_units_are_written_in_parts(store: Store, office: Office) -> None:
    people = [office.person() for _ in range(2100)]
    put(store, *people)
    with store.read() as reader:
        assert reader.count_entries() == 2100
        assert list(reader.chain(office.id, office.epoch)) == people
        assert [number for number, _, _ in reader.arrivals()] == list(range(1, 2101))


def test_a_reader_keeps_its_picture(store: Store, office: Office) -> None:
    save(store, office.household())
    with store.read() as reader:
        assert reader.count_entries() == 7
        save(store, office.household())
        assert reader.count_entries() == 7
        assert reader.counts().persons == 4
    with store.read() as reader:
        assert reader.count_entries() == 14


def test_writers_of_one_program_wait_for_each_other(store: Store) -> None:
    offices = [Office(seed) for seed in range(1, 5)]
    acts = [[office.household(2) for _ in range(3)] for office in offices]
    failures: list[BaseException] = []

    def work(mine: list[list[Entry]]) -> None:
        try:
            for entries in mine:
                save(store, entries)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with store.read() as reader:
        assert reader.count_entries() == 4 * 3 * 5
        assert len(reader.chains()) == 4
        numbers = [number for number, _, _ in reader.arrivals()]
        assert len(set(numbers)) == 60 and numbers == sorted(numbers)
