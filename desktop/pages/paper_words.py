"""Why papers are printed again, withdrawn or spoiled, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from desktop.words import N_, tr

AGAIN: Final[Mapping[str, str]] = {
    "lost": N_("The first was lost: withdraw it"),
    "stolen": N_("The first was stolen: withdraw it"),
    "damaged": N_("The first was damaged"),
    "unreadable": N_("It could not be read"),
    "again": N_("Another reason"),
}
WITHDRAWN: Final[Mapping[str, str]] = {
    "lost": N_("Lost"),
    "stolen": N_("Stolen"),
    "wrong": N_("Wrong"),
    "fraud": N_("Fraud"),
    "death": N_("The holder died"),
    "replaced": N_("Replaced by a new one"),
}
SPOILED: Final[Mapping[str, str]] = {
    "jam": N_("The printer jammed"),
    "smudged": N_("Smudged or crooked"),
    "misfeed": N_("Several sheets at once"),
    "test": N_("Printed as a test"),
    "other": N_("Another reason"),
}
PAPERS: Final[Mapping[str, str]] = {
    "a4": N_("A4"),
    "a5": N_("A5"),
    "letter": N_("Letter"),
}
"""Sizes of paper by their names in templates; cards are asked for in their own words."""
LANGUAGES: Final[Mapping[str, str]] = {
    "fa-AF": "\u062f\u0631\u06cc",
    "ps": "\u067e\u069a\u062a\u0648",
    "ur": "\u0627\u0631\u062f\u0648",
    "my": "\u1019\u103c\u1014\u103a\u1019\u102c",
    "am": "\u12a0\u121b\u122d\u129b",
}
"""Languages of papers that the program does not speak, each by its own name."""
_BY_TWO: Final = frozenset({"fraud", "death"})
_DECIDES: Final = frozenset({"supervisor", "registrar"})


def choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their words, to choose from."""
    return [(code, tr(text)) for code, text in words.items()]


def withdrawals(role: str) -> list[tuple[str, str]]:
    """Why somebody of this role may withdraw a paper."""
    return [
        one
        for one in choices(WITHDRAWN)
        if one[0] != "replaced" and (one[0] not in _BY_TWO or role in _DECIDES)
    ]
