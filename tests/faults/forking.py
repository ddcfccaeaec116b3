"""A process that starts commands as processes of their own, without waiting for Python each time.

`Forker` starts this module once; it imports the program and then forks for every command, so that
forty real processes can be killed in the time in which two would start.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.places import WORDS


@dataclass
class Child:
    """A command that runs, with the file that its standard output goes to."""

    pid: int
    out: Path
    code_file: Path

    def kill(self) -> None:
        """End it as a power cut would."""
        with suppress(ProcessLookupError):  # it was quicker
            os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self, seconds: float = 60) -> int | None:
        """Its exit code, or None when it was killed."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.code_file.exists() and (text := self.code_file.read_text()).endswith("\n"):
                return int(text) if text.strip() != "killed" else None
            time.sleep(0.002)
        raise TimeoutError("the command did not end")

    def wait_for_lines(self, count: int, seconds: float = 60) -> None:
        """Wait until it has printed so many lines, or has ended."""
        until = time.monotonic() + seconds
        while len(self.lines) < count and not self.code_file.exists():
            if time.monotonic() > until:
                raise TimeoutError("the command prints nothing")
            time.sleep(0.001)

    @property
    def lines(self) -> list[str]:
        """The whole lines that it has printed."""
        text = self.out.read_text("utf-8")
        return text[: text.rfind("\n") + 1].splitlines()


class Forker:
    """Starts commands. Close it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forking"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def start(self, *words: object, state: Path, at: datetime, dies: str = "") -> Child:
        """Run a command with cheap slots, the state folder and the clock given.

        `dies` names where it is killed, as by a power cut: `before` or `after`, the call counted
        from 1, module and name of a function; as in ``before 2 station.batch down``. Blocks of a
        print run are of three documents then.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        self._count += 1
        out = self._folder / f"out-{self._count}"
        code = self._folder / f"code-{self._count}"
        asked = {
            "words": [str(word) for word in words], "state": str(state), "at": at.isoformat(),
            "dies": dies,
            "out": str(out), "code": str(code),
        }  # fmt: skip
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Child(int(self._process.stdout.readline()), out, code)

    def close(self) -> None:
        """End the process that forks."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def main() -> None:
    """Read commands, fork for each, tell their process ids, note how they ended."""
    import threading

    import station.intake  # noqa: F401 - imported before the fork, which is the point
    from cli.main import waystation
    from cli.running import run
    from tests.places import environment

    print("ready", flush=True)
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        Path(asked["out"]).touch()
        pid = os.fork()
        if pid == 0:
            output = os.open(asked["out"], os.O_WRONLY | os.O_APPEND)
            os.dup2(output, 1)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            os.environ["WAYSTATION_PASSPHRASE"] = WORDS
            env = environment(Path(asked["state"]), at=datetime.fromisoformat(asked["at"]))
            if asked["dies"]:
                _die(*asked["dies"].split())
            code = run(waystation, asked["words"], environment=env)
            sys.stdout.flush()
            os._exit(code)
        threading.Thread(target=_note, args=(pid, Path(asked["code"]))).start()
        print(pid, flush=True)


def _die(when: str, call: str, module: str, name: str) -> None:
    """Let a function end this process, before or after its work."""
    from importlib import import_module

    from station import batch_run

    batch_run.BLOCK = 3
    holder: Any = import_module(module)
    *path, name = name.split(".")
    for part in path:
        holder = getattr(holder, part)
    genuine, calls = getattr(holder, name), iter(range(1, 1_000))

    def dying(*arguments: Any, **more: Any) -> Any:
        last = next(calls) == int(call)
        if last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = genuine(*arguments, **more)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(holder, name, dying)


def _note(pid: int, code: Path) -> None:
    _, status = os.waitpid(pid, 0)
    ended = "killed" if os.WIFSIGNALED(status) else str(os.WEXITSTATUS(status))
    code.write_text(ended + "\n")


if __name__ == "__main__":
    main()
