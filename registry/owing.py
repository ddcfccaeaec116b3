"""Whom an import brought and nobody has compared yet: noted when it ends, and looked at after the
receipt.

The note is written in the commit that ends an import, and goes when all its persons are compared.
Until then every part notes how far it is, so that whoever is cut off, or stops, goes on there;
doing a part twice changes nothing.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from uuid import UUID

from registry import adjudication
from registry.adjudication_cases import count_open
from values import cbor
from values.identifiers import BundleId, OfficeId, PersonId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from db.records import BundleRecord
    from db.store import Reader, UnitOfWork
    from workspace.session import Session

    Progress = Callable[[int, int], None]

FAILPOINTS: Final = ("compared", "proposed")
"""Where tests stop this: between parts of the persons, and when all of a bundle are compared."""

PARTS: Final = 2
"""Compared at once while somebody looks at the queue."""

PREFIX: Final = "pairs/owed/"
"""Settings, one for each bundle of which somebody is not compared: its id follows in hexadecimal,
so that the oldest comes first."""


@dataclass(frozen=True, slots=True)
class Owed:
    """Persons of one import: those told of by what the office's entries of these arrivals say, and
    `more`, who were let in with them. `after`: the last, in the order of ids, who was compared."""

    bundle: BundleId
    office: OfficeId
    since: int
    upto: int
    more: frozenset[PersonId] = frozenset()
    after: bytes = b""

    @property
    def key(self) -> str:
        """Of the setting that keeps it."""
        return PREFIX + self.bundle.hex

    def to_bytes(self) -> bytes:
        """As the setting keeps it."""
        return cbor.encode(
            {
                "bundle": self.bundle.bytes,
                "office": self.office.bytes,
                "since": self.since,
                "upto": self.upto,
                "more": sorted(one.bytes for one in self.more),
                "after": self.after,
            }
        )


def owe(unit: UnitOfWork, record: BundleRecord, since: int, more: Iterable[PersonId]) -> None:
    """Note, at the end of an import, that its persons are to be compared: those whom the station's
    entries since an arrival tell of, and `more`."""
    owed = Owed(record.id, record.office, since, unit.last_arrival(), frozenset(more))
    kept = unit.setting(owed.key)
    if kept is not None:
        # The same bundle brought more before anybody had come by.
        before = _read(kept)
        owed = replace(owed, since=min(since, before.since), more=owed.more | before.more)
    unit.put_setting(owed.key, owed.to_bytes())


def waits(reader: Reader) -> bool:
    """Whether anybody is to be compared."""
    return bool(reader.settings(PREFIX))


def propose(
    session: Session,
    *,
    progress: Progress = lambda done, total: None,
    failpoint: Callable[[str], None] = lambda name: None,
) -> int:
    """Look for others who may be one with whom imports brought, and note each pair; returns how
    many pairs came into the queue.

    `progress` is told between two parts how many persons of how many of a bundle were compared:
    what it raises stops the work there, and the next call goes on. `failpoint` is called as that of
    an import is.
    """
    made = 0
    with session.store.read() as reader:
        waiting = [_read(value) for _, value in sorted(reader.settings(PREFIX).items())]
    for owed in waiting:
        made += _propose(session, owed, progress, failpoint)
    return made


def propose_some(session: Session) -> tuple[int, bool]:
    """`propose` for a second or two, for whoever looks at the queue meanwhile: how many pairs came
    into it, and whether somebody is still to be compared."""
    begun = 0

    def moved(done: int, total: int) -> None:
        nonlocal begun
        begun += 1
        if begun > PARTS:
            raise _EnoughError

    with session.store.read() as reader:
        before = count_open(reader)
    with suppress(_EnoughError):
        propose(session, progress=moved)
    with session.store.read() as reader:
        return max(0, count_open(reader) - before), waits(reader)


class _EnoughError(Exception):
    """For now."""


def _propose(
    session: Session, owed: Owed, progress: Progress, failpoint: Callable[[str], None]
) -> int:
    with session.store.read() as reader:
        told = adjudication.told_of(reader, [owed.office], owed.since, upto=owed.upto)
    persons = {*told, *owed.more}

    def keep(unit: UnitOfWork, last: PersonId) -> None:
        kept = unit.setting(owed.key)
        # More may have come for the same bundle meanwhile; then it is gone through once more.
        if kept is not None and (now := _read(kept)).upto == owed.upto:
            unit.put_setting(owed.key, replace(now, after=last.bytes).to_bytes())

    def moved(done: int, total: int) -> None:
        failpoint("compared")
        progress(done, total)

    made = adjudication.propose_for(session, persons, after=owed.after, keep=keep, progress=moved)
    failpoint("proposed")
    with session.store.write() as unit:
        kept = unit.setting(owed.key)
        if kept is not None and _read(kept).upto == owed.upto:
            unit.delete_setting(owed.key)
    return made


def _read(value: bytes) -> Owed:
    kept = cbor.decode(value)
    return Owed(
        BundleId(UUID(bytes=kept["bundle"])),
        OfficeId(UUID(bytes=kept["office"])),
        kept["since"],
        kept["upto"],
        frozenset(PersonId(UUID(bytes=one)) for one in kept["more"]),
        kept["after"],
    )
