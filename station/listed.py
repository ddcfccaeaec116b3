"""Which registered household the rows of a list belong to, and which of them are new.

Two lists may bear one name and count their households alike, so a number alone never joins
anybody to a family: the head must be the same row. And nobody is left out without a word: a row
is in already only when it says, word for word, what an earlier one said, as often as it was said.
The table of all cases is in ``docs/formats/prelist.md``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forms.facts import HEAD, Facts, same_person
from forms.kept import date_of
from forms.problems import Problem, error, warning
from matching.scoring import score
from station import reading
from values.numbers import NumberError, parse_any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from db.store import Reader
    from forms.answers import MemberAnswers
    from forms.prelist import ListHousehold
    from ledger.views import HouseholdView, PersonView

LIKELY = 0.8
"""A name this like, with the same birth, is probably the same name spelt otherwise."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the rows of one household of a list belong; places count its members from 0.

    `target` is the registered household they join, or None for a new one. `fresh` are those to
    register, `flags` what must be looked at in them, `refused` those that go back.
    """

    target: HouseholdView | None
    fresh: tuple[int, ...]
    flags: tuple[tuple[int, Problem], ...] = ()
    refused: tuple[tuple[int, Problem], ...] = ()


@dataclass(frozen=True, slots=True)
class _Family:
    """A registered household and the rows that led to it: all, and those that joined it later."""

    view: HouseholdView
    rows: Counter[bytes] = field(default_factory=Counter)
    joined: Counter[bytes] = field(default_factory=Counter)


def place(reader: Reader, household: ListHousehold, series: str) -> Placed:
    """Decide about the rows of one household of a list."""
    if household.joins:
        return _joining(reader, household)
    families = _families(reader, series, household.household)
    if not families:
        return _without_family(reader, household, series)
    head = next(
        place for place, one in enumerate(household.answers.members) if one.relation == HEAD
    )
    for family in families:
        if household.hashes[head] in family.rows:
            return _placed(reader, household, family, _beyond(household, family.rows))
    return _changed_head(reader, household, families, head)


def _without_family(reader: Reader, household: ListHousehold, series: str) -> Placed:
    """Nobody of this number is here: new, unless their record was left to the registry. Then what
    was taken in before is known all the same, and what is new cannot be compared with anything."""
    known: Counter[bytes] = Counter()
    for registration in reader.registrations_of_source(series, household.household):
        known.update(_rows(registration.source))
    if not known:
        return Placed(None, tuple(range(len(household.rows))))
    refused = tuple((at, error("at_registry", "household")) for at in _beyond(household, known))
    return Placed(None, (), refused=refused)


def _joining(reader: Reader, household: ListHousehold) -> Placed:
    """Rows that name the household they join: refused ones that were mended.

    Such a row may say word for word what its twin said who was not refused. So only rows that
    came after the household itself make it a repeat.
    """
    try:
        view = reader.household_by_number(str(parse_any(household.joins)))
    except NumberError:
        view = None
    if view is None:
        return _refused(household, error("joins_unknown", "joins"))
    family = _family(reader, view)
    return _placed(reader, household, family, _beyond(household, family.joined))


def _changed_head(
    reader: Reader, household: ListHousehold, families: list[_Family], head: int
) -> Placed:
    """The number is known and the head's row is not: another family, or a row that was edited.

    It counts as the same family only when the head looks the same and another row, with a name,
    is known; a name and a birth alone are shared by too many.
    """
    others = [place for place in range(len(household.rows)) if place != head]
    for family in families:
        known = reading.head_of(reader, family.view)
        if known is None or not _like(household.answers.members[head], known):
            continue
        beyond = _beyond(household, family.rows)
        proof = any(
            place not in beyond and _facts(household.answers.members[place].values).name
            for place in others
        )
        if proof or not others:
            refused = (head, error("head_changed", "relation"))
            rest = tuple(place for place in beyond if place != head)
            return _placed(reader, household, family, rest, (refused,))
    return _refused(household, error("other_family", "household"))


def _refused(household: ListHousehold, problem: Problem) -> Placed:
    return Placed(None, (), refused=tuple((at, problem) for at in range(len(household.rows))))


def _placed(
    reader: Reader,
    household: ListHousehold,
    family: _Family,
    fresh: tuple[int, ...],
    refused: tuple[tuple[int, Problem], ...] = (),
) -> Placed:
    """New members of a registered family, those flagged who look like somebody in it."""
    there = [view for view in reader.members(family.view.id) if not view.voided]
    flagged = {place for place, problem in household.flags if problem.code == "possible_repeat"}
    flags = []
    for at in fresh:
        like = next((one for one in there if _like(household.answers.members[at], one)), None)
        if like is not None and at not in flagged:
            flags.append((at, warning("possible_repeat", "name", number=like.number)))
    return Placed(family.view, fresh, tuple(flags), refused)


def _beyond(household: ListHousehold, known: Counter[bytes]) -> tuple[int, ...]:
    """The places of rows that were not said before, or more often now than before."""
    left = known.copy()
    fresh = []
    for place, row in enumerate(household.hashes):
        if left[row] > 0:
            left[row] -= 1
        else:
            fresh.append(place)
    return tuple(fresh)


def _families(reader: Reader, series: str, household: str) -> list[_Family]:
    """The households that rows of this number in this series led to, the first one first."""
    found: dict[object, _Family] = {}
    for registration in reader.registrations_of_source(series, household):
        if registration.household in found:
            continue
        view = reader.household(registration.household)
        if view is not None:
            found[registration.household] = _family(reader, view)
    return list(found.values())


def _family(reader: Reader, view: HouseholdView) -> _Family:
    family = _Family(view)
    for registration in reader.registrations_of_household(view.id):
        rows = _rows(registration.source)
        family.rows.update(rows)
        if registration.source.get("joined") is True:
            family.joined.update(rows)
    return family


def _rows(source: Mapping[str, Any]) -> Iterable[bytes]:
    rows = source.get("rows")
    return [row for row in rows if isinstance(row, bytes)] if isinstance(rows, list) else []


def _like(row: MemberAnswers, person: PersonView) -> bool:
    """Whether a row may be about somebody who is registered, spelt otherwise or completed."""
    one, other = _facts(row.values), _facts(person.values)
    if same_person(one, other):
        return True
    if one.sex and other.sex and one.sex != other.sex:
        return False
    if one.birth is None or other.birth is None or one.birth.edtf != other.birth.edtf:
        return False
    if not (one.name or one.name_latin) or not (other.name or other.name_latin):
        # An infant without a name, and the same child once it has one; or a twin.
        return True
    names = [name for name in (other.name, other.name_latin) if name]
    return any(score(name, names) >= LIKELY for name in (one.name, one.name_latin) if name)


def _facts(values: Mapping[str, Any]) -> Facts:
    """What is known of a person, as far as two records of one can be compared by it."""

    def text(name: str) -> str:
        value = values.get(name)
        return value if isinstance(value, str) else ""

    return Facts(
        name=text("name"),
        name_latin=text("name_latin"),
        father_name=text("father_name"),
        mother_name=text("mother_name"),
        sex=text("sex"),
        birth=date_of(values.get("birth")),
    )
