"""Who may be one person: what is proposed, what is not, and the reasons that are given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import weights as w
from matching.proposing import (
    MOST,
    Profile,
    blocking_keys,
    comparable,
    compare,
    propose,
)
from matching.search_keys import keys_for
from values.dates import PartialDate

DAY = date(2026, 11, 15)


def born(text: str) -> PartialDate:
    return PartialDate.parse(text, said_on=DAY)


def person(number: int, name: str, birth: str = "", **more: object) -> Profile:
    return Profile(
        UUID(int=number),
        (name,) if name else (),
        sex=str(more.pop("sex", "F")),
        birth=born(birth) if birth else None,
        **more,  # type: ignore[arg-type]  # as the test says them
    )


AMINA = person(1, "Amina Yusuf Ali", "1987-05-03", mother=("Zohra Omar",))

SAME = [
    person(2, "Amina Yusuf Ali", "1987-05-03"),
    person(2, "Ameena Youssef Ali", "1987-05-03", mother=("Zuhra Umar",)),
    person(2, "أمينة يوسف علي", "1987"),
    person(2, "Amina Yusuf Ali", "1987-03-05"),  # day and month changed places
    person(2, "Amina Yusuf Ali", "age:39"),
    person(2, "Yusuf Amina Ali", "1987-05-08"),
    person(2, "Amina Yusuf", "1987-05-03"),
]

OTHERS = [
    person(2, "Amina Yusuf Ali", "1962-05-03"),  # her aunt
    person(2, "Selin Orlok", "1987-05-03"),
    person(2, "Amina Khaled Hassan", "1991-02-03"),
    person(2, "Amina", "1985~"),
    person(2, "Amin Yusuf Ali", "1987-05-03", sex="M", mother=("Huda Salim",)),
]


@pytest.mark.parametrize("other", SAME)
def test_one_person_written_twice_is_proposed(other: Profile) -> None:
    """OpenCRVS 11073, 13703: a person who was registered twice is not noticed.

    MOSIP equality: one typing error, or another order of names, and two records of one person are
    two.
    """
    (made,) = propose(AMINA, [other])
    assert made.other == other.id
    assert 0 < made.score < 1000
    assert made.weight == pytest.approx(sum(reason.weight for reason in made.reasons))


@pytest.mark.parametrize("other", OTHERS)
def test_two_persons_are_not(other: Profile) -> None:
    """OpenCRVS 8789, 5064: strangers are reported as duplicates."""
    assert propose(AMINA, [other]) == []


@pytest.mark.parametrize("other", SAME)
def test_whoever_is_proposed_is_found_by_the_keys(other: Profile) -> None:
    assert set(blocking_keys(AMINA)) & keys_for(other.names)


def test_the_reasons_say_what_was_compared_the_weightiest_first() -> None:
    """OpenCRVS matching 2: no score and no reason is kept, so nobody can say why two were taken for
    one."""
    made = compare(AMINA, SAME[1])
    assert made is not None
    assert [reason.code for reason in made.reasons] == [
        w.NAME_ALIKE, w.BIRTH_SAME, w.MOTHER_SAME, w.SEX_SAME,
    ]  # fmt: skip
    weights = [abs(reason.weight) for reason in made.reasons]
    assert weights == sorted(weights, reverse=True)


def test_members_of_one_household_are_proposed_only_as_one_entered_twice() -> None:
    home = frozenset({UUID(int=99)})
    amina = replace(AMINA, households=home)
    sister = person(2, "Samina Yusuf Ali", "1989-07-01", mother=AMINA.mother, households=home)
    twin = person(3, "Farida Yusuf Ali", "1987-05-03", mother=AMINA.mother, households=home)
    unknown = person(4, "Amina Yusuf Ali", households=home)
    twice = person(5, "Amina Yusuf Aly", "1987-05-03", mother=AMINA.mother, households=home)
    assert [one.other for one in propose(amina, [sister, twin, unknown, twice])] == [twice.id]


def test_a_paper_of_one_number_is_enough_to_be_looked_at() -> None:
    card = frozenset({("national_id", "AB123")})
    older = person(2, "Amina Yusuf Ali", "1979", documents=frozenset({("passport", "AB123")}))
    assert comparable(replace(AMINA, documents=card), older)
    codes = [reason.code for reason in propose(replace(AMINA, documents=card), [older])[0].reasons]
    assert codes[0] == w.DOCUMENT_SAME


def test_what_is_not_known_says_nothing() -> None:
    """OpenCRVS matching 1: one missing value silences its clause and whatever encloses it."""
    bare = person(2, "Amina Yusuf Ali", sex="")
    (made,) = propose(AMINA, [bare])
    assert [reason.code for reason in made.reasons] == [w.NAME_SAME]
    assert compare(person(3, ""), person(4, "")) is not None


def test_one_person_gets_so_many_proposals_and_no_more() -> None:
    crowd = [person(10 + number, "Amina Yusuf Ali", "1987-05-03") for number in range(MOST + 5)]
    assert len(propose(AMINA, crowd)) == MOST
    assert propose(AMINA, [AMINA]) == []


names = st.sampled_from(["Amina Yusuf", "Ameena Youssef Ali", "Selin", "محمد علی", "Ali", ""])
births = st.sampled_from(["", "1987-05-03", "1987-03-05", "1987", "1985~", "198X", "age:39"])
people = st.builds(
    lambda name, birth, sex, mother, home, card: Profile(
        UUID(int=1),
        (name,) if name else (),
        sex=sex,
        birth=born(birth) if birth else None,
        mother=(mother,) if mother else (),
        households=frozenset({UUID(int=home)}) if home else frozenset(),
        documents=frozenset({("passport", card)}) if card else frozenset(),
    ),
    names, births, st.sampled_from("FMX"), names, st.integers(0, 2), st.sampled_from(["", "A1"]),
)  # fmt: skip


@settings(max_examples=100)
@given(people, people)
def test_it_does_not_matter_who_is_asked_about(one: Profile, other: Profile) -> None:
    other = replace(other, id=UUID(int=2))
    there, back = compare(one, other), compare(other, one)
    assert comparable(one, other) == comparable(other, one)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there.weight == pytest.approx(back.weight)
        assert {reason.code for reason in there.reasons} == {reason.code for reason in back.reasons}
