"""`waystation registry overview` and `export-tables`: for those who oversee the work."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from cli.opening import FOLDER, as_user, folder, opened, progress_bar
from cli.running import Answer, answering, counted

_TABLES: Final = ("persons", "households", "events", "documents", "stations", "queues")
_PURPOSES: Final = (
    "registration", "document", "assistance", "tracing", "host_state", "third_state", "statistics",
)  # fmt: skip


@click.command()
@folder
@click.option(
    "--days", type=click.IntRange(1, 366), default=14, show_default=True, help="Days counted."
)
@as_user
@answering
def overview(folder: Path, days: int, user: str | None) -> Answer:
    """What was registered where, what waits, and what is missing. Days are those of UTC."""
    from registry.oversight import figures

    with opened(folder, user, needs="registry", read_only=True) as session:
        found = figures(session, days=days)
    lines = [
        f"{counted(found.families, 'family')} from {found.first_day} to {found.last_day}.",
        *(
            f"{one.queue}: {one.number}"
            + (f", the oldest since {one.oldest:%Y-%m-%d}" if one.oldest else "")
            for one in found.queues
            if one.number
        ),
        *(f"{one.code}: {one.standing}" for one in found.stations),
        *(
            f"{one.station} lacks entries {one.first} to {one.last} of epoch {one.epoch}."
            for one in found.missing
        ),
    ]
    return Answer(
        at=found.at,
        first_day=str(found.first_day),
        last_day=str(found.last_day),
        totals=dict(found.totals),
        statuses=dict(found.statuses),
        ahead=found.ahead,
        days=[
            {
                "day": str(one.day),
                "station": one.station,
                "families": one.families,
                "persons": one.persons,
            }
            for one in found.days
        ],
        queues=[
            {
                "queue": one.queue.value,
                "waiting": one.number,
                "oldest": one.oldest,
                "ages": list(one.ages),
            }
            for one in found.queues
        ],
        stations=[
            {
                "code": one.code,
                "name": one.name,
                "standing": one.standing.value,
                "last_contact": one.last_contact,
                "entries": one.entries,
                "missing": one.missing,
                "unfinished": one.unfinished,
                "families": one.families,
            }
            for one in found.stations
        ],
        missing=[
            {"station": one.station, "epoch": one.epoch, "first": one.first, "last": one.last}
            for one in found.missing
        ],
        unfinished=[
            {"station": one.station, "bundle": str(one.bundle), "state": one.state}
            for one in found.unfinished
        ],
    ).say(*lines)


@click.command("export-tables")
@folder
@click.option("--out", required=True, type=FOLDER, help="A new folder for the tables.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx", "hxl"]),
    default="csv",
    show_default=True,
    help="hxl: CSV with hashtags of the Humanitarian Exchange Language.",
)
@click.option(
    "--table", "tables", multiple=True, type=click.Choice(_TABLES), help="Only these. [all]"
)
@click.option("--reason", required=True, help="Why; it stands in the audit.")
@click.option(
    "--for", "purpose", default="", type=click.Choice(["", *_PURPOSES]),
    help="Only who said yes to this purpose, and only what may go further for it.",
)  # fmt: skip
@click.option("--sensitive", is_flag=True, help="Needs and legal status too; a registrar's.")
@as_user
@answering
def export_tables(
    folder: Path,
    out: Path,
    form: str,
    tables: tuple[str, ...],
    reason: str,
    purpose: str,
    sensitive: bool,
    user: str | None,
) -> Answer:
    """Persons, households, events, documents, stations and queues as tables, in the clear."""
    from registry.tables import TABLES, Wanted, export
    from workspace.tabular import Form

    wanted = Wanted(tables or TABLES, Form(form), sensitive, purpose)
    with (
        opened(folder, user, needs="registry") as session,
        progress_bar("Exporting") as progress,
    ):
        made = export(session, out, wanted, reason=reason, progress=progress)
    return Answer(
        tables={one.table: one.rows for one in made},
        files=sorted({str(one.file) for one in made}),
        sensitive=sensitive,
        purpose=purpose or None,
    ).say(
        *(f"{one.table}: {counted(one.rows, 'row')}, {one.file}" for one in made),
        "The files are not sealed: whoever has them can read them.",
    )


COMMANDS = (overview, export_tables)
