"""The HTTP side: it knows the staging folder and public keys, and no key of the registry.

Who asks is found out before a body is read. Strangers learn nothing, not even who is known.
Described for other programs in ``docs/formats/http.md``.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import re
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID
from weakref import WeakValueDictionary

from anyio import to_thread
from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse

from registry.service import refusals
from registry.service.known import Caller, Doorkeeper
from registry.service.limits import MAX_ASKED_BYTES, MAX_PART_BYTES, MAX_SIGNED_BYTES, Limits
from registry.service.metrics import Metrics
from registry.service.rates import Rates
from registry.service.receiving import Upload, announced_size, as_object, whole
from registry.service.refusals import Nothing, Refusal
from registry.service.sessions import Session, Sessions
from registry.service.staging import FILE_BYTES, Question, Result
from sync.errors import BadOutcome
from sync.folder import SIGNED_NAME, Drive
from sync.gather import listed_files, read_signed
from sync.http_signing import SESSION_FIELD, KeyLookup, Signed, UnsignedError, verify
from sync.limits import MAX_PARTS
from sync.manifest import Kind, SignedManifest
from sync.verify import parse_signed, signed_by
from values.identifiers import BundleId, OfficeId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from registry.service.staging import Staging
    from values.clock import Entropy

SHA256 = r"^[0-9a-f]{64}$"
_SHA256 = re.compile("[0-9a-f]{64}")
_FILE = re.compile(r"manifest\.(?:age|sig)|[0-9]{5}\.age")
_DRIVE = Drive()
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_LOOK_SECONDS = (0.05, 0.1, 0.2, 0.5)
"""Between two looks into the folder while a question waits; the last is repeated."""

Sha256 = Annotated[str, Path(pattern=SHA256)]
Wait = Annotated[float, Query(ge=0, le=60)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a station: who, and the digest of what it carries."""

    caller: Caller
    session: Session
    signed: Signed


