"""The QR code: a symbol of fixed mask drawn by `qrcode`, its printed size, and its PDF path.

Alphanumeric mode, error correction M, mask fixed. The mask only matters for the look of the
symbol to old readers; trying all eight costs four fifths of the time and the one that is fixed
here is read as well. Modules are never printed smaller than 0.40 mm: measured, success depends
on the pixels a module gets, and a larger correction level only makes modules smaller.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from documents.base45 import ALPHABET
from documents.errors import CredentialError

MASK = 3  # diagonal stripes: no solid areas next to the long runs that Base45 of zlib never has
LEAST_MODULE_MM = 0.40
SIDES_MM = (35.0, 45.0, 60.0)  # without a photo, with one, and for names of extreme length
CARD_SIDES_MM = (32.0,)  # on a card, where there is no room for more
NUMBER_SIDE_MM = 16.0
QUIET_MODULES = 4  # ISO/IEC 18004, 6.3.8
_DARK_RUNS = re.compile(b"\x01+")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code: rows of modules, a byte each, of which 1 is dark. `side_mm` is printed, without
    the quiet zone."""

    rows: tuple[bytes, ...]
    side_mm: float

    @property
    def modules(self) -> int:
        """Modules along a side."""
        return len(self.rows)

    @property
    def module_mm(self) -> float:
        """The printed size of a module."""
        return self.side_mm / self.modules

    @property
    def version(self) -> int:
        """The version, 1 to 40."""
        return (self.modules - 17) // 4

    def path(self) -> str:
        """PDF operators that fill the dark modules: one module is one unit, the origin is the
        lower left corner. Runs of a row are one rectangle; all are filled at once, so that no
        viewer leaves hairlines between them."""
        parts = []
        for bottom, row in enumerate(reversed(self.rows)):
            for run in _DARK_RUNS.finditer(row):
                start, end = run.span()
                parts.append(f"{start} {bottom} {end - start} 1 re")
        return "\n".join(parts) + "\nf"


@lru_cache(maxsize=64)
def symbol(text: str, sides: tuple[float, ...] = SIDES_MM) -> Symbol:
    """Return the symbol for the text of a credential, in the smallest of `sides` that suits it.

    Raises:
        CredentialError: the text is no Base45, or too long for modules of 0.40 mm.
    """
    if not text or not set(text) <= set(ALPHABET):
        raise CredentialError("not_base45", "The text of a QR code is Base45. Issue it again.")
    rows = _rows(text)
    for side in sides:
        if side / len(rows) >= LEAST_MODULE_MM:
            return Symbol(rows, side)
    if sides == CARD_SIDES_MM:
        raise CredentialError(
            "too_much", "The names are too long for the code of a card. Print it on A4 or A5."
        )
    raise _too_long()


@lru_cache(maxsize=64)
def number_symbol(number: str) -> Symbol:
    """A small plain code of a control number, for typing a sheet in: no credential."""
    return Symbol(_rows(number), NUMBER_SIDE_MM)


def _rows(text: str) -> tuple[bytes, ...]:
    """The modules. The alphabet puts the text into alphanumeric mode."""
    from qrcode.exceptions import DataOverflowError  # only printing needs it

    from documents.symbols import AlphanumericCode

    try:
        return AlphanumericCode(text, MASK).rows()
    except (ValueError, DataOverflowError):
        raise _too_long() from None


def _too_long() -> CredentialError:
    return CredentialError(
        "names_too_long",
        "The names are too long for the QR code, so no paper can be made. Tell the registry, and "
        "leave the name whole.",
    )
