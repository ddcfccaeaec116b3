"""The front alone, over real sockets: who is heard, what is refused, what stays."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import random
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ledger.keys import SigningKey
from registry.service.known import Caller, Known
from registry.service.limits import Limits
from registry.service.rates import Rates
from registry.service.sessions import CHALLENGE_SECONDS, PER_STATION, Sessions
from registry.service.staging import FILE_BYTES, Result, Staging
from sync.bundle import write_bundle
from sync.folder import SIGNED_NAME, part_name
from sync.http_signing import EMPTY, sign
from sync.seal import new_identity, recipient_of
from tests.places import START
from tests.serving import Served, fronting, until
from values.clock import Entropy
from values.identifiers import BundleId, OfficeId
from values.secret import Secret

OFFICE = OfficeId(uuid.UUID(int=1))
REVOKED = OfficeId(uuid.UUID(int=2))
STRANGER = OfficeId(uuid.UUID(int=3))
KEY = SigningKey.from_bytes(Secret(bytes(range(32))))
OTHER = SigningKey.from_bytes(Secret(bytes(range(1, 33))))
REGISTRY = OfficeId(uuid.UUID(int=9))


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    """A folder that knows two stations, one of which was revoked."""
    found = Staging.of(tmp_path)
    callers = [
        Caller(OFFICE, "A01", KEY.public, active=True),
        Caller(REVOKED, "A02", KEY.public, active=False),
    ]
    Known(REGISTRY, "Anywhere", {one.office: one for one in callers}).write(found.known)
    return found


@pytest.fixture
def service(staging: Staging) -> Iterator[Served]:
    """A front without admission."""
    with fronting(staging) as found:
        yield found


class Station:
    """A station that may say anything."""

    def __init__(self, url: str, office: OfficeId = OFFICE, key: SigningKey = KEY) -> None:
        self.url = url
        self.office = office
        self.key = key
        self.session = ""
        self.number = 0

    def challenge(self) -> str:
        answer = httpx2.post(f"{self.url}/v1/session", trust_env=False)
        assert answer.status_code == 200
        return str(answer.json()["challenge"])

    def begin(self) -> httpx2.Response:
        answer = self.ask("PUT", "/v1/session", session=self.challenge(), number=0)
        if answer.status_code == 200:
            self.session, self.number = answer.json()["session"], 0
        return answer

    def signed(self, method: str, target: str, body: bytes = b"", **other: Any) -> dict[str, str]:
        self.number += 1
        said: dict[str, Any] = {
            "method": method, "target": target, "digest": hashlib.sha256(body).digest(),
            "office": self.office, "session": self.session, "number": self.number, "key": self.key,
        }  # fmt: skip
        return sign(**{**said, **other})

    def ask(self, method: str, target: str, body: bytes = b"", **other: Any) -> httpx2.Response:
        fields = self.signed(method, target, body, **other)
        return self.send(method, target, body, fields)

    def send(
        self, method: str, target: str, body: bytes, fields: dict[str, str]
    ) -> httpx2.Response:
        return httpx2.request(
            method, self.url + target, content=body or None, headers=fields, trust_env=False
        )

    def put(self, data: bytes) -> httpx2.Response:
        return self.ask("PUT", f"/v1/parts/{hashlib.sha256(data).hexdigest()}", data)


@pytest.fixture
def station(service: Served) -> Station:
    """The known station, in a session."""
    found = Station(service.url)
    assert found.begin().status_code == 200
    return found


def parts_of(staging: Staging) -> list[str]:
    """Names of whole parts of the station."""
    folder = staging.root / "parts" / str(OFFICE)
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


# who is heard ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("office", "key"), [(STRANGER, KEY), (REVOKED, KEY), (OFFICE, OTHER), (STRANGER, OTHER)]
)
def test_strangers_learn_nothing(service: Served, office: OfficeId, key: SigningKey) -> None:
    """Unknown, revoked and falsely signed are one answer, without a word in it."""
    station = Station(service.url, office, key)
    answer = station.begin()
    assert (answer.status_code, answer.content) == (403, b"")
    assert "content-type" not in answer.headers
    for method, target in (("GET", "/v1/notices?after=0"), ("POST", "/v1/parts/have")):
        refused = station.ask(method, target)
        assert (refused.status_code, refused.json()["code"]) == (401, "session")
    assert httpx2.get(f"{service.url}/v1/notices?after=0", trust_env=False).status_code == 401


def test_a_session_belongs_to_one_station(service: Served, station: Station) -> None:
    for office, key in ((STRANGER, OTHER), (REVOKED, KEY), (OFFICE, OTHER)):
        thief = Station(service.url, office, key)
        thief.session, thief.number = station.session, 50
        answer = thief.ask("GET", "/v1/notices?after=0")
        assert (answer.status_code, answer.content) == (403, b"")
    assert station.ask("GET", "/v1/notices?after=0").json() == {"notices": []}


def test_revoked_while_it_speaks(service: Served, station: Station, staging: Staging) -> None:
    known = Known.read(staging.known)
    assert known is not None
    gone = {OFFICE: replace(known.stations[OFFICE], active=False)}
    replace(known, stations=gone).write(staging.known)
    answer = station.put(b"x")
    assert (answer.status_code, answer.content) == (403, b"")
    assert station.begin().status_code == 403
    assert parts_of(staging) == []


def test_what_came_before_is_refused(service: Served, station: Station) -> None:
    """MOSIP clock: three hours are allowed there; here a repetition is one at any hour.

    Sync 4 (k): a session believed by its transport alone can be repeated behind a proxy.
    """
    fields = station.signed("GET", "/v1/notices?after=0")
    assert station.send("GET", "/v1/notices?after=0", b"", fields).status_code == 200
    again = station.send("GET", "/v1/notices?after=0", b"", fields)
    assert (again.status_code, again.json()["code"]) == (409, "replay")
    assert again.headers["waystation-request"] == fields["Waystation-Request"]
    late = station.signed("GET", "/v1/notices?after=0")
    assert station.ask("GET", "/v1/notices?after=0").status_code == 200
    assert station.send("GET", "/v1/notices?after=0", b"", late).json()["code"] == "replay"


def test_a_challenge_begins_one_session(service: Served) -> None:
    station = Station(service.url)
    challenge = station.challenge()
    first = station.ask("PUT", "/v1/session", session=challenge, number=0)
    again = station.ask("PUT", "/v1/session", session=challenge, number=0)
    assert (first.status_code, again.status_code) == (200, 401)
    for odd in ("", "x" * 54, challenge[:-1], challenge + "A", "é" * 10):
        fields = station.signed("PUT", "/v1/session", session="x", number=0)
        raw = {name: value.encode("utf-8") for name, value in fields.items()}
        raw["Waystation-Session"] = odd.encode("utf-8")
        answer = httpx2.put(f"{station.url}/v1/session", headers=raw, trust_env=False)
        assert answer.status_code == 401
    other = Station(service.url).ask("PUT", "/v1/session", session=station.challenge(), number=7)
    assert other.status_code == 403


@pytest.mark.parametrize(
    "twist",
    [
        lambda fields: fields | {"Signature-Input": fields["Signature-Input"].replace(
            '"@query" ', "")},
        lambda fields: fields | {"Waystation-Request": "9999"},
        lambda fields: fields | {"Content-Digest": fields["Content-Digest"].replace("=:", "=:A")},
        lambda fields: fields | {"Signature": "station=:AAAA:"},
        lambda fields: fields | {"Signature-Input": "(((" * 200},
        lambda fields: fields | {"Signature": "\xff\xfe"},
        lambda fields: {name: value for name, value in fields.items() if name != "Signature"},
    ],
)  # fmt: skip
def test_a_twisted_head_is_nobodys(
    station: Station, twist: Callable[[dict[str, str]], dict[str, str]]
) -> None:
    fields = station.signed("GET", "/v1/notices?after=0")
    raw = {name.encode("ascii"): value.encode("latin-1") for name, value in twist(fields).items()}
    answer = httpx2.get(f"{station.url}/v1/notices?after=0", headers=raw, trust_env=False)
    assert (answer.status_code, answer.content) == (403, b"")
    moved = station.send("GET", "/v1/notices?after=5", b"", station.signed(
        "GET", "/v1/notices?after=0"))  # fmt: skip
    assert moved.status_code == 403


# parts ----------------------------------------------------------------------------------------


def test_a_part_twice_is_there_once(station: Station, staging: Staging) -> None:
    """Sync 3 (g): a name of a part is used again for other content."""
    data = b"sealed" * 1000
    assert [station.put(data).status_code for _ in range(2)] == [204, 204]
    name = hashlib.sha256(data).hexdigest()
    assert parts_of(staging) == [name]
    there = station.ask("POST", "/v1/parts/have", json.dumps({"parts": [name, "0" * 64]}).encode())
    assert there.json() == {"have": [name], "begun": {}}


def test_what_is_not_as_announced_does_not_count(station: Station, staging: Staging) -> None:
    """MOSIP (a), (b), (c): a check that cannot fail, a missing hash that passes, and bytes run
    together are three ways of checking nothing."""
    data, name = b"a" * 5000, hashlib.sha256(b"a" * 5000).hexdigest()
    other = hashlib.sha256(b"b").digest()
    wrong = station.ask("PUT", f"/v1/parts/{name}", data, digest=other)
    assert (wrong.status_code, wrong.json()["code"]) == (400, "digest")
    fields = station.signed("PUT", f"/v1/parts/{name}", data)
    twisted = station.send("PUT", f"/v1/parts/{name}", data[:-1] + b"b", fields)
    assert (twisted.status_code, twisted.json()["code"]) == (400, "digest")
    assert parts_of(staging) == []
    for odd in ("..%2f..%2fknown.json", "A" * 64, "0" * 63):
        assert station.ask("PUT", f"/v1/parts/{odd}", data).status_code in {400, 404}
    small = station.ask("POST", "/v1/parts/have", b'{"parts": ["../x"]}')
    assert small.json()["code"] == "malformed"
    assert station.ask("POST", "/v1/parts/have", b"[" * 5000).json()["code"] == "malformed"


def test_the_rest_of_a_part(station: Station, service: Served, staging: Staging) -> None:
    """OpenCRVS 5313: an attachment that was interrupted is gone. Here the rest is sent.

    Sync 4 (j): an upload that breaks begins anew.
    """
    data = bytes(range(256)) * 3000
    name = hashlib.sha256(data).hexdigest()
    fields = station.signed("PUT", f"/v1/parts/{name}", data)
    head = "".join(f"{key}: {value}\r\n" for key, value in fields.items())
    with socket.create_connection(("127.0.0.1", service.port)) as line:
        line.sendall(
            f"PUT /v1/parts/{name} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n"
            f"{head}\r\n".encode("ascii")
            + data[:300_001]
        )
    asked = json.dumps({"parts": [name]}).encode()
    until(lambda: station.ask("POST", "/v1/parts/have", asked).json()["begun"] == {name: 300_001})
    odd = station.ask("PUT", f"/v1/parts/{name}?from=299999", data[299_999:])
    assert (odd.status_code, odd.json()["at"]) == (409, 300_001)
    rest = station.ask("PUT", f"/v1/parts/{name}?from=300001", data[300_001:])
    assert rest.status_code == 204
    assert (staging.root / "parts" / str(OFFICE) / name).read_bytes() == data


def test_limits(tmp_path: Path, staging: Staging) -> None:
    limits = Limits(
        station_bytes=40_000, disk_floor=0, station_burst=8, station_rate=0.001,
        stranger_burst=6, stranger_rate=0.001,
    )  # fmt: skip
    with fronting(staging, limits=limits) as service:
        station = Station(service.url)
        station.begin()
        head = "".join(
            f"{name}: {value}\r\n"
            for name, value in station.signed(
                "PUT", f"/v1/parts/{hashlib.sha256(b'').hexdigest()}"
            ).items()
        )
        with socket.create_connection(("127.0.0.1", service.port), timeout=20) as line:
            line.sendall(
                f"PUT /v1/parts/{hashlib.sha256(b'').hexdigest()} HTTP/1.1\r\nHost: x\r\n"
                f"Content-Length: 99999999\r\n{head}\r\n".encode("ascii")
            )
            assert b" 413 " in line.recv(1000)
        assert station.put(b"1" * 8000).status_code == 204
        over = station.put(b"2" * 8000)
        assert (over.status_code, over.json()["code"]) == (507, "station_full")
        answers = [station.ask("GET", "/v1/notices?after=0") for _ in range(8)]
        assert answers[-1].status_code == 429 and int(answers[-1].headers["retry-after"]) > 1
        strangers = [
            httpx2.post(f"{service.url}/v1/session", trust_env=False).status_code for _ in range(8)
        ]
        assert strangers[0] == 200 and strangers[-1] == 429
        assert httpx2.get(f"{service.url}/health", trust_env=False).status_code == 200


def test_a_million_small_parts_are_no_small_thing(staging: Staging) -> None:
    """A disk without a free inode is full, however many bytes are free: the registry stops."""
    with fronting(staging, limits=Limits(station_bytes=10 * FILE_BYTES, disk_floor=0)) as service:
        station = Station(service.url)
        station.begin()
        answers = [station.put(bytes([number])).status_code for number in range(12)]
        assert answers.count(204) < 10 and answers[-1] == 507
        # What is asked when a look at the folder says how much it is, and not only what was counted
        assert staging.bytes_of(OFFICE) > 9 * FILE_BYTES


def test_questions_on_a_full_disk(
    staging: Staging, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is said, and what lies here already can be fetched."""

    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    (staging.notice(OFFICE, 3)).mkdir(parents=True)
    monkeypatch.setattr(Staging, "ask", full)
    answer = station.ask("GET", "/v1/notices?after=2&wait=10")
    assert (answer.status_code, answer.json()) == (200, {"notices": [3]})


