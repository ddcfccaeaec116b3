"""Whether a kept value is one that its question could have given.

Every program that signs an answer reads it first, so what does not fit comes from a changed
program, or from a later one. It is kept and shown as it is; nothing is computed from it, and asking
the question again begins with a blank. This is the one place that tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.definition import Field, Form, Kind
from forms.draft import is_missing
from values.dates import DateError, PartialDate

__all__ = ["SEALED", "date_of", "fits", "misfits"]

_HASH, _IDENTITY = 32, 16
_MOST = 10**9
"""Numbers are counted or weighed: nobody can answer more (`forms.raw` reads nine digits)."""
SEALED = "sealed"
"""The key of a sensitive answer, which was sealed before it was signed."""


def fits(field: Field, value: Any) -> bool:
    """Whether the value has the shape in which answers to this question are kept."""
    if value is None or is_missing(value):
        return True
    if isinstance(value, Mapping) and isinstance(value.get(SEALED), bytes):
        return True
    match field.kind:
        case Kind.DATE:
            return date_of(value) is not None
        case Kind.NUMBER:
            return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST
        case Kind.PHOTO:
            return isinstance(value, bytes) and len(value) == _HASH
        case Kind.SEALED:
            return isinstance(value, bytes)
        case Kind.CODES:
            return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
        case Kind.CONSENT:
            return _texts(value)
        case Kind.DOCUMENTS:
            return isinstance(value, list | tuple) and all(map(_texts, value))
        case Kind.PLACE:
            return _texts(value) and bool(value)
        case Kind.PERSON:
            return isinstance(value, Mapping) and _names(value)
        case Kind.GROUP:
            return isinstance(value, list | tuple) and all(_row(field, one) for one in value)
        case _:
            return isinstance(value, str)


def misfits(form: Form, values: Mapping[str, Any]) -> list[str]:
    """The fields whose values do not fit their questions. What a form does not ask fits."""
    return [
        name for name, value in values.items() if name in form and not fits(form.field(name), value)
    ]


def date_of(value: Any) -> PartialDate | None:
    """A kept date; None for what is none, or was said in a calendar that nobody here knows."""
    if not isinstance(value, Mapping):
        return None
    try:
        return PartialDate.from_body(value)
    except DateError:
        return None


def _texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(name, str) and isinstance(one, str) for name, one in value.items()
    )


def _names(value: Mapping[str, Any]) -> bool:
    identity = value.get("person")
    if identity is not None:
        return isinstance(identity, bytes) and len(identity) == _IDENTITY
    return isinstance(value.get("name"), str)


def _row(group: Field, value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        fits(one, value[one.name]) for one in group.fields if one.name in value
    )
