"""What every page is: a column of content, a banner, keys, and maybe a side panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import keys, words
from desktop.desk import Desk
from desktop.keys import Key as Key
from desktop.style import tokens
from desktop.widgets.layout import Plain, Scroll
from desktop.widgets.messages import Action, Banner

FORM = "form"  # a scrolled column of at most 720 px
WIDE = "wide"  # the whole width within margins; tables and queues
FREE = "free"  # no margins: the page lays itself out


class Page(QWidget):
    """One place in the window. The frame makes it at the first visit and keeps it.

    Subclasses put widgets into ``body`` and override what they need of
    ``on_shown``, ``on_hidden``, ``before_lock``, ``keys`` and ``side``.
    """

    key: ClassVar[str] = ""
    layout_width: ClassVar[str] = FORM
    once: ClassVar[frozenset[str]] = frozenset()
    """Arguments that ask for something to be done; coming back to the page does not ask again."""

    went = Signal(str, dict)  # navigate: page key and arguments
    went_back = Signal()
    note_changed = Signal(str)
    title_changed = Signal(str)
    side_changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "plain")
        self.setObjectName(f"page-{self.key}")
        self.desk = desk
        self.banner = Banner()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        top = Plain()
        above = QHBoxLayout(top)
        above.setContentsMargins(tokens.S32, 0, tokens.S32, tokens.S12)
        above.addWidget(self.banner)
        self._banner_place = top
        self.banner.installEventFilter(self)
        top.hide()
        outer.addWidget(top)
        self.scroll_area: Scroll | None = None
        if self.layout_width == FORM:
            above.setStretch(0, 1000)
            above.addStretch(1)
            self.banner.setMaximumWidth(tokens.FORM_WIDTH)
            self.scroll_area = Scroll(limit=tokens.FORM_WIDTH)
            outer.addWidget(self.scroll_area, 1)
            self.body = self.scroll_area.body
        else:
            holder = Plain()
            self.body = QVBoxLayout(holder)
            if self.layout_width == WIDE:
                self.body.setContentsMargins(tokens.S32, tokens.S8, tokens.S32, tokens.S24)
                self.body.setSpacing(tokens.S16)
            else:
                self.body.setContentsMargins(0, 0, 0, 0)
                self.body.setSpacing(0)
            outer.addWidget(holder, 1)
        self._keys_installed = False

    # for subclasses --------------------------------------------------------------------

    def on_shown(self, **arguments: Any) -> None:
        """The page comes to the front, with what ``go`` was given."""

    def on_hidden(self) -> None:
        """Another page comes to the front."""

    def before_lock(self) -> None:
        """The window is about to lock: ask for the save of whatever is not saved.

        Work asked for here still runs before the session closes; its result is
        not delivered.
        """

    def keys(self) -> list[Key]:
        """The page's keys: they work while it is in front, and F1 lists them."""
        return []

    def takes(self) -> frozenset[str]:
        """The keys of the window that the page needs for itself just now, such as F6."""
        return frozenset()

    def side(self) -> QWidget | None:
        """The side panel's content; None while there is nothing to show.

        The page keeps the widget and emits ``side_changed`` when it comes or goes.
        """
        return None

    # what a page may do ----------------------------------------------------------------

    def go(self, page: str, **arguments: Any) -> None:
        """Open another page."""
        self.went.emit(page, arguments)

    def back(self) -> None:
        """Return to the page before."""
        self.went_back.emit()

    def set_title(self, title: str) -> None:
        """The header's title, when it depends on what is shown."""
        self.title_changed.emit(title)

    def set_note(self, text: str) -> None:
        """A quiet word in the header, such as "Saved 10:42"."""
        self.note_changed.emit(text)

    def say(self, kind: str, sentence: str, *, action: Action | None = None) -> None:
        """Show a message at the top of the page: info, success, warning or danger."""
        self._banner_place.show()
        self.banner.show_message(kind, sentence, action=action)

    def say_failure(self, error: Exception) -> None:
        """Show why something failed."""
        self.say("danger", words.failure(error))

    def hush(self) -> None:
        """Take the message away."""
        self.banner.hide()
        self._banner_place.hide()

    # for the frame -----------------------------------------------------------------------

    def install_keys(self) -> None:
        """Make ``keys`` work. Called once, by the frame."""
        if not self._keys_installed:
            self._keys_installed = True
            keys.install(self, self.keys())

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if watched is self.banner and event.type() == event.Type.Hide and self.isVisible():
            self._banner_place.setVisible(False)
        return super().eventFilter(watched, event)


Loader = Callable[[], type[Page]]
