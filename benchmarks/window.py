"""The benchmarks of the window: its start, its memory, and the gaps in its event loop.

Each runs in a process of its own, started here, without a display.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from benchmarks import areas
from benchmarks.camp import SEED
from benchmarks.figures import Figures, quantile
from forms import gazetteer_files
from station import drafts
from training.offices import ADMINISTRATOR
from workspace import places

if TYPE_CHECKING:
    from benchmarks.camp import Camp

STARTS = 15


def start(camp: Camp) -> Figures:
    """From the start of the process to the painted unlock window.

    Baseline: a bare PySide6 window, from the start of its process to its first paint; interleaved.
    """
    figures = Figures("start")
    ours: list[float] = []
    bare: list[float] = []
    for turn in range(STARTS + 2):
        pair = [("unlock", ours), ("bare", bare)]
        for what, series in pair if turn % 2 else pair[::-1]:
            took = _timed(what, camp)
            if turn >= 2:  # the first ones read the libraries from the disk
                series.append(took)
    figures.timing("unlock", ours)
    figures.timing("bare", bare)
    figures.ratio("unlock_p50", quantile(ours, 0.5), quantile(bare, 0.5), "a bare window")
    figures.value("unlock_more", quantile(ours, 0.5) - quantile(bare, 0.5), "ms")
    return figures


def memory(camp: Camp) -> Figures:
    """Resident memory of the desktop with the full store open and its pages visited.

    Baseline: the same process before the store is opened.
    """
    figures = Figures("memory")
    seen = _answer("memory", camp)
    figures.value("resident", seen["resident"], "mb")
    figures.value("unlocked_before", seen["before"], "mb")
    figures.ratio("resident", seen["resident"], seen["before"], "the unlock window alone")
    return figures


def gaps(camp: Camp) -> Figures:
    """Gaps of the event loop while an officer works: how long the window could not answer.

    Baseline: the same loop, idle.
    """
    figures = Figures("gaps")
    seen = _answer("gaps", camp)
    figures.timing("gap", seen["working"])
    figures.timing("idle", seen["idle"])
    figures.value("worst", max(seen["working"]), "ms")
    figures.ratio(
        "gap_p99", quantile(seen["working"], 0.99), quantile(seen["idle"], 0.99), "an idle loop"
    )
    return figures


def forms(camp: Camp) -> Figures:
    """The longest form opened, typed into and turned, and places found, at 50,000 areas: work of
    the window's own thread.

    Baseline: a key typed into it.
    """
    figures = Figures("forms")
    with camp.session(ADMINISTRATOR) as session, session.store.write() as unit:
        known = gazetteer_files.read(("areas.csv", areas.table(SEED)))
        unit.put_setting(places.SETTING, known.to_bytes())
    seen = _answer("forms", camp)
    for what in ("opened", "key", "place_key", "turn"):
        figures.timing(what, seen[what])
    figures.value("places", len(known), "count")
    figures.ratio("turn_p50", quantile(seen["turn"], 0.5), quantile(seen["key"], 0.5), "one key")
    return figures


def presses(camp: Camp) -> Figures:
    """Key-presses of a family of five in a mass arrival, beyond the characters of its answers.

    Baseline: those characters.
    """
    figures = Figures("keys")
    with camp.session() as session:  # what a run before left unfinished would be offered first
        for draft in drafts.list_drafts(session):
            drafts.discard(session, draft.id)
    seen = _answer("keys", camp)
    figures.value("presses", seen["presses"], "count")
    figures.value("characters", seen["characters"], "count")
    figures.ratio("presses", seen["presses"], seen["characters"], "the characters of the answers")
    return figures


def _timed(what: str, camp: Camp) -> float:
    begun = time.perf_counter()
    _run(what, camp)
    return (time.perf_counter() - begun) * 1000


def _answer(what: str, camp: Camp) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(_run(what, camp))
    return answer


def _run(what: str, camp: Camp) -> str:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(  # noqa: S603 - this program, with fixed arguments
        [sys.executable, "-m", "benchmarks.process", what, str(camp.station)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
