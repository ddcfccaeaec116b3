"""Deciding about the entries of a bundle, one by one and then act by act.

Every act is settled before the next one is looked at, so that nothing depends on where the storing
of a bundle is cut. What an act wants that comes later is found in the end, when everything that
waits is looked at again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from ledger import admission, authority, kinds
from ledger.certificate import Certificate, CertificateHash, OfficeType
from ledger.chain import Head, Receipt
from ledger.entry import Subject, verify
from ledger.errors import LedgerError
from registry import acts, corrections, fitting, guarded, numbered
from registry.picture import Decision
from registry.seen import Records
from values.identifiers import EntryHash, OfficeId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from db.store import UnitOfWork
    from ledger.entry import Entry
    from ledger.keys import PublicKey
    from registry.picture import Picture
    from workspace.session import Session

    Verify = Callable[[Entry, PublicKey], bool]

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
    **numbered.SENTENCES,
    "held": "Earlier entries of the station are missing. Ask it for the bundle before this one.",
    **authority.SENTENCES,
}


@dataclass(frozen=True, slots=True)
class Act:
    """The entries of one act as they follow one another in a chain.

    `came` are those that are in the bundle; the others lay here held. `last`: nothing follows it.
    """

    entries: Sequence[Entry]
    came: frozenset[EntryHash]
    last: bool


def sentence(code: str) -> str:
    """What to tell a person about an outcome's code."""
    return SENTENCES.get(code) or admission.SENTENCES.get(code) or code


