"""What happens when two people changed a record unaware of each other.

Fields belong to *conflict sets* (the parts of a name; birth with its calendar), which the
form declares and the caller hands in as a value.  A field in no set is a set by itself.
The normative rules are in ``docs/formats/fold.md``:

* different ordinary sets merge; the same set with any difference is a conflict;
* all identity sets count as one, and any two unaware amendments of it conflict;
* both sides are kept as candidates; shown is the one with the higher rank;
* whoever amends a set having seen all candidates settles it, and a
  ``conflict.resolved`` settles every conflict its author saw.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from ledger.ancestry import Ancestry, members, rank
from values import cbor
from values.identifiers import EntryHash, UserId

IDENTITY = "identity"
"""Name of a conflict that spans several identity sets."""
_ALONE = "field:"
"""Beginning of the key of a field that is a set by itself."""


@dataclass(frozen=True, slots=True)
class SetRule:
    """One conflict set: its fields, and whether it is an identity set."""

    fields: frozenset[str]
    identity: bool = False


class Sets:
    """Which set a field belongs to. Identity wins; then the first name in order."""

    def __init__(self, rules: Mapping[str, SetRule]) -> None:
        self._rules = rules
        self._key: dict[str, str] = {}
        for name in sorted(rules, reverse=True):
            for member in rules[name].fields:
                if not rules[name].identity:
                    self._key[member] = f"set:{name}"
        self._identity: dict[str, str] = {}
        for name in sorted(rules, reverse=True):
            if rules[name].identity:
                for member in rules[name].fields:
                    self._identity[member] = name

    def key(self, field_name: str) -> str:
        """The set of a field; of one that stands alone, its own."""
        if field_name in self._identity:
            return IDENTITY
        return self._key.get(field_name, _ALONE + field_name)

    def alone(self, field_name: str) -> bool:
        """Whether a field is a set by itself."""
        return field_name not in self._identity and field_name not in self._key

    def name(self, key: str, fields: Sequence[str]) -> str:
        """What a conflict in these fields of a set is called."""
        if key == IDENTITY:
            names = {self._identity[f] for f in fields}
            return names.pop() if len(names) == 1 else IDENTITY
        return key.partition(":")[2]


NONE = Sets({})

Migrate = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]
"""Form id, version and values kept under it, to these values under the newest names.

Pure and total: the same for the same arguments, and never an exception, whatever the values. It
gives back the very values when that version's fields are called as the newest one's are; whether it
does depends on form and version alone.
"""


@dataclass(frozen=True, slots=True)
class ConflictSets:
    """What the forms tell the fold.

    Attributes:
        by_form: the conflict sets of every form at its newest version, by form id and name. The
            forms of persons and households are called as their subjects are.
        migrate: how fields of an older version are called now; None when no form was renewed.
    """

    by_form: Mapping[str, Mapping[str, SetRule]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    migrate: Migrate | None = None
    _made: dict[str, Sets] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, form_id: str | None) -> Sets:
        """The sets of one form; none for a form that is not known."""
        rules = self.by_form.get(form_id or "")
        if form_id is None or rules is None:
            return NONE
        if form_id not in self._made:
            self._made[form_id] = Sets(rules)
        return self._made[form_id]


NO_SETS = ConflictSets()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One side of a conflict: the conflicting fields as that author left them.

    A field that is absent from ``values`` was left empty.
    """

    hash: EntryHash
    values: Mapping[str, Any]
    author: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """An open conflict. ``candidates[0]`` is the one whose values are shown."""

    set: str
    fields: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    identity: bool


class Written(NamedTuple):
    """One field as one entry changed it: for the history of changes.

    ``old`` is what the author saw shown; None stands for empty.
    """

    position: int
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Settlement:
    """The outcome over all entries of one subject.

    Attributes:
        values: the fields shown; empty fields are left out.
        conflicts: ascending by name of the set.
        written: every change, in folding order and by name, the ledger's own fields last.
        lineage: per field that stands alone, the positions that led to what is shown,
            oldest first; sides that were not taken up are no part of it.
    """

    values: dict[str, Any]
    conflicts: tuple[Conflict, ...]
    written: tuple[Written, ...]
    lineage: Mapping[str, tuple[int, ...]]


def settle(
    order: Ancestry,
    writes: Sequence[Mapping[str, Any]],
    sets: Sets,
    *,
    resolvers: frozenset[int] = frozenset(),
    quiet: tuple[str, ...] = (),
) -> Settlement:
    """Fold field changes into the values shown and the conflicts open.

    Args:
        writes: per position, the fields that entry set; None empties a field.
        resolvers: positions that settle every conflict their author saw.
        quiet: beginnings of field names whose concurrent changes are decided by rank
            without a conflict.
    """
    if len(writes) == 1:
        return _settle_one(writes[0], sets)
    return settle_all(order, writes, sets, resolvers=resolvers, quiet=quiet)


