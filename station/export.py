"""Exporting: everything that no receipt covers yet goes, reviewed or not, signed and sealed."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from db.errors import StoreFullError
from db.records import BundleRecord
from ledger import kinds
from ledger.entry import Subject
from sync.bundle import Photo, Range, write_bundle
from values.identifiers import BundleId, PhotoHash
from workspace.errors import RefusedError
from workspace.exported import covered_upto, note_exported
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from db.store import Reader
    from ledger.entry import Entry
    from sync.container import Progress
    from workspace.session import Session

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
    """The bundle as it was read back from the stick. `ranges` are the runs of entries in it."""

    bundle: Path
    entries: int
    parts: int
    bytes: int
    id: BundleId
    ranges: tuple[Range, ...]


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
    beyond: Mapping[bytes, int] = MappingProxyType({}),
) -> Exported:
    """Write a bundle into `parent`, read it back and verify it.

    `beyond` leaves out what other bundles carry that are on their way: by epoch, the last sequence.

    Nothing counts as sent in earnest until the registry's receipt comes back; an export only
    notes that it happened. Raises `RefusedError` when the folder is not there, and the errors of
    `sync` for a full or broken stick, which leave no half-written bundle behind.
    """
    require(session, Right.EXPORT)
    office = session.office
    if not parent.is_dir():
        raise RefusedError("no_folder", "That folder does not exist. Choose a folder on the stick.")
    now = session.clock.now()
    bundle, first, last = _with_reserve(session, lambda: _say(session))
    with session.store.read() as reader:
        blobs: set[bytes] = set()
        total = 0
        for entry in _uncovered(session, reader, beyond):
            total += 1
            blobs.update(entry.header.blobs)
        work = total + len(blobs)

        def report(at: Progress) -> None:
            progress(min(at.entries + at.photos, work), work)

        info = write_bundle(
            parent,
            bundle=bundle,
            office=office.id,
            entries=_uncovered(session, reader, beyond),
            photos=_photos(session, blobs),
            signer=office.keys.signing_key(),
            recipients=[office.registry_recipient, office.recovery_recipient],
            now=now,
            entropy=session.env.entropy,
            progress=report,
            cancelled=cancelled,
        )
    progress(work, work)

    def note() -> None:
        with session.store.write() as unit:
            for run in info.ranges:
                note_exported(unit, run.epoch, run.last)
            unit.put_bundle(
                BundleRecord(
                    id=info.bundle,
                    office=office.id,
                    at=now,
                    state="sent",
                    epoch=session.epoch,
                    first=first,
                    last=last,
                    details={"entries": info.entries},
                )
            )

    _with_reserve(session, note)
    return Exported(info.path, info.entries, info.parts, info.size, info.bundle, info.ranges)


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


def _say(session: Session) -> tuple[BundleId, int, int]:
    """Say the export first, so that the bundle holds the note of its own making."""
    office = session.office
    with session.act() as act:
        bundle = BundleId(act.new_id())
        head = act.unit.head(office.id, session.epoch)
        first = covered_upto(act.unit, office.id, session.epoch) + 1
        last = (head.sequence if head else 0) + 1
        act.say(
            kinds.BUNDLE_EXPORTED,
            Subject("office", office.id),
            {"bundle": bundle.bytes, "first": first, "last": last},
        )
    return bundle, first, last


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


def waits(session: Session, *, beyond: Mapping[bytes, int] = MappingProxyType({})) -> bool:
    """Whether any entry would go."""
    with session.store.read() as reader:
        return any(
            head.sequence > max(covered_upto(reader, head.office, epoch), beyond.get(epoch, 0))
            for epoch, head in reader.epochs(session.office.id)
        )


def _uncovered(
    session: Session, reader: Reader, beyond: Mapping[bytes, int] = MappingProxyType({})
) -> Iterator[Entry]:
    """The office's own entries that no receipt covers, epoch by epoch, in chain order."""
    office = session.office.id
    for epoch, _ in reader.epochs(office):
        after = max(covered_upto(reader, office, epoch), beyond.get(epoch, 0))
        yield from reader.chain(office, epoch, after=after)


def _photos(session: Session, blobs: set[bytes]) -> Iterator[Photo]:
    for blob in sorted(blobs):
        # A photo that was erased is not there any more, and the entry that named it says why.
        data = session.photo(blob)
        if data is not None:
            yield Photo(PhotoHash(blob), data)
