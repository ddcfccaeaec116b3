"""What correcting a record asks the offices. On the worker, every one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from desktop import offices
from desktop.desk import Work
from desktop.events.side_by_side import Change, Touched
from desktop.events.telling import Judge, Judged
from desktop.interview.asking import Asking, prepare
from desktop.interview.reaching import places
from desktop.words import N_, tr
from forms.definition import Correctable
from forms.draft import Confirmation, Raw
from values.identifiers import HouseholdId

if TYPE_CHECKING:
    from desktop.widgets.place_field import FindPlaces
    from workspace.correcting import Changed, Correcting
    from workspace.differing import Difference

PERSON, HOUSEHOLD = "person", "household"
BASES = "correction_basis"
MEANWHILE = "changed_meanwhile"
NEEDS_APPROVAL = N_("needs approval")


@dataclass(frozen=True, slots=True)
class Opened:
    """A record as it stands, ready to be changed. ``where`` is the person, or the household."""

    kind: str
    where: Any
    name: str = field(repr=False)
    detail: str = field(repr=False)
    at: Correcting
    asking: Asking
    places: FindPlaces | None


@dataclass(frozen=True, slots=True)
class Moved:
    """The record moved on while it was being changed: how it stands now, and what differs."""

    opened: Opened
    differences: tuple[Difference, ...]


def opened(work: Work, *, kind: str, where: Any, language: str, first: bool) -> Opened:
    """Open a person's record, or a household's own answers (``where`` is then a member)."""
    session = work.session
    found = offices.people.person_page(session, where, language=language)
    if kind == HOUSEHOLD and found.household is not None:
        at = offices.changes.begin_household(session, found.household.id)
        name, detail = tr("Household {number}", number=found.household.number), ""
    else:
        at = offices.changes.begin(session, where)
        name, detail = found.name or found.number, found.permanent or found.number
    return Opened(
        kind=kind,
        where=where,
        name=name,
        detail=detail,
        at=at,
        asking=prepare(session.catalogue, language),
        places=places(work, language) if first else None,
    )


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
            work.session, HouseholdId(at.subject), typed, at=at, reason=reason, confirmed=confirmed
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
    )
    return made


def meanwhile(work: Work, *, opened_at: Opened, language: str) -> Moved:
    """Open the record again, and tell what somebody else changed."""
    now = opened(work, kind=opened_at.kind, where=opened_at.where, language=language, first=False)
    differences = offices.changes.compare(work.session, opened_at.at, now.at.raw, language=language)
    return Moved(now, tuple(differences))


def carried(before: Correcting, now: Correcting, typed: Mapping[str, Raw]) -> dict[str, Raw]:
    """The record as it stands now with one's own changes on top: nothing is lost."""
    mine = {name: raw for name, raw in typed.items() if raw != before.raw.get(name)}
    return {**now.raw, **mine}


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
