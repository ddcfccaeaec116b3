"""How a command ends: its exit code, its one sentence, its one JSON object."""

from __future__ import annotations

import errno
import functools
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from cli.shown import plain
from values.clock import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from workspace.environment import Environment

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


def counted(count: int, noun: str) -> str:
    """A count with the word that fits it: `1 page`, `2 pages`, `3 entries`, `4 days`."""
    if count != 1:
        consonant = noun.endswith("y") and noun[-2] not in "aeiou"
        noun = f"{noun[:-1]}ies" if consonant else f"{noun}s"
    return f"{count} {noun}"


def _default(value: object) -> object:
    from datetime import datetime

    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, (Path, bytes)):
        return value.hex() if isinstance(value, bytes) else str(value)
    return str(value)


def as_object(answer: Mapping[str, Any]) -> str:
    """The one JSON object, RFC 8259: without `NaN` and `Infinity`, which others cannot read."""
    return json.dumps(_finite(answer), ensure_ascii=False, default=_default, allow_nan=False)


def _finite(value: Any) -> Any:
    """Numbers that JSON has not become text; all else is as it was."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(inner) for inner in value]
    return value


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
            click.echo(as_object(answer))
        else:
            for line in answer.lines:
                click.echo(plain(line))
        if not answer.ok:
            context.exit(REFUSED)

    return command


def quiet() -> bool:
    """Whether the running command prints JSON, and nothing else."""
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get("json"))


def run(
    group: click.Group,
    arguments: Sequence[str] | None = None,
    *,
    environment: Environment | None = None,
) -> int:
    """Run the command line and turn every ending into an exit code and one sentence.

    `arguments` are those of the process unless given; `environment` is the machine's unless a
    test hands in its own.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    wants_json = "--json" in arguments
    try:
        result = group.main(
            args=arguments,
            prog_name="waystation",
            standalone_mode=False,
            windows_expand_args=False,
            obj=environment,
        )
        return result if isinstance(result, int) else DONE
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.Abort:
        return _refuse("stopped", "Stopped. Nothing was left half done.", wants_json)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "waystation"
        click.echo(plain(f"{error.format_message()} See `{command} --help`."), err=True)
        return _ended(USAGE, "usage", error.format_message(), wants_json)
    except click.ClickException as error:
        return _refuse("usage", error.format_message(), wants_json)
    except Exception as error:  # the last net: every other handler is narrower
        told = _told(error)
        if told is not None:
            return _refuse(*told, wants_json)
        return _fault(error, wants_json)


def _told(error: Exception) -> tuple[str, str] | None:
    """Code and sentence of an error that knows them: the rooms' own trees, and the machine's."""
    code, sentence = getattr(error, "code", None), getattr(error, "sentence", None)
    if isinstance(code, str) and isinstance(sentence, str):
        return code, sentence
    if isinstance(error, OSError) and error.errno is not None:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return "disk_full", "The disk is full. Free some space, then run the command again."
        where = error.filename if isinstance(error.filename, str) else None
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            what = "may not be written or read by this account"
        elif error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST):
            what = "is not there, or is something else than it should be"
        else:
            what = f"cannot be read or written ({errno.errorcode.get(error.errno, 'unknown')})"
        where = where or "A file or folder"
        return "file", f"{where} {what}. Check the name, the rights and the disk."
    return None


def _refuse(code: str, sentence: str, wants_json: bool) -> int:
    click.echo(plain(sentence), err=True)
    return _ended(REFUSED, code, sentence, wants_json)


def _fault(error: Exception, wants_json: bool) -> int:
    """Ours: the frames and the error's type, never its text, which could quote a record."""
    import traceback

    for frame in traceback.extract_tb(error.__traceback__)[-6:]:
        click.echo(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}", err=True)
    sentence = (
        f"Waystation failed ({type(error).__name__}). Nothing was left half done; "
        "please report the lines above."
    )
    click.echo(sentence, err=True)
    return _ended(FAULT, "fault", sentence, wants_json)


def _ended(code: int, reason: str, sentence: str, wants_json: bool) -> int:
    """The exit code, after the one object that a program waits for."""
    if wants_json:
        told = {"error": {"code": reason, "message": sentence}}
        click.echo(as_object(told))
    return code
