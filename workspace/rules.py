"""Rules of the operation that the registry's administrator may change later on.

A station takes them with its grant, and with every notice; only what the registry signed counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.store import UnitOfWork
    from workspace.office import Office

KEEP_DAYS: Final = "keep_days"
"""Its name in the policy of a notice: days, or null to keep everything."""


def take(unit: UnitOfWork, office: Office, policy: Mapping[str, object]) -> Office:
    """The office under the rules of a notice, stored when they differ. What is not told, or is no
    number of days, stays as it was."""
    if KEEP_DAYS not in policy:
        return office
    days = policy[KEEP_DAYS]
    sound = days is None or (isinstance(days, int) and not isinstance(days, bool) and days >= 0)
    if not sound or days == office.operation.keep_days:
        return office
    assert days is None or isinstance(days, int)  # noqa: S101 - seen above
    changed = office.with_(operation=replace(office.operation, keep_days=days))
    changed.save(unit)
    return changed
