"""Signed requests: RFC 9421 with Ed25519, RFC 9530 for what a request carries.

Both sides of the line use this module: the station signs, the service verifies. No clock decides
whether a request counts, because a laptop's may be years off: the service gives a session a name
of its own, and the requests of a session carry a number that only grows. Bytes:
``docs/formats/http.md``.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)

from ledger.keys import PublicKey, SigningKey
from values.identifiers import OfficeId

TAG: Final = "waystation-1"
"""Says what the signature is for: a signature of this tag is nothing but a request to a service."""
SESSION_FIELD: Final = "Waystation-Session"
NUMBER_FIELD: Final = "Waystation-Request"
DIGEST_FIELD: Final = "Content-Digest"
COVERED: Final = (
    "@method",
    "@path",
    "@query",
    "content-digest",
    "waystation-session",
    "waystation-request",
)
"""What every signature covers, in this order."""
EMPTY: Final = hashlib.sha256(b"").digest()
MAX_NUMBER: Final = 2**53 - 1
"""Of a request: what every language holds as a whole number."""

_NUMBER = re.compile(r"[0-9]{1,16}")
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
_NOBODY = PublicKey(bytes(32))
# With the key of nobody the same work is done for a station that is not known as for one that is.
_AT = datetime(1970, 1, 1, tzinfo=UTC)
# The library wants a time of creation. Nobody reads it; the same for all tells nothing.

KeyLookup = Callable[[OfficeId], PublicKey | None]
"""The key of a station that may speak, or None for everybody else."""


class UnsignedError(Exception):
    """The request is not signed by a station that may speak. It is answered with nothing."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request whose signature holds. What it carries is not read yet: it has this digest."""

    office: OfficeId
    session: str
    number: int
    digest: bytes


def digest_value(digest: bytes) -> str:
    """The field `Content-Digest` for a SHA-256."""
    return f"sha-256=:{base64.b64encode(digest).decode('ascii')}:"


def sign(
    *,
    method: str,
    target: str,
    digest: bytes,
    office: OfficeId,
    session: str,
    number: int,
    key: SigningKey,
) -> dict[str, str]:
    """The header fields that make a request count. `target` is path and query."""
    fields = {
        DIGEST_FIELD: digest_value(digest),
        SESSION_FIELD: session,
        NUMBER_FIELD: str(number),
    }
    message = _Message(method, target, list(fields.items()))
    HTTPMessageSigner(signature_algorithm=_Ed25519, key_resolver=_Own(key)).sign(
        message,
        key_id=str(office),
        created=_AT,
        label="station",
        tag=TAG,
        covered_component_ids=COVERED,
        use_existing_digest=True,
    )
    return dict(message.headers.items())


def verify(
    *, method: str, target: str, fields: Iterable[tuple[str, str]], keys: KeyLookup
) -> Signed:
    """Check who signed a request's head. Raises `UnsignedError`, which does not say why."""
    if "#" in target:
        # What is signed is parsed as an address and ends here; services read on behind it.
        raise UnsignedError
    message = _Message(method, target, list(fields))
    known = _Known(keys)
    try:
        found = _Verifier(signature_algorithm=_Ed25519, key_resolver=known).verify(
            message, max_age=None, expect_tag=TAG, require_components=COVERED
        )
    except Exception as error:
        # The library raises its own, and what parsers of hostile fields come upon.
        raise UnsignedError from error
    covered = found[0].covered_components
    if len(found) != 1 or len(covered) != len(COVERED) + 1 or known.office is None:
        raise UnsignedError
    digest = _DIGEST.fullmatch(covered['"content-digest"'])
    number = _NUMBER.fullmatch(covered['"waystation-request"'])
    if digest is None or number is None or int(number[0]) > MAX_NUMBER:
        raise UnsignedError
    return Signed(
        office=known.office,
        session=covered['"waystation-session"'],
        number=int(number[0]),
        digest=base64.b64decode(digest[1]),
    )


class _Verifier(HTTPMessageVerifier):
    """Without a clock: the session and the number say whether a request is a repetition."""

    def validate_created_and_expires(
        self, sig_input: Any, max_age: timedelta | None = None
    ) -> None:
        """Nothing is asked of the times."""


class _Ed25519(HTTPSignatureAlgorithm):
    """The library's algorithm of this name, with the ledger's keys.

    What is signed begins with a quotation mark, so it can be taken neither for a COSE structure
    nor for a message under one of the ledger's domains.
    """

    algorithm_id = "ed25519"

    def __init__(
        self, public_key: PublicKey | None = None, private_key: SigningKey | None = None
    ) -> None:
        self._public = public_key
        self._private = private_key

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        assert self._private is not None  # noqa: S101 - the library asks a signer alone
        return self._private.sign_structure(message)

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raises `InvalidSignature`."""
        if self._public is None or not self._public.verify_structure(signature, message):
            raise InvalidSignature("the signature does not hold")


class _Own(HTTPSignatureKeyResolver):
    """The key of this station."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Any:
        """The only one."""
        return self._key


class _Known(HTTPSignatureKeyResolver):
    """Keys of stations, by the office's id."""

    def __init__(self, keys: KeyLookup) -> None:
        self._keys = keys
        self.office: OfficeId | None = None

    def resolve_public_key(self, key_id: str) -> Any:
        """The station's key, or nobody's."""
        try:
            office = OfficeId(UUID(key_id))
        except ValueError:
            return _NOBODY
        key = self._keys(office) if str(office) == key_id else None
        if key is not None:
            self.office = office
        return key or _NOBODY


class _Fields:
    """Header fields as the library reads and writes them; repeated ones stay repeated."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self._fields = fields

    def items(self) -> list[tuple[str, str]]:
        return self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for name, _ in self._fields))

    def __contains__(self, name: str) -> bool:
        return any(one.lower() == name.lower() for one, _ in self._fields)

    def __setitem__(self, name: str, value: str) -> None:
        del self[name]
        self._fields.append((name, value))

    def __delitem__(self, name: str) -> None:
        self._fields[:] = [one for one in self._fields if one[0].lower() != name.lower()]


class _Message:
    """A request's head. The host is left out of the signature: the session's name, which the
    service drew, already says which service is meant, and a relay may know it by another name."""

    def __init__(self, method: str, target: str, fields: list[tuple[str, str]]) -> None:
        self.method = method
        self.url = f"https://service{target}"
        self.headers = _Fields(fields)
