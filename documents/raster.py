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
POINTS_PER_INCH = 72
# pdfium allows one call at a time in a process; the desktop draws previews while it verifies.
_PDFIUM = threading.Lock()


def page_count(pdf: bytes) -> int:
    """Return the number of pages.

    Raises:
        RasterError: code ``damaged_file``.
    """
    with _opened(pdf) as document:
        return len(document)


def pages(pdf: bytes, *, dpi: int = 200, grey: bool = True) -> Iterator[Image.Image]:
    """Yield every page as a picture, one at a time: a run of 500 would not fit in memory.

    A page too large for `dpi` is drawn at the highest resolution that keeps the pixel limit.

    Raises:
        RasterError: codes ``damaged_file``, ``too_many_pages``.
    """
    with _opened(pdf) as document:
        if len(document) > MAX_PAGES:
            raise RasterError("too_many_pages", "The PDF has too many pages. Split it.")
        for index in range(len(document)):
            yield _draw(document, index, dpi=dpi, grey=grey)


def page(pdf: bytes, index: int, *, dpi: int = 200, grey: bool = False) -> Image.Image:
    """Return page `index` (from 0) as a picture.

    Raises:
        RasterError: codes ``damaged_file``, ``no_such_page``.
    """
    with _opened(pdf) as document:
        if not 0 <= index < len(document):
            raise RasterError("no_such_page", "The PDF has no such page.")
        return _draw(document, index, dpi=dpi, grey=grey)


@contextmanager
def _opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    try:
        with _PDFIUM:
            document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError:
        raise RasterError("damaged_file", "The PDF is damaged. Scan or copy it again.") from None
    try:
        yield document
    finally:
        with _PDFIUM:
            document.close()


def _draw(document: pdfium.PdfDocument, index: int, *, dpi: int, grey: bool) -> Image.Image:
    with _PDFIUM:
        return _drawn(document, index, dpi=dpi, grey=grey)


def _drawn(document: pdfium.PdfDocument, index: int, *, dpi: int, grey: bool) -> Image.Image:
    try:
        page_ = document[index]
        width, height = page_.get_size()
        scale = dpi / POINTS_PER_INCH
        area = width * height
        if not area > 0:
            raise RasterError("damaged_file", "The PDF has a page without size.")
        scale = min(scale, (MAX_PAGE_PIXELS / area) ** 0.5)
        picture: Image.Image = page_.render(scale=scale, grayscale=grey).to_pil()
        page_.close()
        return picture
    except pdfium.PdfiumError:
        raise RasterError("damaged_file", "The PDF is damaged. Scan or copy it again.") from None
