"""The limits of the service, each with its reason. Sizes are bytes, times seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sync.limits import KIB, MAX_PART_BYTES, MAX_SIGNED_BYTES, MIB

__all__ = ["MAX_ASKED_BYTES", "MAX_PART_BYTES", "MAX_SIGNED_BYTES", "Limits"]

GIB: Final = 1024 * MIB

# A list of 20,000 hashes as JSON, the longest that a bundle can ask about.
MAX_ASKED_BYTES: Final = 2 * MIB

# Lines of request and header fields: ours have a thousand bytes.
MAX_HEAD_BYTES: Final = 16 * KIB

# Written to the disk in pieces of this size: large enough that the thread costs little, small
# enough that a hundred uploads at once take a few megabytes.
PIECE_BYTES: Final = 256 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """What an administrator may set, with what holds unless one does."""

    station_bytes: int = 16 * GIB
    """Staged for one station and not yet admitted: two million people without photographs, or a
    year of a busy site with them. A station that is over it waits until some is taken in."""
    disk_floor: int = 1 * GIB
    """Left free on the disk whatever stations send: the registry's own store writes there too."""
    idle_seconds: float = 60.0
    """Without a byte: a satellite line can be silent for this long, a dead one is given up."""
    head_seconds: float = 20.0
    """For a connection's first request line and fields, after which it is closed."""
    slow_seconds: float = 60.0
    """Grace of an upload before its rate is looked at."""
    slow_rate: int = 512
    """Bytes a second on the whole: a tenth of the worst modem. Slower is an attack or a fault."""
    station_rate: float = 20.0
    """Requests a second of one station, on the whole."""
    station_burst: float = 200.0
    """Requests of one station at once."""
    stranger_rate: float = 5.0
    """Requests a second from one address that are not of a session. Fifty stations may stand
    behind one address, and each needs two to begin."""
    stranger_burst: float = 300.0
    """Such requests at once."""
    connections: int = 512
    """At once. Each costs a few kilobytes and one file."""
    session_seconds: float = 3600.0
    """A session that was not used for so long is over."""
    wait_seconds: float = 25.0
    """The longest that a question may wait for its answer: shorter than relays are patient."""
    late_seconds: float = 30.0
    """Without a sign of life from admission, after which nobody waits for it."""
