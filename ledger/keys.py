"""Signing keys: Ed25519 (RFC 8032), and P-256 for reading other makers' credentials.

Every signature of this room is made over a *domain* followed by the message, so that
bytes signed as one thing can never be presented as another.  COSE messages separate
themselves (their ``Sig_structure`` begins with a context string and carries the domain
as external associated data, RFC 9052 4.4), see :mod:`ledger.cose`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256

from ledger.errors import KeyFormError
from values.clock import Entropy
from values.secret import Secret

KEY_BYTES = 32
SIGNATURE_BYTES = 64
KID_BYTES = 8

_DOMAIN = re.compile(rb"waystation/[a-z-]+/[0-9]+\x00")


def domain(what: str, version: int = 1) -> bytes:
    """The domain-separation prefix for one kind of signed thing.

    >>> domain("entry")
    b'waystation/entry/1\\x00'
    """
    prefix = f"waystation/{what}/{version}\0".encode("ascii")
    if not _DOMAIN.fullmatch(prefix):
        raise ValueError("a domain is lower-case letters and hyphens")
    return prefix


def _check_domain(prefix: bytes) -> None:
    # A programming fault, not bad input: every domain is a constant of ours.
    if not _DOMAIN.fullmatch(prefix):
        raise ValueError("not a domain; make one with ledger.keys.domain()")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 public key, hashable and comparable by its 32 bytes.

    Raises:
        KeyFormError: code ``key`` when ``raw`` is not 32 bytes.
    """

    raw: bytes

    def __post_init__(self) -> None:
        if not isinstance(self.raw, bytes) or len(self.raw) != KEY_BYTES:
            raise KeyFormError("key", "This is not a public key of 32 bytes. Ask for it again.")

    @property
    def digest(self) -> bytes:
        """SHA-256 of the raw key, 32 bytes."""
        return hashlib.sha256(self.raw).digest()

    @property
    def kid(self) -> bytes:
        """The first 8 bytes of the digest: a hint for finding the key, not a proof."""
        return self.digest[:KID_BYTES]

    @property
    def fingerprint(self) -> str:
        """The whole digest for people: 16 groups of four hexadecimal digits."""
        text = self.digest.hex()
        return " ".join(text[i : i + 4] for i in range(0, len(text), 4))

    def has_fingerprint(self, text: str) -> bool:
        """True when ``text`` is this key's fingerprint, however it is spaced or cased."""
        return re.sub(r"[\s:.-]", "", text).lower() == self.digest.hex()

    def verify(self, domain: bytes, signature: bytes, message: bytes) -> bool:
        """True when ``signature`` was made over ``domain || message`` by this key."""
        _check_domain(domain)
        return self.verify_structure(signature, domain + message)

    def verify_structure(self, signature: bytes, structure: bytes) -> bool:
        """Like :meth:`verify` for a message that separates itself (COSE)."""
        if len(signature) != SIGNATURE_BYTES:
            return False
        try:
            _ed25519(self.raw).verify(signature, structure)
        except (InvalidSignature, ValueError):
            return False
        return True


@lru_cache(maxsize=256)
def _ed25519(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


@dataclass(frozen=True, slots=True)
class P256PublicKey:
    """A NIST P-256 public key: only for verifying credentials made by others.

    Raises:
        KeyFormError: code ``key`` when the coordinates are no point of the curve.
    """

    x: bytes
    y: bytes

    def __post_init__(self) -> None:
        try:
            self._key()
        except ValueError as fault:
            raise KeyFormError(
                "key", "This is not a public key on the curve P-256. Ask for it again."
            ) from fault

    def _key(self) -> ec.EllipticCurvePublicKey:
        if len(self.x) != KEY_BYTES or len(self.y) != KEY_BYTES:
            raise ValueError("coordinates are 32 bytes each")
        return ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1(), b"\x04" + self.x + self.y
        )

    @classmethod
    def from_key(cls, key: ec.EllipticCurvePublicKey) -> P256PublicKey:
        """From the ``cryptography`` object, for keys that come as X.509 or PEM."""
        if not isinstance(key.curve, ec.SECP256R1):
            raise KeyFormError(
                "key", "This key is on another curve than P-256. Ask for an ES256 key."
            )
        numbers = key.public_numbers()
        return cls(numbers.x.to_bytes(KEY_BYTES, "big"), numbers.y.to_bytes(KEY_BYTES, "big"))

    def verify_structure(self, signature: bytes, structure: bytes) -> bool:
        """ES256 (RFC 9053 2.1): ``signature`` is r and s, 32 bytes each."""
        if len(signature) != SIGNATURE_BYTES:
            return False
        r = int.from_bytes(signature[:32], "big")
        s = int.from_bytes(signature[32:], "big")
        try:
            self._key().verify(utils.encode_dss_signature(r, s), structure, ec.ECDSA(SHA256()))
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True, eq=False)
class SigningKey:
    """An Ed25519 private key. Its repr shows only the public fingerprint's start.

    Make one with :meth:`generate` or :meth:`from_bytes`.
    """

    _private: Ed25519PrivateKey = field(repr=False)
    public: PublicKey

    @classmethod
    def generate(cls, entropy: Entropy) -> SigningKey:
        """A new key from 32 bytes of the given randomness."""
        return cls.from_bytes(Secret(entropy(KEY_BYTES)))

    @classmethod
    def from_bytes(cls, secret: Secret) -> SigningKey:
        """The key whose 32-byte seed is ``secret``.

        Raises:
            KeyFormError: code ``key`` when the seed is not 32 bytes.
        """
        seed = secret.reveal()
        if len(seed) != KEY_BYTES:
            raise KeyFormError("key", "This is not a signing key of 32 bytes.")
        private = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(private, PublicKey(private.public_key().public_bytes_raw()))

    def sign(self, domain: bytes, message: bytes) -> bytes:
        """64 bytes over ``domain || message``; deterministic (RFC 8032)."""
        _check_domain(domain)
        return self._private.sign(domain + message)

    def sign_structure(self, structure: bytes) -> bytes:
        """Sign a message that separates itself: only for :mod:`ledger.cose`."""
        return self._private.sign(structure)

    def secret(self) -> Secret:
        """The seed, for wrapping into a key slot."""
        return Secret(self._private.private_bytes_raw())

    def __reduce__(self) -> str:
        raise TypeError("a signing key is not pickled; wrap its secret() into a slot")
