"""What the store holds about the entries of a batch, fetched at once, and what was decided since.

A batch is judged in memory: what judging asks about is read with a few statements before, and what
is decided about one act is seen by the next as if it were stored. So it makes no difference to any
decision where a batch ends. Questions that were not foreseen are asked one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from db.records import EntryState, Standing
from ledger import kinds
from ledger.certificate import Certificate, CertificateHash
from ledger.chain import Head
from ledger.entry import Subject
from values.identifiers import EntryHash, OfficeId
from workspace.waiting import approved_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from db.store import UnitOfWork
    from ledger.entry import Entry

Chain = tuple[OfficeId, bytes]


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


class Picture:
    """The store as a batch sees it, and what the batch has decided so far."""

    def __init__(self, unit: UnitOfWork, certificates: Iterable[Certificate]) -> None:
        """`certificates` are those that the office itself stands on."""
        self._unit = unit
        self.certificates: dict[CertificateHash, Certificate] = {
            one.hash: one for one in certificates
        }
        self._standings: dict[bytes, Standing | None] = {}
        self._about: dict[Subject, list[Entry]] = {}
        self._codes: dict[OfficeId, str] = {}
        self._all_codes: frozenset[str] | None = None
        self._groups: dict[UUID, dict[EntryHash, tuple[Entry, Standing]]] = {}
        self._entries: dict[bytes, Entry | None] = {}
        self._heads: dict[Chain, Head | None] = {}
        self._places: dict[tuple[OfficeId, bytes, int], EntryHash | None] = {}
        self._forked: dict[bytes, bool] = {}
        self._held: dict[tuple[OfficeId, bytes, int], Entry] = {}
        self._supposed: list[Entry] = []
        self._fresh: set[Subject] = set()

    def fetch(self, entries: Sequence[Entry]) -> None:
        """Read what judging these entries will ask about."""
        self._standings |= dict.fromkeys((one.hash for one in entries), None)
        self._standings |= self._unit.standings(one.hash for one in entries)
        ahead = [one for one in entries if not self._settled(one)]
        chains: dict[Chain, list[int]] = {}
        for one in ahead:
            header = one.header
            chains.setdefault((header.office, header.epoch), []).append(header.sequence)
        for chain, sequences in chains.items():
            self._heads[chain] = self._unit.head(*chain)
            taken = self._unit.places(*chain, min(sequences), max(sequences))
            for sequence in sequences:
                self._places[(*chain, sequence)] = taken.get(sequence)
            for held in self._unit.held_between(*chain, min(sequences), max(sequences)):
                self._held[(*chain, held.header.sequence)] = held
        before = {one.header.previous for one in ahead if one.header.previous is not None}
        forked = self._unit.forked(before)
        self._forked |= {one: one in forked for one in before}
        self._fetch_about(ahead)
        self._fetch_certificates(ahead)

    def _fetch_about(self, entries: Sequence[Entry]) -> None:
        subjects = {one.header.subject for one in entries}
        for one in entries:
            proposal = approved_by(one) if one.header.kind == kinds.PERSON_CORRECTED else None
            if proposal is not None:
                subjects.add(Subject(kinds.EVENT, proposal))
        about = self._unit.about((one.type, one.id) for one in subjects)
        for subject in subjects:
            self._about[subject] = about.get((subject.type, subject.id), [])
            if not self._about[subject]:
                self._fresh.add(subject)
        groups = {one.header.group.id for one in entries}
        found = self._unit.groups(groups)
        for group in groups:
            self._groups[group] = {one.hash: (one, how) for one, how in found.get(group, [])}

    def _fetch_certificates(self, entries: Iterable[Entry]) -> None:
        offices, wanted = set(), set()
        for one in entries:
            offices.add(one.header.office)
            wanted.add(one.header.certificate)
            if one.header.kind == kinds.CERTIFICATE_REVOKED and one.body is not None:
                wanted.add(CertificateHash(one.body.get("certificate", b"")))
        self._learn_certificates(self._unit.certificates_of(offices))
        while missing := {
            one for one in wanted if isinstance(one, bytes) and one not in self.certificates
        }:
            found = self._unit.certificates_named(missing)
            self._learn_certificates(found)
            wanted = {CertificateHash(one.issuer) for one in found}

    def _learn_certificates(self, found: Iterable[Certificate]) -> None:
        self.certificates |= {one.hash: one for one in found}

    def certificates_about(self, user: UUID) -> list[Certificate]:
        """The certificates of a user, of whatever office, those of this batch included."""
        here = [one for one in self.certificates.values() if one.subject_id == user]
        return [*here, *self._unit.certificates_about(user)]

    def code_of(self, office: OfficeId) -> str:
        """The code of a station; empty for another office."""
        if office not in self._codes:
            told = self._unit.entries_of("station", office)
            self._codes[office] = _code(told)
        return self._codes[office]

    def codes(self) -> frozenset[str]:
        """The codes of every station."""
        if self._all_codes is None:
            told = self._unit.entries_of_kind(kinds.STATION_ENROLLED, "station")
            self._all_codes = frozenset(_code([one]) for one in told)
        return self._all_codes

    def _settled(self, entry: Entry) -> bool:
        """Whether the store has said its last word about an entry, as far as an import goes."""
        standing = self._standings[entry.hash]
        if standing is None or standing.state is EntryState.HELD:
            return False
        return standing.forked or standing.state is EntryState.ADMITTED

    # -- asking -------------------------------------------------------------------------------

    def standing(self, hash_: EntryHash) -> Standing | None:
        """What was decided about an entry, or None when it is unknown."""
        if hash_ not in self._standings:
            self._standings[hash_] = self._unit.standing(hash_)
        return self._standings[hash_]

    def head(self, chain: Chain) -> Head | None:
        """The last entry that stands in a chain."""
        if chain not in self._heads:
            self._heads[chain] = self._unit.head(*chain)
        return self._heads[chain]

    def at(self, entry: Entry) -> EntryHash | None:
        """Which other entry stands at this one's place; one that is held does not stand."""
        header = entry.header
        place = (header.office, header.epoch, header.sequence)
        if place not in self._places:
            self._places[place] = self._unit.places(
                header.office, header.epoch, header.sequence, header.sequence
            ).get(header.sequence)
        found = self._places[place]
        return None if found == entry.hash else found

    def twin(self, entry: Entry) -> Entry | None:
        """Another entry that is held at this one's place."""
        header = entry.header
        held = self._held.get((header.office, header.epoch, header.sequence))
        return held if held is not None and held.hash != entry.hash else None

    def in_branch(self, hash_: EntryHash) -> bool:
        """Whether an entry was put aside because a copy of its office wrote it."""
        if hash_ not in self._forked:
            self._forked[hash_] = bool(self._unit.forked([hash_]))
        return self._forked[hash_]

    def about(self, subject: Subject) -> list[Entry]:
        """The admitted entries about a subject, with those of the act in hand that may stand."""
        more = [one for one in self._supposed if one.header.subject == subject]
        return [*self.stored_about(subject), *more]

    def stored_about(self, subject: Subject) -> list[Entry]:
        """The same without the act in hand: what the subject's view is folded from."""
        if subject not in self._about:
            self._about[subject] = self._unit.entries_of(subject.type, subject.id)
        return self._about[subject]

    def fresh(self, subject: Subject) -> bool:
        """Whether nothing was admitted about a subject before this batch."""
        return subject in self._fresh

    def group(self, group: UUID) -> list[tuple[Entry, Standing]]:
        """The entries of an act that were decided about, in whatever state."""
        return list(self._group(group).values())

    def act(self, group: UUID) -> list[Entry]:
        """The admitted entries of an act, the one in hand included."""
        found = {
            one.hash: one
            for one, standing in self._group(group).values()
            if standing.state is EntryState.ADMITTED
        }
        found |= {one.hash: one for one in self._supposed if one.header.group.id == group}
        return list(found.values())

    def entry(self, hash_: EntryHash) -> Entry | None:
        """An entry in whatever state."""
        if hash_ not in self._entries:
            self._entries[hash_] = self._unit.entry(hash_)
        return self._entries[hash_]

    def _group(self, group: UUID) -> dict[EntryHash, tuple[Entry, Standing]]:
        if group not in self._groups:
            found = self._unit.groups([group]).get(group, [])
            self._groups[group] = {one.hash: (one, how) for one, how in found}
        return self._groups[group]

    # -- deciding -----------------------------------------------------------------------------

    def suppose(self, entry: Entry) -> None:
        """Count an entry of the act in hand as admitted until the act is settled."""
        self._supposed.append(entry)

    def supposed_alone(self, decisions: Iterable[Decision]) -> None:
        """Of the act in hand, only what is admitted by now counts."""
        self._supposed = [one.entry for one in decisions if one.outcome == "admitted"]

    def settle(self, decisions: Iterable[Decision]) -> None:
        """See an act as stored. What waits as it did stays as it was fetched."""
        self._supposed = []
        for one in decisions:
            if one.changes:
                self._see(one)

    def _see(self, decision: Decision) -> None:
        entry, header = decision.entry, decision.entry.header
        state = EntryState(decision.outcome)
        forked = state is EntryState.QUARANTINED and decision.aside
        standing = Standing(state, decision.code, forked=forked)
        self._standings[entry.hash] = standing
        place = (header.office, header.epoch, header.sequence)
        if state is EntryState.HELD:
            self._held[place] = entry
        elif place in self._held and self._held[place].hash == entry.hash:
            del self._held[place]
        self._entries[entry.hash] = entry
        if forked:
            # It leaves its place, if it had waited there.
            self._forked[entry.hash] = True
            self._group(header.group.id).pop(entry.hash, None)
            return
        self._group(header.group.id)[entry.hash] = (entry, standing)
        if state is EntryState.ADMITTED:
            self.stored_about(header.subject).append(entry)
        if state is EntryState.HELD:
            return
        chain = (header.office, header.epoch)
        self._places[place] = entry.hash
        head = self.head(chain)
        if head is None or header.sequence > head.sequence:
            self._heads[chain] = Head.of(entry)

    def heads_of(self, office: OfficeId) -> Mapping[bytes, Head]:
        """The head of each epoch of an office, in the order in which they began here."""
        found = dict(self._unit.epochs(office))
        for (one, epoch), head in self._heads.items():
            if one == office and head is not None:
                found[epoch] = head
        return found


def _code(told: Iterable[Entry]) -> str:
    """The code that the last enrolment among these entries gave."""
    codes = [
        str(one.body["code"])
        for one in told
        if one.header.kind == kinds.STATION_ENROLLED and one.body is not None
    ]
    return codes[-1] if codes else ""
