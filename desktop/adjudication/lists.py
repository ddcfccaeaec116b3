"""The registry's queues: what each is called, and what its rows say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from desktop import words
from desktop.widgets.table import Column
from desktop.words import N_, isolate, ntr, tr

if TYPE_CHECKING:
    from registry.adjudication_queues import (
        AsideRow,
        ConflictRow,
        HeldRow,
        NewRow,
        PairRow,
        ReturnedRow,
    )

NEW: Final = "new"
DUPLICATES: Final = "duplicates"
CONFLICTS: Final = "conflicts"
HELD: Final = "held"
ASIDE: Final = "quarantined"
RETURNED: Final = "returned"
CORRECTIONS: Final = "corrections"

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: its key is also the name of its count. Words are to be translated."""

    key: str
    title: str
    icon: str
    label: str
    empty: str
    explanation: str
    columns: Callable[[Now], list[Column[Any]]]
    administrators: bool = False
    """Whether an administrator works on it too."""


def _owner() -> Column[Any]:
    return Column(
        key="owner",
        title=tr("Taken by"),
        value=lambda one: _taken(one.owner),
        tone=lambda one: ("accent" if one.owner.own else "neutral") if one.owner else "",
        width=104,
    )


def _taken(owner: Any) -> str:
    if owner is None:
        return ""
    return tr("me") if owner.own else isolate(owner.name)


def _station() -> Column[Any]:
    return Column(
        key="station", title=tr("Station"), value=lambda one: isolate(one.station), width=80
    )


def _age(now: Now) -> Column[Any]:
    return Column(
        key="age",
        title=tr("Waits"),
        value=lambda one: words.ago(now() - one.at),
        sort=lambda one: one.at,
        at_end=True,
        width=80,
    )


def _new(now: Now) -> list[Column[NewRow]]:
    return [
        Column(
            key="head", title=tr("Family of"), value=lambda one: isolate(one.head), strong=True,
            stretch=True,
        ),
        Column(
            key="household", title=tr("Household"),
            value=lambda one: isolate(one.household_number), width=210, mono=True, spare=True,
        ),
        Column(
            key="persons", title=tr("Persons"), value=lambda one: words.number(one.persons),
            sort=lambda one: one.persons, at_end=True, width=108,
        ),
        Column(
            key="pairs", title=tr("Here before?"),
            value=lambda one: (
                ntr("{n} pair", "{n} pairs", one.pairs) if one.pairs else ""
            ),
            sort=lambda one: one.pairs,
            tone=lambda one: "warning" if one.pairs else "", width=120,
        ),
        _station(),
        _age(now),
        _owner(),
    ]  # fmt: skip


def likeness(score: int) -> str:
    """A score in per cent."""
    return tr("{n} %", n=round(score / 10))


_STATES: Final = {
    "proposed": (N_("First look"), "neutral"),
    "second": (N_("Second look"), "accent"),
    "disputed": (N_("Disputed"), "warning"),
    "linked": (N_("Linked"), "success"),
    "different": (N_("Two persons"), "neutral"),
    "unsure": (N_("Cannot tell"), "neutral"),
    "gone": (N_("Nothing speaks for it any more"), "neutral"),
}


def state_of(state: str) -> tuple[str, str]:
    """Where a pair stands in a word, and the tone of its pill."""
    word, tone = _STATES.get(state, (state, "neutral"))
    return tr(word), tone


def _pairs(now: Now) -> list[Column[PairRow]]:
    return [
        Column(
            key="first", title=tr("One"), value=lambda one: isolate(one.names[0]), strong=True,
            stretch=True,
        ),
        Column(
            key="second", title=tr("The other"), value=lambda one: isolate(one.names[1]),
            strong=True, stretch=True,
        ),
        Column(
            key="state", title=tr("Waits for"), value=lambda one: state_of(one.state)[0],
            tone=lambda one: state_of(one.state)[1], width=144,
        ),
        Column(
            key="score", title=tr("Likeness"), value=lambda one: likeness(one.score),
            sort=lambda one: one.score, at_end=True, width=104,
        ),
        _station(),
        _age(now),
        _owner(),
    ]  # fmt: skip


