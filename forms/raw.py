"""One raw answer to one typed value, by the kind of its field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from forms.codes import code_list
from forms.definition import DOCUMENT_LIMIT, Field, Kind
from forms.draft import Raw, is_missing
from forms.kept import SEALED, fits
from forms.problems import Problem, error, warning
from forms.suspicion import has_letters, in_unicode
from values import papers
from values.dates import DateError, PartialDate
from values.phone import PhoneError, e164
from values.text import clean, clean_lines

__all__ = ["Answer", "is_blank", "raw_of", "read_raw"]

BIRTH = "birth"
"""The one date that may be told as an age, and that nobody alive can have before 120 years."""

_PHOTO = re.compile(r"[0-9a-fA-F]{64}")
_IDENTITY = re.compile(r"[0-9a-fA-F]{32}")
_TIME = re.compile(r"([01]?\d|2[0-3])[:.h ]([0-5]\d)")
_MOST = 999_999_999
"""The largest number: nothing that is counted or weighed here has more than nine digits."""
_NAME_LENGTH = 200
_SHORT = 100
"""Characters of a number, a time or a date as typed, or of a telephone number: two fit in it."""
_SLACK = 4
"""How much longer a text may be as typed than when it is cleaned: composed, and without controls.
Whatever is longer is not looked at."""
_DATE_CODES = {"form": "date_form", "future": "date_future", "calendar": "unknown_code"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was made of a raw answer. ``value`` is plain data for the ledger, or ``None`` when
    nothing was answered; ``date`` is set for a date that could be read."""

    value: Any = None
    problems: tuple[Problem, ...] = ()
    date: PartialDate | None = None


def is_blank(raw: Raw) -> bool:
    """Whether nothing was answered."""
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, Mapping) and "text" in raw:
        return _is_empty(raw["text"]) and not raw.get("code")
    if isinstance(raw, Mapping) and ("person" in raw or "name" in raw):
        return not raw.get("person") and _is_empty(raw.get("name"))
    return raw is None or (isinstance(raw, Mapping | list | tuple) and not raw)


def _is_empty(part: Raw) -> bool:
    return part is None or (isinstance(part, str) and not part.strip())


def read_raw(field: Field, raw: Raw, today: date) -> Answer:
    """Read one answer. Never fails: what is wrong comes as problems without a person."""
    if is_blank(raw):
        return Answer(field.default or None)
    if is_missing(raw):
        if field.allows(raw["missing"]):
            return Answer({"missing": raw["missing"]})
        return Answer(problems=(error("answer_needed", field.name),))
    return _READERS[field.kind](field, raw, today)


def raw_of(field: Field, value: Any) -> Raw:
    """The raw answer that a kept value came from, for correcting it on the same page; blank for
    a value that is none of this question's, which is then asked anew. Never fails."""
    if value is None:
        return ""
    if field.kind is Kind.GROUP and isinstance(value, list | tuple):
        return [
            {one.name: raw_of(one, row[one.name]) for one in field.fields if one.name in row}
            for row in value
            if isinstance(row, Mapping)
        ]
    if isinstance(value, Mapping) and (isinstance(value.get(SEALED), bytes) or _reason(value)):
        return dict(value)
    if not fits(field, value):
        return ""
    if field.kind is Kind.DATE:
        entered = value.get("entered") or value["edtf"]
        # An age was said on another day: what is corrected is the interval it became.
        if entered.casefold().startswith("age") or "/" in value["edtf"]:
            entered = value["edtf"]
        return {"text": entered, "calendar": value["calendar"]}
    if field.kind is Kind.PHOTO:
        return value.hex() if isinstance(value, bytes) else ""
    if field.kind is Kind.NUMBER:
        return str(value)
    if field.kind is Kind.PERSON and isinstance(value.get("person"), bytes):
        return {"person": value["person"].hex()}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, list | tuple):
        return [dict(one) if isinstance(one, Mapping) else one for one in value]
    return value


def _reason(value: Mapping[str, Any]) -> bool:
    """Whether it says why nothing was said, be it in a word that only a newer program knows."""
    return set(value) == {"missing"} and isinstance(value["missing"], str)


def _wrong(field: Field) -> Answer:
    return Answer(problems=(error("unreadable_answer", field.name),))


def _text(field: Field, raw: Raw, today: date) -> Answer:
    if not isinstance(raw, str):
        return _wrong(field)
    text = _plain(field, raw, field.max_length, lines=field.kind is Kind.LONG_TEXT)
    if isinstance(text, Problem):
        return Answer(problems=(text,))
    if not text:
        return Answer()
    found = []
    if (converted := in_unicode(text)) is not None:
        text = converted
        found.append(warning("zawgyi", field.name))
    if len(text) > field.max_length:
        found.append(error("too_long", field.name, limit=field.max_length))
    if field.kind is Kind.NAME and not has_letters(text):
        found.append(error("name_without_letters", field.name))
    return Answer(text, tuple(found))


