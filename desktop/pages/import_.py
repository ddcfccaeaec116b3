"""Import (registry): bundles from sticks, several at once, and the notices that answer them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent

from desktop import offices, words
from desktop.desk import Changes, Desk
from desktop.page import Key, Page
from desktop.pages.import_parts import ResultCard, SlipsCard
from desktop.pages.import_rows import ENDED, Line, State, columns, looked_through, past_columns
from desktop.pages.sync_parts import fit
from desktop.widgets.buttons import Button, PrimaryButton, QuietButton
from desktop.widgets.labels import Section, Text, Title
from desktop.widgets.layout import Card, Scroll, look, row
from desktop.widgets.messages import Notice, ProgressCard
from desktop.widgets.table import DataTable
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from desktop.tasks import Task
    from registry.beside import Beside
    from registry.inbox import Arrival, NoticeSlip, Taken
    from registry.queues import ImportRow

_WIDTH = 1040
_READY = (State.CHECKED, State.STOPPED)
_UNCHECKED = (State.WAITING, State.CHECKING)


class ImportPage(Page):
    """Taking in what stations send on sticks."""

    key = "import"
    layout_width = "free"

    def __init__(self, desk: Desk, parent: Any = None) -> None:
        super().__init__(desk, parent)
        self.setAcceptDrops(True)
        self._task: Task | None = None
        self._lines: list[Line] = []
        self._slips: list[NoticeSlip] = []
        scroll = Scroll(limit=_WIDTH)
        self.scroll_area = scroll
        self.service = Notice("info", "")
        self.service.setObjectName("import-service")
        self.service.hide()
        self.title = Title("")
        self.title.setObjectName("import-state")
        self.advice = Text("", muted=True)
        self.primary = PrimaryButton("", icon="import", on=self._press, name="import-primary")
        self.add = Button(tr("Add bundles…"), icon="plus", on=self._choose, name="import-add")
        self.clear = QuietButton(tr("Clear the list"), on=self._clear, name="import-clear")
        self.progress = ProgressCard()
        self.progress.cancelled.connect(self._stop)
        self._card = Card(self.title, self.advice, row(self.primary, self.add, self.clear, None))
        self.bundles: DataTable[Line] = DataTable(
            columns(),
            name="bundles",
            label=tr("Bundles to import"),
            prefs=desk.prefs,
            identity=lambda one: one.key,
        )
        self.bundles.selection_changed.connect(self._show_chosen)
        self.result = ResultCard()
        self.result.go_on.connect(lambda: self.go("queues"))
        self.slips = SlipsCard()
        self.slips.wanted.connect(lambda _on=False: self._write_elsewhere())
        self._past_title = Section(tr("Earlier imports"))
        self.past: DataTable[ImportRow] = DataTable(
            past_columns(), name="imports", label=tr("Earlier imports"), prefs=desk.prefs
        )
        for widget in (
            self.service, self._card, self.progress, self.bundles, self.slips, self.result,
            self._past_title, self.past,
        ):  # fmt: skip
            scroll.body.addWidget(widget)
        scroll.body.addStretch(1)
        self.body.addWidget(scroll)
        self._show_past(())
        self._render()
        desk.changed.connect(self._changed)

    def keys(self) -> list[Key]:
        return [
            Key("Ctrl+O", tr("Add bundles"), self._choose),
            Key("Ctrl+Return", tr("Do what is next"), self._press),
        ]

    def on_shown(self, **arguments: Any) -> None:
        self._load()
        self.primary.setFocus()

    def _load(self) -> None:
        self.desk.read(
            lambda work: (
                offices.queues.imports(work.session),
                offices.beside.look(work.session.folder),
            ),
            done=lambda found: self._show_registry(*found),
            parent=self,
            latest="imports",
        )

    def _show_registry(self, past: Sequence[ImportRow], beside: Beside) -> None:
        self._show_past(past)
        self.service.setVisible(beside.running)
        if not beside.running:
            return
        held = ntr(
            "{n} bundle that came over the network waits.",
            "{n} bundles that came over the network wait.",
            beside.waiting,
        )
        self.service.set_message(
            "warning" if beside.waiting else "info",
            " ".join(
                [
                    tr("The registry's service runs on this computer, and takes nothing in while "
                       "this window has the registry open."),
                    *([held] if beside.waiting else []),
                    tr("Lock the window (Ctrl+L) to let it work."),
                ]
            ),
        )  # fmt: skip

    def _show_past(self, past: Sequence[ImportRow]) -> None:
        self._past_title.setVisible(bool(past))
        self.past.setVisible(bool(past))
        self.past.set_rows(past)
        fit(self.past, len(past), most=8)

    def _changed(self, changes: Changes) -> None:
        if changes.imports and self.isVisible() and self._task is None:
            self._load()

    # what is next --------------------------------------------------------------------------

    def _ready(self) -> list[Line]:
        return [one for one in self._lines if one.state in _READY]

    def _unwritten(self) -> list[NoticeSlip]:
        return [one for one in self._slips if one.folder is None]

    def _render(self) -> None:
        """The list, where it stands in one sentence, and the one button that is next."""
        self.bundles.setVisible(bool(self._lines))
        self.bundles.set_rows(self._lines)
        fit(self.bundles, len(self._lines))
        if self._lines and self.bundles.current() is None:
            self.bundles.select_first()
        busy = self._task is not None
        ready = self._ready()
        title, advice, button, icon = self._said(ready)
        self.title.setText(title)
        self.advice.setText(advice)
        self.primary.setText(button)
        self.primary.set_icon(icon)
        self.primary.setEnabled(not busy)
        self.add.setEnabled(not busy)
        self.add.setVisible(bool(ready) or bool(self._unwritten()))
        self.clear.setEnabled(not busy)
        self.clear.setVisible(bool(self._lines))
        self._show_chosen()

    def _said(self, ready: Sequence[Line]) -> tuple[str, str, str, str]:
        add = tr("Add bundles…"), "plus"
        if not self._lines:
            return (
                tr("Take in what stations send"),
                tr("Choose a stick or a folder, or drop several here. Every bundle in them is "
                   "listed, and those of one bundle on several sticks are put together. "
                   "Importing one again changes nothing."),
                *add,
            )  # fmt: skip
        if any(one.state in _UNCHECKED for one in self._lines):
            checking = tr("The bundles are being checked")
            return checking, tr("Nothing is opened yet."), tr("Go on checking"), "check"
        if ready:
            stopped = any(one.state is State.STOPPED for one in ready)
            return (
                ntr("{n} bundle can be imported", "{n} bundles can be imported", len(ready)),
                tr("The notices that answer are written beside them, for the way back."),
                tr("Go on")
                if stopped
                else ntr("Import {n} bundle", "Import {n} bundles", len(ready)),
                "import",
            )
        if self._unwritten():
            return (
                tr("Not every notice could be written"),
                tr("Choose a folder on a stick that goes back."),
                tr("Write the notices…"),
                "export",
            )
        waiting = sum(one.state is State.MISSING for one in self._lines)
        refused = sum(one.state is State.REFUSED for one in self._lines)
        if waiting:
            return (
                ntr("{n} bundle is incomplete", "{n} bundles are incomplete", waiting),
                tr("Add the folders of the other sticks."),
                *add,
            )
        if refused:
            return (
                ntr("{n} bundle was refused", "{n} bundles were refused", refused),
                tr("Nothing of it was taken in. Read why, below."),
                *add,
            )
        return (
            tr("Everything is imported"),
            tr("Give the sticks with the notices back to the stations."),
            *add,
        )

    def _press(self) -> None:
        if self._task is not None:
            return
        if any(one.state in _UNCHECKED for one in self._lines):
            self._check_next()
        elif self._ready():
            self._import_next()
        elif self._unwritten():
            self._write_elsewhere()
        else:
            self._choose()

    def _clear(self) -> None:
        if self._task is None:
            self._lines, self._slips = [], []
            self.slips.show_slips(())
            self._render()
            self.primary.setFocus()

    def _show_chosen(self) -> None:
        line = self.bundles.current() if self._lines else None
        self.result.show_line(line)

    # adding --------------------------------------------------------------------------------

    def _choose(self) -> None:
        if self._task is not None:
            return
        folder = self.desk.dialogs.open_folder(self, tr("Choose a stick, or a bundle's folder"))
        if folder is not None:
            self.take_in([folder])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._task is None and _folders_in(event):
            event.acceptProposedAction()
            look(self._card, "message")

    def dragLeaveEvent(self, event: Any) -> None:
        look(self._card, "card")

    def dropEvent(self, event: QDropEvent) -> None:
        look(self._card, "card")
        folders = _folders_in(event)
        if folders and self._task is None:
            event.acceptProposedAction()
            self.take_in(folders)

    def take_in(self, folders: Sequence[Path]) -> None:
        """Add the bundles in these folders to the list, and look them through."""
        self.hush()
        # What came to its end is begun anew when its folder is chosen again.
        known = [one.arrival for one in self._lines if one.state not in ENDED]
        self.progress.start(tr("Looking for bundles"), detail="")
        self._task = self.desk.read(
            lambda work: offices.inbox.find(
                work.session, folders, known=known, cancelled=work.cancelled
            ),
            done=self._found,
            failed=self._failed,
            parent=self,
        )
        self._render()

    def _found(self, arrivals: Sequence[Arrival]) -> None:
        self._task = None
        before = {one.key: one for one in self._lines if one.state not in ENDED}
        fresh = [one for one in arrivals if one.folders not in before]
        chosen = {folder for one in fresh for folder in one.folders}
        ended = [
            one
            for one in self._lines
            if one.state in ENDED and not chosen.intersection(one.arrival.folders)
        ]
        self._lines = [*ended, *(before.get(one.folders) or Line(one) for one in arrivals)]
        if not fresh:
            self.say("info", tr("No bundle was found there that is not in the list."))
        elif chosen:
            key = fresh[0].folders
            self.bundles.set_rows(self._lines)
            self.bundles.select(lambda one: one.key == key)
        self._check_next()

    def _check_next(self) -> None:
        place = next((at for at, one in enumerate(self._lines) if one.state is State.WAITING), None)
        if place is None:
            self._over()
            return
        line = self._lines[place] = replace(self._lines[place], state=State.CHECKING)
        self.progress.start(tr("Checking {folder}", folder=isolate(line.arrival.name)))
        self._task = self.desk.read(
            lambda work: offices.inbox.check(
                work.session, line.arrival, progress=work.progress, cancelled=work.cancelled
            ),
            done=partial(self._checked, place),
            failed=self._failed,
            progress=lambda done, total: self.progress.progress(
                done,
                total,
                tr("{done} of {total}", done=words.size(done), total=words.size(total)),
            ),
            parent=self,
        )
        self._render()

    def _checked(self, place: int, arrival: Arrival) -> None:
        self._lines[place] = looked_through(arrival)
        self._check_next()

    # importing -----------------------------------------------------------------------------

    def _import_next(self) -> None:
        place = next((at for at, one in enumerate(self._lines) if one.state in _READY), None)
        if place is None:
            self._answer()
            return
        self.hush()
        line = self._lines[place] = replace(self._lines[place], state=State.IMPORTING)
        self.progress.start(
            tr("Importing {folder}", folder=isolate(line.arrival.name)),
            detail=tr("Signatures are checked before anything is opened."),
        )
        self._task = self.desk.act(
            lambda work: offices.inbox.take(
                work.session, line.arrival, progress=work.progress, cancelled=work.cancelled
            ),
            done=partial(self._taken, place),
            failed=partial(self._refused, place),
            progress=partial(self._moved, place),
            changes=Changes(imports=True, queue=True, people=True),
            parent=self,
        )
        self._render()

    def _moved(self, place: int, done: int, total: int) -> None:
        self._lines[place] = replace(self._lines[place], done=done, total=total)
        self.progress.progress(
            done, total, tr("{done} of {total} entries looked at", done=done, total=total)
        )

    def _taken(self, place: int, taken: Taken) -> None:
        line = replace(self._lines[place], done=taken.done, total=taken.total)
        if taken.imported is None:
            self._lines[place] = replace(line, state=State.STOPPED)
            self._answer()
            return
        self._lines[place] = replace(line, state=State.IMPORTED, imported=taken.imported)
        self._import_next()

    def _refused(self, place: int, error: Exception) -> None:
        self._lines[place] = replace(
            self._lines[place], state=State.REFUSED, sentence=getattr(error, "sentence", "")
        )
        if not self._lines[place].sentence:
            self._failed(error)
            return
        self._import_next()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    # answering -----------------------------------------------------------------------------

    def _answer(self, parent: Path | None = None) -> None:
        """Write the notices for what was imported and has none yet."""
        told = {one.station for one in self._slips if one.folder is not None}
        arrivals = [
            one.arrival
            for one in self._lines
            if one.state is State.IMPORTED and (one.arrival.station not in told or parent is None)
        ]
        if not arrivals:
            self._over()
            return
        self.progress.start(tr("Writing the notices"), cancellable=False)
        self._task = self.desk.act(
            lambda work: offices.inbox.answer(work.session, arrivals, parent=parent),
            done=self._answered,
            failed=self._failed,
            changes=Changes(imports=True),
            parent=self,
        )
        self._render()

    def _answered(self, slips: Sequence[NoticeSlip]) -> None:
        written = {one.station for one in slips if one.folder is not None}
        kept = [one for one in self._slips if one.station not in {s.station for s in slips}]
        self._slips = [*kept, *(one for one in slips if one.folder or one.station not in written)]
        self.slips.show_slips(self._slips)
        self._compare()

    def _compare(self) -> None:
        """The notices may go; who came is compared with who is here. Stopped, it goes on when the
        queues are looked at, or at the next import."""
        self.progress.start(tr("The notices are written. Stopping now loses nothing."))
        self._task = self.desk.act(
            lambda work: offices.inbox.compare(
                work.session, progress=work.progress, cancelled=work.cancelled
            ),
            done=lambda _whole: self._over(),
            failed=self._failed,
            progress=self._compared,
            changes=Changes(imports=True, queue=True),
            parent=self,
        )
        self._render()

    def _compared(self, done: int, total: int) -> None:
        self.progress.progress(
            done,
            total,
            tr(
                "Looking for persons who are here twice: {done} of {total} compared",
                done=done,
                total=total,
            ),
        )

    def _write_elsewhere(self) -> None:
        if self._task is not None:
            return
        parent = self.desk.dialogs.open_folder(self, tr("Choose a folder on the stick"))
        if parent is not None:
            self._answer(parent)

    # ends ----------------------------------------------------------------------------------

    def _failed(self, error: Exception) -> None:
        self._lines = [
            replace(one, state=State.WAITING if one.state is State.CHECKING else State.STOPPED)
            if one.state in (State.CHECKING, State.IMPORTING)
            else one
            for one in self._lines
        ]
        if getattr(error, "code", "") != "cancelled":
            self.say_failure(error)
        self._over()

    def _over(self) -> None:
        self._task = None
        self.progress.finish()
        self._render()
        self._load()
        if self.isVisible():
            self.primary.setFocus()


def _folders_in(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    """What is dropped, as far as it lies on this computer; whether it is a folder is looked at by
    the office."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
