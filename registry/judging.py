"""Deciding about the entries of a bundle, one by one and then act by act."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ledger import admission, authority, kinds
from ledger.certificate import Certificate
from ledger.chain import Head, Receipt
from ledger.errors import LedgerError
from registry import acts, corrections, fitting, guarded
from registry.seen import Records
from workspace.care import known_certificates
from workspace.waiting import approved_by

if TYPE_CHECKING:
    from uuid import UUID

    from db.store import UnitOfWork
    from ledger.certificate import CertificateHash
    from ledger.entry import Entry
    from values.identifiers import EntryHash, OfficeId, UserId
    from workspace.session import Session

OWN_REVIEW = "own_review"
GROUP = "act_incomplete"

MENDABLE = frozenset(
    {
        "body_missing",
        "signature",
        "certificate_unknown",
        "kind_unknown",
        authority.OWNER_UNKNOWN,
        corrections.MISSING,
        guarded.UNHEARD_OF,
        guarded.LATER_FORM,
        fitting.DIFFERS,
        GROUP,
    }
)
"""What wants something that may come yet, from this station, from another or with a newer program:
judged anew when it comes again, and at every import."""

SENTENCES = {
    OWN_REVIEW: "A registration was approved by the person who took it in. "
    "Let another supervisor of the station review it.",
    GROUP: "Another entry of the same act was put aside, so the whole act waits.",
    **acts.SENTENCES,
    **corrections.SENTENCES,
    **fitting.SENTENCES,
    "held": "Earlier entries of the station are missing. Ask it for the bundle before this one.",
    **authority.SENTENCES,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry with its outcome: admitted, known, held or quarantined.

    `aside`: its place in the chain belongs to another entry. `released`: it lay here held, or put
    aside for want of something that came now. `stays`: it lies here put aside, as before. `came`:
    it is in this bundle. An admitted one has a code when people should look at it.
    """

    entry: Entry
    outcome: str
    code: str | None = None
    aside: bool = False
    released: bool = False
    again: bool = False
    stays: bool = False
    came: bool = True

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
        return sum(one.outcome == outcome and (one.came or one.changes) for one in self.decisions)

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
        """One sentence for each reason that something was held, put aside or is to be looked at."""
        counts = Counter(
            one.code or one.outcome
            for one in self.decisions
            if one.outcome in {"held", "quarantined"} or (one.changes and one.code is not None)
        )
        return tuple(f"{count} entries: {sentence(code)}" for code, count in sorted(counts.items()))


def sentence(code: str) -> str:
    """What to tell a person about an outcome's code."""
    return SENTENCES.get(code) or admission.SENTENCES.get(code) or code


