"""Lines that are held open, broken off and begun twice: nobody is kept out by them."""

from __future__ import annotations

import hashlib
import logging
import os
import socket
import threading
from pathlib import Path

import httpx2
import pytest

from registry.service import receiving
from registry.service.known import Caller, Known
from registry.service.limits import Limits
from registry.service.staging import Staging
from tests.registry.test_service_front import KEY, OFFICE, REGISTRY, Station
from tests.serving import Served, fronting, until


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    """A folder that knows a station."""
    found = Staging.of(tmp_path)
    Known(REGISTRY, "Anywhere", {OFFICE: Caller(OFFICE, "A01", KEY.public, active=True)}).write(
        found.known
    )
    return found


def told(line: socket.socket) -> bytes:
    """What is answered until nothing more comes."""
    found = b""
    while b"\r\n\r\n" not in found:
        piece = line.recv(4096)
        assert piece
        found += piece
    return found


def is_closed(line: socket.socket, trickle: bytes) -> bool:
    """Whether the other side gives the line up although something comes now and then."""
    line.settimeout(0.05)
    for _ in range(200):
        try:
            line.sendall(trickle)
            if line.recv(4096) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


@pytest.mark.parametrize(
    ("head", "more", "trickle"),
    [
        (b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", b"", b"a"),
        (b"GET /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", b"", b"a"),
        (
            b"POST /v1/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"fffff\r\n",
            b"a",
        ),
        (b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /health HTTP/1.1\r\nX: ", b"a"),
    ],
    ids=["body", "body of nothing", "chunks", "next head"],
)
def test_an_answered_line_is_not_held(
    staging: Staging, head: bytes, more: bytes, trickle: bytes
) -> None:
    """Five hundred such lines, which any stranger can open, would keep every station out."""
    with (
        fronting(staging, limits=Limits(head_seconds=0.3)) as service,
        socket.create_connection(("127.0.0.1", service.port), timeout=20) as line,
    ):
        line.sendall(head)
        told(line)
        line.sendall(more)
        assert is_closed(line, trickle)


def test_lines_that_are_held_keep_nobody_out(staging: Staging) -> None:
    head = b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
    with fronting(staging, limits=Limits(connections=10, head_seconds=0.3)) as service:
        lines = []
        for _ in range(9):
            lines.append(socket.create_connection(("127.0.0.1", service.port), timeout=20))
            lines[-1].sendall(head)
            told(lines[-1])
        assert httpx2.get(f"{service.url}/health", trust_env=False).status_code == 503
        for line in lines:
            assert is_closed(line, b"a")
            line.close()
        assert httpx2.get(f"{service.url}/health", trust_env=False).status_code == 200


def test_a_line_may_be_used_again(staging: Staging) -> None:
    """What was read whole is answered on one line, as often as one likes."""
    with fronting(staging) as service, httpx2.Client(trust_env=False) as client:
        for _ in range(3):
            assert client.get(f"{service.url}/health").status_code == 200
            assert client.post(f"{service.url}/v1/session", content=b"xyz").status_code == 200
        assert service.server.server_state.total_requests == 6


def test_a_part_that_comes_twice_at_once(staging: Staging, monkeypatch: pytest.MonkeyPatch) -> None:
    """A station takes a slow disk for a broken line and begins again, while the first upload is
    being kept: the part is whole then, whatever becomes of the second."""
    data = os.urandom(300_000)
    name = hashlib.sha256(data).hexdigest()
    kept, go_on = threading.Event(), threading.Event()

    def reached(point: str) -> None:
        if point == "part written":
            kept.set()
            go_on.wait(20)

    slow = Staging(staging.root, reached=reached)
    opened = threading.Event()
    genuine = receiving._open

    def opening(*given: object) -> object:
        if kept.is_set():
            opened.set()
        return genuine(*given)  # type: ignore[arg-type]  # what it was given

    monkeypatch.setattr(receiving, "_open", opening)
    with fronting(slow) as service:
        first, second = Station(service.url), Station(service.url)
        for one in (first, second):
            assert one.begin().status_code == 200
        answers: list[int] = []
        upload = threading.Thread(target=lambda: answers.append(first.put(data).status_code))
        upload.start()
        assert kept.wait(20)
        with _begun(service, second, name, data):
            opened.wait(1)  # as it was, it began now
            go_on.set()
            upload.join(20)
        assert answers == [204]
        assert service.staging.part(OFFICE, name).read_bytes() == data
        assert second.put(data).status_code == 204


def _begun(service: Served, station: Station, name: str, data: bytes) -> socket.socket:
    """An upload that broke off in its middle."""
    fields = station.signed("PUT", f"/v1/parts/{name}", data)
    line = socket.create_connection(("127.0.0.1", service.port), timeout=20)
    said = {"Host": "x", "Content-Length": str(len(data)), **fields}
    head = "".join(f"{key}: {value}\r\n" for key, value in said.items())
    line.sendall(f"PUT /v1/parts/{name} HTTP/1.1\r\n{head}\r\n".encode("ascii") + data[:1000])
    return line


def test_a_broken_line_is_no_fault(staging: Staging, caplog: pytest.LogCaptureFixture) -> None:
    """Lines break all day: each is one line of the log, and no traceback."""
    data = bytes(300_000)
    name = hashlib.sha256(data).hexdigest()
    with caplog.at_level(logging.INFO), fronting(staging) as service:
        station = Station(service.url)
        station.begin()
        with _begun(service, station, name, data):
            until(lambda: staging.partial(OFFICE, name).exists())
        until(lambda: "broken off" in caplog.text)
    assert staging.begun(OFFICE, name) == 1000
    assert "Traceback" not in caplog.text and "Exception" not in caplog.text


def test_what_follows_a_number_sign_is_signed_too(staging: Staging) -> None:
    """A parser of addresses leaves it out, and the service would read on behind it."""
    with fronting(staging) as service:
        station = Station(service.url)
        station.begin()
        fields = station.signed("GET", "/v1/notices?after=5")
        head = "".join(f"{key}: {value}\r\n" for key, value in fields.items())
        with socket.create_connection(("127.0.0.1", service.port), timeout=20) as line:
            line.sendall(
                f"GET /v1/notices?after=5#&after=9 HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode(
                    "ascii"
                )
            )
            assert b" 403 " in told(line)
