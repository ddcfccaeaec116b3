"""`waystation`: called bare it opens the desktop; with a command it does one thing and says so."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import click

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module of cli.commands, attribute). Loaded when asked for, so that the bare call
    # paints its window without importing what it does not need.
    "demo": ("demo", "demo"),
    "registry": ("registries", "registry"),
    "station": ("stations", "station"),
    "user": ("users", "user"),
    "intake": ("people", "intake"),
    "review": ("people", "review"),
    "search": ("people", "search"),
    "print": ("papers", "print_"),
    "document": ("lives", "document"),
    "sheet": ("lives", "sheet"),
    "key": ("keys", "key"),
    "verify": ("papers", "verify"),
    "trust": ("papers", "trust"),
    "verifier": ("papers", "verifier"),
    "bundle": ("bundles", "bundle"),
    "sync": ("syncing", "sync"),
    "match": ("later", "match"),
    "places": ("asked", "places"),
    "forms": ("asked", "forms"),
    "templates": ("templates", "templates"),
    "check": ("care", "check"),
    "rebuild": ("care", "rebuild"),
    "prune": ("care", "prune"),
    "audit": ("care", "audit"),
    "backup": ("care", "backup"),
    "restore": ("care", "restore"),
    "recover": ("care", "recover"),
    "bench": ("bench", "bench"),
}


class Waystation(click.Group):
    """Finds a command's module when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name]
        found = getattr(importlib.import_module(f"cli.commands.{module}"), attribute)
        assert isinstance(found, click.Command)  # noqa: S101 - the table above is ours
        return found


@click.group(cls=Waystation, invoke_without_command=True)
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    help="Open this station or registry.",
)
@click.version_option(package_name="waystation")
@click.pass_context
def waystation(ctx: click.Context, workspace: Path | None) -> None:
    """Register displaced people offline: identity, civil and displacement events, documents.

    Without a command, opens the desktop.
    """
    if ctx.invoked_subcommand is None:
        from desktop.app import main as open_window

        ctx.exit(open_window(workspace))


def main() -> None:
    """The entry point. Exit 0 done, 1 refused, 2 wrong usage, 3 a fault of ours."""
    import logging
    import warnings

    from cli.running import run
    from cli.streams import ended, hold

    hold()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # of libraries, about files of other people
    sys.exit(ended(run(waystation)))


if __name__ == "__main__":
    main()
