"""One errand to the registry as a window runs it: a sync, and a note of how it ended.

A lost line is a state and no fault: it is expected here, and comes back as a value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from db.errors import StoreError
from station import line
from station.spool import at_once
from station.syncing import Synced, sync
from sync.errors import CancelledError, LineError, SyncError, TroubledError
from sync.http import Times
from sync.http_patience import Patience
from workspace.errors import OfficeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.spool import Turn
    from station.syncing import Told
    from sync.http_patience import Chance, Pause
    from workspace.session import Session

ATTEMPTS: Final = 4
"""In a row, within one errand; between errands the window waits, and says so."""
ASK_SECONDS: Final = 5.0
"""A person who pauses does not wait longer for it."""

TIMES: Final = Times(connect=10.0, silence=30.0)
"""A window that is locked or closed waits for its line no longer than this."""


class End(StrEnum):
    """How an errand ended."""

    DONE = "done"
    LOST = "lost"
    """The line broke, or the service is in trouble: it is tried again later."""
    REFUSED = "refused"
    """Trying again changes nothing: somebody has to do something first."""
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Errand:
    """`done` tells how far it came. `code` and `sentence` say why it was not done."""

    end: End
    done: Synced = field(default_factory=Synced)
    failures: int = 0
    code: str = ""
    sentence: str = ""


def run(
    session: Session,
    *,
    pause: Pause,
    chance: Chance,
    told: Told = lambda step: None,
    cancelled: Callable[[], bool] = lambda: False,
    turn: Turn = at_once,
    times: Times | None = None,
    url: str | None = None,
) -> Errand:
    """Sync, and write down how it ended. One that is stopped stays noted as under way, so that a
    window that was locked or closed goes on with it; whoever ends it for good says so himself.

    Raises only what is a fault of ours.
    """

    def begin() -> line.Standing:
        # Whoever paused meanwhile has said so in the store: it stands.
        if cancelled():
            raise CancelledError("cancelled", "Stopped before it began.")
        return line.change(session, underway=True, paused=False)

    try:
        before = turn(begin)
    except CancelledError:
        return Errand(End.STOPPED)
    done = Synced()
    try:
        sync(
            session,
            patience=Patience(pause=pause, chance=chance, attempts=ATTEMPTS),
            url=url,
            done=done,
            ask_seconds=ASK_SECONDS,
            times=times or TIMES,
            told=told,
            cancelled=cancelled,
            turn=turn,
        )
    except CancelledError:
        return Errand(End.STOPPED, done)
    except (LineError, TroubledError) as error:
        ended = Errand(End.LOST, done, before.failures + 1, error.code, error.sentence)
    except (SyncError, OfficeError, StoreError) as error:
        ended = Errand(End.REFUSED, done, 0, error.code, error.sentence)
    else:
        if done.refused:
            ended = Errand(End.REFUSED, done, 0, "bundle_refused", done.refused[0])
        else:
            ended = Errand(End.DONE, done)
    turn(
        partial(
            line.change,
            session,
            underway=ended.end is End.LOST,
            failures=ended.failures,
            code=ended.code,
            sentence=ended.sentence,
        )
    )
    return ended
