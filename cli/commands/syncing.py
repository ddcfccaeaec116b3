"""`waystation sync`: export, upload and take the notices back over a network."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.opening import as_user, folder, opened, progress_bar
from cli.running import Answer, answering, counted
from cli.shown import plain

if TYPE_CHECKING:
    from station.syncing import Synced


@click.command()
@folder
@click.option("--url", metavar="URL", help="Where the service is [default: as the registry says].")
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait until the registry has taken everything in.",
)
@as_user
@answering
def sync(folder: Path, url: str | None, wait: float, user: str | None) -> Answer:
    """Export, upload what the registry lacks, and take its notices. Run it again when it broke."""
    from cli import outcomes
    from station.syncing import Stage, Step, Synced
    from station.syncing import sync as exchange
    from sync.errors import SyncError
    from sync.http_patience import Patience

    done = Synced()
    broke: SyncError | None = None

    def told(step: Step) -> None:
        if step.stage is Stage.SENDING:
            progress(step.done, step.total)

    with opened(folder, user, needs="station") as session, progress_bar("Uploading") as progress:
        try:
            exchange(
                session,
                url=url,
                done=done,
                wait_seconds=wait,
                told=told,
                patience=Patience(pause=time.sleep, chance=random.random),
            )
        except SyncError as error:
            broke = error
        rows, lines = outcomes.told(session, done.outcomes)
    for alarm in done.alarms:
        click.echo(plain(alarm), err=True)
    answer = _answer(done, rows, lines)
    if broke is not None:
        answer["error"] = {"code": broke.code, "message": broke.sentence}
        click.echo(plain(broke.sentence), err=True)
        return answer.refused()
    if done.refused:
        answer["error"] = {"code": "refused", "message": done.refused[0]}
        for sentence in done.refused:
            click.echo(plain(sentence), err=True)
        return answer.refused()
    return answer


def _answer(done: Synced, rows: list[dict[str, Any]], decided: list[str]) -> Answer:
    lines = [
        f"{counted(done.uploaded, 'entry')} uploaded, "
        f"{counted(done.acknowledged, 'entry')} acknowledged now."
    ]
    if done.waiting:
        lines.append("The registry has not taken everything in yet. Sync again later.")
    lines += decided
    return Answer(
        uploaded=done.uploaded,
        acknowledged=done.acknowledged,
        parts=done.parts,
        bytes=done.bytes,
        notices=done.notices,
        waiting=done.waiting,
        alarms=done.alarms,
        outcomes=rows,
    ).say(*lines)
