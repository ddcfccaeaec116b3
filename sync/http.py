"""The line from a station to the registry's service. No policy: it carries what it is told to.

Every request is signed and numbered; an answer must name the number it answers, because a line
that repeats bytes repeats answers too. What breaks is tried again within `Patience`. Nothing that
a service says is believed beyond this room: receipts come in notices, which are signed and sealed.
See ``docs/formats/http.md``.
"""

from __future__ import annotations

import hashlib
import json
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx2

from ledger.keys import SigningKey
from sync.errors import (
    CancelledError,
    FalseServiceError,
    LineError,
    NotAdmittedError,
    ServiceError,
    TroubledError,
)
from sync.folder import SIGNED_NAME
from sync.http_answers import (
    BundleState,
    NoticeFile,
    PartsThere,
    list_of,
    map_of,
    notice_file,
    odd_answer,
    refusal,
    state_of,
    text_of,
)
from sync.http_patience import Patience
from sync.http_signing import EMPTY, NUMBER_FIELD, sign
from sync.limits import KIB, MIB
from values.identifiers import BundleId, OfficeId

PIECE_BYTES: Final = 32 * KIB
"""Sent and received at once: a cancel is heard after so many, a second or two on a slow line."""
MAX_ANSWER_BYTES: Final = 4 * MIB
"""Of JSON: hashes of the largest bundle."""
_NO_CHECK_TIME: Final = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL, which `ssl` does not name
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

Cancelled = Callable[[], bool]
Moved = Callable[[int], None]
"""Told how many bytes were handed to the line; negative when some have to go again."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds until a silent line counts as broken."""

    connect: float = 20.0
    silence: float = 60.0


def check_url(url: str) -> str:
    """A URL as this room uses it. Raises `ServiceError` when it is none, or is not protected."""
    split = urlsplit(url)
    try:
        host, _ = split.hostname, split.port
    except ValueError:
        host = None
    odd = split.username or split.password or split.query or split.fragment
    if split.scheme not in {"http", "https"} or not host or odd or split.path.strip("/"):
        raise ServiceError(
            "url", "That is no address of a service. It looks like https://registry.example:8443."
        )
    if split.scheme == "http" and host not in _LOOPBACK:
        raise ServiceError(
            "not_protected",
            "Without https, only a service on this machine is spoken to. Use its https address.",
        )
    return f"{split.scheme}://{split.netloc}"


