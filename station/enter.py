"""A family becomes entries: persons, household, flight, arrival, and the registration itself.

Both ways in lead here, the interview and the pre-registration list, so that they cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger import kinds
from ledger.entry import Subject
from values.identifiers import EventId, HouseholdId, PersonId, RegistrationId
from workspace import vault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forms.answers import EventAnswers, HouseholdAnswers, MemberAnswers
    from forms.problems import Problem
    from ledger.views import HouseholdView
    from workspace.act import Act
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class Registered:
    """What a submission made. `persons` holds id, number and name, in the household's order."""

    household: HouseholdId
    household_number: str
    registration: RegistrationId
    persons: tuple[tuple[PersonId, str, str], ...]


def enter_household(
    session: Session,
    act: Act,
    answers: HouseholdAnswers,
    *,
    on: str,
    source: Mapping[str, Any],
    flags: Sequence[tuple[int, Problem]] = (),
    confirmed: Sequence[Mapping[str, Any]] = (),
    joins: HouseholdView | None = None,
) -> Registered:
    """Say, in the open act, everything that registering this household means.

    `on` is the day of the interview or of the list, `flags` pairs a member's place with what
    must be looked at, `confirmed` holds the warnings that a person confirmed, each with the
    reason given. With
    `joins`, the members become part of a household that is registered already.
    """
    household = joins.id if joins else HouseholdId(act.new_id())
    household_number = joins.number if joins else act.number("H")
    members: list[dict[str, Any]] = []
    persons: list[tuple[PersonId, str, str]] = []
    for member in answers.members:
        person, number = enter_person(session, act, member, household=household)
        members.append({"person": person.bytes, "relation": member.relation})
        persons.append((person, number, display_name(member.values)))
    if joins is None:
        act.say(
            kinds.HOUSEHOLD_REGISTERED,
            Subject("household", household),
            {"number": household_number, "values": dict(answers.values), "members": members},
            form="household",
        )
    else:
        for one in members:
            act.say(
                kinds.HOUSEHOLD_MEMBER_JOINED,
                Subject("household", household),
                one,
                base=joins.heads,
            )
    for event in answers.events:
        enter_event(act, event, household, [person for person, _, _ in persons])
    places = {member.key: persons[place] for place, member in enumerate(answers.members)}
    act.say(
        kinds.REGISTRATION_SUBMITTED,
        Subject("registration", act.id),
        {
            "household": household.bytes,
            "persons": [person.bytes for person, _, _ in persons],
            "on": on,
            "source": dict(source),
            "flags": [
                {
                    "code": problem.code,
                    "field": problem.field,
                    "params": dict(problem.params),
                    "person": persons[place][0].bytes,
                }
                for place, problem in flags
            ],
            "confirmed": [
                {**one, "person": places[key][0].bytes}
                if (key := str(one.get("member", ""))) in places
                else dict(one)
                for one in confirmed
            ],
        },
    )
    return Registered(
        household=household,
        household_number=household_number,
        registration=RegistrationId(act.id),
        persons=tuple(persons),
    )


def enter_person(
    session: Session, act: Act, member: MemberAnswers, *, household: HouseholdId
) -> tuple[PersonId, str]:
    """Say that a person is registered. Sensitive needs are sealed before they are signed."""
    person = PersonId(act.new_id())
    number = act.number("P")
    values = form_values(session, "person", member.values)
    if member.sensitive:
        values[vault.FIELD] = vault.seal_needs(session, member.sensitive)
    photo = values.get("photo")
    act.say(
        kinds.PERSON_REGISTERED,
        Subject("person", person),
        {"number": number, "values": values, "household": household.bytes},
        form="person",
        blobs=[photo] if isinstance(photo, bytes) else [],
    )
    return person, number


def enter_event(
    act: Act, event: EventAnswers, household: HouseholdId, persons: Sequence[PersonId]
) -> EventId:
    """Say that something happened to some members of the household."""
    identity = EventId(act.new_id())
    act.say(
        kinds.EVENT_RECORDED,
        Subject("event", identity),
        {
            "type": event.type,
            "date": dict(event.date) if event.date else None,
            "values": dict(event.values),
            "participants": [
                {"role": "subject", "person": persons[index].bytes} for index in event.participants
            ],
            "household": household.bytes,
        },
        form=event.type,
    )
    return identity


def form_values(session: Session, form: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Answers fit to be signed: those to sensitive questions are sealed first."""
    definition = session.catalogue.form(form)
    return {
        name: vault.seal_value(session, value)
        if name in definition and definition.field(name).sensitive
        else value
        for name, value in values.items()
    }


def display_name(values: Mapping[str, Any]) -> str:
    """The name to show back to the officer: own script first."""
    for field in ("name", "name_latin"):
        value = values.get(field)
        if isinstance(value, str) and value:
            return value
    return ""
