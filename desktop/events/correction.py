"""What correcting a record asks the offices. On the worker, every one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from desktop import offices
from desktop.desk import Work
from desktop.events.side_by_side import Change, Touched
from desktop.events.telling import Judge, Judged
from desktop.interview.asking import Asking, prepare
from desktop.interview.reaching import places
from desktop.words import N_, tr
from forms.definition import Correctable
from forms.draft import Confirmation, Raw
from forms.errors import DraftError
from forms.raw import is_blank, read_raw
from values.identifiers import HouseholdId

if TYPE_CHECKING:
    from desktop.widgets.place_field import FindPlaces
    from workspace.correcting import Changed, Correcting
    from workspace.differing import Difference
    from workspace.drafts import CorrectionDraft
    from workspace.errors import RefusedError

PERSON, HOUSEHOLD = "person", "household"
BASES = "correction_basis"
MEANWHILE = "changed_meanwhile"
NEEDS_APPROVAL = N_("needs approval")


@dataclass(frozen=True, slots=True)
class Opened:
    """A record as it stands, ready to be changed.

    Attributes:
        where: the person, or somebody who lives in the household.
        draft_id, draft: what was typed over the record and is not signed, and its id.
        moved: labels of what others wrote into the record since that was typed.
    """

    kind: str
    where: Any
    name: str = field(repr=False)
    detail: str = field(repr=False)
    at: Correcting
    asking: Asking
    places: FindPlaces | None
    draft_id: str
    draft: CorrectionDraft | None = None
    moved: tuple[str, ...] = ()


class UnreadableDraftError(Exception):
    """What was typed over a record cannot be read, or the record is not changed any more, so it
    can only be discarded."""

    def __init__(self, kind: str, subject: UUID, error: DraftError | RefusedError) -> None:
        super().__init__(error.sentence)
        self.sentence = error.sentence
        self.kind = kind
        self.subject = subject


@dataclass(frozen=True, slots=True)
class Moved:
    """The record moved on while it was being changed: how it stands now, and what differs."""

    opened: Opened
    differences: tuple[Difference, ...]


def opened(work: Work, *, kind: str, where: Any, language: str, first: bool) -> Opened:
    """Open a person's record, or a household's own answers (``where`` is then a member).

    What was typed over it before comes with it. Raises `UnreadableDraftError`.
    """
    session = work.session
    found = offices.people.person_page(session, where, language=language)
    if kind == HOUSEHOLD and found.household is not None:
        at = offices.changes.begin_household(session, found.household.id)
        name, detail = tr("Household {number}", number=found.household.number), ""
    else:
        kind, at = PERSON, _begun(work, where)
        name, detail = found.name or found.number, found.permanent or found.number
    draft = _kept(work, kind, at)
    return Opened(
        kind=kind,
        where=where,
        name=name,
        detail=detail,
        at=at,
        asking=prepare(session.catalogue, language),
        places=places(work, language) if first else None,
        draft_id=offices.changes.correction_id(session, kind, at.subject),
        draft=draft,
        moved=offices.changes.changed_since(session, draft, language=language) if draft else (),
    )


def _begun(work: Work, where: Any) -> Correcting:
    """A person's record, to change it. Raises `UnreadableDraftError` where it is not changed any
    more and something was typed over it."""
    try:
        at: Correcting = offices.changes.begin(work.session, where)
    except offices.changes.RefusedError as error:
        subject = UUID(int=where.int)
        left = offices.changes.list_corrections(work.session)
        if any((one.kind, one.subject) == (PERSON, subject) for one in left):
            raise UnreadableDraftError(PERSON, subject, error) from error
        raise
    return at


def _kept(work: Work, kind: str, at: Correcting) -> CorrectionDraft | None:
    """What was typed over the record, unless the record says the same by now."""
    session = work.session
    try:
        draft: CorrectionDraft | None = offices.changes.load_correction(session, kind, at.subject)
    except DraftError as error:
        raise UnreadableDraftError(kind, at.subject, error) from error
    if draft is None:
        return None
    typed, aside = on_top(at, draft.answers)
    if aside or mine(at, typed, session.clock.now().date()):
        return draft
    offices.changes.discard_correction(session, kind, at.subject)
    return None


def keep(work: Work, _identity: str, draft: tuple[Any, ...]) -> datetime:
    """Keep a correction as typed: whose, the answers, the reason, the basis, the confirmations."""
    made: CorrectionDraft = offices.changes.CorrectionDraft(*draft)
    return offices.changes.save_correction(work.session, made)


def judge(at: Correcting, asking: Asking) -> Judge:
    """What looks at the answers as they are changed."""

    def look(work: Work, typed: Mapping[str, Raw]) -> Judged:
        problems = offices.changes.check(work.session, at, typed)
        return Judged(tuple((one, asking.say(one)) for one in problems))

    return look


def compare(
    work: Work, *, at: Correcting, typed: Mapping[str, Raw], language: str
) -> tuple[Difference, ...]:
    """What would change."""
    found: tuple[Difference, ...] = offices.changes.compare(
        work.session, at, typed, language=language
    )
    return found


def submit(
    work: Work,
    *,
    opened: Opened,
    typed: Mapping[str, Raw],
    reason: str,
    basis: str,
    confirmed: Sequence[Confirmation],
) -> Changed:
    """Sign what changed; what needs approval is proposed."""
    changes, at = offices.changes, opened.at
    if opened.kind == HOUSEHOLD:
        made: Changed = changes.change_household(
            work.session,
            HouseholdId(at.subject),
            typed,
            at=at,
            reason=reason,
            confirmed=confirmed,
            draft_id=opened.draft_id,
        )
        return made
    made = changes.change(
        work.session,
        opened.where,
        typed,
        at=at,
        reason=reason,
        basis=basis,
        confirmed=confirmed,
        draft_id=opened.draft_id,
    )
    return made


def meanwhile(work: Work, *, opened_at: Opened, draft: tuple[Any, ...], language: str) -> Moved:
    """Open the record again with ``draft``, one's own changes, and tell what somebody else
    changed. What was confirmed was confirmed about another record."""
    now = opened(work, kind=opened_at.kind, where=opened_at.where, language=language, first=False)
    differences = offices.changes.compare(work.session, opened_at.at, now.at.raw, language=language)
    own: CorrectionDraft = offices.changes.CorrectionDraft(*draft)
    return Moved(replace(now, draft=replace(own, confirmed=())), tuple(differences))


def mine(at: Correcting, typed: Mapping[str, Raw], today: date) -> dict[str, Raw]:
    """The answers that differ from the record, as they were typed. What reads the same differs in
    nothing."""
    found = {}
    for name, raw in typed.items():
        was = at.raw.get(name)
        if raw == was or (is_blank(raw) and is_blank(was)):
            continue
        if name in at.form:
            now, before = (read_raw(at.form.field(name), one, today) for one in (raw, was))
            if now == before and not now.problems:
                continue
        found[name] = raw
    return found


def on_top(at: Correcting, answers: Mapping[str, Raw]) -> tuple[dict[str, Raw], dict[str, Raw]]:
    """The record as it stands with one's own answers on top; and those that cannot be given now,
    because what they are about is in conflict or not asked any more. Nothing is lost."""
    may = correctable(at)
    given = {name: raw for name, raw in answers.items() if name in may}
    return {**at.raw, **given}, {name: raw for name, raw in answers.items() if name not in may}


def confirmed(opened: Opened) -> tuple[Confirmation, ...]:
    """What was confirmed about the record as it stands; it is asked again of one that moved on."""
    draft = opened.draft
    if draft is None or set(draft.seen) != {one.hex() for one in opened.at.heads}:
        return ()
    return draft.confirmed


def correctable(at: Correcting) -> frozenset[str]:
    """The questions that may be answered anew."""
    return frozenset(
        one.name
        for one in at.form.fields()
        if one.correctable is not Correctable.NEVER and one.name not in at.in_conflict
    )


def approved(at: Correcting) -> frozenset[str]:
    """The questions of which a change waits for a second person: what is filled in for the first
    time overrules nobody."""
    return frozenset(
        one.name
        for one in at.form.fields()
        if one.correctable is Correctable.APPROVED and at.values.get(one.name) is not None
    )


def touched(name: str, detail: str, found: Sequence[Difference]) -> tuple[Touched, ...]:
    """What changes, side by side; what needs approval says so."""
    changes = tuple(
        Change(
            one.label,
            one.before,
            one.after,
            tr(NEEDS_APPROVAL) if one.approval else "",
            "warning",
        )
        for one in found
    )
    return (Touched(name, detail, changes),) if changes else ()
