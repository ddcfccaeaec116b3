"""Enrolling a station: its request in, a signed grant out, six words each to compare by phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ledger import kinds
from ledger.certificate import Certificate, OfficeType, Role, SubjectKind, issue
from ledger.enrolment import (
    MAX_REQUEST_BYTES,
    Grant,
    Operation,
    Request,
    ServiceAddress,
)
from ledger.entry import Subject
from registry import trust
from registry.stations import Station, by_code, next_code, stations
from sync.errors import SealError
from sync.seal import check_recipient
from values.identifiers import OfficeId
from workspace import service
from workspace.accounts import BACKDATE, CERTIFICATE_LIFE
from workspace.errors import RefusedError
from workspace.files import read_whole, write_whole
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from db.store import Reader
    from registry.revoking import Gone
    from workspace.session import Session

MAX_GRANT_BYTES = 16 * 1024**2
ISSUE_LIFE = timedelta(days=366)
"""How long a document key may issue; documents outlive it until their own expiry."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A station that may work now, once it has taken the grant."""

    station: OfficeId
    code: str
    words: tuple[str, ...]
    request_words: tuple[str, ...]
    revoked: Gone | None = None
    """What became of the station that this one replaces."""


def read_request(path: Path) -> Request:
    """A request from its file, verified; its words are to be compared before granting."""
    try:
        return Request.from_bytes(read_whole(path, limit=MAX_REQUEST_BYTES))
    except OSError as error:
        raise RefusedError(
            "no_request", "The request cannot be read. Check the file and the stick it is on."
        ) from error


def enrol(
    session: Session,
    request: Path,
    out: Path,
    *,
    replaces: str = "",
    reason: str = "",
    since: datetime | None = None,
) -> Granted:
    """Certify the station, its document key and its administrator, and write the grant.

    The same request again gives the same grant again, and changes nothing. `replaces` is the code
    of a station whose computer is lost: it is revoked in the same act, as by
    `registry.revoking.revoke` with `reason` and `since`. Raises `RefusedError` for a request of a
    station that is enrolled with another one or was revoked, and when another file lies at `out`:
    a grant is never overwritten.
    """
    require(session, Right.ENROL)
    asked = read_request(request)
    with session.store.read() as reader:
        before = next((one for one in stations(reader) if one.id == asked.office), None)
        given = reader.setting(_kept(asked))
    if before is not None and before.revoked is not None:
        raise RefusedError(
            "station_revoked",
            f"{before.code} was revoked on {before.revoked.at:%Y-%m-%d}. Set that computer up "
            "anew, in another folder, and enrol it with the new request.",
        )
    if given is None and before is not None:
        raise RefusedError(
            "station_known",
            f"That station is enrolled already, as {before.code}, with another request. For its "
            "next document key use `key grant`; for another computer make a new request there.",
        )
    if given is not None:
        return _again(asked, before, given, out)
    return grant_anew(session, asked, out, replaces=replaces, reason=reason, since=since)


def _code(session: Session, reader: Reader, office: OfficeId, known: Iterable[Station]) -> str:
    """The code that a station had in the registry before this one, else the first that is free."""
    root = session.office.root
    assert root is not None  # noqa: S101 - a registry is founded with its root
    base = trust.base_of(reader, root)
    listed = {one.office: one.code for one in base.stations} if base is not None else {}
    taken = {*listed.values(), *(one.code for one in known)}
    return listed.get(office) or next_code(taken)


def _again(asked: Request, before: Station | None, given: bytes, out: Path) -> Granted:
    kept = Grant.from_bytes(given)
    assert before is not None  # noqa: S101 - a grant is kept with the act that enrols
    _free(out, given)
    write_whole(out, given)
    return Granted(
        station=asked.office, code=before.code, words=kept.words(), request_words=asked.words()
    )


def _sound(asked: Request) -> None:
    """Raise `RefusedError` for a request with which no notice could ever be sealed."""
    try:
        check_recipient(asked.recipient)
    except SealError:
        raise RefusedError(
            "bad_recipient",
            "This request names no key to seal notices for. Make a new request at the station; if "
            "that is refused too, ask whether its program was changed.",
        ) from None


def _nobody_else(session: Session, reader: Reader, asked: Request) -> None:
    """Raise `RefusedError` when the request's administrator is a user of another office."""
    here = [
        *session.office.certificate_values(),
        *reader.certificates_about(asked.administrator),
    ]
    if any(one.subject_id == asked.administrator and one.office != asked.office for one in here):
        raise RefusedError(
            "user_elsewhere",
            "This request names a user of another office as the station's administrator. Make a "
            "new request at the station; if that is refused too, ask whether its program was "
            "changed.",
        )


