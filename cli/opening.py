"""Opening a workspace for a command: which user, which passphrase, from where."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.shown import plain, shown
from values.secret import Secret
from workspace.environment import Environment
from workspace.errors import RefusedError
from workspace.files import read_whole
from workspace.folder import card, first_administrator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workspace.session import Session

PASSPHRASE = "WAYSTATION_PASSPHRASE"  # noqa: S105 - the name of a variable, not a passphrase
NEW_PASSPHRASE = "WAYSTATION_NEW_PASSPHRASE"  # noqa: S105 - likewise
KEY_PASSPHRASE = "WAYSTATION_KEY_PASSPHRASE"  # noqa: S105 - likewise
MAX_KEY_FILE = 64 * 1024

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)

folder = click.argument("folder", metavar="DIR", type=FOLDER)


def as_user(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option `--as`."""
    return click.option(
        "--as", "user", metavar="USER", help="Open as this user (the first administrator)."
    )(function)


def environment() -> Environment:
    """The machine as it is, or the one that `cli.running.run` was handed."""
    given = click.get_current_context().find_object(Environment)
    return given or Environment.default()


def present_passphrase(prompt: str, *, confirm: bool = False) -> Secret:
    """From the environment, else from a prompt. Never from an argument."""
    value = os.environ.get(PASSPHRASE)
    if value is None:
        if not sys.stdin.isatty():
            raise RefusedError(
                "no_passphrase",
                f"Set {PASSPHRASE}, or run this in a terminal to be asked for the passphrase.",
            )
        value = click.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True)
    return _typed(value)


def new_passphrase(prompt: str, *, else_present: bool = True) -> Secret:
    """A passphrase to be set: its own variable, else a second prompt, else the present one.

    `else_present` false refuses instead, where what was entered is no passphrase to keep.
    """
    value = os.environ.get(NEW_PASSPHRASE)
    if value is None:
        if not sys.stdin.isatty():
            if else_present:
                return present_passphrase(prompt)
            raise RefusedError(
                "no_passphrase",
                f"Set {NEW_PASSPHRASE}, or run this in a terminal to be asked for it.",
            )
        value = click.prompt(prompt, hide_input=True, confirmation_prompt=True, err=True)
    return _typed(value)


def key_passphrase(prompt: str) -> Secret:
    """The passphrase of a key file: its own variable, else a prompt, else the present one."""
    value = os.environ.get(KEY_PASSPHRASE)
    if value is None:
        if not sys.stdin.isatty():
            return present_passphrase(prompt)
        value = click.prompt(prompt, hide_input=True, err=True)
    return _typed(value)


def key_file(path: Path, what: str) -> bytes:
    """A key file as it is. Raises `RefusedError` for what is none."""
    try:
        return read_whole(path, limit=MAX_KEY_FILE)
    except OSError as error:
        raise RefusedError("no_key_file", f"{path} cannot be read. Choose {what}.") from error


def _typed(value: str) -> Secret:
    """A passphrase as every way in takes it. Raises `RefusedError` for bytes that are no text."""
    from db.slots import passphrase

    try:
        return passphrase(value)
    except UnicodeEncodeError:
        raise RefusedError(
            "passphrase_text", "The passphrase is no text in UTF-8. Set it again."
        ) from None


@contextmanager
def opened(
    path: Path, user: str | None, *, read_only: bool = False, needs: str | None = None
) -> Iterator[Session]:
    """An open session, closed again whatever happens.

    `needs` says which kind of office the command is for. Notes (a new epoch, a full disk) go to
    standard error.
    """
    from workspace.opening import open_workspace

    kind = card(path).kind
    if needs is not None and kind != needs:
        raise RefusedError("wrong_office", f"{path} holds a {kind}; name the folder of a {needs}.")
    name = user or first_administrator(path)
    session = open_workspace(
        path,
        name,
        present_passphrase(f"Passphrase of {shown(name)}"),
        env=environment(),
        read_only=read_only,
    )
    try:
        for note in session.notes:
            click.echo(plain(note), err=True)
        yield session
    finally:
        session.close()


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[..., None]]:
    """A progress callback (done, total, and another label for a stage that follows) that draws a
    bar when a terminal is attached, and nothing else."""
    if not sys.stderr.isatty():
        yield lambda done, total, what=label: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def step(done: int, total: int, what: str = label) -> None:
            bar.label = what
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield step
