"""Telephone numbers: read as people write them, checked by length, doubted by plan."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from values.phone import PhoneError, doubt, e164

LIST = Path(__file__).parents[2] / "resources" / "samples" / "site-a.csv"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+999550100011", "+999550100011"),
        (" +999 (550) 100-011 ", "+999550100011"),
        ("00999550100011", "+999550100011"),
        ("+٩٩٩٥٥٠١٠٠٠١١", "+999550100011"),
        ("\u202a+999550100011\u202c", "+999550100011"),
        ("+447700900118", "+447700900118"),
        ("0044 7700 900118", "+447700900118"),
        ("+44 (0)7700 900118", "+447700900118"),  # the nought is only dialled inside
        ("+39 06 5550 0118", "+390655500118"),  # here it belongs to the number
        ("+1 202 555 0118", "+12025550118"),
    ],
    ids=ascii,
)
def test_reads(text: str, number: str) -> None:
    assert e164(text) == number
    assert e164(number) == number


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("07700 900118", "GB", "+447700900118"),
        ("(202) 555-0118", "US", "+12025550118"),
        ("၀၉ ၇၇၁ ၂၃၄ ၅၆၇", "MM", "+959771234567"),
        ("+447700900118", "US", "+447700900118"),  # its own code goes before the region
        ("0044 7700 900118", "US", "+447700900118"),
    ],
    ids=ascii,
)
def test_reads_as_dialled_inside_a_country(text: str, region: str, number: str) -> None:
    assert e164(text, region=region) == number


@pytest.mark.parametrize(
    "text",
    ["", "012 000 0417", "999550100011", "+0999550100", "+12345", "+1234567890123456",
     "+99955O100011", "++999550100011", "phone", "+999550100011 ext 5", "+", "00"],
)  # fmt: skip
def test_refuses_other_forms(text: str) -> None:
    with pytest.raises(PhoneError, match="country code") as caught:
        e164(text)
    assert caught.value.code == "phone_form"
    assert caught.value.sentence == str(caught.value)


@pytest.mark.parametrize(
    ("text", "region", "words"),
    [
        ("+4477009001", None, "+44"),
        ("+44770090011812", None, "too many"),
        ("+95977", None, "country code"),
        ("911", "US", "missing"),
        ("555 0118", "US", "area code"),
    ],
)
def test_refuses_lengths_that_a_country_does_not_have(
    text: str, region: str | None, words: str
) -> None:
    with pytest.raises(PhoneError) as caught:
        e164(text, region=region)
    assert words in caught.value.sentence
    assert caught.value.code in ("phone_length", "phone_form")


def test_an_unknown_region() -> None:
    with pytest.raises(PhoneError) as caught:
        e164("0791234567", region="JOR")
    assert caught.value.code == "phone_region"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+959771234567", None),
        ("+999550100011", "phone_country"),
        ("+447700900118", "phone_range"),  # kept for drama, never given out
    ],
)
def test_doubts(number: str, code: str | None) -> None:
    assert doubt(number) == code
    assert e164(number) == number  # a doubt refuses nothing


def test_every_number_of_the_sample_list_passes() -> None:
    with LIST.open(encoding="utf-8", newline="") as file:
        numbers = [row["phone"] for row in csv.DictReader(file) if row["phone"]]
    assert len(numbers) > 20
    assert [e164(number) for number in numbers] == numbers


@given(st.text(alphabet="+0123456789 ()-٣", max_size=18), st.sampled_from([None, "GB", "MM"]))
@settings(max_examples=100, deadline=None)
def test_what_passes_is_international_and_stays(text: str, region: str | None) -> None:
    try:
        number = e164(text, region=region)
    except PhoneError as error:
        assert error.sentence.endswith(".")
        return
    assert number.startswith("+") and number[1:].isdecimal() and 8 <= len(number) <= 16
    assert e164(number) == number


def test_the_library_is_loaded_only_when_a_number_is_read() -> None:
    program = "import sys, values.phone; print(int('phonenumbers' in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.strip() == "0"
