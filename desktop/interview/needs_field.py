"""Specific needs: a list to search and tick, by family; sealed ones carry a lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from desktop.style import icons, theme, tokens
from desktop.widgets.field import MISSING, Field
from desktop.widgets.layout import Plain
from desktop.words import ntr, tr
from values.seeking import begun, fold, words

CODE: Final = int(Qt.ItemDataRole.UserRole)
SEALED: Final = CODE + 1
_ROW: Final = 32
_HEADING: Final = 30
_LABEL, _FAMILY, _ALSO, _NOT = range(4)
"""Where what is typed was found, the nearest first: the mark goes to the nearest."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One code to tick. ``family`` is the heading it stands under, ``also`` are everyday words by
    which it is found."""

    code: str
    label: str
    family: str
    sealed: bool = False
    also: str = ""


class _Paint(QStyledItemDelegate):
    """Families as headings; needs with a tick box, their code, and a lock when sealed."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, _ROW if index.data(CODE) else _HEADING)

    def paint(self, painter: QPainter, option: Any, index: Any) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect
        if index.data(CODE):
            self._need(painter, option, index, area)
        else:
            self._family(painter, option, index, area)
        painter.restore()

    @staticmethod
    def _family(painter: QPainter, option: Any, index: Any, area: QRect) -> None:
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignBottom
        painter.drawText(area.adjusted(10, 0, -10, -4), int(flags), str(index.data()))

    @staticmethod
    def _need(painter: QPainter, option: Any, index: Any, area: QRect) -> None:
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        inner = area.adjusted(4, 1, -4, -1)
        if option.state & QStyle.StateFlag.State_Selected and (
            option.state & QStyle.StateFlag.State_HasFocus
        ):
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(inner.adjusted(1, 1, -1, -1), 5, 5)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(inner, 5, 5)
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
        box = QRect(inner.left() + 8, inner.center().y() - 8, 18, 18)
        if rtl:
            box.moveRight(inner.right() - 8)
        painter.setPen(QPen(theme.colour("accent" if ticked else "outline"), 1.5))
        painter.setBrush(theme.colour("accent" if ticked else "field"))
        painter.drawRoundedRect(box, 4, 4)
        if ticked:
            painter.drawPixmap(
                box.left() + 1, box.top() + 1, icons.pixmap("check", role="on_accent", size=16)
            )
        code = str(index.data(CODE))
        code_width = option.fontMetrics.horizontalAdvance("WW-WW") + 8
        lock = 22 if index.data(SEALED) else 0
        text = inner.adjusted(36, 0, -(code_width + 30), 0)
        if rtl:
            text = inner.adjusted(code_width + 30, 0, -36, 0)
        painter.setPen(theme.colour("text"))
        middle = Qt.AlignmentFlag.AlignVCenter
        shown = option.fontMetrics.elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, text.width()
        )
        painter.drawText(text, int(Qt.AlignmentFlag.AlignLeading | middle), shown)
        painter.setPen(theme.colour("muted"))
        tail = inner.adjusted(8, 0, -10, 0)
        painter.drawText(tail, int(Qt.AlignmentFlag.AlignTrailing | middle), code)
        if lock:
            x = inner.left() + 10 + code_width if rtl else inner.right() - 10 - code_width - 16
            painter.drawPixmap(
                x, inner.center().y() - 7, icons.pixmap("lock", role="muted", size=14)
            )


