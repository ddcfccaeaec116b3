"""Taking in bodies: within their limit, within their time, compared with what was announced."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import ClientDisconnect

from db.files import BINARY
from registry.service import refusals
from registry.service.limits import MAX_PART_BYTES, PIECE_BYTES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.requests import Request

    from registry.service.limits import Limits
    from registry.service.staging import Staging
    from values.identifiers import OfficeId


def announced_size(request: Request, *, most: int, what: str) -> int:
    """`Content-Length`. Raises `Refusal` when there is none, or when it is too large."""
    text = request.headers.get("content-length", "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        raise refusals.Refusal(411, "length", "Say how long the body is.")
    size = int(text)
    if size > most:
        raise refusals.too_large(what)
    return size


async def pieces(request: Request, size: int, limits: Limits) -> AsyncIterator[bytes]:
    """The body as it comes. Raises `Refusal` when it comes too slowly."""
    loop = asyncio.get_running_loop()
    end = loop.time() + limits.slow_seconds + size / limits.slow_rate
    stream = request.stream().__aiter__()
    while True:
        left = min(limits.idle_seconds, end - loop.time())
        try:
            async with asyncio.timeout(left):
                piece = await anext(stream, b"")
        except TimeoutError:
            raise refusals.too_slow() from None
        if not piece:
            return
        yield piece


async def whole(request: Request, *, most: int, digest: bytes, limits: Limits, what: str) -> bytes:
    """A small body, compared with its signed digest."""
    size = announced_size(request, most=most, what=what)
    data = bytearray()
    async for piece in pieces(request, size, limits):
        data += piece
        if len(data) > size:
            raise refusals.differs()
    if not hmac.compare_digest(hashlib.sha256(data).digest(), digest):
        raise refusals.differs()
    return bytes(data)


def as_object(data: bytes) -> dict[str, Any]:
    """A JSON object, or `Refusal`."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise refusals.malformed("no JSON") from None
    if not isinstance(found, dict):
        raise refusals.malformed("no object")
    return found


class Upload:
    """One part on its way in. A newer upload of the same part takes the place of an older one.

    What arrived stays when the line breaks, and the next upload goes on behind it. Nothing of it
    counts before the whole has the hash that names it.
    """

    def __init__(self, staging: Staging, office: OfficeId, sha256: str) -> None:
        self._staging = staging
        self._office = office
        self._sha256 = sha256
        self._lock = asyncio.Lock()
        self._current = 0

    async def take(
        self, request: Request, *, start: int, size: int, digest: bytes, limits: Limits
    ) -> int:
        """Take the bytes from `start` on; returns how many came. Raises `Refusal`."""
        self._current += 1
        mine = self._current
        whole, sent = hashlib.sha256(), hashlib.sha256()
        path = self._staging.partial(self._office, self._sha256)
        async with self._lock:
            # An older upload wrote its last piece; from here on it finds that it is not wanted,
            # unless all of the part had come and is kept by now.
            if self._staging.has(self._office, self._sha256):
                return 0
            descriptor, at = await to_thread.run_sync(_open, path, start, whole)
        if at != start:
            raise refusals.Refusal(
                409, "offset", "Another part of this is here already. Go on behind it.", at=at
            )
        done = 0
        gathered = bytearray()
        try:
            async for piece in pieces(request, size, limits):
                gathered += piece
                done += len(piece)
                if done > size:
                    raise refusals.differs()
                if len(gathered) >= PIECE_BYTES:
                    await self._write(mine, descriptor, bytes(gathered), whole, sent)
                    gathered.clear()
        except (ClientDisconnect, refusals.Refusal, asyncio.CancelledError):
            # Kept as far as it came; what was twisted on the way is found out by the hash.
            with _open_still(descriptor):
                if mine == self._current:
                    _write(descriptor, bytes(gathered), whole, sent)
            raise
        except BaseException:
            os.close(descriptor)
            raise
        with _open_still(descriptor):
            await self._write(mine, descriptor, bytes(gathered), whole, sent)
            async with self._lock:
                if mine != self._current:
                    raise refusals.replayed()
                sound = hmac.compare_digest(sent.digest(), digest)
                if not sound or whole.hexdigest() != self._sha256:
                    path.unlink(missing_ok=True)
                    raise refusals.differs()
                await to_thread.run_sync(os.fsync, descriptor)
                # Before a newer upload may begin: it would empty the file that gets the name.
                await to_thread.run_sync(self._staging.keep_part, self._office, self._sha256)
        return done

    async def _write(self, mine: int, descriptor: int, data: bytes, whole: Any, sent: Any) -> None:
        async with self._lock:
            if mine != self._current:
                raise refusals.replayed()
            await to_thread.run_sync(_write, descriptor, data, whole, sent)


class _open_still:  # noqa: N801 - read as a word after `with`
    """Closes a descriptor at the end of the block."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __enter__(self) -> None:
        return None

    def __exit__(self, *ended: object) -> None:
        os.close(self._descriptor)


def _open(path: Path, start: int, whole: Any) -> tuple[int, int]:
    """Open for writing behind `start`; the second value is where the file really ends.

    From the beginning always means anew.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | BINARY, 0o600)
    try:
        if start == 0:
            os.ftruncate(descriptor, 0)
        at = os.fstat(descriptor).st_size
        if at != start or start > MAX_PART_BYTES:
            os.close(descriptor)
            return -1, at
        while piece := os.read(descriptor, PIECE_BYTES):
            whole.update(piece)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor, at


def _write(descriptor: int, data: bytes, whole: Any, sent: Any) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    whole.update(data)
    sent.update(data)
