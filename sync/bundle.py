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

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from ledger.certificate import CertificateHash
from ledger.entry import Entry
from ledger.keys import PublicKey, SigningKey
from sync import limits
from sync.container import Cancelled, ContainerWriter, Progress, Report, Stage
from sync.done import Going, Keep
from sync.errors import BadOutcome, ContentsError, Flaw
from sync.folder import Drive
from sync.manifest import Kind, Range, SealedManifest, SignedManifest
from sync.parts import PartKind, Photo, pack_entries, pack_photos
from sync.reading import Outline, Outlined, Unsealed, unseal_manifest
from sync.runs import Runs
from sync.signers import SignerLookup, known_signers
from sync.verify import VerifiedBundle, verify
from sync.workers import Workers
from values.clock import Entropy
from values.identifiers import BundleId, OfficeId
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


PhotosNamed = Callable[[Sequence[bytes]], Iterable[Photo]]
"""Gives the photos of these names, in their order; those that are gone are left out."""


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
    photos: Iterable[Photo] | PhotosNamed,
    signer: SigningKey,
    recipients: Sequence[str],
    now: datetime,
    entropy: Entropy,
    certificates: Sequence[bytes] = (),
    sealed_certificates: Sequence[bytes] = (),
    progress: Report | None = None,
    cancelled: Cancelled | None = None,
    drive: Drive | None = None,
    going: Going | None = None,
    keep: Keep | None = None,
) -> BundleInfo:
    """Write a bundle as a new folder with a random name inside ``parent``.

    ``entries`` come in chain order, epoch by epoch; the ranges of the sealed manifest are what
    they turn out to be. ``recipients`` are age recipients: the registry's current key and the
    recovery key. ``cancelled`` is asked at least once per mebibyte. All headers are read to find
    the ranges; signatures are not checked here. ``photos`` may be a function: it is then asked for
    those that the entries name, by their names in order, once the entries are written.

    With ``keep``, which hears of every finished part, a folder on a drive that failed stays there,
    and ``going``, made of what was kept, goes on with it: the same entries have to be handed in,
    and ``photos`` has to be a function.

    ``sealed_certificates`` are the station's own, for a registry that was founded anew.

    Raises :class:`sync.errors.WriteError` (``no_room``, ``not_writable``, ``drive_gone``,
    ``drive_fault``, ``copy_differs``, ``cancelled``, ``contents``) and
    :class:`sync.errors.SealError` (``recipient``); the folder is removed then, as it is when
    ``entries`` or ``photos`` raise.
    """
    runs = Runs(office)
    with ContainerWriter(
        parent,
        recipients=recipients,
        entropy=entropy,
        drive=drive or Drive(),
        progress=progress,
        cancelled=cancelled,
        going=going,
        keep=keep,
    ) as writer:
        there = writer.parts
        done = sum(part.info.items for part in there if part.info.kind is PartKind.ENTRIES)
        last = max((part.last for part in there), default=b"")
        writer.add(pack_entries(islice(runs.watch(entries), done, None)))
        if callable(photos):
            photos = photos(sorted(name for name in runs.blobs if name > last))
        writer.add(pack_photos(photos))
        sealed = SealedManifest(
            bundle=bundle,
            kind=Kind.BUNDLE,
            signer=signer.public.kid,
            office=office,
            ranges=runs.ranges,
            parts=writer.infos,
            written_ms=int(now.timestamp() * 1000),
            certificates=tuple(sealed_certificates[-limits.MAX_SEALED_CERTIFICATES :]),
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
        return (entry for entry, _, _ in self.checked({}))

    def checked(self, keys: Mapping[CertificateHash, PublicKey]) -> Iterator[Outlined]:
        """As :meth:`entries`, each with its outline and whether it is signed with the key of the
        certificate that it names; None where that certificate is not among ``keys``, which may
        become more on the way.

        Opening, parsing and checking run on two cores. Raises :class:`ContentsError`.
        """
        expected = _places(self.manifest.ranges)
        for part in self.unsealed.entries(keys):
            for entry, outline, signed in part:
                run, sequence = next(expected, (None, 0))
                if run is None or not _fits(outline, self.office, run, sequence):
                    raise _differs(f"entry at {sequence} is not the one of its range")
                yield entry, outline, signed
        if next(expected, None) is not None:
            raise _differs("fewer entries than the ranges promise")

    def photos(self) -> Iterator[Photo]:
        """Every photo under its true hash, in no promised order. Raises :class:`ContentsError`.

        A photo is wanted when an admitted entry names its hash; others are to be dropped.
        """
        return self.unsealed.photos()


def open_bundle(
    verified: VerifiedBundle,
    identities: Sequence[Secret],
    *,
    drive: Drive | None = None,
    workers: Workers | None = None,
) -> OpenedBundle | BadOutcome:
    """Open the seal with whichever identity fits (age identities, as :class:`Secret` texts).
    ``workers`` read its entries; without any, new ones are made when they are needed.

    Outcomes: ``not_for_this_key``, ``sealed_differs``, ``malformed``, ``version``, ``limit``,
    ``wrong_kind``; ``missing``, ``altered``, ``unreadable`` if the folder changed meanwhile.
    """
    if verified.signed.kind is not Kind.BUNDLE:
        return BadOutcome(
            Flaw.WRONG_KIND, "This is a notice. Choose the folder of a bundle to import."
        )
    unsealed = unseal_manifest(verified, identities, drive=drive, workers=workers)
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


def _places(ranges: Sequence[Range]) -> Iterator[tuple[Range, int]]:
    for run in ranges:
        for sequence in range(run.first, run.last + 1):
            yield run, sequence


def _fits(outline: Outline, office: OfficeId, run: Range, sequence: int) -> bool:
    return (
        outline.office == office.bytes
        and outline.epoch == run.epoch
        and outline.sequence == sequence
        and (sequence != run.first or outline.previous == run.previous)
        and (sequence != run.last or outline.hash == run.head)
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
