"""A short simulation in every run; `make soak` plays it for ten thousand steps."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.chance import Stream, chances, only_the_seed
from tests.simulation.laws import SPELLINGS, Laws
from tests.simulation.machine import Simulation
from tests.simulation.offices import CANARY, Machine, found, warm_engines
from tests.simulation.world import Tally, World


@pytest.fixture(scope="session")
def founded(shared: Callable[[str, Callable[[Path], Any]], tuple[Path, Any]]) -> Path:
    """A registry and three stations, founded once in a run."""
    folder, _ = shared("simulated", lambda folder: found(folder))
    return folder


def test_whatever_happens_nothing_is_lost_and_nothing_is_there_twice(
    founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = Tally()
    monkeypatch.setattr(Simulation, "founded", founded, raising=False)
    monkeypatch.setattr(Simulation, "place", tmp_path)
    monkeypatch.setattr(Simulation, "tally", tally)
    with warm_engines(), only_the_seed():
        run_state_machine_as_test(
            Simulation,
            settings=settings(
                max_examples=3,
                stateful_step_count=60,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert sum(tally.steps.values()) >= 180
    assert tally.checks["all views agree"] == tally.worlds >= 3
    assert sum(tally.faults.values()) > 20


def test_the_same_seed_plays_the_same(founded: Path, tmp_path: Path) -> None:
    """Without this a seed in a report would be worth nothing."""
    traces = []
    for _ in range(2):
        tally = Tally()
        Simulation.founded, Simulation.place, Simulation.tally = founded, tmp_path, tally
        played = Simulation()
        with warm_engines():
            played.begin(seed=7)
            for roll in range(4):
                played.more_work(act="correct", at=roll, roll=roll)
                played.killed_exporting(at=roll, point="file not named", turn=2, roll=roll)
                played.deliver(which=roll, roll=roll)
            heads = [sorted(one.chain) for one in played.w.machines]
            played.teardown()
        traces.append((tally.trace, heads))
    assert traces[0] == traces[1]


def test_a_round_follows_from_its_seed_whatever_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round that failed after nine others was another one when it was played alone."""
    monkeypatch.syspath_prepend(tmp_path)

    def drawn() -> list[list[int]]:
        made = []

        @seed(1)
        @settings(max_examples=60, database=None, phases=[Phase.generate])
        @given(st.lists(st.integers(0, 2**16), min_size=20, max_size=20))
        def draw(numbers: list[int]) -> None:
            made.append(numbers)

        draw()
        return made

    with only_the_seed():
        alone = drawn()
        (tmp_path / "loaded_meanwhile.py").write_text(f"PLACES = {list(range(30_000, 31_000))}\n")
        import_module("loaded_meanwhile")
        assert drawn() == alone


def test_the_canary_would_be_found(founded: Path, tmp_path: Path) -> None:
    laws = Laws(*_nobody(founded, tmp_path))
    laws.no_canary_in(tmp_path)
    for number, spelling in enumerate(SPELLINGS):
        leak = tmp_path / f"leak-{number}"
        leak.write_bytes(b"saved " + spelling + b" Bede")
        with pytest.raises(AssertionError):
            laws.no_canary_in(tmp_path)
        leak.unlink()
    (tmp_path / f"{CANARY.lower()}.txt").touch()
    with pytest.raises(AssertionError):
        laws.no_canary_in(tmp_path)


def _nobody(founded: Path, place: Path) -> tuple[Machine, list[Machine], Any]:
    world = World(founded, place / "w", "nobody", Tally())
    made = world.registry, world.machines, Tally().checks
    world.close()
    return made


def test_chance_follows_from_its_seed() -> None:
    one, other = Stream("a"), Stream("a")
    assert [one(7), one(100)] == [other(7), other(100)]
    other.turn("elsewhere")
    assert one(16) != other(16)


def test_what_is_damaged_on_purpose_is_another(founded: Path, tmp_path: Path) -> None:
    """A lost sector that held only zeros, as the last byte of a signature often does, was none."""
    world = World(founded, tmp_path / "w", "damage", Tally())
    parcel = tmp_path / "parcel"
    for number in range(60):
        parcel.mkdir(exist_ok=True)
        (parcel / "00000.age").write_bytes(bytes(300))
        (parcel / "manifest.sig").write_bytes(b"x" * 300)
        before = {path.name: path.read_bytes() for path in parcel.iterdir()}
        copy = world.damage(parcel, chances(f"{number}"))
        assert {path.name: path.read_bytes() for path in copy.iterdir()} != before
    world.close()