def test_the_disk_keeps_its_floor(staging: Staging) -> None:
    with fronting(staging, limits=Limits(disk_floor=2**60)) as service:
        station = Station(service.url)
        station.begin()
        full = station.put(b"1")
        assert (full.status_code, full.json()["code"]) == (507, "disk")
        assert "retry-after" in full.headers


def test_slow_lines_are_given_up(staging: Staging) -> None:
    """One byte now and then holds no connection for ever: not the head, not the body."""
    limits = Limits(head_seconds=0.2, idle_seconds=0.3, slow_seconds=0.4)
    with fronting(staging, limits=limits) as service:
        for begun in (b"", b"GET /health HTTP/1.1\r\nHos"):
            with socket.create_connection(("127.0.0.1", service.port), timeout=20) as line:
                line.sendall(begun)
                assert line.recv(100) == b""
        station = Station(service.url)
        station.begin()
        data = b"1" * 500_000
        name = hashlib.sha256(data).hexdigest()
        fields = station.signed("PUT", f"/v1/parts/{name}", data)
        head = "".join(f"{key}: {value}\r\n" for key, value in fields.items())
        with socket.create_connection(("127.0.0.1", service.port), timeout=20) as line:
            line.sendall(
                f"PUT /v1/parts/{name} HTTP/1.1\r\nHost: x\r\n"
                f"Content-Length: {len(data)}\r\n{head}\r\n".encode("ascii")
                + data[:1000]
            )
            assert b" 408 " in line.recv(1000)
        assert service.staging.begun(OFFICE, name) == 1000


