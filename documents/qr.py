"""The QR code: a symbol of fixed mask, its printed size, and its outline as a PDF path.

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
QUIET_MODULES = 4  # ISO/IEC 18004, 6.3.8
_DARK_RUNS = re.compile(b"\x01+")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code: rows of modules, True is dark. `side_mm` is printed, without the quiet zone."""

    rows: tuple[tuple[bool, ...], ...]
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
            line = bytes(row)
            parts += [
                f"{run.start()} {bottom} {run.end() - run.start()} 1 re"
                for run in _DARK_RUNS.finditer(line)
            ]
        return "\n".join(parts) + "\nf"


@lru_cache(maxsize=64)
def symbol(text: str) -> Symbol:
    """Return the symbol for the text of a credential, in the smallest size that suits it.

    Raises:
        CredentialError: the text is no Base45, or too long for modules of 0.40 mm.
    """
    import qrcode  # only printing needs it
    from qrcode.exceptions import DataOverflowError

    if not text or not set(text) <= set(ALPHABET):
        raise CredentialError("not_base45", "The text of a QR code is Base45. Issue it again.")
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, mask_pattern=MASK, border=0)
    code.add_data(text, optimize=0)  # the alphabet puts it into alphanumeric mode
    try:
        code.make(fit=True)
    except (ValueError, DataOverflowError):
        raise _too_long() from None
    rows = tuple(tuple(bool(module) for module in row) for row in code.modules)
    for side in SIDES_MM:
        if side / len(rows) >= LEAST_MODULE_MM:
            return Symbol(rows, side)
    raise _too_long()


def _too_long() -> CredentialError:
    return CredentialError(
        "names_too_long",
        "The names are too long for the QR code. Enter the name as it is used every day.",
    )
