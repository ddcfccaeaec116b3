"""May this entry stand?  Pure: used when a bundle is admitted and by ``check``.

The order is: known already; held for a gap; then signature and author, role, contents;
and last the place in the chain.  The outcome is a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ledger import entry as entries
from ledger import kinds
from ledger.certificate import (
    Certificate,
    CertificateHash,
    OfficeType,
    SubjectKind,
    officer_and_supervisor,
    path_to_root,
    verify_chain,
)
from ledger.chain import BadLink, Earlier, Gap, Head, Next, Receipt, Same, continue_chain
from ledger.chain import is_covered as is_covered
from ledger.entry import Entry
from ledger.errors import CertificateError
from ledger.keys import PublicKey
from values.identifiers import EntryHash


@dataclass(frozen=True, slots=True)
class Revocation:
    """A certificate is revoked; what ``covered`` covers stays.

    ``covered`` is what the registry had receipted when it revoked, or, for a revocation
    by the office itself, :class:`Receipt` values up to the revoking entry.
    """

    certificate: CertificateHash
    covered: tuple[Receipt, ...] = ()

    @classmethod
    def of(cls, entry: Entry, receipts: Iterable[Receipt]) -> Revocation:
        """The revocation that a ``certificate.revoked`` entry states.

        Args:
            receipts: given before it, for stations; for the revoking office's own
                earlier epochs, their last heads.

        What stands before it in its own chain is covered by its place.

        Raises:
            ValueError: for an entry of another kind or without its body.
        """
        body = entry.body
        if entry.header.kind != kinds.CERTIFICATE_REVOKED or body is None:
            raise ValueError("not a revocation")
        place = Receipt.of(Head.of(entry))
        return cls(CertificateHash(body["certificate"]), (*receipts, place))


@dataclass(frozen=True, slots=True)
class Accept:
    """The entry stands; ``head`` is the new head of its chain."""

    head: Head


@dataclass(frozen=True, slots=True)
class Known:
    """The entry is in the ledger already: nothing to do."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Entries from ``expected`` on are missing before this one: keep it and wait."""

    expected: int


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The entry is kept aside for a registrar.

    Attributes:
        code: see :data:`SENTENCES`.
        head: the new head when the entry continues its chain all the same (only its
            author or contents are in question), else None.
    """

    code: str
    head: Head | None = None

    @property
    def sentence(self) -> str:
        """What to tell a person."""
        return SENTENCES[self.code]


Outcome = Accept | Known | Hold | Quarantine

Verify = Callable[[Entry, PublicKey], bool]
"""As :func:`ledger.entry.verify`."""

SENTENCES: Mapping[str, str] = {
    "fork": "Another entry stands at this place of the chain. The station's store was copied "
    "or restored without a new epoch; ask which of the two is in use.",
    "broken_link": "This entry follows one that is not in the chain. It belongs to a copy of "
    "the station's store; ask which of the two is in use.",
    "certificate_unknown": "The author's certificate is not known here. Ask the station to "
    "export again with its certificates.",
    "certificate": "The author's certificate does not lead back to this registry's root. Ask "
    "the station's administrator who this user is.",
    "author": "The certificate belongs to another user or another office than the entry "
    "says. Ask the station's administrator.",
    "both_roles": "This would make one person officer and supervisor. Revoke one of the two "
    "certificates, then release the entry.",
    "revoked": "The author, or the whole station, was revoked before this entry arrived. Decide "
    "whether it was made in good faith.",
    "signature": "The signature does not fit the entry. It was changed after it was signed.",
    "kind_unknown": "This program does not know this kind of entry. Update Waystation, then "
    "release it.",
    "role": "The author's role does not allow this kind of entry.",
    "subject": "This kind of entry cannot speak about this kind of subject.",
    "body_missing": "The contents of this entry are missing: the station no longer holds them. "
    "They may have been erased. If not, look for a later backup of the registry.",
    "body": "The contents of this entry lack something. Ask the station to update Waystation.",
    "text": "A text in this entry holds a sign that no page and no list can show. The station's "
    "program lets nobody type it: ask whether it was changed, or is older than this one.",
    "second": "The second person is the author. Someone else has to confirm an erasure.",
    "issued_certificate": "The certificate in this entry is not one that its author may issue.",
    "revoked_certificate": "The author may not revoke this certificate. Only the registry "
    "revokes certificates of other offices.",
}
"""Every quarantine code with the sentence for people."""


def check_entry(
    entry: Entry,
    certificates: Mapping[CertificateHash, Certificate],
    root: PublicKey,
    head: Head | None,
    revocations: Iterable[Revocation] = (),
    *,
    standing: EntryHash | None = None,
    body_required: bool = True,
    verified: Verify = entries.verify,
) -> Outcome:
    """Decide about one entry.

    Args:
        certificates: all that are known, by hash, those issued earlier in the same
            bundle included.
        head: the head of the entry's own chain (office and epoch), or None.
        revocations: all that are known.
        standing: the hash of what is stored at the entry's place; must be given when
            that place lies before the head.
        body_required: False when pruned and erased entries are expected (``check``).
        verified: whether a key signed an entry; for a caller who has looked already.

    Windows of certificates are not looked at: revocation goes by position, and a wrong
    clock never blocks work.
    """
    link = continue_chain(head, entry, standing=standing)
    if isinstance(link, Earlier):
        raise ValueError("say what stands at the entry's place")
    if isinstance(link, Same):
        return Known()
    if isinstance(link, Gap):
        return Hold(link.expected)
    code = check_alone(
        entry,
        certificates,
        root,
        revocations,
        body_required=body_required,
        verified=verified,
    )
    if isinstance(link, Next):
        return Accept(link.head) if code is None else Quarantine(code, link.head)
    place = "broken_link" if isinstance(link, BadLink) else "fork"
    return Quarantine(code or place)


def check_alone(
    entry: Entry,
    certificates: Mapping[CertificateHash, Certificate],
    root: PublicKey,
    revocations: Iterable[Revocation] = (),
    *,
    body_required: bool = True,
    verified: Verify = entries.verify,
) -> str | None:
    """A quarantine code, or None, for an entry outside its chain.

    For entries that a notice carries: a station sees only those of another office's chain
    that concern it, so their place cannot be checked and each stands on its own signature
    and certificates.
    """
    revoked = tuple(revocations)
    return author_fault(entry, certificates, root, revoked, verified=verified) or content_fault(
        entry, certificates, root, revoked, body_required=body_required
    )


def author_fault(
    entry: Entry,
    certificates: Mapping[CertificateHash, Certificate],
    root: PublicKey,
    revocations: Iterable[Revocation] = (),
    *,
    verified: Verify = entries.verify,
) -> str | None:
    """What is wrong with who signed, as a quarantine code; None when nothing is."""
    header = entry.header
    certificate = certificates.get(header.certificate)
    if certificate is None:
        return "certificate_unknown"
    try:
        verify_chain(certificate, certificates, root)
        path = path_to_root(certificate, certificates)
    except CertificateError:
        return "certificate"
    own = (
        certificate.subject_kind is SubjectKind.USER
        and certificate.subject_id == header.author
        and certificate.office == header.office
        and certificate.office_type is header.office_type
    )
    if not own:
        return "author"
    if not verified(entry, certificate.public_key):
        return "signature"
    named = {link.hash for link in path}
    if any(r.certificate in named and not is_covered(entry, r.covered) for r in revocations):
        return "revoked"
    return None


def content_fault(
    entry: Entry,
    certificates: Mapping[CertificateHash, Certificate],
    root: PublicKey,
    revocations: Iterable[Revocation] = (),
    *,
    body_required: bool = True,
) -> str | None:
    """What is wrong with what is said, as a quarantine code; None when nothing is.

    The author's certificate must be among ``certificates``.
    """
    header = entry.header
    rule = kinds.RULES.get(header.kind)
    if rule is None:
        return "kind_unknown"
    certificate = certificates[header.certificate]
    if certificate.role not in rule.roles or header.office_type not in rule.offices:
        return "role"
    if header.subject.type not in rule.subjects:
        return "subject"
    body = entry.body
    if body is None:
        return "body_missing" if body_required else None
    if entry.told is None:
        return "body"
    # A registry's word is taken as it is: a station can put nothing aside.
    if header.office_type is OfficeType.STATION and holds_nul(body):
        return "text"
    if header.kind == kinds.ENTRY_ERASED and body["second"] == header.author.bytes:
        return "second"
    if header.kind == kinds.CERTIFICATE_ISSUED:
        return _issued_fault(entry, body["certificate"], certificates, root, revocations)
    if header.kind == kinds.CERTIFICATE_REVOKED:
        return _revoked_fault(entry, certificates.get(body["certificate"]))
    return None


def holds_nul(value: object) -> bool:
    """Whether U+0000 stands in a text anywhere in these values, names of fields included. Forms
    and reasons take none, and databases and other makers' programs end a text there."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(map(holds_nul, value)) or any(map(holds_nul, value.values()))
    return isinstance(value, list) and any(map(holds_nul, value))


