"""Spoiled sheets: every sheet of numbered paper that went wrong is accounted for, by an entry.

A spoiled sheet is destroyed, and nothing about the document on it changes: it is printed again
under its own number. What counts is that no sheet is missing at the end of the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ledger import kinds
from ledger.entry import Subject
from station import sheets
from station.chosen import as_printed
from station.making import issue_of
from station.stock import require_not_spoiled
from values.text import clean
from workspace.errors import RefusedError
from workspace.papers import day_of
from workspace.past import user_name
from workspace.reserved import spoiled_papers
from workspace.rights import Right, require

if TYPE_CHECKING:
    from datetime import datetime

    from workspace.session import Session

JAM, SMUDGED, MISFEED, TEST, OTHER = "jam", "smudged", "misfeed", "test", "other"
REASONS = (JAM, SMUDGED, MISFEED, TEST, OTHER)
"""What went wrong with a sheet."""
UNISSUED = "unissued"
"""Nobody says this of a sheet: its number was reserved, and nothing was issued under it."""
MOST_STOCK = 40
"""Characters of a printed serial: longer ones were scanned from something else."""


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A sheet that was spoiled. `number`: the document on it; `stock`: its printed serial."""

    at: datetime
    number: str
    stock: str
    code: str
    reason: str
    by: str


def record(
    session: Session, *, code: str, number: str = "", stock: str = "", words: str = ""
) -> None:
    """Account for one sheet.

    Raises `RefusedError` for a reason that is none of `REASONS`, for a sheet that neither a
    number nor a serial tells from others, for a number of no document of this station, and for a
    sheet that is accounted for already.
    """
    require(session, Right.PRINT)
    if code not in REASONS:
        raise RefusedError(
            "reason", f"Say what happened to the sheet: {', '.join(REASONS[:-1])} or other."
        )
    stock = clean(stock).text
    if len(stock) > MOST_STOCK:
        raise RefusedError("stock", "Type the serial that is printed on the sheet, and no more.")
    if code == OTHER and not words.strip():
        raise RefusedError("reason", "Say in words what happened to the sheet.")
    if not number.strip() and not stock:
        raise RefusedError("sheet", "Type the document's number, or the serial of the sheet.")
    said: dict[str, Any] = {"reason": words.strip() or code, "code": code}
    with session.act() as act:
        if number.strip():
            document = act.unit.document_by_number(as_printed(number))
            if document is None:
                raise RefusedError("unknown_document", "No document here has that number.")
            said["number"] = document.number
            # The sheet that a document is on tells its serial, which is signed.
            stock = stock or str(issue_of(act.unit, document).get("serial") or "")
        if stock:
            require_not_spoiled(session, act.unit, stock)
            said["stock"] = sheets.spoilable(session, act.unit, stock)
        act.say(kinds.SHEET_SPOILED, Subject("office", session.office.id), said)


def of_day(session: Session, day: date | None = None) -> list[Spoiled]:
    """The sheets spoiled on a UTC day, or ever, and numbers under which nothing was issued; the
    newest first."""
    require(session, Right.PRINT)
    found = []
    with session.store.read() as reader:
        for entry in reader.entries_of_kind(kinds.SHEET_SPOILED, "office"):
            header, body = entry.header, entry.body
            if header.office != session.office.id or body is None:
                continue
            if day is not None and day_of(header.device_time) != day:
                continue
            found.append(
                Spoiled(
                    at=header.device_time,
                    number=str(body.get("number") or ""),
                    stock=str(body.get("stock") or ""),
                    code=str(body.get("code") or OTHER),
                    reason=str(body["reason"]),
                    by=user_name(session, reader, header.author),
                )
            )
        for entry, paper in spoiled_papers(session, reader):
            if day is not None and day_of(entry.header.device_time) != day:
                continue
            found.append(
                Spoiled(
                    at=entry.header.device_time,
                    number=paper.number,
                    stock="",
                    code=UNISSUED,
                    reason=str((entry.body or {})["reason"]),
                    by=user_name(session, reader, entry.header.author),
                )
            )
    return sorted(found, key=lambda one: one.at, reverse=True)
