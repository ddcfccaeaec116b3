"""Who may have signed: lookups for :func:`sync.verify.verify`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from ledger.certificate import Certificate, CertificateHash, SubjectKind, verify_chain
from ledger.errors import CertificateError
from ledger.keys import PublicKey
from sync.manifest import SignedManifest

SignerLookup = Callable[[SignedManifest], PublicKey | None]
"""Gives the key for the manifest's ``signer`` (a key id) if the caller trusts it, perhaps because
of the manifest's ``certificates``; else None. Nothing is verified yet when this is asked."""


def known_signers(keys: Iterable[PublicKey]) -> SignerLookup:
    """A lookup over a fixed set of keys: the stations that a registry has enrolled."""
    table: Mapping[bytes, PublicKey] = {key.kid: key for key in keys}
    return lambda signed: table.get(signed.signer)


def signers_under_root(
    root: PublicKey,
    *,
    certificates: Iterable[bytes] = (),
    revoked: Collection[bytes] = (),
    at: datetime | None = None,
) -> SignerLookup:
    """A lookup for trust keys whose certificates lead to ``root``: how a station meets a notice.

    ``certificates`` are those the station already has; those beside the signature are added.
    ``revoked`` are hashes of certificates that no longer count. ``at`` is handed to the check of
    validity windows; None skips it, because a wrong clock must not keep a notice out.
    """
    held = tuple(certificates)
    refused = frozenset(revoked)

    def lookup(signed: SignedManifest) -> PublicKey | None:
        table = _table((*held, *signed.certificates))
        for certificate in table.values():
            if (
                certificate.subject_kind is SubjectKind.TRUST
                and certificate.public_key.kid == signed.signer
                and certificate.hash not in refused
                and _leads_to(root, certificate, table, at)
            ):
                return certificate.public_key
        return None

    return lookup


def _table(certificates: Iterable[bytes]) -> dict[CertificateHash, Certificate]:
    """Certificates by hash; what cannot be read vouches for nobody and is left out."""
    table: dict[CertificateHash, Certificate] = {}
    for data in certificates:
        try:
            certificate = Certificate.from_bytes(data)
        except CertificateError:
            continue
        table[certificate.hash] = certificate
    return table


def _leads_to(
    root: PublicKey,
    certificate: Certificate,
    table: Mapping[CertificateHash, Certificate],
    at: datetime | None,
) -> bool:
    try:
        verify_chain(certificate, table, root, at=at)
    except CertificateError:
        return False
    return True
