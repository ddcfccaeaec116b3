"""What a condition sees of the answers: one value of a fixed shape for every field.

An answer that is not there has the empty value of its kind, so that a condition never fails;
whether it is there, and why not, is told by ``answered`` and ``missing``. Days are counted from 1
January of year 1 (1), so that they can be compared and subtracted. What is known of a person is the
age today, and the age when the event happened, which decides on most that is forbidden to children.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from forms.kept import date_of

if TYPE_CHECKING:
    from forms.definition import Field
    from forms.persons import Person
    from values.dates import PartialDate

__all__ = ["TYPES", "context", "sample", "samples"]

TYPES: Mapping[str, str] = {
    "number": "number",
    "date": "map",
    "codes": "texts",
    "documents": "maps",
    "consent": "map",
    "photo": "truth",
    "sealed": "truth",
    "person": "map",
    "group": "maps",
}
"""Kind of a field to the type of what a condition sees; every other kind is a text."""

_NO_DATE: Mapping[str, Any] = {"known": False, "first": 0, "last": 0}
_NOBODY: Mapping[str, Any] = {
    "given": False,
    "registered": False,
    "sex": "",
    "youngest": 0,
    "oldest": 0,
    "youngest_then": 0,
    "oldest_then": 0,
    "age_known": False,
    "born": _NO_DATE,
    "marital_status": "",
    "dead": False,
    "married": _NO_DATE,
    "died": _NO_DATE,
    "present": False,
}
_SOME_DAY = date(2026, 1, 1)
_OLDEST = 120  # years
_MOST = 999_999_999
"""The largest number that can be answered."""
_WHEN = "date"
"""The field that says when an event happened."""

Span = tuple[date, date]


def context(
    fields: Iterable[Field],
    values: Mapping[str, Any],
    today: date,
    people: Mapping[str, Person] | None = None,
    *,
    then: Span | None = None,
) -> dict[str, Any]:
    """The context of one form's kept values. ``people`` are the registered persons that they
    name, by their id in hexadecimal. ``then`` are the first and last day on which the event may
    have happened; without it, those of the form's own date, or today."""
    known = people or {}
    when = _said(values.get(_WHEN))
    then = then or ((when.earliest, when.latest) if when else (today, today))
    made: dict[str, Any] = {"today": today.toordinal(), "missing": {}, "answered": {}}
    for one in fields:
        value = values.get(one.name)
        reason = value.get("missing") if isinstance(value, Mapping) else None
        if isinstance(reason, str):
            made["missing"][one.name] = reason
            value = None
        made["answered"][one.name] = value is not None
        made[one.name] = _seen(one, value, today, then, known)
    return made


def sample(fields: Iterable[Field]) -> dict[str, Any]:
    """The context of a form that nobody has answered, with one empty row in each group: what a
    condition is tried on when it is read."""
    listed = list(fields)
    made = context(listed, {}, _SOME_DAY)
    for one in listed:
        if one.fields:
            made[one.name] = [context(one.fields, {}, _SOME_DAY)]
    return made


def samples(fields: Iterable[Field]) -> Iterator[dict[str, Any]]:
    """What a condition is tried on when it is read: nothing answered, without a row in the groups
    and with one; everything answered with the least there is; everything with the most, as many
    rows as a group can have."""
    listed = list(fields)
    yield context(listed, {}, _SOME_DAY)
    yield sample(listed)
    yield _extreme(listed, least=True)
    yield _extreme(listed, least=False)


def _extreme(fields: Iterable[Field], *, least: bool) -> dict[str, Any]:
    day = date.min if least else date.max
    made: dict[str, Any] = {"today": _SOME_DAY.toordinal(), "missing": {}, "answered": {}}
    for one in fields:
        made["answered"][one.name] = True
        made[one.name] = _extreme_of(one, day, least=least)
    return made


def _extreme_of(one: Field, day: date, *, least: bool) -> Any:
    codes = [code.code for code in one.codes or ()]
    when = {"known": True, "first": day.toordinal(), "last": day.toordinal()}
    match one.kind.value:
        case "number":
            return one.at_least if least else one.at_most or _MOST
        case "date":
            return when
        case "code" | "yes_no":
            return codes[0 if least else -1]
        case "codes":
            return codes[:1] if least else codes
        case "documents":
            return [{"type": code, "number": "1"} for code in (codes[:1] if least else codes)]
        case "consent":
            return dict.fromkeys(codes, "no" if least else "yes")
        case "photo" | "sealed":
            return True
        case "person":
            ages = ("youngest", "oldest", "youngest_then", "oldest_then")
            return {
                **_NOBODY,
                **dict.fromkeys(("given", "registered", "age_known", "present"), True),
                **dict.fromkeys(ages, 0 if least else _OLDEST),
                "sex": "F" if least else "X",
                **dict.fromkeys(("born", "married", "died"), when),
                "dead": not least,
            }
        case "group":
            row = _extreme(one.fields, least=least)
            return [row] * (max(1, one.at_least) if least else one.at_most)
        case _:
            return "1"


def _seen(one: Field, value: Any, today: date, then: Span, people: Mapping[str, Person]) -> Any:
    match one.kind.value:
        case "number":
            return value if isinstance(value, int) else 0
        case "date":
            return _day(_said(value))
        case "codes":
            return list(value) if isinstance(value, list | tuple) else []
        case "documents":
            return [dict(entry) for entry in value] if isinstance(value, list | tuple) else []
        case "consent":
            return dict(value) if isinstance(value, Mapping) else {}
        case "photo" | "sealed":
            return value is not None
        case "place":
            return value.get("text", "") if isinstance(value, Mapping) else ""
        case "person":
            return _person(value, today, then, people)
        case "group":
            rows = value if isinstance(value, list | tuple) else ()
            return [context(one.fields, row, today, people, then=then) for row in rows]
        case _:
            return value if isinstance(value, str) else ""


def _said(value: Any) -> PartialDate | None:
    """A kept date; a program that knew other calendars may have kept what nobody here can read."""
    return date_of(value)


def _day(said: PartialDate | None) -> dict[str, Any]:
    if said is None:
        return dict(_NO_DATE)
    return {"known": True, "first": said.earliest.toordinal(), "last": said.latest.toordinal()}


def _person(value: Any, today: date, then: Span, people: Mapping[str, Person]) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return dict(_NOBODY)
    identity = value.get("person")
    if not isinstance(identity, bytes):
        return {**_NOBODY, "given": True}
    found = people.get(identity.hex())
    if found is None:
        return {**_NOBODY, "given": True, "registered": True}
    youngest, oldest = found.birth.age_on(today) if found.birth else (0, 0)
    youngest_then = found.birth.age_on(then[0])[0] if found.birth else 0
    oldest_then = found.birth.age_on(then[1])[1] if found.birth else 0
    return {
        "given": True,
        "registered": True,
        "sex": found.sex,
        "youngest": youngest,
        "oldest": oldest,
        "youngest_then": youngest_then,
        "oldest_then": oldest_then,
        "born": _day(found.birth),
        "age_known": found.birth is not None,
        "marital_status": found.marital_status,
        "dead": found.dead,
        "married": _day(found.married),
        "died": _day(found.died),
        "present": found.present,
    }
