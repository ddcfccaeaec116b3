"""Putting a palette on the application, and saying which one is on.

The one piece of state here is which palette is worn: Qt's own palette and style
sheet are global too.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from desktop.style import fonts
from desktop.style.palettes import BY_NAME, DARK, LIGHT
from desktop.style.sheet import sheet
from desktop.style.tokens import Palette

SYSTEM: Final = "system"
THEMES: Final = (SYSTEM, "light", "dark", "contrast")

_worn = LIGHT
_cut: tuple[str, int, bool] | None = None  # what is worn: palette, text size, direction


def current() -> Palette:
    """The palette the application wears now."""
    return _worn


def scaled(size: int) -> int:
    """A width in pixels that grows with the text size."""
    return round(size * (_cut[1] if _cut is not None else 100) / 100)


def resolve(theme: str) -> Palette:
    """The palette a theme stands for; ``system`` follows the desktop's setting."""
    if theme in BY_NAME:
        return BY_NAME[theme]
    scheme = QApplication.styleHints().colorScheme()
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def apply(app: QApplication, theme: str, *, scale: int = 100, rtl: bool = False) -> None:
    """Dress the application: style, palette, sheet, base font and direction.

    Dressing it the same again costs nothing: polishing every widget does.
    """
    global _worn, _cut
    _worn = resolve(theme)
    cut = (_worn.name, scale, rtl)
    if cut == _cut:
        return
    if _cut is None:
        app.setStyle("Fusion")
    _cut = cut
    direction = Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
    if app.layoutDirection() != direction:
        app.setLayoutDirection(direction)
    app.setPalette(_qt_palette(_worn))
    app.setFont(fonts.base(scale=scale))
    app.setStyleSheet(sheet(_worn, scale=scale, rtl=rtl))


def colour(role: str) -> QColor:
    """A role of the worn palette, for painting."""
    return QColor(_worn.role(role))


def _qt_palette(p: Palette) -> QPalette:
    """What Qt paints by itself (Fusion's parts, text cursors, native dialogs)."""
    role = QPalette.ColorRole
    made = QPalette()
    for which, value in (
        (role.Window, p.window),
        (role.WindowText, p.text),
        (role.Base, p.field),
        (role.AlternateBase, p.window),
        (role.Text, p.text),
        (role.PlaceholderText, p.muted),
        (role.Button, p.raised),
        (role.ButtonText, p.text),
        (role.BrightText, p.on_accent),
        (role.ToolTipBase, p.raised),
        (role.ToolTipText, p.text),
        (role.Highlight, p.selection),
        (role.HighlightedText, p.on_selection),
        (role.Link, p.accent),
        (role.LinkVisited, p.accent),
        (role.Light, p.raised),
        (role.Midlight, p.line),
        (role.Mid, p.outline),
        (role.Dark, p.outline),
        (role.Shadow, p.outline),
        (role.Accent, p.accent),
    ):
        made.setColor(which, QColor(value))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(p.muted))
    return made
