"""The pages of the specimen book as plain values, with answers as people give them.

Answers are kept as an entry keeps them and said by `value_text`, as the office says them: what is
partial, approximate or in another calendar shows as on real papers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from specimen_families import BORN, FAMILIES, Family, Relative

from benchmarks.specimen_people import PEOPLE, Sample, face
from documents.credential import Claims, end_of_day, issue
from documents.page_data import (
    Answer,
    Identity,
    Issuer,
    MemberLine,
    PageData,
    Party,
    Record,
    Section,
)
from documents.templates.library import shipped
from documents.templates.model import About, Template
from forms.definition import Form, Kind
from forms.library import catalogue
from ledger.keys import SigningKey
from resources.i18n import languages, paper_languages, papers, translation
from values.dates import PartialDate
from values.numbers import ControlNumber, PermanentNumber
from values.secret import Secret
from values.text import isolate
from workspace.telling import value_text

NOW = datetime(2026, 11, 15, 10, 0, tzinfo=UTC)
ISSUED, EXPIRES = date(2026, 11, 15), date(2027, 5, 14)
KEY = SigningKey.from_bytes(Secret(bytes(range(32))))
ISSUER = Issuer(
    operation="Operation Utopia (specimen)",
    office="Reception site, Lower Orlan (A01)",
    authority="Provisional registration office of Utopia",
    contact="Tent 4, open every day but Friday",
)
IN_ALL_PAPERS = ("en", "ar")
WITHOUT_WORDS = ("registration", "household", "birth")
"""In a language that has no words for papers yet, what shows names and dates."""
CARD_ISSUER = "UTO"  # ICAO's Utopia: these are specimens


@dataclass(frozen=True, slots=True)
class Specimen:
    """One document of the book. `script` is empty but for those that show a script."""

    name: str
    language: str
    page: PageData
    script: str = ""


def number(series: str, counter: int) -> str:
    return str(ControlNumber("UTO", "A01", "K7Q", series, counter))


def specimens() -> Iterator[Specimen]:
    """Every document in every language of papers, with copies, replacements, training and previews;
    and a registration document for every script."""
    for language, family in FAMILIES.items():
        known = language in paper_languages()
        for template in shipped().templates.values():
            if not template.coded or not (known or template.id in WITHOUT_WORDS):
                continue
            sizes = template.papers if language in IN_ALL_PAPERS else template.papers[:1]
            if "card" in template.papers and "card" not in sizes:
                sizes = (*sizes, "card")
            for paper in sizes:
                name = f"{template.id}-{paper}-{language}"
                yield Specimen(name, language, made(template, language, family, paper))
        yield from _variants(language, family)
    for at, sample in enumerate(PEOPLE):
        page = _of_script(sample, at)
        yield Specimen(f"script-{at:02d}-{sample.language}", "en", page, sample.language)


def _variants(language: str, family: Family) -> Iterator[Specimen]:
    ours = shipped().templates["registration"]
    page = made(ours, language, family, "a4", long=True)
    changed = replace(
        page,
        replaces=number("D", 7),
        serial="A-000017",
        permanent_number=str(PermanentNumber("UTO", 42)),
    )
    yield Specimen(f"long-replacement-a4-{language}", language, changed)
    card = made(ours, language, family, "card")
    told = replace(
        card, copy=2, replaces=changed.replaces, permanent_number=changed.permanent_number
    )
    yield Specimen(f"copy-card-{language}", language, told)
    if language in languages():
        page = made(ours, language, family, "a4")
        yield Specimen(f"copy-a4-{language}", language, replace(page, copy=2))
        yield Specimen(f"training-a4-{language}", language, replace(page, training=True))
        yield Specimen(f"training-card-{language}", language, replace(card, training=True))
        without = replace(card, template=None)
        yield Specimen(f"no-zone-card-{language}", language, without)


def previews() -> Iterator[tuple[str, str, PageData]]:
    """Documents before they are issued: without a number and a code."""
    for language in languages():
        for paper in ("a4", "card"):
            page = made(shipped().templates["registration"], language, FAMILIES[language], paper)
            page = replace(page, credential="", number="", template=None)
            yield f"preview-{paper}-{language}", language, page


def _identity(one: Relative, family: Family, counter: int, **more: Any) -> Identity:
    return Identity(
        number=number("P", counter),
        name=one.name,
        name_latin=one.latin,
        name_language=family.language if one.name else "",
        sex=one.sex,
        birth=one.birth,
        nationality=family.country,
        birth_place=family.place,
        **more,
    )


def _of_script(sample: Sample, at: int) -> PageData:
    birth = PartialDate.parse(sample.birth, said_on=ISSUED)
    who = Identity(
        number=number("P", at + 101),
        name=sample.name,
        name_latin=sample.latin,
        name_language=sample.language,
        sex=sample.sex,
        birth=birth,
        nationality="XXA",
        birth_place=sample.place,
    )
    template = shipped().templates["registration"]
    return _page(template, "en", who, "a4", at + 101, face(at))


def made(
    template: Template, language: str, family: Family, paper: str, *, long: bool = False
) -> PageData:
    """One specimen, with a code that says what the page says."""
    at = list(FAMILIES).index(language) * 10
    parents = {"father_name": family.relatives[0].name, "mother_name": family.relatives[1].name}
    people = [
        _identity(one, family, at + place, **(parents if one.relation == "child" else {}))
        for place, one in enumerate(family.relatives, start=1)
    ]
    parts = _parts(people)
    who = people[-1] if long else parts[template.holder[0]] if template.holder else people[0]
    parties, answers, facts = _told(template, language, family, who, parts)
    holds = template.about is About.HOUSEHOLD
    members = tuple(
        MemberLine(identity=one, relation=relative.relation)
        for one, relative in zip(people, family.relatives, strict=True)
    )
    if paper == "card":
        template = replace(template, issuer=CARD_ISSUER)
    portrait = face(people.index(who) + at)
    page = _page(template, language, who, paper, at + 1, portrait, facts, len(members) * holds)
    return replace(
        page,
        parties=parties,
        answers=answers,
        members=members if holds else (),
        template=template if paper == "card" else None,
    )


def _page(
    template: Template,
    language: str,
    who: Identity,
    paper: str,
    counter: int,
    portrait: bytes,
    facts: tuple[tuple[str, str], ...] = (),
    members: int = 0,
) -> PageData:
    document = number("D", counter + 10)
    signed = issue(
        Claims(
            issuer=ISSUER.authority,
            issued_at=NOW,
            expires_at=end_of_day(EXPIRES),
            document_number=document,
            person_number=who.number,
            name=who.name,
            name_latin=who.name_latin,
            name_language=who.name_language,
            birth=who.birth,
            sex=who.sex,
            nationality=who.nationality,
            members=members or None,
            document=template.id,
            facts=facts,
        ),
        KEY,
    )
    return PageData(
        type=template.id,
        language=language,
        number=document,
        issued=ISSUED,
        expires=EXPIRES,
        issuer=ISSUER,
        subject=who,
        credential=signed.text,
        paper=paper,
        photo=portrait,
        consents=(("registration", "yes"), ("tracing", "yes"), ("host_state", "no")),
        household_number=number("H", counter),
        household_size=5,
        issued_by="m.teverin",
    )


def _parts(people: list[Identity]) -> dict[str, Identity]:
    """Who has which part in an event."""
    head, spouse, child, newborn, parent = people
    return {
        "child": newborn,
        "mother": spouse,
        "father": head,
        "deceased": parent,
        "spouse": head,
        "spouse_a": head,
        "spouse_b": spouse,
        "adopter": head,
        "second_adopter": spouse,
        "parent": head,
        "other_parent": spouse,
        "subject": head,
        "recipient": child,
        "inquirer": spouse,
    }


def values_of(family: Family) -> Mapping[str, Any]:
    """Answers by the names of fields, as entries keep them."""
    place = {"text": family.place}
    return {
        "time": "04:20",
        "place": place,
        "burial_place": place,
        "from_place": place,
        "to_place": {"text": "Upper Orlan, transit centre"},
        "destination": place,
        "birth_type": "single",
        "birth_order": 1,
        "body_found": "yes",
        "informant": {"name": family.relatives[1].name or family.relatives[1].latin},
        "informant_relation": "mother",
        "attendant": "midwife",
        "registration_type": "late",
        "adoption_type": "kafala",
        "authority": "Civil court of Lower Orlan",
        "court": "Civil court of Lower Orlan",
        "reference": "LO/2026/118",
        "dissolution_type": "divorce",
        "what": "stolen",
        "document_type": "national_id",
        "issuer": family.country,
        "number_end": "4471",
        "series": "P4",
        "kept_by": "Border post, Upper Orlan",
        "reported": "yes",
        "form": "customary",
        "officiant": "Daud Marwan",
        "witnesses": [{"name": "Daud Marwan"}, {"name": "Lina Orlok", "contact": "Tent 31"}],
        "recognition_type": "recognition_by_father",
        "parental_role": "biological",
        "country": family.country,
        "marriage_date": _date(family.day(date(2012, 6, 3), precision="year")),
        "notice_on": _date(family.day(date(2026, 10, 20))),
        "appeal_until": _date(family.day(date(2026, 12, 20))),
    }


DAYS = {
    "birth": (BORN, "day", False),
    "death": (date(2026, 10, 28), "day", True),
    "loss": (date(2026, 9, 14), "month", False),
    "seizure": (date(2026, 9, 14), "month", True),
    "marriage": (date(2026, 5, 3), "day", False),
    "divorce": (date(2025, 3, 9), "year", False),
}
"""Of events, by their documents: the day, how precisely it is known, and whether about."""
SAID = {
    "day": "Tuesday, 24 November 2026, 09:30",
    "place": "Tent 4, Lower Orlan",
    "purpose": "Photograph and renewal",
    "to": "Clinic of Lower Orlan",
    "contact": "Tent 12, every day 08:00 to 16:00",
}


def _date(said: PartialDate) -> dict[str, str]:
    return dict(said.to_body())


def _told(
    template: Template, language: str, family: Family, who: Identity, parts: Mapping[str, Identity]
) -> tuple[tuple[Party, ...], tuple[Answer, ...], tuple[tuple[str, str], ...]]:
    say = papers(language).gettext
    parties: list[Party] = []
    answers: list[Answer] = []
    facts: list[tuple[str, str]] = []
    if template.forms:
        form = catalogue().form(template.forms[0])
        day, precision, about = DAYS.get(template.id, (date(2026, 11, 9), "day", False))
        values = {
            **values_of(family),
            "date": _date(family.day(day, precision=precision, about=about)),
        }
        for role in template.roles():
            if role not in form or role not in parts:
                continue
            one = parts[role]
            if one is who:
                facts.append(("holder", role))
            else:
                one = Identity(
                    number="",
                    name=one.name,
                    name_latin=one.name_latin,
                    name_language=one.name_language,
                )
                facts.append((role, one.name or one.name_latin))
                if one.name and one.name_latin:
                    facts.append((f"{role}_latin", one.name_latin))
            label = form.field(role).label
            parties.append(Party(role, say(label), one, "" if say(label) == label else label))
        for name in template.answers():
            if name not in form or name not in values:
                continue
            answers.append(_answer(form, name, values[name], language))
            if name in template.signed:
                facts.append((name, _plain(form, name, values[name])))
    for asked in template.asks:
        label, value = asked.label, SAID[asked.name]
        other = "" if say(label) == label else label
        answers.append(Answer(f"asked.{asked.name}", say(label), value, other))
        if f"asked.{asked.name}" in template.signed:
            facts.append((asked.name, value))
    return tuple(parties), tuple(answers), tuple(facts)


def _answer(form: Form, name: str, value: Any, language: str) -> Answer:
    label = form.field(name).label
    own, english = (papers(tag).gettext(label) for tag in (language, "en"))
    said, beside = (value_text(form, name, value, tag) for tag in (language, "en"))
    return Answer(
        name, own, said, "" if own == english else english, "" if said == beside else beside
    )


def _plain(form: Form, name: str, value: Any) -> str:
    """An answer as it stands in a code."""
    match form.field(name).kind:
        case Kind.DATE:
            return PartialDate.from_body(value).gregorian
        case Kind.PLACE:
            return str(value["text"])
        case _:
            return str(value)


def records() -> Iterator[tuple[str, str, Record]]:
    """What is recorded about a person, in every language that it is printed in."""
    for language in languages():
        family = FAMILIES[language]
        yield f"record-{language}", language, _record(language, family)


def _record(language: str, family: Family) -> Record:
    text = translation(language).gettext
    form = catalogue().form("person")
    spouse = family.relatives[1]
    values: dict[str, Any] = {
        "sex": spouse.sex,
        "birth": _date(spouse.birth),
        "birth_place": family.place,
        "nationality": family.country,
        "phone": "+211 920 555 018",
    }
    facts = [
        (form_label(form, name, language), said)
        for name, value in values.items()
        if name in form and (said := value_text(form, name, value, language))
    ]
    event = catalogue().form("live_birth")
    born = value_text(event, "date", _date(family.day(BORN)), language)
    who = [(text("Name"), spouse.name), (text("Name in Latin letters"), spouse.latin)]
    kin = [
        (value_text(catalogue().form("membership"), "relation", one.relation, language), one.name)
        for one in family.relatives
        if one is not spouse and one.name
    ]
    papers_ = [
        (text("Provisional registration document"), f"{number('D', 12)} · 2026-11-15 · 2027-05-14")
    ]
    before, after = (value_text(form, "birth", _date(one), language) for one in (
        family.day(date(1985, 1, 1), precision="year", about=True), spouse.birth
    ))  # fmt: skip
    changes = [(form_label(form, "birth", language), f"{isolate(before)} › {isolate(after)}")]
    sections = (
        Section(text("You"), tuple(line for line in (*who, *facts) if line[1])),
        Section(text("Your household"), tuple(line for line in kin if line[0])),
        Section(text("What happened"), ((text(event.title), born),)),
        Section(text("Documents made for you"), tuple(papers_)),
        Section(text("What was changed"), tuple(changes)),
    )
    return Record(
        language=language,
        number=number("P", 2),
        made=ISSUED,
        made_by="m.teverin",
        issuer=ISSUER,
        name=spouse.name,
        sections=tuple(one for one in sections if one.lines),
    )


def form_label(form: Form, name: str, language: str) -> str:
    return papers(language).gettext(form.field(name).label)
