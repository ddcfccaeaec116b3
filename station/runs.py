"""Print runs as they are remembered beside the ledger: which papers, in which order.

Only numbers are kept. After a jam the run is printed again from one of them on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from station.chosen import as_printed
from values import cbor
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from db.store import Reader, UnitOfWork
    from workspace.session import Session

KEPT = 30
"""Runs that are remembered: a month of days, so that a jam of last week can be mended."""
_PREFIX = "print_run/"


@dataclass(frozen=True, slots=True)
class Run:
    """A print run as it is remembered. `numbers` are the papers committed, in their order."""

    id: UUID
    at: datetime
    by: str
    language: str
    wanted: int
    numbers: tuple[str, ...]
    done: bool


def runs(session: Session) -> list[Run]:
    """The runs that are remembered, the newest first."""
    require(session, Right.PRINT)
    with session.store.read() as reader:
        return _runs(reader)


def from_number(session: Session, number: str) -> tuple[str, ...]:
    """The papers of the latest run that holds this control number, from it on.

    Raises `RefusedError` when no run that is remembered printed it.
    """
    wanted = as_printed(number)
    for run in runs(session):
        if wanted in run.numbers:
            return run.numbers[run.numbers.index(wanted) :]
    raise RefusedError(
        "no_run",
        "No print run of the last weeks has that number. Read it from the first sheet that is "
        "missing or spoiled.",
    )


def _runs(reader: Reader) -> list[Run]:
    found = []
    for key, raw in reader.settings(_PREFIX).items():
        said = cbor.decode(raw)
        found.append(
            Run(
                id=UUID(hex=key.removeprefix(_PREFIX)),
                at=datetime.fromtimestamp(said["at"] / 1000, UTC),
                by=said["by"],
                language=said["language"],
                wanted=said["wanted"],
                numbers=tuple(said["numbers"]),
                done=said["done"],
            )
        )
    return sorted(found, key=lambda run: (run.at, run.id.bytes), reverse=True)


def note(unit: UnitOfWork, run: Run) -> None:
    """Write a run down, over what was noted of it before."""
    unit.put_setting(
        _PREFIX + run.id.hex,
        cbor.encode(
            {
                "at": int(run.at.timestamp() * 1000),
                "by": run.by,
                "language": run.language,
                "wanted": run.wanted,
                "numbers": list(run.numbers),
                "done": run.done,
            }
        ),
    )


def forget_old(unit: UnitOfWork) -> None:
    """Keep the newest runs only."""
    for old in _runs(unit)[KEPT:]:
        unit.delete_setting(_PREFIX + old.id.hex)
