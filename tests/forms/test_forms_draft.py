"""Drafts: kept as typed, changed without changing the old one."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.draft import REFUSED, UNKNOWN, Confirmation, Draft, MemberDraft, is_missing
from forms.errors import DraftError
from tests.forms.families import draft

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
ANSWERS = st.dictionaries(st.text(max_size=8), JSON, max_size=4)


@given(ANSWERS, st.lists(ANSWERS, max_size=4))
@settings(max_examples=60)
def test_what_was_typed_is_saved_and_read_again(
    household: dict[str, object], members: list[dict[str, object]]
) -> None:
    made = Draft(household, tuple(MemberDraft(f"m{n}", one) for n, one in enumerate(members)))
    made = made.with_confirmation(Confirmation("no_contact", "phone", "", "No telephone."))
    assert Draft.from_json(made.to_json()) == made


def test_what_a_draft_was_opened_on_is_kept() -> None:
    made = replace(draft(), opened={"0a" * 16: ("0b" * 32, "0c" * 32)})
    assert Draft.from_json(made.to_json()) == made
    assert made.with_value("m1", "name", "Ali").without_member("m2").opened == made.opened
    assert "opened" not in draft().to_json()
    with pytest.raises(DraftError):
        Draft.from_json(made.to_json().replace("0b", "zz"))


def test_unknown_and_refused_survive() -> None:
    made = draft().with_value("m1", "birth", UNKNOWN).with_household("arrival", REFUSED)
    again = Draft.from_json(made.to_json())
    assert is_missing(again.member("m1").values["birth"])
    assert again.household["arrival"] == {"missing": "refused"}
    assert not is_missing({"missing": "lost"})


def test_half_a_character_is_saved_too() -> None:
    made = draft().with_value("m1", "name", "Ali \ud83d")
    made.to_json().encode("utf-8")
    assert Draft.from_json(made.to_json()) == made


def test_changing_leaves_the_old_draft() -> None:
    old = draft()
    new = old.with_value("m1", "name", "Ali")
    assert old.member("m1").values["name"] != "Ali"
    assert new.member("m1").values["name"] == "Ali"
    assert new.member("m2") is old.member("m2")


def test_keys_are_never_used_twice_at_once() -> None:
    made = draft().without_member("m1").with_member().with_member()
    keys = [member.key for member in made.members]
    assert len(set(keys)) == len(keys) == 3


def test_taking_out_a_member_takes_out_what_was_confirmed_about_it() -> None:
    made = draft()
    for member in ("m1", "m2", ""):
        made = made.with_confirmation(Confirmation("no_contact", "phone", member, "Reason."))
    assert {one.member for one in made.without_member("m2").confirmed} == {"m1", ""}


def test_a_second_reason_replaces_the_first() -> None:
    made = draft()
    for reason in ("One.", "Two."):
        made = made.with_confirmation(Confirmation("no_contact", "phone", "m1", reason))
    assert [one.reason for one in made.confirmed] == ["Two."]


def test_repeating_takes_the_answer_of_the_member_before() -> None:
    made = draft().with_value("m1", "birth_place", "Bamyan").with_value("m2", "birth_place", "")
    assert made.repeated("m2", "birth_place").member("m2").values["birth_place"] == "Bamyan"
    assert made.repeated("m1", "birth_place") is made
    assert made.repeated("m2", "marital_status") is made


def test_a_new_draft_has_a_head() -> None:
    assert [member.relation for member in Draft.new().members] == ["head"]
    assert MemberDraft("m1", {"relation": 3}).relation == ""


def test_a_member_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        draft().member("m9")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "damaged"),
        ("[]", "damaged"),
        ("{}", "damaged"),
        ('{"format": 2}', "version"),
        ('{"format":1,"household":[],"members":[],"confirmed":[]}', "damaged"),
        ('{"format":1,"household":{},"members":[{"key":1,"values":{}}],"confirmed":[]}', "damaged"),
        (
            '{"format":1,"household":{},"members":[{"key":"a","values":{}},{"key":"a","values":{}}]'
            ',"confirmed":[]}',
            "damaged",
        ),
        ("[" * 100_000, "damaged"),
        (" " * (4 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_a_damaged_draft_is_refused(text: str, code: str) -> None:
    with pytest.raises(DraftError) as caught:
        Draft.from_json(text)
    assert caught.value.code == code


def test_a_page_does_not_wait_for_what_it_does_not_need() -> None:
    """The interview opens before Babel and openpyxl are read from disk."""
    code = (
        "import sys, forms.check, forms.draft, forms.prelist, forms.readback, forms.wording;"
        "print([n for n in ('babel', 'openpyxl', 'fontTools', 'PySide6') if n in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert out.stdout.strip() == "[]"
