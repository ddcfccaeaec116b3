"""Every kind of question has its widget, and what the widget gives the forms can read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

import forms
from desktop.interview.asking import Asking, prepare
from desktop.interview.date_answer import DateAnswer
from desktop.interview.group_field import GroupField
from desktop.interview.make import TICKS_MOST, make
from desktop.interview.needs_field import NeedsField
from desktop.interview.person_field import PersonField
from desktop.interview.reach import ORIGIN, Reach
from desktop.tasks import forbid_on_ui_thread
from desktop.widgets.fields import ChoiceField, NumberField, TextField, TicksField
from desktop.widgets.place_field import PlaceField, PlaceLine
from desktop.widgets.time_field import TimeField
from forms.definition import Field, Kind
from forms.library import Asked
from forms.raw import is_blank, read_raw
from tests.desktop.hands import K, Table, press, type_in

TODAY = date(2026, 11, 21)
PLACE = PlaceLine("TN0102", "Baidoa", "Bay", "Baidoa, Bay")

KINDS: list[tuple[Field, Any]] = [
    (Field("q", Kind.TEXT, "Q", max_length=50), "text"),
    (Field("q", Kind.NAME, "Q", max_length=50), "Xawo"),
    (Field("q", Kind.LONG_TEXT, "Q", max_length=500), "two\nlines"),
    (Field("q", Kind.NUMBER, "Q", at_least=1, at_most=12), "3"),
    (Field("q", Kind.DATE, "Q"), {"text": "2015-13-06", "calendar": "ethiopic"}),
    (Field("q", Kind.TIME, "Q"), "07:30"),
    (Field("q", Kind.CODE, "Q", code_list="sex"), "F"),
    (Field("q", Kind.CODE, "Q", code_list="countries"), "SOM"),
    (Field("q", Kind.YES_NO, "Q", code_list="yes_no"), "yes"),
    (Field("q", Kind.CODES, "Q", code_list="needs"), ["DS-BD"]),
    (Field("q", Kind.CODES, "Q", code_list="sex"), ["F", "M"]),
    (Field("q", Kind.CODES, "Q", code_list="languages"), ["som"]),
    (Field("q", Kind.PHONE, "Q"), "+252611234567"),
    (
        Field("q", Kind.DOCUMENTS, "Q", code_list="document_types", max_length=50),
        [{"type": "passport", "number": "P100417"}],
    ),
    (Field("q", Kind.CONSENT, "Q", code_list="purposes"), {"registration": "yes"}),
    (Field("q", Kind.PLACE, "Q", max_length=50), {"text": "Baidoa, Bay", "code": "TN0102"}),
    (Field("q", Kind.PERSON, "Q"), {"person": "a" * 32}),
    (Field("q", Kind.PERSON, "Q"), {"name": "Xawo"}),
    (
        Field(
            "q",
            Kind.GROUP,
            "Q",
            at_most=3,
            fields=(
                Field("who", Kind.PERSON, "Who"),
                Field("at", Kind.TIME, "At"),
                Field("kept", Kind.SEALED, "Kept"),
            ),
        ),
        [{"who": {"name": "Xawo"}, "at": "07:30"}, {"at": "08:00"}],
    ),
]


@pytest.fixture(scope="module")
def asking() -> Asking:
    return prepare(forms.catalogue(), "en")


@pytest.mark.parametrize(
    ("one", "raw"), KINDS, ids=[f"{one.kind}-{number}" for number, (one, _) in enumerate(KINDS)]
)
def test_each_kind_keeps_an_answer_and_its_absence(
    qtbot: Any, asking: Asking, one: Field, raw: Any
) -> None:
    marked = replace(one, unknown=True, refused=True, not_applicable=True, why="Because")
    with forbid_on_ui_thread():
        field = make(Asked("person", marked), asking, lambda: TODAY)
        Table(qtbot, field)
        assert is_blank(field.value())
        assert read_raw(marked, field.value(), TODAY).value in (None, "")
        field.set_value(raw)
        assert field.value() == raw
        if one.kind is not Kind.CONSENT:
            assert read_raw(marked, field.value(), TODAY).problems == ()
        for missing in ("unknown", "refused", "not_applicable"):
            field.set_value({"missing": missing})
            assert field.value() == {"missing": missing}
            assert read_raw(marked, field.value(), TODAY).problems == ()
        field.set_value(None)
        assert is_blank(field.value())
        assert asking.answer(marked, {"missing": "not_applicable"}, TODAY) == "does not apply"


def test_kinds_are_complete() -> None:
    assert {one.kind for one, _ in KINDS} == set(Kind) - {Kind.SEALED, Kind.PHOTO}


def test_every_question_of_every_form_has_a_widget(qtbot: Any, asking: Asking) -> None:
    for form in forms.catalogue().all():
        for one in form.fields():
            if one.asked and one.kind is not Kind.SEALED:
                field = make(Asked(form.id, one), asking, lambda: TODAY)
                qtbot.addWidget(field)
                assert field.key == one.name
                assert field.why == one.why


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (Field("q", Kind.NUMBER, "Q"), NumberField),
        (Field("q", Kind.TIME, "Q"), TimeField),
        (Field("q", Kind.DATE, "Q"), DateAnswer),
        (Field("q", Kind.PLACE, "Q", max_length=9), PlaceField),
        (Field("q", Kind.PERSON, "Q"), PersonField),
        (Field("q", Kind.GROUP, "Q", at_most=2), GroupField),
        (Field("q", Kind.YES_NO, "Q", code_list="yes_no"), ChoiceField),
        (Field("q", Kind.CODES, "Q", code_list="sex"), TicksField),
        (Field("q", Kind.CODES, "Q", code_list="languages"), NeedsField),
    ],
)
def test_widgets(qtbot: Any, asking: Asking, one: Field, expected: type[Any]) -> None:
    field = make(Asked("person", one), asking, lambda: TODAY)
    qtbot.addWidget(field)
    assert type(field) is expected


def test_bounds_are_the_form_s(qtbot: Any, asking: Asking) -> None:
    one = Field("q", Kind.NUMBER, "Q", at_least=2, at_most=3)
    number = make(Asked("person", one), asking, lambda: TODAY)
    Table(qtbot, number)
    number.focus_editor()
    press(K.Key_Up, times=3)
    assert number.value() == "3"


def test_long_lists_are_searched_without_headings(qtbot: Any, asking: Asking) -> None:
    assert len(asking.options("languages")) > TICKS_MOST
    one = Field("q", Kind.CODES, "Q", code_list="languages")
    field = make(Asked("person", one), asking, lambda: TODAY)
    Table(qtbot, field)
    assert isinstance(field, NeedsField)
    assert field.list.item(0).text() == asking.options("languages")[0][1]
    field.focus_editor()
    type_in("somali")
    press(K.Key_Return)
    assert field.value() == ["som"]


def test_places_reach_places_and_the_questions_of_old(qtbot: Any, asking: Asking) -> None:
    reaching = asking.reaching(Reach(places=lambda _typed: [PLACE], codes=ORIGIN))
    household = forms.catalogue().form("household")
    field = make(Asked("household", household.field("origin_place")), reaching, lambda: TODAY)
    table = Table(qtbot, field)
    assert isinstance(field, PlaceField)
    field.focus_editor()
    type_in("B")
    press(K.Key_Down)
    press(K.Key_Return)
    assert table.edits[-2:] == [("origin_place", "Baidoa, Bay"), ("origin_code", "TN0102")]
    plain = make(Asked("household", household.field("origin_place")), asking, lambda: TODAY)
    qtbot.addWidget(plain)
    assert type(plain) is TextField


def test_beside_the_label_when_the_page_wants_it(qtbot: Any, asking: Asking) -> None:
    sex = forms.catalogue().form("person").field("sex")
    quiet = make(Asked("person", sex), asking, lambda: TODAY)
    qtbot.addWidget(quiet)
    assert quiet.missing_button is None
    told = make(Asked("person", sex), asking.reaching(Reach(beside=True)), lambda: TODAY)
    qtbot.addWidget(told)
    assert told.missing_button is not None


def test_words_of_an_operation_s_own_form(asking: Asking) -> None:
    catalogue = forms.catalogue()
    own = replace(catalogue.form("person"), texts={"en": {"Sex": "Gender"}})

    class One:
        """A catalogue with one form."""

        def form(self, name: str) -> Any:
            if name != "person":
                raise KeyError(name)
            return own

    made: Any = replace(asking, catalogue=One())  # type: ignore[arg-type]  # a twin
    assert made.text("person", "Sex") == "Gender"
    assert made.text("person", "Name") == "Name"
    assert made.text("other", "Sex") == "Sex"
    assert made.text("person", "") == ""


def test_answers_in_words(asking: Asking) -> None:
    people = {"a" * 32: "Amina"}

    def said(one: Field, raw: Any) -> str:
        return asking.answer(one, raw, TODAY, people=people)

    person = Field("q", Kind.PERSON, "Q")
    assert said(person, {"person": "a" * 32}) == "Amina"
    assert said(person, {"person": "b" * 32}) == "a registered person"
    assert said(person, {"name": " Xawo "}) == "Xawo (not registered)"
    assert said(person, "") == ""
    place = Field("q", Kind.PLACE, "Q")
    assert said(place, {"text": "Baidoa, Bay", "code": "TN0102"}) == "Baidoa, Bay"
    assert said(place, {"text": "", "code": "TN0102"}) == "TN0102"
    group = Field("q", Kind.GROUP, "Q", fields=(person, Field("at", Kind.TIME, "At")))
    rows = [{"q": {"person": "a" * 32}, "at": "07:30"}, {}, {"at": "08:00"}]
    assert said(group, rows) == "Amina, 07:30; 08:00"
    assert said(group, "") == ""
    assert said(Field("q", Kind.NUMBER, "Q"), "3") == "3"
    assert said(person, {"missing": "refused"}) == "did not want to say"
    assert said(person, {"missing": "nonsense"}) == ""
