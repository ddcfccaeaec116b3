"""Notices: the receipt, the outcomes, the decisions, the trust list, on their way back.

A notice is numbered and kept, so that the same one can be written again when a stick is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger import kinds
from ledger.certificate import SubjectKind
from ledger.entry import Subject
from registry import trust
from registry.judging import sentence
from sync.notice import GroupOutcome, Notice, Receipt, write_notice
from values import cbor
from values.identifiers import BundleId, uuid7

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from db.store import Reader
    from ledger.entry import Entry
    from registry.judging import Judged
    from registry.stations import Station
    from workspace.session import Session

_ABOUT_BUNDLES = {kinds.BUNDLE_ADMITTED, kinds.ENTRIES_QUARANTINED, kinds.QUARANTINE_RELEASED}
_NEVER = {kinds.NOTICE_WRITTEN, kinds.STATION_ENROLLED, kinds.EPOCH_BEGUN}


def answer(session: Session, station: Station, judged: Judged, parent: Path) -> Path:
    """Write the notice for a station into `parent`; returns its folder.

    When nothing happened since the last one, the last one is written again under its number.
    """
    with session.store.read() as reader:
        last = reader.last_notice(station.id)
        kept = reader.notice(station.id, last) if last else None
        decisions = tuple(_decisions(session, reader, station))
    if kept is not None and not judged.anything_new and not decisions:
        notice = Notice.from_bytes(kept.data)
    else:
        notice = _make(session, station, judged, decisions, number=last + 1)
    return _write(session, station, notice, parent)


def _make(
    session: Session,
    station: Station,
    judged: Judged,
    decisions: tuple[Entry, ...],
    *,
    number: int,
) -> Notice:
    now = session.clock.now()
    with session.act() as act:
        unit = act.unit
        notice = Notice(
            number=number,
            station=station.id,
            registry=session.office.id,
            written_ms=int(now.timestamp() * 1000),
            receipts=tuple(
                Receipt(head.office, head.epoch, head.sequence, head.hash)
                for _, head in unit.epochs(station.id)
            ),
            outcomes=tuple(
                GroupOutcome(group, outcome, code or "", sentence(code) if code else "")
                for group, (outcome, code) in judged.groups().items()
            ),
            decisions=decisions,
            certificates=tuple(
                one.data
                for one in [*session.office.certificate_values(), *unit.certificates()]
                if one.office == session.office.id and one.subject_kind is SubjectKind.USER
            ),
            trust_list=trust.refresh(session, unit).data,
        )
        own = {epoch.hex(): head.sequence for epoch, head in unit.epochs(session.office.id)}
        act.say(
            kinds.NOTICE_WRITTEN,
            Subject("office", session.office.id),
            {"station": station.id.bytes, "number": number, "sha256": notice.sha256},
        )
        unit.put_notice(station.id, number, now, notice.to_bytes())
        unit.put_setting(_pointer(station), cbor.encode(own))
    return notice


def _write(session: Session, station: Station, notice: Notice, parent: Path) -> Path:
    office = session.office
    info = write_notice(
        parent,
        notice,
        bundle=BundleId(uuid7(session.clock.now(), session.env.entropy)),
        signer=office.keys.signing_key(),
        certificates=[
            one.data for one in office.certificate_values() if one.subject_kind is SubjectKind.TRUST
        ],
        recipients=[station.recipient, office.recovery_recipient],
        entropy=session.env.entropy,
    )
    return info.path


def _decisions(session: Session, reader: Reader, station: Station) -> Iterator[Entry]:
    """Entries of the registry's own chain since the last notice that concern the station."""
    raw = reader.setting(_pointer(station))
    told: dict[str, int] = cbor.decode(raw) if raw else {}
    office = session.office.id
    for epoch, _ in reader.epochs(office):
        for entry in reader.chain(office, epoch, after=told.get(epoch.hex(), 0)):
            if _concerns(reader, entry, station):
                yield entry


def _concerns(reader: Reader, entry: Entry, station: Station) -> bool:
    kind, subject = entry.header.kind, entry.header.subject
    if kind in _NEVER:
        return False
    if kind in _ABOUT_BUNDLES:
        said = [
            one.body["station"]
            for one in reader.group(entry.header.group.id)
            if one.header.kind == kinds.BUNDLE_ADMITTED and one.body is not None
        ]
        return station.id.bytes in said
    if subject.type in {"office", "user"}:
        return False
    return any(
        one.header.office == station.id for one in reader.entries_of(subject.type, subject.id)
    )


def _pointer(station: Station) -> str:
    return f"noticed/{station.id}"
