"""What a code tells of an event, in a reader's words: claims 77 to 79 (docs/formats/credential.md).

A code names its facts as the form names its questions. Whoever reads it gets the question as it is
asked and the answer in words. A document or a question that is not known here, of an operation's
own, keeps its name, which is better than nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from documents.credential import last_day
from documents.templates.library import Library, shipped
from documents.templates.model import Template
from documents.wording import MESSAGES as OF_PAPERS
from forms import wording
from forms.definition import Form, Kind
from forms.library import catalogue
from resources.i18n import papers
from values.dates import DateError, PartialDate

__all__ = [
    "HOLDER",
    "LATIN",
    "MESSAGES",
    "Question",
    "holder",
    "kind_of",
    "label_of",
    "numbered",
    "part",
    "plain",
    "questions",
    "title",
    "told",
]

HOLDER, LATIN = "holder", "_latin"
"""The fact that names the holder's role, and how the name of a romanised name ends."""


def N_(message: str) -> str:  # noqa: N802 - the extractor knows it by this name
    """Mark a source string for extraction."""
    return message


MESSAGES: Mapping[str, str] = {
    "document": N_("Document"),
    "part": N_("Part of the holder"),
    "latin": N_("{label} (Latin letters)"),
    "serial": N_("Number of the sheet"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What a fact answers. ``label`` is an English source string; ``kind`` is ``date``, ``code``,
    ``codes``, ``person`` or ``text``; ``codes`` names the list of the codes."""

    label: str
    kind: str = "text"
    codes: str = ""
    texts: Mapping[str, Mapping[str, str]] | None = None
    """Language to source string to translation, of a form that the catalogues do not know."""


def _form(name: str) -> Form | None:
    try:
        return catalogue().form(name)
    except KeyError:
        return None


_NO_NAME = re.compile("[^A-Za-z0-9]+")
_LONGEST_NAME = 40
_OURS = re.compile(r"[A-Z]{3}-[A-Z0-9]{2,5}-[A-Z0-9]{3}-D[0-9]{5,7}-[0-9]{2}")
"""The number of a document of an office (docs/formats/numbers.md)."""
_COMMAS = re.compile("[,،፣၊]")

FindForm = Callable[[str], Form | None]


def questions(template: Template, form: FindForm = _form) -> dict[str, Question]:
    """What the facts of a document answer, by their names: answers of its events, the roles of its
    people, and what was asked when it was printed."""
    forms = [known for name in template.forms if (known := form(name)) is not None]
    found: dict[str, Question] = {}
    for name in dict.fromkeys([*template.signed, *template.roles()]):
        of = next((known for known in forms if name in known), None)
        if of is not None:
            field = of.field(name)
            found[name] = Question(field.label, _kind(field.kind), field.code_list, of.texts)
    for asked in template.asks:
        if f"asked.{asked.name}" in template.signed:
            found[asked.name] = Question(asked.label, asked.kind)
    return found


def _kind(kind: Kind) -> str:
    match kind:
        case Kind.DATE:
            return "date"
        case Kind.CODE | Kind.YES_NO:
            return "code"
        case Kind.CODES:
            return "codes"
        case Kind.PERSON:
            return "person"
        case _:
            return "text"


def title(document: str, language: str, library: Library | None = None) -> str:
    """What a document is called, by its id."""
    known = library or shipped()
    template = known.get(document)
    if template is None:
        return plain(document)
    own = known.texts.get(template.title, {})
    return own.get(language) or papers(language).gettext(template.title)


_SEXES: Mapping[object, str] = {1: "M", 2: "F", 3: "X"}
_DAY = re.compile(r"(\d{4})[-/]?(\d\d)[-/]?(\d\d)", re.ASCII)


def holder(inner: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """Labels, as papers have them, and values of whom a code is about; keys as strings. A value
    that this format does not write is told as it stands."""
    born = _plain_text(inner.get("75")) or _dashed(_plain_text(inner.get("8")))
    sex, country = inner.get("9"), _plain_text(inner.get("13"))
    found = {
        "name": _plain_text(inner.get("19")),
        "name_latin": _plain_text(inner.get("4")),
        "birth": _date(born, language),
        "sex": wording.label("sex", _SEXES.get(sex, ""), language)
        if isinstance(sex, int)
        else _plain_text(sex),
        "nationality": wording.label("countries", country, language),
        "person_number": _plain_text(inner.get("1")),
        "members": _plain_text(inner.get("76")),
    }
    say = papers(language).gettext
    return [(say(OF_PAPERS[key]), value) for key, value in found.items() if value]


def _plain_text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("ascii", "replace")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _dashed(day: str) -> str:
    found = _DAY.fullmatch(day)
    return "-".join(found.groups()) if found else day


def kind_of(claims: Mapping[str, Any]) -> str:
    """The id of the document whose claims these are, keys as strings. The two that every
    registration has do not name themselves: they are told by the number that an office of ours
    gave, and by whether members are counted. Empty for what is none of ours."""
    inner = claims.get("169")
    inner = inner if isinstance(inner, Mapping) else {}
    named = inner.get("77")
    if isinstance(named, str) and named:
        return named
    if not _OURS.fullmatch(_plain_text(claims.get("7"))):
        return ""
    members = inner.get("76")
    counted = isinstance(members, int) and not isinstance(members, bool) and members > 0
    return "household" if counted else "registration"


def numbered(claims: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """Labels, as papers have them, and values of who issued a document, its number and its days, of
    the claims with keys as strings."""
    days = (
        ("issued_by", _plain_text(claims.get("1"))),
        ("document_number", _plain_text(claims.get("7"))),
        ("issued", _moment(claims.get("6"), language, ends=False)),
        ("expires", _moment(claims.get("4"), language, ends=True)),
    )
    say = papers(language).gettext
    return [(say(OF_PAPERS[key]), value) for key, value in days if value]


def _moment(value: object, language: str, *, ends: bool) -> str:
    """The day of a moment, in words; what ends, ends with the last day before it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    try:
        at = datetime.fromtimestamp(value, UTC)
        return wording.say_day(last_day(at) if ends else at.date(), language)
    except (OverflowError, ValueError, OSError):
        return ""


def told(
    claims: Mapping[str, Any],
    language: str,
    *,
    library: Library | None = None,
    form: FindForm = _form,
) -> list[tuple[str, str]]:
    """Labels and values of what the claims tell beyond who the holder is; keys as strings. What is
    no fact as this format writes them is not told."""
    say = papers(language).gettext
    found: list[tuple[str, str]] = []
    document = kind_of(claims)
    held = claims.get("169")
    inner: Mapping[str, Any] = held if isinstance(held, Mapping) else {}
    template = None
    if document:
        found.append((say(MESSAGES["document"]), title(document, language, library)))
        template = (library or shipped()).get(document)
    known = questions(template, form) if template is not None else {}
    found += [
        (_label(name, known, language), _value(name, value, known, language))
        for name, value in _pairs(inner.get("78"))
    ]
    serial = inner.get("79")
    if isinstance(serial, str) and serial:
        found.append((say(MESSAGES["serial"]), serial))
    return found


def _pairs(facts: object) -> Iterator[tuple[str, str]]:
    for one in facts if isinstance(facts, list | tuple) else ():
        if isinstance(one, list | tuple) and len(one) == 2:
            name, value = one
            if isinstance(name, str) and isinstance(value, str) and name and value:
                yield name, value


def _label(name: str, known: Mapping[str, Question], language: str) -> str:
    say = papers(language).gettext
    if name == HOLDER:
        return say(MESSAGES["part"])
    if name in known:
        return label_of(known[name], language)
    role = name.removesuffix(LATIN)
    if role != name and role in known:
        return say(MESSAGES["latin"]).format(label=label_of(known[role], language))
    return plain(name)


def label_of(question: Question, language: str) -> str:
    """The question in a language."""
    own = (question.texts or {}).get(language, {}).get(question.label)
    said = own or papers(language).gettext(question.label)
    return part(said) if question.kind == "person" else said


def part(label: str) -> str:
    """What somebody is called on paper, by the question for them: what follows a comma tells
    whoever fills the form in when to answer ("The child, if registered already")."""
    return _COMMAS.split(label, maxsplit=1)[0].rstrip(" ?؟") or label


def _value(name: str, value: str, known: Mapping[str, Question], language: str) -> str:
    if name == HOLDER:
        return label_of(known[value], language) if value in known else plain(value)
    question = known.get(name)
    match question.kind if question is not None else "text":
        case "date":
            return _date(value, language)
        case "code":
            return _code(question, value, language)
        case "codes":
            return ", ".join(_code(question, one, language) for one in value.split())
        case _:
            return value


def _date(value: str, language: str) -> str:
    try:
        return wording.say_date(PartialDate(value), language) if value else ""
    except DateError:
        return value


def _code(question: Question | None, value: str, language: str) -> str:
    return wording.label(question.codes, value, language) if question is not None else value


def plain(name: str) -> str:
    """A name that nothing is known about, as words. Anybody may have written it: of what no name
    holds nothing is shown, and no more of it than a label has room for."""
    words = _NO_NAME.sub(" ", name).strip()[:_LONGEST_NAME].rstrip()
    return words[:1].upper() + words[1:] or "?"
