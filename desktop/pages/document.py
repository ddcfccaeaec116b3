"""One document for one person: which, in what language, on what paper, and what it has to say.

Reached from a person, from an event on the timeline, and from an event that was just recorded. What
applies to the person is offered, what cannot be printed now says why. As with a queue, it is
previewed first, and nothing is issued before Print or Save.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.page import WIDE, Key, Page
from desktop.pages import documents_run
from desktop.pages.paper import DPI, Paper
from desktop.pages.paper_words import AGAIN, LANGUAGES, PAPERS, choices
from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton
from desktop.widgets.fields import ChoiceField, SelectField, TextField
from desktop.widgets.labels import Caption, Section, Strong
from desktop.widgets.layout import Plain, Scroll, column, row
from desktop.widgets.messages import EmptyState, Notice, ProgressCard
from desktop.words import beside, isolate, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from desktop.paper_dialog import PaperAnswer
    from desktop.tasks import Task
    from station.batch import Printed
    from station.offers import Offer, Offered

_BESIDE: Final = 440
_PAUSE: Final = 300  # ms after the last letter until the preview is drawn anew
_SERIAL: Final = 200
_PRINT: Final = "print"
_SAVE: Final = "save"
_CARD: Final = "card"
ASKED: Final = "asked-"
"""Before the keys of what a slip asks."""


class _Kinds(ChoiceField):
    """Documents in several rows. Arrows go from each to the next: by their places on the screen, as
    Qt goes, some would never be reached."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and watched in self._segments:
            assert isinstance(event, QKeyEvent)  # noqa: S101 - by its type
            rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            onward = Qt.Key.Key_Left if rtl else Qt.Key.Key_Right
            backward = Qt.Key.Key_Right if rtl else Qt.Key.Key_Left
            by = {onward: 1, Qt.Key.Key_Down: 1, backward: -1, Qt.Key.Key_Up: -1}
            if (step := by.get(Qt.Key(event.key()))) is not None:
                at = [one is watched for one in self._segments].index(True) + step
                if 0 <= at < len(self._segments):
                    self._segments[at].setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return bool(super().eventFilter(watched, event))


