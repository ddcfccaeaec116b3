"""The parts of the window around a page: rail, header, side panel, status bar, band."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.style import icons, tokens
from desktop.widgets.buttons import IconButton, LinkButton
from desktop.widgets.labels import Caption, Elided, Label
from desktop.widgets.layout import Scroll, fill
from desktop.words import tr


class _Styled(QFrame):
    """A frame the style sheet paints."""

    def __init__(self, look: str) -> None:
        super().__init__()
        self.setProperty("look", look)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


class RailItem(QPushButton):
    """One place on the rail; ``count`` is what waits there."""

    def __init__(self, key: str, title: str, icon: str, shortcut: str) -> None:
        super().__init__(title)
        self.key = key
        self._title = title
        self._icon = icon
        self.setObjectName(f"rail-{key}")
        self.setProperty("look", "rail-item")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"{title} ({shortcut})" if shortcut else title)
        self.setAccessibleName(title)
        self._count = QLabel("", self)
        self._count.setProperty("look", "caption")
        self._count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 10, 0)
        layout.addStretch(1)
        layout.addWidget(self._count)
        self.toggled.connect(lambda _on: self._tint())
        self._tint()

    def set_count(self, count: int) -> None:
        """How much waits there; nothing is shown for zero."""
        self._count.setText(str(count) if count else "")
        self.setAccessibleName(
            tr("{title}, {count} waiting", title=self._title, count=count) if count else self._title
        )
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for the title as it is in front, and for what waits there beside it."""
        wanted = QPushButton.sizeHint(self)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        more = QFontMetrics(font).horizontalAdvance(self._title)
        more -= self.fontMetrics().horizontalAdvance(self._title)
        if self._count.text():
            more += self._count.sizeHint().width() + tokens.S8
        return QSize(wanted.width() + max(0, more), wanted.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_count"):
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        role = "on_accent_soft" if self.isChecked() else "muted"
        self.setIcon(icons.icon(self._icon, role=role, size=20, gap=8))
        self.setIconSize(QSize(28, 20))


class Rail(_Styled):
    """Where one may go. Arrow keys move along it."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("rail")
        self.setObjectName("rail")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(tr("Pages"))
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._items: dict[str, RailItem] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(tokens.S8, tokens.S12, tokens.S8, tokens.S12)
        self._layout.setSpacing(2)
        self._name = Elided("", as_="strong")
        self._place = Elided("", as_="caption")
        head = QVBoxLayout()
        head.setContentsMargins(tokens.S8, tokens.S4, tokens.S8, tokens.S12)
        head.setSpacing(0)
        head.addWidget(self._name)
        head.addWidget(self._place)
        self._layout.addLayout(head)

    def sizeHint(self) -> QSize:
        """Wider than usual only where a title needs it."""
        return super().sizeHint().expandedTo(QSize(tokens.RAIL_WIDTH, 0))

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(tokens.RAIL_WIDTH, 0))

    def set_office(self, name: str, place: str) -> None:
        """Whose window this is, in two short lines."""
        self._name.setText(name)
        self._place.setText(place)

    def set_items(self, items: Sequence[tuple[str, str, str, bool]]) -> None:
        """``(key, title, icon, at the foot)`` in order; Alt+1 … Alt+9 reach the first nine."""
        parted = False
        for number, (key, title, icon, at_foot) in enumerate(items, start=1):
            if at_foot and not parted:
                self._layout.addStretch(1)
                parted = True
            shortcut = f"Alt+{number}" if number <= 9 else ""
            item = RailItem(key, title, icon, shortcut)
            item.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(item)
            self._items[key] = item
            self._layout.addWidget(item)
        if not parted:
            self._layout.addStretch(1)

    def places(self) -> list[str]:
        """The pages on the rail, in order."""
        return list(self._items)

    def item(self, key: str) -> RailItem | None:
        return self._items.get(key)

    def mark(self, key: str) -> None:
        """Show which page is in front; one that is not on the rail unmarks it."""
        item = self._items.get(key)
        if item is not None:
            item.setChecked(True)
            return
        self._group.setExclusive(False)
        for other in self._items.values():
            other.setChecked(False)
        self._group.setExclusive(True)

    def set_count(self, key: str, count: int) -> None:
        item = self._items.get(key)
        if item is not None:
            item.set_count(count)


class Header(_Styled):
    """The page's title and note, the way back, and the place to find anyone."""

    back_asked = Signal()

    def __init__(self, finder: QWidget | None) -> None:
        super().__init__("header")
        self.setFixedHeight(tokens.HEADER_HEIGHT)
        self.back = IconButton(
            "back", tr("Back (Alt+Left)"), on=self.back_asked.emit, name="header-back"
        )
        self.back.hide()
        self._title = Elided("", as_="title")
        self._title.setObjectName("page-title")
        self._note = Caption("", wrap=False)
        self._note.setObjectName("page-note")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.S32, tokens.S12, tokens.S32, tokens.S8)
        layout.setSpacing(tokens.S12)
        layout.addWidget(self.back)
        layout.addWidget(self._title, 1)
        layout.addWidget(self._note)
        if finder is not None:
            layout.addWidget(finder)

    def set_title(self, title: str) -> None:
        self._title.setText(title)

    def title(self) -> str:
        return self._title.text()

    def set_note(self, text: str) -> None:
        self._note.setText(text)

    def note(self) -> str:
        return self._note.text()


