"""The end of an import: what waits is looked at again, and what was decided is said.

It is said in the registry's own chain, in one commit with the mark that the bundle is imported.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from db.retry import retrying
from ledger import kinds
from ledger.entry import Subject
from registry import adjudication, batches, owing, shared
from registry.judging import GROUP, MENDABLE, Judge, revocations
from registry.picture import Picture
from values.identifiers import PersonId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from uuid import UUID

    from db.records import BundleRecord, Finding
    from db.store import Reader, UnitOfWork
    from registry.batches import Tally
    from registry.picture import Decision
    from registry.survey import Survey
    from sync.bundle import Range
    from values.identifiers import EntryHash, OfficeId
    from workspace.act import Act
    from workspace.session import Session

Item = TypeVar("Item")

SEVERAL_WRITERS = "postgresql"
"""The engine on which other stations' batches were written meanwhile."""

OUTCOMES = 10_000
"""Outcomes, or hashes, in one entry: some 600 kB, a small part of what a body may have."""

WANTING = MENDABLE - {GROUP}
"""Why an act is looked at again. That another entry of it was put aside alone mends nothing."""


def finish(
    session: Session,
    record: BundleRecord,
    ranges: Sequence[Range],
    survey: Survey,
    tally: Tally,
    digest: bytes,
    failpoint: Callable[[str], None],
) -> Tally:
    """Judge what waits, then say what was decided, and note whom somebody has to compare with who
    is here (`registry.owing`); nothing is said when nothing is new.

    An import that was cut off may never be gone on with, for its bundle may be lost, and what it
    stored is known when the next one brings it: so its end is made up with that of any other.
    """
    tally = _mend(session, record, survey, tally, digest)
    failpoint("mended")
    return retrying(partial(_end, session, record, ranges, tally, digest))


def _end(
    session: Session, record: BundleRecord, ranges: Sequence[Range], before: Tally, digest: bytes
) -> Tally:
    tally = before.copy()
    with session.act() as act:
        told: set[Subject] = set()
        if session.store.engine == SEVERAL_WRITERS:
            told = shared.settle(session, act.unit, record, ranges, tally)
        untold = _cut_off(act.unit, record)
        if tally.changed or untold:
            _say(act, record, ranges, tally, untold)
        if tally.changed or untold or told:
            _owe(act.unit, record, tally, untold, told)
        for one in untold:
            act.unit.drop_findings(one.id)
            said = {"changed": False, "acts": 0, "since": act.unit.last_arrival()}
            act.unit.put_bundle(replace(one, details={**one.details, **said}))
        act.unit.drop_findings(record.id)
        done = replace(record, state=batches.IMPORTED, details=tally.to_details(digest))
        act.unit.put_bundle(done)
    return tally


def _owe(
    unit: UnitOfWork,
    record: BundleRecord,
    tally: Tally,
    untold: Sequence[BundleRecord],
    told: Iterable[Subject],
) -> None:
    """Note whose records came or changed: by what the bundles hold, by what lay here and came free
    with them, and by what another office said at the same time."""
    freed = adjudication.freed_by(
        unit,
        (
            finding.hash
            for one in (record, *untold)
            for finding in unit.findings(one.id)
            if finding.outcome == "admitted"
        ),
    )
    beside = [PersonId(one.id) for one in told if one.type == kinds.PERSON]
    since = min([tally.since, *(one.details["since"] for one in untold)])
    owing.owe(unit, record, since, [*freed, *beside])


def _cut_off(reader: Reader, record: BundleRecord) -> list[BundleRecord]:
    """The station's other imports that were cut off, of which something is not told yet."""
    return [
        one
        for one in reader.bundles_in(record.office, batches.IMPORTING)
        if one.id != record.id and one.details["changed"]
    ]


