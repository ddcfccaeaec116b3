"""Importing a bundle: verify, open, decide, store, answer.

Nothing is admitted because it came: each entry stands on its signature, its author's
certificates and its place in the chain, and each act is admitted whole or not at all. What was
decided is an entry of the registry's own chain. Importing again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import kinds
from ledger.entry import Subject
from registry import notices
from registry.judging import Judged, Judgement
from registry.stations import Station, stations
from sync.bundle import (
    BadOutcome,
    Kind,
    OpenedBundle,
    check_contents,
    known_signers,
    open_bundle,
    verify,
)
from values.identifiers import EntryHash
from workspace.act import refold
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from db.store import UnitOfWork
    from sync.gather import Where
    from workspace.act import Act
    from workspace.session import Session


PHOTO_BATCH = 64
"""Photos written in one commit: about 4 MB, so that memory stays flat."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a bundle, in entries. `reasons` are sentences for held and quarantined ones."""

    admitted: int
    known: int
    held: int
    quarantined: int
    match_cases: int
    conflicts: int
    reasons: tuple[str, ...]
    notice: Path | None
    station: str


def import_bundle(
    session: Session,
    bundle: Where,
    *,
    notice_parent: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Imported:
    """Admit a bundle and write the notice that answers it.

    Raises `RefusedError` when the bundle is refused as a whole: damaged, incomplete, not signed
    by an enrolled station, or not sealed for this registry.
    """
    require(session, Right.IMPORT)
    if notice_parent is not None and not notice_parent.is_dir():
        raise RefusedError(
            "no_folder", "The folder for the notice does not exist. Choose one on the stick."
        )
    with session.store.read() as reader:
        enrolled = {station.key: station for station in stations(reader)}
    opened = _open(session, bundle, enrolled.values())
    station = enrolled[opened.signer]
    wanted, lost = _survey(opened)
    _keep_photos(session, opened, wanted)
    judged = _admit(session, opened, station, lost, progress)
    notice = None
    if notice_parent is not None:
        notice = notices.answer(session, station, notice_parent)
    with session.store.read() as reader:
        conflicts = len(reader.conflicts())
        cases = len(reader.match_cases("proposed"))
    return Imported(
        admitted=judged.count("admitted"),
        known=judged.count("known"),
        held=judged.count("held"),
        quarantined=judged.count("quarantined"),
        match_cases=cases,
        conflicts=conflicts,
        reasons=judged.reasons(),
        notice=notice,
        station=station.code,
    )


def _open(session: Session, path: Where, enrolled: Iterable[Station]) -> OpenedBundle:
    """Signature, then seal, then content: each refuses the whole with a sentence."""
    by_key = {station.key: station for station in enrolled}
    verified = verify(path, known_signers(by_key), expect=Kind.BUNDLE)
    if isinstance(verified, BadOutcome):
        raise RefusedError(str(verified.code), verified.sentence)
    opened = open_bundle(verified, [session.office.keys.identity])
    if isinstance(opened, BadOutcome):
        raise RefusedError(str(opened.code), opened.sentence)
    if opened.office != by_key[opened.signer].id:
        raise RefusedError(
            "other_office",
            "This bundle was signed by one station and claims to come from another. "
            "Keep the folder and report it to the administrator.",
        )
    bad = check_contents(opened)
    if bad is not None:
        raise RefusedError(str(bad.code), bad.sentence)
    return opened


def _survey(opened: OpenedBundle) -> tuple[set[bytes], frozenset[EntryHash]]:
    """The photos that the entries name, and the entries that the station says it erased or pruned:
    those may come without a body."""
    wanted: set[bytes] = set()
    lost: set[EntryHash] = set()
    for entry in opened.entries():
        wanted.update(bytes(blob) for blob in entry.header.blobs)
        if entry.header.kind not in {kinds.ENTRY_ERASED, kinds.ENTRY_PRUNED}:
            continue
        body = entry.body
        if body is not None and not kinds.bad_field(entry.header.kind, body):
            lost.update(EntryHash(hash_) for hash_ in body["entries"])
    return wanted, frozenset(lost)


def _keep_photos(session: Session, opened: OpenedBundle, wanted: set[bytes]) -> None:
    """Photos first, so that an admitted entry never names one that is missing."""
    batch: list[bytes] = []
    for photo in opened.photos():
        if photo.hash in wanted:
            batch.append(photo.data)
        if len(batch) == PHOTO_BATCH:
            session.store.photos.put_many(batch)
            batch.clear()
    session.store.photos.put_many(batch)


def _admit(
    session: Session,
    opened: OpenedBundle,
    station: Station,
    lost: frozenset[EntryHash],
    progress: Callable[[int, int], None],
) -> Judged:
    total = opened.manifest.entries
    with session.act() as act:
        judgement = Judgement(session, act.unit, lost=lost)
        for done, entry in enumerate(opened.entries(), start=1):
            judgement.consider(entry)
            progress(done, 2 * total)
        judgement.release_held(station.id)
        judgement.judge_waiting()
        judged = judgement.settle()
        touched = _store(act.unit, judged)
        refold(session, act.unit, touched)
        progress(2 * total, 2 * total)
        if judged.anything_new:
            _say(act, opened, station, judged)
    return judged


def _store(unit: UnitOfWork, judged: Judged) -> set[Subject]:
    touched: set[Subject] = set()
    changes = [one for one in judged.decisions if one.changes]
    # First those that waited at places which belong to other entries: they make room.
    for one in changes:
        if one.released and one.aside:
            unit.set_state([one.entry.hash], one.outcome, one.code)
    for one in changes:
        if one.released and one.aside:
            continue
        if one.released:
            # As it came now: what lay here may have been damaged, or without its body.
            unit.mend(one.entry)
            unit.set_state([one.entry.hash], one.outcome, one.code)
        else:
            unit.append(one.entry, state=one.outcome, reason=one.code, aside=one.aside)
        if one.outcome == "admitted":
            touched.add(one.entry.header.subject)
    return touched


def _say(act: Act, opened: OpenedBundle, station: Station, judged: Judged) -> None:
    """The decisions as entries of the registry's own chain."""
    subject = Subject("bundle", opened.bundle)
    outcomes = [
        {"group": group.bytes, "outcome": outcome, "reason": code}
        for group, (outcome, code) in judged.groups().items()
    ]
    for run in opened.manifest.ranges:
        head = act.unit.head(station.id, run.epoch)
        act.say(
            kinds.BUNDLE_ADMITTED,
            subject,
            {
                "bundle": opened.bundle.bytes,
                "station": station.id.bytes,
                "epoch": run.epoch,
                "first": run.first,
                "last": run.last,
                "head": head.hash if head else None,
                "outcomes": outcomes,
            },
        )
        outcomes = []
    aside: dict[str, list[bytes]] = {}
    for one in judged.decisions:
        if one.changes and one.outcome == "quarantined":
            aside.setdefault(one.code or "", []).append(one.entry.hash)
    for code, hashes in sorted(aside.items()):
        act.say(kinds.ENTRIES_QUARANTINED, subject, {"entries": hashes, "reason": code})
