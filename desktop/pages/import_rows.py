"""The list of bundles on the import page: where each stands, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop import words
from desktop.pages import standing
from desktop.widgets.table import Column
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from registry.admit import Imported
    from registry.inbox import Arrival
    from registry.queues import ImportRow


class State(StrEnum):
    """Where a bundle stands in this list."""

    WAITING = "waiting"
    CHECKING = "checking"
    CHECKED = "checked"
    MISSING = "missing"
    REFUSED = "refused"
    IMPORTING = "importing"
    STOPPED = "stopped"
    IMPORTED = "imported"


ENDED = frozenset({State.IMPORTED, State.REFUSED})
_FROM_OFFICE = {"whole": State.CHECKED, "missing": State.MISSING, "refused": State.REFUSED}
_MOST_RUNS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One bundle. `done` of `total` entries are taken in; `sentence` says why it was refused."""

    arrival: Arrival
    state: State = State.WAITING
    done: int = 0
    total: int = 0
    imported: Imported | None = None
    sentence: str = ""

    @property
    def key(self) -> tuple[Path, ...]:
        """What makes it this one and no other, until another folder joins it."""
        return self.arrival.folders


def looked_through(arrival: Arrival) -> Line:
    """A line for what was just checked."""
    state = _FROM_OFFICE.get(arrival.state, State.WAITING)
    return Line(arrival, state, sentence=arrival.sentence if state is State.REFUSED else "")


def word(line: Line) -> tuple[str, str]:
    """Its state in a word or two, and the tone."""
    match line.state:
        case State.WAITING:
            return tr("Waiting"), "neutral"
        case State.CHECKING:
            return tr("Being checked"), "accent"
        case State.CHECKED:
            return tr("Checked"), "success"
        case State.MISSING:
            return tr("Incomplete"), "warning"
        case State.REFUSED:
            return tr("Refused"), "danger"
        case State.IMPORTING:
            return tr("Being imported"), "accent"
        case State.STOPPED:
            return tr("Stopped"), "warning"
        case State.IMPORTED:
            return tr("Imported"), "success"


def detail(line: Line) -> str:
    """What is to be known about it, in a sentence."""
    match line.state:
        case State.REFUSED:
            return tr(line.sentence)
        case State.MISSING:
            return missing(line.arrival)
        case State.STOPPED | State.IMPORTING if line.total:
            return tr(
                "{done} of {total} entries taken in",
                done=words.number(line.done),
                total=words.number(line.total),
            )
        case State.IMPORTED if line.imported is not None:
            return _came(line.imported)
        case State.CHECKED | State.WAITING:
            if line.arrival.begun:
                return tr("It was begun here, and goes on where it stopped.")
            if line.arrival.before:
                return tr("It was imported before. Doing it again changes nothing.")
            if line.state is State.CHECKED:
                return tr("Whole, and signed by an enrolled station.")
    return ""


def _came(made: Imported) -> str:
    counts = (
        ("admitted", made.admitted),
        ("known", made.known),
        ("held", made.held),
        ("quarantined", made.quarantined),
    )
    return words.beside(
        *(f"{standing.outcome(code)[0]}: {words.number(n)}" for code, n in counts if n)
    )


def missing(arrival: Arrival) -> str:
    """Which files are not there, and what to do."""
    names = runs(arrival.missing)
    first = ntr(
        "{n} file of {all} is missing: {names}.",
        "{n} files of {all} are missing: {names}.",
        len(arrival.missing),
        all=words.number(arrival.parts + 1),
        names=names,
    )
    return " ".join([first, tr("Put in the other stick and add its folder, or copy it again.")])


def runs(names: Sequence[str]) -> str:
    """The names, those that follow one another joined."""
    found: list[list[str]] = []
    for name in names:
        if found and _number(name) == _number(found[-1][-1]) + 1 > 0:
            found[-1].append(name)
        else:
            found.append([name])
    said = [
        isolate(run[0])
        if len(run) == 1
        else tr("{first} to {last}", first=isolate(run[0]), last=isolate(run[-1]))
        for run in found
    ]
    shown = ", ".join(said[:_MOST_RUNS])
    return shown if len(said) <= _MOST_RUNS else tr("{names} and more", names=shown)


def _number(name: str) -> int:
    number = name.partition(".")[0]
    return int(number) if number.isascii() and number.isdecimal() else -2


def columns() -> list[Column[Line]]:
    """Of the bundles that were chosen."""
    return [
        Column(
            key="name",
            title=tr("Bundle"),
            value=lambda one: isolate(one.arrival.name),
            width=190,
        ),
        Column(
            key="station",
            title=tr("Station"),
            value=lambda one: isolate(one.arrival.station) or "–",
            width=90,
        ),
        Column(
            key="size",
            title=tr("Size"),
            value=lambda one: words.size(one.arrival.size) if one.arrival.size else "–",
            sort=lambda one: one.arrival.size,
            at_end=True,
            width=100,
        ),
        Column(
            key="state",
            title=tr("State"),
            value=lambda one: word(one)[0],
            tone=lambda one: word(one)[1],
            width=165,
        ),
        Column(key="detail", title=tr("What there is to know"), value=detail, stretch=True),
    ]


def past_columns() -> list[Column[Any]]:
    """Of earlier imports."""
    return [
        Column(
            key="at",
            title=tr("Imported"),
            value=lambda one: words.moment(one.at),
            sort=lambda one: one.at,
            width=215,
        ),
        Column(
            key="station", title=tr("Station"), value=lambda one: isolate(one.station), width=90
        ),
        Column(
            key="entries",
            title=tr("Entries"),
            value=lambda one: words.number(one.last - one.first + 1),
            sort=lambda one: one.last - one.first,
            at_end=True,
            width=90,
        ),
        Column(key="outcomes", title=tr("Outcomes"), value=_outcomes, stretch=True),
    ]


def _outcomes(past: ImportRow) -> str:
    return words.beside(
        *(
            f"{standing.outcome(code)[0]} {words.number(count)}"
            for code, count in sorted(past.outcomes.items())
        )
    )