def _settle_one(changes: Mapping[str, Any], sets: Sets) -> Settlement:
    """What one entry alone says: nothing differs from it. Most subjects of a bundle are so."""
    names = sorted(changes)
    # The ledger's own fields begin with an @, and come last; what follows an @ is an A.
    own, after = bisect_left(names, "@"), bisect_left(names, "A")
    told = [*names[:own], *names[after:], *names[own:after]]
    return Settlement(
        values={name: changes[name] for name in names if changes[name] is not None},
        conflicts=(),
        written=tuple([Written(0, name, None, changes[name]) for name in told]),
        lineage={name: (0,) for name in names if sets.alone(name)},
    )


def settle_all(
    order: Ancestry,
    writes: Sequence[Mapping[str, Any]],
    sets: Sets,
    *,
    resolvers: frozenset[int] = frozenset(),
    quiet: tuple[str, ...] = (),
) -> Settlement:
    """:func:`settle` for any number of entries, one included."""
    writers: dict[str, int] = {}
    after: dict[tuple[str, int], dict[str, Any]] = {}
    built_on: dict[tuple[str, int], int] = {}
    written: list[Written] = []

    def candidates(key: str, mask: int) -> list[int]:
        """Latest writers within ``mask``, the shown one first."""
        found = members(order.latest(writers.get(key, 0) & mask))
        return sorted(found, key=lambda p: rank(order.entries[p]), reverse=True)

    def disagree(key: str, found: Sequence[int]) -> bool:
        if len(found) < 2 or key.partition(":")[2].startswith(quiet):
            return False
        return key == IDENTITY or len({cbor.encode(after[key, p]) for p in found}) > 1

    for position, changes in enumerate(writes):
        seen = order.before[position]
        by_key: dict[str, dict[str, Any]] = {}
        for name, value in changes.items():
            by_key.setdefault(sets.key(name), {})[name] = value
        if position in resolvers:
            for key in writers:
                if disagree(key, candidates(key, seen)):
                    by_key.setdefault(key, {})
        for key, fields in by_key.items():
            found = candidates(key, seen)
            state = dict(after[key, found[0]]) if found else {}
            if found:
                built_on[key, position] = found[0]
            told = sorted(fields) if fields else sorted(_differing(key, found, after))
            for name in told:
                new = fields.get(name, state.get(name))
                written.append(Written(position, name, state.get(name), new))
            for name, value in fields.items():
                if value is None:
                    state.pop(name, None)
                else:
                    state[name] = value
            after[key, position] = state
            writers[key] = writers.get(key, 0) | 1 << position

    values: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    lineage: dict[str, tuple[int, ...]] = {}
    for key in sorted(writers):
        found = candidates(key, order.everything)
        values.update(after[key, found[0]])
        if key.startswith(_ALONE):
            lineage[key.removeprefix(_ALONE)] = _lineage(key, found[0], built_on)
        if disagree(key, found):
            conflicts.append(_conflict(order, sets, key, found, after, writes))
    return Settlement(
        values=dict(sorted(values.items())),
        conflicts=tuple(sorted(conflicts, key=lambda c: (c.set, c.fields))),
        written=tuple(
            sorted(written, key=lambda w: (w.position, w.field.startswith("@"), w.field))
        ),
        lineage=lineage,
    )


def _lineage(key: str, position: int, built_on: Mapping[tuple[str, int], int]) -> tuple[int, ...]:
    path = [position]
    while (key, path[-1]) in built_on:
        path.append(built_on[key, path[-1]])
    return tuple(reversed(path))


def _differing(
    key: str, found: Sequence[int], after: Mapping[tuple[str, int], Mapping[str, Any]]
) -> set[str]:
    """Fields of the set that the candidates do not all leave the same."""
    names = {name for p in found for name in after[key, p]}
    return {
        name for name in names if len({cbor.encode(after[key, p].get(name)) for p in found}) > 1
    }


def _conflict(
    order: Ancestry,
    sets: Sets,
    key: str,
    found: Sequence[int],
    after: Mapping[tuple[str, int], Mapping[str, Any]],
    writes: Sequence[Mapping[str, Any]],
) -> Conflict:
    differing = _differing(key, found, after)
    if not differing:
        # Identity sets conflict even when both sides wrote the same.
        differing = {name for p in found for name in writes[p] if sets.key(name) == key}
        differing = differing or set(after[key, found[0]])
    fields = tuple(sorted(differing))
    return Conflict(
        set=sets.name(key, fields),
        fields=fields,
        candidates=tuple(
            Candidate(
                hash=order.entries[p].hash,
                values={f: after[key, p][f] for f in fields if f in after[key, p]},
                author=order.entries[p].header.author,
                at=order.entries[p].header.device_time,
            )
            for p in found
        ),
        identity=key == IDENTITY,
    )
