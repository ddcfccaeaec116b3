"""The process in which a foreign file is looked into: `documents.apart` starts and ends it.

It is given the file through its standard input and tells what it finds, a line of JSON a page. It
writes no file, keeps no core, and takes only so much memory where the system can be asked for that.
"""

import json
import os
import sys
import threading
from typing import IO, Any

from documents import codes

MAX_MEMORY = 2 * 1024**3
"""Bytes of address space, of which the libraries take a third; a page of 50 megapixels, drawn,
enlarged and softened, takes 400 MB, and the file itself has at most 200."""


def main() -> None:
    """Read a file from standard input, look for codes, and tell."""
    taken, tells = sys.stdin.buffer, sys.stdout.buffer
    data = taken.read(int.from_bytes(taken.read(8), "big"))
    threading.Thread(target=_end_with, args=(taken,), daemon=True).start()
    import pypdfium2  # noqa: F401 - before the limits: libraries are mapped with what is allowed
    import zxingcpp  # noqa: F401 - likewise

    _limit()

    def tell(**said: Any) -> None:
        tells.write(json.dumps(said).encode("ascii") + b"\n")
        tells.flush()

    searched = codes.search(
        data,
        progress=lambda done, total: tell(done=done, total=total),
        read=lambda texts, page: tell(found=list(texts), page=page),
    )
    unseen = searched.unseen
    tell(end=True, unseen=None if unseen is None else [unseen.reason, unseen.page])


def _end_with(taken: IO[bytes]) -> None:
    """End when whoever waits has ended, whatever a library is busy with."""
    try:
        taken.read(1)
    finally:
        os._exit(1)


def _limit() -> None:
    try:
        import resource
    except ImportError:
        return  # Windows: the time is limited, the memory is not
    for what, most in (
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            continue  # a system that has the name and not the thing