# bundles --------------------------------------------------------------------------------------


def entropy_of(seed: int) -> Entropy:
    """Repeatable randomness."""
    return random.Random(seed).randbytes


def bundle(folder: Path, key: SigningKey = KEY, number: int = 1) -> tuple[BundleId, Path]:
    """A small bundle of the station: sealed for nobody who is here."""
    id_ = BundleId(uuid.UUID(int=1000 + number))
    info = write_bundle(
        folder, bundle=id_, office=OFFICE, entries=[], photos=[], signer=key, now=START,
        recipients=[recipient_of(new_identity())], entropy=entropy_of(number),
    )  # fmt: skip
    return id_, info.path


def test_a_bundle_is_staged_once(station: Station, staging: Staging, tmp_path: Path) -> None:
    id_, path = bundle(tmp_path)
    message = (path / SIGNED_NAME).read_bytes()
    assert station.ask("GET", f"/v1/bundles/{id_}").status_code == 404
    lacking = station.ask("POST", f"/v1/bundles/{id_}", message).json()
    sealed = (path / "manifest.age").read_bytes()
    assert lacking == {"state": "missing", "missing": [hashlib.sha256(sealed).hexdigest()]}
    station.put(sealed)
    for _ in range(2):
        answer = station.ask("POST", f"/v1/bundles/{id_}", message)
        assert answer.json()["state"] == "staged"
    assert parts_of(staging) == []
    place = staging.staged(OFFICE, id_)
    assert sorted(one.name for one in place.iterdir()) == ["manifest.age", "manifest.sig"]
    assert (place / SIGNED_NAME).read_bytes() == message
    state = station.ask("GET", f"/v1/bundles/{id_}?wait=20").json()
    assert (state["state"], state["late"]) == ("staged", True)
    other = BundleId(uuid.UUID(int=5))
    assert station.ask("POST", f"/v1/bundles/{other}", message).status_code == 422
    assert [one.bundle for one in staging.waiting()] == [id_]


