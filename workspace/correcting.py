"""Changing a record: opened as it stands, compared side by side, then said as what differs.

Only what differs goes into the entry, and its base is what the officer saw. So two officers who
did not know of each other are both kept, and their difference is shown; nobody's words are
overwritten by whoever saves last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forms.check import check_household, check_person
from forms.definition import Correctable
from forms.raw import raw_of
from forms.reading import read
from ledger import kinds
from ledger.entry import Subject
from values.identifiers import HouseholdId, PersonId
from workspace import proposals, telling, vault
from workspace.differing import (
    Difference,
    differences,
    governing,
    in_conflict,
    labels,
    needs_approval,
    together,
)
from workspace.errors import RefusedError
from workspace.keeping import kept
from workspace.problems import require_settled
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from db.store import Reader
    from forms.definition import Form
    from forms.draft import Confirmation, Raw
    from forms.problems import Problem
    from forms.raw import Answer
    from ledger.views import HouseholdView, PersonView
    from values.identifiers import EntryHash, EventId
    from workspace.act import Act
    from workspace.session import Session

MEANWHILE = "changed_meanwhile"
"""Code of the confirmation that a change is meant although the record moved on."""


@dataclass(frozen=True, slots=True)
class Correcting:
    """A record as somebody opened it to change it: hand it back with the answers.

    Attributes:
        raw: the answers as the form asks them; sealed ones, and those that this role is not
            shown, are blank and stay as they are unless something is typed.
        heads: what the record stood on. relation, cause: of a person, for the rules.
        in_conflict: fields that cannot be changed before a conflict is settled.
        proposed: fields of which a correction waits for approval.
    """

    form: Form
    subject: UUID
    raw: Mapping[str, Raw] = field(repr=False)
    heads: tuple[EntryHash, ...]
    relation: str = ""
    cause: str = ""
    in_conflict: frozenset[str] = frozenset()
    proposed: frozenset[str] = frozenset()
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """What was said: the fields amended at once, and the proposal that waits, if one does."""

    amended: tuple[str, ...]
    proposed: EventId | None


class ChangedMeanwhileError(RefusedError):
    """The record moved on since it was opened; `differences` holds what differs now.

    Confirmed with a reason under the code `changed_meanwhile`, the change stands beside the other.
    """

    def __init__(self, found: Sequence[Difference]) -> None:
        super().__init__(
            MEANWHILE,
            "This record was changed since you opened it. Look at what differs, then open it "
            "again, or confirm that your change is meant all the same.",
        )
        self.differences = tuple(found)


def begin(session: Session, person: PersonId) -> Correcting:
    """A person's record, to change it. Raises `RefusedError` for nobody, or a voided record."""
    require(session, Right.CORRECT)
    with session.store.read() as reader:
        view = _person(reader, person)
        household = reader.household_of(person)
        waiting = [one for one in proposals.of_person(session, reader, view) if one.waits]
        present = household.present() if household else ()
        cause = household.values.get("cause") if household else None
        return _opened(
            session,
            "person",
            view,
            relation=next((one.relation for one in present if one.person == person), ""),
            cause=cause if isinstance(cause, str) else "",
            proposed=frozenset(name for one in waiting for name in one.changes),
        )


def begin_household(session: Session, household: HouseholdId) -> Correcting:
    """The household's own answers, to change them. Raises `RefusedError`."""
    require(session, Right.CORRECT)
    with session.store.read() as reader:
        return _opened(session, "household", _household(reader, household))


def compare(
    session: Session, at: Correcting, raw: Mapping[str, Raw], *, language: str = "en"
) -> tuple[Difference, ...]:
    """What would change, side by side, whether or not it can be said yet."""
    found = _changed(at, raw, session.clock.now().date())
    after = {name: _shown(answer, raw.get(name)) for name, answer in found.items()}
    with session.store.read() as reader:
        return differences(
            reader, at.form, at.values, after, role=session.user.role, language=language
        )


def check(session: Session, at: Correcting, raw: Mapping[str, Raw]) -> list[Problem]:
    """What is wrong or odd in what was changed. What stood there before is not asked about."""
    return _problems(session, at, raw, _changed(at, raw, session.clock.now().date()))


