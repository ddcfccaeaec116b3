"""Deciding about the entries of a bundle, one by one and then act by act."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ledger import admission, kinds
from ledger.certificate import Certificate
from ledger.chain import Head, Receipt
from workspace.care import known_certificates

if TYPE_CHECKING:
    from uuid import UUID

    from db.store import UnitOfWork
    from ledger.certificate import CertificateHash
    from ledger.entry import Entry
    from values.identifiers import EntryHash, OfficeId, UserId
    from workspace.session import Session

OWN_REVIEW = "own_review"
GROUP = "act_incomplete"

SENTENCES = {
    OWN_REVIEW: "A registration was approved by the person who took it in. "
    "Let another supervisor of the station review it.",
    GROUP: "Another entry of the same act was put aside, so the whole act waits.",
    "held": "Earlier entries of the station are missing. Ask it for the bundle before this one.",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry with its outcome: admitted, known, held or quarantined.

    `aside`: its place in the chain belongs to another entry. `released`: it lay here held.
    """

    entry: Entry
    outcome: str
    code: str | None = None
    aside: bool = False
    released: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything is to be stored: not for what is known, or waits as it did."""
        return self.outcome != "known" and not (self.released and self.outcome == "held")


@dataclass(slots=True)
class Judged:
    """All decisions about one bundle, in chain order."""

    decisions: list[Decision] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """How many entries ended so; entries that lay here held count as admitted when freed."""
        return sum(one.outcome == outcome for one in self.decisions)

    @property
    def anything_new(self) -> bool:
        """Whether any entry was not known before, or was let out of waiting."""
        return any(one.changes for one in self.decisions)

    def groups(self) -> dict[UUID, tuple[str, str | None]]:
        """Each act that was not known, with its outcome and code."""
        found: dict[UUID, tuple[str, str | None]] = {}
        for one in self.decisions:
            group = one.entry.header.group.id
            if one.changes and (group not in found or one.code is not None):
                found[group] = (one.outcome, one.code)
        return found

    def reasons(self) -> tuple[str, ...]:
        """One sentence for each reason that something was held or put aside."""
        counts = Counter(
            one.code or one.outcome
            for one in self.decisions
            if one.outcome in {"held", "quarantined"}
        )
        return tuple(f"{count} entries: {sentence(code)}" for code, count in sorted(counts.items()))


def sentence(code: str) -> str:
    """What to tell a person about an outcome's code."""
    return SENTENCES.get(code) or admission.SENTENCES.get(code) or code


class Judgement:
    """Considers entries in chain order; `settle` makes acts whole.

    Works on heads of its own while it runs, so that nothing is stored before all is decided.
    """

    def __init__(self, session: Session, unit: UnitOfWork) -> None:
        assert session.office.root is not None  # noqa: S101 - a registry is founded with its root
        self._root = session.office.root
        self._unit = unit
        self._certificates: dict[CertificateHash, Certificate] = dict(
            known_certificates(session, unit)
        )
        self._revocations = _revocations(unit)
        self._heads: dict[tuple[OfficeId, bytes], Head | None] = {}
        self._submitters: dict[UUID, set[UserId]] = {}
        self._decisions: list[Decision] = []
        self._seen: set[EntryHash] = set()

    def consider(self, entry: Entry) -> None:
        """Decide about the next entry of the bundle."""
        standing = self._unit.standing(entry.hash)
        if entry.hash in self._seen or (standing is not None and standing.state != "held"):
            self._decide(Decision(entry, "known"))
            return
        self._judge(entry, released=standing is not None)

    def release_held(self, office: OfficeId) -> None:
        """Judge what lay here held, now that a gap before it may be closed."""
        for epoch, _ in self._unit.epochs(office):
            for entry in self._unit.held(office, epoch):
                if entry.hash not in self._seen:
                    self._judge(entry, released=True)
                    if not self._decisions[-1].changes:
                        self._decisions.pop()

    def settle(self) -> Judged:
        """Make acts whole: one entry put aside takes the others of its act with it."""
        bad = {one.entry.header.group.id for one in self._decisions if one.outcome == "quarantined"}
        settled = [
            replace(one, outcome="quarantined", code=GROUP)
            if one.outcome == "admitted" and one.entry.header.group.id in bad
            else one
            for one in self._decisions
        ]
        return Judged(settled)

    def _judge(self, entry: Entry, *, released: bool) -> None:
        header = entry.header
        place = (header.office, header.epoch)
        if place not in self._heads:
            self._heads[place] = self._unit.head(*place)
        stands = self._unit.at(header.office, header.epoch, header.sequence)
        outcome = admission.check_entry(
            entry,
            self._certificates,
            self._root,
            self._heads[place],
            self._revocations,
            standing=stands.hash if stands and stands.hash != entry.hash else None,
        )
        match outcome:
            case admission.Accept(head):
                self._heads[place] = head
                code = self._policy_fault(entry)
                if code is None:
                    self._learn(entry)
                    self._decide(Decision(entry, "admitted", released=released))
                else:
                    self._decide(Decision(entry, "quarantined", code, released=released))
            case admission.Known():
                self._decide(Decision(entry, "known"))
            case admission.Hold():
                self._decide(Decision(entry, "held", "held", released=released))
            case admission.Quarantine(code, head):
                if head is not None:
                    self._heads[place] = head
                self._decide(
                    Decision(entry, "quarantined", code, aside=head is None, released=released)
                )

    def _decide(self, decision: Decision) -> None:
        self._seen.add(decision.entry.hash)
        self._decisions.append(decision)

    def _policy_fault(self, entry: Entry) -> str | None:
        """What signatures alone cannot hold: nobody approves what they took in themselves."""
        header = entry.header
        if header.kind == kinds.REGISTRATION_SUBMITTED:
            self._submitters.setdefault(header.subject.id, set()).add(header.author)
        elif header.kind == kinds.REGISTRATION_APPROVED:
            submitters = self._submitters.get(header.subject.id, set()) | {
                one.header.author
                for one in self._unit.entries_of("registration", header.subject.id)
                if one.header.kind == kinds.REGISTRATION_SUBMITTED
            }
            if header.author in submitters:
                return OWN_REVIEW
        return None

    def _learn(self, entry: Entry) -> None:
        """Certificates and revocations count from the entry that says them."""
        header, body = entry.header, entry.body or {}
        if header.kind == kinds.CERTIFICATE_ISSUED:
            certificate = Certificate.from_bytes(body["certificate"])
            self._certificates[certificate.hash] = certificate
        elif header.kind == kinds.CERTIFICATE_REVOKED:
            covered = [Receipt.of(head) for head in self._chains_of(header.office)]
            self._revocations.append(admission.Revocation(body["certificate"], tuple(covered)))

    def _chains_of(self, office: OfficeId) -> list[Head]:
        heads = {(head.office, head.epoch): head for head in self._unit.chains()}
        heads.update({place: head for place, head in self._heads.items() if head is not None})
        return [head for place, head in heads.items() if place[0] == office]


def _revocations(unit: UnitOfWork) -> list[admission.Revocation]:
    """Every revocation so far. What an office had said before it revoked stays good."""
    found = []
    for entry in unit.entries_of_kind(kinds.CERTIFICATE_REVOKED, "user"):
        header = entry.header
        if entry.body is None:
            continue
        covered = []
        for epoch, head in unit.epochs(header.office):
            if epoch == header.epoch:
                covered.append(Receipt(header.office, epoch, header.sequence, entry.hash))
                break
            covered.append(Receipt.of(head))
        found.append(admission.Revocation(entry.body["certificate"], tuple(covered)))
    return found
