"""What people say for a date is understood, and nothing else is touched."""

from __future__ import annotations

import pytest

from desktop.interview.birth import understood


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("age 34", "age:34"),
        ("Age: 34", "age:34"),
        ("34y", "age:34"),
        ("34 years", "age:34"),
        ("34 ans", "age:34"),
        ("٣٤ سنة", "age:34"),
        ("34", "age:34"),
        ("7", "age:7"),
        ("۳۴", "age:34"),
        ("about 1985", "1985~"),
        ("~1985", "1985~"),
        ("1985?", "1985~"),
        ("c. 1985", "1985~"),
        ("1980s", "198X"),
        ("3/5/1987", "1987-05-03"),
        ("03.05.1987", "1987-05-03"),
        ("5/1987", "1987-05"),
        ("1987/5/3", "1987-05-03"),
        ("1987 5", "1987-05"),
    ],
)
def test_a_birth_as_people_say_it(said: str, meant: str) -> None:
    assert understood(said, ages=True) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "1987-05-03", "1987-05", "1987", "1985~", "198X", "age:34", "۱۳۶۱-۰۷-۱۲", "Nowruz"],
)
def test_the_notation_and_what_is_not_understood_stay_as_typed(typed: str) -> None:
    assert understood(typed, ages=True) == typed


def test_only_a_birth_may_be_said_as_an_age() -> None:
    assert understood("34y", ages=False) == "34y"
    assert understood("34", ages=False) == "34"
    assert understood("18/4/2026", ages=False) == "2026-04-18"
