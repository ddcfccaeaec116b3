"""Every QR code in a file: PDF, picture or plain text.

The picture decoders and pdfium are the only things here that see hostile bytes before a
signature does; each stays under a limit of pixels and pages.
"""

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageFilter, ImageOps, ImageSequence

from documents import raster
from documents.envelope import MAX_TEXT
from documents.errors import RasterError
from documents.photo import MAX_PIXELS

MAX_FILE_BYTES = 200_000_000  # 2,500 documents with a photograph each
MAX_FRAMES = 100  # pages of a scanned TIFF
MAX_CODES = 20_000
# Half of what printers and scanners damage is read at 200 dpi, the rest at 300 or after enlarging.
PDF_RESOLUTIONS = (200, 300, 400)
_ENLARGED_PIXELS = 12_000_000  # enlarging helps small phone pictures, not large scans
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "PPM")


class CodesError(Exception):
    """The file cannot be searched; `code` names the reason in a verdict."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Found:
    """The text of one code and the page it stands on, from 1; None in a picture or text."""

    text: str = field(repr=False)
    page: int | None = None


def find(data: bytes) -> Sequence[Found]:
    """Return every code in `data`, in reading order of the pages; empty when there is none.

    Raises:
        CodesError: ``not_a_file``, ``damaged_file``, ``too_many_pixels``, ``too_many_pages``.
    """
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return _in_pdf(data)
    lines = _lines(data)
    if lines is not None:
        return [Found(line) for line in lines]
    return [Found(text) for picture in _frames(data) for text in read_picture(picture)]


def read_picture(picture: Image.Image) -> list[str]:
    """Return the texts of the codes in a picture, left to right and top to bottom."""
    grey = picture if picture.mode == "L" else picture.convert("L")
    for attempt in _attempts(grey):
        if found := _read(attempt):
            return found
    return []


def _attempts(grey: Image.Image) -> Iterator[Image.Image]:
    """The picture as it is; enlarged, for small modules; softened, for coarse grain. Measured on
    simulated scans, the three together read what each alone misses."""
    yield grey
    if grey.width * grey.height <= _ENLARGED_PIXELS:
        yield grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    yield grey.filter(ImageFilter.GaussianBlur(1))


def _read(picture: Image.Image) -> list[str]:
    import zxingcpp  # a native library that only verification and the self-check need

    found = zxingcpp.read_barcodes(
        picture,
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
        text_mode=zxingcpp.TextMode.Plain,
    )
    in_order = sorted(
        (code for code in found if code.valid),
        key=lambda code: (code.position.top_left.y // 50, code.position.top_left.x),
    )
    return [code.text for code in in_order]


def _in_pdf(data: bytes) -> list[Found]:
    """Codes of all pages. A page is drawn finer only when nothing was found on it."""
    found: list[Found] = []
    try:
        for number, picture in enumerate(raster.pages(data, dpi=PDF_RESOLUTIONS[0]), start=1):
            texts = read_picture(picture)
            for dpi in PDF_RESOLUTIONS[1:]:
                if not texts:
                    texts = read_picture(raster.page(data, number - 1, dpi=dpi, grey=True))
            found += [Found(text, number) for text in texts]
            if len(found) > MAX_CODES:
                raise CodesError("too_many_pages")
    except RasterError as error:
        known = {"damaged_file", "too_many_pages"}
        raise CodesError(error.code if error.code in known else "damaged_file") from error
    return found


def _lines(data: bytes) -> list[str] | None:
    """The non-empty lines of a text file, or None when the bytes are not plain ASCII text."""
    if len(data) > MAX_TEXT * 16 or b"\0" in data:
        return None
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("ascii")
    except UnicodeDecodeError:
        return None
    # A line may begin or end with a space: it is a Base45 character. Only the break is taken off.
    lines = [line for line in text.splitlines() if line.strip()]
    return lines or None


def _frames(data: bytes) -> Iterator[Image.Image]:
    """The pictures of a file: one, or the pages of a TIFF; upright and under the pixel limit."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError:
        raise CodesError("too_many_pixels") from None
    except (OSError, ValueError, SyntaxError, OverflowError):
        raise CodesError("not_a_file") from None
    try:
        for number, frame in enumerate(ImageSequence.Iterator(opened)):
            if number >= MAX_FRAMES:
                raise CodesError("too_many_pages")
            if frame.width * frame.height > MAX_PIXELS:
                raise CodesError("too_many_pixels")
            yield _on_white(ImageOps.exif_transpose(frame))
    except (OSError, ValueError, SyntaxError, OverflowError, MemoryError, TypeError, KeyError):
        raise CodesError("damaged_file") from None


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        paper = Image.new("L", layered.size, 255)
        paper.paste(layered.convert("L"), mask=layered.getchannel("A"))
        return paper
    return picture.convert("L")