def change(
    session: Session,
    person: PersonId,
    raw: Mapping[str, Raw],
    *,
    at: Correcting,
    reason: str,
    basis: str = "",
    confirmed: Sequence[Confirmation] = (),
    draft_id: str = "",
) -> Changed:
    """Amend what may be amended, and propose the rest to a second person, in one act; the draft
    goes in the same commit.

    `reason` is required for a proposal, `basis` a code of `correction_basis`, or nothing.

    Raises `ProblemsError` while an error stands or a warning is not confirmed,
    `ChangedMeanwhileError`, and `RefusedError` when nothing changed, an answer is never corrected,
    is in conflict, or has a correction waiting already.
    """
    require(session, Right.CORRECT)
    changes = _settled(session, at, raw, confirmed)
    proposed = None
    with session.act() as act:
        view = _person(act.unit, person)
        _still(session, act.unit, at, view, confirmed)
        approved = _guarded(session, act.unit, at, view, changes)
        free = {name: value for name, value in changes.items() if name not in approved}
        if free:
            _amend(act, kinds.PERSON_AMENDED, at, "person", free, reason, confirmed)
        if approved:
            proposed = proposals.propose(
                session, act, view, approved, at=at.heads, reason=reason, basis=basis
            )
        if draft_id:
            act.unit.delete_draft(draft_id)
    return Changed(tuple(sorted(free)), proposed)


def change_household(
    session: Session,
    household: HouseholdId,
    raw: Mapping[str, Raw],
    *,
    at: Correcting,
    reason: str,
    confirmed: Sequence[Confirmation] = (),
    draft_id: str = "",
) -> Changed:
    """The same for the household's own answers. What needs approval is changed by those who give
    it. Raises as `change` does."""
    require(session, Right.CORRECT)
    changes = _settled(session, at, raw, confirmed)
    with session.act() as act:
        view = _household(act.unit, household)
        _still(session, act.unit, at, view, confirmed)
        if any(needs_approval(at.form, name) for name in changes if name in view.values):
            require(session, Right.APPROVE)
        _amend(act, kinds.HOUSEHOLD_AMENDED, at, "household", changes, reason, confirmed)
        if draft_id:
            act.unit.delete_draft(draft_id)
    return Changed(tuple(sorted(changes)), None)


def _guarded(
    session: Session,
    reader: Reader,
    at: Correcting,
    view: PersonView,
    changes: Mapping[str, Any],
) -> dict[str, Any]:
    """The changes that a second person has to agree to, with those that are told together with
    them: said at once, they would overtake it, and nobody could approve it any more. Raises
    `RefusedError` when a correction of one of them waits already."""
    answered = {*view.values, *at.values}
    guarded = {
        fellow
        for name in changes
        if needs_approval(at.form, name) and name in answered
        for fellow in together(at.form, name)
    }
    found = {name: value for name, value in changes.items() if name in guarded}
    waiting = (one for one in proposals.of_person(session, reader, view) if one.waits)
    if twice := {name for one in waiting for name in one.changes} & set(found):
        raise RefusedError(
            "proposed_already",
            f"A correction of this waits for approval already: {labels(at.form, sorted(twice))}. "
            "Let it be decided first.",
        )
    return found


def _opened(
    session: Session,
    form_id: str,
    view: PersonView | HouseholdView,
    *,
    relation: str = "",
    cause: str = "",
    proposed: frozenset[str] = frozenset(),
) -> Correcting:
    form = session.catalogue.form(form_id)
    seen = _seen(session, form, view.values)
    return Correcting(
        form=form,
        subject=view.id,
        raw=_raw(form, seen),
        heads=view.heads,
        relation=relation,
        cause=cause,
        in_conflict=in_conflict(form, view.conflicts),
        proposed=proposed,
        values=seen,
    )


