"""Which events there are to choose from, family by family, and finding one by typing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from desktop.words import N_, language, tr
from forms.definition import Form
from values.seeking import begun, fold, words

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
    also: str = ""
    """Everyday words by which it is found besides."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The events of one family under their heading."""

    family: str
    title: str
    offers: tuple[Offer, ...]


def text_of(form: Form, source: str) -> str:
    """A text of a form in the language in use: its own translation before the catalogue's."""
    return form.texts.get(language(), {}).get(source) or tr(source)


def offers(
    forms: Iterable[Form], *, registers: bool, also: Mapping[str, str] | None = None
) -> tuple[Offer, ...]:
    """What may be chosen. ``registers``: whether events that register a person are among it;
    ``also``: everyday words for the forms."""
    found_by = also or {}
    made = [
        Offer(
            form.id,
            form.event,
            text_of(form, form.title),
            text_of(form, form.summary),
            found_by.get(form.id, ""),
        )
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
    """The offers that what was typed may mean: each of its words begins a word of the title, of
    the everyday words for it, of the summary or of the family's name. What the title begins with
    comes first, then what has all words in the title, then everyday words."""
    wanted = words(typed)
    if not wanted:
        return tuple(every) if not typed.strip() else ()
    ranked = []
    for place, one in enumerate(every):
        title, also = words(one.title), words(one.also)
        rest = words(f"{one.summary} {tr(FAMILIES[one.family])}")
        if fold(one.title).startswith(fold(typed.strip())):
            ranked.append((0, place, one))
        elif begun(wanted, title):
            ranked.append((1, place, one))
        elif begun(wanted, title + also):
            ranked.append((2, place, one))
        elif begun(wanted, title + also + rest):
            ranked.append((3, place, one))
    return tuple(one for _, _, one in sorted(ranked, key=lambda entry: entry[:2]))