def _issued_fault(
    entry: Entry,
    data: bytes,
    certificates: Mapping[CertificateHash, Certificate],
    root: PublicKey,
    revocations: Iterable[Revocation],
) -> str | None:
    """An administrator records what he issued himself, or what root or registry issued
    for his office; and nobody becomes officer and supervisor at once."""
    header = entry.header
    try:
        issued = Certificate.from_bytes(data)
        verify_chain(issued, certificates, root)
    except CertificateError:
        return "issued_certificate"
    issuer = certificates.get(CertificateHash(issued.issuer))
    from_above = issuer is None or issuer.subject_kind is SubjectKind.TRUST
    fits = (
        issued.subject_kind is SubjectKind.USER
        and issued.subject_id == header.subject.id
        and issued.office == header.office
        and (from_above or issued.issuer == header.certificate)
    )
    if not fits:
        return "issued_certificate"
    gone = {revocation.certificate for revocation in revocations}
    in_force = {h: c for h, c in {**certificates, issued.hash: issued}.items() if h not in gone}
    both = officer_and_supervisor(in_force.values())
    return "both_roles" if issued.hash in in_force and issued.user in both else None


def _revoked_fault(entry: Entry, certificate: Certificate | None) -> str | None:
    """A station revokes its own users' certificates only; the registry revokes any."""
    if entry.header.office_type is OfficeType.REGISTRY:
        return None
    if certificate is None or certificate.office != entry.header.office:
        return "revoked_certificate"
    return None if certificate.subject_kind is SubjectKind.USER else "revoked_certificate"
