"""The rules for one row, whatever its household."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from forms import rules
from forms.codes import code_list
from forms.facts import NAME_FIELDS, NAME_LIMIT, Facts
from forms.prelist.row import CODE_LISTS, Row
from forms.prelist.table import COLUMNS
from forms.problems import Problem, error, warning
from forms.suspicion import has_letters, not_latin, suspicious
from values.dates import Calendar, DateError, PartialDate
from values.numbers import NumberError, parse_any
from values.phone import PhoneError, e164
from values.text import ascii_digits, looks_like_formula

__all__ = ["facts_of", "row_problems"]

_QUOTABLE = re.compile(r"[A-Za-z0-9_.-]{1,24}")
_AMOUNT = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]{1,3}")
_DATE_CODES = {"form": "date_form", "future": "date_future"}
_SHORT_LIST = 15  # codes
_ONE_DAY = timedelta(days=1)


def facts_of(row: Row, on: date) -> Facts:
    """What the row says, as far as it can be understood; nothing for a row with a fault beyond
    its place in the household."""
    values = row.values
    if row.fault:
        return Facts(relation=row.relation if _known("relation", row.relation) else "")
    kind, number = values["document_type"], values["document_number"]
    return Facts(
        relation=row.relation,
        name=values["name"],
        name_latin=values["name_latin"],
        father_name=values["father_name"],
        mother_name=values["mother_name"],
        sex=values["sex"],
        birth=_quietly(_birth, row, on),
        arrival=_quietly(_arrival, row, on),
        cause=values["cause"],
        hazard=values["hazard"],
        documents=((kind, number),) if number or kind not in ("", "none") else (),
        needs=tuple(dict.fromkeys(values["needs"].split())),
        share_with_origin=values["share_with_origin"],
    )


def row_problems(row: Row, on: date) -> list[Problem]:
    """What is wrong with a row that can be read."""
    if not any(row.values[name] for name in COLUMNS):
        return [error("empty_row")]
    facts = facts_of(row, on)
    found = list(_household(row))
    found += _names(row, facts, on)
    found += _codes(row)
    found += _dates(row, on)
    found += _lost_digits(row)
    found += rules.person(facts, on)
    found += _phone(row)
    found += _text(row)
    return found


def _household(row: Row) -> Iterator[Problem]:
    if not row.household:
        yield error("household_missing", "household")
    if row.joins:
        try:
            parse_any(row.joins)
        except NumberError:
            yield error("joins_form", "joins")


def _names(row: Row, facts: Facts, on: date) -> Iterator[Problem]:
    for name in NAME_FIELDS:
        if len(row.values[name]) > NAME_LIMIT:
            yield error("name_too_long", name, limit=NAME_LIMIT)
    if not facts.name:
        if not facts.maybe_infant(on):
            yield error("name_missing", "name")
    elif not has_letters(facts.name):
        yield error("name_without_letters", "name")


def _codes(row: Row) -> Iterator[Problem]:
    for column in CODE_LISTS:
        text = row.values[column]
        if not text:
            if column == "relation":
                yield error("relation_missing", column)
            continue
        words = text.split() if column == "needs" else [text]
        for word in words:
            if not _known(column, word):
                yield _unknown_code(column, word)
                break


def _known(column: str, text: str) -> bool:
    codes = code_list(CODE_LISTS[column])
    return text in codes and codes[text].in_lists


def _unknown_code(column: str, word: str) -> Problem:
    """A short list is named whole, so that its writer need not look for it."""
    codes = [code.code for code in code_list(CODE_LISTS[column]) if code.in_lists]
    if len(codes) > _SHORT_LIST:
        return error("unknown_code", column, value=_quotable(word))
    return error("unknown_code", column, value=_quotable(word), codes=", ".join(codes))


def _quotable(word: str) -> str:
    """The word, if it can be a code; a name that slipped into the column is not repeated."""
    return word if _QUOTABLE.fullmatch(word) else ""


def _dates(row: Row, on: date) -> Iterator[Problem]:
    for column, read in (("birth", _birth), ("arrival", _arrival)):
        try:
            read(row, on)
        except DateError as reason:
            if reason.code != "calendar":  # the calendar's own column is judged with the codes
                yield error(
                    _DATE_CODES.get(reason.code, reason.code),
                    column,
                    value=_quotable_date(row.values[column]),
                )


def _quotable_date(text: str) -> str:
    plain = ascii_digits(text)
    return plain if re.fullmatch(r"[0-9Xx~:/. -]{1,20}|age:-?[0-9]{1,6}", plain) else ""


def _birth(row: Row, on: date) -> PartialDate | None:
    text = row.values["birth"]
    if not text:
        return None
    birth = PartialDate.parse(text, row.values["calendar"] or Calendar.GREGORIAN, said_on=on)
    # An Islamic day may be a day off, so that a child born today can look born tomorrow.
    slack = _ONE_DAY if birth.calendar is Calendar.ISLAMIC else timedelta(0)
    birth.check_birth(on + slack)
    return birth


def _arrival(row: Row, on: date) -> PartialDate | None:
    text = row.values["arrival"]
    if not text:
        return None
    arrival = PartialDate.parse(text)
    if arrival.in_future(on):
        raise DateError("future", "The arrival lies in the future; check the year.")
    return arrival


def _quietly(
    read: Callable[[Row, date], PartialDate | None], row: Row, on: date
) -> PartialDate | None:
    """A date for comparing with others; one that is wrong is reported by :func:`_dates`."""
    try:
        return read(row, on)
    except DateError:
        return None


def _lost_digits(row: Row) -> Iterator[Problem]:
    """Numbers that a sheet took for amounts (``1.23457E+17``): the last digits are gone. Families
    whose numbers differ only in those would become one."""
    if _AMOUNT.fullmatch(ascii_digits(row.values["household"])):
        yield error("digits_lost", "household")
    for column in ("phone", "document_number"):
        if _AMOUNT.fullmatch(ascii_digits(row.values[column])):
            yield warning("digits_lost", column)


def _phone(row: Row) -> Iterator[Problem]:
    text = row.values["phone"]
    if not text:
        return
    try:
        e164(text)
    except PhoneError:
        yield warning("phone_form", "phone")
        return
    if not text.startswith(("+", "\uff0b")):  # the list's writer was asked for E.164
        yield warning("phone_form", "phone")


def _text(row: Row) -> Iterator[Problem]:
    for column in COLUMNS:
        text = row.values[column]
        changes = row.changes.get(column, frozenset())
        if looks_like_formula(text) or "leading_tab" in changes:
            yield warning("formula", column)
        if "bidi_controls" in changes:
            yield warning("bidi_controls", column)
        if "zawgyi" in changes:
            yield warning("zawgyi", column)
        if "piled_marks" in changes and column not in NAME_FIELDS:  # of names more is said below
            yield warning("piled_marks", column)
        if "line_break" in changes and column in (*NAME_FIELDS, "document_number"):
            yield warning("line_break", column)
        for code in suspicious(text, name=column in NAME_FIELDS):
            yield warning(code, column)
    if not_latin(row.values["name_latin"]):
        yield warning("not_latin", "name_latin")
