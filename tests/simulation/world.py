"""The simulated world: machines, sticks on their way, notices, backups; and what befalls them."""

from __future__ import annotations

import logging
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from ledger import kinds
from ledger.entry import Subject
from registry import admit, decide, notices, owing
from registry.stations import stations
from station import export, receive
from station.setup import NOTICE_NUMBER
from sync.errors import SyncError
from tests.places import START
from tests.simulation import acts, kills
from tests.simulation.chance import Time, chances
from tests.simulation.laws import Laws
from tests.simulation.offices import CANARY, REGISTRY, Machine, clone, copy_all
from values.identifiers import EntryHash, OfficeId
from workspace import care
from workspace.errors import RefusedError

MOST_MACHINES = 5
MOST_FALLS = 2
BATCH = 7
"""Entries in one commit of an import: so few that a bundle takes several."""

NOTHING = RefusedError("nothing", "There is nothing to do this with.")


@dataclass(frozen=True)
class Kept:
    """A backup or a copied disk, with what was recorded on it."""

    path: Path
    machine: str
    how: str
    chain: dict[bytes, list[EntryHash]]
    told_by: int


@dataclass
class Tally:
    """What happened, over all worlds of a run."""

    steps: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    worlds: int = 0
    trace: str = ""
    """A hash over what was done and what came of it: equal runs have equal ones."""

    def note(self, step: str, outcome: str) -> None:
        """Another step, done or refused."""
        self.steps[step] += 1
        if outcome:
            self.refused[f"{step}: {outcome}"] += 1
        self.trace = sha256(f"{self.trace}/{step}/{outcome}".encode()).hexdigest()


