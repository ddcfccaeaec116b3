"""Reading a verified container: hash again, unseal, unpack, one part in memory at a time.

A part is hashed once more at the moment it is read, because the folder may lie on a stick that
somebody can write to between verifying and opening.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sync import limits
from sync.errors import BadOutcome, ContentsError, Flaw, FormatError, SealError
from sync.folder import SEALED_NAME, AbsentError, Drive, FileRecord, OversizeError, part_name
from sync.manifest import SealedManifest, disagreement
from sync.parts import PartInfo, PartKind, Photo, photos_in, unpack
from sync.seal import unseal
from sync.verify import VerifiedBundle, altered_files, missing_files, unreadable
from values.secret import Secret


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A verified container with its sealed manifest read and found to agree with its signer."""

    verified: VerifiedBundle
    manifest: SealedManifest
    identities: Sequence[Secret] = field(repr=False)
    drive: Drive = field(repr=False)

    def contents(self, kind: PartKind) -> Iterator[tuple[PartInfo, bytes]]:
        """The unpacked parts of one kind, in order. Raises :class:`ContentsError`."""
        records = self.verified.signed.parts
        for index, (info, record) in enumerate(zip(self.manifest.parts, records, strict=True)):
            if info.kind is kind:
                sealed = _read(self.verified, part_name(index), record, self.drive)
                yield info, unpack(info, _unseal(sealed, self.identities))

    def photos(self) -> Iterator[Photo]:
        """Every photo, each under its true hash. Raises :class:`ContentsError`."""
        for info, content in self.contents(PartKind.PHOTOS):
            yield from photos_in(info, content)


def unseal_manifest(
    verified: VerifiedBundle, identities: Sequence[Secret], *, drive: Drive | None = None
) -> Unsealed | BadOutcome:
    """Open the sealed manifest and compare it with its signer.

    Outcomes: ``not_for_this_key``, ``sealed_differs``, ``malformed``, ``version``, ``limit``,
    and ``missing``, ``altered`` or ``unreadable`` if the folder changed since it was verified.
    """
    drive = drive or Drive()
    try:
        data = _unseal(_read(verified, SEALED_NAME, verified.signed.sealed, drive), identities)
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
    return Unsealed(verified, manifest, tuple(identities), drive)


def _read(verified: VerifiedBundle, name: str, record: FileRecord, drive: Drive) -> bytes:
    """A file whose bytes are, now, the ones that were signed."""
    try:
        data = drive.read(verified.path / name, limit=min(record.size, limits.MAX_PART_BYTES))
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
