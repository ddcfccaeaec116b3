"""`waystation registry ...`: create, enrol, import; serve comes later."""

from __future__ import annotations

from pathlib import Path

import click

from cli.opening import (
    FILE,
    FOLDER,
    as_user,
    environment,
    folder,
    opened,
    present_passphrase,
    progress_bar,
)
from cli.running import Answer, answering


@click.group()
def registry() -> None:
    """The central registry."""


@registry.command()
@folder
@click.option("--database", metavar="URL", help="A PostgreSQL database instead of a file.")
@click.option("--admin", default="administrator", show_default=True, metavar="NAME")
@click.option("--keys-out", type=FOLDER, metavar="FOLDER", help="[default: DIR-offline-keys]")
@answering
def create(folder: Path, database: str | None, admin: str, keys_out: Path | None) -> Answer:
    """Set up a registry in DIR, and write its offline keys to be taken away."""
    from registry import setup

    made = setup.create(
        folder,
        admin=admin,
        passphrase=present_passphrase(f"Passphrase for {admin}", confirm=True),
        keys_out=keys_out or folder.with_name(folder.name + "-offline-keys"),
        env=environment(),
        database=database,
    )
    return Answer(
        registry=str(made.registry),
        administrator=admin,
        root=made.root,
        keys=[str(path) for path in made.keys],
    ).say(
        "The registry is set up.",
        f"Root: {made.root}",
        "Take these two files away, to two places that are locked, and leave no copy here:",
        *(f"  {path}" for path in made.keys),
        *made.notes,
    )


@registry.command()
@folder
@as_user
@click.option("--request", "request_", required=True, type=FILE, help="The station's request.")
@click.option("--out", required=True, type=FILE, help="Write the grant to this file.")
@answering
def enrol(folder: Path, user: str | None, request_: Path, out: Path) -> Answer:
    """Enrol a station: check its six words by phone, then give it the grant."""
    from registry.enrol import enrol as grant

    with opened(folder, user, needs="registry") as session:
        made = grant(session, request_, out)
        return Answer(
            station=str(made.station),
            code=made.code,
            words=list(made.words),
            request_words=list(made.request_words),
        ).say(
            f"Words of the request (the station reads the same): {' '.join(made.request_words)}",
            f"Words of the grant, to compare by phone:           {' '.join(made.words)}",
            f"The station is {made.code}. Send {out} back to it.",
        )


@registry.command("import")
@folder
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--notice", type=FOLDER, metavar="PARENT", help="Write the notice into this folder.")
@as_user
@answering
def import_(folder: Path, bundle: Path, notice: Path | None, user: str | None) -> Answer:
    """Admit a bundle and write the notice that goes back."""
    from registry.adjudication import after_import
    from registry.admit import import_bundle

    with (
        opened(folder, user, needs="registry") as session,
        progress_bar("Importing") as progress,
    ):
        done = import_bundle(session, bundle, notice_parent=notice, progress=progress)
        done = after_import(session, done)
        return Answer(
            admitted=done.admitted,
            known=done.known,
            held=done.held,
            quarantined=done.quarantined,
            match_cases=done.match_cases,
            conflicts=done.conflicts,
            reasons=list(done.reasons),
            notice=str(done.notice) if done.notice else None,
        ).say(
            f"Admitted {done.admitted}, already known {done.known}, held {done.held}, "
            f"quarantined {done.quarantined}.",
            *done.reasons,
            *([f"Notice: {done.notice}"] if done.notice else []),
        )


@registry.command()
@folder
@click.option("--station", required=True, metavar="CODE", help="The station's code, as A01.")
@click.option("--number", required=True, type=click.IntRange(min=1), help="Which notice.")
@click.option("--out", required=True, type=FOLDER, metavar="PARENT")
@as_user
@answering
def notice(folder: Path, station: str, number: int, out: Path, user: str | None) -> Answer:
    """Write an earlier notice again, for a stick that was lost."""
    from registry.notices import again

    with opened(folder, user, needs="registry") as session:
        path = again(session, station=station, number=number, parent=out)
    return Answer(notice=str(path)).say(f"Notice: {path}")


@registry.command()
@folder
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8443, show_default=True)
@answering
def serve(folder: Path, host: str, port: int) -> Answer:
    """The HTTP service (not in this version)."""
    from cli.commands.later import refuse

    return refuse("registry serve", "Use USB sticks: `bundle export` and `registry import`.")
