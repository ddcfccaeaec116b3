"""Credentials that others have published (`tests/vectors/claim169`, `tests/vectors/dcc`)."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from tests.documents.builders import text_of
from tests.documents.conftest import VECTORS
from values import cbor

CLAIM169 = {path.stem: path for path in sorted((VECTORS / "claim169").glob("*.json"))}
DCC = {path.stem: path for path in sorted((VECTORS / "dcc").glob("*.json"))}
DAY_OF_CLAIM169 = datetime(2025, 12, 1, tzinfo=UTC)


def load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def dcc_jwk(certificate: str, *, named: bool) -> dict[str, Any] | None:
    """The key of a health certificate's signer, or None when it is of a kind we do not read."""
    der = base64.b64decode(certificate)
    public = x509.load_der_x509_certificate(der).public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        return None
    numbers = public.public_numbers()
    entry = {"kty": "EC", "crv": "P-256", "x": _number(numbers.x), "y": _number(numbers.y)}
    if named:
        entry["kid"] = base64url(hashlib.sha256(der).digest()[:8])
    return entry


def spec_example() -> str:
    """The example of the specification: tag 61, claim 169 as bytes, sex as text."""
    sample = load(CLAIM169["spec_1.2.0_cose_sign1_example"])
    signed = (
        b"\xd8\x3d\xd2\x84"
        + cbor.encode(bytes.fromhex(sample["protected_hex"]))
        + cbor.encode({4: bytes.fromhex(sample["unprotected_kid_hex"])})
        + cbor.encode(bytes.fromhex(sample["payload_hex"]))
        + cbor.encode(bytes.fromhex(sample["signature_hex"]))
    )
    return text_of(signed)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _number(value: int) -> str:
    return base64url(value.to_bytes(32, "big"))
