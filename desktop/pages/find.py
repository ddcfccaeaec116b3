"""Find: one field for any name, in any script, misspelt, or any number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.page import Key, Page
from desktop.pages import standing
from desktop.pages.ages import age_words
from desktop.widgets.labels import Caption
from desktop.widgets.messages import EmptyState
from desktop.widgets.table import Column, DataTable
from desktop.words import ntr, tr

if TYPE_CHECKING:
    from datetime import date

    from workspace.search import Hit

PAUSE: Final = 120  # ms after the last key before the store is asked
MOST: Final = 50


class FindPage(Page):
    """Type, and people appear. Down goes into the list, Enter opens."""

    key = "find"
    layout_width = "wide"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._hits: tuple[Hit, ...] = ()
        self._ages: dict[object, str] = {}
        self._open_first = False
        self.query = QLineEdit()
        self.query.setObjectName("find-query")
        self.query.setPlaceholderText(tr("A name in any script, a number, or a document number"))
        self.query.setAccessibleName(tr("Find anyone"))
        self.query.setClearButtonEnabled(False)
        self.query.setMaximumWidth(560)
        self.query.installEventFilter(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._search)
        self.query.textChanged.connect(lambda _text: self._pause.start())
        self.count = Caption("")
        self.table: DataTable[Hit] = DataTable(
            self._columns(),
            name="find",
            label=tr("People found"),
            prefs=desk.prefs,
            identity=lambda hit: hit.person,
        )
        self.table.activated.connect(self._open)
        self._start = EmptyState(
            "find",
            tr("Find anyone who has been here"),
            tr(
                "Type part of a name, in any script and spelt as it sounds, "
                "or a number from a paper."
            ),
        )
        self._nobody = EmptyState(
            "find",
            tr("Nobody found"),
            tr("Try another spelling, fewer letters, or the number on the document."),
            button=(tr("Register a new family"), self._register) if self._may_register else None,
            primary=False,
        )
        self.stack = QStackedWidget()
        for widget in (self._start, self._nobody, self.table):
            self.stack.addWidget(widget)
        self.body.addWidget(self.query)
        self.body.addWidget(self.count)
        self.body.addWidget(self.stack, 1)
        self.count.hide()
        desk.changed.connect(self._changed)

    def _columns(self) -> list[Column[Hit]]:
        return [
            Column(
                key="name", title=tr("Name"), value=lambda hit: hit.name, width=210, strong=True
            ),
            Column(key="latin", title=tr("In Latin letters"), value=_latin, width=190),
            Column(
                key="age",
                title=tr("Age"),
                value=lambda hit: self._ages.get(hit.person, ""),
                sort=lambda hit: hit.birth.latest if hit.birth else None,
                width=110,
            ),
            Column(
                key="number",
                title=tr("Number"),
                value=lambda hit: words.isolate(hit.permanent or hit.number),
                width=210,
                mono=True,
            ),
            Column(
                key="household",
                title=tr("Household"),
                value=lambda hit: words.isolate(hit.household_number),
                width=210,
                mono=True,
            ),
            Column(
                key="status",
                title=tr("Status"),
                value=lambda hit: standing.registration(hit.status)[0],
                tone=lambda hit: standing.registration(hit.status)[1],
                stretch=True,
            ),
        ]

    @property
    def _may_register(self) -> bool:
        return self.desk.kind == "station" and self.desk.role == "officer"

    def on_shown(self, query: str | None = None, **arguments: Any) -> None:
        if query is not None and query != self.query.text():
            self.query.setText(query)
        self.query.setFocus(Qt.FocusReason.OtherFocusReason)
        self.query.selectAll()
        if self.query.text().strip():
            self._search()

    def keys(self) -> list[Key]:
        return [
            Key("Down", tr("From the search into the list")),
            Key("Return", tr("Open the person")),
            Key("Ctrl+F", tr("Back to the search"), self._focus_query),
        ]

    def _focus_query(self) -> None:
        self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.query.selectAll()

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if watched is self._query_widget() and event.type() is QEvent.Type.KeyPress:
            return self._query_key(event) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _query_widget(self) -> QObject | None:
        return getattr(self, "query", None)

    def _query_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Down and self._hits:
            self.table.select_first()
            self.table.view.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.query.text().strip():
            if self._pause.isActive():
                self._pause.stop()
                self._open_first = True
                self._search()
            elif self._hits:
                self._open(self._hits[0])
            return True
        return False

    def _search(self) -> None:
        query = self.query.text().strip()
        if not query:
            self._show("", ([], {}))
            return
        self.desk.read(
            partial(_find, query=query, today=self.desk.today(), language=self.desk.language),
            done=lambda found: self._show(query, found),
            failed=self._failed,
            parent=self,
            latest="find",
        )

    def _failed(self, error: Exception) -> None:
        self._open_first = False
        self.say_failure(error)

    def _show(self, query: str, found: tuple[Sequence[Hit], dict[object, str]]) -> None:
        hits, self._ages = found
        self._hits = tuple(hits)
        self.table.set_rows(self._hits)
        self.count.setVisible(bool(hits))
        self.count.setText(
            tr("More than {n} people. Type more of the name.", n=MOST - 1)
            if len(hits) >= MOST
            else ntr(
                "{n} person, the likeliest first", "{n} people, the likeliest first", len(hits)
            )
        )
        self.stack.setCurrentWidget(self.table if hits else self._nobody if query else self._start)
        if self._open_first and hits:
            self._open(hits[0])
        self._open_first = False

    def _open(self, hit: Hit) -> None:
        self.go("person", person=hit.person)

    def _register(self) -> None:
        self.go("interview", new=True)

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and self.query.text().strip() and (changes.persons or changes.people):
            self._search()


def _find(
    work: Work, *, query: str, today: date, language: str
) -> tuple[list[Hit], dict[object, str]]:
    hits = offices.search.search(work.session, query, limit=MOST)
    return hits, {hit.person: age_words(hit.birth, today, language) for hit in hits}


def _latin(hit: Hit) -> str:
    return hit.name_latin if hit.name_latin != hit.name else ""
