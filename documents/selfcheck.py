"""Reading back what was printed: is every code on every page the one that was issued?

Run after pages are drawn and before they are handed out. It looks at pixels, as a phone will,
at the resolution of an office scanner; it knows nothing of how the page was drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from documents import codes, raster

RESOLUTION = 200  # what offices scan at; every symbol size was measured to be read at it


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What was found. Pages count from 1, documents from 0 in the order they were given."""

    pages: int
    unread_pages: tuple[int, ...]
    missing_documents: tuple[int, ...]

    @property
    def sound(self) -> bool:
        """Every page carries a code that was issued, and every issued code is on a page."""
        return not self.unread_pages and not self.missing_documents


def read_back(pdf: bytes, issued: Sequence[str]) -> SelfCheck:
    """Compare the codes on the pages of `pdf` with the texts that were `issued`.

    Raises:
        RasterError: the PDF cannot be drawn.
    """
    expected = set(issued)
    seen: set[str] = set()
    unread = []
    count = 0
    for count, picture in enumerate(raster.pages(pdf, dpi=RESOLUTION), start=1):
        found = codes.read_picture(picture)
        if len(found) != 1 or found[0] not in expected:
            unread.append(count)
        seen.update(found)
    missing = tuple(at for at, text in enumerate(issued) if text not in seen)
    return SelfCheck(count, tuple(unread), missing)
