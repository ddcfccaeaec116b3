"""Every QR code in a file: PDF, picture or plain text.

The picture decoders and pdfium are the only things here that see hostile bytes before a
signature does; each stays under a limit of pixels and pages, and the search as a whole under a
limit of time spent where nothing is found. What was not looked at is said, never passed over.
"""

import io
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from PIL import Image, ImageFilter, ImageOps, ImageSequence

from documents import raster
from documents.envelope import MAX_TEXT
from documents.errors import DAMAGED, RasterError
from documents.photo import MAX_PIXELS

MAX_FILE_BYTES = 200_000_000  # 2,500 documents with a photograph each
MAX_PAGES = 2_500  # of a PDF: as many documents; those who print more print several files
MAX_FRAMES = 100  # pages of a scanned TIFF
BARREN_SECONDS = 120.0
"""Time for pages on which no code is found, all of them together. A page of text takes one or two
seconds, at three resolutions; a scan of which more than fifty pages hold no code is no papers."""
# Half of what printers and scanners damage is read at 200 dpi, the rest at 300 or after enlarging.
PDF_RESOLUTIONS = (200, 300, 400)
_ENLARGED_PIXELS = 12_000_000  # enlarging helps small phone pictures, not large scans
_MAX_SIDE = raster.MAX_PAGE_SIDE
_LEAST_CONTRAST = 32  # of 255 levels of grey; paper with nothing on it has less
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "PPM")
Progress = Callable[[int, int], None]
Read = Callable[[Sequence[str], int | None], None]
"""The texts on one page, and its number, from 1 in a PDF."""


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


