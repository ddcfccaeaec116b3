"""Countries on papers have the names of the United Nations; everyday names still find them."""

from __future__ import annotations

import csv
from datetime import date

import pytest

import resources
from forms.codes import code_list, head_of
from forms.everyday import everyday
from forms.names import official
from forms.places import country_named
from forms.wording import in_cldr, label, say_date, say_day
from resources.i18n import languages, paper_languages
from values.dates import PartialDate

FILE = "codes/names/countries.csv"
LINES = resources.read_text(FILE).splitlines()
ROWS = list(csv.DictReader(line for line in LINES if not line.startswith("#")))


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("COD", "en", "Democratic Republic of the Congo"),
        ("COD", "en-GB", "Democratic Republic of the Congo"),
        ("COD", "", "Democratic Republic of the Congo"),
        ("COD", "fr", "République démocratique du Congo"),
        ("COD", "ar", "جمهورية الكونغو الديمقراطية"),
        ("COD", "fa-AF", "جمهوری دموکراتیک کانگو"),
        ("SYR", "en", "Syrian Arab Republic"),
        ("SYR", "ur", "شام"),
        ("TUR", "en", "Türkiye"),
        ("PSE", "en", "State of Palestine"),
        ("MMR", "en", "Myanmar"),
        ("MMR", "my", "မြန်မာ"),
        ("SDN", "fr", "Soudan"),
    ],
)
def test_a_country_has_its_name_of_papers(code: str, language: str, name: str) -> None:
    assert label("countries", code, language) == name


def test_the_file_says_where_its_names_come_from_and_has_no_other_columns() -> None:
    assert "M49" in head_of(LINES, FILE)["source"]
    assert set(ROWS[0]) == {"code", *paper_languages()}
    codes = [row["code"] for row in ROWS]
    assert codes == sorted(set(codes)) and set(codes) <= code_list("countries").codes.keys()
    assert all(any(row[language] for language in paper_languages()) for row in ROWS)


@pytest.mark.parametrize("language", paper_languages())
def test_no_country_is_told_by_its_capital_or_by_letters_of_another_script(language: str) -> None:
    names = [label("countries", code.code, language) for code in code_list("countries")]
    assert [name for name in names if " - " in name or "SAR" in name] == []
    assert len(set(names)) == len(names)
    if language not in ("en", "fr"):
        assert [one for one in names if any(c.isascii() and c.isalpha() for c in one)] == []


@pytest.mark.parametrize("language", languages())
def test_the_everyday_name_finds_it(language: str) -> None:
    for code in official(language):
        assert everyday("countries", language)[code] == in_cldr("countries", code, language)
        assert country_named(label("countries", code, language)) == code
    assert everyday("countries", "en")["KOR"] == "South Korea"


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [
        ("en", "5 November 2026", "November 2026"),
        ("fr", "5 novembre 2026", "novembre 2026"),
        ("ar", "5 نوفمبر 2026", "نوفمبر 2026"),
        ("am", "5 ኖቬምበር 2026", "ኖቬምበር 2026"),
        ("fa-AF", "5 نومبر 2026", "نومبر 2026"),
        ("ps", "5 نومبر 2026", "نومبر 2026"),
        ("ur", "5 نومبر، 2026", "نومبر 2026"),
        ("my", "2026 နိုဝင်ဘာ 5", "2026 နိုဝင်ဘာ"),  # the year leads in Burmese, the day ends
    ],
)
def test_a_date_has_the_order_and_the_month_of_its_language(
    language: str, day: str, month: str
) -> None:
    assert say_day(date(2026, 11, 5), language) == day
    assert say_date(PartialDate("2026-11-05"), language) == day
    assert say_date(PartialDate("2026-11"), language) == month
