"""Print runs under bad luck: killed in the middle, two at once, a full disk, a wrong clock."""

from __future__ import annotations

import random
import time
from datetime import timedelta
from pathlib import Path

import pytest

from db.errors import StoreFullError
from documents import raster
from station import batch, batch_run, printing, runs
from station.batch import Which
from tests.faults.forking import Forker
from tests.faults.test_disk_full import limit_pages
from tests.places import START, Site, environment, families
from workspace import care
from workspace.errors import RefusedError

SEED = 20261115
FAMILIES = 26
"""With the attestations 78 documents: two blocks."""


@pytest.mark.parametrize("seed", [SEED, SEED + 1, SEED + 2])
def test_a_run_that_is_killed_is_mended_from_its_entries(
    site: Site, tmp_path: Path, seed: int
) -> None:
    print(f"seed {seed}")
    site.take_in(families(FAMILIES))
    out = tmp_path / "run.pdf"
    (tmp_path / "forker").mkdir()
    forker = Forker(tmp_path / "forker")
    try:
        child = forker.start(
            "print", site.station, "--all", "--out", out, "--as", "officer",
            state=site.state, at=site.clock.now(),
        )  # fmt: skip
        time.sleep(random.Random(seed).uniform(1, 5))
        child.kill()
        ended = child.wait() is not None
    finally:
        forker.close()
    site.clock.advance(timedelta(hours=1))  # past what the command wrote, as for anybody who comes
    with site.at_station("officer") as session:
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            stored = {one.number for one in reader.views("document")}
        known = runs.runs(session)
        numbers = known[0].numbers if known else ()
        # Whole blocks, and the note of the run says the same as the chain.
        assert set(numbers) == stored
        assert len(stored) in {0, batch_run.BLOCK, 3 * FAMILIES}
        if ended:
            assert raster.page_count(out.read_bytes()) == 3 * FAMILIES
            return
        assert not out.exists()
        rest = batch.targets(session, Which(unprinted=True))
        assert len(rest) == 3 * FAMILIES - len(stored)
        if numbers:
            again = batch.after_a_jam(session, numbers[0], out=out)
            assert {one.number for one in again.documents} == stored
            with session.store.read() as reader:
                assert len(list(reader.views("document"))) == len(stored)
        else:
            batch.print_all(session, rest[:1], language="en", out=out)
        # Nothing of the killed run is left in plain text.
        assert [path.name for path in tmp_path.glob("*run.pdf*")] == ["run.pdf"]
        assert [path.name for path in tmp_path.glob(".*run.pdf*")] == []


def test_two_programs_issue_no_number_twice(busy_site: Site, tmp_path: Path) -> None:
    (tmp_path / "forker").mkdir()
    forker = Forker(tmp_path / "forker")
    try:
        children = [
            forker.start(
                "print", busy_site.station, "--all", "--out", tmp_path / f"{name}.pdf",
                "--as", name, state=busy_site.state, at=busy_site.clock.now(),
            )
            for name in ("officer", "supervisor")
        ]  # fmt: skip
        codes = sorted(child.wait() or 0 for child in children)
    finally:
        forker.close()
    assert codes in ([0, 0], [0, 1])
    with busy_site.at_station("officer") as session:
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            numbers = [one.number for one in reader.views("document")]
            indices = [one.status_index for one in reader.views("document")]
    assert len(set(numbers)) == len(numbers) == len(set(indices)) == 9


def test_a_store_that_cannot_grow_issues_nothing_it_cannot_keep(
    busy_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_run, "BLOCK", 3)
    busy_site.take_in(families(12, first=100))
    with busy_site.at_station("officer") as session:
        wanted = batch.targets(session, Which())
        lift = limit_pages(session, 12)
        out = tmp_path / "run.pdf"
        try:
            done = batch.print_all(session, wanted, language="en", out=out)
        except StoreFullError:
            done = None
        lift()
        with session.store.read() as reader:
            stored = {one.number for one in reader.views("document")}
        if done is None:
            assert stored == set()
        else:
            assert {one.number for one in done.documents} == stored and done.stopped
            assert done.fault and len(stored) < len(wanted)
            # What the file holds at last is what was committed, and no page more.
            assert raster.page_count(out.read_bytes()) == len(stored)
        assert care.check(session).problems == ()


def test_a_wrong_clock_stops_a_run_before_it_begins(busy_site: Site) -> None:
    wrong = Site(busy_site.folder, environment(busy_site.state, at=START - timedelta(days=9)))
    with wrong.at_station("officer") as session:
        wanted = batch.targets(session, Which())
        with pytest.raises(RefusedError) as refused:
            batch.print_all(session, wanted, language="en")
        assert refused.value.code == "clock"
        with session.store.read() as reader:
            assert reader.counts().documents == 0
        assert printing.clock_doubt(session) is not None
