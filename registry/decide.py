"""What registrars decide: registering and numbering, releasing what was put aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import admission, kinds
from ledger.entry import Subject
from registry.numbering import give_number
from workspace.act import refold
from workspace.care import known_certificates
from workspace.errors import RefusedError
from workspace.linked import records_of
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Iterable

    from values.identifiers import EntryHash, PersonId, RegistrationId
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class Registering:
    """How many registrations were registered, and how many persons got a permanent number."""

    registered: int
    numbered: int


def register(session: Session, registrations: Iterable[RegistrationId]) -> Registering:
    """Register approved registrations and give their persons permanent numbers.

    Only a reviewed registration can be registered; others are left as they are. A record that is
    linked with another of the same person gets no number of its own when that one has one.
    """
    require(session, Right.REGISTER)
    registered = 0
    numbered: set[PersonId] = set()
    with session.act() as act:
        for identity in registrations:
            view = act.unit.registration(identity)
            if view is None:
                raise RefusedError("unknown_registration", "There is no such registration here.")
            if view.status != "approved":
                continue
            act.say(
                kinds.REGISTRATION_REGISTERED,
                Subject("registration", identity),
                {},
                base=view.heads,
            )
            registered += 1
            for person in view.persons:
                known = act.unit.person(person)
                if known is None or known.permanent or known.voided:
                    continue
                # One person, one number: a record linked with one that has a number goes by it.
                same = records_of(act.unit, person)
                if any(one.permanent or one.id in numbered for one in same):
                    continue
                give_number(session, act, known)
                numbered.add(person)
    return Registering(registered, len(numbered))


def release(session: Session, entries: Iterable[EntryHash], *, reason: str) -> int:
    """Admit entries that were put aside, with the reason.

    What a copy of a station said counts then beside what stands at its place, and both are kept.
    What waited for it is looked at again at the next import. Raises `RefusedError` for what its
    author has not signed: a registrar can vouch for what was said, not for who said it.
    """
    require(session, Right.REGISTER)
    reason = reason.strip()
    if not reason:
        raise RefusedError("reason", "Say why these entries are good.")
    hashes = list(entries)
    root = session.office.root
    assert root is not None  # noqa: S101 - a registry is founded with its root
    with session.act() as act:
        certificates = known_certificates(session, act.unit)
        touched = set()
        for one in hashes:
            standing = act.unit.standing(one)
            entry = act.unit.entry(one)
            if entry is None or standing is None or standing.state != "quarantined":
                raise RefusedError("not_aside", "One of these entries is not put aside.")
            if admission.author_fault(entry, certificates, root) is not None:
                raise RefusedError(
                    "not_signed",
                    "This entry was not signed by the user it names, so it cannot be released. "
                    "Ask the station to say it again.",
                )
            touched.add(entry.header.subject)
        act.unit.set_state(hashes, "admitted", None)
        refold(session, act.unit, touched)
        act.say(
            kinds.QUARANTINE_RELEASED,
            Subject("bundle", act.id),
            {"entries": hashes, "reason": reason},
        )
    return len(hashes)


REFUSED = "refused"
"""Why an entry stays put aside: somebody decided so. It is not judged again by itself."""


def refuse(session: Session, entries: Iterable[EntryHash], *, reason: str) -> int:
    """Decide that entries stay put aside, with the reason, which the station is told.

    Nothing is deleted, and a registrar may still admit them. Raises `RefusedError` for what is not
    put aside.
    """
    require(session, Right.REFUSE)
    reason = reason.strip()
    if not reason:
        raise RefusedError("reason", "Say why these entries cannot stand. The station reads it.")
    hashes = list(entries)
    with session.act() as act:
        for one in hashes:
            standing = act.unit.standing(one)
            if standing is None or standing.state != "quarantined":
                raise RefusedError("not_aside", "One of these entries is not put aside.")
        act.unit.set_state(hashes, "quarantined", REFUSED)
        act.say(
            kinds.QUARANTINE_REFUSED,
            Subject("bundle", act.id),
            {"entries": hashes, "reason": reason},
        )
    return len(hashes)


def send_back(session: Session, registrations: Iterable[RegistrationId], *, reason: str) -> int:
    """Send registrations back to their station to be mended, with the reason; returns how many.

    Those that are registered, or wait for the station's own review, are left as they are.
    """
    require(session, Right.REGISTER)
    reason = reason.strip()
    if not reason:
        raise RefusedError("reason", "Say what has to be mended. The station reads it.")
    sent = 0
    with session.act() as act:
        for identity in registrations:
            view = act.unit.registration(identity)
            if view is None:
                raise RefusedError("unknown_registration", "There is no such registration here.")
            if view.status != "approved":
                continue
            act.say(
                kinds.REGISTRATION_RETURNED,
                Subject("registration", identity),
                {"reason": reason},
                base=view.heads,
            )
            sent += 1
    return sent
