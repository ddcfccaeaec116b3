"""The PDF file: pages in order, its metadata, and the same bytes for the same input."""

import io
from collections.abc import Sequence
from datetime import datetime

from documents.errors import PageError
from documents.layout import blank as sheets
from documents.layout import card, record
from documents.layout.finish import About, Finish
from documents.layout.flow import Flow, Plan
from documents.layout.paper import Paper
from documents.layout.structure import Tree
from documents.layout.theme import A4, PAPERS
from documents.page_data import MOST_DOCUMENTS, Blank, Issuer, PageData, Record
from documents.qr import CARD_SIDES_MM, symbol
from documents.templates.library import shipped
from documents.templates.model import Template
from documents.text.canvas import PdfCanvas
from documents.text.pdf import TextPen
from documents.wording import Words

MOST_SHEETS = 1_000
"""Blank sheets in one PDF."""


def write(pages: Sequence[PageData], *, created: datetime) -> bytes:
    """See `documents.pages.render`."""
    if not pages:
        raise PageError("nothing", "There is nothing to print.")
    if len(pages) > MOST_DOCUMENTS:
        raise PageError("too_many", f"Print at most {MOST_DOCUMENTS} documents at a time.")
    out = io.BytesIO()
    languages = {Words(page.language).language for page in pages}
    canvas, tree = _canvas(out), Tree()
    pen, finish = TextPen(canvas), Finish(canvas, tree)
    for page in pages:
        _write_document(canvas, pen, tree, page)
        finish.paper()
    language = languages.pop() if len(languages) == 1 else "mul"
    finish.end(About(_title(pages), pages[0].issuer.office, language, created))
    return out.getvalue()


def write_record(made: Record, *, created: datetime) -> bytes:
    """See `documents.pages.render_record`."""
    out = io.BytesIO()
    words = Words(made.language)
    canvas, tree = _canvas(out), Tree()
    finish = Finish(canvas, tree)
    with tree.inside("Sect", language=words.language):
        paper = Paper(canvas, TextPen(canvas), tree=tree, rtl=words.rtl, language=words.language)
        record.draw(paper, words, made)
    finish.end(About(words.say("record_title"), made.issuer.office, words.language, created))
    return out.getvalue()


def write_blank(made: Blank, *, created: datetime) -> bytes:
    """See `documents.pages.render_blank`."""
    if not 0 < len(made.numbers) <= MOST_SHEETS:
        raise PageError("too_many", f"Print from 1 to {MOST_SHEETS} sheets at a time.")
    template = made.template or shipped().templates["blank"]
    words = words_of(made.language, made.beside, made.issuer)
    out = io.BytesIO()
    canvas, tree = _canvas(out), Tree()
    pen, finish = TextPen(canvas), Finish(canvas, tree)
    size = PAPERS[made.paper or template.papers[0]]
    for number in made.numbers:
        paper = Paper(canvas, pen, tree=tree, rtl=words.rtl, language=words.language, size=size)
        with tree.inside("Sect", language=words.language):
            sheets.draw(paper, words, made, template, number)
        finish.paper()
    finish.end(About(words.text(template.title), made.issuer.office, words.language, created))
    return out.getvalue()


def _canvas(out: io.BytesIO) -> PdfCanvas:
    return PdfCanvas(out, pagesize=A4.points)


def plan(page: PageData) -> Plan:
    """What stands on which page of a document, without drawing it; not of a card.

    Raises:
        PageError: see `documents.pages.render`.
    """
    canvas = _canvas(io.BytesIO())
    template = template_of(page)
    words = words_of(page.language, page.beside, page.issuer)
    size = PAPERS[page.paper or template.papers[0]]
    pen = TextPen(canvas)
    paper = Paper(canvas, pen, tree=Tree(), rtl=words.rtl, language=words.language, size=size)
    code = symbol(page.credential) if page.credential else None
    return Flow(paper, words, page, template, code).plan()


def _write_document(canvas: PdfCanvas, pen: TextPen, tree: Tree, page: PageData) -> None:
    template = template_of(page)
    words = words_of(page.language, page.beside, page.issuer)
    size = PAPERS[page.paper or template.papers[0]]
    paper = Paper(canvas, pen, tree=tree, rtl=words.rtl, language=words.language, size=size)
    with tree.inside("Sect", language=words.language):
        if size.name == "card":
            face = symbol(page.credential, CARD_SIDES_MM) if page.credential else None
            card.draw(paper, words, page, template, face)
            return
        code = symbol(page.credential) if page.credential else None
        Flow(paper, words, page, template, code).draw()


def template_of(page: PageData) -> Template:
    """The template that a page is drawn by.

    Raises:
        PageError: code ``template``: there is none of that name.
    """
    found = page.template or shipped().get(page.type)
    if found is None or (page.paper and page.paper not in found.papers):
        raise PageError("template", "There is no such document on that paper. Choose another.")
    return found


def words_of(language: str, beside: str, issuer: Issuer) -> Words:
    """The words of a page, the operation's own among them."""
    return Words(language, beside, own=issuer.sentences, texts=issuer.texts)


def _title(pages: Sequence[PageData]) -> str:
    first = pages[0]
    words = words_of(first.language, first.beside, first.issuer)
    title = words.text(template_of(first).title)
    return f"{title} {first.number}" if len(pages) == 1 and first.number else title
