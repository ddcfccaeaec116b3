"""Sensitive fields: sealed as they are written, opened by named roles, every reading recorded.

A station's slots keep strangers from its disk, not one role from another. The vault is the
exception: its private half lies only in the slots of the registry's registrars (and of the
administrator who hands it on), so an officer writes what an officer cannot read back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.seal import seal, unseal
from values import cbor
from workspace.errors import NotAllowedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from values.identifiers import PersonId
    from workspace.session import Session

FIELD = "needs_sealed"


def seal_needs(session: Session, codes: Sequence[str]) -> bytes:
    """Seal need codes to the operation's vault key (age, X25519)."""
    return seal(cbor.encode(sorted(codes)), [session.office.vault_recipient])


def read_needs(session: Session, person: PersonId, *, reason: str) -> list[str]:
    """The sensitive needs of a person; the reading itself is written to the audit first.

    Raises `NotAllowedError` for every role whose slot does not hold the vault's key.
    """
    require(session, Right.SEALED)
    identity = session.vault_identity
    if identity is None:
        raise NotAllowedError(session.user.role.value, "registrar")
    with session.store.write() as unit:
        unit.audit(
            at=session.clock.now(),
            user=session.user.id,
            act="sealed.read",
            subject=("person", person),
            detail=reason,
        )
    with session.store.read() as reader:
        view = reader.person(person)
    sealed: Any = view.values.get(FIELD) if view else None
    if not isinstance(sealed, bytes):
        return []
    return [str(code) for code in cbor.decode(unseal(sealed, [identity]))]
