"""Questions that need a window of their own, behind a port so that tests can answer them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractSlider,
    QApplication,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from desktop.keys import KeyGroup
from desktop.style import tokens
from desktop.widgets.buttons import Button, DangerButton, PrimaryButton, QuietButton
from desktop.widgets.fields import LongTextField, SelectField, TextField
from desktop.widgets.labels import KeyCap, Section, Text, Title
from desktop.widgets.layout import Card, Scroll, column, row
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.paper_dialog import PaperAnswer

Filters = Sequence[tuple[str, Sequence[str]]]
"""What kinds of file to offer: a name in words and its patterns."""

REASON_LEAST: Final = 3  # letters; enough to refuse a lone full stop
_KEYS_WIDTH: Final = 880  # two columns: what the page does, and what is the same everywhere
_SEVERAL_WIDTH: Final = 640
_LINES_HEIGHT: Final = 220
_AROUND_KEYS: Final = 220  # title, button, margins, and the frame of the window
_PAGING: Final = {
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
}


class Dialogs(Protocol):
    """What pages may ask in a window of its own. Every method returns None when cancelled."""

    def open_file(self, parent: QWidget, title: str, filters: Filters = ()) -> Path | None:
        """A file to read."""

    def open_folder(self, parent: QWidget, title: str) -> Path | None:
        """A folder to read from or write into."""

    def save_file(
        self, parent: QWidget, title: str, suggested: str, filters: Filters = ()
    ) -> Path | None:
        """A file to write. The person has agreed to replace an existing one."""

    def reason(
        self,
        parent: QWidget,
        title: str,
        explanation: str,
        action: str,
        *,
        choices: Sequence[str] = (),
        danger: bool = True,
    ) -> str | None:
        """Why something is to be done; ``action`` is the button. Never an empty text."""

    def several(
        self,
        parent: QWidget,
        title: str,
        explanation: str,
        lines: Sequence[str],
        action: str,
        *,
        choices: Sequence[str] = (),
        danger: bool = False,
    ) -> str | None:
        """One reason for doing something to all that ``lines`` names. Never an empty text."""

    def paper(
        self,
        parent: QWidget,
        title: str,
        explanation: str,
        action: str,
        *,
        choices: Sequence[tuple[str, str]],
        collector: bool = False,
        danger: bool = False,
        today: bool = False,
    ) -> PaperAnswer | None:
        """Why a paper is printed again or withdrawn, as a code, who fetches it, and whether those
        of `today` come once more."""

    def show_keys(self, parent: QWidget, groups: Sequence[KeyGroup]) -> None:
        """The keys of a page."""

    def print_pdf(self, parent: QWidget, pdf: bytes, title: str) -> bool:
        """Print a document; False when cancelled or when there is no printer."""


class QtDialogs:
    """The real thing."""

    def open_file(self, parent: QWidget, title: str, filters: Filters = ()) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(parent, title, "", _joined(filters))
        return Path(name) if name else None

    def open_folder(self, parent: QWidget, title: str) -> Path | None:
        name = QFileDialog.getExistingDirectory(parent, title, "")
        return Path(name) if name else None

    def save_file(
        self, parent: QWidget, title: str, suggested: str, filters: Filters = ()
    ) -> Path | None:
        dialog = QFileDialog(parent, title, "", _joined(filters))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # A name typed without a suffix gets the one that was suggested, before Qt looks whether
        # there is such a file.
        dialog.setDefaultSuffix(Path(suggested).suffix.removeprefix("."))
        dialog.selectFile(suggested)
        try:
            accepted = dialog.exec() == QDialog.DialogCode.Accepted
            return Path(dialog.selectedFiles()[0]) if accepted else None
        finally:
            dialog.deleteLater()

    def reason(
        self,
        parent: QWidget,
        title: str,
        explanation: str,
        action: str,
        *,
        choices: Sequence[str] = (),
        danger: bool = True,
    ) -> str | None:
        dialog = ReasonDialog(parent, title, explanation, action, choices=choices, danger=danger)
        try:
            accepted = dialog.exec() == QDialog.DialogCode.Accepted
            return dialog.reason() if accepted else None
        finally:
            dialog.deleteLater()

    def several(
        self,
        parent: QWidget,
        title: str,
        explanation: str,
        lines: Sequence[str],
        action: str,
        *,
        choices: Sequence[str] = (),
        danger: bool = False,
    ) -> str | None:
        dialog = ReasonDialog(
            parent, title, explanation, action, choices=choices, danger=danger, lines=lines
        )
        try:
            accepted = dialog.exec() == QDialog.DialogCode.Accepted
            return dialog.reason() if accepted else None
        finally:
            dialog.deleteLater()

    def paper(
        self,
        parent: QWidget,
        title: str,
        explanation: str,
        action: str,
        *,
        choices: Sequence[tuple[str, str]],
        collector: bool = False,
        danger: bool = False,
        today: bool = False,
    ) -> PaperAnswer | None:
        from desktop.paper_dialog import PaperDialog  # stands on this module

        dialog = PaperDialog(
            parent, title, explanation, action,
            choices=choices, collector=collector, danger=danger, today=today,
        )  # fmt: skip
        try:
            accepted = dialog.exec() == QDialog.DialogCode.Accepted
            return dialog.answer() if accepted else None
        finally:
            dialog.deleteLater()

    def show_keys(self, parent: QWidget, groups: Sequence[KeyGroup]) -> None:
        dialog = KeysDialog(parent, groups)
        dialog.exec()
        dialog.deleteLater()

    def print_pdf(self, parent: QWidget, pdf: bytes, title: str) -> bool:
        from desktop import printing  # Qt's print support is not needed before the first print

        return printing.ask_and_print(parent, pdf, title)


class SheetDialog(QDialog):
    """A window over the window: a title, content, and buttons at its end."""

    def __init__(self, parent: QWidget | None, title: str, *, width: int = 480) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.body = QVBoxLayout()
        self.body.setSpacing(tokens.S12)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(tokens.S8)
        self.buttons.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(tokens.S24, tokens.S24, tokens.S24, tokens.S16)
        outer.setSpacing(tokens.S16)
        outer.addWidget(Title(title))
        outer.addLayout(self.body, 1)
        outer.addLayout(self.buttons)


class ReasonDialog(SheetDialog):
    """Asks why, before something is taken away. The act is off until there is a reason."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        explanation: str,
        action: str,
        *,
        choices: Sequence[str] = (),
        danger: bool = True,
        lines: Sequence[str] = (),
    ) -> None:
        """``lines`` name what it is done to, when that is more than one thing."""
        super().__init__(parent, title, width=_SEVERAL_WIDTH if lines else 480)
        self.setObjectName("reason-dialog")
        if explanation:
            self.body.addWidget(Text(explanation, muted=True))
        if lines:
            self.body.addWidget(_listed(lines))
        self._choice: SelectField | None = None
        if choices:
            self._choice = SelectField(
                "reason-choice",
                tr("Reason"),
                options=[*((text, text) for text in choices), ("", tr("Another reason"))],
                width=None,
            )
            self._choice.edited.connect(lambda _key, _raw: self._look())
            self.body.addWidget(self._choice)
        self._words = LongTextField(
            "reason-words", tr("In your own words") if choices else tr("Reason"), lines=3
        )
        self._words.edited.connect(lambda _key, _raw: self._look())
        self.body.addWidget(self._words)
        kind = DangerButton if danger else PrimaryButton
        self.act: Button = kind(action, on=self.accept, name="reason-act")
        self.buttons.addWidget(QuietButton(tr("Cancel"), on=self.reject, name="reason-cancel"))
        self.buttons.addWidget(self.act)
        first = self._choice if self._choice is not None else self._words
        first.focus_editor()
        self._look()

    def reason(self) -> str:
        """What was said: the choice, the words, or both."""
        chosen = self._choice.value() if self._choice is not None else ""
        words = str(self._words.value()).strip()
        return ": ".join(part for part in (str(chosen), words) if part)

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier
        ):
            if self.act.isEnabled():
                self.accept()
            return
        super().keyPressEvent(event)

    def _look(self) -> None:
        self.act.setEnabled(len(self.reason().strip()) >= REASON_LEAST)


