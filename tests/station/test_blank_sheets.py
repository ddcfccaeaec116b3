"""Blank forms: every number that is printed is typed in, spoiled, or known to be out."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from documents import codes, raster
from documents.errors import PageError
from station import spoiled
from station.blanks import blank_sheets
from station.register import register
from station.sheets import OUT, RETURNED, SPOILED, all_sheets
from tests.places import Site
from tests.station.test_station_register import family
from values.numbers import ControlNumber
from workspace.errors import RefusedError
from workspace.files import Prepared
from workspace.session import Session


def states(session: Session) -> dict[str, str]:
    return {one.number: one.state for one in all_sheets(session)}


def test_each_is_printed_typed_in_spoiled_or_out(site: Site) -> None:
    with site.at_station("officer") as session:
        assert all_sheets(session) == []
        _, (first, second, third, fourth) = blank_sheets(session, 4, language="en")
        assert states(session) == dict.fromkeys((fourth, third, second, first), OUT)
        register(session, "d1", family("").from_sheet(f"{second.lower()}, {third}"))
        spoiled.record(session, code="smudged", stock=first.replace("-", " ").lower())
        assert states(session) == {
            first: SPOILED, second: RETURNED, third: RETURNED, fourth: OUT,
        }  # fmt: skip
        assert all((one.at is None) == (one.state == OUT) for one in all_sheets(session))
        assert spoiled.of_day(session)[0].stock == first
        with session.store.read() as reader:
            (view,) = reader.views("registration")
        assert view.source == {"way": "interview", "sheet": f"{second}, {third}"}


def test_none_is_accounted_for_twice(site: Site) -> None:
    with site.at_station("officer") as session:
        _, (first, second) = blank_sheets(session, 2, language="en")
        register(session, "d1", family("").from_sheet(first))
        spoiled.record(session, code="jam", stock=second)
        for typed, code in ((first, "sheet_taken"), (second, "sheet_spoiled")):
            with pytest.raises(RefusedError) as refused:
                register(session, "d2", family("").from_sheet(typed))
            assert refused.value.code == code
            with pytest.raises(RefusedError) as refused:
                spoiled.record(session, code="jam", stock=typed)
            assert refused.value.code == code
        never = str(
            ControlNumber(*(getattr(ControlNumber.parse(first), one) for one in
                            ("operation", "station", "epoch", "series")), 99)
        )  # fmt: skip
        with pytest.raises(RefusedError, match="was printed here"):
            register(session, "d2", family("").from_sheet(never))
        # A sheet of another station, or of this one before it was restored, is known elsewhere.
        other = str(ControlNumber("WST", "B02", "K7Q", "F", 99))
        register(session, "d2", family("").from_sheet(other))
        spoiled.record(session, code="misfeed", stock="0001842")
        assert len(all_sheets(session)) == 2


def test_a_sheet_that_cannot_be_read_has_no_number(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.at_station("officer") as session:
        with monkeypatch.context() as blind:
            blind.setattr(codes, "read_picture", lambda picture: [])
            with pytest.raises(PageError, match="read back"):
                blank_sheets(session, 2, language="en")
        assert [one.state for one in all_sheets(session)] == ["spoiled", "spoiled"]
        _, numbers = blank_sheets(session, 1, language="en")
        assert ControlNumber.parse(numbers[0]).counter == 3, "no number is given twice"


def test_a_full_disk_gives_no_number_and_a_lost_file_hides_none(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Prepared, data: object = b"") -> None:
        raise OSError(errno.ENOSPC, "no space")

    out = tmp_path / "sheets.pdf"
    with site.at_station("officer") as session:
        with monkeypatch.context() as broken:
            broken.setattr(Prepared, "write", full)
            with pytest.raises(OSError, match="no space"):
                blank_sheets(session, 2, language="en", out=out)
        assert {one.state for one in all_sheets(session)} == {"spoiled"}
        with monkeypatch.context() as broken:
            broken.setattr(Prepared, "keep", full)
            with pytest.raises(RefusedError, match="as spoiled") as refused:
                blank_sheets(session, 2, language="en", out=out)
        assert refused.value.code == "not_kept"
        states = [one.state for one in all_sheets(session)]
        assert states.count("out") == 2, "given, and nowhere: they stand as out"
        assert not out.exists()
        told: list[tuple[int, int]] = []
        _, numbers = blank_sheets(
            session, 3, language="en", out=out, progress=lambda at, of: told.append((at, of))
        )
        assert told == [(1, 3), (2, 3), (3, 3)]
        read = [one for page in raster.pages(out.read_bytes()) for one in codes.read_picture(page)]
        assert tuple(read) == numbers


def test_sheets_that_were_printed_before_they_were_noted_are_there(site: Site) -> None:
    with site.at_station("officer") as session:
        _, numbers = blank_sheets(session, 2, language="en")
        with session.store.write() as unit:
            unit.delete_setting(f"blank/{numbers[0]}")
        assert [(one.number, one.printed) for one in all_sheets(session)] == [
            (number, None) for number in reversed(numbers)
        ]
