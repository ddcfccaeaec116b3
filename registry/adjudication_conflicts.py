"""Conflicts field by field: both sides with their histories, and settling alike ones together.

`workspace.conflicts` settles one record; here its sides are told with where they were said and on
what evidence, each answer is chosen by itself, and a choice that is made for many is shown before
it is carried out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from forms.codes import code_list
from forms.definition import Kind
from forms.wording import label
from ledger.history import field_history
from registry import claims
from registry.stations import stations
from workspace import conflicts, telling
from workspace.differing import form_of, people_of
from workspace.errors import RefusedError
from workspace.past import SEX, discreet, user_name
from workspace.rights import Right, require
from workspace.waiting import approved_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from db.store import Reader
    from forms.definition import Field, Form
    from ledger.entry import Entry
    from ledger.history import FieldChange
    from ledger.views import View
    from values.identifiers import EntryHash, OfficeId
    from workspace.conflicts import Choice, ConflictShown
    from workspace.session import Session

LATEST, EARLIEST = "latest", "earliest"
"""Which side holds when many conflicts are settled at once: the one said last, or first, by the
clocks of the devices."""

_TYPED: Final = frozenset(
    {Kind.NAME, Kind.TEXT, Kind.LONG_TEXT, Kind.PHONE, Kind.DATE, Kind.NUMBER}
)
_CHOSEN: Final = frozenset({Kind.CODE, Kind.YES_NO})


@dataclass(frozen=True, slots=True)
class Past:
    """One change of one answer on the way to a side: from what, to what, by whom, when, where."""

    value: str = field(repr=False)
    by: str
    at: datetime
    station: str
    evidence: str
    doubt: bool


@dataclass(frozen=True, slots=True)
class SideOf:
    """What one side says to one question. `evidence`: the reason given, and what it rests on."""

    entry: EntryHash
    value: str = field(repr=False)
    by: str
    at: datetime
    station: str
    evidence: str
    doubt: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One question in conflict. `editor` is how a third answer is given: `text`, `choice` (one of
    `options`), or empty where only a side can be chosen. `past` is the history, newest first."""

    set: str
    name: str
    label: str
    sides: tuple[SideOf, ...]
    past: tuple[Past, ...]
    editor: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Every conflict of one record; they are settled together."""

    key: str
    subject_type: str
    subject: UUID
    fields: tuple[FieldShown, ...]
    heads: tuple[EntryHash, ...]
    identity: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """What settling one of many would do: before and after, in words. `why_not` it is left out."""

    subject_type: str
    subject: UUID
    heads: tuple[EntryHash, ...]
    choices: Mapping[str, EntryHash]
    lines: tuple[tuple[str, str, str], ...] = field(repr=False)
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Bulk:
    """What came of settling several: how many were, and how many had changed meanwhile."""

    settled: int
    left: int


def page(session: Session, subject_type: str, subject: UUID, *, language: str = "en") -> Page:
    """The open conflicts of a record, question by question.

    Raises `RefusedError` for a record that is not here or has no conflict that this role sees.
    """
    shown = conflicts.conflicts(session, subject_type, subject, language)
    if not shown:
        raise RefusedError("no_conflict", "There is no conflict here any more. Open it again.")
    with session.store.read() as reader:
        view = reader.view(subject_type, subject)
        assert view is not None  # noqa: S101 - it has conflicts
        form = form_of(session, subject_type, view)
        told = _Told(session, reader, form, view, subject_type, language)
        fields = [
            field
            for one in shown
            for field in (
                [told.whole(one)]
                if one.set.startswith("@")
                else [told.field(one, name) for name in one.fields]
            )
        ]
    return Page(
        key=f"conflict/{subject_type}/{subject.hex}",
        subject_type=subject_type,
        subject=subject,
        fields=tuple(fields),
        heads=shown[0].heads,
        identity=any(one.identity for one in shown),
    )


def settle(
    session: Session,
    subject_type: str,
    subject: UUID,
    choices: Mapping[str, Choice],
    *,
    reason: str,
    at: tuple[EntryHash, ...] | None = None,
) -> None:
    """Settle every conflict of a record, see `workspace.conflicts.settle`; whoever took it has
    it no longer."""
    key = f"conflict/{subject_type}/{subject.hex}"
    with session.store.read() as reader:
        claims.require_free(session, reader, key)
    conflicts.settle(session, subject_type, subject, choices, reason=reason, at=at)
    claims.release(session, [key])


def preview(
    session: Session, subjects: Sequence[tuple[str, UUID]], which: str, *, language: str = "en"
) -> list[Alike]:
    """What settling these records would do when the latest, or the earliest, side holds.

    Conflicts about who somebody is are never settled in bulk: they are said to be left out.
    """
    require(session, Right.SETTLE)
    made = []
    for subject_type, subject in dict.fromkeys(subjects):
        shown = conflicts.conflicts(session, subject_type, subject, language)
        choices: dict[str, EntryHash] = {}
        lines = []
        for one in shown:
            side = _which(one, which)
            choices[one.set] = side.entry
            now = next(other for other in one.sides if other.shown)
            before = {said.field: said.value for said in now.values}
            lines += [(said.label, before.get(said.field, ""), said.value) for said in side.values]
        why_not = ""
        if not shown:
            why_not = "no_conflict"
        elif any(one.identity or one.set.startswith("@") for one in shown):
            why_not = "identity"
        made.append(
            Alike(
                subject_type=subject_type,
                subject=subject,
                heads=shown[0].heads if shown else (),
                choices=choices,
                lines=tuple(lines),
                why_not=why_not,
            )
        )
    return made


def settle_alike(session: Session, chosen: Iterable[Alike], *, reason: str) -> Bulk:
    """Carry out what was previewed, one act for each record; what changed meanwhile is left."""
    settled = left = 0
    for one in chosen:
        if one.why_not:
            left += 1
            continue
        try:
            settle(
                session, one.subject_type, one.subject, dict(one.choices),
                reason=reason, at=one.heads,
            )  # fmt: skip
        except RefusedError as refused:
            if refused.code == "reason":
                raise
            left += 1
        else:
            settled += 1
    return Bulk(settled, left)


def _which(one: ConflictShown, which: str) -> conflicts.Side:
    order = sorted(one.sides, key=lambda side: (side.at, side.entry))
    return order[-1] if which == LATEST else order[0]


class _Told:
    """Tells one record's conflicts; what is read once for all of its fields."""

    def __init__(
        self,
        session: Session,
        reader: Reader,
        form: Form,
        view: View,
        subject_type: str,
        language: str,
    ) -> None:
        entries = reader.entries_of(subject_type, view.id)
        self._sex = view.values.get(SEX)
        self._session, self._reader, self._form = session, reader, form
        self._language = language
        self._entries = {entry.hash: entry for entry in entries}
        self._history = field_history(entries, session.conflict_sets)
        self._codes: dict[OfficeId, str] = {one.id: one.code for one in stations(reader)}
        self._people = people_of(reader)

    def field(self, conflict: ConflictShown, name: str) -> FieldShown:
        asked = self._form.field(name) if name in self._form else None
        values = [
            {said.field: said for said in side.values} for side in conflict.sides
        ]  # fmt: skip
        named = next((told[name].label for told in values if name in told), name)
        editor, options = self._editor(asked)
        return FieldShown(
            set=conflict.set,
            name=name,
            label=named,
            sides=tuple(
                self._side_of(side, told[name].value if name in told else "")
                for side, told in zip(conflict.sides, values, strict=True)
            ),
            past=tuple(self._past(one) for one in reversed(self._history) if one.field == name),
            editor=editor,
            options=options,
        )

    def whole(self, conflict: ConflictShown) -> FieldShown:
        """A conflict that is one question however many records it names: a place in a household,
        or who is its head."""
        told = [
            ", ".join(f"{said.label}: {said.value}" for said in side.values)
            for side in conflict.sides
        ]
        return FieldShown(
            set=conflict.set,
            name=conflict.set,
            label=conflict.title,
            sides=tuple(
                self._side_of(side, value) for side, value in zip(conflict.sides, told, strict=True)
            ),
            past=tuple(
                self._past(one) for one in reversed(self._history) if one.field in conflict.fields
            ),
            editor="",
            options=(),
        )

    def _side_of(self, side: conflicts.Side, value: str) -> SideOf:
        return SideOf(
            entry=side.entry,
            value=value,
            by=side.by,
            at=side.at,
            station=self._where(self._entries[side.entry]),
            evidence=self._evidence(self._entries[side.entry]) or side.reason,
            doubt=side.doubt,
            shown=side.shown,
        )

    def _editor(self, asked: Field | None) -> tuple[str, tuple[tuple[str, str], ...]]:
        if asked is None:
            return "", ()
        if asked.kind in _TYPED:
            return "text", ()
        if asked.kind in _CHOSEN:
            listed = code_list(asked.code_list)
            told = ((one.code, label(asked.code_list, one.code, self._language)) for one in listed)
            return "choice", tuple(told)
        return "", ()

    def _past(self, change: FieldChange) -> Past:
        entry = self._entries[change.entry]
        value: Any = change.new
        told = telling.value_text(
            self._form, change.field, value, self._language, people=self._people
        )
        return Past(
            value=discreet(self._session, change.field, told, value, self._sex, self._language),
            by=user_name(self._session, self._reader, change.author),
            at=change.time,
            station=self._where(entry),
            evidence=self._evidence(entry),
            doubt=change.doubt,
        )

    def _where(self, entry: Entry) -> str:
        """The station's code, or the registry's name."""
        return self._codes.get(entry.header.office, self._session.office.name)

    def _evidence(self, entry: Entry) -> str:
        """What was said to rest on: the reason of the entry, and the basis of the proposal that it
        approves."""
        told = [telling.reason_text(str((entry.body or {}).get("reason") or ""), self._language)]
        proposal = approved_by(entry)
        event = self._reader.event(proposal) if proposal else None
        basis = event.values.get("basis") if event else None
        if isinstance(basis, str) and basis:
            told.append(label("correction_basis", basis, self._language))
        return ". ".join(one for one in told if one)
