"""A print run: a queue of papers, issued in blocks, read back from the page, then committed.

Of every block the pages are drawn, their codes read back, the PDF of the run so far handed to
whoever keeps it, and only then the entries are stored. Stopping, or a fault, ends the run between
two blocks: what was committed stays and is in the PDF, what was not is not.

Each run is noted beside the ledger: which papers, in which order. After a jam it is printed again
from a control number on, out of the entries: nothing is issued twice, and every paper is counted.
"""

from __future__ import annotations

import glob
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from db.errors import StoreError
from documents.errors import DocumentError
from documents.page_data import MOST_DOCUMENTS
from station import issuing, runs
from station.chosen import Which as Which
from station.chosen import as_printed, number_of, target_of
from station.chosen import targets as targets
from station.issuing import IssuedDocument, Skipped
from station.life import JAM, JUST_PRINTED
from station.life import Collector as Collector
from station.life import Handed as Handed
from station.making import Target, known_language
from station.trial import unfit
from values.identifiers import uuid7
from workspace.errors import RefusedError
from workspace.files import prepared
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from uuid import UUID

    from documents.joining import Joined
    from documents.pages import PageData
    from workspace.act import Act
    from workspace.session import Session

BLOCK = 50
"""Documents in one commit: a minute of work at most is lost when the program is killed."""
BLOCKS = 20
"""Blocks of a run at most: the PDF so far is written once for each."""
_LEFT = re.compile(r"\.[0-9a-f]{8}")
"""How the temporary name of a file ends while it is written."""

UNREAD = "unread"
UNREAD_SENTENCE = (
    "The code on the page could not be read back, so the document was not issued. Try it again; "
    "if it happens again, tell the administrator."
)


@dataclass(frozen=True, slots=True)
class Printed:
    """What a run made.

    Attributes:
        pdf: every paper that was committed, in order; empty when there is none.
        pages: of how many pages each document is.
        stopped: it ended early; the rest was not issued. fault: why, when nobody stopped it.
    """

    run: UUID
    documents: tuple[IssuedDocument, ...]
    pages: tuple[int, ...]
    skipped: tuple[Skipped, ...]
    stopped: bool
    fault: str
    pdf: bytes = field(repr=False)


FULL = (
    "The PDF could not be written any further: the disk may be full. What was issued before is in "
    "it; make room, then print the rest."
)


class _StoppedError(Exception):
    """Somebody stopped the run: the block under way is not committed."""


class _UnreadError(Exception):
    """Of some documents of a block a page could not be read back."""

    def __init__(self, places: frozenset[int]) -> None:
        super().__init__()
        self.places = places


