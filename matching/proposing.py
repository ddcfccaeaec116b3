"""Who may be the same person: a first, simple proposer that says its reasons.

Two records are laid beside each other answer by answer; each agreement and each difference has a
weight (:mod:`matching.weights`), and their sum is the score. What one of the two does not say says
nothing. Nothing is ever decided here: a proposal is a question to two people.

A store asks in two steps: :func:`blocking_keys` names whom to look at, :func:`propose` weighs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from matching import weights as w
from matching.names import shape
from matching.search_keys import QUERY_KEYS, query_keys, scorer
from values.dates import PartialDate

MOST = 20
"""Proposals for one person at most: whoever looks like more has a name and little else."""

YEARS = 5
"""How far apart two years of birth may lie: an age is often told in round numbers."""

_SAME, _ALIKE, _NEAR, _PARTLY = 0.985, 0.9, 0.8, 0.68
"""Of the likeness of names: as said; spelt otherwise; a part more or less; something in common."""
_RELATIVE, _STRANGER = 0.85, 0.6
"""Of the likeness of a parent's name: the same one; another one."""
_NEARLY = 31
"""Days within which two dates of birth nearly agree."""
_PREFIX = "*"


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of a person. Names in any scripts, the person's own first."""

    id: UUID
    names: tuple[str, ...] = field(default=(), repr=False)
    sex: str = field(default="", repr=False)
    birth: PartialDate | None = field(default=None, repr=False)
    father: tuple[str, ...] = field(default=(), repr=False)
    mother: tuple[str, ...] = field(default=(), repr=False)
    documents: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)
    """Type and number, the number as it is compared: without spaces, in capitals."""
    phone: str = field(default="", repr=False)
    households: frozenset[UUID] = frozenset()
    """Every household the person belongs or belonged to."""
    day: date | None = field(init=False, repr=False, compare=False)
    """The day of birth, where it is known whole."""
    numbers: frozenset[str] = field(init=False, repr=False, compare=False)
    """Of the documents."""

    def __post_init__(self) -> None:
        # Once for each record, which is laid beside many.
        object.__setattr__(self, "day", None if self.birth is None else self.birth.complete)
        object.__setattr__(self, "numbers", frozenset([number for _, number in self.documents]))


