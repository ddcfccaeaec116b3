"""Chromium without a screen or a network, driven over its own debugging pipe.

The pipe takes and gives JSON, each message ended by a zero byte, on the file descriptors 3 and 4 of
the browser (`--remote-debugging-pipe`). Nothing else is needed: no driver, no port, no package.
Every wait has a deadline, and the browser is killed whatever happens.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PATIENCE = 60.0  # seconds for any one answer, on a machine that does much else

_FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)


class BrowserError(AssertionError):
    """The browser did not do what it was asked, or not in time."""


def binary() -> str | None:
    """Where the browser is, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Pipe:
    """Messages to and from the browser."""

    def __init__(self, write: int, read: int) -> None:
        self._write = write
        self._read = read
        self._rest = b""
        self._last = 0
        self.events: list[Mapping[str, Any]] = []

    def call(
        self,
        method: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        session: str | None = None,
        seconds: float = PATIENCE,
    ) -> dict[str, Any]:
        """Ask, and wait for the answer. Events that come meanwhile are kept."""
        self._last += 1
        asked: dict[str, Any] = {"id": self._last, "method": method, "params": parameters or {}}
        if session is not None:
            asked["sessionId"] = session
        end = time.monotonic() + seconds
        self._send(json.dumps(asked).encode() + b"\0", end, method)
        while True:
            message = self._next(end, method)
            if message.get("id") != self._last:
                self.events.append(message)
            elif "error" in message:
                raise BrowserError(f"{method}: {message['error']['message']}")
            else:
                result: dict[str, Any] = message["result"]
                return result

    def _send(self, data: bytes, end: float, what: str) -> None:
        while data:
            left = end - time.monotonic()
            if left <= 0 or not select.select([], [self._write], [], left)[1]:
                raise BrowserError(f"the browser does not listen: {what}")
            data = data[os.write(self._write, data[:4096]) :]

    def _next(self, end: float, what: str) -> dict[str, Any]:
        while b"\0" not in self._rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._read], [], [], left)[0]:
                raise BrowserError(f"no answer in time: {what}")
            read = os.read(self._read, 1 << 20)
            if not read:
                raise BrowserError(f"the browser is gone: {what}")
            self._rest += read
        message, self._rest = self._rest.split(b"\0", 1)
        decoded: dict[str, Any] = json.loads(message)
        return decoded


@contextmanager
def browser(profile: Path, *flags: str) -> Iterator[Pipe]:
    """A running browser with an empty profile of its own."""
    found = binary()
    assert found is not None, "ask binary() first"
    to_browser, from_browser = os.pipe(), os.pipe()
    # Out of the way of 3 and 4, which the browser's ends become.
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 16) for end in (to_browser[0], from_browser[1])]
    for end in (to_browser[0], from_browser[1]):
        os.close(end)
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    try:
        process = os.posix_spawn(
            found,
            [found, *_FLAGS, *as_root, *flags, f"--user-data-dir={profile}", "about:blank"],
            {**os.environ, "HOME": str(profile), "LANG": "C.UTF-8"},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, ends[0], 3),
                (os.POSIX_SPAWN_DUP2, ends[1], 4),
            ],
            setpgroup=0,
        )
    finally:
        for end in ends:
            os.close(end)
    try:
        yield Pipe(to_browser[1], from_browser[0])
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
        os.waitpid(process, 0)
        for end in (to_browser[1], from_browser[0]):
            os.close(end)


# A clock that a test sets; before the page's own script, and outside its policy.
_CLOCK = """
(() => {
  const Real = Date;
  globalThis.testedNow = null;
  globalThis.Date = class extends Real {
    constructor(...given) {
      if (given.length || globalThis.testedNow === null) super(...given);
      else super(globalThis.testedNow);
    }
    static now() {
      return globalThis.testedNow ?? Real.now();
    }
  };
})();
"""


