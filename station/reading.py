"""Small readings of what is stored, shared by the pages of the station."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms import wording
from forms.codes import code_list
from forms.kept import date_of
from values.text import isolate
from workspace.search import birth_of, text

if TYPE_CHECKING:
    from db.store import Reader
    from ledger.views import HouseholdView, PersonView, RegistrationView
    from values.identifiers import PersonId, UserId
    from workspace.session import Session


def name_of(view: PersonView) -> str:
    """The name to show: own script first, else Latin, else the number."""
    return text(view, "name") or text(view, "name_latin") or view.number


def sex_of(view: PersonView) -> str:
    """The sex as documents know it; empty for what no list of ours has."""
    said = text(view, "sex")
    return said if code_list("sex").find(said) == said else ""


def head_of(reader: Reader, household: HouseholdView | None) -> PersonView | None:
    """The household's head, or its first member where there is none any more."""
    if household is None:
        return None
    present = [member for member in household.members if member.left_at is None]
    for member in sorted(present, key=lambda one: one.relation != "head"):
        person = reader.person(member.person)
        if person is not None and not person.voided:
            return person
    return None


def relation_of(household: HouseholdView, person: PersonId) -> str:
    """The code of a member's relation to the head, empty for somebody who left."""
    for member in household.members:
        if member.person == person and member.left_at is None:
            return member.relation
    return ""


def author_name(reader: Reader, session: Session, user: UserId) -> str:
    """The login name of whoever signed; users are staff, not registered people."""
    if user == session.user.id:
        return session.user.name
    return reader.user_name(user) or "—"


def sentences(reader: Reader, view: RegistrationView, language: str) -> list[str]:
    """The registration as sentences, one fact after another."""
    lines: list[str] = []
    household = reader.household(view.household)
    for identity in view.persons:
        person = reader.person(identity)
        if person is None:
            continue
        relation = relation_of(household, identity) if household else ""
        # Isolated, so that a right-to-left name does not turn the sentence around it.
        parts = [isolate(name_of(person))]
        if relation:
            parts.append(wording.label("relation", relation, language))
        if sex := text(person, "sex"):
            parts.append(wording.label("sex", sex, language))
        if birth := birth_of(person):
            parts.append(wording.say_date(birth, language))
        if nationality := text(person, "nationality"):
            parts.append(wording.label("countries", nationality, language))
        lines.append(" · ".join(parts))
    if household is not None and (journey := _journey(household, language)):
        lines.append(journey)
    return lines


def _journey(household: HouseholdView, language: str) -> str:
    """Where the household came from, why, and when it arrived."""
    said = household.values
    parts = [str(said.get("origin_place") or "")]
    for field, codes in (("origin_country", "countries"), ("cause", "causes")):
        code = said.get(field)
        parts.append(wording.label(codes, code, language) if isinstance(code, str) else "")
    if arrival := date_of(said.get("arrival")):
        parts.append(wording.say_date(arrival, language))
    return " · ".join(part for part in parts if part)