class Judgement:
    """Considers entries in chain order; `settle` makes acts whole.

    Works on heads of its own while it runs, so that nothing is stored before all is decided.
    """

    def __init__(
        self, session: Session, unit: UnitOfWork, *, lost: frozenset[EntryHash] = frozenset()
    ) -> None:
        """`lost` are entries that lawfully come without their bodies."""
        assert session.office.root is not None  # noqa: S101 - a registry is founded with its root
        self._root = session.office.root
        self._unit = unit
        self._lost = lost
        self._certificates: dict[CertificateHash, Certificate] = dict(
            known_certificates(session, unit)
        )
        self._revocations = _revocations(unit)
        self._heads: dict[tuple[OfficeId, bytes], Head | None] = {}
        self._placed: dict[tuple[OfficeId, bytes, int], EntryHash] = {}
        self._branches: dict[OfficeId, set[EntryHash]] = {}
        self._submitters: dict[UUID, set[UserId]] = {}
        self._catalogue = session.catalogue
        self._records = Records(unit, session.conflict_sets)
        self._corrections = corrections.Corrections(session.catalogue, self._records)
        self._guard = guarded.Guard(session.catalogue, self._records)
        self._tried: dict[tuple[OfficeId, bytes], Head | None] = {}
        self._decisions: list[Decision] = []
        self._seen: set[EntryHash] = set()

    def consider(self, entry: Entry) -> None:
        """Decide about the next entry of the bundle."""
        standing = self._unit.standing(entry.hash)
        self._records.note(entry)
        if entry.hash in self._seen:
            self._decide(Decision(entry, "known"))
        elif standing is None or standing.state == "held":
            self._judge(entry, released=standing is not None)
        elif standing.state == "quarantined" and not standing.forked:
            self._judge_again(entry, standing.reason or "")
        else:
            self._decide(Decision(entry, "known"))

    def release_held(self, office: OfficeId) -> None:
        """Judge what lay here held, now that a gap before it may be closed."""
        # A chain of which everything waits has no head in the store, only here.
        here = [epoch for one, epoch in self._heads if one == office]
        for epoch in dict.fromkeys([*here, *(epoch for epoch, _ in self._unit.epochs(office))]):
            self._release(office, epoch)

    def judge_waiting(self) -> None:
        """Judge what lies here put aside for want of something, which may have come now."""
        aside: dict[UUID, list[tuple[Entry, str]]] = {}
        for entry in self._unit.entries_in("quarantined"):
            standing = self._unit.standing(entry.hash)
            if standing is None or standing.forked or entry.hash in self._seen:
                continue
            group = aside.setdefault(entry.header.group.id, [])
            group.append((entry, standing.reason or ""))
        pending = [one for group in aside.values() if _may_come(group) for one in group]
        # What waits may wait for something that waits itself.
        while True:
            rest = []
            for entry, code in pending:
                if code in MENDABLE and not self._fault(entry) and not self._policy_fault(entry):
                    self._learn(entry)
                    self._decide(Decision(entry, "admitted", released=True, again=True, came=False))
                else:
                    rest.append((entry, code))
            if len(rest) == len(pending):
                break
            pending = rest
        for entry, _ in rest:
            self._decide(Decision(entry, "known", stays=True, came=False))

    def settle(self) -> Judged:
        """Make acts whole: one entry put aside takes the others of its act with it.

        And whoever was certified in an act that is put aside has signed nothing that stands.
        """
        settled = self._whole(self._decisions)
        while True:
            aside = [one.entry for one in settled if one.outcome == "quarantined" or one.stays]
            groups = {entry.header.group.id for entry in aside}
            gone = [*aside, *(one.entry for one in settled if one.code == acts.WAITS)]
            uncertified = {
                certificate for entry in gone if (certificate := _certified(entry)) is not None
            }
            unproposed = corrections.proposed(gone)
            # What stood on an act that does not stand is looked at without it.
            self._records.leave_out({entry.header.group.id for entry in gone})
            again = [self._alone(_settled(one, groups, uncertified, unproposed)) for one in settled]
            if again == settled:
                return Judged([self._looked_at(one) for one in settled])
            settled = again

    def _whole(self, decisions: list[Decision]) -> list[Decision]:
        """An act that is not whole is held while its rest may come, and put aside when it cannot:
        what got a place in its chain only now is known by this time."""
        placed = [
            one.entry
            for one in decisions
            if one.changes
            and not (one.aside or one.again)
            and one.outcome in {"admitted", "quarantined"}
        ]
        codes = acts.faults(self._unit, placed)
        made = []
        for one in decisions:
            code = codes.get(one.entry.hash) if one.changes and not one.again else None
            if code == acts.WAITS:
                one = replace(one, outcome="held", code=code)
            elif code is not None and one.outcome == "admitted":
                one = replace(one, outcome="quarantined", code=code)
            made.append(one)
        return made

    def _alone(self, decision: Decision) -> Decision:
        """An act is known whole by now: whether it may change what nobody changes alone, and
        whether the record that it undoes stands."""
        entry = decision.entry
        if decision.outcome != "admitted":
            return decision
        role = self._certificates[entry.header.certificate].role
        code = self._guard.fault(entry, role)
        if code is None and authority.undoes(entry.header):
            about = self._records.about(entry.header.subject)
            code = authority.fault(entry.header, about, role)
        if code is None:
            return decision
        if decision.again:
            return replace(decision, outcome="known", released=False, again=False, stays=True)
        return replace(decision, outcome="quarantined", code=code)

    def _looked_at(self, decision: Decision) -> Decision:
        """Answers that do not fit their questions, or whose form is not known here, are admitted,
        and said to be there."""
        new = decision.outcome == "admitted" and decision.code is None
        code = fitting.remark(self._catalogue, decision.entry) if new else None
        return decision if code is None else replace(decision, code=code)

    def _judge(self, entry: Entry, *, released: bool, came: bool = True) -> None:
        header = entry.header
        place = (header.office, header.epoch)
        if place not in self._heads:
            self._heads[place] = self._unit.head(*place)
        outcome = self._place(entry)
        if isinstance(outcome, admission.Hold) and self._release(*place):
            # What waited here came before it.
            outcome = self._place(entry)
        match outcome:
            case admission.Accept(head):
                self._stand(head)
                code = self._policy_fault(entry)
                if code is None:
                    self._learn(entry)
                    made = Decision(entry, "admitted", released=released)
                else:
                    made = Decision(entry, "quarantined", code, released=released)
            case admission.Known():
                made = Decision(entry, "known")
            case admission.Hold():
                made = Decision(entry, "held", "held", released=released)
            case admission.Quarantine(code, head):
                if head is not None:
                    self._stand(head)
                else:
                    self._branch_of(header.office).add(entry.hash)
                made = Decision(entry, "quarantined", code, aside=head is None, released=released)
        self._decide(replace(made, came=came))

    def _release(self, office: OfficeId, epoch: bytes) -> bool:
        """Judge what lies here held and goes on where the chain ends now; whether anything does."""
        place = (office, epoch)
        if place not in self._heads:
            self._heads[place] = self._unit.head(*place)
        if place in self._tried and self._tried[place] == self._heads[place]:
            return False
        before = len(self._decisions)
        for entry in self._unit.held(office, epoch):
            if entry.hash in self._seen or isinstance(self._place(entry), admission.Hold):
                continue
            self._records.note(entry)
            self._judge(entry, released=True, came=False)
        self._tried[place] = self._heads[place]
        return len(self._decisions) > before

    def _judge_again(self, entry: Entry, reason: str) -> None:
        """An entry that lies here put aside, in its place: what it wanted may have come now."""
        if reason not in MENDABLE or self._fault(entry) or self._policy_fault(entry):
            self._decide(Decision(entry, "known", stays=True))
            return
        self._learn(entry)
        self._decide(Decision(entry, "admitted", released=True, again=True))

    def _fault(self, entry: Entry) -> str | None:
        """What is wrong with an entry apart from its place."""
        return admission.check_alone(
            entry,
            self._certificates,
            self._root,
            self._revocations,
            body_required=entry.hash not in self._lost,
        )

    def _place(self, entry: Entry) -> admission.Outcome:
        """What the ledger says of an entry at its place, whatever order entries come in."""
        header = entry.header
        if header.previous in self._branch_of(header.office):
            # It goes on where a copy of the station left the chain: nothing that could still
            # come makes it part of the chain, so it does not wait.
            return admission.Quarantine(self._fault(entry) or "broken_link")
        return admission.check_entry(
            entry,
            self._certificates,
            self._root,
            self._heads[header.office, header.epoch],
            self._revocations,
            standing=self._standing(entry),
            body_required=entry.hash not in self._lost,
        )

    def _standing(self, entry: Entry) -> EntryHash | None:
        """Which other entry stands at this one's place; one that is held does not stand."""
        header = entry.header
        place = (header.office, header.epoch, header.sequence)
        if place in self._placed:
            return self._placed[place]
        stored = self._unit.at(*place)
        if stored is None or stored.hash == entry.hash:
            return None
        standing = self._unit.standing(stored.hash)
        return None if standing is not None and standing.state == "held" else stored.hash

    def _stand(self, head: Head) -> None:
        self._heads[head.office, head.epoch] = head
        self._placed[head.office, head.epoch, head.sequence] = head.hash

    def _branch_of(self, office: OfficeId) -> set[EntryHash]:
        """The entries of this office that were put aside because a copy of it wrote them."""
        if office not in self._branches:
            self._branches[office] = {entry.hash for entry, _ in self._unit.forks(office)}
        return self._branches[office]

    def _decide(self, decision: Decision) -> None:
        self._seen.add(decision.entry.hash)
        self._decisions.append(decision)

    def _policy_fault(self, entry: Entry) -> str | None:
        """What signatures alone cannot hold: whose record it is, and that nobody approves what
        they took in themselves."""
        header = entry.header
        if (code := fitting.fault(self._catalogue, entry)) is not None:
            return code
        if authority.concerns(header):
            before = self._records.about(header.subject)
            role = self._certificates[header.certificate].role
            if (code := authority.fault(header, before, role)) is not None:
                return code
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
        return self._corrections.fault(entry)

    def _learn(self, entry: Entry) -> None:
        """Certificates and revocations count from the entry that says them, and so does whose a
        record is."""
        header, body = entry.header, entry.body or {}
        self._records.learn(entry)
        if entry.body is None:
            return
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


def _settled(
    decision: Decision,
    groups: set[UUID],
    uncertified: set[CertificateHash],
    unproposed: set[UUID],
) -> Decision:
    header = decision.entry.header
    if decision.outcome != "admitted":
        return decision
    code = None
    if header.group.id in groups:
        code = GROUP
    elif header.certificate in uncertified:
        code = "certificate_unknown"
    elif approved_by(decision.entry) in unproposed:
        code = corrections.MISSING
    if code is None:
        return decision
    if decision.again:
        return replace(decision, outcome="known", released=False, again=False, stays=True)
    return replace(decision, outcome="quarantined", code=code)


def _may_come(group: list[tuple[Entry, str]]) -> bool:
    """Whether an act that lies here put aside wants something that may have come."""
    return any(code in MENDABLE and code != GROUP for _, code in group)


def _certified(entry: Entry) -> CertificateHash | None:
    """The certificate that an entry brings, if it brings one that can be read."""
    body = entry.body
    if entry.header.kind != kinds.CERTIFICATE_ISSUED or body is None:
        return None
    try:
        return Certificate.from_bytes(body["certificate"]).hash
    except (LedgerError, KeyError, TypeError):
        return None


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
