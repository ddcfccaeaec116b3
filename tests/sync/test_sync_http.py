"""The client against services that lie, stumble and stop; and the bytes of a signed request."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ledger.keys import SigningKey
from sync.errors import CancelledError, LineError, NotAdmittedError, ServiceError
from sync.http import Line, NoticeFile, Times, check_url
from sync.http_patience import Patience
from sync.http_signing import EMPTY, UnsignedError, sign, verify
from values.identifiers import BundleId, OfficeId
from values.secret import Secret

OFFICE = OfficeId(uuid.UUID(int=1))
KEY = SigningKey.from_bytes(Secret(bytes(range(32))))
VECTORS = Path(__file__).parents[1] / "vectors" / "http" / "signed.json"

Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def lying(answer: Callable[[str, str, int], Answer]) -> Iterator[str]:
    """A service that lets everybody in and answers as it is told."""
    asked: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

        def _do(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            fields = {"Waystation-Request": self.headers.get("Waystation-Request", "")}
            if self.path == "/v1/session":
                body = json.dumps({"challenge": "abc", "session": "def"}).encode()
                status, more = 200, {}
            else:
                asked.append(1)
                status, more, body = answer(self.command, self.path, len(asked))
            self.send_response(status)
            for name, value in {**fields, "Content-Length": str(len(body)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = _do  # noqa: N815 - names of the library

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def patience(pauses: list[float] | None = None, **more: Any) -> Patience:
    """Notes how long it would have waited."""
    noted = pauses if pauses is not None else []
    return Patience(pause=noted.append, chance=lambda: 1.0, **more)


def line(url: str, **more: Any) -> Line:
    """A line of the station."""
    said = {"patience": patience(), "times": Times(silence=5.0), **more}
    return Line(url, office=OFFICE, key=KEY, **said)


def said(body: object, status: int = 200, **fields: str) -> Answer:
    """An answer in JSON."""
    return status, fields, json.dumps(body).encode()


BUNDLE = BundleId(uuid.UUID(int=7))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"notices": 3}', b"\xff", b'{"notices": ' + b"[" * 100_000]
)
def test_odd_answers(body: bytes) -> None:
    with lying(lambda *asked: (200, {}, body)) as url, line(url) as open_line:
        with pytest.raises(ServiceError) as odd:
            open_line.notices(0)
        assert odd.value.code == "odd_answer"


def test_numbers_that_are_none_are_left_out() -> None:
    wanted = said({"notices": [3, "x", -1, 2, 2, None]})
    with lying(lambda *asked: wanted) as url, line(url) as open_line:
        assert open_line.notices(0) == [2, 3]


@pytest.mark.parametrize(
    "files",
    [
        [],
        [{"name": "manifest.sig", "size": 5, "sha256": "0" * 64}],
        [{"name": "../../x", "size": 5, "sha256": "0" * 64}] * 2,
        [{"name": "manifest.age", "size": 5, "sha256": "0" * 64},
         {"name": "/etc/passwd", "size": 5, "sha256": "0" * 64}],
        [{"name": "manifest.age", "size": 2**40, "sha256": "0" * 64},
         {"name": "manifest.sig", "size": 5, "sha256": "0" * 64}],
        [{"name": "manifest.age", "size": 5, "sha256": "../x"},
         {"name": "manifest.sig", "size": 5, "sha256": "0" * 64}],
        ["manifest.age", "manifest.sig"],
    ],
)  # fmt: skip
def test_files_that_are_no_notices(files: list[object]) -> None:
    """A service names no path on this machine."""
    with lying(lambda *asked: said({"files": files})) as url, line(url) as open_line:
        with pytest.raises(ServiceError) as odd:
            open_line.notice_files(1)
        assert odd.value.code == "odd_answer"


def test_a_file_that_is_another(tmp_path: Path) -> None:
    file = NoticeFile("manifest.age", 5, "0" * 64)
    for body in (b"wrong", b"much too long", b"sho"):
        with (
            lying(lambda *asked, body=body: (200, {}, body)) as url,
            line(url, times=Times(silence=0.1)) as open_line,
            pytest.raises(LineError),
        ):
            open_line.fetch(1, file, tmp_path)
        assert not (tmp_path / "manifest.age").exists()


def test_an_answer_to_another_request_is_none() -> None:
    def late(method: str, path: str, count: int) -> Answer:
        return said({"notices": [9]}, **({"Waystation-Request": "1"} if count == 2 else {}))

    with lying(late) as url, line(url) as open_line:
        assert open_line.notices(0) == [9]
        assert open_line.notices(0) == [9]


def test_patience_is_bounded_and_grows() -> None:
    """OpenCRVS offline 3: every other error is tried again for ever, so what is invalid is on its
    way for good."""
    pauses: list[float] = []
    told = said({"code": "starting", "sentence": "Not yet."}, 503)
    with (
        lying(lambda *asked: told) as url,
        line(url, patience=patience(pauses)) as open_line,
        pytest.raises(ServiceError) as refused,
    ):
        open_line.notices(0)
    assert refused.value.sentence == "Not yet."
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0]
    pauses.clear()
    busy = said({"code": "rate", "sentence": "Wait."}, 429, **{"Retry-After": "7"})
    with (
        lying(lambda *asked: busy) as url,
        line(url, patience=patience(pauses, attempts=3)) as open_line,
        pytest.raises(ServiceError),
    ):
        open_line.notices(0)
    assert pauses == [7.0, 7.0]


def test_refusals() -> None:
    full = said({"code": "disk", "sentence": "No room."}, 507)
    for answer, kind in (((403, {}, b""), NotAdmittedError), (full, ServiceError)):
        with (
            lying(lambda *asked, answer=answer: answer) as url,
            line(url) as open_line,
            pytest.raises(kind),
        ):
            open_line.state(BUNDLE)
    with lying(lambda *asked: said({"code": "unknown"}, 404)) as url, line(url) as open_line:
        assert open_line.state(BUNDLE) is None
    moved = (307, {"Location": "http://127.0.0.1:1/"}, b"")
    with (
        lying(lambda *asked: moved) as url,
        line(url) as open_line,
        pytest.raises(ServiceError),
    ):
        open_line.state(BUNDLE)


def test_a_cancel_is_heard_between_pieces(tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(bytes(500_000))
    sent: list[int] = []
    with (
        lying(lambda *asked: said({})) as url,
        line(url, cancelled=lambda: sum(sent) > 100_000) as open_line,
        pytest.raises(CancelledError),
    ):
        open_line.put("0" * 64, part, moved=sent.append)
    assert 100_000 < sum(sent) < 200_000


def test_urls() -> None:
    assert check_url("https://Registry.example:8443/") == "https://Registry.example:8443"
    assert check_url("http://[::1]:80") == "http://[::1]:80"
    for url in ("http://192.0.2.1", "https://a?b", "https://a#b", "https://a:99999", "//a"):
        with pytest.raises(ServiceError):
            check_url(url)


def test_signed_requests_are_these_bytes() -> None:
    """The golden vectors: a fixed key, and the fields that another program has to write."""
    for vector in json.loads(VECTORS.read_text("utf-8")):
        key = SigningKey.from_bytes(Secret(bytes.fromhex(vector["seed"])))
        office = OfficeId(uuid.UUID(vector["office"]))
        digest = bytes.fromhex(vector["digest"])
        fields = sign(
            method=vector["method"], target=vector["target"], digest=digest, office=office,
            session=vector["session"], number=vector["number"], key=key,
        )  # fmt: skip
        assert fields == vector["fields"]
        found = verify(
            method=vector["method"], target=vector["target"], fields=fields.items(),
            keys=lambda asked, office=office, key=key: key.public if asked == office else None,
        )  # fmt: skip
        assert (found.office, found.number, found.digest) == (office, vector["number"], digest)


def test_nothing_more_and_nothing_less_is_covered() -> None:
    fields = sign(
        method="GET", target="/v1/notices?after=0", digest=EMPTY, office=OFFICE, session="s",
        number=1, key=KEY,
    )  # fmt: skip

    def check(method: str = "GET", target: str = "/v1/notices?after=0", **other: str) -> None:
        named = {"Waystation-Session": "s", **fields, **other}
        verify(method=method, target=target, fields=named.items(), keys=lambda office: KEY.public)

    check()
    for wrong in (
        {"method": "PUT"}, {"target": "/v1/notices?after=1"}, {"target": "/v1/notices"},
        {"Waystation-Session": "t"}, {"Waystation-Request": "2"},
        {"Content-Digest": "sha-256=:AA==:"},
        {"Signature-Input": fields["Signature-Input"].replace("waystation-1", "other")},
    ):  # fmt: skip
        with pytest.raises(UnsignedError):
            check(**wrong)
    with pytest.raises(UnsignedError):
        verify(
            method="GET", target="/v1/notices?after=0",
            fields=[*fields.items(), ("Waystation-Session", "s")], keys=lambda office: KEY.public,
        )  # fmt: skip