class Judge:
    """Judges acts in chain order, each on what was decided about those before it.

    Works on a picture of the store, so that nothing is stored before a whole batch is decided.
    """

    def __init__(
        self,
        session: Session,
        picture: Picture,
        revocations: Iterable[admission.Revocation],
        *,
        lost: frozenset[EntryHash] = frozenset(),
        verified: Verify = verify,
    ) -> None:
        """`lost` are entries that lawfully come without their bodies; `verified` says whether a
        key signed an entry, for whoever looked at all signatures before."""
        assert session.office.root is not None  # noqa: S101 - a registry is founded with its root
        self._root = session.office.root
        self._picture = picture
        self._revocations = list(revocations)
        self._lost = lost
        self._verified = verified
        self._catalogue = session.catalogue
        self._records = Records(picture, session.conflict_sets, mendable=MENDABLE)
        self._corrections = corrections.Corrections(session.catalogue, self._records)
        self._guard = guarded.Guard(session.catalogue, self._records)
        self._head: Head | None = None
        self._branch: set[EntryHash] = set()
        self._learned: dict[CertificateHash, Certificate] = {}
        self._revoked: dict[EntryHash, admission.Revocation] = {}

    def judge(self, act: Act) -> list[Decision]:
        """What becomes of the entries of an act, now that all before it is decided."""
        made = self._judge(act)
        # What was held at a place that this act takes belongs to a copy of the station.
        twins = [
            twin
            for one in made
            if one.changes
            and not one.aside
            and one.outcome != "held"
            and (twin := self._picture.twin(one.entry)) is not None
        ]
        if twins:
            made += self._judge(Act(twins, frozenset(), last=False))
        return made

    def _judge(self, act: Act) -> list[Decision]:
        header = act.entries[0].header
        self._head = self._picture.head((header.office, header.epoch))
        self._branch = set()
        return self._settle([self._consider(one, act.came) for one in act.entries], last=act.last)

    def judge_waiting(self, aside: Sequence[tuple[Entry, str]]) -> list[Decision]:
        """An act that lies here put aside, each entry with its reason: what it wanted may have
        come now."""
        made = [self._judge_again(entry, code, came=False) for entry, code in aside]
        return self._settle(made, last=True)

    # -- one entry ----------------------------------------------------------------------------

    def _consider(self, entry: Entry, came: frozenset[EntryHash]) -> Decision:
        standing = self._picture.standing(entry.hash)
        here = entry.hash in came
        if standing is None or standing.state == "held":
            return replace(self._place(entry, released=standing is not None), came=here)
        if standing.state == "quarantined" and not standing.forked:
            return self._judge_again(entry, standing.reason or "", came=here)
        return Decision(entry, "known", came=here)

    def _place(self, entry: Entry, *, released: bool) -> Decision:
        match self._outcome(entry):
            case admission.Accept(head):
                self._head = head
                code = self._policy_fault(entry)
                if code is None:
                    self._learn(entry)
                    return Decision(entry, "admitted", released=released)
                return Decision(entry, "quarantined", code, released=released)
            case admission.Known():
                return Decision(entry, "known")
            case admission.Hold():
                if self._picture.twin(entry) is not None:
                    # Another one is held there: nobody can tell yet which of the two goes on.
                    self._branch.add(entry.hash)
                    return Decision(entry, "quarantined", "fork", aside=True)
                return Decision(entry, "held", "held", released=released)
            case admission.Quarantine(code, head):
                if head is not None:
                    self._head = head
                else:
                    self._branch.add(entry.hash)
                return Decision(entry, "quarantined", code, aside=head is None, released=released)

    def _outcome(self, entry: Entry) -> admission.Outcome:
        """What the ledger says of an entry at its place, whatever order entries come in."""
        header = entry.header
        before = header.previous
        if before is not None and (before in self._branch or self._picture.in_branch(before)):
            # It goes on where a copy of the station left the chain: nothing that could still
            # come makes it part of the chain, so it does not wait.
            return admission.Quarantine(self._fault(entry) or "broken_link")
        return admission.check_entry(
            entry,
            self._picture.certificates,
            self._root,
            self._head,
            self._revocations,
            standing=self._picture.at(entry),
            body_required=entry.hash not in self._lost,
            verified=self._verified,
        )

    def _judge_again(self, entry: Entry, reason: str, *, came: bool) -> Decision:
        """An entry that lies here put aside, in its place: what it wanted may have come now."""
        if reason not in MENDABLE or self._fault(entry) or self._policy_fault(entry):
            return Decision(entry, "known", stays=True, came=came)
        self._learn(entry)
        return Decision(entry, "admitted", released=True, again=True, came=came)

    def _fault(self, entry: Entry) -> str | None:
        """What is wrong with an entry apart from its place."""
        return admission.check_alone(
            entry,
            self._picture.certificates,
            self._root,
            self._revocations,
            body_required=entry.hash not in self._lost,
            verified=self._verified,
        )

    def _policy_fault(self, entry: Entry) -> str | None:
        """What signatures alone cannot hold: whose record it is, and that nobody approves what
        they took in themselves."""
        header = entry.header
        if (code := fitting.fault(self._catalogue, entry)) is not None:
            return code
        if header.kind == kinds.CERTIFICATE_ISSUED and entry.body is not None:
            # Whoever is known by an id is known by it everywhere: it is of one office for good.
            others = self._picture.certificates_about(header.subject.id)
            if any(one.office != header.office for one in others):
                return authority.NOT_ITS_OFFICE
        if authority.concerns(header):
            before = self._records.about(header.subject)
            role = self._picture.certificates[header.certificate].role
            if (code := authority.fault(header, before, role)) is not None:
                return code
        if (code := self._handed_in(entry) or numbered.fault(self._picture, entry)) is not None:
            return code
        if header.kind == kinds.REGISTRATION_APPROVED:
            submitters = {
                one.header.author
                for one in self._records.about(header.subject)
                if one.header.kind == kinds.REGISTRATION_SUBMITTED
            }
            if header.author in submitters:
                return OWN_REVIEW
        return self._corrections.fault(entry)

    def _handed_in(self, entry: Entry) -> str | None:
        """What is wrong with the persons of a registration: those of another office are not handed
        in here. What is said of a person's registration would be said of the newest."""
        if entry.header.kind != kinds.REGISTRATION_SUBMITTED or entry.body is None:
            return None
        for person in entry.body["persons"]:
            about = self._records.about(Subject(kinds.PERSON, UUID(bytes=person)))
            made = [one.header.office for one in about if authority.is_founding(one.header)]
            if entry.header.office not in made:
                return authority.NOT_ITS_OFFICE if made else authority.OWNER_UNKNOWN
        return None

    def _learn(self, entry: Entry) -> None:
        """Certificates and revocations count from the entry that says them, and so does whose a
        record is."""
        header, body = entry.header, entry.body or {}
        self._picture.suppose(entry)
        if entry.body is None:
            return
        if header.kind == kinds.CERTIFICATE_ISSUED:
            certificate = Certificate.from_bytes(body["certificate"])
            if certificate.hash not in self._picture.certificates:
                self._learned[certificate.hash] = certificate
                self._picture.certificates[certificate.hash] = certificate
        elif header.kind == kinds.CERTIFICATE_REVOKED:
            heads = self._picture.heads_of(header.office)
            self._revoked[entry.hash] = _revocation(entry, heads.items())
            self._revocations.append(self._revoked[entry.hash])

    # -- the act ------------------------------------------------------------------------------

    def _settle(self, made: list[Decision], *, last: bool) -> list[Decision]:
        """Make the act whole: one entry put aside takes the others of its act with it.

        And whoever was certified in an act that is put aside has signed nothing that stands.
        """
        settled = self._whole(made, last=last)
        while True:
            gone = any(
                one.outcome == "quarantined" or one.stays or one.code == acts.WAITS
                for one in settled
            )
            again = [_with_its_act(one) for one in settled] if gone else settled
            # What stood on an entry that does not stand is looked at without it.
            self._picture.supposed_alone(again)
            again = [self._alone(one) for one in again]
            if again == settled:
                break
            settled = again
        settled = [self._looked_at(one) for one in settled]
        self._forget(settled)
        self._picture.settle(settled)
        return settled

    def _whole(self, decisions: list[Decision], *, last: bool) -> list[Decision]:
        """An act that is not whole is held while its rest may come, and put aside when it cannot:
        what got a place in its chain only now is known by this time."""
        placed = [
            one.entry
            for one in decisions
            if one.changes
            and not (one.aside or one.again)
            and one.outcome in {"admitted", "quarantined"}
        ]
        code = acts.fault(self._picture, placed, last=last) if placed else None
        if code is None:
            return decisions
        ours = {entry.hash for entry in placed}
        made = []
        for one in decisions:
            if one.entry.hash in ours and code == acts.WAITS:
                one = replace(one, outcome="held", code=code)
            elif one.entry.hash in ours and one.outcome == "admitted":
                one = replace(one, outcome="quarantined", code=code)
            made.append(one)
        return made

    def _alone(self, decision: Decision) -> Decision:
        """An act is known whole by now: whether it may change what nobody changes alone, and
        whether the record that it undoes stands."""
        entry = decision.entry
        if decision.outcome != "admitted":
            return decision
        role = self._picture.certificates[entry.header.certificate].role
        code = self._guard.fault(entry, role)
        if code is None and authority.undoes(entry.header):
            about = self._records.about(entry.header.subject)
            code = authority.fault(entry.header, about, role)
        return decision if code is None else _put_aside(decision, code)

    def _looked_at(self, decision: Decision) -> Decision:
        """Answers that do not fit their questions, or whose form is not known here, are admitted,
        and said to be there."""
        new = decision.outcome == "admitted" and decision.code is None
        code = fitting.remark(self._catalogue, decision.entry) if new else None
        return decision if code is None else replace(decision, code=code)

    def _forget(self, settled: Iterable[Decision]) -> None:
        """Certificates of an act that does not stand certify nobody, and its revocations revoke
        none."""
        stand = {one.entry.hash for one in settled if one.outcome == "admitted"}
        issued = {
            hash_
            for one in settled
            if one.entry.hash in stand and (hash_ := _certified(one.entry)) is not None
        }
        for hash_ in self._learned:
            if hash_ not in issued:
                self._picture.certificates.pop(hash_, None)
        for revoked, revocation in self._revoked.items():
            if revoked not in stand:
                self._revocations.remove(revocation)
        self._learned, self._revoked = {}, {}


