"""Jams and spoiled sheets: a run printed again from a number on, every sheet accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.page import WIDE, Key, Page
from desktop.pages.paper_words import SPOILED, choices
from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton
from desktop.widgets.fields import ChoiceField, SelectField, TextField
from desktop.widgets.labels import Section, Text
from desktop.widgets.layout import row
from desktop.widgets.messages import EmptyState, ProgressCard
from desktop.widgets.table import Column, DataTable
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.tasks import Task
    from station.batch import Printed
    from station.runs import Run
    from station.spoiled import Spoiled


_UNISSUED: Final = "unissued"  # a number that was reserved, and nothing came of it
_CHOICE: Final = 240  # pixels in which both days stand beside each other


class SheetsPage(Page):
    """What to do when the printer did not do what it should."""

    key = "sheets"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._task: Task | None = None
        self._printed: Printed | None = None
        self._all: tuple[Spoiled, ...] = ()
        self.number = TextField(
            "jam-number", tr("Number on the first sheet that is missing or spoiled"),
            direction="ltr", limit=60,
        )  # fmt: skip
        self.print = PrimaryButton(
            tr("Print again from here"), icon="print", on=lambda: self._again(None),
            name="jam-print",
        )  # fmt: skip
        self.save = Button(tr("Save as PDF…"), on=self._save, name="jam-save")
        self.progress = ProgressCard()
        self.progress.cancelled.connect(self._stop)
        self.runs: DataTable[Run] = DataTable(
            _run_columns(),
            name="runs",
            label=tr("Print runs"),
            prefs=desk.prefs,
            identity=lambda one: one.id,
            empty=EmptyState(
                "print",
                tr("No run is remembered"),
                tr("Runs are listed here once one was printed."),
            ),
        )
        self.spoiled_number = TextField(
            "spoiled-number", tr("Number of the document on it"), direction="ltr", limit=60
        )
        self.stock = TextField(
            "spoiled-stock", tr("Serial printed on the sheet"), direction="ltr", limit=40
        )
        self.why = SelectField(
            "spoiled-why", tr("What happened"), options=choices(SPOILED), width=None
        )
        self.why.set_value("jam")
        self.words = TextField("spoiled-words", tr("In your own words"))
        self.account = PrimaryButton(
            tr("Account for the sheet"), on=self._account, name="spoiled-account"
        )
        self.which = ChoiceField(
            "spoiled-which", tr("Show"), show_label=False,
            options=[("today", tr("Today")), ("all", tr("All days"))],
        )  # fmt: skip
        self.which.set_value("today")
        self.spoiled: DataTable[Spoiled] = DataTable(
            _spoiled_columns(),
            name="spoiled",
            label=tr("Spoiled sheets"),
            prefs=desk.prefs,
            identity=lambda one: (one.at, one.number, one.stock),
            empty=EmptyState(
                "success",
                tr("No sheet was spoiled"),
                tr("Write down each sheet that went wrong, then destroy it."),
            ),
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for side in (left, right):
            side.setSpacing(tokens.S12)
        left.addWidget(Section(tr("After a jam")))
        left.addWidget(
            Text(
                tr(
                    "The papers from this number on are printed again under their own numbers, and "
                    "each is counted."
                ),
                muted=True,
            )
        )
        left.addWidget(self.number)
        left.addLayout(row(self.print, self.save, None))
        left.addWidget(self.progress)
        left.addWidget(self.runs, 1)
        right.addWidget(Section(tr("Spoiled sheets")))
        right.addLayout(_halves(self.spoiled_number, self.stock))
        right.addLayout(_halves(self.why, self.words))
        self.which.setMinimumWidth(_CHOICE)
        right.addLayout(row(self.account, None, self.which))
        right.addWidget(self.spoiled, 1)
        across = QHBoxLayout()
        across.setSpacing(tokens.S32)
        across.addLayout(left, 1)
        across.addLayout(right, 1)
        self.body.addLayout(across, 1)

    def _connect(self) -> None:
        self.number.edited.connect(lambda _key, _raw: self._look())
        self.number.editor.returnPressed.connect(lambda: self._again(None))
        self.runs.selection_changed.connect(self._take_number)
        for field in (self.spoiled_number, self.stock, self.why, self.words):
            field.edited.connect(lambda _key, _raw: self._look())
        for line in (self.spoiled_number, self.stock, self.words):
            line.editor.returnPressed.connect(self._account)
        self.which.edited.connect(lambda _key, _raw: self._show_spoiled())

    def keys(self) -> list[Key]:
        return [
            Key("Ctrl+P", tr("Print again from here"), lambda: self._again(None)),
            Key("Ctrl+S", tr("Save as PDF"), self._save),
            Key("Return", tr("In a field: do what its button does")),
            Key("Alt+Left", tr("Back to the documents"), self.back),
        ]

    # what there is -------------------------------------------------------------------------

    def on_shown(self, stock: str = "", **arguments: Any) -> None:
        if stock:
            self.stock.set_value(stock)
            self.stock.focus_editor()
        else:
            self.number.focus_editor()
        self._load()

    def on_hidden(self) -> None:
        self._printed = None

    def before_lock(self) -> None:
        self._printed = None

    def _load(self) -> None:
        self.desk.read(
            lambda work: (
                offices.runs.runs(work.session),
                offices.spoiled.of_day(work.session),
            ),
            done=lambda found: self._show(*found),
            parent=self,
            latest="sheets",
        )

    def _show(self, runs: Sequence[Run], spoiled: Sequence[Spoiled]) -> None:
        self.runs.set_rows(runs)
        self._all = tuple(spoiled)
        self._show_spoiled()
        self._look()

    def _show_spoiled(self) -> None:
        today = self.desk.today()
        everything = self.which.value() == "all"
        self.spoiled.set_rows(
            [one for one in self._all if everything or one.at.astimezone().date() == today]
        )

    def _take_number(self) -> None:
        """A run that is chosen offers its first number."""
        for run in self.runs.selected()[:1]:
            if self.runs.view.hasFocus() and run.numbers:
                self.number.set_value(run.numbers[0])
                self._look()

    def _look(self) -> None:
        busy = self._task is not None and self._task.running
        for button in (self.print, self.save):
            button.setEnabled(bool(str(self.number.value() or "").strip()) and not busy)
        sheet = [str(one.value() or "").strip() for one in (self.spoiled_number, self.stock)]
        said = self.why.value() != "other" or bool(str(self.words.value() or "").strip())
        self.account.setEnabled(any(sheet) and said)

    # after a jam ---------------------------------------------------------------------------

    def _save(self) -> None:
        if not self.save.isEnabled():
            return
        path = self.desk.dialogs.save_file(
            self,
            tr("Save as PDF, not encrypted"),
            f"{tr('documents')}.pdf",
            [(tr("PDF"), ["*.pdf"])],
        )
        if path is not None:
            self._again(path)

    def _again(self, out: Path | None) -> None:
        number = str(self.number.value() or "").strip()
        if not number or (self._task is not None and self._task.running):
            return
        self.hush()
        self.progress.start(tr("Printing the run again"))
        self._task = self.desk.act(
            partial(_after_a_jam, number=number, out=out),
            done=lambda printed: self._made(printed, out),
            failed=self._failed,
            progress=self.progress.progress,
            changes=Changes(documents=True, people=True, sending=True),
            parent=self,
        )
        self._look()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _failed(self, error: Exception) -> None:
        self._ended()
        self.say_failure(error)

    def _ended(self) -> None:
        self._task = None
        self.progress.finish()
        self._look()

    def _made(self, printed: Printed, out: Path | None) -> None:
        self._ended()
        self._printed = printed
        if not printed.documents:
            why = printed.skipped[0].sentence if printed.skipped else ""
            self.say("warning", " ".join((tr("Nothing was printed."), tr(why) if why else "")))
            return
        if out is None:
            self._send()
        else:
            self._say("success", tr("Saved as {name}.", name=isolate(out.name)))
        self._load()

    def _send(self) -> None:
        printed = self._printed
        if printed is None:
            return
        done = self.desk.dialogs.print_pdf(self, printed.pdf, tr("Waystation documents"))
        count = len(printed.documents)
        if done:
            said = ntr("{n} document printed again", "{n} documents printed again", count)
            self._say("success", said)
        else:
            self._say("warning", tr("They are counted, but not printed. Choose a printer."))

    def _say(self, kind: str, sentence: str) -> None:
        printed = self._printed
        left = len(printed.skipped) if printed else 0
        if printed and left:
            kind = "warning"
            sentence = " · ".join(
                (
                    sentence,
                    ntr("{n} was left out: {why}", "{n} were left out: {why}", left,
                        why=tr(printed.skipped[0].sentence)),
                )
            )  # fmt: skip
        action = (tr("Print once more"), self._send) if printed and printed.pdf else None
        self.say(kind, sentence, action=action)

    # spoiled sheets ------------------------------------------------------------------------

    def _account(self) -> None:
        if not self.account.isEnabled():
            return
        said = {
            "code": str(self.why.value()),
            "number": str(self.spoiled_number.value() or ""),
            "stock": str(self.stock.value() or ""),
            "words": str(self.words.value() or ""),
        }
        self.hush()
        self.desk.act(
            lambda work: offices.spoiled.record(work.session, **said),
            done=lambda _none: self._accounted(),
            failed=self.say_failure,
            changes=Changes(sending=True),
            parent=self,
        )

    def _accounted(self) -> None:
        for field in (self.spoiled_number, self.stock, self.words):
            field.set_value("")
        self.spoiled_number.focus_editor()
        self.say("success", tr("The sheet is accounted for. Destroy it now."))
        self._load()


def _halves(one: QWidget, other: QWidget) -> QHBoxLayout:
    """Two fields of one width beside each other."""
    beside = row(one, other, spacing=tokens.S16)
    beside.setStretch(0, 1)
    beside.setStretch(1, 1)
    return beside


def _after_a_jam(work: Work, *, number: str, out: Path | None) -> Printed:
    """Print a run again from a number on. On the worker."""
    return offices.batch.after_a_jam(
        work.session, number, out=out, progress=work.progress, cancelled=work.cancelled
    )


def _run_columns() -> list[Column[Run]]:
    return [
        Column(
            key="at",
            title=tr("When"),
            value=lambda one: words.moment(one.at),
            sort=lambda one: one.at.isoformat(),
            stretch=True,
            strong=True,
        ),
        Column(key="by", title=tr("By"), value=lambda one: one.by, width=76),
        Column(
            key="count",
            title=tr("Documents"),
            value=lambda one: (
                str(len(one.numbers))
                if one.done
                else tr("{done} of {wanted}", done=len(one.numbers), wanted=one.wanted)
            ),
            width=114,
        ),
        Column(
            key="first",
            title=tr("First number"),
            value=lambda one: isolate(_tail(one.numbers[0])) if one.numbers else "",
            width=126,
        ),
    ]


def _spoiled_columns() -> list[Column[Spoiled]]:
    return [
        Column(
            key="at",
            title=tr("When"),
            value=lambda one: words.moment(one.at),
            sort=lambda one: one.at.isoformat(),
            width=204,
        ),
        Column(
            key="sheet",
            title=tr("Sheet"),
            value=lambda one: isolate(
                " · ".join(part for part in (_tail(one.number), one.stock) if part)
            ),
            stretch=True,
            strong=True,
        ),
        Column(
            key="why",
            title=tr("What happened"),
            value=lambda one: _why(one),
            width=164,
        ),
    ]


def _tail(number: str) -> str:
    """The end of a number, which differs among those of one station."""
    return "-".join(number.split("-")[-2:])


def _why(one: Spoiled) -> str:
    if one.code == _UNISSUED:
        return tr("Never issued")
    known = tr(SPOILED.get(one.code, one.code))
    return known if one.reason in (one.code, "") else f"{known}: {one.reason}"