@dataclass(frozen=True, slots=True)
class Reason:
    """One answer laid beside the other: a code of :mod:`matching.weights`, and what it weighs."""

    code: str
    weight: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two persons who may be one. `score` in thousandths; `reasons` the weightiest first."""

    other: UUID
    score: int
    weight: float
    reasons: tuple[Reason, ...]


def blocking_keys(person: Profile) -> list[str]:
    """The keys of an index of names under which somebody who may be this person is found."""
    keys: dict[str, None] = {}
    for name in person.names[:3]:
        # Names are whole here: nobody types the beginning of one.
        keys |= dict.fromkeys(key for key in query_keys(name) if not key.endswith(_PREFIX))
    return list(keys)[:QUERY_KEYS]


def comparable(one: Profile, other: Profile) -> bool:
    """Whether two persons are worth weighing: of about one age and of one sex, as far as is known,
    or with one paper."""
    if one.id == other.id:
        return False
    if _shared(one, other):
        return True
    if told(one.sex, other.sex) and one.sex != other.sex:
        # A sex is misheard or mistyped now and then, a whole date of birth is not with it.
        return _nearly(one, other)
    if one.birth is None or other.birth is None:
        return True
    return _years_apart(one.birth, other.birth) <= YEARS


def propose(
    person: Profile, candidates: Iterable[Profile], *, least: float = w.LEAST, most: int = MOST
) -> list[Proposal]:
    """Those of the candidates who may be this person, the likeliest first."""
    found = []
    for other in candidates:
        if not comparable(person, other):
            continue
        above = ceiling(person, other) - least
        if above < 0 or not _maybe_alike(person.names, other.names, _needed(above)):
            continue
        made = compare(person, other)
        if made is not None and made.weight >= least:
            found.append(made)
    found.sort(key=lambda one: (-one.weight, one.other.bytes))
    return found[:most]


def ceiling(one: Profile, other: Profile) -> float:
    """What :func:`compare` can come to at most, whatever the names of two persons and of their
    parents are, which is what takes time to tell."""
    codes = [w.NAME_SAME, *_birth(one, other), *_sex(one, other), *_documents(one, other)]
    if one.father and other.father:
        codes.append(w.FATHER_SAME)
    if one.mother and other.mother:
        codes.append(w.MOTHER_SAME)
    if one.phone and one.phone == other.phone:
        codes.append(w.PHONE_SAME)
    return sum([w.WEIGHTS[code] for code in codes])


def compare(one: Profile, other: Profile) -> Proposal | None:
    """Both laid beside each other; the same whichever comes first.

    None for two members of one household whose names and births do not nearly agree: brothers and
    sisters share everything else.
    """
    likeness = alike(one.names, other.names)
    family = bool(one.households & other.households)
    if family and not _one_twice(one, other, likeness):
        return None
    codes = [_name(likeness), *_birth(one, other), *_sex(one, other)]
    codes += _parent(one.father, other.father, w.FATHER_SAME, w.FATHER_OTHER)
    codes += _parent(one.mother, other.mother, w.MOTHER_SAME, w.MOTHER_OTHER)
    codes += _documents(one, other)
    if one.phone and one.phone == other.phone:
        codes.append(w.PHONE_SAME)
    if family:
        codes.append(w.HOUSEHOLD_SAME)
    reasons = [Reason(code, w.WEIGHTS[code]) for code in codes]
    if likeness >= _PARTLY and _single(one, other):
        # One name alone is shared by many.
        reasons[0] = Reason(reasons[0].code, reasons[0].weight / 2)
    weight = sum(reason.weight for reason in reasons)
    reasons.sort(key=lambda reason: -abs(reason.weight))
    return Proposal(other.id, w.shown(weight), weight, tuple(reasons))


def alike(names: Sequence[str], others: Sequence[str]) -> float:
    """How alike two persons' names are, from 0 to 1, whichever is asked for the other; the best of
    their names in each script."""
    if not names or not others:
        return 0.0
    there = max(scorer(name)(others) for name in names)
    if there < 2 * _STRANGER - 1:
        return there  # whatever the other way says, these are other names
    back = max(scorer(name)(names) for name in others)
    return (there + back) / 2


def _maybe_alike(names: Sequence[str], others: Sequence[str], least: float) -> bool:
    """Whether `alike` can come to that, by one half of what it costs."""
    if least <= 0:
        return True
    there = max((scorer(name)(others) for name in names), default=0.0)
    return (there + 1) / 2 >= least - 1e-9  # sums of fractions


_STEPS = (
    (_SAME, w.NAME_SAME),
    (_ALIKE, w.NAME_ALIKE),
    (_NEAR, w.NAME_NEAR),
    (_PARTLY, w.NAME_PARTLY),
)


def _name(likeness: float) -> str:
    for least, code in _STEPS:
        if likeness >= least:
            return code
    return w.NAME_OTHER


def _needed(above: float) -> float:
    """How alike names have to be when so much may be missing from the weight of the same name."""
    best = w.WEIGHTS[w.NAME_SAME]
    if best - w.WEIGHTS[w.NAME_OTHER] <= above:
        return 0.0
    return min(least for least, code in _STEPS if best - w.WEIGHTS[code] <= above)


def _single(one: Profile, other: Profile) -> bool:
    """Whether one of the two is known by a single part of a name."""
    return min(
        max((len(shape(name).parts) for name in person.names), default=0) for person in (one, other)
    ) < 2  # fmt: skip


def _birth(one: Profile, other: Profile) -> list[str]:
    if one.birth is None or other.birth is None:
        return []
    first, second = one.day, other.day
    if first is not None and second is not None:
        if first == second:
            return [w.BIRTH_SAME]
        if _turned(first, second):
            return [w.BIRTH_TURNED]
        if _nearly(one, other):
            return [w.BIRTH_NEAR]
    elif _overlap(one.birth, other.birth):
        return [w.BIRTH_WITHIN]
    apart = _years_apart(one.birth, other.birth)
    if apart <= 1:
        return [w.BIRTH_YEAR]
    return [w.BIRTH_APART if apart <= YEARS else w.BIRTH_FAR]


def _nearly(one: Profile, other: Profile) -> bool:
    """Whether two births nearly agree: of two whole dates at most one part differs; else what is
    known of the one holds the other. Not when one is not known."""
    if one.birth is None or other.birth is None:
        return False
    first, second = one.day, other.day
    if first is None or second is None:
        return _overlap(one.birth, other.birth)
    equal = (first.year == second.year) + (first.month == second.month) + (first.day == second.day)
    close_years = abs(first.year - second.year) <= YEARS
    return (
        (equal == 2 and close_years)
        or abs((first - second).days) <= _NEARLY
        or _turned(first, second)
    )


def _turned(first: date, second: date) -> bool:
    return (first.year, first.month, first.day) == (second.year, second.day, second.month)


def _overlap(one: PartialDate, other: PartialDate) -> bool:
    return one.earliest <= other.latest and other.earliest <= one.latest


def _years_apart(one: PartialDate, other: PartialDate) -> int:
    """Years between what is known of two births; 0 when they overlap."""
    gap = max(
        one.earliest.year - other.latest.year, other.earliest.year - one.latest.year
    )  # fmt: skip
    return max(0, gap)


def _sex(one: Profile, other: Profile) -> list[str]:
    if not told(one.sex, other.sex):
        return []
    return [w.SEX_SAME if one.sex == other.sex else w.SEX_OTHER]


def told(one: str, other: str) -> bool:
    """Whether both say a sex that can differ; X, chosen for many reasons, differs from none."""
    return {one, other} <= {"F", "M"} and bool(one and other)


def _parent(one: Sequence[str], other: Sequence[str], same: str, differs: str) -> list[str]:
    if not one or not other:
        return []
    likeness = alike(one, other)
    if likeness >= _RELATIVE:
        return [same]
    return [differs] if likeness < _STRANGER else []


def _shared(one: Profile, other: Profile) -> bool:
    """Whether both have a paper of one number; its kind is told differently often enough."""
    return not one.numbers.isdisjoint(other.numbers)


def _documents(one: Profile, other: Profile) -> list[str]:
    if _shared(one, other):
        return [w.DOCUMENT_SAME]
    kinds = {kind for kind, _ in one.documents} & {kind for kind, _ in other.documents}
    return [w.DOCUMENT_OTHER] if kinds else []


def _one_twice(one: Profile, other: Profile, likeness: float) -> bool:
    """Whether two members of one household look like one person entered twice."""
    return likeness >= _ALIKE and _nearly(one, other)
