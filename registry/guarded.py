"""Answers that nobody changes alone: what else an act has to say so that it may change one.

A station's program lets such an answer be changed by what two persons agreed to (see
`registry.corrections`), by handing a registration that came back in again, by an event whose form
says so, and by withdrawing that event. Here the same is computed from the entries and the forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forms.definition import Correctable
from forms.effects import amendments, told
from ledger import kinds
from ledger.certificate import Role
from ledger.facts import writes_of
from ledger.views import EventView, HouseholdView, PersonView, RegistrationView
from values import cbor
from workspace.differing import governing, together

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forms.definition import Form
    from forms.library import Catalogue
    from ledger.conflicts import Conflict
    from ledger.entry import Entry
    from registry.seen import Records

UNAPPROVED = "unapproved"
UNHEARD_OF = "base_unknown"
BASELESS = "base_missing"
NO_CONFLICT = "no_conflict"
LATER_FORM = "event_unknown"
NEVER = "never_corrected"

SENTENCES = {
    UNAPPROVED: "An answer was changed that a second person has to agree to. "
    "Ask the station to propose it as a correction.",
    UNHEARD_OF: "An answer was changed by somebody who saw what never came here. "
    "Import the bundle that has it; this is looked at again by itself.",
    BASELESS: "An answer was changed by somebody who saw nothing of the record. "
    "Ask the station whether its program was changed.",
    NO_CONFLICT: "A conflict was settled where there was none, or more was settled than was in "
    "conflict. Ask the station to propose what else has to change.",
    LATER_FORM: "An answer was changed with an event whose form is not known here. Load the "
    "operation's forms, or update Waystation; this is looked at again at the next import.",
    NEVER: "An answer was changed that is never corrected by hand. "
    "Ask the station what happened, and to record that.",
}

_AMENDING = {kinds.PERSON_AMENDED: "person", kinds.HOUSEHOLD_AMENDED: "household"}


class Guard:
    """Looks at amendments and settlements once their whole acts are known."""

    def __init__(self, catalogue: Catalogue, records: Records) -> None:
        self._catalogue = catalogue
        self._records = records

    def fault(self, entry: Entry, role: Role | None) -> str | None:
        """Why an entry of this author's role may not change what it does, as a code."""
        if entry.body is None:
            return None
        kind = entry.header.kind
        if kind == kinds.CONFLICT_RESOLVED:
            return self._unsettled(entry)
        form_id = _AMENDING.get(kind)
        if form_id is None:
            return None
        form = self._catalogue.form(form_id)
        guarded = {
            name: value
            for name, value in writes_of(entry, self._catalogue.migrated).items()
            if _rule(form, name) is not Correctable.FREELY
        }
        return self._alone(entry, form, guarded, role) if guarded else None

    def _alone(
        self, entry: Entry, form: Form, guarded: Mapping[str, Any], role: Role | None
    ) -> str | None:
        view = self._records.as_seen(entry)
        if view is None and not self._records.erased(entry):
            return self._unseen(entry)
        # What was erased says nothing: an answer that it held is a first one again.
        before = view.values if isinstance(view, PersonView | HouseholdView) else {}
        changed = {
            name: value
            for name, value in guarded.items()
            if not _same(before.get(name), value)
            # A first answer completes a record and corrects nothing.
            and (before.get(name) is not None or _rule(form, name) is Correctable.NEVER)
        }
        if entry.header.kind == kinds.HOUSEHOLD_AMENDED and role is not Role.OFFICER:
            # Of a household, whoever approves changes it alone.
            changed = {n: v for n, v in changed.items() if _rule(form, n) is Correctable.NEVER}
        if not changed:
            return None
        act = self._records.act_of(entry)
        if any(self._hands_in_again(one, entry) for one in act):
            return None
        for one in act:
            changed = self._left(changed, one, entry)
        if not changed:
            return None
        if self._records.unheard_of(entry):
            return UNHEARD_OF
        later = any(self._is_later(one, entry.header.subject.id) for one in act)
        return LATER_FORM if later else UNAPPROVED

    def _unseen(self, entry: Entry) -> str:
        """The author saw nothing of the record that is here: perhaps what is not here yet."""
        return UNHEARD_OF if self._records.unheard_of(entry) else BASELESS

    def _hands_in_again(self, submitted: Entry, amended: Entry) -> bool:
        """Whether a registration that came back is handed in again with this record in it: a
        review follows."""
        body = submitted.body
        if submitted.header.kind != kinds.REGISTRATION_SUBMITTED or body is None:
            return False
        view = self._records.as_seen(submitted)
        if not isinstance(view, RegistrationView) or view.status != "returned":
            return False
        subject = amended.header.subject
        if subject.type == kinds.HOUSEHOLD:
            return bool(subject.id == view.household and subject.id.bytes == body["household"])
        return subject.id in view.persons and subject.id.bytes in body["persons"]

    def _left(self, changed: Mapping[str, Any], one: Entry, entry: Entry) -> dict[str, Any]:
        """The changes that another entry of the act does not bring about."""
        if one.header.kind == kinds.EVENT_RECORDED:
            allowed = {name: [value] for name, value in self._effects(one, entry).items()}
        elif one.header.kind == kinds.EVENT_VOIDED:
            allowed = self._undone(one, entry)
        else:
            return dict(changed)
        return {
            name: value
            for name, value in changed.items()
            if not any(_same(value, other) for other in allowed.get(name, ()))
        }

    def _effects(self, event: Entry, amended: Entry) -> Mapping[str, Any]:
        """What an event changes in the record of a person, under the names of the newest form."""
        form, body = event.header.form, event.body
        if form is None or body is None or body["type"] != form.id:
            return {}
        if not self._catalogue.known(form.id, form.version):
            return {}
        people = {one["role"]: one["person"] for one in body["participants"]}
        unsure = body.get("date_missing")
        answers = told(body["values"], body["date"], unsure if isinstance(unsure, str) else "")
        known = self._catalogue.form(form.id, form.version)
        made = amendments(known, people, answers).get(amended.header.subject.id.bytes, {})
        named = amended.header.form
        if named is None:
            return made
        return self._catalogue.migrated(named.id, named.version, made)

    def _undone(self, voided: Entry, amended: Entry) -> dict[str, list[Any]]:
        """The values that may come back when an event is withdrawn: of each field that its act
        changed in this record, those that stood there before. Any, where that was erased."""
        said = writes_of(amended, self._catalogue.migrated)
        recorded = [
            one
            for one in self._records.about(voided.header.subject)
            if one.header.kind == kinds.EVENT_RECORDED
            and (one.body or {}).get("type") != kinds.CORRECTION
        ]
        allowed: dict[str, list[Any]] = {}
        for event in recorded:
            for one in self._records.act_of(event):
                same = one.header.subject == amended.header.subject
                if not same or one.header.kind not in _AMENDING:
                    continue
                before: dict[str, list[Any]] = {}
                for earlier in self._records.ancestors(one):
                    for name, value in writes_of(earlier, self._catalogue.migrated).items():
                        before.setdefault(name, []).append(value)
                if self._records.erased(one):
                    for name, value in said.items():
                        before.setdefault(name, []).append(value)
                for name in writes_of(one, self._catalogue.migrated):
                    allowed.setdefault(name, [None]).extend(before.get(name, ()))
        return allowed

    def _is_later(self, event: Entry, person: UUID) -> bool:
        """Whether an event about a person was told with a form that is not known here."""
        form, body = event.header.form, event.body
        if event.header.kind != kinds.EVENT_RECORDED or form is None or body is None:
            return False
        named = any(one["person"] == person.bytes for one in body["participants"])
        return named and not self._catalogue.known(form.id, form.version)

    def _unsettled(self, entry: Entry) -> str | None:
        view = self._records.as_seen(entry)
        if view is None:
            return None if self._records.erased(entry) else self._unseen(entry)
        named = set(writes_of(entry, self._catalogue.migrated))
        if view.conflicts and named <= self._in_conflict(view, view.conflicts):
            return None
        return UNHEARD_OF if self._records.unheard_of(entry) else NO_CONFLICT

    def _in_conflict(self, view: Any, conflicts: Iterable[Conflict]) -> set[str]:
        """The fields of the conflicts, and those that are told together with one of them."""
        wanted = view.type if isinstance(view, EventView) else None
        form_id = wanted or ("household" if isinstance(view, HouseholdView) else "person")
        found: set[str] = set()
        for conflict in conflicts:
            found.update(conflict.fields)
            if self._catalogue.has(form_id):
                form = self._catalogue.form(form_id)
                for name in conflict.fields:
                    found |= together(form, name)
        return found


def never(form: Form, names: Iterable[str]) -> bool:
    """Whether one of these fields is never corrected."""
    return any(_rule(form, name) is Correctable.NEVER for name in names)


def _rule(form: Form, name: str) -> Correctable:
    """How a field may be changed; what the form does not ask, freely."""
    field = governing(form, name)
    return Correctable.FREELY if field is None else field.correctable


def _same(one: Any, other: Any) -> bool:
    return cbor.encode(one) == cbor.encode(other)