class Front:
    """State of the HTTP side: sessions and rates in memory, all else in the folder."""

    def __init__(
        self,
        staging: Staging,
        *,
        limits: Limits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        entropy: Entropy = secrets.token_bytes,
    ) -> None:
        self.staging = staging
        self.limits = limits or Limits()
        self.door = Doorkeeper(staging.known)
        self.sessions = Sessions(
            monotonic=monotonic, entropy=entropy, lifetime=self.limits.session_seconds
        )
        self.stations = Rates(
            self.limits.station_rate, self.limits.station_burst, monotonic=monotonic
        )
        self.strangers = Rates(
            self.limits.stranger_rate, self.limits.stranger_burst, monotonic=monotonic
        )
        self.metrics = Metrics(staging, sessions=lambda: len(self.sessions))
        self._uploads: WeakValueDictionary[tuple[OfficeId, str], Upload] = WeakValueDictionary()
        self._staging_now: dict[OfficeId, asyncio.Lock] = {}
        self._bytes: dict[OfficeId, tuple[float, int]] = {}
        self._monotonic = monotonic

    # -- who asks ----------------------------------------------------------------------------

    def stranger(self, request: Request) -> None:
        """A request outside every session. Raises `Refusal` when an address asks too often."""
        address = request.client.host if request.client else ""
        wait = self.strangers.take(address)
        if wait:
            raise refusals.too_often(wait)

    def begin(self, request: Request) -> tuple[Session, Caller]:
        """Open a session for the answer to a challenge. Raises `Refusal`, `Nothing`."""
        self.stranger(request)
        if self.door.known() is None:
            raise refusals.NOT_READY
        challenge = request.headers.get(SESSION_FIELD, "")
        if not self.sessions.genuine(challenge):
            raise refusals.no_session()
        signed = _checked(request, self._key_of)
        caller = self.door.caller(signed.office)
        if caller is None or signed.number != 0 or signed.session != challenge:
            raise Nothing
        return self.sessions.begin(challenge, caller.office), caller

    def asked(self, request: Request) -> Asked:
        """The station behind a request of a session. Raises `Refusal`, `Nothing`."""
        session = self.sessions.find(request.headers.get(SESSION_FIELD, ""))
        if session is None:
            self.stranger(request)
            raise refusals.no_session()
        try:
            signed = _checked(
                request, lambda office: self._key_of(office) if office == session.office else None
            )
        except Nothing:
            self.stranger(request)
            raise
        caller = self.door.caller(session.office)
        if caller is None:
            self.sessions.end(session)
            raise Nothing
        if not session.take(signed.number, self._monotonic()):
            raise refusals.replayed()
        wait = self.stations.take(caller.office)
        if wait:
            raise refusals.too_often(wait)
        request.scope["waystation.station"] = caller.code
        return Asked(caller, session, signed)

    def _key_of(self, office: OfficeId) -> Any:
        caller = self.door.caller(office)
        return caller.key if caller else None

    # -- parts -------------------------------------------------------------------------------

    async def put_part(self, request: Request, asked: Asked, sha256: str, start: int) -> int:
        """Take one part, or the rest of it, in. Returns the bytes that came."""
        size = announced_size(request, most=MAX_PART_BYTES - min(start, MAX_PART_BYTES),
                              what="A part")  # fmt: skip
        office = asked.caller.office
        if start == 0 and asked.signed.digest.hex() != sha256:
            raise refusals.differs()
        if self.staging.has(office, sha256):
            return 0
        await to_thread.run_sync(self._room, office, size + FILE_BYTES)
        fresh = Upload(self.staging, office, sha256)
        upload = self._uploads.setdefault((office, sha256), fresh)
        begun = self._monotonic()
        try:
            done = await upload.take(
                request, start=start, size=size, digest=asked.signed.digest, limits=self.limits
            )
        except OSError as error:
            raise _disk(error) from error
        self.metrics.part_seconds.observe(self._monotonic() - begun)
        self.metrics.received.inc(done)
        return done

    def have(self, office: OfficeId, hashes: list[str]) -> dict[str, Any]:
        """Which of these parts are here, and of which there is a beginning."""
        have = [one for one in hashes if self.staging.has(office, one)]
        begun = {one: self.staging.begun(office, one) for one in hashes if one not in set(have)}
        return {"have": have, "begun": {one: size for one, size in begun.items() if size}}

    def _room(self, office: OfficeId, size: int) -> None:
        if self.staging.free() - size < self.limits.disk_floor:
            raise refusals.full()
        now = self._monotonic()
        at, known = self._bytes.get(office, (0.0, -1))
        if known < 0 or now - at > 30.0 or known + size > self.limits.station_bytes:
            at, known = now, self.staging.bytes_of(office)
        if known + size > self.limits.station_bytes:
            raise refusals.over_quota()
        self._bytes[office] = (at, known + size)

    # -- bundles -----------------------------------------------------------------------------

    async def take_bundle(self, caller: Caller, bundle: BundleId, message: bytes) -> dict[str, Any]:
        """A signed manifest: what is missing, or what became of the bundle. The same again
        changes nothing."""
        signed = _manifest(message, caller, bundle)
        async with self._staging_now.setdefault(caller.office, asyncio.Lock()):
            try:
                return await to_thread.run_sync(self._stage, caller.office, signed, message)
            except OSError as error:
                raise _disk(error) from error

    def _stage(self, office: OfficeId, signed: SignedManifest, message: bytes) -> dict[str, Any]:
        digest = hashlib.sha256(message).hexdigest()
        result = self._result(office, signed.bundle)
        if result is not None and result.manifest not in ("", digest):
            raise Refusal(409, "other_manifest", "Another bundle came under this id before.")
        if result is not None:
            # A kill may have come before the parts were dropped that the bundle holds.
            self.staging.drop_parts(office, listed_files(signed).values())
            self.staging.ring()
            return _said(result)
        missing = self.staging.missing(office, signed)
        if missing:
            return {"state": "missing", "missing": missing}
        if self.staging.free() < self.limits.disk_floor // 2:
            raise refusals.full()
        self.staging.stage(office, signed, message, digest)
        self.metrics.bundles.inc()
        staged = self.staging.result(office, signed.bundle)
        return _said(staged) if staged else {"state": "staged"}

    async def state(self, office: OfficeId, bundle: BundleId, wait: float) -> dict[str, Any]:
        """What became of a bundle; waits a while for the end."""
        until, looks = self._until(wait), _looks()
        while True:
            result = self._result(office, bundle)
            if result is None:
                raise refusals.not_here("bundle")
            if result.ended:
                return _said(result)
            if self._enough(until):
                return {**_said(result), "late": self.late()}
            await asyncio.sleep(next(looks))

    def _result(self, office: OfficeId, bundle: BundleId) -> Result | None:
        """What is known of a bundle; None too for one that a kill kept from being staged."""
        result = self.staging.result(office, bundle)
        if result is None or result.ended or self.staging.staged(office, bundle).is_dir():
            return result
        # Admission may have ended with it between the two looks.
        result = self.staging.result(office, bundle)
        return result if result is not None and result.ended else None

    # -- notices -----------------------------------------------------------------------------

    async def notices(self, office: OfficeId, after: int, wait: float) -> list[int]:
        """Numbers of the notices after one, once admission had a look; waits a while for it."""
        question = Question(after=after, round=secrets.token_hex(8))
        try:
            await to_thread.run_sync(self.staging.ask, office, question)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            wait = 0.0  # nobody heard it
        until, looks = self._until(wait), _looks()
        while True:
            answered = self.staging.answered(office, question)
            if answered is not None:
                return answered
            if self._enough(until):
                break
            await asyncio.sleep(next(looks))
        # Nobody answered: what is here can be fetched all the same.
        return [one for one in self.staging.notices(office) if one > after]

    def notice_files(self, office: OfficeId, number: int) -> list[dict[str, Any]]:
        """The files of a notice, the signed manifest last."""
        folder = self.staging.notice(office, number)
        message = read_signed(folder, _DRIVE)
        signed = message if isinstance(message, BadOutcome) else parse_signed(message)
        if isinstance(message, BadOutcome) or isinstance(signed, BadOutcome):
            raise refusals.not_here("notice")
        files = [
            {"name": name, "size": one.size, "sha256": one.sha256.hex()}
            for name, one in listed_files(signed).items()
        ]
        digest = hashlib.sha256(message).hexdigest()
        return [*files, {"name": SIGNED_NAME, "size": len(message), "sha256": digest}]

    def notice_file(self, office: OfficeId, number: int, name: str) -> Any:
        """The path of one of them."""
        path = self.staging.notice(office, number) / name
        if not _FILE.fullmatch(name) or not path.is_file():
            raise refusals.not_here("file")
        return path

    def _until(self, wait: float) -> float:
        return self._monotonic() + min(wait, self.limits.wait_seconds)

    def _enough(self, until: float) -> bool:
        """Whether to answer now: the time is over, or nobody is there to wait for."""
        return self._monotonic() >= until or self.late()

    def late(self) -> bool:
        """Whether admission gave no sign of life for a while."""
        beaten = self.staging.beaten()
        return beaten is None or beaten[0] > self.limits.late_seconds


