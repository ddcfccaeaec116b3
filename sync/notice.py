"""Notices: what the registry sends back to one station.

A notice is a value (:class:`Notice`) that travels in the same container as a bundle, signed with
the registry's trust key and sealed for the station. Notices are numbered per station without
gaps; only their receipts make entries count as sent. Bytes: ``docs/formats/notice.md``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from ledger.entry import Entry
from ledger.keys import PublicKey, SigningKey
from sync import fields, limits
from sync.container import Cancelled, ContainerWriter, Report
from sync.errors import BadOutcome, ContentsError, Flaw, FormatError, NotPackableError
from sync.fields import Reader
from sync.folder import Drive
from sync.manifest import Kind, SealedManifest
from sync.parts import PartKind, Photo, pack_notice, pack_photos, read_item
from sync.reading import Unsealed, unseal_manifest
from sync.signers import SignerLookup, signers_under_root
from sync.verify import VerifiedBundle, verify
from values import cbor
from values.clock import Entropy
from values.identifiers import BundleId, EntryHash, OfficeId
from values.secret import Secret

__all__ = [
    "BadOutcome",
    "ContentsError",
    "GroupOutcome",
    "Kind",
    "Notice",
    "NoticeInfo",
    "OpenedNotice",
    "Origin",
    "Photo",
    "Receipt",
    "SignerLookup",
    "VerifiedBundle",
    "open_notice",
    "signers_under_root",
    "verify",
    "write_notice",
]

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Receipt:
    """The registry holds this office's epoch up to and including ``sequence``.

    ``head`` is the hash of the entry at that place: a station that finds another hash in its own
    chain has met a fork.
    """

    office: OfficeId
    epoch: bytes
    sequence: int
    head: EntryHash


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """What became of one group of entries (one act).

    ``outcome`` is a word of the registry's (``admitted``, ``held``, ``quarantined``,
    ``registered``, ``returned`` ...); ``code`` and ``sentence`` say why, for programs and for
    people, and are empty when there is nothing to say. The sentence names no person.
    """

    group: UUID
    outcome: str
    code: str = ""
    sentence: str = ""
    extra: Mapping[Any, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Origin:
    """From which state of the registry a notice comes.

    ``epoch`` is the registry's own when it wrote this; another one begins whenever it was restored
    or moved. ``former`` are those before, the newest last, and ``previous`` names by SHA-256 the
    notice that it wrote before this one to the station; None when it knows of none.
    """

    epoch: bytes
    former: tuple[bytes, ...] = ()
    previous: bytes | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Everything one notice says.

    ``decisions`` are entries of the registry's own chain that concern the station, verbatim;
    ``entries`` are other stations' entries that policy lets it have. Each stands on its own
    signature and on ``certificates``. ``trust_list`` is a signed trust list or None, ``policy``
    a map of plain values; what they mean is not this room's to know. ``written_ms`` is the
    registry's clock in milliseconds of Unix time.
    """

    number: int
    station: OfficeId
    registry: OfficeId
    written_ms: int
    receipts: tuple[Receipt, ...] = ()
    outcomes: tuple[GroupOutcome, ...] = ()
    decisions: tuple[Entry, ...] = ()
    entries: tuple[Entry, ...] = ()
    certificates: tuple[bytes, ...] = ()
    trust_list: bytes | None = None
    policy: Mapping[str, Any] = field(default_factory=dict, hash=False)
    origin: Origin | None = None
    extra: Mapping[Any, Any] = field(default_factory=dict, hash=False)

    def to_bytes(self) -> bytes:
        """Deterministic CBOR."""
        made = self.origin
        return cbor.encode(
            {
                **self.extra,
                **({12: [made.epoch, list(made.former), made.previous]} if made else {}),
                0: VERSION,
                1: self.number,
                2: self.station.bytes,
                3: self.registry.bytes,
                4: self.written_ms,
                5: [[r.office.bytes, r.epoch, r.sequence, r.head] for r in self.receipts],
                6: [_outcome_map(outcome) for outcome in self.outcomes],
                7: [_entry_list(entry) for entry in self.decisions],
                8: [_entry_list(entry) for entry in self.entries],
                9: list(self.certificates),
                10: self.trust_list,
                11: dict(self.policy),
            }
        )

    @property
    def sha256(self) -> bytes:
        """SHA-256 of :meth:`to_bytes`: how the registry's chain names this notice."""
        return hashlib.sha256(self.to_bytes()).digest()

    @classmethod
    def from_bytes(cls, data: bytes) -> Notice:
        """Parse. Raises :class:`FormatError` (``malformed``, ``version``, ``limit``)."""
        if len(data) > limits.MAX_NOTICE_BYTES:
            raise fields.over("notice")
        reader = Reader.over(
            data,
            version=VERSION,
            max_depth=limits.MAX_NOTICE_DEPTH,
            max_items=limits.MAX_NOTICE_ITEMS,
        )
        most = limits.MAX_NOTICE_ITEMS
        trust_list = reader.get(10)
        return cls(
            number=reader.natural(1, least=1),
            station=OfficeId(reader.uuid(2)),
            registry=OfficeId(reader.uuid(3)),
            written_ms=reader.natural(4),
            receipts=tuple(_receipt(item) for item in reader.list(5, most=most)),
            outcomes=tuple(_outcome(item) for item in reader.list(6, most=most)),
            decisions=tuple(read_item(item) for item in reader.list(7, most=most)),
            entries=tuple(read_item(item) for item in reader.list(8, most=most)),
            certificates=tuple(fields.as_bytes(item) for item in reader.list(9, most=most)),
            trust_list=None if trust_list is None else fields.as_bytes(trust_list),
            policy=_policy(reader.get(11)),
            origin=_origin(reader.get(12)),
            extra=reader.rest(range(13)),
        )