def test_manifests_of_others_are_refused(station: Station, tmp_path: Path) -> None:
    id_, path = bundle(tmp_path, OTHER)
    message = (path / SIGNED_NAME).read_bytes()
    answer = station.ask("POST", f"/v1/bundles/{id_}", message)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_signature")
    for odd in (b"", b"\xd2", message[:-1], b"x" * 1000):
        answer = station.ask("POST", f"/v1/bundles/{id_}", odd)
        assert answer.status_code in {411, 422}
    again, path = bundle(tmp_path, number=1)
    station.put((path / "manifest.age").read_bytes())
    station.ask("POST", f"/v1/bundles/{again}", (path / SIGNED_NAME).read_bytes())
    _, second = bundle(tmp_path, number=1)
    clash = station.ask("POST", f"/v1/bundles/{again}", (second / SIGNED_NAME).read_bytes())
    assert (clash.status_code, clash.json()["code"]) == (409, "other_manifest")


def test_a_notice_is_fetched_in_pieces(station: Station, staging: Staging, tmp_path: Path) -> None:
    _, path = bundle(tmp_path)
    staging.put_notice(OFFICE, 4, path)
    files = station.ask("GET", "/v1/notices/4").json()["files"]
    assert [one["name"] for one in files] == ["manifest.age", "manifest.sig"]
    sealed = (staging.notice(OFFICE, 4) / "manifest.age").read_bytes()
    fields = {**station.signed("GET", "/v1/notices/4/manifest.age"), "Range": "bytes=10-"}
    rest = station.send("GET", "/v1/notices/4/manifest.age", b"", fields)
    assert (rest.status_code, rest.content) == (206, sealed[10:])
    for odd in ("/v1/notices/5", "/v1/notices/4/00000.age", "/v1/notices/4/..%2f..%2fknown.json"):
        assert station.ask("GET", odd).status_code == 404