class KeysDialog(SheetDialog):
    """What F1 shows."""

    def __init__(self, parent: QWidget | None, groups: Sequence[KeyGroup]) -> None:
        super().__init__(parent, tr("Keys"), width=_KEYS_WIDTH)
        self.setObjectName("keys-dialog")
        own, common = groups[:1], groups[1:]
        beside = row(*(_of_groups(one) for one in (own, common) if one), spacing=tokens.S32)
        for place in range(beside.count()):
            beside.setStretch(place, 1)
        self.area = Scroll(margin=0, top=0, bottom=0)
        self.area.body.addLayout(beside)
        self.area.body.addStretch(1)
        self.body.addWidget(self.area)
        needed = self.area.inner.heightForWidth(_KEYS_WIDTH - 2 * tokens.S24)
        room = self.screen().availableGeometry().height() - _AROUND_KEYS
        self.area.setMinimumHeight(min(needed, room))
        close = Button(tr("Close"), on=self.accept, name="keys-close")
        self.buttons.addWidget(close)
        close.setFocus()

    def keyPressEvent(self, event: Any) -> None:
        if QKeySequence(event.keyCombination()) == QKeySequence("F1"):
            self.accept()
        elif event.key() in _PAGING:
            self.area.verticalScrollBar().triggerAction(_PAGING[event.key()])
        else:
            super().keyPressEvent(event)


