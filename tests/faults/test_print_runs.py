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
from documents.trust import Trust, load_trust
from documents.verdict import Verdict
from documents.verify import verify_bytes
from ledger import kinds
from ledger.entry import Subject
from registry import trust as registry_trust
from station import batch, batch_run, printing, runs, sheets, spoiled
from station.batch import Which
from tests.faults.forking import Forker
from tests.faults.test_disk_full import limit_pages
from tests.places import START, Site, environment, families
from values.numbers import ControlNumber
from workspace import care, reserved
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
    "the numbers are reserved": ("after 2 workspace.reserved Reservation.reserve", 3),
    "a page is drawn": ("after 2 documents.pages render", 3),
    "the codes are read back": ("after 2 documents.selfcheck read_back", 3),
    "the block is in the file": ("after 2 documents.joining Sheaf.add", 3),
    "the block is on the disk": ("after 2 station.batch down", 3),
    "the entries are signed": ("after 4 workspace.act Act._append", 3),
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
    left = [path.read_bytes() for path in tmp_path.glob(".run.pdf.*")]
    busy_site.clock.advance(timedelta(hours=1))
    assert out.exists() == (point == "the file is in its place")
    with busy_site.at_station("officer") as session:
        assert [path.name for path in tmp_path.glob(".*")] == [], "plain text was left behind"
        with session.store.read() as reader:
            before = {one.number: one.reprints for one in reader.views("document")}
        assert len(before) == issued and not any(before.values())
        # What was reserved and not issued is told, and is as much as a block.
        never = {one.number for one in spoiled.of_day(session)}
        assert len(never) == (0 if issued == 9 or point == "the entries are stored" else 3)
        assert never.isdisjoint(before)
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
            papers = list(reader.views("document"))
        given = {one.number for one in papers}
        assert len(given) == len({one.status_index for one in papers}) == 9
        counters = sorted(ControlNumber.parse(one).counter for one in given | never)
        assert counters == list(range(1, 10 + len(never)))
        assert {one.number for one in spoiled.of_day(session)} == never
        assert care.check(session).problems == ()
    # A page that got away is not good, and what was issued is.
    trust = _trust_after(busy_site, tmp_path)
    good = verify_bytes(out.read_bytes(), trust, at=busy_site.clock.now())
    assert {one.verdict for one in good.results} == {Verdict.VALID}
    for stray in filter(None, left):
        for one in verify_bytes(stray, trust, at=busy_site.clock.now()).results:
            number = one.to_json()["claims"]["7"]
            assert one.verdict is (Verdict.VALID if number in before else Verdict.REVOKED)
            assert number in before or number in never


def _trust_after(site: Site, folder: Path) -> Trust:
    """What verifiers know when the station has sent and the registry has taken in."""
    assert site.admit(site.send()).quarantined == 0
    with site.at_registry("administrator") as session:
        registry_trust.export(session, folder / "trust", jwks=False)
    return load_trust((folder / "trust").read_bytes())


BLANK = {
    "the numbers are reserved": "after 1 workspace.reserved Reservation.reserve",
    "the sheets are drawn": "after 1 documents.pages render_blank",
    "the file is written": "after 1 workspace.files Prepared.write",
    "they count as printed": "before 1 workspace.files Prepared.keep",
}


@pytest.mark.parametrize("point", BLANK)
def test_no_blank_form_has_the_number_of_another(
    busy_site: Site, tmp_path: Path, forker: Forker, point: str
) -> None:
    child = forker.start(
        "print", busy_site.station, "--document", "blank", "--count", "3", "--out",
        tmp_path / "elsewhere" / "blank.pdf", "--as", "officer",
        state=busy_site.state, at=busy_site.clock.now(), dies=BLANK[point],
    )  # fmt: skip
    assert child.wait() is None, "it was not killed"
    busy_site.clock.advance(timedelta(hours=1))
    with busy_site.at_station("officer") as session:
        assert list((tmp_path / "elsewhere").iterdir()) == []
        first = {one.number: one.state for one in sheets.all_sheets(session)}
        # Printed, and nobody knows where they are; or never printed at all.
        printed = point == "they count as printed"
        assert set(first.values()) == {sheets.OUT if printed else sheets.SPOILED}
        _, numbers = printing.blank_sheets(session, 3, language="en")
        assert len(first) == 3 and set(numbers).isdisjoint(first)


def test_a_number_that_was_spoken_for_counts_as_revoked_unless_it_was_issued(
    busy_site: Site, tmp_path: Path
) -> None:
    """A copy that was taken while a run was under way tells of papers that were issued after."""
    with busy_site.at_station("officer") as session:
        done = batch.print_all(session, batch.targets(session, Which())[:2], language="en")
        with session.store.read() as reader:
            issued = next(iter(reader.views("document")))
        other = reserved.Paper("WST-A01-K7Q-D00042-31", (issued.status_index + 1) % 131072)
        with session.act() as act:
            act.say(
                kinds.NUMBERS_SPOILED,
                Subject("office", session.office.id),
                {
                    "epoch": issued.epoch,
                    "papers": [
                        {"number": one.number, "status_index": index}
                        for one, index in ((issued, issued.status_index), (other, other.index))
                    ],
                    "reason": "a copy was put back",
                },
            )
    trust = _trust_after(busy_site, tmp_path)
    found = verify_bytes(done.pdf, trust, at=busy_site.clock.now())
    assert found.verdict is Verdict.VALID
    with busy_site.at_registry("administrator") as session, session.store.read() as reader:
        marked = registry_trust.status_lists(reader, [issued.office])
    [mine] = [one.bits for one in marked if one.epoch == issued.epoch]
    assert [mine.is_revoked(one) for one in (issued.status_index, other.index)] == [False, True]


def test_what_a_killed_run_left_on_a_stick_is_removed_when_the_stick_is_back(
    busy_site: Site, tmp_path: Path, forker: Forker
) -> None:
    stick, away = tmp_path / "stick", tmp_path / "away"
    child = forker.start(
        "print", busy_site.station, "--all", "--out", stick / "run.pdf", "--as", "officer",
        state=busy_site.state, at=busy_site.clock.now(), dies="after 2 station.batch down",
    )  # fmt: skip
    assert child.wait() is None, "it was not killed"
    stick.rename(away)
    busy_site.clock.advance(timedelta(hours=1))
    with busy_site.at_station("officer") as session:
        never = spoiled.of_day(session)
        assert len(never) == 3
    assert len(list(away.iterdir())) == 1
    (away / ".run.pdf.mine").write_text("not of a run")
    away.rename(stick)
    with busy_site.at_station("officer") as session:
        assert [path.name for path in stick.iterdir()] == [".run.pdf.mine"]
        assert spoiled.of_day(session) == never, "told once"


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
    """OpenCRVS 11003: a counter gave hundreds of people one number."""
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