def make_app(front: Front, *, open_metrics: bool) -> FastAPI:
    """The application. `open_metrics`: whoever reaches the service may read what it counts."""
    app = FastAPI(
        title="Waystation registry",
        version="1",
        description="Stations send bundles and fetch notices. Every request of a session is signed "
        "(RFC 9421); see docs/formats/http.md.",
        docs_url=None,
        redoc_url=None,
    )
    limits = front.limits

    @app.exception_handler(Refusal)
    async def refuse(request: Request, refusal: Refusal) -> Response:
        front.metrics.refused.labels(refusal.code).inc()
        body: dict[str, Any] = {"code": refusal.code, "sentence": refusal.sentence}
        if refusal.at >= 0:
            body["at"] = refusal.at
        fields = _closing(request)
        if refusal.retry is not None:
            fields["Retry-After"] = str(int(refusal.retry) + 1)
        return JSONResponse(body, refusal.status, fields)

    @app.exception_handler(Nothing)
    async def say_nothing(request: Request, nothing: Nothing) -> Response:
        front.metrics.refused.labels("nothing").inc()
        return Response(status_code=403, headers=_closing(request))

    @app.exception_handler(RequestValidationError)
    async def cannot_read(request: Request, error: RequestValidationError) -> Response:
        # FastAPI would say what came: it is nobody's to read again.
        return await refuse(request, refusals.malformed("a name or number in its address"))

    @app.get("/health", summary="Whether the service is up")
    async def health() -> dict[str, str]:
        return {"status": "ok", "admission": "late" if front.late() else "ok"}

    if open_metrics:

        @app.get("/metrics", summary="Counters for Prometheus")
        async def metrics() -> Response:
            text = await to_thread.run_sync(front.metrics.text)
            return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    @app.post("/v1/session", summary="A challenge, for anybody")
    async def challenge(request: Request) -> dict[str, str]:
        front.stranger(request)
        return {"challenge": front.sessions.challenge()}

    @app.put("/v1/session", summary="The signed answer to a challenge begins a session")
    async def begin(request: Request) -> dict[str, Any]:
        session, caller = front.begin(request)
        known = front.door.known()
        return {
            "session": session.id,
            "station": caller.code,
            "registry": str(known.registry) if known else "",
            "part_bytes": MAX_PART_BYTES,
            "wait_seconds": limits.wait_seconds,
        }

    @app.post("/v1/parts/have", summary="Which of these parts are here")
    async def have(request: Request) -> dict[str, Any]:
        asked = front.asked(request)
        data = await whole(
            request, most=MAX_ASKED_BYTES, digest=asked.signed.digest, limits=limits,
            what="The list",
        )  # fmt: skip
        return await to_thread.run_sync(front.have, asked.caller.office, _hashes(as_object(data)))

    @app.put("/v1/parts/{sha256}", status_code=204, summary="A part, or the rest of one")
    async def put_part(
        request: Request, sha256: Sha256, start: Annotated[int, Query(alias="from", ge=0)] = 0
    ) -> Response:
        asked = front.asked(request)
        await front.put_part(request, asked, sha256, start)
        return Response(status_code=204)

    @app.post("/v1/bundles/{bundle}", summary="A signed manifest: what is missing, or accepted")
    async def take_bundle(request: Request, bundle: UUID) -> dict[str, Any]:
        asked = front.asked(request)
        message = await whole(
            request, most=MAX_SIGNED_BYTES, digest=asked.signed.digest, limits=limits,
            what="The manifest",
        )  # fmt: skip
        return await front.take_bundle(asked.caller, BundleId(bundle), message)

    @app.get("/v1/bundles/{bundle}", summary="What became of a bundle")
    async def state(request: Request, bundle: UUID, wait: Wait = 0) -> dict[str, Any]:
        asked = front.asked(request)
        return await front.state(asked.caller.office, BundleId(bundle), wait)

    @app.get("/v1/notices", summary="Numbers of the notices after one")
    async def notices(
        request: Request, after: Annotated[int, Query(ge=0)], wait: Wait = 0
    ) -> dict[str, list[int]]:
        asked = front.asked(request)
        return {"notices": await front.notices(asked.caller.office, after, wait)}

    @app.get("/v1/notices/{number}", summary="The files of a notice")
    async def notice(request: Request, number: int) -> dict[str, Any]:
        office = front.asked(request).caller.office
        return {"files": await to_thread.run_sync(front.notice_files, office, number)}

    @app.get("/v1/notices/{number}/{name}", summary="A file of a notice, or a range of it")
    async def notice_file(request: Request, number: int, name: str) -> FileResponse:
        office = front.asked(request).caller.office
        path = front.notice_file(office, number, name)
        return FileResponse(path, media_type="application/octet-stream")

    return app


