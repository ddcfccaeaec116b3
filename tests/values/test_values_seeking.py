"""Finding by typing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from values.seeking import begun, fold, words


@pytest.mark.parametrize(
    "one, other",
    [
        ("Évadé", "EVADE"),
        ("sœur", "soeur"),
        ("أرملة", "ارمله"),
        ("أعمى", "اعمي"),
        ("کتاب", "كتاب"),
        ("عـــرس", "عرس"),
        ("١٨", "18"),
    ],
)
def test_spellings_that_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    "typed, text, says",
    [
        ("wheel", "Uses a wheel-chair", True),
        ("chair wheel", "Uses a wheel-chair", True),
        ("heel", "Uses a wheel-chair", False),
        ("ds-b", "DS-BD", True),
        ("الأر", "أرملة", True),
        ("أرم", "الأرملة", True),
        ("ال", "الم", True),
        ("", "anything", True),
    ],
)
def test_each_word_begins_one(typed: str, text: str, *, says: bool) -> None:
    assert begun(words(typed), words(text)) is says


@given(st.text(max_size=30))
def test_every_text_finds_itself(text: str) -> None:
    assert begun(words(text), words(text))
