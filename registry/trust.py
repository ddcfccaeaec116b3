"""The trust list: which document keys are good, whom they belong to, what is revoked."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from ledger import authority, kinds
from ledger.certificate import CertificateHash
from ledger.trust import KeyStatus, StatusEntry, StatusList, TrustList
from ledger.trust import Station as ListedStation
from registry.key_windows import document_keys
from registry.stations import Station, stations
from workspace.files import write_whole
from workspace.rights import Right, require
from workspace.trusting import TRUST_LIST, held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from db.store import Reader, UnitOfWork
    from documents.verifier_page import VerifierPage
    from ledger.keys import PublicKey
    from values.identifiers import OfficeId
    from workspace.session import Session


BASE = "trust_base"
"""The last list of a registry that was lost: what it said of keys, stations and revocations counts
on in the one that was founded in its place."""
NUMBERS_FROM = datetime(2020, 1, 1, tzinfo=UTC)


def export(session: Session, out: Path, *, jwks: bool) -> int:
    """Write the trust list, or its document keys as a JSON Web Key Set; returns how many keys.

    A new list is made when anything changed since the last, so that revocations travel.
    """
    require(session, Right.TRUST)
    with session.store.write() as unit:
        current = refresh(session, unit)
    if jwks:
        write_whole(out, json.dumps(current.to_jwks(), indent=1).encode("ascii"))
    else:
        write_whole(out, current.data)
    return len(current.keys)


def export_page(session: Session, out: Path) -> VerifierPage:
    """Write the page that checks papers in a browser, with the list as it should be now."""
    from documents.verifier_page import write_page

    require(session, Right.TRUST)
    with session.store.write() as unit:
        current = refresh(session, unit)
    page = write_page(current.data, root=current.root.fingerprint)
    write_whole(out, page.html)
    return page


def refresh(session: Session, unit: UnitOfWork) -> TrustList:
    """The list as it should be now; numbered one higher only when it says something new."""
    return renew(session, unit, stations(unit), at=session.clock.now())


def renew(
    session: Session, unit: UnitOfWork, enrolled: Iterable[Station], *, at: datetime
) -> TrustList:
    """Issue the list for these stations and keep it, unless the held one says the same today."""
    office = session.office
    before = held(unit, office.root)
    certificate = office.trust_certificate
    assert office.root is not None  # noqa: S101 - a registry is founded with its root
    enrolled = list(enrolled)
    keys = document_keys(
        unit, enrolled, at=at, valid=timedelta(days=office.operation.document_days)
    )
    listed = [ListedStation(one.id, one.code, one.name) for one in enrolled]
    lists = status_lists(
        unit, [one.id for one in enrolled], before=before.status_lists if before else ()
    )
    gone = revoked(unit)
    base = base_of(unit, office.root)
    if base is not None:
        lost = {one.public for one in base.keys if one.status is KeyStatus.REVOKED}
        fresh = [one for one in keys if one.public not in lost]
        keys = merged(base.keys, fresh, lambda one: one.public.raw)
        listed = merged(base.stations, listed, lambda one: one.office)
        lists = _both(base.status_lists, lists)
        gone = sorted({*base.revoked, *gone})
    made = TrustList.issue(
        number=_number(before, at),
        issued_at=at,
        root=office.root,
        certificate=certificate,
        key=office.keys.signing_key(),
        keys=keys,
        stations=listed,
        status_lists=lists,
        recipient=office.registry_recipient,
        revoked=gone,
    )
    if before is not None and _same(before, made) and at - before.issued_at < timedelta(days=1):
        return before
    unit.put_setting(TRUST_LIST, made.data)
    return made


def base_of(reader: Reader, root: PublicKey) -> TrustList | None:
    """The list that this registry goes on from, if it was founded in another's place."""
    raw = reader.setting(BASE)
    return TrustList.from_bytes(raw, root=root) if raw else None


Item = TypeVar("Item")


def merged(
    before: Iterable[Item], now: Iterable[Item], name: Callable[[Item], object]
) -> list[Item]:
    """What was said before, and what is said now, which counts where both say something."""
    return list(({name(one): one for one in before} | {name(one): one for one in now}).values())


def _both(before: Iterable[StatusEntry], now: Iterable[StatusEntry]) -> list[StatusEntry]:
    """Revoked is what either says: this registry may not have been told everything again yet."""
    found = {(one.office, one.epoch): one for one in before}
    for one in now:
        place = (one.office, one.epoch)
        bits = one.bits.with_all(found[place].bits) if place in found else one.bits
        found[place] = StatusEntry(one.office, one.epoch, bits)
    return list(found.values())


