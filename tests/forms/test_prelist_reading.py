"""Bytes to rows: CSV, workbooks, and files that are neither."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import prelist
from forms.errors import PrelistError
from forms.prelist import csvtext, table
from tests.forms.families import BASE, TODAY, listed, verdicts

HEADER = ",".join(prelist.COLUMNS)
VECTORS = Path(__file__).parents[1] / "vectors" / "forms"
CELLS = st.text(
    st.characters(blacklist_categories=["Cs"]) | st.sampled_from('",\r\n;\t \x00'), max_size=12
)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=5), max_size=6))
@settings(max_examples=60)
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    text = "".join(csvtext.row(cells) for cells in rows)
    assert [list(one.cells) for one in csvtext.records(text)] == rows


@given(st.lists(st.lists(CELLS, min_size=2, max_size=5), max_size=6))
@settings(max_examples=60)
def test_the_standard_library_reads_the_same(rows: list[list[str]]) -> None:
    text = "".join(csvtext.row(cells) for cells in rows)
    assert [list(one.cells) for one in csvtext.records(text)] == list(
        csv.reader(io.StringIO(text, newline=""), strict=True)
    )


@given(st.text(st.sampled_from('a",\r\n'), max_size=40))
@settings(max_examples=100)
def test_any_text_is_read_to_its_end(text: str) -> None:
    found = list(csvtext.records(text))
    assert "".join("".join(one.cells) for one in found).count("a") == text.count("a")


def test_any_bytes_are_read_or_refused_with_a_sentence() -> None:
    # Every single byte put into a sound list: read, or refused as a whole, never a fault of ours.
    sound = listed(BASE)
    for place in range(0, len(sound), 7):
        for byte in (0, 9, 10, 13, 34, 44, 128, 255):
            data = sound[:place] + bytes([byte]) + sound[place:]
            try:
                prelist.judge(prelist.read(data, "x.csv", on=TODAY))
            except PrelistError as error:
                assert str(error).endswith(".")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\r\n \r\n", "empty"),
        (b"1,head,Ali\r\n", "header"),
        (b"household,relation\r\n1,head\r\n", "header"),
        (f"{HEADER},name\r\n".encode(), "header"),
        (HEADER.encode("utf-16-le"), "encoding"),
        (HEADER.encode("utf-32"), "encoding"),
        (b"\xff\xfe\x00", "encoding"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "format"),
        (b"PK\x03\x04 no archive", "unreadable"),
        (b"%PDF-1.7\n", "header"),
    ],
)
def test_files_that_are_no_list(data: bytes, code: str) -> None:
    with pytest.raises(PrelistError) as caught:
        prelist.read(data, "x.csv", on=TODAY)
    assert caught.value.code == code
    assert caught.value.sentence.endswith(".")


def test_a_list_without_rows_has_no_rows() -> None:
    assert prelist.read(HEADER.encode(), "x.csv", on=TODAY).rows == ()


@pytest.mark.parametrize(
    "data",
    [
        listed(BASE),
        b"\xef\xbb\xbf" + listed(BASE),
        listed(BASE).replace(b"\r\n", b"\n"),
        listed(BASE).replace(b"\r\n", b"\r"),
        listed(BASE).rstrip(),
        listed(BASE) + b"\r\n\r\n",
        listed(BASE).replace(b",", b";"),
        listed(BASE).replace(b",", b"\t"),
        b"sep=,\r\n" + listed(BASE),
        listed(BASE).decode().encode("utf-16"),
        listed(BASE).replace(HEADER.encode(), HEADER.upper().encode()),
        listed(BASE).replace(HEADER.encode(), HEADER.replace(",", " , ").encode()),
        listed(BASE, columns=tuple(reversed(prelist.COLUMNS))),
        listed(BASE, columns=tuple(BASE)),
        listed(BASE, columns=(*prelist.COLUMNS, "shelter number", "")),
    ],
)
def test_one_row_however_it_was_saved(data: bytes) -> None:
    found = prelist.read(data, "x.csv", on=TODAY)
    assert verdicts(data) == [("accepted", [])]
    assert found.rows[0].hash == prelist.read(listed(BASE), "x.csv", on=TODAY).rows[0].hash


def test_the_hash_of_a_row_is_fixed() -> None:
    rows = prelist.read((VECTORS / "site-a-faulty.csv").read_bytes(), "x.csv", on=TODAY).rows
    golden = (VECTORS / "row-hashes.txt").read_text(encoding="ascii").split()
    assert [row.hash.hex() for row in rows] == golden


def test_the_hash_stands_for_what_is_said_not_for_how_it_is_typed() -> None:
    def digest(**changes: str) -> bytes:
        return prelist.read(listed({**BASE, **changes}), "x.csv", on=TODAY).rows[0].hash

    same = digest(needs="SM-DP WR-LC", nationality="SOM")
    assert digest(needs=" sm-dp  wr-lc ", nationality="som") == same
    assert digest(needs="SM-DP WR-LC", nationality="SOM", notes="\n") == same
    assert digest(needs="SM-DP", nationality="SOM") != same
    assert digest(name="Amina  Yusuf") == digest()
    assert digest(name="amina yusuf") != digest()


def test_the_extra_columns_of_a_refused_list_do_not_change_the_hash() -> None:
    columns = (*prelist.COLUMNS, "code", "message", "joins")
    again = listed({**BASE, "code": "date_form", "message": "Write it."}, columns=columns)
    first = prelist.read(listed(BASE), "x.csv", on=TODAY).rows[0]
    assert prelist.read(again, "x.csv", on=TODAY).rows[0].hash == first.hash


def test_a_quoted_cell_may_span_lines_and_hold_quotes() -> None:
    data = listed({**BASE, "notes": 'one\r\n"two", three'}, {**BASE, "household": "2"})
    rows = prelist.read(data, "x.csv", on=TODAY).rows
    assert [row.number for row in rows] == [1, 2]
    assert rows[0].values["notes"] == 'one\n"two", three'


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "ROW_LIMIT", 2)
    prelist.read(listed(BASE, BASE), "x.csv", on=TODAY)
    with pytest.raises(PrelistError, match="more than 2 rows"):
        prelist.read(listed(BASE, BASE, BASE), "x.csv", on=TODAY)


def test_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "BYTE_LIMIT", 100)
    with pytest.raises(PrelistError, match="too large"):
        prelist.read(listed(BASE), "x.csv", on=TODAY)


@pytest.mark.parametrize(
    ("filename", "series"),
    [
        ("camp.csv", "camp"),
        ("camp.rejected.csv", "camp"),
        ("camp.rejected.rejected.xlsx", "camp"),
        ("a/b/camp 2.CSV", "camp 2"),
        ("C:\\lists\\camp.rejected.csv", "camp"),
        ("camp", "camp"),
        ("site.a.csv", "site.a"),
    ],
)
def test_the_series_is_the_name_of_the_list(filename: str, series: str) -> None:
    assert prelist.series_of(filename) == series


def workbook(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook_is_read_like_a_list() -> None:
    row = [BASE.get(name) for name in prelist.COLUMNS]
    data = workbook(list(prelist.COLUMNS), row)
    assert verdicts(data) == [("accepted", [])]
    plain = prelist.read(listed(BASE), "x.csv", on=TODAY)
    assert prelist.read(data, "x.xlsx", on=TODAY).rows[0].hash == plain.rows[0].hash


def test_a_workbooks_numbers_and_dates_are_texts_again() -> None:
    made: dict[str, object] = {**BASE, "household": 1.0, "birth": datetime(1985, 4, 2)}  # noqa: DTZ001 - workbooks have no zone
    made |= {"phone": 999550100011, "notes": "=1+1"}
    data = workbook(list(prelist.COLUMNS), [made.get(name) for name in prelist.COLUMNS])
    row = prelist.read(data, "x.xlsx", on=TODAY).rows[0]
    assert (row.household, row.values["birth"]) == ("1", "1985-04-02")
    assert verdicts(data) == [("flagged", ["phone_form:phone", "formula:notes"])]


def test_a_workbook_has_no_cell_count_but_may_have_too_many() -> None:
    row: list[object] = [BASE.get(name) for name in prelist.COLUMNS]
    short = row[:-3]
    assert verdicts(workbook(list(prelist.COLUMNS), short, [], [None])) == [("accepted", [])]
    assert verdicts(workbook(list(prelist.COLUMNS), [*row, "surplus"])) == [
        ("rejected", ["column_count:"])
    ]


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(PrelistError, match="empty"):
        prelist.read(workbook(), "x.xlsx", on=TODAY)


def test_a_workbook_that_lies_about_itself_is_refused() -> None:
    sound = workbook(list(prelist.COLUMNS))
    for place in range(4, len(sound), len(sound) // 40):
        damaged = sound[:place] + b"\xff\x00\xff" + sound[place + 3 :]
        try:
            prelist.read(damaged, "x.xlsx", on=TODAY)
        except PrelistError as error:
            assert error.code in {"unreadable", "empty", "header"}


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forms.workbooks.UNPACKED_LIMIT", 10_000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000)
    with pytest.raises(PrelistError, match="more than a list"):
        prelist.read(buffer.getvalue(), "x.xlsx", on=TODAY)


@pytest.mark.parametrize(
    "value, shown",
    [
        (123456789012345, "123456789012345"),
        (1234567890123456, "1.23456789012346E+15"),
        (123456789012345678, "1.23456789012346E+17"),
        (1.23456789012345e18, "1.23456789012345E+18"),
        ("123456789012345678", "123456789012345678"),
    ],
)
def test_numbers_of_which_sheets_lose_digits_are_not_made_up(value: object, shown: str) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["household", "relation", "name", "document_type", "document_number"])
    book.active.append(["1", "head", "Amina Yusuf", "national_id", value])
    made = io.BytesIO()
    book.save(made)
    found = prelist.read(made.getvalue(), "x.xlsx", on=TODAY)
    assert found.row(1).values["document_number"] == shown
    codes = [one.code for one in prelist.judge(found).of(1).problems]
    assert ("digits_lost" in codes) is (shown != str(value) or "E+" in shown)
