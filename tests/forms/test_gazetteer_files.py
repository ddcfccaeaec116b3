"""Reading place tables: every way in which OCHA heads them, and what is refused with its row."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from benchmarks import areas as invented_places
from forms import gazetteer_files, gazetteer_sheets, workbooks
from forms.gazetteer import Gazetteer, GazetteerError

WIDE = """\
ADM2_EN,ADM2_AR,ADM2_PCODE,ADM1_EN,ADM1_AR,ADM1_PCODE,ADM0_EN,ADM0_AR,ADM0_PCODE,date,validOn,AREA_SQKM
Vetish,فيتيش,XT0101,Gonuwak,جونوواك,XT01,Nardavia,ناردافيا,XT,2025-11-02,2026-01-01,12.5
Nebed,نيبيد,XT0102,Gonuwak,جونوواك,XT01,Nardavia,ناردافيا,XT,2025-11-02,2026-01-01,1
Bewath,,XT0201,Zafalash,زافالاش,XT02,Nardavia,ناردافيا,XT,2025-11-02,2026-01-01,2
"""

CAMEL = """\
admin2Name_en,admin2Name_ar,admin2Pcode,admin2RefName,admin1Name_en,admin1Name_ar,admin1Pcode,\
admin0Name_en,admin0Name_ar,admin0Pcode,validOn
Vetish,فيتيش,XT0101,,Gonuwak,جونوواك,XT01,Nardavia,ناردافيا,XT,2026/01/01
Nebed,نيبيد,XT0102,,Gonuwak,جونوواك,XT01,Nardavia,ناردافيا,XT,2026/01/01
Bewath,,XT0201,,Zafalash,زافالاش,XT02,Nardavia,ناردافيا,XT,2026/01/01
"""

NEWER = """\
adm2_name,adm2_name1,adm2_pcode,adm1_name,adm1_name1,adm1_pcode,adm0_name,adm0_name1,adm0_pcode,\
valid_on,valid_to,lang,lang1,lang2,version
Vetish,فيتيش,XT0101,Gonuwak,جونوواك,XT01,Nardavia,ناردافيا,XT,2026-01-01,,en,ar,,v02
Nebed,نيبيد,XT0102,Gonuwak,جونوواك,XT01,Nardavia,ناردافيا,XT,2026-01-01,,en,ar,,v02
Bewath,,XT0201,Zafalash,زافالاش,XT02,Nardavia,ناردافيا,XT,2026-01-01,,en,ar,,v02
"""

PLAIN = """\
# title: An invented country
# source: Nobody
# version: 1
pcode,name_en,name_ar,level,parent,valid_on
XT0101,Vetish,فيتيش,2,XT01,2026-01-01
XT,Nardavia,ناردافيا,0,,2026-01-01
XT01,Gonuwak,جونوواك,1,XT,2025-01-01
XT0102,Nebed,نيبيد,2,XT01,2025-01-01
XT02,Zafalash,زافالاش,1,XT,2025-01-01
XT0201,Bewath,,2,XT02,2025-01-01
"""


def read(text: str, name: str = "nardavia.csv") -> Gazetteer:
    return gazetteer_files.read((name, text.encode()), source="The same source")


@pytest.mark.parametrize(
    "text",
    [
        WIDE.lower(),
        CAMEL,
        NEWER,
        PLAIN,
        "\ufeff" + WIDE,
        WIDE.replace("\n", "\r\n"),
        WIDE.replace(",", ";"),
        WIDE.replace(",", "\t"),
        WIDE.replace("ADM2_EN", ' "ADM2_EN"', 1).replace("Vetish", " Vetish "),
        WIDE + ",,,,,,,,,,,\n\n",
        WIDE + "Vetish,فيتيش,XT0101,Gonuwak,جونوواك,XT01,Nardavia,ناردافيا,XT,,,,,,\n",
    ],
    ids=["lower", "camel", "newer", "plain", "bom", "crlf", ";", "tab", "spaces", "blank", "twice"],
)  # fmt: skip
def test_every_style_reads_alike(text: str) -> None:
    if text.startswith(
        "adm2_en"
    ):  # lower case changes the names and the codes, but not what is read
        assert [place.code for place in read(text)] == [
            place.code.lower() for place in read(WIDE)
        ]  # fmt: skip
        return
    assert read(text).to_bytes() == read(WIDE).to_bytes()


def test_what_is_kept() -> None:
    found = read(WIDE)
    assert found.languages == ("en", "ar")
    assert (found.source, found.valid_on, len(found)) == ("The same source", "2026-01-01", 6)
    bewath = found.by_code("XT0201")
    assert bewath is not None
    assert dict(bewath.names) == {"en": "Bewath"}
    assert bewath.name_in("ar") == "Bewath"


def test_the_files_say_where_they_come_from() -> None:
    assert gazetteer_files.read(("a.csv", PLAIN.encode())).source == "Nobody"
    assert gazetteer_files.read(("a.csv", WIDE.encode())).source == "a.csv"
    saved = PLAIN.replace("# source: Nobody", "# source: Nobody,,,,,")  # a spreadsheet pads rows
    assert gazetteer_files.read(("a.csv", saved.encode())).source == "Nobody"


def test_other_names_are_found_and_not_shown() -> None:
    text = "adm1_en,adm1_pcode,adm1_ref_name,ADM1ALT1EN,ADM1_ALT2_AR\nBay,XT01,Baaj,Bai;Bey,باي\n"
    found = read(text)
    (place,) = found
    assert place.also == ("Baaj", "Bai", "Bey", "باي")
    assert set(place.names) == {"en"}
    assert [one.code for typed in ("baaj", "bey", "باي") for one in found.search(typed)] == (
        ["XT01"] * 3
    )


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ADM1_FR", "fr"),
        ("ADM1_UA", "uk"),
        ("ADM1_RHG", "rhg"),
        ("ADM1_ZH_HANT", "zh-hant"),
        ("admin1Name", "und"),
        ("adm1_name", "und"),
        ("admin1Name_so", "so"),
    ],
)
def test_languages_of_names(header: str, language: str) -> None:
    assert read(f"{header},ADM1_PCODE\nBay,XT01\n").languages == (language,)


def test_rows_that_only_tag_are_passed_over() -> None:
    tagged = WIDE.replace("AREA_SQKM\n", "AREA_SQKM\n#adm2+name,,#adm2+code,#adm1+name,,,,,,,,\n")
    assert read(tagged).to_bytes() == read(WIDE).to_bytes()


def test_the_order_of_rows_does_not_matter() -> None:
    head, *rows = WIDE.splitlines(keepends=True)
    random.Random(5).shuffle(rows)
    assert read(head + "".join(rows)).to_bytes() == read(WIDE).to_bytes()


def test_an_area_without_areas_in_it() -> None:
    found = read(WIDE + ",,,Ranuves,,XT03,Nardavia,ناردافيا,XT,,,\n")
    assert [place.code for place in found.path("XT03")] == ["XT", "XT03"]


def test_two_countries() -> None:
    other = WIDE.replace("XT", "XW").replace("Nardavia", "Westland")
    both = gazetteer_files.read(("a.csv", WIDE.encode()), ("b.csv", other.encode()))
    assert len(both) == 12
    assert both.source == "a.csv; b.csv"


FIRST = WIDE.splitlines(keepends=True)[0]
LAST = "Bewath,,XT0201,Zafalash,زافالاش,XT02,Nardavia,ناردافيا,XT,,2026-01-01,2\n"


@pytest.mark.parametrize(
    ("text", "row", "remedy"),
    [
        (WIDE + LAST.replace("Bewath", "Bevath"), 5, "XT0201 is called “Bevath” here and “Bewath”"
         " in row 4; give it one name"),
        (WIDE + LAST.replace("Zafalash", "Zafalas"), 5, "XT02 is called “Zafalas” here and"),
        (WIDE + LAST.replace("XT02,", "XT01,"), 5, "XT01 is called “Zafalash” here"),
        (WIDE + LAST.replace("Zafalash,زافالاش,XT02", "Gonuwak,جونوواك,XT01"), 5,
         "XT0201 lies in XT01 here and in XT02 in row 4; write the same"),
        (WIDE + LAST.replace("XT02,", ","), 5, "the area of level 1 has a name and no P-code"),
        (WIDE + LAST.replace("Zafalash,زافالاش,XT02", ",,"), 5,
         "the P-code of level 1 is missing; add the area around XT0201"),
        (WIDE + LAST.replace("Nardavia,ناردافيا,XT", ",,"), 5, "the P-code of level 0 is missing"),
        (WIDE + LAST.replace("XT0201", ""), 5, "the area of level 2 has a name and no P-code"),
        (WIDE + LAST.replace("Bewath", "").replace("XT0201", "XT0202"), 5, "XT0202 has no name"),
        (WIDE + LAST.replace("XT0201", "XT02"), 5, "XT02 is level 2 here, and XT02 is level 1"),
        (WIDE + LAST.replace("XT0201", "XT 02/01!"), 5, "XT 02/01! is no P-code"),
        (WIDE + LAST.replace("XT0201", "X" * 21), 5, "is no P-code of a level up to 5"),
        (WIDE + LAST.replace("\n", ",more\n"), 5, "there are more cells than the header has"),
        (WIDE + LAST.replace("XT0201", "XT0203").replace("Bewath", "Ã‰vora"), 5,
         "“Ã‰vora” is in a wrong encoding; export the table again as UTF-8"),
        (WIDE + LAST.replace("XT0201", "XT0203").replace("Bewath", "Bew\ufffdth"), 5,
         "is in a wrong encoding"),
        (WIDE + LAST.replace("XT0201", "XT0203").replace("Bewath", "Bew\x07th"), 5,
         "“Bewth” is in a wrong encoding"),
        (WIDE + LAST.replace("XT0201", "XT0203").replace("Bewath", "B" * 201), 5,
         "a name has more than 200 characters"),
        (WIDE + '"Bewath,\n', 5, "the quotation marks or control characters are wrong here"),
        (FIRST, 0, "there are no places in it; choose another file"),
        ("", 0, "the file is empty; choose another file"),
        ("\ufeff \n", 0, "the file is empty"),
        ("name,code\nBay,1\n", 0, "the first row must name the columns"),
        ("ADM1_EN,ADM2_EN\nBay,Baidoa\n", 0, "the first row must name the columns"),
        ("ADM1_PCODE\nXT01\n", 0, "the first row must name the columns"),
        ("ADM1_REF,ADM1_PCODE\nBay,XT01\n", 0, "the first row must name the columns"),
        ("B" * 200_000, 1, "the quotation marks or control characters are wrong here"),
        ("#\n,,\n", 0, "the first row must name the columns"),
        ("ADM9_EN,ADM9_PCODE\nBay,XT01\n", 2, "XT01 is no P-code of a level up to 5"),
        (PLAIN.replace("2,XT02", "2,XT03"), 10, "XT0201 lies in XT03, which is not in the file"),
        (PLAIN.replace("Bewath,,2", "Bewath,,1"), 10, "XT0201 of level 1 lies in XT02 of level 1"),
        (PLAIN.replace("Bewath,,2", "Bewath,,two"), 10, "write the level as a number from 0 to 5"),
        (PLAIN.replace("Bewath,,2", "Bewath,,9"), 10, "write the level as a number from 0 to 5"),
        (PLAIN.replace("XT0201,", ","), 10, "the area has no P-code; add it"),
        (PLAIN.replace("XT0201,Bewath", "XT02,Bewath"), 10, "XT02 is level 2 here, and XT02"),
        (PLAIN.replace("XT0201,Bewath", "xt0101,Bewath"), 10, "xt0101 is level 2 here, and XT0101"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_row(text: str, row: int, remedy: str) -> None:
    with pytest.raises(GazetteerError) as caught:
        read(text)
    first = caught.value.faults[0]
    assert (first.file, first.row) == ("nardavia.csv", row)
    assert remedy in first.remedy
    where = f"nardavia.csv, row {row}: " if row else "nardavia.csv: "
    assert str(caught.value).startswith(where + first.remedy)
    assert caught.value.code == "gazetteer"


def test_all_faults_are_told_up_to_a_limit() -> None:
    with pytest.raises(GazetteerError) as caught:
        read(WIDE.replace("XT0101", "").replace("XT0102", ""))
    assert [fault.row for fault in caught.value.faults] == [2, 3]
    assert str(caught.value).endswith("no P-code; add it (fault 1 of 2).")
    with pytest.raises(GazetteerError) as caught:
        read(WIDE + "Nebed,,,,,XT01,,,XT,,,\n" * 60)
    assert len(caught.value.faults) == gazetteer_files.FAULT_LIMIT
    assert str(caught.value).endswith("(fault 1 of more than 20).")


def test_the_other_file_is_named() -> None:
    with pytest.raises(GazetteerError, match=r"^b.csv, row 2: .* in a.csv, row 2; give it one"):
        gazetteer_files.read(
            ("a.csv", WIDE.encode()), ("b.csv", WIDE.replace("Vetish", "Vetis").encode())
        )


@pytest.mark.parametrize(
    ("data", "row", "remedy"),
    [
        (WIDE.replace("Nebed", "N\xe9bed").encode("utf-8").replace(b"\xc3\xa9", b"\xe9"), 3,
         "this is not UTF-8"),
        (b"\xd0\xcf\x11\xe0rest", 0, "this is an old Excel file"),
        (b"PK\x03\x04rest", 0, "the workbook cannot be read"),
        (b"\xff\xfeA", 1, "this is not UTF-8"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_table(data: bytes, row: int, remedy: str) -> None:
    with pytest.raises(GazetteerError) as caught:
        gazetteer_files.read(("a.csv", data))
    assert (caught.value.faults[0].row, remedy in str(caught.value)) == (row, True)


def test_utf_16_is_read() -> None:
    found = gazetteer_files.read(("a.csv", WIDE.replace(",", "\t").encode("utf-16")))
    assert len(found) == 6


def book(**sheets: Sequence[Sequence[object]]) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def cells(text: str) -> list[list[object]]:
    return [list(line.split(",")) for line in text.splitlines()]


def test_a_workbook_with_a_sheet_for_each_level() -> None:
    rows = cells(WIDE)
    for row in rows[1:]:
        row[9] = row[10] = datetime(2026, 1, 1)  # noqa: DTZ001 - a spreadsheet has no time zone
    regions = [row[3:] for row in rows]
    data = book(ReadMe=[["Nardavia", "invented"]], ADM1=regions, ADM2=rows, Empty=[])
    found = gazetteer_files.read(("nardavia.xlsx", data), source="The same source")
    assert found.to_bytes() == read(WIDE).to_bytes()


def test_numbers_in_cells_are_codes() -> None:
    data = book(A=[["ADM1_EN", "ADM1_PCODE"], ["Bay", 17], ["Bayan", 18.0], ["No", True]])
    found = gazetteer_files.read(("a.xlsx", data))
    assert [place.code for place in found] == ["17", "18", "True"]


def test_faults_in_a_workbook_name_the_sheet() -> None:
    rows = cells(WIDE)
    rows[2][0] = ""
    rows[2][1] = ""
    with pytest.raises(GazetteerError, match=r"^a.xlsx \(ADM2\), row 3: XT0102 has no name"):
        gazetteer_files.read(("a.xlsx", book(ADM2=rows)))


def test_a_workbook_without_places() -> None:
    with pytest.raises(GazetteerError, match="must name the columns"):
        gazetteer_files.read(("a.xlsx", book(A=[["x", "y"], [1, 2]])))


def test_a_damaged_workbook() -> None:
    data = book(ADM2=cells(WIDE))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info, content[:-40] if "sheet1" in info.filename else content)
    with pytest.raises(GazetteerError, match="workbook"):
        gazetteer_files.read(("a.xlsx", out.getvalue()))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_mutations_raise_only_the_one_error(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([WIDE, PLAIN])).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        new = data.draw(st.sampled_from([b"", b'"', b",", b"\n", b"\r", b"\x00", b"\xff", b"X"]))
        whole[at : at + data.draw(st.integers(0, 3))] = new
    try:
        found = gazetteer_files.read(("a.csv", bytes(whole)))
    except GazetteerError as error:
        assert error.faults
    else:
        assert Gazetteer.from_bytes(found.to_bytes()).hash == found.hash


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer_files, "PLACE_LIMIT", 5)
    with pytest.raises(GazetteerError, match="there are more than 5 places"):
        read(WIDE)
    monkeypatch.setattr(gazetteer_files, "LANGUAGE_LIMIT", 1)
    monkeypatch.setattr(gazetteer_files, "PLACE_LIMIT", 50)
    with pytest.raises(GazetteerError, match="leave at most 1 languages in it"):
        read(WIDE)
    monkeypatch.setattr(gazetteer_sheets, "BYTE_LIMIT", 100)
    with pytest.raises(GazetteerError, match="too large for a place table"):
        read(WIDE)
    monkeypatch.setattr(gazetteer_sheets, "BYTE_LIMIT", 10**6)
    monkeypatch.setattr(workbooks, "UNPACKED_LIMIT", 100)
    with pytest.raises(GazetteerError, match="The workbook holds far more than a list"):
        gazetteer_files.read(("a.xlsx", book(ADM2=cells(WIDE))))


def test_invented_places_are_the_same_for_the_same_seed() -> None:
    assert invented_places.table(3, 700) == invented_places.table(3, 700)
    assert invented_places.table(3, 700) != invented_places.table(4, 700)
    assert len(gazetteer_files.read(("a.csv", invented_places.table(3, 700)))) == 700


# what nobody sees, and what has no end ---------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["\u202e", "\u200b\u2060", "\u3164", "\u0301", "\u200d"], ids=ascii
)
@pytest.mark.parametrize("header", ["pcode,name,level,parent", "adm0_pcode,adm0_en,x,y"])
def test_a_name_that_nobody_sees_is_refused_with_its_row(header: str, name: str) -> None:
    with pytest.raises(GazetteerError) as caught:
        read(f"{header}\nXT,{name},0,\n")
    (fault, *_) = caught.value.faults
    assert (fault.file, fault.row) == ("nardavia.csv", 2)
    assert "nothing that can be seen" in fault.remedy


@pytest.mark.parametrize("level", ["9" * 5000, "-1", "²", "६", "1.0", "6", "007"])
def test_a_level_is_a_small_number(level: str) -> None:
    with pytest.raises(GazetteerError, match=r"nardavia\.csv, row 2: write the level"):
        read(f"pcode,name,level,parent\nXT,Nardavia,{level},\n")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "# source: " + " ,;" * 500_000 + "x\n" + PLAIN,
        "# source" + " " * 1_000_000 + "x\n" + PLAIN,
        PLAIN.replace("name_ar", "other_names").replace("نيبيد", "a" + " " * 130_000 + "b"),
        PLAIN.replace("Nebed", "a" + "\u0301\u0316" * 60_000),
        PLAIN.replace("Nebed", "a" + " " * 130_000 + "b"),
    ],
    ids=["comment", "key", "other names", "marks", "spaces"],
)
def test_a_cell_without_end_is_no_wait(text: str) -> None:
    try:
        read(text)
    except GazetteerError as error:
        assert error.faults


@pytest.mark.timeout(60)
def test_searching_for_a_page_of_text_is_no_wait() -> None:
    found = read(PLAIN)
    for typed in ("a" + "\u0301\u0316" * 200_000, "," * 200_000, "a " * 200_000, "\ud800"):
        found.search(typed)
