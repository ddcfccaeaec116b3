"""The benchmark of documents: five hundred different people, each with a photograph and a code."""

from __future__ import annotations

import cProfile
import io
import pstats
import resource
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.figures import Figures
from benchmarks.specimen_people import PEOPLE, face
from documents import codes, raster
from documents.credential import Claims, end_of_day, issue
from documents.joining import Sheaf
from documents.page_data import Identity, Issuer, PageData
from documents.pages import render
from ledger.keys import SigningKey
from values.dates import PartialDate
from values.secret import Secret

DOCUMENTS, PLAIN, READ = 500, 40, 60
EARLY, BLOCK = 100, 50
# None of them calls another, so that their shares add up.
_PARTS = {
    "text/shape.shape": "shaping",
    "text/bidi.resolve": "shaping",
    "text/itemise.itemise": "shaping",
    "text/pdf.draw": "text",
    "documents/qr.symbol": "code",
    "documents/qr.path": "code",
    "layout/images.place_jpeg": "photograph",
    "layout/pattern.seed_of": "lines_of_the_ground",
    "layout/pattern._wave": "lines_of_the_ground",
    "layout/pattern.rosette": "lines_of_the_ground",
    "text/canvas.addPage": "writing",
    "text/canvas.format": "writing",
    "text/embed.addObjects": "fonts",
}
_NOW = datetime(2026, 11, 15, 10, 0, tzinfo=UTC)
_ISSUED = date(2026, 11, 15)
_KEY = SigningKey.from_bytes(Secret(bytes(range(32))))
_PLAIN_WAY = "qrcode with mask search, vector squares, paragraphs of ReportLab"


def documents() -> Figures:
    """Registration documents, signed and drawn in blocks into one PDF on the disk; pages a second
    on one core.

    Baseline: the plain way in the same run, the same people and photographs. Reading the codes
    back from the pixels is counted apart, and so is what memory grows by.
    """
    figures = Figures("documents")
    photos = [face(at + 1_000 * (at // 1_000 + 1)) for at in range(DOCUMENTS)]
    pages = [_page(at, photos[at]) for at in range(DOCUMENTS)]
    pdf = render(pages[:EARLY], created=_NOW)  # loads fonts and ReportLab, and fills what is kept
    with tempfile.TemporaryFile() as out:
        sheaf = Sheaf(out)
        for start in range(0, DOCUMENTS, BLOCK):
            if start == EARLY:
                held = _resident()
            sheaf.add(render(pages[start : start + BLOCK], created=_NOW), [1] * BLOCK)
            sheaf.keep()
        grown = _resident() - held
        figures.value("file", out.tell() / DOCUMENTS / 1024, "kB_a_page")
    figures.value("memory", grown / 1024, f"MB_for_{DOCUMENTS - EARLY}_pages_more")
    # In turns and in processor time: other work on the machine meets both ways alike.
    ours = plain = 0.0
    for start in range(0, DOCUMENTS, BLOCK):
        block = range(start, start + BLOCK)
        begun = time.process_time()
        render([_page(at, photos[at]) for at in block], created=_NOW)
        ours += (time.process_time() - begun) / DOCUMENTS
        some = block[: PLAIN * BLOCK // DOCUMENTS]
        begun = time.process_time()
        for at in some:
            _plain(pages[at], photos[at])
        plain += (time.process_time() - begun) / PLAIN
    begun = time.process_time()
    read = sum(
        codes.read_picture(raster.page(pdf, at, dpi=200)) == [pages[at].credential]
        for at in range(READ)
    )
    back = (time.process_time() - begun) / READ
    figures.value("documents", 1 / ours, "per_second")
    figures.value("plain_documents", 1 / plain, "per_second")
    figures.ratio("speed", 1 / ours, 1 / plain, _PLAIN_WAY)
    figures.value("read_back", 1000 * back, "ms")
    figures.value("read", 100 * read / READ, "percent")
    for what, share in _shares(pages[:EARLY]).items():
        figures.value(f"share_{what}", 100 * share, "percent")
    return figures


def _shares(pages: list[PageData]) -> dict[str, float]:
    """What takes the time of drawing, by the profiler: each with what it calls, of the whole."""
    profile = cProfile.Profile()
    profile.runcall(render, pages, created=_NOW)
    found: dict[str, float] = dict.fromkeys(_PARTS.values(), 0.0)
    whole = 0.0
    for (file, _, function), (*_, spent, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]  # not in its stubs
        place = f"{Path(file).parent.name}/{Path(file).stem}.{function}"
        if place == "documents/pages.render":
            whole = spent
        if place in _PARTS:
            found[_PARTS[place]] += spent
    found = {what: spent / whole for what, spent in found.items()}
    return found | {"layout_and_the_rest": 1.0 - sum(found.values())}


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