@dataclass(frozen=True, slots=True)
class NoticeInfo:
    """What is now on the drive, read back and compared. ``size`` is bytes of all files."""

    path: Path
    bundle: BundleId
    number: int
    photos: int
    parts: int
    size: int


def write_notice(
    parent: Path,
    notice: Notice,
    *,
    bundle: BundleId,
    signer: SigningKey,
    certificates: Sequence[bytes],
    recipients: Sequence[str],
    entropy: Entropy,
    photos: Iterable[Photo] = (),
    progress: Report | None = None,
    cancelled: Cancelled | None = None,
    drive: Drive | None = None,
) -> NoticeInfo:
    """Write a notice as a new folder with a random name inside ``parent``.

    ``bundle`` is the container's id, ``certificates`` the trust key's chain up to the root, put
    beside the signature so that a station that knows only the root can follow it after a change
    of trust key. ``photos`` are those that the notice's entries name. Raises as
    :func:`sync.bundle.write_bundle`.
    """
    data = notice.to_bytes()
    if len(data) > limits.MAX_NOTICE_BYTES:
        raise NotPackableError(
            "contents", "This is too much for one notice. Write several notices instead."
        )
    with ContainerWriter(
        parent,
        recipients=recipients,
        entropy=entropy,
        drive=drive or Drive(),
        progress=progress,
        cancelled=cancelled,
    ) as writer:
        writer.add(pack_notice(data))
        writer.add(pack_photos(photos))
        sealed = SealedManifest(
            bundle=bundle,
            kind=Kind.NOTICE,
            signer=signer.public.kid,
            office=notice.registry,
            ranges=(),
            parts=writer.infos,
            written_ms=notice.written_ms,
            receiver=notice.station,
            number=notice.number,
        )
        written = writer.finish(sealed, signer=signer, certificates=certificates)
    return NoticeInfo(
        path=written.path,
        bundle=bundle,
        number=notice.number,
        photos=sealed.photos,
        parts=len(sealed.parts),
        size=written.size,
    )


