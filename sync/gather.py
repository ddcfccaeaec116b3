"""A bundle that lies on several sticks: its folders together, and what is missing from them.

Each stick holds a folder of the same name with both manifests and some of the parts. Files are
looked for in every folder that is handed in; the first one that is as it was signed is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sync import limits
from sync.errors import BadOutcome, Flaw
from sync.folder import (
    SEALED_NAME,
    SIGNED_NAME,
    AbsentError,
    Drive,
    FileRecord,
    OversizeError,
    part_name,
)
from sync.manifest import SignedManifest
from sync.workers import on_threads

Where = Path | Sequence[Path]
"""One folder, or those of several sticks."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Folders that carry the same signed manifest; ``message`` is that file's bytes.

    Its signature is not checked yet: :func:`sync.verify.verify` does that.
    """

    folders: tuple[Path, ...]
    message: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the listed files: where each good one lies, and which are not good."""

    places: Mapping[str, Path]
    missing: tuple[str, ...]
    altered: tuple[str, ...]


def gather(where: Where, *, drive: Drive | None = None) -> Gathered | BadOutcome:
    """The folders of one bundle or notice.

    Outcomes: ``not_a_bundle``, ``unfinished``, ``unreadable``, ``limit``, and ``not_one_bundle``
    when the folders carry different ones.
    """
    drive = drive or Drive()
    folders = (where,) if isinstance(where, Path) else tuple(dict.fromkeys(where))
    message: bytes | None = None
    for folder in folders:
        read = read_signed(folder, drive)
        if isinstance(read, BadOutcome):
            return read
        if message is not None and read != message:
            return BadOutcome(
                Flaw.NOT_ONE_BUNDLE,
                "These folders belong to different bundles. Choose folders of the same name, "
                "one from each stick.",
                files=(folder.name,),
            )
        message = read
    if message is None:
        return BadOutcome(Flaw.NOT_A_BUNDLE, "No folder was chosen. Choose the bundle's folder.")
    return Gathered(folders, message)


def listed_files(signed: SignedManifest) -> dict[str, FileRecord]:
    """Canonical name and record of every file that the manifest lists, sealed manifest first."""
    files = {SEALED_NAME: signed.sealed}
    files.update((part_name(index), record) for index, record in enumerate(signed.parts))
    return files


def look_for(
    folders: Sequence[Path], signed: SignedManifest, *, drive: Drive
) -> Iterator[tuple[str, FileRecord, Path | None, bool]]:
    """For every listed file: its name, its record, where it lies as it was signed (None if
    nowhere), and whether something else lies under its name. Hashed on two threads, in order.

    ``OSError`` passes.
    """
    yield from on_threads(partial(_look, folders, drive), listed_files(signed).items())


def _look(
    folders: Sequence[Path], drive: Drive, listed: tuple[str, FileRecord]
) -> tuple[str, FileRecord, Path | None, bool]:
    name, record = listed
    other = False
    for folder in folders:
        try:
            if drive.measure(folder / name, limit=record.size) == record:
                return name, record, folder / name, other
        except AbsentError:
            continue
        except OversizeError:
            pass
        other = True
    return name, record, None, other


def missing_files(names: tuple[str, ...], *, parts: int = 0) -> BadOutcome:
    """Which files are not there, in runs, and on which stick they are to be looked for.

    ``parts`` is how many the bundle has. Parts are written to sticks in their order, so those
    that are missing lie on the stick that was written after the one with the part before.
    """
    if len(names) == 1:
        said = f"A file is missing: {names[0]}."
    else:
        said = f"{len(names)} files are missing: {_runs(names)}."
    return BadOutcome(Flaw.MISSING, f"{said} {_where(names, parts)}", files=names)


def _where(names: tuple[str, ...], parts: int) -> str:
    again = "Otherwise copy the whole folder again."
    if not parts > 1 or len(names) >= parts:
        return "Copy the whole folder again."
    gone = {_index(name) for name in names}
    first = min((index for index in gone if index >= 0), default=-1)
    if first < 0:  # the sealed manifest, which lies on every stick
        return "Copy the whole folder again."
    if first > 0:
        beside = f"after the one with {part_name(first - 1)}"
    else:
        follows = next(index for index in range(parts) if index not in gone)
        beside = f"before the one with {part_name(follows)}"
    return (
        f"If the bundle lies on several sticks, put in the one that was written {beside}, and "
        f"choose its folder too. {again}"
    )


def _runs(names: tuple[str, ...], *, most: int = 3) -> str:
    """The names, those that follow one another joined; a stick that lost a thousand scattered
    files is not listed in a sentence."""
    runs: list[list[str]] = []
    for name in names:
        if runs and _index(name) >= 0 and _index(name) == _index(runs[-1][-1]) + 1:
            runs[-1].append(name)
        else:
            runs.append([name])
    said = [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    shown = ", ".join(said[:most])
    return shown if len(said) <= most else f"{shown} and more"


def _index(name: str) -> int:
    """The number of a part; -2 for a manifest."""
    number = name.partition(".")[0]
    return int(number) if number.isdecimal() else -2


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


def without_manifest(path: Path, drive: Drive) -> BadOutcome:
    """A folder without a signed manifest: interrupted while writing, or something else."""
    try:
        names = drive.names(path)
    except OSError as error:
        if path.is_dir():
            return unreadable(error)
        names = []
    ours = [name for name in names if name.startswith((SEALED_NAME, SIGNED_NAME)) or _ours(name)]
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


def _ours(name: str) -> bool:
    """Whether a name looks like a part's: a later stick of several has no part 0."""
    number, _, kind = name.partition(".")
    return len(number) == 5 and number.isdecimal() and kind.startswith("age")


def unreadable(error: OSError) -> BadOutcome:
    """What the drive reports while reading, as an outcome."""
    return BadOutcome(
        Flaw.UNREADABLE,
        "The drive could not be read. Take it out, put it back in and try again, "
        "or copy the folder to this computer first.",
        detail=type(error).__name__,
    )
