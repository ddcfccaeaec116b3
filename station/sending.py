"""What waits, what was sent, what the registry has acknowledged."""

from __future__ import annotations

from workspace.exported import SendState, state

__all__ = ["SendState", "state"]
