"""Receiving a notice: the receipt, the decisions, the newest trust list.

Verify, open, decide, store: four steps. Nothing of a notice is believed for having come along;
every entry in it stands on its own signature and certificates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ledger import kinds
from ledger.chain import Receipt as ChainReceipt
from station.setup import NOTICE_NUMBER
from sync.errors import BadOutcome
from sync.notice import Kind, Notice, open_notice, signers_under_root, verify
from workspace import erasure, foreign, trusting
from workspace.clocks import note_time
from workspace.errors import NotEnrolledError, RefusedError
from workspace.opening import continue_or_begin_epoch
from workspace.rights import Right, require

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

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
    """`acknowledged` counts entries that a receipt covers now and did not before."""

    acknowledged: int
    outcomes: tuple[Outcome, ...]
    number: int


def receive(session: Session, path: Path) -> Received:
    """Take a notice in. Taking one twice changes nothing.

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
    acknowledged = 0
    with session.store.write() as unit:
        last = int(unit.setting(NOTICE_NUMBER) or b"0")
        if notice.number > last + 1:
            raise RefusedError(
                "notice_gap",
                f"Notice {last + 1} is missing; this is number {notice.number}. "
                "Ask the registry for the missing one and take it first.",
            )
        new = notice.number > last
        if new:
            acknowledged = _take(session, unit, notice)
    if new:
        note_time(session, datetime.fromtimestamp(notice.written_ms / 1000, UTC))
        _drop_erased_photos(session, notice)
        # Its receipt may show that an old copy of this store came back.
        continue_or_begin_epoch(session)
    return Received(
        acknowledged=acknowledged,
        outcomes=tuple(
            Outcome(one.group, one.outcome, one.code, one.sentence) for one in notice.outcomes
        ),
        number=notice.number,
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
    opened = open_notice(verified, [office.keys.identity])
    if isinstance(opened, BadOutcome):
        raise RefusedError(str(opened.code), opened.sentence)
    return opened


def _take(session: Session, unit: UnitOfWork, notice: Notice) -> int:
    """Store what the notice says; returns how many entries it newly acknowledges."""
    office = session.office
    assert office.root is not None  # noqa: S101 - checked by the caller
    acknowledged = 0
    for receipt in notice.receipts:
        # Of an epoch from before a restore, the registry may hold more than came back here.
        standing = unit.at(receipt.office, receipt.epoch, receipt.sequence)
        if receipt.office == office.id and standing and standing.hash != receipt.head:
            raise RefusedError(
                "receipt_differs",
                "The registry's receipt does not match this station's own chain. "
                "Do not delete anything here, and call the registry.",
            )
        before = unit.receipt(receipt.office, receipt.epoch)
        covered = before.sequence if before else 0
        if receipt.sequence > covered:
            unit.add_receipt(
                ChainReceipt(receipt.office, receipt.epoch, receipt.sequence, receipt.head),
                notice=notice.number,
            )
            head = unit.head(receipt.office, receipt.epoch)
            if receipt.office == office.id and head is not None:
                acknowledged += max(0, min(receipt.sequence, head.sequence) - covered)
    foreign.take(session, unit, [*notice.decisions, *notice.entries], notice.certificates)
    if notice.trust_list is not None:
        trusting.take(unit, office.root, notice.trust_list)
    unit.put_notice(office.id, notice.number, session.clock.now(), notice.to_bytes())
    unit.put_setting(NOTICE_NUMBER, str(notice.number).encode("ascii"))
    return acknowledged


def _drop_erased_photos(session: Session, notice: Notice) -> None:
    for decision in notice.decisions:
        body = decision.body
        if decision.header.kind == kinds.ENTRY_ERASED and body is not None:
            with session.store.read() as reader:
                erased = [one for hash_ in body["entries"] if (one := reader.entry(hash_))]
            erasure.drop_photos(session, erased)
