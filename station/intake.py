"""Intake: a pre-registration list becomes registrations, one household in one commit.

Running it again registers nobody twice: series, household number and the hashes of the rows are
part of the registration they led to, and `station.listed` says which rows are new. Only what must
be refused is refused, each row with its reason, in a file that can be mended and taken in again.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from forms import prelist
from forms.answers import HouseholdAnswers
from forms.prelist import Refusal
from forms.wording import say_row
from station.enter import enter_household
from station.listed import place
from workspace.errors import RefusedError
from workspace.files import read_whole, write_whole
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from forms.prelist import ListHousehold
    from workspace.session import Session

MAX_LIST_BYTES = 256 * 1024**2
"""A list of a million people; more is not a list, and it is read into memory."""
EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)
"""Days on which a list can have been written. Ages reckoned from any other day are nonsense: it is
a slip of the keyboard, or a clock that forgot the date."""
MAX_SERIES = 200
"""Characters of a list's name; a file's name has at most 255 bytes."""


@dataclass(frozen=True, slots=True)
class RowNote:
    """A row that was flagged or refused: `row` counts data records from 1, `line` is the line of
    the sheet on which its writer sees it."""

    row: int
    code: str
    message: str
    line: int = 0


@dataclass(slots=True)
class IntakeResult:
    """What came of a list.

    `households` and `persons` were registered now. Of the persons, `accepted` came without a
    flag. `already` counts rows that an earlier run had registered. `kept_file` is where an older
    file of refused rows went, which somebody may have mended.
    """

    households: int = 0
    persons: int = 0
    accepted: int = 0
    already: int = 0
    flagged: list[RowNote] = field(default_factory=list)
    rejected: list[RowNote] = field(default_factory=list)
    rejected_file: Path | None = None
    kept_file: Path | None = None


def intake(
    session: Session,
    path: Path,
    *,
    on: date,
    series: str | None = None,
    committed: Callable[[str, str], None] = lambda listed, number: None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> IntakeResult:
    """Register the households of a list, judged as of the day it was written.

    `committed` is called with the list's number and the new number as soon as a household is in
    the store for good. Raises `RefusedError` when the file cannot be read as a list at all.
    """
    require(session, Right.INTAKE)
    check_day(on)
    check_series(series)
    listed = prelist.read(_read(path), path.name, on=on)
    series = series or listed.series
    verdicts = prelist.judge(listed, on)
    taken = prelist.intake(listed, verdicts)
    refusals = list(taken.refusals)
    result = IntakeResult()
    numbers: dict[str, str] = {}
    for done, household in enumerate(taken.households, start=1):
        number = _take(session, household, series=series, on=on, result=result, refused=refusals)
        if number and not household.joins:
            # Rows that were refused join it once mended. Those that name a household go there.
            numbers[household.household] = number
        progress(done, len(taken.households))
        if number:
            committed(household.household, number)
    refusals.sort(key=lambda one: one.row)
    result.rejected = [RowNote(one.row, one.code, one.message()) for one in refusals]
    # One note a row: what the list itself shows comes before what the records here show.
    notes = {one.row: one for one in result.flagged}
    notes |= {
        one.row: RowNote(one.row, one.code, one.message())
        for one in verdicts
        if one.verdict is prelist.Judgement.FLAGGED
    }
    for one in refusals:
        notes.pop(one.row, None)
    result.flagged = [notes[row] for row in sorted(notes)]
    for kept in (result.flagged, result.rejected):
        kept[:] = [replace(one, line=listed.row(one.row).line) for one in kept]
    if refusals:
        result.rejected_file = path.with_name(f"{path.stem}.rejected.csv")
        written = prelist.write_refused(listed, refusals, joins=numbers)
        result.kept_file = _write_refused(result.rejected_file, written)
    return result


def check_day(on: date) -> None:
    """Raise `RefusedError` for a day on which no list was written."""
    if not EARLIEST <= on <= LATEST:
        raise RefusedError(
            "list_day",
            f"No list was written on {on.isoformat()}. Give the day on which it was, as "
            "--on 2026-11-15, and check the clock of this computer.",
        )


def check_series(series: str | None) -> None:
    """Raise `RefusedError` for a name that could not be typed again."""
    if series is not None and (len(series) > MAX_SERIES or not series.isprintable()):
        raise RefusedError(
            "series", f"Give the series a name of at most {MAX_SERIES} printable characters."
        )


def _write_refused(target: Path, data: bytes) -> Path | None:
    """Write the refused rows; returns where an older file of them went, if there was another."""
    try:
        kept = _keep_other(target, data)
        write_whole(target, data, private=True)
    except OSError as failure:
        raise RefusedError(
            "rejected_file",
            f"What was good is registered, but the refused rows cannot be written to {target}. "
            "Make room there, then run this again: nobody is registered twice.",
        ) from failure
    return kept


def _keep_other(target: Path, data: bytes) -> Path | None:
    """Set aside what stands under the name and differs: somebody may be mending it.

    The new name ends in one more ``.rejected``, so that it still belongs to the same series.
    """
    if not target.is_file() or target.read_bytes() == data:
        return None
    kept = target
    while kept.exists():
        kept = kept.with_name(f"{kept.stem}.rejected.csv")
    return target.rename(kept)


def _read(path: Path) -> bytes:
    try:
        return read_whole(path, limit=MAX_LIST_BYTES)
    except OSError as failure:
        if failure.errno == errno.EFBIG:
            raise RefusedError(
                "too_large", "The list is too large. Split it by households."
            ) from failure
        raise RefusedError(
            "no_list", "The list cannot be read. Check the file's name and the stick it is on."
        ) from failure


def _take(
    session: Session,
    household: ListHousehold,
    *,
    series: str,
    on: date,
    result: IntakeResult,
    refused: list[Refusal],
) -> str:
    """Register what is new of a household in one commit.

    Returns its number, or nothing when it is another family's.
    """
    with session.store.read() as reader:
        placed = place(reader, household, series)
    refused += [
        Refusal(household.rows[at], household.household, problem) for at, problem in placed.refused
    ]
    result.already += len(household.rows) - len(placed.fresh) - len(placed.refused)
    if not placed.fresh:
        return placed.target.number if placed.target else ""
    flags = [*household.flags, *placed.flags]
    result.flagged += [
        RowNote(household.rows[at], problem.code, say_row(problem)) for at, problem in placed.flags
    ]
    with session.act() as act:
        registered = enter_household(
            session,
            act,
            _part(household.answers, placed.fresh),
            on=on.isoformat(),
            source={
                "way": "list",
                "series": series,
                "household": household.household,
                "rows": [household.hashes[at] for at in placed.fresh],
                "joined": placed.target is not None,
            },
            flags=[
                (placed.fresh.index(at), problem) for at, problem in flags if at in placed.fresh
            ],
            joins=placed.target,
        )
    result.households += placed.target is None
    result.persons += len(placed.fresh)
    result.accepted += len(set(placed.fresh) - {at for at, _ in flags})
    return registered.household_number


def _part(answers: HouseholdAnswers, places: Sequence[int]) -> HouseholdAnswers:
    """The household with only some of its members; events keep those who are left."""
    if len(places) == len(answers.members):
        return answers
    moved = {place: index for index, place in enumerate(places)}
    events = tuple(
        replace(event, participants=kept)
        for event in answers.events
        if (kept := tuple(moved[place] for place in event.participants if place in moved))
    )
    return replace(
        answers, members=tuple(answers.members[place] for place in places), events=events
    )
