"""Print runs under bad luck: killed in the middle, two at once, a full disk, a wrong clock."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
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
from values.numbers import ControlNumber
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


KILLED = {
    "a page is drawn": ("after 2 documents.pages render", 3),
    "the codes are read back": ("after 2 documents.selfcheck read_back", 3),
    "the block is in the file": ("after 2 documents.joining Sheaf.add", 3),
    "the block is on the disk": ("after 2 station.batch down", 3),
    "the entries are signed": ("after 2 workspace.act Act._append", 3),
    "the entries are stored": ("before 2 documents.joining Sheaf.keep", 6),
    "everything is stored": ("before 1 workspace.files Prepared.keep", 9),
    "the file is in its place": ("after 1 workspace.files Prepared.keep", 9),
}
"""Where a run of nine documents in blocks of three is killed, and how many are issued by then."""


@pytest.fixture(scope="module")
def forker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forker]:
    """Starts commands as processes of their own."""
    made = Forker(tmp_path_factory.mktemp("forker"))
    yield made
    made.close()


@pytest.mark.parametrize("point", KILLED)
def test_wherever_a_run_is_killed_every_number_is_accounted_for(
    busy_site: Site, tmp_path: Path, forker: Forker, point: str
) -> None:
    dies, issued = KILLED[point]
    out = tmp_path / "run.pdf"
    child = forker.start(
        "print", busy_site.station, "--all", "--out", out, "--as", "officer",
        state=busy_site.state, at=busy_site.clock.now(), dies=dies,
    )  # fmt: skip
    assert child.wait() is None, "it was not killed"
    busy_site.clock.advance(timedelta(hours=1))
    assert out.exists() == (point == "the file is in its place")
    with busy_site.at_station("officer") as session:
        with session.store.read() as reader:
            before = {one.number: one.reprints for one in reader.views("document")}
        assert len(before) == issued and not any(before.values())
        # What is counted as printed is noted in its order, and comes again from the entries.
        (run,) = runs.runs(session)
        assert set(run.numbers) == set(before) and run.done == (issued == 9)
        again = batch.after_a_jam(session, run.numbers[0], out=out)
        assert [one.number for one in again.documents] == list(run.numbers)
        assert raster.page_count(out.read_bytes()) == issued
        # The rest is issued now; no number is used twice, and none is left out.
        rest = batch.targets(session, Which(unprinted=True))
        assert len(rest) == 9 - issued
        if rest:
            batch.print_all(session, rest, language="en")
        with session.store.read() as reader:
            counters = [ControlNumber.parse(one.number).counter for one in reader.views("document")]
            indices = {one.status_index for one in reader.views("document")}
        assert sorted(counters) == list(range(1, 10)) and len(indices) == 9
        assert care.check(session).problems == ()
    assert [path.name for path in tmp_path.glob(".*")] == [], "plain text was left behind"


def test_while_the_window_has_the_station_a_command_prints_nothing(
    busy_site: Site, tmp_path: Path, forker: Forker
) -> None:
    out = tmp_path / "mine.pdf"
    with busy_site.at_station("officer") as session:
        wanted = batch.targets(session, Which())
        codes: list[int | None] = []

        def meanwhile(done: int, total: int) -> None:
            if not codes:
                child = forker.start(
                    "print", busy_site.station, "--all", "--out", tmp_path / "other.pdf",
                    "--as", "supervisor", state=busy_site.state, at=busy_site.clock.now(),
                )  # fmt: skip
                codes.append(child.wait())

        done = batch.print_all(session, wanted, language="en", out=out, progress=meanwhile)
        assert codes == [1] and not (tmp_path / "other.pdf").exists()
        with session.store.read() as reader:
            papers = list(reader.views("document"))
        assert len(done.documents) == len(papers) == 9
        assert not any(one.reprints for one in papers)


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
