"""For whom no document is made: the dead, and whoever said that none shall show name and number.

What was never asked, as of people taken over from a list, withholds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from documents.templates.model import About
from station import pages
from workspace import templates
from workspace.errors import RefusedError
from workspace.papers import dead as dead

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from db.store import Reader
    from ledger.views import PersonView
    from station.making import Target

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


    What happened is told of the dead too: whoever lived a day was born and has died.
    """
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


def withheld(
    reader: Reader, targets: Sequence[Target]
) -> Iterator[tuple[Target, str, RefusedError]]:
    """The targets for which nothing is issued: each with the number of the person it would be for,
    and why."""
    library = templates.library(reader)
    for target in targets:
        number = ""
        template = library.get(target.type)
        try:
            person, _ = pages.subject_of(reader, target.type, target.subject)
            number = person.number
            require_willing(person, template.about if template else About.PERSON)
        except RefusedError as error:
            yield target, number, error
