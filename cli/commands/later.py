"""Commands whose rooms are not built yet. They refuse, and say what to use meanwhile."""

from __future__ import annotations

from pathlib import Path

import click

from cli.running import Answer, answering
from workspace.errors import RefusedError


def refuse(command: str, instead: str) -> Answer:
    """Raise `RefusedError`: this version does not include the command."""
    raise RefusedError("not_in_this_version", f"This version has no `{command}` yet. {instead}")


@click.command()
@click.argument("records", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@answering
def match(records: Path, out: Path) -> Answer:
    """Possible duplicates inside a list (not in this version)."""
    return refuse("match", "Use `search` to look for one person.")
