"""The past of a household, act by act, and undoing one by further entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forms import wording
from ledger import facts, kinds
from ledger.history import field_history
from resources.i18n import translation
from station.memberships import household_of, join, leave, person_of
from values.identifiers import HouseholdId, PersonId
from workspace import telling
from workspace.conflicts import in_doubt
from workspace.differing import people_of
from workspace.errors import RefusedError
from workspace.past import user_name
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from db.store import Reader
    from ledger.entry import Entry
    from ledger.history import FieldChange
    from ledger.views import HouseholdView
    from workspace.session import Session

_MOVES = frozenset({kinds.HOUSEHOLD_MEMBER_JOINED, kinds.HOUSEHOLD_MEMBER_LEFT})
CHANGED = "changed_since"


def _(text: str) -> str:
    """Marks a source string for the catalogues."""
    return text


TITLES: Mapping[str, str] = {
    "move": _("Moved"),
    "split": _("Split"),
    "merge": _("Merged"),
    "head": _("Another head"),
    "relation": _("Another relation"),
    "undo": _("Undone"),
    "settle": _("Conflict settled"),
    "void": _("Record of a member voided"),
}
EVENT = _("Changed by an event")
LINES: Mapping[str, str] = {
    "joined": _("{name} came: {relation}"),
    "came": _("{name} came from household {number}: {relation}"),
    "left": _("{name} left"),
    "went": _("{name} went to household {number}"),
    "relation": _("{name}: {before} → {relation}"),
    "answer": _("{label}: {before} → {after}"),
}


@dataclass(frozen=True, slots=True)
class HouseholdChange:
    """One act that changed a household.

    Attributes:
        act: by which it can be undone, when `undoable`. undone: a later act did.
        what: its kind: `move`, `split`, `merge`, `head`, `relation`, `undo`, `settle`, `void`,
            `event`, or the kind of its first entry. title, lines: in words.
    """

    act: UUID
    at: datetime
    by: str
    what: str
    title: str
    lines: tuple[str, ...]
    reason: str
    undoable: bool
    undone: bool


@dataclass(frozen=True, slots=True)
class _Back:
    """One member's place put back: a relation, or None to leave. `now` is the present place."""

    household: HouseholdView
    person: PersonId
    relation: str | None
    other: HouseholdId | None


def past(
    session: Session, household: HouseholdId, language: str = "en"
) -> tuple[HouseholdChange, ...]:
    """What happened to a household, the newest first. Raises `RefusedError`."""
    with session.store.read() as reader:
        household_of(reader, household)
        entries = reader.entries_of("household", household)
        acts: dict[UUID, list[Entry]] = {}
        for entry in entries:
            acts.setdefault(entry.header.group.id, []).append(entry)
        undone = {
            UUID(bytes=said)
            for entry in entries
            if isinstance(said := (entry.body or {}).get("undoes"), bytes) and len(said) == 16
        }
        changes = field_history(entries, session.conflict_sets)
        rows = [
            _row(session, reader, act, told, changes, act in undone, language)
            for act, told in acts.items()
        ]
        return tuple(sorted(rows, key=lambda row: row.at, reverse=True))


def undo(session: Session, act: UUID, *, reason: str = "") -> UUID:
    """Put the memberships back as they were before an act, by further entries of a new one.

    Returns the new act, which can be undone in turn. Raises `RefusedError` for an act that did
    something else as well, or whose changes somebody changed since.
    """
    require(session, Right.RECORD)
    with session.act() as made:
        for back in _plan(session, made.unit, act):
            if back.relation is None:
                leave(
                    made, back.household, back.person, to=back.other, what="undo", undoes=act,
                    reason=reason,
                )  # fmt: skip
            else:
                join(
                    made, back.household, back.person, back.relation, came_from=back.other,
                    what="undo", undoes=act, reason=reason,
                )  # fmt: skip
    return made.id


def _plan(session: Session, reader: Reader, act: UUID) -> list[_Back]:
    """What puts an act back. Raises `RefusedError` when that cannot be done."""
    entries = reader.group(act)
    _require_membership_act(entries)
    mine = {entry.hash for entry in entries}
    subjects = dict.fromkeys(HouseholdId(entry.header.subject.id) for entry in entries)
    steps: list[_Back] = []
    for identity in subjects:
        household = household_of(reader, identity)
        changes = field_history(reader.entries_of("household", identity), session.conflict_sets)
        steps += _steps(household, changes, mine)
    if not steps:
        raise RefusedError("nothing_changed", "There is nothing to undo: nobody's place changed.")
    for household in {step.household.id: step.household for step in steps}.values():
        _require_one_head(household, steps)
    for step in steps:
        if step.relation is not None:
            person_of(reader, step.person)
    return [_Back(s.household, s.person, s.relation, _other(s, steps)) for s in steps]


