"""Bundles: what a station sends to the registry.

Writing takes entries and photos as iterables and keeps one part in memory; reading streams them
back. Verifying (:mod:`sync.verify`), opening, deciding and storing are separate steps::

    match verify(path, known_signers(keys), expect=Kind.BUNDLE):
        case BadOutcome() as bad: ...
        case VerifiedBundle() as verified:
            match open_bundle(verified, identities):
                case BadOutcome() as bad: ...
                case OpenedBundle() as opened:
                    for entry in opened.entries(): ...     # may raise ContentsError
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from ledger.entry import Entry
from ledger.keys import PublicKey, SigningKey
from sync import limits
from sync.container import Cancelled, ContainerWriter, Progress, Report, Stage
from sync.errors import BadOutcome, ContentsError, Flaw, NotPackableError
from sync.folder import Drive
from sync.manifest import Kind, Range, SealedManifest, SignedManifest
from sync.parts import PartKind, Photo, entries_in, pack_entries, pack_photos
from sync.reading import Unsealed, unseal_manifest
from sync.signers import SignerLookup, known_signers
from sync.verify import VerifiedBundle, verify
from values.clock import Entropy
from values.identifiers import BundleId, EntryHash, OfficeId
from values.secret import Secret

__all__ = [
    "BadOutcome",
    "BundleInfo",
    "ContentsError",
    "Drive",
    "Flaw",
    "Kind",
    "OpenedBundle",
    "Photo",
    "Progress",
    "Range",
    "SealedManifest",
    "SignedManifest",
    "SignerLookup",
    "Stage",
    "VerifiedBundle",
    "check_contents",
    "known_signers",
    "open_bundle",
    "verify",
    "write_bundle",
]


@dataclass(frozen=True, slots=True)
class BundleInfo:
    """What is now on the drive, read back and compared."""

    path: Path
    bundle: BundleId
    ranges: tuple[Range, ...]
    entries: int
    photos: int
    parts: int
    size: int
    """Bytes of all files together."""


def write_bundle(
    parent: Path,
    *,
    bundle: BundleId,
    office: OfficeId,
    entries: Iterable[Entry],
    photos: Iterable[Photo],
    signer: SigningKey,
    recipients: Sequence[str],
    now: datetime,
    entropy: Entropy,
    certificates: Sequence[bytes] = (),
    progress: Report | None = None,
    cancelled: Cancelled | None = None,
    drive: Drive | None = None,
) -> BundleInfo:
    """Write a bundle as a new folder with a random name inside ``parent``.

    ``entries`` come in chain order, epoch by epoch; the ranges of the sealed manifest are what
    they turn out to be. ``recipients`` are age recipients: the registry's current key and the
    recovery key. ``cancelled`` is asked at least once per mebibyte. All headers are read to find
    the ranges; signatures are not checked here.

    Raises :class:`sync.errors.WriteError` (``no_room``, ``not_writable``, ``drive_gone``,
    ``drive_fault``, ``copy_differs``, ``cancelled``, ``contents``) and
    :class:`sync.errors.SealError` (``recipient``); the folder is removed then, as it is when
    ``entries`` or ``photos`` raise.
    """
    runs = _Runs(office)
    with ContainerWriter(
        parent,
        recipients=recipients,
        entropy=entropy,
        drive=drive or Drive(),
        progress=progress,
        cancelled=cancelled,
    ) as writer:
        writer.add(pack_entries(runs.watch(entries)))
        writer.add(pack_photos(photos))
        sealed = SealedManifest(
            bundle=bundle,
            kind=Kind.BUNDLE,
            signer=signer.public.kid,
            office=office,
            ranges=runs.ranges,
            parts=writer.infos,
            written_ms=int(now.timestamp() * 1000),
        )
        written = writer.finish(sealed, signer=signer, certificates=certificates)
    return BundleInfo(
        path=written.path,
        bundle=bundle,
        ranges=sealed.ranges,
        entries=sealed.entries,
        photos=sealed.photos,
        parts=len(sealed.parts),
        size=written.size,
    )


@dataclass(frozen=True, slots=True)
class OpenedBundle:
    """A bundle whose seal is open and whose manifest agrees with its signer.

    Whether the office may have signed with this key, and whether its entries are to be admitted,
    is for the registry to decide.
    """

    unsealed: Unsealed

    @property
    def bundle(self) -> BundleId:
        return self.manifest.bundle

    @property
    def office(self) -> OfficeId:
        """The office that the sealed manifest names; compare it with whose key ``signer`` is."""
        return self.manifest.office

    @property
    def signer(self) -> PublicKey:
        """The key that the signature was checked with."""
        return self.unsealed.verified.signer

    @property
    def manifest(self) -> SealedManifest:
        return self.unsealed.manifest

    def entries(self) -> Iterator[Entry]:
        """Every entry in chain order, parsed but with its own signature not yet checked.

        Checked on the way: the entries are exactly those of the manifest's ranges, of its office,
        and each range begins and ends with the hashes it names. Raises :class:`ContentsError`.
        """
        entries = (
            entry
            for info, content in self.unsealed.contents(PartKind.ENTRIES)
            for entry in entries_in(info, content)
        )
        # As many as the ranges promise: the manifest was refused otherwise.
        yield from check_places(entries, self.office, self.manifest.ranges)

    def photos(self) -> Iterator[Photo]:
        """Every photo under its true hash, in no promised order. Raises :class:`ContentsError`.

        A photo is wanted when an admitted entry names its hash; others are to be dropped.
        """
        return self.unsealed.photos()


def open_bundle(
    verified: VerifiedBundle, identities: Sequence[Secret], *, drive: Drive | None = None
) -> OpenedBundle | BadOutcome:
    """Open the seal with whichever identity fits (age identities, as :class:`Secret` texts).

    Outcomes: ``not_for_this_key``, ``sealed_differs``, ``malformed``, ``version``, ``limit``,
    ``wrong_kind``; ``missing``, ``altered``, ``unreadable`` if the folder changed meanwhile.
    """
    if verified.signed.kind is not Kind.BUNDLE:
        return BadOutcome(
            Flaw.WRONG_KIND, "This is a notice. Choose the folder of a bundle to import."
        )
    unsealed = unseal_manifest(verified, identities, drive=drive)
    return unsealed if isinstance(unsealed, BadOutcome) else OpenedBundle(unsealed)


def check_contents(opened: OpenedBundle) -> BadOutcome | None:
    """Read everything once and keep nothing: the outcome that streaming would end in, or None."""
    try:
        for _ in opened.entries():
            pass
        for _ in opened.photos():
            pass
    except ContentsError as error:
        return error.outcome
    return None


class _Runs:
    """Finds the unbroken runs in entries as they pass."""

    def __init__(self, office: OfficeId) -> None:
        self._office = office
        self._runs: list[Range] = []

    @property
    def ranges(self) -> tuple[Range, ...]:
        return tuple(self._runs)

    def watch(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self._note(entry)
            yield entry

    def _note(self, entry: Entry) -> None:
        header = entry.header
        body = entry.body_bytes
        if body is not None and hashlib.sha256(body).digest() != header.body_hash:
            # Said here, where it can be mended, and not weeks later at the registry.
            raise NotPackableError(
                "contents",
                "An entry in the workspace is damaged. Check the workspace before exporting.",
                detail=f"entry {entry.hash.hex()}",
            )
        if header.office != self._office:
            raise NotPackableError(
                "contents",
                "An entry of another office was about to be exported. Have the workspace checked.",
            )
        head = EntryHash(entry.hash)
        last = self._runs[-1] if self._runs else None
        if last and last.epoch == header.epoch and header.sequence == last.last + 1:
            self._runs[-1] = Range(last.epoch, last.first, header.sequence, last.previous, head)
            return
        if len(self._runs) >= limits.MAX_RANGES:
            raise NotPackableError(
                "contents", "The chain is broken in too many places. Have the workspace checked."
            )
        previous = None if header.previous is None else EntryHash(header.previous)
        self._runs.append(Range(header.epoch, header.sequence, header.sequence, previous, head))


def check_places(
    entries: Iterable[Entry], office: OfficeId, ranges: Sequence[Range], *, first: int = 0
) -> Iterator[Entry]:
    """The same entries, each found to be the one of its place in the ranges; those before `first`
    were found before. Raises :class:`ContentsError`."""
    expected = islice(_places(ranges), first, None)
    for entry in entries:
        run, sequence = next(expected, (None, 0))
        if run is None or not _fits(entry, office, run, sequence):
            raise _differs(f"entry at {sequence} is not the one of its range")
        yield entry


def _places(ranges: Sequence[Range]) -> Iterator[tuple[Range, int]]:
    for run in ranges:
        for sequence in range(run.first, run.last + 1):
            yield run, sequence


def _fits(entry: Entry, office: OfficeId, run: Range, sequence: int) -> bool:
    header = entry.header
    return (
        header.office == office
        and header.epoch == run.epoch
        and header.sequence == sequence
        and (sequence != run.first or header.previous == run.previous)
        and (sequence != run.last or entry.hash == run.head)
    )


def _differs(detail: str) -> ContentsError:
    return ContentsError(
        BadOutcome(
            Flaw.CONTENT_DIFFERS,
            "The entries inside are not the ones that this bundle says it holds. "
            "Keep the folder and report it to the administrator.",
            detail=detail,
        )
    )
