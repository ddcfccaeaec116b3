"""What holds whatever happens, looked at from outside: what a machine recorded stays; what was
acknowledged is at the registry, byte for byte, once; views agree; nothing lies in the clear."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from ledger import authority, kinds
from ledger.entry import Entry
from registry import corrections, guarded
from registry.judging import GROUP
from tests.simulation.offices import CANARY, REGISTRY, Machine
from values.identifiers import EntryHash, OfficeId
from workspace import care
from workspace.exported import covered_upto

if TYPE_CHECKING:
    from db.store import Reader
    from workspace.session import Session

VIEWS = ("person", "household", "event", "document", "registration")
OF_TWINS = frozenset({"fork", "broken_link"})
"""Why the branch of a copied disk is put aside that came second."""
BEREFT = frozenset(
    {authority.OWNER_UNKNOWN, corrections.MISSING, guarded.UNHEARD_OF, guarded.BASELESS, GROUP}
)
"""And what was said later about a record of that branch, with all of the act in which it was."""
BODY_MISSING = "body_missing"
"""What a station erased because the registry said so, which does not know any more that it did."""

Wire = tuple[bytes, bytes, bytes | None]
Place = tuple[OfficeId, bytes, int]


def _spellings() -> tuple[bytes, ...]:
    """The canary as programs leave it lying about: composed and not, in any case, any encoding."""
    texts = {
        form
        for case in (CANARY, CANARY.lower(), CANARY.upper())
        for plain in (case, case.replace("á", "a").replace("Á", "A"))
        for form in (normalize("NFC", plain), normalize("NFD", plain))
    }
    return tuple(
        text.encode(coding)
        for text in sorted(texts)
        for coding in ("utf-8", "utf-16-le", "utf-16-be")
    )


SPELLINGS = _spellings()
TEXTS = tuple({one.decode("utf-8") for one in SPELLINGS if b"\0" not in one})


class Laws:
    """What was said on any machine, and what has to be true of it."""

    def __init__(self, registry: Machine, machines: list[Machine], checks: Counter[str]) -> None:
        self.registry = registry
        self.machines = machines
        self.checks = checks
        self.said: dict[EntryHash, Wire] = {}
        self.twins: set[OfficeId] = set()
        """Offices of which a disk was copied: their chains may fork, and only theirs."""
        self.falls = 0
        """How often the registry fell back to a backup."""
        self.lost: set[EntryHash] = set()
        """What the registry had said and does not know any more."""
        self._arrived = 0

    # after every step ---------------------------------------------------------------------------

    def watch(self, machine: Machine, session: Session) -> None:
        """Look at an office whenever a user is done with it."""
        with session.store.read() as reader:
            self._stays(machine, session.office.id, reader)
            if machine.name == REGISTRY:
                self._arrives(session.office.id, reader)
                self._acknowledged(reader)
            else:
                for epoch, _ in reader.epochs(session.office.id):
                    machine.covered[epoch] = covered_upto(reader, session.office.id, epoch)

    def _stays(self, machine: Machine, office: OfficeId, reader: Reader) -> None:
        """What was recorded here is here, and what is new goes on where it ended."""
        heads = dict(reader.epochs(office))
        for epoch, known in machine.chain.items():
            standing = reader.at(office, epoch, len(known))
            assert standing is not None and standing.hash == known[-1], (
                f"what was recorded on {machine.name} is gone"
            )
        for epoch in heads:
            known = machine.chain.setdefault(epoch, [])
            acts: dict[object, list[Entry]] = {}
            for entry in reader.chain(office, epoch, after=len(known)):
                assert entry.header.sequence == len(known) + 1
                assert entry.header.previous == (known[-1] if known else None)
                known.append(entry.hash)
                self._note(entry)
                acts.setdefault(entry.header.group.id, []).append(entry)
            for act in acts.values():
                assert [one.header.group.index for one in act] == list(
                    range(act[0].header.group.count)
                ), "half an act was recorded"
        self.checks["recorded stays, acts whole"] += 1

    def _note(self, entry: Entry) -> None:
        wire = (entry.header_bytes, entry.signature, entry.body_bytes)
        known = self.said.setdefault(entry.hash, wire)
        assert _same(known, wire), "two entries under one hash"
        if known[2] is None:
            self.said[entry.hash] = wire

    def _arrives(self, own: OfficeId, reader: Reader) -> None:
        """Nothing arrives that nobody said."""
        for arrival, entry, _ in reader.arrivals(after=self._arrived):
            self._arrived = arrival
            if entry.header.office != own:
                self._is_said(entry)
        self.checks["arrived as it was said"] += 1

    def _is_said(self, entry: Entry) -> None:
        known = self.said.get(entry.hash)
        assert known is not None, "the registry holds what no station said"
        wire = (entry.header_bytes, entry.signature, entry.body_bytes)
        assert _same(known, wire), "the registry holds other bytes than were said"

    def _acknowledged(self, reader: Reader) -> None:
        """What a station was told is acknowledged stands here, at its place."""
        for machine in self.machines:
            if machine.told_by != self.falls:
                continue  # it was told by a registry that lost some since: it will learn of it
            for epoch, upto in machine.covered.items():
                places = reader.places(machine.office, epoch, 1, upto)
                own = machine.chain[epoch][:upto]
                elsewhere = [one for at, one in enumerate(own, 1) if places.get(at) != one]
                # Beside its place it stands only where a copy of a disk wrote it.
                assert machine.office in self.twins or not elsewhere, (
                    f"acknowledged to {machine.name}, and another at the registry"
                )
                assert reader.forked(elsewhere) == set(elsewhere), (
                    f"acknowledged to {machine.name}, and not at the registry"
                )
        self.checks["acknowledged is held"] += 1

    def fell_back(self, machine: Machine, chain: dict[bytes, list[EntryHash]]) -> None:
        """An older state of the office was put in its place."""
        if machine is self.registry:
            kept = {one for known in chain.values() for one in known}
            self.lost |= {one for known in machine.chain.values() for one in known} - kept
            self.falls += 1
            self._arrived = 0
        machine.forget(chain)

    # now and then -------------------------------------------------------------------------------

    def sound(self, machine: Machine) -> None:
        """The office's own check finds nothing: cipher, chains, signatures, views, photos."""
        with machine.opened("administrator") as session:
            problems = care.check(session).problems
        assert problems == (), (machine.name, problems)
        self.checks["office sound"] += 1

    def no_canary_in_text(self, text: str) -> None:
        """Nobody's name stands in what a program says."""
        assert not any(one in text for one in TEXTS), "a name stands in a sentence or a log"

    def no_canary_in(self, folder: Path) -> None:
        """Nor in any file, nor in the name of one."""
        for path in sorted(folder.rglob("*")):
            self.no_canary_in_text(path.name)
            if path.is_file():
                data = path.read_bytes()
                found = [one for one in SPELLINGS if one in data]
                assert not found, f"a name lies in {path.name}"
        self.checks["nothing in the clear"] += 1

    # at the end ---------------------------------------------------------------------------------

    def all_delivered(self) -> bool:
        """Whether all that any machine recorded is at the registry, or lies aside there."""
        with (
            self.registry.opened("registrar", read_only=True) as session,
            session.store.read() as reader,
        ):
            return all(not self._missing(machine, reader) for machine in self.machines)

    def _missing(self, machine: Machine, centre: Reader) -> list[EntryHash]:
        missing = []
        for epoch, known in machine.chain.items():
            there = centre.places(machine.office, epoch, 1, len(known))
            rest = [one for place, one in enumerate(known, 1) if there.get(place) != one]
            missing += [one for one in rest if centre.standing(one) is None]
        return missing

    def all_hold(self) -> None:
        """Everything that has to be true once all is delivered."""
        for machine in (self.registry, *self.machines):
            self.sound(machine)
        with self.registry.opened("registrar") as session, session.store.read() as centre:
            self._once(centre)
            aside = self._aside_rightly(centre)
            views = {kind: {view.id: view for view in centre.views(kind)} for kind in VIEWS}
            for machine in self.machines:
                assert machine.told_by == self.falls, f"{machine.name} heard nothing new"
                assert not self._missing(machine, centre), (
                    f"{machine.name} recorded what never came"
                )
                with machine.opened("supervisor") as at, at.store.read() as reader:
                    self._agrees(machine, reader, centre, aside, views)
        self.checks["all views agree"] += 1

    def _once(self, centre: Reader) -> None:
        """Every entry once, by its id and by its place, and none of them waits."""
        ids: Counter[object] = Counter()
        for _, entry, standing in centre.arrivals():
            if entry.header.office != self.registry.office:
                self._is_said(entry)
            ids[entry.header.entry_id] += 1
            if standing.state == "held":
                assert self._lost_for_good(entry, centre), "something waits although all was sent"
        assert max(ids.values()) == 1, "one entry twice"
        self.checks["every entry once"] += 1

    def _lost_for_good(self, entry: Entry, centre: Reader) -> bool:
        """Whether what comes before an entry is on no machine any more: a disk was replaced by an
        older one, and the registry too."""
        header = entry.header
        head = centre.head(header.office, header.epoch)
        reached = head.sequence if head else 0
        return not any(
            machine.office == header.office and len(machine.chain.get(header.epoch, ())) > reached
            for machine in self.machines
        )

    def _aside_rightly(self, centre: Reader) -> set[EntryHash]:
        """What is put aside comes from copied disks, or was built on what the registry lost; and
        each was told.

        A branch of a copied disk is one whole: of what was said on it, that too lies beside its
        place which was built on what the registry lost. An entry comes without its body only where
        the registry lost the word by which it was erased: nobody else can tell that it was.
        """
        told = {
            hash_
            for subject in ("bundle", "office")
            for entry in centre.entries_of_kind(kinds.ENTRIES_QUARANTINED, subject)
            for hash_ in (entry.body or {}).get("entries", ())
        }
        aside: set[EntryHash] = set()
        rows: list[tuple[Entry, str]] = [(entry, why or "") for entry, why in centre.forks()]
        for entry in centre.entries_in("quarantined"):
            standing = centre.standing(entry.hash)
            rows.append((entry, (standing.reason if standing else "") or ""))
        forked = {entry.header.office for entry, reason in rows if reason in OF_TWINS}
        for entry, reason in rows:
            assert entry.hash in told, "put aside and never told"
            aside.add(entry.hash)
            office = entry.header.office
            if reason in OF_TWINS:
                rightly = office in self.twins
            elif reason == BODY_MISSING:
                rightly = entry.hash in self._erased_by_lost()
            else:
                rightly = reason in BEREFT and (
                    office in forked or self.rests_on_lost(entry, centre)
                )
            assert rightly, f"{entry.header.kind} put aside: {reason}"
        self.checks["aside rightly, and told"] += 1
        return aside

    def rests_on_lost(self, entry: Entry, centre: Reader) -> bool:
        """Whether an act was built on what the registry had said and knows no more, or on what it
        had erased by such a word, or is that itself."""
        ahead = [entry.hash, *entry.header.base]
        for part in centre.group(entry.header.group.id):
            ahead += [part.hash, *part.header.base]
        gone = self.lost | self._erased_by_lost()
        passed: set[EntryHash] = set()
        while ahead:
            wanted = ahead.pop()
            if wanted in gone:
                return True
            known = None if wanted in passed else centre.entry(wanted)
            passed.add(wanted)
            ahead += known.header.base if known is not None else ()
        return False

    def _erased_by_lost(self) -> set[EntryHash]:
        """What the registry had erased by a word that it knows no more."""
        words = (Entry(*self.said[one]) for one in self.lost if one in self.said)
        return {
            EntryHash(hash_)
            for word in words
            if word.header.kind == kinds.ENTRY_ERASED
            for hash_ in (word.body or {}).get("entries", ())
        }

    def nothing_aside(self) -> None:
        """What copied disks wrote was released: it counts, and what waited for it came free."""
        for machine in (self.registry, *self.machines):
            self.sound(machine)
        with self.registry.opened("registrar") as session, session.store.read() as centre:
            aside = {
                (one.header.kind, standing.reason)
                for one in centre.entries_in("quarantined")
                if (standing := centre.standing(one.hash)) is not None
            }
            assert aside == set(), f"put aside although the copies' entries were released: {aside}"
            for machine in self.machines:
                standing = centre.standings(machine.chain_hashes())
                assert all(one.state == "admitted" for one in standing.values())
        self.checks["released, and nothing aside"] += 1

    def _agrees(
        self,
        machine: Machine,
        reader: Reader,
        centre: Reader,
        aside: set[EntryHash],
        views: dict[str, dict[Any, Any]],
    ) -> None:
        """The same records look the same in both offices, wherever both know the same."""
        own = {hash_ for known in machine.chain.values() for hash_ in known}
        for kind in VIEWS:
            for view in reader.views(kind):
                here = {one.hash: one for one in reader.entries_of(kind, view.id)}
                there = {one.hash: one for one in centre.entries_of(kind, view.id)}
                only_here = set(here) - set(there)
                assert only_here <= aside | self.lost, f"the registry lacks part of a {kind}"
                # What was erased before it was told says nothing any more.
                unknown = [
                    there[one]
                    for one in set(there) - set(here)
                    if there[one].body_bytes is not None
                ]
                made = {one.hash for one in here.values() if authority.is_founding(one.header)}
                if made and made <= own and not only_here:
                    # Its own record: the registry has told all that it decided about it.
                    assert all(one.header.office != self.registry.office for one in unknown), (
                        f"a decision about a {kind} was never told"
                    )
                    assert all(
                        one.header.office != machine.office or one.hash not in own
                        for one in unknown
                    )
                whole = all(one.body_bytes is not None for one in here.values())
                if set(here) == set(there) and whole:
                    whole = all(one.body_bytes is not None for one in there.values())
                    if whole:
                        assert views[kind].get(view.id) == view, f"a {kind} looks different"
                        self.checks["views compared"] += 1


def _same(one: Wire, other: Wire) -> bool:
    """Byte for byte, apart from bodies that were pruned or erased."""
    return one[:2] == other[:2] and (None in (one[2], other[2]) or one[2] == other[2])
