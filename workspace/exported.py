"""How far each epoch of this office's chain has been exported, and how far acknowledged.

An export is only a hope: entries count as sent for good when a receipt covers them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.store import Reader, UnitOfWork
    from values.identifiers import OfficeId
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class SendState:
    """Entries not yet exported, exported but not acknowledged, and acknowledged."""

    waiting: int
    sent: int
    acknowledged: int


def note_exported(unit: UnitOfWork, epoch: bytes, upto: int) -> None:
    """An export took this epoch's chain up to here."""
    if upto > exported_upto(unit, epoch):
        unit.put_setting(_key(epoch), str(upto).encode("ascii"))


def exported_upto(reader: Reader, epoch: bytes) -> int:
    """The last sequence of the epoch that an export took; 0 when none did."""
    raw = reader.setting(_key(epoch))
    return int(raw) if raw else 0


def covered_upto(reader: Reader, office: OfficeId, epoch: bytes) -> int:
    """The last sequence of the office's own epoch that the registry holds, by its latest notice.

    Receipts alone would not do: a registry that was restored from a backup holds less than it
    once gave receipts for, and what it lost has to be sent again.
    """
    raw = reader.setting(_covered(epoch))
    if raw is not None:
        return int(raw)
    receipt = reader.receipt(office, epoch)
    return receipt.sequence if receipt else 0


def note_covered(unit: UnitOfWork, epoch: bytes, upto: int) -> None:
    """The latest notice says that the registry holds this epoch up to here."""
    unit.put_setting(_covered(epoch), str(upto).encode("ascii"))


def state(session: Session) -> SendState:
    """How far the office's own chain has got, in entries."""
    waiting = sent = acknowledged = 0
    with session.store.read() as reader:
        for epoch, head in reader.epochs(session.office.id):
            covered = covered_upto(reader, session.office.id, epoch)
            out = max(covered, min(exported_upto(reader, epoch), head.sequence))
            acknowledged += covered
            sent += out - covered
            waiting += max(0, head.sequence - out)
    return SendState(waiting, sent, acknowledged)


def _covered(epoch: bytes) -> str:
    return f"covered/{epoch.hex()}"


def _key(epoch: bytes) -> str:
    return f"exported/{epoch.hex()}"