def _looks() -> Iterator[float]:
    """Pauses between looks, without end."""
    yield from _LOOK_SECONDS
    while True:
        yield _LOOK_SECONDS[-1]


def _checked(request: Request, keys: KeyLookup) -> Signed:
    """The signature over a request's head. Raises `Nothing`."""
    target = request.scope["raw_path"].decode("ascii")
    query = request.scope["query_string"].decode("ascii")
    try:
        return verify(
            method=request.method,
            target=f"{target}?{query}" if query else target,
            fields=[
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in request.headers.raw
            ],
            keys=keys,
        )
    except UnsignedError as error:
        raise Nothing from error


def _closing(request: Request) -> dict[str, str]:
    """Close the connection when a body was announced that nobody reads."""
    return {} if request.headers.get("content-length", "0") == "0" else {"Connection": "close"}


def _hashes(found: dict[str, Any]) -> list[str]:
    hashes = found.get("parts")
    if not isinstance(hashes, list) or len(hashes) > MAX_PARTS + 1:
        raise refusals.malformed("no list of parts")
    if not all(isinstance(one, str) and _SHA256.fullmatch(one) for one in hashes):
        raise refusals.malformed("something that is no hash")
    return hashes


def _manifest(message: bytes, caller: Caller, bundle: BundleId) -> SignedManifest:
    """The manifest of the caller's own bundle under its own id. Raises `Refusal`."""
    signed = parse_signed(message)
    if isinstance(signed, BadOutcome):
        raise Refusal(422, str(signed.code), signed.sentence)
    if signed.kind is not Kind.BUNDLE or signed.bundle != bundle:
        raise Refusal(422, "wrong_kind", "This is not the manifest of that bundle.")
    if not signed_by(message, signed, caller.key):
        raise Refusal(422, "bad_signature", "This manifest was not signed by this station.")
    return signed


def _said(result: Result) -> dict[str, Any]:
    """A result as the station learns it."""
    return {
        "state": result.state,
        "code": result.code,
        "sentence": result.sentence,
        "notice": result.notice,
    }


def _disk(error: OSError) -> Exception:
    """A full disk is said; every other fault of the disk is ours."""
    return refusals.full() if error.errno in _FULL else error
