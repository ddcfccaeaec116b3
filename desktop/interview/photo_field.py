"""A photo from a file, with what it looks like. The page takes it in; this shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy

from desktop.style import icons, theme, tokens
from desktop.widgets.buttons import Button, QuietButton
from desktop.widgets.field import MISSING, Field
from desktop.widgets.labels import Caption
from desktop.widgets.layout import column, row
from desktop.words import tr

FRAME: Final = QSize(192, 240)
"""Four by five, as on a document."""

SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")


class _Frame(QLabel):
    """The picture, or an outline where it will be."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(FRAME)
        self.setObjectName("photo-preview")
        self._picture: QPixmap | None = None
        self.show_picture(None)

    def show_picture(self, image: QImage | None) -> None:
        self._picture = None if image is None or image.isNull() else QPixmap.fromImage(image)
        self.setAccessibleName(tr("The photo") if self._picture else tr("No photo yet"))
        self.update()

    @property
    def has_picture(self) -> bool:
        return self._picture is not None

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = self.rect().adjusted(1, 1, -1, -1)
        painter.setPen(theme.colour("outline"))
        painter.setBrush(theme.colour("field"))
        painter.drawRoundedRect(area, tokens.CARD_RADIUS, tokens.CARD_RADIUS)
        if self._picture is None:
            mark = icons.pixmap("person", role="muted", size=56)
            painter.drawPixmap(self.width() // 2 - 28, self.height() // 2 - 28, mark)
            return
        room = area.adjusted(3, 3, -3, -3)
        shown = self._picture.scaled(
            room.size(),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawPixmap(
            room.center().x() - shown.width() // 2, room.center().y() - shown.height() // 2, shown
        )


class PhotoField(Field):
    """The raw value is the hash of the photo taken in, in hexadecimal."""

    wanted = Signal()  # somebody wants to choose a file
    dropped = Signal(object)  # a file was dropped on it: Path

    def __init__(self, key: str, label: str, **rest: Any) -> None:
        super().__init__(key, label, **rest)
        self.setAcceptDrops(True)
        self._hash = ""
        self._frame = _Frame()
        self.choose = Button(
            tr("Choose a photo…"), icon="folder", on=self.wanted.emit, name="photo-choose"
        )
        self._remove = QuietButton(
            tr("Take the photo out"), icon="trash", on=self._take_out, name="photo-remove"
        )
        self._state = Caption(tr("Or drop a picture here. A plain, light background is best."))
        self._state.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        side = column(self.choose, self._remove, self._state, None, spacing=tokens.S8)
        self._seat(
            self._frame, self.choose, self._remove, layout=row(self._frame, side, spacing=24)
        )
        self._remove.hide()

    def say(self, sentence: str) -> None:
        """A quiet line beside the picture: what is going on with it."""
        self._state.setText(sentence)

    def take(self, digest: str, image: QImage | None) -> None:
        """The photo has been taken in."""
        self._hash = digest
        self.show_picture(image)
        self._changed()

    def show_picture(self, image: QImage | None) -> None:
        """What it looks like."""
        self._frame.show_picture(image)
        self._remove.setVisible(bool(self._hash))
        self.choose.setText(tr("Choose another photo…") if self._hash else tr("Choose a photo…"))

    @property
    def has_picture(self) -> bool:
        """Whether a picture is in sight."""
        return self._frame.has_picture

    def _take_out(self) -> None:
        self._hash = ""
        self.show_picture(None)
        self.choose.setFocus()
        self._changed()

    def _read(self) -> str:
        return self._hash

    def _write(self, raw: Any) -> None:
        self._hash = raw if isinstance(raw, str) else ""
        if not self._hash:
            self.show_picture(None)

    def _show_missing(self, missing: str | None) -> None:
        self.set_note(tr(MISSING[missing]) if missing else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self._hash:
            self._take_out()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _picture_in(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _picture_in(event)
        if path is not None:
            event.acceptProposedAction()
            self.dropped.emit(path)


def _picture_in(event: QDropEvent) -> Path | None:
    """The one picture file that is being dropped, if it is one."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in SUFFIXES else None
