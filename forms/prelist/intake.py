"""From judged rows to households that can be registered, and rows that go back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.answers import HouseholdAnswers, MemberAnswers, event_groups
from forms.codes import sensitive_needs
from forms.facts import HEAD, Facts
from forms.places import parse_origin
from forms.prelist.family import groups
from forms.prelist.judgement import Judgement, Verdicts
from forms.prelist.reading import Prelist
from forms.prelist.row import Row
from forms.problems import Problem, error
from values.phone import PhoneError, e164

__all__ = ["Intake", "ListHousehold", "Refusal", "intake"]


@dataclass(frozen=True, slots=True)
class ListHousehold:
    """Rows that are registered together. ``answers.members`` stand in the order of ``rows``.

    ``household`` is the list's number; ``joins`` the number of the registered household that the
    rows join (then there is no head and ``answers.values`` is empty), or empty. ``hashes`` are
    the rows' hashes; ``flags`` pairs the place of a member with what must be looked at.
    """

    household: str
    joins: str
    rows: tuple[int, ...]
    hashes: tuple[bytes, ...] = field(repr=False)
    answers: HouseholdAnswers = field(repr=False)
    flags: tuple[tuple[int, Problem], ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not registered, and why."""

    row: int
    household: str
    problem: Problem

    @property
    def code(self) -> str:
        """The code of the problem, for the ``code`` column."""
        return self.problem.code

    def message(self, language: str = "en") -> str:
        """What the writer of the list can do."""
        from forms.wording import say_row

        return say_row(self.problem, language)


@dataclass(frozen=True, slots=True)
class Intake:
    """The outcome of a list: what can be registered, and what is refused, in list order."""

    households: tuple[ListHousehold, ...]
    refusals: tuple[Refusal, ...]


def intake(prelist: Prelist, verdicts: Verdicts) -> Intake:
    """Group judged rows. When a head is refused, the other rows of the household are refused with
    ``head_refused``: they could only be registered under a wrong head."""
    households: list[ListHousehold] = []
    refused: dict[int, Refusal] = {}
    for row in prelist.rows:
        verdict = verdicts.of(row.number)
        if verdict.verdict is Judgement.REJECTED:
            refused[row.number] = Refusal(row.number, row.household, verdict.problems[0])
    for (household, joins), members in groups(prelist.rows).items():
        kept = [row for row in members if row.number not in refused]
        if not joins and not any(verdicts.facts[row.number - 1].relation == HEAD for row in kept):
            for row in kept:
                problem = error("head_refused", "relation")
                refused[row.number] = Refusal(row.number, household, problem)
            continue
        if kept:
            households.append(_household(household, joins, kept, verdicts))
    return Intake(tuple(households), tuple(refused[number] for number in sorted(refused)))


def _household(household: str, joins: str, rows: list[Row], verdicts: Verdicts) -> ListHousehold:
    facts = [verdicts.facts[row.number - 1] for row in rows]
    journeys = [_journey(row) for row in rows]
    head = next((place for place, one in enumerate(facts) if one.relation == HEAD), None)
    values: dict[str, Any] = {}
    if head is not None:
        values = dict(journeys[head])
        if (arrival := facts[head].arrival) is not None:
            values["arrival"] = arrival.to_body()
    answers = HouseholdAnswers(
        values=values,
        members=tuple(_member(row, one) for row, one in zip(rows, facts, strict=True)),
        events=event_groups(
            [(journey, one.arrival) for journey, one in zip(journeys, facts, strict=True)]
        ),
    )
    return ListHousehold(
        household=household,
        joins=joins,
        rows=tuple(row.number for row in rows),
        hashes=tuple(row.hash for row in rows),
        answers=answers,
        flags=tuple(
            (place, problem)
            for place, row in enumerate(rows)
            for problem in verdicts.of(row.number).problems
        ),
    )


def _journey(row: Row) -> Mapping[str, str]:
    """The flight's values: only what the row says."""
    origin = parse_origin(row.values["origin"])
    said = {
        "origin_country": origin.country,
        "origin_place": origin.place,
        "origin_code": origin.code,
        "cause": row.values["cause"],
        "hazard": row.values["hazard"],
    }
    return {name: value for name, value in said.items() if value}


def _member(row: Row, facts: Facts) -> MemberAnswers:
    open_needs, sensitive = sensitive_needs(facts.needs)
    share = facts.share_with_origin
    said: dict[str, Any] = {
        "name": facts.name,
        "name_latin": facts.name_latin,
        "father_name": facts.father_name,
        "mother_name": facts.mother_name,
        "sex": facts.sex,
        "birth": facts.birth.to_body() if facts.birth else "",
        "birth_place": row.values["birth_place"],
        "nationality": row.values["nationality"],
        "language": row.values["language"],
        "phone": _phone(row.values["phone"]),
        "documents": [
            {"type": "other" if kind in ("", "none") else kind, "number": number}
            for kind, number in facts.documents
        ],
        "needs": list(open_needs),
        # Those who fled persecution are asked again at the table before anything is shared.
        "share_with_origin": "no" if facts.cause == "persecution" else share or "no",
        "notes": row.values["notes"],
    }
    values = {name: value for name, value in said.items() if value}
    return MemberAnswers(str(row.number), row.relation, values, sensitive)


def _phone(text: str) -> str:
    """E.164 where it can be; else as written, for the officer to mend."""
    try:
        return e164(text)
    except PhoneError:
        return text
