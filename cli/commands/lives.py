"""`waystation document ...` and `sheet ...`: what becomes of papers after they were issued."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from cli.commands.papers import (
    answer_of,
    collector,
    handed_of,
    printing_into,
    proof,
    sheets_option,
)
from cli.opening import FILE, as_user, folder, opened
from cli.running import Answer, answering, counted
from values.clock import rfc3339
from workspace.errors import RefusedError


@click.group()
def document() -> None:
    """Papers that were issued: printed again, replaced, renewed, withdrawn."""


@document.command()
@folder
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@click.option("--reason", "code", required=True, help="damaged, unreadable, jam or again.")
@click.option("--words", default="", help="In your own words.")
@collector
@proof
@click.option("--out", required=True, type=FILE)
@sheets_option
@as_user
@answering
def reprint(
    folder: Path,
    numbers: tuple[str, ...],
    code: str,
    words: str,
    collector: str | None,
    proof: str,
    out: Path,
    sheets: str,
    user: str | None,
) -> Answer:
    """Print papers again under their own numbers; each is counted."""
    from station import batch

    with printing_into(folder, user) as (session, progress):
        printed = batch.print_again(
            session,
            numbers,
            reason=words or code,
            handed=handed_of(code, collector, proof),
            sheets=sheets,
            out=out,
            progress=progress,
        )
    return answer_of(out, printed)


@document.command()
@folder
@click.argument("number")
@click.option(
    "--reason",
    "code",
    default="again",
    show_default=True,
    help="lost, stolen, damaged, unreadable or again.",
)
@click.option("--words", default="", help="In your own words.")
@click.option("--language", metavar="LANG", help="As the paper before.")
@collector
@proof
@click.option("--out", required=True, type=FILE)
@sheets_option
@as_user
@answering
def replace(
    folder: Path,
    number: str,
    code: str,
    words: str,
    language: str | None,
    collector: str | None,
    proof: str,
    out: Path,
    sheets: str,
    user: str | None,
) -> Answer:
    """A new paper in place of one, which is withdrawn."""
    from station import batch

    with printing_into(folder, user) as (session, progress):
        printed = batch.replace_one(
            session,
            number,
            language=language,
            words=words,
            handed=handed_of(code, collector, proof),
            sheets=sheets,
            out=out,
            progress=progress,
        )
    return answer_of(out, printed)


@document.command()
@folder
@click.option("--within", type=click.IntRange(0), default=30, show_default=True, metavar="DAYS")
@click.option("--document", "type_", metavar="TYPE", help="registration or household.")
@click.option("--shelter", default="", metavar="CODE", help="Kind of shelter.")
@click.option("--shelter-number", "place", default="", metavar="TEXT", help="Its number.")
@click.option("--household", "households", multiple=True, metavar="NUMBER")
@click.option("--language", metavar="LANG", help="Of all (each holder's own).")
@click.option("--out", required=True, type=FILE)
@sheets_option
@as_user
@answering
def renew(
    folder: Path,
    within: int,
    type_: str | None,
    shelter: str,
    place: str,
    households: tuple[str, ...],
    language: str | None,
    out: Path,
    sheets: str,
    user: str | None,
) -> Answer:
    """New papers in place of those that end soon, each on paper as before."""
    from station import batch

    which = batch.Which(
        type=type_ or "", shelter=shelter, place=place, households=households, within=within
    )
    with printing_into(folder, user) as (session, progress):
        wanted = batch.targets(session, which)
        if not wanted:
            raise RefusedError(
                "nothing_to_print",
                f"No document that was asked for ends within {counted(within, 'day')}.",
            )
        printed = batch.print_all(
            session,
            wanted,
            language=language,
            reason="renewed",
            fresh=True,
            sheets=sheets,
            out=out,
            progress=progress,
        )
    return answer_of(out, printed)


@document.command()
@folder
@click.argument("number")
@click.option("--out", required=True, type=FILE)
@sheets_option
@as_user
@answering
def resume(folder: Path, number: str, out: Path, sheets: str, user: str | None) -> Answer:
    """After a jam: print a run again from the sheet with this number on."""
    from station import batch

    with printing_into(folder, user) as (session, progress):
        printed = batch.after_a_jam(session, number, sheets=sheets, out=out, progress=progress)
    return answer_of(out, printed)


@document.command()
@folder
@click.argument("number")
@click.option("--reason", "code", required=True, help="lost, stolen, wrong, fraud or death.")
@click.option("--words", default="", help="In your own words.")
@as_user
@answering
def revoke(folder: Path, number: str, code: str, words: str, user: str | None) -> Answer:
    """Withdraw a paper, at the station that issued it or at the registry."""
    from workspace import papers

    with opened(folder, user) as session:
        view = papers.by_number(session, number)
        gone = papers.withdraw(session, view.id, code=code, words=words)
    return Answer(number=view.number, revoked=bool(gone), withdrawn=list(gone)).say(
        f"Withdrawn: {', '.join(gone)}. Verifiers learn it with the next trust list."
        if gone
        else f"{view.number} was withdrawn before."
    )


@document.command("of-the-dead")
@folder
@as_user
@answering
def of_the_dead(folder: Path, user: str | None) -> Answer:
    """Standing papers of people whose death is recorded, to be withdrawn."""
    from workspace import papers

    with opened(folder, user) as session:
        found = papers.to_withdraw(session)
    return Answer(
        documents=[
            {"number": one.number, "type": one.type, "person": one.person_number, "own": one.own}
            for one in found
        ]
    ).say(
        f"{counted(len(found), 'document')} to withdraw.",
        *(f"{one.number} of {one.person_number}" for one in found),
    )


@click.group()
def sheet() -> None:
    """Sheets of paper that went wrong."""


@sheet.command()
@folder
@click.option("--number", default="", help="Number of the document on it.")
@click.option("--stock", default="", metavar="SERIAL", help="Serial printed on the sheet.")
@click.option("--reason", "code", required=True, help="jam, smudged, misfeed, test or other.")
@click.option("--words", default="", help="In your own words.")
@as_user
@answering
def spoiled(
    folder: Path, number: str, stock: str, code: str, words: str, user: str | None
) -> Answer:
    """Account for a spoiled sheet."""
    from station.spoiled import record

    with opened(folder, user, needs="station") as session:
        record(session, code=code, number=number, stock=stock, words=words)
    return Answer(number=number, stock=stock).say("The sheet is accounted for. Destroy it now.")


@sheet.command("list")
@folder
@click.option("--on", "day", metavar="DATE", help="One UTC day (all).")
@click.option("--blank", is_flag=True, help="Blank forms: printed, typed in, spoiled, missing.")
@as_user
@answering
def list_(folder: Path, day: str | None, blank: bool, user: str | None) -> Answer:
    """Spoiled sheets, the newest first; or what became of blank forms."""
    if blank:
        if day is not None:
            raise click.UsageError("--on is for spoiled sheets.")
        return _blank_forms(folder, user)
    from station.spoiled import of_day

    with opened(folder, user, needs="station") as session:
        found = of_day(session, _day(day) if day else None)
    return Answer(
        sheets=[
            {
                "at": rfc3339(one.at),
                "number": one.number,
                "stock": one.stock,
                "code": one.code,
                "reason": one.reason,
                "by": one.by,
            }
            for one in found
        ]
    ).say(
        f"{counted(len(found), 'sheet')}.",
        *(f"{one.at:%Y-%m-%d} {one.number} {one.stock} {one.reason}" for one in found),
    )


def _blank_forms(folder: Path, user: str | None) -> Answer:
    """What became of every blank form of this station."""
    from station import sheets

    with opened(folder, user, needs="station") as session:
        found = sheets.all_sheets(session)
    by = {
        state: [one.number for one in found if one.state == state]
        for state in (sheets.RETURNED, sheets.SPOILED, sheets.OUT)
    }
    return Answer(
        printed=len(found),
        returned=len(by[sheets.RETURNED]),
        spoiled=len(by[sheets.SPOILED]),
        unaccounted=by[sheets.OUT],
        sheets=[
            {
                "number": one.number,
                "state": one.state,
                "printed": rfc3339(one.printed) if one.printed else None,
                "at": rfc3339(one.at) if one.at else None,
            }
            for one in found
        ],
    ).say(
        f"{counted(len(found), 'blank form')} printed: {len(by[sheets.RETURNED])} typed in, "
        f"{len(by[sheets.SPOILED])} spoiled, {len(by[sheets.OUT])} unaccounted for.",
        *by[sheets.OUT],
    )


def _day(text: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no day; write it as 2026-11-15.", param_hint="--on"
        ) from None
