"""The interview without its window: moves, answers, what is open. Invented people only."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import forms
from desktop.interview.marks import HOUSEHOLD, State, Target, is_empty
from desktop.interview.model import Interview
from desktop.interview.steps import ROOM
from forms.check import check
from forms.draft import REFUSED, UNKNOWN, Draft

TODAY = date(2026, 11, 21)


@pytest.fixture
def interview() -> Interview:
    return Interview(forms.catalogue())


def judge(interview: Interview) -> None:
    interview.judged(check(interview.draft, TODAY))


HEAD: dict[str, Any] = {
    "name": "Amina Yusuf",
    "sex": "F",
    "birth": {"text": "1985~", "calendar": "gregorian"},
    "nationality": "SOM",
    "language": "som",
    "phone": "+999550100011",
    "consent": dict.fromkeys(
        (
            "registration",
            "document",
            "assistance",
            "tracing",
            "host_state",
            "third_state",
            "statistics",
        ),
        "yes",
    ),
}
JOURNEY: dict[str, Any] = {
    "origin_country": "SOM",
    "cause": "conflict",
    "arrival": {"text": "2026-04", "calendar": "gregorian"},
}


def fill(interview: Interview, answers: dict[str, Any]) -> None:
    for name, raw in answers.items():
        interview.answer(name, raw)


def complete(interview: Interview) -> None:
    """The head and the household, with nothing left to ask."""
    interview.go("m1")
    fill(interview, HEAD)
    interview.go(HOUSEHOLD)
    fill(interview, JOURNEY)
    judge(interview)


def test_it_begins_with_the_head(interview: Interview) -> None:
    assert interview.subject == "m1"
    assert interview.step.id == "who"
    assert interview.draft.member("m1").relation == "head"
    assert interview.empty


def test_no_page_holds_more_than_the_screen(interview: Interview) -> None:
    for subject in (HOUSEHOLD, "m1"):
        for step in interview.steps_of(subject):
            single = sum(one.field.kind not in ("codes", "consent", "photo") for one in step.fields)
            assert single <= ROOM


def test_every_field_of_the_forms_is_asked_exactly_once(interview: Interview) -> None:
    asked = [
        (one.form, one.field.name)
        for subject in (HOUSEHOLD, "m1")
        for step in interview.steps_of(subject)
        for one in step.fields
    ]
    catalogue = forms.catalogue()
    defined = {
        (form, field.name)
        for form in ("household", "membership", "person")
        for field in catalogue.form(form).fields()
        if field.asked and field.kind != "sealed"
    }
    assert len(asked) == len(set(asked))
    assert set(asked) == defined


def test_enter_walks_through_the_head_then_the_household_then_reads_back(
    interview: Interview,
) -> None:
    seen = []
    while not interview.reading_back:
        seen.append((interview.subject, interview.step.id, interview.step.part))
        interview.forward()
    assert [one[0] for one in seen] == ["m1"] * len(interview.steps_of("m1")) + [HOUSEHOLD] * len(
        interview.steps_of(HOUSEHOLD)
    )
    for place in reversed(seen):
        interview.back()
        assert (interview.subject, interview.step.id, interview.step.part) == place
    interview.back()
    assert (interview.subject, interview.step_number) == ("m1", 0)


def test_saving_a_member_goes_to_the_household_then_to_a_new_member(interview: Interview) -> None:
    fill(interview, HEAD)
    interview.save_member()
    assert interview.subject == HOUSEHOLD
    fill(interview, JOURNEY)
    interview.save_member()
    assert interview.subject == "m2"
    interview.answer("name", "Yusuf Ali")
    interview.save_member()
    assert interview.subject == "m3"


def test_saving_goes_to_the_next_member_before_a_new_one(interview: Interview) -> None:
    complete(interview)
    interview.add_member()
    interview.answer("name", "Yusuf Ali")
    interview.go("m1")
    interview.save_member()
    assert interview.subject == "m2"


def test_a_member_nobody_said_anything_about_is_not_left_behind(interview: Interview) -> None:
    complete(interview)
    interview.add_member()
    assert list(interview.subjects) == [HOUSEHOLD, "m1", "m2"]
    interview.go("m1")
    assert list(interview.subjects) == [HOUSEHOLD, "m1"]
    interview.add_member()
    interview.read_back()
    assert interview.subjects == (HOUSEHOLD, "m1")
    assert interview.subject == "m1"


def test_the_function_keys_go_to_the_rows_of_the_list(interview: Interview) -> None:
    complete(interview)
    interview.add_member()
    interview.answer("name", "Yusuf Ali")
    assert interview.go_to_key(2)
    assert interview.subject == HOUSEHOLD
    assert interview.go_to_key(3)
    assert interview.subject == "m1"
    assert interview.go_to_key(4)
    assert interview.subject == "m2"
    assert not interview.go_to_key(5)
    assert interview.subject == "m2"
    assert [row.key for row in interview.family()] == [2, 3, 4]


def test_only_the_first_eight_rows_have_a_function_key(interview: Interview) -> None:
    complete(interview)
    for number in range(9):
        interview.add_member()
        interview.answer("name", f"Child {number}")
    assert [row.key for row in interview.family()] == [2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0]
    assert not interview.go_to_key(10)


def test_unknown_is_taken_only_where_the_form_allows_it_and_taken_back(
    interview: Interview,
) -> None:
    assert interview.unknown("sex")
    assert interview.raw("sex") == UNKNOWN
    assert interview.unknown("sex")
    assert is_empty(interview.raw("sex"))
    assert not interview.unknown("name")
    assert interview.refused("sex")
    assert interview.raw("sex") == REFUSED


def test_repeating_takes_the_previous_members_answer(interview: Interview) -> None:
    complete(interview)
    interview.add_member()
    assert interview.repeat("nationality")
    assert interview.raw("nationality") == "SOM"
    assert not interview.repeat("sex")  # not a field that families share
    assert not interview.repeat("birth_place")  # the member before has none


def test_the_head_has_nobody_to_repeat(interview: Interview) -> None:
    assert not interview.repeat("nationality")
    assert interview.previous_raw("nationality") is None


def test_a_condition_decides_whether_a_field_is_asked(interview: Interview) -> None:
    interview.go(HOUSEHOLD)
    assert "hazard" not in [one.field.name for one in interview.asked]
    interview.answer("cause", "disaster")
    assert "hazard" in [one.field.name for one in interview.asked]


@pytest.mark.parametrize("said", ["34", "3/5/1987", "1985?", "about 1985"])
def test_a_date_is_judged_as_it_is_understood_while_it_is_typed(
    interview: Interview, said: str
) -> None:
    interview.answer("birth", {"text": said, "calendar": "gregorian"})
    assert interview.raw("birth") == {"text": said, "calendar": "gregorian"}
    problems = check(interview.meant(), TODAY)
    assert not [one for one in problems if one.field == "birth" and one.is_error]


def test_a_family_that_was_left_off_in_a_date_is_read_back_as_it_was_understood() -> None:
    draft = Draft.new().with_member({"birth": {"text": "34", "calendar": "gregorian"}})
    resumed = Interview(forms.catalogue(), draft)
    resumed.read_back()
    judge(resumed)
    assert not [one for one in resumed.errors() if one.code == "date_form"]


def test_an_age_is_understood_when_the_field_is_left(interview: Interview) -> None:
    interview.answer("birth", {"text": "34y", "calendar": "gregorian"})
    assert interview.leave("birth")
    assert interview.raw("birth") == {"text": "age:34", "calendar": "gregorian"}
    assert not interview.leave("birth")


def test_every_keystroke_counts_and_the_same_answer_does_not(interview: Interview) -> None:
    assert interview.answer("name", "A")
    assert interview.answer("name", "Am")
    assert not interview.answer("name", "Am")
    assert not interview.answer("father_name", "")
    assert interview.revision == 2


def test_problems_are_shown_after_the_field_was_left(interview: Interview) -> None:
    judge(interview)
    assert interview.problems
    assert interview.shown() == ()
    interview.leave("name")
    assert [problem.field for problem in interview.shown()] == ["name"]
    assert [problem.code for problem in interview.shown_at("name")] == ["missing"]
    interview.answer("name", "Amina Yusuf")
    judge(interview)
    assert interview.shown() == ()


def test_reading_back_shows_everything_that_is_open(interview: Interview) -> None:
    judge(interview)
    interview.read_back()
    assert {problem.field for problem in interview.shown()} >= {"name", "birth", "consent"}
    first = interview.errors()[0]
    assert interview.target(first) == Target("m1", "name")
    interview.go_to(Target("m1", "consent"))
    assert not interview.reading_back
    assert "consent" in [one.field.name for one in interview.asked]


def test_errors_come_in_the_order_in_which_they_are_asked(interview: Interview) -> None:
    judge(interview)
    subjects = [interview.target(problem).subject for problem in interview.errors()]
    assert subjects == sorted(subjects, reverse=True)  # the head, then the household
    assert interview.target(interview.errors()[-1]).subject == HOUSEHOLD


def test_a_warning_is_confirmed_with_a_reason_and_can_be_taken_back(interview: Interview) -> None:
    complete(interview)
    interview.add_member()
    fill(
        interview,
        {
            **HEAD,
            "name": "Layla Yusuf",
            "relation": "spouse",
            "birth": {"text": "2012", "calendar": "gregorian"},
        },
    )
    judge(interview)
    (warning,) = [one for one in interview.open_warnings() if one.code == "spouse_under_18"]
    interview.confirm(warning, "Married by custom; referred to protection")
    assert warning not in interview.open_warnings()
    assert interview.reason_for(warning) == "Married by custom; referred to protection"
    interview.confirm(warning, "")
    assert warning in interview.open_warnings()


def test_the_dot_says_what_is_open(interview: Interview) -> None:
    judge(interview)
    assert interview.family()[1].state is State.OPEN
    assert interview.family()[1].missing == 5
    complete(interview)
    assert [row.state for row in interview.family()] == [State.COMPLETE, State.COMPLETE]
    interview.go("m1")
    interview.answer("birth", {"text": "1985-02-30", "calendar": "gregorian"})
    judge(interview)
    assert interview.family()[1].state is State.COMPLETE  # still being typed
    interview.leave("birth")
    assert interview.family()[1].state is State.ERROR
    assert interview.family()[1].errors == 1


def test_taking_a_member_out_can_be_undone_until_something_is_typed(interview: Interview) -> None:
    complete(interview)
    interview.add_member()
    interview.answer("name", "Yusuf Ali")
    assert not interview.take_out("m1")
    assert not interview.take_out(HOUSEHOLD)
    assert interview.take_out("m2")
    assert interview.subjects == (HOUSEHOLD, "m1")
    assert interview.put_back()
    assert interview.raw("name", "m2") == "Yusuf Ali"
    interview.take_out("m2")
    interview.answer("notes", "x")
    assert not interview.put_back()


def test_a_draft_that_was_left_off_opens_at_its_head() -> None:
    draft = Draft.new().with_value("m1", "name", "Amina Yusuf").with_member({"name": "Ali"})
    interview = Interview(forms.catalogue(), draft)
    assert interview.subject == "m1"
    assert [row.name for row in interview.family()] == ["", "Amina Yusuf", "Ali"]


def test_an_unknown_place_is_a_key_error(interview: Interview) -> None:
    with pytest.raises(KeyError):
        interview.go("m9")
