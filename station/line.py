"""How this station stands with the registry's service between two syncs: what people chose, how
the last one ended, and when the registry was last heard of.

Kept in the store, so that a window that is opened again goes on where the one before was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from station.setup import NOTICE_NUMBER
from values import cbor
from values.clock import parse_rfc3339, rfc3339
from workspace.rights import Right, require

if TYPE_CHECKING:
    from db.store import Reader, UnitOfWork
    from workspace.session import Session

SETTING: Final = "line"
ANSWERED: Final = "line/answered"


@dataclass(frozen=True, slots=True)
class Standing:
    """`automatic`: syncs begin by themselves. `paused`: somebody stopped them, until told to go on.
    `underway`: one was begun that has not ended, so it is gone on with. `failures` in a row ended
    without a line. `code` and `sentence` say why the last one was not done, when it was not."""

    automatic: bool = False
    paused: bool = False
    underway: bool = False
    failures: int = 0
    code: str = ""
    sentence: str = ""

    def to_bytes(self) -> bytes:
        """For the store."""
        return cbor.encode(
            {
                "automatic": self.automatic,
                "paused": self.paused,
                "underway": self.underway,
                "failures": self.failures,
                "code": self.code,
                "sentence": self.sentence,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Standing:
        """The reverse; what a later version added is left."""
        body: dict[str, Any] = cbor.decode(data)
        return cls(
            automatic=body.get("automatic") is True,
            paused=body.get("paused") is True,
            underway=body.get("underway") is True,
            failures=int(body.get("failures", 0)),
            code=str(body.get("code", "")),
            sentence=str(body.get("sentence", "")),
        )


def standing(session: Session) -> Standing:
    """How it stands now."""
    with session.store.read() as reader:
        return _held(reader)


def _held(reader: Reader) -> Standing:
    raw = reader.setting(SETTING)
    return Standing.from_bytes(raw) if raw else Standing()


def change(session: Session, **fields: Any) -> Standing:
    """Write down what changed; returns how it stands then."""
    require(session, Right.EXPORT)
    with session.store.write() as unit:
        changed = replace(_held(unit), **fields)
        unit.put_setting(SETTING, changed.to_bytes())
    return changed


def answered(session: Session) -> None:
    """The registry was heard of just now."""
    with session.store.write() as unit:
        note_answer(unit, session.clock.now())


def note_answer(unit: UnitOfWork, at: datetime) -> None:
    """The registry was heard of at this time, over a line or from a stick."""
    unit.put_setting(ANSWERED, rfc3339(at).encode("ascii"))


def last_answer(session: Session) -> tuple[datetime | None, int]:
    """When the registry was last heard of, and the number of its last notice (0: none yet)."""
    with session.store.read() as reader:
        number = int(reader.setting(NOTICE_NUMBER) or b"0")
        raw = reader.setting(ANSWERED)
        # A station of an earlier version kept only the notices.
        kept = reader.notice(session.office.id, number) if number and not raw else None
    if raw:
        return parse_rfc3339(raw.decode("ascii")), number
    return (kept.at if kept else None), number
