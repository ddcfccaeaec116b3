"""What became of the fields of an older version: renamed, split, or let go.

Entries are never rewritten. Whoever reads them applies the migrations between the version that an
entry names and the newest one, so that a record keeps one name for each fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

__all__ = ["Migration", "Split", "migrate"]


@dataclass(frozen=True, slots=True)
class Split:
    """A text that became several: cut at ``at``, each part trimmed; what is left over stays with
    the last. A value that is no text goes whole into the first. Parts that nothing fell to are
    empty (``None``): a change of the old field leaves no former part standing."""

    field: str
    into: tuple[str, ...]
    at: str

    def apply(self, value: Any) -> dict[str, Any]:
        """The values of the new fields, each of them."""
        if not isinstance(value, str):
            return {**dict.fromkeys(self.into), self.into[0]: value}
        parts = [part.strip() or None for part in value.split(self.at, len(self.into) - 1)]
        return dict(zip_longest(self.into, parts))


@dataclass(frozen=True, slots=True)
class Migration:
    """The step from ``since`` (a version key) to the version that declares it."""

    since: tuple[int, ...]
    rename: Mapping[str, str]
    splits: tuple[Split, ...] = ()

    def apply(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values under their new names. Fields that no step speaks of stay as they are."""
        made: dict[str, Any] = {}
        cut = {split.field: split for split in self.splits}
        for name, value in values.items():
            if name in cut:
                made |= cut[name].apply(value)
            else:
                made[self.rename.get(name, name)] = value
        return made

    @property
    def gone(self) -> frozenset[str]:
        """The old names."""
        return frozenset(self.rename) | {split.field for split in self.splits}


def migrate(
    values: Mapping[str, Any], since: tuple[int, ...], steps: Iterable[Migration]
) -> dict[str, Any]:
    """Values of the version ``since`` under the names of the newest one."""
    found = dict(values)
    for step in sorted(steps, key=lambda one: one.since):
        if step.since >= since:
            found = step.apply(found)
    return found