def _kept(asked: Request) -> str:
    """The setting that holds the grant which answers a request."""
    return f"grant/{asked.hash.hex()}"


def _free(out: Path, data: bytes | None = None) -> None:
    """Raise `RefusedError` when something else lies there."""
    try:
        there = read_whole(out, limit=MAX_GRANT_BYTES)
    except FileNotFoundError:
        return
    except OSError:
        there = b""
    if there != data:
        raise RefusedError(
            "file_exists",
            f"{out} is there already and may be another station's grant. Choose another name.",
        )


def grant_anew(
    session: Session,
    asked: Request,
    out: Path,
    *,
    replaces: str = "",
    reason: str = "",
    since: datetime | None = None,
) -> Granted:
    """Certify what a request asks for, and write the grant; a station that is known keeps its
    code."""
    from registry.revoking import revoke_in  # it needs the keys, which need this

    require(session, Right.ENROL)
    _free(out)
    _sound(asked)
    office = session.office
    now = session.clock.now()
    with session.act() as act:
        _nobody_else(session, act.unit, asked)
        known = {station.id: station for station in stations(act.unit)}
        before = known.get(asked.office)
        if before is not None and before.revoked is not None:
            raise RefusedError(
                "station_revoked", f"{before.code} was revoked, and gets no keys any more."
            )
        if before is not None and before.key != asked.station_key:
            raise RefusedError(
                "station_known",
                "A station with this id and another key is enrolled already. "
                "Make a new request at the station.",
            )
        lost = by_code(act.unit, replaces) if replaces else None
        gone = None
        if lost is not None:
            gone = revoke_in(session, act, lost, reason=reason, since=since, lost=True)
        code = before.code if before else _code(session, act.unit, asked.office, known.values())
        trust_certificate = office.trust_certificate

        def certify(kind: SubjectKind, key: object, **more: object) -> Certificate:
            return issue(
                subject_kind=kind,
                office=asked.office,
                office_type=OfficeType.STATION,
                public_key=key,  # type: ignore[arg-type]  # each call below hands in a PublicKey
                not_before=now - BACKDATE,
                issuer=trust_certificate,
                key=office.keys.signing_key(),
                **more,  # type: ignore[arg-type]  # checked by `issue`
            )

        station = certify(
            SubjectKind.STATION,
            asked.station_key,
            subject_id=asked.office,
            name=asked.name,
            not_after=now + CERTIFICATE_LIFE,
        )
        document = certify(
            SubjectKind.DOCUMENT,
            asked.document_key,
            subject_id=asked.office,
            not_after=now + ISSUE_LIFE,
        )
        administrator = certify(
            SubjectKind.USER,
            asked.administrator_key,
            subject_id=asked.administrator,
            role=Role.ADMINISTRATOR,
            name=asked.login,
            not_after=now + CERTIFICATE_LIFE,
        )
        act.say(
            kinds.STATION_ENROLLED,
            Subject("station", asked.office),
            {
                "code": code,
                "name": asked.name,
                "recipient": asked.recipient,
                "request": asked.hash,
                "certificates": [station.data, document.data, administrator.data],
                **({"replaces": lost.id.bytes} if lost is not None else {}),
            },
        )
        for certificate in (station, document, administrator):
            act.unit.put_certificate(certificate)
        enrolled = [one for one in known.values() if one.id != asked.office]
        enrolled.append(
            Station(
                id=asked.office,
                code=code,
                name=asked.name,
                recipient=asked.recipient,
                certificates=(station, document, administrator),
                enrolled_at=now,
                documents=(*(before.documents if before else ()), document),
                replaces=lost.id if lost is not None else None,
            )
        )
        trust_list = trust.renew(session, act.unit, enrolled, at=now)
        settings = office.operation.to_body()
        there = service.held(act.unit)
        grant = Grant.create(
            request=asked,
            code=code,
            operation=Operation(
                code=settings.pop("code"), name=settings.pop("name"), settings=settings
            ),
            trust_certificate=trust_certificate,
            station_certificate=station,
            administrator_certificate=administrator,
            document_certificate=document,
            registry=office.id,
            registry_recipient=office.registry_recipient,
            recovery_recipient=office.recovery_recipient,
            vault_recipient=office.vault_recipient,
            root=trust_list.root,
            trust_list=trust_list,
            first_notice=trust.next_notice(act.unit, asked.office),
            granted_at=now,
            key=office.keys.signing_key(),
            service=ServiceAddress(there.url, there.authority) if there else None,
        )
        act.unit.put_setting(_kept(asked), grant.data)
    write_whole(out, grant.data)
    return Granted(
        station=asked.office,
        code=code,
        words=grant.words(),
        request_words=asked.words(),
        revoked=gone,
    )
