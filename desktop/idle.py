"""Noticing that nobody is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

_LOOK_EVERY_MS: Final = 5_000  # how exact the limit is
_SIGNS: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """Emits ``idle`` when no key was pressed and no mouse moved for ``seconds``.

    It listens to native windows, not to every widget: only what a person does passes
    there. ``now`` gives monotonic seconds.
    """

    idle = Signal()

    def __init__(
        self,
        seconds: float,
        *,
        now: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.seconds = seconds
        self._now = now
        self._last = now()
        self._on = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._listen)
            self._listen(app.focusWindow())

    def start(self) -> None:
        """Watch from now on."""
        self._last = self._now()
        self._on = True
        self._timer.start()

    def stop(self) -> None:
        self._on = False
        self._timer.stop()

    def sign(self) -> None:
        """Somebody did something."""
        self._last = self._now()

    def look(self) -> None:
        """Has it been too long? The timer asks; so does a test."""
        if self._on and self._now() - self._last >= self.seconds:
            self.stop()
            self.idle.emit()

    def _listen(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS:
            self.sign()
        return super().eventFilter(watched, event)
