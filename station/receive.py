"""Receiving a notice: the receipt, the decisions, the newest trust list.

Verify, open, decide, store: four steps. Nothing of a notice is believed for having come along;
every entry in it stands on its own signature and certificates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from ledger import kinds
from ledger.chain import Receipt as ChainReceipt
from station import answers, line, origin
from station.origin import Relation
from station.setup import NOTICE_NUMBER
from sync.errors import BadOutcome
from sync.notice import Kind, Notice, Receipt, open_notice, signers_under_root, verify
from values import cbor
from workspace import erasure, foreign, rules, service, standing, trusting
from workspace.act import EPOCH
from workspace.clocks import note_time
from workspace.errors import NotEnrolledError, RefusedError
from workspace.exported import covered_upto, note_covered
from workspace.opening import continue_or_begin_epoch, leave_epoch
from workspace.rights import Right, require
from workspace.standing import REVOKED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from db.store import UnitOfWork
    from sync.notice import OpenedNotice
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the registry decided about one act of this station."""

    group: UUID
    outcome: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Received:
    """`acknowledged` counts entries that a receipt covers now and did not before.

    `outcomes` tell of every act that the notice decides about: those it names, and those that its
    receipts newly cover without naming them, which were admitted as they came.
    `alarms` are sentences about a receipt that contradicts this station's own chain.
    """

    acknowledged: int
    outcomes: tuple[Outcome, ...]
    number: int
    alarms: tuple[str, ...] = ()


ADMITTED = "admitted"
GAP = "notice_gap"
"""The code of the refusal when an earlier notice is missing."""

Covered = tuple[bytes, int, int]
"""An epoch, how far a receipt covered it before, and how far it does now."""

FORKED = (
    "The registry holds other entries than this station where they should be the same: another "
    "copy of this station is in use. Nothing is lost here. Call the registry, and agree which of "
    "the two goes on; this one goes on under new numbers."
)
"""A fork, as the copy that came second learns of it."""


def receive(session: Session, path: Path) -> Received:
    """Take a notice in. Taking one twice changes nothing, whatever came in between.

    A notice under a number that was taken already, but with other contents, comes from a registry
    that fell back to a backup: it is taken too, and what that registry lost is sent again. One of
    the registry as it was before brings its decisions late, and says nothing any more of what the
    registry has, wants or waits for.

    A receipt counts only where this station's own entry is the one it names. One for a place
    beyond the own chain, or for another entry there, shows that a copy of this store wrote on: an
    epoch of its own begins then, so that work goes on beside it.

    Raises `RefusedError` when it is damaged, was made for another station, or when an earlier
    notice is missing.
    """
    require(session, Right.RECEIVE)
    if session.office.root is None:
        raise NotEnrolledError
    opened = _open(session, path)
    notice = opened.notice
    if notice.station != session.office.id:
        raise RefusedError(
            "other_station", "This notice is for another station. Ask for the one for this station."
        )
    acknowledged, forked = 0, False
    with session.store.write() as unit:
        last = int(unit.setting(NOTICE_NUMBER) or b"0")
        taken = unit.setting(_taken(notice))
        new = taken is None
        whence = origin.relation(unit, notice)
        late = whence is Relation.EARLIER
        if new and not late and origin.missing_before(unit, notice, last=last):
            missing = notice.number - 1 if notice.origin else last + 1
            raise RefusedError(
                GAP,
                f"Notice {missing} is missing; this is number {notice.number}. "
                "Ask the registry for the missing one and take it first.",
            )
        if new:
            covered, forked = _take(session, unit, notice, whence)
            acknowledged = sum(last - first for _, first, last in covered)
        else:
            covered = _covered(taken or b"")
            if notice.number == last + 1:
                # One from before a restore of the registry came late and set the numbers back,
                # or it was taken late, and now it is its turn.
                unit.put_setting(NOTICE_NUMBER, str(notice.number).encode("ascii"))
        admitted = _unnamed(session, unit, notice, covered)
        if new and not late:
            answers.note(unit, notice, admitted)
        if new:
            line.note_answer(unit, session.clock.now())
    if new:
        note_time(session, datetime.fromtimestamp(notice.written_ms / 1000, UTC))
        _drop_erased_photos(session, notice)
        # Its receipt may show that an old copy of this store came back.
        continue_or_begin_epoch(session)
    return Received(
        acknowledged=acknowledged,
        outcomes=(
            *(Outcome(one.group, one.outcome, one.code, one.sentence) for one in notice.outcomes),
            *(Outcome(group, ADMITTED, "", "") for group in admitted),
        ),
        number=notice.number,
        alarms=(*((FORKED,) if forked else ()), *((REVOKED,) if standing.revoked(session) else ())),
    )


def _open(session: Session, path: Path) -> OpenedNotice:
    office = session.office
    assert office.root is not None  # noqa: S101 - checked by the caller
    with session.store.read() as reader:
        trusted = trusting.held(reader, office.root)
    verified = verify(
        path,
        signers_under_root(
            office.root,
            certificates=office.certificates,
            revoked=trusted.revoked if trusted else (),
        ),
        expect=Kind.NOTICE,
    )
    if isinstance(verified, BadOutcome):
        raise RefusedError(str(verified.code), verified.sentence)
    opened = open_notice(verified, office.keys.identities)
    if isinstance(opened, BadOutcome):
        raise RefusedError(str(opened.code), opened.sentence)
    return opened


