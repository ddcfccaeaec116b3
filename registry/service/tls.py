"""The registry's own certificate authority for its service, and the context of the server.

Stations pin this authority and no other, so nobody else's can vouch for a false service. Its key
lies in the registry's encrypted store; the server's key is made at every start, lives in memory,
and is never on a disk in clear.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from values import cbor
from values.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from values.clock import Entropy

AUTHORITY_YEARS: Final = 30
"""Stations do not look at the time in it: their clocks may be years off. Others may."""
SERVER_DAYS: Final = 397
_BACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Authority:
    """The certificate authority: its certificate (DER) and its key (PKCS #8, DER)."""

    certificate: bytes
    key: Secret = field(repr=False)

    def to_bytes(self) -> bytes:
        """For the registry's settings."""
        return cbor.encode({"certificate": self.certificate, "key": self.key.reveal()})

    @classmethod
    def from_bytes(cls, data: bytes) -> Authority:
        """The reverse."""
        body = cbor.decode(data)
        return cls(body["certificate"], Secret(body["key"]))


@dataclass(frozen=True, slots=True)
class ServerKey:
    """What the front needs to speak TLS: certificate and encrypted key (PEM), and its password."""

    certificate: bytes
    key: bytes = field(repr=False)
    password: Secret = field(repr=False)


def new_authority(*, now: datetime) -> Authority:
    """Make one. Its name says what it is for, and nothing of the operation."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Waystation registry service")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - _BACK)
        .not_valid_after(now.astimezone(UTC) + timedelta(days=366 * AUTHORITY_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certify=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return Authority(certificate.public_bytes(Encoding.DER), Secret(secret))


def server_key(
    authority: Authority, names: Iterable[str], *, now: datetime, entropy: Entropy
) -> ServerKey:
    """A key for the server under these names (or addresses), certified by the authority."""
    issuer = x509.load_der_x509_certificate(authority.certificate)
    signer = load_der_private_key(authority.key.reveal(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)  # noqa: S101 - we made it
    key = ec.generate_private_key(ec.SECP256R1())
    names = list(names)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - _BACK)
        .not_valid_after(now.astimezone(UTC) + timedelta(days=SERVER_DAYS))
        .add_extension(x509.SubjectAlternativeName([_name(one) for one in names]), critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certify=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
            critical=False,
        )
        .sign(signer, hashes.SHA256())
    )
    password = Secret(entropy(32).hex().encode("ascii"))
    return ServerKey(
        certificate=certificate.public_bytes(Encoding.PEM),
        key=key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.reveal())
        ),
        password=password,
    )


def server_context(made: ServerKey, *, folder: Path) -> ssl.SSLContext:
    """The context of a server: TLS 1.3 alone.

    OpenSSL's binding reads the chain from a file, so an encrypted one lies in `folder` for the
    length of this call; its password never does.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    descriptor, path = tempfile.mkstemp(dir=folder, prefix=".tls-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(made.certificate + made.key)
        context.load_cert_chain(path, password=made.password.reveal())
    finally:
        with suppress(OSError):
            os.unlink(path)  # noqa: PTH108 - the name is what mkstemp gave
    return context


def is_host(name: str) -> bool:
    """Whether this can stand in a certificate and in a URL."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        labels = name.rstrip(".").split(".")
        return len(name) <= 253 and all(
            0 < len(one) <= 63
            and one.isascii()
            and one.replace("-", "a").isalnum()
            and not one.startswith("-")
            and not one.endswith("-")
            for one in labels
        )
    return True


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, certify: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certify,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certify,
        crl_sign=certify,
        encipher_only=False,
        decipher_only=False,
    )
