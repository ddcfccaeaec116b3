"""Print runs: blocks, stopping, faults, jams, and codes that are read back from the page."""

from __future__ import annotations

import errno
from datetime import timedelta
from pathlib import Path

import pytest

from documents import imposition, raster, selfcheck
from documents.codes import read_picture
from documents.pages import render
from station import batch, runs
from station.batch import Which
from station.life import Handed
from tests.documents.builders import NOW, page
from tests.places import START, Site, environment, families
from workspace import care
from workspace.errors import RefusedError
from workspace.session import Session


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of three, so that nine documents make a run of three."""
    monkeypatch.setattr(batch, "BLOCK", 3)


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
        assert told == sorted(told) and told[-1] == (18, 18)
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


def test_a_disk_that_fills_keeps_the_blocks_before(busy_site: Site, tmp_path: Path) -> None:
    written: list[bytes] = []

    def store(pdf: bytes) -> None:
        if len(written) == 2:
            written.append(b"half")
            raise OSError(errno.ENOSPC, "no space")
        written.append(pdf)

    with busy_site.at_station("officer") as session:
        done = everything(session, store=store)
        assert done.stopped and "disk" in done.fault
        assert len(done.documents) == documents(session) == 6
        # What lies in the file at last is what was committed.
        assert written[-1] == done.pdf and raster.page_count(done.pdf) == 6


def test_nothing_is_issued_when_the_first_block_cannot_be_written(busy_site: Site) -> None:
    def full(_pdf: bytes) -> None:
        raise OSError(errno.ENOSPC, "no space")

    with busy_site.at_station("officer") as session:
        with pytest.raises(OSError, match="no space"):
            everything(session, store=full)
        assert documents(session) == 0


def test_a_file_is_there_whole_or_not_at_all(busy_site: Site, tmp_path: Path) -> None:
    out = tmp_path / "run.pdf"
    left = tmp_path / ".run.pdf.0a1b2c3d"
    left.write_bytes(b"people, in plain text")
    with busy_site.at_station("officer") as session:
        done = batch.to_file(out, lambda store: everything(session, store=store))
        assert out.read_bytes() == done.pdf
        assert not left.exists()
        out.unlink()
        stopped = batch.to_file(
            out, lambda store: everything(session, store=store, cancelled=lambda: True)
        )
        assert stopped.documents == () and list(tmp_path.glob("*run*")) == []


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


def test_cards_stand_on_sheets_with_marks_and_their_codes_are_read(tmp_path: Path) -> None:
    from tests.station.cards import cards

    fronts, texts = cards(10)
    sheets = imposition.on_sheets(fronts)
    assert raster.page_count(sheets) == 2
    read = [text for page in raster.pages(sheets, dpi=300) for text in read_picture(page)]
    assert sorted(read) == sorted(texts)
    both = imposition.on_sheets(imposition.joined([fronts]), backs=True)
    assert raster.page_count(both) == 2
    with pytest.raises(imposition.PageError, match="no cards"):
        imposition.on_sheets(imposition.for_both_sides(_a4(), [1]))


def test_both_sides_never_share_a_sheet() -> None:
    assert raster.page_count(imposition.for_both_sides(_a4(), [1])) == 2
    with pytest.raises(imposition.PageError, match="add up"):
        imposition.for_both_sides(_a4(), [2])


def _a4() -> bytes:
    return render([page()], created=NOW)


def test_a_run_with_nobody_is_refused(site: Site) -> None:
    with site.at_station("officer") as session, pytest.raises(RefusedError) as refused:
        everything(session)
    assert refused.value.code == "nothing_to_print"
    with site.at_station("officer") as session, pytest.raises(RefusedError):
        batch.after_a_jam(session, "nonsense")
