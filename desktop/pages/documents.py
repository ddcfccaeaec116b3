"""Documents: whom to print for, what it will look like, and out to the printer.

A run is issued block by block: drawn, read back from the page, written to the file where one was
chosen, and only then committed. What cannot be made is left out and told. What was made stays in
memory until the page is left, and can be printed again or saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.page import WIDE, Key, Page
from desktop.pages.documents_columns import columns
from desktop.pages.documents_run import LeftOut, asked_for, ended, run
from desktop.pages.paper import DPI, Paper
from desktop.pages.paper_words import AGAIN, LANGUAGES, choices
from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton, QuietButton
from desktop.widgets.fields import ChoiceField, SelectField, TextField
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import Caption
from desktop.widgets.layout import Plain, row
from desktop.widgets.messages import EmptyState, Notice, ProgressCard
from desktop.widgets.table import DataTable
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.paper_dialog import PaperAnswer
    from desktop.tasks import Task
    from station.batch import Printed
    from station.printing import PrintRow
    from workspace.clocks import ClockDoubt

_BESIDE: Final = 380
_PAUSE: Final = 150  # ms after the last move through the list until a preview is drawn
REGISTRATION: Final = "registration"
HOUSEHOLD: Final = "household"
OWN: Final = "own"
_PRINT: Final = "print"
_SAVE: Final = "save"


class DocumentsPage(Page):
    """The print queue beside the page it would print."""

    key = "documents"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._all: list[PrintRow] = []
        self._wanted: set[Any] = set()
        self._task: Task | None = None
        self._issued: Printed | None = None
        self._then = _PRINT
        self._out: Path | None = None
        self.table: DataTable[PrintRow] = DataTable(
            columns(),
            name="documents",
            label=tr("People to print for"),
            prefs=desk.prefs,
            several=True,
            identity=lambda one: one.person,
            empty=EmptyState(
                "documents",
                tr("Everyone has a document"),
                tr("People appear here as soon as they are registered. Choose Everyone to print "
                   "again."),
            ),
        )  # fmt: skip
        self.which = ChoiceField(
            "which", tr("Show"), show_label=False,
            options=[
                ("open", tr("Not printed yet")),
                ("ending", tr("Ending soon")),
                ("all", tr("Everyone")),
            ],
        )  # fmt: skip
        self.which.set_value("open")
        self.place = TextField(
            "place", tr("Shelter begins with"), show_label=False, width=150, limit=40,
            placeholder=tr("Shelter, as B-12"),
        )  # fmt: skip
        self.type = ChoiceField(
            "type", tr("Document"),
            options=[
                (REGISTRATION, tr("One for each person")),
                (HOUSEHOLD, tr("One for the family")),
            ],
        )  # fmt: skip
        self.type.set_value(REGISTRATION)
        self.language = SelectField("language", tr("Language"), options=_languages(), width=None)
        self.language.set_value(OWN)
        self.sides = SelectField(
            "sides", tr("Sides"), width=None,
            options=[("one", tr("One side")), ("both", tr("Both sides"))],
        )  # fmt: skip
        self.sides.set_value("one")
        self.paper = Paper()
        self.count = Caption("", wrap=False)
        self.print = PrimaryButton(
            tr("Print"), icon="print", on=lambda: self._begin(_PRINT), name="documents-print"
        )
        self.save = Button(tr("Save as PDF…"), on=lambda: self._begin(_SAVE), name="documents-save")
        self.plain_text = Caption(
            tr("A saved PDF is not encrypted: whoever finds the file can read it.")
        )
        self.sheets = QuietButton(
            tr("Jam or spoiled sheet…"), on=lambda: self.go("sheets"), name="documents-sheets"
        )
        self.other = QuietButton(tr("Another document…"), on=self._another, name="documents-other")
        self.blank = QuietButton(
            tr("Blank forms…"), on=lambda: self.go("blank"), name="documents-blank"
        )
        self.left_out = LeftOut()
        self.progress = ProgressCard()
        self.progress.cancelled.connect(self._stop)
        self.doubt = Notice("warning", "")
        self.unasked = Notice("info", "")
        self.unasked.setObjectName("documents-unasked")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE)
        self._soon.timeout.connect(self._preview)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(tokens.S12)
        above = row(self.which, self.place)
        above.setStretch(0, 1)
        left.addLayout(above)
        left.addWidget(self.table, 1)
        left.addWidget(self.left_out)
        more = Plain()
        flow = FlowLayout(more, gap=tokens.S8)
        for act in (self.other, self.blank, self.sheets):
            flow.addWidget(act)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        more.setSizePolicy(policy)
        under = row(more, self.count)
        under.setStretch(0, 1)
        left.addLayout(under)
        side = Plain()
        side.setFixedWidth(_BESIDE)
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(tokens.S12)
        right.addWidget(self.doubt)
        right.addWidget(self.unasked)
        right.addWidget(self.type)
        how = row(self.language, self.sides)
        how.setStretch(0, 1)
        how.setStretch(1, 1)
        right.addLayout(how)
        right.addWidget(self.paper, 1)
        right.addWidget(self.progress)
        right.addLayout(row(self.save, None, self.print))
        right.addWidget(self.plain_text)
        self.doubt.hide()
        self.unasked.hide()
        across = QHBoxLayout()
        across.setSpacing(tokens.S24)
        across.addLayout(left, 1)
        across.addWidget(side)
        self.body.addLayout(across, 1)

    def _connect(self) -> None:
        self.table.selection_changed.connect(self._selected)
        self.table.activated.connect(lambda _row: self.print.setFocus())
        self.which.edited.connect(lambda _key, _raw: self._show_rows())
        self.place.edited.connect(lambda _key, _raw: self._show_rows())
        self.type.edited.connect(lambda _key, _raw: self._selected())
        self.language.edited.connect(lambda _key, _raw: self._selected())
        self.desk.changed.connect(self._changed)

    def keys(self) -> list[Key]:
        return [
            Key("Ctrl+P", tr("Print"), lambda: self._begin(_PRINT)),
            Key("Ctrl+S", tr("Save as PDF"), lambda: self._begin(_SAVE)),
            Key("Ctrl+A", tr("Everyone in the list")),
            Key("Ctrl+D", tr("Another document for this person"), self._another),
            Key("Ctrl+B", tr("Blank forms for power cuts"), lambda: self.go("blank")),
            Key("Ctrl+J", tr("Jam or spoiled sheet"), lambda: self.go("sheets")),
            Key("Space", tr("Add to what is chosen, with Ctrl")),
        ]

    # the list ------------------------------------------------------------------------------

    def on_shown(self, persons: Sequence[Any] | None = None, **arguments: Any) -> None:
        if persons is not None:
            self._wanted = set(persons)
        also = tuple(self._wanted)
        self.desk.read(
            lambda work: (
                offices.printing.printable(work.session, also=also),
                offices.printing.clock_doubt(work.session),
            ),
            done=lambda found: self._loaded(*found),
            parent=self,
            latest="printable",
        )

    def on_hidden(self) -> None:
        self._issued = None

    def before_lock(self) -> None:
        self._issued = None
        self.paper.say("")

    def _loaded(self, rows: Sequence[PrintRow], doubt: Any) -> None:
        self._all = list(rows)
        self._show_doubt(doubt)
        if self._wanted and any(one.last_issued for one in self._all if one.person in self._wanted):
            self.which.set_value("all")
        self._show_rows()

    def _show_rows(self) -> None:
        wanted = self._wanted
        which = str(self.which.value())
        place = str(self.place.value() or "").strip().casefold()
        today = self.desk.today()
        rows = [
            one
            for one in self._all
            if one.person in wanted
            or (asked_for(one, which, today) and one.shelter.casefold().startswith(place))
        ]
        self.table.set_rows(rows)
        if wanted:
            self.table.select(lambda one: one.person in wanted)
            self._wanted = set()
        elif rows and not self.table.selected():
            self.table.select_first()
        if rows and not (self.table.view.hasFocus() or self.place.editor.hasFocus()):
            self.table.view.setFocus()
        self._selected()

    def _selected(self) -> None:
        chosen = self.table.selected()
        documents = len(self._targets(chosen))
        self.count.setText(
            ntr("{n} document chosen", "{n} documents chosen", documents) if documents else ""
        )
        self._say_unasked(sum(one.unasked for one in chosen))
        busy = self._task is not None and self._task.running
        for button in (self.print, self.save):
            button.setEnabled(bool(documents) and not busy)
        self.other.setEnabled(len(chosen) == 1)
        self._soon.start()

    def _say_unasked(self, count: int) -> None:
        """Where consent was never recorded it is asked now; nothing is held up by it."""
        self.unasked.setVisible(count > 0)
        if count:
            self.unasked.set_message(
                "info",
                ntr(
                    "Consent to a document is not recorded for {n} person chosen. Ask before you "
                    "hand it over, and correct the record.",
                    "Consent to a document is not recorded for {n} persons chosen. Ask before you "
                    "hand it over, and correct the records.",
                    count,
                ),
            )

    def _another(self) -> None:
        """What is made for one person at a time: slips, and what events are told by."""
        chosen = self.table.selected()
        if len(chosen) == 1:
            self.go("document", person=chosen[0].person)

    def _targets(self, rows: Sequence[PrintRow]) -> list[tuple[str, Any]]:
        """What would be issued: type and whose, each household once."""
        if self.type.value() == HOUSEHOLD:
            households = dict.fromkeys(one.household for one in rows if one.household is not None)
            return [(HOUSEHOLD, household) for household in households]
        return [(REGISTRATION, one.person) for one in rows]

    def _language(self) -> str | None:
        """What was chosen for all; None for each holder's own."""
        chosen = str(self.language.value() or OWN)
        return chosen if chosen != OWN else None

    # the preview ---------------------------------------------------------------------------

    def _preview(self) -> None:
        targets = self._targets(self.table.selected())
        if not targets:
            self.paper.say(tr("Choose somebody to see the document."))
            return
        if not self.paper.has_page:
            self.paper.say(tr("Drawing the page…"))
        self.desk.read(
            partial(_draw, target=targets[0], language=self._language()),
            done=lambda image: self.paper.show_page(image, tr("Preview of the document")),
            failed=lambda error: self.paper.say(words.failure(error)),
            parent=self,
            latest="preview",
        )

    # issuing -------------------------------------------------------------------------------

    def _begin(self, then: str) -> None:
        """Issue what is chosen, then print or save it."""
        chosen = self.table.selected()
        targets = self._targets(chosen)
        if not targets or (self._task is not None and self._task.running):
            return
        renew = self.which.value() == "ending"
        said = None
        if not renew and any(one.last_issued is not None for one in chosen):
            said = self._ask_why(single=len(targets) == 1)
            if said is None:
                return
        self._out = None
        if then == _SAVE:
            self._out = self._ask_where()
            if self._out is None:
                return
        self.hush()
        self.left_out.show_skipped(())
        self._then = then
        self._issued = None
        self.progress.start(
            ntr("Issuing {n} document", "Issuing {n} documents", len(targets)),
            detail=tr("Each is signed, drawn, and its code read back."),
        )
        self._task = self.desk.act(
            partial(
                run,
                targets=targets,
                language=self._language(),
                said=said,
                fresh=renew,
                once=said is None or not said.today,
                both=self.sides.value() == "both",
                out=self._out,
            ),
            done=self._issued_now,
            failed=self._not_issued,
            progress=self.progress.progress,
            changes=Changes(documents=True, people=True, sending=True),
            parent=self,
        )
        self._selected()

    def _ask_why(self, *, single: bool) -> PaperAnswer | None:
        return self.desk.dialogs.paper(
            self,
            tr("Print again?"),
            tr("Some of these people have a document. It is counted who gets another, and why."),
            tr("Go on"),
            choices=choices(AGAIN),
            collector=single,
            today=not single,
        )

    def _ask_where(self) -> Path | None:
        return self.desk.dialogs.save_file(
            self,
            tr("Save as PDF, not encrypted"),
            f"{tr('documents')}.pdf",
            [(tr("PDF"), ["*.pdf"])],
        )

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _issued_now(self, issued: Printed) -> None:
        self._done_working()
        self.left_out.show_skipped(issued.skipped)
        if not issued.documents:
            self.say("warning", tr("Nothing was issued."))
            return
        self._issued = issued
        if self._then == _SAVE:
            self._say_saved(issued)
        else:
            self._send_to_printer()

    def _not_issued(self, error: Exception) -> None:
        self._done_working()
        if getattr(error, "code", "") == "clock":
            self.on_shown()  # which looks at the clock again
            return
        self.say_failure(error)

    def _done_working(self) -> None:
        self._task = None
        self.progress.finish()
        self._selected()

    def _send_to_printer(self) -> None:
        issued = self._issued
        if issued is None:
            return
        printed = self.desk.dialogs.print_pdf(self, issued.pdf, tr("Waystation documents"))
        count = len(issued.documents)
        if printed:
            self.say(
                "warning" if issued.stopped or issued.skipped else "success",
                ended(ntr("{n} document printed", "{n} documents printed", count), issued),
                action=(tr("Print once more"), self._send_to_printer),
            )
        else:
            self.say(
                "warning",
                ntr(
                    "{n} document is issued, but not printed. Choose a printer, or save it.",
                    "{n} documents are issued, but not printed. Choose a printer, or save them.",
                    count,
                ),
                action=(tr("Print"), self._send_to_printer),
            )

    def _say_saved(self, issued: Printed) -> None:
        assert self._out is not None  # noqa: S101 - a file was chosen before the run
        said = tr(
            "Saved as {name}. The file is not encrypted: hand it over, then delete it.",
            name=isolate(self._out.name),
        )
        self.say("warning" if issued.stopped or issued.skipped else "success", ended(said, issued))

    # the clock -----------------------------------------------------------------------------

    def _show_doubt(self, doubt: ClockDoubt | None) -> None:
        self.doubt.setVisible(doubt is not None)
        if doubt is not None:
            self.doubt.set_message(
                "warning",
                _doubt_words(doubt),
                action=(tr("The clock is right"), self._confirm_clock),
            )

    def _confirm_clock(self) -> None:
        self.desk.act(
            lambda work: offices.printing.confirm_clock(work.session),
            done=lambda _none: self._show_doubt(None),
            changes=Changes(sending=True),
            parent=self,
        )

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.documents or changes.people or changes.persons):
            self.on_shown()


def _doubt_words(doubt: ClockDoubt) -> str:
    """Why the clock is doubted, in the time of the place."""
    shown, latest = words.moment(doubt.shown), words.moment(doubt.latest)
    if doubt.behind:
        return tr(
            "The clock shows {shown}, but something was recorded here at {latest}. Set the "
            "computer's clock, or confirm that it is right.",
            shown=shown,
            latest=latest,
        )
    return tr(
        "The clock shows {shown}; the last entry is of {latest}. Set the computer's clock, or "
        "confirm that it is right.",
        shown=shown,
        latest=latest,
    )


def _draw(work: Work, *, target: tuple[str, Any], language: str | None) -> QImage:
    from desktop.printing import draw_page  # pdfium is loaded with the first preview

    kind, subject = target
    pdf = offices.printing.preview(
        work.session, offices.printing.Target(type=kind, subject=subject), language
    )
    return draw_page(pdf, 0, dpi=DPI)


def _languages() -> list[tuple[str, str]]:
    """The holder's own first; then what papers are printed in, each by its own name."""
    return [(OWN, tr("Each holder's own")), *{**words.NATIVE_NAMES, **LANGUAGES}.items()]