class Tab:
    """One page of the browser, offline, at a fixed time."""

    def __init__(self, pipe: Pipe, *, width: int = 1280, height: int = 900) -> None:
        self._pipe = pipe
        target = pipe.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        attached = pipe.call("Target.attachToTarget", {"targetId": target, "flatten": True})
        self._target = target
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "DOM"):
            self.call(f"{domain}.enable")
        offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        self.call("Network.emulateNetworkConditions", offline)
        self.resize(width, height)
        self.call("Page.addScriptToEvaluateOnNewDocument", {"source": _CLOCK})

    def call(self, method: str, parameters: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask the browser about this page."""
        return self._pipe.call(method, parameters, session=self._session)

    def resize(self, width: int, height: int, *, mobile: bool = False) -> None:
        """The size of the window, in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile},
        )

    def emulate(self, **features: str) -> None:
        """Media features, such as `prefers_color_scheme="dark"`."""
        named = [
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()
        ]
        self.call("Emulation.setEmulatedMedia", {"features": named})

    def open(self, path: Path, *, ready: str) -> None:
        """Open a file, and wait until the expression `ready` holds."""
        self.call("Page.navigate", {"url": path.as_uri()})
        self.wait_for(ready)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page; a promise's when it is one."""
        answer = self.call(
            "Runtime.evaluate",
            {
                "expression": expression,
                "awaitPromise": True,
                "returnByValue": True,
                "allowUnsafeEvalBlockedByCSP": False,  # the page's policy holds here too
            },
        )
        if "exceptionDetails" in answer:
            thrown = answer["exceptionDetails"]
            raise BrowserError(thrown.get("exception", {}).get("description", thrown["text"]))
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> Any:
        """The value of an expression as soon as it is true; looked at with every frame."""
        return self.evaluate(
            "new Promise((done) => { const look = () => { let now; try { now = "
            f"({expression}); }} catch {{ now = false; }}"
            " if (now) done(now); else requestAnimationFrame(look); }; look(); })"
        )

    def at(self, seconds: float) -> None:
        """Set the page's clock, in seconds since 1970."""
        self.evaluate(f"globalThis.testedNow = {seconds * 1000}; 0")

    def choose(self, selector: str, file: Path) -> None:
        """Give a file to a file field."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        self.call("DOM.setFileInputFiles", {"nodeId": node, "files": [str(file)]})

    def press(self, key: str, *, code: int = 0) -> None:
        """Press and release a key, by the name and number that browsers give it."""
        about = {"key": key, "windowsVirtualKeyCode": code}
        text = {"text": "\r" if key == "Enter" else key} if len(key) == 1 or key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", {"type": "keyDown", **about, **text})
        self.call("Input.dispatchKeyEvent", {"type": "keyUp", **about})

    def picture(self) -> bytes:
        """The whole page as a PNG."""
        import base64

        shot = self.call("Page.captureScreenshot", {"captureBeyondViewport": True})
        return base64.b64decode(shot["data"])

    def events(self, method: str) -> list[Mapping[str, Any]]:
        """What the browser has told of this page."""
        return [
            event["params"]
            for event in self._pipe.events
            if event.get("sessionId") == self._session and event["method"] == method
        ]

    def forget_events(self) -> None:
        """What the browser has told until now counts no longer."""
        self._pipe.events.clear()

    def requests(self) -> list[str]:
        """Every address that the page has asked for."""
        return [event["request"]["url"] for event in self.events("Network.requestWillBeSent")]

    def complaints(self) -> list[str]:
        """What went wrong inside: exceptions, and what the policy refused."""
        thrown = [event["exceptionDetails"] for event in self.events("Runtime.exceptionThrown")]
        logged = [event["entry"]["text"] for event in self.events("Log.entryAdded")]
        return [*(one.get("exception", {}).get("description", "") for one in thrown), *logged]

    def close(self) -> None:
        """Leave the page."""
        self._pipe.call("Target.closeTarget", {"targetId": self._target})
