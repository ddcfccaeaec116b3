"""What is asked: forms that an operation wrote, and the places that are found while typing."""

from __future__ import annotations

from pathlib import Path

import click

from cli.opening import as_user, folder, opened
from cli.running import Answer, answering, counted
from workspace.errors import RefusedError


@click.group()
def places() -> None:
    """Administrative areas and their P-codes."""


@places.command()
@folder
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--source", default="", help="Where the tables come from, and their version.")
@as_user
@answering
def load(folder: Path, files: tuple[Path, ...], source: str, user: str | None) -> Answer:
    """Take in tables of areas (OCHA COD-AB, CSV or XLSX); they replace those before."""
    from workspace import places as room

    with opened(folder, user) as session:
        found = room.load(session, files, source=source)
    return Answer(places=len(found)).say(f"{counted(len(found), 'place')} can be found now.")


@places.command()
@folder
@click.argument("query")
@click.option("--language", default="en", show_default=True, metavar="LANG")
@as_user
@answering
def find(folder: Path, query: str, language: str, user: str | None) -> Answer:
    """Find areas by the beginning of a name in any language, or by P-code."""
    from workspace import places as room

    with opened(folder, user, read_only=True) as session:
        known = room.gazetteer(session)
    hits = known.search(query) if known else []
    return Answer(
        places=[
            {"code": hit.code, "name": hit.name_in(language), "label": known.label(hit, language)}
            for hit in hits
            if known
        ]
    ).say(
        *(f"{hit.code}  {known.label(hit, language)}" for hit in hits if known),
        *([] if hits else ["No place begins like that. Try fewer letters."]),
    )


@click.group()
def forms() -> None:
    """What is asked of people."""


@forms.command("check")
@click.argument("path", type=click.Path(path_type=Path, file_okay=False))
@answering
def check_forms(path: Path) -> Answer:
    """Read the form definitions of a folder strictly, beside those of the program."""
    from forms.lint import problems

    if not path.is_dir():
        raise RefusedError("no_folder", f"{path} is no folder. Name the one that holds the forms.")
    found = problems(path)
    answer = Answer(
        problems=[{"file": one.file, "path": one.path, "message": one.remedy} for one in found]
    ).say(
        *(f"{one.file}: {one.path}: {one.remedy}" for one in found),
        *([] if found else ["Every form can be used."]),
    )
    return answer.refused() if found else answer
