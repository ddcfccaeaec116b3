"""What registrars decide: registering and numbering, releasing what was put aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import admission, kinds
from ledger.entry import Subject
from values.numbers import PermanentNumber
from workspace.act import refold
from workspace.care import known_certificates
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Iterable

    from values.identifiers import EntryHash, RegistrationId
    from workspace.session import Session

NUMBERS = "number/permanent"


@dataclass(frozen=True, slots=True)
class Registering:
    """How many registrations were registered, and how many persons got a permanent number."""

    registered: int
    numbered: int


def register(session: Session, registrations: Iterable[RegistrationId]) -> Registering:
    """Register approved registrations and give their persons permanent numbers.

    Only a reviewed registration can be registered; others are left as they are.
    """
    require(session, Right.REGISTER)
    registered = numbered = 0
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
                number = PermanentNumber(
                    operation=session.office.operation.code,
                    counter=act.unit.next_counter(NUMBERS),
                )
                act.say(
                    kinds.PERSON_NUMBERED,
                    Subject("person", person),
                    {"permanent": str(number)},
                    base=known.heads,
                )
                numbered += 1
    return Registering(registered, numbered)


def release(session: Session, entries: Iterable[EntryHash], *, reason: str) -> int:
    """Admit entries that were put aside, with the reason.

    Raises `RefusedError` for a forked branch, and for what its author has not signed: a registrar
    can vouch for what was said, not for who said it.
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
            if standing.forked:
                raise RefusedError(
                    "fork",
                    "Two copies of the station wrote here. Settle which one is in use first.",
                )
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
