"""What registrars decide: registering and numbering, releasing what was put aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import admission, kinds
from ledger.entry import Subject
from registry.trust import BASE
from values.numbers import PermanentNumber
from workspace.act import refold
from workspace.care import known_certificates
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.store import UnitOfWork
    from values.identifiers import EntryHash, RegistrationId
    from workspace.session import Session

NUMBERS = "number/permanent"
BLOCK = 1_000_000
BLOCKS = 999
"""Nine digits at most, as `values.numbers.PermanentNumber` allows."""


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
                    operation=session.office.operation.code, counter=_next_number(session, act.unit)
                )
                act.say(
                    kinds.PERSON_NUMBERED,
                    Subject("person", person),
                    {"permanent": str(number)},
                    base=known.heads,
                )
                numbered += 1
    return Registering(registered, numbered)


def _next_number(session: Session, unit: UnitOfWork) -> int:
    """The next permanent number: counted from 1, or within a block of the epoch's own.

    A registry that falls back to a backup does not know which numbers it gave since. So every
    epoch after the first counts in a block of a million that is drawn by chance; in a registry that
    was founded in another's place every epoch does.
    """
    first = next(iter(unit.epochs(session.office.id)), None)
    founded = unit.setting(BASE) is None
    if founded and (first is None or first[0] == session.epoch):
        return unit.next_counter(NUMBERS)
    name = f"{NUMBERS}/{session.epoch.hex()}"
    raw = unit.setting(name)
    if raw is None:
        used = {int(value) for value in unit.settings(f"{NUMBERS}/").values()}
        free = [block for block in range(1, BLOCKS) if block not in used]
        raw = str(free[int.from_bytes(session.env.entropy(8), "big") % len(free)]).encode("ascii")
        unit.put_setting(name, raw)
    return int(raw) * BLOCK + unit.next_counter(name)


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
