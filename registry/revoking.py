"""Revoking a station, or one of its users: what comes from then on is put aside, and kept.

A revocation works by place in the chain, not by the time that an entry claims. It says up to which
entry of each epoch the station is believed: all that is here, or, when it was in other hands for
some time already, all that had come before a moment of the registry's own clock. What came since is
put aside as well, unless somebody else has built upon it; nothing is ever thrown away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.records import EntryState
from ledger import kinds
from ledger.certificate import Certificate, CertificateHash, OfficeType, Role, SubjectKind
from ledger.entry import Subject
from registry import keys
from registry.key_windows import compromised
from registry.stations import Station, by_code, stations
from values.identifiers import OfficeId, UserId
from workspace.act import VIEWED, refold
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from db.store import Reader, UnitOfWork
    from ledger.entry import Entry
    from values.identifiers import EntryHash
    from workspace.act import Act
    from workspace.session import Session

REVOKED = "revoked"
PART = 10_000
"""Hashes in one entry: some 340 kB."""

Place = list[object]
"""``[epoch, sequence, hash]``."""


@dataclass(frozen=True, slots=True)
class Gone:
    """What a revocation did. `aside` entries that had come since are put aside; `left` stand,
    because others have built on them: look at them one by one. `keys` that signed documents are
    revoked too."""

    station: str
    certificates: int
    aside: int
    left: int
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UserOfStation:
    """A certified user of a station, as the registry knows them."""

    id: UserId
    name: str
    role: str
    since: datetime
    revoked: bool


def revoke(
    session: Session,
    *,
    station: str,
    reason: str,
    since: datetime | None = None,
    lost: bool = False,
) -> Gone:
    """Believe a station no longer: from now on, or from `since` on, a time of this registry's.

    `lost`: the computer may be in other hands, and with it the keys that sign documents. Raises
    `RefusedError` for a station that is not here or is revoked already, without a reason, and for
    a time to come.
    """
    require(session, Right.ENROL)
    with session.act() as act:
        return revoke_in(
            session, act, by_code(act.unit, station), reason=reason, since=since, lost=lost
        )


def revoke_in(
    session: Session,
    act: Act,
    station: Station,
    *,
    reason: str,
    since: datetime | None,
    lost: bool,
) -> Gone:
    """The same, within an act."""
    _check(session, reason, since)
    if station.revoked is not None:
        raise RefusedError(
            "station_revoked",
            f"That station was revoked on {station.revoked.at:%Y-%m-%d} already.",
        )
    certificates = _certificates(act.unit, station)
    covered = _covered(act.unit, station, since)
    act.say(
        kinds.STATION_REVOKED,
        Subject("station", station.id),
        {
            "certificates": sorted(one.hash for one in certificates),
            "covered": covered,
            "reason": reason.strip(),
            **({"since": int(since.timestamp())} if since is not None else {}),
        },
    )
    signed: tuple[str, ...] = ()
    if lost:
        at = since or session.clock.now()
        gone = compromised(act.unit)
        public = {one.public_key for one in station.documents} - {
            one.public_key for one in station.documents if one.public_key.raw in gone
        }
        for key in sorted(public, key=lambda one: one.raw):
            keys.say_compromised(act, station, key, since=at, reason=reason)
        signed = tuple(sorted(key.kid.hex() for key in public))
    aside, left = _put_aside(session, act, station, covered)
    return Gone(station.code, len(certificates), aside, left, signed)


def users(session: Session, station: str) -> list[UserOfStation]:
    """Everybody who was ever certified at a station: the registry sees who was made a user."""
    require(session, Right.ENROL)
    with session.store.read() as reader:
        found = by_code(reader, station)
        gone = _revoked_users(reader)
        rows = [
            UserOfStation(
                UserId(one.subject_id),
                one.name or "",
                one.role.value if one.role else "",
                one.not_before,
                one.hash in gone,
            )
            for one in _people(reader, found.id)
        ]
    return sorted(rows, key=lambda one: (one.name.casefold(), one.since))


def revoke_user(
    session: Session, *, station: str, name: str, reason: str, since: datetime | None = None
) -> Gone:
    """Believe one user of a station no longer. What they signed before stays valid.

    Raises `RefusedError` as `revoke` does, and for the station's administrator: everybody there
    stands on that certificate, so the station is revoked instead.
    """
    require(session, Right.ENROL)
    _check(session, reason, since)
    with session.act() as act:
        found = by_code(act.unit, station)
        gone = _revoked_users(act.unit)
        wanted = name.strip().casefold()
        named = [
            one
            for one in _people(act.unit, found.id)
            if (one.name or "").casefold() == wanted and one.hash not in gone
        ]
        if not named:
            raise RefusedError(
                "unknown_user",
                "That station has no user of that name whose certificate counts. "
                "See `registry people`.",
            )
        if any(one.role is Role.ADMINISTRATOR for one in named):
            raise RefusedError(
                "station_administrator",
                "Everybody at that station stands on its administrator. "
                "Revoke the station, and enrol it anew.",
            )
        covered = _covered(act.unit, found, since)
        for one in named:
            act.say(
                kinds.CERTIFICATE_REVOKED,
                Subject("user", one.subject_id),
                {
                    "certificate": one.hash,
                    "office": found.id.bytes,
                    "covered": covered,
                    "reason": reason.strip(),
                    **({"since": int(since.timestamp())} if since is not None else {}),
                },
            )
        hashes = {one.hash for one in named}
        aside, left = _put_aside(session, act, found, covered, by=hashes)
        return Gone(found.code, len(named), aside, left)


def carry_out(session: Session, office: OfficeId) -> int:
    """Put aside what a station's own revocations no longer cover: its administrator said that
    somebody else had worked under a name for some time. Returns how many entries.

    Each is carried out once. For whoever imports, in an act of its own: a kill before it is made
    up by the next import.
    """
    with session.store.read() as reader:
        station = next((one for one in stations(reader) if one.id == office), None)
        wanted = [
            entry
            for entry in reader.entries_of_kind(kinds.CERTIFICATE_REVOKED, "user")
            if entry.header.office == office
            and entry.body is not None
            and entry.body.get("covered") is not None
            and reader.setting(_done(entry)) is None
        ]
    if station is None or not wanted:
        return 0
    count = 0
    with session.act() as act:
        for entry in wanted:
            assert entry.body is not None  # noqa: S101 - looked at above
            by = {CertificateHash(entry.body["certificate"])}
            count += _put_aside(session, act, station, entry.body["covered"], by=by)[0]
            act.unit.put_setting(_done(entry), b"1")
    return count


def _done(entry: Entry) -> str:
    return f"revocation/{entry.hash.hex()}"


def _check(session: Session, reason: str, since: datetime | None) -> None:
    if not reason.strip():
        raise RefusedError("reason", "Say why. The reason stays in the registry's chain.")
    if since is not None and since > session.clock.now():
        raise RefusedError("since", "That time is still to come. Give a time that has passed.")


def _certificates(reader: Reader, station: Station) -> list[Certificate]:
    """Every certificate that this station and its administrators were ever given."""
    found: dict[CertificateHash, Certificate] = {}
    for entry in reader.entries_of("station", station.id):
        if entry.header.kind == kinds.STATION_ENROLLED and entry.body is not None:
            for raw in entry.body["certificates"]:
                one = Certificate.from_bytes(raw)
                if one.subject_kind is not SubjectKind.DOCUMENT:
                    found[one.hash] = one
    return list(found.values())


def _people(reader: Reader, office: OfficeId) -> list[Certificate]:
    return [
        one
        for one in reader.certificates_of([office])
        if one.subject_kind is SubjectKind.USER and one.office_type is OfficeType.STATION
    ]


def _revoked_users(reader: Reader) -> set[CertificateHash]:
    return {
        CertificateHash(entry.body["certificate"])
        for entry in reader.entries_of_kind(kinds.CERTIFICATE_REVOKED, "user")
        if entry.body is not None
    }


def _covered(reader: Reader, station: Station, since: datetime | None) -> list[Place]:
    """How far each epoch is believed: as far as it is here, or as far as it was here then."""
    heads = dict(reader.epochs(station.id))
    if since is None:
        return [[epoch, head.sequence, head.hash] for epoch, head in heads.items()]
    reached: dict[bytes, int] = {}
    for entry in reader.entries_of_kind(kinds.BUNDLE_ADMITTED, "bundle"):
        body = entry.body
        if body is None or body["station"] != station.id.bytes:
            continue
        if entry.header.device_time < since:
            epoch = body["epoch"]
            reached[epoch] = max(reached.get(epoch, 0), body["last"])
    found: list[Place] = []
    for epoch, last in sorted(reached.items()):
        if epoch in heads:
            standing = reader.at(station.id, epoch, min(last, heads[epoch].sequence))
            if standing is not None:
                found.append([epoch, standing.header.sequence, standing.hash])
    return found


def _put_aside(
    session: Session,
    act: Act,
    station: Station,
    covered: Iterable[Sequence[object]],
    *,
    by: set[CertificateHash] | None = None,
) -> tuple[int, int]:
    """Put aside what is here and is not believed any more, act by act; `by` limits it to what
    was signed under these certificates. Returns how many entries, and how many had to stay."""
    unit = act.unit
    upto = {epoch: sequence for epoch, sequence, _ in covered}
    groups: dict[object, list[Entry]] = {}
    for epoch, _ in unit.epochs(station.id):
        after = upto.get(epoch, 0)
        assert isinstance(after, int)  # noqa: S101 - `_covered` made it
        for entry in unit.chain(station.id, epoch, after=after):
            if entry.header.subject.type in VIEWED and (
                by is None or entry.header.certificate in by
            ):
                groups.setdefault(entry.header.group.id, []).append(entry)
    gone: list[Entry] = []
    left = 0
    pending = list(groups.values())
    ours = {entry.hash for entries in pending for entry in entries}
    for entries in pending:
        standings = unit.standings(one.hash for one in entries)
        standing = [one for one in entries if standings[one.hash].state is EntryState.ADMITTED]
        if not standing:
            continue
        if _built_upon(unit, standing, ours):
            left += len(standing)
        else:
            gone += standing
    if gone:
        unit.set_state([one.hash for one in gone], EntryState.QUARANTINED, REVOKED)
        refold(session, unit, {one.header.subject for one in gone})
        hashes = [one.hash for one in gone]
        for at in range(0, len(hashes), PART):
            act.say(
                kinds.ENTRIES_QUARANTINED,
                Subject("office", session.office.id),
                {"entries": hashes[at : at + PART], "reason": REVOKED},
            )
    return len(gone), left


def _built_upon(unit: UnitOfWork, entries: Iterable[Entry], ours: set[EntryHash]) -> bool:
    """Whether somebody who is believed spoke about the same record after one of these."""
    for entry in entries:
        subject = entry.header.subject
        about = unit.entries_of(subject.type, subject.id)
        later = False
        for one in about:
            if one.hash == entry.hash:
                later = True
            elif later and one.hash not in ours:
                return True
    return False
