"""Who may be one with whom: many persons weighed against a registry, a few statements for all.

Each person is weighed against few. Whoever shares the rarest keys of a name comes first, and keys
are followed only as far as a budget: a block of thousands is a common name, most of it is left
aside by birth and sex anyway, and what it would bring nobody could look at. Sex and year of birth
are looked at before a record is read, and what two records could weigh at best before their names
are compared: of sixty who share keys one or two are left for that.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from db.viewrows import document_key
from forms.kept import date_of
from matching.proposing import YEARS, Profile, Proposal, blocking_keys, propose, told
from values.dates import Calendar, DateError, PartialDate
from values.identifiers import PersonId

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from db.pairing import Glimpse, Named
    from db.store import Reader
    from ledger.views import PersonView

CANDIDATES: Final = 60
"""Persons who share keys of a name that are looked at for one."""
NAMED: Final = 250
"""Persons of one key that are read at most, in the order in which they were stored."""
BUDGET: Final = 900
"""Persons read in all for the names of one; the rarest key is read in any case."""
KEPT: Final = 20_000
"""Records that are kept in memory between parts: some 30 MB."""

Years = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A person with what is proposed for them."""

    view: PersonView
    proposals: tuple[tuple[PersonView, Proposal], ...]


class Weighing:
    """One run over many persons, part by part.

    What is kept between parts only says whom to read: what is proposed is weighed by what the
    records say now. A record that somebody changes meanwhile is weighed for itself afterwards.
    """

    def __init__(self) -> None:
        self._glimpses: dict[int, Glimpse | None] = {}
        self._profiles: dict[PersonId, Profile] = {}

    def weigh(self, reader: Reader, persons: Iterable[PersonId]) -> list[Weighed]:
        """These persons, with whom each may be one; records that are void with nobody."""
        views = {view.id: view for view in reader.persons(persons)}
        standing = {
            one: profile_of(view) for one, view in views.items() if view.voided is None
        }  # fmt: skip
        near = self._near(reader, standing)
        likely = {
            one: [PersonId(made.other) for made in propose(person, near[one])]
            for one, person in standing.items()
        }
        # Households are read for the few who are likely, and they are weighed with them.
        others = {one for found in likely.values() for one in found}
        read = views | {view.id: view for view in reader.persons(sorted_ids(others - views.keys()))}
        paired = [one for one, found in likely.items() if found]
        homes = reader.homes_of({*paired, *others})
        weighed = []
        for one, view in views.items():
            made: list[Proposal] = []
            if likely.get(one):
                candidates = [
                    replace(profile_of(read[other]), households=homes[other])
                    for other in likely[one]
                    if other in read and read[other].voided is None
                ]
                made = propose(replace(standing[one], households=homes[one]), candidates)
            pairs = tuple((read[PersonId(proposal.other)], proposal) for proposal in made)
            weighed.append(Weighed(view, pairs))
        return weighed

    def _near(
        self, reader: Reader, persons: Mapping[PersonId, Profile]
    ) -> dict[PersonId, list[Profile]]:
        """The records that are worth laying beside each person's."""
        by_name = {one: blocking_keys(person) for one, person in persons.items()}
        by_paper = {one: _paper_keys(person) for one, person in persons.items()}
        asked = (key for keys in (by_name, by_paper) for some in keys.values() for key in some)
        named = reader.named_by(asked, NAMED + 1)
        sharing = {one: _sharing(keys, named) for one, keys in by_name.items()}
        holding = {
            one: {other for key in keys if key in named for other in named[key].ordinals[:NAMED]}
            for one, keys in by_paper.items()
        }
        self._glimpse(reader, (one for found in sharing.values() for one in found))
        self._glimpse(reader, (one for found in holding.values() for one in found))
        near: dict[PersonId, list[PersonId]] = {}
        for one, person in persons.items():
            shared = [self._glimpses[ordinal] for ordinal in sharing[one]]
            found = _of_an_age(person, [seen for seen in shared if seen is not None])
            held = [self._glimpses[ordinal] for ordinal in holding[one]]
            near[one] = sorted_ids(
                {*found, *(seen.id for seen in held if seen is not None)} - {one}
            )
        self._read(reader, {one for found in near.values() for one in found})
        return {
            one: [self._profiles[other] for other in found if other in self._profiles]
            for one, found in near.items()
        }

    def _glimpse(self, reader: Reader, ordinals: Iterable[int]) -> None:
        known = self._glimpses
        wanted = {one for one in ordinals if one not in known}
        known.update(dict.fromkeys(wanted))
        known.update((one.ordinal, one) for one in reader.glimpses(sorted(wanted)))

    def _read(self, reader: Reader, persons: set[PersonId]) -> None:
        """Keep what is compared of these records, read once in a run as long as there is room."""
        if len(self._profiles) + len(persons) > KEPT:
            self._profiles = {
                one: profile for one, profile in self._profiles.items() if one in persons
            }
        wanted = sorted_ids(persons - self._profiles.keys())
        for view in reader.persons(wanted):
            if view.voided is None:
                self._profiles[view.id] = profile_of(view)