def _number(before: TrustList | None, at: datetime) -> int:
    """The next number: at least one more, and at least the minutes since 2020.

    A registry that falls back to a backup has forgotten how far it had counted; time has not, and
    what it issues then still replaces what it issued before.
    """
    minutes = int((at - NUMBERS_FROM).total_seconds() // 60)
    return max((before.number if before else 0) + 1, minutes)


Place = tuple["OfficeId", bytes]
"""An office and an epoch of it: where a status list belongs."""


def status_lists(
    reader: Reader, offices: Iterable[OfficeId], *, before: Iterable[StatusEntry] = ()
) -> list[StatusEntry]:
    """One list for each station and epoch that has told of itself; bits of revoked documents, and
    of numbers that a station says were never issued, unless they were.

    A revocation counts that the issuing office or the registry said. One bad record must not
    leave everybody else without a list: it is passed over, and `workspace.care.check` names it.
    Of a document that was erased before anybody kept its place, every place is marked that it may
    have; `before` are the lists that were made last.
    """
    wanted = set(offices)
    bits: dict[Place, set[int]] = {
        (office, epoch): set() for office in wanted for epoch, _ in reader.epochs(office)
    }
    erased = authority.Erased(reader.entries_of_kind(kinds.ENTRY_ERASED, "office"))
    lost: dict[Place, int] = {}
    for entry in reader.entries_of_kind(kinds.DOCUMENT_REVOKED, "document"):
        for issued in reader.entries_of("document", entry.header.subject.id):
            place = (issued.header.office, issued.header.epoch)
            index = authority.revoked_index(entry, issued, erased)
            if index is not None:
                bits.setdefault(place, set()).add(index)
            elif issued.body_bytes is None and authority.revokes(entry, issued):
                lost[place] = max(lost.get(place, 0), issued.header.sequence)
    gone = _erased_papers(reader, erased)
    for entry in reader.entries_of_kind(kinds.NUMBERS_SPOILED, "office"):
        for number, place, index in authority.spoiled_indices(entry):
            made = reader.document_by_number(number)
            there = made and (made.office, made.epoch, made.status_index) == (*place, index)
            if not there and (number, *place, index) not in gone and place in bits:
                bits[place].add(index)
    if lost:
        for place, indices in _perhaps(reader, lost, erased, before).items():
            bits.setdefault(place, set()).update(indices)
    return [
        StatusEntry(office, epoch, StatusList.empty().revoked(sorted(indices)))
        for (office, epoch), indices in sorted(bits.items())
    ]


def _erased_papers(
    reader: Reader, erased: authority.Erased
) -> set[tuple[str, OfficeId, bytes, int]]:
    """Number, office, epoch and place in the list of documents that were issued and erased."""
    found = set()
    for hash_ in erased:
        entry = reader.entry(hash_)
        kept = erased.said(entry) if entry is not None else None
        if entry is None or kept is None or entry.header.kind != kinds.DOCUMENT_ISSUED:
            continue
        number, index = kept.get("number"), kept.get("status_index")
        if number is not None and index is not None:
            found.add((number, entry.header.office, entry.header.epoch, index))
    return found


def _perhaps(
    reader: Reader,
    lost: Mapping[Place, int],
    erased: authority.Erased,
    before: Iterable[StatusEntry],
) -> dict[Place, set[int]]:
    """By office and epoch, the places that a revoked document may have of which nothing is known
    any more but that it was issued, at the sequence told or before.

    Those that were reserved until then or were marked in the list made last, and that no document
    has of which more is known: better too many than one paper that was lost and is good again.
    """
    found: dict[Place, set[int]] = {place: set() for place in lost}
    for entry in reader.entries_of_kind(kinds.NUMBERS_RESERVED, "office"):
        place, body = (entry.header.office, entry.header.epoch), entry.body
        if body is None or entry.header.sequence > lost.get(place, 0):
            continue
        found[place].update(
            one["status_index"] for one in body["papers"] if one.get("status_index") is not None
        )
    for one in before:
        place = (one.office, one.epoch)
        if place in found:
            found[place].update(one.bits.marked())
    for entry in reader.entries_of_kind(kinds.DOCUMENT_ISSUED, "document"):
        place = (entry.header.office, entry.header.epoch)
        said = erased.said(entry) if place in found else None
        if said is not None:
            found[place].discard(said.get("status_index", -1))
    return found


def revoked(reader: Reader) -> list[CertificateHash]:
    """Hashes of certificates that count no longer."""
    users = {
        CertificateHash(entry.body["certificate"])
        for entry in reader.entries_of_kind(kinds.CERTIFICATE_REVOKED, "user")
        if entry.body is not None
    }
    offices = {
        CertificateHash(one)
        for entry in reader.entries_of_kind(kinds.STATION_REVOKED, "station")
        if entry.body is not None
        for one in entry.body["certificates"]
    }
    return sorted(users | offices)


def next_notice(reader: Reader, station: OfficeId) -> int:
    """The number of the next notice to a station."""
    return reader.last_notice(station) + 1


def _same(one: TrustList, other: TrustList) -> bool:
    return (
        one.certificate.data,
        one.keys,
        one.stations,
        one.status_lists,
        one.revoked,
        one.recipient,
    ) == (
        other.certificate.data,
        other.keys,
        other.stations,
        other.status_lists,
        other.revoked,
        other.recipient,
    )
