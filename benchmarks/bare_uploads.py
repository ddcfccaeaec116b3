"""The baseline of `uploads`: `python -m benchmarks.bare_uploads DESCRIPTOR FOLDER`.

A bare uvicorn application that writes what is PUT into files, and nothing else: no signature, no
hash, no flush, no limit.
"""

from __future__ import annotations

import itertools
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn


def main() -> None:
    """Serve until standard input closes."""
    folder = Path(sys.argv[2])
    count = itertools.count()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        with (folder / str(next(count))).open("wb") as file:
            more = True
            while more:
                message = await receive()
                file.write(message.get("body", b""))
                more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    config = uvicorn.Config(
        app, http="h11", loop="asyncio", ws="none", lifespan="off", log_config=None,
        access_log=False, log_level="warning",
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


if __name__ == "__main__":
    main()
