"""Which events there are to choose from, family by family, and finding one by typing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from desktop.words import N_, language, tr
from forms.definition import Form

FAMILIES: Final = {
    "civil": N_("Civil events"),
    "displacement": N_("Journey and displacement"),
    "protection": N_("Family separation and tracing"),
    "document": N_("Documents"),
    "presence": N_("Presence"),
}
"""The families in the order in which they are shown, with their headings."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One event that can be recorded."""

    form: str
    family: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The events of one family under their heading."""

    family: str
    title: str
    offers: tuple[Offer, ...]


def text_of(form: Form, source: str) -> str:
    """A text of a form in the language in use: its own translation before the catalogue's."""
    return form.texts.get(language(), {}).get(source) or tr(source)


def offers(forms: Iterable[Form], *, registers: bool) -> tuple[Offer, ...]:
    """What may be chosen. ``registers``: whether events that register a person are among it."""
    made = [
        Offer(form.id, form.event, text_of(form, form.title), text_of(form, form.summary))
        for form in forms
        if registers or not form.effects.creates
    ]
    order = list(FAMILIES)
    return tuple(sorted(made, key=lambda one: order.index(one.family)))


def shelves(found: Sequence[Offer]) -> tuple[Shelf, ...]:
    """The offers under their families' headings, in the order given."""
    return tuple(
        Shelf(family, tr(title), mine)
        for family, title in FAMILIES.items()
        if (mine := tuple(one for one in found if one.family == family))
    )


def matching(every: Sequence[Offer], typed: str) -> tuple[Offer, ...]:
    """The offers that what was typed may mean: each of its words begins a word of the title, the
    summary or the family's name. What the title begins with comes first."""
    wanted = _folded(typed).split()
    if not wanted:
        return tuple(every)
    ranked = []
    for place, one in enumerate(every):
        whole = _folded(one.title)
        title = whole.split()
        rest = _folded(f"{one.summary} {tr(FAMILIES[one.family])}").split()
        if whole.startswith(" ".join(wanted)):
            ranked.append((0, place, one))
        elif all(_begins(word, title) for word in wanted):
            ranked.append((1, place, one))
        elif all(_begins(word, title) or _begins(word, rest) for word in wanted):
            ranked.append((2, place, one))
    return tuple(one for _, _, one in sorted(ranked, key=lambda entry: entry[:2]))


def _begins(start: str, words: Iterable[str]) -> bool:
    return any(word.strip("(),.;:").startswith(start) for word in words)


def _folded(text: str) -> str:
    """For comparing: no case, no accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))
