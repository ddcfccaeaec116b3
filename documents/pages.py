"""Documents as one PDF, in memory.

``render`` draws documents, ``render_record`` what is held about a person. ReportLab and the fonts
are loaded at the first of them, not when this module is imported: a desktop that prints nothing
does not pay for them.
"""

from collections.abc import Sequence
from datetime import datetime

from documents.page_data import (
    Answer,
    Blank,
    DocumentType,
    Identity,
    Issuer,
    MemberLine,
    PageData,
    Party,
    Record,
    Section,
)

__all__ = [
    "Answer",
    "Blank",
    "DocumentType",
    "Identity",
    "Issuer",
    "MemberLine",
    "PageData",
    "Party",
    "Record",
    "Section",
    "has_bare_back",
    "render",
    "render_blank",
    "render_record",
]


def render(pages: Sequence[PageData], *, created: datetime) -> bytes:
    """Return one PDF with the documents in order, each on its own A4 page or pages.

    `created` (aware) is written into the file; with the same data and the same time the bytes
    are the same.

    Raises:
        PageError: there is nothing to print, or a document cannot be laid out.
        FontError: a bundled font is missing or damaged.
    """
    from documents.layout.writer import write

    return write(pages, created=created)


def has_bare_back(page: PageData) -> bool:
    """Whether a document's second page bears no code: the back of a card.

    Raises:
        PageError: there is no such document on that paper.
    """
    from documents.layout.writer import template_of

    return (page.paper or template_of(page).papers[0]) == "card"


def render_record(record: Record, *, created: datetime) -> bytes:
    """Return a person's record as a PDF of as many A4 pages as it needs.

    Raises:
        FontError: a bundled font is missing or damaged.
    """
    from documents.layout.writer import write_record

    return write_record(record, created=created)


def render_blank(blank: Blank, *, created: datetime) -> bytes:
    """Return sheets to fill in by hand, one page for each number.

    Raises:
        PageError: there are too many, or none.
        FontError: a bundled font is missing or damaged.
    """
    from documents.layout.writer import write_blank

    return write_blank(blank, created=created)