def _conflicts(now: Now) -> list[Column[ConflictRow]]:
    return [
        Column(
            key="name", title=tr("Name"), value=lambda one: isolate(one.name), strong=True,
            stretch=True,
        ),
        Column(
            key="number", title=tr("Number"), value=lambda one: isolate(one.number), width=200,
            mono=True, spare=True,
        ),
        Column(
            key="what", title=tr("What is said in two ways"),
            value=lambda one: one.what or tr("sealed"), stretch=True,
        ),
        _station(),
        _age(now),
        _owner(),
    ]  # fmt: skip


def _held(now: Now) -> list[Column[HeldRow]]:
    return [
        _station(),
        Column(
            key="lacks", title=tr("What lacks"),
            value=lambda one: tr(
                "Number {n} of its chain. Ask the station for the bundle before this one.",
                n=words.number(one.lacks),
            ),
            stretch=True,
        ),
        Column(
            key="entries", title=tr("Entries that wait"),
            value=lambda one: words.number(one.entries), sort=lambda one: one.entries,
            at_end=True, width=150,
        ),
        _age(now),
    ]  # fmt: skip


def _aside(now: Now) -> list[Column[AsideRow]]:
    return [
        Column(
            key="why", title=tr("Why"), value=lambda one: tr(one.sentence), stretch=True
        ),
        Column(key="what", title=tr("What"), value=lambda one: one.what, width=200),
        Column(
            key="entries", title=tr("Entries"), value=lambda one: words.number(len(one.entries)),
            sort=lambda one: len(one.entries), at_end=True, width=86,
        ),
        _station(),
        _age(now),
        _owner(),
    ]  # fmt: skip


def _returned(now: Now) -> list[Column[ReturnedRow]]:
    return [
        Column(
            key="head", title=tr("Family of"), value=lambda one: isolate(one.head), strong=True,
            stretch=True,
        ),
        Column(
            key="household", title=tr("Household"),
            value=lambda one: isolate(one.household_number), width=210, mono=True, spare=True,
        ),
        Column(key="why", title=tr("Why"), value=lambda one: isolate(one.reason), stretch=True),
        Column(key="by", title=tr("Sent back by"), value=lambda one: isolate(one.by), width=130),
        _station(),
        _age(now),
    ]  # fmt: skip


QUEUES: Final = (
    Queue(
        NEW, N_("New"), "register", N_("Families to register"), N_("Nothing to register"),
        N_("Families that a supervisor reviewed appear here after their bundle came in."), _new,
    ),
    Queue(
        DUPLICATES, N_("Possible duplicates"), "merge", N_("Persons who may be registered twice"),
        N_("Nobody seems to be registered twice"),
        N_(
            "After every import the registry looks for persons who may be here already. "
            "Nothing is ever linked without two people."
        ),
        _pairs,
    ),
    Queue(
        CONFLICTS, N_("Conflicts"), "split", N_("Records in conflict"),
        N_("Nothing is in conflict"),
        N_("Where two offices said different things of one record, it is listed here."),
        _conflicts,
    ),
    Queue(
        HELD, N_("Held"), "lock", N_("Entries that are held"), N_("Nothing is held"),
        N_("Entries wait here until what the station wrote before them arrives."), _held,
        administrators=True,
    ),
    Queue(
        ASIDE, N_("Set aside"), "warning", N_("Entries set aside"), N_("Nothing is set aside"),
        N_("What cannot be trusted as it came is kept here until somebody decides."), _aside,
        administrators=True,
    ),
    Queue(
        RETURNED, N_("Sent back"), "undo", N_("Families sent back to their station"),
        N_("Nothing is sent back"),
        N_("Families that a station has to mend are listed here until they come again."), _returned,
    ),
    Queue(
        CORRECTIONS, N_("Corrections"), "edit", N_("Corrections that wait for approval"),
        N_("No correction waits"),
        N_("Corrections of names, births and the like appear here, for a second person."),
        lambda now: [],
    ),
)  # fmt: skip
