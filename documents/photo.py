"""Photographs: taken in under limits, and made small enough for a QR code.

A photograph reaches us from cameras, phones and other people's lists, so its decoder is the
widest door into the program. Only three formats are tried, the header is read before the
pixels, and what is kept is a picture we encoded ourselves: nothing of the file survives,
no metadata, no thumbnail, no trailing bytes.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from documents.errors import PhotoError

MAX_PIXELS = 50_000_000  # decided in the format; beyond any phone of the field, 150 MB in memory
MAX_FILE_BYTES = 40_000_000  # a 50 megapixel PNG of a face; larger files are not photographs
LEAST_SIDE = 96  # pixels; below this a face cannot be told from another
STORED_BYTES = 60_000
STORED_SIZES = ((720, 926), (600, 771), (480, 617), (360, 463), (240, 309))
_STORED_QUALITIES = (86, 78, 70, 60, 50, 40)
_FORMATS = ("JPEG", "PNG", "WEBP")

# 35 x 45 mm, the portrait of identity documents.
PORTRAIT_WIDTH, PORTRAIT_HEIGHT = 35, 45
# Research: 72x92 grey WebP is "clearly recognisable" near 600 bytes; with 300 to 450 bytes the
# smaller sizes keep the features and lose only texture.
_THUMBNAIL_SIZES = ((64, 82), (56, 72), (48, 62), (40, 51))
_LEAST_QUALITY = 12  # below this WebP leaves blocks where the eyes were: take fewer pixels


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph as it is stored: our own JPEG, with its size in pixels."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int

    @property
    def digest(self) -> bytes:
        """SHA-256 of the JPEG: the name under which it is stored."""
        return hashlib.sha256(self.jpeg).digest()


def take_in(data: bytes) -> Photo:
    """Decode a photograph and encode it anew: upright, RGB, at most 60 kB, no metadata.

    Raises:
        PhotoError: codes ``too_large``, ``not_a_picture``, ``too_many_pixels``, ``too_small``,
            ``damaged``.
    """
    if len(data) > MAX_FILE_BYTES:
        raise PhotoError("too_large", "The file is too large. Choose a picture below 40 MB.")
    picture = _decode(data, wanted=STORED_SIZES[0])
    scale = min(
        1.0, *(most / side for most, side in zip(STORED_SIZES[0], picture.size, strict=True))
    )
    if min(picture.size) * scale < LEAST_SIDE:
        raise PhotoError("too_small", "The picture is too small. Take it closer or choose another.")
    for size in STORED_SIZES:
        smaller = picture.copy()
        smaller.thumbnail(size, Image.Resampling.LANCZOS)
        for quality in _STORED_QUALITIES:
            out = io.BytesIO()
            smaller.save(out, "JPEG", quality=quality, optimize=True, progressive=False)
            if out.tell() <= STORED_BYTES:
                return Photo(out.getvalue(), smaller.width, smaller.height)
    raise PhotoError("damaged", "The picture cannot be stored. Take another one.")


def thumbnail(jpeg: bytes, *, budget: int) -> bytes | None:
    """Return a grey WebP portrait of at most `budget` bytes, or None when none fits.

    The largest picture whose quality stays bearable wins; quality gives way first, then size.

    Raises:
        PhotoError: the stored photograph cannot be decoded.
    """
    portrait = ImageOps.autocontrast(crop_to_portrait(_decode(jpeg)).convert("L"), cutoff=1)
    for size in _THUMBNAIL_SIZES:
        small = portrait.resize(size, Image.Resampling.LANCZOS)
        best = _best_quality(small, budget)
        if best is not None:
            return best
    return None


def crop_to_portrait(picture: Image.Image) -> Image.Image:
    """Cut `picture` to 35:45. Width is cut on both sides; height mostly below, faces are high."""
    width, height = picture.size
    if width * PORTRAIT_HEIGHT > height * PORTRAIT_WIDTH:
        kept = max(1, height * PORTRAIT_WIDTH // PORTRAIT_HEIGHT)
        left = (width - kept) // 2
        return picture.crop((left, 0, left + kept, height))
    kept = max(1, width * PORTRAIT_HEIGHT // PORTRAIT_WIDTH)
    top = (height - kept) // 4
    return picture.crop((0, top, width, top + kept))


def is_webp(data: bytes) -> bool:
    """Whether `data` begins as a WebP file does."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _best_quality(picture: Image.Image, budget: int) -> bytes | None:
    """The encoding of highest quality within `budget`, by bisection: size grows with quality."""
    low, high, best = _LEAST_QUALITY, 90, None
    while low <= high:
        quality = (low + high) // 2
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=4)
        if out.tell() <= budget:
            best, low = out.getvalue(), quality + 1
        else:
            high = quality - 1
    return best


def _decode(data: bytes, *, wanted: tuple[int, int] | None = None) -> Image.Image:
    """Decode under the limits, upright, as RGB on white.

    `wanted` lets a JPEG decode at a reduced scale: less memory, the same result.
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns about large pictures; our own limit below decides and is lower.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError:
        raise PhotoError("too_many_pixels", _TOO_MANY) from None
    except (OSError, ValueError, SyntaxError, OverflowError):
        raise PhotoError(
            "not_a_picture", "The file is not a JPEG, PNG or WebP picture. Choose another."
        ) from None
    if opened.width * opened.height > MAX_PIXELS:
        raise PhotoError("too_many_pixels", _TOO_MANY)
    try:
        if wanted is not None:
            opened.draft("RGB", (wanted[0] * 2, wanted[1] * 2))
        opened.load()
        upright = ImageOps.exif_transpose(opened)
    except (OSError, ValueError, SyntaxError, OverflowError, MemoryError, TypeError, KeyError):
        raise PhotoError("damaged", "The picture is damaged. Take another one.") from None
    return _on_white(upright)


_TOO_MANY = "The picture has more than 50 megapixels. Choose a smaller one."


def _on_white(picture: Image.Image) -> Image.Image:
    """RGB without transparency: transparent parts become white, as paper is."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        paper = Image.new("RGB", layered.size, "white")
        paper.paste(layered, mask=layered.getchannel("A"))
        return paper
    if picture.mode.startswith("I"):  # sixteen bits of grey, which converting cuts off at 255
        picture = picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    clean = picture.convert("RGB")
    clean.info.clear()
    return clean