class SidePanel(_Styled):
    """280 px at the end of the page, only while there is something in it."""

    def __init__(self) -> None:
        super().__init__("side")
        self.setObjectName("side")
        self.setFixedWidth(tokens.SIDE_WIDTH)
        self.setAccessibleName(tr("Beside the page"))
        self._scroll = Scroll(margin=tokens.S16, top=tokens.S16, bottom=tokens.S16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        self._content: QWidget | None = None
        self.hide()

    def show_content(self, content: QWidget | None) -> None:
        """Show a page's widget, which stays the page's; hide when there is none."""
        if content is not self._content:
            if self._content is not None:
                self._scroll.body.removeWidget(self._content)
                self._content.hide()
            self._content = content
            if content is not None:
                self._scroll.body.addWidget(content)
                content.show()
        self.setVisible(content is not None)

    def let_go(self, owner: QWidget) -> None:
        """Give the content back before its page is destroyed."""
        if self._content is not None:
            self._content.setParent(owner)
            self._content.hide()
            self._content = None
            self.hide()


class StatusBar(_Styled):
    """One line of where one stands; parts are divided by a middle dot."""

    lock_asked = Signal()

    def __init__(self) -> None:
        super().__init__("status")
        self.setObjectName("status")
        self.setFixedHeight(tokens.STATUS_HEIGHT)
        self._place = Label("", as_="status-strong", wrap=False)
        self._rest = Elided("")
        self._rest.setObjectName("status-text")
        self._warning = LinkButton("", name="status-warning")
        self._warning.hide()
        self._act: Callable[[], object] | None = None
        self._warning.clicked.connect(lambda _checked=False: self._run())
        self.lock = LinkButton(
            tr("Lock (Ctrl+L)"), icon="lock", on=self.lock_asked.emit, name="status-lock"
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.S16, 0, tokens.S12, 0)
        layout.setSpacing(tokens.S8)
        fill(layout, self._place)
        layout.addWidget(self._rest, 1)
        fill(layout, self._warning, self.lock)

    def set_parts(self, place: str, parts: Sequence[str]) -> None:
        """Where, then who and how things stand."""
        self._place.setText(place)
        self._rest.setText("  ·  ".join(part for part in parts if part))

    def set_warning(self, text: str, act: Callable[[], object] | None = None) -> None:
        """Something that cannot wait, such as a full disk."""
        self._warning.setText(text)
        self._warning.setAccessibleName(text)
        self._warning.set_icon("warning" if text else None)
        self._warning.setVisible(bool(text))
        self._act = act

    def _run(self) -> None:
        if self._act is not None:
            self._act()

    def text(self) -> str:
        return f"{self._place.text()}  ·  {self._rest.text()}"


class Band(_Styled):
    """The amber band of a training place, always in sight."""

    def __init__(self, sentence: str) -> None:
        super().__init__("band")
        self.setObjectName("training-band")
        self.setFixedHeight(tokens.BAND_HEIGHT)
        words = Label(sentence, wrap=False)
        words.set_side(Qt.AlignmentFlag.AlignHCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.S16, 0, tokens.S16, 0)
        layout.addWidget(words)
        self.setAccessibleName(sentence)
