"""Sheets of numbered paper: each carries one document, or is spoiled, and neither twice.

Which sheet a document is on stands in its entry; beside the ledger the sheets that were used are
noted by number, so that nobody has to read every entry to find one.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger import authority, kinds
from values import cbor
from values.numbers import ControlNumber, NumberError
from workspace.errors import RefusedError
from workspace.papers import day_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.store import Reader, UnitOfWork
    from workspace.session import Session

_USED = "stock/"
"""Before the serials; alone, that what was used before notes were taken is noted too."""


def require_fresh(session: Session, reader: Reader, serial: str) -> None:
    """Raises `RefusedError` for a sheet that was used or spoiled here, and for one of our own
    numbers, which is on no sheet that a printer makes."""
    if not serial:
        return
    try:
        ControlNumber.parse(serial)
    except NumberError:
        pass
    else:
        raise RefusedError(
            "serial",
            "That is a number that Waystation gave. Type the one that was printed on the empty "
            "sheet, or leave it empty.",
        )
    require_not_spoiled(session, reader, serial)
    if (used := _used(session, reader, serial)) is not None:
        number, day = used
        raise RefusedError(
            "sheet_used",
            f"The sheet {serial} was used on {day.isoformat()} for {number}. Type the number of "
            "the sheet that is in the printer.",
        )


def require_not_spoiled(session: Session, reader: Reader, serial: str) -> None:
    """Raises `RefusedError` for a sheet that was accounted for as spoiled here."""
    if (day := spoiled_on(session, reader, serial)) is not None:
        raise RefusedError(
            "sheet_spoiled",
            f"The sheet {serial} was spoiled on {day.isoformat()}. "
            "Take another sheet, and type its number.",
        )


def spoiled_on(session: Session, reader: Reader, serial: str) -> date | None:
    """The day on which a sheet was accounted for as spoiled here, if it was."""
    wanted = _key(serial)
    for entry in reader.entries_of_kind(kinds.SHEET_SPOILED, "office"):
        body, header = entry.body, entry.header
        if body is None or header.office != session.office.id or not body.get("stock"):
            continue
        if _key(str(body["stock"])) == wanted:
            return day_of(header.device_time)
    return None


def note_used(session: Session, unit: UnitOfWork, serial: str, number: str, on: date) -> None:
    """In the commit that issues a document on this sheet."""
    if unit.setting(_USED) is None:
        for one, of, day in _told(session, unit):
            _note(unit, one, of, day)
        unit.put_setting(_USED, b"")
    _note(unit, serial, number, on.isoformat())


def _note(unit: UnitOfWork, serial: str, number: str, day: str) -> None:
    unit.put_setting(_USED + _key(serial), cbor.encode({"number": number, "on": day}))


def _used(session: Session, reader: Reader, serial: str) -> tuple[str, date] | None:
    wanted = _key(serial)
    if (raw := reader.setting(_USED + wanted)) is not None:
        said = cbor.decode(raw)
        return said["number"], date.fromisoformat(said["on"])
    if reader.setting(_USED) is None:
        for one, number, day in _told(session, reader):
            if _key(one) == wanted:
                return number, date.fromisoformat(day)
    return None


def _told(session: Session, reader: Reader) -> Iterator[tuple[str, str, str]]:
    """Serial, number and day of the documents of this office that are on numbered sheets."""
    erased = authority.Erased(reader.entries_of_kind(kinds.ENTRY_ERASED, "office"))
    for entry in reader.entries_of_kind(kinds.DOCUMENT_ISSUED, "document"):
        if entry.header.office != session.office.id:
            continue
        said = erased.said(entry) or {}
        if said.get("serial"):
            day = said.get("issued") or day_of(entry.header.device_time).isoformat()
            yield str(said["serial"]), str(said.get("number", "")), str(day)[:10]


def _key(serial: str) -> str:
    """A serial however it was typed: letters of either case, with or without what parts them."""
    return "".join(one for one in serial.casefold() if one.isalnum())
