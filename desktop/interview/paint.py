"""Fonts for what the interview paints itself, in step with the chosen text size."""

from __future__ import annotations

from PySide6.QtGui import QFont

from desktop.style import tokens


def small(font: QFont) -> QFont:
    """The caption size beside ``font``, which has the body's."""
    made = QFont(font)
    if font.pixelSize() > 0:
        made.setPixelSize(round(font.pixelSize() * tokens.CAPTION / tokens.BODY))
    return made


def strong(font: QFont) -> QFont:
    """``font`` with weight."""
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made
