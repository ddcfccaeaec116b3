"""Blank forms: sheets to fill in by hand while there is no power, each with a number of its own."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.page import Key, Page
from desktop.pages.paper_words import LANGUAGES
from desktop.widgets.buttons import Button, PrimaryButton
from desktop.widgets.fields import SelectField, TextField
from desktop.widgets.labels import Text
from desktop.widgets.layout import row
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

USUAL: Final = "10"
_PRINT: Final = "print"
_SAVE: Final = "save"


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
        self.body.addStretch(1)

    def on_shown(self, **arguments: Any) -> None:
        self.how_many.focus_editor()
        self.how_many.editor.selectAll()

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
        self.desk.act(
            partial(_make, count=int(typed), language=str(self.language.value()), out=out),
            done=lambda made: self._made(*made, out=out),
            failed=self._failed,
            changes=Changes(),
            parent=self,
        )

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
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
    """The sheets; a file is proved before their numbers are given. On the worker."""
    if out is None:
        return offices.printing.blank_sheets(work.session, count, language=language)
    with offices.files.prepared(out) as file:
        pdf, numbers = offices.printing.blank_sheets(work.session, count, language=language)
        file.write(pdf)
        file.keep()
    return pdf, numbers
