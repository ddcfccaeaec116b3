"""Small readings of what is stored, shared by the pages of the station."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms.codes import code_list
from workspace.search import text

if TYPE_CHECKING:
    from db.store import Reader
    from ledger.views import HouseholdView, PersonView
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
