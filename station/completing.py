"""Families taken in quickly, to be completed later, and how long a family takes today.

In a mass arrival only what is needed at once is asked. Which families were taken in so, and since
when each sat at the table, is noted beside its draft; what became of the draft is known from its
registration. The notes are this office's own: nothing of them is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Final
from uuid import UUID

from forms.apart import QUESTIONS, apart_in
from forms.check import raw_values
from forms.definition import Tier
from forms.facts import Facts
from forms.raw import is_blank
from forms.reading import not_asked
from station import reading
from values.clock import parse_rfc3339, rfc3339
from values.identifiers import HouseholdId, PersonId, RegistrationId
from workspace.rights import Right, require
from workspace.search import birth_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from db.store import Reader
    from forms.definition import Form
    from ledger.views import HouseholdView, PersonView, RegistrationView
    from workspace.session import Session

QUICK: Final = "quick/"
"""Settings that begin so name the draft of a family that was taken in quickly."""

BEGUN: Final = "begun/"
"""Settings that begin so, with the day after it, say when a draft was begun."""

SHOWN: Final = 50
"""Families in the list at once."""

LONGEST: Final = 4 * 3600
"""Seconds; a family that sat longer was left off in between, and says nothing of the pace."""

ANSWERED_LATER: Final = frozenset({"notes", "photo"})
"""What may stay open for good."""


@dataclass(frozen=True, slots=True)
class OpenFamily:
    """A family that was taken in quickly. ``persons`` lack answers, ``open`` in all;
    ``fields`` are the first question open of each."""

    registration: RegistrationId
    household: HouseholdId
    household_number: str
    name: str = field(repr=False)
    persons: tuple[PersonId, ...]
    fields: tuple[str, ...]
    open: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """How it goes today: families registered at the table, and the median of their seconds."""

    families: int
    seconds: float | None


def begin(session: Session, draft_id: str, *, quick: bool) -> None:
    """Note that a family sits at the table, and how it is asked. Done again, only how counts."""
    require(session, Right.INTAKE)
    now = session.clock.now()
    with session.store.write() as unit:
        key = f"{BEGUN}{now.date().isoformat()}/{draft_id}"
        if unit.setting(key) is None:
            unit.put_setting(key, rfc3339(now).encode("ascii"))
        if quick:
            unit.put_setting(f"{QUICK}{draft_id}", b"1")
        else:
            unit.delete_setting(f"{QUICK}{draft_id}")


def open_ones(session: Session) -> tuple[OpenFamily, ...]:
    """Families taken in quickly in which somebody still lacks answers, newest first."""
    require(session, Right.INTAKE)
    form = session.catalogue.form("person")
    today = session.clock.now().date()
    found = []
    with session.store.read() as reader:
        for key in reader.settings(QUICK):
            view = _registration(reader, key.removeprefix(QUICK))
            if view is None:
                continue
            household = reader.household(view.household)
            alone = _apart(reader, household, today) if household else frozenset()
            lacking = [
                (person.id, names)
                for person in _present(reader, view.persons)
                if (names := _open_in(form, person, today, apart=person.id in alone))
            ]
            if lacking:
                head = reading.head_of(reader, household)
                found.append(
                    OpenFamily(
                        registration=view.id,
                        household=view.household,
                        household_number=household.number if household else "",
                        name=reading.name_of(head) if head else "",
                        persons=tuple(person for person, _ in lacking),
                        fields=tuple(names[0] for _, names in lacking),
                        open=sum(len(names) for _, names in lacking),
                        at=view.submitted_at,
                    )
                )
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN])


def pace(session: Session) -> Pace:
    """Today's families at the table, and how long the one in the middle took."""
    prefix = f"{BEGUN}{session.clock.now().date().isoformat()}/"
    took: list[float] = []
    with session.store.read() as reader:
        for key, begun in reader.settings(prefix).items():
            view = _registration(reader, key.removeprefix(prefix))
            if view is not None:
                sat = (view.submitted_at - parse_rfc3339(begun.decode("ascii"))).total_seconds()
                took.append(sat)
    counted = [seconds for seconds in took if 0 <= seconds <= LONGEST]
    return Pace(len(took), median(counted) if counted else None)


def _registration(reader: Reader, draft_id: str) -> RegistrationView | None:
    """What a draft became."""
    made = reader.setting(f"registered/{draft_id}")
    return reader.registration(RegistrationId(UUID(bytes=made))) if made else None


def _present(reader: Reader, persons: Sequence[PersonId]) -> list[PersonView]:
    return [view for one in persons if (view := reader.person(one)) and view.voided is None]


def _apart(reader: Reader, household: HouseholdView, today: date) -> frozenset[PersonId]:
    """Members who may be children without a parent."""
    members = {}
    for one in household.present():
        view = reader.person(one.person)
        if view is not None:
            members[one.person] = Facts(relation=one.relation, birth=birth_of(view))
    return apart_in(members, today)


def _open_in(form: Form, person: PersonView, today: date, *, apart: bool) -> list[str]:
    """The person's questions that have no answer: those that were not asked at once, and of a
    child who may be alone whether it is (``apart``)."""
    gone = not_asked(form, raw_values(form, person.values), today)
    return [
        one.name
        for one in form.fields()
        if one.tier is Tier.BASIC
        and one.asked
        and (one.required or one.warn_if_empty or (apart and one.name == QUESTIONS[0]))
        and one.name not in gone
        and one.name not in ANSWERED_LATER
        and is_blank(person.values.get(one.name))
    ]
