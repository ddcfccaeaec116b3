"""Looking for codes in a foreign file in a process of its own, which can be ended.

The libraries that draw a PDF and unpack a picture run for as long, and take as much memory, as the
file asks for, and nothing in the same process can stop them: a page of 600 bytes may repeat one
drawing ten thousand million times. So the file is looked into elsewhere (`documents.looking`); here
is only waited, at most so long for one page and for all, and what came in time is used.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import IO, Any

from documents import codes
from documents.codes import Found, Progress, Search, Unseen

PAGE_SECONDS = 30.0
"""For one page, at three resolutions: fifteen times what a page of a scan takes."""
FILE_SECONDS = 1800.0
"""For all of them: twice what 2,500 documents take."""
_POLL = 0.2  # seconds between two questions whether anybody still waits
_MOST_LINE = 4_000_000  # characters of what is told of one page
_OWN = ("WAYSTATION_",)  # passphrases and settings, which are nothing to a reader of files

_START = "import sys; sys.path[:] = sys.argv[1:]; from documents.looking import main; main()"

Stopped = Callable[[], bool]


def search(
    data: bytes,
    *,
    progress: Progress = lambda done, total: None,
    stopped: Stopped = lambda: False,
    page_seconds: float = PAGE_SECONDS,
    file_seconds: float = FILE_SECONDS,
) -> Search:
    """Look for codes on every page of `data`, as `codes.search` does.

    `unseen` has the reason ``too_demanding`` besides, from the page on that took too much time or
    memory. `stopped` says that nobody waits any more.
    """
    if codes.is_text(data):
        return codes.search(data)
    with _Reader(data) as reader:
        found: list[Found] = []
        begun = 0  # of pages, those of which something was told
        end = time.monotonic() + file_seconds
        while True:
            told = reader.next(min(page_seconds, end - time.monotonic()), stopped)
            match told:
                case {"found": list(texts), "page": page}:
                    found += [Found(str(text), page) for text in texts]
                    begun += 1
                case {"done": int(done), "total": int(total)}:
                    progress(done, total)
                case {"end": True, "unseen": None}:
                    return Search(tuple(found))
                case {"end": True, "unseen": [str(reason), page]}:
                    return Search(tuple(found), Unseen(reason, page))
                case _:
                    page = begun + 1 if begun else None
                    return Search(tuple(found), Unseen("too_demanding", page))


class _Reader:
    """The process, what it tells, and its end, which comes with the block's."""

    def __init__(self, data: bytes) -> None:
        paths = [os.path.abspath(one) for one in sys.path]  # noqa: PTH100 - "" is where we are
        self._process = subprocess.Popen(  # noqa: S603 - this program itself, with fixed arguments
            [sys.executable, "-I", "-B", "-X", "utf8", "-c", _START, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_without_ours(os.environ),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._told: queue.Queue[Any] = queue.Queue()
        taken, tells = self._process.stdin, self._process.stdout
        assert taken is not None and tells is not None  # noqa: S101 - both are pipes
        self._pipes = (taken, tells)
        self._ears = [
            threading.Thread(target=_give, args=(taken, data), daemon=True),
            threading.Thread(target=_listen, args=(tells, self._told), daemon=True),
        ]

    def __enter__(self) -> "_Reader":
        for one in self._ears:
            one.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for one in self._ears:
            one.join()
        for pipe in self._pipes:
            try:
                pipe.close()
            except OSError:
                continue  # what was not read before its end

    def next(self, seconds: float, stopped: Stopped) -> Any:
        """What it tells next; None when it ended, ran out of time, or nobody waits."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not stopped():
            try:
                return self._told.get(timeout=min(_POLL, left))
            except queue.Empty:
                continue
        return None


def _give(pipe: IO[bytes], data: bytes) -> None:
    """The file. The pipe stays open: that it closes is how the reader learns that we are gone."""
    try:
        pipe.write(len(data).to_bytes(8, "big"))
        pipe.write(data)
        pipe.flush()
    except (OSError, ValueError):
        return  # it ended early, which its silence tells


def _listen(pipe: IO[bytes], told: "queue.Queue[Any]") -> None:
    """What it tells, line by line; None at the end. Its words are foreign too."""
    try:
        while (line := pipe.readline(_MOST_LINE)).endswith(b"\n"):
            told.put(json.loads(line))
    except (OSError, ValueError, RecursionError):
        pass
    told.put(None)


def _without_ours(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if not name.startswith(_OWN)}
