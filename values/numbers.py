"""Control numbers: made offline without collision, copied by hand without silent error.

A number belongs to one station, one epoch of its ledger and one series, and ends in two check
digits (ISO 7064, MOD 97-10) over all letters and digits before them. A number never identifies a
person, a UUID does. See ``docs/formats/numbers.md``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from values.clock import Entropy
from values.text import BIDI_CONTROLS, ascii_digits

ALPHABET = "34679ACDEFGHJKMNPQRTWY"
"""Letters and digits that are not taken for one another when copied by hand: without 0 and O,
1, I and L, 2 and Z, 5 and S, 8 and B, U and V; and without X, because X counts as 33, so that
``X3`` and ``3X`` have the same check digits. Epoch tags are drawn from it."""

TAG_LENGTH = 3
SERIES = {"P": "person", "H": "household", "D": "document", "F": "sheet"}
"""The series of a station, and what each numbers."""

_LARGEST = 9_999_999  # seven digits: more than one station registers in a lifetime
_SEPARATORS = re.compile(rf"[\s\-\u2010-\u2015\u2212./{BIDI_CONTROLS}]+")
# Letters, then digits: mixed ones could hold B1 and M2, which escape the check digits as X3 does.
_STATION_FORM = "[A-Z]{1,5}[0-9]{0,4}"
_CONTROL = re.compile(
    rf"([A-Z]{{3}})({_STATION_FORM})([{ALPHABET}]{{{TAG_LENGTH}}})([PHDF])(\d{{5,7}})(\d\d)",
    re.ASCII,
)
_PERMANENT = re.compile(r"([A-Z]{3})R(\d{7,9})(\d\d)", re.ASCII)
_OPERATION = re.compile(r"[A-Z]{3}", re.ASCII)
_STATION = re.compile(_STATION_FORM)
_TAG = re.compile(rf"[{ALPHABET}]{{{TAG_LENGTH}}}", re.ASCII)


class NumberError(ValueError):
    """A control number is not one, or was copied wrongly. ``code`` is ``form`` or ``check``.
    Faces show the sentence at the field."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


_FORM_SENTENCE = "This is not a number of ours; copy it again, as in WST-A01-K7Q-P00042-46."
_CHECK_SENTENCE = "The check digits do not match; compare the number with the paper again."


@dataclass(frozen=True, slots=True, order=True)
class ControlNumber:
    """A number that a station gave: ``WST-A01-K7Q-P00042-46``.

    ``operation`` is three letters, ``station`` two to five characters, letters and then digits,
    ``epoch`` three of :data:`ALPHABET`, ``series`` one of :data:`SERIES`, ``counter`` from 1.
    Raises :class:`NumberError` when built of anything else.
    """

    operation: str
    station: str
    epoch: str
    series: str
    counter: int

    def __post_init__(self) -> None:
        if (
            not _OPERATION.fullmatch(self.operation)
            or not 2 <= len(self.station) <= 5
            or not _STATION.fullmatch(self.station)
            or not _TAG.fullmatch(self.epoch)
            or self.series not in SERIES
            or not 1 <= self.counter <= _LARGEST
        ):
            raise NumberError("form", _FORM_SENTENCE)

    @classmethod
    def parse(cls, text: str) -> ControlNumber:
        """Read a number in any case, with or without separators, digits in any script.

        Raises :class:`NumberError`: ``check`` when only the check digits do not match.
        """
        match = _CONTROL.fullmatch(_squeezed(text))
        if match is None:
            raise NumberError("form", _FORM_SENTENCE)
        operation, station, epoch, series, counter, check = match.groups()
        number = cls(operation, station, epoch, series, int(counter))
        # An additional zero would pass MOD 97-10 as another spelling of one number.
        if counter != f"{number.counter:05d}" or check != check_digits(number._payload()):
            raise NumberError("check", _CHECK_SENTENCE)
        return number

    def _payload(self) -> str:
        return f"{self.operation}{self.station}{self.epoch}{self.series}{self.counter:05d}"

    def __str__(self) -> str:
        serial = f"{self.series}{self.counter:05d}"
        check = check_digits(self._payload())
        return f"{self.operation}-{self.station}-{self.epoch}-{serial}-{check}"


@dataclass(frozen=True, slots=True, order=True)
class PermanentNumber:
    """A number that the registry gave on registering: ``WST-R-0000042-56``."""

    operation: str
    counter: int

    def __post_init__(self) -> None:
        if not _OPERATION.fullmatch(self.operation) or not 1 <= self.counter <= 999_999_999:
            raise NumberError("form", _FORM_SENTENCE)

    @classmethod
    def parse(cls, text: str) -> PermanentNumber:
        """Read a number, as :meth:`ControlNumber.parse` does."""
        match = _PERMANENT.fullmatch(_squeezed(text))
        if match is None:
            raise NumberError("form", _FORM_SENTENCE)
        operation, counter, check = match.groups()
        number = cls(operation, int(counter))
        if counter != f"{number.counter:07d}" or check != check_digits(number._payload()):
            raise NumberError("check", _CHECK_SENTENCE)
        return number

    def _payload(self) -> str:
        return f"{self.operation}R{self.counter:07d}"

    def __str__(self) -> str:
        return f"{self.operation}-R-{self.counter:07d}-{check_digits(self._payload())}"


def parse_any(text: str) -> ControlNumber | PermanentNumber:
    """Whichever of the two it is. Raises :class:`NumberError` when it is neither."""
    if _PERMANENT.fullmatch(_squeezed(text)):
        return PermanentNumber.parse(text)
    return ControlNumber.parse(text)


def operation_code(text: str) -> str:
    """The code of an operation, checked: three letters A to Z, given back as capitals.

    Exactly three, so that a number typed without separators can be taken apart. Raises
    :class:`NumberError`.
    """
    code = text.strip().upper()
    if not _OPERATION.fullmatch(code):
        raise NumberError("form", "Use three letters A to Z for the operation, such as WST.")
    return code


def check_digits(payload: str) -> str:
    """Two digits that make ``payload`` valid under ISO 7064 MOD 97-10, letters as 10 to 35."""
    # Imported at first use: python-stdnum costs some 40 ms, and start-up prints no number.
    from stdnum.iso7064 import mod_97_10

    return str(mod_97_10.calc_check_digits(payload))


def epoch_tag(entropy: Entropy) -> str:
    """Three characters of :data:`ALPHABET`, drawn evenly, that name an epoch in numbers."""
    limit = 256 - 256 % len(ALPHABET)
    tag = ""
    while len(tag) < TAG_LENGTH:
        byte = entropy(1)[0]
        if byte < limit:
            tag += ALPHABET[byte % len(ALPHABET)]
    return tag


def _squeezed(text: str) -> str:
    return _SEPARATORS.sub("", ascii_digits(text[:200])).upper()
