"""COSE_Sign1 (RFC 9052 4.2), written with a bare tag 18 and Ed25519.

Written: protected header with ``alg`` (-8) and ``kid``, empty unprotected header,
deterministic CBOR.  Read: EdDSA (-8) and ES256 (-7), ``kid`` in either header, a CWT
tag 61 or no tag in front (seen in published credentials).  ``alg`` is taken from the
protected header only: outside it an attacker may choose it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.errors import CoseError
from ledger.keys import P256PublicKey, PublicKey, SigningKey
from values import cbor

ALG, CRIT, KID = 1, 2, 4
EDDSA, ES256 = -8, -7

MAX_BYTES = 8 * 1024 * 1024
"""Largest message read. A trust list for 1,000 stations with full status lists of
16 KiB stays under it by a factor of at least two once compressed."""

_TAG_SIGN1 = b"\xd2"  # CBOR tag 18
_TAG_CWT = b"\xd8\x3d"  # CBOR tag 61, RFC 8392 6


@dataclass(frozen=True, slots=True)
class Sign1:
    """A parsed COSE_Sign1; nothing about it is verified yet.

    Attributes:
        protected: the protected header, decoded.
        unprotected: the unprotected header; nobody signed it.
        payload: the bytes that were signed.
        signature: as found; may be empty in samples of others, then it never verifies.
        alg: from the protected header.
        kid: from the protected header, else the unprotected one, else None.
        protected_bytes: the header as it was signed.
    """

    protected: dict[int | str, Any]
    unprotected: dict[int | str, Any]
    payload: bytes
    signature: bytes
    alg: int
    kid: bytes | None
    protected_bytes: bytes


def _structure(protected: bytes, external_aad: bytes, payload: bytes) -> bytes:
    # Sig_structure, RFC 9052 4.4
    return cbor.encode(["Signature1", protected, external_aad, payload])


def sign1(
    payload: bytes,
    key: SigningKey,
    *,
    headers: Mapping[int | str, Any] | None = None,
    external_aad: bytes = b"",
) -> bytes:
    """Sign ``payload``.

    Args:
        headers: further protected header parameters; ``kid`` defaults to the key's own.
        external_aad: what both sides know and the message does not carry; the formats
            of this project put their domain there, the credential leaves it empty.
    """
    protected = cbor.encode({KID: key.public.kid, **(headers or {}), ALG: EDDSA})
    signature = key.sign_structure(_structure(protected, external_aad, payload))
    return _TAG_SIGN1 + cbor.encode([protected, {}, payload, signature])


def _fault(code: str, detail: str) -> CoseError:
    return CoseError(code, f"This is not a signed message that can be read: {detail}.")


def _header(value: object, where: str) -> dict[int | str, Any]:
    if not isinstance(value, dict):
        raise _fault("form", f"its {where} header is not a map")
    for key in value:
        if isinstance(key, bool) or not isinstance(key, int | str):
            raise _fault("form", f"its {where} header has a label that is no number or text")
    return value


def parse1(data: bytes, *, strict: bool = False) -> Sign1:
    """Parse without verifying.

    Args:
        strict: for formats of this project: bare tag 18, deterministic encoding and an
            empty unprotected header, so that one signed thing has one sequence of bytes
            (their hashes name them).

    Raises:
        CoseError: codes ``size``, ``cbor``, ``form``, ``algorithm`` (missing from the
            protected header, or not one that is read), ``critical`` (a header parameter
            that must be understood and is not), ``strict``.
    """
    if len(data) > MAX_BYTES:
        raise _fault("size", "it is too large")
    rest = data
    if rest.startswith(_TAG_CWT):
        rest = rest[len(_TAG_CWT) :]
    if rest.startswith(_TAG_SIGN1):
        rest = rest[len(_TAG_SIGN1) :]
    try:
        array = cbor.decode(rest)
    except cbor.CborError as fault:
        raise _fault("cbor", "its outer structure is damaged") from fault
    if not isinstance(array, list | tuple) or len(array) != 4:
        raise _fault("form", "it has not four parts")
    protected_bytes, unprotected, payload, signature = array
    if not (
        isinstance(protected_bytes, bytes)
        and isinstance(payload, bytes)
        and isinstance(signature, bytes)
    ):
        raise _fault("form", "a part of it is of the wrong type")
    unprotected = _header(unprotected, "unprotected")
    # An empty protected header may be a zero-length string (RFC 9052 3).
    try:
        protected = _header(cbor.decode(protected_bytes) if protected_bytes else {}, "protected")
    except cbor.CborError as fault:
        raise _fault("cbor", "its protected header is damaged") from fault
    alg = protected.get(ALG)
    if isinstance(alg, bool) or not isinstance(alg, int):
        raise _fault("algorithm", "its protected header names no algorithm")
    if alg not in (EDDSA, ES256):
        raise _fault("algorithm", "its algorithm is neither EdDSA nor ES256")
    _check_critical(protected)
    kid = protected.get(KID, unprotected.get(KID))
    if kid is not None and not isinstance(kid, bytes):
        raise _fault("form", "its key identifier is no byte string")
    if strict and data != _TAG_SIGN1 + cbor.encode([protected_bytes, {}, payload, signature]):
        raise _fault("strict", "it is not in the one encoding that this format allows")
    return Sign1(protected, unprotected, payload, signature, alg, kid, protected_bytes)


def _check_critical(protected: Mapping[int | str, Any]) -> None:
    """RFC 9052 3.1: whoever does not understand a critical parameter must refuse."""
    if CRIT not in protected:
        return
    labels = protected[CRIT]
    if not isinstance(labels, list | tuple) or not labels:
        raise _fault("critical", "its list of critical parameters is empty or no list")
    for label in labels:
        if label not in (ALG, KID) or label not in protected:
            raise _fault("critical", "it demands a header parameter unknown to this program")


def verify1(
    message: Sign1, public: PublicKey | P256PublicKey, *, external_aad: bytes = b""
) -> bool:
    """True when the signature holds and the algorithm is the one of this kind of key."""
    expected = EDDSA if isinstance(public, PublicKey) else ES256
    if message.alg != expected:
        return False
    structure = _structure(message.protected_bytes, external_aad, message.payload)
    return public.verify_structure(message.signature, structure)
