"""A sheet of numbered paper carries one document or is spoiled, and neither twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from station import batch, printing, sheets, spoiled
from station.batch import Printed
from station.life import Handed
from tests.places import Site
from workspace.errors import RefusedError
from workspace.session import Session

SHEET = "S-000777"


def on_sheet(session: Session, at: int, serial: str) -> Printed:
    target = printing.printable(session)[at]
    return batch.print_all(
        session,
        [replace(printing.target_of(session, target.number, "registration"), serial=serial)],
        language="en",
    )


def refusal(printed: Printed) -> tuple[str, str]:
    assert not printed.documents
    [left] = printed.skipped
    return left.code, left.sentence


def test_a_sheet_that_was_used_is_used_for_nobody_else(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        [document] = on_sheet(session, 0, SHEET).documents
        on = session.clock.now().date().isoformat()
        for at, typed in (
            (1, SHEET),
            (0, SHEET),
            (1, "s 000777".replace(" ", "-")),
            (2, "S000777"),
        ):
            code, sentence = refusal(on_sheet(session, at, typed))
            assert code == "sheet_used" and on in sentence and document.number in sentence
        # Nothing was signed for what was refused.
        assert spoiled.of_day(session) == []
        [other] = on_sheet(session, 1, "S-000778").documents
        assert other.number != document.number


def test_two_documents_of_a_run_are_not_on_one_sheet(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        wanted = [replace(one, serial=SHEET) for one in printing.targets_for_all(session)[:2]]
        made = batch.print_all(session, wanted, language="en")
        assert len(made.documents) == 1
        assert [one.code for one in made.skipped] == ["sheet_used"]


def test_a_spoiled_sheet_is_used_and_spoiled_no_more(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        on = session.clock.now().date().isoformat()
        spoiled.record(session, code="jam", stock=SHEET)
        code, sentence = refusal(on_sheet(session, 0, SHEET))
        assert code == "sheet_spoiled" and on in sentence
        with pytest.raises(RefusedError, match=on) as refused:
            spoiled.record(session, code="jam", stock="s-000777")
        assert refused.value.code == "sheet_spoiled"
        assert len(spoiled.of_day(session)) == 1


def test_a_document_whose_sheet_was_spoiled_goes_onto_another_as_a_new_one(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        [document] = on_sheet(session, 0, SHEET).documents
        again = batch.print_again(session, [document.number], reason="lost file", handed=Handed())
        assert len(again.documents) == 1, "the PDF was lost, and the sheet is still in the printer"
        spoiled.record(session, code="jam", number=document.number)
        assert spoiled.of_day(session)[0].stock == SHEET
        code, _ = refusal(
            batch.print_again(session, [document.number], reason="jam", handed=Handed())
        )
        assert code == "sheet_spoiled"
        [other] = on_sheet(session, 0, "S-000778").documents
        with session.store.read() as reader:
            old = reader.document_by_number(document.number)
        assert old is not None and old.revoked is not None and other.number in old.revoked


def test_a_number_of_ours_is_on_no_empty_sheet(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        _, (blank,) = printing.blank_sheets(session, 1, language="en")
        assert refusal(on_sheet(session, 0, blank))[0] == "serial"
        assert [one.state for one in sheets.all_sheets(session)] == [sheets.OUT]


def test_sheets_that_were_used_before_notes_were_taken_count_too(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        on_sheet(session, 0, SHEET)
        with session.store.write() as unit:
            for key in unit.settings("stock/"):
                unit.delete_setting(key)
        assert refusal(on_sheet(session, 1, SHEET))[0] == "sheet_used"
        on_sheet(session, 1, "S-000778")
        assert refusal(on_sheet(session, 2, SHEET))[0] == "sheet_used"
