"""One run under way: papers issued in blocks, read back from the page, then committed.

Of every block the pages are drawn, their codes read back, and the PDF of the run brought to the
disk; only then the entries are stored. The numbers were reserved in a commit before, see
`workspace.reserved`. Stopping, or a fault, ends the run between two blocks: what
was committed stays and is in the PDF, what was not is not.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from db.errors import StoreError
from documents.errors import DocumentError
from station import issuing, runs
from station.chosen import number_of, target_of
from station.deciding import Manner
from station.issuing import IssuedDocument, Skipped
from station.making import Target
from station.trial import unfit
from values.identifiers import uuid7
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from documents.joining import Sheaf
    from documents.pages import PageData
    from workspace.act import Act
    from workspace.reserved import Reservation
    from workspace.session import Session

BLOCK = 50
"""Documents in one commit: a minute of work at most is lost when the program is killed."""

UNREAD = "unread"
UNREAD_SENTENCE = (
    "The code on the page could not be read back, so the document was not issued. Try it again; "
    "if it happens again, tell the administrator."
)
FULL = (
    "The PDF could not be written any further: the disk may be full. What was issued before is in "
    "it; make room, then print the rest."
)
INTERRUPTED = "The run was interrupted. What was issued before is in the PDF; print the rest."


@dataclass(frozen=True, slots=True)
class Printed:
    """What a run made.

    Attributes:
        pages: of how many pages each document is. sheets: of how many pages the PDF is.
        stopped: it ended early; the rest was not issued. fault: why, when nobody stopped it.
        pdf: every paper that was committed, in order; empty when it went into a file.
        again: how many of them came out on the same day before.
        note: that papers have no words in the language that was asked for; else empty.
    """

    run: UUID
    documents: tuple[IssuedDocument, ...]
    pages: tuple[int, ...]
    skipped: tuple[Skipped, ...]
    stopped: bool
    fault: str
    sheets: int = 0
    pdf: bytes = field(default=b"", repr=False)
    note: str = ""

    @property
    def again(self) -> int:
        return sum(one.before for one in self.documents)


class _StoppedError(Exception):
    """Somebody stopped the run: the block under way is not committed."""


class _UnreadError(Exception):
    """Of some documents of a block a page could not be read back."""

    def __init__(self, places: frozenset[int]) -> None:
        super().__init__()
        self.places = places


@dataclass(frozen=True, slots=True)
class _Block:
    """What a commit issued: `pages` says of how many pages each document is."""

    documents: tuple[IssuedDocument, ...]
    pages: tuple[int, ...]
    refused: tuple[Skipped, ...]


@dataclass(slots=True)
class Run:
    """A run, by what was asked for: targets to issue, or numbers to print again."""

    session: Session
    reserved: Reservation
    items: Sequence[Target | str]
    manner: Manner
    progress: Callable[[int, int], None] = lambda done, total: None
    cancelled: Callable[[], bool] = lambda: False
    _id: UUID = field(init=False)
    _at: datetime = field(init=False)
    _since: issuing.Reached = field(default_factory=dict, init=False)
    _in_file: bool = field(default=False, init=False)
    """Whether pages of the block under way may be in a file."""
    _steps: int = field(default=0, init=False)
    _documents: list[IssuedDocument] = field(default_factory=list, init=False)
    _pages: list[int] = field(default_factory=list, init=False)
    _skipped: list[Skipped] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._at = self.session.clock.now()
        self._id = uuid7(self._at, self.session.env.entropy)

    def go(self, sheaf: Sheaf, sync: Callable[[], None]) -> Printed:
        """Print into `sheaf`; `sync` brings it to the disk before each commit.

        Raises what ends a run before anything was issued.
        """
        self._since = issuing.reached(self.session)
        stopped, fault = False, ""
        try:
            for start in range(0, len(self.items), BLOCK):
                self._block(self.items[start : start + BLOCK], sheaf, sync, done=start)
        except _StoppedError:
            stopped = True
        except KeyboardInterrupt:
            if not self._documents:
                raise
            stopped, fault = True, INTERRUPTED
        except (OSError, StoreError, DocumentError) as error:
            if not self._documents:
                raise
            # What was committed is somebody's paper: it is handed over, and the fault is told.
            stopped, fault = True, getattr(error, "sentence", "") or FULL
        with suppress(OSError, StoreError):
            self._note_end(stopped=stopped)
        if not stopped:
            self.progress(len(self.items), len(self.items))
        return Printed(
            run=self._id,
            documents=tuple(self._documents),
            pages=tuple(self._pages),
            skipped=tuple(self._skipped),
            stopped=stopped,
            fault=fault,
            sheets=sheaf.pages,
        )

    def _block(
        self, block: Sequence[Target | str], sheaf: Sheaf, sync: Callable[[], None], *, done: int
    ) -> None:
        left = list(block)
        while left:
            self._steps = 2 * done
            self.reserved.reserve(self._new(left))
            try:
                made = self._commit(left, sheaf, sync)
            except DocumentError:
                self._give_back()
                # Nothing of the block is committed. Find out whose page it was.
                found = self._unfit(left)
                if not found:
                    raise
                left = [one for one in left if one not in found]
                self._skipped += found.values()
            except _UnreadError as unread:
                self._give_back()
                self._skipped += [
                    self._left_out(left[place], UNREAD, UNREAD_SENTENCE)
                    for place in sorted(unread.places)
                ]
                left = [one for place, one in enumerate(left) if place not in unread.places]
            else:
                self._skipped += made.refused
                self._documents += made.documents
                self._pages += made.pages
                self._steps += len(left)
                self._tell()
                return

    def _give_back(self) -> None:
        """Numbers of pages that no file has seen are used for those that are left."""
        if not self._in_file:
            self.reserved.drawn_in_vain()

    def _new(self, items: Sequence[Target | str]) -> int:
        """How many of these take a number."""
        with self.session.store.read() as reader:
            return sum(
                issuing.takes_number(self.session, reader, item, self.manner)
                for item in items
                if isinstance(item, Target)
            )

    def _commit(
        self, block: Sequence[Target | str], sheaf: Sheaf, sync: Callable[[], None]
    ) -> _Block:
        self._in_file = False
        try:
            with self.session.act() as act:
                made = self._issue(act, block, sheaf)
                self.reserved.issued(act.unit, {one.number for one in made.documents})
                sync()
        except BaseException:
            # In the file stays what was committed before, and no more.
            with suppress(OSError):
                sheaf.take_back()
                sync()
            raise
        sheaf.keep()
        return made

    def _issue(self, act: Act, block: Sequence[Target | str], sheaf: Sheaf) -> _Block:
        from documents.pages import has_bare_back, render
        from documents.selfcheck import read_back

        drawn: list[PageData] = []
        issued: list[IssuedDocument] = []
        places: list[int] = []
        refused: list[Skipped] = []
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
        counted: list[int] = []
        if drawn:
            pdf = render(drawn, created=self.session.clock.now())
            checked = read_back(
                pdf,
                [one.credential for one in drawn],
                backs=[at for at, one in enumerate(drawn) if has_bare_back(one)],
                each=lambda _page: self._look(),
            )
            if checked.failed:
                raise _UnreadError(frozenset(places[one] for one in checked.failed))
            counted = [checked.documents.count(one) for one in range(len(drawn))]
            self._note(act, [*self._documents, *issued])
            self._in_file = True
            sheaf.add(pdf, counted)
        return _Block(tuple(issued), tuple(counted), tuple(refused))

    def _say(self, act: Act, item: Target | str) -> tuple[PageData, IssuedDocument]:
        if isinstance(item, Target):
            return issuing.issue_one(
                self.session,
                act,
                item,
                self.manner,
                take=self.reserved.take,
                since=self._since,
            )
        document = act.unit.document_by_number(item)
        if document is None:
            raise RefusedError("unknown_document", "No document here has that number.")
        return issuing.reprint_one(
            self.session, act, document, reason=self.manner.reason, handed=self.manner.handed
        )

    def _step(self) -> None:
        self._look()
        self._steps += 1
        self._tell()

    def _look(self) -> None:
        if self.cancelled():
            raise _StoppedError

    def _tell(self) -> None:
        # A document is made, then drawn and read back: it counts when it is both.
        total = len(self.items)
        self.progress(min(self._steps // 2, total), total)

    def _unfit(self, left: Sequence[Target | str]) -> dict[Target | str, Skipped]:
        """Which of these cannot become a page, each drawn alone and by itself."""
        found: dict[Target | str, Skipped] = {}
        with self.session.store.read() as reader:
            for item in left:
                target = item if isinstance(item, Target) else target_of(reader, item)
                with suppress(RefusedError):  # told when its turn comes
                    for _, number, error in unfit(
                        self.session, [target] if target else [], language=self.manner.language
                    ):
                        kind = target.type if target else ""
                        found[item] = Skipped(number, kind, error.code, error.sentence)
        return found

    def _left_out(self, item: Target | str, code: str, sentence: str) -> Skipped:
        if isinstance(item, str):
            return Skipped(item, "", code, sentence)
        with self.session.store.read() as reader:
            return Skipped(number_of(reader, item), item.type, code, sentence)

    def _note(self, act: Act, documents: Iterable[IssuedDocument], *, done: bool = False) -> None:
        runs.note(
            act.unit,
            runs.Run(
                id=self._id,
                at=self._at,
                by=self.session.user.name,
                language=self.manner.language or "",
                wanted=len(self.items),
                numbers=tuple(one.number for one in documents),
                done=done,
            ),
        )

    def _note_end(self, *, stopped: bool) -> None:
        """Close the note of the run, and forget the oldest."""
        if not self._documents:
            return
        with self.session.act() as act:
            self._note(act, self._documents, done=not stopped)
            runs.forget_old(act.unit)
