"""Around the application: the log of requests, the counters, and which request is answered.

The log has the route and never what is in it: no ids of bundles, no bodies, nobody's name. An
address is written where somebody was refused, so that a wall can be put up.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect

from sync.http_signing import NUMBER_FIELD

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from registry.service.front import Front

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger("waystation.service")

_NUMBER = re.compile(rb"[0-9]{1,16}")


class Gate:
    """An ASGI application around another."""

    def __init__(self, app: App, front: Front, *, monotonic: Callable[[], float]) -> None:
        self._app = app
        self._front = front
        self._monotonic = monotonic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = self._monotonic()
        status, came, went = 0, 0, 0
        number = dict(scope["headers"]).get(NUMBER_FIELD.lower().encode("ascii"), b"")

        async def hearing() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            return message

        async def telling(message: Message) -> None:
            nonlocal status, went
            if message["type"] == "http.response.start":
                status = message["status"]
                if _NUMBER.fullmatch(number):
                    # A line that repeats bytes repeats answers: the client can tell by this.
                    field = (NUMBER_FIELD.lower().encode("ascii"), number)
                    message["headers"] = [*message.get("headers", ()), field]
            went += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, hearing, telling)
        except ClientDisconnect:
            # Lines break all day: it is logged below as what it is, and is no fault. What was made
            # of it for an answer reached nobody.
            status = 0
        finally:
            route = getattr(scope.get("route"), "path", "(none)")
            method = scope["method"] if route != "(none)" else "(any)"
            self._front.metrics.requests.labels(method, route, str(status)).inc()
            refused = status in (0, 401, 403, 429)
            log.info(
                "%s %s %s in %d B out %d B %d ms%s%s",
                method,
                route,
                status or "broken off",
                came,
                went,
                round((self._monotonic() - begun) * 1000),
                f" station {scope['waystation.station']}" if "waystation.station" in scope else "",
                f" from {scope['client'][0]}" if refused and scope.get("client") else "",
            )
