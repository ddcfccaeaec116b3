"""Windows of the keys that sign documents, as the trust list says them.

From the registry's own entries: which keys it certified, and which it holds for lost.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ledger import authority, kinds
from ledger.trust import GENUINE_BYTES, MAX_GENUINE, DocumentKey, KeyStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import timedelta

    from db.store import Reader
    from ledger.certificate import Certificate
    from ledger.keys import PublicKey
    from registry.stations import Station


def document_keys(
    reader: Reader, enrolled: Iterable[Station], *, at: datetime, valid: timedelta
) -> list[DocumentKey]:
    """The keys of these stations, as the trust list says them at a time.

    `valid` is how long a document is at most: a key is of use that long after its window.
    """
    lost = compromised(reader)
    return [key for station in enrolled for key in _keys_of(reader, station, lost, at, valid)]


def _keys_of(
    reader: Reader, station: Station, lost: dict[bytes, datetime], at: datetime, valid: timedelta
) -> Iterator[DocumentKey]:
    windows: dict[PublicKey, list[Certificate]] = {}
    for certificate in station.documents or (station.document,):
        windows.setdefault(certificate.public_key, []).append(certificate)
    for public, certificates in windows.items():
        # One key may have been certified twice: the same request was granted again.
        until = max(one.not_after for one in certificates)
        if station.revoked is not None:
            # It issues nothing any more; what it issued before counts until it expires.
            first = min(one.not_before for one in certificates)
            until = min(until, max(station.revoked.since, first))
        since = lost.get(public.raw)
        status = KeyStatus.RETIRED if at > until else KeyStatus.ACTIVE
        yield DocumentKey(
            public=public,
            office=station.id,
            issue_from=min(one.not_before for one in certificates),
            issue_until=until,
            last_expiry=until + valid,
            status=status if since is None else KeyStatus.REVOKED,
            since=since,
            genuine=genuine(reader, station, since) if since is not None else frozenset(),
        )


def compromised(reader: Reader) -> dict[bytes, datetime]:
    """Keys that were said to be in other hands, each with the earliest time told."""
    found: dict[bytes, datetime] = {}
    for entry in reader.entries_of_kind(kinds.KEY_COMPROMISED, "station"):
        if entry.body is not None:
            since = datetime.fromtimestamp(entry.body["since"], UTC)
            key = entry.body["key"]
            found[key] = min(since, found.get(key, since))
    return found


def genuine(reader: Reader, station: Station, since: datetime) -> frozenset[bytes]:
    """Credentials that the station's own entries say were issued before: the entries are signed
    by its people, not by the key that is in doubt. The newest count when there are too many."""
    erased = authority.Erased(reader.entries_of_kind(kinds.ENTRY_ERASED, "office"))
    issued = [
        (entry.header.device_time, said["credential"][:GENUINE_BYTES])
        for kind in (kinds.DOCUMENT_ISSUED, kinds.DOCUMENT_REPRINTED)  # a copy may be signed anew
        for entry in reader.entries_of_kind(kind, "document")
        if entry.header.office == station.id
        and entry.header.device_time < since
        and (said := erased.said(entry)) is not None
        and said.get("credential") is not None
    ]
    return frozenset(digest for _, digest in sorted(issued, reverse=True)[:MAX_GENUINE])
