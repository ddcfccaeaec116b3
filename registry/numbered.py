"""Numbers that entries give: a control number names its station, and no station gives another's.

People and papers are found and withdrawn by their numbers. A second record under a number, with a
device's clock set back, would be found in place of the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger import kinds
from values.numbers import ControlNumber, NumberError, parse_any

if TYPE_CHECKING:
    from ledger.entry import Entry
    from registry.picture import Picture

ELSEWHERE: Final = "number_elsewhere"

SENTENCES: Final = {
    ELSEWHERE: "A number was given that belongs to another station, or to the registry. "
    "Ask the station whether its program was changed.",
}

_GIVING: Final = frozenset(
    {kinds.PERSON_REGISTERED, kinds.HOUSEHOLD_REGISTERED, kinds.DOCUMENT_ISSUED}
)


def fault(picture: Picture, entry: Entry) -> str | None:
    """What is wrong with the number that an entry gives, as a code; None when nothing is.

    What is no number, or names a station that nobody has enrolled, is taken for nobody else's.
    """
    if entry.header.kind not in _GIVING or entry.body is None:
        return None
    try:
        number = parse_any(entry.body["number"])
    except NumberError:
        return None
    if not isinstance(number, ControlNumber):
        return ELSEWHERE
    if number.station == picture.code_of(entry.header.office):
        return None
    return ELSEWHERE if number.station in picture.codes() else None
