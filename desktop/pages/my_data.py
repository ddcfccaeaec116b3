"""My data: everything that is recorded about a person, seen before it is printed, in a language
that the person reads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from desktop import offices, words
from desktop.page import Key, Page
from desktop.pages.paper import DPI, Paper
from desktop.widgets.buttons import PrimaryButton
from desktop.widgets.fields import SelectField
from desktop.widgets.labels import Caption
from desktop.widgets.layout import row
from desktop.widgets.messages import EmptyState, Notice
from desktop.words import tr
from forms.wording import label

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

    from desktop.desk import Desk, Work
    from station.my_data import Preview

_HIGH: Final = 420


class MyDataPage(Page):
    """A language, the first page as it will be, and out to the printer."""

    key = "my_data"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._person: Any = None
        self.language = SelectField(
            "language", tr("Language"), options=list(words.NATIVE_NAMES.items())
        )
        self.language.edited.connect(lambda _key, _raw: self._look(str(self.language.value())))
        self.wordless = Notice("info", "")
        self.paper = Paper()
        self.paper.setMinimumHeight(_HIGH)
        self.print = PrimaryButton(tr("Print"), icon="print", on=self._print, name="my-data-print")
        self._nobody = EmptyState(
            "documents",
            tr("Nobody chosen"),
            tr("Find a person first: Ctrl+K from anywhere. Then choose My data there."),
        )
        self._what = Caption(tr("For the person alone. Give it to nobody else."))
        for widget in (self.language, self.wordless, self.paper, self._what, self._nobody):
            self.body.addWidget(widget, 1 if widget is self.paper else 0)
        self.body.addLayout(row(None, self.print))
        self._show(nobody=True)

    def keys(self) -> list[Key]:
        return [Key("Ctrl+P", tr("Print"), self._print)]

    def on_shown(self, person: Any = None, **arguments: Any) -> None:
        if person is not None:
            self._person = person
        self._show(nobody=self._person is None)
        if self._person is not None:
            self._look("")

    def on_hidden(self) -> None:
        self._person = None
        self.paper.say("")

    def before_lock(self) -> None:
        self.on_hidden()

    def _show(self, *, nobody: bool) -> None:
        self._nobody.setVisible(nobody)
        self.wordless.hide()
        for widget in (self.language, self.paper, self.print, self._what):
            widget.setHidden(nobody)

    def _look(self, language: str) -> None:
        """Draw the first page; in the person's own language when none is named."""
        if not self.paper.has_page:
            self.paper.say(tr("Drawing the page…"))
        self.desk.read(
            partial(_draw, person=self._person, language=language, ours=self.desk.language),
            done=lambda found: self._drawn(*found),
            failed=lambda error: self.paper.say(words.failure(error)),
            parent=self,
            latest="my-data",
        )

    def _drawn(self, found: Preview, image: QImage, wordless: str) -> None:
        if self._person is None:
            return
        self.language.set_value(found.language)
        self.paper.show_page(image, tr("Preview of the document"))
        self.wordless.setVisible(bool(found.wordless))
        if found.wordless:
            self.wordless.set_message(
                "info",
                tr("This cannot be told in {language}. Read it to the person.", language=wordless),
            )

    def _print(self) -> None:
        if self._person is None:
            return
        person, ours = self._person, self.desk.language
        language = str(self.language.value() or ours)
        self.desk.read(
            lambda work: offices.my_data.print_my_data(
                work.session, person, language=language, otherwise=ours
            ),
            done=lambda pdf: self.desk.dialogs.print_pdf(self, pdf, tr("My data")),
            failed=self.say_failure,
            parent=self,
            latest="data",
        )


def _draw(work: Work, *, person: Any, language: str, ours: str) -> tuple[Preview, QImage, str]:
    from desktop.printing import draw_page  # pdfium is loaded with the first preview

    found = offices.my_data.preview(work.session, person, language=language, otherwise=ours)
    wordless = label("languages", found.wordless, ours)
    return found, draw_page(found.pdf, 0, dpi=DPI), wordless
