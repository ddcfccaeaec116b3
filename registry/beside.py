"""Whether the registry's service runs beside this program, and what waits for it meanwhile.

One program writes a registry. While a window has it, the service takes nothing in; while the
service takes something in, no window opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.service.staging import FOLDER, Staging

if TYPE_CHECKING:
    from pathlib import Path

ALIVE_SECONDS: Final = 15.0
"""Admission gives a sign several times a second; a large batch may take some."""


@dataclass(frozen=True, slots=True)
class Beside:
    """`running`: there is a service. `waiting` bundles have come over the network and lie there."""

    running: bool = False
    waiting: int = 0


def look(folder: Path) -> Beside:
    """What is beside the program that has this registry, or wants it. Changes nothing."""
    staging = Staging(folder / FOLDER)
    if not staging.root.is_dir():
        return Beside()
    beaten = staging.beaten()
    return Beside(
        running=beaten is not None and beaten[0] < ALIVE_SECONDS, waiting=len(staging.waiting())
    )
