"""Mending a registration that a supervisor sent back: as a draft, then as amendments.

What was signed is never changed. The family comes back as a draft filled with what is recorded;
what differs when it is submitted again becomes amendments that name what the officer saw, and
the registration waits for review anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from forms.check import raw_values
from forms.draft import Draft, MemberDraft
from ledger import kinds
from ledger.entry import Subject
from station import reading
from station.enter import Registered, display_name, enter_person
from values.identifiers import PersonId, RegistrationId
from workspace import vault
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from db.store import Reader
    from forms.answers import HouseholdAnswers, MemberAnswers
    from forms.problems import Problem
    from ledger.views import HouseholdView, PersonView, RegistrationView
    from workspace.act import Act
    from workspace.session import Session

PREFIX = "mend-"
"""Draft ids that begin so mend the registration whose id follows."""


def draft_id(registration: RegistrationId) -> str:
    """The id of the draft that mends a registration."""
    return f"{PREFIX}{registration}"


def registration_of(identity: str) -> RegistrationId | None:
    """The registration that a draft mends, or None for a draft of a new family."""
    if not identity.startswith(PREFIX):
        return None
    try:
        return RegistrationId(UUID(identity[len(PREFIX) :]))
    except ValueError:
        return None


def returned(reader: Reader) -> list[tuple[RegistrationView, str, datetime]]:
    """Registrations that came back, each with its reason and when."""
    return [
        (view, view.returned or "", view.reviewed_at or view.last_at)
        for view in reader.queue("returned")
    ]


def reopen(session: Session, reader: Reader, registration: RegistrationId) -> Draft:
    """The registration as a draft. Members go by their person's id; sealed needs stay sealed.

    Raises `RefusedError` when it was mended or decided meanwhile.
    """
    view, household = _open(reader, registration)
    form = session.catalogue.form("person")
    members = []
    for identity in view.persons:
        person = reader.person(identity)
        if person is None or person.voided:
            continue
        values = raw_values(form, person.values)
        values.pop(vault.FIELD, None)  # bytes that nobody here can read: they stay where they are
        values["relation"] = reading.relation_of(household, identity)
        members.append(MemberDraft(identity.hex, values))
    return Draft(
        household=raw_values(session.catalogue.form("household"), household.values),
        members=tuple(members),
    )


def title(reader: Reader, view: RegistrationView) -> str:
    """The name by which the family is listed."""
    head = reading.head_of(reader, reader.household(view.household))
    return reading.name_of(head) if head else ""


def resubmit(
    session: Session,
    act: Act,
    registration: RegistrationId,
    answers: HouseholdAnswers,
    *,
    on: str,
    problems: Sequence[Problem],
) -> Registered:
    """Say, in the open act, what was mended, and submit the registration again."""
    view, household = _open(act.unit, registration)
    _amend(act, "household", household, _difference(household.values, answers.values))
    persons: list[tuple[PersonId, str, str]] = []
    for member in answers.members:
        known = _known(act.unit, view, member)
        if known is None:
            person, number = enter_person(session, act, member, household=household.id)
            joined = member.relation
        else:
            person, number = known.id, known.number
            _amend_person(session, act, known, member)
            before = reading.relation_of(household, person)
            joined = member.relation if member.relation != before else ""
        if joined:
            act.say(
                kinds.HOUSEHOLD_MEMBER_JOINED,
                Subject("household", household.id),
                {"person": person.bytes, "relation": joined},
                base=household.heads,
            )
        persons.append((person, number, display_name(member.values)))
    kept = {person for person, _, _ in persons}
    for identity in view.persons:
        if identity not in kept:
            act.say(
                kinds.HOUSEHOLD_MEMBER_LEFT,
                Subject("household", household.id),
                {"person": identity.bytes, "reason": "taken out when the registration was mended"},
                base=household.heads,
            )
    act.say(
        kinds.REGISTRATION_SUBMITTED,
        Subject("registration", registration),
        {
            "household": household.id.bytes,
            "persons": [person.bytes for person, _, _ in persons],
            "on": on,
            "source": dict(view.source),
            "flags": [
                {
                    "code": problem.code,
                    "field": problem.field,
                    "params": dict(problem.params),
                    "person": persons[problem.person][0].bytes,
                }
                for problem in problems
                if problem.person is not None
            ],
            "confirmed": [dict(one) for one in answers.confirmed],
        },
        base=view.heads,
    )
    return Registered(
        household=household.id,
        household_number=household.number,
        registration=registration,
        persons=tuple(persons),
    )


def _open(reader: Reader, registration: RegistrationId) -> tuple[RegistrationView, HouseholdView]:
    view = reader.registration(registration)
    if view is None or view.status != "returned":
        raise RefusedError(
            "not_returned", "This registration does not wait to be mended. Open the list again."
        )
    household = reader.household(view.household)
    if household is None:
        raise RefusedError("no_household", "The household of this registration is not here.")
    return view, household


def _known(reader: Reader, view: RegistrationView, member: MemberAnswers) -> PersonView | None:
    """The person behind a member of the draft, or None for one who was added."""
    for identity in view.persons:
        if identity.hex == member.key:
            return reader.person(identity)
    return None


def _amend_person(session: Session, act: Act, known: PersonView, member: MemberAnswers) -> None:
    said = dict(member.values)
    if member.sensitive:
        # Sealed anew and added to nothing: the officer cannot read what was sealed before.
        said[vault.FIELD] = vault.seal_needs(session, member.sensitive)
    elif vault.FIELD in known.values:
        said[vault.FIELD] = known.values[vault.FIELD]
    changes = _difference(known.values, said)
    photo = changes.get("photo")
    _amend(act, "person", known, changes, blobs=[photo] if isinstance(photo, bytes) else [])


def _amend(
    act: Act,
    form: str,
    known: PersonView | HouseholdView,
    changes: Mapping[str, Any],
    blobs: Sequence[bytes] = (),
) -> None:
    if changes:
        act.say(
            kinds.PERSON_AMENDED if form == "person" else kinds.HOUSEHOLD_AMENDED,
            Subject(form, known.id),
            {"changes": dict(changes), "reason": "mended after it was sent back"},
            form=form,
            base=known.heads,
            blobs=blobs,
        )


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What changed: new values, and None for what is answered no more."""
    changes: dict[str, Any] = {
        field: value for field, value in after.items() if before.get(field) != value
    }
    changes.update({field: None for field in before if field not in after})
    return changes
