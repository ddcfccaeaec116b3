"""How a command ends: its exit code, its one sentence, its one JSON object."""

from __future__ import annotations

import functools
import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from values.clock import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")

DONE, REFUSED, USAGE, FAULT = 0, 1, 2, 3


class Answer(dict[str, Any]):
    """What a command found or did. `ok` false means refused: the answer still stands."""

    ok: bool = True
    lines: tuple[str, ...] = ()

    def say(self, *lines: str) -> Answer:
        """The same for people, when `--json` was not asked for."""
        self.lines = lines
        return self

    def refused(self) -> Answer:
        """Exit 1 with this answer."""
        self.ok = False
        return self


def _default(value: object) -> object:
    from datetime import datetime

    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, (Path, bytes)):
        return value.hex() if isinstance(value, bytes) else str(value)
    return str(value)


def answering(function: Callable[P, Answer]) -> Callable[P, None]:
    """Give a command `--json`, and print what it answers."""

    @click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
    @functools.wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> None:
        as_json = bool(kwargs.pop("as_json"))
        context = click.get_current_context()
        context.meta["json"] = as_json
        answer = function(*args, **kwargs)
        if as_json:
            click.echo(json.dumps(answer, ensure_ascii=False, default=_default))
        else:
            for line in answer.lines:
                click.echo(line)
        if not answer.ok:
            context.exit(REFUSED)

    return command


def quiet() -> bool:
    """Whether the running command prints JSON, and nothing else."""
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get("json"))


def run(group: click.Group) -> int:
    """Run the command line and turn every ending into an exit code and one sentence."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    wants_json = "--json" in sys.argv
    try:
        result = group.main(standalone_mode=False, windows_expand_args=False)
        return result if isinstance(result, int) else DONE
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.Abort:
        return _refuse("stopped", "Stopped. Nothing was left half done.", wants_json)
    except click.UsageError as error:
        error.show()
        return USAGE
    except click.ClickException as error:
        return _refuse("usage", error.format_message(), wants_json)
    except Exception as error:  # the last net: every other handler is narrower
        told = _told(error)
        if told is not None:
            return _refuse(*told, wants_json)
        return _fault(error)


def _told(error: Exception) -> tuple[str, str] | None:
    """Code and sentence of an error that knows them: the rooms' own trees, and a full disk."""
    code, sentence = getattr(error, "code", None), getattr(error, "sentence", None)
    if isinstance(code, str) and isinstance(sentence, str):
        return code, sentence
    if isinstance(error, OSError):
        import errno

        if error.errno == errno.ENOSPC:
            return "disk_full", "The disk is full. Free some space, then run the command again."
        if isinstance(error, (FileNotFoundError, PermissionError, IsADirectoryError)):
            return (
                "file",
                f"{error.filename} cannot be read or written. Check the name and the rights.",
            )
    return None


def _refuse(code: str, sentence: str, wants_json: bool) -> int:
    if wants_json:
        click.echo(json.dumps({"error": {"code": code, "message": sentence}}))
    click.echo(sentence, err=True)
    return REFUSED


def _fault(error: Exception) -> int:
    """Ours: the frames and the error's type, never its text, which could quote a record."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    for frame in frames[-6:]:
        click.echo(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}", err=True)
    click.echo(
        f"Waystation failed ({type(error).__name__}). Nothing was left half done; "
        "please report the lines above.",
        err=True,
    )
    return FAULT
