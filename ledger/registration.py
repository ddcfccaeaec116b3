"""Folding a registration: submitted, reviewed by somebody else, registered.

    recorded --approved--> approved --registered--> registered (final)
       |  ^                   |
       |  '--submitted again--+
       '----returned----> returned --submitted again--> recorded

Reviews that do not count are kept in the view and change nothing.  When steps were made
unaware of each other the more cautious one counts: a return before a submission before
an approval; only *registered* is final.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ledger import facts, kinds
from ledger.ancestry import Ancestry, members
from ledger.entry import Entry, FormRef
from ledger.views import RefusedReview, RegistrationStatus, RegistrationView
from values.identifiers import EntryHash, HouseholdId, PersonId, RegistrationId

_STATUS = {
    kinds.REGISTRATION_REGISTERED: RegistrationStatus.REGISTERED,
    kinds.REGISTRATION_RETURNED: RegistrationStatus.RETURNED,
    kinds.REGISTRATION_SUBMITTED: RegistrationStatus.RECORDED,
    kinds.REGISTRATION_APPROVED: RegistrationStatus.APPROVED,
}
_CAUTION = tuple(_STATUS)
"""Kinds in the order in which they prevail among unaware steps."""


def judge_reviews(order: Ancestry) -> tuple[dict[str, int], tuple[RefusedReview, ...]]:
    """Masks of the steps that count, per kind, and the reviews that do not.

    An approval counts when its base contains a submission and its author submitted none
    of what it contains; a return, when its base contains a submission; *registered*,
    when its base contains an approval that counts and no newer submission or return.
    """
    counted = dict.fromkeys(_STATUS, 0)
    refused: list[RefusedReview] = []
    for position, entry in enumerate(order.entries):
        kind = entry.header.kind
        if kind not in counted or facts.body_of(entry) is None:
            continue
        code = _refusal(order, counted, position, entry)
        if code is None:
            counted[kind] |= 1 << position
        else:
            refused.append(RefusedReview(entry.hash, entry.header.author, code))
    return counted, tuple(refused)


def _refusal(order: Ancestry, counted: dict[str, int], position: int, entry: Entry) -> str | None:
    kind = entry.header.kind
    if kind == kinds.REGISTRATION_SUBMITTED:
        return None
    seen = order.before[position]
    submitted = counted[kinds.REGISTRATION_SUBMITTED] & seen
    if not submitted:
        return "nothing_submitted"
    if kind == kinds.REGISTRATION_APPROVED:
        authors = {order.entries[p].header.author for p in members(submitted)}
        return "own" if entry.header.author in authors else None
    if kind == kinds.REGISTRATION_REGISTERED:
        approved = counted[kinds.REGISTRATION_APPROVED]
        undecided = submitted | counted[kinds.REGISTRATION_RETURNED] | approved
        latest = order.latest(undecided & seen)
        return None if latest and not latest & ~approved else "not_approved"
    return None


def fold_registration(
    id_: UUID,
    order: Ancestry,
    *,
    heads: tuple[EntryHash, ...],
    first_at: datetime,
    last_at: datetime,
    form: FormRef | None,
) -> RegistrationView | None:
    """The view, or None without a readable submission."""
    counted, refused = judge_reviews(order)
    submissions = counted[kinds.REGISTRATION_SUBMITTED]
    if not submissions:
        return None
    steps = 0
    for mask in counted.values():
        steps |= mask
    latest = order.latest(steps)
    # Registered is final: what comes after it, or unaware of it, does not take it back.
    registered = counted[kinds.REGISTRATION_REGISTERED]
    deciding_kind = (
        kinds.REGISTRATION_REGISTERED
        if registered
        else next(kind for kind in _CAUTION if counted[kind] & latest)
    )
    deciding = order.entries[order.newest(registered or counted[deciding_kind] & latest)]
    status = _STATUS[deciding_kind]
    shown = order.entries[order.newest(order.latest(submissions))]
    body = facts.body_of(shown) or {}
    review = _review(order, counted, status, deciding)
    return RegistrationView(
        id=RegistrationId(id_),
        status=status,
        household=HouseholdId(UUID(bytes=body["household"])),
        persons=tuple(PersonId(UUID(bytes=person)) for person in body["persons"]),
        on=body["on"],
        source=body["source"],
        flags=tuple(body.get("flags") or ()),
        confirmed=tuple(body.get("confirmed") or ()),
        submitter=shown.header.author,
        submitted_at=shown.header.device_time,
        reviewer=None if review is None else review.header.author,
        reviewed_at=None if review is None else review.header.device_time,
        returned=(
            str((facts.body_of(deciding) or {})["reason"])
            if status is RegistrationStatus.RETURNED
            else None
        ),
        refused_reviews=refused,
        values=dict(body),
        heads=heads,
        first_at=first_at,
        last_at=last_at,
        form=form,
    )


def _review(
    order: Ancestry, counted: dict[str, int], status: RegistrationStatus, deciding: Entry
) -> Entry | None:
    """The review that counts now: for a registered one, the newest approval."""
    if status is RegistrationStatus.RECORDED:
        return None
    if status is RegistrationStatus.REGISTERED:
        return order.entries[order.newest(counted[kinds.REGISTRATION_APPROVED])]
    return deciding