def _take(
    session: Session, unit: UnitOfWork, notice: Notice, whence: Relation
) -> tuple[list[Covered], bool]:
    """Store what the notice says; returns what it newly acknowledges, and whether a receipt
    contradicts this station's own chain for the first time in an epoch."""
    office = session.office
    assert office.root is not None  # noqa: S101 - checked by the caller
    forked = False
    good: list[Receipt] = []
    for receipt in notice.receipts:
        here = unit.at(receipt.office, receipt.epoch, receipt.sequence)
        if here is None or here.hash != receipt.head:
            if receipt.office == office.id and here is not None:
                forked = _learn_fork(unit, receipt.epoch) or forked
            if receipt.office == office.id and receipt.epoch == unit.setting(EPOCH):
                leave_epoch(unit)
            continue
        good.append(receipt)
    late = whence is Relation.EARLIER
    covered = [] if late else _cover(session, unit, notice, good, whence)
    for one in {} if late else {one.epoch: one for one in _ascending(good)}.values():
        unit.add_receipt(
            ChainReceipt(one.office, one.epoch, one.sequence, one.head), notice=notice.number
        )
    foreign.take(session, unit, [*notice.decisions, *notice.entries], notice.certificates)
    if notice.trust_list is not None:
        trusting.take(unit, office.root, notice.trust_list)
    if not late:
        session.office = rules.take(unit, office, notice.policy)
        there = service.Service.from_body(notice.policy.get(service.POLICY))
        if there is not None:
            service.keep(unit, there)
        unit.put_setting(NOTICE_NUMBER, str(notice.number).encode("ascii"))
        origin.note(unit, notice)
    if not late or unit.notice(office.id, notice.number) is None:
        unit.put_notice(office.id, notice.number, session.clock.now(), notice.to_bytes())
    unit.put_setting(_taken(notice), cbor.encode([list(one) for one in covered]))
    return covered, forked


def _learn_fork(unit: UnitOfWork, epoch: bytes) -> bool:
    """Note that a copy of this store wrote in an epoch too; whether that is news here."""
    key = f"forked/{epoch.hex()}"
    if unit.setting(key) is not None:
        return False
    unit.put_setting(key, b"1")
    return True


def _ascending(receipts: Iterable[Receipt]) -> list[Receipt]:
    return sorted(receipts, key=lambda one: one.sequence)


def _unnamed(
    session: Session, unit: UnitOfWork, notice: Notice, covered: Iterable[Covered]
) -> list[UUID]:
    """The acts of this station that are covered now and that no outcome names."""
    named = {one.group for one in notice.outcomes}
    found: dict[UUID, None] = {}
    for epoch, after, upto in covered:
        for entry in unit.chain(session.office.id, epoch, after=after, upto=upto):
            if entry.header.group.id not in named:
                found[entry.header.group.id] = None
    return list(found)


def _taken(notice: Notice) -> str:
    """By its contents: numbers repeat when a registry falls back to a backup."""
    return origin.taken_key(notice.sha256)


def _covered(kept: bytes) -> list[Covered]:
    """What a notice newly acknowledged when it was taken, as it is kept with its mark."""
    if kept.isdigit():  # an earlier program kept the notice's number alone
        return []
    return [(epoch, before, after) for epoch, before, after in cbor.decode(kept)]


def _cover(
    session: Session, unit: UnitOfWork, notice: Notice, good: list[Receipt], whence: Relation
) -> list[Covered]:
    """Note how far the registry holds each epoch by this notice; returns what it holds more.

    Less than before, when the registry lost some: then they count as not sent. As long as it is in
    one epoch it loses nothing, and a receipt for a place that is not the own takes nothing back:
    the registry holds more there. When it is in another one, only that is acknowledged which a
    receipt fits: places that it lost may be another copy's of this station now.
    """
    office = session.office.id
    more = []
    for epoch, _ in unit.epochs(office):
        said = [one for one in notice.receipts if (one.office, one.epoch) == (office, epoch)]
        held = max((one.sequence for one in said if one in good), default=0)
        before = covered_upto(unit, office, epoch)
        match whence:
            case Relation.SAME:
                after = max(before, held)
            case Relation.OTHER:
                # The other one may be in use, and hold less: what both have is safe.
                after = min(before, held)
            case Relation.UNTOLD:
                # An older program's word: short of the end and contradicted, it was restored.
                reached = max((one.sequence for one in said), default=0)
                fell = reached < before or any(
                    one.sequence <= before and one not in good for one in said
                )
                after = held if fell else max(before, held)
            case _:
                after = held
        if after != before:
            note_covered(unit, epoch, after)
        if after > before:
            more.append((epoch, before, after))
    return more


def _drop_erased_photos(session: Session, notice: Notice) -> None:
    for decision in notice.decisions:
        body = decision.body
        if decision.header.kind == kinds.ENTRY_ERASED and body is not None:
            with session.store.read() as reader:
                erased = [one for hash_ in body["entries"] if (one := reader.entry(hash_))]
            erasure.drop_photos(session, erased)
