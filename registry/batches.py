"""A bundle in batches of whole acts: each is judged in memory and stored in one commit.

The progress of a bundle is noted in the commit of each batch, so that an import that was killed
goes on where it was: nothing is lost, nothing is done twice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from db.card import POSTGRESQL
from db.records import BundleRecord, Finding
from ledger import kinds
from registry.judging import Act, sentence
from workspace.act import refold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from db.store import UnitOfWork
    from ledger.entry import Entry
    from registry.picture import Decision, Picture
    from values.identifiers import EntryHash, OfficeId
    from workspace.session import Session

BATCH = 1000
"""Entries in one commit, about: few enough for memory and for whoever waits, enough that statements
and commits cost little."""

AT_SERVER = 4000
"""The same on PostgreSQL, where a batch holds up nobody but its own office. Measured, these take a
quarter less time than batches of a thousand; twice as many save hardly more."""

IMPORTING = "importing"
IMPORTED = "imported"
"""States of a bundle at the registry."""

Held = "Callable[[OfficeId, bytes, int], Iterator[Entry]]"
Chain = tuple["OfficeId", bytes]


@dataclass(slots=True)
class Tally:
    """What became of a bundle so far, in entries."""

    done: int = 0
    """Entries of the bundle, from its first, that were judged and stored."""
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    acts: int = 0
    """Acts that were admitted whole, with nothing to say about them."""
    findings: int = 0
    batches: int = 0
    since: int = 0
    """The arrival number that was the last when the import began: what it admits has a higher."""
    changed: bool = False
    """Whether any entry was not known before, or was let out of waiting."""

    def count(self, decisions: Iterable[Decision]) -> None:
        """Count decisions; entries that lay here held count as admitted when freed."""
        plain: dict[object, bool] = {}
        for one in decisions:
            self.done += one.came
            if one.came or one.changes:
                self.counts[one.outcome] += 1
            if one.outcome in {"held", "quarantined"} or (one.changes and one.code is not None):
                self.reasons[one.code or one.outcome] += 1
            self.changed = self.changed or one.changes
            group = one.entry.header.group.id
            good = one.outcome == "admitted" and one.changes and not worth_telling(one)
            plain[group] = plain.get(group, True) and good
        self.acts += sum(plain.values())

    def count_freed(self, decisions: Iterable[Decision], before: Iterable[Finding]) -> None:
        """Count what was let out of waiting; what this import had put aside is not aside now."""
        freed = {one.entry.hash for one in decisions}
        for one in before:
            if one.outcome == "quarantined" and one.hash in freed:
                self.counts[one.outcome] -= 1
                self.reasons[one.code or one.outcome] -= 1
        self.counts, self.reasons = +self.counts, +self.reasons
        self.count(decisions)

    def copy(self) -> Self:
        """The same, to count on in a commit that may fail."""
        return replace(self, counts=self.counts.copy(), reasons=self.reasons.copy())

    def sentences(self) -> tuple[str, ...]:
        """One sentence for each reason that something was held, put aside or is to be looked at."""
        return tuple(
            f"{count} entries: {sentence(code)}" for code, count in sorted(self.reasons.items())
        )

    def to_details(self, digest: bytes) -> dict[str, Any]:
        """As the bundle's row keeps it. `digest` tells this bundle from any other of its name."""
        return {
            "sha256": digest,
            "done": self.done,
            "counts": dict(self.counts),
            "reasons": dict(self.reasons),
            "acts": self.acts,
            "findings": self.findings,
            "batches": self.batches,
            "since": self.since,
            "changed": self.changed,
        }

    @classmethod
    def from_record(cls, record: BundleRecord | None, digest: bytes) -> Self | None:
        """How far an import got that did not come to its end; None for any other bundle."""
        if record is None or record.state != IMPORTING or record.details.get("sha256") != digest:
            return None
        kept = record.details
        return cls(
            done=kept["done"],
            counts=Counter(kept["counts"]),
            reasons=Counter(kept["reasons"]),
            acts=kept["acts"],
            findings=kept["findings"],
            batches=kept["batches"],
            since=kept["since"],
            changed=kept["changed"],
        )


def worth_telling(decision: Decision) -> bool:
    """Whether people are told of an entry: what a receipt covers and nobody told of was admitted
    as it came."""
    if not decision.changes:
        return False
    return decision.outcome != "admitted" or decision.code is not None or decision.released


