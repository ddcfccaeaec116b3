"""What a verifier trusts: a signed trust list, or another maker's key set.

Both become one `Trust`, so that verification knows a single shape. A key set (RFC 7517) is
vouched for by nobody and knows nothing of revocation; `Trust` says so instead of pretending.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from documents.envelope import Algorithm
from documents.errors import TrustError
from ledger import cose
from ledger.errors import LedgerError
from ledger.keys import P256PublicKey, PublicKey
from ledger.status import SIZE
from ledger.trust import GENUINE_BYTES, DocumentKey, KeyStatus, TrustList

__all__ = ["KeyStatus", "Revocation", "Trust", "TrustedKey", "load_trust"]

MAX_TRUST_BYTES = cose.MAX_BYTES
MAX_KEYS = 4_096

# SubjectPublicKeyInfo prefixes (RFC 8410, RFC 5480): some makers name a key by the hash of its
# DER form, and the DER form of a fixed curve is these bytes and the key.
_SPKI_ED25519 = bytes.fromhex("302a300506032b6570032100")
_SPKI_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
_P = 2**255 - 19
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER = frozenset({0, 1, _P - 1, _P, _P + 1, _ORDER_8, _P - _ORDER_8})
# The y of the points of order 1, 2, 4 and 8 on the curve of RFC 8032 section 5.1, in canonical form
# and not.


class Revocation(StrEnum):
    """Whether revocation could be looked up."""

    CHECKED = "checked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A key a verifier trusts, with the limits its list sets. None means no limit is known."""

    key: PublicKey | P256PublicKey
    kids: frozenset[bytes]
    named: bool
    issue_from: datetime | None = None
    issue_until: datetime | None = None
    last_expiry: datetime | None = None
    status: KeyStatus = KeyStatus.ACTIVE
    genuine: frozenset[bytes] = frozenset()

    def vouches_for(self, digest: bytes) -> bool:
        """Whether it stands behind a credential of this SHA-256. A revoked key does only for
        those that are known to be older than the day since when it may be in other hands."""
        return self.status is not KeyStatus.REVOKED or digest[:GENUINE_BYTES] in self.genuine

    @property
    def algorithm(self) -> Algorithm:
        """The one algorithm this key signs with; a credential that states another is forged."""
        return Algorithm.EDDSA if isinstance(self.key, PublicKey) else Algorithm.ES256

    def signed(self, signature: bytes, message: bytes) -> bool:
        """Whether this key made the signature. A point of small order made none: under it a
        signature can be made without any private key."""
        if isinstance(self.key, PublicKey) and _weak(self.key.raw):
            return False
        return self.key.verify_structure(signature, message)


# (list URI, index) -> revoked?, or None when that list is not here or does not reach so far.
StatusLookup = Callable[[str, int], bool | None]


@dataclass(frozen=True, slots=True)
class Trust:
    """Keys, revocation and who vouches for them.

    `issued_at` and `root` are None for a key set. `root_pinned` is True only when the caller
    named the root's fingerprint and it was this one.
    """

    keys: tuple[TrustedKey, ...]
    revoked: StatusLookup
    issued_at: datetime | None = None
    root: str | None = None
    root_pinned: bool = False

    def age_days(self, at: datetime) -> int | None:
        """Whole days since the list was signed; None for a key set; never negative."""
        return None if self.issued_at is None else max(0, (at - self.issued_at).days)

    def named(self, kid: bytes | None) -> tuple[TrustedKey, ...]:
        """Every key that goes by `kid`: eight bytes of a hash are not unique."""
        return tuple(key for key in self.keys if kid is not None and kid in key.kids)

    def nameless(self) -> tuple[TrustedKey, ...]:
        """Keys whose maker gave them no name: candidates for any credential."""
        return tuple(key for key in self.keys if not key.named)


def load_trust(data: bytes, *, root: str | None = None) -> Trust:
    """Read a signed trust list or a JSON Web Key Set.

    `root` pins the root key by its fingerprint. A key set has no root: pinning one is refused,
    because the caller expects a protection that is not there.

    Raises:
        TrustError: codes ``too_large``, ``not_trust``, ``root_mismatch``, ``no_root``, ``keys``.
    """
    if len(data) > MAX_TRUST_BYTES:
        raise TrustError("too_large", "The trust file is too large. Ask for a new one.")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        if root is not None:
            raise TrustError(
                "no_root",
                "A key set has no root to pin. Leave the fingerprint out, or take the trust list.",
            )
        return from_key_set(data)
    try:
        trusted = TrustList.from_bytes(data, root=None)
    except LedgerError as error:
        raise TrustError("not_trust", error.sentence) from error
    if root is not None and not trusted.root.has_fingerprint(root):
        raise TrustError(
            "root_mismatch",
            "The trust list comes from another root than the one named. Compare the fingerprint.",
        )
    return from_trust_list(trusted, root_pinned=root is not None)