# what is told ---------------------------------------------------------------------------------


def test_logs_and_counters_name_nobody(
    service: Served, station: Station, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    data = b"canary Orlok"
    station.put(data)
    Station(service.url, STRANGER).begin()
    metrics = httpx2.get(f"{service.url}/metrics", trust_env=False).text
    assert 'route="/v1/parts/{sha256}",status="204"' in metrics
    assert 'waystation_refused_total{code="nothing"} 1.0' in metrics
    # Our client's own library speaks too, at a level that the program does not show.
    log = "\n".join(one.getMessage() for one in caplog.records if "httpx2" not in one.name)
    assert "PUT /v1/parts/{sha256} 204" in log and "station A01" in log
    for told in (metrics, log):
        for name in ("Orlok", str(OFFICE), str(STRANGER), hashlib.sha256(data).hexdigest(),
                     station.session):  # fmt: skip
            assert name not in told
    described = httpx2.get(f"{service.url}/openapi.json", trust_env=False).json()
    assert "/v1/bundles/{bundle}" in described["paths"]


def test_challenges_and_sessions_end() -> None:
    now = [100.0]
    sessions = Sessions(monotonic=lambda: now[0], entropy=entropy_of(1), lifetime=50.0)
    challenge = sessions.challenge()
    now[0] += CHALLENGE_SECONDS + 1
    assert not sessions.genuine(challenge)
    other = Sessions(monotonic=lambda: now[0], entropy=entropy_of(2), lifetime=50.0)
    assert not other.genuine(sessions.challenge()) and sessions.genuine(sessions.challenge())
    session = sessions.begin(sessions.challenge(), OFFICE)
    assert session.take(5, now[0]) and not session.take(5, now[0]) and not session.take(4, now[0])
    assert sessions.find(session.id) is session
    for _ in range(PER_STATION):
        now[0] += 1
        sessions.begin(sessions.challenge(), OFFICE)
    assert sessions.find(session.id) is None and len(sessions) == PER_STATION
    now[0] += 51
    sessions.begin(sessions.challenge(), STRANGER)
    assert len(sessions) == 1


def test_buckets_fill_with_time() -> None:
    now = [0.0]
    rates = Rates(2.0, 3.0, monotonic=lambda: now[0])
    assert [rates.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert rates.take("b") == 0.0
    now[0] += 0.5
    assert (rates.take("a"), rates.take("a")) == (0.0, 0.5)


def test_what_nobody_needs_goes(staging: Staging, station: Station) -> None:
    station.put(b"orphan")
    for number, state in enumerate(("imported", "staged", "aside")):
        staging.put_result(OFFICE, BundleId(uuid.UUID(int=number + 1)), Result(state, "", 1))
    now = time.time()
    assert staging.sweep(parts=100.0, results=100.0, now=now) == 0
    assert staging.sweep(parts=100.0, results=100.0, now=now + 200) == 2
    assert parts_of(staging) == []
    left = sorted(one.stem for one in (staging.root / "results").rglob("*.json"))
    assert left == [str(uuid.UUID(int=2)), str(uuid.UUID(int=3))]


def test_a_torn_list_of_stations_changes_nothing(
    service: Served, station: Station, staging: Staging
) -> None:
    whole = staging.known.read_bytes()
    for torn in (b"", whole[: len(whole) // 2], b"[]", b'{"format": 2}'):
        staging.known.write_bytes(torn)
        assert station.ask("GET", "/v1/notices?after=0").status_code == 200
    bare = Staging.of(staging.root / "other")
    with fronting(bare) as empty:
        early = Station(empty.url)
        answer = early.ask("PUT", "/v1/session", session=early.challenge(), number=0)
        assert (answer.status_code, answer.json()["code"]) == (503, "starting")


def test_part_names(tmp_path: Path) -> None:
    """The names that a notice may use are those of a container."""
    assert part_name(0) == "00000.age"
    assert hashlib.sha256(b"").digest() == EMPTY
