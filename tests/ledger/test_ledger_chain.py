from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import kinds
from ledger.chain import (
    BadLink,
    Earlier,
    Fork,
    Gap,
    Head,
    Next,
    Receipt,
    Same,
    continue_chain,
    is_covered,
)
from ledger.entry import Entry, Subject
from ledger.errors import EntryError
from tests.ledger.builders import Office, make_world, uuid
from values.identifiers import EntryHash


def amend(station: Office, note: str = "x") -> Entry:
    return station.write(
        kinds.PERSON_AMENDED,
        Subject(kinds.PERSON, uuid("p")),
        {"changes": {"notes": note}, "reason": None},
    )


@pytest.fixture
def entries(station: Office) -> list[Entry]:
    return [station.begin(), *(amend(station, str(i)) for i in range(4))]


def other_branch(station: Office, at: Entry) -> Entry:
    """What a clone of the store writes after ``at``."""
    station.head = Head.of(at)
    return amend(station, "clone")


def test_each_continues_the_one_before(entries: list[Entry]) -> None:
    head = None
    for entry in entries:
        link = continue_chain(head, entry)
        assert isinstance(link, Next)
        head = link.head
        assert head == Head.of(entry)


def test_the_same_again_is_the_same(entries: list[Entry]) -> None:
    head = Head.of(entries[2])
    assert continue_chain(head, entries[2]) == Same()
    assert continue_chain(head, entries[1], standing=entries[1].hash) == Same()
    assert continue_chain(head, entries[1]) == Earlier(2)


def test_a_gap_says_what_is_missing(entries: list[Entry]) -> None:
    assert continue_chain(Head.of(entries[1]), entries[4]) == Gap(3)
    assert continue_chain(None, entries[1]) == Gap(1)


def test_another_entry_at_the_same_place_is_a_fork(station: Office, entries: list[Entry]) -> None:
    clone = other_branch(station, entries[2])
    assert continue_chain(Head.of(entries[3]), clone) == Fork(entries[3].hash)
    assert continue_chain(Head.of(entries[4]), clone, standing=entries[3].hash) == Fork(
        entries[3].hash
    )


def test_the_tail_of_a_fork_does_not_link(station: Office, entries: list[Entry]) -> None:
    other_branch(station, entries[2])
    tail = amend(station, "clone's second")
    assert continue_chain(Head.of(entries[3]), tail) == BadLink()


def test_another_chains_head_is_a_program_error(entries: list[Entry]) -> None:
    other = make_world().stations[1]
    with pytest.raises(ValueError, match="another chain"):
        continue_chain(Head.of(other.begin()), entries[1])


def test_a_new_epoch_starts_at_one(station: Office, entries: list[Entry]) -> None:
    station.epoch, station.head = b"epoch--2", None
    first = station.begin()
    assert first.header.sequence == 1
    assert isinstance(continue_chain(None, first), Next)


def test_a_receipt_covers_what_came_before_it(station: Office, entries: list[Entry]) -> None:
    receipts = [Receipt.of(Head.of(entries[2]))]
    assert [is_covered(entry, receipts) for entry in entries] == [True, True, True, False, False]
    assert not is_covered(entries[0], [])
    clone = other_branch(station, entries[1])
    assert not is_covered(clone, receipts)
    assert not is_covered(clone, [Receipt.of(Head.of(entries[4])), *receipts])


def test_receipts_of_other_epochs_cover_nothing(station: Office, entries: list[Entry]) -> None:
    head = Head.of(entries[4])
    assert not is_covered(entries[0], [Receipt(head.office, b"epoch--2", 9, head.hash)])
    other = Receipt(make_world().registry.id, head.epoch, 9, head.hash)
    assert not is_covered(entries[0], [other])


@given(st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_receipts_read_back(sequence: int, hash_: bytes) -> None:
    office = make_world(1).stations[0]
    receipt = Receipt(office.id, office.epoch, sequence, EntryHash(hash_))
    assert Receipt.from_value(receipt.to_value()) == receipt


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        [bytes(16), bytes(8), 1],
        [bytes(15), bytes(8), 1, bytes(32)],
        [bytes(16), bytes(7), 1, bytes(32)],
        [bytes(16), bytes(8), 0, bytes(32)],
        [bytes(16), bytes(8), True, bytes(32)],
        [bytes(16), bytes(8), 1, bytes(31)],
        [bytes(16), bytes(8), "1", bytes(32)],
        {"office": bytes(16)},
    ],
)
def test_bad_receipts(value: object) -> None:
    with pytest.raises(EntryError) as fault:
        Receipt.from_value(value)
    assert fault.value.code == "receipt"
