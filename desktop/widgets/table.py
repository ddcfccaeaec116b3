"""Tables: rows of any value, columns that say how to show them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.prefs import Preferences
from desktop.style import icons, theme, tokens
from desktop.widgets.drawn import draw_line
from desktop.widgets.table_head import Head

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

_PADS = 28  # before and after a cell's text, and the rounding
_LOOKED_AT = 100  # rows whose numbers say how wide numbers are
_LEAST = 128  # what a column that takes the rest has at least, while something can be spared

_TONE_ICON = {"success": "check", "warning": "warning", "danger": "danger", "accent": "dot"}


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """How one column shows a row.

    ``sort`` gives what to order by, where the text itself would order wrongly.
    ``tone`` may give a row's cell a state: its icon and colour stand before the word.
    ``width`` is the first width; the column with ``stretch`` takes what is left. Where that is
    too little for a name, the columns with ``spare`` go, the last one first.
    """

    key: str
    title: str
    value: Callable[[Row], str]
    sort: Callable[[Row], Any] | None = None
    tone: Callable[[Row], str] | None = None
    width: int = 120
    stretch: bool = False
    at_end: bool = False  # numbers stand at the end of their cell
    muted: bool = False
    strong: bool = False
    mono: bool = False  # numbers people compare character by character: never shortened
    spare: bool = False  # stays away where the others have too little room


class _Rows(QAbstractTableModel, Generic[Row]):
    """The rows as Qt wants them."""

    def __init__(self, columns: Sequence[Column[Row]]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.rows: list[Row] = []

    def set_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.value(row)
        if role == Qt.ItemDataRole.UserRole:
            return column.tone(row) if column.tone is not None else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.value(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        return None

    def sort_value(self, row: int, column: int) -> Any:
        shown = self.columns[column]
        if shown.sort is not None:
            return shown.sort(self.rows[row])
        return shown.value(self.rows[row]).casefold()


def _side(column: Column[Any]) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignTrailing if column.at_end else Qt.AlignmentFlag.AlignLeading
    return across | Qt.AlignmentFlag.AlignVCenter


class _Sorted(QSortFilterProxyModel):
    """Orders by each column's own value; missing values come last."""

    def lessThan(self, left: Index, right: Index) -> bool:
        rows = self.sourceModel()
        if not isinstance(rows, _Rows):
            return super().lessThan(left, right)
        one = rows.sort_value(left.row(), left.column())
        other = rows.sort_value(right.row(), right.column())
        if one is None or other is None:
            return one is not None
        return bool(one < other)


class _Cell(QStyledItemDelegate):
    """Paints a cell: ground, state icon, text shortened at its end."""

    def __init__(self, columns: Sequence[Column[Any]], parent: QWidget) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = option.widget
        column = self._columns[index.column()]
        selected = bool(option.state.value & 0x8000)  # QStyle::State_Selected
        hovered = isinstance(view, _View) and view.hovered_row == index.row()
        area: QRect = option.rect
        if selected or hovered:
            painter.fillRect(area, theme.colour("accent_soft" if selected else "hover"))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), theme.colour("line"))
        rtl = option.direction is Qt.LayoutDirection.RightToLeft
        room = area.adjusted(12, 0, -12, 0)
        tone = str(index.data(Qt.ItemDataRole.UserRole) or "")
        ink = tone if tone in ("success", "warning", "danger", "accent") else ""
        if tone:
            picture = icons.pixmap(_TONE_ICON.get(tone, "dot"), role=ink or "muted", size=14)
            x = room.right() - 13 if rtl else room.left()
            painter.drawPixmap(x, room.center().y() - 6, picture)
            room = room.adjusted(0, 0, -20, 0) if rtl else room.adjusted(20, 0, 0, 0)
        font = option.font
        if column.strong:
            font.setWeight(font.Weight.DemiBold)
        if column.mono:
            font.setFeature(QFont.Tag.fromString("tnum"), 1)
        painter.setFont(font)
        colour: QColor = theme.colour(ink or ("muted" if column.muted else "text"))
        painter.setPen(colour)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "").replace("\n", " ")
        draw_line(painter, room, text, right=column.at_end is not rtl)
        current = isinstance(view, _View) and view.hasFocus() and view.currentIndex() == index
        if current or (
            isinstance(view, _View) and view.hasFocus() and view.currentIndex().row() == index.row()
        ):
            _paint_focus(painter, area, index, len(self._columns), rtl)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, max(tokens.ROW_HEIGHT, option.fontMetrics.height() + 14))


