"""The benchmark of documents: five hundred different people, each with a photograph and a code."""

from __future__ import annotations

import io
import resource
import time
from datetime import UTC, date, datetime, timedelta

from benchmarks.figures import Figures
from benchmarks.specimen_people import PEOPLE, face
from documents import codes, raster
from documents.credential import Claims, end_of_day, issue
from documents.page_data import Identity, Issuer, PageData
from documents.pages import render
from ledger.keys import SigningKey
from values.dates import PartialDate
from values.secret import Secret

DOCUMENTS, PLAIN, READ = 500, 40, 60
_NOW = datetime(2026, 11, 15, 10, 0, tzinfo=UTC)
_ISSUED = date(2026, 11, 15)
_KEY = SigningKey.from_bytes(Secret(bytes(range(32))))
_PLAIN_WAY = "qrcode with mask search, vector squares, paragraphs of ReportLab"


def documents() -> Figures:
    """Registration documents, signed and drawn into one PDF; pages a second on one core.

    Baseline: the plain way in the same run, the same people and photographs. Reading the codes
    back from the pixels is counted apart, and so is what memory grows by.
    """
    figures = Figures("documents")
    photos = [face(at + 1_000 * (at // 1_000 + 1)) for at in range(DOCUMENTS)]
    render([_page(at, photos[at]) for at in range(8)], created=_NOW)  # loads fonts and ReportLab
    begun = time.perf_counter()
    first = render([_page(at, photos[at]) for at in range(100)], created=_NOW)
    early, held = time.perf_counter() - begun, _resident()
    begun = time.perf_counter()
    pages = [_page(at, photos[at]) for at in range(DOCUMENTS)]
    pdf = render(pages, created=_NOW)
    ours = (time.perf_counter() - begun) / DOCUMENTS
    grown = _resident() - held
    begun = time.perf_counter()
    for at in range(PLAIN):
        _plain(pages[at], photos[at])
    plain = (time.perf_counter() - begun) / PLAIN
    begun = time.perf_counter()
    read = sum(
        codes.read_picture(raster.page(pdf, at, dpi=200)) == [pages[at].credential]
        for at in range(READ)
    )
    back = (time.perf_counter() - begun) / READ
    figures.value("documents", 1 / ours, "per_second")
    figures.value("first_hundred", 100 / early, "per_second")
    figures.value("plain_documents", 1 / plain, "per_second")
    figures.ratio("speed", 1 / ours, 1 / plain, _PLAIN_WAY)
    figures.value("read_back", 1000 * back, "ms")
    figures.value("read", 100 * read / READ, "percent")
    figures.value("file", len(pdf) / DOCUMENTS / 1024, "kB_a_page")
    figures.value("memory", grown / 1024, "MB_more_than_for_a_hundred")
    figures.value("first_file", len(first) / 100 / 1024, "kB_a_page")
    return figures


def _resident() -> float:
    """The most memory that the process had, in kB."""
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _page(at: int, photo: bytes) -> PageData:
    """A document of an invented person, signed."""
    one = PEOPLE[at % len(PEOPLE)]
    who = Identity(
        number=f"UTO-A01-K7Q-P{at + 1:05d}-08",
        name=one.name,
        name_latin=f"{one.latin or one.name} {at}",
        name_language=one.language,
        sex=one.sex,
        birth=PartialDate.parse(one.birth, said_on=_ISSUED),
        nationality="XXA",
    )
    number = f"UTO-A01-K7Q-D{at + 1:05d}-31"
    signed = issue(
        Claims(
            issuer="Provisional registration office of Utopia",
            issued_at=_NOW,
            expires_at=end_of_day(_ISSUED + timedelta(days=180)),
            document_number=number,
            person_number=who.number,
            name=who.name,
            name_latin=who.name_latin,
            name_language=who.name_language,
            birth=who.birth,
            sex=who.sex,
            nationality=who.nationality,
        ),
        _KEY,
    )
    return PageData(
        type="registration",
        language="en",
        number=number,
        issued=_ISSUED,
        expires=_ISSUED + timedelta(days=180),
        issuer=Issuer(operation="Operation Utopia", office="Lower Orlan (A01)"),
        subject=who,
        credential=signed.text,
        photo=photo,
        issued_by="bench",
    )


def _plain(page: PageData, photo: bytes) -> bytes:
    """The same document as a program makes it that knows no better."""
    import qrcode
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(page.credential)
    code.make(fit=True)
    out = io.BytesIO()
    canvas = Canvas(out)
    style = getSampleStyleSheet()["Normal"]
    said = (page.subject.name_latin, page.subject.number, page.number, str(page.expires))
    for line, text in enumerate([*said * 3, "What this document is, and what it is not. " * 6]):
        paragraph = Paragraph(text, style)
        paragraph.wrap(400, 200)
        paragraph.drawOn(canvas, 60, 780 - 26 * line)
    canvas.drawImage(ImageReader(io.BytesIO(photo)), 400, 600, 100, 128)
    for y, row in enumerate(code.get_matrix()):
        for x, dark in enumerate(row):
            if dark:
                canvas.rect(60 + 1.4 * x, 60 + 1.4 * y, 1.4, 1.4, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
