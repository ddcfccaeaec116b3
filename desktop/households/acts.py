"""What can be done with households, as values, and asking the office to do it. On the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from desktop import offices
from desktop.desk import Work
from desktop.pages.ages import age_words
from desktop.words import isolate, tr
from forms import wording
from forms.codes import code_list
from forms.everyday import everyday
from values.identifiers import HouseholdId, PersonId

if TYPE_CHECKING:
    from station.households import HouseholdChange
    from workspace.people import HouseholdCard

RELATIONS = "relation"
HEAD = "head"
MIRRORED = {
    "spouse": "spouse",
    "partner": "partner",
    "co_wife": "co_wife",
    "child": "parent",
    "parent": "child",
    "sibling": "sibling",
    "cousin": "cousin",
}
"""What the old head is to somebody who was this to them. Nothing else follows for certain: the
wife's father-in-law is no father of hers, and the head's child may be her stepchild."""


@dataclass(frozen=True, slots=True)
class Known:
    """A household: its members, its past, and the words for relations."""

    card: HouseholdCard
    past: tuple[HouseholdChange, ...]
    relations: tuple[tuple[str, str], ...]
    also: Mapping[str, str] = field(default_factory=dict)
    """Everyday words for relations."""
    ages: Mapping[PersonId, str] = field(default_factory=dict)
    """In words, of those whose birth is known."""


@dataclass(frozen=True, slots=True)
class Move:
    """A person goes over to another household."""

    person: PersonId
    to: HouseholdId
    relation: str
    reason: str


@dataclass(frozen=True, slots=True)
class Split:
    """Some members become a household of their own. ``relations`` are to its head."""

    household: HouseholdId
    relations: Mapping[PersonId, str]
    reason: str


@dataclass(frozen=True, slots=True)
class Merge:
    """All members of ``other`` come over. ``relations`` are to the head of ``into``."""

    into: HouseholdId
    other: HouseholdId
    relations: Mapping[PersonId, str]
    reason: str


@dataclass(frozen=True, slots=True)
class SetHead:
    """A member becomes the head; the old head and others get other relations."""

    household: HouseholdId
    person: PersonId
    relation_of_old: str
    reason: str
    relations: Mapping[PersonId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetRelation:
    """A member is something else to the head."""

    household: HouseholdId
    person: PersonId
    relation: str
    reason: str


@dataclass(frozen=True, slots=True)
class Undo:
    """An act is put back."""

    act: UUID
    reason: str


Act = Move | Split | Merge | SetHead | SetRelation | Undo


def known(work: Work, *, person: Any, language: str) -> Known | None:
    """The household of a person with its past; None for somebody who belongs to none."""
    card = card_of(work, person=person, language=language)
    if card is None:
        return None
    offered = (code.code for code in code_list(RELATIONS).offered())
    today = work.session.clock.now().date()
    return Known(
        card=card,
        past=tuple(offices.households.past(work.session, card.id, language)),
        relations=tuple((code, wording.label(RELATIONS, code, language)) for code in offered),
        also=everyday(RELATIONS, language),
        ages={one.person: age_words(one.birth, today, language) for one in card.members},
    )


def card_of(work: Work, *, person: Any, language: str) -> HouseholdCard | None:
    """The household that a person belongs to now."""
    found: HouseholdCard | None = offices.people.person_page(
        work.session, person, language=language
    ).household
    return found


def do(work: Work, *, act: Act) -> str:
    """Do it; says what was done."""
    households, session = offices.households, work.session
    match act:
        case Move(person, to, relation, reason):
            households.move(session, person, to=to, relation=relation, reason=reason)
            return tr("Moved to the other household.")
        case Split(household, relations, reason):
            made = households.split(session, household, relations, reason=reason)
            return tr("Split off as household {number}.", number=isolate(made.number))
        case Merge(into, other, relations, reason):
            households.merge(session, into, other, relations, reason=reason)
            return tr("Merged. All of them belong to this household now.")
        case SetHead(household, person, relation_of_old, reason, relations):
            households.set_head(
                session, household, person, relation_of_old, reason=reason, relations=relations
            )
            return tr("The household has another head.")
        case SetRelation(household, person, relation, reason):
            households.set_relation(session, household, person, relation, reason=reason)
            return tr("The relation was changed.")
        case Undo(undone, reason):
            households.undo(session, undone, reason=reason)
            return tr("Undone. Everybody is where they were before.")
