"""Which key signs a document today: the newest one certified, within its window.

A station may hold two at once: the one it works with, and the next one, from the day its grant
came. Each is in the trust list with the window in which it may issue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.certificate import SubjectKind
from ledger.trust import KeyStatus
from workspace import trusting
from workspace.errors import NotEnrolledError, RefusedError
from workspace.opening import signing_certificate

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.keys import SigningKey
    from workspace.session import Session


def document_key(session: Session) -> SigningKey:
    """The key for documents issued now.

    Raises `RefusedError` when its window is over or the registry has revoked it: verifiers would
    refuse every document that it signs.
    """
    until = issue_until(session)
    if session.clock.now() > until:
        raise RefusedError(
            "key_over",
            "The key that signs documents is no longer certified. Ask the registry for a new one: "
            "`waystation key request`.",
        )
    key = session.office.keys.document_key()
    with session.store.read() as reader:
        held = trusting.held(reader, session.office.root)
    listed = [one for one in held.keys if one.public == key.public] if held else []
    if any(one.status is KeyStatus.REVOKED for one in listed):
        raise RefusedError(
            "key_revoked",
            "The registry has revoked the key that signs documents. Ask for a new one: "
            "`waystation key request`.",
        )
    return key


def require_signer(session: Session) -> None:
    """Look again whether this user may sign here: an account may have been disabled since it was
    opened. Raises `OfficeError`, as `Session.own_certificate`."""
    with session.store.read() as reader:
        session.certificate = signing_certificate(
            reader, session.office, session.user.id, session.keys
        )
    _ = session.own_certificate


def issue_until(session: Session) -> datetime:
    """When the window of the signing key ends. Raises `NotEnrolledError` before the grant."""
    public = session.office.keys.document_key().public
    ends = [
        one.not_after
        for one in session.office.certificate_values()
        if one.subject_kind is SubjectKind.DOCUMENT and one.public_key == public
    ]
    if not ends:
        raise NotEnrolledError
    return max(ends)
