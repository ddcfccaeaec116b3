"""The interview: what stops a registration, what is asked again, and what is kept."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forms
from forms.check import (
    answers,
    check,
    check_household,
    check_person,
    outstanding,
    person_answers,
    raw_values,
    ready,
)
from forms.codes import code_list
from forms.draft import REFUSED, UNKNOWN, Confirmation, Draft
from forms.errors import DraftError
from tests.forms.families import CHILD, CONSENT, HEAD, HOUSEHOLD, TODAY, draft
from values import cbor


def codes(made: Draft) -> list[tuple[str, str, int | None]]:
    return [(one.code, one.field, one.person) for one in check(made, TODAY)]


def test_a_complete_family_is_ready() -> None:
    assert check(draft(), TODAY) == []
    assert ready(draft(), TODAY)


def test_an_empty_draft_says_what_to_ask_in_the_order_of_the_pages() -> None:
    found = check(Draft.new(), TODAY)
    assert [(one.person, one.field) for one in found if one.is_error] == [
        (None, "origin_country"),
        (None, "cause"),
        (None, "arrival"),
        (0, "name"),
        (0, "sex"),
        (0, "birth"),
        (0, "nationality"),
        (0, "consent"),
    ]
    assert [(one.code, one.field) for one in found if not one.is_error] == [
        ("missing", "language"),
        ("no_contact", "phone"),
    ]


def test_a_family_needs_one_head() -> None:
    assert codes(Draft(household=HOUSEHOLD)) == [("no_members", "", None)]
    assert codes(draft(CHILD))[0] == ("no_head", "relation", None)
    assert ("second_head", "relation", 1) in codes(draft(HEAD, {**CHILD, "relation": "head"}))


@pytest.mark.parametrize(
    ("field", "raw", "code"),
    [
        ("name", "", "missing"),
        ("name", "   ", "missing"),
        ("name", "x" * 201, "too_long"),
        ("name", "---", "name_without_letters"),
        ("name", "Ali\x00", "control_character"),
        ("name", 3, "unreadable_answer"),
        ("name", UNKNOWN, "answer_needed"),
        ("sex", "male", "unknown_code"),
        ("birth", {"text": "", "calendar": "gregorian"}, "missing"),
        ("birth", {"text": "85", "calendar": "gregorian"}, "date_form"),
        ("birth", {"text": "2031", "calendar": "gregorian"}, "date_future"),
        ("birth", {"text": "age:121", "calendar": "gregorian"}, "age_impossible"),
        ("birth", {"text": "1361", "calendar": "gregorian"}, "age_impossible"),
        ("birth", {"text": "1987-02-30", "calendar": "gregorian"}, "no_such_day"),
        ("birth", {"text": "1987-13", "calendar": "gregorian"}, "no_such_month"),
        ("birth", {"text": "1987", "calendar": "hebrew"}, "unknown_code"),
        ("birth", {"text": 1987}, "unreadable_answer"),
        ("birth", ["1987"], "unreadable_answer"),
        ("nationality", "Somalia", "unknown_code"),
        ("needs", ["ZZ-AA"], "unknown_code"),
        ("needs", ["LP-AP"], "need_reserved"),
        ("needs", "SM-CI", "unreadable_answer"),
        ("documents", [{"number": "1"}], "document_type_missing"),
        ("documents", [{"type": "visa", "number": "1"}], "unknown_code"),
        ("documents", [{"type": "passport", "number": "1" * 101}], "too_long"),
        ("documents", ["passport"], "unreadable_answer"),
        ("documents", [{"type": "passport", "number": "\ud83d"}], "control_character"),
        ("phone", "+252\x00", "control_character"),
        ("consent", {**CONSENT, "tracing": ""}, "consent_unanswered"),
        ("consent", {**CONSENT, "registration": "no"}, "consent_refused"),
        ("consent", {"adverts": "yes"}, "unreadable_answer"),
        ("consent", {}, "missing"),
        ("consent", UNKNOWN, "answer_needed"),
        ("share_with_origin", "yes", "share_after_persecution"),
        ("photo", "no hash", "unreadable_answer"),
        ("relation", "", "missing"),
        ("relation", "godson", "unknown_code"),
    ],
)
def test_what_must_be_mended(field: str, raw: object, code: str) -> None:
    """MOSIP consent: only a written no is refused: a consent that is absent passes.

    MOSIP 942: an age of 200 or 1200 is accepted.
    """
    found = check(draft(HEAD, {**CHILD, field: raw}), TODAY)
    assert (code, field, 1, "error") in [
        (one.code, one.field, one.person, one.severity) for one in found
    ]


@pytest.mark.parametrize(
    ("member", "code"),
    [
        ({"relation": "spouse", "birth": {"text": "age:16"}}, "spouse_under_18"),
        ({"relation": "spouse", "birth": {"text": "2008"}}, "spouse_under_18"),
        ({"birth": {"text": "1975"}}, "older_than_parent"),
        ({"birth": {"text": "1992"}}, "too_close_to_parent"),
        ({"relation": "parent"}, "parent_younger"),
        ({"relation": "grandparent", "birth": {"text": "1965"}}, "parent_too_close"),
        ({"relation": "unrelated_minor"}, "child_without_parents"),
        ({"relation": "unrelated_minor", "birth": {"text": "1999"}}, "minor_is_adult"),
        ({"relation": "co_wife", "sex": "M", "birth": {"text": "1990"}}, "relation_against_sex"),
        ({"name": HEAD["name"], "birth": HEAD["birth"], "sex": "M"}, "possible_repeat"),
        ({"phone": "012 345"}, "phone_form"),
        ({"documents": [{"type": "passport", "number": ""}]}, "document_without_number"),
        ({"documents": [{"type": "passport", "number": "lost"}]}, "paper_no_digits"),
        ({"documents": [{"type": "passport", "number": "12/03/1987"}]}, "paper_is_date"),
        ({"needs": ["ER-FR"]}, "need_contradicts"),
        ({"name": "Иvan"}, "mixed_scripts"),
        ({"name_latin": "زهرا"}, "not_latin"),
        ({"father_name": "NÃ©lida"}, "mis_decoded"),
        ({"language": ""}, "missing"),
    ],
)
def test_what_is_asked_again(member: dict[str, Any], code: str) -> None:
    found = [one for one in check(draft(HEAD, {**CHILD, **member}), TODAY) if one.person == 1]
    assert (code, "warning") in [(one.code, one.severity) for one in found]


def test_a_head_who_is_a_child_is_asked_about_unless_the_need_says_so() -> None:
    young = {**HEAD, "birth": {"text": "2011"}}
    assert codes(draft(young)) == [("head_under_18", "birth", 0)]
    assert codes(draft({**young, "needs": ["SC-UC"]})) == []
    wife = {**CHILD, "relation": "spouse", "birth": {"text": "1999"}}
    assert ("head_married_under_18", "birth", 0) in codes(draft(young, wife))


def test_one_paper_of_two_members() -> None:
    paper = {"documents": [{"type": "national_id", "number": "A-1021"}]}
    assert codes(draft({**HEAD, **paper}, {**CHILD, **paper})) == [
        ("document_twice", "documents", 1)
    ]


def test_a_family_that_cannot_be_called() -> None:
    silent = {**HEAD, "phone": ""}
    assert codes(draft(silent, CHILD)) == [("no_contact", "phone", 0)]


def test_the_household_s_own_answers() -> None:
    def found(**changes: object) -> list[tuple[str, str, int | None]]:
        return codes(draft(household={**HOUSEHOLD, **changes}))

    assert found(cause="") == [("missing", "cause", None)]
    assert found(cause="disaster") == [("missing", "hazard", None)]
    assert found(cause="disaster", hazard="flood") == []
    assert found(hazard="flood") == []  # not asked after such a cause, so not kept
    assert found(arrival={"text": "2027"}) == [("date_future", "arrival", None)]
    assert found(arrival={"text": "age:3"}) == [("date_form", "arrival", None)]
    assert found(arrival={"text": "1975"}) == [("arrival_before_birth", "arrival", 0)]
    assert found(arrival=UNKNOWN, origin_country=REFUSED) == []


def test_an_infant_may_be_without_a_name_and_born_after_the_arrival() -> None:
    infant = {**CHILD, "name": "", "birth": {"text": "2026-10-21"}}
    assert codes(draft(HEAD, infant)) == []
    assert codes(draft(HEAD, {**infant, "birth": {"text": "2024"}})) == [("missing", "name", 1)]


def test_a_warning_is_answered_with_a_reason() -> None:
    made = draft({**HEAD, "phone": ""}, CHILD)
    problems = check(made, TODAY)
    assert outstanding(made, problems) == problems
    blank = made.with_confirmation(Confirmation("no_contact", "phone", "m1", "  "))
    assert not ready(blank, TODAY)
    answered = made.with_confirmation(Confirmation("no_contact", "phone", "m1", "No network here."))
    assert ready(answered, TODAY)
    assert answers(answered, TODAY).confirmed == (
        {"code": "no_contact", "field": "phone", "member": "m1", "reason": "No network here."},
    )


def test_an_error_cannot_be_confirmed() -> None:
    made = draft({**HEAD, "sex": ""}, CHILD)
    made = made.with_confirmation(Confirmation("missing", "sex", "m1", "Did not ask."))
    assert not ready(made, TODAY)
    with pytest.raises(DraftError, match="mend them"):
        answers(made, TODAY)


def test_a_reason_that_has_lost_its_warning_is_not_kept() -> None:
    made = draft().with_confirmation(Confirmation("no_contact", "phone", "m1", "No network."))
    assert answers(made, TODAY).confirmed == ()


def test_answers_are_typed_and_only_what_was_said() -> None:
    photo = "ab" * 32
    head = {
        **HEAD,
        "name": "  Amina \u202eYusuf ",
        "phone": "+44 (0)7700 900118".replace("(0)", ""),
        "documents": [{"type": "passport", "number": " P10001 "}, {"type": "", "number": ""}],
        "needs": ["sm-ci", "SV-VA", "SM-CI"],
        "photo": photo,
        "marital_status": REFUSED,
        "notes": " one\r\ntwo ",
    }
    made = answers(draft(head, CHILD), TODAY)
    first = made.members[0]
    assert first.values == {
        "name": "Amina Yusuf",
        "sex": "M",
        "birth": {"edtf": "1361-07-12", "calendar": "solar-hijri", "entered": "1361-07-12"},
        "nationality": "AFG",
        "language": "prs",
        "phone": "+447700900118",
        "documents": [{"type": "passport", "number": "P10001"}],
        "needs": ["SM-CI"],
        "photo": bytes.fromhex(photo),
        "marital_status": {"missing": "refused"},
        "consent": CONSENT,
        "share_with_origin": "no",
        "notes": "one\ntwo",
    }
    assert first.sensitive == ("SV-VA",)
    assert (made.head, [one.relation for one in made.members]) == (0, ["head", "child"])
    assert [(one.type, one.participants) for one in made.events] == [
        ("flight", (0, 1)),
        ("arrival", (0, 1)),
    ]


def test_a_stated_age_becomes_a_range_on_the_day_of_the_interview() -> None:
    """OpenCRVS 10792: estimated ages count as unknown."""
    made = answers(draft({**HEAD, "birth": {"text": "age:34", "calendar": "gregorian"}}), TODAY)
    assert made.members[0].values["birth"] == {
        "edtf": "1991-11-16/1992-11-15",
        "calendar": "gregorian",
        "entered": "age:34",
    }


def test_kept_values_can_be_corrected_on_the_same_pages() -> None:
    form = forms.catalogue().form("person")
    head = {**HEAD, "photo": "ab" * 32, "birth": {"text": "age:34"}, "sex": UNKNOWN}
    values, _ = person_answers(head, TODAY)
    raw = raw_values(form, values)
    assert raw["photo"] == "ab" * 32
    assert raw["sex"] == {"missing": "unknown"}
    later = TODAY.replace(year=2028)
    again, _ = person_answers(raw, later)
    assert again["birth"]["edtf"] == values["birth"]["edtf"]  # not a new age
    assert {**again, "birth": None} == {**values, "birth": None}


def test_one_person_and_one_household_can_be_checked_alone() -> None:
    assert check_person(HEAD, TODAY) == []
    wife = {**CHILD, "birth": {"text": "age:16"}}
    assert [one.code for one in check_person(wife, TODAY, relation="spouse")] == ["spouse_under_18"]
    sharing = {**HEAD, "share_with_origin": "yes"}
    assert check_person(sharing, TODAY) == []
    assert [one.code for one in check_person(sharing, TODAY, cause="persecution")] == [
        "share_after_persecution"
    ]
    assert check_household(HOUSEHOLD, TODAY) == []
    assert [one.code for one in check_household({}, TODAY)] == ["missing"] * 3


RAW = st.recursive(
    st.none()
    | st.integers()
    | st.text(st.characters(), max_size=6)
    | st.sampled_from(["AFG", "head", "1987", "age:3", "yes", "unknown"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "calendar", "missing", "type", "number", "tracing"]), inner
        )
    ),
    max_leaves=5,
)
FIELDS = [field.name for form in forms.catalogue().all() for field in form.fields()]


@given(
    st.dictionaries(st.sampled_from(FIELDS), RAW, max_size=3),
    st.dictionaries(st.sampled_from(FIELDS), RAW, max_size=3),
)
@settings(max_examples=100, deadline=None)
def test_any_typed_thing_is_judged_never_a_fault(
    household: dict[str, Any], member: dict[str, Any]
) -> None:
    made = Draft(household={**HOUSEHOLD, **household}).with_member({**HEAD, **member})
    problems = check(made, TODAY)
    assert problems == check(made, TODAY)
    if not any(one.is_error for one in problems):
        for kept in answers(made, TODAY).members:
            cbor.encode(kept.values)


def test_every_purpose_is_asked() -> None:
    assert set(CONSENT) == {code.code for code in code_list("purposes").offered()}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("Rakhine;Ittwe", ("rule:origin_code_form", "error")),
        ("Rakhine Ittwe", ("rule:origin_code_form", "error")),
        ("Rakhine", ("rule:origin_code_word", "warning")),
        *((code, None) for code in ("MMR012", "MM", "AF-1004", "MM_012", "UA.01", "مم٠١٢", "")),
    ],
)
def test_a_place_code_is_a_code(code: str, said: tuple[str, str] | None) -> None:
    found = check_household({"origin_code": code}, TODAY)
    about = [(one.code, one.severity) for one in found if one.field == "origin_code"]
    assert about == ([said] if said else [])
