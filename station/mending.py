"""Mending a registration that a supervisor sent back: as a draft, then as amendments.

What was signed is never changed. The family comes back as a draft filled with what is recorded;
what the officer changed in it becomes amendments when it is submitted again, and the registration
waits for review anew. Life goes on meanwhile: what others wrote since the draft was opened is
neither taken back nor overwritten, and whoever died, moved or was voided keeps that place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from forms.check import raw_values
from forms.draft import Draft, MemberDraft
from forms.reading import read
from ledger import kinds
from ledger.entry import Subject
from ledger.views import HouseholdView
from station import reading
from station.enter import Registered, display_name, enter_person
from values.identifiers import EntryHash, PersonId, RegistrationId
from workspace import vault
from workspace.conflicts import in_doubt
from workspace.differing import in_conflict, labels, together
from workspace.errors import RefusedError
from workspace.keeping import kept
from workspace.knowing import as_seen, written_since

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from db.store import Reader
    from forms.answers import HouseholdAnswers
    from forms.draft import Raw
    from forms.problems import Problem
    from ledger.views import PersonView, RegistrationView
    from workspace.act import Act
    from workspace.session import Session

PREFIX = "mend-"
"""Draft ids that begin so mend the registration whose id follows."""

RELATION = "relation"


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

    Whoever died or went elsewhere since is left out, unless nobody else is there to be mended.
    Raises `RefusedError` when it was mended or decided meanwhile.
    """
    view, household = _open(reader, registration)
    form = session.catalogue.form("person")
    there = [one for one in reader.persons(view.persons) if one.voided is None]
    here = [
        one
        for one in there
        if reading.relation_of(household, one.id) and one.values.get("death") is None
    ]
    members, opened = [], {household.id.hex: _hex(household.heads)}
    for person in here or there:
        values = raw_values(form, person.values)
        values.pop(vault.FIELD, None)  # bytes that nobody here can read: they stay where they are
        values[RELATION] = _last_relation(household, person.id)
        members.append(MemberDraft(person.id.hex, values))
        opened[person.id.hex] = _hex(person.heads)
    return Draft(
        household=raw_values(session.catalogue.form("household"), household.values),
        members=tuple(members),
        opened=opened,
    )


def title(reader: Reader, view: RegistrationView) -> str:
    """The name by which the family is listed."""
    head = reading.head_of(reader, reader.household(view.household))
    return reading.name_of(head) if head else ""


