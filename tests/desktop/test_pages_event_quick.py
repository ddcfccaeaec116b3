"""A mass arrival: the fewest questions, what is taken over, what is put off. Model and page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

import forms
from benchmarks import keys
from desktop.interview.marks import HOUSEHOLD
from desktop.interview.model import Interview
from forms.check import check
from tests.desktop.field_office import NOW, Station, person_id, twin
from tests.desktop.other_offices import Others, others_twin
from tests.desktop.stage import Stage, stage

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
BEFORE = {"origin_country": "SOM", "cause": "conflict"}


@pytest.fixture
def interview() -> Interview:
    return Interview(forms.catalogue(), today=NOW.date(), quick=True, before=BEFORE)


def test_only_what_is_needed_at_once_is_asked_on_one_page_each(interview: Interview) -> None:
    for subject in (HOUSEHOLD, "m1"):
        (step,) = interview.steps_of(subject)
        assert {one.field.tier for one in step.fields} == {"emergency"}
    assert interview.subject == HOUSEHOLD, "where they come from is said once"
    interview.set_quick(False)
    assert len(interview.steps_of("m1")) > 5


def test_nobody_is_given_a_nationality_but_by_the_officer_s_key(interview: Interview) -> None:
    assert interview.repeats("origin_country") and interview.repeat("origin_country")
    interview.forward()
    assert not interview.raw("nationality"), "who fled a country may be stateless"
    interview.answer("nationality", "ETH")
    key = interview.add_member()
    assert not interview.raw("nationality")
    assert interview.repeat("nationality") and interview.raw("nationality") == "ETH"
    interview.answer("nationality", "")
    interview.go(HOUSEHOLD)
    assert key not in interview.subjects, "nothing was said about that member"


def test_what_is_not_asked_at_once_is_put_off_and_what_is_wrong_is_not(
    interview: Interview,
) -> None:
    interview.judged(check(interview.draft, NOW.date()))
    put_off = {(one.code, one.field) for one in interview.put_off()}
    assert ("missing", "language") in put_off and ("no_contact", "phone") in put_off
    assert all(not one.is_error for one in interview.put_off())
    assert interview.open_warnings() == ()
    assert interview.errors()
    interview.set_quick(False)
    assert interview.put_off() == () and interview.open_warnings()


def _alone(interview: Interview, relation: str, birth: str) -> str:
    """A grown head, and with her somebody of that relation and birth."""
    interview.forward()
    interview.answer("birth", {"text": "1985", "calendar": "gregorian"})
    key = interview.add_member()
    interview.answer("relation", relation)
    interview.answer("birth", {"text": birth, "calendar": "gregorian"})
    return key


def _asked(interview: Interview, subject: str) -> set[str]:
    return {
        one.field.name
        for step in interview.steps_of(subject)
        for one in step.fields
        if interview.is_asked(one, subject)
    }


def test_a_child_who_may_be_alone_is_asked_about_at_once(interview: Interview) -> None:
    key = _alone(interview, "unrelated_minor", "2015")
    assert {"uasc_status", "care_arrangement", "guardian"} <= _asked(interview, key)
    assert not interview.raw("uasc_status"), "nothing of it is taken over"
    interview.forward()
    assert (interview.subject, interview.step.id) == (key, "alone")
    interview.judged(check(interview.draft, NOW.date()))
    assert "child_without_parents" not in {one.code for one in interview.put_off()}
    (question,) = [one for one in interview.open_warnings() if one.code == "child_without_parents"]
    interview.go_to(interview.target(question))
    assert (interview.subject, interview.step.id) == (key, "alone")
    interview.answer("uasc_status", "unaccompanied")
    assert "best_interests" in _asked(interview, key), "those who decide for its good are called"
    interview.judged(check(interview.draft, NOW.date()))
    assert "child_without_parents" not in {one.code for one in interview.problems}


def test_a_child_who_heads_a_family_stops_with_a_question(interview: Interview) -> None:
    interview.forward()
    interview.answer("birth", {"text": "2012", "calendar": "gregorian"})
    assert "guardian" in _asked(interview, "m1")
    interview.judged(check(interview.draft, NOW.date()))
    assert "head_under_18" in {one.code for one in interview.open_warnings()}


@pytest.mark.parametrize(
    ("relation", "birth", "asked"),
    [
        ("child", "2015", False),
        ("spouse", "1980", False),
        ("unrelated_minor", "1980", False),
        ("nephew_niece", "2015", True),
        ("foster_child", "2015", True),
        ("sibling", "2015", True),
    ],
)
def test_nobody_else_is_asked_whether_somebody_is_with_them(
    interview: Interview, relation: str, birth: str, asked: bool
) -> None:
    key = _alone(interview, relation, birth)
    assert ("uasc_status" in _asked(interview, key)) is asked
    assert "uasc_status" not in _asked(interview, "m1")


# the page ----------------------------------------------------------------------------------


@pytest.fixture
def station() -> Station:
    return Station()


@pytest.fixture
def put(qtbot: Any, tmp_path: Path, station: Station) -> Iterator[Stage]:
    offices = twin(station, **others_twin(Others()))
    with stage(qtbot, tmp_path, offices, station=station) as made:
        yield made


def test_a_key_changes_the_pace_and_it_is_remembered(put: Stage, station: Station) -> None:
    page = put.page("interview")
    assert put.focus_name == "input-name"
    put.press(K.Key_M, CTRL)
    assert put.desk.prefs.quick and put.focus_name == "input-origin_country"
    put.keys("som")
    put.press(K.Key_Return)
    put.settle()
    assert [quick for _, quick in station.paces] == [True]
    put.press(K.Key_M, CTRL)
    assert not put.desk.prefs.quick
    assert page.interview.draft.household["origin_country"] == "SOM"


class _Keyboard:
    """The stage as a keyboard."""

    def __init__(self, put: Stage) -> None:
        self._put = put

    @property
    def focus(self) -> str:
        return self._put.focus_name

    def press(self, keys: str) -> None:
        chord = {"Ctrl+Return": (K.Key_Return, CTRL), "Ctrl+R": (K.Key_R, CTRL)}
        chord["Ctrl+D"] = (K.Key_D, CTRL)
        key, modifiers = chord.get(keys, (getattr(K, f"Key_{keys.split('+')[-1]}"), None))
        self._put.press(key, *([modifiers] if modifiers is not None else []))

    def type(self, text: str) -> None:
        self._put.keys(text)


def test_a_family_is_registered_with_the_reason_for_what_is_asked_later(
    put: Stage, station: Station
) -> None:
    put.desk.prefs.quick = True
    page = put.page("interview")
    counted = keys.Counted(_Keyboard(put))
    keys.family(counted, keys.FAMILY[:2])
    put.settle()
    assert page.interview.errors() == ()
    put.press(K.Key_Return, CTRL)
    put.settle()
    (draft,) = station.registered
    assert {one.reason for one in draft.confirmed} == {"Mass arrival: asked later"}
    assert station.paces[-1][1] is True
    put.press(K.Key_Return, CTRL)
    put.settle()
    put.press(K.Key_D, CTRL)
    assert page.interview.draft.household["origin_country"] == "SOM", "as the family before"


def test_home_lists_what_is_to_be_completed(put: Stage, station: Station) -> None:
    station.to_complete = [
        SimpleNamespace(
            registration=person_id(1), household=person_id(2), household_number="H-1",
            name="Amina Yusuf", persons=(person_id(17), person_id(18)),
            fields=("language", "uasc_status"), open=3, at=NOW,
        )
    ]  # fmt: skip
    page = put.page("home")
    line = put.find(QPushButton, f"later-{person_id(1)}")
    assert "Amina Yusuf" in line.accessibleName() and "3 answers open" in line.accessibleName()
    gone: list[tuple[str, dict[str, Any]]] = []
    page.went.disconnect(put.frame.go)
    page.went.connect(lambda key, arguments: gone.append((key, arguments)))
    line.click()
    there = {"person": person_id(17), "field": "language"}
    assert gone == [("correct", {**there, "then": [(person_id(18), "uasc_status")]})]
