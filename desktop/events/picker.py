"""Choosing the event to record: by typing some of its name, or from the list, family by family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from desktop.events.offer import Offer, matching, shelves
from desktop.interview import paint
from desktop.style import theme, tokens
from desktop.widgets.labels import Text
from desktop.widgets.layout import Plain
from desktop.words import tr

_OFFER: Final = int(Qt.ItemDataRole.UserRole)
_HEADING: Final = 34
_PAGE: Final = 6  # rows that Page Down passes


class _Paint(QStyledItemDelegate):
    """A family's heading, or an event's title over what it is."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        if index.data(_OFFER) is None:
            return QSize(200, max(_HEADING, option.fontMetrics.height() + 14))
        return QSize(200, 2 * option.fontMetrics.height() + 14)

    def paint(self, painter: QPainter, option: Any, index: Any) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        offer = index.data(_OFFER)
        if offer is None:
            self._heading(painter, option, str(index.data()))
        else:
            self._offer(painter, option, offer)
        painter.restore()

    @staticmethod
    def _heading(painter: QPainter, option: Any, text: str) -> None:
        painter.setFont(paint.strong(paint.small(option.font)))
        painter.setPen(theme.colour("muted"))
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignBottom
        painter.drawText(option.rect.adjusted(12, 0, -12, -5), int(flags), text)

    @staticmethod
    def _offer(painter: QPainter, option: Any, offer: Offer) -> None:
        area: QRect = option.rect.adjusted(2, 1, -2, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), tokens.RADIUS, tokens.RADIUS)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(area, tokens.RADIUS, tokens.RADIUS)
        room = area.adjusted(10, 5, -10, -5)
        half = room.height() // 2
        top = QRect(room.left(), room.top(), room.width(), half)
        low = QRect(room.left(), room.top() + half, room.width(), half)
        middle = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setFont(paint.strong(option.font))
        painter.setPen(theme.colour("on_accent_soft" if selected else "text"))
        painter.drawText(top, int(middle), offer.title)
        painter.setFont(paint.small(option.font))
        painter.setPen(theme.colour("muted"))
        said = painter.fontMetrics().elidedText(
            offer.summary, Qt.TextElideMode.ElideRight, low.width()
        )
        painter.drawText(low, int(middle), said)


class Picker(Plain):
    """A search over the list of events. The search keeps the keyboard; arrows move the mark."""

    chosen = Signal(str)  # form id

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("event-picker")
        self._every: tuple[Offer, ...] = ()
        self._waiting = False  # Enter was pressed before the offers came
        self.search = QLineEdit()
        self.search.setObjectName("event-search")
        self.search.setPlaceholderText(tr("Type some of it: birth, death, arrival…"))
        self.search.setAccessibleName(tr("Which event?"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._filter())
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setObjectName("event-list")
        self.list.setAccessibleName(tr("Events"))
        self.list.setItemDelegate(_Paint(self.list))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._take)
        self.list.installEventFilter(self)
        self._nothing = Text(tr("No event of that name. Take out some of what you typed."))
        self._nothing.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S8)
        layout.addWidget(self.search)
        layout.addWidget(self._nothing)
        layout.addWidget(self.list, 1)

    def begin(self) -> None:
        """Nothing is typed, and the offers are on their way."""
        self._every, self._waiting = (), False
        self.search.clear()
        self._filter()

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show these. What was typed meanwhile counts, and so does Enter."""
        self._every = tuple(offers)
        self._filter()
        if self._waiting:
            self._waiting = False
            self._take(self.list.currentItem())

    def offers(self) -> list[Offer]:
        """What is in sight, in order."""
        return [item.data(_OFFER) for item in self._items()]

    def current(self) -> Offer | None:
        """What Enter would take."""
        return _offer_of(self.list.currentItem())

    def _filter(self) -> None:
        before = self.current()
        typed = self.search.text()
        found = matching(self._every, typed)
        self.list.clear()
        # While something is searched the likeliest comes first, whatever its family.
        if typed.strip():
            for offer in found:
                self._add(offer)
        else:
            for shelf in shelves(found):
                heading = QListWidgetItem(shelf.title)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                self.list.addItem(heading)
                for offer in shelf.offers:
                    self._add(offer)
        self._nothing.setVisible(bool(self._every) and not found)
        keep = [item for item in self._items() if item.data(_OFFER) == before]
        chosen = keep[0] if keep and not typed.strip() else next(iter(self._items()), None)
        if chosen is not None:
            self.list.setCurrentItem(chosen)
        self.list.scrollToTop()

    def _add(self, offer: Offer) -> None:
        item = QListWidgetItem(offer.title)
        item.setData(_OFFER, offer)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{offer.title}. {offer.summary}")
        item.setToolTip(offer.summary)
        self.list.addItem(item)

    def _items(self) -> list[QListWidgetItem]:
        every = (self.list.item(number) for number in range(self.list.count()))
        return [item for item in every if item.data(_OFFER) is not None]

    def _take(self, item: QListWidgetItem | None) -> None:
        offer = _offer_of(item)
        if offer is not None:
            self.chosen.emit(offer.form)
        elif not self._every:
            self._waiting = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and (self._moved(event) if watched is self.search else self._in_list(event))
        ):
            return True
        return super().eventFilter(watched, event)

    def _moved(self, event: QKeyEvent) -> bool:
        """Arrows move the mark from the search, Enter takes what is marked."""
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _PAGE,
            Qt.Key.Key_PageUp: -_PAGE,
        }
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key in steps:
            items = self._items()
            now = self.list.currentItem()
            here = items.index(now) if now in items else -1
            if items:
                self.list.setCurrentItem(items[max(0, min(len(items) - 1, here + steps[key]))])
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentItem())
            return True
        if key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            return True
        return False

    def _in_list(self, event: QKeyEvent) -> bool:
        """Enter and Space take what is marked; letters go on in the search."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._take(self.list.currentItem())
            return True
        typed = event.text()
        held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if typed and typed.isprintable() and not event.modifiers() & held:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            self.search.insert(typed)
            return True
        return False


def _offer_of(item: QListWidgetItem | None) -> Offer | None:
    offer = item.data(_OFFER) if item is not None else None
    return offer if isinstance(offer, Offer) else None
