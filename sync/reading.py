"""Reading a verified container: hash again, unseal, unpack, parse, a few parts at a time.

A part is hashed once more at the moment it is read, because the folder may lie on a stick that
somebody can write to between verifying and opening. Parts are independent of one another, so two
cores work on them (:mod:`sync.workers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from ledger import entry as ledger
from ledger.certificate import CertificateHash
from ledger.entry import Entry
from ledger.keys import PublicKey
from sync import limits
from sync.errors import BadOutcome, ContentsError, Flaw, FormatError, SealError
from sync.folder import SEALED_NAME, AbsentError, Drive, FileRecord, OversizeError, part_name
from sync.gather import missing_files, unreadable
from sync.manifest import SealedManifest, disagreement
from sync.parts import PartInfo, PartKind, Photo, entries_in, photos_in, unpack
from sync.seal import unseal
from sync.verify import VerifiedBundle, altered_files
from sync.workers import Workers, on_threads
from values import collecting
from values.secret import Secret

Found = TypeVar("Found")


class Outline(NamedTuple):
    """What is asked about every entry: where it stands in its chain, of what kind it is and which
    photos it names. In plain values, cheap to hand over."""

    office: bytes
    epoch: bytes
    sequence: int
    previous: bytes | None
    hash: bytes
    kind: str
    blobs: tuple[bytes, ...]


Outlined = tuple[Entry, Outline, bool | None]
"""An entry, its outline, and whether the key of the certificate that it names made its signature;
None without that key."""


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A verified container with its sealed manifest read and found to agree with its signer."""

    verified: VerifiedBundle
    manifest: SealedManifest
    identities: Sequence[Secret] = field(repr=False)
    drive: Drive = field(repr=False)
    workers: Workers = field(repr=False, compare=False)

    def contents(self, kind: PartKind) -> Iterator[bytes]:
        """The unpacked parts of one kind, in order. Raises :class:`ContentsError`."""
        return self._good(map(_content, self._tasks(kind)))

    def photos(self) -> Iterator[Photo]:
        """Every photo, each under its true hash. Raises :class:`ContentsError`."""
        spread = on_threads if type(self.drive) is Drive else map
        for part in self._good(spread(_photos, self._tasks(PartKind.PHOTOS))):
            yield from part

    def entries(self, keys: Mapping[CertificateHash, PublicKey]) -> Iterator[list[Outlined]]:
        """The entries of each part, outlined and checked with these keys. They may become more on
        the way: parts that are not begun yet are checked with those too.
        Raises :class:`ContentsError`."""
        # A drive of the caller's stays with the caller.
        spread = self.workers.map if type(self.drive) is Drive else map
        return self._good(spread(_entries, self._tasks(PartKind.ENTRIES, keys)))

    def _good(self, results: Iterable[Found | BadOutcome]) -> Iterator[Found]:
        for found in results:
            if isinstance(found, BadOutcome):
                raise ContentsError(found)
            yield found

    def _tasks(
        self, kind: PartKind, keys: Mapping[CertificateHash, PublicKey] = MappingProxyType({})
    ) -> Iterator[_Sealed]:
        # The identities travel in the open to a process of our own, by a pipe that is ours.
        identities = tuple(identity.reveal() for identity in self.identities)
        drive = None if type(self.drive) is Drive else self.drive
        records = self.verified.signed.parts
        for index, (info, record) in enumerate(zip(self.manifest.parts, records, strict=True)):
            if info.kind is kind:
                name = part_name(index)
                where = self.verified.at(name)
                raw = {hash_: key.raw for hash_, key in keys.items()}
                yield _Sealed(where, name, record, info, identities, raw, drive)


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A part that is to be read: its file, what was signed about it, and with what to open it."""

    path: Path
    name: str
    record: FileRecord
    info: PartInfo
    identities: tuple[bytes, ...] = field(repr=False)
    keys: Mapping[CertificateHash, bytes]
    drive: Drive | None


def _content(sealed: _Sealed) -> bytes | BadOutcome:
    try:
        drive = sealed.drive or Drive()
        data = _read(sealed.path, sealed.name, sealed.record, drive)
        return unpack(sealed.info, _unseal(data, [Secret(one) for one in sealed.identities]))
    except ContentsError as error:
        return error.outcome


def _photos(sealed: _Sealed) -> list[Photo] | BadOutcome:
    content = _content(sealed)
    if isinstance(content, BadOutcome):
        return content
    try:
        return list(photos_in(sealed.info, content))
    except ContentsError as error:
        return error.outcome


def _entries(sealed: _Sealed) -> list[Outlined] | BadOutcome:
    content = _content(sealed)
    if isinstance(content, BadOutcome):
        return content
    try:
        with collecting.later():
            return [_outlined(entry, sealed.keys) for entry in entries_in(sealed.info, content)]
    except ContentsError as error:
        return error.outcome


def _outlined(entry: Entry, keys: Mapping[CertificateHash, bytes]) -> Outlined:
    header = entry.header
    raw = keys.get(header.certificate)
    signed = None if raw is None else ledger.verify(entry, _key(raw))
    outline = Outline(
        office=header.office.bytes,
        epoch=header.epoch,
        sequence=header.sequence,
        previous=header.previous,
        hash=entry.hash,
        kind=header.kind,
        blobs=header.blobs,
    )
    return entry, outline, signed


@lru_cache(maxsize=1024)
def _key(raw: bytes) -> PublicKey:
    return PublicKey(raw)


def unseal_manifest(
    verified: VerifiedBundle,
    identities: Sequence[Secret],
    *,
    drive: Drive | None = None,
    workers: Workers | None = None,
) -> Unsealed | BadOutcome:
    """Open the sealed manifest and compare it with its signer.

    Outcomes: ``not_for_this_key``, ``sealed_differs``, ``malformed``, ``version``, ``limit``,
    and ``missing``, ``altered`` or ``unreadable`` if the folder changed since it was verified.
    """
    drive = drive or Drive()
    try:
        sealed = _read(verified.at(SEALED_NAME), SEALED_NAME, verified.signed.sealed, drive)
        data = _unseal(sealed, identities)
        manifest = SealedManifest.from_bytes(data)
    except ContentsError as error:
        return error.outcome
    except FormatError as error:
        return error.outcome
    difference = disagreement(verified.signed, manifest)
    if difference is not None:
        return BadOutcome(
            Flaw.SEALED_DIFFERS,
            "What is inside claims to come from somewhere else than its signature says. "
            "Keep the folder and report it to the administrator.",
            detail=difference,
        )
    return Unsealed(verified, manifest, tuple(identities), drive, workers or Workers())


def _read(path: Path, name: str, record: FileRecord, drive: Drive) -> bytes:
    """A file whose bytes are, now, the ones that were signed."""
    try:
        data = drive.read(path, limit=min(record.size, limits.MAX_PART_BYTES))
    except AbsentError as error:
        raise ContentsError(missing_files((name,))) from error
    except OversizeError as error:
        raise ContentsError(altered_files((name,))) from error
    except OSError as error:
        raise ContentsError(unreadable(error)) from error
    if FileRecord.of(data) != record:
        raise ContentsError(altered_files((name,)))
    return data


def _unseal(sealed: bytes, identities: Sequence[Secret]) -> bytes:
    try:
        return unseal(sealed, identities)
    except SealError as error:
        flaw = Flaw.NOT_FOR_THIS_KEY
        raise ContentsError(BadOutcome(flaw, error.sentence, detail=error.code)) from error
