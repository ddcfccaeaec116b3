"""What can be said about a folder without any key: is it whole, who claims to have signed it?

For people with a stick in their hand, and for a server that only stages uploads. The signature
is *not* checked here: that takes the signer's public key (:func:`sync.verify.verify`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.errors import BadOutcome, Flaw
from sync.folder import PARTIAL_SUFFIX, SIGNED_NAME, Drive
from sync.gather import Where, gather, listed_files, unreadable
from sync.manifest import Kind, SignedManifest
from sync.verify import Pulse, fault_of, find_files, parse_signed, total_size
from values.identifiers import BundleId


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found.

    ``whole``: there is a readable signed manifest, and every file it lists is there and matches.
    ``signed_by``: the key id that the manifest names, 16 hexadecimal digits; None when there is
    no readable manifest. ``problem`` says what is wrong and what to do; None when whole.
    ``unexpected`` are names in the folder that the manifest does not list: they are ignored
    (systems leave files on sticks), and named here so that people can see them. They are shown,
    never opened.
    """

    whole: bool
    signed_by: str | None = None
    kind: Kind | None = None
    bundle: BundleId | None = None
    parts: int = 0
    size: int = 0
    missing: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    problem: BadOutcome | None = None

    @property
    def unfinished(self) -> bool:
        """The writing was interrupted: parts without a signed manifest."""
        return self.problem is not None and self.problem.code is Flaw.UNFINISHED


def inspect(where: Where, *, pulse: Pulse | None = None, drive: Drive | None = None) -> Inspection:
    """Look at a folder without keys, or at those of several sticks together.

    Raises nothing of its own; ``pulse`` may raise through it.
    """
    drive = drive or Drive()
    gathered = gather(where, drive=drive)
    if isinstance(gathered, BadOutcome):
        return Inspection(whole=False, problem=gathered)
    signed = parse_signed(gathered.message)
    if isinstance(signed, BadOutcome):
        return Inspection(whole=False, problem=signed)
    try:
        found = find_files(gathered.folders, signed, drive=drive, pulse=pulse)
        names = [name for folder in gathered.folders for name in drive.names(folder)]
    except OSError as error:
        return Inspection(
            whole=False, signed_by=signed.signer.hex(), kind=signed.kind, problem=unreadable(error)
        )
    problem = fault_of(found, signed)
    return Inspection(
        whole=problem is None,
        signed_by=signed.signer.hex(),
        kind=signed.kind,
        bundle=signed.bundle,
        parts=len(signed.parts),
        size=total_size(signed),
        missing=found.missing,
        altered=found.altered,
        unexpected=_unexpected(names, signed),
        problem=problem,
    )


def _unexpected(names: list[str], signed: SignedManifest) -> tuple[str, ...]:
    known = {SIGNED_NAME, *listed_files(signed)}
    known |= {name + PARTIAL_SUFFIX for name in known}
    return tuple(name for name in dict.fromkeys(names) if name not in known)
