"""Laws of the interview's pure parts: whatever is pressed or scanned, nothing is lost or breaks."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import forms
from desktop.interview.asking import prepare
from desktop.interview.birth import understood
from desktop.interview.marks import HOUSEHOLD
from desktop.interview.model import Interview
from desktop.interview.read_back import read_back
from desktop.pages.claims import said_by
from forms.check import check
from forms.draft import Draft

TODAY = date(2026, 11, 21)

# The machine that runs this may be busy: time is not what is tested here.
patient = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

answers: st.SearchStrategy[Any] = st.one_of(
    st.text(max_size=12),
    st.text("0123456789~/-yX age", max_size=10).map(
        lambda text: {"text": text, "calendar": "gregorian"}
    ),
    st.just({"missing": "unknown"}),
    st.just([]),
    st.just({"registration": "yes"}),
)  # fmt: skip
moves: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(["forward", "back", "add_member", "save_member", "read_back", "put_back"]).map(
        lambda name: (name, None)
    ),
    st.tuples(st.just("key"), st.integers(0, 12)),
    st.tuples(st.just("take_out"), st.integers(0, 5)),
    st.tuples(st.just("answer"), st.tuples(st.integers(0, 5), answers)),
    st.tuples(st.sampled_from(["unknown", "refused", "repeat", "leave"]), st.integers(0, 5)),
)


def play(interview: Interview, move: tuple[str, Any]) -> None:
    """Do what an officer might do next."""
    name, value = move
    names = [one.field.name for one in interview.asked]
    if name == "key":
        interview.go_to_key(value)
    elif name == "take_out":
        interview.take_out(interview.subjects[value % len(interview.subjects)])
    elif name == "answer":
        place, raw = value
        interview.answer(names[place % len(names)], raw)
    elif name in ("unknown", "refused", "repeat", "leave"):
        getattr(interview, name)(names[value % len(names)])
    else:
        getattr(interview, name)()


@patient
@given(st.lists(moves, max_size=25))
def test_wherever_the_officer_goes_the_interview_stays_whole(done: list[tuple[str, Any]]) -> None:
    interview = Interview(forms.catalogue())
    for move in done:
        play(interview, move)
        assert interview.subject in interview.subjects
        assert 0 <= interview.step_number < len(interview.steps)
        assert interview.asked
        assert interview.draft.members[0].key == "m1"
        assert interview.subjects[0] == HOUSEHOLD
    assert Draft.from_json(interview.draft.to_json()) == interview.draft
    interview.judged(check(interview.draft, TODAY))
    interview.read_back()
    assert len(interview.family()) == len(interview.subjects)
    assert set(interview.errors()) <= set(interview.problems)
    told = read_back(interview, prepare(forms.catalogue(), "en"), TODAY)
    assert [block.subject for block in told][:2] == ["m1", HOUSEHOLD]
    assert all(sentence.plain() for block in told for sentence in block.sentences)


@patient
@given(st.text(max_size=30), st.booleans())
def test_understanding_a_date_twice_is_understanding_it_once(text: str, ages: bool) -> None:
    once = understood(text, ages=ages)
    assert understood(once, ages=ages) == once


scalars: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=20),
    st.binary(max_size=20), st.lists(st.integers(), max_size=2),
)  # fmt: skip
inner = st.dictionaries(
    st.one_of(
        st.integers(0, 80),
        st.sampled_from(["1", "4", "8", "9", "13", "19", "75", "76", "77", "78"]),
    ),
    scalars,
)


@patient
@given(st.dictionaries(st.sampled_from(["1", "4", "6", "7", "169"]), st.one_of(scalars, inner)))
def test_no_code_is_too_strange_to_be_shown(claims: dict[str, Any]) -> None:
    said = said_by(claims, "en", TODAY)
    assert all(label and value for label, value in said.facts)


def test_what_a_code_tells_of_an_event_is_shown_in_words() -> None:
    facts = [["holder", "child"], ["date", "2026-11-10"], ["birth_type", "twin"], ["of_ours", "x"]]
    said = said_by({"169": {77: "birth", 78: facts, 79: "A-000017"}}, "en", TODAY)
    assert dict(said.facts) == {
        "Document": "\u2068Notification of birth\u2069",
        "Part of the holder": "\u2068The child\u2069",
        "When the child was born": "\u206810 November 2026\u2069",
        "How many were born": "\u2068Twins\u2069",
        "Of ours": "\u2068x\u2069",
        "Number of the sheet": "\u2068A-000017\u2069",
    }


def test_an_exact_birth_of_another_maker_is_read() -> None:
    said = said_by({"169": {8: "19870503", 4: "A. Lovelace"}}, "en", TODAY)
    assert dict(said.facts)["Born"] == "3 May 1987, age 39"
    assert said.name == "A. Lovelace"
