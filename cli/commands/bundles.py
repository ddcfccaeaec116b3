"""`waystation bundle ...`: export, inspect."""

from __future__ import annotations

from pathlib import Path

import click

from cli.opening import FOLDER, as_user, folder, opened, progress_bar
from cli.running import Answer, answering, counted, quiet


@click.group()
def bundle() -> None:
    """What travels from a station to its registry."""


@bundle.command()
@folder
@click.option("--out", required=True, type=FOLDER, metavar="PARENT")
@as_user
@answering
def export(folder: Path, out: Path, user: str | None) -> Answer:
    """Write a bundle: a new folder in PARENT, read back and verified."""
    from station.export import export as write

    with opened(folder, user, needs="station") as session, progress_bar("Exporting") as progress:
        made = write(session, out, progress=progress)
    return Answer(
        bundle=str(made.bundle), entries=made.entries, parts=made.parts, bytes=made.bytes
    ).say(
        f"{counted(made.entries, 'entry')} in {counted(made.parts, 'part')}, "
        f"{made.bytes / 1e6:.1f} MB: {made.bundle}",
        "It was read back and is whole. It counts as sent when the registry's notice returns.",
    )


@bundle.command()
@click.argument("path", type=click.Path(path_type=Path))
@answering
def inspect(path: Path) -> Answer:
    """What can be said of a bundle or notice without keys."""
    from sync.inspect import inspect as look

    seen = look(path)
    answer = Answer(
        whole=seen.whole,
        signed_by=seen.signed_by,
        missing=list(seen.missing),
        altered=list(seen.altered),
        unexpected=list(seen.unexpected),
        kind=str(seen.kind) if seen.kind else None,
        problem=seen.problem.sentence if seen.problem else None,
    ).say(
        seen.problem.sentence if seen.problem else "Whole: every part is there as it was signed.",
        f"signed by key {seen.signed_by or 'unknown'}",
        *(f"missing: {name}" for name in seen.missing),
        *(f"altered: {name}" for name in seen.altered),
    )
    if seen.whole:
        return answer
    if quiet():
        sentence = seen.problem.sentence if seen.problem else "Parts of it are missing or altered."
        click.echo(sentence, err=True)
    return answer.refused()
