"""Pictures in a code: those that are shown, and what is none or too much."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    b'<rect width="9" height="9"/></svg>'
)


def _face(width: int = 60, height: int = 77, mode: str = "L") -> Image.Image:
    return Image.new(mode, (width, height), 90 if mode in "1L" else "grey")


def _saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def _veiled() -> bytes:
    return _saved(Image.new("RGBA", (60, 77), (9, 9, 9, 99)), "WEBP", quality=20)


def _moving(form: str) -> bytes:
    other = Image.new("RGB", (60, 77), "white")
    return _saved(_face(mode="RGB"), form, save_all=True, append_images=[other], duration=100)


def _png_of(width: int, height: int) -> bytes:
    """A header that promises more than there is."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data)
        )  # fmt: skip

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels)


# What it is called, what makes it, and the type under which it is shown.
PICTURES: tuple[tuple[str, Callable[[], bytes], str | None], ...] = (
    ("WebP", lambda: _saved(_face(), "WEBP", quality=20), "image/webp"),
    ("WebP without loss", lambda: _saved(_face(), "WEBP", lossless=True), "image/webp"),
    ("WebP with a veil", _veiled, "image/webp"),
    ("JPEG", lambda: _saved(_face(), "JPEG"), "image/jpeg"),
    ("JPEG in steps", lambda: _saved(_face(), "JPEG", progressive=True), "image/jpeg"),
    ("PNG", lambda: _saved(_face(), "PNG"), "image/png"),
    ("AVIF", lambda: _saved(_face(mode="RGB"), "AVIF", quality=20), "image/avif"),
    ("a million pixels", lambda: _saved(_face(1000, 1000, "1"), "PNG", optimize=True), "image/png"),
    ("more than a million", lambda: _saved(_face(1001, 1000, "1"), "PNG", optimize=True), None),
    ("a large WebP", lambda: _saved(_face(4000, 4000), "WEBP", lossless=True), None),
    ("a large JPEG", lambda: _saved(_face(1200, 900), "JPEG", quality=5), None),
    ("a large AVIF", lambda: _saved(_face(2000, 900, "RGB"), "AVIF", quality=5), None),
    ("a size that nothing has", lambda: _png_of(2**31 - 1, 2**31 - 1), None),
    ("no size", lambda: _png_of(0, 10), None),
    ("a moving WebP", lambda: _moving("WEBP"), None),
    ("a moving PNG", lambda: _moving("PNG"), None),
    ("a moving GIF", lambda: _moving("GIF"), None),
    ("GIF", lambda: _saved(_face(), "GIF"), None),
    ("BMP", lambda: _saved(_face(10, 10), "BMP"), None),
    ("SVG", lambda: SVG, None),
    ("SVG behind a blank", lambda: b" \n" + SVG, None),
    ("the beginning of a WebP", lambda: b"RIFF\0\0\0\0WEBPVP8 ", None),
    ("the beginning of a JPEG", lambda: b"\xff\xd8\xff\xe0", None),
    ("the beginning of a PNG", lambda: b"\x89PNG\r\n\x1a\n", None),
    ("SVG behind the beginning of a PNG", lambda: b"\x89PNG\r\n\x1a\n" + SVG, None),
    ("nothing", lambda: b"", None),
)  # fmt: skip


def portraits() -> dict[str, Any]:
    """The pictures, in hexadecimal, and the type of those that are shown."""
    return {
        "portraits": [
            {
                "name": name,
                "bytes": make().hex(),
                "shown": shown,
                "moves": name.startswith("a moving"),
            }
            for name, make, shown in PICTURES
        ]
    }
