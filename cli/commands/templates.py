"""`waystation templates`: the documents of an operation, checked and loaded."""

from __future__ import annotations

from pathlib import Path

import click

from cli.opening import FOLDER, as_user, folder, opened
from cli.running import Answer, answering, counted
from workspace.errors import RefusedError


@click.group()
def templates() -> None:
    """What stands on documents: an operation's own templates, sentences and mark."""


@templates.command()
@click.argument("path", metavar="FOLDER", type=FOLDER)
@answering
def check(path: Path) -> Answer:
    """Read the templates of a folder strictly."""
    from documents.templates.library import faults, gaps

    if not path.is_dir():
        raise RefusedError(
            "no_folder", f"{path} is no folder. Name the one that holds the templates."
        )
    found = faults(path)
    notes = [] if found else gaps(path)
    answer = Answer(
        problems=[{"file": one.file, "path": one.path, "message": one.remedy} for one in found],
        notes=notes,
    ).say(
        *(one.sentence for one in found),
        *notes,
        *([] if found else ["Every template can be used."]),
    )
    return answer.refused() if found else answer


@templates.command()
@folder
@click.argument("path", metavar="FOLDER", type=FOLDER)
@as_user
@answering
def load(folder: Path, path: Path, user: str | None) -> Answer:
    """Take in a folder of templates; it replaces the one before."""
    from workspace import templates as room

    with opened(folder, user) as session:
        found = room.load(session, path)
    names = sorted(found.templates)
    return Answer(templates=names).say(
        f"{counted(len(names), 'template')} loaded: {', '.join(names) or '-'}."
    )


@templates.command("list")
@folder
@as_user
@answering
def list_(folder: Path, user: str | None) -> Answer:
    """The documents that can be printed here."""
    from workspace import templates as room

    with opened(folder, user, read_only=True) as session, session.store.read() as reader:
        # What is recorded of a person is printed from the window, for the person alone.
        found = room.library(reader).printed()
    return Answer(
        templates=[
            {
                "id": one.id,
                "version": one.version,
                "title": one.title,
                "about": one.about.value,
                "papers": list(one.papers),
                "asks": [ask.name for ask in one.asks],
            }
            for one in found
        ]
    ).say(*(f"{one.id:16} {one.title}" for one in found))
