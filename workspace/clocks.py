"""A clock that may be wrong never stops the work; before a document, a person confirms it.

Order follows the chain, so a wrong clock harms nothing but what is printed. Documents carry
dates, therefore issuing asks when the clock is behind anything the store knows, or far ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ledger import kinds
from ledger.entry import Subject
from values.clock import rfc3339

if TYPE_CHECKING:
    from workspace.session import Session

AHEAD = timedelta(days=60)
"""Longer than a station usually goes without any entry, grant or notice."""
LATEST = "latest_time"
CONFIRMED = "clock_confirmed"


@dataclass(frozen=True, slots=True)
class ClockDoubt:
    """Why the clock is doubted: `shown` is what it says, `latest` the newest known time."""

    shown: datetime
    latest: datetime
    behind: bool

    @property
    def sentence(self) -> str:
        """What to ask the person."""
        shown, latest = f"{self.shown:%Y-%m-%d %H:%M:%S}", f"{self.latest:%Y-%m-%d %H:%M:%S}"
        if self.behind:
            return (
                f"The clock shows {shown} UTC, but something was recorded here at {latest} UTC. "
                "Set the clock, or confirm that it is right."
            )
        return (
            f"The clock shows {shown} UTC, more than 60 days after the last entry "
            f"({latest} UTC). Set the clock, or confirm that it is right."
        )


def clock_doubt(session: Session) -> ClockDoubt | None:
    """The doubt about the clock right now, or None. A confirmation holds for the program run."""
    now = session.clock.now()
    with session.store.read() as reader:
        head = reader.latest_head(session.office.id)
        last = reader.entry(head.hash) if head else None
        raw = reader.setting(LATEST)
    known = [datetime.fromtimestamp(int(raw) / 1000, UTC)] if raw else []
    if last is not None and not last.header.doubt:
        known.append(last.header.device_time)
    if not known:
        return None
    latest = max(known)
    if now < latest:
        return ClockDoubt(now, latest, behind=True)
    if now > latest + AHEAD:
        return ClockDoubt(now, latest, behind=False)
    return None


def confirm_clock(session: Session) -> None:
    """The person looked at a watch: the clock is right. The confirmation is an entry."""
    doubt = clock_doubt(session)
    if doubt is None:
        return
    session.clock_in_doubt = False
    with session.act() as act:
        act.say(
            kinds.CLOCK_CONFIRMED,
            Subject("office", session.office.id),
            {"shown": rfc3339(doubt.shown), "latest": rfc3339(doubt.latest)},
        )
        act.unit.put_setting(LATEST, str(int(doubt.shown.timestamp() * 1000)).encode("ascii"))


def note_time(session: Session, at: datetime) -> None:
    """Remember a time that a grant or a notice vouches for."""
    with session.store.write() as unit:
        raw = unit.setting(LATEST)
        stamp = int(at.timestamp() * 1000)
        if raw is None or int(raw) < stamp:
            unit.put_setting(LATEST, str(stamp).encode("ascii"))