def _plain(field: Field, raw: str, limit: int, *, lines: bool = False) -> str | Problem:
    """A text fit to keep, or why there is none. One that is far too long is not even cleaned."""
    if len(raw) > _SLACK * limit:
        return error("too_long", field.name, limit=limit)
    cleaned = clean_lines(raw) if lines else clean(raw)
    if _unprintable(cleaned.text):
        return error("control_character", field.name)
    if "piled_marks" in cleaned.changes:
        return error("too_many_marks", field.name)
    if len(cleaned.text) > limit:
        return error("too_long", field.name, limit=limit)
    return cleaned.text


def _unprintable(text: str) -> bool:
    """Whether it holds control characters, or halves of characters that no file can keep."""
    return any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n\r" for char in text)


def _date(field: Field, raw: Raw, today: date) -> Answer:
    text, calendar = raw, "gregorian"
    if isinstance(raw, Mapping):
        text, calendar = raw.get("text"), raw.get("calendar") or "gregorian"
    if not isinstance(text, str) or not isinstance(calendar, str):
        return _wrong(field)
    if len(text) > _SHORT:
        return Answer(problems=(error("date_form", field.name),))
    try:
        said = _parsed(text, calendar, today)
        if field.name == BIRTH:
            said.check_birth(today)
        elif said.precision == "range":
            raise DateError("form", "Only a birth can be told by an age.")
        elif said.in_future(today + timedelta(days=field.at_most)):
            raise DateError("future", "The date lies in the future; check the year.")
    except DateError as reason:
        code = _DATE_CODES.get(reason.code, reason.code)
        return Answer(problems=(error(code, field.name),))
    return Answer(said.to_body(), date=said)


def _parsed(text: str, calendar: str, today: date) -> PartialDate:
    if "/" in text:  # an interval that an age became earlier, while correcting
        said = text.strip()
        return PartialDate.from_body({"edtf": said, "calendar": calendar, "entered": said})
    return PartialDate.parse(text, calendar, said_on=today)


def _code(field: Field, raw: Raw, today: date) -> Answer:
    known = field.codes
    if not isinstance(raw, str) or known is None:
        return _wrong(field)
    code = known.find(raw.strip())
    if code is None:
        return Answer(problems=(error("unknown_code", field.name),))
    return Answer(code)


def _codes(field: Field, raw: Raw, today: date) -> Answer:
    known = field.codes
    if not isinstance(raw, list | tuple) or known is None:
        return _wrong(field)
    codes: list[str] = []
    for one in raw:
        code = known.find(one.strip()) if isinstance(one, str) else None
        if code is None:
            return Answer(problems=(error("unknown_code", field.name),))
        if not known[code].offered:
            return Answer(problems=(error("need_reserved", field.name),))
        if code not in codes:
            codes.append(code)
    return Answer(codes)


def _phone(field: Field, raw: Raw, today: date) -> Answer:
    if not isinstance(raw, str):
        return _wrong(field)
    text = _plain(field, raw, _SHORT)
    if isinstance(text, Problem):
        return Answer(problems=(text,))
    try:
        return Answer(e164(text))
    except PhoneError:
        return Answer(text or None, (warning("phone_form", field.name),))


def _documents(field: Field, raw: Raw, today: date) -> Answer:
    if not isinstance(raw, list | tuple):
        return _wrong(field)
    types = code_list(field.code_list)
    kept: list[dict[str, str]] = []
    doubts: dict[str, Problem] = {}
    for one in raw:
        if not isinstance(one, Mapping):
            return _wrong(field)
        kind, number = one.get("type", ""), one.get("number", "")
        if not isinstance(kind, str) or not isinstance(number, str):
            return _wrong(field)
        read = _plain(field, number, field.max_length)
        if isinstance(read, Problem):
            return Answer(problems=(read,))
        number = read
        if not kind and not number:
            continue
        if not kind:
            return Answer(problems=(error("document_type_missing", field.name),))
        if types.find(kind) is None:
            return Answer(problems=(error("unknown_code", field.name),))
        if types.find(kind) != "none":
            kept.append({"type": types.find(kind) or kind, "number": number})
            if code := papers.doubt(number, kind=kept[-1]["type"]):
                doubts[code] = warning(code, field.name)
        if len(kept) > DOCUMENT_LIMIT:
            return Answer(problems=(error("too_many_rows", field.name, most=DOCUMENT_LIMIT),))
    return Answer(kept or None, tuple(doubts.values()))


def _consent(field: Field, raw: Raw, today: date) -> Answer:
    if not isinstance(raw, Mapping):
        return _wrong(field)
    purposes = code_list(field.code_list)
    if any(purpose not in purposes or raw[purpose] not in ("yes", "no", "") for purpose in raw):
        return _wrong(field)
    said = {purpose.code: raw[purpose.code] for purpose in purposes if raw.get(purpose.code)}
    open_questions = sum(purpose.code not in said for purpose in purposes.offered())
    found = []
    if open_questions:
        found.append(error("consent_unanswered", field.name, count=open_questions))
    if said.get("registration") == "no":
        found.append(error("consent_refused", field.name))
    return Answer(said or None, tuple(found))


