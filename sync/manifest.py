"""The two manifests: the one everybody sees and the one under the seal.

The **signed** manifest (``manifest.sig``) is the payload of a COSE_Sign1 over hashes and sizes of
sealed files: checked before anything is decrypted, and enough to say what is missing. The
**sealed** manifest (``manifest.age``) says what the parts hold and from whom they come.
:func:`disagreement` compares the two. Both are values: ``from_bytes`` gives a valid one or raises
:class:`FormatError`; fields this version does not know survive in ``extra``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from ledger.keys import domain
from sync import fields, limits
from sync.fields import Reader
from sync.folder import FileRecord
from sync.parts import PartInfo, PartKind
from values import cbor
from values.identifiers import BundleId, EntryHash, OfficeId

VERSION: Final = 1

SIGNED_CONTEXT: Final = domain("manifest")
"""External additional data of the COSE signature: a manifest's signature fits nothing else."""


class Kind(StrEnum):
    """Which way the container travels. Under the signature, so neither passes for the other."""

    BUNDLE = "bundle"
    NOTICE = "notice"


_WORD: Final = {Kind.BUNDLE: "bundle", Kind.NOTICE: "notice"}


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """What the signer vouches for, readable by everybody.

    ``signer`` is the key id: the first 8 bytes of the SHA-256 of the public key.
    ``certificates`` lets a receiver who knows only the root trace the signer to it; a bundle
    leaves it empty, because a certificate says which station wrote it.
    """

    bundle: BundleId
    kind: Kind
    signer: bytes
    sealed: FileRecord
    parts: tuple[FileRecord, ...]
    certificates: tuple[bytes, ...] = ()
    extra: Mapping[Any, Any] = field(default_factory=dict, hash=False)

    def to_bytes(self) -> bytes:
        """Deterministic CBOR, as it is signed."""
        return cbor.encode(
            {
                **self.extra,
                0: VERSION,
                1: self.bundle.bytes,
                2: self.kind.value,
                3: self.signer,
                4: [self.sealed.sha256, self.sealed.size],
                5: [[part.sha256, part.size] for part in self.parts],
                6: list(self.certificates),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> SignedManifest:
        """Parse. Raises :class:`FormatError` (``malformed``, ``version``, ``limit``)."""
        if len(data) > limits.MAX_SIGNED_BYTES:
            raise fields.over("signed manifest")
        reader = Reader.over(data, version=VERSION)
        parts = reader.list(5, most=limits.MAX_PARTS)
        return cls(
            bundle=BundleId(reader.uuid(1)),
            kind=_kind(reader.text(2)),
            signer=reader.bytes(3, length=8),
            sealed=_record(reader.list(4, most=2)),
            parts=tuple(_record(item) for item in parts),
            certificates=tuple(
                fields.as_bytes(item) for item in reader.list(6, most=limits.MAX_CERTIFICATES)
            ),
            extra=reader.rest(range(7)),
        )


@dataclass(frozen=True, slots=True)
class Range:
    """An unbroken run of one chain: the entries ``first`` to ``last`` of one epoch.

    ``previous`` is the hash that the first entry names as its predecessor (None at the beginning
    of an epoch's chain), ``head`` the hash of the last entry.
    """

    epoch: bytes
    first: int
    last: int
    previous: EntryHash | None
    head: EntryHash

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class SealedManifest:
    """What the parts hold, and for whom; read only by who can open the seal.

    ``office`` is who wrote it. ``ranges`` (a bundle's) are in the order of the entries; an export
    may span several epochs of a restored station. ``receiver`` and ``number`` are a notice's: the
    station it is for, and its place in the gapless numbering of that station's notices.
    ``written_ms`` is the writer's clock, milliseconds of Unix time; nothing relies on it.
    """

    bundle: BundleId
    kind: Kind
    signer: bytes
    office: OfficeId
    ranges: tuple[Range, ...]
    parts: tuple[PartInfo, ...]
    written_ms: int
    receiver: OfficeId | None = None
    number: int | None = None
    certificates: tuple[bytes, ...] = ()
    """Of a station, for a registry that knows its root alone. Sealed: they hold names."""
    extra: Mapping[Any, Any] = field(default_factory=dict, hash=False)

    @property
    def entries(self) -> int:
        """How many entries the parts hold in all."""
        return sum(part.items for part in self.parts if part.kind is PartKind.ENTRIES)

    @property
    def photos(self) -> int:
        """How many photos the parts hold in all."""
        return sum(part.items for part in self.parts if part.kind is PartKind.PHOTOS)

    def to_bytes(self) -> bytes:
        """Deterministic CBOR, as it is sealed."""
        return cbor.encode(
            {
                **self.extra,
                0: VERSION,
                1: self.bundle.bytes,
                2: self.kind.value,
                3: self.signer,
                4: self.office.bytes,
                5: [[r.epoch, r.first, r.last, r.previous, r.head] for r in self.ranges],
                6: [[part.kind.value, part.items, part.size] for part in self.parts],
                7: [self.entries, self.photos],
                8: self.written_ms,
                9: None if self.receiver is None else self.receiver.bytes,
                10: self.number,
                **({11: list(self.certificates)} if self.certificates else {}),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> SealedManifest:
        """Parse. Raises :class:`FormatError` (``malformed``, ``version``, ``limit``)."""
        if len(data) > limits.MAX_SEALED_BYTES:
            raise fields.over("sealed manifest")
        reader = Reader.over(data, version=VERSION)
        receiver = reader.get(9)
        number = reader.get(10)
        manifest = cls(
            bundle=BundleId(reader.uuid(1)),
            kind=_kind(reader.text(2)),
            signer=reader.bytes(3, length=8),
            office=OfficeId(reader.uuid(4)),
            ranges=tuple(_range(item) for item in reader.list(5, most=limits.MAX_RANGES)),
            parts=tuple(_part(item) for item in reader.list(6, most=limits.MAX_PARTS)),
            written_ms=reader.natural(8),
            receiver=None if receiver is None else OfficeId(fields.as_uuid(receiver)),
            number=None if number is None else fields.as_natural(number, least=1),
            certificates=_sealed_certificates(reader),
            extra=reader.rest(range(12)),
        )
        counts = reader.list(7, most=2)
        if counts != [manifest.entries, manifest.photos]:
            raise fields.malformed("counts do not add up")
        return manifest


def _sealed_certificates(reader: Reader) -> tuple[bytes, ...]:
    if reader.get(11) is None:
        return ()
    found = reader.list(11, most=limits.MAX_SEALED_CERTIFICATES)
    return tuple(fields.as_bytes(item) for item in found)


def disagreement(signed: SignedManifest, sealed: SealedManifest) -> str | None:
    """The first point on which the sealed manifest contradicts its signer, in technical words.

    None when they agree: same bundle, same kind, same signing key, as many parts, and the content
    that the kind calls for.
    """
    if sealed.bundle != signed.bundle:
        return "bundle id"
    if sealed.kind is not signed.kind:
        return "kind"
    if sealed.signer != signed.signer:
        return "signing key"
    if len(sealed.parts) != len(signed.parts):
        return "number of parts"
    notices = sum(part.kind is PartKind.NOTICE for part in sealed.parts)
    if sealed.kind is Kind.BUNDLE:
        if notices or sealed.receiver is not None or sealed.number is not None:
            return "a bundle that is also a notice"
        if sum(run.count for run in sealed.ranges) != sealed.entries:
            return "entries and ranges"
    else:
        if not notices or sealed.receiver is None or sealed.number is None:
            return "a notice without number, receiver or content"
        if sealed.ranges or sealed.entries:
            return "a notice that is also a bundle"
    return None


def word(kind: Kind) -> str:
    """The kind as a word in an English sentence."""
    return _WORD[kind]


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError as error:
        raise fields.newer(f"kind {text[:20]!r}") from error


def _record(item: object) -> FileRecord:
    sha256, size = fields.as_list(item, length=2)
    record = FileRecord(fields.as_bytes(sha256, length=32), fields.as_natural(size))
    if record.size > limits.MAX_PART_BYTES:
        raise fields.over("file")
    return record


def _range(item: object) -> Range:
    epoch, first, last, previous, head = fields.as_list(item, length=5)
    run = Range(
        epoch=fields.as_bytes(epoch, length=8),
        first=fields.as_natural(first, least=1),
        last=fields.as_natural(last, least=1),
        previous=None if previous is None else EntryHash(fields.as_bytes(previous, length=32)),
        head=EntryHash(fields.as_bytes(head, length=32)),
    )
    if run.last < run.first:
        raise fields.malformed("a range runs backwards")
    return run


def _part(item: object) -> PartInfo:
    kind, items, size = fields.as_list(item, length=3)
    try:
        part_kind = PartKind(fields.as_text(kind))
    except ValueError as error:
        raise fields.newer("a kind of part") from error
    info = PartInfo(
        kind=part_kind,
        items=fields.as_natural(items, least=1),
        size=fields.as_natural(size, least=1),
    )
    if info.items > limits.MAX_ITEMS_PER_PART or info.size > limits.MAX_UNPACKED_BYTES:
        raise fields.over("part")
    return info
