"""Importing a bundle: verify, open, decide, store, answer.

Nothing is admitted because it came: each entry stands on its signature, its author's
certificates and its place in the chain, and each act is admitted whole or not at all. A bundle is
taken in batches of acts, one commit each; an import that was killed goes on at the batch. What was
decided is an entry of the registry's own chain. Importing again changes nothing.
"""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from db.records import BundleRecord
from db.retry import retrying
from ledger.certificate import Certificate, CertificateHash, SubjectKind, verify_chain
from ledger.errors import CertificateError
from registry import batches, finishing, notices, revoking
from registry.adjudication_cases import count_open
from registry.batches import BATCH, Tally
from registry.judging import Act, Judge, revocations, sentence
from registry.picture import Picture
from registry.stations import Station, stations
from registry.survey import Survey, look
from sync.bundle import (
    BadOutcome,
    ContentsError,
    Kind,
    OpenedBundle,
    known_signers,
    open_bundle,
    verify,
)
from sync.workers import CORES, Workers
from values.identifiers import EntryHash
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ledger.entry import Entry
    from sync.gather import Where
    from values.identifiers import OfficeId
    from values.secret import Secret
    from workspace.session import Session

    Progress = Callable[[int, int], None]
    Failpoint = Callable[[str], None]


PHOTO_BATCH = 64
"""Photos written in one commit: about 4 MB, so that memory stays flat."""