def _photo(field: Field, raw: Raw, today: date) -> Answer:
    if not isinstance(raw, str) or not _PHOTO.fullmatch(raw):
        return _wrong(field)
    return Answer(bytes.fromhex(raw))


def _number(field: Field, raw: Raw, today: date) -> Answer:
    number = raw if isinstance(raw, int) and not isinstance(raw, bool) else None
    if isinstance(raw, str) and len(raw) <= _SHORT:
        text = clean(raw).text.replace(" ", "")
        # int() reads the digits of every script, and underscores, which nobody means; a superscript
        # is a digit, but no decimal.
        number = int(text) if text.isdecimal() else None
    elif not isinstance(raw, str | int) or isinstance(raw, bool):
        return _wrong(field)
    if number is None or not 0 <= number <= _MOST:
        return Answer(problems=(error("number_form", field.name),))
    if number < field.at_least:
        return Answer(problems=(error("number_small", field.name, least=field.at_least),))
    if field.at_most and number > field.at_most:
        return Answer(problems=(error("number_large", field.name, most=field.at_most),))
    return Answer(number)


def _time(field: Field, raw: Raw, today: date) -> Answer:
    typed = raw if isinstance(raw, str) and len(raw) <= _SHORT else ""
    match = _TIME.fullmatch(clean(typed).text)
    if match is None:
        return Answer(problems=(error("time_form", field.name),))
    return Answer(f"{int(match[1]):02d}:{int(match[2]):02d}")


def _place(field: Field, raw: Raw, today: date) -> Answer:
    said = {"text": raw} if isinstance(raw, str) else raw
    if not isinstance(said, Mapping):
        return _wrong(field)
    text, code = said.get("text") or "", said.get("code") or ""
    if not isinstance(text, str) or not isinstance(code, str):
        return _wrong(field)
    kept: dict[str, str] = {}
    for name, typed in (("text", text), ("code", code)):
        part = _plain(field, typed, field.max_length)
        if isinstance(part, Problem):
            return Answer(problems=(part,))
        if part:
            kept[name] = part
    return Answer(kept or None)


def _person(field: Field, raw: Raw, today: date) -> Answer:
    said = {"name": raw} if isinstance(raw, str) else raw
    if not isinstance(said, Mapping):
        return _wrong(field)
    identity, name = said.get("person"), said.get("name")
    if identity:
        if not isinstance(identity, str) or not _IDENTITY.fullmatch(identity):
            return _wrong(field)
        return Answer({"person": bytes.fromhex(identity)})
    if not isinstance(name, str):
        return _wrong(field)
    read = _plain(field, name, _NAME_LENGTH)
    if isinstance(read, Problem):
        return Answer(problems=(read,))
    if not has_letters(read):
        return Answer(problems=(error("name_without_letters", field.name),))
    return Answer({"name": read})


def _group(field: Field, raw: Raw, today: date) -> Answer:
    """Each row that says something. Problems name the place: ``witnesses.1.name``."""
    if not isinstance(raw, list | tuple) or not all(isinstance(row, Mapping) for row in raw):
        return _wrong(field)
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for place, row in enumerate(raw):
        if all(is_blank(row.get(one.name)) for one in field.fields):
            continue
        kept: dict[str, Any] = {}
        for one in field.fields:
            answer = read_raw(one, row.get(one.name), today)
            where = f"{field.name}.{place}.{one.name}"
            problems += [replace(problem, field=where) for problem in answer.problems]
            if answer.value is not None:
                kept[one.name] = answer.value
            elif one.required and not answer.problems:
                problems.append(error("answer_needed", where))
        rows.append(kept)
    if len(rows) > field.at_most:
        problems.append(error("too_many_rows", field.name, most=field.at_most))
    if rows and len(rows) < field.at_least:
        problems.append(error("too_few_rows", field.name, least=field.at_least))
    return Answer(rows or None, tuple(problems))


def _sealed(field: Field, raw: Raw, today: date) -> Answer:
    return _wrong(field)


_READERS: dict[Kind, Callable[[Field, Raw, date], Answer]] = {
    Kind.TEXT: _text,
    Kind.NAME: _text,
    Kind.LONG_TEXT: _text,
    Kind.DATE: _date,
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.PHONE: _phone,
    Kind.DOCUMENTS: _documents,
    Kind.CONSENT: _consent,
    Kind.YES_NO: _code,
    Kind.PHOTO: _photo,
    Kind.SEALED: _sealed,
    Kind.NUMBER: _number,
    Kind.TIME: _time,
    Kind.PLACE: _place,
    Kind.PERSON: _person,
    Kind.GROUP: _group,
}