def resubmit(
    session: Session,
    act: Act,
    registration: RegistrationId,
    draft: Draft,
    answers: HouseholdAnswers,
    *,
    on: date,
    problems: Sequence[Problem],
) -> Registered:
    """Say, in the open act, what was mended, and submit the registration again.

    Raises `RefusedError` for an answer that somebody else changed since the draft was opened, one
    that is in conflict, and a second head.
    """
    view, household = _open(act.unit, registration)
    mending = _Mending(session, act, draft, view, household, on)
    mending.amend("household", household, draft.household)
    relations = {one.person: one.relation for one in household.present()}
    told: dict[PersonId, str] = {}
    persons: list[tuple[PersonId, str, str]] = []
    place: list[PersonId | None] = []
    for member in answers.members:
        known = _known(act.unit, member.key)
        if known is not None and known.voided is not None:
            place.append(None)
            continue
        if known is None:
            identity, number = enter_person(session, act, member, household=household.id)
            told[identity] = member.relation
        else:
            identity, number = known.id, known.number
            mending.amend("person", known, draft.member(member.key).values)
            if mending.moved(identity, member.relation):
                told[identity] = member.relation
        persons.append((identity, number, display_name(member.values)))
        place.append(identity)
    for absent in mending.not_in_draft():
        if absent.id in relations and mending.offered(absent.id):
            del relations[absent.id]
            mending.leave(absent.id)
        else:  # gone, not taken out: the record is reviewed with the others all the same
            persons.append((absent.id, absent.number, reading.name_of(absent)))
    if list({**relations, **told}.values()).count(kinds.HEAD) > 1:
        raise RefusedError(
            "two_heads", "That household has a head. Choose the relation to that person."
        )
    for identity, relation in told.items():
        mending.join(identity, relation)
    named = {one.key: place[at] for at, one in enumerate(answers.members)}
    act.say(
        kinds.REGISTRATION_SUBMITTED,
        Subject("registration", registration),
        {
            "household": household.id.bytes,
            "persons": [person.bytes for person, _, _ in persons],
            "on": on.isoformat(),
            "source": dict(view.source),
            "flags": [
                {
                    "code": problem.code,
                    "field": problem.field,
                    "params": dict(problem.params),
                    "person": about.bytes,
                }
                for problem in problems
                if problem.person is not None and (about := place[problem.person])
            ],
            "confirmed": [
                {**one, "person": about.bytes}
                if (about := named.get(str(one.get("member", ""))))
                else dict(one)
                for one in answers.confirmed
            ],
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


class _Mending:
    """What an officer changed in a draft, against what it was opened on and what stands now."""

    def __init__(
        self,
        session: Session,
        act: Act,
        draft: Draft,
        registration: RegistrationView,
        household: HouseholdView,
        today: date,
    ) -> None:
        self._session = session
        self._act = act
        self._draft = draft
        self._registration = registration
        self._household = household
        self._today = today
        then = self._as_opened("household", household)
        self._then = then if isinstance(then, HouseholdView) else household

    def amend(
        self, form_id: str, view: PersonView | HouseholdView, typed: Mapping[str, Raw]
    ) -> None:
        """Say what the officer changed of a record. Only what the form asks is compared, and both
        sides are read alike."""
        form = self._session.catalogue.form(form_id)
        then = self._as_opened(form_id, view)
        raw = raw_values(form, then.values)
        raw.pop(vault.FIELD, None)
        before, after = (read(form, one, self._today).answers for one in (raw, typed))
        changes = {
            field: value
            for name, answer in after.items()
            if answer.value != before[name].value
            for field, value in kept(self._session, form, name, answer.value).items()
            if value not in (then.values.get(field), view.values.get(field))
        }
        if not changes:
            return
        since = written_since(
            self._session,
            self._act.unit.entries_of(form_id, view.id),
            self._seen(form_id, view),
        )
        mine = frozenset().union(*(together(form, name) for name in changes))
        if clash := [
            name for name in sorted(since & mine) if view.values.get(name) != then.values.get(name)
        ]:
            raise _changed_meanwhile(labels(form, clash))
        if torn := in_conflict(form, view.conflicts) & changes.keys():
            raise RefusedError(
                "in_conflict",
                f"This is in conflict: {labels(form, sorted(torn))}. Ask a supervisor or a "
                "registrar to settle the conflict first.",
            )
        photo = changes.get("photo")
        self._act.say(
            kinds.PERSON_AMENDED if form_id == "person" else kinds.HOUSEHOLD_AMENDED,
            Subject(form_id, view.id),
            {"changes": changes, "reason": "mended after it was sent back"},
            form=form_id,
            base=view.heads,
            blobs=[photo] if isinstance(photo, bytes) else [],
        )

    def moved(self, person: PersonId, relation: str) -> bool:
        """Whether the officer gave somebody who still belongs to the household another relation.
        Whoever died or went elsewhere does not come back by it."""
        now = reading.relation_of(self._household, person)
        then = reading.relation_of(self._then, person)
        if not now or relation in (now, then):
            return False
        if now != then or person in in_doubt(self._household):
            form = self._session.catalogue.form("membership")
            raise _changed_meanwhile(labels(form, [RELATION]))
        return True

    def not_in_draft(self) -> list[PersonView]:
        """Those of the registration who are not in the draft, without those who are void."""
        listed = {member.key for member in self._draft.members}
        absent = [one for one in self._registration.persons if one.hex not in listed]
        return [one for one in self._act.unit.persons(absent) if one.voided is None]

    def offered(self, person: PersonId) -> bool:
        """Whether the draft had the person when it was opened, as far as it says."""
        return not self._draft.opened or person.hex in self._draft.opened

    def join(self, person: PersonId, relation: str) -> None:
        """Say that a person belongs to the household under a relation."""
        self._place(kinds.HOUSEHOLD_MEMBER_JOINED, person, {"relation": relation})

    def leave(self, person: PersonId) -> None:
        """Say that the officer took a person out."""
        reason = "taken out when the registration was mended"
        self._place(kinds.HOUSEHOLD_MEMBER_LEFT, person, {"reason": reason})

    def _place(self, kind: str, person: PersonId, said: Mapping[str, Any]) -> None:
        self._act.say(
            kind,
            Subject("household", self._household.id),
            {"person": person.bytes, **said},
            base=self._household.heads,
        )

    def _seen(self, subject_type: str, view: PersonView | HouseholdView) -> list[EntryHash]:
        """What the draft was opened on. One that does not say was opened after the registration
        came back: what was there then was seen, and what came later may not have been."""
        told = self._draft.opened.get(view.id.hex)
        if told is not None:
            return [EntryHash(bytes.fromhex(one)) for one in told]
        back = self._registration.reviewed_at or self._registration.last_at
        return [
            entry.hash
            for entry in self._act.unit.entries_of(subject_type, view.id)
            if entry.header.device_time <= back
        ]

    def _as_opened(
        self, subject_type: str, view: PersonView | HouseholdView
    ) -> PersonView | HouseholdView:
        entries = self._act.unit.entries_of(subject_type, view.id)
        then = as_seen(self._session, subject_type, entries, self._seen(subject_type, view))
        return then if isinstance(then, type(view)) else view


def _known(reader: Reader, key: str) -> PersonView | None:
    """The person behind a member of the draft, or None for one who was added."""
    try:
        return reader.person(PersonId(UUID(hex=key)))
    except ValueError:
        return None


def _last_relation(household: HouseholdView, person: PersonId) -> str:
    stays = [one.relation for one in household.members if one.person == person]
    return reading.relation_of(household, person) or (stays[-1] if stays else "")


def _hex(heads: Sequence[EntryHash]) -> tuple[str, ...]:
    return tuple(one.hex() for one in heads)


def _changed_meanwhile(what: str) -> RefusedError:
    return RefusedError(
        "changed_meanwhile",
        f"This was changed after you opened the registration: {what}. Discard this draft, open the "
        "registration again, and mend what is still to be mended.",
    )
