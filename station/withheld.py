"""For whom no document is made: the dead, and whoever said that none shall show name and number.

What was never asked, as of people taken over from a list, withholds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from documents.templates.model import About
from workspace.errors import RefusedError
from workspace.papers import dead as dead
from workspace.stubs import require_here

if TYPE_CHECKING:
    from ledger.views import PersonView

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


def require_willing(person: PersonView, about: About) -> None:
    """Raises `RefusedError` for a holder who is dead, or who does not want a document.

    What happened is told of the dead too: whoever lived a day was born and has died. Nothing is
    told of somebody whose record was left to the registry.
    """
    require_here(person)
    if dead(person):
        if about is About.EVENT:
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