def pinned(authority: bytes) -> ssl.SSLContext:
    """A context that believes one authority (DER) and no system's.

    The time in a certificate is not looked at: a laptop's clock may be years off, and the registry
    makes a new key for its service at every start. Raises `ssl.SSLError` for what is no
    certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=authority)
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    return context


class Line:
    """A session with one service, begun when it is needed and again when it was lost."""

    def __init__(
        self,
        url: str,
        *,
        office: OfficeId,
        key: SigningKey,
        patience: Patience,
        context: ssl.SSLContext | None = None,
        times: Times | None = None,
        cancelled: Cancelled = lambda: False,
    ) -> None:
        self._url = check_url(url)
        self._office = office
        self._key = key
        self._context = context
        self._times = times or Times()
        self._cancelled = cancelled
        self._tries = patience.begin()
        self._session = ""
        self._number = 0
        self._client = self._connect()
        self.sent = 0
        """Bytes of parts handed to the line, repeated ones included."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    # -- what a station asks -----------------------------------------------------------------

    def have(self, hashes: Sequence[str]) -> PartsThere:
        """Which of these parts are there."""
        found = self._json("POST", "/v1/parts/have", {"parts": list(hashes)})
        wanted = set(hashes)
        return PartsThere(
            have=frozenset(one for one in list_of(found, "have") if one in wanted),
            begun={
                one: size
                for one, size in map_of(found, "begun").items()
                if one in wanted and isinstance(size, int) and size > 0
            },
        )

    def put(
        self, sha256: str, path: Path, *, start: int = 0, moved: Moved = lambda n: None
    ) -> None:
        """Send a part, from the byte on that the service lacks."""
        size = path.stat().st_size
        while True:
            if not 0 <= start < size:
                start = 0
            digest = bytes.fromhex(sha256) if start == 0 else _digest(path, start)
            went = [0]

            def tell(count: int, went: list[int] = went) -> None:
                went[0] += count
                self.sent += count
                moved(count)

            query = f"?from={start}" if start else ""
            try:
                self._once(
                    "PUT",
                    f"/v1/parts/{sha256}{query}",
                    digest=digest,
                    length=size - start,
                    content=self._pieces(path, start, tell),
                )
            except _Again as again:
                if not self._tries.again(at_least=again.wait):
                    raise self._broken(again) from again
                there = self.have([sha256])
                if sha256 in there.have:
                    moved(size - start - went[0])
                    return
                arrived = there.begun.get(sha256, 0)
                arrived = arrived if arrived < size else 0
                if arrived > start:
                    self._tries.progress()
                moved(arrived - start - went[0])
                start = arrived
            else:
                self._tries.progress()
                return

    def offer(self, bundle: BundleId, message: bytes) -> BundleState:
        """Hand over the signed manifest: what is missing, or what became of the bundle."""
        return state_of(self._data("POST", f"/v1/bundles/{bundle}", message))

    def state(self, bundle: BundleId, *, wait: float = 0.0) -> BundleState | None:
        """What became of a bundle; None when the service does not know it."""
        try:
            return state_of(self._data("GET", f"/v1/bundles/{bundle}{_wait('?', wait)}"))
        except ServiceError as error:
            if error.code == "unknown":
                return None
            raise

    def notices(self, after: int, *, wait: float = 0.0) -> list[int]:
        """Numbers of the notices that this station lacks, in order."""
        found = self._data("GET", f"/v1/notices?after={after}{_wait('&', wait)}")
        numbers = [one for one in list_of(found, "notices") if isinstance(one, int) and one > 0]
        return sorted(set(numbers))

    def notice_files(self, number: int) -> list[NoticeFile]:
        """The files of a notice, the signed manifest last. Names that are not ours are refused."""
        found = self._data("GET", f"/v1/notices/{number}")
        files = [notice_file(one, index) for index, one in enumerate(list_of(found, "files"))]
        if len(files) < 2 or files[-1].name != SIGNED_NAME:
            raise odd_answer()
        return files

    def fetch(self, number: int, file: NoticeFile, folder: Path) -> None:
        """Fetch a file of a notice into `folder`; what is there of it already is kept."""
        place = folder / file.name
        if place.exists() and _digest(place, 0).hex() == file.sha256:
            return
        partial = folder / f"{file.name}.{file.sha256[:16]}.partial"
        best = 0
        while True:
            try:
                self._fetch_rest(number, file, partial)
            except _Again as again:
                size = partial.stat().st_size if partial.exists() else 0
                if size > best:
                    best = size
                    self._tries.progress()
                if not self._tries.again(at_least=again.wait):
                    raise self._broken(again) from again
                continue
            if partial.stat().st_size == file.size and _digest(partial, 0).hex() == file.sha256:
                self._tries.progress()
                partial.replace(place)
                return
            partial.unlink()
            if not self._tries.again():
                raise self._broken(None)

    def once_more(self) -> bool:
        """Wait as after a break; False when it is enough."""
        return self._tries.again()

    # -- one request -------------------------------------------------------------------------

    def _json(self, method: str, target: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._data(method, target, json.dumps(body).encode("ascii"))

    def _data(self, method: str, target: str, body: bytes = b"") -> dict[str, Any]:
        """A small request and its JSON, tried again while the line breaks."""
        while True:
            try:
                data = self._once(
                    method,
                    target,
                    digest=hashlib.sha256(body).digest() if body else EMPTY,
                    length=len(body),
                    content=body,
                )
                found = json.loads(data)
            except _Again as again:
                if not self._tries.again(at_least=again.wait):
                    raise self._broken(again) from again
                continue
            except (ValueError, RecursionError) as error:
                raise odd_answer() from error
            if not isinstance(found, dict):
                raise odd_answer()
            self._tries.progress()
            return found

    def _once(
        self,
        method: str,
        target: str,
        *,
        digest: bytes,
        length: int,
        content: bytes | Iterator[bytes],
    ) -> bytes:
        fields = self._signed(method, target, digest)
        if length:
            fields["Content-Length"] = str(length)
        with self._sending():
            stream = self._client.stream(
                method, self._url + target, headers=fields, content=content or None
            )
            with stream as response:
                self._look(response)
                return _read(response)

    def _fetch_rest(self, number: int, file: NoticeFile, partial: Path) -> None:
        start = partial.stat().st_size if partial.exists() else 0
        if start >= file.size:
            return
        target = f"/v1/notices/{number}/{file.name}"
        fields = self._signed("GET", target, EMPTY)
        if start:
            fields["Range"] = f"bytes={start}-"
        with (
            self._sending(),
            self._client.stream("GET", self._url + target, headers=fields) as response,
        ):
            self._look(response)
            anew = response.status_code != 206
            left = file.size - (0 if anew else start)
            with partial.open("wb" if anew else "ab") as out:
                for piece in response.iter_raw(PIECE_BYTES):
                    self._heed()
                    left -= len(piece)
                    if left < 0:
                        raise _Again("more came than was promised")
                    out.write(piece)

    def _signed(self, method: str, target: str, digest: bytes) -> dict[str, str]:
        if not self._session:
            self._begin()
        self._number += 1
        return self._fields(method, target, digest, session=self._session, number=self._number)

    def _fields(
        self, method: str, target: str, digest: bytes, *, session: str, number: int
    ) -> dict[str, str]:
        self._heed()
        return sign(
            method=method,
            target=target,
            digest=digest,
            office=self._office,
            session=session,
            number=number,
            key=self._key,
        )

    def _begin(self) -> None:
        """Answer the service's challenge: the proof that this station speaks, now."""
        with self._sending():
            with self._client.stream("POST", f"{self._url}/v1/session") as response:
                self._look(response, named=False)
                challenge = text_of(_object(_read(response)), "challenge")
            fields = self._fields("PUT", "/v1/session", EMPTY, session=challenge, number=0)
            self._number = 0
            with self._client.stream("PUT", f"{self._url}/v1/session", headers=fields) as response:
                self._look(response)
                self._session = text_of(_object(_read(response)), "session")

    def _look(self, response: httpx2.Response, *, named: bool = True) -> None:
        """Turn a status into what it means. Raises `_Again` for what may pass."""
        status = response.status_code
        if named and response.headers.get(NUMBER_FIELD) != str(self._number):
            # An answer to an earlier request: this connection tells things twice.
            raise _Again("the answer to another request")
        if status in {200, 204, 206}:
            return
        if status == 403:
            raise NotAdmittedError(
                "not_admitted",
                "The registry's service does not let this station in. Ask the registry whether "
                "the station is enrolled there and in force.",
            )
        code, sentence = refusal(_read(response))
        if status == 401:
            self._session = ""
            raise _Again("the session is over", code=code)
        if status in {400, 408, 409, 416, 429, 500, 502, 503, 504} and code != "other_manifest":
            wait = response.headers.get("Retry-After", "")
            seconds = float(wait) if wait.isascii() and wait.isdecimal() else 0.0
            raise _Again("the service could not", wait=seconds, code=code, sentence=sentence)
        raise (TroubledError if status >= 500 else ServiceError)(code, sentence)

    def _sending(self) -> _Sending:
        return _Sending(self._lose)

    def _lose(self) -> None:
        """Start over on a connection that carries nothing of before."""
        with suppress(Exception):
            self._client.close()
        self._client = self._connect()

    def _connect(self) -> httpx2.Client:
        return httpx2.Client(
            verify=self._context or False,  # without a context, plain HTTP on this machine
            trust_env=False,
            follow_redirects=False,
            timeout=httpx2.Timeout(self._times.silence, connect=self._times.connect),
            headers={"User-Agent": "waystation", "Accept-Encoding": "identity"},
            limits=httpx2.Limits(max_connections=1),
        )

    def _pieces(self, path: Path, start: int, tell: Moved) -> Iterator[bytes]:
        with path.open("rb") as file:
            file.seek(start)
            while piece := file.read(PIECE_BYTES):
                self._heed()
                yield piece
                tell(len(piece))

    def _heed(self) -> None:
        if self._cancelled():
            raise CancelledError(
                "cancelled", "Stopped. What arrived is kept there; run it again to go on."
            )

    def _broken(self, again: _Again | None) -> Exception:
        if again is not None and again.sentence:
            return TroubledError(again.code, again.sentence)
        return LineError(
            "line",
            "The line to the registry broke. What arrived is kept there; run it again to go on.",
            detail=str(again or "what came is not what was promised"),
        )


class _Again(Exception):  # noqa: N818 - handled inside: it may be tried again
    def __init__(self, why: str, *, wait: float = 0.0, code: str = "", sentence: str = "") -> None:
        super().__init__(why)
        self.wait = wait
        self.code = code
        self.sentence = sentence


class _Sending:
    """Turns what a connection does into what it means, and drops a connection that broke."""

    def __init__(self, lose: Callable[[], None]) -> None:
        self._lose = lose

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            return
        self._lose()
        if isinstance(error, httpx2.TransportError | httpx2.DecodingError | httpx2.StreamError):
            if _distrusted(error):
                raise FalseServiceError(
                    "false_service",
                    "Whoever answers there cannot show the registry's certificate, so nothing was "
                    "said to it. Check the address; ask the registry before you go on.",
                ) from error
            raise _Again(type(error).__name__) from error


def _distrusted(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _read(response: httpx2.Response) -> bytes:
    data = bytearray()
    for piece in response.iter_raw(PIECE_BYTES):
        data += piece
        if len(data) > MAX_ANSWER_BYTES:
            raise odd_answer()
    return bytes(data)


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _Again("no JSON") from error
    if not isinstance(found, dict):
        raise odd_answer()
    return found


def _wait(sign_: str, seconds: float) -> str:
    return f"{sign_}wait={seconds:g}" if seconds else ""


def _digest(path: Path, start: int) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        file.seek(start)
        while piece := file.read(MIB):
            digest.update(piece)
    return digest.digest()
