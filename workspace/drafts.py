"""What is typed and not signed yet, told apart by its id; and corrections in the making.

Families and events are kept by the station, where they are taken down. Corrections are made at
both offices, so what keeps them is here. Each user sees and keeps only their own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import UUID

from forms.draft import Confirmation, Raw
from forms.errors import DraftError
from values.identifiers import EntryHash, HouseholdId, PersonId
from workspace import telling
from workspace.knowing import written_since
from workspace.rights import Right, require
from workspace.search import text

if TYPE_CHECKING:
    from datetime import datetime

    from db.store import Reader
    from workspace.session import Session

EVENT_DRAFT: Final = "event-"
"""Draft ids that begin so are events that are being told."""

CORRECTION_DRAFT: Final = "correct-"
"""Draft ids that begin so are corrections; then follow the user, the kind and the subject."""

KINDS: Final = ("person", "household")
"""What can be corrected."""

_FORMAT: Final = 1
_LARGEST: Final = 4 * 1024 * 1024
"""Letters; far above any record, and a damaged draft does not fill memory."""


def is_family(draft_id: str) -> bool:
    """Whether a draft is a family in the making."""
    return not draft_id.startswith((EVENT_DRAFT, CORRECTION_DRAFT))


@dataclass(frozen=True, slots=True)
class CorrectionDraft:
    """A correction as typed.

    Attributes:
        kind, subject: whose record: ``person`` or ``household``, and its id in hexadecimal.
        answers: only those that differ from the record as it was opened.
        reason, basis: why, in words; and the code of what it rests on.
        seen: the record's heads that the answers were typed over, in hexadecimal.
    """

    kind: str
    subject: str
    answers: Mapping[str, Raw] = field(default_factory=dict, repr=False)
    reason: str = field(default="", repr=False)
    basis: str = ""
    confirmed: tuple[Confirmation, ...] = field(default=(), repr=False)
    seen: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The draft as saved: everything as typed."""
        content = {
            "format": _FORMAT,
            "kind": self.kind,
            "subject": self.subject,
            "answers": dict(self.answers),
            "reason": self.reason,
            "basis": self.basis,
            "confirmed": [
                {"code": one.code, "field": one.field, "reason": one.reason}
                for one in self.confirmed
            ],
            "seen": list(self.seen),
        }
        # ASCII, so that half a character from a keyboard driver cannot stop the saving.
        return json.dumps(content, ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> CorrectionDraft:
        """Read a saved draft. Raises :class:`~forms.errors.DraftError` when it is damaged or of a
        newer format."""
        if len(text) > _LARGEST:
            raise DraftError("too_large", "The draft is too large to be one; restore a backup.")
        try:
            content = json.loads(text)
            if content["format"] != _FORMAT:
                raise DraftError(
                    "version", "The draft was saved by a newer program; update Waystation."
                )
            return cls(
                kind=KINDS[KINDS.index(content["kind"])],
                subject=UUID(hex=content["subject"]).hex,
                answers={str(name): raw for name, raw in content["answers"].items()},
                reason=str(content["reason"]),
                basis=str(content["basis"]),
                confirmed=tuple(
                    Confirmation(str(one["code"]), str(one["field"]), "", str(one["reason"]))
                    for one in content["confirmed"]
                ),
                seen=tuple(bytes.fromhex(one).hex() for one in content["seen"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DraftError("damaged", "The draft is damaged; restore a backup.") from error


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One correction in the list of those that are not signed yet.

    ``person`` is whose page leads to the record: of a household, somebody who lives there. It is
    None, and the rest is empty, for a record that is not here any more.
    """

    kind: str
    subject: UUID
    person: PersonId | None
    name: str = field(repr=False)
    number: str
    saved_at: datetime


def correction_id(session: Session, kind: str, subject: UUID) -> str:
    """The id under which this user's correction of a record is kept."""
    return f"{_own(session)}{KINDS[KINDS.index(kind)]}-{subject.hex}"


def list_corrections(session: Session) -> list[CorrectionRow]:
    """This user's corrections that were begun and not signed, the last touched first."""
    require(session, Right.CORRECT)
    own = _own(session)
    with session.store.read() as reader:
        return [
            _row(reader, record.id.removeprefix(own), record.at)
            for record in reader.drafts()
            if record.id.startswith(own)
        ]


def load_correction(session: Session, kind: str, subject: UUID) -> CorrectionDraft | None:
    """What this user typed over a record, or None. Raises :class:`~forms.errors.DraftError`."""
    require(session, Right.CORRECT)
    with session.store.read() as reader:
        kept = reader.draft(correction_id(session, kind, subject))
    return None if kept is None else CorrectionDraft.from_json(kept.decode("utf-8"))


def save_correction(session: Session, draft: CorrectionDraft) -> datetime:
    """Keep the correction; returns when, for the "Saved 10:42" beside it.

    One in which no answer differs from the record is none, and goes.
    """
    require(session, Right.CORRECT)
    now = session.clock.now()
    identity = correction_id(session, draft.kind, UUID(hex=draft.subject))
    with session.store.write() as unit:
        if draft.answers:
            unit.save_draft(identity, now, draft.to_json().encode("utf-8"))
        else:
            unit.delete_draft(identity)
    return now


def discard_correction(session: Session, kind: str, subject: UUID) -> None:
    """Throw away what this user typed over a record."""
    require(session, Right.CORRECT)
    with session.store.write() as unit:
        unit.delete_draft(correction_id(session, kind, subject))


def changed_since(
    session: Session, draft: CorrectionDraft, *, language: str = "en"
) -> tuple[str, ...]:
    """The labels of what others wrote into the record since it was typed over, in the order of the
    form; what the user's role is not shown is left out."""
    form = session.catalogue.form(draft.kind)
    seen = (EntryHash(bytes.fromhex(one)) for one in draft.seen)
    with session.store.read() as reader:
        entries = reader.entries_of(draft.kind, UUID(hex=draft.subject))
        found = written_since(session, entries, seen)
    return tuple(
        telling.field_text(form, one.name, language)
        for one in form.fields()
        if one.name in found and telling.seen_by(form, one.name, session.user.role)
    )


def _own(session: Session) -> str:
    return f"{CORRECTION_DRAFT}{session.user.id.hex}-"


def _row(reader: Reader, rest: str, at: datetime) -> CorrectionRow:
    """``rest`` of the id says whose record it is, so that a damaged draft can be listed too."""
    kind, _, key = rest.partition("-")
    subject = UUID(hex=key)
    person: PersonId | None = None
    name = number = ""
    if kind == "household":
        household = reader.household(HouseholdId(subject))
        if household is not None:
            number = household.number
            person = next((one.person for one in household.present()), None)
    elif (view := reader.person(PersonId(subject))) is not None:
        person, number = view.id, view.number
        name = text(view, "name") or text(view, "name_latin")
    return CorrectionRow(kind, subject, person, name, number, at)
