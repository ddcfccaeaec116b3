"""The trust list that this office holds: the newest it has met, never replaced by an older."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.trust import Offer, TrustList, compare
from workspace.errors import NotEnrolledError

if TYPE_CHECKING:
    from db.store import Reader, UnitOfWork
    from ledger.keys import PublicKey
    from workspace.session import Session

TRUST_LIST = "trust_list"


def held(reader: Reader, root: PublicKey | None) -> TrustList | None:
    """The list in the store, verified once more on the way out."""
    raw = reader.setting(TRUST_LIST)
    return TrustList.from_bytes(raw, root=root) if raw and root else None


def trust_of(session: Session) -> TrustList:
    """The list for verifying documents. Raises `NotEnrolledError` at a station without one."""
    with session.store.read() as reader:
        found = held(reader, session.office.root)
    if found is None:
        raise NotEnrolledError
    return found


def take(unit: UnitOfWork, root: PublicKey, data: bytes) -> Offer:
    """Keep an offered list if it is newer; the answer says what it was."""
    offered = TrustList.from_bytes(data, root=root)
    answer = compare(held(unit, root), offered)
    if answer is Offer.NEWER:
        unit.put_setting(TRUST_LIST, data)
    return answer
