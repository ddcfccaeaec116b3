"""Conditions tried out when a form is read, so that none of them fails in front of a family.

What the language allows may still be wrong in a form: a code that no list has, a row that may not
be there, questions that wait for one another in a circle, lists looked through inside of lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from forms.codes import CodeList, code_list
from forms.conditions import Condition, ConditionError
from forms.context import samples
from forms.definition import DOCUMENT_LIMIT, Field, Kind, Rule
from forms.errors import DefinitionError

__all__ = ["CHAIN_LIMIT", "LOOK_LIMIT", "check_conditions"]

LOOK_LIMIT = 5_000
"""Rows that one condition may look at: seventy inside of seventy. CEL itself gives up at 10,000.
The slowest condition that was found within it takes a twentieth of a second."""
TOTAL_LIMIT = 20_000
"""Rows that all conditions of a form may look at, which are worked out again at every key: less
than a second, however the form is written."""
CHAIN_LIMIT = 20
"""Questions that wait for one another: each is one more look through all of them at every key."""

_NAMED = r"(?<![\w.])(?:(?P<of>[a-z][a-z0-9_]*)\.)?(?P<name>[a-z][a-z0-9_]*)"
_LITERALS = (
    re.compile(_NAMED + r"\s*(?:==|!=)\s*(?P<codes>(['\"]).*?\4)"),
    re.compile(_NAMED + r"\s+in\s+\[(?P<codes>.*?)\]"),
    re.compile(r"(?P<codes>(['\"])[^'\"]*\2)\s+in\s+" + _NAMED),
)
"""Codes beside the answer that they are compared with: ``cause == 'flood'``, ``row.type in [...]``,
``'flood' in hazards``."""
_QUOTED = re.compile(r"(['\"])(.*?)\1")
_LISTS_OF_PERSONS: Mapping[str, str] = {"sex": "sex", "marital_status": "marital_status"}
"""What conditions see of a person, and the code lists of it."""


def check_conditions(fields: Mapping[str, Field], rules: Iterable[Rule], file: str) -> None:
    """Raise :class:`~forms.errors.DefinitionError` for the first condition that asks for a code
    that is not there, cannot be worked out, costs too much or goes round."""
    tried = list(samples(fields.values()))
    sizes = _sizes(fields.values())
    total = 0
    for where, when in _conditions(fields.values(), rules):
        for of, name, literal in _literals(when.source):
            known = _lists(of, name, fields)
            if known and not any(literal in one for one in known):
                raise DefinitionError(file, where, f"{literal!r} is no code of {name}")
        looked = when.looks(sizes)
        total += looked
        if looked > LOOK_LIMIT or total > TOTAL_LIMIT:
            remedy = (
                f"it looks at more than {LOOK_LIMIT} rows, or all together at more than"
                f" {TOTAL_LIMIT}; look through fewer lists at once"
            )
            raise DefinitionError(file, where, remedy)
        try:
            for seen in tried:
                when.holds(seen)
        except ConditionError as error:
            raise DefinitionError(file, where, str(error)) from error
    _check_circles(fields, file)


def _sizes(fields: Iterable[Field]) -> dict[str, int]:
    """The most entries that a list may have that conditions look through, by name. Of two that
    are called alike, a field and what a row of a group asks, the longer counts."""
    found: dict[str, int] = {}
    listed = list(fields)
    for one in (*listed, *(inner for group in listed for inner in group.fields)):
        if one.kind is Kind.GROUP:
            size = one.at_most
        elif one.kind is Kind.DOCUMENTS:
            size = DOCUMENT_LIMIT
        else:
            size = len(one.codes or ())
        found[one.name] = max(size, found.get(one.name, 1))
    return {**found, "missing": len(listed), "answered": len(listed)}


def _conditions(fields: Iterable[Field], rules: Iterable[Rule]) -> Iterator[tuple[str, Condition]]:
    for one in fields:
        if one.shown_when is not None:
            yield f"{one.name}.shown_when", one.shown_when
        if one.locked_when is not None:
            yield f"{one.name}.locked_when", one.locked_when
    for rule in rules:
        yield f"rules.{rule.code}.when", rule.when


def _literals(source: str) -> Iterator[tuple[str, str, str]]:
    """Codes that a condition compares an answer with, as far as they stand beside its name: what
    the answer is a part of (or empty), its name, the code. An empty text is no code: it stands for
    "nothing was answered"."""
    for pattern in _LITERALS:
        for match in pattern.finditer(source):
            for quoted in _QUOTED.finditer(match["codes"]):
                if quoted[2]:
                    yield match["of"] or "", match["name"], quoted[2]


def _lists(of: str, name: str, fields: Mapping[str, Field]) -> tuple[CodeList, ...]:
    """The lists whose codes ``of.name`` may have: of a field, of what is known of a person, or of
    a row, whose variable may go through any group."""
    if not of:
        codes = fields[name].codes if name in fields else None
        return (codes,) if codes else ()
    if of in fields:
        is_person = fields[of].kind is Kind.PERSON and name in _LISTS_OF_PERSONS
        return (code_list(_LISTS_OF_PERSONS[name]),) if is_person else ()
    inner = (one for group in fields.values() for one in group.fields if one.name == name)
    return tuple(codes for one in inner if (codes := one.codes))


def _check_circles(fields: Mapping[str, Field], file: str) -> None:
    """A question may wait for another one, or be locked by it, but not by itself."""
    depths: dict[str, int] = {}

    def visit(name: str, path: tuple[str, ...]) -> int:
        """How many questions in a row this one waits for, itself included."""
        if name in path:
            circle = " -> ".join((*path[path.index(name) :], name))
            key = "shown_when" if fields[name].shown_when else "locked_when"
            raise DefinitionError(file, f"{name}.{key}", f"the conditions go round: {circle}")
        if name not in depths and len(path) <= CHAIN_LIMIT:
            conditions = (fields[name].shown_when, fields[name].locked_when)
            waits_for = {one for when in conditions if when for one in when.names if one in fields}
            below = [visit(other, (*path, name)) for other in sorted(waits_for)]
            depths[name] = 1 + max(below, default=0)
        if depths.get(name, len(path)) > CHAIN_LIMIT:
            remedy = f"more than {CHAIN_LIMIT} questions wait for one another; ask some at once"
            raise DefinitionError(file, f"{name}.shown_when", remedy)
        return depths[name]

    for name in fields:
        visit(name, ())
