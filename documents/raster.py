"""Pages of a PDF as pictures, by pdfium.

Serves three masters: verification (find the codes), the self-check after printing to a file,
and the preview of a server that has no window.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
from PIL import Image

from documents.errors import RasterError

MAX_PAGES = 10_000  # a print run has at most 5,000 documents, attestations two pages each
MAX_PAGE_PIXELS = 50_000_000  # as for photographs; a hostile page box must not fill the memory
MAX_PAGE_SIDE = 30_000  # pixels; a page may be a strip, and readers of codes take 65,535
POINTS_PER_INCH = 72
# pdfium allows one call at a time in a process; the desktop draws previews while it verifies.
PDFIUM = threading.Lock()


class Pages:
    """An open PDF, whose pages are drawn one at a time: a run of 500 would not fit in memory."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self._document = document

    def __len__(self) -> int:
        return len(self._document)

    def draw(self, index: int, *, dpi: int, grey: bool) -> Image.Image:
        """Draw page `index` (from 0), at the highest resolution up to `dpi` that keeps the limits.

        Raises:
            RasterError: code ``damaged_file``.
        """
        with PDFIUM:
            return _drawn(self._document, index, dpi=dpi, grey=grey)


def page_count(pdf: bytes) -> int:
    """Return the number of pages.

    Raises:
        RasterError: code ``damaged_file``.
    """
    with opened(pdf) as document:
        return len(document)


def pages(pdf: bytes, *, dpi: int = 200, grey: bool = True) -> Iterator[Image.Image]:
    """Yield every page as a picture, one at a time.

    Raises:
        RasterError: codes ``damaged_file``, ``too_many_pages``.
    """
    with opened(pdf) as document:
        if len(document) > MAX_PAGES:
            raise RasterError("too_many_pages", "The PDF has too many pages. Split it.")
        for index in range(len(document)):
            yield document.draw(index, dpi=dpi, grey=grey)


def page(pdf: bytes, index: int, *, dpi: int = 200, grey: bool = False) -> Image.Image:
    """Return page `index` (from 0) as a picture.

    Raises:
        RasterError: codes ``damaged_file``, ``no_such_page``.
    """
    with opened(pdf) as document:
        if not 0 <= index < len(document):
            raise RasterError("no_such_page", "The PDF has no such page.")
        return document.draw(index, dpi=dpi, grey=grey)


@contextmanager
def opened(pdf: bytes) -> Iterator[Pages]:
    """The PDF, open as long as the block runs.

    Raises:
        RasterError: code ``damaged_file``.
    """
    try:
        with PDFIUM:
            document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError:
        raise RasterError("damaged_file", "The PDF is damaged. Scan or copy it again.") from None
    try:
        yield Pages(document)
    finally:
        with PDFIUM:
            document.close()


def _drawn(document: pdfium.PdfDocument, index: int, *, dpi: int, grey: bool) -> Image.Image:
    try:
        page_ = document[index]
        width, height = page_.get_size()
        scale = dpi / POINTS_PER_INCH
        area = width * height
        if not area > 0:
            raise RasterError("damaged_file", "The PDF has a page without size.")
        scale = min(scale, (MAX_PAGE_PIXELS / area) ** 0.5, MAX_PAGE_SIDE / max(width, height))
        picture: Image.Image = page_.render(scale=scale, grayscale=grey).to_pil()
        page_.close()
        return picture
    except pdfium.PdfiumError:
        raise RasterError("damaged_file", "The PDF is damaged. Scan or copy it again.") from None
