"""`waystation intake`, `review`, `search`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.opening import FILE, as_user, folder, opened, progress_bar
from cli.running import Answer, answering, counted, quiet
from cli.shown import shown

if TYPE_CHECKING:
    from station.intake import RowNote

PLAIN_TEXT = "The refused rows are plain text. Keep that file safe and delete it when it is done."


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2026-11-15.", param, ctx)


def verdict(one: RowNote) -> dict[str, object]:
    """A row's verdict as the contract has it."""
    return {"row": one.row, "code": one.code, "message": one.message}


@click.command()
@folder
@click.argument("list_", metavar="LIST", type=FILE)
@click.option("--on", type=Day(), help="The day the list was written (today).")
@click.option("--series", metavar="NAME", help="The list's name across its versions.")
@as_user
@answering
def intake(
    folder: Path, list_: Path, on: date | None, series: str | None, user: str | None
) -> Answer:
    """Register the households of a pre-registration list."""
    from station import intake as room

    def tell(listed: str, number: str) -> None:
        if not json_only:
            click.echo(f"{shown(listed)} {number}")

    json_only = quiet()
    with (
        opened(folder, user, needs="station") as session,
        progress_bar("Taking in") as progress,
    ):
        done = room.intake(
            session,
            list_,
            on=on or session.clock.now().date(),
            series=series,
            committed=tell,
            progress=progress,
        )
    lines = [
        f"Registered {counted(done.households, 'household')}, {counted(done.persons, 'person')}"
        + (f", {counted(done.already, 'row')} in already." if done.already else "."),
        *(f"line {one.line} flagged: {one.message}" for one in done.flagged),
        *(f"line {one.line} refused: {one.message}" for one in done.rejected),
    ]
    if done.rejected_file is not None:
        lines += [f"Refused rows: {done.rejected_file}", PLAIN_TEXT]
        if done.kept_file is not None:
            lines.append(f"The refused rows that were there before are now {done.kept_file}.")
        if json_only:
            click.echo(PLAIN_TEXT, err=True)
    return Answer(
        households=done.households,
        persons=done.persons,
        accepted=done.accepted,
        already=done.already,
        flagged=[verdict(one) for one in done.flagged],
        rejected=[verdict(one) for one in done.rejected],
        rejected_file=str(done.rejected_file) if done.rejected_file else None,
    ).say(*lines)


@click.command()
@folder
@click.option("--approve-all", is_flag=True, required=True, help="Approve what waits.")
@as_user
@answering
def review(folder: Path, approve_all: bool, user: str | None) -> Answer:
    """Approve what waits for review; one's own entries are skipped."""
    from station import review as room

    with opened(folder, user, needs="station") as session:
        done = room.approve_all(session)
    return Answer(approved=done.approved, skipped=done.skipped).say(
        f"Approved {done.approved}, skipped {done.skipped} of your own."
    )


NOBODY = "Nobody was found. Try fewer letters, or another spelling."


@click.command()
@folder
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@as_user
@answering
def search(folder: Path, query: str, limit: int, user: str | None) -> Answer:
    """Find persons by name in any script, by number or by document."""
    from workspace import search as room

    with opened(folder, user, read_only=True) as session:
        hits = room.search(session, query, limit=limit)
    return Answer(
        results=[
            {
                "number": hit.number,
                "name": hit.name,
                "name_latin": hit.name_latin,
                "score": hit.score,
                "household": hit.household_number,
                "status": hit.status,
            }
            for hit in hits
        ]
    ).say(
        *(
            f"{hit.number}  {shown(hit.name)}  {shown(hit.name_latin)}  {hit.score:.2f}"
            for hit in hits
        ),
        *([] if hits else [room.mistyped(query) or NOBODY]),
    )
