"""Undoing what an event changed, by further entries: nothing is taken back, something is added.

What stands without the event is found first, for every answer and every person's place; then it is
said, as far as it is not so already. These entries name the event, and count no more than it does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ledger import facts, kinds
from ledger.entry import Subject
from ledger.history import field_history
from resources.i18n import translation
from station import reading, standing
from station.standing import Place
from values.identifiers import EventId, HouseholdId, PersonId
from values.text import isolate
from workspace import beside, telling
from workspace.conflicts import in_doubt
from workspace.voiding import Standing, say_void

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from db.store import Reader
    from ledger.entry import Entry
    from ledger.views import EventView, HouseholdView, PersonView
    from workspace.act import Act
    from workspace.session import Session

UNDONE = "the event that said so was withdrawn"


def _(text: str) -> str:
    """Marks a source string for the catalogues."""
    return text


PLACE = _("Place in the household")
OF = _("{name}: {what}")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What withdrawing an event leaves to be looked at.

    Attributes:
        left: whose answer or place is not as it was before the event, in words: another event or a
            later change says otherwise, or the place was taken meanwhile.
        documents: to be withdrawn: papers of a person whom the event registered.
        headless: numbers of households with members and no head; somebody has to be named.
    """

    left: tuple[str, ...] = ()
    documents: tuple[Standing, ...] = ()
    headless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Back:
    """A person's place as it is, and as it will be."""

    person: PersonView
    now: tuple[HouseholdView, ...]
    to: Place | None

    @property
    def moves(self) -> bool:
        """Whether anything has to be said."""
        return {one.id for one in self.now} != ({self.to.household} if self.to else set()) or any(
            self.to is not None and reading.relation_of(one, self.person.id) != self.to.relation
            for one in self.now
        )


def undo(session: Session, act: Act, event: EventView, *, language: str) -> Withdrawn:
    """Say, in the open act, what stands without the event."""
    group = standing.recorded(act.unit, event.id).header.group.id
    said = act.unit.group(group)
    mine = [one for one in said if (one.body or {}).get("event") == event.id.bytes]
    left: list[str] = []
    documents: list[Standing] = []
    touched: dict[HouseholdId, None] = {}
    created = _created(said, event.id)
    for person in created:
        view = act.unit.person(person)
        if view is not None and view.voided is None:
            touched |= {one.id: None for one in _homes(act.unit, person)}
            documents += say_void(act, view, reason=UNDONE, event=event.id.bytes).documents
    for person in dict.fromkeys(
        PersonId(one.header.subject.id) for one in mine if one.header.kind == kinds.PERSON_AMENDED
    ):
        left += _answers_back(session, act, event.id, person, mine, language)
    label = translation(language).gettext(PLACE)
    changed = _moved(session, act.unit, mine)
    plan: list[_Back] = []
    for person in _placed(session, event, mine):
        view = act.unit.person(person)
        if person in created or view is None or view.voided is not None:
            continue
        now, to = _homes(act.unit, person), standing.place(session, act.unit, person, event.id)
        back = _Back(view, now, to)
        doubted = any(person in in_doubt(one) for one in act.unit.households_of(person))
        if back.moves and not doubted:
            plan.append(back)
        elif doubted or person in changed:
            left.append(_line(view, label, language))
    plan += _waiting(session, act.unit, event.id, plan)
    for place, back in enumerate(plan):
        if back.to and back.to.relation == kinds.HEAD and _taken(act.unit, back, plan):
            to = Place(back.to.household, kinds.UNKNOWN_RELATION)
            plan[place] = replace(back, to=to)
            left.append(_line(back.person, label, language))
    for back in (one for one in plan if one.moves):
        touched |= {one.id: None for one in back.now}
        touched |= {back.to.household: None} if back.to else {}
        _put_back(act, back, {"event": event.id.bytes, "undoes": group.bytes})
    gone = set(created)
    headless = tuple(
        household.number
        for one in touched
        if (household := act.unit.household(one)) and _headless(household, plan, gone)
    )
    return Withdrawn(tuple(left), tuple(documents), headless)


def _created(said: Iterable[Entry], event: EventId) -> list[PersonId]:
    """Who was registered by the event: not those with whose registration it was told."""
    listed = list(said)
    sources = [
        (one.body or {}).get("source")
        for one in listed
        if one.header.kind == kinds.REGISTRATION_SUBMITTED
    ]
    if not any(isinstance(one, dict) and one.get("event") == event.bytes for one in sources):
        return []
    return [
        PersonId(one.header.subject.id)
        for one in listed
        if one.header.kind == kinds.PERSON_REGISTERED
    ]


