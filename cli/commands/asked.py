"""What is asked: the forms that an operation wrote, and the places that are found while typing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.opening import as_user, folder, opened
from cli.running import Answer, answering, counted
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forms.lint import LintProblem
    from workspace.own_forms import OwnForm


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
    from forms.own_folder import read

    if not path.is_dir():
        raise RefusedError("no_folder", f"{path} is no folder. Name the one that holds the forms.")
    found = read(path).problems
    if found:
        return _to_mend(found)
    return Answer(problems=[]).say("Every form can be used.")


@forms.command("load")
@folder
@click.argument("path", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False))
@as_user
@answering
def load_forms(folder: Path, path: Path, user: str | None) -> Answer:
    """Take in an operation's own forms and code lists; earlier versions stay readable."""
    from workspace import own_forms

    with opened(folder, user) as session:
        try:
            done = own_forms.load(session, path)
        except own_forms.OwnFormsError as refused:
            return _to_mend(refused.problems)
    asked = [one for one in done.forms if one.newest]
    return Answer(
        forms=_as_rows(done.forms),
        lists=_as_rows(done.lists),
        loaded=_as_rows(done.new),
        changed=done.changed,
        problems=[],
    ).say(
        *(f"{one.id} {one.version}: {one.title}" for one in done.new),
        f"{counted(len(asked), 'form')} of the operation can be used now.",
    )


@forms.command("list")
@folder
@as_user
@answering
def list_forms(folder: Path, user: str | None) -> Answer:
    """The operation's own forms that were loaded, with their versions and hashes."""
    from workspace import own_forms

    with opened(folder, user, read_only=True) as session, session.store.read() as reader:
        forms, lists = own_forms.listed(session, reader)
    return Answer(forms=_as_rows(forms), lists=_as_rows(lists)).say(
        *(
            f"{one.id} {one.version}  {one.hash.hex()[:16]}  {one.title or 'cannot be used here'}"
            for one in (*forms, *lists)
        ),
        *([] if forms else ["No forms of an operation were loaded here."]),
    )


def _as_rows(found: Iterable[OwnForm]) -> list[dict[str, object]]:
    return [
        {
            "id": one.id,
            "version": one.version,
            "title": one.title,
            **({"family": one.family} if one.family else {}),
            "hash": one.hash.hex(),
            "newest": one.newest,
        }
        for one in found
    ]


def _to_mend(found: Iterable[LintProblem]) -> Answer:
    """What is to be mended before anything is used: file, place, remedy."""
    problems = list(found)
    return (
        Answer(
            problems=[
                {"file": one.file, "path": one.path, "message": one.remedy} for one in problems
            ]
        )
        .say(*map(str, problems))
        .refused()
    )
