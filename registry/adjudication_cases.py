"""A pair of persons who may be one: what the registry's chain says of it, folded.

Every word about a pair is an entry of the registry's own chain; the case that queues list is
computed from them. One person's "same" is not enough: it waits for a second registrar's. What one
says wrong is taken back by a counter-entry, and the case is as if it had never been said.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ledger import kinds
from values import cbor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from db.store import Reader
    from ledger.entry import Entry
    from ledger.views import PersonView
    from values.identifiers import EntryHash, PersonId, UserId

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
UNLINKED, WITHDRAWN = "unlinked", "withdrawn"
ANSWERS = (SAME, DIFFERENT, UNSURE)

DECISIVE = (
    "name",
    "name_latin",
    "other_names",
    "sex",
    "birth",
    "father_name",
    "mother_name",
    "documents",
    "photo",
)
"""The answers by which two persons are told apart: when one of them changes, a pair that was
decided is asked about again."""

MARK = "adjudication/proposed"
"""The setting that says up to which arrival the registry's own entries were looked at."""

_PREFIX = b"waystation/match/1\0"


class State(StrEnum):
    """Where a pair stands. PROPOSED waits for a first look, SECOND for a second registrar,
    DISPUTED for a third: two said different things. GONE: nothing speaks for it any more."""

    PROPOSED = "proposed"
    SECOND = "second"
    DISPUTED = "disputed"
    LINKED = "linked"
    DIFFERENT = "different"
    UNSURE = "unsure"
    GONE = "gone"


OPEN = (State.SECOND, State.DISPUTED, State.PROPOSED)
"""The states that wait for somebody, the most urgent first."""


def count_open(reader: Reader) -> int:
    """How many pairs wait for somebody."""
    pairs = reader.count_match_cases()
    return sum(pairs.get(state, 0) for state in OPEN)


@dataclass(frozen=True, slots=True)
class Word:
    """What one registrar said of a pair, and on what."""

    entry: EntryHash
    author: UserId
    at: datetime
    decision: str
    reason: str
    basis: bytes
    undoes: EntryHash | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What a pair's entries say. `standing` counts; `told` is everything ever said, in order;
    `withdrawn` are the entries that were taken back. `heads` are what the next entry builds on."""

    state: State
    standing: tuple[Word, ...] = ()
    told: tuple[Word, ...] = ()
    withdrawn: frozenset[EntryHash] = frozenset()
    heads: tuple[EntryHash, ...] = field(default=())

    def last_of(self, author: UserId) -> Word | None:
        """The author's last word that was not taken back."""
        mine = [
            word
            for word in self.told
            if word.author == author
            and word.entry not in self.withdrawn
            and word.decision != WITHDRAWN
        ]
        return mine[-1] if mine else None


def pair(one: PersonId, other: PersonId) -> tuple[PersonId, PersonId]:
    """Both, in the order in which pairs are kept."""
    return (one, other) if one.bytes < other.bytes else (other, one)


def match_id(one: PersonId, other: PersonId) -> UUID:
    """The id under which a pair is spoken of (UUIDv8, RFC 9562 5.8)."""
    first, second = pair(one, other)
    digest = bytearray(hashlib.sha256(_PREFIX + first.bytes + second.bytes).digest()[:16])
    digest[6] = 0x80 | digest[6] & 0x0F
    digest[8] = 0x80 | digest[8] & 0x3F
    return UUID(bytes=bytes(digest))


def basis_of(one: PersonView, other: PersonView) -> bytes:
    """A digest of what both records say, of that by which persons are told apart."""
    first, second = sorted((one, other), key=lambda view: view.id.bytes)
    told = [[view.values.get(name) for name in DECISIVE] for view in (first, second)]
    return hashlib.sha256(cbor.encode(told)).digest()[:16]


def fold_case(entries: Iterable[Entry]) -> Case:
    """The case of one pair, from the entries about it in the order of the chain."""
    return fold_words([word for entry in entries if (word := _word(entry)) is not None])


def fold_words(told: Sequence[Word]) -> Case:
    """The case of one pair, from what was said of it."""
    withdrawn = frozenset(
        word.undoes for word in told if word.decision == WITHDRAWN and word.undoes is not None
    )
    counted: list[Word] = []
    for word in told:
        if word.decision == WITHDRAWN or word.entry in withdrawn:
            continue
        if word.decision == UNLINKED:
            counted = []
        elif counted and counted[-1].basis != word.basis and _state(counted) is not State.LINKED:
            counted = []  # they were said of other answers
        counted = [*(one for one in counted if one.author != word.author), word]
    return Case(
        state=_state(counted),
        standing=tuple(counted),
        told=tuple(told),
        withdrawn=withdrawn,
        heads=(told[-1].entry,) if told else (),
    )


def _word(entry: Entry) -> Word | None:
    body = entry.body
    if entry.header.kind != kinds.MATCH_DECIDED or body is None:
        return None
    return Word(
        entry=entry.hash,
        author=entry.header.author,
        at=entry.header.device_time,
        decision=str(body["decision"]),
        reason=str(body["reason"]),
        basis=body.get("basis") or b"",
        undoes=body.get("undoes"),
    )


def _state(words: Sequence[Word]) -> State:
    said: dict[str, int] = {}
    for word in words:
        meant = DIFFERENT if word.decision == UNLINKED else word.decision
        said[meant] = said.get(meant, 0) + 1
    same, different = said.get(SAME, 0), said.get(DIFFERENT, 0)
    if same >= 2 and same > different:
        return State.LINKED
    if different and different > same and (not same or different >= 2):
        return State.DIFFERENT
    if same and different:
        return State.DISPUTED
    if same:
        return State.SECOND
    return State.UNSURE if said.get(UNSURE) else State.PROPOSED


def details_of(reasons: Iterable[Any], *, basis: bytes, version: str) -> dict[str, Any]:
    """What is kept beside a case: the reasons for which it was proposed, weights in tenths."""
    return {
        "reasons": [[one.code, round(one.weight * 10)] for one in reasons],
        "basis": basis,
        "weights": version,
    }