def _with_its_act(decision: Decision) -> Decision:
    return _put_aside(decision, GROUP) if decision.outcome == "admitted" else decision


def _put_aside(decision: Decision, code: str) -> Decision:
    if decision.again:
        return replace(decision, outcome="known", released=False, again=False, stays=True)
    return replace(decision, outcome="quarantined", code=code)


def _certified(entry: Entry) -> CertificateHash | None:
    """The certificate that an entry brings, if it brings one that can be read."""
    body = entry.body
    if entry.header.kind != kinds.CERTIFICATE_ISSUED or body is None:
        return None
    try:
        return Certificate.from_bytes(body["certificate"]).hash
    except (LedgerError, KeyError, TypeError):
        return None


def revocations(unit: UnitOfWork) -> list[admission.Revocation]:
    """Every revocation so far. What an office had said before it revoked stays good."""
    users = [
        _revocation(entry, unit.epochs(entry.header.office))
        for entry in unit.entries_of_kind(kinds.CERTIFICATE_REVOKED, "user")
        if entry.body is not None
    ]
    stations = [
        admission.Revocation(CertificateHash(one), _told(OfficeId(entry.header.subject.id), entry))
        for entry in unit.entries_of_kind(kinds.STATION_REVOKED, "station")
        if entry.body is not None
        for one in entry.body["certificates"]
    ]
    return users + stations


def _revocation(entry: Entry, epochs: Iterable[tuple[bytes, Head]]) -> admission.Revocation:
    """What stood before it in the epochs of its office is covered; `epochs` in their order. Less,
    when it says itself how far its user is believed."""
    header, body = entry.header, entry.body
    assert body is not None  # noqa: S101 - the callers look
    certificate = CertificateHash(body["certificate"])
    if header.office_type is OfficeType.REGISTRY and body.get("office") is not None:
        return admission.Revocation(certificate, _told(OfficeId(UUID(bytes=body["office"])), entry))
    covered = []
    for epoch, head in epochs:
        if epoch == header.epoch:
            break
        covered.append(Receipt.of(head))
    covered.append(Receipt(header.office, header.epoch, header.sequence, entry.hash))
    if body.get("covered") is not None:
        reach = {one.epoch: one.sequence for one in covered}
        covered = [
            one for one in _told(header.office, entry) if one.sequence <= reach.get(one.epoch, 0)
        ]
    return admission.Revocation(certificate, tuple(covered))


def _told(office: OfficeId, entry: Entry) -> tuple[Receipt, ...]:
    """The places up to which a revocation leaves everything as it is."""
    assert entry.body is not None  # noqa: S101 - the callers look
    return tuple(
        Receipt(office, epoch, sequence, EntryHash(hash_))
        for epoch, sequence, hash_ in entry.body.get("covered") or ()
    )