def stream(
    entries: Iterable[Entry],
    held: Callable[[OfficeId, bytes, int], Iterator[Entry]],
    reached: Callable[[OfficeId, bytes], int],
    chains: Iterable[Chain],
) -> Iterator[tuple[Entry, bool]]:
    """The bundle's entries, and between and after them those that lay here held and follow.

    Each with whether it came in the bundle. `held` gives the entries held after a place of a
    chain without a gap, `reached` how far the chain stands; `chains` are those of the bundle.
    """
    last: dict[Chain, int] = {}

    def waiting(chain: Chain, before: int | None = None) -> Iterator[tuple[Entry, bool]]:
        after = last.get(chain)
        for one in held(*chain, reached(*chain) if after is None else after):
            if before is not None and one.header.sequence >= before:
                return
            last[chain] = one.header.sequence
            yield one, False

    running: Chain | None = None
    for entry in entries:
        header = entry.header
        chain = (header.office, header.epoch)
        if chain != running or header.sequence != last[chain] + 1:
            if running is not None:
                yield from waiting(running)
            yield from waiting(chain, before=header.sequence)
        running = chain
        last[chain] = header.sequence
        yield entry, True
    for chain in dict.fromkeys(chains):
        yield from waiting(chain)


def acts(entries: Iterable[tuple[Entry, bool]]) -> Iterator[Act]:
    """The same, act by act."""
    run: list[Entry] = []
    came: set[EntryHash] = set()
    for entry, here in entries:
        header = entry.header
        if run:
            before = run[-1].header
            follows = (header.office, header.epoch, header.sequence) == (
                before.office,
                before.epoch,
                before.sequence + 1,
            )
            if not follows or header.group.id != before.group.id:
                yield Act(run, frozenset(came), last=not follows)
                run, came = [], set()
        run.append(entry)
        if here:
            came.add(entry.hash)
    if run:
        yield Act(run, frozenset(came), last=True)


def size(session: Session) -> int:
    """How many entries go into one commit of this registry, about."""
    return AT_SERVER if session.store.engine == POSTGRESQL else BATCH


def cut(acts_: Iterable[Act], size: int) -> Iterator[list[Act]]:
    """Batches of whole acts, of `size` entries or little more."""
    batch: list[Act] = []
    count = 0
    for act in acts_:
        batch.append(act)
        count += len(act.entries)
        if count >= size:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


def store(
    session: Session, unit: UnitOfWork, picture: Picture, decisions: Iterable[Decision]
) -> None:
    """Put what was decided into the store, and the views that follow from it."""
    touched = set()
    changes = [one for one in decisions if one.changes]
    # First those that waited at places which belong to other entries: they make room.
    for one in changes:
        if one.released and one.aside:
            unit.displace(one.entry.hash, one.code)
    fresh = [one.entry.header.kind for one in changes if not one.released]
    unit.expect(entries=len(fresh), persons=fresh.count(kinds.PERSON_REGISTERED))
    released = []
    for one in changes:
        if one.released and not one.aside:
            # As it came now: what lay here may have been damaged, or without its body.
            released.append((one.entry, one.outcome, one.code))
        elif not one.released:
            unit.append_new(one.entry, state=one.outcome, reason=one.code, aside=one.aside)
        if one.outcome == "admitted":
            touched.add(one.entry.header.subject)
    unit.decide(released)
    unit.flush_entries()
    refold(session, unit, touched, known=picture.stored_about, fresh=picture.fresh)


def keep_findings(
    unit: UnitOfWork, bundle: BundleRecord, tally: Tally, decisions: Iterable[Decision]
) -> None:
    """Remember what is to be told about an import when it is finished."""
    found = []
    for one in decisions:
        if worth_telling(one):
            tally.findings += 1
            found.append(
                Finding(
                    one.entry.hash, one.entry.header.group.id, one.outcome, one.code, tally.findings
                )
            )
    unit.put_findings(bundle.id, found)


def keep_progress(unit: UnitOfWork, bundle: BundleRecord, tally: Tally, digest: bytes) -> None:
    """Note how far the import is, in the commit of the batch."""
    tally.batches += 1
    unit.put_bundle(replace(bundle, state=IMPORTING, details=tally.to_details(digest)))
