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
from registry.stations import Station, next_code, stations
from values.identifiers import OfficeId
from workspace import service
from workspace.accounts import BACKDATE, CERTIFICATE_LIFE
from workspace.errors import RefusedError
from workspace.files import read_whole, write_whole
from workspace.rights import Right, require

if TYPE_CHECKING:
    from pathlib import Path

    from workspace.session import Session

ISSUE_LIFE = timedelta(days=366)
"""How long a document key may issue; documents outlive it until their own expiry."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A station that may work now, once it has taken the grant."""

    station: OfficeId
    code: str
    words: tuple[str, ...]
    request_words: tuple[str, ...]


def read_request(path: Path) -> Request:
    """A request from its file, verified; its words are to be compared before granting."""
    try:
        return Request.from_bytes(read_whole(path, limit=MAX_REQUEST_BYTES))
    except OSError as error:
        raise RefusedError(
            "no_request", "The request cannot be read. Check the file and the stick it is on."
        ) from error


def enrol(session: Session, request: Path, out: Path) -> Granted:
    """Certify the station, its document key and its administrator, and write the grant.

    The same request again gives the station its code back under fresh certificates; another
    request with the station's id is refused.
    """
    require(session, Right.ENROL)
    asked = read_request(request)
    office = session.office
    now = session.clock.now()
    with session.act() as act:
        known = {station.id: station for station in stations(act.unit)}
        before = known.get(asked.office)
        if before is not None and before.key != asked.station_key:
            raise RefusedError(
                "station_known",
                "A station with this id and another key is enrolled already. "
                "Make a new request at the station.",
            )
        code = before.code if before else next_code(known.values())
        trust_certificate = next(
            one for one in office.certificate_values() if one.subject_kind is SubjectKind.TRUST
        )

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
    write_whole(out, grant.data)
    return Granted(
        station=asked.office, code=code, words=grant.words(), request_words=asked.words()
    )
