"""Permanent numbers: the registry's own, one for each person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger import kinds
from ledger.entry import Subject
from registry.trust import BASE
from values.numbers import PermanentNumber

if TYPE_CHECKING:
    from db.store import UnitOfWork
    from ledger.views import PersonView
    from workspace.act import Act
    from workspace.session import Session

NUMBERS = "number/permanent"
BLOCK = 1_000_000
BLOCKS = 999
"""Nine digits at most, as `values.numbers.PermanentNumber` allows."""


def give_number(session: Session, act: Act, view: PersonView) -> str:
    """Give a person the next permanent number; returns it."""
    counter = next_number(session, act.unit)
    number = str(PermanentNumber(operation=session.office.operation.code, counter=counter))
    act.say(
        kinds.PERSON_NUMBERED,
        Subject(kinds.PERSON, view.id),
        {"permanent": number},
        base=view.heads,
    )
    return number


def next_number(session: Session, unit: UnitOfWork) -> int:
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
