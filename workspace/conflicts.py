"""Conflicts of a record: both sides in words, and settling them with a reason.

A conflict is settled by one entry that saw every side. That entry settles all conflicts its author
saw, so all of a record's are decided about at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forms import wording
from forms.codes import code_list
from forms.raw import read_raw
from ledger import facts, kinds
from ledger.entry import Subject
from ledger.history import field_history
from ledger.views import HouseholdView
from resources.i18n import translation
from values.identifiers import HouseholdId, PersonId
from workspace import telling
from workspace.differing import form_of, people_of
from workspace.errors import RefusedError
from workspace.keeping import kept
from workspace.past import user_name
from workspace.problems import ProblemsError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from db.store import Reader
    from forms.definition import Form
    from ledger.conflicts import Candidate, Conflict
    from ledger.entry import Entry
    from ledger.views import View
    from values.identifiers import EntryHash
    from workspace.act import Act
    from workspace.session import Session

Choice = bytes | Mapping[str, Any]
"""The hash of the side that holds, or answers by field: each as it is typed, or the hash of the
side whose answer to it holds. For a place in a household the answer is a relation, or nothing for
somebody who left."""


def _(text: str) -> str:
    """Marks a source string for the catalogues."""
    return text


LEFT = _("left the household")
MOVED = _("moved to household {number}")
MOVED_AWAY = _("moved to another household")


@dataclass(frozen=True, slots=True)
class Said:
    """One field of one side, in words; empty when that side leaves it empty."""

    field: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a conflict: what one author left, not knowing of the others. `shown`: its
    values are what pages show until somebody decides."""

    entry: EntryHash
    by: str
    at: datetime
    doubt: bool
    reason: str
    shown: bool
    values: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class ConflictShown:
    """A conflict in words. `set` names it when it is settled; `heads` are what it was seen on."""

    set: str
    title: str
    fields: tuple[str, ...]
    identity: bool
    sides: tuple[Side, ...]
    heads: tuple[EntryHash, ...]


def conflicts(
    session: Session, subject_type: str, subject: UUID, language: str = "en"
) -> tuple[ConflictShown, ...]:
    """The open conflicts of a person, a household or an event, as far as this role sees them.

    Raises `RefusedError` for a record that is not here.
    """
    with session.store.read() as reader:
        view = _view(reader, subject_type, subject)
        form = form_of(session, subject_type, view)
        entries = {entry.hash: entry for entry in reader.entries_of(subject_type, subject)}
        found = []
        for conflict in view.conflicts:
            names = [
                name for name in conflict.fields if telling.seen_by(form, name, session.user.role)
            ]
            if names:
                found.append(
                    ConflictShown(
                        set=conflict.set,
                        title=_title(reader, form, conflict, names, language),
                        fields=tuple(names),
                        identity=conflict.identity,
                        sides=tuple(
                            _side(session, reader, form, side, names, entries, place, language)
                            for place, side in enumerate(conflict.candidates)
                        ),
                        heads=view.heads,
                    )
                )
        return tuple(found)


def settle(
    session: Session,
    subject_type: str,
    subject: UUID,
    choices: Mapping[str, Choice],
    *,
    reason: str,
    at: tuple[EntryHash, ...] | None = None,
) -> None:
    """Settle every conflict of a record: for each, by its set, a side or an answer of one's own.

    `at` are the heads that were seen, to be told when another side came meanwhile. Raises
    `RefusedError`, and `ProblemsError` for answers that cannot be read.
    """
    require(session, Right.SETTLE)
    if not reason.strip():
        raise RefusedError("reason", "Say why this side holds: who was asked, or what was shown.")
    with session.act() as act:
        view = _view(act.unit, subject_type, subject)
        _require_all(view, choices)
        if at is not None and at != view.heads:
            raise RefusedError(
                "changed_meanwhile",
                "This record was changed since you opened it. Open it again, and look at all "
                "sides before you decide.",
            )
        form = form_of(session, subject_type, view)
        changes: dict[str, Any] = {}
        places: dict[PersonId, Any] = {}
        for conflict in view.conflicts:
            choice = choices[conflict.set]
            if conflict.set.startswith("@"):
                places |= _places(session, act.unit, view, conflict, choice)
            else:
                changes |= _values(session, form, conflict, choice)
        _require_one_head(view, places)
        body: dict[str, Any] = {"changes": changes, "reason": reason.strip()}
        if places:
            body["members"] = [_member(person, place) for person, place in places.items()]
        photo = changes.get("photo")
        act.say(
            kinds.CONFLICT_RESOLVED,
            Subject(subject_type, subject),
            body,
            form=form.id if form.pages else None,
            base=view.heads,
            blobs=[photo] if isinstance(photo, bytes) else [],
        )
        for conflict in view.conflicts:
            _leave_others(act, conflict, places, reason.strip())


