"""Hypothesis chooses what happens next: rules over a simulated world."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import ClassVar

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.simulation import acts, kills
from tests.simulation.offices import Machine
from tests.simulation.world import NOTHING, Tally, World

AT = st.integers(0, 59)
"""Which machine, or which parcel, by remainder."""
ROLL = st.integers(0, 2**16)
"""What dice show that are thrown for one step."""
TURN = st.integers(1, 6)
"""At which time that a program comes by a point."""

OFTEN = ("at_once", "correct", "decide_proposals", "happen", "look_at", "look_at", "move_home")
WORK = st.sampled_from(sorted((*acts.STATION, *OFTEN)))
CENTRAL = st.sampled_from(sorted(acts.CENTRE))
POINT = st.sampled_from(sorted(kills.POINTS))
IMPORT_POINT = st.sampled_from(kills.IMPORT_POINTS)
LOOK_EVERY = 40
"""Steps between two searches of all files and a check of an office."""


class Simulation(RuleBasedStateMachine):
    """People at work at several stations, and everything that can go wrong between them."""

    founded: ClassVar[Path]
    place: ClassVar[Path | None] = None
    tally: ClassVar[Tally] = Tally()

    def __init__(self) -> None:
        super().__init__()
        self.world: World | None = None

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        """A world of its own for each run; the dullest of all is left out."""
        if seed == 0:
            reject()
        root = Path(tempfile.mkdtemp(prefix="world-", dir=self.place)) / "w"
        self.world = World(self.founded, root, str(seed), self.tally)
        for at in range(len(self.w.machines)):
            for more in range(3):
                self._at("take_in", at, more, acts.take_in)
            self._at("look_at", at, 0, acts.look_at)
            self._at("round trip", at, 0, self.w.round_trip)

    def teardown(self) -> None:
        """All is delivered at last, and every law holds."""
        if self.world is None:
            return
        try:
            self.world.settle()
        finally:
            self.world.close()
            shutil.rmtree(self.world.root.parent, ignore_errors=True)

    @property
    def w(self) -> World:
        """The world, which has begun."""
        assert self.world is not None
        return self.world

    def _at(self, name: str, at: int, roll: int, act: acts.Act) -> None:
        self._step(name, roll, lambda dice: act(self.w.machine(at), dice))

    def _step(self, name: str, roll: int, work: Callable[[Random], object]) -> None:
        self.w.step(name, roll, work)
        if self.w.made % LOOK_EVERY == 0:
            every = [self.w.registry, *self.w.machines]
            self.w.laws.sound(every[(self.w.made // LOOK_EVERY) % len(every)])
            self.w.laws.no_canary_in(self.w.root)

    def _bundle(self, which: int, dice: Random, *, whole: bool = False) -> Path:
        """One that is on its way; a new one when there is none."""
        found = self.w.bundles()
        if whole:
            found = [one for one in found if (one / "manifest.sig").exists()]
        if not found:
            return self.w.export(self.w.machine(which), dice)
        return found[which % len(found)]

    def _notice(self, machine: Machine, which: int, *, whole: bool = False) -> Path:
        """One that is on its way to a station; the latest is written anew when there is none."""
        found = self.w.notices(machine.office)
        if whole:
            found = [one for one in found if (one / "manifest.sig").exists()]
        return found[which % len(found)] if found else self.w.write_notice(machine.office)

    # people at work ------------------------------------------------------------------------------

    @rule(at=AT, roll=ROLL)
    def family(self, at: int, roll: int) -> None:
        self._at("take_in", at, roll, acts.take_in)

    @rule(act=WORK, at=AT, roll=ROLL)
    def work(self, act: str, at: int, roll: int) -> None:
        self._at(act, at, roll, acts.STATION[act])

    @rule(act=WORK, at=AT, roll=ROLL)
    def more_work(self, act: str, at: int, roll: int) -> None:
        self._at(act, at, roll, acts.STATION[act])

    @rule(act=CENTRAL, roll=ROLL)
    def centre(self, act: str, roll: int) -> None:
        act_of = acts.CENTRE[act]
        self._step(f"central {act}", roll, lambda dice: act_of(self.w.registry, dice))

    @rule(at=AT, roll=ROLL)
    def elsewhere(self, at: int, roll: int) -> None:
        self._at("elsewhere", at, roll, self.w.elsewhere)

    # bundles and notices -------------------------------------------------------------------------

    @rule(at=AT, roll=ROLL)
    def export(self, at: int, roll: int) -> None:
        self._at("export", at, roll, self.w.export)

    @rule(at=AT, roll=ROLL)
    def export_pulled_out(self, at: int, roll: int) -> None:
        """The stick is pulled out while it is written; the next export goes on, or begins anew."""

        def pulled(machine: Machine, dice: Random) -> None:
            self.w.fault("stick pulled out")
            with kills.pulled_out(dice.randint(1, 6)):
                self.w.export(machine, dice)

        self._at("export, stick pulled out", at, roll, pulled)

    @rule(which=AT, roll=ROLL)
    def deliver(self, which: int, roll: int) -> None:
        """Any bundle, in any order, and again later: it stays on the stick."""
        self._step("import", roll, lambda dice: self.w.deliver(self._bundle(which, dice), dice))

    @rule(at=AT, which=AT, roll=ROLL)
    def receive(self, at: int, which: int, roll: int) -> None:
        """Any notice for the station, in any order, and again later."""

        def receive(machine: Machine, dice: Random) -> None:
            self.w.receive(machine, self._notice(machine, which))

        self._at("receive", at, roll, receive)

    @rule(at=AT, roll=ROLL)
    def round_trip(self, at: int, roll: int) -> None:
        self._at("round trip", at, roll, self.w.round_trip)

    @rule(at=AT, roll=ROLL)
    def fetch(self, at: int, roll: int) -> None:
        """Notices that were lost are written again and taken."""
        self._at("notices again", at, roll, lambda machine, dice: self.w.fetch(machine))

    @rule(at=AT, which=AT, roll=ROLL)
    def lose(self, at: int, which: int, roll: int) -> None:
        """A stick is lost: a bundle or a notice."""

        def lose(machine: Machine, dice: Random) -> None:
            found = [*self.w.bundles(), *self.w.notices(machine.office)]
            if not found:
                raise NOTHING
            shutil.rmtree(found[which % len(found)])
            self.w.fault("bundle or notice lost")

        self._at("lose", at, roll, lose)

    @rule(which=AT, roll=ROLL)
    def damaged_bundle(self, which: int, roll: int) -> None:
        def import_it(dice: Random) -> None:
            self.w.import_damaged(self._bundle(which, dice, whole=True), dice)

        self._step("import, damaged", roll, import_it)

    @rule(at=AT, which=AT, roll=ROLL)
    def damaged_notice(self, at: int, which: int, roll: int) -> None:
        def receive(machine: Machine, dice: Random) -> None:
            self.w.receive_damaged(machine, self._notice(machine, which, whole=True), dice)

        self._at("receive, damaged", at, roll, receive)

    # kills ---------------------------------------------------------------------------------------

    @rule(act=WORK, at=AT, point=POINT, turn=TURN, roll=ROLL)
    def killed_at_work(self, act: str, at: int, point: str, turn: int, roll: int) -> None:
        def work(machine: Machine, dice: Random) -> None:
            self.w.kill(machine, lambda: acts.STATION[act](machine, dice), point, turn)

        self._at("killed at work", at, roll, work)

    @rule(at=AT, point=POINT, turn=TURN, roll=ROLL)
    def killed_exporting(self, at: int, point: str, turn: int, roll: int) -> None:
        def export(machine: Machine, dice: Random) -> None:
            self.w.kill(machine, lambda: self.w.export(machine, dice), point, turn)

        self._at("killed exporting", at, roll, export)

    @rule(at=AT, which=AT, point=POINT, turn=TURN, roll=ROLL)
    def killed_receiving(self, at: int, which: int, point: str, turn: int, roll: int) -> None:
        def receive(machine: Machine, dice: Random) -> None:
            notice = self._notice(machine, which)
            self.w.kill(machine, lambda: self.w.receive(machine, notice), point, turn)

        self._at("killed receiving", at, roll, receive)

    @rule(which=AT, point=IMPORT_POINT, turn=TURN, roll=ROLL)
    def killed_importing(self, which: int, point: str, turn: int, roll: int) -> None:
        def kill(dice: Random) -> None:
            self.w.kill_importing(self._bundle(which, dice), point, turn)

        self._step("killed importing", roll, kill)

    @rule(which=AT, point=POINT, turn=TURN, roll=ROLL)
    def killed_importing_anywhere(self, which: int, point: str, turn: int, roll: int) -> None:
        def kill(dice: Random) -> None:
            bundle = self._bundle(which, dice)
            self.w.kill(self.w.registry, lambda: self.w.deliver(bundle, dice), point, turn)

        self._step("killed importing", roll, kill)

    @rule(act=CENTRAL, point=POINT, turn=TURN, roll=ROLL)
    def killed_at_the_centre(self, act: str, point: str, turn: int, roll: int) -> None:
        def kill(dice: Random) -> None:
            centre = self.w.registry
            self.w.kill(centre, lambda: acts.CENTRE[act](centre, dice), point, turn)

        self._step("killed at the centre", roll, kill)

    # backups, copies, clocks ---------------------------------------------------------------------

    @rule(at=AT, roll=ROLL)
    def back_up(self, at: int, roll: int) -> None:
        self._at("back up", at, roll, self.w.back_up)

    @rule(at=AT, roll=ROLL)
    def fall_back(self, at: int, roll: int) -> None:
        self._at("fall back", at, roll, self.w.fall_back)

    @rule(back=st.booleans(), roll=ROLL)
    def registry_falls_back(self, back: bool, roll: int) -> None:
        work = self.w.fall_back if back else self.w.back_up
        name = "registry falls back" if back else "registry backs up"
        self._step(name, roll, lambda dice: work(self.w.registry, dice))

    @rule(at=AT, roll=ROLL)
    def copy_disk(self, at: int, roll: int) -> None:
        self._at("copy disk", at, roll, self.w.copy_disk)

    @rule(at=AT, roll=ROLL)
    def wrong_clock(self, at: int, roll: int) -> None:
        self._at("clock", at, roll, self.w.wrong_clock)
