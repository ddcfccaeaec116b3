"""Is the draft ready, and what is wrong or odd in it: pure functions of what was typed.

Errors must be mended; warnings may be confirmed with a reason, which goes into the registration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from forms import rules
from forms.answers import HouseholdAnswers, MemberAnswers, event_groups
from forms.codes import sensitive_needs
from forms.definition import Form
from forms.draft import Draft, Raw
from forms.errors import DraftError
from forms.facts import HEAD, NAME_FIELDS, Facts
from forms.library import HOUSEHOLD, MEMBERSHIP, PERSON, Catalogue
from forms.library import catalogue as shipped
from forms.problems import Problem, error, warning
from forms.raw import is_blank, raw_of
from forms.reading import NOTHING_READ, Read, read
from forms.suspicion import not_latin, suspicious

__all__ = [
    "answers",
    "check",
    "check_household",
    "check_person",
    "outstanding",
    "person_answers",
    "raw_values",
    "ready",
]

_FLIGHT_FIELDS = ("origin_country", "origin_place", "origin_code", "cause", "hazard")


def check(draft: Draft, today: date, *, catalogue: Catalogue | None = None) -> list[Problem]:
    """Everything wrong or odd in a household, in the order of the pages, the household first.

    ``person`` of a problem is the member's place, from 0; ``None`` is the household.
    """
    forms = catalogue or shipped()
    household = read(forms.form(HOUSEHOLD), draft.household, today)
    found = list(household.problems)
    found += _composition(draft)
    facts = []
    for place, member in enumerate(draft.members):
        relation = read(forms.form(MEMBERSHIP), member.values, today)
        person = read(forms.form(PERSON), member.values, today)
        known = _facts(relation, person, household)
        found += [replace(one, person=place) for one in relation.problems]
        found += _person_problems(person, known, today, place)
        facts.append(known)
    found += rules.family(facts, today)
    if draft.members and not any(not is_blank(one.values.get("phone")) for one in draft.members):
        found.append(warning("no_contact", "phone", 0))
    return _sorted(found, forms)


def check_person(
    values: Mapping[str, Raw],
    today: date,
    *,
    relation: str = "",
    cause: str = "",
    catalogue: Catalogue | None = None,
) -> list[Problem]:
    """What is wrong or odd in one person's raw answers, for instance while correcting them."""
    forms = catalogue or shipped()
    person = read(forms.form(PERSON), values, today)
    empty = NOTHING_READ
    known = replace(_facts(empty, person, empty), relation=relation, cause=cause)
    found = _person_problems(person, known, today, None)
    return _sorted(found, forms)


def check_household(
    values: Mapping[str, Raw], today: date, *, catalogue: Catalogue | None = None
) -> list[Problem]:
    """What is wrong or odd in the household's own raw answers."""
    forms = catalogue or shipped()
    household = read(forms.form(HOUSEHOLD), values, today)
    return list(household.problems)


def outstanding(draft: Draft, problems: Iterable[Problem]) -> list[Problem]:
    """The problems that still stand: all errors, and warnings without a reason."""
    confirmed = {(one.code, one.field, one.member) for one in draft.confirmed if one.reason.strip()}
    return [one for one in problems if one.is_error or _key(draft, one) not in confirmed]


def ready(draft: Draft, today: date, *, catalogue: Catalogue | None = None) -> bool:
    """Whether the household can be registered: no error, and every warning answered."""
    return not outstanding(draft, check(draft, today, catalogue=catalogue))


def answers(draft: Draft, today: date, *, catalogue: Catalogue | None = None) -> HouseholdAnswers:
    """The household as the ledger keeps it.

    Raises :class:`~forms.errors.DraftError` while errors remain; warnings are the caller's to ask
    about, see :func:`ready`.
    """
    problems = check(draft, today, catalogue=catalogue)
    if any(problem.is_error for problem in problems):
        raise DraftError("not_ready", "The household has errors; mend them, then register.")
    forms = catalogue or shipped()
    household = read(forms.form(HOUSEHOLD), draft.household, today)
    members = []
    for member in draft.members:
        values, sensitive = person_answers(member.values, today, catalogue=catalogue)
        relation = read(forms.form(MEMBERSHIP), member.values, today).text("relation")
        members.append(MemberAnswers(member.key, relation, values, sensitive))
    values = household.values()
    journey = {name: values[name] for name in _FLIGHT_FIELDS if name in values}
    return HouseholdAnswers(
        values=values,
        members=tuple(members),
        events=event_groups([(journey, household.date("arrival"))] * len(members)),
        confirmed=_confirmed(draft, problems),
    )