class DocumentPage(Page):
    """A document is chosen on one side and seen on the other."""

    key = "document"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._about: dict[str, Any] = {}
        self._found: Offered | None = None
        self._task: Task | None = None
        self._issued: Printed | None = None
        self._then = _PRINT
        self._out: Path | None = None
        self.whom = Strong("")
        self.kind = _Kinds("kind", tr("Which document"), options=[])
        self.asked: list[TextField] = []
        self.language = SelectField("language", tr("Language"), options=_languages(), width=None)
        self.language.set_value(desk.language)
        self.on = SelectField("on", tr("Paper"), options=[], width=None)
        self.serial = TextField(
            "serial", tr("Number of the sheet"), direction="ltr", width=_SERIAL, limit=40,
            help=tr("Only where the paper is numbered: type it as it is printed."),
        )  # fmt: skip
        self.not_now, self.wordless = Notice("info", ""), Notice("info", "")
        self.wordless.hide()
        self.paper = Paper()
        self.print = PrimaryButton(
            tr("Print"), icon="print", on=lambda: self._begin(_PRINT), name="document-print"
        )
        self.save = Button(tr("Save as PDF…"), on=lambda: self._begin(_SAVE), name="document-save")
        self.plain_text = Caption(
            tr("A saved PDF is not encrypted: whoever finds the file can read it.")
        )
        self.progress = ProgressCard()
        self.progress.cancelled.connect(self._stop)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE)
        self._soon.timeout.connect(self._preview)
        self._lay_out()
        self.language.edited.connect(lambda _key, _raw: self._soon.start())
        self.on.edited.connect(lambda _key, _raw: self._soon.start())
        self.serial.edited.connect(lambda _key, _raw: self._soon.start())

    def _lay_out(self) -> None:
        left = Scroll(margin=0, top=0, bottom=0, limit=tokens.FORM_WIDTH)
        self._kinds, self._asks = column(spacing=0), column(spacing=tokens.S12)
        left.body.setSpacing(tokens.S16)
        left.body.addWidget(self.whom)
        left.body.addLayout(self._kinds)
        self._says = Section(tr("What it says"))
        left.body.addWidget(self._says)
        left.body.addLayout(self._asks)
        how = row(self.language, self.on, spacing=tokens.S12)
        how.setStretch(0, 1)
        how.setStretch(1, 1)
        left.body.addLayout(how)
        left.body.addWidget(self.wordless)
        left.body.addWidget(self.serial)
        left.body.addWidget(self.not_now)
        left.body.addStretch(1)
        side = Plain()
        side.setFixedWidth(_BESIDE)
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(tokens.S12)
        right.addWidget(self.paper, 1)
        right.addWidget(self.progress)
        right.addLayout(row(self.save, None, self.print))
        right.addWidget(self.plain_text)
        self._sheet = Plain()
        across = QHBoxLayout(self._sheet)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(tokens.S24)
        across.addWidget(left, 1)
        across.addWidget(side)
        self._nobody = EmptyState(
            "documents",
            tr("Nobody chosen"),
            tr("Find a person first: Ctrl+K from anywhere. Then choose Another document there."),
        )
        self.body.addWidget(self._sheet, 1)
        self.body.addWidget(self._nobody)
        self._sheet.hide()
        self.not_now.hide()

    def keys(self) -> list[Key]:
        return [
            Key("Ctrl+P", tr("Print"), lambda: self._begin(_PRINT)),
            Key("Ctrl+S", tr("Save as PDF"), lambda: self._begin(_SAVE)),
            Key("Left", tr("Another document, language or paper, with the other arrows")),
        ]

    # what there is ---------------------------------------------------------------------------

    def on_shown(self, **arguments: Any) -> None:
        """``person`` or ``event``: for whom, or about what."""
        wanted = {key: arguments[key] for key in ("person", "event") if arguments.get(key)}
        anew = bool(wanted) and wanted != self._about
        if anew:
            self._about = wanted
            self.hush()
        if not self._about:
            self._sheet.hide()
            self._nobody.show()
            return
        self._look(anew=anew)

    def on_hidden(self) -> None:
        self._issued = None

    def before_lock(self) -> None:
        self._issued = None
        self.paper.say("")

    def _look(self, *, anew: bool) -> None:
        about, language = self._about, self.desk.language
        self.desk.read(
            lambda work: offices.offers.offered(work.session, **about, language=language),
            done=lambda found: self._loaded(found, anew=anew),
            failed=self._nothing,
            parent=self,
            latest="offers",
        )

    def _nothing(self, error: Exception) -> None:
        self._about = {}
        self._sheet.hide()
        self._nobody.show()
        self.say_failure(error)

    def _loaded(self, found: Offered, *, anew: bool) -> None:
        before = "" if anew or self._found is None else str(self.kind.value() or "")
        self._found = found
        self.whom.setText(beside(isolate(found.name), isolate(found.number)))
        self._show_kinds(found, before)
        if anew:
            # The holder's, where papers can say it; else the authority's, or of whoever prints.
            self.language.set_value(found.language or self.desk.language)
            self._say_wordless(found)
        self._nobody.hide()
        self._sheet.show()
        if anew:
            self.serial.set_value("")
            self.kind.focus_editor()

    def _say_wordless(self, found: Offered) -> None:
        """Once, where the paper opens in another language than the person's."""
        self.wordless.setVisible(bool(found.wordless))
        if found.wordless:
            self.wordless.set_message(
                "info",
                tr(
                    "Papers have no words in {language}. Choose another that the person reads.",
                    language=found.wordless,
                ),
            )

    def _show_kinds(self, found: Offered, before: str) -> None:
        """The documents that can be printed, and of the others why not."""
        open_ones = [
            (str(at), _called(one)) for at, one in enumerate(found.offers) if not one.reason
        ]
        while (item := self._kinds.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.kind = _Kinds("kind", tr("Which document"), options=open_ones)
        self.kind.edited.connect(lambda _key, _raw: self._chosen())
        self._kinds.addWidget(self.kind)
        wanted = str(found.chosen) if found.chosen >= 0 else before
        codes = [code for code, _ in open_ones]
        self.kind.set_value(wanted if wanted in codes else next(iter(codes), ""))
        closed = [
            tr("{document}: {reason}", document=isolate(_called(one)), reason=tr(one.reason))
            for one in found.offers
            if one.reason
        ]
        self.not_now.setVisible(bool(closed))
        self.not_now.set_message("info", "\n".join(closed))
        self._chosen()

    @property
    def offer(self) -> Offer | None:
        """The document that is chosen."""
        at = str(self.kind.value() or "")
        return self._found.offers[int(at)] if self._found is not None and at else None

    def _chosen(self) -> None:
        offer = self.offer
        while (item := self._asks.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.asked = []
        for one in offer.asks if offer else ():
            label = one.label if one.required else tr("{label} (if any)", label=one.label)
            field = TextField(f"{ASKED}{one.name}", label, limit=120)
            field.edited.connect(lambda _key, _raw: self._soon.start())
            self.asked.append(field)
            self._asks.addWidget(field)
        self._says.setVisible(bool(self.asked))
        self.on.set_options(papers(offer.papers if offer else ()))
        self.on.set_value(papers(offer.papers)[0][0] if offer else "")
        self._enable()
        self._preview()

    def _enable(self) -> None:
        busy = self._task is not None and self._task.running
        for button in (self.print, self.save):
            button.setEnabled(self.offer is not None and not busy)

    # the preview -----------------------------------------------------------------------------

    def _said(self) -> dict[str, str]:
        return {
            field.key.removeprefix(ASKED): text
            for field in self.asked
            if (text := str(field.value() or "").strip())
        }

    def _unsaid(self) -> TextField | None:
        """The first question that has to be answered and is not."""
        offer, said = self.offer, self._said()
        for field, one in zip(self.asked, offer.asks if offer else (), strict=True):
            if one.required and one.name not in said:
                return field
        return None

    def _wanted(self) -> Any:
        """The document as it is asked for now."""

        offer = self.offer
        assert offer is not None  # noqa: S101 - asked only where one is chosen
        paper = str(self.on.value() or "").partition("+")[0]
        return replace(
            offer.target,
            said=tuple(sorted(self._said().items())),
            paper="" if paper == offer.papers[0] else paper,
            serial=str(self.serial.value() or "").strip(),
        )

    def _preview(self) -> None:
        self._soon.stop()
        if self.offer is None:
            self.paper.say(tr("No document can be printed now."))
            return
        if self._unsaid() is not None:
            self.paper.say(tr("Fill in what it says to see the document."))
            return
        if not self.paper.has_page:
            self.paper.say(tr("Drawing the page…"))
        self.desk.read(
            partial(_draw, target=self._wanted(), language=str(self.language.value() or "en")),
            done=lambda image: self.paper.show_page(image, tr("Preview of the document")),
            failed=lambda error: self.paper.say(words.failure(error)),
            parent=self,
            latest="preview",
        )

    # issuing ---------------------------------------------------------------------------------

    def _begin(self, then: str) -> None:
        """Issue it, then print or save it."""
        offer = self.offer
        if offer is None or (self._task is not None and self._task.running):
            return
        unsaid = self._unsaid()
        if unsaid is not None:
            self.say("warning", tr("Fill in: {what}.", what=unsaid.label.text()))
            unsaid.focus_editor()
            return
        said = None
        if offer.standing:
            said = self._ask_why()
            if said is None:
                return
        self._out = None
        if then == _SAVE:
            self._out = self.desk.dialogs.save_file(
                self,
                tr("Save as PDF, not encrypted"),
                f"{tr('document')}.pdf",
                [(tr("PDF"), ["*.pdf"])],
            )
            if self._out is None:
                return
        self.hush()
        self._then, self._issued = then, None
        self.progress.start(
            tr("Issuing the document"), detail=tr("Each is signed, drawn, and its code read back.")
        )
        self._task = self.desk.act(
            partial(
                documents_run.issue,
                wanted=[self._wanted()],
                language=str(self.language.value() or "en"),
                said=said,
                fresh=False,
                sheets=str(self.on.value() or "").partition("+")[2] or documents_run.ONE,
                out=self._out,
            ),
            done=self._issued_now,
            failed=self._not_issued,
            progress=self.progress.progress,
            changes=Changes(documents=True, people=True, sending=True),
            parent=self,
        )
        self._enable()

    def _ask_why(self) -> PaperAnswer | None:
        return self.desk.dialogs.paper(
            self,
            tr("Print again?"),
            tr("This document is issued already. It is counted who gets another, and why."),
            tr("Go on"),
            choices=choices(AGAIN),
            collector=True,
        )

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _done_working(self) -> None:
        self._task = None
        self.progress.finish()
        self._enable()

    def _not_issued(self, error: Exception) -> None:
        self._done_working()
        if getattr(error, "code", "") == "clock":
            self.go("documents")  # where the clock is confirmed
            return
        self.say_failure(error)

    def _issued_now(self, issued: Printed) -> None:
        self._done_working()
        if not issued.documents:
            why = [tr(one.sentence) for one in issued.skipped]
            self.say("warning", " ".join([tr("Nothing was issued."), *why]))
            return
        self._issued = issued
        self._look(anew=False)
        if self._then == _PRINT:
            self._send_to_printer()
            return
        assert self._out is not None  # noqa: S101 - a file was chosen before
        self.say(
            "success",
            tr(
                "Saved as {name}. The file is not encrypted: hand it over, then delete it.",
                name=isolate(self._out.name),
            ),
        )

    def _send_to_printer(self) -> None:
        issued = self._issued
        if issued is None:
            return
        number = isolate(issued.documents[0].number)
        if self.desk.dialogs.print_pdf(self, issued.pdf, tr("Waystation documents")):
            self.say(
                "success",
                tr("Printed: document {number}", number=number),
                action=(tr("Print once more"), self._send_to_printer),
            )
        else:
            self.say(
                "warning",
                tr(
                    "Document {number} is issued, but not printed. Choose a printer, or save it.",
                    number=number,
                ),
                action=(tr("Print"), self._send_to_printer),
            )


def papers(known: Sequence[str]) -> list[tuple[str, str]]:
    """What a document can be printed on: a paper, and how pages come onto its sheets."""
    found = []
    for one in known:
        if one == _CARD:
            found += [
                (_CARD, tr("Card, each on its own")),
                (f"{_CARD}+cards", tr("Cards on A4, to be cut")),
                (f"{_CARD}+cards-both", tr("Cards on A4, with backs")),
            ]
            continue
        name = tr(PAPERS.get(one, one))
        found += [(one, name), (f"{one}+both", tr("{paper}, both sides", paper=name))]
    return found


def _called(offer: Offer) -> str:
    return offer.title if not offer.detail else f"{offer.title} · {offer.detail}"


def _draw(work: Work, *, target: Any, language: str) -> QImage:
    from desktop.printing import draw_page  # pdfium is loaded with the first preview

    return draw_page(offices.printing.preview(work.session, target, language), 0, dpi=DPI)


def _languages() -> list[tuple[str, str]]:
    """Languages that papers are printed in, each by its own name."""
    return list({**words.NATIVE_NAMES, **LANGUAGES}.items())