def _require_all(view: View, choices: Mapping[str, Choice]) -> None:
    open_ones = {conflict.set for conflict in view.conflicts}
    if not open_ones:
        raise RefusedError("no_conflict", "There is no conflict here any more. Open it again.")
    if set(choices) != open_ones:
        raise RefusedError(
            "unsettled",
            f"There are {len(open_ones)} conflicts in this record. Choose a side for each of "
            "them: they are settled together.",
        )


def _view(reader: Reader, subject_type: str, subject: UUID) -> View:
    known = subject_type in (kinds.PERSON, kinds.HOUSEHOLD, kinds.EVENT)
    view = reader.view(subject_type, subject) if known else None
    if view is None:
        raise RefusedError("unknown_record", "This record is not in this workspace.")
    return view


def _title(
    reader: Reader, form: Form, conflict: Conflict, names: Iterable[str], language: str
) -> str:
    if conflict.set == facts.HEAD:
        return telling.field_text(form, facts.HEAD, language)
    return ", ".join(_label(reader, form, name, language) for name in names)


def _label(reader: Reader, form: Form, name: str, language: str) -> str:
    if name.startswith(facts.MEMBER):
        return people_of(reader)(_person_of(name).bytes)
    return telling.field_text(form, name, language)


def _side(
    session: Session,
    reader: Reader,
    form: Form,
    side: Candidate,
    names: Iterable[str],
    entries: Mapping[EntryHash, Entry],
    place: int,
    language: str,
) -> Side:
    entry = entries[side.hash]
    reason = (entry.body or {}).get("reason")
    return Side(
        entry=side.hash,
        by=user_name(session, reader, side.author),
        at=side.at,
        doubt=entry.header.doubt,
        reason=reason if isinstance(reason, str) else "",
        shown=place == 0,
        values=tuple(
            Said(
                name,
                _label(reader, form, name, language),
                _words(reader, form, name, side.values.get(name), language),
            )
            for name in names
            if name in side.values or len(side.values) == 0 or not name.startswith(facts.MEMBER)
        ),
    )


def _words(reader: Reader, form: Form, name: str, value: Any, language: str) -> str:
    people = people_of(reader)
    if name.startswith(facts.MEMBER):
        return _place_text(reader, value, language)
    if name == "participants" and isinstance(value, list):
        named = [one.get("person") for one in value if isinstance(one, Mapping)]
        return ", ".join(people(one) for one in named if isinstance(one, bytes))
    return telling.value_text(form, name, value, language, people=people)


def _place_text(reader: Reader, value: Any, language: str) -> str:
    text = translation(language).gettext
    if isinstance(value, str):
        return wording.label("relation", value, language)
    went = _destination(value)
    if went is None:
        return text(LEFT)
    household = reader.household(went)
    return text(MOVED).format(number=household.number) if household else text(MOVED_AWAY)


def _values(session: Session, form: Form, conflict: Conflict, choice: Choice) -> dict[str, Any]:
    """The fields of a conflict as the choice has them."""
    if isinstance(choice, bytes):
        side = _chosen(conflict, choice)
        return {name: side.values.get(name) for name in conflict.fields}
    shown = conflict.candidates[0].values
    today = session.clock.now().date()
    made: dict[str, Any] = {}
    problems = []
    for name in conflict.fields:
        if isinstance(choice.get(name), bytes):
            made[name] = _chosen(conflict, choice[name]).values.get(name)
            continue
        if name not in choice or name not in form:
            made[name] = shown.get(name)
            continue
        answer = read_raw(form.field(name), choice[name], today)
        problems += [one for one in answer.problems if one.is_error]
        made |= kept(session, form, name, answer.value)
    if problems:
        raise ProblemsError(wording.say(problems[0], "en"), problems)
    return made


