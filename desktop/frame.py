"""The frame: rail, header, page, side panel, status bar; going from page to page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from desktop import keys, offices, words
from desktop.desk import Changes, Desk, Work
from desktop.keys import Key, KeyGroup
from desktop.page import Page
from desktop.pages import PAGES, PageEntry
from desktop.widgets import tab_order
from desktop.widgets.chrome import Band, Header, Rail, SidePanel, StatusBar
from desktop.widgets.finder import Finder
from desktop.widgets.layout import Stack
from desktop.widgets.suggestions import Suggestion
from desktop.words import ntr, tr

_PLACES_KEPT = 30  # how far back "back" goes
_FINDER_HITS = 6
_STALE = 60.0  # seconds after which going somewhere looks at the status again


@dataclass(frozen=True, slots=True)
class Standing:
    """What the status bar and the rail's counts say."""

    not_acknowledged: int
    waiting_review: int
    waiting_registry: int
    backup_age: timedelta | None
    storage_low: bool
    storage_full: bool


def _standing(work: Work) -> Standing:
    waiting = offices.home.waiting(work.session)
    storage = offices.storage.state(work.session.folder)
    return Standing(
        not_acknowledged=waiting.not_acknowledged,
        waiting_review=waiting.review,
        waiting_registry=waiting.registry,
        backup_age=offices.care.backup_age(work.session),
        storage_low=storage.low,
        storage_full=storage.full,
    )