def _answers_back(
    session: Session,
    act: Act,
    event: EventId,
    person: PersonId,
    mine: Iterable[Entry],
    language: str,
) -> list[str]:
    """Put a person's answers as they stand without the event; returned are those that it changed
    and that stay."""
    view = act.unit.person(person)
    if view is None or view.voided is not None:
        return []
    hashes = {one.hash for one in mine}
    changes = [
        change
        for change in field_history(act.unit.entries_of("person", person), session.conflict_sets)
        if change.entry in hashes
    ]
    stands = standing.answers(session, act.unit, person, event)
    told = {
        name
        for one in mine
        if one.header.kind == kinds.PERSON_AMENDED and one.header.subject.id == person
        for name in (one.body or {}).get("changes", {})
    }
    back = {name: stands.get(name) for name in told if view.values.get(name) != stands.get(name)}
    form = session.catalogue.form("person")
    beside.amend(act, form, view, back, reason=UNDONE, event=event.bytes)
    stays = dict.fromkeys(
        one.field for one in changes if one.field not in back and stands.get(one.field) != one.old
    )
    return [_line(view, telling.field_text(form, name, language), language) for name in stays]


def _placed(session: Session, event: EventView, mine: Iterable[Entry]) -> list[PersonId]:
    """Whose place the event speaks of, whether or not it changed it."""
    effects = next(
        (form.effects for form in session.catalogue.events() if form.id == event.type), None
    )
    roles = {*effects.leaves, *effects.moves} if effects else set()
    named = [one.person for one in event.participants if one.role in roles]
    said = [
        PersonId(UUID(bytes=one.body["person"]))
        for one in mine
        if one.body and one.header.kind in _COMING_AND_GOING
    ]
    return list(dict.fromkeys([*named, *said]))


_COMING_AND_GOING = (kinds.HOUSEHOLD_MEMBER_JOINED, kinds.HOUSEHOLD_MEMBER_LEFT)


def _waiting(
    session: Session, reader: Reader, event: EventId, plan: Iterable[_Back]
) -> list[_Back]:
    """Those whose own place was taken when an earlier event was withdrawn, in the households where
    something moves now: it may be free again."""
    placed = {one.person.id for one in plan}
    touched = {home.id: home for one in plan for home in one.now}
    found = []
    for household in touched.values():
        for member in household.present():
            view = reader.person(member.person)
            if member.relation != kinds.UNKNOWN_RELATION or member.person in placed or view is None:
                continue
            back = _Back(
                view,
                _homes(reader, member.person),
                standing.place(session, reader, member.person, event),
            )
            stays = back.to is not None and back.to.household == household.id
            if stays and back.moves and member.person not in in_doubt(household):
                found.append(back)
    return found


def _moved(session: Session, reader: Reader, mine: Iterable[Entry]) -> set[PersonId]:
    """Whose place these entries changed: what is told again as it is changes nothing."""
    told = {one.hash: one.header.subject.id for one in mine}
    return {
        PersonId(UUID(hex=change.field.removeprefix(facts.MEMBER)))
        for household in dict.fromkeys(told.values())
        for change in field_history(
            reader.entries_of("household", household), session.conflict_sets
        )
        if change.entry in told and change.field.startswith(facts.MEMBER)
    }


def _put_back(act: Act, back: _Back, said: Mapping[str, Any]) -> None:
    """Say where the person belongs."""
    to = back.to.household if back.to else None
    body = {"person": back.person.id.bytes, "reason": UNDONE, "as": "undo", **said}
    for home in back.now:
        if home.id != to:
            act.say(
                kinds.HOUSEHOLD_MEMBER_LEFT,
                Subject("household", home.id),
                body | ({"to": to.bytes} if to else {}),
                base=home.heads,
            )
    target = act.unit.household(to) if to is not None else None
    if back.to is not None and target is not None:
        came = next((one.id.bytes for one in back.now if one.id != to), None)
        act.say(
            kinds.HOUSEHOLD_MEMBER_JOINED,
            Subject("household", target.id),
            body | {"relation": back.to.relation} | ({"from": came} if came else {}),
            base=target.heads,
        )


def _homes(reader: Reader, person: PersonId) -> tuple[HouseholdView, ...]:
    """Where the person belongs now: one household, or several while that is in conflict."""
    return tuple(one for one in reader.households_of(person) if reading.relation_of(one, person))


def _taken(reader: Reader, back: _Back, plan: Iterable[_Back]) -> bool:
    """Whether somebody else is head of that household in the end."""
    household = reader.household(back.to.household) if back.to else None
    return household is not None and any(
        relation == kinds.HEAD and one != back.person.id
        for one, relation in _members(household, plan, set()).items()
    )


def _members(
    household: HouseholdView, plan: Iterable[_Back], gone: set[PersonId]
) -> Mapping[PersonId, str]:
    """Who belongs to a household in the end, and as what."""
    members = {one.person: one.relation for one in household.present() if one.person not in gone}
    for back in plan:
        members.pop(back.person.id, None)
        if back.to is not None and back.to.household == household.id:
            members[back.person.id] = back.to.relation
    return members


def _headless(household: HouseholdView, plan: Iterable[_Back], gone: set[PersonId]) -> bool:
    members = _members(household, plan, gone)
    return bool(members) and kinds.HEAD not in members.values()


def _line(view: PersonView, what: str, language: str) -> str:
    return translation(language).gettext(OF).format(name=isolate(reading.name_of(view)), what=what)
