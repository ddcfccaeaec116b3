"""A form's raw answers, read together: which questions are asked, what was said, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from forms.conditions import Condition, ConditionError
from forms.context import context
from forms.problems import Problem, error, warning
from forms.raw import Answer, read_raw
from values.dates import PartialDate

if TYPE_CHECKING:
    from forms.definition import Field, Form
    from forms.draft import Raw
    from forms.persons import Person

RULE = "rule:"
"""The beginning of a problem's code when a form's own rule speaks; the rule's code follows."""
UNSAID = "unsaid:"
"""The same when it cannot be worked out whether the rule would speak: people look themselves."""

__all__ = ["NOTHING_READ", "RULE", "UNSAID", "Read", "hidden", "holds", "not_asked", "read"]


@dataclass(frozen=True, slots=True)
class Read:
    """Answers by field name, what is wrong in them, and what a condition sees of them.

    A question that is not asked has no answer, whatever was typed before it went; one that is
    locked has its default.
    """

    answers: Mapping[str, Answer]
    problems: tuple[Problem, ...]
    context: Mapping[str, Any]

    def values(self) -> dict[str, Any]:
        """What was answered, fit for the ledger."""
        return {name: one.value for name, one in self.answers.items() if one.value is not None}

    def text(self, name: str) -> str:
        """An answer that is text, else empty."""
        value = self.answers[name].value if name in self.answers else None
        return value if isinstance(value, str) else ""

    def date(self, name: str) -> PartialDate | None:
        """An answer that is a date."""
        return self.answers[name].date if name in self.answers else None


NOTHING_READ = Read({}, (), {})
"""For who has no form of this kind."""


def read(
    form: Form,
    raw: Mapping[str, Raw],
    today: date,
    *,
    people: Mapping[str, Person] | None = None,
    only: frozenset[str] | None = None,
) -> Read:
    """Every field of the form that ``raw`` answers or should answer.

    ``people`` are the registered persons whom answers name. With ``only``, no other field is
    missed: for correcting a few.
    """
    asked = [one for one in form.fields() if one.asked]
    found = {one.name: read_raw(one, raw.get(one.name), today) for one in asked}
    values = {name: one.value for name, one in found.items() if one.value is not None}
    gone, known = hidden(asked, values, today, people)
    problems: list[Problem] = []
    for one in asked:
        if one.locked_when is not None and holds(one.locked_when, known, unknown=True):
            found[one.name] = Answer(one.default)
            continue
        if one.name in gone:
            found[one.name] = Answer()
            continue
        answer = found[one.name]
        problems += answer.problems
        if answer.value is None and not answer.problems and (only is None or one.name in only):
            if one.required:
                problems.append(error("missing", one.name, form=form.id))
            elif one.warn_if_empty:
                problems.append(warning("missing", one.name, form=form.id))
    for rule in form.rules:
        if rule.field in gone:
            continue
        spoken = holds(rule.when, known, unknown=None)
        if spoken is None:
            problems.append(warning(f"{UNSAID}{rule.code}", rule.field, form=form.id))
        elif spoken:
            make = error if rule.error else warning
            problems.append(make(f"{RULE}{rule.code}", rule.field, form=form.id))
    return Read(found, tuple(problems), known)


def holds(condition: Condition, known: Mapping[str, Any], *, unknown: bool | None) -> bool | None:
    """Whether a condition is true of these answers; ``unknown`` where that cannot be worked out.

    Forms are tried when they are read, so that this is rare. A question is asked then, an answer
    that may be locked is locked, a rule becomes a warning, and no document is printed.
    """
    try:
        return condition.holds(known)
    except ConditionError:
        return unknown


def hidden(
    fields: Iterable[Field],
    values: Mapping[str, Any],
    today: date,
    people: Mapping[str, Person] | None = None,
) -> tuple[frozenset[str], Mapping[str, Any]]:
    """The questions that are not asked, and what conditions see.

    What is not asked has no answer, and what is locked has its default, which may hide, show or
    lock others in turn. Conditions go round in no circle, so that each look through them settles
    one question or more; should a form be wrong, what was found last stands.
    """
    listed = list(fields)
    known: Mapping[str, Any] = {}
    gone: frozenset[str] = frozenset()
    locked: dict[str, str] = {}
    for _ in range(len(listed) + 1):
        kept = {name: value for name, value in values.items() if name not in gone} | locked
        known = context(listed, kept, today, people)
        now = (
            frozenset(
                one.name
                for one in listed
                if one.shown_when and not holds(one.shown_when, known, unknown=True)
            ),
            {
                one.name: one.default
                for one in listed
                if one.locked_when and holds(one.locked_when, known, unknown=True)
            },
        )
        if now == (gone, locked):
            break
        gone, locked = now
    return gone, known


def not_asked(form: Form, raw: Mapping[str, Raw], today: date) -> frozenset[str]:
    """The form's questions that are not asked, given what was typed so far."""
    return hidden(form.fields(), read(form, raw, today).values(), today)[0]
