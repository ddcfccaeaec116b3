"""The words and columns of the overview."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from desktop import words
from desktop.widgets.table import Column
from desktop.words import N_, isolate, number, tr

if TYPE_CHECKING:
    from datetime import datetime

    from registry.oversight import Day, StationFigures, Waiting

QUEUES: Final = {
    "recorded": N_("For a station's review"),
    "returned": N_("Sent back to a station"),
    "new": N_("To register"),
    "duplicates": N_("Possible duplicates"),
    "conflicts": N_("Conflicts"),
    "corrections": N_("Corrections"),
    "held": N_("Held"),
    "quarantined": N_("Set aside"),
}
_STANDINGS: Final = {
    "forked": (N_("Two records at one place"), "danger"),
    "missing": (N_("Records are missing"), "danger"),
    "silent": (N_("Silent for over a week"), "warning"),
    "never": (N_("Never heard of"), "warning"),
    "revoked": (N_("Revoked"), ""),
    "well": (N_("All here"), "success"),
}


def bands() -> list[str]:
    """The bands of age, the youngest first."""
    return [tr("1 day"), tr("3 days"), tr("1 week"), tr("30 days"), tr("longer")]


def standing_of(one: StationFigures) -> tuple[str, str]:
    """How it stands with a station: in words, and the tone that goes with them."""
    told, tone = _STANDINGS[one.standing]
    return tr(told), tone


def day_columns() -> list[Column[Day]]:
    """Day, station, families, persons."""
    return [
        Column(
            key="day",
            title=tr("Day"),
            value=lambda one: words.day(one.day),
            sort=lambda one: one.day,
            stretch=True,
        ),
        Column(
            key="station",
            title=tr("Station"),
            value=lambda one: isolate(one.station),
            width=84,
            mono=True,
        ),
        _counted("families", tr("Families"), lambda one: one.families, 96),
        _counted("persons", tr("Persons"), lambda one: one.persons, 108),
    ]


def queue_columns(now: Callable[[], datetime]) -> list[Column[Waiting]]:
    """Queue, how much, since when the longest, how much longer than a week."""
    return [
        Column(
            key="queue", title=tr("Queue"), value=lambda one: tr(QUEUES[one.queue]), stretch=True
        ),
        _counted("number", tr("Waiting"), lambda one: one.number, 108),
        _counted("old", tr("Over a week"), lambda one: one.ages[3] + one.ages[4], 124),
        Column(
            key="oldest",
            title=tr("Oldest"),
            value=lambda one: (
                tr("{span} ago", span=words.ago(now() - one.oldest)) if one.oldest else "—"
            ),
            sort=lambda one: one.oldest.timestamp() if one.oldest else 0.0,
            width=110,
        ),
    ]


def station_columns(now: Callable[[], datetime]) -> list[Column[StationFigures]]:
    """Code, name, state, last contact, families, records here, records missing."""
    return [
        Column(
            key="code", title=tr("Code"), value=lambda one: isolate(one.code), width=80, mono=True
        ),
        Column(key="name", title=tr("Name"), value=lambda one: one.name, stretch=True, strong=True),
        Column(
            key="standing",
            title=tr("State"),
            value=lambda one: standing_of(one)[0],
            tone=lambda one: standing_of(one)[1],
            width=220,
        ),
        Column(
            key="contact",
            title=tr("Last contact"),
            value=lambda one: (
                tr("{span} ago", span=words.ago(now() - one.last_contact))
                if one.last_contact
                else "—"
            ),
            sort=lambda one: one.last_contact.timestamp() if one.last_contact else 0.0,
            width=140,
        ),
        _counted("families", tr("Families"), lambda one: one.families, 96),
        _counted("entries", tr("Records"), lambda one: one.entries, 110),
        _counted("missing", tr("Missing"), lambda one: one.missing, 112),
    ]


def _counted(key: str, title: str, of: Callable[[Any], int], width: int) -> Column[Any]:
    """A column of numbers, sorted as numbers."""
    return Column(
        key=key,
        title=title,
        value=lambda one: number(of(one)),
        sort=of,
        width=width,
        at_end=True,
    )