def _chosen(conflict: Conflict, choice: bytes) -> Candidate:
    for side in conflict.candidates:
        if side.hash == choice:
            return side
    raise RefusedError("no_side", "That side is not part of the conflict any more. Open it again.")


def _places(
    session: Session, reader: Reader, view: View, conflict: Conflict, choice: Choice
) -> dict[PersonId, Any]:
    """Who has which place in the household: a relation, null, or where the person went."""
    if conflict.set == facts.HEAD:
        return _head(session, reader, view, conflict, choice)
    if not conflict.set.startswith(facts.MEMBER):
        return {}  # a number or the like: what is shown stands
    person = _person_of(conflict.set)
    if isinstance(choice, bytes):
        return {person: _chosen(conflict, choice).values.get(conflict.set)}
    relation = choice.get(conflict.set) or None
    if relation is not None and code_list("relation").find(str(relation)) is None:
        raise RefusedError("relation", "Choose the relation to the head of the household.")
    return {person: relation}


def _head(
    session: Session, reader: Reader, view: View, conflict: Conflict, choice: Choice
) -> dict[PersonId, Any]:
    """One is the head; the others get back what was told of them before."""
    if not isinstance(choice, bytes):
        raise RefusedError("no_side", "Choose who is the head of the household.")
    named = [name for name in conflict.fields if name in _chosen(conflict, choice).values]
    changes = field_history(reader.entries_of("household", view.id), session.conflict_sets)
    made: dict[PersonId, Any] = {}
    for name in conflict.fields:
        told = [one.new for one in changes if one.field == name and isinstance(one.new, str)]
        former = [one for one in told if one != kinds.HEAD]
        before = former[-1] if former else kinds.UNKNOWN_RELATION
        made[_person_of(name)] = kinds.HEAD if name == named[0] else before
    return made


def _require_one_head(view: View, places: Mapping[PersonId, Any]) -> None:
    if not isinstance(view, HouseholdView):
        return
    relations: dict[PersonId, Any] = {one.person: one.relation for one in view.present()}
    if list({**relations, **places}.values()).count(kinds.HEAD) > 1:
        raise RefusedError(
            "two_heads",
            "This would make two heads of one household. Choose another relation for one of them.",
        )


def _leave_others(
    act: Act, conflict: Conflict, places: Mapping[PersonId, Any], reason: str
) -> None:
    """Whoever was sent to several households stays in the one decided on, and leaves the others."""
    if not conflict.set.startswith(facts.MEMBER):
        return
    person = _person_of(conflict.set)
    place = places[person]
    went = [_destination(side.values.get(conflict.set)) for side in conflict.candidates]
    for other in dict.fromkeys(one for one in went if one and one != _destination(place)):
        household = act.unit.household(other)
        if household is None or person not in {one.person for one in household.present()}:
            continue
        body = {"person": person.bytes, "reason": reason, "as": "settle"}
        act.say(
            kinds.HOUSEHOLD_MEMBER_LEFT,
            Subject("household", other),
            body if not isinstance(place, Mapping) else {**body, **place},
            base=household.heads,
        )


def _member(person: PersonId, place: Any) -> dict[str, Any]:
    if isinstance(place, str):
        return {"person": person.bytes, "relation": place}
    went = _destination(place)
    return {"person": person.bytes, "relation": None, "to": went.bytes if went else None}


def _destination(value: Any) -> HouseholdId | None:
    to = value.get("to") if isinstance(value, Mapping) else None
    return HouseholdId(UUID(bytes=to)) if isinstance(to, bytes) and len(to) == 16 else None


def _person_of(field: str) -> PersonId:
    return PersonId(UUID(hex=field.removeprefix(facts.MEMBER)))


def in_doubt(view: HouseholdView) -> frozenset[PersonId]:
    """The members whose place in this household is in conflict."""
    return frozenset(
        _person_of(name)
        for conflict in view.conflicts
        for name in conflict.fields
        if name.startswith(facts.MEMBER)
    )