class Frame(QWidget):
    """What an unlocked workspace looks like."""

    lock_asked = Signal()

    def __init__(self, desk: Desk, *, pages: Sequence[PageEntry] = PAGES) -> None:
        super().__init__()
        self.setObjectName("frame")
        self.setProperty("look", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.desk = desk
        self._entries = {
            entry.key: entry
            for entry in pages
            if entry.open_to(desk.kind, desk.role)
            and not (entry.until_enrolled and desk.office.enrolled)
        }
        self._pages: dict[str, Page] = {}
        self._places: list[tuple[str, dict[str, Any]]] = []
        self._notes: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        self._left_at: dict[QWidget, QWidget] = {}
        self._refreshed = 0.0
        self._resting: QWidget | None = None  # had the keyboard, and cannot be used just now
        self._build()
        self._install_keys()
        desk.changed.connect(self._changed)
        desk.tasks.unhandled.connect(self._failed)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._keep_focus)
        self._show_standing(None)
        self.refresh()

    # building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self.rail = Rail()
        self.rail.set_office(*self._office_names())
        self.rail.set_items(
            [
                (entry.key, tr(entry.title), entry.icon, entry.at_foot)
                for entry in self._entries.values()
                if entry.on_rail
            ]
        )
        self.rail.chosen.connect(self.go)
        self.finder = Finder() if "find" in self._entries else None
        self.header = Header(self.finder)
        self.header.back_asked.connect(self.back)
        if self.finder is not None:
            self.finder.wanted.connect(self._find_some)
            self.finder.searched.connect(lambda query: self.go("find", query=query))
            self.finder.opened.connect(lambda person: self.go("person", person=person))
        self.stack = Stack()
        self.panel = SidePanel()
        self.status = StatusBar()
        self.status.lock_asked.connect(self.lock_asked)

        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.header)
        middle.addWidget(self.stack, 1)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addLayout(middle, 1)
        across.addWidget(self.panel)
        down = QVBoxLayout(self)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        if self.desk.training:
            down.addWidget(Band(tr("Training. These people are invented; nothing here counts.")))
        down.addLayout(across, 1)
        down.addWidget(self.status)

    def _office_names(self) -> tuple[str, str]:
        office = self.desk.office
        if self.desk.kind == "station":
            where = tr("Station {code}", code=words.isolate(office.code)) if office.code else ""
            return office.name, where or tr("Station, not yet enrolled")
        operation = office.operation_name
        return office.name, operation if operation != office.name else tr("Registry")

    def _install_keys(self) -> None:
        keys.install(self, self.window_keys())
        for number, key in enumerate(self.rail.places()[:9], start=1):
            keys.install(self, [Key(f"Alt+{number}", "", partial(self.go, key), everywhere=True)])

    def window_keys(self) -> list[Key]:
        """The keys that work everywhere."""
        found = []
        if self.finder is not None:
            found.append(Key("Ctrl+K", tr("Find anyone"), self.finder.ask, everywhere=True))
        return [
            *found,
            Key("Ctrl+L", tr("Lock"), self.lock_asked.emit, everywhere=True),
            Key("Alt+Left", tr("Go back"), self.back, everywhere=True),
            *self._pane_keys(),
            Key("F1", tr("Show these keys"), self.show_keys, everywhere=True),
        ]

    def _pane_keys(self) -> list[Key]:
        """F6, and Ctrl+F6 for a page that has another use for F6; F1 tells of one of them."""
        page = self.page
        told = "Ctrl+F6" if page is not None and "F6" in page.takes() else "F6"
        what = tr("Move between the rail, the page and the side panel")
        return [
            Key(sequence, what if sequence == told else "", self.next_pane)
            for sequence in ("F6", "Ctrl+F6")
        ]

    # going -------------------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """The page in front."""
        widget = self.stack.currentWidget()
        return widget if isinstance(widget, Page) else None

    def go(self, key: str, arguments: dict[str, Any] | None = None, **more: Any) -> None:
        """Bring a page to the front; one this role may not see leads home."""
        if key not in self._entries:
            key, arguments, more = "home", None, {}
        place = (key, {**(arguments or {}), **more})
        if not self._places or self._places[-1] != place:
            self._places.append(place)
            del self._places[:-_PLACES_KEPT]
        self._open(*place)

    @property
    def place(self) -> tuple[str, dict[str, Any]] | None:
        """Where one is: a page and its arguments."""
        return self._places[-1] if self._places else None

    def back(self) -> None:
        """Return to the place before."""
        if len(self._places) > 1:
            self._places.pop()
            self._open_again()

    def come_back(self) -> None:
        """The same person unlocked again: look again at where they were."""
        self.refresh()
        if self._places:
            self._open_again()

    def before_lock(self) -> None:
        """Let every page save what is not saved."""
        for page in self._pages.values():
            page.before_lock()

    def _open_again(self) -> None:
        """Open where one was, without asking anew for what was done then."""
        key, arguments = self._places[-1]
        done = self._made(key).once
        self._open(key, {name: what for name, what in arguments.items() if name not in done})

    def _open(self, key: str, arguments: dict[str, Any]) -> None:
        before = self.page
        page = self._made(key)
        if before is not None and before is not page:
            before.on_hidden()
            self.panel.show_content(None)  # or the new page and the old side widen the window
        self.stack.setCurrentWidget(page)
        self.rail.mark(key)
        self.header.set_title(self._titles.get(key, tr(self._entries[key].title)))
        self.header.set_note(self._notes.get(key, ""))
        self.header.back.setVisible(len(self._places) > 1 and not self._entries[key].on_rail)
        page.hush()
        page.on_shown(**arguments)
        self._show_side()
        self._give_keyboard(page)
        if self.desk.clock.monotonic() - self._refreshed > _STALE:
            self.refresh()

    def _made(self, key: str) -> Page:
        if key not in self._pages:
            page = self._entries[key].load()(self.desk, self)
            page.went.connect(self.go)
            page.went_back.connect(self.back)
            page.note_changed.connect(lambda text, key=key: self._note(key, text))
            page.title_changed.connect(lambda text, key=key: self._title(key, text))
            page.side_changed.connect(self._show_side)
            page.install_keys()
            self._pages[key] = page
            self.stack.addWidget(page)
        return self._pages[key]

    def _note(self, key: str, text: str) -> None:
        self._notes[key] = text
        if self.page is self._pages.get(key):
            self.header.set_note(text)

    def _title(self, key: str, text: str) -> None:
        self._titles[key] = text
        if self.page is self._pages.get(key):
            self.header.set_title(text)

    def _show_side(self) -> None:
        page = self.page
        self.panel.show_content(page.side() if page is not None else None)

    # keys ----------------------------------------------------------------------------------

    def show_keys(self) -> None:
        """What F1 does."""
        page = self.page
        title = self.header.title()
        groups = []
        if page is not None and (own := tuple(page.keys())):
            groups.append(KeyGroup(title, own))
        rail = tuple(
            Key(f"Alt+{number}", tr(self._entries[key].title))
            for number, key in enumerate(self.rail.places()[:9], start=1)
        )
        known = {key.sequence for group in groups for key in group.keys}
        groups.append(keys.common(without=known))
        groups.append(KeyGroup(tr("Everywhere"), (*self.window_keys(), *rail)))
        told = [KeyGroup(one.title, tuple(key for key in one.keys if key.what)) for one in groups]
        self.desk.dialogs.show_keys(self, [one for one in told if one.keys])

    def next_pane(self) -> None:
        """Move the keyboard to the rail, the page, or the side panel, whichever is next.

        A pane one comes back to has the keyboard where it was.
        """
        panes = [self.rail, self.stack, *([self.panel] if self.panel.isVisible() else [])]
        here = next((i for i, pane in enumerate(panes) if self._within(pane)), 0)
        if (now := self.focusWidget()) is not None:
            self._left_at[panes[here]] = now
        for step in range(1, len(panes) + 1):
            if self._enter(panes[(here + step) % len(panes)]):
                return

    def _give_keyboard(self, page: Page) -> None:
        """A page that does not take the keyboard leaves it where one came from, and can go on."""
        now = self.focusWidget()
        elsewhere = now is None or now is page or not now.isVisible()
        if elsewhere or self._within(self.rail):
            self._park()

    def _park(self) -> None:
        """Give the keyboard to what leads to the page in front, or back from it."""
        if self.header.back.isVisible():
            self.header.back.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._enter(self.rail)

    def _keep_focus(self, old: QWidget | None, now: QWidget | None) -> None:
        """What had the keyboard went away under it: the page keeps it, not whatever is next.

        What is only out of use for a while, such as a button at work, gets it back.
        """
        page = self.page
        if old is None or page is None or not page.isVisible() or not page.isAncestorOf(old):
            return
        if old.isVisible() and not old.isEnabled():
            self._resting = old
            old.installEventFilter(self)
            self._park()
        elif not old.isVisible() and (now is None or not page.isAncestorOf(now)):
            near = self._nearest(page, old)
            if near is not None:
                near.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self._park()

    @staticmethod
    def _nearest(page: Page, gone: QWidget) -> QWidget | None:
        """What comes before a widget in the order of Tab, and can take the keyboard."""
        return next(
            (
                widget
                for widget in reversed(tab_order.after(gone))
                if page.isAncestorOf(widget)
                and widget.isVisible()
                and widget.isEnabled()
                and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            ),
            None,
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What rested can be used again."""
        resting = self._resting
        if (
            event.type() is QEvent.Type.EnabledChange
            and resting is not None
            and watched is resting
            and resting.isEnabled()
        ):
            self._resting = None
            resting.removeEventFilter(self)
            now = self.focusWidget()
            if now is self.header.back or now is None or self.rail.isAncestorOf(now):
                resting.setFocus(Qt.FocusReason.OtherFocusReason)
        return super().eventFilter(watched, event)

    def _within(self, pane: QWidget) -> bool:
        now = self.focusWidget()
        return now is not None and pane.isAncestorOf(now)

    def _enter(self, pane: QWidget) -> bool:
        if pane is self.rail and self._places:
            item = self.rail.item(self._places[-1][0])
            if item is not None:
                item.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
        before = self._left_at.pop(pane, None)
        inside = pane.findChildren(QWidget)
        for widget in (*([before] if before in inside else []), *inside):
            if (
                widget.isVisibleTo(pane)
                and widget.isEnabled()
                and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            ):
                widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
        return False

    # how things stand ------------------------------------------------------------------------

    def refresh(self) -> None:
        """Look again at what the status bar says."""
        self._refreshed = self.desk.clock.monotonic()
        self.desk.read(
            _standing, done=self._show_standing, failed=lambda _e: None, parent=self, latest="bar"
        )

    def _changed(self, changes: Changes) -> None:
        if changes.any:
            self.refresh()

    def _show_standing(self, standing: Standing | None) -> None:
        office = self.desk.office
        place = (
            tr("Station {code}", code=words.isolate(office.code or office.name))
            if self.desk.kind == "station"
            else tr("Registry")
        )
        who = tr(
            "{name}, {role}",
            name=words.isolate(self.desk.user_name),
            role=words.role(self.desk.role).lower(),
        )
        parts = [who]
        if standing is not None:
            if self.desk.kind == "station":
                parts.append(
                    ntr(
                        "{n} not yet acknowledged",
                        "{n} not yet acknowledged",
                        standing.not_acknowledged,
                    )
                    if standing.not_acknowledged
                    else tr("everything acknowledged")
                )
            parts.append(
                tr("no backup yet")
                if standing.backup_age is None
                else tr("backup {span}", span=words.ago(standing.backup_age))
            )
            self.rail.set_count("review", standing.waiting_review)
            self.rail.set_count("queues", standing.waiting_registry)
            warning = ""
            if standing.storage_full:
                warning = tr("The disk is full")
            elif standing.storage_low:
                warning = tr("The disk is nearly full")
            self.status.set_warning(warning, lambda: self.go("settings"))
        self.status.set_parts(place, parts)

    def _find_some(self, query: str) -> None:
        if self.finder is None or not self.desk.unlocked:
            return  # a pause in typing may end after the window was locked
        self.desk.read(
            lambda work: offices.search.search(work.session, query, limit=_FINDER_HITS),
            done=lambda hits: self._show_found(query, hits),
            parent=self,
            latest="finder",
        )

    def _show_found(self, query: str, hits: Sequence[Any]) -> None:
        if self.finder is not None:
            self.finder.show_hits(
                query,
                [
                    Suggestion(
                        hit.name,
                        hit.person,
                        _detail(hit.name, hit.name_latin, str(hit.number)),
                    )
                    for hit in hits
                ],
            )

    def _failed(self, error: Exception) -> None:
        page = self.page
        if page is not None:
            page.say_failure(error)


def _detail(name: str, latin: str, number: str) -> str:
    parts = [latin] if latin and latin != name else []
    return " · ".join([*parts, words.isolate(number)])
