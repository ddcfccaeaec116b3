"""Keys: what a page answers to, and the page F1 shows."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop.words import N_, tr


@dataclass(frozen=True, slots=True)
class Key:
    """One key and what it does. Without ``run`` it is only told of (a widget has it)."""

    sequence: str  # portable text, such as "Ctrl+Return"
    what: str  # already translated; F1 does not tell of a key without
    run: Callable[[], object] | None = None
    # page: while the page is in front. window: anywhere in the window
    everywhere: bool = False

    @property
    def is_chord(self) -> bool:
        """With Ctrl, the key means the page in front wherever the keyboard is; letters do not."""
        return self.sequence.startswith("Ctrl+")

    @property
    def shown(self) -> str:
        """The key as this computer's keyboard names it."""
        return QKeySequence(self.sequence).toString(QKeySequence.SequenceFormat.NativeText)


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys under one heading, for F1."""

    title: str
    keys: tuple[Key, ...]


def install(owner: QWidget, keys: Sequence[Key]) -> list[QShortcut]:
    """Make ``keys`` work in ``owner``; returns the shortcuts, owned by it."""
    made = []
    for key in keys:
        if key.run is None:
            continue
        shortcut = QShortcut(QKeySequence(key.sequence), owner)
        shortcut.setContext(
            Qt.ShortcutContext.WindowShortcut
            if key.everywhere or key.is_chord
            else Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        shortcut.activated.connect(key.run)
        made.append(shortcut)
    return made


_FIELD_KEYS = (
    ("Return", N_("Go to the next field")),
    ("Shift+Return", N_("Go to the previous field")),
    ("Alt+U", N_("Not known, would not say, does not apply: whatever the question allows")),
    ("Shift+F1", N_("Why we ask this")),
    ("Alt+Down", N_("Open the calendar of a date")),
    ("Ctrl++", N_("Add a row")),
    ("Ctrl+-", N_("Take the row out")),
)


def common(without: Container[str] = ()) -> KeyGroup:
    """The keys that are the same on every form, but for those that a page tells of itself."""
    told = tuple(Key(key, tr(what)) for key, what in _FIELD_KEYS if key not in without)
    return KeyGroup(tr("In forms"), told)
