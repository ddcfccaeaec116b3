"""The specimen book: every document in every language of papers, of invented people.

    python packaging/specimens.py [build/specimens] [--resolution 100]

Writes one PDF and its pages as PNG for every document and language, and an index to look at them.
"""

from __future__ import annotations

import argparse
import html
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.specimen_people import PEOPLE, Sample, face
from documents import raster
from documents.credential import Claims, end_of_day, issue
from documents.page_data import (
    Answer,
    Blank,
    Identity,
    Issuer,
    MemberLine,
    PageData,
    Party,
)
from documents.pages import render, render_blank
from documents.templates.library import shipped
from documents.templates.model import About, Template
from forms.library import catalogue
from ledger.keys import SigningKey
from resources.i18n import paper_languages, papers
from values.dates import PartialDate
from values.secret import Secret

NOW = datetime(2026, 11, 15, 10, 0, tzinfo=UTC)
ISSUED, EXPIRES = date(2026, 11, 15), date(2027, 5, 14)
KEY = SigningKey.from_bytes(Secret(bytes(range(32))))
ISSUER = Issuer(
    operation="Operation Utopia (specimen)",
    office="Reception site, Lower Orlan (A01)",
    authority="Provisional registration office of Utopia",
    contact="Tent 4, open every day but Friday",
)
PLACE = "Lower Orlan"


@dataclass(frozen=True, slots=True)
class Specimen:
    """One page of the book."""

    name: str
    language: str
    page: PageData


def identity(sample: Sample, at: int) -> Identity:
    """An invented person as a page shows her."""
    return Identity(
        number=f"UTO-A01-K7Q-P{at:05d}-08",
        name=sample.name,
        name_latin=sample.latin,
        name_language=sample.language,
        sex=sample.sex,
        birth=PartialDate.parse(sample.birth, said_on=ISSUED),
        nationality="XXA",
        birth_place=sample.place,
    )


def specimens() -> Iterator[Specimen]:
    """Every document in every language, and a registration document for every script."""
    spoken = {sample.language: at for at, sample in enumerate(PEOPLE)}
    for language in paper_languages():
        first = spoken.get(_three(language), 0)
        for template in shipped().templates.values():
            if not template.coded:
                continue
            for paper in template.papers if language in ("en", "ar") else template.papers[:1]:
                name = f"{template.id}-{paper}-{language}"
                yield Specimen(name, language, made(template, language, first, paper))
    for at, sample in enumerate(PEOPLE):
        page = made(shipped().templates["registration"], "en", at, "a4")
        yield Specimen(f"script-{at:02d}-{sample.language}", "en", page)


def _three(language: str) -> str:
    codes = {"en": "eng", "fr": "fra", "ar": "ara", "fa": "prs", "ps": "pus"}
    codes |= {"ur": "urd", "my": "mya", "am": "amh"}
    return codes[language.partition("-")[0]]


def made(template: Template, language: str, at: int, paper: str) -> PageData:
    """One specimen, with a code that says what the page says."""
    people = [identity(PEOPLE[(at + step) % len(PEOPLE)], at * 7 + step + 1) for step in range(6)]
    who = people[0]
    family = [replace(one, name_language=who.name_language) for one in people]
    parties, answers, facts = _told(template, language, people)
    members = tuple(
        MemberLine(identity=one, relation="head" if place == 0 else "child")
        for place, one in enumerate(family)
    )
    holds = template.about is About.HOUSEHOLD
    number = f"UTO-A01-K7Q-D{at + 1:05d}-31"
    signed = issue(
        Claims(
            issuer=ISSUER.authority,
            issued_at=NOW,
            expires_at=end_of_day(EXPIRES),
            document_number=number,
            person_number=who.number,
            name=who.name,
            name_latin=who.name_latin,
            name_language=who.name_language,
            birth=who.birth,
            sex=who.sex,
            nationality=who.nationality,
            members=len(members) if holds else None,
            document=template.id,
            facts=facts,
        ),
        KEY,
    )
    return PageData(
        type=template.id,
        language=language,
        number=number,
        issued=ISSUED,
        expires=EXPIRES,
        issuer=ISSUER,
        subject=who,
        credential=signed.text,
        paper=paper,
        photo=face(at),
        members=members if holds else (),
        parties=parties,
        answers=answers,
        consents=(("registration", "yes"), ("tracing", "yes"), ("host_state", "no")),
        household_number="UTO-A01-K7Q-H00007-55",
        household_size=6,
        issued_by="specimen",
    )


def _told(
    template: Template, language: str, people: list[Identity]
) -> tuple[tuple[Party, ...], tuple[Answer, ...], tuple[tuple[str, str], ...]]:
    say = papers(language).gettext
    parties, answers, facts = [], [], []
    if template.forms:
        form = catalogue().form(template.forms[0])
        for place, role in enumerate(template.roles()):
            one = people[place] if place == 0 else replace(people[place], number="", sex="")
            one = one if place == 0 else replace(one, birth=None)
            label = form.field(role).label if role in form else role
            parties.append(Party(role, say(label), one, "" if say(label) == label else label))
            facts.append(("holder", role) if place == 0 else (role, one.name))
        for name in template.answers():
            if name not in form:
                continue
            label = form.field(name).label
            value = "2026-11-02" if name == "date" else PLACE
            answers.append(Answer(name, say(label), value, "" if say(label) == label else label))
            if name in template.signed:
                facts.append((name, value))
    for asked in template.asks:
        label = asked.label
        answers.append(
            Answer(f"asked.{asked.name}", say(label), PLACE, "" if say(label) == label else label)
        )
        if f"asked.{asked.name}" in template.signed:
            facts.append((asked.name, PLACE))
    return tuple(parties), tuple(answers), tuple(facts)


def book(folder: Path, resolution: int) -> int:
    """Write the book; returns how many pages."""
    folder.mkdir(parents=True, exist_ok=True)
    shown, count = [], 0
    for one in specimens():
        pdf = render([one.page], created=NOW)
        count += _keep(folder, one.name, pdf, resolution, shown)
    for language in paper_languages():
        blank = Blank(language=language, numbers=("UTO-A01-K7Q-F00001-20",), issuer=ISSUER)
        pdf = render_blank(blank, created=NOW)
        count += _keep(folder, f"blank-{language}", pdf, resolution, shown)
    page = "<!doctype html><meta charset=utf-8><title>Specimens</title>"
    page += (
        "<style>figure{display:inline-block;margin:8px}img{width:320px;border:1px solid}</style>"
    )
    (folder / "index.html").write_text(page + "\n".join(shown), "utf-8")
    return count


def _keep(folder: Path, name: str, pdf: bytes, resolution: int, shown: list[str]) -> int:
    (folder / f"{name}.pdf").write_bytes(pdf)
    count = 0
    for count, picture in enumerate(raster.pages(pdf, dpi=resolution), start=1):
        file = f"{name}-{count}.png"
        picture.save(folder / file)
        shown.append(
            f"<figure><a href='{name}.pdf'><img src='{file}'></a>"
            f"<figcaption>{html.escape(file)}</figcaption></figure>"
        )
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/specimens"))
    parser.add_argument("--resolution", type=int, default=100)
    given = parser.parse_args()
    count = book(given.folder, given.resolution)
    print(f"{count} pages: {given.folder / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
