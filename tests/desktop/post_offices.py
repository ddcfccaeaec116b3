"""What goes between station and registry, in memory: the outbox, errands over a line, sticks, and
the registry's inbox. Everybody invented."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from registry.admit import Imported
from registry.beside import Beside
from registry.inbox import Arrival, NoticeSlip, Taken
from station.answers import Answer
from station.errand import End, Errand
from station.export import BundleRow, ExportPlan
from station.line import Standing
from station.outbox import Outbox
from station.rhythm import Rhythm
from station.syncing import Stage, Step, Synced
from sync.errors import CancelledError
from tests.desktop.field_office import NOW, person_id
from values.identifiers import BundleId, PersonId, RegistrationId

PLAN = ExportPlan(
    entries=231, registrations=34, unreviewed=3, persons=152, photos=120, bytes=7_340_000
)
NO_PLAN = ExportPlan(entries=0, registrations=0, unreviewed=0, persons=0, photos=0, bytes=0)


def answer(number: int, outcome: str, sentence: str, *, name: str = "Amina Yusuf") -> Answer:
    """Something that came back."""
    returned = outcome == "returned"
    registration = RegistrationId(person_id(number))
    return Answer(
        act=registration,
        outcome=outcome,
        code=outcome,
        sentence=sentence,
        at=NOW - timedelta(hours=number),
        name=name,
        number=f"WST-A01-K7Q-H{number:05d}-74",
        person=PersonId(person_id(number)),
        registration=registration,
        draft=f"mend-{registration}" if returned else "",
    )


def errand(end: End = End.DONE, *, code: str = "", sentence: str = "", **did: Any) -> Errand:
    """How a sync ended."""
    failures = 1 if end is End.LOST else 0
    return Errand(end, Synced(**did), failures, code, sentence)


LOST = errand(End.LOST, code="line", sentence="The line to the registry broke.")


def arrival(name: str, *, station: str = "A01", **more: Any) -> Arrival:
    """A bundle on a stick."""
    number = sum(name.encode())
    values: dict[str, Any] = {
        "folders": (Path("/media/stick") / name,),
        "bundle": BundleId(person_id(number)),
        "station": station,
        "parts": 20,
        "size": 6_900_000,
    }
    return Arrival(name, **{**values, **more})


def imported(**more: Any) -> Imported:
    """What came of a bundle."""
    values: dict[str, Any] = {
        "admitted": 212, "known": 18, "held": 3, "quarantined": 2, "match_cases": 0,
        "conflicts": 1, "notice": None, "station": "A01",
        "reasons": ("2 entries: The user's certificate was withdrawn before.",),
    }  # fmt: skip
    return Imported(**{**values, **more})


@dataclass
class Post:
    """What the twins hold, and what was asked of them."""

    waiting: int = 231
    sent: int = 0
    acknowledged: int = 12
    plan: ExportPlan | None = PLAN
    answers: list[Answer] = field(default_factory=list)
    answered: datetime | None = NOW - timedelta(hours=3)
    reachable: bool = True
    line: Standing = field(default_factory=Standing)
    sticks: Any = None
    past: list[BundleRow] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    errands: list[Errand | Callable[[], Errand]] = field(default_factory=list)
    gate: threading.Event | None = None
    """What an errand waits for after its steps, unless it is told to stop."""
    carried: list[Any] = field(default_factory=list)
    outcomes: list[Any] = field(default_factory=list)
    alarms: tuple[str, ...] = ()
    beside: Beside = field(default_factory=Beside)
    arrivals: list[Arrival] = field(default_factory=list)
    checked: dict[str, Arrival] = field(default_factory=dict)
    taken: dict[str, list[Any]] = field(default_factory=dict)
    slips: list[NoticeSlip] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def called(self, name: str, value: Any = None) -> None:
        """Keep what was asked; never on the UI thread."""
        assert threading.current_thread() is not threading.main_thread(), name
        self.asked.append((name, value))
        if name in self.fails:
            raise self.fails[name]

    def calls(self, name: str) -> list[Any]:
        """What was asked of one function, in order."""
        return [value for asked, value in self.asked if asked == name]

    # the station ---------------------------------------------------------------------------

    def look(self, session: Any) -> Outbox:
        self.called("look")
        supervisor = session.user.role == "supervisor"
        return Outbox(
            waiting=self.waiting,
            sent=self.sent,
            acknowledged=self.acknowledged,
            plan=self.plan if supervisor else None,
            answers=tuple(self.answers),
            answered=self.answered,
            notice=6,
            reachable=self.reachable,
            line=self.line,
            sticks=self.sticks,
            past=tuple(self.past),
        )

    def change(self, session: Any, **fields: Any) -> Standing:
        self.called("change", fields)
        self.line = replace(self.line, **fields)
        return self.line

    def run(
        self, session: Any, *, told: Any, cancelled: Any, turn: Any, pause: Any, **_: Any
    ) -> Errand:
        self.called("errand")
        turn(lambda: self.change(session, underway=True, paused=False))
        for step in self.steps:
            told(step)
        while self.gate is not None and not self.gate.is_set():
            if cancelled():
                return Errand(End.STOPPED)
            pause(0.01)
        came = self.errands.pop(0) if self.errands else errand()
        return came() if callable(came) else came

    def export(self, session: Any, parent: Path, *, progress: Any, cancelled: Any) -> Any:
        self.called("export", parent)
        progress(231, 231)
        return SimpleNamespace(bundle=parent / "b7f3-2291", entries=231, parts=4, bytes=6_900_000)

    def carry(self, session: Any, parent: Path, *, progress: Any, cancelled: Any) -> Any:
        self.called("carry", parent)
        made = self.carried.pop(0)
        self.sticks = (
            SimpleNamespace(sticks=made.number, left=made.left, parts=made.parts, size=80_000_000)
            if made.left
            else None
        )
        return made

    def abandon(self, session: Any) -> None:
        self.called("abandon")
        self.sticks = None

    def receive(self, session: Any, path: Path) -> Any:
        self.called("receive", path)
        return SimpleNamespace(
            acknowledged=212, outcomes=tuple(self.outcomes), number=7, alarms=self.alarms
        )

    # the registry --------------------------------------------------------------------------

    def find(self, session: Any, folders: Any, *, known: Any, cancelled: Any) -> list[Arrival]:
        self.called("find", list(folders))
        there = {one.bundle for one in known}
        return [*known, *(one for one in self.arrivals if one.bundle not in there)]

    def check(self, session: Any, one: Arrival, *, progress: Any, cancelled: Any) -> Arrival:
        self.called("check", one.name)
        progress(one.size // 2, one.size)
        while self.gate is not None and not self.gate.is_set():
            if cancelled():
                raise CancelledError("cancelled", "Stopped.")
            self.gate.wait(0.01)
        return self.checked.get(one.name, replace(one, state="whole"))

    def take(self, session: Any, one: Arrival, *, progress: Any, cancelled: Any) -> Taken:
        self.called("import", one.name)
        progress(120, 235)
        came = self.taken.get(one.name)
        found = came.pop(0) if came else imported()
        if isinstance(found, Exception):
            raise found
        return Taken(found, 120 if found is None else 235, 235)

    def compare(self, session: Any, *, progress: Any, cancelled: Any) -> bool:
        self.called("compare", None)
        progress(40, 160)
        return not cancelled()

    def answer(self, session: Any, arrivals: Any, *, parent: Path | None) -> list[NoticeSlip]:
        self.called("answer", ([one.name for one in arrivals], parent))
        if self.slips and parent is None:
            return self.slips
        place = parent or Path("/media/stick")
        codes = dict.fromkeys(one.station for one in arrivals)
        return [NoticeSlip(code, place / "notice-0007") for code in codes]


def post_twin(held: Post) -> dict[str, Any]:
    """The offices of ``held``, to be merged into a twin."""
    return {
        "outbox": SimpleNamespace(look=held.look),
        "line": SimpleNamespace(standing=lambda session: held.line, change=held.change),
        "errand": SimpleNamespace(run=held.run),
        "rhythm": SimpleNamespace(Rhythm=Rhythm),
        "export": SimpleNamespace(export=held.export),
        "sticks": SimpleNamespace(carry=held.carry, abandon=held.abandon),
        "receive": SimpleNamespace(receive=held.receive),
        "inbox": SimpleNamespace(
            find=held.find,
            check=held.check,
            take=held.take,
            answer=held.answer,
            compare=held.compare,
        ),
        "beside": SimpleNamespace(look=lambda folder: held.beside),
    }


__all__ = [
    "LOST",
    "NO_PLAN",
    "PLAN",
    "Post",
    "Stage",
    "Step",
    "answer",
    "arrival",
    "errand",
    "imported",
    "post_twin",
]