def _listed(lines: Sequence[str]) -> Card:
    """What would be done to what: every line, however many there are."""
    area = Scroll(margin=0, top=0, bottom=0, spacing=tokens.S4)
    for line in lines:
        area.body.addWidget(Text(line))
    area.body.addStretch(1)
    area.setObjectName("reason-lines")
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    area.setAccessibleName("\n".join(lines))
    area.setFixedHeight(min(_LINES_HEIGHT, max(60, 28 * len(lines))))
    return Card(area, margin=tokens.S12)


def _of_groups(groups: Sequence[KeyGroup]) -> QVBoxLayout:
    """Groups of keys under each other."""
    under = column(spacing=tokens.S12)
    for group in groups:
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.S16)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, 110)
        grid.setColumnStretch(1, 1)
        for place, key in enumerate(group.keys):
            grid.addLayout(row(KeyCap(key.shown), None), place, 0)
            grid.addWidget(Text(key.what), place, 1)
        under.addWidget(Section(group.title))
        under.addLayout(grid)
        under.addSpacing(tokens.S4)
    under.addStretch(1)
    return under


class WordsDialog(SheetDialog):
    """Asks for one short text, such as a name; the act is off while it is empty."""

    def __init__(
        self, parent: QWidget | None, title: str, explanation: str, label: str, action: str
    ) -> None:
        super().__init__(parent, title)
        self._field = TextField("words", label)
        self._field.edited.connect(lambda _key, _raw: self._look())
        self.body.addLayout(column(Text(explanation, muted=True), self._field))
        self.act = PrimaryButton(action, on=self.accept, name="words-act")
        self.buttons.addWidget(QuietButton(tr("Cancel"), on=self.reject))
        self.buttons.addWidget(self.act)
        self._look()

    def text(self) -> str:
        return str(self._field.value()).strip()

    def _look(self) -> None:
        self.act.setEnabled(bool(self.text()))


def close_all() -> None:
    """Close whatever window is over the main one (the place is being locked)."""
    while (window := QApplication.activeModalWidget()) is not None:
        if not isinstance(window, QDialog):
            window.close()
            return
        window.reject()
        if QApplication.activeModalWidget() is window:
            return


def _joined(filters: Filters) -> str:
    return ";;".join(f"{name} ({' '.join(patterns)})" for name, patterns in filters)
