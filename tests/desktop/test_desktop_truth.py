"""Emitting signals all day does not end the program."""

from __future__ import annotations

import subprocess
import sys

MORNING = """
import sys
from PySide6.QtCore import QObject, Signal

class Typist(QObject):
    typed = Signal()

{before}
typist = Typist()
for _ in range(sys.getrefcount(True) % (1 << 30) + 50_000):
    typist.typed.emit()
print("still here")
"""


def test_a_morning_of_signals_does_not_use_up_true() -> None:
    kept = MORNING.format(before="from desktop.truth import keep_true; keep_true(); keep_true()")
    done = subprocess.run(
        [sys.executable, "-c", kept], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-400:]
    assert done.stdout.strip() == "still here"
