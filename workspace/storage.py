"""How much room the disk has left, and what to say about it while there is still time."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOW_BYTES = 2 * 1024**3
"""About a week of families with photos and one export of all of them."""
FULL_BYTES = 200 * 1024**2
"""Below this an export could no longer be written beside the store."""


@dataclass(frozen=True, slots=True)
class StorageState:
    """Free bytes on the disk that holds the workspace."""

    free: int
    low: bool
    full: bool


def state(folder: Path) -> StorageState:
    """Ask the file system."""
    free = shutil.disk_usage(folder).free
    return StorageState(free=free, low=free < LOW_BYTES, full=free < FULL_BYTES)


def warning(storage: StorageState) -> str | None:
    """The sentence to show, or None when there is room."""
    if storage.full:
        return (
            "The disk is almost full. Export to a USB stick now, then free some space: "
            "new registrations may soon be refused."
        )
    if storage.low:
        return f"The disk has {storage.free // 1024**2} MB left. Free some space this week."
    return None
