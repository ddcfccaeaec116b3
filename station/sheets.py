"""Blank forms that were filled in by hand: each is typed in once, and its number says which.

The numbers are a series of their own (docs/formats/numbers.md). That a family stands on a sheet is
kept with its registration; here, beside the ledger, is kept that no sheet is typed in twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from values.numbers import ControlNumber, NumberError
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from db.store import UnitOfWork
    from values.identifiers import RegistrationId
    from workspace.session import Session

SERIES = "F"


def number_of(session: Session, unit: UnitOfWork, typed: str) -> str:
    """The number of a sheet as it is printed, however it was typed; empty when none was.

    Raises `RefusedError` for what is no sheet's number, for another operation's, and for a sheet
    that a family was registered from already.
    """
    if not typed.strip():
        return ""
    try:
        number = ControlNumber.parse(typed)
    except NumberError:
        raise RefusedError(
            "sheet",
            "That is no number of a sheet. Type all of it, as it stands in large letters on the "
            "blank form, or leave it empty.",
        ) from None
    if number.series != SERIES or number.operation != session.office.operation.code:
        raise RefusedError(
            "sheet",
            "That is no number of a blank form of this operation. It has an F before its last "
            "digits; type it as it stands on the form, or leave it empty.",
        )
    if unit.setting(_typed_in(number)) is not None:
        raise RefusedError(
            "sheet_taken",
            "A family was registered from that sheet already. Look it up under Find before you "
            "register it again; if it is another family, compare the number.",
        )
    return str(number)


def note(unit: UnitOfWork, number: str, registration: RegistrationId) -> None:
    """Keep that the sheet is typed in now."""
    unit.put_setting(_typed_in(ControlNumber.parse(number)), registration.bytes)


def _typed_in(number: ControlNumber) -> str:
    return f"sheet/{number}"
