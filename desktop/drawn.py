"""Pictures for the window, from pixels that were decoded elsewhere. On a worker.

The toolkit never gets the bytes of a file that somebody else wrote: it would guess what they are,
and it draws vector pictures, which can keep it busy for as long as their maker likes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from PIL.Image import Image


def as_image(picture: Image) -> QImage:
    """The pixels of a picture, for the toolkit."""
    rgb = picture.convert("RGB")
    image = QImage(rgb.tobytes(), rgb.width, rgb.height, 3 * rgb.width, QImage.Format.Format_RGB888)
    # A copy of its own: the bytes above are gone when this function returns.
    return image.copy()


def face_of(data: bytes | None) -> QImage | None:
    """The photograph in these bytes, or None when there is none that can be shown."""
    if not data:
        return None
    from documents.portrait import still  # Pillow, with the first face

    picture = still(data)
    return as_image(picture) if picture is not None else None