def _mend(
    session: Session, record: BundleRecord, survey: Survey, tally: Tally, digest: bytes
) -> Tally:
    """Judge what lies here put aside for want of something, which may have come now. What waits
    may wait for something that waits itself, so it is gone through until nothing comes free."""
    while True:
        with session.store.read() as reader:
            pages = reader.waiting(WANTING)
            waiting = [one for page in pages for one in page]
        before = tally
        rest = iter(waiting)
        while part := list(islice(rest, batches.BATCH // 2)):
            tally = retrying(partial(_mend_some, session, record, survey, tally, digest, part))
        if tally is before:
            return tally


def _mend_some(
    session: Session,
    record: BundleRecord,
    survey: Survey,
    before: Tally,
    digest: bytes,
    part: Sequence[tuple[UUID, OfficeId]],
) -> Tally:
    """What is counted with the acts of this part that came free; `before` when none did."""
    with session.store.write() as unit:
        groups = unit.groups(group for group, _ in part)
        aside = [
            [
                (one, standing.reason or "")
                for one, standing in groups.get(group, [])
                if standing.state == "quarantined" and one.header.office == office
            ]
            for group, office in part
        ]
        picture = Picture(unit, session.office.certificate_values())
        picture.fetch([one for act in aside for one, _ in act])
        judge = Judge(session, picture, revocations(unit), lost=survey.lost)
        decisions = [one for act in aside if act for one in judge.judge_waiting(act)]
        freed: list[Decision] = [one for one in decisions if one.changes]
        if not freed:
            return before
        tally = before.copy()
        batches.store(session, unit, picture, freed)
        tally.count_freed(freed, unit.findings(record.id))
        batches.keep_findings(unit, record, tally, freed)
        batches.keep_progress(unit, record, tally, digest)
    return tally


def _say(
    act: Act,
    record: BundleRecord,
    ranges: Sequence[Range],
    tally: Tally,
    untold: Sequence[BundleRecord],
) -> None:
    """The decisions as entries of the registry's own chain, with what is `untold` of other imports.
    Outcomes are the exceptions: what was admitted as it came is counted, and covered by the
    receipt."""
    subject = Subject("bundle", record.id)
    outcomes, aside = _told(act.unit, [*untold, record])
    admitted = tally.acts + sum(one.details["acts"] for one in untold)
    for place, run in enumerate(ranges):
        head = act.unit.head(record.office, run.epoch)
        # With the first run, in as many entries as their number takes.
        for some in _parts(outcomes) if place == 0 else [[]]:
            act.say(
                kinds.BUNDLE_ADMITTED,
                subject,
                {
                    "bundle": record.id.bytes,
                    "station": record.office.bytes,
                    "epoch": run.epoch,
                    "first": run.first,
                    "last": run.last,
                    "head": head.hash if head else None,
                    "outcomes": some,
                    "admitted": admitted,
                },
            )
            admitted = 0
    for code, hashes in sorted(aside.items()):
        for part in _parts(hashes):
            act.say(kinds.ENTRIES_QUARANTINED, subject, {"entries": part, "reason": code})


def _told(
    unit: UnitOfWork, records: Iterable[BundleRecord]
) -> tuple[list[dict[str, object]], dict[str, list[EntryHash]]]:
    """The outcome of each act worth telling, and the entries that were put aside by reason. What
    one import found later than another counts."""
    groups: dict[UUID, Finding] = {}
    found: dict[EntryHash, Finding] = {}
    for record in records:
        fresh: set[UUID] = set()
        for one in unit.findings(record.id):
            if one.group not in fresh or one.code is not None:
                groups[one.group] = one
            fresh.add(one.group)
            found[one.hash] = one
    aside: dict[str, list[EntryHash]] = {}
    for one in found.values():
        if one.outcome == "quarantined":
            aside.setdefault(one.code or "", []).append(one.hash)
    outcomes: list[dict[str, object]] = [
        {"group": group.bytes, "outcome": one.outcome, "reason": one.code}
        for group, one in groups.items()
    ]
    return outcomes, aside


def _parts(items: list[Item]) -> list[list[Item]]:
    return [items[at : at + OUTCOMES] for at in range(0, len(items), OUTCOMES)] or [items]
