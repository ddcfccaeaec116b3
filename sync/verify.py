"""The first of four steps: is this whole, and is it from whom it says?

Checked with public keys only, before a byte is decrypted: the signature over the manifest, then
size and SHA-256 of every file it lists. Nothing here writes, decides or keeps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ledger import cose
from ledger.errors import CoseError
from ledger.keys import PublicKey
from sync import limits
from sync.errors import BadOutcome, Flaw, FormatError
from sync.folder import (
    SEALED_NAME,
    SIGNED_NAME,
    AbsentError,
    Drive,
    FileRecord,
    OversizeError,
    part_name,
)
from sync.manifest import SIGNED_CONTEXT, Kind, SignedManifest, word
from sync.signers import SignerLookup

Pulse = Callable[[int, int], None]
"""Bytes checked, bytes in all; may raise to stop (but no OSError: that is the drive's)."""


@dataclass(frozen=True, slots=True)
class VerifiedBundle:
    """A folder whose files are all there and all as its signer signed them.

    ``signer`` is the key that the signature was checked with. The content is still sealed, and
    what it says is only claimed.
    """

    path: Path
    signed: SignedManifest
    signer: PublicKey

    @property
    def size(self) -> int:
        """Bytes of the sealed files together."""
        return total_size(self.signed)


def verify(
    path: Path,
    signers: SignerLookup,
    *,
    expect: Kind,
    pulse: Pulse | None = None,
    drive: Drive | None = None,
) -> VerifiedBundle | BadOutcome:
    """Check a folder against its signed manifest.

    Outcomes: ``not_a_bundle``, ``unfinished``, ``unreadable``, ``malformed``, ``version``,
    ``limit``, ``wrong_kind``, ``unknown_signer``, ``bad_signature``, ``missing``, ``altered``.
    Raises nothing of its own; ``signers`` and ``pulse`` may raise through it.
    """
    drive = drive or Drive()
    message = read_signed(path, drive)
    if isinstance(message, BadOutcome):
        return message
    signed = parse_signed(message)
    if isinstance(signed, BadOutcome):
        return signed
    if signed.kind is not expect:
        return BadOutcome(
            Flaw.WRONG_KIND,
            f"This is a {word(signed.kind)}, and a {word(expect)} was expected. "
            f"Choose the folder of the {word(expect)}.",
        )
    key = signers(signed)
    if key is None or key.kid != signed.signer:
        return BadOutcome(
            Flaw.UNKNOWN_SIGNER,
            f"This {word(expect)} is signed with a key that is not known here. "
            "Check that the sender is enrolled, and that it was meant for this office.",
            detail=f"key {signed.signer.hex()}",
        )
    if not signed_by(message, signed, key):
        return BadOutcome(
            Flaw.BAD_SIGNATURE,
            f"The signature of this {word(expect)} does not hold: it was damaged or changed on "
            "the way. Ask the sender to write it again.",
            detail=f"key {signed.signer.hex()}",
        )
    fault = compare_files(path, signed, drive=drive, pulse=pulse)
    return fault or VerifiedBundle(path, signed, key)


def read_signed(path: Path, drive: Drive) -> bytes | BadOutcome:
    """The bytes of ``manifest.sig``, or why there are none."""
    try:
        return drive.read(path / SIGNED_NAME, limit=limits.MAX_SIGNED_BYTES)
    except AbsentError:
        return without_manifest(path, drive)
    except OversizeError:
        return BadOutcome(
            Flaw.LIMIT,
            "The list of contents is larger than any Waystation writes, so it was not opened. "
            "Ask the sender to write it again.",
        )
    except OSError as error:
        return unreadable(error)


def parse_signed(message: bytes) -> SignedManifest | BadOutcome:
    """The signed manifest inside its COSE_Sign1, its signature not yet checked."""
    try:
        parsed = cose.parse1(message, strict=True)
        signed = SignedManifest.from_bytes(parsed.payload)
    except FormatError as error:
        return error.outcome
    except CoseError as error:
        return BadOutcome(
            Flaw.MALFORMED,
            "The list of contents is damaged. Ask the sender to write it again.",
            detail=f"cose: {error.code}",
        )
    if parsed.kid != signed.signer:
        return BadOutcome(
            Flaw.MALFORMED,
            "The list of contents contradicts itself. Ask the sender to write it again.",
            detail="key id in the header and in the manifest",
        )
    return signed


def signed_by(message: bytes, signed: SignedManifest, key: PublicKey) -> bool:
    """Whether the manifest in this message, parsed before, was signed with this key."""
    parsed = cose.parse1(message, strict=True)
    return key.kid == signed.signer and cose.verify1(parsed, key, external_aad=SIGNED_CONTEXT)


def without_manifest(path: Path, drive: Drive) -> BadOutcome:
    """A folder without a signed manifest: interrupted while writing, or something else."""
    try:
        names = drive.names(path)
    except OSError as error:
        if path.is_dir():
            return unreadable(error)
        names = []
    ours = [name for name in names if name.startswith((SEALED_NAME, SIGNED_NAME, part_name(0)))]
    if ours:
        return BadOutcome(
            Flaw.UNFINISHED,
            "This was not written to the end. Ask the sender to write it again.",
        )
    return BadOutcome(
        Flaw.NOT_A_BUNDLE,
        "This is not a folder that Waystation wrote. "
        "Choose the folder that holds the file manifest.sig.",
    )


def listed_files(signed: SignedManifest) -> dict[str, FileRecord]:
    """Canonical name and record of every file that the manifest lists, sealed manifest first."""
    files = {SEALED_NAME: signed.sealed}
    files.update((part_name(index), record) for index, record in enumerate(signed.parts))
    return files


def total_size(signed: SignedManifest) -> int:
    """Bytes of the listed files together."""
    return signed.sealed.size + sum(part.size for part in signed.parts)


def find_differences(
    path: Path, signed: SignedManifest, *, drive: Drive, pulse: Pulse | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the listed files that are missing, and of those that differ. ``OSError`` passes."""
    missing: list[str] = []
    altered: list[str] = []
    total, done = total_size(signed), 0
    for name, record in listed_files(signed).items():
        try:
            if drive.measure(path / name, limit=record.size) != record:
                altered.append(name)
        except AbsentError:
            missing.append(name)
        except OversizeError:
            altered.append(name)
        done += record.size
        if pulse is not None:
            pulse(done, total)
    return tuple(missing), tuple(altered)


def compare_files(
    path: Path, signed: SignedManifest, *, drive: Drive, pulse: Pulse | None
) -> BadOutcome | None:
    """None when every listed file is there and as signed."""
    try:
        missing, altered = find_differences(path, signed, drive=drive, pulse=pulse)
    except OSError as error:
        return unreadable(error)
    if missing:
        return missing_files(missing)
    if altered:
        return altered_files(altered)
    return None


def missing_files(names: tuple[str, ...]) -> BadOutcome:
    return BadOutcome(
        Flaw.MISSING,
        f"Files are missing: {_some(names)}. Copy the whole folder again.",
        files=names,
    )


def altered_files(names: tuple[str, ...]) -> BadOutcome:
    return BadOutcome(
        Flaw.ALTERED,
        f"Files are damaged or were changed: {_some(names)}. Copy the whole folder again.",
        files=names,
    )


def unreadable(error: OSError) -> BadOutcome:
    """What the drive reports while reading, as an outcome."""
    return BadOutcome(
        Flaw.UNREADABLE,
        "The drive could not be read. Take it out, put it back in and try again, "
        "or copy the folder to this computer first.",
        detail=type(error).__name__,
    )


def _some(names: tuple[str, ...]) -> str:
    """The first few names; a stick that lost a thousand files is not listed in a sentence."""
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"
