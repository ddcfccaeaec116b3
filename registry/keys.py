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
from ledger.trust import KeyStatus
from registry import enrol
from registry.key_windows import compromised, document_keys, genuine
from registry.stations import by_code, stations
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ledger.keys import PublicKey
    from ledger.trust import DocumentKey
    from registry.enrol import Granted
    from registry.stations import Station
    from workspace.act import Act
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


@dataclass(frozen=True, slots=True)
class Compromised:
    """What was revoked: `keys`, by their identifiers; which stay `active`; and how many credentials
    of that station still count, issued before."""

    keys: tuple[str, ...]
    active: tuple[str, ...]
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
    return enrol.grant_anew(session, asked, out)


def compromise(
    session: Session,
    *,
    station: str,
    since: datetime,
    reason: str,
    kid: str = "",
    all_keys: bool = False,
) -> Compromised:
    """Revoke a station's document key from `since` on: the one that `kid` begins, or with
    `all_keys` every one that is not revoked; without either, its only one.

    Raises `RefusedError` for a station or key that is not here, for several that it could be,
    without a reason, and for a time to come.
    """
    require(session, Right.TRUST)
    if not reason.strip():
        raise RefusedError("reason", "Say what happened to the key.")
    if since > session.clock.now():
        raise RefusedError("since", "The key was lost before now. Give that time.")
    with session.act() as act:
        found = by_code(act.unit, station)
        lost = compromised(act.unit)
        valid = timedelta(days=session.office.operation.document_days)
        keys = document_keys(act.unit, [found], at=session.clock.now(), valid=valid)
        left = [one for one in keys if one.public.raw not in lost]
        taken = left if all_keys else _one_of(keys, left, kid.lower())
        if not taken:
            raise RefusedError(
                "unknown_key", "That station has no such key, or it is revoked. See `key list`."
            )
        for one in taken:
            say_compromised(act, found, one.public, since=since, reason=reason)
        return Compromised(
            keys=tuple(one.kid.hex() for one in taken),
            active=tuple(
                one.kid.hex() for one in left if one not in taken and one.status is KeyStatus.ACTIVE
            ),
            genuine=len(genuine(act.unit, found, since)),
        )


def say_compromised(
    act: Act, station: Station, key: PublicKey, *, since: datetime, reason: str
) -> None:
    """Say in an act that a key of a station may be in other hands."""
    act.say(
        kinds.KEY_COMPROMISED,
        Subject("station", station.id),
        {"key": key.raw, "since": int(since.timestamp()), "reason": reason.strip()},
    )


def _one_of(keys: list[DocumentKey], left: list[DocumentKey], kid: str) -> list[DocumentKey]:
    """The key that is meant. One that is revoked is named to say an earlier time."""
    meant = [one for one in keys if one.kid.hex().startswith(kid)] if kid else left
    if len(meant) < 2:
        return meant
    # Whoever has the laptop has the key it signs with now; a stick or a backup may hold another.
    named = "; ".join(
        f"{one.kid.hex()}, {one.status.name.lower()}, from {one.issue_from:%Y-%m-%d} until "
        f"{one.issue_until:%Y-%m-%d}"
        for one in meant
    )
    raise RefusedError(
        "which_key",
        f"That station has {len(meant)} keys ({named}). Say which: --key, or --all-keys when any "
        "of them may be in other hands.",
    )


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