def _seen(session: Session, form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that this role is shown."""
    role = session.user.role
    return {name: value for name, value in values.items() if telling.seen_by(form, name, role)}


def _raw(form: Form, values: Mapping[str, Any]) -> dict[str, Raw]:
    """The answers to what is asked. What is sealed stays where it is; what another program wrote
    in another shape is asked anew."""
    made: dict[str, Raw] = {}
    for one in form.fields():
        value = values.get(one.name)
        sealed = isinstance(value, Mapping) and vault.SEALED in value
        if value is None or not one.asked or sealed:
            continue
        made[one.name] = raw_of(one, value)
    return made


def _changed(at: Correcting, raw: Mapping[str, Raw], today: date) -> dict[str, Answer]:
    """The answers that read differently from what was opened.

    Both sides are read alike, so that a value which does not survive being asked again is no
    change, and a question that is not asked any more loses its answer.
    """
    before, after = (read(at.form, one, today).answers for one in (at.raw, raw))
    found = {}
    for one in at.form.fields():
        if not one.asked:
            continue
        was, now = before[one.name], after[one.name]
        wrong = now.problems and raw.get(one.name) != at.raw.get(one.name)
        if wrong or was.value != now.value:
            found[one.name] = now
    return found


def _shown(answer: Answer, typed: Raw) -> Any:
    """For looking at: what was understood, or what was typed when it was not."""
    if answer.value is not None or not answer.problems:
        return answer.value
    text = typed.get("text") if isinstance(typed, Mapping) else typed
    return text if isinstance(text, str) else None


def _problems(
    session: Session, at: Correcting, raw: Mapping[str, Raw], changed: Mapping[str, Answer]
) -> list[Problem]:
    before, after = (_all_problems(session, at, one) for one in (at.raw, raw))
    return [one for one in after if one.field.partition(".")[0] in changed or one not in before]


def _all_problems(session: Session, at: Correcting, raw: Mapping[str, Raw]) -> list[Problem]:
    today = session.clock.now().date()
    if at.form.id == "household":
        return check_household(raw, today, catalogue=session.catalogue)
    return check_person(
        raw, today, relation=at.relation, cause=at.cause, catalogue=session.catalogue
    )


def _settled(
    session: Session,
    at: Correcting,
    raw: Mapping[str, Raw],
    confirmed: Sequence[Confirmation],
) -> dict[str, Any]:
    """The changes as they are kept, once nothing speaks against them."""
    found = _changed(at, raw, session.clock.now().date())
    if not found:
        raise RefusedError(
            "nothing_changed", "Nothing was changed. Change an answer first, or close the page."
        )
    never = [
        name
        for name in found
        if (rule := governing(at.form, name)) and rule.correctable is Correctable.NEVER
    ]
    if never:
        raise RefusedError(
            "never_corrected",
            f"This is never corrected: {labels(at.form, never)}. Void the record if it is wrong, "
            "and register the person anew.",
        )
    if torn := at.in_conflict & set(found):
        raise RefusedError(
            "in_conflict",
            f"This is in conflict: {labels(at.form, sorted(torn))}. Ask a supervisor or a "
            "registrar to settle the conflict first.",
        )
    require_settled(_problems(session, at, raw, found), confirmed)
    changes = _kept(session, at, found)
    photo = changes.get("photo")
    if isinstance(photo, bytes) and session.store.photos.missing([photo]):
        raise RefusedError("photo", "The photo is not here any more. Take it again.")
    return changes


def _kept(session: Session, at: Correcting, found: Mapping[str, Answer]) -> dict[str, Any]:
    """The answers as entries keep them, as far as that is something else than what is there."""
    changes = {
        field_name: value
        for name, answer in found.items()
        for field_name, value in kept(session, at.form, name, answer.value).items()
        if value != at.values.get(field_name)
    }
    if not changes:
        raise RefusedError(
            "nothing_changed", "Nothing was changed. Change an answer first, or close the page."
        )
    return changes


def _still(
    session: Session,
    reader: Reader,
    at: Correcting,
    view: PersonView | HouseholdView,
    confirmed: Sequence[Confirmation],
) -> None:
    """Tell the officer when the record moved on since it was opened."""
    if at.subject != view.id:
        raise ValueError("opened for another record")
    if view.heads == at.heads:
        return
    now = _seen(session, at.form, view.values)
    moved = {
        name: now.get(name) for name in {*now, *at.values} if now.get(name) != at.values.get(name)
    }
    meant = any(one.code == MEANWHILE and one.reason.strip() for one in confirmed)
    if moved and not meant:
        role = session.user.role
        raise ChangedMeanwhileError(
            differences(reader, at.form, at.values, moved, role=role, language="en")
        )


def _amend(
    act: Act,
    kind: str,
    at: Correcting,
    form: str,
    changes: Mapping[str, Any],
    reason: str,
    confirmed: Sequence[Confirmation],
) -> None:
    body: dict[str, Any] = {"changes": dict(changes), "reason": reason.strip() or None}
    told = [
        {"code": one.code, "field": one.field, "reason": one.reason.strip()}
        for one in confirmed
        if one.reason.strip()
    ]
    if told:
        body["confirmed"] = told
    photo = changes.get("photo")
    act.say(
        kind,
        Subject(form, at.subject),
        body,
        form=form,
        base=at.heads,
        blobs=[photo] if isinstance(photo, bytes) else [],
    )


def _person(reader: Reader, person: PersonId) -> PersonView:
    view = reader.person(person)
    if view is None:
        raise RefusedError("unknown_person", "This person is not in this workspace.")
    if view.voided is not None:
        raise RefusedError(
            "voided", "This record was voided, so it is not changed any more. Look up another."
        )
    return view


def _household(reader: Reader, household: HouseholdId) -> HouseholdView:
    view = reader.household(household)
    if view is None:
        raise RefusedError("unknown_household", "This household is not in this workspace.")
    return view
