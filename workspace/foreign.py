"""Other offices' entries that a notice brings: each verified by itself, then admitted here.

A registry's decisions form a chain of which a station sees only what concerns it, so they are
not chained here; they are admitted one by one when their signature, certificates and role hold.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ledger import admission, kinds
from ledger.certificate import Certificate
from ledger.errors import LedgerError
from workspace import erasure
from workspace.act import refold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from db.store import UnitOfWork
    from ledger.entry import Entry, Subject
    from workspace.session import Session

log = logging.getLogger(__name__)


def take(
    session: Session, unit: UnitOfWork, entries: Iterable[Entry], certificates: Sequence[bytes]
) -> int:
    """Admit those that stand on their own; returns how many were new.

    One that does not is left out and logged by its hash: the rest of the notice still counts.
    """
    root = session.office.root
    assert root is not None  # noqa: S101 - only enrolled offices take notices
    known = {one.hash: one for one in [*unit.certificates(), *session.office.certificate_values()]}
    for raw in certificates:
        try:
            certificate = Certificate.from_bytes(raw)
        except LedgerError:
            log.warning("a certificate in a notice cannot be read")
            continue
        known[certificate.hash] = certificate
        unit.put_certificate(certificate)
    new = 0
    erased: list[bytes] = []
    touched: set[Subject] = set()
    for entry in entries:
        if unit.entry(entry.hash) is not None:
            continue
        if entry.header.office == session.office.id:
            # This office's own chain is written here, or comes back from a backup, never so.
            log.warning("entry %s in a notice was left out: own", entry.hash.hex()[:16])
            continue
        flaw = admission.check_alone(entry, known, root)
        if flaw is not None:
            log.warning("entry %s in a notice was left out: %s", entry.hash.hex()[:16], flaw)
            continue
        unit.append(entry)
        touched.add(entry.header.subject)
        if entry.header.kind == kinds.ENTRY_ERASED and entry.body is not None:
            erased += entry.body["entries"]
        new += 1
    refold(session, unit, touched)
    # The registry's word: what it erased goes here as well. Photos go when this is committed.
    erasure.carry_out(session, unit, [one for hash_ in erased if (one := unit.entry(hash_))])
    return new
