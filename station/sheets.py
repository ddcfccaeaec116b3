"""Blank forms that were filled in by hand: each is typed in once, and none of them is missing.

The numbers are a series of their own (docs/formats/numbers.md). That a family stands on a sheet is
kept with its registration, and that one was spoiled is an entry; here, beside the ledger, is kept
which were printed and that none is typed in twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from ledger import kinds
from values import cbor
from values.identifiers import RegistrationId
from values.numbers import ControlNumber, NumberError
from workspace.act import EPOCH_TAG
from workspace.errors import RefusedError
from workspace.reserved import spoiled_papers
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from db.store import Reader, UnitOfWork
    from workspace.session import Session

SERIES = "F"
OUT, RETURNED, SPOILED = "out", "returned", "spoiled"
"""What became of a sheet: nobody knows yet, it was typed in, it went wrong and was destroyed."""
_PRINTED = "blank/"
_BETWEEN = re.compile(r"[,;\n\u060c\u061b\u3001]+")


@dataclass(frozen=True, slots=True)
class BlankSheet:
    """A sheet of this station. `printed`: when; None where that was not kept yet. `at`: when it
    was typed in or accounted for as spoiled."""

    number: str
    printed: datetime | None
    state: str = OUT
    at: datetime | None = None


def all_sheets(session: Session) -> list[BlankSheet]:
    """Every blank sheet that this station printed and what became of it, the latest first."""
    require(session, Right.PRINT)
    with session.store.read() as reader:
        printed = dict(_printed(session, reader))
        typed = reader.settings(_typed_in())
        found = []
        spoiled = dict(_spoiled(session, reader))
        for number, at in printed.items():
            state, when = OUT, None
            if (registration := typed.get(_typed_in(number))) is not None:
                state, when = RETURNED, _submitted(reader, registration)
            elif number in spoiled:
                state, when = SPOILED, spoiled[number]
            found.append(BlankSheet(number, at, state, when))
    found.sort(key=lambda one: ControlNumber.parse(one.number).counter, reverse=True)
    found.sort(key=lambda one: one.printed or datetime.min.replace(tzinfo=UTC), reverse=True)
    return found


def _printed(session: Session, reader: Reader) -> Iterator[tuple[str, datetime | None]]:
    """The numbers that were printed, by the notes of it; in this epoch those too that were printed
    before notes were taken."""
    tag = reader.setting(EPOCH_TAG)
    if tag is not None:
        epoch = tag.decode("ascii")
        for counter in range(1, reader.counter(f"number/{SERIES}/{epoch}") + 1):
            yield str(
                ControlNumber(
                    session.office.operation.code, session.office.code, epoch, SERIES, counter
                )
            ), None  # fmt: skip
    for raw in reader.settings(_PRINTED).values():
        said = cbor.decode(raw)
        for number in said["numbers"]:
            yield number, datetime.fromtimestamp(said["at"] / 1000, UTC)


def _spoiled(session: Session, reader: Reader) -> Iterator[tuple[str, datetime]]:
    for entry in reader.entries_of_kind(kinds.SHEET_SPOILED, "office"):
        if entry.header.office == session.office.id and entry.body is not None:
            yield str(entry.body.get("stock") or ""), entry.header.device_time
    for entry, paper in spoiled_papers(session, reader):
        yield paper.number, entry.header.device_time


def _submitted(reader: Reader, registration: bytes) -> datetime | None:
    view = reader.registration(RegistrationId(UUID(bytes=registration)))
    return view.submitted_at if view else None


def numbers_of(session: Session, unit: UnitOfWork, typed: str) -> tuple[str, ...]:
    """The numbers of a family's sheets as they are printed, however they were typed, with commas
    between them; none when none was.

    Raises `RefusedError` for what is no sheet's number, for another operation's, for one that was
    never printed here, and for a sheet that is accounted for already.
    """
    return tuple(
        dict.fromkeys(
            str(_still_out(session, unit, one)) for one in _BETWEEN.split(typed) if one.strip()
        )
    )


def spoilable(session: Session, unit: UnitOfWork, stock: str) -> str:
    """The number of a blank sheet as it is printed; any other serial as it was typed.

    Raises `RefusedError` as `numbers_of`, but for what is no number of ours.
    """
    try:
        if ControlNumber.parse(stock).series != SERIES:
            return stock
    except NumberError:
        return stock
    return str(_still_out(session, unit, stock))


def _still_out(session: Session, unit: UnitOfWork, typed: str) -> ControlNumber:
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
    # Of an epoch before a restore, sheets may be out that this store has not heard of.
    epoch = unit.setting(EPOCH_TAG)
    mine = number.station == session.office.code and number.epoch.encode("ascii") == epoch
    if mine and number.counter > unit.counter(f"number/{SERIES}/{number.epoch}"):
        raise RefusedError(
            "sheet", "No blank form with that number was printed here. Compare it with the form."
        )
    if unit.setting(_typed_in(number)) is not None:
        raise RefusedError(
            "sheet_taken",
            "A family was registered from that sheet already. Look it up under Find before you "
            "register it again; if it is another family, compare the number.",
        )
    if str(number) in dict(_spoiled(session, unit)):
        raise RefusedError(
            "sheet_spoiled",
            "That sheet is accounted for as spoiled already. Compare the number with the form.",
        )
    return number


def note_printed(unit: UnitOfWork, numbers: Sequence[str], at: datetime) -> None:
    """Keep that these are printed."""
    unit.put_setting(
        _PRINTED + numbers[0],
        cbor.encode({"at": int(at.timestamp() * 1000), "numbers": list(numbers)}),
    )


def note(unit: UnitOfWork, number: str, registration: RegistrationId) -> None:
    """Keep that the sheet is typed in now."""
    unit.put_setting(_typed_in(number), registration.bytes)


def _typed_in(number: object = "") -> str:
    return f"sheet/{number}"
