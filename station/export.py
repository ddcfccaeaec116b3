"""Exporting: everything that no receipt covers yet goes, reviewed or not, signed and sealed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import UUID

from db.errors import StoreFullError
from db.records import BundleRecord
from ledger import kinds
from ledger.certificate import SubjectKind
from ledger.entry import Subject
from station.begun import Begun, Run
from sync.bundle import Photo, write_bundle
from sync.done import Going
from sync.errors import DriveError, FormatError
from sync.inspect import inspect
from values.identifiers import BundleId, PhotoHash
from workspace import trusting
from workspace.errors import RefusedError
from workspace.exported import covered_upto, note_exported
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from db.store import Reader
    from ledger.entry import Entry
    from sync.bundle import BundleInfo
    from sync.container import Progress
    from sync.done import DonePart, Keep
    from values.identifiers import OfficeId
    from workspace.session import Session

BEGUN: Final = "export/begun"
"""The setting in which an export that is under way remembers how far it has come. One into a folder
of the workspace adds that folder's name."""

NOTHING: Final[Mapping[bytes, int]] = MappingProxyType({})

Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What an export would take now. `bytes` is an estimate before compression."""

    entries: int
    registrations: int
    unreviewed: int
    persons: int
    photos: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Exported:
    """The bundle as it was read back from the stick. `runs` are what of each epoch is in it;
    `resumed` counts the parts that an earlier run, which was cut off, had left on it."""

    bundle: Path
    entries: int
    parts: int
    bytes: int
    id: BundleId
    runs: tuple[Run, ...]
    resumed: int = 0


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A past export. `state` is ``sent`` until a receipt covers it, then ``acknowledged``."""

    bundle: UUID
    at: datetime
    entries: int
    state: str


def plan(session: Session) -> ExportPlan:
    """What would go."""
    require(session, Right.EXPORT)
    entries = persons = size = 0
    unreviewed: dict[UUID, bool] = {}  # by registration: one that was mended was submitted twice
    blobs: set[bytes] = set()
    with session.store.read() as reader:
        for entry in _uncovered(session, reader):
            entries += 1
            size += len(entry.header_bytes) + len(entry.body_bytes or b"") + 64
            blobs.update(entry.header.blobs)
            if entry.header.kind == kinds.PERSON_REGISTERED:
                persons += 1
            elif entry.header.kind == kinds.REGISTRATION_SUBMITTED:
                registration = entry.header.subject.id
                view = reader.registration(registration)
                unreviewed[registration] = view is not None and view.status == "recorded"
    size += session.store.photos.total_size(blobs)
    return ExportPlan(entries, len(unreviewed), sum(unreviewed.values()), persons, len(blobs), size)


def export(
    session: Session,
    parent: Path,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
    beyond: Mapping[bytes, int] = NOTHING,
) -> Exported:
    """Write a bundle into `parent`, read it back and verify it.

    `beyond` leaves out what other bundles carry that are on their way: by epoch, the last sequence.

    Nothing counts as sent in earnest until the registry's receipt comes back; an export only
    notes that it happened. One that was cut off (the stick pulled out, the program killed) is gone
    on with when its folder is in `parent`: it then holds what it was begun with.

    Raises `RefusedError` when the folder is not there, and the errors of `sync` for a full or
    broken stick. Nothing is noted then. A full stick and a cancel leave no folder behind; a stick
    that failed or is gone leaves what a second run goes on with.
    """
    require(session, Right.EXPORT)
    made = write(session, parent, progress=progress, cancelled=cancelled, beyond=beyond)
    note(session, made)
    return Exported(
        bundle=made.path,
        entries=made.entries,
        parts=made.parts,
        bytes=made.size,
        id=made.begun.bundle,
        runs=made.begun.runs,
        resumed=made.resumed,
    )


@dataclass(frozen=True, slots=True)
class Written:
    """A whole bundle in a folder, and what is to be noted once it counts as exported."""

    path: Path
    begun: Begun
    entries: int
    parts: int
    size: int
    resumed: int = 0


