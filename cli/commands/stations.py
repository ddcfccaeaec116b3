"""`waystation station ...`: request, enrol, receive."""

from __future__ import annotations

from pathlib import Path

import click

from cli.opening import FILE, as_user, environment, folder, opened, present_passphrase
from cli.running import Answer, answering, counted
from cli.shown import plain


@click.group()
def station() -> None:
    """A field station."""


@station.command()
@folder
@click.option("--name", required=True, help="The station's name.")
@click.option("--out", "out", required=True, type=FILE, help="Write the request to this file.")
@click.option("--admin", default="administrator", show_default=True, metavar="NAME")
@answering
def request(folder: Path, name: str, out: Path, admin: str) -> Answer:
    """Set up a station in DIR and write its request for the registry."""
    from station import setup

    made = setup.request(
        folder,
        name=name,
        admin=admin,
        passphrase=present_passphrase(f"Passphrase for {admin}", confirm=True),
        out=out,
        env=environment(),
    )
    return Answer(
        station=str(made.station), administrator=admin, words=list(made.words), request=str(out)
    ).say(
        f"The station is set up. Take {out} to the registry.",
        f"Words to compare by phone: {' '.join(made.words)}",
    )


@station.command()
@folder
@as_user
@click.option("--grant", required=True, type=FILE, help="The registry's answer.")
@answering
def enrol(folder: Path, user: str | None, grant: Path) -> Answer:
    """Take the registry's grant: the station is ready."""
    from station import setup

    with opened(folder, user, needs="station") as session:
        done = setup.enrol(session, grant)
        return Answer(
            station=str(session.office.id),
            root=done.root,
            code=done.station_code,
            words=list(done.words),
        ).say(
            f"The station is enrolled as {done.station_code}.",
            f"Words to compare by phone: {' '.join(done.words)}",
            f"Root: {done.root}",
        )


@station.command()
@folder
@click.argument("notice", type=click.Path(path_type=Path, file_okay=False))
@as_user
@answering
def receive(folder: Path, notice: Path, user: str | None) -> Answer:
    """Take a notice from the registry: receipt and decisions."""
    from cli.outcomes import told
    from station.receive import receive as take

    with opened(folder, user, needs="station") as session:
        got = take(session, notice)
        for alarm in got.alarms:
            click.echo(plain(alarm), err=True)
        rows, lines = told(session, got.outcomes)
    return Answer(
        acknowledged=got.acknowledged,
        number=got.number,
        alarms=list(got.alarms),
        outcomes=rows,
    ).say(
        f"Notice {got.number}: {counted(got.acknowledged, 'entry')} acknowledged now.",
        *lines,
    )
