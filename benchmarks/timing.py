"""The benchmarks of the store: saving a family, finding a person, pages, bundles."""

from __future__ import annotations

import gc
import io
import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.camp import SEED
from benchmarks.figures import Figures, quantile
from benchmarks.people import household, names, photo
from station import batch, printing
from station.enter import enter_household
from station.export import export
from workspace.search import search

if TYPE_CHECKING:
    from benchmarks.camp import Camp
    from forms.answers import HouseholdAnswers
    from workspace.session import Session

SAVES = 300
QUERIES = 300
PAGES = 60


def save(camp: Camp) -> Figures:
    """A household of four with photos, saved into the full store, beside the plain twin.

    Baseline: the same unit of work on plain SQLite without signatures, interleaved with ours.
    """
    figures = Figures("save")
    rng = random.Random(1)
    ours: list[float] = []
    plain: list[float] = []
    with camp.session() as session, camp.twin(session) as twin:
        for turn in range(SAVES + 5):
            family = household(rng)
            faces = [photo(rng) for _ in family.members]
            pair = [(session, ours), (twin, plain)]
            for one, series in pair if turn % 2 else pair[::-1]:
                took = _save(one, family, faces)
                if turn >= 5:  # the first ones fill caches on both sides
                    series.append(took)
    figures.timing("save", ours)
    figures.timing("plain", plain)
    twin_name = "plain SQLite without signatures"
    figures.ratio("save_p50", quantile(ours, 0.5), quantile(plain, 0.5), twin_name)
    figures.ratio("save_p95", quantile(ours, 0.95), quantile(plain, 0.95), twin_name)
    return figures


def _save(session: Session, family: HouseholdAnswers, faces: list[bytes]) -> float:
    begun = time.perf_counter()
    for member, hash_ in zip(family.members, session.store.photos.put_many(faces), strict=True):
        member.values["photo"] = bytes(hash_)  # type: ignore[index]  # a dict of our own making
    with session.act() as act:
        enter_household(session, act, family, on="2026-11-15", source={"way": "interview"})
    return (time.perf_counter() - begun) * 1000


def find(camp: Camp) -> Figures:
    """Searches by name as typed: whole, beginning, misspelt; processor time and wall time."""
    figures = Figures("search")
    rng = random.Random(2)
    wall: list[float] = []
    cpu: list[float] = []
    right = 0
    with camp.session() as session:
        gc.freeze()  # as the desktop does once it is warm
        for query, name in _queries(rng, camp.persons):
            begun, used = time.perf_counter(), time.process_time()
            hits = search(session, query)
            cpu.append((time.process_time() - used) * 1000)
            wall.append((time.perf_counter() - begun) * 1000)
            right += any(name in (hit.name, hit.name_latin) for hit in hits)
    figures.timing("", wall)
    figures.timing("cpu", cpu)
    figures.value("right_name_shown", 100 * right / len(wall), "percent")
    return figures


def _queries(rng: random.Random, persons: int) -> list[tuple[str, str]]:
    """What is typed, and the name that was meant."""
    queries = []
    for place, name in enumerate(names(SEED, min(persons // 4, QUERIES))):
        parts = name.split()
        match place % 3:
            case 0:
                queries.append((name, name))
            case 1:
                queries.append((f"{parts[0]} {parts[1][:2]}", name))
            case _:
                letters = list(name)
                at = rng.randrange(1, len(letters))
                letters[at] = letters[at - 1]
                queries.append(("".join(letters), name))
    return queries


def page(camp: Camp) -> Figures:
    """Provisional documents: signed, drawn, read back and stored; pages in a second on one core.

    Baseline: the plain way, one after the other in the same run: qrcode with its mask search,
    a vector square for each module, and unshaped strings on a ReportLab canvas.
    """
    figures = Figures("page")
    with camp.session() as session:
        rows = printing.printable(session)[: PAGES + 2]
        targets = [printing.Target("registration", row.person) for row in rows]
        batch.print_all(session, targets[:2], language="en")  # loads fonts and ReportLab
        begun = time.perf_counter()
        issued = batch.print_all(session, targets[2:], language="en")
        ours = (time.perf_counter() - begun) / sum(issued.pages)
    begun = time.perf_counter()
    for number in range(PAGES // 6):
        _plain_page(number)
    plain = (time.perf_counter() - begun) / (PAGES // 6)
    figures.value("page", 1000 * ours, "ms")
    figures.value("pages", 1 / ours, "per_second")
    figures.value("plain_page", 1000 * plain, "ms")
    figures.ratio("page", ours, plain, "qrcode with mask search and vector squares on ReportLab")
    return figures


def _plain_page(number: int) -> bytes:
    import qrcode
    from reportlab.pdfgen.canvas import Canvas

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(random.Random(number).randbytes(230))
    code.make(fit=True)
    out = io.BytesIO()
    canvas = Canvas(out)
    for line in range(20):
        canvas.drawString(60, 760 - 18 * line, f"a line of the page, number {line} of {number}")
    for y, row in enumerate(code.get_matrix()):
        for x, dark in enumerate(row):
            if dark:
                canvas.rect(60 + 1.5 * x, 60 + 1.5 * y, 1.5, 1.5, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def bundle(camp: Camp) -> Figures:
    """A bundle out, and in again at the registry, in entries and persons per second.

    Baseline of each: reading the same entries from the store.
    """
    from benchmarks.camp import camp as build
    from training.offices import REGISTRAR, SUPERVISOR

    figures = Figures("bundle")
    with tempfile.TemporaryDirectory(dir=camp.folder) as scratch:
        small = build(Path(scratch), persons=4000)
        outbox = Path(scratch) / "outbox"
        outbox.mkdir()
        with small.session(SUPERVISOR) as session:
            begun = time.perf_counter()
            with session.store.read() as reader:
                entries = sum(len(entry.header_bytes) > 0 for _, entry, _ in reader.arrivals())
            reading = time.perf_counter() - begun
            begun = time.perf_counter()
            sent = export(session, outbox)
            out = time.perf_counter() - begun
        with small.session_at("registry", REGISTRAR) as session:
            from registry.admit import import_bundle

            begun = time.perf_counter()
            taken = import_bundle(session, sent.bundle, notice_parent=outbox)
            into = time.perf_counter() - begun
        shutil.rmtree(outbox)
    figures.value("entries", entries, "count")
    figures.value("admitted", taken.admitted, "count")
    figures.value("out_persons", small.persons / out, "per_second")
    figures.value("in_persons", small.persons / into, "per_second")
    figures.ratio("out", out, reading, "reading the same entries")
    figures.ratio("in", into, reading, "reading the same entries")
    return figures