def print_all(
    session: Session,
    wanted: Sequence[Target],
    *,
    language: str,
    reason: str = "",
    handed: Handed = JUST_PRINTED,
    fresh: bool = False,
    shape: Callable[[bytes, Sequence[int]], bytes] = lambda pdf, pages: pdf,
    store: Callable[[bytes], None] = lambda pdf: None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Printed:
    """Issue a queue. What cannot be issued is left out and told, the rest goes on.

    With `fresh`, each paper is new and replaces the standing one. `shape` puts finished pages on
    sheets, told of how many pages each document is; `store` is called with the PDF so far before
    each commit, and a block is committed only when it does not raise.

    Raises `RefusedError` when nothing can be issued now (see `issuing.ready`) or nothing is
    wanted, and what `store` raises: what was committed before is in the last PDF it took.
    """
    require(session, Right.PRINT)
    issuing.ready(session)
    if not wanted:
        raise RefusedError("nothing_to_print", "There is nobody to print for yet.")
    if len(wanted) > MOST_DOCUMENTS:
        raise RefusedError(
            "too_many",
            f"One PDF holds at most {MOST_DOCUMENTS} documents. Print those without a document "
            "first, or a part of them.",
        )
    run = _Running(
        session,
        items=list(wanted),
        language=known_language(language),
        reason=reason,
        handed=handed,
        fresh=fresh,
        shape=shape,
        store=store,
        progress=progress,
        cancelled=cancelled,
    )
    return run.go()


def print_again(
    session: Session,
    numbers: Sequence[str],
    *,
    reason: str,
    handed: Handed,
    shape: Callable[[bytes, Sequence[int]], bytes] = lambda pdf, pages: pdf,
    store: Callable[[bytes], None] = lambda pdf: None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Printed:
    """Print papers again under their own numbers, out of their entries; each is counted."""
    require(session, Right.PRINT)
    issuing.ready(session)
    run = _Running(
        session,
        items=[as_printed(one) for one in numbers],
        language="",
        reason=reason,
        handed=handed,
        fresh=False,
        shape=shape,
        store=store,
        progress=progress,
        cancelled=cancelled,
    )
    return run.go()


def after_a_jam(session: Session, number: str, **more: Any) -> Printed:
    """Print a run again from the sheet with this number on. `more` as for `print_again`."""
    return print_again(
        session,
        runs.from_number(session, number),
        reason="printer jam",
        handed=Handed(code=JAM),
        **more,
    )


class _Running:
    """One run under way."""

    def __init__(
        self,
        session: Session,
        *,
        items: list[Target | str],
        language: str,
        reason: str,
        handed: Handed,
        fresh: bool,
        shape: Callable[[bytes, Sequence[int]], bytes],
        store: Callable[[bytes], None],
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._session = session
        self._items = items
        self._language = language
        self._reason = reason
        self._handed = handed
        self._fresh = fresh
        self._shape = shape
        self._store = store
        self._progress = progress
        self._cancelled = cancelled
        self._steps = 0
        self._id = uuid7(session.clock.now(), session.env.entropy)
        self._at = session.clock.now()
        self._joined: Joined | None = None
        self._documents: list[IssuedDocument] = []
        self._pages: list[int] = []
        self._skipped: list[Skipped] = []
        self._pdf = b""

    def go(self) -> Printed:
        size = max(BLOCK, -(-len(self._items) // BLOCKS))
        stopped, fault = False, ""
        try:
            for start in range(0, len(self._items), size):
                self._block(self._items[start : start + size], done=start)
        except _StoppedError:
            stopped = True
        except (OSError, StoreError) as error:
            if not self._documents:
                raise
            # What was committed is somebody's paper: it is handed over, and the fault is told.
            stopped, fault = True, getattr(error, "sentence", "") or FULL
        with suppress(OSError, StoreError):
            self._note_end(stopped=stopped)
        total = 2 * len(self._items)
        if not stopped:
            self._progress(total, total)
        return Printed(
            run=self._id,
            documents=tuple(self._documents),
            pages=tuple(self._pages),
            skipped=tuple(self._skipped),
            stopped=stopped,
            fault=fault,
            pdf=self._pdf,
        )

    def _block(self, block: Sequence[Target | str], *, done: int) -> None:
        left = list(block)
        while left:
            self._steps = 2 * done
            try:
                self._commit(left)
            except DocumentError:
                # Nothing of the block is committed. Find out whose page it was.
                found = self._unfit(left)
                if not found:
                    raise
                left = [one for one in left if one not in found]
                self._skipped += found.values()
            except _UnreadError as unread:
                self._skipped += [
                    self._left_out(left[place], UNREAD, UNREAD_SENTENCE)
                    for place in sorted(unread.places)
                ]
                left = [one for place, one in enumerate(left) if place not in unread.places]
            else:
                return

    def _commit(self, block: Sequence[Target | str]) -> None:
        from documents.joining import Joined
        from documents.pages import render
        from documents.selfcheck import read_back

        drawn: list[PageData] = []
        issued: list[IssuedDocument] = []
        places: list[int] = []
        refused: list[Skipped] = []
        counted: list[int] = []
        joined = self._joined
        shaped = self._pdf
        try:
            with self._session.act() as act:
                for place, item in enumerate(block):
                    self._step()
                    try:
                        page, document = self._say(act, item)
                    except RefusedError as error:
                        refused.append(self._left_out(item, error.code, error.sentence))
                        continue
                    drawn.append(page)
                    issued.append(document)
                    places.append(place)
                if drawn:
                    pdf = render(drawn, created=self._session.clock.now())
                    texts = [one.credential for one in drawn]
                    checked = read_back(pdf, texts, each=lambda _page: self._look())
                    if checked.failed:
                        raise _UnreadError(frozenset(places[one] for one in checked.failed))
                    counted = [checked.documents.count(one) for one in range(len(drawn))]
                    joined = joined.plus(pdf) if joined else Joined().plus(pdf)
                    shaped = self._shape(joined.pdf(), [*self._pages, *counted])
                    self._note(act, [*self._documents, *issued])
                    self._store(shaped)
        except (OSError, StoreError):
            self._take_back()
            raise
        self._joined, self._pdf = joined, shaped
        self._skipped += refused
        self._documents += issued
        self._pages += counted
        self._steps += len(block)
        self._tell()

    def _take_back(self) -> None:
        """Leave in the file what was committed before, and no more."""
        if self._pdf:
            with suppress(OSError):
                self._store(self._pdf)

    def _say(self, act: Act, item: Target | str) -> tuple[PageData, IssuedDocument]:
        if isinstance(item, Target):
            return issuing.issue_one(
                self._session,
                act,
                item,
                language=self._language,
                reason=self._reason or None,
                fresh=self._fresh,
                handed=self._handed,
            )
        document = act.unit.document_by_number(item)
        if document is None:
            raise RefusedError("unknown_document", "No document here has that number.")
        return issuing.reprint_one(
            self._session, act, document, reason=self._reason, handed=self._handed
        )

    def _step(self) -> None:
        self._look()
        self._steps += 1
        self._tell()

    def _look(self) -> None:
        if self._cancelled():
            raise _StoppedError

    def _tell(self) -> None:
        total = 2 * len(self._items)
        self._progress(min(self._steps, total), total)

    def _unfit(self, left: Sequence[Target | str]) -> dict[Target | str, Skipped]:
        """Which of these cannot become a page, each drawn alone and by itself."""
        found: dict[Target | str, Skipped] = {}
        with self._session.store.read() as reader:
            for item in left:
                target = item if isinstance(item, Target) else target_of(reader, item)
                with suppress(RefusedError):  # told when its turn comes
                    for _, number, error in unfit(
                        self._session, [target] if target else [], language=self._language or "en"
                    ):
                        kind = target.type if target else ""
                        found[item] = Skipped(number, kind, error.code, error.sentence)
        return found

    def _left_out(self, item: Target | str, code: str, sentence: str) -> Skipped:
        if isinstance(item, str):
            return Skipped(item, "", code, sentence)
        with self._session.store.read() as reader:
            return Skipped(number_of(reader, item), item.type, code, sentence)

    def _note(self, act: Act, documents: Iterable[IssuedDocument], *, done: bool = False) -> None:
        runs.note(
            act.unit,
            runs.Run(
                id=self._id,
                at=self._at,
                by=self._session.user.name,
                language=self._language,
                wanted=len(self._items),
                numbers=tuple(one.number for one in documents),
                done=done,
            ),
        )

    def _note_end(self, *, stopped: bool) -> None:
        """Close the note of the run, and forget the oldest."""
        if not self._documents:
            return
        with self._session.act() as act:
            self._note(act, self._documents, done=not stopped)
            runs.forget_old(act.unit)


def to_file(out: Path, make: Callable[[Callable[[bytes], None]], Printed]) -> Printed:
    """Have a run fill a file: the place is proved first, and filled before each commit.

    `make` is given the `store` of a run. Nothing lies at `out` when nothing was issued. Raises
    `OSError` when the place cannot be written, and `RefusedError` when what is issued cannot be
    put there at last.
    """
    _sweep(out)
    with prepared(out, private=True) as file:
        printed = make(file.write)
        if not printed.documents:
            return printed
        try:
            file.keep()
        except OSError as error:
            raise RefusedError(
                "not_kept",
                f"{len(printed.documents)} documents are issued, but the PDF cannot be put at "
                f"{out}. Print the run again: `waystation document resume`, from "
                f"{printed.documents[0].number} on.",
            ) from error
    return printed


def _sweep(out: Path) -> None:
    """Remove what a killed run left beside the place: it is plain text with people in it."""
    with suppress(OSError):
        for old in out.parent.glob(f".{glob.escape(out.name)}.*"):
            if _LEFT.fullmatch(old.name.removeprefix(f".{out.name}")) and old.is_file():
                old.unlink()