def profile_of(view: PersonView) -> Profile:
    """What is compared of a record, without its households."""
    values = view.values
    documents = values.get("documents")
    listed = documents if isinstance(documents, list) else ()
    return Profile(
        id=view.id,
        names=(*_texts(values, "name", "name_latin"), *_others(values.get("other_names"))),
        sex=next(iter(_texts(values, "sex")), ""),
        birth=date_of(values.get("birth")),
        father=_texts(values, "father_name"),
        mother=_texts(values, "mother_name"),
        documents=frozenset(
            (str(one.get("type") or ""), number)
            for one in listed
            if isinstance(one, Mapping) and (number := _plain(one.get("number")))
        ),
        phone=next(iter(_texts(values, "phone")), ""),
    )


def with_households(reader: Reader, *people: Profile) -> list[Profile]:
    """The same, with every household each belongs or belonged to."""
    homes = reader.homes_of(PersonId(one.id) for one in people)
    return [replace(one, households=homes[PersonId(one.id)]) for one in people]


def _sharing(keys: Sequence[str], named: Mapping[str, Named]) -> list[int]:
    """Who shares the most and rarest keys, as far as the budget goes."""
    weights: dict[int, float] = defaultdict(float)
    spent = 0
    for size, key in sorted([(named[key].size, key) for key in keys if key in named]):
        if spent and spent + size > BUDGET:
            break
        spent += size
        # A key of one person says much, one of hundreds little.
        weight = 1 / math.log2(size + 2)
        for ordinal in named[key].ordinals[:NAMED]:
            weights[ordinal] += weight
    if len(weights) <= CANDIDATES:
        return list(weights)
    least = sorted(weights.values())[-CANDIDATES]
    found = [one for one, weight in weights.items() if weight > least]
    equal = sorted([one for one, weight in weights.items() if weight == least])
    return found + equal[: CANDIDATES - len(found)]


def _paper_keys(person: Profile) -> list[str]:
    keys = (document_key(number) for _, number in person.documents)
    return sorted({key for key in keys if key is not None})


def _of_an_age(person: Profile, others: Iterable[Glimpse]) -> list[PersonId]:
    """Those of whom, by sex and year of birth alone, `comparable` may still say yes."""
    sex, birth = person.sex, person.birth
    years = None if birth is None else (birth.earliest.year, birth.latest.year)
    found = []
    for seen in others:
        if years is None or not seen.birth:
            # With another sex only the dates of birth could speak for it, and one is missing.
            if not told(sex, seen.sex) or sex == seen.sex:
                found.append(seen.id)
        elif _within(years, seen.birth if "/" in seen.birth else seen.birth[:4]):
            found.append(seen.id)
    return found


@lru_cache(maxsize=1 << 15)
def _within(years: Years, said: str) -> bool:
    """Whether what was said, a year, a decade or an interval, may lie near these years. A row does
    not say in which calendar; an interval is always Gregorian. True when it cannot be told."""
    meant = []
    for calendar in (Calendar.GREGORIAN,) if "/" in said else Calendar:
        with suppress(DateError):
            meant.append(PartialDate(said, calendar))
    first, last = years[0] - YEARS, years[1] + YEARS
    return not meant or any(first <= one.latest.year and one.earliest.year <= last for one in meant)


def sorted_ids(persons: Iterable[PersonId]) -> list[PersonId]:
    """Each once, in the order in which they are gone through."""
    return sorted(set(persons), key=attrgetter("bytes"))


def _texts(values: Mapping[str, object], *names: str) -> tuple[str, ...]:
    found = (values.get(name) for name in names)
    return tuple(dict.fromkeys(one for one in found if isinstance(one, str) and one))


def _others(rows: object) -> Sequence[str]:
    listed = rows if isinstance(rows, list | tuple) else ()
    names = [row.get("name") for row in listed if isinstance(row, Mapping)]
    return [name for name in names if isinstance(name, str) and name]


def _plain(number: object) -> str:
    if not isinstance(number, str):
        return ""
    return "".join(char for char in number.upper() if char.isalnum())
