"""`waystation registry ...`: create, enrol, import, serve."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from cli.commands import oversight
from cli.commands.administering import COMMANDS, recovery_identities, told_of
from cli.moments import moment
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
from cli.running import Answer, answering, as_object, counted


@click.group()
def registry() -> None:
    """The central registry."""


@registry.command()
@folder
@click.option("--database", metavar="URL", help="A PostgreSQL database instead of a file.")
@click.option(
    "--photos", metavar="URL", help="A folder (file:///...) or object store (s3://...) for photos."
)
@click.option("--admin", default="administrator", show_default=True, metavar="NAME")
@click.option("--keys-out", type=FOLDER, metavar="FOLDER", help="[default: DIR-offline-keys]")
@click.option(
    "--keep-days",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="Stations keep what was acknowledged for so long. [default: for good]",
)
@answering
def create(
    folder: Path,
    database: str | None,
    photos: str | None,
    admin: str,
    keys_out: Path | None,
    keep_days: int | None,
) -> Answer:
    """Set up a registry in DIR, and write its offline keys to be taken away."""
    from registry import setup

    made = setup.create(
        folder,
        admin=admin,
        passphrase=present_passphrase(f"Passphrase for {admin}", confirm=True),
        keys_out=keys_out or folder.with_name(folder.name + "-offline-keys"),
        env=environment(),
        database=database,
        photos=photos,
        operation=replace(setup.DEFAULT_OPERATION, keep_days=keep_days),
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
@click.option("--replaces", default="", metavar="CODE", help="A station whose laptop is lost.")
@click.option("--reason", default="", help="What happened to that laptop.")
@click.option("--since", metavar="TIME", help="Since when it may be in other hands. [now]")
@answering
def enrol(
    folder: Path,
    user: str | None,
    request_: Path,
    out: Path,
    replaces: str,
    reason: str,
    since: str | None,
) -> Answer:
    """Enrol a station: check its six words by phone, then give it the grant.

    With --replaces the other station is revoked in the same act: what it still holds is put aside
    when somebody finds it."""
    from registry.enrol import enrol as grant

    if not replaces and (reason or since):
        raise click.UsageError("--reason and --since belong to --replaces CODE.")
    with opened(folder, user, needs="registry") as session:
        made = grant(
            session,
            request_,
            out,
            replaces=replaces,
            reason=reason,
            since=moment(since) if since else None,
        )
        gone = made.revoked
        return Answer(
            station=str(made.station),
            code=made.code,
            words=list(made.words),
            request_words=list(made.request_words),
            revoked=gone.station if gone else None,
            aside=gone.aside if gone else 0,
            left=gone.left if gone else 0,
        ).say(
            f"Words of the request (the station reads the same): {' '.join(made.request_words)}",
            f"Words of the grant, to compare by phone:           {' '.join(made.words)}",
            f"The station is {made.code}. Send {out} back to it.",
            *(told_of(gone) if gone else []),
        )


@registry.command("import")
@folder
@click.argument("bundle", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--notice", type=FOLDER, metavar="PARENT", help="Write the notice into this folder.")
@click.option(
    "--recovery-key", type=FILE, help="For a bundle of before the registry was refounded."
)
@as_user
@answering
def import_(
    folder: Path,
    bundle: tuple[Path, ...],
    notice: Path | None,
    recovery_key: Path | None,
    user: str | None,
) -> Answer:
    """Admit a bundle and write the notice that goes back. Of a bundle on several sticks, name the
    folder on each."""
    from registry import owing
    from registry.adjudication_cases import count_open
    from registry.admit import import_bundle

    identities = recovery_identities(recovery_key) if recovery_key else []
    with (
        opened(folder, user, needs="registry") as session,
        progress_bar("Importing") as progress,
    ):
        done = import_bundle(
            session,
            bundle,
            notice_parent=notice,
            progress=progress,
            identities=identities,
        )
        if done.notice:
            # It may go back at once: nobody waits for what follows.
            click.echo(f"Notice: {done.notice}", err=True)
        owing.propose(
            session, progress=partial(progress, what="Looking for persons who are here twice")
        )
        with session.store.read() as reader:
            match_cases = count_open(reader)
        return Answer(
            admitted=done.admitted,
            known=done.known,
            held=done.held,
            quarantined=done.quarantined,
            match_cases=match_cases,
            conflicts=done.conflicts,
            reasons=list(done.reasons),
            notice=str(done.notice) if done.notice else None,
        ).say(
            f"Admitted {done.admitted}, already known {done.known}, held {done.held}, "
            f"quarantined {done.quarantined}.",
            *done.reasons,
            f"Waiting at the registry now: {counted(match_cases, 'possible duplicate')}, "
            f"{counted(done.conflicts, 'conflict')}.",
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
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen on this address.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8443, show_default=True, help="0: any free."
)
@click.option("--name", default="", metavar="HOST", help="Under which stations know it: with TLS.")
@click.option(
    "--public-port", type=click.IntRange(1, 65535), help="The port that stations use, if another."
)
@click.option(
    "--metrics-port", type=click.IntRange(1, 65535), help="Counters for Prometheus, here only."
)
@as_user
@click.option("--json", "as_json", is_flag=True, help="One JSON object when it is ready.")
def serve(
    folder: Path,
    host: str,
    port: int,
    name: str,
    public_port: int | None,
    metrics_port: int | None,
    user: str | None,
    as_json: bool,
) -> None:
    """The HTTP service for stations (TLS, except on this machine). Ends with Ctrl+C."""
    import logging

    from registry.service import running

    where = running.Where(
        host=host, port=port, name=name, public_port=public_port, metrics_port=metrics_port
    )
    with opened(folder, user, needs="registry") as session:
        prepared = running.prepare(session, where)

    def ready(pids: list[int]) -> None:
        if as_json:
            click.echo(as_object({"url": prepared.url, "port": prepared.port, "processes": pids}))
        else:
            click.echo(f"The service is ready: {prepared.url}")
        sys.stdout.flush()

    logging.getLogger("waystation.service").setLevel(logging.INFO)
    running.run(prepared, ready=ready, stop=running.stopped_by_signals())


for _one in (*COMMANDS, *oversight.COMMANDS):
    registry.add_command(_one)