class _Log(logging.Handler):
    """Keeps what programs log, to be searched."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


class World:
    """One registry, three stations, and whatever becomes of them."""

    def __init__(self, founded: Path, root: Path, seed: str, tally: Tally) -> None:
        self.root = root
        self.seed = seed
        self.tally = tally
        self.time = Time(START + timedelta(days=1))
        found = copy_all(founded, root, self.time, seed)
        self.registry = found.pop(REGISTRY)
        self.machines = list(found.values())
        self.laws = Laws(self.registry, self.machines, tally.checks)
        for machine in (self.registry, *self.machines):
            machine.watch = self.laws.watch
        self.kept: list[Kept] = []
        self.made = 0
        self.log = _Log()
        logging.getLogger().addHandler(self.log)
        tally.worlds += 1
        tally.trace = sha256(f"{tally.trace}/{seed}".encode()).hexdigest()

    def close(self) -> None:
        """The world is over."""
        logging.getLogger().removeHandler(self.log)
        shutil.rmtree(self.root)

    # steps -----------------------------------------------------------------------------------

    def step(self, name: str, roll: int, work: Callable[[random.Random], object]) -> None:
        """Do something, or be refused; then the cheap laws hold."""
        self.made += 1
        dice = chances(f"{self.seed}/{name}/{roll}/{self.made}")
        outcome = ""
        try:
            work(dice)
        except (RefusedError, SyncError) as refused:
            outcome = str(getattr(refused, "code", type(refused).__name__))
            self.laws.no_canary_in_text(str(refused))
        for line in self.log.lines:
            self.laws.no_canary_in_text(line)
        self.log.lines.clear()
        self.tally.note(name, outcome)
        self.time.passes(timedelta(minutes=dice.randrange(600)))

    def fault(self, name: str) -> None:
        """Something was broken on purpose."""
        self.tally.faults[name] += 1

    def machine(self, at: int) -> Machine:
        """One of the stations' machines."""
        return self.machines[at % len(self.machines)]

    # bundles and notices -----------------------------------------------------------------------

    def post(self, office: OfficeId) -> Path:
        """Where notices for a station lie, by the registry that wrote them."""
        path = self.root / "post" / office.hex / f"{self.laws.falls}"
        path.mkdir(parents=True, exist_ok=True)
        return path

    def bundles(self) -> list[Path]:
        """Bundles that are on their way, whole or not."""
        return sorted(path for one in self.machines for path in one.stick.iterdir())

    def notices(self, office: OfficeId) -> list[Path]:
        """Notices that are on their way to a station."""
        return sorted((self.root / "post" / office.hex).glob("*/*"))

    def export(self, at: Machine, dice: random.Random) -> Path:
        """A bundle onto the machine's stick."""
        with at.opened("supervisor") as session:
            return export.export(session, at.stick).bundle

    def deliver(self, bundle: Path, dice: random.Random) -> admit.Imported:
        """The registry imports a bundle and answers, now and then without a notice."""
        answered = dice.random() < 0.9
        return self._import(bundle, answered=answered, failpoint=lambda name: None)

    def _import(
        self, bundle: Path, *, answered: bool, failpoint: Callable[[str], None]
    ) -> admit.Imported:
        office = self._sender(bundle)
        with self.registry.opened("registrar") as session:
            done = admit.import_bundle(
                session, bundle, notice_parent=self.post(office) if answered else None,
                batch=BATCH, checkers=1, failpoint=failpoint,
            )  # fmt: skip
            owing.propose(session, failpoint=failpoint)
            return done

    def _sender(self, bundle: Path) -> OfficeId:
        return next(one.office for one in self.machines if bundle.parent == one.stick)

    def receive(self, at: Machine, notice: Path) -> None:
        """A station takes a notice."""
        with at.opened("supervisor") as session:
            with session.store.read() as reader:
                before = reader.settings("notice/")
            receive.receive(session, notice)
            with session.store.read() as reader:
                if reader.settings("notice/") != before:
                    # A late one of the registry as it was before says nothing of what it has.
                    at.told_by = max(at.told_by, int(notice.parent.name))

    def round_trip(self, at: Machine, dice: random.Random) -> None:
        """Export, carry, import, carry back, receive: as it goes when all goes well."""
        bundle = self.export(at, dice)
        notice = self._import(bundle, answered=True, failpoint=lambda name: None).notice
        assert notice is not None
        try:
            self.receive(at, notice)
        except RefusedError:
            self.fetch(at)  # it has not got one before this
        shutil.rmtree(bundle)

    def fetch(self, at: Machine) -> None:
        """Every notice that a machine has not got, written anew and taken in order: numbers of a
        registry that fell back repeat, so one that is missed may lie further back."""
        with at.opened("supervisor", read_only=True) as session, session.store.read() as reader:
            last = int(reader.setting(NOTICE_NUMBER) or b"0")
        while not self._fetch(at, last):
            last = max(0, last // 2)

    def _fetch(self, at: Machine, last: int) -> bool:
        """The notices after a number; False when one is missing before them."""
        office = at.office
        with self.registry.opened("registrar") as session:
            with session.store.read() as reader:
                station = next(one for one in stations(reader) if one.id == office)
                newest = reader.last_notice(office)
            parent = self.post(office)
            missing = [
                notices.again(session, station=station.code, number=number, parent=parent)
                for number in range(last + 1, newest + 1)
            ]
            # Whatever happened meanwhile; the last one again when nothing did.
            missing.append(notices.answer(session, station, parent))
        try:
            for notice in missing:
                self.receive(at, notice)
        except RefusedError as refused:
            if refused.code != receive.GAP or last == 0:
                raise
            return False
        finally:
            for notice in missing:
                shutil.rmtree(notice)
        return True

    def write_notice(self, office: OfficeId) -> Path:
        """The registry writes what a station is to be told, or the last notice again."""
        with self.registry.opened("registrar") as session:
            with session.store.read() as reader:
                station = next(one for one in stations(reader) if one.id == office)
            return notices.answer(session, station, self.post(office))

    # damage ------------------------------------------------------------------------------------

    def damage(self, parcel: Path, dice: random.Random) -> Path:
        """A copy of a bundle or notice with something wrong; now and then the only copy."""
        copy = self.root / "damaged"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(parcel, copy)
        if dice.random() < 0.3:
            shutil.rmtree(parcel)
        files = sorted(path for path in copy.iterdir() if path.suffix in {".age", ".sig"})
        file = dice.choice(files)
        data = bytearray(file.read_bytes())
        match dice.choice(("flip", "truncate", "remove", "lengthen", "swap", "blank")):
            case "flip":
                self.fault("a bit flipped")
                data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            case "truncate":
                self.fault("a file cut short")
                del data[dice.randrange(len(data)) :]
            case "lengthen":
                self.fault("a file made longer")
                data += b"\0" * dice.randint(1, 600)
            case "swap" if len(files) > 1:
                self.fault("two files exchanged")
                other = dice.choice([path for path in files if path != file])
                before = other.read_bytes()
                other.write_bytes(data)
                data = bytearray(before)
            case "blank":
                self.fault("a sector lost")
                at = dice.randrange(len(data))
                lost = data[at : at + 512]
                # A signature often ends in a zero: to blank that one would lose nothing.
                data[at : at + 512] = (b"\0" if any(lost) else b"\xff") * len(lost)
            case _:
                self.fault("a file missing")
                file.unlink()
                return copy
        file.write_bytes(data)
        return copy

    def import_damaged(self, bundle: Path, dice: random.Random) -> None:
        """A damaged bundle is refused whole, and changes nothing."""
        office = self._sender(bundle)
        whole = (bundle / "manifest.sig").exists()
        copy = self.damage(bundle, dice)
        with self.registry.opened("registrar") as session:
            with session.store.read() as reader:
                before = reader.last_arrival(), reader.last_notice(office)
            try:
                admit.import_bundle(session, copy, notice_parent=self.post(office), checkers=1)
            except RefusedError:
                with session.store.read() as reader:
                    after = reader.last_arrival(), reader.last_notice(office)
                assert after == before, "a bundle that was refused left something behind"
                self.tally.checks["damaged bundle refused"] += 1
                return
        raise AssertionError(f"a damaged bundle was taken (whole before: {whole})")

    def receive_damaged(self, at: Machine, notice: Path, dice: random.Random) -> None:
        """A damaged notice is refused whole."""
        copy = self.damage(notice, dice)
        with at.opened("supervisor") as session:
            with session.store.read() as reader:
                before = reader.last_arrival(), reader.settings("covered/")
            try:
                receive.receive(session, copy)
            except RefusedError:
                with session.store.read() as reader:
                    after = reader.last_arrival(), reader.settings("covered/")
                assert after == before, "a notice that was refused left something behind"
                self.tally.checks["damaged notice refused"] += 1
                return
        raise AssertionError("a damaged notice was taken")

    # kills -------------------------------------------------------------------------------------

    def kill(self, at: Machine, work: Callable[[], object], point: str, turn: int) -> None:
        """Somebody's program dies; whoever opens the office next finds it sound."""
        self._dying(at, kills.dies(work, point, turn), f"killed: {point}")

    def kill_importing(self, bundle: Path, point: str, turn: int) -> None:
        """The registry's program dies in an import; the next one goes on."""
        died = kills.dies_importing(
            lambda failpoint: self._import(bundle, answered=True, failpoint=failpoint), point, turn
        )
        self._dying(self.registry, died, f"killed importing: {point}")

    def _dying(self, at: Machine, died: bool, what: str) -> None:
        # Whatever the child drew, nobody draws again.
        at.stream.turn("after the child")
        self.time.passes(timedelta(hours=1))
        if died:
            self.fault(what)
        self.look(at)

    def look(self, at: Machine) -> None:
        """Open the office once, which looks at it."""
        with at.opened("registrar" if at is self.registry else "supervisor"):
            pass

    # backups, copies, clocks ---------------------------------------------------------------------

    def back_up(self, at: Machine, dice: random.Random) -> None:
        """Keep the office as it is now: its backup, its folder, or the whole disk."""
        how = dice.choice(("backup", "folder", "disk"))
        self.look(at)
        path = self.root / "kept" / f"{self.made}-{how}"
        path.parent.mkdir(exist_ok=True)
        match how:
            case "backup":
                with at.opened("administrator") as session:
                    care.backup(session, path)
            case "folder":
                shutil.copytree(at.folder, path)
            case _:
                shutil.copytree(at.folder.parent, path)
        chain = {epoch: list(kept) for epoch, kept in at.chain.items()}
        self.kept.append(Kept(path, at.name, how, chain, at.told_by))

    def fall_back(self, at: Machine, dice: random.Random) -> None:
        """The disk broke; what was kept is put in its place."""
        found = [one for one in self.kept if one.machine == at.name]
        if at is self.registry:
            # A registry whose disk image comes back silently forks its own chain: see the guide.
            found = [one for one in found if one.how != "disk"]
            if self.laws.falls >= MOST_FALLS:
                raise NOTHING
        if not found:
            raise NOTHING
        kept = dice.choice(found)
        if kept.how == "disk":
            shutil.rmtree(at.folder.parent)
            shutil.copytree(kept.path, at.folder.parent)
            if any(kept.chain.get(epoch, []) != chain for epoch, chain in at.chain.items()):
                self.laws.twins.add(at.office)
        else:
            shutil.rmtree(at.folder)
            if kept.how == "folder":
                shutil.copytree(kept.path, at.folder)
            else:
                care.restore(kept.path, at.folder, env=at.env)
        at.stream.turn(f"fell back {self.made}")
        self.fault(f"{'registry' if at is self.registry else 'station'} restored: {kept.how}")
        self.laws.fell_back(at, kept.chain)
        at.told_by = kept.told_by
        self.look(at)

    def copy_disk(self, at: Machine, dice: random.Random) -> None:
        """A laptop twice, or an office in two folders: both go on."""
        if len(self.machines) >= MOST_MACHINES:
            raise NOTHING
        self.look(at)
        whole = dice.random() < 0.6
        made = clone(at, self.root, f"{at.name}{self.made}", whole=whole)
        shutil.rmtree(made.stick)
        self.machines.append(made)
        if whole:
            self.laws.twins.add(at.office)
        self.fault("disk cloned" if whole else "office copied to another folder")
        self.look(made)

    def wrong_clock(self, at: Machine, dice: random.Random) -> None:
        """A clock that is off, or right again."""
        years = timedelta(days=3652)
        at.clock.wrong_by = dice.choice(
            (years, -years, timedelta(days=90), -timedelta(hours=5), timedelta(0), timedelta(0))
        )
        self.fault("clock set")

    # people who move ---------------------------------------------------------------------------

    def elsewhere(self, at: Machine, dice: random.Random) -> None:
        """A person of another station comes by with a paper; what has changed is said here."""
        other = dice.choice([one for one in self.machines if one.office != at.office])
        with other.opened("first officer", read_only=True) as session:
            people = acts.persons(session)
        if not people:
            raise NOTHING
        someone = dice.choice(people)
        changes = {"notes": f"{CANARY} moved {dice.random()}"}
        if dice.random() < 0.5:
            changes = {"phone": f"+9995503{dice.randrange(10**5):05d}"}
        with at.opened("first officer") as session, session.act() as act:
            act.say(
                kinds.PERSON_AMENDED, Subject("person", someone.id),
                {"changes": changes, "reason": acts.REASON}, form="person",
                base=someone.heads[: dice.randint(1, len(someone.heads))],
            )  # fmt: skip

    # the end -----------------------------------------------------------------------------------

    def settle(self) -> None:
        """Everybody goes on sending until all is acknowledged; then all laws hold."""
        for machine in (self.registry, *self.machines):
            machine.clock.wrong_by = timedelta(0)
        dice = chances(f"{self.seed}/settle")
        for _ in range(8):
            for machine in self.machines:
                self.round_trip(machine, dice)
            for machine in self.machines:
                # What was decided since for another machine of the station, too. One that learns by
                # it of a copy begins an epoch, and says so.
                self.fetch(machine)
            if self.laws.all_delivered():
                break
        self.laws.all_hold()
        self.laws.no_canary_in(self.root)
        self._release()

    def _release(self) -> None:
        """A registrar admits what copied disks wrote, and what waits for words that the registry
        lost: nothing is lost by either."""
        with self.registry.opened("registrar") as session:
            with session.store.read() as reader:
                branches = [entry.hash for entry, _ in reader.forks()]
                branches += [
                    one.hash
                    for one in reader.entries_in("quarantined")
                    if one.hash not in branches and self.laws.rests_on_lost(one, reader)
                ]
            if not branches:
                return
            decide.release(session, branches, reason=acts.REASON)
        for machine in self.machines:
            self.round_trip(machine, chances(f"{self.seed}/released"))
        for machine in self.machines:
            self.fetch(machine)
        self.laws.nothing_aside()
