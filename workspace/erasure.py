"""Lawful erasure: what was said about somebody goes, and that it went is said by two people.

An erased entry keeps its header and signature, so the chain stays whole; its body and its photos
are gone. The erasure is an entry itself, with its legal basis, the second person who confirmed it,
and what of a paper must outlive it: its number and its place in the status list. Copies elsewhere
(backups, bundles on sticks) are not reached: the guide says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.records import Lost
from ledger import authority, kinds
from ledger.entry import Subject
from workspace.accounts import load_slots
from workspace.act import refold
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.store import Reader, UnitOfWork
    from ledger.entry import Entry
    from values.identifiers import EntryHash, PersonId, UserId
    from values.secret import Secret
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class Erased:
    """How many entries lost their bodies, and how many photos went."""

    entries: int
    photos: int


def entries_about(session: Session, person: PersonId) -> list[EntryHash]:
    """The entries that say who a person is: the person's own, and documents with the name on."""
    with session.store.read() as reader:
        household = reader.household_of(person)
        documents = reader.documents_of(person, household=household.id if household else None)
        about = [("person", person), *(("document", one.id) for one in documents)]
        return [
            entry.hash
            for kind, identity in about
            for entry in reader.entries_of(kind, identity)
            if entry.body_bytes is not None
        ]


def erase(
    session: Session,
    entries: Iterable[EntryHash],
    *,
    basis: str,
    second: str,
    second_passphrase: Secret,
) -> Erased:
    """Erase the bodies of entries, and photos that nothing else names.

    `basis` is the legal ground in words, without names. `second` is another user of this office,
    who confirms with a passphrase. Erasing again what is erased removes what a kill may have left.
    Raises `RefusedError`, and `db.errors.WrongPassphraseError` when the second person's is wrong.
    """
    require(session, Right.ERASE)
    if not basis.strip():
        raise RefusedError("basis", "Say on which legal basis this is erased.")
    confirmed_by = _confirmed(session, second, second_passphrase)
    wanted = list(dict.fromkeys(entries))
    with session.act() as act:
        found = [act.unit.entry(hash_) for hash_ in wanted]
        known = [entry for entry in found if entry is not None]
        if not known or len(known) != len(wanted):
            raise RefusedError("unknown_entry", "One of these entries is not here. Look again.")
        said = {"entries": wanted, "basis": basis.strip(), "second": confirmed_by.bytes}
        # A paper that was handed out stays what it is: withdrawn, under a number of its own.
        kept = [one for entry in known if (one := authority.outliving(entry)) is not None]
        act.say(
            kinds.ENTRY_ERASED,
            Subject("office", session.office.id),
            said | {"kept": kept} if kept else said,
        )
        count = carry_out(session, act.unit, known)
    return Erased(count, drop_photos(session, known))


def carry_out(
    session: Session, unit: UnitOfWork, entries: Iterable[Entry], *, lost: Lost = Lost.ERASED
) -> int:
    """Null the bodies, and fold what is left. The photos follow once this is committed."""
    erased = list(entries)
    count = unit.lose_bodies([entry.hash for entry in erased], lost)
    refold(session, unit, {entry.header.subject for entry in erased})
    return count


def drop_photos(session: Session, erased: Iterable[Entry]) -> int:
    """Remove the photos of erased entries, unless an entry that still speaks names them too."""
    blobs = {bytes(blob) for entry in erased for blob in entry.header.blobs}
    if not blobs:
        return 0
    with session.store.read() as reader:
        blobs -= _still_named(reader, blobs)
    return session.store.photos.drop(sorted(blobs))


def _still_named(reader: Reader, blobs: set[bytes]) -> set[bytes]:
    return {
        bytes(blob)
        for _, entry, standing in reader.arrivals()
        if not standing.lost
        for blob in entry.header.blobs
        if bytes(blob) in blobs
    }


def _confirmed(session: Session, name: str, passphrase: Secret) -> UserId:
    """Prove who the second person is."""
    slots = load_slots(session.folder, session.env)
    user = slots.user(name)
    if user.id == session.user.id:
        raise RefusedError("second", "A second person has to confirm this: another user.")
    slots.open(name, passphrase, session.env.device.device_secret(slots.workspace)).forget()
    return user.id
