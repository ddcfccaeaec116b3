"""The PDF file: pages in order, its metadata, and the same bytes for the same input."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime

from reportlab.lib.utils import TimeStamp

from documents.errors import PageError
from documents.layout import household, record, registration
from documents.layout.paper import Paper
from documents.layout.theme import MM, PAGE_HEIGHT, PAGE_WIDTH
from documents.page_data import MOST_DOCUMENTS, DocumentType, PageData, Record
from documents.qr import Symbol, symbol
from documents.text.canvas import PdfCanvas
from documents.text.pdf import TextPen
from documents.wording import Words

_LAYOUTS: dict[DocumentType, Callable[[Paper, Words, PageData, Symbol | None], None]] = {
    DocumentType.REGISTRATION: registration.draw,
    DocumentType.HOUSEHOLD: household.draw,
}


def write(pages: Sequence[PageData], *, created: datetime) -> bytes:
    """See `documents.pages.render`."""
    if not pages:
        raise PageError("nothing", "There is nothing to print.")
    if len(pages) > MOST_DOCUMENTS:
        raise PageError("too_many", f"Print at most {MOST_DOCUMENTS} documents at a time.")
    out = io.BytesIO()
    languages = {Words(page.language).language for page in pages}
    canvas = _canvas(out, languages.pop() if len(languages) == 1 else "mul")
    _describe(canvas, _title(pages), pages[0].issuer.office, created)
    pen = TextPen(canvas)
    for page in pages:
        _write_document(canvas, pen, page)
    canvas.save()
    return out.getvalue()


def write_record(made: Record, *, created: datetime) -> bytes:
    """See `documents.pages.render_record`."""
    out = io.BytesIO()
    words = Words(made.language)
    canvas = _canvas(out, words.language)
    _describe(canvas, words.say("record_title"), made.issuer.office, created)
    record.draw(Paper(canvas, TextPen(canvas), rtl=words.rtl, language=words.language), words, made)
    canvas.save()
    return out.getvalue()


def _canvas(out: io.BytesIO, language: str) -> PdfCanvas:
    return PdfCanvas(
        out,
        pagesize=(PAGE_WIDTH * MM, PAGE_HEIGHT * MM),
        pageCompression=1,
        invariant=1,
        lang=language,
        pdfVersion=(1, 6),
    )


def _write_document(canvas: PdfCanvas, pen: TextPen, page: PageData) -> None:
    words = Words(page.language)
    paper = Paper(canvas, pen, rtl=words.rtl, language=words.language)
    _LAYOUTS[page.type](paper, words, page, _code(page))


def _code(page: PageData) -> Symbol | None:
    return symbol(page.credential) if page.credential else None


def _title(pages: Sequence[PageData]) -> str:
    title = Words(pages[0].language).say(f"{pages[0].type}_title")
    return f"{title} {pages[0].number}" if len(pages) == 1 and pages[0].number else title


def _describe(canvas: PdfCanvas, title: str, author: str, created: datetime) -> None:
    """Title, maker and time. Never a name of a person: file managers show these."""
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setSubject("")
    canvas.setCreator("Waystation")
    canvas.setProducer("Waystation")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    # ReportLab takes the time from the machine, or a fixed one: neither is the time of the issue.
    stamp = TimeStamp(invariant=1)
    stamp.t = created.timestamp()
    stamp.lt = created.utctimetuple()
    stamp.YMDhms = tuple(stamp.lt)[:6]
    canvas.set_time(stamp)
