"""Whether the registry still believes this station, as far as the station has been told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.certificate import SubjectKind
from ledger.errors import LedgerError
from workspace import trusting

if TYPE_CHECKING:
    from workspace.session import Session

REVOKED: Final = (
    "The registry has revoked this station. Nothing here is lost: what is taken in from now on is "
    "put aside at the registry until somebody decides about it. Call the registry before you go on."
)


def revoked(session: Session) -> bool:
    """Whether the newest trust list that came here revokes this station's own certificate."""
    office = session.office
    if office.kind != "station" or office.root is None:
        return False
    with session.store.read() as reader:
        try:
            known = trusting.held(reader, office.root)
        except LedgerError:
            return False
    if known is None:
        return False
    own = {
        one.hash
        for one in office.certificate_values()
        if one.subject_kind is SubjectKind.STATION and one.office == office.id
    }
    return bool(own & known.revoked)
