"""Sensitive fields: sealed as they are written, opened by named roles, every reading recorded.

A station's slots keep strangers from its disk, not one role from another. The vault is the
exception: its private half lies only in the slots of the registry's registrars (and of the
administrator who hands it on), so an officer writes what an officer cannot read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ledger.facts import writes_of
from sync.seal import seal, unseal
from values import cbor
from workspace.errors import NotAllowedError
from workspace.reasons import reason as said_why
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from values.identifiers import PersonId
    from values.secret import Secret
    from workspace.session import Session

FIELD = "needs_sealed"
SEALED = "sealed"
"""The key of an answer that is kept sealed."""


def seal_value(session: Session, value: Any) -> dict[str, bytes]:
    """A sensitive answer as it is kept: ``{"sealed": age ciphertext of the value as CBOR}``."""
    return {SEALED: seal(cbor.encode(value), [session.office.vault_recipient])}


def read_value(
    session: Session, subject_type: str, subject: UUID, field: str, *, reason: str
) -> Any:
    """A sealed answer of a person or an event; the reading is written to the audit first.

    None when nothing is sealed there. Raises `NotAllowedError` for every role whose slot does not
    hold the vault's key.
    """
    identity = _identity(session, subject_type, subject, f"{field}: {said_why(reason)}")
    with session.store.read() as reader:
        view = reader.view(subject_type, subject)
    kept = view.values.get(field) if view else None
    sealed = kept.get(SEALED) if isinstance(kept, Mapping) else None
    if not isinstance(sealed, bytes):
        return None
    return cbor.decode(unseal(sealed, [identity]))


def seal_needs(session: Session, codes: Sequence[str]) -> bytes:
    """Seal need codes to the operation's vault key (age, X25519)."""
    return seal(cbor.encode(sorted(codes)), [session.office.vault_recipient])


def read_needs(session: Session, person: PersonId, *, reason: str) -> list[str]:
    """The sensitive needs of a person; the reading itself is written to the audit first.

    Every one that was ever sealed: who adds one cannot read those that are there already, so no
    later answer takes an earlier one back. Emptying the answer does.

    Raises `NotAllowedError` for every role whose slot does not hold the vault's key.
    """
    identity = _identity(session, "person", person, said_why(reason))
    with session.store.read() as reader:
        view = reader.person(person)
        if view is None or view.values.get(FIELD) is None:
            return []
        said = [writes_of(entry).get(FIELD) for entry in reader.entries_of("person", person)]
    return sorted(
        {
            str(code)
            for sealed in said
            if isinstance(sealed, bytes)
            for code in cbor.decode(unseal(sealed, [identity]))
        }
    )


def _identity(session: Session, subject_type: str, subject: UUID, detail: str) -> Secret:
    """The vault's key, once the reading is in the audit."""
    require(session, Right.SEALED)
    identity = session.vault_identity
    if identity is None:
        raise NotAllowedError(session.user.role.value, "registrar")
    with session.store.write() as unit:
        unit.audit(
            at=session.clock.now(),
            user=session.user.id,
            act="sealed.read",
            subject=(subject_type, subject),
            detail=detail,
        )
    return identity
