"""Icons: our own stroke drawings (``resources/icons``), tinted from the tokens."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QFile, QIODevice, QSize, Qt
from PySide6.QtGui import QIcon, QImageReader, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QApplication

import resources
from desktop.style import theme

# They point somewhere along the line of reading, so they turn round with it.
DIRECTIONAL: Final = frozenset({"back", "chevron", "undo"})

_SCALES: Final = (1, 2)
_INK: Final = b"#000"


def icon(name: str, *, role: str = "text", size: int = 20, gap: int = 0) -> QIcon:
    """An icon in a colour role of the worn palette, sharp on dense screens too.

    ``gap`` is empty room after it: Qt sets a button's text too close.
    """
    made = QIcon()
    for scale in _SCALES:
        for mode, ink in ((QIcon.Mode.Normal, role), (QIcon.Mode.Disabled, "muted")):
            drawn = pixmap(name, role=ink, size=size, scale=scale)
            made.addPixmap(_with_gap(drawn, gap * scale) if gap else drawn, mode)
    return made


def _with_gap(drawn: QPixmap, gap: int) -> QPixmap:
    density = drawn.devicePixelRatio()
    wide = QPixmap(drawn.width() + gap, drawn.height())
    wide.setDevicePixelRatio(density)
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    painter.drawPixmap(round(gap / density) if QApplication.isRightToLeft() else 0, 0, drawn)
    painter.end()
    return wide


def pixmap(name: str, *, role: str = "text", size: int = 20, scale: int | None = None) -> QPixmap:
    """The picture itself; ``scale`` is the screen's density, asked of Qt when None."""
    density = scale or max(1, round(QApplication.primaryScreen().devicePixelRatio()))
    mirrored = name in DIRECTIONAL and QApplication.isRightToLeft()
    return _draw(name, theme.current().role(role), size * density, density, mirrored)


def names() -> frozenset[str]:
    """Every icon there is."""
    return frozenset(path.stem for path in _folder().glob("*.svg"))


@lru_cache(maxsize=512)
def _draw(name: str, colour: str, pixels: int, density: int, mirrored: bool) -> QPixmap:
    source = QByteArray(_source(name).replace(_INK, colour.encode("ascii")))
    buffer = QBuffer(source)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(QSize(pixels, pixels))
    image = reader.read()
    if mirrored:
        image = image.transformed(QTransform.fromScale(-1, 1))
    drawn = QPixmap.fromImage(image)
    drawn.setDevicePixelRatio(density)
    return drawn


@lru_cache(maxsize=128)
def _source(name: str) -> bytes:
    """The drawing's bytes, through Qt, which also reads inside a frozen program."""
    file = QFile(str(_folder() / f"{name}.svg"))
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise LookupError(f"There is no icon called {name}.")
    try:
        return bytes(file.readAll().data())
    finally:
        file.close()


def _folder() -> Path:
    return Path(resources.__file__).parent / "icons"
