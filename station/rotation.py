"""The next key for documents: asked for with a file, taken with a grant, as at the enrolment.

The present key goes on signing until the grant is taken; then its private half is gone, and what it
signed verifies until it expires.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ledger.enrolment import Grant, Request
from ledger.keys import SigningKey
from station.setup import MAX_GRANT_FILE
from station.signing import issue_until
from sync.seal import recipient_of
from values.secret import Secret
from workspace import service, trusting
from workspace.clocks import note_time
from workspace.errors import NotEnrolledError, RefusedError
from workspace.files import read_whole, write_whole
from workspace.rights import Right, require

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from workspace.session import Session

NEXT_KEY = "next_document_key"
NEXT_REQUEST = "next_document_request"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a key: the six words to compare, and when the present key's window ends."""

    words: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A key that signs from now on, by its identifier, until a time."""

    kid: str
    until: datetime
    words: tuple[str, ...]


def request(session: Session, out: Path) -> Asked:
    """Make the next key and write the request for it. Asked again, the same request is written:
    a stick is lost more often than a key."""
    require(session, Right.ENROL)
    office = session.office
    if not office.enrolled:
        raise NotEnrolledError
    with session.store.write() as unit:
        raw = unit.setting(NEXT_REQUEST)
        if raw is None:
            key = SigningKey.generate(session.env.entropy)
            raw = Request.create(
                office=office.id,
                name=office.name,
                station_key=office.keys.signing_key(),
                document_key=key,
                recipient=recipient_of(office.keys.identity),
                administrator=session.user.id,
                login=session.user.name,
                administrator_key=session.signing_key,
                requested_at=session.clock.now(),
            ).data
            unit.put_setting(NEXT_KEY, key.secret().reveal())
            unit.put_setting(NEXT_REQUEST, raw)
    asked = Request.from_bytes(raw)
    write_whole(out, asked.data)
    return Asked(asked.words(), issue_until(session))


def take(session: Session, grant: Path) -> Taken:
    """Take the grant: documents are signed with the new key from now on.

    Raises `RefusedError` when nothing was asked for, and `ledger.errors.EnrolmentError` for a
    grant of another registry or for another request.
    """
    require(session, Right.ENROL)
    office = session.office
    if office.root is None:
        raise NotEnrolledError
    try:
        given = Grant.from_bytes(read_whole(grant, limit=MAX_GRANT_FILE), root=office.root)
    except OSError as error:
        raise RefusedError(
            "no_grant", "The grant cannot be read. Check the file and the stick it is on."
        ) from error
    with session.store.write() as unit:
        raw, secret = unit.setting(NEXT_REQUEST), unit.setting(NEXT_KEY)
        if raw is None or secret is None:
            raise RefusedError(
                "no_request", "No key was asked for here, so no grant is for it. Ask for one first."
            )
        given.check_answers(Request.from_bytes(raw))
        fresh = [one.data for one in given.certificates.values()]
        changed = office.with_(
            keys=replace(office.keys, document=Secret(secret)),
            # The newest come last: the last that names somebody counts.
            certificates=(*(one for one in office.certificates if one not in fresh), *fresh),
            # A registry that was founded in another's place has keys of its own.
            registry_recipient=given.registry_recipient,
            recovery_recipient=given.recovery_recipient,
            vault_recipient=given.vault_recipient,
        )
        changed.save(unit)
        trusting.take(unit, given.root, given.trust_list.data)
        if given.service is not None:
            service.keep(unit, service.Service(given.service.url, given.service.authority))
        for certificate in given.certificates.values():
            unit.put_certificate(certificate)
        unit.delete_setting(NEXT_KEY)
        unit.delete_setting(NEXT_REQUEST)
    session.office = changed
    note_time(session, given.granted_at)
    public = changed.keys.document_key().public
    return Taken(public.kid.hex(), issue_until(session), given.words())
