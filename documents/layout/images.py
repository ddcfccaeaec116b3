"""Photographs inside a PDF: the JPEG as it is stored, not decoded and encoded again.

ReportLab decodes every picture to name it by its pixels, which costs more than the rest of the
page. A stored photograph is a JPEG of our own making, so its header is all that is needed.
"""

import hashlib
import io
from typing import Any

from PIL import Image

from documents.errors import PageError
from documents.text.canvas import PdfCanvas


def place_jpeg(
    canvas: PdfCanvas,
    jpeg: bytes,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    whole: bool = False,
) -> None:
    """Draw `jpeg` over the box (points), cut evenly at the sides and a quarter above.

    With `whole` nothing is cut: it is made small enough, and stands at the box's lower left.

    Raises:
        PageError: code ``photo``: it is not a photograph that `documents.photo` took in.
    """
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
            size, mode = opened.size, opened.mode
    except (OSError, ValueError, SyntaxError):
        raise PageError("photo", "The photograph is damaged. Take it again.") from None
    if mode not in {"L", "RGB"}:
        raise PageError("photo", "The photograph is not stored as it should be. Take it again.")
    name = "Photo" + hashlib.sha256(jpeg).hexdigest()[:16]
    dictionary: dict[str, Any] = {
        "Type": "XObject",
        "Subtype": "Image",
        "Width": size[0],
        "Height": size[1],
        "BitsPerComponent": 8,
        "ColorSpace": "DeviceGray" if mode == "L" else "DeviceRGB",
        "Filter": "DCTDecode",
    }
    canvas.embed(name, dictionary, jpeg)
    scale = (min if whole else max)(width / size[0], height / size[1])
    drawn_width, drawn_height = size[0] * scale, size[1] * scale
    left = x if whole else x - (drawn_width - width) / 2
    bottom = y if whole else y - (drawn_height - height) * 3 / 4
    canvas.write(
        f"q {x:.3f} {y:.3f} {width:.3f} {height:.3f} re W n "
        f"{drawn_width:.3f} 0 0 {drawn_height:.3f} {left:.3f} {bottom:.3f} cm "
        f"{canvas.use(name)} Do Q"
    )
