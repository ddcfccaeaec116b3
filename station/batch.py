"""Papers are printed in runs, and one alone is a run of one: see `station.batch_run`.

Each run is noted beside the ledger: which papers, in which order. After a jam it is printed again
from a control number on, out of the entries: nothing is issued twice, and every paper is counted.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from documents.page_data import MOST_DOCUMENTS
from station import issuing, languages, runs
from station.batch_run import Printed as Printed
from station.batch_run import Run
from station.chosen import Which as Which
from station.chosen import as_printed, replaceable
from station.chosen import targets as targets
from station.deciding import Manner
from station.life import JAM, JUST_PRINTED
from station.life import Collector as Collector
from station.life import Handed as Handed
from workspace import papers
from workspace.errors import RefusedError
from workspace.files import down, prepared
from workspace.reserved import DOCUMENTS, under_way
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from station.making import Target
    from workspace.session import Session


def print_all(
    session: Session,
    wanted: Sequence[Target],
    *,
    language: str | None = None,
    reason: str = "",
    handed: Handed = JUST_PRINTED,
    fresh: bool = False,
    once: bool = False,
    sheets: str = "one",
    out: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Printed:
    """Issue a queue, each paper once. What cannot be issued is left out and told, the rest goes on.

    Without a `language`, each holder's own leads. A document that still says what is known today is
    printed again under its number and counted, on whatever paper and in whatever language; `reason`
    says why. Otherwise, or with `fresh`, a new one replaces it. `sheets` is one of
    `documents.imposition.Sheets`. What was printed here today already is told as `again`; with
    `once` it is left out. The PDF is written to `out`, or held in memory without it.

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
    note = languages.instead(session, language) if language is not None else ""
    language = languages.printed_in(session, language) if language is not None else None
    printed = _printed(
        session,
        partial(
            Run,
            items=wanted,
            manner=Manner(language, reason, handed, fresh=fresh, once=once),
            progress=progress,
            cancelled=cancelled,
        ),
        sheets,
        out,
    )
    if [one.code for one in printed.skipped] == [issuing.PRINTED_TODAY] * len(wanted):
        raise RefusedError(
            issuing.PRINTED_TODAY,
            "All of these were printed today. If they are needed once more, print them again and "
            "say why.",
        )
    return replace(printed, note=note)


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
    return _printed(
        session,
        partial(
            Run,
            items=list(dict.fromkeys(as_printed(one) for one in numbers)),
            manner=Manner(reason=reason, handed=handed),
            progress=progress,
            cancelled=cancelled,
        ),
        sheets,
        out,
    )


def replace_one(
    session: Session,
    number: str,
    *,
    language: str | None = None,
    words: str = "",
    handed: Handed = JUST_PRINTED,
    sheets: str = "one",
    out: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Printed:
    """A new paper in place of the one with this number, on the same paper and in the same language
    unless another is named. Otherwise as `print_all`.

    Raises `RefusedError` for a number that something else stands in place of.
    """
    require(session, Right.PRINT)
    with session.store.read() as reader:
        target, spoken = replaceable(reader, papers.by_number(session, number))
    return print_all(
        session,
        [target] if target else [],
        language=language or spoken,
        reason=words,
        handed=handed,
        fresh=True,
        sheets=sheets,
        out=out,
        progress=progress,
    )


def after_a_jam(session: Session, number: str, **more: Any) -> Printed:
    """Print a run again from the sheet with this number on. `more` as for `print_again`."""
    return print_again(
        session,
        runs.from_number(session, number),
        reason="printer jam",
        handed=Handed(code=JAM),
        **more,
    )


def _printed(session: Session, begun: Callable[..., Run], sheets: str, out: Path | None) -> Printed:
    from documents.imposition import Sheets
    from documents.joining import Sheaf

    with under_way(session, DOCUMENTS, out) as reserved:
        run = begun(session, reserved)
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
                        f"{len(printed.documents)} documents are issued, but the PDF cannot be put "
                        f"at {out}. Print the run again: `waystation document resume`, from "
                        f"{printed.documents[0].number} on.",
                    ) from error
        return printed


@contextmanager
def _place(out: Path) -> Iterator[tuple[IO[bytes], Callable[[], None]]]:
    """A file beside its place, which is proved first, and what puts it there."""
    with prepared(out, private=True) as place, place.opened() as file:

        def keep() -> None:
            file.close()
            place.keep()

        yield file, keep
