"""A process of the service that ends, as by a power cut, at the point that a test has armed.

`python -m tests.faults.service_child FILE front|admission`: the file holds the point's name.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from registry.service import process


def main() -> None:
    """Be one of the two processes."""
    armed = Path(sys.argv[1])

    def reached(point: str) -> None:
        if armed.exists() and armed.read_text("ascii") == point:
            armed.unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    process.main(sys.argv[2], reached=reached)


if __name__ == "__main__":
    main()
