"""The first of four steps: is this whole, and is it from whom it says?

Checked with public keys only, before a byte is decrypted: the signature over the manifest, then
size and SHA-256 of every file it lists. Nothing here writes, decides or keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ledger import cose
from ledger.errors import CoseError
from ledger.keys import PublicKey
from sync.errors import BadOutcome, Flaw, FormatError
from sync.folder import Drive
from sync.gather import Found, Where, gather, look_for, missing_files, unreadable
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
    places: Mapping[str, Path] = field(default_factory=dict, repr=False, hash=False)
    """Where each file lies, when the bundle was gathered from several sticks."""

    def at(self, name: str) -> Path:
        """The file of a canonical name."""
        return self.places.get(name, self.path / name)

    @property
    def size(self) -> int:
        """Bytes of the sealed files together."""
        return total_size(self.signed)


def verify(
    where: Where,
    signers: SignerLookup,
    *,
    expect: Kind,
    pulse: Pulse | None = None,
    drive: Drive | None = None,
) -> VerifiedBundle | BadOutcome:
    """Check a folder, or those of several sticks together, against the signed manifest.

    Outcomes: ``not_a_bundle``, ``not_one_bundle``, ``unfinished``, ``unreadable``, ``malformed``,
    ``version``, ``limit``, ``wrong_kind``, ``unknown_signer``, ``bad_signature``, ``missing``,
    ``altered``.
    Raises nothing of its own; ``signers`` and ``pulse`` may raise through it.
    """
    drive = drive or Drive()
    gathered = gather(where, drive=drive)
    if isinstance(gathered, BadOutcome):
        return gathered
    message = gathered.message
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
    try:
        found = find_files(gathered.folders, signed, drive=drive, pulse=pulse)
    except OSError as error:
        return unreadable(error)
    fault = fault_of(found, signed)
    return fault or VerifiedBundle(gathered.folders[0], signed, key, found.places)


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


def total_size(signed: SignedManifest) -> int:
    """Bytes of the listed files together."""
    return signed.sealed.size + sum(part.size for part in signed.parts)


def find_files(
    folders: Sequence[Path], signed: SignedManifest, *, drive: Drive, pulse: Pulse | None = None
) -> Found:
    """Where every listed file lies, and which are missing or differ. ``OSError`` passes."""
    places: dict[str, Path] = {}
    missing: list[str] = []
    altered: list[str] = []
    total, done = total_size(signed), 0
    for name, record, place, other in look_for(folders, signed, drive=drive):
        if place is not None:
            places[name] = place
        elif other:
            altered.append(name)
        else:
            missing.append(name)
        done += record.size
        if pulse is not None:
            pulse(done, total)
    return Found(places, tuple(missing), tuple(altered))


def fault_of(found: Found, signed: SignedManifest) -> BadOutcome | None:
    """None when every listed file is there and as signed."""
    if found.missing:
        return missing_files(found.missing, parts=len(signed.parts))
    if found.altered:
        return altered_files(found.altered)
    return None


def altered_files(names: tuple[str, ...]) -> BadOutcome:
    return BadOutcome(
        Flaw.ALTERED,
        f"Files are damaged or were changed: {_some(names)}. Copy the whole folder again.",
        files=names,
    )


def _some(names: tuple[str, ...]) -> str:
    """The first few names; a stick that lost a thousand files is not listed in a sentence."""
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"