def _steps(
    household: HouseholdView, changes: Sequence[FieldChange], mine: set[Any]
) -> Iterator[_Back]:
    """The places in one household that these entries changed, and that nobody changed since."""
    first: dict[str, FieldChange] = {}
    last: dict[str, FieldChange] = {}
    for change in changes:
        if change.field.startswith(facts.MEMBER):
            last[change.field] = change
            if change.entry in mine:
                first.setdefault(change.field, change)
    here = {one.person for one in household.present()}
    made_here = any(change.entry in mine and change.field == facts.NUMBER for change in changes)
    if made_here and any(
        last[name].entry not in mine for name in last if PersonId(_person(name)) in here
    ):
        raise _changed_since()
    for name, change in first.items():
        person = PersonId(_person(name))
        if last[name].entry not in mine or person in in_doubt(household):
            raise _changed_since()
        yield _Back(household, person, change.old if isinstance(change.old, str) else None, None)


def _require_one_head(household: HouseholdView, steps: Iterable[_Back]) -> None:
    """Putting somebody back as head makes no second one."""
    relations: dict[PersonId, str | None] = {
        one.person: one.relation for one in household.present()
    }
    relations |= {one.person: one.relation for one in steps if one.household.id == household.id}
    if list(relations.values()).count(kinds.HEAD) > 1:
        raise _changed_since()


def _other(step: _Back, steps: Iterable[_Back]) -> HouseholdId | None:
    """Where the person goes to or comes from in the same undoing."""
    for one in steps:
        apart = one.person == step.person and one.household.id != step.household.id
        if apart and (one.relation is None) != (step.relation is None):
            return one.household.id
    return None


def _require_membership_act(entries: Sequence[Entry]) -> None:
    """Only an act that did nothing but change households is undone as a whole."""
    said = {entry.header.kind for entry in entries}
    others = said - _MOVES - {kinds.HOUSEHOLD_REGISTERED}
    if not said or others or not said & _MOVES or any(entry.body is None for entry in entries):
        raise RefusedError(
            "not_undoable",
            "This is no change of households alone, so it is not undone here. Withdraw the event, "
            "or change the record.",
        )


def _changed_since() -> RefusedError:
    return RefusedError(
        CHANGED,
        "Somebody changed this since, so it is not undone as a whole. Move the members one by "
        "one, or undo the later change first.",
    )


def _row(
    session: Session,
    reader: Reader,
    act: UUID,
    entries: Sequence[Entry],
    changes: Sequence[FieldChange],
    undone: bool,
    language: str,
) -> HouseholdChange:
    header = entries[0].header
    bodies = [entry.body or {} for entry in entries]
    what = next((one for body in bodies if isinstance(one := body.get("as"), str)), "")
    if not what:
        what = "event" if any(body.get("event") for body in bodies) else header.kind
    text = translation(language).gettext
    known = TITLES.get(what) or (EVENT if what == "event" else None)
    reasons = (body.get("reason") for body in bodies)
    hashes = {entry.hash: entry for entry in entries}
    return HouseholdChange(
        act=act,
        at=header.device_time,
        by=user_name(session, reader, header.author),
        what=what,
        title=text(known) if known else telling.kind_text(header.kind, language),
        lines=tuple(
            line
            for change in changes
            if change.entry in hashes
            and (line := _line(session, reader, change, hashes[change.entry], language))
        ),
        reason=telling.reason_text(
            next((one for one in reasons if isinstance(one, str) and one), ""), language
        ),
        undoable=_undoable(session, reader, act),
        undone=undone,
    )


def _undoable(session: Session, reader: Reader, act: UUID) -> bool:
    try:
        return bool(_plan(session, reader, act))
    except RefusedError:
        return False


def _line(
    session: Session, reader: Reader, change: FieldChange, entry: Entry, language: str
) -> str:
    text = translation(language).gettext
    if change.field.startswith("@") and not change.field.startswith(facts.MEMBER):
        return ""
    if not change.field.startswith(facts.MEMBER):
        form = session.catalogue.form("household")
        if not telling.seen_by(form, change.field, session.user.role):
            return ""
        people = people_of(reader)
        before, after = (
            telling.value_text(form, change.field, one, language, people=people) or "—"
            for one in (change.old, change.new)
        )
        label = telling.field_text(form, change.field, language)
        return text(LINES["answer"]).format(label=label, before=before, after=after)
    body = entry.body or {}
    came = _number(reader, body.get("from"))
    went = _number(reader, change.new.get("to") if isinstance(change.new, Mapping) else None)
    if isinstance(change.new, str):
        key = "relation" if isinstance(change.old, str) else "came" if came else "joined"
    else:
        key = "went" if went else "left"
    return text(LINES[key]).format(
        name=people_of(reader)(_person(change.field).bytes),
        number=came or went,
        before=_relation(change.old, language),
        relation=_relation(change.new, language),
    )


def _relation(place: Any, language: str) -> str:
    return wording.label("relation", place, language) if isinstance(place, str) else ""


def _number(reader: Reader, identity: Any) -> str:
    if not isinstance(identity, bytes) or len(identity) != 16:
        return ""
    view = reader.household(HouseholdId(UUID(bytes=identity)))
    return view.number if view else ""


def _person(field: str) -> UUID:
    return UUID(hex=field.removeprefix(facts.MEMBER))
