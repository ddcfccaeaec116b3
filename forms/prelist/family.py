"""The rules between rows: one head per household, ages that fit, nobody twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from forms import rules
from forms.facts import HEAD, Facts, folded, same_person
from forms.prelist.row import Row
from forms.problems import Problem, error, warning

__all__ = ["groups", "household_problems", "list_problems"]

Found = Iterator[tuple[int, Problem]]


def groups(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    """The rows of each household, wherever they stand in the list, by its number and by the
    registered household they join (empty for most)."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.household:
            found.setdefault((row.household, row.joins), []).append(row)
    return found


def household_problems(rows: Sequence[Row], facts: Sequence[Facts], on: date) -> Found:
    """What is wrong within households, with the number of the row it counts against."""
    for (_, joins), members in groups(rows).items():
        known = [facts[row.number - 1] for row in members]
        yield from _heads(members, known, joins=bool(joins))
        yield from _ages_and_repeats(members, known, on)


def _heads(members: list[Row], known: list[Facts], *, joins: bool) -> Found:
    """One head: a second counts against its row, none against the whole household. A household
    that is joined has its head already."""
    heads = [row for row, one in zip(members, known, strict=True) if one.relation == HEAD]
    for row in heads if joins else heads[1:]:
        yield row.number, error("second_head", "relation")
    if not heads and not joins:
        for row in members:
            yield row.number, error("no_head", "relation")


def _ages_and_repeats(members: list[Row], known: list[Facts], on: date) -> Found:
    readable = [place for place, row in enumerate(members) if row.fault is None]
    for problem in rules.family([known[place] for place in readable], on):
        if problem.person is None:
            raise AssertionError("a rule between members names the member")
        row = members[readable[problem.person]]
        other = problem.params.get("other")
        params = dict(problem.params)
        if isinstance(other, int):
            params["line"] = members[readable[other - 1]].line
        yield row.number, replace(problem, person=None, params=params)
    # Two rows without a name that say the same are twins or a repeat: somebody must look.
    nameless: dict[bytes, Row] = {}
    for place in readable:
        row = members[place]
        if not row.values["name"] and not row.values["name_latin"]:
            first = nameless.setdefault(row.hash, row)
            if first is not row:
                yield row.number, warning("possible_repeat", "name", line=first.line)


def list_problems(rows: Sequence[Row], facts: Sequence[Facts]) -> Found:
    """Repeats across households: a person may be counted with two families. Only what is equal
    letter by letter is flagged here; likeness is judged after registration, over all records."""
    seen: dict[tuple[str, ...], int] = {}
    papers: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.fault is not None:
            continue
        one = facts[row.number - 1]
        for paper in rules.personal_papers(one):
            first = papers.setdefault(paper, row.number)
            if rows[first - 1].household != row.household:
                yield (
                    row.number,
                    warning("document_twice", "document_number", line=rows[first - 1].line),
                )
        for key in _identities(one):
            first = seen.setdefault(key, row.number)
            elsewhere = rows[first - 1].household != row.household
            if elsewhere and same_person(facts[first - 1], one):
                yield row.number, warning("possible_repeat", "name", line=rows[first - 1].line)
                break


def _identities(one: Facts) -> Iterator[tuple[str, ...]]:
    """What together means one person: name and birth, with a parent's name or with the day. A
    first of January is no day: thousands share it because nobody knew theirs."""
    name = folded(one.name)
    if not name or one.birth is None:
        return
    for parent in ("father_name", "mother_name"):
        if named := folded(getattr(one, parent)):
            yield name, one.birth.edtf, parent, named
    day = one.birth.complete
    if day is not None and (day.month, day.day) != (1, 1):
        yield name, one.birth.edtf
