"""The front as a server: uvicorn, with a connection that must speak within its time."""

from __future__ import annotations

import asyncio
import ssl
import time
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from registry.service.front import Front, make_app
from registry.service.gate import Gate
from registry.service.limits import MAX_HEAD_BYTES, Limits

if TYPE_CHECKING:
    from registry.service.staging import Staging


def server(
    staging: Staging,
    *,
    limits: Limits | None = None,
    context: ssl.SSLContext | None = None,
    open_metrics: bool = False,
) -> tuple[uvicorn.Server, Front]:
    """A server that is not running yet, and the front behind it.

    `context`: with TLS. Call its ``run(sockets=[...])``; ``should_exit`` ends it in order.
    """
    front = Front(staging, limits=limits)
    app = Gate(make_app(front, open_metrics=open_metrics), front, monotonic=time.monotonic)
    limits = front.limits
    config = uvicorn.Config(
        app,
        http=_patient(limits.head_seconds),
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=round(limits.idle_seconds),
        timeout_graceful_shutdown=10,
        limit_concurrency=limits.connections,
        h11_max_incomplete_event_size=MAX_HEAD_BYTES,
        ssl_context_factory=(lambda config, default: context) if context else None,
    )
    return uvicorn.Server(config), front


def _patient(seconds: float) -> type[asyncio.Protocol]:
    """A connection that is closed when its next request does not begin in time.

    uvicorn waits for ever for the first line, for the rest of one that has begun, and for the rest
    of a body after the answer. Time goes by from the first byte, however many follow.
    """

    class Patient(H11Protocol):
        _clock: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._wind()

        def data_received(self, data: bytes) -> None:
            cycle = self.cycle
            super().data_received(data)
            if self.cycle is not cycle:
                # A whole head came: from here on the application looks at the time.
                self._stop()
            elif self._clock is None and cycle is not None and cycle.response_complete:
                # The next head begins, or what was answered goes on without end: nobody reads it.
                self._wind()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            # Bytes of a next head that already came are not waited for without end.
            if self.conn.trailing_data[0]:
                self._wind()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop()
            super().connection_lost(exc)

        def _wind(self) -> None:
            self._stop()
            self._clock = self.loop.call_later(seconds, self._give_up)

        def _stop(self) -> None:
            if self._clock is not None:
                self._clock.cancel()
                self._clock = None

        def _give_up(self) -> None:
            if not self.transport.is_closing():
                self.transport.close()

    return Patient
