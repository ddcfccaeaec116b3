"""Keys that sign documents: a new one granted, an old one retired, a lost one compromised.

A station asks for its next key with a file and gets a grant back, as when it was enrolled; both
keys are in the trust list from then on, each with its own window. Nothing retires a key but the
end of its window. A key that may be in other hands is revoked, but for the credentials that the
registry knows were issued before (ADR 0023).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ledger import kinds
from ledger.entry import Subject
from registry import enrol
from registry.key_windows import compromised, document_keys, genuine
from registry.stations import stations
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ledger.trust import KeyStatus
    from registry.enrol import Granted
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A document key as the list of keys shows it."""

    station: str
    kid: str
    issue_from: datetime
    issue_until: datetime
    last_expiry: datetime
    status: KeyStatus
    since: datetime | None
    genuine: int


def grant(session: Session, request: Path, out: Path) -> Granted:
    """Certify the next document key of a station that is enrolled, and write the grant.

    Raises `RefusedError` for a station that is not here, and for a key that it has already had:
    whoever holds an old key's paper must not be able to make new ones.
    """
    require(session, Right.ENROL)
    asked = enrol.read_request(request)
    with session.store.read() as reader:
        known = next((one for one in stations(reader) if one.id == asked.office), None)
        lost = compromised(reader)
    if known is None:
        raise RefusedError(
            "unknown_station", "That station is not enrolled here. Enrol it: `registry enrol`."
        )
    if asked.document_key.raw in lost:
        raise RefusedError(
            "key_compromised", "That key was revoked. Ask the station to make a new request."
        )
    return enrol.enrol(session, request, out)


def compromise(
    session: Session, *, station: str, since: datetime, reason: str, kid: str = ""
) -> int:
    """Revoke a station's document key from `since` on; returns how many credentials still count.

    Without `kid`, the newest key. Raises `RefusedError` for a station or key that is not here,
    without a reason, and for a time to come.
    """
    require(session, Right.TRUST)
    if not reason.strip():
        raise RefusedError("reason", "Say what happened to the key.")
    if since > session.clock.now():
        raise RefusedError("since", "The key was lost before now. Give that time.")
    with session.act() as act:
        found = next((one for one in stations(act.unit) if one.code == station.upper()), None)
        if found is None:
            raise RefusedError(
                "unknown_station", "No station has that code. See the list of stations."
            )
        wanted = kid.lower()
        keys = [one for one in found.documents if one.public_key.kid.hex().startswith(wanted)]
        if not keys:
            raise RefusedError("unknown_key", "That station has no such key. See `key list`.")
        public = keys[-1].public_key
        act.say(
            kinds.KEY_COMPROMISED,
            Subject("station", found.id),
            {"key": public.raw, "since": int(since.timestamp()), "reason": reason.strip()},
        )
        return len(genuine(act.unit, found, since))


def rows(session: Session) -> list[KeyRow]:
    """Every document key of every station, by station and age."""
    with session.store.read() as reader:
        enrolled = stations(reader)
        codes = {one.id: one.code for one in enrolled}
        valid = timedelta(days=session.office.operation.document_days)
        return [
            KeyRow(
                station=codes[one.office],
                kid=one.kid.hex(),
                issue_from=one.issue_from,
                issue_until=one.issue_until,
                last_expiry=one.last_expiry,
                status=one.status,
                since=one.since,
                genuine=len(one.genuine),
            )
            for one in document_keys(reader, enrolled, at=session.clock.now(), valid=valid)
        ]
