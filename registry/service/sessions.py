"""Sessions of the front: who speaks, and which request is the newest. In memory only.

A restart of the front ends all of them, and a station begins another. A challenge is not
remembered: it carries its end and a seal, so that strangers can fill nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from values.clock import Entropy
    from values.identifiers import OfficeId

CHALLENGE_SECONDS: Final = 120.0
"""A question and its answer over the slowest line."""
PER_STATION: Final = 4
"""Sessions of one station at once: one that broke may not be known to have broken."""
_RANDOM, _SEAL = 16, 16


@dataclass(slots=True)
class Session:
    """One station's session. `number` is of its newest request, `used` the front's own clock."""

    id: str
    office: OfficeId
    used: float
    number: int = 0

    def take(self, number: int, now: float) -> bool:
        """Whether this request is newer than all before; the newest from now on."""
        if number <= self.number:
            return False
        self.number, self.used = number, now
        return True


class Sessions:
    """All of them."""

    def __init__(
        self, *, monotonic: Callable[[], float], entropy: Entropy, lifetime: float
    ) -> None:
        self._monotonic = monotonic
        self._entropy = entropy
        self._lifetime = lifetime
        self._key = entropy(32)
        self._open: dict[str, Session] = {}
        self._answered: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._open)

    def challenge(self) -> str:
        """A name that can begin one session, for a short time."""
        until = struct.pack(">d", self._monotonic() + CHALLENGE_SECONDS)
        body = self._entropy(_RANDOM) + until
        return _text(body + self._seal(body))

    def genuine(self, challenge: str) -> bool:
        """Whether this front drew it, a short time ago, and it began no session yet."""
        body, seal = _split(challenge)
        if not hmac.compare_digest(seal, self._seal(body)):
            return False
        (until,) = struct.unpack(">d", body[_RANDOM:])
        now = self._monotonic()
        self._answered = {one: at for one, at in self._answered.items() if at >= now}
        return bool(until >= now) and challenge not in self._answered

    def begin(self, challenge: str, office: OfficeId) -> Session:
        """A session for whoever answered the challenge rightly."""
        now = self._monotonic()
        self._answered[challenge] = now + CHALLENGE_SECONDS
        self._expire(now)
        own = sorted(
            (one for one in self._open.values() if one.office == office), key=lambda one: one.used
        )
        for old in own[: max(0, len(own) - PER_STATION + 1)]:
            del self._open[old.id]
        session = Session(_text(self._entropy(24)), office, now)
        self._open[session.id] = session
        return session

    def find(self, name: str) -> Session | None:
        """An open session."""
        found = self._open.get(name)
        if found is not None and found.used + self._lifetime < self._monotonic():
            del self._open[name]
            return None
        return found

    def end(self, session: Session) -> None:
        """Close it."""
        self._open.pop(session.id, None)

    def _expire(self, now: float) -> None:
        for old in [one for one in self._open.values() if one.used + self._lifetime < now]:
            del self._open[old.id]

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, hashlib.sha256)[:_SEAL]


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _split(challenge: str) -> tuple[bytes, bytes]:
    """Body and seal; what is no challenge has an empty seal, which fits nothing."""
    nothing = bytes(_RANDOM + 8), b""
    if len(challenge) > 100 or not challenge.isascii():
        return nothing
    try:
        data = base64.urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4))
    except ValueError:
        return nothing
    if len(data) != _RANDOM + 8 + _SEAL or _text(data) != challenge:
        return nothing
    return data[: _RANDOM + 8], data[_RANDOM + 8 :]
