"""Blank forms: sheets to fill in by hand while there is no power, each with a number of its own.

Below stands what became of each: typed in, spoiled, or unaccounted for.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.page import Key, Page
from desktop.pages.paper_words import LANGUAGES
from desktop.widgets.buttons import Button, PrimaryButton, QuietButton
from desktop.widgets.fields import ChoiceField, SelectField, TextField
from desktop.widgets.labels import Caption, Section, Text
from desktop.widgets.layout import row
from desktop.widgets.messages import EmptyState, ProgressCard
from desktop.widgets.table import Column, DataTable
from desktop.words import N_, isolate, ntr, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from station.sheets import BlankSheet

USUAL: Final = "10"
_PRINT: Final = "print"
_SAVE: Final = "save"
_OUT: Final = "out"
_CHOICE: Final = 300  # pixels in which both choices stand beside each other
_STATES: Final = {
    _OUT: N_("Unaccounted for"),
    "returned": N_("Typed in"),
    "spoiled": N_("Spoiled"),
}


class BlankPage(Page):
    """How many, in which language, and out to the printer."""

    key = "blank"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._busy = False
        self._pdf = b""
        self._numbers: Sequence[str] = ()
        self.how_many = TextField(
            "count", tr("How many sheets"), direction="ltr", width=120, limit=4,
            help=tr("One for each family, and one more for every seven of its members."),
        )  # fmt: skip
        self.how_many.set_value(USUAL)
        self.language = SelectField(
            "language", tr("Language"), options=list({**words.NATIVE_NAMES, **LANGUAGES}.items())
        )
        self.language.set_value(desk.language)
        self.print = PrimaryButton(
            tr("Print"), icon="print", on=lambda: self._begin(_PRINT), name="blank-print"
        )
        self.save = Button(tr("Save as PDF…"), on=lambda: self._begin(_SAVE), name="blank-save")
        self.body.addWidget(
            Text(
                tr(
                    "Print them while there is power. Each sheet has a number that is never given "
                    "twice: when the family is typed in, enter it before you register, so that "
                    "no sheet is typed in twice and none is missing."
                ),
                muted=True,
            )
        )
        for field in (self.how_many, self.language):
            self.body.addWidget(field)
        self.body.addLayout(row(self.print, self.save, None))
        self.progress = ProgressCard(cancellable=False)
        self.body.addWidget(self.progress)
        self._all: Sequence[BlankSheet] = ()
        self.which = ChoiceField(
            "blank-which", tr("Show"), show_label=False,
            options=[(_OUT, tr("Unaccounted for")), ("all", tr("All"))],
        )  # fmt: skip
        self.which.set_value(_OUT)
        self.which.setMinimumWidth(_CHOICE)
        self.which.edited.connect(lambda _key, _raw: self._show())
        self.summary = Caption("")
        self.spoiled = QuietButton(tr("Spoiled…"), on=self._spoiled, name="blank-spoiled")
        self.table: DataTable[BlankSheet] = DataTable(
            _columns(),
            name="blank-sheets",
            label=tr("Blank forms"),
            prefs=desk.prefs,
            identity=lambda one: one.number,
            empty=EmptyState(
                "success",
                tr("No blank form is unaccounted for"),
                tr("Each that is printed stands here until it is typed in or spoiled."),
            ),
        )
        self.table.selection_changed.connect(self._look)
        self.body.addWidget(Section(tr("What became of them")))
        self.body.addWidget(self.summary)
        self.body.addLayout(row(self.which, None, self.spoiled))
        self.body.addWidget(self.table, 1)

    def on_shown(self, **arguments: Any) -> None:
        self.how_many.focus_editor()
        self.how_many.editor.selectAll()
        self._load()

    def _load(self) -> None:
        self.desk.read(
            lambda work: offices.sheets.all_sheets(work.session),
            done=self._loaded,
            parent=self,
            latest="blank-sheets",
        )

    def _loaded(self, sheets: Sequence[BlankSheet]) -> None:
        self._all = tuple(sheets)
        self._show()

    def _show(self) -> None:
        states = [one.state for one in self._all]
        self.summary.setText(
            tr(
                "Printed: {printed} · typed in: {returned} · spoiled: {spoiled} · unaccounted "
                "for: {out}",
                printed=len(states),
                returned=states.count("returned"),
                spoiled=states.count("spoiled"),
                out=states.count(_OUT),
            )
        )
        everything = self.which.value() == "all"
        self.table.set_rows([one for one in self._all if everything or one.state == _OUT])
        self._look()

    def _look(self) -> None:
        chosen = self.table.selected()
        self.spoiled.setEnabled(len(chosen) == 1 and chosen[0].state == _OUT)

    def _spoiled(self) -> None:
        """Account for the sheet that is chosen, where spoiled sheets are written down."""
        chosen = self.table.selected()
        if len(chosen) == 1:
            self.go("sheets", stock=chosen[0].number)

    def on_hidden(self) -> None:
        self._pdf = b""

    def before_lock(self) -> None:
        self._pdf = b""

    def keys(self) -> list[Key]:
        return [
            Key("Ctrl+P", tr("Print"), lambda: self._begin(_PRINT)),
            Key("Ctrl+S", tr("Save as PDF"), lambda: self._begin(_SAVE)),
        ]

    def _begin(self, then: str) -> None:
        if self._busy:
            return
        typed = str(self.how_many.value() or "").strip()
        if not typed.isdecimal():
            self.say("warning", tr("Write how many sheets, as a number."))
            self.how_many.focus_editor()
            return
        out: Path | None = None
        if then == _SAVE:
            out = self.desk.dialogs.save_file(
                self, tr("Save as PDF"), f"{tr('blank forms')}.pdf", [(tr("PDF"), ["*.pdf"])]
            )
            if out is None:
                return
        self.hush()
        self._set_busy(busy=True)
        self.progress.start(
            tr("Drawing the blank forms"), detail=tr("The number of each is read back.")
        )
        self.desk.act(
            partial(_make, count=int(typed), language=str(self.language.value()), out=out),
            done=lambda made: self._made(*made, out=out),
            failed=self._failed,
            progress=self.progress.progress,
            changes=Changes(),
            parent=self,
        )

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        if not busy:
            self.progress.finish()
            self._load()
        for button in (self.print, self.save):
            button.setEnabled(not busy)

    def _failed(self, error: Exception) -> None:
        self._set_busy(busy=False)
        self.say_failure(error)

    def _made(self, pdf: bytes, numbers: Sequence[str], *, out: Path | None) -> None:
        self._set_busy(busy=False)
        self._pdf, self._numbers = pdf, numbers
        if out is None:
            self._send_to_printer()
            return
        self.say("success", f"{tr('Saved as {name}.', name=isolate(out.name))} {self._span()}")

    def _span(self) -> str:
        """The numbers that are out now."""
        first, last = isolate(self._numbers[0]), isolate(self._numbers[-1])
        count = len(self._numbers)
        return ntr("{n} sheet: {first}", "{n} sheets: {first} to {last}", count, first=first,
                   last=last)  # fmt: skip

    def _send_to_printer(self) -> None:
        if not self._pdf:
            return
        if self.desk.dialogs.print_pdf(self, self._pdf, tr("Blank forms")):
            self.say(
                "success",
                self._span(),
                action=(tr("Print once more"), self._send_to_printer),
            )
        else:
            self.say(
                "warning",
                tr("The sheets are made, but not printed. Choose a printer, or save them."),
                action=(tr("Print"), self._send_to_printer),
            )


def _make(
    work: Work, *, count: int, language: str, out: Path | None
) -> tuple[bytes, Sequence[str]]:
    """The sheets, in memory or in a file. On the worker."""
    return offices.printing.blank_sheets(
        work.session, count, language=language, out=out, progress=work.progress
    )


def _columns() -> list[Column[BlankSheet]]:
    return [
        Column(
            key="number",
            title=tr("Number"),
            value=lambda one: isolate(one.number),
            width=210,
            mono=True,
        ),
        Column(
            key="printed",
            title=tr("Printed"),
            value=lambda one: words.moment(one.printed) if one.printed else tr("before"),
            sort=lambda one: one.printed.isoformat() if one.printed else "",
            width=204,
        ),
        Column(
            key="state",
            title=tr("What became of it"),
            value=lambda one: " · ".join(
                (tr(_STATES[one.state]), *((words.moment(one.at),) if one.at else ()))
            ),
            stretch=True,
            strong=True,
        ),
    ]
