"""Where the parts of a machine readable zone stand, and the arithmetic of its check digits.

ICAO Doc 9303, 8th edition (2021): part 3 section 4.9 (check digits), part 4 (TD3, passports),
part 5 (TD1, cards), part 6 (TD2), part 7 (visas, MRV-A and MRV-B).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Format = Literal["TD1", "TD2", "TD3", "MRV-A", "MRV-B"]

FILLER = "<"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHABET = "0123456789" + LETTERS
"""What can be printed besides the filler; the value of a character is its place here."""

_WEIGHTS = (7, 3, 1)


def check_digit(text: str) -> str:
    """The check digit of upper-case letters, digits and fillers: weights 7 3 1, modulus 10.

    Characters whose values are alike modulo 10 (``0``, ``A``, ``K``, ``U`` and ``<``; ``1``,
    ``B``, ``L`` and ``V``; ...) cannot be told apart by it.
    """
    values = (0 if char == FILLER else ALPHABET.index(char) for char in text)
    return str(sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


@dataclass(frozen=True, slots=True)
class Span:
    """Places ``first`` to ``last`` of a line, counted from 1 as in the specification."""

    line: int
    first: int
    last: int

    def of(self, lines: Sequence[str]) -> str:
        """What stands there."""
        return lines[self.line - 1][self.first - 1 : self.last]

    def __len__(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Layout:
    """One format: its lines, the places of its fields, and what each check digit covers."""

    format: Format
    width: int
    lines: int
    spans: Mapping[str, Span]
    composite: tuple[Span, ...] = ()
    """What the composite check digit covers; visas have none."""

    @property
    def checks(self) -> tuple[tuple[str, str], ...]:
        """Names of fields with a check digit of their own, and of the digit's field."""
        pairs = (
            ("number", "number_check"),
            ("birth", "birth_check"),
            ("expiry", "expiry_check"),
            ("optional", "optional_check"),
        )
        return tuple(pair for pair in pairs if pair[1] in self.spans)


def _two_lines(format_: Format, width: int, tail: Mapping[str, Span]) -> Layout:
    """Passports, TD2 and visas share all but the end of the second line."""
    spans = {
        "code": Span(1, 1, 2),
        "issuer": Span(1, 3, 5),
        "names": Span(1, 6, width),
        "number": Span(2, 1, 9),
        "number_check": Span(2, 10, 10),
        "nationality": Span(2, 11, 13),
        "birth": Span(2, 14, 19),
        "birth_check": Span(2, 20, 20),
        "sex": Span(2, 21, 21),
        "expiry": Span(2, 22, 27),
        "expiry_check": Span(2, 28, 28),
        **tail,
    }
    covered = (Span(2, 1, 10), Span(2, 14, 20), Span(2, 22, width - 1))
    return Layout(
        format_, width, 2, MappingProxyType(spans), covered if "composite" in spans else ()
    )


TD1 = Layout(
    "TD1",
    30,
    3,
    MappingProxyType(
        {
            "code": Span(1, 1, 2),
            "issuer": Span(1, 3, 5),
            "number": Span(1, 6, 14),
            "number_check": Span(1, 15, 15),
            "optional": Span(1, 16, 30),
            "birth": Span(2, 1, 6),
            "birth_check": Span(2, 7, 7),
            "sex": Span(2, 8, 8),
            "expiry": Span(2, 9, 14),
            "expiry_check": Span(2, 15, 15),
            "nationality": Span(2, 16, 18),
            "optional_2": Span(2, 19, 29),
            "composite": Span(2, 30, 30),
            "names": Span(3, 1, 30),
        }
    ),
    (Span(1, 6, 30), Span(2, 1, 7), Span(2, 9, 15), Span(2, 19, 29)),
)
TD2 = _two_lines("TD2", 36, {"optional": Span(2, 29, 35), "composite": Span(2, 36, 36)})
TD3 = _two_lines(
    "TD3",
    44,
    {
        "optional": Span(2, 29, 42),
        "optional_check": Span(2, 43, 43),
        "composite": Span(2, 44, 44),
    },
)
MRV_A = _two_lines("MRV-A", 44, {"optional": Span(2, 29, 44)})
MRV_B = _two_lines("MRV-B", 36, {"optional": Span(2, 29, 36)})

LAYOUTS: Mapping[Format, Layout] = MappingProxyType(
    {layout.format: layout for layout in (TD1, TD2, TD3, MRV_A, MRV_B)}
)

LONG_NUMBERS = frozenset({"TD1", "TD2"})
"""Formats whose document number may run on into the optional data (parts 5 and 6, note j)."""

DIGITS_ONLY = frozenset(
    {
        "number_check",
        "birth",
        "birth_check",
        "expiry",
        "expiry_check",
        "optional_check",
        "composite",
    }
)
LETTERS_ONLY = frozenset({"issuer", "nationality", "names"})

CONFUSED: Mapping[str, str] = MappingProxyType(
    {
        "0": "OQD",
        "1": "IL",
        "2": "Z",
        "4": "A",
        "5": "S",
        "6": "G",
        "7": "T",
        "8": "B",
        "O": "0Q",
        "Q": "0O",
        "D": "0",
        "I": "1L",
        "L": "1I",
        "Z": "2",
        "A": "4",
        "S": "5",
        "G": "6",
        "T": "7",
        "B": "8",
        "K": "<",
        "C": "<",
        "<": "KC",
    }
)
"""What a scanner or a tired eye takes for what. Used for suggestions, never to change a line."""