FAILPOINTS = ("photos", "judged", "stored", "batch", "mended", "finished")
"""Where tests stop an import: after the photos; in each batch when it is decided, when it is stored
and not committed, and when it is; after what waited; after the end."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a bundle, in entries. `reasons` are sentences for held and quarantined ones;
    `match_cases` and `conflicts` are all that wait at the registry now; of whom the bundle brought
    nobody is compared yet."""

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
    progress: Progress = lambda done, total: None,
    batch: int | None = None,
    checkers: int = CORES,
    identities: Sequence[Secret] = (),
    failpoint: Failpoint = lambda name: None,
) -> Imported:
    """Admit a bundle and write the notice that answers it.

    Who may be here twice is looked for afterwards, for nobody waits for that: `registry.owing`.

    `progress` is told of entries. `batch` is how many entries are stored in one commit, about
    (`batches.size` unless given); what comes of a bundle does not depend on it. `checkers`
    processes read a large one; with 1 that is done here. `identities` open what was sealed before
    this registry was founded in another's place: the recovery key. `failpoint` is called at the
    places of `FAILPOINTS`.

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
    with closing(Workers(checkers)) as workers:
        opened = _open(session, bundle, enrolled.values(), workers, identities)
        _learn(session, opened)
        survey = _look(session, opened)
        _keep_photos(session, opened, survey)
        failpoint("photos")
        tally = _take(session, opened, survey, progress, batch or batches.size(session), failpoint)
    aside = revoking.carry_out(session, opened.office)
    station = enrolled[opened.signer]
    notice = None
    if notice_parent is not None:
        notice = notices.answer(session, station, notice_parent)
    with session.store.read() as reader:
        conflicts = len(reader.conflicts())
        pairs = count_open(reader)
    return Imported(
        admitted=max(0, tally.counts["admitted"] - aside),
        known=tally.counts["known"],
        held=tally.counts["held"],
        quarantined=tally.counts["quarantined"] + aside,
        match_cases=pairs,
        conflicts=conflicts,
        reasons=(
            *tally.sentences(),
            *((f"{aside} entries: {sentence(revoking.REVOKED)}",) if aside else ()),
        ),
        notice=notice,
        station=station.code,
    )


def _open(
    session: Session,
    path: Where,
    enrolled: Iterable[Station],
    workers: Workers,
    identities: Sequence[Secret] = (),
) -> OpenedBundle:
    """Signature, then seal, then content: each refuses the whole with a sentence."""
    by_key = {station.key: station for station in enrolled}
    verified = verify(path, known_signers(by_key), expect=Kind.BUNDLE)
    if isinstance(verified, BadOutcome):
        raise RefusedError(str(verified.code), verified.sentence)
    opened = open_bundle(verified, [*session.office.keys.identities, *identities], workers=workers)
    if isinstance(opened, BadOutcome):
        raise RefusedError(str(opened.code), opened.sentence)
    if opened.office != by_key[opened.signer].id:
        raise RefusedError(
            "other_office",
            "This bundle was signed by one station and claims to come from another. "
            "Keep the folder and report it to the administrator.",
        )
    return opened


def _learn(session: Session, opened: OpenedBundle) -> None:
    """Keep the certificates that came under the seal and that a registry issued: one that was
    founded in another's place does not know under which the station's administrator signed. Those
    whom an administrator certified are told of by entries, which are judged."""
    root = session.office.root
    assert root is not None  # noqa: S101 - a registry is founded with its root
    brought: dict[CertificateHash, Certificate] = {}
    for data in opened.manifest.certificates:
        with suppress(CertificateError):
            one = Certificate.from_bytes(data)
            brought[one.hash] = one
    with session.store.read() as reader:
        known = {one.hash for one in reader.certificates_named(brought)}
        known |= {one.hash for one in session.office.certificate_values()}
    lookup = {one.hash: one for one in session.office.certificate_values()} | brought
    new = []
    for one in brought.values():
        ours = one.office in {opened.office, session.office.id}
        with suppress(CertificateError):
            if ours and one.hash not in known and one.subject_kind is not SubjectKind.DOCUMENT:
                verify_chain(one, lookup, root)
                if _from_above(one, lookup):
                    new.append(one)
    if new:
        with session.store.write() as unit:
            for one in new:
                unit.put_certificate(one)


def _from_above(one: Certificate, lookup: Mapping[CertificateHash, Certificate]) -> bool:
    issuer = lookup.get(CertificateHash(one.issuer))
    return issuer is None or issuer.subject_kind is SubjectKind.TRUST


def _look(session: Session, opened: OpenedBundle) -> Survey:
    """Everything is read once before anything is kept: a part that fails refuses the whole."""
    with session.store.read() as reader:
        known = [*session.office.certificate_values(), *reader.certificates_of([opened.office])]
    try:
        survey = look(opened, known)
        for _ in opened.photos():
            pass
    except ContentsError as error:
        raise RefusedError(str(error.outcome.code), error.outcome.sentence) from error
    return survey


def _keep_photos(session: Session, opened: OpenedBundle, survey: Survey) -> None:
    """Photos first, so that an admitted entry never names one that is missing."""
    if not survey.photos:
        return
    wanted = (photo for photo in opened.photos() if photo.hash in survey.photos)
    while part := list(islice(wanted, PHOTO_BATCH)):
        missing = set(session.store.photos.missing(photo.hash for photo in part))
        session.store.photos.put_many(photo.data for photo in part if photo.hash in missing)


def _take(
    session: Session,
    opened: OpenedBundle,
    survey: Survey,
    progress: Progress,
    size: int,
    failpoint: Failpoint,
) -> Tally:
    """Batch by batch, from where an earlier import of this bundle was cut off; and the end."""
    digest = opened.unsealed.verified.signed.sealed.sha256
    ranges = opened.manifest.ranges
    record = BundleRecord(
        id=opened.bundle,
        office=opened.office,
        at=session.clock.now(),
        state=batches.IMPORTING,
        epoch=ranges[-1].epoch if ranges else None,
        first=ranges[0].first if ranges else 0,
        last=ranges[-1].last if ranges else 0,
    )
    with session.store.read() as reader:
        begun = Tally.from_record(reader.bundle(record.id), digest)
        tally = begun or Tally(since=reader.last_arrival())
    total = opened.manifest.entries
    progress(tally.done, total)
    entries = batches.stream(
        islice(opened.entries(), tally.done, None),
        lambda *place: _held(session, *place),
        lambda office, epoch: _reached(session, office, epoch),
        [(opened.office, run.epoch) for run in ranges],
    )
    for acts in batches.cut(batches.acts(entries), size):
        tally = retrying(
            partial(_store_batch, session, record, survey, acts, tally, digest, failpoint)
        )
        failpoint("batch")
        progress(tally.done, total)
    tally = finishing.finish(session, record, ranges, survey, tally, digest, failpoint)
    failpoint("finished")
    return tally


def _store_batch(
    session: Session,
    record: BundleRecord,
    survey: Survey,
    acts: list[Act],
    before: Tally,
    digest: bytes,
    failpoint: Failpoint,
) -> Tally:
    with session.store.batch(record.office) as unit:
        kept = Tally.from_record(unit.bundle(record.id), digest)
        if kept is not None and kept.batches > before.batches:
            return kept  # it was committed, though the line broke before that was said
        tally = before.copy()
        picture = Picture(unit, session.office.certificate_values())
        picture.fetch([entry for act in acts for entry in act.entries])
        came = frozenset[EntryHash]().union(*(act.came for act in acts))
        judge = Judge(
            session, picture, revocations(unit), lost=survey.lost, verified=survey.verified(came)
        )
        decisions = [one for act in acts for one in judge.judge(act)]
        failpoint("judged")
        batches.store(session, unit, picture, decisions)
        tally.count(decisions)
        batches.keep_findings(unit, record, tally, decisions)
        batches.keep_progress(unit, record, tally, digest)
        failpoint("stored")
    return tally


def _held(session: Session, office: OfficeId, epoch: bytes, after: int) -> Iterator[Entry]:
    """Entries held after a place, without a gap; some at a time, for they may be many."""
    while True:
        with session.store.read() as reader:
            part = reader.held_after(office, epoch, after, BATCH)
        yield from part
        if len(part) < BATCH:
            return
        after = part[-1].header.sequence


def _reached(session: Session, office: OfficeId, epoch: bytes) -> int:
    with session.store.read() as reader:
        head = reader.head(office, epoch)
    return head.sequence if head else 0
