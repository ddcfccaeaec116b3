"""Notices: the receipt, the outcomes, the decisions, the trust list, on their way back.

A notice is numbered and kept, so that the same one can be written again when a stick is lost.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ledger import kinds
from ledger.certificate import SubjectKind
from ledger.entry import Subject
from registry import trust
from registry.judging import sentence
from registry.stations import by_code, stations
from sync.limits import MAX_FORMER_EPOCHS
from sync.notice import GroupOutcome, Notice, Origin, Receipt, write_notice
from values import cbor
from values.identifiers import BundleId, uuid7
from workspace import rules, service
from workspace.act import EPOCH
from workspace.errors import RefusedError
from workspace.opening import may_be_a_copy
from workspace.rights import Right, may, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from db.store import Reader, UnitOfWork
    from ledger.entry import Entry
    from registry.stations import Station
    from values.identifiers import EntryHash, OfficeId
    from workspace.session import Session

_ABOUT_ENTRIES = {
    kinds.ENTRIES_QUARANTINED,
    kinds.QUARANTINE_RELEASED,
    kinds.QUARANTINE_REFUSED,
    kinds.ENTRY_ERASED,
}
REVISION = "notice_revision"
_NEVER = {kinds.NOTICE_WRITTEN, kinds.STATION_ENROLLED, kinds.EPOCH_BEGUN}


def answer(session: Session, station: Station, parent: Path) -> Path:
    """Write the notice for a station into `parent`; returns its folder.

    When nothing happened since the last one, the last one is written again under its number.
    """
    with session.store.read() as reader:
        last = reader.last_notice(station.id)
        kept = reader.notice(station.id, last) if last else None
        news = _news(session, reader, station)
    if kept is not None and not news:
        notice = Notice.from_bytes(kept.data)
    else:
        notice = _make(session, station, number=last + 1)
    return _write(session, station, notice, parent)


def news(session: Session, station: Station) -> bool:
    """Whether anything was decided since the last notice that concerns the station."""
    with session.store.read() as reader:
        return _news(session, reader, station)


def _news(session: Session, reader: Reader, station: Station) -> bool:
    return _due(session, reader, station) or any(True for _ in _decisions(session, reader, station))


def due(session: Session) -> frozenset[OfficeId]:
    """Stations that have to be brought a notice: keys or rules were changed since their last, or
    this registry was restored, and what they had acknowledged may be lost here."""
    with session.store.read() as reader:
        return frozenset(
            one.id for one in stations(reader) if one.revoked is None and _due(session, reader, one)
        )


def changed(unit: UnitOfWork, session: Session) -> None:
    """Note that every station is to be told of something that is no entry: a key, a rule."""
    unit.put_setting(REVISION, session.env.entropy(8))


def ask(session: Session, *, station: str, parent: Path) -> Path:
    """Write the notice that a station should have now; returns its folder.

    It says how far this registry holds the station's entries: what it lacks after a restore the
    station then counts as not sent, and sends again.
    """
    if not may(session.user.role, Right.ENROL):
        require(session, Right.IMPORT)
    if not parent.is_dir():
        raise RefusedError("no_folder", "That folder does not exist. Choose a folder on the stick.")
    with session.store.read() as reader:
        found = by_code(reader, station)
    return answer(session, found, parent)


def _due(session: Session, reader: Reader, station: Station) -> bool:
    if session.read_only and may_be_a_copy(session):
        return True
    told = reader.setting(_told(station))
    if told is not None:
        return told != _revision(session, reader)
    # Never given one here, or by a program that did not note it. A registry that was restored may
    # have given some that it does not know of.
    first = next((epoch for epoch, _ in reader.epochs(session.office.id)), session.epoch)
    return reader.setting(REVISION) is not None or first != session.epoch


def _revision(session: Session, reader: Reader) -> bytes:
    """Of what a notice says beside the decisions. A registry in another epoch was restored."""
    return session.epoch + (reader.setting(REVISION) or b"")


def _told(station: Station) -> str:
    return f"noticed_revision/{station.id}"


def again(session: Session, *, station: str, number: int, parent: Path) -> Path:
    """Write an earlier notice anew, for a stick that was lost; returns its folder.

    `station` is the code of the station. Raises `RefusedError` when there is no such notice.
    """
    require(session, Right.IMPORT)
    if not parent.is_dir():
        raise RefusedError("no_folder", "That folder does not exist. Choose a folder on the stick.")
    with session.store.read() as reader:
        found = by_code(reader, station)
        kept = reader.notice(found.id, number)
    if kept is None:
        raise RefusedError("unknown_notice", f"There is no notice {number} for this station.")
    return _write(session, found, Notice.from_bytes(kept.data), parent)


def _make(session: Session, station: Station, *, number: int) -> Notice:
    now = session.clock.now()
    with session.act() as act:
        unit = act.unit
        # Read in the same transaction as the pointer is moved: nothing falls between two notices.
        decisions = tuple(_decisions(session, unit, station))
        notice = Notice(
            number=number,
            station=station.id,
            registry=session.office.id,
            written_ms=int(now.timestamp() * 1000),
            receipts=_receipts(unit, decisions, station),
            outcomes=_outcomes(unit, decisions, station),
            decisions=decisions,
            certificates=tuple(
                one.data
                for one in [*session.office.certificate_values(), *unit.certificates()]
                if one.office == session.office.id and one.subject_kind is SubjectKind.USER
            ),
            trust_list=trust.refresh(session, unit).data,
            policy=_policy(session, unit),
            origin=_origin(session, unit, station, number),
        )
        own = {epoch.hex(): head.sequence for epoch, head in unit.epochs(session.office.id)}
        act.say(
            kinds.NOTICE_WRITTEN,
            Subject("office", session.office.id),
            {"station": station.id.bytes, "number": number, "sha256": notice.sha256},
        )
        unit.put_notice(station.id, number, now, notice.to_bytes())
        unit.put_setting(_pointer(station), cbor.encode(own))
        unit.put_setting(_told(station), _revision(session, unit))
    return notice


def _policy(session: Session, reader: Reader) -> dict[str, Any]:
    """What every station is told: where the service is, once there is one, and for how long what
    was acknowledged is kept."""
    there = service.held(reader)
    policy: dict[str, Any] = {rules.KEEP_DAYS: session.office.operation.keep_days}
    if there is not None:
        policy[service.POLICY] = there.to_body()
    return policy


def _origin(session: Session, unit: UnitOfWork, station: Station, number: int) -> Origin:
    """Where a notice comes from: this epoch, those before, and the notice before."""
    epoch = unit.setting(EPOCH) or session.epoch
    former = [one for one, _ in unit.epochs(session.office.id) if one != epoch]
    before = unit.notice(station.id, number - 1)
    return Origin(
        epoch=epoch,
        former=tuple(former[-MAX_FORMER_EPOCHS:]),
        previous=sha256(before.data).digest() if before else None,
    )


def _receipts(reader: Reader, decisions: Iterable[Entry], station: Station) -> tuple[Receipt, ...]:
    """How far the registry holds each epoch, places before the end of it: 1, 2, 4, 8 and so on,
    where the bundles of this notice ended, and where the branches of its copies end.

    A station can only check a receipt against an entry that it has: one that was restored from a
    backup has less of an epoch than the registry, and of an epoch in which a copy of it wrote on
    it has another end. By these places it finds, within as much again, how far both have the same.
    What was put aside of a branch is here too, and need not come again.
    """
    places: set[tuple[bytes, int, EntryHash]] = set()
    for epoch, head in reader.epochs(station.id):
        places.add((epoch, head.sequence, head.hash))
        back = 1
        while (place := head.sequence - back) > 0:
            standing = reader.at(station.id, epoch, place)
            if standing is not None:
                places.add((epoch, place, standing.hash))
            back *= 2
    for entry in decisions:
        body = entry.body
        if entry.header.kind == kinds.BUNDLE_ADMITTED and body is not None:
            ends = (body["epoch"], body["last"])
            reached, last = reader.head(station.id, body["epoch"]), reader.at(station.id, *ends)
            # What is held for a gap is no part of the chain yet, and not received.
            if last is not None and reached is not None and body["last"] <= reached.sequence:
                places.add((*ends, last.hash))
    for one in _branch_ends(reader, station.id):
        places.add((one.header.epoch, one.header.sequence, one.hash))
    # By sequence and not by epoch: an epoch is a random name.
    return tuple(
        Receipt(station.id, epoch, sequence, head)
        for epoch, sequence, head in sorted(places, key=lambda one: (one[1], one[0], one[2]))
    )


def _branch_ends(reader: Reader, station: OfficeId) -> list[Entry]:
    """The last entry of each branch that a copy of a station wrote, as far as nothing is missing
    between it and the chain."""
    whole: set[EntryHash | None] = set()
    goes_on: set[EntryHash | None] = set()
    found = []
    for entry in reader.branches(station):  # in the order of places
        header = entry.header
        if header.sequence > 1 and header.previous not in whole:
            before = reader.at(station, header.epoch, header.sequence - 1)
            head = reader.head(station, header.epoch)
            held = head is None or header.sequence - 1 > head.sequence
            if held or before is None or before.hash != header.previous:
                continue
        whole.add(entry.hash)
        goes_on.add(header.previous)
        found.append(entry)
    return [one for one in found if one.hash not in goes_on]


def _outcomes(
    reader: Reader, decisions: Iterable[Entry], station: Station
) -> tuple[GroupOutcome, ...]:
    """What the decisions say about each act of the station; the latest word counts.

    From the chain and not from the import that just ran: it may have been cut off before its
    notice was written, or have been answered by none.
    """
    found: dict[UUID, GroupOutcome] = {}

    def note(group: UUID, outcome: str, code: str = "", why: str = "") -> None:
        found[group] = GroupOutcome(group, outcome, code, why or (sentence(code) if code else ""))

    for entry in decisions:
        body, subject = entry.body, entry.header.subject
        match entry.header.kind:
            case _ if body is None:
                continue
            case kinds.BUNDLE_ADMITTED:
                for one in body["outcomes"]:
                    code = one.get("reason") or ("held" if one["outcome"] == "held" else "")
                    note(UUID(bytes=one["group"]), one["outcome"], code)
            case kinds.ENTRIES_QUARANTINED if subject.type == "office":
                # Put aside later on, for a revocation. The others are told with their bundle.
                for hash_ in body["entries"]:
                    gone = reader.entry(hash_)
                    if gone is not None and gone.header.office == station.id:
                        note(gone.header.group.id, "quarantined", body["reason"])
            case kinds.QUARANTINE_RELEASED:
                for hash_ in body["entries"]:
                    released = reader.entry(hash_)
                    if released is not None and released.header.office == station.id:
                        note(released.header.group.id, "admitted")
            case kinds.QUARANTINE_REFUSED:
                for hash_ in body["entries"]:
                    refused = reader.entry(hash_)
                    if refused is not None and refused.header.office == station.id:
                        note(refused.header.group.id, "refused", "refused", str(body["reason"]))
            case kinds.REGISTRATION_REGISTERED:
                note(subject.id, "registered")
            case kinds.REGISTRATION_RETURNED:
                note(subject.id, "returned", "returned", str(body["reason"]))
    return tuple(found.values())


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
    body = entry.body
    if body is None:
        return False
    if kind in {kinds.KEY_COMPROMISED, kinds.STATION_REVOKED}:
        return bool(subject.id == station.id)
    if kind == kinds.CERTIFICATE_REVOKED:
        return bool(body.get("office") == station.id.bytes)
    if kind == kinds.BUNDLE_ADMITTED:
        return bool(body["station"] == station.id.bytes)
    if kind in _ABOUT_ENTRIES:
        spoken_of = (reader.entry(hash_) for hash_ in body["entries"])
        return any(one is not None and one.header.office == station.id for one in spoken_of)
    if subject.type in {"office", "user"}:
        return False
    return any(
        one.header.office == station.id for one in reader.entries_of(subject.type, subject.id)
    )


def _pointer(station: Station) -> str:
    return f"noticed/{station.id}"
