"""Several bundles at once: what lies in the folders that somebody chose, whether it is whole,
taking it in one after the other, and the notices that answer.

A bundle on several sticks is one arrival with several folders. Stopping is heard between two
batches of an import, and the next run goes on behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from registry import notices, owing
from registry.admit import import_bundle
from registry.batches import IMPORTING
from registry.stations import stations
from sync.errors import BadOutcome, CancelledError, SyncError
from sync.folder import SEALED_NAME, SIGNED_NAME, Drive, part_name
from sync.gather import read_signed
from sync.inspect import inspect
from sync.manifest import Kind
from sync.verify import parse_signed, total_size
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from registry.admit import Imported
    from values.identifiers import BundleId
    from workspace.session import Session

    Progress = Callable[[int, int], None]

FOUND: Final = "found"
WHOLE: Final = "whole"
MISSING: Final = "missing"
REFUSED: Final = "refused"
NO_BUNDLE: Final = "This is a notice for a station and no bundle. Give it to the station."
STRANGER: Final = (
    "No station that is enrolled here signed this bundle. Call the station it came from; open "
    "nothing."
)
UNWRITABLE: Final = "The folder cannot be written. Choose another."
_DEPTH: Final = 2
"""How far below a chosen folder bundles are looked for: a stick, and a folder on it."""
_MOST: Final = 2_000
"""Folders looked at below one that was chosen: somebody may choose a whole disk."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A bundle in the folders where it lies.

    `state` is ``found`` until it is looked through, then ``whole``, ``missing`` (of its files
    those in `missing` are not there) or ``refused``, which `code` and `sentence` say why.
    `station` is the code of the one whose key signed it, as far as it is known here. `before`: this
    registry has taken it in; `begun`: and was cut off in the midst of it.
    """

    name: str
    folders: tuple[Path, ...]
    bundle: BundleId | None = None
    station: str = ""
    parts: int = 0
    size: int = 0
    state: str = FOUND
    missing: tuple[str, ...] = ()
    code: str = ""
    sentence: str = ""
    before: bool = False
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one arrival: `imported`, or where it was stopped, in entries."""

    imported: Imported | None
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class NoticeSlip:
    """A notice for a station, in the folder where it was written; without one, `sentence` says why
    not."""

    station: str
    folder: Path | None
    sentence: str = field(default="")


def find(
    session: Session,
    chosen: Iterable[Path],
    *,
    known: Sequence[Arrival] = (),
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Arrival]:
    """The bundles in and below these folders, after those that are `known`: another folder of one
    of them joins it, and it is to be looked through again.

    A folder that was chosen itself and is no bundle is listed with what is wrong with it.
    """
    require(session, Right.IMPORT)
    with session.store.read() as reader:
        codes = {station.key.kid: station.code for station in stations(reader)}
    found = list(known)
    for path in chosen:
        below = [one for one in _below(path, cancelled) if _holds(one)]
        for folder in below or [path]:
            one = _arrival(session, folder, codes)
            if one is None and folder != path:
                continue
            _join(found, one or _no_bundle(folder))
    return found


def _below(path: Path, cancelled: Callable[[], bool]) -> Iterable[Path]:
    """A folder and those in it, at most `_MOST`, not through links."""
    todo, seen = [(path, 0)], 0
    while todo and seen < _MOST and not cancelled():
        folder, depth = todo.pop(0)
        seen += 1
        yield folder
        if depth < _DEPTH and not _holds(folder):
            try:
                inside = sorted(one for one in folder.iterdir() if one.is_dir())
            except OSError:
                continue
            todo += [(one, depth + 1) for one in inside if not one.is_symlink()]


def _holds(folder: Path) -> bool:
    try:
        return any((folder / name).exists() for name in (SIGNED_NAME, SEALED_NAME, part_name(0)))
    except OSError:
        return False


