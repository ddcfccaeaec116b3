"""A face to look at, from bytes that somebody else wrote: claim 16 of a code, a photograph that
came with a bundle.

Anybody can print a code, so these bytes are read before anything vouches for them. What they are
is told by how they begin and by nothing else; the header is read before the pixels, under a
limit far below that of photographs; what moves is no face. Nobody else is ever asked to guess a
format: a toolkit that draws vector pictures would run what it is given.
"""

import io
import warnings
from collections.abc import Mapping

from PIL import Image

from documents.errors import DAMAGED

MAX_PIXELS = 1_000_000  # ours have 5,000, the photograph as it is stored 667,000
_STARTS: Mapping[str, tuple[tuple[int, bytes], ...]] = {
    "WEBP": ((0, b"RIFF"), (8, b"WEBP")),
    "JPEG": ((0, b"\xff\xd8\xff"),),
    "PNG": ((0, b"\x89PNG"),),
    "AVIF": ((4, b"ftypavif"),),
}


def still(data: bytes) -> Image.Image | None:
    """The picture as RGB on white, or None for whatever is none that is shown."""
    known = [
        name
        for name, starts in _STARTS.items()
        if all(data[at : at + len(start)] == start for at, start in starts)
    ]
    if not known:
        return None
    try:
        with warnings.catch_warnings():
            # Pillow warns about large pictures; our own limit below decides and is lower.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=known) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    return None
                # A telephone's JPEG may hold a second picture, which nobody sees.
                if opened.format != "MPO" and getattr(opened, "n_frames", 1) != 1:
                    return None
                return _on_white(opened)
    except (*DAMAGED, Image.DecompressionBombError):
        return None


def _on_white(picture: Image.Image) -> Image.Image:
    layered = picture.convert("RGBA")
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground
