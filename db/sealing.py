"""Keys derived from the data key, and how bodies and photos are sealed where the engine does not.

SQLCipher encrypts whole files, so there the codec does nothing. PostgreSQL sees its rows, so
bodies, drafts, settings and photos are sealed before they reach it: AES-256-GCM (NIST SP
800-38D) under a key derived from the data key, a random 96-bit nonce, and associated data that
binds the bytes to their row, so that rows cannot be exchanged for one another.
"""

from __future__ import annotations

import hmac
import os
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.errors import DamagedStoreError
from values.identifiers import PhotoHash
from values.secret import Secret

if TYPE_CHECKING:
    from values.clock import Entropy

NONCE_BYTES = 12
KEY_BYTES = 32


def derived(data_key: Secret, purpose: str) -> Secret:
    """A key for one purpose (HKDF-SHA-256, RFC 5869): ``waystation/<purpose>/1`` as its info."""
    info = f"waystation/{purpose}/1".encode("ascii")
    hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info)
    return Secret(hkdf.derive(data_key.reveal()))


class BodyCodec(Protocol):
    """What stands between plain bytes and a column of the store."""

    def seal(self, plain: bytes, about: bytes) -> bytes:
        """The bytes to store. `about` names the row: the entry's hash, a setting's key."""
        ...

    def open(self, stored: bytes, about: bytes) -> bytes:
        """The plain bytes. Raises `DamagedStoreError` when they are not those of that row."""
        ...

    def photo_name(self, photo: PhotoHash) -> bytes:
        """The name under which a photo is stored: 32 bytes."""
        ...


class Clear:
    """For engines that encrypt by themselves, and for the plain twin of the benchmarks."""

    def seal(self, plain: bytes, about: bytes) -> bytes:
        """See `BodyCodec`."""
        return plain

    def open(self, stored: bytes, about: bytes) -> bytes:
        """See `BodyCodec`."""
        return stored

    def photo_name(self, photo: PhotoHash) -> bytes:
        """See `BodyCodec`."""
        return photo


class Sealed:
    """AES-256-GCM, for PostgreSQL: nonce (12 bytes), then ciphertext with its tag."""

    def __init__(self, data_key: Secret, *, entropy: Entropy = os.urandom) -> None:
        self._cipher = AESGCM(derived(data_key, "body").reveal())
        self._name_key = derived(data_key, "photo-name")
        self._entropy = entropy

    def seal(self, plain: bytes, about: bytes) -> bytes:
        """See `BodyCodec`."""
        nonce = self._entropy(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, about)

    def open(self, stored: bytes, about: bytes) -> bytes:
        """See `BodyCodec`."""
        try:
            return self._cipher.decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], about)
        except (InvalidTag, ValueError):
            raise DamagedStoreError from None

    def photo_name(self, photo: PhotoHash) -> bytes:
        """See `BodyCodec`. The database must not match photos against pictures it knows."""
        return hmac.digest(self._name_key.reveal(), photo, "sha256")