class NeedsField(Field):
    """Type to search, arrows to move, Space to tick. The raw value is the list of codes."""

    moved_on = Signal(bool)  # Enter in the list: True onward, False back

    def __init__(
        self, key: str, label: str, *, choices: Sequence[Choice], height: int = 330, **rest: Any
    ) -> None:
        super().__init__(key, label, **rest)
        self._choices = {choice.code: choice for choice in choices}
        self._ticked: set[str] = set()
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Type to search, for example: alone, seeing, pregnancy"))
        self.search.setClearButtonEnabled(False)
        self.search.setObjectName(f"search-{key}")
        self.search.setAccessibleName(tr("Search in {field}", field=label.replace("&", "")))
        self.list = QListWidget()
        self.list.setObjectName(f"list-{key}")
        self.list.setAccessibleName(label.replace("&", ""))
        self.list.setItemDelegate(_Paint(self.list))
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(height)
        self.list.itemClicked.connect(self._toggle)
        self.search.textChanged.connect(self._filter)
        holder = Plain()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S8)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self._fill(choices)
        self._nothing = QListWidgetItem(tr("Nothing found. Try another word, or fewer letters."))
        self._nothing.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.addItem(self._nothing)
        self._nothing.setHidden(True)
        self._seat(holder, self.search, self.list)
        self._count()

    def claim_enter(self) -> None:
        """Have Enter tick the match while something is searched; call it after Enter was taught
        to move on."""
        for widget in (self.search, self.list):
            widget.removeEventFilter(self)
            widget.installEventFilter(self)

    def _fill(self, choices: Sequence[Choice]) -> None:
        family = None
        for choice in choices:
            if choice.family != family:
                family = choice.family
                if family:
                    heading = QListWidgetItem(family)
                    heading.setFlags(Qt.ItemFlag.NoItemFlags)
                    self.list.addItem(heading)
            item = QListWidgetItem(choice.label)
            item.setData(CODE, choice.code)
            item.setData(SEALED, choice.sealed)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, self._spoken(choice, ticked=False))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)

    @staticmethod
    def _spoken(choice: Choice, *, ticked: bool) -> str:
        state = tr("ticked") if ticked else tr("not ticked")
        sealed = tr("sealed as it is saved") if choice.sealed else ""
        return ", ".join(part for part in (choice.label, choice.family, state, sealed) if part)

    def _filter(self, text: str) -> None:
        wanted = words(text)
        ranks = self._ranks(text)
        heading: QListWidgetItem | None = None
        first: QListWidgetItem | None = None
        best = _NOT
        for item in self._items():
            code = item.data(CODE)
            if item is self._nothing:
                continue
            if not code:
                heading = item
                item.setHidden(True)
                continue
            rank = ranks[code]
            item.setHidden(rank == _NOT)
            if rank != _NOT and heading is not None:
                heading.setHidden(False)
            if rank < best:
                first, best = item, rank
        self._nothing.setHidden(first is not None)
        if wanted and first is not None:
            self.list.setCurrentItem(first)
        self.list.scrollToTop()

    def _ranks(self, text: str) -> dict[str, int]:
        """For each code, how near what was typed comes to it. Parts of words count only while no
        word begins like that."""
        typed, wanted = fold(text.strip()), words(text)
        if typed and not wanted:
            return dict.fromkeys(self._choices, _NOT)
        ranks = {code: self._rank(choice, wanted) for code, choice in self._choices.items()}
        if wanted and set(ranks.values()) == {_NOT}:
            return {
                code: _LABEL if all(one in fold(choice.label) for one in wanted) else _NOT
                for code, choice in self._choices.items()
            }
        return ranks

    @staticmethod
    def _rank(choice: Choice, wanted: tuple[str, ...]) -> int:
        label = words(f"{choice.label} {choice.code}")
        if begun(wanted, label):
            return _LABEL
        rest = label + words(choice.family)
        if begun(wanted, rest):
            return _FAMILY
        return _ALSO if begun(wanted, rest + words(choice.also)) else _NOT

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(number) for number in range(self.list.count())]

    def _toggle(self, item: QListWidgetItem | None) -> None:
        code = item.data(CODE) if item is not None else None
        if item is None or not code:
            return
        self._ticked ^= {code}
        self._show_tick(item)
        self._count()
        self._changed()

    def _show_tick(self, item: QListWidgetItem) -> None:
        code = item.data(CODE)
        ticked = code in self._ticked
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        spoken = self._spoken(self._choices[code], ticked=ticked)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)

    def _count(self) -> None:
        names = [choice.label for choice in self._choices.values() if choice.code in self._ticked]
        if not names:
            self.set_note("")
            return
        listed = " · ".join(names)
        self.set_note(
            ntr("{n} need marked: {names}", "{n} needs marked: {names}", len(names), names=listed)
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is self.search and self._search_key(event):
                return True
            if watched is self.list and self._list_key(event):
                return True
        return super().eventFilter(watched, event)

    def _search_key(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.key() == Qt.Key.Key_Down:
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            if self.list.currentItem() is None or self.list.currentItem().isHidden():
                self._step(0)
            return True
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and plain and self.search.text().strip():
            current = self.list.currentItem()
            if current is not None and not current.isHidden():
                self._toggle(current)
            self.search.clear()
            return True
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            return True
        return False

    def _list_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Space:
            self._toggle(self.list.currentItem())
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                return False
            self.moved_on.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            return True
        if event.key() == Qt.Key.Key_Up and self._first_is_current():
            self.search.setFocus(Qt.FocusReason.BacktabFocusReason)
            return True
        typed = event.text()
        if (
            typed
            and typed.isprintable()
            and not event.modifiers()
            & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        ):
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            self.search.insert(typed)
            return True
        return False

    def _step(self, number: int) -> None:
        shown = [item for item in self._items() if item.data(CODE) and not item.isHidden()]
        if shown:
            self.list.setCurrentItem(shown[number])

    def _first_is_current(self) -> bool:
        shown = [item for item in self._items() if item.data(CODE) and not item.isHidden()]
        return bool(shown) and self.list.currentItem() is shown[0]

    def _read(self) -> list[str]:
        return [code for code in self._choices if code in self._ticked]

    def _write(self, raw: Any) -> None:
        given = {str(code) for code in raw} if isinstance(raw, list) else set()
        self._ticked = given & set(self._choices)
        for item in self._items():
            if item.data(CODE):
                self._show_tick(item)
        self._count()

    def _show_missing(self, missing: str | None) -> None:
        if missing:
            self.set_note(tr(MISSING[missing]))
