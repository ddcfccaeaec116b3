"""Taking a photo in, and looking at one that was taken in before. On a worker."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from desktop import offices
from desktop.desk import Work
from desktop.drawn import face_of
from values.identifiers import PhotoHash

_SHOWN: Final = QSize(384, 480)  # twice the frame, for dense screens


def take(work: Work, path: Path) -> tuple[str, QImage]:
    """Store the picture in a file; gives its hash, and what it looks like now."""
    digest = offices.register.take_photo(work.session, path)
    return digest, look(work, digest)


def look(work: Work, digest: str) -> QImage:
    """The stored photo, small; a null image when it is gone."""
    stored = work.session.store.photos.get(PhotoHash(bytes.fromhex(digest)))
    image = face_of(stored)
    if image is None:
        return QImage()
    return image.scaled(
        _SHOWN, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
