"""The family in sentences: what is said, what is still open, and where each fact leads."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import forms
from desktop.interview.asking import Asking, prepare
from desktop.interview.marks import HOUSEHOLD, Target
from desktop.interview.model import Interview
from desktop.interview.read_back import Block, read_back
from forms.draft import REFUSED, UNKNOWN, Draft

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def asking() -> Asking:
    return prepare(forms.catalogue(), "en")


def blocks(asking: Asking, draft: Draft) -> tuple[Block, ...]:
    return read_back(Interview(asking.catalogue, draft), asking, TODAY)


def said(asking: Asking, relation: str = "spouse", **answers: Any) -> list[str]:
    """The sentences about a second member with these answers."""
    draft = Draft.new().with_member({"name": "Yusuf Ali", "relation": relation, **answers})
    return [sentence.plain() for sentence in blocks(asking, draft)[-1].sentences]


def test_the_head_comes_first_then_the_household_then_the_others(asking: Asking) -> None:
    draft = Draft.new().with_member({"name": "Yusuf Ali"})
    assert [block.subject for block in blocks(asking, draft)] == ["m1", HOUSEHOLD, "m2"]


@pytest.mark.parametrize(
    "relation", [code for code, _ in prepare(forms.catalogue(), "en").options("relation")]
)
def test_every_relation_makes_a_sentence(asking: Asking, relation: str) -> None:
    (first, *_) = said(asking, relation)
    assert first.startswith("Yusuf Ali")
    assert first.endswith(".")


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"birth": {"text": "1985~", "calendar": "gregorian"}}, "Born about 1985, age about 41."),
        ({"birth": {"text": "34y", "calendar": "gregorian"}}, "Born 1991 or 1992, age 34."),
        ({"birth": dict(UNKNOWN)}, "Date of birth: not known."),
        ({"birth": dict(REFUSED)}, "Date of birth: did not want to say."),
        ({"nationality": "SOM", "language": "som"}, "Nationality: Somalia. Language: Somali."),
        ({"nationality": "SOM"}, "Nationality: Somalia."),
        ({"father_name": "Noor", "mother_name": "Hawa"}, "Father: Noor. Mother: Hawa."),
        ({"documents": [{"type": "passport", "number": "P1"}]}, "Holds Passport P1."),
        ({"needs": ["DS-BD"]}, "Specific needs: Difficulty seeing."),
        ({"consent": {"registration": "yes"}}, "Agrees to: Registration."),
        ({}, "May the country of origin see these data? No."),
        ({"photo": "00" * 32}, "A photo has been taken."),
        ({}, "No photo."),
    ],
)  # fmt: skip
def test_answers_become_sentences(asking: Asking, answers: dict[str, Any], sentence: str) -> None:
    assert sentence in said(asking, **answers)


def test_what_was_not_asked_is_said_to_be_open_and_leads_there(asking: Asking) -> None:
    (_, _, member) = blocks(asking, Draft.new().with_member({"name": "Yusuf Ali"}))
    still_open = {
        fact.target
        for sentence in member.sentences
        for fact in sentence.facts.values()
        if fact.open
    }
    assert Target("m2", "birth") in still_open
    assert Target("m2", "sex") in still_open
    assert Target("m2", "consent") in still_open
    assert Target("m2", "relation") in still_open
    assert Target("m2", "name") not in still_open


def test_the_journey_is_one_sentence_when_all_of_it_is_known(asking: Asking) -> None:
    draft = Draft.new().with_household("origin_country", "SOM")
    draft = draft.with_household("origin_place", "Bay; Baidoa")
    draft = draft.with_household("cause", "disaster").with_household("hazard", "drought")
    (_, household) = blocks(asking, draft)
    plain = [sentence.plain() for sentence in household.sentences]
    assert "They left Bay; Baidoa, Somalia." in plain
    assert "Why they left: A sudden disaster, Drought." in plain


def test_braces_in_an_answer_are_only_text(asking: Asking) -> None:
    assert "Notes: {name} and }{." in said(asking, notes="{name} and }{")


def test_sealed_needs_are_counted_and_not_named(asking: Asking) -> None:
    told = " ".join(said(asking, needs=["DS-BD", "SV-VF", "TR-PI"]))
    assert "Specific needs: Difficulty seeing." in told
    assert "Not to be read aloud: 2 sealed needs." in told
    named = [one.label for one in asking.needs if one.sealed]
    assert not [label for label in named if label in told]
