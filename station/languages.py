"""The language that a paper is printed in: the one that was asked for, or the authority's where
papers have no words in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms.codes import code_list
from forms.written import written
from resources.i18n import SOURCE_LANGUAGE
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from workspace.session import Session


def printed_in(session: Session, language: str) -> str:
    """The tag (BCP 47) of the language in which a paper is printed for this one: a tag, or a code
    of the list of languages, as it is recorded of people.

    Raises `RefusedError` for what is no language: a document in none could not be said in the
    chain.
    """
    return written(_known(language)) or of_authority(session)


def instead(session: Session, language: str) -> str:
    """That papers are printed in another language than the one asked for, as a sentence; empty
    where papers have words in it. Raises `RefusedError`, as `printed_in`."""
    if written(known := _known(language)):
        return ""
    other = of_authority(session)
    return (
        f"Papers have no words in {_name(known)}, so they are printed in {_name(other)}, the "
        "language of the authority."
    )


def of_authority(session: Session) -> str:
    """The authority's language, or English where papers have no words in it."""
    return written(session.office.operation.language) or SOURCE_LANGUAGE


def _known(language: str) -> str:
    from babel import Locale, UnknownLocaleError  # CLDR's data: only where papers are made

    if language.casefold() in code_list("languages"):
        return language.casefold()
    try:
        return str(Locale.parse(language.replace("_", "-"), sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError, TypeError):
        raise RefusedError(
            "language", "There is no such language. Write it as a tag: en, fr, ar, fa-AF."
        ) from None


def _name(language: str) -> str:
    from babel import Locale

    if language in (known := code_list("languages")):
        return known[language].label
    return Locale.parse(language, sep="-").get_display_name("en") or language