def from_trust_list(trusted: TrustList, *, root_pinned: bool = False) -> Trust:
    """What a verified trust list says. `root_pinned`: the caller compared the fingerprint."""
    lists = {entry.uri: entry.bits for entry in trusted.status_lists}

    def revoked(uri: str, index: int) -> bool | None:
        bits = lists.get(uri)
        return None if bits is None or index >= SIZE else bits.is_revoked(index)

    return Trust(
        keys=tuple(_listed(key) for key in trusted.keys),
        revoked=revoked,
        issued_at=trusted.issued_at,
        root=trusted.root.fingerprint,
        root_pinned=root_pinned or trusted.root_pinned,
    )


def from_key_set(data: bytes) -> Trust:
    """Read a JSON Web Key Set, or a single JSON Web Key.

    Keys for other purposes (encryption, RSA, other curves) are passed over, as RFC 7517
    section 5 asks; a set in which no key remains is refused.

    Raises:
        TrustError: codes ``not_trust``, ``keys``.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise TrustError(
            "not_trust", "The file is neither a trust list nor a key set. Ask for it again."
        ) from None
    listed = document.get("keys", [document]) if isinstance(document, dict) else document
    if not isinstance(listed, list) or len(listed) > MAX_KEYS:
        raise TrustError("keys", "The key set is not a list of keys. Ask its maker for another.")
    keys = tuple(key for entry in listed if (key := _web_key(entry)) is not None)
    if not keys:
        raise TrustError(
            "keys", "The key set holds no Ed25519 or P-256 key. Ask its maker for the public keys."
        )
    return Trust(keys=keys, revoked=lambda uri, index: None)


def _listed(key: DocumentKey) -> TrustedKey:
    return TrustedKey(
        key=key.public,
        kids=frozenset({key.kid}),
        named=True,
        issue_from=key.issue_from,
        issue_until=key.issue_until,
        last_expiry=key.last_expiry,
        status=key.status,
        genuine=key.genuine,
    )


def _web_key(entry: Any) -> TrustedKey | None:
    """One JSON Web Key (RFC 7517, RFC 8037), or None when it is not for checking credentials."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    key: PublicKey | P256PublicKey
    try:
        match entry.get("kty"), entry.get("crv"):
            case "OKP", "Ed25519":
                key = PublicKey(_base64url(entry.get("x")))
                raw, spki = key.raw, _SPKI_ED25519 + key.raw
            case "EC", "P-256":
                key = P256PublicKey(_base64url(entry.get("x")), _base64url(entry.get("y")))
                raw = b"\x04" + key.x + key.y
                spki = _SPKI_P256 + raw
            case _:
                return None
    except (LedgerError, ValueError):
        return None
    kid = entry.get("kid")
    if isinstance(kid, str) and kid:
        return TrustedKey(key, _kids(kid), named=True)
    return TrustedKey(key, _derived_kids(entry, raw, spki), named=False)


def _weak(raw: bytes) -> bool:
    """Whether an Ed25519 key is a point of small order."""
    return int.from_bytes(raw, "little") & (1 << 255) - 1 in _SMALL_ORDER


def _kids(kid: str) -> frozenset[bytes]:
    """The bytes a credential may carry for the name `kid`: the text, or what it encodes.

    COSE names keys by bytes and JSON by text; makers differ in how they go from one to the other.
    """
    # JSON can escape half a surrogate pair; such a name is none that a credential could carry.
    names = {kid.encode("utf-8", "surrogatepass")}
    for decode in (_base64url, bytes.fromhex):
        try:
            names.add(decode(kid))
        except ValueError:
            continue
    return frozenset(names)


def _derived_kids(entry: dict[str, Any], raw: bytes, spki: bytes) -> frozenset[bytes]:
    """Names by which a nameless key can still be known: hashes of itself, whole or eight bytes."""
    members = sorted(name for name in ("crv", "kty", "x", "y") if name in entry)
    canonical = json.dumps({name: entry[name] for name in members}, separators=(",", ":"))
    digests = [hashlib.sha256(form).digest() for form in (raw, spki, canonical.encode())]
    return frozenset(name for digest in digests for name in (digest, digest[:8]))


def _base64url(text: Any) -> bytes:
    """Decode base64url with or without padding (RFC 7515 section 2).

    Raises:
        ValueError: not base64url.
    """
    if not isinstance(text, str):
        raise ValueError("not text")
    padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
    try:
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("not base64url") from None
