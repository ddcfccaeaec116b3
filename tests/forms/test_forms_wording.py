"""What people read: sentences that say what to do, dates and ages no more exact than known."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import forms
from forms import sentences
from forms.draft import REFUSED, UNKNOWN
from forms.places import Origin, country_named, parse_origin
from forms.problems import Problem, error, warning
from forms.readback import read_back
from forms.wording import label, say, say_age, say_date, say_row
from tests.forms.families import CHILD, CONSENT, HEAD, HOUSEHOLD, TODAY, draft
from values import names, papers
from values.dates import PartialDate

ROOT = Path(forms.__file__).parent


@pytest.mark.parametrize(
    ("text", "calendar", "expected"),
    [
        ("1987-05-03", "gregorian", "3 May 1987"),
        ("1987-05", "gregorian", "May 1987"),
        ("1987", "gregorian", "1987"),
        ("1985~", "gregorian", "about 1985"),
        ("199X", "gregorian", "between 1990 and 1999"),
        ("age:34", "gregorian", "1991 or 1992"),
        ("1361-07-12", "solar-hijri", "1361-07-12 (Solar Hijri), 4 October 1982"),
        ("1352", "solar-hijri", "1352 (Solar Hijri), 1973 or 1974"),
        ("1366~", "solar-hijri", "about 1366 (Solar Hijri), about 1987 or 1988"),
        ("132X", "solar-hijri", "132X (Solar Hijri), between 1941 and 1951"),
        ("2516", "buddhist", "2516 (Buddhist era), 1973"),
        ("2523-01", "buddhist", "2523-01 (Buddhist era), January 1980"),
        ("1970-13-05", "ethiopic", "1970-13-05 (Ethiopian), 10 September 1978"),
        ("1399-06-11", "islamic", "1399-06-11 (Islamic), about 9 May 1979"),
        (
            "1440-01",
            "islamic",
            "1440-01 (Islamic), between 12 September 2018 and 11 October 2018",
        ),
    ],
)
def test_dates_are_said_as_they_are_known(text: str, calendar: str, expected: str) -> None:
    assert say_date(PartialDate.parse(text, calendar, said_on=TODAY)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1985-05-03", "41"),
        ("1985", "40 or 41"),
        ("1985~", "about 41"),
        ("198X", "between 36 and 46"),
        ("age:34", "34"),
        ("2026-04-10", "7 months"),
        ("2026-04-20", "6 months"),
        ("2025-10-15", "13 months"),
        ("2026-10-10", "1 month"),
        ("2026-11-01", "under 1 month"),
        ("2026-11-15", "under 1 month"),
        ("2026", "under 1 year"),
        ("2025", "0 or 1"),
    ],
)
def test_ages_are_said_as_they_are_known(text: str, expected: str) -> None:
    """OpenCRVS 10792: estimated ages count as unknown."""
    assert say_age(PartialDate.parse(text, said_on=TODAY), TODAY) == expected


def test_an_age_that_is_not_known_is_not_said() -> None:
    assert say_age(None, TODAY) == ""


def test_dates_in_another_language_use_its_month_names() -> None:
    said = PartialDate.parse("1987-05-03")
    assert say_date(said, "fr") == "3 mai 1987"
    assert say_date(said, "xx-Unknown") == "3 May 1987"
    persian = say_date(PartialDate.parse("1361-07-12", "solar-hijri"), "fa")
    assert persian.startswith("\u20681361-07-12\u2069 (")


@pytest.mark.parametrize(
    ("code_list", "code", "language", "expected"),
    [
        ("countries", "AFG", "en", "Afghanistan"),
        ("countries", "AFG", "fa", "افغانستان"),
        ("countries", "AFG", "zz", "Afghanistan"),
        ("countries", "XXA", "en", "Stateless person"),
        ("languages", "prs", "fa", "دری"),
        ("languages", "ayn", "en", "Sanaani Arabic"),
        ("needs", "SM-CI", "en", "Chronic illness"),
        ("needs", "ZZ-1", "en", "ZZ-1"),
        ("sex", "", "en", ""),
        ("nothing", "x", "en", "x"),
    ],
)
def test_codes_in_words(code_list: str, code: str, language: str, expected: str) -> None:
    assert label(code_list, code, language) == expected


def test_a_missing_answer_is_asked_for_in_its_own_words() -> None:
    problem = error("missing", "birth", 0, form="person")
    assert say(problem) == "Enter the year of birth, or press Alt+U for unknown."
    assert say(Problem("missing", "birth", "warning")) == say(problem)
    assert say(Problem("missing", "shoe_size", "warning")).startswith("Enter an answer.")


def codes_raised() -> set[str]:
    """Every code that a problem is made with in this room."""
    found = set()
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name("error" | "warning"), [ast.Constant(str(code)), *_]):
                    found.add(code)
    return found - {"missing"}


def test_every_problem_has_a_sentence_that_says_what_to_do() -> None:
    assert codes_raised() - set(sentences.TABLE) - set(sentences.ROW) == set()
    for text in (*sentences.TABLE.values(), *sentences.ROW.values()):
        assert re.fullmatch(r"[A-Z].*\.", text, re.DOTALL)
        assert "invalid" not in text.casefold()


def test_parameters_are_filled_and_a_wrong_translation_does_no_harm() -> None:
    repeat = warning("possible_repeat", "name", line=39, other=3)
    same = "Check whether this is the same person as in line 39 of the sheet."
    assert say_row(repeat) == same
    assert say(repeat) == "Check whether this is the same person as member 3."
    assert say(warning("possible_repeat", "name", line=39)) == same
    # An older program kept the data row instead.
    assert say(warning("possible_repeat", "name", row=38)) == same
    assert say(Problem("possible_repeat", "name", "warning")).endswith("as member ….")
    assert say(Problem("brand_new", "name", "warning")) == "brand_new"
    assert say(error("column_count", found=21, expected=22)).startswith("Give the row 22 cells")
    assert say_row(error("unreadable_answer", "name")) == "Enter this answer again."


def test_the_family_is_read_back_and_each_fact_leads_to_its_field() -> None:
    head: dict[str, Any] = {
        **HEAD,
        "documents": [{"type": "passport", "number": "P1"}],
        "needs": ["SM-CI", "SV-VA"],
        "consent": {**CONSENT, "host_state": "no"},
        "mother_name": UNKNOWN,
        "marital_status": REFUSED,
        "sex": "",
    }
    infant = {**CHILD, "name": "", "birth": {"text": "2026-10-21"}}
    found = read_back(draft(head, infant), TODAY)
    texts = [one.text for one in found]
    assert texts[0] == "گل‌آقا رضایی is the head of the household."
    assert "Born: 1361-07-12 (Solar Hijri), 4 October 1982 (age: 44)." in texts
    assert "Sex: not entered." in texts
    assert "Mother's name: not known." in texts
    assert "Marital status: does not want to say." in texts
    assert "Holds: Passport P1." in texts
    assert "Specific needs: Chronic illness." in texts
    assert "Some needs are sealed and are not read aloud." in texts
    assert "They left this country: Afghanistan." in texts
    assert "A child without a name yet belongs to the household as: Son or daughter." in texts
    assert not any("Violence" in text for text in texts)
    born = next(one for one in found if one.text.startswith("Born: 1361"))
    assert [(one.field, one.member) for one in born.parts if one.field] == [("birth", "m1")]
    country = next(one for one in found if one.text.startswith("They left this country"))
    assert [(one.field, one.member) for one in country.parts if one.field] == [
        ("origin_country", "")
    ]
    assert country.person is None
    unnamed = read_back(draft({"relation": "head"}, household=HOUSEHOLD), TODAY)
    assert unnamed[0].text.startswith("A person whose name is not entered")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Sudan; West Darfur; El Geneina [SD04101]",
            Origin("SDN", "West Darfur; El Geneina", "SD04101"),
        ),
        ("Lao PDR; Attapeu; Sanamxay [LA1702]", Origin("LAO", "Attapeu; Sanamxay", "LA1702")),
        ("République démocratique du Congo; Équateur", Origin("COD", "Équateur", "")),
        ("Moçambique; Sofala; Búzi", Origin("MOZ", "Sofala; Búzi", "")),
        ("افغانستان; کابل", Origin("AFG", "کابل", "")),
        ("Kabul", Origin("", "Kabul", "")),
        ("Atlantis; Deep; Sea [AT1]", Origin("", "Atlantis; Deep; Sea", "AT1")),
        ("[X1]", Origin("", "", "X1")),
        ("", Origin()),
    ],
)
def test_origins(text: str, expected: Origin) -> None:
    assert parse_origin(text) == expected


@pytest.mark.parametrize("name", ["SYR", "Syria", "Syrian Arab Republic", "syria", "the Syria"])
def test_countries_have_many_names(name: str) -> None:
    assert country_named(name) == "SYR"


def test_a_leap_day_child_is_not_aged_early() -> None:
    born = PartialDate.parse("2024-02-29")
    assert say_age(born, date(2026, 2, 28)) == "23 months"
    assert say_age(born, date(2026, 3, 1)) == "2"


@pytest.mark.parametrize("code", sorted(names.CODES | papers.CODES))
def test_every_doubt_about_a_name_or_a_paper_has_its_sentence(code: str) -> None:
    assert say(warning(code, "documents"), "en").endswith(".")


def test_a_date_in_a_sentence_from_right_to_left_stays_as_it_is_typed() -> None:
    said = say(error("date_form", "birth"), "ar")
    assert "\u20681987-05-03\u2069" in said
    assert "\u2068" not in say(error("date_form", "birth"), "en")