def person_answers(
    values: Mapping[str, Raw], today: date, *, catalogue: Catalogue | None = None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A person's values for the ledger, and the needs that must be sealed first. Answers with
    errors are left out: check before."""
    kept = read((catalogue or shipped()).form(PERSON), values, today).values()
    open_needs, sensitive = sensitive_needs(kept.pop("needs", []))
    if open_needs:
        kept["needs"] = list(open_needs)
    return kept, sensitive


def raw_values(form: Form, values: Mapping[str, Any]) -> dict[str, Raw]:
    """Kept values as raw answers, so that they can be corrected on the form's pages."""
    return {
        field.name: raw_of(field, values[field.name])
        for field in form.fields()
        if field.name in values
    }


def _facts(relation: Read, person: Read, household: Read) -> Facts:
    documents = person.values().get("documents")
    needs = person.values().get("needs")
    chosen = relation.text("relation")
    return Facts(
        relation=chosen,
        name=person.text("name"),
        name_latin=person.text("name_latin"),
        father_name=person.text("father_name"),
        mother_name=person.text("mother_name"),
        sex=person.text("sex"),
        birth=person.date("birth"),
        # A child may well be born after the family arrived; the head may not.
        arrival=household.date("arrival") if chosen == HEAD else None,
        cause=household.text("cause"),
        documents=_pairs(documents),
        needs=tuple(needs) if isinstance(needs, list) else (),
        share_with_origin=person.text("share_with_origin"),
        uasc_status=person.text("uasc_status"),
    )


def _pairs(documents: object) -> tuple[tuple[str, str], ...]:
    """Documents as pairs; "does not want to say" is no document."""
    if not isinstance(documents, list):
        return ()
    return tuple((one["type"], one["number"]) for one in documents)


def _person_problems(person: Read, facts: Facts, today: date, place: int | None) -> list[Problem]:
    found = [replace(one, person=place) for one in person.problems]
    if facts.maybe_infant(today):
        found = [one for one in found if (one.code, one.field) != ("missing", "name")]
    for one in rules.person(facts, today, index=place):
        # At the table it can be set right at once, so it is not left to a reason.
        severity = "error" if one.code == "share_after_persecution" else one.severity
        # At the table the question itself is asked; a list has no column for it.
        field = "uasc_status" if one.code == "child_without_parents" else one.field
        found.append(replace(one, severity=severity, field=field))
    for name in NAME_FIELDS:
        for code in suspicious(person.text(name), name=True):
            found.append(warning(code, name, place))
    if not_latin(facts.name_latin):
        found.append(warning("not_latin", "name_latin", place))
    return found


def _composition(draft: Draft) -> list[Problem]:
    if not draft.members:
        return [error("no_members")]
    heads = [place for place, one in enumerate(draft.members) if one.relation == HEAD]
    if not heads:
        return [error("no_head", "relation")]
    return [error("second_head", "relation", place) for place in heads[1:]]


def _confirmed(draft: Draft, problems: Iterable[Problem]) -> tuple[dict[str, str], ...]:
    """Reasons for warnings that still stand, as the registration keeps them."""
    standing = {_key(draft, one) for one in problems}
    return tuple(
        {"code": one.code, "field": one.field, "member": one.member, "reason": one.reason.strip()}
        for one in draft.confirmed
        if (one.code, one.field, one.member) in standing and one.reason.strip()
    )


def _key(draft: Draft, problem: Problem) -> tuple[str, str, str]:
    member = "" if problem.person is None else draft.members[problem.person].key
    return problem.code, problem.field, member


def _sorted(problems: Iterable[Problem], forms: Catalogue) -> list[Problem]:
    """By member, the household first, then in the order of asking; each once."""
    asked = [one.field.name for page in forms.pages(head=True) for one in page.fields]
    order = {name: place for place, name in reversed(list(enumerate(asked)))}

    def place(problem: Problem) -> tuple[int, int]:
        member = -1 if problem.person is None else problem.person
        return member, order.get(problem.field, -1)

    return sorted(dict.fromkeys(problems), key=place)
