"""One line of text as cells and lists paint it, in any script.

Qt makes a line as high as the tallest font in it, and cuts what is higher than the room: names in
Burmese, Tibetan or Urdu lost their tops where a Latin name fitted. Here the baseline stays where
a Latin line has it, and nothing is cut above or below it. Noto Sans is as high as the letters of
every script that we carry, so a room that holds a Latin line holds these as well.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter


def draw_line(painter: QPainter, room: QRect, text: str, *, right: bool) -> str:
    """Draw ``text`` in the middle of ``room``, at its left or ``right``, with what does not fit
    across shortened at its end. Returns what was drawn."""
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    x = room.left()
    if right:
        x = room.left() + room.width() - metrics.horizontalAdvance(shown)
    y = room.top() + (room.height() - metrics.height()) // 2 + metrics.ascent()
    painter.drawText(QPointF(x, y), shown)
    return shown
