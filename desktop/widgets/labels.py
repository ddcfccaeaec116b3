"""Text: headings, paragraphs, captions, key caps, pills."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop import words
from desktop.style import icons, theme
from desktop.widgets.drawn import draw_line
from desktop.widgets.layout import look

TONES: Final = ("neutral", "accent", "success", "warning", "danger")


class Label(QLabel):
    """Plain text in one of the looks; wraps, and never reads its text as markup."""

    def __init__(self, text: str = "", *, as_: str = "", wrap: bool = True) -> None:
        super().__init__(words.led(text))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if as_:
            self.setProperty("look", as_)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.set_side()

    def setText(self, text: str) -> None:
        super().setText(words.led(text))

    def set_side(self, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeading) -> None:
        """Where lines begin. Qt would put a Latin line at the left of an Arabic page."""
        if side is Qt.AlignmentFlag.AlignLeading and self.isRightToLeft():
            side = Qt.AlignmentFlag.AlignRight
        elif side is Qt.AlignmentFlag.AlignLeading:
            side = Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)


class Display(Label):
    """The largest words on a screen; one at most."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, as_="display")


class Title(Label):
    """A page's or a card's heading."""

    def __init__(self, text: str = "", *, wrap: bool = True) -> None:
        super().__init__(text, as_="title", wrap=wrap)


class Section(Label):
    """The heading of a part of a page."""

    def __init__(self, text: str = "", *, wrap: bool = True) -> None:
        super().__init__(text, as_="section", wrap=wrap)


class Strong(Label):
    """Body text with weight."""

    def __init__(self, text: str = "", *, wrap: bool = True) -> None:
        super().__init__(text, as_="strong", wrap=wrap)


class Text(Label):
    """Body text."""

    def __init__(self, text: str = "", *, muted: bool = False, wrap: bool = True) -> None:
        super().__init__(text, as_="muted" if muted else "", wrap=wrap)

    def selectable(self) -> Text:
        """Let people copy it, by mouse and keyboard."""
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return self


class Caption(Label):
    """Small quiet text."""

    def __init__(self, text: str = "", *, wrap: bool = True) -> None:
        super().__init__(text, as_="caption", wrap=wrap)


class KeyCap(Label):
    """A key as it looks on the keyboard."""

    def __init__(self, text: str) -> None:
        super().__init__(text, as_="key", wrap=False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


def _hangs(char: str) -> bool:
    """Whether the letter's script hangs letters or vowels below one another: from Hebrew on, but
    for Latin with its accents and for punctuation."""
    return "\u0590" <= char < "\u1e00" or char >= "\ua800"


class Elided(QLabel):
    """One line that shortens itself with an ellipsis; the whole text is its tooltip."""

    def __init__(self, text: str = "", *, as_: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._whole = text
        if as_:
            self.setProperty("look", as_)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        super().setText(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self._height())

    def _height(self) -> int:
        """A line's, and what the letters of some scripts hang below it."""
        high = self.fontMetrics().height()
        return high + (high // 3 if any(map(_hangs, self._whole)) else 0) + 2

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.setFont(self.font())
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        area = self.contentsRect()
        line = QRect(area.left(), area.top() + 1, area.width(), self.fontMetrics().height())
        shown = draw_line(painter, line, self._whole, right=self.isRightToLeft())
        self.setToolTip(self._whole if shown != self._whole else "")


_PILL_INK: Final = {
    "neutral": ("muted", "hover", "dot"),
    "accent": ("on_accent_soft", "accent_soft", "dot"),
    "success": ("success", "success_soft", "check"),
    "warning": ("warning", "warning_soft", "warning"),
    "danger": ("danger", "danger_soft", "danger"),
}


class Pill(QWidget):
    """A state in a word, with a shape beside its colour."""

    def __init__(self, text: str = "", *, tone: str = "neutral", icon: str | None = None) -> None:
        super().__init__()
        self._text = text
        self._tone = tone
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        look(self, "caption")

    def set_state(self, text: str, *, tone: str = "neutral", icon: str | None = None) -> None:
        """Say something else."""
        self._text, self._tone, self._icon = text, tone, icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        metrics = QFontMetrics(self._font())
        return QSize(metrics.horizontalAdvance(self._text) + 36, metrics.height() + 6)

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        ink, ground, shape = _PILL_INK[self._tone]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        area = QRectF(self.rect())
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        picture = icons.pixmap(self._icon or shape, role=ink, size=12)
        x = self.width() - 8 - 12 if rtl else 8
        painter.drawPixmap(x, (self.height() - 12) // 2, picture)
        painter.setPen(theme.colour(ink))
        painter.setFont(self._font())
        room = self.rect().adjusted(10, 0, -24, 0) if rtl else self.rect().adjusted(24, 0, -10, 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), self._text)
