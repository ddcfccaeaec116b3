"""`waystation bundle ...`: export, inspect."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.opening import FOLDER, as_user, folder, opened, progress_bar
from cli.running import Answer, answering, counted, quiet
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspace.session import Session


@click.group()
def bundle() -> None:
    """What travels from a station to its registry."""


@bundle.command()
@folder
@click.option("--out", required=True, type=FOLDER, metavar="PARENT")
@click.option(
    "--split", metavar="SIZE", help="Into PARENT/stick-1, stick-2 ... of SIZE at most (as 4G)."
)
@as_user
@answering
def export(folder: Path, out: Path, split: str | None, user: str | None) -> Answer:
    """Write a bundle: a new folder in PARENT, read back and verified. One that was cut off is
    gone on with."""
    from station.export import export as write

    size = None if split is None else _bytes(split)
    with opened(folder, user, needs="station") as session, progress_bar("Exporting") as progress:
        if size is not None:
            return _split(session, out, size, progress)
        made = write(session, out, progress=progress)
    return Answer(
        bundle=str(made.bundle),
        entries=made.entries,
        parts=made.parts,
        bytes=made.bytes,
        resumed=made.resumed,
    ).say(
        f"{counted(made.entries, 'entry')} in {counted(made.parts, 'part')}, "
        f"{made.bytes / 1e6:.1f} MB: {made.bundle}",
        *([f"{made.resumed} of them had been written before."] if made.resumed else []),
        "It was read back and is whole. It counts as sent when the registry's notice returns.",
    )


def _split(session: Session, out: Path, size: int, progress: Callable[[int, int], None]) -> Answer:
    """Every stick's folder in one place, each to be copied whole onto a stick of its own."""
    from station.sticks import carry, waiting

    if not out.is_dir():
        raise RefusedError("no_folder", f"There is no folder {out}. Make it, or name another.")
    begun = waiting(session)
    number, folders, total = (begun.sticks if begun else 0), [], 0
    while True:
        number += 1
        stick = out / f"stick-{number}"
        stick.mkdir(exist_ok=True)
        made = carry(session, stick, room=size, progress=progress)
        folders.append(made.bundle)
        total += made.bytes
        if not made.left:
            break
    return Answer(
        bundle=str(folders[0]),
        folders=[str(one) for one in folders],
        entries=made.entries,
        parts=made.parts,
        bytes=total,
    ).say(
        f"{counted(made.entries, 'entry')} in {counted(made.parts, 'part')}, on "
        f"{counted(len(folders), 'stick')}:",
        *(f"  {one}" for one in folders),
        "Import them together. They count as sent when the registry's notice returns.",
    )


def _bytes(text: str) -> int:
    """A size such as 700M or 4G, in binary units."""
    found = re.fullmatch(r"(\d{1,6})([KMG])(i?B)?", text.strip(), re.IGNORECASE)
    if found is None:
        raise click.BadParameter("Write a size such as 700M or 4G.", param_hint="--split")
    return int(found[1]) << {"K": 10, "M": 20, "G": 30}[found[2].upper()]


@bundle.command()
@click.argument("path", nargs=-1, required=True, type=click.Path(path_type=Path))
@answering
def inspect(path: tuple[Path, ...]) -> Answer:
    """What can be said of a bundle or notice without keys. Of a bundle on several sticks, name
    the folder on each."""
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
        *([f"This is a {seen.kind}."] if seen.kind else []),
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