@dataclass(frozen=True, slots=True)
class Unseen:
    """From this page on (from 1; None: the whole file) nothing was looked at, and why."""

    reason: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, in reading order of the pages, and what was not looked at."""

    found: tuple[Found, ...]
    unseen: Unseen | None = None


def find(data: bytes) -> Sequence[Found]:
    """Return every code that `search` finds, whatever was not looked at."""
    return search(data).found


def search(
    data: bytes,
    *,
    progress: Progress = lambda done, total: None,
    read: Read = lambda texts, page: None,
    clock: Callable[[], float] = time.monotonic,
) -> Search:
    """Look for codes on every page of `data`. A foreign file is looked into by `apart.search`,
    which can be ended; here the time is only looked at between two pages.

    `unseen` has the reasons ``not_a_file``, ``damaged_file``, ``too_many_pixels``,
    ``too_long_picture``, ``moving_picture``, ``too_many_pages``, ``not_looked_at``. `read` is told
    the texts of every page as soon as it was read; `clock` counts seconds.
    """
    if _is_pdf(data):
        return _in_pdf(data, progress, read, clock)
    lines = _lines(data)
    if lines is not None:
        return Search(tuple(Found(line) for line in lines))
    pages = (_Page(picture) for picture in _frames(data))
    return _over_pages(pages, read, clock, MAX_FRAMES, numbered=False)


def is_text(data: bytes) -> bool:
    """Whether the bytes are text, for which no decoder is needed."""
    return not _is_pdf(data) and _lines(data) is not None


def _is_pdf(data: bytes) -> bool:
    return data[:1024].lstrip().startswith(b"%PDF-")


class _Page:
    """A page that can be drawn finer than it is, if it comes from a PDF."""

    def __init__(
        self, picture: Image.Image, finer: Callable[[int], Image.Image] | None = None
    ) -> None:
        self._picture = picture
        self._finer = finer

    def read(self) -> list[str]:
        """The texts of its codes. It is drawn finer only when nothing was found, and not when
        nothing is printed on it."""
        if _blank(self._picture):
            return []
        texts = read_picture(self._picture)
        if self._finer is None:
            return texts
        for dpi in PDF_RESOLUTIONS[1:]:
            if not texts:
                texts = read_picture(self._finer(dpi))
        return texts


def _over_pages(
    pages: Iterable[_Page],
    read: Read,
    clock: Callable[[], float],
    limit: int,
    *,
    numbered: bool,
) -> Search:
    found: list[Found] = []
    barren = 0.0
    seen = 0
    begun = clock()
    try:
        for number, page in enumerate(pages, start=1):
            if number > limit or barren > BARREN_SECONDS:
                return Search(tuple(found), Unseen("not_looked_at", number))
            texts = page.read()
            seen = number
            found += [Found(text, number if numbered else None) for text in texts]
            read(texts, number if numbered else None)
            now = clock()
            barren += 0 if texts else now - begun
            begun = now
    except CodesError as error:
        # On the first page it is the file; later, what came before is as good as it was.
        return Search(tuple(found), Unseen(error.code, seen + 1 if seen else None))
    return Search(tuple(found))


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

    try:
        found = zxingcpp.read_barcodes(
            picture,
            # Not its small kin: Micro QR has next to no error correction, and at 200 dpi one in two
            # thousand genuine codes held the picture of one in a corner.
            formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2]),
            text_mode=zxingcpp.TextMode.Plain,
        )
    except (ValueError, RuntimeError):
        # A picture that the reader will not take has no code that it can read.
        return []
    in_order = sorted(
        (code for code in found if code.valid),
        key=lambda code: (code.position.top_left.y // 50, code.position.top_left.x),
    )
    return [code.text for code in in_order]


def _in_pdf(data: bytes, progress: Progress, read: Read, clock: Callable[[], float]) -> Search:
    def drawn(document: raster.Pages) -> Iterator[_Page]:
        total = len(document)
        for index in range(total):
            progress(index, total)
            yield _Page(_draw(document, index), partial(_draw, document, index))
        progress(total, total)

    try:
        with raster.opened(data) as document:
            return _over_pages(drawn(document), read, clock, MAX_PAGES, numbered=True)
    except RasterError as error:
        return Search((), Unseen(error.code))


def _draw(document: raster.Pages, index: int, dpi: int = PDF_RESOLUTIONS[0]) -> Image.Image:
    try:
        return document.draw(index, dpi=dpi, grey=True)
    except RasterError as error:
        raise CodesError(error.code) from error


def _blank(picture: Image.Image) -> bool:
    """Whether nothing is on the page: no dark next to light, so no code either."""
    darkest, lightest = picture.convert("L").getextrema()
    return bool(lightest - darkest < _LEAST_CONTRAST)  # type: ignore[operator]  # one band: a pair


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
    """The pictures of a file: one, or the pages of a TIFF; upright and under the limits."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError:
        raise CodesError("too_many_pixels") from None
    except DAMAGED:
        raise CodesError("not_a_file") from None
    try:
        for frame in _stills(opened):
            if frame.width * frame.height > MAX_PIXELS:
                raise CodesError("too_many_pixels")
            if max(frame.size) > _MAX_SIDE:
                raise CodesError("too_long_picture")
            yield _on_white(ImageOps.exif_transpose(frame))
    except Image.DecompressionBombError:
        # A later frame may claim another size than the first.
        raise CodesError("too_many_pixels") from None
    except DAMAGED:
        raise CodesError("damaged_file") from None


def _stills(opened: Image.Image) -> Iterator[Image.Image]:
    """The pages of a TIFF; of anything else the one picture that there is. What moves shows one
    code now and another then, and nobody can say which was checked: browsers see the first."""
    if opened.format == "TIFF":
        return iter(ImageSequence.Iterator(opened))
    # A telephone's JPEG may hold a second picture, for other screens, which nobody sees.
    if opened.format != "MPO" and getattr(opened, "n_frames", 1) > 1:
        raise CodesError("moving_picture")
    return iter((opened,))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        paper = Image.new("L", layered.size, 255)
        paper.paste(layered.convert("L"), mask=layered.getchannel("A"))
        return paper
    return picture.convert("L")