def _arrival(session: Session, folder: Path, codes: dict[bytes, str]) -> Arrival | None:
    """What the manifest says, before anything is hashed; None for a notice on its way back."""
    message = read_signed(folder, Drive())
    signed = message if isinstance(message, BadOutcome) else parse_signed(message)
    if isinstance(signed, BadOutcome):
        return Arrival(
            folder.name, (folder,), state=REFUSED, code=str(signed.code), sentence=signed.sentence
        )
    if signed.kind is not Kind.BUNDLE:
        return None
    with session.store.read() as reader:
        record = reader.bundle(signed.bundle)
    return Arrival(
        name=folder.name,
        folders=(folder,),
        bundle=signed.bundle,
        station=codes.get(signed.signer, ""),
        parts=len(signed.parts),
        size=total_size(signed),
        before=record is not None and record.state != IMPORTING,
        begun=record is not None and record.state == IMPORTING,
    )


def _no_bundle(folder: Path) -> Arrival:
    return Arrival(
        folder.name,
        (folder,),
        state=REFUSED,
        code="wrong_kind",
        sentence=NO_BUNDLE,
    )


def _join(found: list[Arrival], one: Arrival) -> None:
    for place, other in enumerate(found):
        if set(one.folders) <= set(other.folders):
            return
        if one.bundle is not None and other.bundle == one.bundle:
            folders = (*other.folders, *one.folders)
            found[place] = replace(one, name=other.name, folders=folders)
            return
    found.append(one)


def check(
    session: Session,
    arrival: Arrival,
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Arrival:
    """Look it through without opening it. Raises `CancelledError` when stopped."""
    require(session, Right.IMPORT)
    if arrival.state == REFUSED and arrival.bundle is None:
        return arrival

    def pulse(done: int, total: int) -> None:
        _heed(cancelled)
        progress(done, total)

    found = inspect(arrival.folders, pulse=pulse)
    _heed(cancelled)
    if found.whole:
        if arrival.station:
            return replace(arrival, state=WHOLE, missing=(), code="", sentence="")
        return replace(
            arrival,
            state=REFUSED,
            code="unknown_signer",
            sentence=STRANGER,
        )
    problem = found.problem
    code, said = (str(problem.code), problem.sentence) if problem else ("unreadable", "")
    state = MISSING if found.missing and not found.altered else REFUSED
    return replace(arrival, state=state, missing=found.missing, code=code, sentence=said)


def take(
    session: Session,
    arrival: Arrival,
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Taken:
    """Import it. Stopped between two batches, it comes back without `imported`, and the next `take`
    goes on behind the last one. Raises `RefusedError` as `import_bundle` does."""
    at = [0, 0]

    def step(done: int, total: int) -> None:
        at[:] = [done, total]
        progress(done, total)
        if done < total:
            _heed(cancelled)

    try:
        done = import_bundle(session, arrival.folders, progress=step)
        return Taken(done, at[0], at[1])
    except CancelledError:
        return Taken(None, at[0], at[1])


def compare(
    session: Session,
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> bool:
    """Look for others who may be one with whom imports brought; False when stopped before the end:
    whoever comes next goes on there."""
    require(session, Right.IMPORT)

    def step(done: int, total: int) -> None:
        progress(done, total)
        _heed(cancelled)

    try:
        owing.propose(session, progress=step)
    except CancelledError:
        return False
    return True


def answer(
    session: Session, arrivals: Iterable[Arrival], *, parent: Path | None = None
) -> list[NoticeSlip]:
    """Write the notices that answer these: beside each bundle, or all of them into one folder."""
    require(session, Right.IMPORT)
    with session.store.read() as reader:
        by_code = {station.code: station for station in stations(reader)}
    places: dict[tuple[str, Path], None] = {}
    for one in arrivals:
        for folder in one.folders:
            places[one.station, parent or folder.parent] = None
    slips = []
    for code, place in places:
        try:
            slips.append(NoticeSlip(code, notices.answer(session, by_code[code], place)))
        except (RefusedError, SyncError, OSError) as error:
            said = getattr(error, "sentence", "") or UNWRITABLE
            slips.append(NoticeSlip(code, None, said))
    return slips


def _heed(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise CancelledError("cancelled", "Stopped, as asked. Nothing is half done.")
