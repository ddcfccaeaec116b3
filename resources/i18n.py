"""gettext catalogues, one system for forms, documents, desktop and command.

Catalogues are ``i18n/<language>/LC_MESSAGES/waystation.mo``, compiled by Babel from the ``.po``
beside them. Source strings are English, so English needs no catalogue. Languages are BCP 47 tags
(``fa-AF``); folders use underscores, as gettext and CLDR do (``fa_AF``).

Papers are printed in more languages than the program speaks: ``i18n/<language>/papers.toml`` has
the few hundred words that stand on documents, English to translation. It stands below a catalogue.
"""

from __future__ import annotations

import gettext
import tomllib
from functools import cache
from typing import TYPE_CHECKING

import resources

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = [
    "DOMAIN",
    "SOURCE_LANGUAGE",
    "has",
    "has_papers",
    "languages",
    "paper_languages",
    "papers",
    "translation",
]

DOMAIN = "waystation"
SOURCE_LANGUAGE = "en"


@cache
def translation(language: str) -> gettext.NullTranslations:
    """The catalogue for a BCP 47 tag, falling back part by part (``fa-AF``, ``fa``, English).

    Never fails: an unknown language gives the English source strings. The result is shared and
    cached; ask it for ``gettext`` and ``ngettext``.
    """
    chosen: gettext.NullTranslations = gettext.NullTranslations()
    for folder in reversed(_fallbacks(language)):
        catalogue = _catalogue(folder)
        if catalogue is not None:
            catalogue.add_fallback(chosen)
            chosen = catalogue
    return chosen


@cache
def has(language: str) -> bool:
    """Whether there are words for a BCP 47 tag: it, or the language it falls back to, is English or
    has a catalogue."""
    folders = _fallbacks(language)
    return bool(folders) and (
        folders[-1] == SOURCE_LANGUAGE or any(_file(folder).is_file() for folder in folders)
    )


@cache
def languages() -> tuple[str, ...]:
    """BCP 47 tags that have a catalogue, English first, the others in alphabetical order."""
    root = resources.path("i18n")
    if not root.is_dir():
        return (SOURCE_LANGUAGE,)
    found = {
        entry.name.replace("_", "-")
        for entry in root.iterdir()
        if entry.is_dir() and _file(entry.name).is_file()
    }
    return (SOURCE_LANGUAGE, *sorted(found - {SOURCE_LANGUAGE}))


class _Papers(gettext.NullTranslations):
    """The words of papers in one language: no plurals, nothing of the program's own."""

    def __init__(self, words: dict[str, str]) -> None:
        super().__init__()
        self._words = words

    def gettext(self, message: str) -> str:
        return self._words.get(message) or super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        found = self._words.get(msgid1 if n == 1 else msgid2) or self._words.get(msgid2)
        return found or super().ngettext(msgid1, msgid2, n)


@cache
def papers(language: str) -> gettext.NullTranslations:
    """The words of papers in a language: its catalogue, or the file of its papers, or English."""
    if has(language):
        return translation(language)
    for folder in _fallbacks(language):
        file = resources.path(f"i18n/{folder}/papers.toml")
        if file.is_file():
            return _Papers(tomllib.loads(file.read_text("utf-8"))["words"])
    return gettext.NullTranslations()


@cache
def has_papers(language: str) -> bool:
    """Whether there are words for papers in a language."""
    return has(language) or any(
        resources.path(f"i18n/{folder}/papers.toml").is_file() for folder in _fallbacks(language)
    )


@cache
def paper_languages() -> tuple[str, ...]:
    """BCP 47 tags in which papers can be printed, those of the program first."""
    root = resources.path("i18n")
    more = {
        entry.name.replace("_", "-")
        for entry in (root.iterdir() if root.is_dir() else ())
        if entry.is_dir() and (entry / "papers.toml").is_file()
    }
    return (*languages(), *sorted(more - set(languages())))


def _fallbacks(language: str) -> list[str]:
    """``fa-AF`` as ``['fa_AF', 'fa']``. Anything that is no tag has no catalogue."""
    parts = language.replace("-", "_").split("_")
    if not all(part.isascii() and part.isalnum() for part in parts):
        return []
    return ["_".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _file(folder: str) -> Traversable:
    return resources.path(f"i18n/{folder}/LC_MESSAGES/{DOMAIN}.mo")


def _catalogue(folder: str) -> gettext.GNUTranslations | None:
    file = _file(folder)
    if not file.is_file():
        return None
    with file.open("rb") as stream:
        return gettext.GNUTranslations(stream)