def write(
    session: Session,
    parent: Path,
    *,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
    beyond: Mapping[bytes, int] = NOTHING,
) -> Written:
    """Everything of `export` but noting it."""
    if not parent.is_dir():
        raise RefusedError("no_folder", "That folder does not exist. Choose a folder on the stick.")
    begun = _with_reserve(session, lambda: _begun(session, parent))
    going = begun.going if begun else None
    if begun and going and (finished := _finished(parent / going.folder, begun)):
        return finished
    if begun is None or going is None:
        begun = _begin(session, beyond)
    kept = [0, len(going.parts) if going else 0]

    def keep(path: Path, parts: Sequence[DonePart]) -> None:
        kept[0] = kept[0] or len(parts)
        state = replace(begun, going=Going(path.name, tuple(parts)))
        # Not being able to go on later is no reason to stop now.
        with suppress(StoreFullError):
            _with_reserve(session, lambda: _remember(session, parent, state))

    try:
        with session.store.read() as reader:
            info = _write(session, reader, parent, begun, keep, progress, cancelled)
    except DriveError:
        raise  # what lies on it is gone on with
    except BaseException:
        _forget(session, parent)
        raise
    resumed = min(kept) if going else 0
    return Written(info.path, begun, info.entries, info.parts, info.size, resumed)


