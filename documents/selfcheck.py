"""Reading back what was printed: is every code on every page the one that was issued?

Run after pages are drawn and before they are handed out. It looks at pixels, as a phone will,
at the resolution of an office scanner; it knows nothing of how the page was drawn.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from documents import codes, raster

RESOLUTION = 200  # what offices scan at; every symbol size was measured to be read at it


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What was found. Pages count from 1, documents from 0 in the order they were given."""

    pages: int
    unread_pages: tuple[int, ...]
    missing_documents: tuple[int, ...]
    documents: tuple[int | None, ...] = ()
    """Of every page in order, which document it is a page of; None where that was not read."""

    @property
    def failed(self) -> frozenset[int]:
        """Documents of which a page was not read: those missing, and of a page that says nothing
        the one before it, whose further page it is."""
        bad = set(self.missing_documents)
        last = 0
        for place, document in enumerate(self.documents, start=1):
            if document is not None:
                last = document
            elif place in self.unread_pages and last + 1 not in bad:
                bad.add(last)
        return frozenset(bad)

    @property
    def sound(self) -> bool:
        """Every page carries a code that was issued, and every issued code is on a page."""
        return not self.unread_pages and not self.missing_documents


def read_back(
    pdf: bytes,
    issued: Sequence[str],
    *,
    backs: Collection[int] = (),
    each: Callable[[int], None] = lambda page: None,
) -> SelfCheck:
    """Compare the codes on the pages of `pdf` with the texts that were `issued`.

    Every page bears its document's code, but for the second of those in `backs`: the back of a
    card has no room for one. `each` is called after every page with its number; what it raises
    ends the reading.

    Raises:
        RasterError: the PDF cannot be drawn.
    """
    places = {text: at for at, text in enumerate(issued)}
    documents: list[int | None] = []
    seen: set[str] = set()
    unread = []
    count = 0
    turned: int | None = None
    for count, picture in enumerate(raster.pages(pdf, dpi=RESOLUTION), start=1):
        if turned is not None:
            documents.append(turned)
            turned = None
            each(count)
            continue
        found = codes.read_picture(picture)
        right = len(found) == 1 and found[0] in places
        if not right:
            unread.append(count)
        documents.append(places[found[0]] if right else None)
        turned = documents[-1] if documents[-1] in backs else None
        seen.update(found)
        each(count)
    missing = tuple(at for at, text in enumerate(issued) if text not in seen)
    return SelfCheck(count, tuple(unread), missing, tuple(documents))
