"""Standard streams that may be closed or full: the work goes on, and the end says so.

A command that has registered a family must not fail because nobody can read its answer. So what
cannot be written is dropped, and the exit code and one sentence tell it afterwards.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress

LOST = (
    "The answer could not be written: standard output is full or closed. What was done is done; "
    "look with `search` or `check` before you run the command again."
)


class Patient(io.TextIOWrapper):
    """A text stream that goes quiet instead of failing. `lost` says that something was dropped."""

    lost = False

    def write(self, text: str, /) -> int:
        """Write, or drop what can be written no more."""
        try:
            return super().write(text)
        except (OSError, ValueError):
            self._give_up()
            return len(text)

    def flush(self) -> None:
        """Flush, or drop what is left."""
        try:
            super().flush()
        except (OSError, ValueError):
            self._give_up()

    def _give_up(self) -> None:
        """From here on into the null device: what waits in buffers would fail once more."""
        self.lost = True
        with suppress(OSError, ValueError):
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, self.fileno())
            os.close(sink)


def hold() -> None:
    """Make the three streams usable, whatever they were started with.

    A descriptor that is closed would be given to the next file that is opened, a store perhaps,
    and whatever a library prints would be written into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # Descriptors are handed out from the lowest: this one is `number`.
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = _patient(sys.stdout, 1)
    sys.stderr = _patient(sys.stderr, 2)


def _patient(stream: object, number: int) -> Patient:
    """The stream as it was, forgiving. Names come in every script: a program that reads us gets
    UTF-8 on any machine; a terminal that cannot show a letter shows its number instead."""
    if isinstance(stream, Patient):
        return stream
    if isinstance(stream, io.TextIOWrapper):
        encoding = stream.encoding if stream.isatty() else "utf-8"
        return Patient(
            stream.detach(), encoding=encoding, errors="backslashreplace", line_buffering=True
        )
    raw = os.fdopen(number, "wb", closefd=False)
    return Patient(raw, encoding="utf-8", errors="backslashreplace", line_buffering=True)


def ended(code: int) -> int:
    """The exit code, once everything is written: what was lost makes a success a refusal."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    if getattr(sys.stdout, "lost", False):
        if code == 0:
            sys.stderr.write(f"{LOST}\n")
            sys.stderr.flush()
        return code or 1
    return code
