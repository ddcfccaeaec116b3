"""Papers are printed in runs, and one alone is a run of one: see `station.batch_run`.

Each run is noted beside the ledger: which papers, in which order. After a jam it is printed again
from a control number on, out of the entries: nothing is issued twice, and every paper is counted.
"""

from __future__ import annotations

import glob
import io
import re
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from documents.page_data import MOST_DOCUMENTS
from station import issuing, languages, runs
from station.batch_run import Printed as Printed
from station.batch_run import Run
from station.chosen import Which as Which
from station.chosen import as_printed
from station.chosen import targets as targets
from station.life import JAM, JUST_PRINTED
from station.life import Collector as Collector
from station.life import Handed as Handed
from workspace.errors import RefusedError
from workspace.files import down, prepared
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from station.making import Target
    from workspace.session import Session

_LEFT = re.compile(r"\.[0-9a-f]{8}")
"""How the temporary name of a file ends while it is written."""


def print_all(
    session: Session,
    wanted: Sequence[Target],
    *,
    language: str,
    reason: str = "",
    handed: Handed = JUST_PRINTED,
    fresh: bool = False,
    sheets: str = "one",
    out: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Printed:
    """Issue a queue, each paper once. What cannot be issued is left out and told, the rest goes on.

    A document that still says what is known today is printed again under its number and counted;
    `reason` says why. Otherwise, or with `fresh`, a new one replaces it. `sheets` is one of
    `documents.imposition.Sheets`. The PDF is written to `out`, or held in memory without it.

    Raises `RefusedError` when nothing can be issued now (see `issuing.ready`), nothing is wanted,
    or what is issued cannot be put in its place at last; and `OSError` when that is no place for a
    file. Nothing lies there when nothing was issued.
    """
    require(session, Right.PRINT)
    issuing.ready(session)
    wanted = list(dict.fromkeys(wanted))
    if not wanted:
        raise RefusedError("nothing_to_print", "There is nobody to print for yet.")
    if len(wanted) > MOST_DOCUMENTS:
        raise RefusedError(
            "too_many",
            f"One PDF holds at most {MOST_DOCUMENTS} documents. Print those without a document "
            "first, or a part of them.",
        )
    run = Run(
        session,
        items=wanted,
        language=languages.printed_in(session, language),
        reason=reason,
        handed=handed,
        fresh=fresh,
        progress=progress,
        cancelled=cancelled,
    )
    return replace(_printed(run, sheets, out), note=languages.instead(session, language))


def print_again(
    session: Session,
    numbers: Sequence[str],
    *,
    reason: str,
    handed: Handed,
    sheets: str = "one",
    out: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Printed:
    """Print papers again under their own numbers, out of their entries; each is counted. Otherwise
    as `print_all`."""
    require(session, Right.PRINT)
    issuing.ready(session)
    run = Run(
        session,
        items=list(dict.fromkeys(as_printed(one) for one in numbers)),
        reason=reason,
        handed=handed,
        progress=progress,
        cancelled=cancelled,
    )
    return _printed(run, sheets, out)


def after_a_jam(session: Session, number: str, **more: Any) -> Printed:
    """Print a run again from the sheet with this number on. `more` as for `print_again`."""
    return print_again(
        session,
        runs.from_number(session, number),
        reason="printer jam",
        handed=Handed(code=JAM),
        **more,
    )


def _printed(run: Run, sheets: str, out: Path | None) -> Printed:
    from documents.imposition import Sheets
    from documents.joining import Sheaf

    if out is None:
        memory = io.BytesIO()
        printed = run.go(Sheaf(memory, Sheets(sheets)), lambda: None)
        return replace(printed, pdf=memory.getvalue())
    with _place(out) as (file, keep):
        printed = run.go(Sheaf(file, Sheets(sheets)), partial(down, file))
        if printed.documents:
            try:
                keep()
            except OSError as error:
                raise RefusedError(
                    "not_kept",
                    f"{len(printed.documents)} documents are issued, but the PDF cannot be put at "
                    f"{out}. Print the run again: `waystation document resume`, from "
                    f"{printed.documents[0].number} on.",
                ) from error
    return printed


@contextmanager
def _place(out: Path) -> Iterator[tuple[IO[bytes], Callable[[], None]]]:
    """A file beside its place, which is proved first, and what puts it there."""
    _sweep(out)
    with prepared(out, private=True) as place, place.opened() as file:

        def keep() -> None:
            file.close()
            place.keep()

        yield file, keep


def _sweep(out: Path) -> None:
    """Remove what a killed run left beside the place: it is plain text with people in it."""
    with suppress(OSError):
        for old in out.parent.glob(f".{glob.escape(out.name)}.*"):
            if _LEFT.fullmatch(old.name.removeprefix(f".{out.name}")) and old.is_file():
                old.unlink()