@dataclass(frozen=True, slots=True)
class OpenedNotice:
    """A notice read from its container; its entries and certificates are not yet verified."""

    notice: Notice
    unsealed: Unsealed

    @property
    def bundle(self) -> BundleId:
        return self.manifest.bundle

    @property
    def signer(self) -> PublicKey:
        """The key that the signature was checked with."""
        return self.unsealed.verified.signer

    @property
    def manifest(self) -> SealedManifest:
        return self.unsealed.manifest

    def photos(self) -> Iterator[Photo]:
        """Photos that the notice's entries name. Raises :class:`ContentsError`."""
        return self.unsealed.photos()


def open_notice(
    verified: VerifiedBundle, identities: Sequence[Secret], *, drive: Drive | None = None
) -> OpenedNotice | BadOutcome:
    """Open the seal and read the notice.

    Whether it is this station's and the next in number is for the caller to compare. Outcomes as
    :func:`sync.bundle.open_bundle`, and ``content_differs``.
    """
    if verified.signed.kind is not Kind.NOTICE:
        return BadOutcome(
            Flaw.WRONG_KIND, "This is a bundle. Choose the folder of a notice to receive."
        )
    unsealed = unseal_manifest(verified, identities, drive=drive)
    if isinstance(unsealed, BadOutcome):
        return unsealed
    manifest = unsealed.manifest
    if sum(p.size for p in manifest.parts if p.kind is PartKind.NOTICE) > limits.MAX_NOTICE_BYTES:
        return fields.over("notice").outcome
    try:
        data = b"".join(unsealed.contents(PartKind.NOTICE))
        notice = Notice.from_bytes(data)
    except ContentsError as error:
        return error.outcome
    except FormatError as error:
        return error.outcome
    named = (manifest.number, manifest.receiver, manifest.office)
    if (notice.number, notice.station, notice.registry) != named:
        return BadOutcome(
            Flaw.SEALED_DIFFERS,
            "This notice contradicts itself about whom it is for. "
            "Ask the registry to write it again.",
            detail="number, station or registry",
        )
    return OpenedNotice(notice, unsealed)


def _outcome_map(outcome: GroupOutcome) -> dict[Any, Any]:
    return {
        **outcome.extra,
        0: outcome.group.bytes,
        1: outcome.outcome,
        2: outcome.code,
        3: outcome.sentence,
    }


def _outcome(item: object) -> GroupOutcome:
    reader = Reader(fields.as_map(item))
    return GroupOutcome(
        group=reader.uuid(0),
        outcome=reader.text(1),
        code=reader.text(2),
        sentence=reader.text(3),
        extra=reader.rest(range(4)),
    )


def _receipt(item: object) -> Receipt:
    office, epoch, sequence, head = fields.as_list(item, length=4)
    return Receipt(
        office=OfficeId(fields.as_uuid(office)),
        epoch=fields.as_bytes(epoch, length=8),
        sequence=fields.as_natural(sequence, least=1),
        head=EntryHash(fields.as_bytes(head, length=32)),
    )


def _entry_list(entry: Entry) -> list[bytes | None]:
    return [entry.header_bytes, entry.signature, entry.body_bytes]


def _origin(value: object) -> Origin | None:
    if value is None:
        return None
    epoch, former, previous = fields.as_list(value, length=3)
    if not isinstance(former, list) or len(former) > limits.MAX_FORMER_EPOCHS:
        raise fields.malformed("former epochs")
    return Origin(
        epoch=fields.as_bytes(epoch, length=8),
        former=tuple(fields.as_bytes(one, length=8) for one in former),
        previous=None if previous is None else fields.as_bytes(previous, length=32),
    )


def _policy(value: object) -> dict[str, Any]:
    policy = {} if value is None else fields.as_map(value)
    if not all(isinstance(key, str) for key in policy):
        raise fields.malformed("a policy is not named by text")
    return policy