def _paint_focus(painter: QPainter, area: QRect, index: Index, columns: int, rtl: bool) -> None:
    """The focus ring runs round the whole row: a row is one thing."""
    colour = theme.colour("focus")
    painter.fillRect(QRect(area.left(), area.top(), area.width(), 2), colour)
    painter.fillRect(QRect(area.left(), area.bottom() - 1, area.width(), 2), colour)
    first, last = index.column() == 0, index.column() == columns - 1
    if (first and not rtl) or (last and rtl):
        painter.fillRect(QRect(area.left(), area.top(), 2, area.height()), colour)
    if (last and not rtl) or (first and rtl):
        painter.fillRect(QRect(area.right() - 1, area.top(), 2, area.height()), colour)


class _View(QTableView):
    """The table itself: whole rows, no grid, Enter opens."""

    entered_row = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.hovered_row = -1
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(tokens.ROW_HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit()
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: Any) -> None:
        self._hover(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        if row != self.hovered_row:
            self.hovered_row = row
            self.viewport().update()

    def _copy(self) -> None:
        model = self.model()
        lines = [
            "\t".join(
                str(model.data(model.index(at.row(), column)) or "")
                for column in range(model.columnCount())
            )
            for at in self.selectionModel().selectedRows()
        ]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))


class DataTable(QWidget, Generic[Row]):
    """A table with something to say when it is empty.

    ``name`` is under which its column widths are remembered. Rows keep their selection
    through ``set_rows`` by ``identity``.
    """

    activated = Signal(object)  # a row: Enter or double click
    selection_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        name: str,
        label: str = "",
        empty: QWidget | None = None,
        prefs: Preferences | None = None,
        several: bool = False,
        identity: Callable[[Row], Any] = id,
        order: tuple[str, bool] | None = None,
    ) -> None:
        """``order`` is the column to order by at first, and whether downwards."""
        super().__init__()
        self.setProperty("look", "plain")
        self.setObjectName(f"table-{name}")
        self._name = name
        self._sizing = False
        self._prefs = prefs
        self._identity = identity
        self._columns = tuple(columns)
        self._rows: _Rows[Row] = _Rows(columns)
        self._sorted = _Sorted(self)
        self._sorted.setSourceModel(self._rows)
        self.view = _View()
        self.view.setObjectName(f"view-{name}")
        self.view.setAccessibleName(label)
        self._head = Head()
        self.view.setHorizontalHeader(self._head)
        self.view.setModel(self._sorted)
        self.view.setItemDelegate(_Cell(columns, self.view))
        mode = QAbstractItemView.SelectionMode
        self.view.setSelectionMode(mode.ExtendedSelection if several else mode.SingleSelection)
        self._size_columns()
        self.view.setSortingEnabled(True)
        self._head.setSortIndicatorShown(False)
        keys = [column.key for column in columns]
        if order is not None:
            way = Qt.SortOrder.DescendingOrder if order[1] else Qt.SortOrder.AscendingOrder
            self.view.sortByColumn(keys.index(order[0]), way)
        else:
            self.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self._layers = QStackedLayout(self)
        self._layers.addWidget(self.view)
        self._empty = empty
        if empty is not None:
            self._layers.addWidget(empty)
            self.setFocusProxy(self.view)
        self.view.entered_row.connect(self._open_current)
        self.view.doubleClicked.connect(lambda _index: self._open_current())
        self.view.selectionModel().selectionChanged.connect(
            lambda _on, _off: self.selection_changed.emit()
        )
        self._head.sectionResized.connect(self._remember_width)
        self._show_empty()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these; what was selected stays selected where it is still there."""
        chosen = {self._identity(row) for row in self.selected()}
        self._rows.set_rows(rows)
        self._widen()
        if chosen:
            self.select(lambda row: self._identity(row) in chosen)
        self._show_empty()

    def rows(self) -> list[Row]:
        """The rows, in the order given."""
        return list(self._rows.rows)

    def shown(self) -> list[Row]:
        """The rows, in the order shown."""
        return [self._at(place) for place in range(self._sorted.rowCount())]

    def selected(self) -> list[Row]:
        """The rows selected, in the order shown."""
        places = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return [self._at(place) for place in places]

    def current(self) -> Row | None:
        """The row with the focus."""
        index = self.view.currentIndex()
        return self._at(index.row()) if index.isValid() else None

    def select(self, wanted: Callable[[Row], bool]) -> None:
        """Select the rows that ``wanted`` says yes to; the first becomes current."""
        model = self.view.selectionModel()
        model.clearSelection()
        flag = QItemSelectionModel.SelectionFlag
        first = True
        for place, row in enumerate(self.shown()):
            if wanted(row):
                index = self._sorted.index(place, 0)
                if first:
                    model.setCurrentIndex(index, flag.NoUpdate)
                    first = False
                model.select(index, flag.Select | flag.Rows)

    def focus_rows(self) -> None:
        """Give the rows the keyboard, on the first one if none is chosen."""
        if not self.selected():
            self.choose(self.view.currentIndex().row())
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def select_first(self) -> None:
        """Put the keyboard's place on the first row."""
        self.choose(0)

    def choose(self, place: int) -> None:
        """Make the row at ``place`` of what is shown the chosen one, as near as there is one.

        Qt's ``selectRow`` finds nothing in a right-to-left table that was not laid out yet.
        """
        last = self._sorted.rowCount() - 1
        if last < 0:
            return
        flag = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().setCurrentIndex(
            self._sorted.index(max(0, min(last, place)), 0), flag.ClearAndSelect | flag.Rows
        )

    def _at(self, place: int) -> Row:
        return self._rows.rows[self._sorted.mapToSource(self._sorted.index(place, 0)).row()]

    def _open_current(self) -> None:
        row = self.current()
        if row is not None:
            self.activated.emit(row)

    def _show_empty(self) -> None:
        if self._empty is not None:
            self._layers.setCurrentWidget(self.view if self._rows.rows else self._empty)

    def _size_columns(self) -> None:
        kept = self._prefs.widths(self._name) if self._prefs is not None else {}
        for place, column in enumerate(self._columns):
            if column.stretch:
                self._head.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
            else:
                self._head.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
                self._head.resizeSection(place, kept.get(column.key, column.width))
        if not any(column.stretch for column in self._columns):
            self._head.setStretchLastSection(True)

    def _widen(self) -> None:
        """A number is never shortened: half of one names somebody else. Only whoever makes the
        column narrower has it so."""
        kept = self._prefs.widths(self._name) if self._prefs is not None else {}
        for place, column in enumerate(self._columns):
            if not column.mono or column.stretch or column.key in kept:
                continue
            metrics = self.view.fontMetrics()
            values = (column.value(row) for row in self._rows.rows[:_LOOKED_AT])
            widest = max((metrics.horizontalAdvance(value) for value in values), default=0)
            self._sizing = True
            self._head.resizeSection(place, max(column.width, widest + _PADS))
            self._sizing = False
        self._spare()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spare()

    def _spare(self) -> None:
        """Who it is stands before what can be read elsewhere."""
        away = {place for place, column in enumerate(self._columns) if column.spare}
        if not away:
            return
        least = theme.scaled(_LEAST)
        self._sizing = True
        for place in away:
            self._head.setSectionHidden(place, False)
        left = self.width() - sum(
            least if column.stretch else self._head.sectionSize(place)
            for place, column in enumerate(self._columns)
        )
        for place in sorted(away, reverse=True):
            if left >= 0:
                break
            left += self._head.sectionSize(place)
            self._head.setSectionHidden(place, True)
        self._sizing = False

    def _remember_width(self, place: int, _old: int, new: int) -> None:
        if self._prefs is None or self._columns[place].stretch or self._sizing:
            return
        kept = self._prefs.widths(self._name)
        kept[self._columns[place].key] = new
        self._prefs.set_widths(self._name, kept)
