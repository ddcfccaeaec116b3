"""What the program says: banners, notes, problems, empty places, progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from desktop.style import icons, tokens
from desktop.widgets.buttons import Button, IconButton, LinkButton, PrimaryButton, QuietButton
from desktop.widgets.labels import Caption, Label, Section, Strong, Text
from desktop.widgets.layout import Plain, column, restyle, row
from desktop.words import ntr, tr

Action = tuple[str, Callable[[], object]]

_INK: Final = {
    "info": ("info", "on_accent_soft"),
    "success": ("success", "success"),
    "warning": ("warning", "warning"),
    "danger": ("danger", "danger"),
}
KINDS: Final = tuple(_INK)


def announce(widget: QWidget) -> None:
    """Have a screen reader speak the widget's name now."""
    from PySide6.QtGui import QAccessible, QAccessibleEvent  # large, and not for the first paint

    QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))


class _Picture(Label):
    """An icon that keeps its colour role through theme changes."""

    def __init__(self, name: str, *, role: str, size: int) -> None:
        super().__init__("", wrap=False)
        self._drawing = (name, role, size)
        self.setFixedSize(size, size)
        self._tint()

    def draw(self, name: str, *, role: str) -> None:
        self._drawing = (name, role, self._drawing[2])
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_drawing"):
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        name, role, size = self._drawing
        self.setPixmap(icons.pixmap(name, role=role, size=size))


Picture = _Picture


class Notice(QFrame):
    """A sentence in a tinted box, with its shape; ``kind`` is one of ``KINDS``."""

    def __init__(
        self,
        kind: str = "info",
        sentence: str = "",
        *,
        action: Action | None = None,
        closable: bool = False,
    ) -> None:
        super().__init__()
        self.setProperty("look", "message")
        self._picture = Picture("info", role="text", size=18)
        self._text = Text("")
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(tokens.S8)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(10)
        self._text.setMinimumHeight(28)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._text, 1)
        layout.addLayout(self._actions)
        self._close: IconButton | None = None
        if closable:
            self._close = IconButton("close", tr("Close this message"), on=self.hide)
            layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.set_message(kind, sentence, action=action)

    def set_message(self, kind: str, sentence: str, *, action: Action | None = None) -> None:
        """Say something else."""
        name, ink = _INK[kind]
        self.setProperty("tone", kind)
        restyle(self)
        self._picture.draw(name, role=ink)
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        while (item := self._actions.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if action is not None:
            link = LinkButton(action[0], on=action[1])
            self._actions.addWidget(link)
            QWidget.setTabOrder(self, link)  # a new widget would come after the whole window

    def sentence(self) -> str:
        return self._text.text()


class Banner(Notice):
    """The message at the top of a page. Hidden until it has something to say."""

    def __init__(self) -> None:
        super().__init__(closable=True)
        self.setObjectName("banner")
        self.hide()

    def show_message(self, kind: str, sentence: str, *, action: Action | None = None) -> None:
        """Say it, and have it spoken."""
        self.set_message(kind, sentence, action=action)
        self.show()
        announce(self)

    def clear(self) -> None:
        self.hide()


class EmptyState(QWidget):
    """What a place is for, when there is nothing in it yet, and the first act."""

    def __init__(
        self,
        icon: str,
        title: str,
        explanation: str,
        *,
        button: Action | None = None,
        primary: bool = True,
    ) -> None:
        super().__init__()
        self.setProperty("look", "plain")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.S24, tokens.S32, tokens.S24, tokens.S32)
        layout.setSpacing(tokens.S8)
        layout.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        layout.addWidget(Picture(icon, role="muted", size=40), 0, centre)
        heading = Section(title)
        heading.set_side(centre)
        words = Text(explanation, muted=True)
        words.set_side(centre)
        words.setMaximumWidth(400)
        layout.addSpacing(tokens.S4)
        layout.addWidget(heading)
        around = row(None, words, None)
        around.setStretch(1, 1000)
        layout.addLayout(around)
        if button is not None:
            kind = PrimaryButton if primary else Button
            self.button: Button | None = kind(button[0], on=button[1], name="empty-action")
            layout.addSpacing(tokens.S8)
            layout.addWidget(self.button, 0, centre)
        else:
            self.button = None
        layout.addStretch(2)
        self.setAccessibleName(f"{title}. {explanation}")


@dataclass(frozen=True, slots=True)
class ProblemItem:
    """One thing to look at: ``error`` or ``warning``, in words, and where it is."""

    severity: str
    sentence: str
    target: Any = None


class ProblemList(QWidget):
    """What is wrong or doubtful, each a link to its place."""

    activated = Signal(object)  # the item's target

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "plain")
        self.setObjectName("problems")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(tokens.S8)
        self._items: tuple[ProblemItem, ...] = ()

    def set_items(self, items: Sequence[ProblemItem]) -> None:
        """Show these; nothing is redrawn when they are the same as before."""
        if tuple(items) == self._items:
            return
        self._items = tuple(items)
        while (old := self._layout.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        errors = sum(item.severity == "error" for item in items)
        if items:
            title = (
                ntr("{n} thing to mend", "{n} things to mend", errors)
                if errors
                else tr("Please look at this again")
            )
            self._layout.addWidget(Strong(title))
        for item in items:
            self._layout.addWidget(self._line(item))
        self._layout.addStretch(1)

    def items(self) -> tuple[ProblemItem, ...]:
        return self._items

    def _line(self, item: ProblemItem) -> QWidget:
        line = Plain()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S8)
        tone = "danger" if item.severity == "error" else "warning"
        picture = Picture(tone, role=tone, size=16)
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        link = WrappedLink(item.sentence)
        link.activated.connect(lambda: self.activated.emit(item.target))
        layout.addWidget(link, 1)
        return line


class WrappedLink(Label):
    """A link that may take several lines; Enter, Space and the mouse follow it."""

    activated = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        self.setProperty("look", "wrapped-link")

    def mouseReleaseEvent(self, event: Any) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.activated.emit()

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
            return
        super().keyPressEvent(event)


class ProgressCard(QFrame):
    """Long work: what it is, how much is left, and a way to stop it."""

    cancelled = Signal()

    def __init__(self, *, cancellable: bool = True) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setObjectName("progress")
        self._title = Strong("")
        self._detail = Caption("")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._cancel = QuietButton(tr("Stop"), on=self._stop, name="progress-stop")
        if not cancellable:
            self._cancel.hide()
        self._cancellable = cancellable
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(tokens.S8)
        head = row(column(self._title, self._detail, spacing=2), self._cancel)
        head.setStretch(0, 1)
        layout.addLayout(head)
        layout.addWidget(self._bar)
        self.hide()

    def start(self, title: str, *, detail: str = "", cancellable: bool | None = None) -> None:
        """Appear, not knowing yet how much there is."""
        self._title.setText(title)
        self._detail.setText(detail)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(title)
        self._cancel.setEnabled(True)
        self._cancel.setVisible(self._cancellable if cancellable is None else cancellable)
        self.show()

    def progress(self, done: int, total: int, detail: str = "") -> None:
        """``done`` of ``total``; ``detail`` says it in words."""
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        self._detail.setText(detail or tr("{done} of {total}", done=done, total=total))

    def finish(self) -> None:
        self.hide()

    def _stop(self) -> None:
        self._cancel.setEnabled(False)
        self._detail.setText(tr("Stopping…"))
        self.cancelled.emit()
