"""Blank forms, printed: to be filled in by hand while there is no power. See `station.sheets`."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from documents.errors import PageError
from station import pages
from station.languages import printed_in
from station.making import fits
from station.sheets import SERIES, note_printed
from station.signing import require_signer
from workspace import templates
from workspace.errors import RefusedError
from workspace.files import Prepared, prepared
from workspace.reserved import under_way
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspace.session import Session

MOST_SHEETS = 1_000
"""Blank sheets at a time: a box of paper holds 2,500."""


def blank_sheets(
    session: Session,
    count: int,
    *,
    language: str,
    paper: str = "",
    out: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[bytes, tuple[str, ...]]:
    """Sheets to fill in by hand, and their numbers: a series of their own, never given twice.

    The numbers are reserved first. Each is read back from its page, and the PDF lies on the disk
    beside `out`, before they count as printed; else they are spoiled. Raises `RefusedError` for a
    count that is none, for a paper that they are not made for, and for a PDF that cannot be put in
    its place at last; `OSError` when that is no place for a file.
    """
    require(session, Right.PRINT)
    require_signer(session)
    from documents.pages import Blank, render_blank
    from documents.selfcheck import read_back

    if not 1 <= count <= MOST_SHEETS:
        raise RefusedError("count", f"Print from 1 to {MOST_SHEETS} sheets at a time.")
    language = printed_in(session, language)
    with session.store.read() as reader:
        fits(templates.library(reader).templates["blank"], paper)
    now = session.clock.now()
    place = prepared(out, private=True) if out is not None else nullcontext()
    with under_way(session, SERIES, out) as reserved, place as file:
        reserved.reserve(count)
        numbers = tuple(reserved.take().number for _ in range(count))
        with session.store.write() as unit:
            library = templates.library(unit)
            sheets = Blank(
                language=language,
                numbers=numbers,
                issuer=pages.issuer_of(session, library),
                beside=session.office.operation.language,
                template=library.templates["blank"],
                paper=paper,
                training=session.office.training,
            )
            pdf = render_blank(sheets, created=now)
            if not read_back(pdf, numbers, each=lambda page: progress(page, count)).sound:
                raise PageError(
                    "unread",
                    "The number on a sheet could not be read back, so none was printed. Try again; "
                    "if it happens again, tell the administrator.",
                )
            note_printed(unit, numbers, now)
            reserved.issued(unit, numbers)
            unit.audit(at=now, user=session.user.id, act="sheets.printed")
            if file is not None:
                file.write(pdf)
        if file is not None:
            _keep(file, numbers)
    return pdf, numbers


def _keep(file: Prepared, numbers: tuple[str, ...]) -> None:
    try:
        file.keep()
    except OSError as error:
        raise RefusedError(
            "not_kept",
            f"The sheets cannot be put at {file.path}. Print others, and account for {numbers[0]} "
            f"to {numbers[-1]} as spoiled.",
        ) from error
