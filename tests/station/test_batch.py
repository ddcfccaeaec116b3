"""Print runs: blocks, stopping, faults, jams, and codes that are read back from the page."""

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest

from documents import codes, raster, selfcheck
from documents.codes import read_picture
from station import batch, batch_run, runs
from station.batch import Which
from station.life import Handed
from station.making import issue_of
from tests.places import START, Site, environment, families
from workspace import care
from workspace.errors import RefusedError
from workspace.session import Session


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of three, so that nine documents make a run of three."""
    monkeypatch.setattr(batch_run, "BLOCK", 3)


def everything(session: Session, **more: object) -> batch.Printed:
    return batch.print_all(
        session,
        batch.targets(session, Which()),
        language="en",
        **more,  # type: ignore[arg-type]  # of the test
    )


def documents(session: Session) -> int:
    with session.store.read() as reader:
        return reader.counts().documents


def test_a_run_is_one_pdf_in_the_order_asked_for(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        told: list[tuple[int, int]] = []
        done = everything(session, progress=lambda at, of: told.append((at, of)))
        assert (len(done.documents), done.stopped, done.skipped) == (9, False, ())
        assert raster.page_count(done.pdf) == sum(done.pages) == 9
        read = [read_picture(page) for page in raster.pages(done.pdf)]
        assert all(len(one) == 1 for one in read)
        assert told == sorted(told) and told[-1] == (9, 9)
        (run,) = runs.runs(session)
        assert run.done and run.numbers == tuple(one.number for one in done.documents)
        assert care.check(session).problems == ()


def test_stopping_keeps_what_was_committed_and_nothing_else(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        looks = iter(range(1000))
        # Three documents and three pages are looked at in a block; the run stops in the second.
        done = everything(session, cancelled=lambda: next(looks) > 8)
        assert done.stopped and not done.fault
        assert len(done.documents) == documents(session) == raster.page_count(done.pdf) == 3
        assert not runs.runs(session)[0].done
        rest = batch.targets(session, Which(unprinted=True))
        assert len(rest) == 6


def full_after(monkeypatch: pytest.MonkeyPatch, blocks: int) -> None:
    """Let the disk be full once so many blocks were written."""
    genuine, written = batch.down, iter(range(1_000))

    def down(file: IO[bytes]) -> None:
        if next(written) == blocks:
            file.write(b"half of it")
            raise OSError(errno.ENOSPC, "no space")
        genuine(file)

    monkeypatch.setattr(batch, "down", down)


def test_a_disk_that_fills_keeps_the_blocks_before(
    busy_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_after(monkeypatch, 2)
    out = tmp_path / "run.pdf"
    with busy_site.at_station("officer") as session:
        done = everything(session, out=out)
        assert done.stopped and "disk" in done.fault
        assert len(done.documents) == documents(session) == 6
        # What lies in the file at last is what was committed.
        assert [one for page in raster.pages(out.read_bytes()) for one in read_picture(page)] == [
            codes_of(session, one.number) for one in done.documents
        ]
        # Numbers that a block had and did not commit are given to the next that is.
        rest = batch.print_all(
            session, batch.targets(session, Which(unprinted=True)), language="en"
        )
        assert [one.number for one in (*done.documents, *rest.documents)] == sorted(
            one.number for one in (*done.documents, *rest.documents)
        )
        assert len(rest.documents) == 3 and documents(session) == 9


def codes_of(session: Session, number: str) -> str:
    with session.store.read() as reader:
        document = reader.document_by_number(number)
        assert document is not None
        return str(issue_of(reader, document)["qr"])


def test_nothing_is_issued_when_the_first_block_cannot_be_written(
    busy_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_after(monkeypatch, 0)
    with busy_site.at_station("officer") as session:
        with pytest.raises(OSError, match="no space"):
            everything(session, out=tmp_path / "run.pdf")
        assert documents(session) == 0
    assert list(tmp_path.glob("*run*")) + list(tmp_path.glob(".*run*")) == []


def test_a_file_is_there_whole_or_not_at_all(busy_site: Site, tmp_path: Path) -> None:
    out = tmp_path / "run.pdf"
    left = tmp_path / ".run.pdf.0a1b2c3d"
    left.write_bytes(b"people, in plain text")
    with busy_site.at_station("officer") as session:
        done = everything(session, out=out)
        assert raster.page_count(out.read_bytes()) == len(done.documents) == 9
        assert done.pdf == b"" and not left.exists()
        out.unlink()
        stopped = everything(session, out=out, cancelled=lambda: True)
        assert stopped.documents == () and list(tmp_path.glob("*run*")) == []


def test_one_paper_is_a_run_of_one_and_is_read_back(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with busy_site.at_station("officer") as session:
        one = batch.targets(session, Which())[1:2]
        with monkeypatch.context() as blind:
            blind.setattr(codes, "read_picture", lambda picture: [])
            done = batch.print_all(session, one, language="en")
        assert (done.documents, documents(session), runs.runs(session)) == ((), 0, [])
        assert [left.code for left in done.skipped] == ["unread"]
        assert len(batch.print_all(session, one, language="en").documents) == 1
        assert len(runs.runs(session)) == 1


def test_cards_are_read_back_and_come_onto_sheets(busy_site: Site, tmp_path: Path) -> None:
    out = tmp_path / "cards.pdf"
    with busy_site.at_station("officer") as session:
        wanted = [
            replace(one, paper="card") for one in batch.targets(session, Which(type="registration"))
        ]
        done = batch.print_all(session, wanted, language="en", sheets="cards-both", out=out)
        assert (done.skipped, done.pages) == ((), (2,) * 6)
        read = [read_picture(page) for page in raster.pages(out.read_bytes(), dpi=300)]
        assert sorted(read[0]) == sorted(codes_of(session, one.number) for one in done.documents)
        assert read[1] == [] and done.sheets == len(read) == 2


def test_a_run_that_meets_what_fits_no_sheet_keeps_what_was_printed(
    busy_site: Site, tmp_path: Path
) -> None:
    out = tmp_path / "mixed.pdf"
    with busy_site.at_station("officer") as session:
        wanted = batch.targets(session, Which(type="registration"))
        wanted = [*(replace(one, paper="card") for one in wanted[:3]), *wanted[3:]]
        done = batch.print_all(session, wanted, language="en", sheets="cards", out=out)
        assert done.stopped and "no cards" in done.fault
        assert len(done.documents) == documents(session) == 3
        assert raster.page_count(out.read_bytes()) == 1


def test_interrupting_keeps_what_was_committed(
    busy_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine, blocks = batch.down, iter(range(1_000))

    def down(file: IO[bytes]) -> None:
        if next(blocks) == 1:
            raise KeyboardInterrupt
        genuine(file)

    monkeypatch.setattr(batch, "down", down)
    with busy_site.at_station("officer") as session:
        done = everything(session, out=tmp_path / "run.pdf")
        assert done.stopped and "interrupted" in done.fault
        assert len(done.documents) == documents(session) == 3
    assert raster.page_count((tmp_path / "run.pdf").read_bytes()) == 3


def test_nobody_gets_a_paper_twice_in_one_queue(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        wanted = batch.targets(session, Which())
        done = batch.print_all(session, [*wanted, *wanted[:2]], language="en")
        assert len(done.documents) == documents(session) == 9
        again = batch.print_again(
            session, [done.documents[0].number] * 2, reason="wet", handed=Handed(code="damaged")
        )
        assert len(again.documents) == 1


def test_two_runs_over_one_queue_print_each_paper_once(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        wanted = batch.targets(session, Which())
        other: list[batch.Printed] = []

        def meanwhile(done: int, total: int) -> None:
            # After the first block of this run, another one prints the whole queue.
            if done == 3 and not other:
                other.append(batch.print_all(session, wanted, language="en"))

        mine = batch.print_all(session, wanted, language="en", progress=meanwhile)
        with session.store.read() as reader:
            papers = list(reader.views("document"))
        assert len(papers) == 9
        # The other began later: what was printed by then it was asked to print again.
        assert [len(one.reprints) for one in papers].count(1) == 3
        assert {one.code for one in mine.skipped} == {"printed_meanwhile"}
        assert len(mine.documents) == 3 and len(mine.skipped) == 6
        assert care.check(session).problems == ()


def test_after_a_jam_the_same_papers_come_again_and_are_counted(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        first = everything(session)
        from_here = first.documents[4].number
        again = batch.after_a_jam(session, from_here.lower().replace("-", " "))
        assert again.documents == first.documents[4:]
        assert documents(session) == 9
        before = [read_picture(page) for page in raster.pages(first.pdf)]
        after = [read_picture(page) for page in raster.pages(again.pdf)]
        assert after == before[4:]
        with session.store.read() as reader:
            untouched = reader.document_by_number(first.documents[3].number)
            jammed = reader.document_by_number(from_here)
        assert untouched is not None and untouched.reprints == ()
        assert jammed is not None and jammed.reprints == ("printer jam",)
        with pytest.raises(RefusedError) as refused:
            batch.after_a_jam(session, "WST-A01-K7Q-D00042-31")
        assert refused.value.code in {"no_run", "number"}


def test_a_page_that_does_not_read_is_told_and_not_counted(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = selfcheck.read_back
    blind: list[str] = []

    def read_back(pdf: bytes, texts: list[str], **more: object) -> selfcheck.SelfCheck:
        found = genuine(pdf, texts, **more)  # type: ignore[arg-type]  # handed on
        if not blind:
            blind.append(texts[1])
            return selfcheck.SelfCheck(found.pages, (2,), (1,), (0, None, 2))
        return found

    monkeypatch.setattr(selfcheck, "read_back", read_back)
    with busy_site.at_station("officer") as session:
        done = everything(session)
        assert len(done.documents) == documents(session) == 8
        ((skipped),) = done.skipped
        assert skipped.code == "unread" and "was not issued" in skipped.sentence
        assert blind[0] not in [
            text for page in raster.pages(done.pdf) for text in read_picture(page)
        ]


def test_whom_to_print_for_by_shelter_household_and_end(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        with session.store.read() as reader:
            household = next(iter(reader.households()))
        assert len(batch.targets(session, Which())) == 9
        own = batch.targets(session, Which(households=(household.number.lower(),)))
        assert [one.type for one in own] == ["household", "registration", "registration"]
        assert batch.targets(session, Which(place="B-")) == []
        with pytest.raises(RefusedError) as refused:
            batch.targets(session, Which(households=("WST-A01-K7Q-H00042-31",)))
        assert refused.value.code in {"unknown_household", "number"}
        done = batch.print_all(session, own, language="en")
        assert len(batch.targets(session, Which(unprinted=True))) == 6
        assert batch.targets(session, Which(within=30)) == []
        assert len(batch.targets(session, Which(within=200))) == len(done.documents)


def test_renewing_replaces_and_withdraws_the_old(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        first = everything(session)
    late = Site(busy_site.folder, environment(busy_site.state, at=START + timedelta(days=160)))
    with late.at_station("officer") as session:
        from workspace.clocks import confirm_clock

        confirm_clock(session)
        ending = batch.targets(session, Which(within=30))
        assert len(ending) == 9
        done = batch.print_all(session, ending, language="en", fresh=True)
        assert not {one.number for one in done.documents} & {one.number for one in first.documents}
        with session.store.read() as reader:
            old = [reader.document_by_number(one.number) for one in first.documents]
        assert {one.revoked_code for one in old if one} == {"replaced"}
        assert batch.targets(session, Which(within=30)) == []
        assert care.check(session).problems == ()
    assert late.admit(late.send()).quarantined == 0


def test_a_reprint_of_a_record_that_changed_is_left_out(busy_site: Site) -> None:
    from ledger import kinds
    from ledger.entry import Subject

    with busy_site.at_station("officer") as session:
        first = everything(session)
        with session.store.read() as reader:
            person = next(iter(reader.persons()))
        with session.act() as act:
            act.say(
                kinds.PERSON_AMENDED,
                Subject("person", person.id),
                {"changes": {"birth_place": "Elsewhere"}, "reason": "misheard"},
                form="person",
                base=person.heads,
            )
        numbers = [one.number for one in first.documents]
        again = batch.print_again(session, numbers, reason="wet", handed=Handed(code="damaged"))
        # The person's own paper, and the attestation that counts the person.
        assert {one.code for one in again.skipped} == {"changed"}
        assert len(again.skipped) == 2 and len(again.documents) == 7


def test_new_papers_do_not_wait_for_those_that_cannot_be(busy_site: Site) -> None:
    busy_site.take_in(families(1, first=9))
    with busy_site.at_station("officer") as session:
        wanted = batch.targets(session, Which())
        with session.store.read() as reader:
            person = reader.person(wanted[1].subject)  # type: ignore[arg-type]  # a person's
        assert person is not None
        from ledger import kinds
        from ledger.entry import Subject

        with session.act() as act:
            act.say(
                kinds.PERSON_AMENDED,
                Subject("person", person.id),
                {"changes": {"death": {"edtf": "2026-11-01", "calendar": "gregorian",
                                       "entered": "2026-11-01"}}, "reason": "told"},
                form="person",
                base=person.heads,
            )  # fmt: skip
        done = batch.print_all(session, wanted, language="en")
        assert {one.code for one in done.skipped} == {"dead"}
        assert len(done.documents) == len(wanted) - len(done.skipped)


def test_a_run_with_nobody_is_refused(site: Site) -> None:
    with site.at_station("officer") as session, pytest.raises(RefusedError) as refused:
        everything(session)
    assert refused.value.code == "nothing_to_print"
    with site.at_station("officer") as session, pytest.raises(RefusedError):
        batch.after_a_jam(session, "nonsense")