def _write(
    session: Session,
    reader: Reader,
    parent: Path,
    begun: Begun,
    keep: Keep,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> BundleInfo:
    office = session.office
    entries = sum(run.upto - run.after for run in begun.runs)
    # Asked for through the reserve: on a full disk the file of photos does not even open.
    work = entries + _with_reserve(session, session.store.photos.count)

    def photos(names: Sequence[bytes]) -> Iterator[Photo]:
        nonlocal work
        work = entries + len(names)
        # A photo that was erased is not there any more, and its entry says why.
        for name, data in session.store.photos.several(names):
            yield Photo(PhotoHash(name), data)

    def report(at: Progress) -> None:
        progress(min(at.entries + at.photos, work), work)

    info = write_bundle(
        parent,
        bundle=begun.bundle,
        office=office.id,
        entries=(
            entry
            for run in begun.runs
            for entry in reader.chain(office.id, run.epoch, after=run.after, upto=run.upto)
        ),
        photos=photos,
        signer=office.keys.signing_key(),
        recipients=recipients(session, reader),
        now=session.clock.now(),
        entropy=session.env.entropy,
        # For a registry that was founded anew, and knows its root alone.
        sealed_certificates=[
            one.data
            for one in office.certificate_values()
            if one.subject_kind is not SubjectKind.DOCUMENT
        ],
        progress=report,
        cancelled=cancelled,
        going=begun.going,
        keep=keep,
    )
    progress(work, work)
    return info


def note(session: Session, made: Written) -> None:
    """The bundle is where it is to be carried from: that is when it counts as exported."""
    begun = made.begun

    def write_down() -> None:
        with session.store.write() as unit:
            for run in begun.runs:
                note_exported(unit, run.epoch, run.upto)
            unit.put_bundle(
                BundleRecord(
                    id=begun.bundle,
                    office=session.office.id,
                    at=session.clock.now(),
                    state="sent",
                    epoch=begun.runs[-1].epoch,
                    first=begun.first,
                    last=begun.last,
                    details={"entries": made.entries},
                )
            )
            unit.delete_setting(_journal(session, made.path.parent))

    _with_reserve(session, write_down)


def recipients(session: Session, reader: Reader) -> list[str]:
    """Who can open a bundle: the registry by its current key, and the key in its safe."""
    office = session.office
    trusted = trusting.held(reader, office.root) if office.root else None
    current = trusted.recipient if trusted and trusted.recipient else office.registry_recipient
    return [current, office.recovery_recipient]


def _with_reserve(session: Session, write: Callable[[], Outcome]) -> Outcome:
    """Write; on a full disk give the reserve up, because getting work off the disk is what helps.

    Once the store kept a reserve in vain, its refusal stands.
    """
    try:
        return write()
    except StoreFullError:
        if not session.store.release_space():
            raise
        return write()


def _begin(session: Session, beyond: Mapping[bytes, int]) -> Begun:
    """Say the export first, so that the bundle holds the note of its own making; and fix what
    goes, so that whoever goes on with it writes the same."""

    def say() -> Begun:
        office = session.office
        with session.act() as act:
            bundle = BundleId(act.new_id())
            runs = [
                Run(epoch, _after(act.unit, office.id, epoch, beyond), head.sequence)
                for epoch, head in act.unit.epochs(office.id)
                if epoch != session.epoch
            ]
            head = act.unit.head(office.id, session.epoch)
            after = _after(act.unit, office.id, session.epoch, beyond)
            last = (head.sequence if head else 0) + 1
            act.say(
                kinds.BUNDLE_EXPORTED,
                Subject("office", office.id),
                {"bundle": bundle.bytes, "first": after + 1, "last": last},
            )
            runs.append(Run(session.epoch, after, last))
            going = tuple(run for run in runs if run.upto > run.after)
            return Begun(bundle, going, first=after + 1, last=last)

    return _with_reserve(session, say)


def _after(
    reader: Reader, office: OfficeId, epoch: bytes, beyond: Mapping[bytes, int] = NOTHING
) -> int:
    """The last entry of an epoch that has no need to go."""
    return max(covered_upto(reader, office, epoch), beyond.get(epoch, 0))


def cut_off(session: Session, parent: Path) -> Path | None:
    """The folder in `parent` that the next export into it goes on with, if there is one."""
    begun = _begun(session, parent)
    return parent / begun.going.folder if begun and begun.going else None


def _journal(session: Session, parent: Path) -> str:
    """The setting about exports into this folder: one for sticks, and one for each folder of the
    workspace, so that what is on its way over a network leaves a stick's alone."""
    return f"{BEGUN}/{parent.name}" if parent.parent == session.folder else BEGUN


def _begun(session: Session, parent: Path) -> Begun | None:
    """What was cut off, if its folder is here, the chain still is what it was, and no receipt has
    made it needless."""
    with session.store.read() as reader:
        raw = reader.setting(_journal(session, parent))
        if raw is None:
            return None
        try:
            begun = Begun.from_bytes(raw)
        except FormatError:  # of a version that this one has replaced
            return None
        heads = {epoch: head.sequence for epoch, head in reader.epochs(session.office.id)}
        needed = any(_after(reader, session.office.id, run.epoch) < run.upto for run in begun.runs)
    if not needed or begun.going is None or not (parent / begun.going.folder).is_dir():
        return None
    same = all(heads.get(run.epoch, 0) >= run.upto for run in begun.runs)
    return begun if same else None


def _finished(path: Path, begun: Begun) -> Written | None:
    """A bundle that was written to the end, of which nothing was noted any more."""
    found = inspect(path)
    if not found.whole or found.bundle != begun.bundle or begun.going is None:
        return None
    return Written(
        path, begun, begun.going.entries, found.parts, found.size, len(begun.going.parts)
    )


def _remember(session: Session, parent: Path, begun: Begun) -> None:
    with session.store.write() as unit:
        unit.put_setting(_journal(session, parent), begun.to_bytes())


def _forget(session: Session, parent: Path) -> None:
    with suppress(StoreFullError), session.store.write() as unit:
        unit.delete_setting(_journal(session, parent))


def past(session: Session) -> list[BundleRow]:
    """Earlier exports, the newest first."""
    rows = []
    with session.store.read() as reader:
        for one in reader.bundles(office=session.office.id):
            epoch = one.epoch or b""
            covered = bool(epoch) and covered_upto(reader, one.office, epoch) >= one.last
            rows.append(
                BundleRow(
                    bundle=one.id,
                    at=one.at,
                    entries=int(one.details.get("entries", 0)),
                    state="acknowledged" if covered else "sent",
                )
            )
    return rows


def waits(session: Session, *, beyond: Mapping[bytes, int] = NOTHING) -> bool:
    """Whether any entry would go."""
    with session.store.read() as reader:
        return any(
            head.sequence > _after(reader, session.office.id, epoch, beyond)
            for epoch, head in reader.epochs(session.office.id)
        )


def _uncovered(session: Session, reader: Reader) -> Iterator[Entry]:
    """The office's own entries that no receipt covers, epoch by epoch, in chain order."""
    office = session.office.id
    for epoch, _ in reader.epochs(office):
        yield from reader.chain(office, epoch, after=_after(reader, office, epoch))
