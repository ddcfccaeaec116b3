"""Node.js and the packages of the page's sources, where they are."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "verifier"
PATIENCE = 240  # seconds


def node(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run node among the sources; skips where it or the packages are missing."""
    found = shutil.which("node")
    if found is None or not (SOURCES / "node_modules" / "pako").is_dir():
        pytest.skip("Node.js or the packages of verifier/ are not here; `make verifier` gets them")
    return subprocess.run(
        [found, *arguments],
        cwd=SOURCES,
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
