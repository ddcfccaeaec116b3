"""For whom no document is made: the dead, and whoever said that none shall show name and number.

What was never asked, as of people taken over from a list, withholds nothing but the statement that
it was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from documents.templates.model import About, Kind
from workspace.errors import RefusedError
from workspace.papers import dead as dead
from workspace.stubs import require_here

if TYPE_CHECKING:
    from documents.templates.model import Template
    from ledger.views import PersonView
    from workspace.session import Session

CIVIL = "civil"
"""The kind of event that a civil register holds."""
PURPOSE = "document"
"""The purpose of consent that a document rests on."""


def refused(person: PersonView) -> bool:
    """Whether the person does not want a document."""
    consent = person.values.get("consent")
    return isinstance(consent, Mapping) and consent.get(PURPOSE) == "no"


def unasked(person: PersonView) -> bool:
    """Whether nobody recorded what the person says to a document. It may be printed all the same;
    whoever prints asks first."""
    consent = person.values.get("consent")
    return not isinstance(consent, Mapping) or consent.get(PURPOSE) not in ("yes", "no")


def _civil(session: Session, template: Template) -> bool:
    """Whether a document tells of nothing but births, deaths, marriages and their like."""
    if template.about is not About.EVENT:
        return False
    try:
        return all(session.catalogue.form(one).event == CIVIL for one in template.forms)
    except KeyError:  # of a form that is not here
        return False


def require_willing(session: Session, person: PersonView, template: Template) -> None:
    """Raises `RefusedError` for a holder who is dead, or who does not want a document.

    What a civil register holds is told of the dead too: whoever lived a day was born and has died.
    Anything else is a paper for somebody to use. Nothing is told of somebody whose record was left
    to the registry.
    """
    require_here(person)
    if dead(person):
        if _civil(session, template):
            return
        raise RefusedError(
            "dead",
            "This person is recorded as dead, so no new document is issued. If that is wrong, let "
            "the death be withdrawn first.",
        )
    if refused(person):
        raise RefusedError(
            "consent_refused",
            "This person does not want a document that shows name and number. Ask again, and "
            "correct the consent if they changed their mind.",
        )


def require_asked(person: PersonView, template: Template) -> None:
    """Raises `RefusedError` for a statement of what somebody answered who was asked nothing."""
    if template.block(Kind.CONSENT) is None:
        return
    consent = person.values.get("consent")
    answers = consent.values() if isinstance(consent, Mapping) else ()
    if not any(one in ("yes", "no") for one in answers):
        raise RefusedError(
            "consent_unasked",
            "This person was not asked yet what they agree to, so there is nothing to state. Ask "
            "first, correct the record, then print.",
        )
