"""The simulation for long: at least ten thousand steps, on two cores, from a fresh seed.

    python -m tests.simulation.soak [--seed SEED] [--steps N] [--parts N] [--out FILE]

The seed is printed first. `--seed SEED` plays the same again, all of it, and
`--seed SEED/PART/ROUND`, which a failure prints, only the round that failed.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.chance import only_the_seed
from tests.simulation.machine import Simulation
from tests.simulation.offices import found, warm_engines
from tests.simulation.world import Tally

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "soak.md"
STEPS = 10_000
PARTS = 2
"""Processes beside one another, each with rounds of its own: another number is another run."""
WORLDS = 3
"""Worlds in one round of Hypothesis."""
STEPS_OF_A_WORLD = 150
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
"""Flushing costs nothing there; a kill loses nothing either, for the system goes on."""


def main() -> int:
    """Play; write the page when all of it was played. The exit code is 1 when a law was broken."""
    asked = _arguments()
    if asked.part is not None:
        return _part(asked.seed, asked.part, asked.steps, asked.round, asked.out)
    chosen = asked.seed or secrets.token_hex(4)
    chosen, _, only = chosen.partition("/")
    print(f"seed {chosen}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        if only:
            part, _, number = only.partition("/")
            more = ["--round", number]
            return _start(chosen, int(part), asked.steps, Path(folder) / "told", more).wait()
        told = [Path(folder) / f"{part}.json" for part in range(asked.parts)]
        share = -(-asked.steps // asked.parts)
        children = [_start(chosen, part, share, path) for part, path in enumerate(told)]
        for child in children:
            child.wait()
        result = [json.loads(path.read_text("utf-8")) for path in told]
    minutes = (time.monotonic() - begun) / 60
    page = _page(chosen, result, minutes)
    (asked.out or PAGE).write_text(page, "utf-8")
    broken = _broken(result)
    steps = _total(result, "steps").total()
    print(f"{steps} steps in {minutes:.0f} minutes; laws broken: {', '.join(broken) or 'none'}")
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default=os.environ.get("SEED", ""))
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--parts", type=int, default=int(os.environ.get("PARTS") or PARTS))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--round", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _start(
    chosen: str, part: int, steps: int, out: Path, more: list[str] | None = None
) -> subprocess.Popen[bytes]:
    words = ["--seed", chosen, "--part", str(part), "--steps", str(steps), "--out", str(out)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.simulation.soak", *words, *(more or [])],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )


def _part(chosen: str, part: int, steps: int, only: int | None, out: Path) -> int:
    place = Path(tempfile.mkdtemp(prefix="soak-", dir=MEMORY if MEMORY.is_dir() else None))
    tally = Tally()
    broken = ""
    try:
        with warm_engines(), only_the_seed():
            found(place / "founded")
            Simulation.founded, Simulation.place = place / "founded", place
            Simulation.tally = tally
            number = only or 0
            while sum(tally.steps.values()) < steps:
                _round(chosen, part, number)
                done = sum(tally.steps.values())
                print(f"part {part}: round {number} done, {done} steps", flush=True)
                number += 1
                if only is not None:
                    break
    except Exception as error:
        broken = f"{str(error) or type(error).__name__} (`{chosen}/{part}/{number}`)"
        print(f"a law was broken; again: make soak SEED={chosen}/{part}/{number}", flush=True)
        traceback.print_exc()
    finally:
        shutil.rmtree(place, ignore_errors=True)
        kept = {
            name: dict(getattr(tally, name)) for name in ("steps", "refused", "faults", "checks")
        }
        more = {"worlds": tally.worlds, "trace": tally.trace, "broken": broken}
        out.write_text(json.dumps({**kept, **more}), "utf-8")
    return 1 if broken else 0


def _round(chosen: str, part: int, number: int) -> None:
    drawn = sha256(f"{chosen}/{part}/{number}".encode()).digest()
    run_state_machine_as_test(
        seed(int.from_bytes(drawn[:8], "big"))(Simulation),
        settings=settings(
            max_examples=WORLDS,
            stateful_step_count=STEPS_OF_A_WORLD,
            deadline=None,
            database=None,
            # What fails is played again by its seed; making it small is for whoever looks at it.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def _total(result: list[dict[str, Any]], name: str) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in result:
        total.update(one[name])
    return total


def _broken(result: list[dict[str, Any]]) -> list[str]:
    """Which laws were broken, each with the round to play again."""
    return [str(one["broken"]) for one in result if one["broken"]]


def _page(chosen: str, result: list[dict[str, Any]], minutes: float) -> str:
    steps, refused = _total(result, "steps"), _total(result, "refused")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    turned_down: Counter[str] = Counter()
    for name, count in refused.items():
        turned_down[name.rpartition(": ")[0]] += count
    rows = [
        f"| {name} | {count} | {count - turned_down[name]} |"
        for name, count in sorted(steps.items())
    ]
    worlds = sum(one["worlds"] for one in result)
    return _WORDS.format(
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        version=version,
        seed=chosen,
        steps=f"{steps.total():,}",
        worlds=worlds,
        parts=len(result),
        broken="; ".join(_broken(result)) or "none",
        minutes=f"{minutes:.0f}",
        trace=" ".join(one["trace"][:12] for one in result),
        faults="\n".join(_rows(_total(result, "faults"))),
        checks="\n".join(_rows(_total(result, "checks"))),
        rows="\n".join(rows),
    )


def _rows(counts: Counter[str]) -> list[str]:
    return [f"| {name} | {count:,} |" for name, count in sorted(counts.items())]


_WORDS = """# The soak

`make soak` plays simulated worlds (`tests/simulation/`): a registry, three stations and copies of
their disks, with everything that can go wrong between them. Hypothesis chooses what happens; clocks
and chance follow from a seed, so that a run can be repeated. `make test` plays some hundred steps.

Bundles and notices go on sticks here. The line to the service is not simulated: the first half of
`make soak` runs the laws of `tests/faults` and `tests/ledger` with ten times the examples, among
them syncs over a line that cuts, stalls and repeats (`tests/faults/test_sync_bad_line.py`).

| the last run | |
|---|---|
| date | {date} |
| version | {version} |
| seed | `{seed}` |
| steps | {steps} in {worlds} worlds |
| minutes, on two cores that had other work too | {minutes} |
| traces: equal runs have equal ones | `{trace}` |
| laws broken | {broken} |

`make soak SEED={seed} PARTS={parts}` plays it again, in as many processes. A run that fails says
which round to play again; alone it is played as it was among the others. The run writes this page.

## What must hold

After every step, at the office that somebody just used: what was recorded there is there, in one
unbroken chain, its acts whole; nothing stands at the registry that no station said, byte for byte;
and what a station was told is acknowledged stands at the registry, at its place. Now and then: the
office's own check finds nothing, and no name, reason or passphrase lies in any file or file name,
composed or not, in UTF-8 or UTF-16. When a world ends, every machine sends until nothing is left:
then every entry is at the registry exactly once, nothing waits, what is put aside comes from copied
disks (or was built on what a restored registry lost) and is told, and records look the same in both
offices wherever both know the same of them. At last a registrar admits all that: nothing is left.

| checked | times |
|---|---|
{checks}

## What went wrong on purpose

Kills are real: a child process does the work and sends itself SIGKILL at the named point.

| fault | times |
|---|---|
{faults}

## What was done

What was not done was refused by the program with a sentence, or there was nobody to do it with.

| step | tried | done |
|---|---|---|
{rows}
"""


if __name__ == "__main__":
    sys.exit(main())
