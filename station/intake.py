"""Intake: a pre-registration list becomes registrations, one household in one commit.

Running it again registers nobody twice: series, household number and the hashes of the rows are
part of the registration they led to. Only what must be refused is refused, each row with its
reason, in a file that can be mended and taken in again.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from forms import prelist
from forms.answers import HouseholdAnswers
from forms.prelist import Refusal
from forms.problems import error
from station.enter import enter_household
from values.numbers import NumberError, parse_any
from workspace.errors import RefusedError
from workspace.files import read_whole, write_whole
from workspace.rights import Right, require
from workspace.search import birth_of, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from db.store import Reader
    from forms.prelist import ListHousehold
    from ledger.views import HouseholdView
    from workspace.session import Session

MAX_LIST_BYTES = 256 * 1024**2
"""A list of a million people; more is not a list, and it is read into memory."""


@dataclass(frozen=True, slots=True)
class RowNote:
    """A row that was flagged or refused: `row` counts data records from 1."""

    row: int
    code: str
    message: str


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
    listed = prelist.read(_read(path), path.name, on=on)
    series = series or listed.series
    verdicts = prelist.judge(listed, on)
    taken = prelist.intake(listed, verdicts)
    refusals = list(taken.refusals)
    result = IntakeResult()
    numbers: dict[str, str] = {}
    for done, household in enumerate(taken.households, start=1):
        number = _take(session, household, series=series, on=on, result=result, refused=refusals)
        if number:
            numbers[household.household] = number
        progress(done, len(taken.households))
        if number:
            committed(household.household, number)
    result.flagged = [
        RowNote(one.row, one.code, one.message())
        for one in verdicts
        if one.verdict is prelist.Judgement.FLAGGED
    ]
    refusals.sort(key=lambda one: one.row)
    result.rejected = [RowNote(one.row, one.code, one.message()) for one in refusals]
    refused_rows = {one.row for one in refusals}
    result.flagged = [one for one in result.flagged if one.row not in refused_rows]
    if refusals:
        result.rejected_file = path.with_name(f"{path.stem}.rejected.csv")
        written = prelist.write_refused(listed, refusals, joins=numbers)
        result.kept_file = _keep_other(result.rejected_file, written)
        write_whole(result.rejected_file, written, private=True)
    return result


def _keep_other(target: Path, data: bytes) -> Path | None:
    """Set aside what stands under the name and differs: somebody may be mending it.

    The new name ends in one more ``.rejected``, so that it still belongs to the same series.
    """
    try:
        if not target.is_file() or target.read_bytes() == data:
            return None
        kept = target
        while kept.exists():
            kept = kept.with_name(f"{kept.stem}.rejected.csv")
        return target.rename(kept)
    except OSError as failure:
        raise RefusedError(
            "rejected_file",
            f"What was good is registered, but the refused rows cannot be written to {target}. "
            "Make room there, then run this again: nobody is registered twice.",
        ) from failure


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
    """Register what is new of a household in one commit; returns its number, or nothing."""
    with session.store.read() as reader:
        target, fault = _target(reader, household, series)
        if fault is not None:
            refused += [
                Refusal(row, household.household, error(fault, "joins")) for row in household.rows
            ]
            return ""
        fresh = _new_places(reader, household, target, series, refused)
    result.already += len(household.rows) - len(fresh) - _refused_here(household, refused)
    if not fresh:
        return target.number if target else ""
    part = _part(household.answers, fresh)
    flags = [(fresh.index(place), problem) for place, problem in household.flags if place in fresh]
    with session.act() as act:
        registered = enter_household(
            session,
            act,
            part,
            on=on.isoformat(),
            source={
                "way": "list",
                "series": series,
                "household": household.household,
                "rows": [household.hashes[place] for place in fresh],
            },
            flags=flags,
            joins=target,
        )
    result.households += target is None
    result.persons += len(fresh)
    result.accepted += len(fresh) - len({place for place, _ in flags})
    return registered.household_number


def _target(
    reader: Reader, household: ListHousehold, series: str
) -> tuple[HouseholdView | None, str | None]:
    """The registered household that these rows belong to, if any, or what is wrong with it."""
    if household.joins:
        try:
            number = str(parse_any(household.joins))
        except NumberError:
            return None, "joins_unknown"
        view = reader.household_by_number(number)
        return (view, None) if view is not None else (None, "joins_unknown")
    for registration in reader.registrations_of_source(series, household.household):
        view = reader.household(registration.household)
        if view is not None:
            return view, None
    return None, None


def _new_places(
    reader: Reader,
    household: ListHousehold,
    target: HouseholdView | None,
    series: str,
    refused: list[Refusal],
) -> list[int]:
    """The places of rows that no earlier run registered.

    A row that was edited after it was registered has another hash. Registering it again would
    make two of one person, so whoever is in the household under the same name is not taken
    again; a second head is refused like in the list itself.
    """
    if target is None:
        return list(range(len(household.rows)))
    known = {
        row
        for one in reader.registrations_of_source(series, household.household)
        for row in one.source.get("rows", [])
    }
    present = {
        (text(view, "name"), text(view, "name_latin"), birth.edtf if birth else "")
        for view in reader.members(target.id)
        for birth in [birth_of(view)]
    }
    fresh: list[int] = []
    for place, member in enumerate(household.answers.members):
        if household.hashes[place] in known:
            continue
        birth = member.values.get("birth")
        same = (
            member.values.get("name", ""),
            member.values.get("name_latin", ""),
            birth["edtf"] if isinstance(birth, dict) and "edtf" in birth else "",
        )
        if same in present:
            continue
        if member.relation == "head":
            problem = error("second_head", "relation", household=household.household[:40])
            refused.append(Refusal(household.rows[place], household.household, problem))
            continue
        fresh.append(place)
    return fresh


def _refused_here(household: ListHousehold, refused: list[Refusal]) -> int:
    rows = set(household.rows)
    return sum(one.row in rows for one in refused)


def _part(answers: HouseholdAnswers, places: list[int]) -> HouseholdAnswers:
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
