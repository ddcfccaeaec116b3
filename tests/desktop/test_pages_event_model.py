"""The recorder without its widgets: pages, answers, parts, and what it offers."""

from __future__ import annotations

from typing import Any

from desktop.events.filling import Filling
from desktop.events.offer import matching, offers, shelves
from desktop.events.roles import fitting
from desktop.interview.marks import State
from forms import library
from forms.codes import code_list
from forms.events import check_event
from forms.everyday import everyday
from tests.desktop.invented_events import AMINA, FORM, LAYLA, PEOPLE, TODAY, YUSUF


def filling(**typed: Any) -> Filling:
    made = Filling(FORM, typed, today=TODAY)
    made.judged(check_event(FORM, made.typed, TODAY))
    return made


def test_pages_follow_each_other_and_the_last_is_read_back() -> None:
    made = filling()
    assert made.step.id == "what" and made.asked == ("date", "held")
    made.forward()
    assert made.step.id == "who"
    made.forward()
    assert made.reading_back
    made.back()
    assert made.step.id == "who"
    made.back()
    made.back()
    assert made.place == (0, False)


def test_a_question_comes_and_goes_with_the_answer_to_another() -> None:
    made = filling()
    assert made.answer("held", "yes")
    assert made.asked == ("date", "held", "guests")
    assert not made.answer("held", "yes")
    made.answer("held", "no")
    assert "guests" not in made.asked


def test_what_is_wrong_is_told_once_the_field_was_left() -> None:
    made = filling()
    assert made.shown() == ()
    assert not made.leave("date")
    assert [one.field for one in made.shown_at("date")] == ["date"]
    assert made.state([0]) is State.ERROR
    made.read_back()
    assert [one.field for one in made.errors()] == ["date", "mother"]


def test_a_date_in_words_becomes_the_notation_when_it_is_left() -> None:
    made = filling()
    made.answer("date", {"text": "3.5.2026", "calendar": "gregorian"})
    assert made.leave("date")
    assert made.raw("date")["text"] == "2026-05-03"


def test_the_ways_of_not_knowing_are_those_of_the_form() -> None:
    made = filling()
    assert made.mark("father", "not_applicable")
    assert made.raw("father") == {"missing": "not_applicable"}
    assert made.mark("father", "not_applicable") and made.raw("father") == {}
    assert not made.mark("date", "refused")


def test_a_warning_is_confirmed_with_a_reason_and_the_reason_can_be_taken_back() -> None:
    made = filling(held="yes", guests="250")
    (doubt,) = made.open_warnings()
    made.confirm(doubt, "The whole camp came")
    assert made.open_warnings() == () and made.reason_for(doubt) == "The whole camp came"
    made.confirm(doubt, "")
    assert made.open_warnings() == (doubt,)


def test_last_time_is_taken_over_where_the_form_says_so() -> None:
    before = {"place": "Tent 4", "held": "yes"}
    made = Filling(FORM, {}, today=TODAY, before=before)
    assert made.repeat("place") and made.raw("place") == "Tent 4"
    assert not made.repeat("held")


def test_a_correction_asks_only_what_it_names() -> None:
    made = Filling(FORM, {}, today=TODAY, only=frozenset({"place"}))
    assert [step.id for step in made.steps] == ["who"]
    assert made.asked == ("place",)


def test_every_change_is_counted() -> None:
    made = filling()
    made.answer("place", "Tent 4")
    made.answer("place", "Tent 4")
    made.mark("father", "unknown")
    assert made.revision == 2


def test_a_part_fits_when_the_form_has_nothing_against_it() -> None:
    names = {
        person: [one.name for one in fitting(FORM, PEOPLE[person.hex], TODAY)]
        for person in (AMINA, YUSUF, LAYLA)
    }
    assert names == {AMINA: ["mother"], YUSUF: ["father"], LAYLA: ["mother"]}


def test_events_are_offered_by_family_and_found_by_the_beginnings_of_words() -> None:
    every = offers([FORM], registers=True)
    assert [(one.family, [offer.form for offer in one.offers]) for one in shelves(every)] == [
        ("civil", ["naming"])
    ]
    assert matching(every, "nam") and matching(every, "fam chi") and matching(every, "FEÂST")
    assert not matching(every, "ming") and not matching(every, "naming death")


def test_events_are_found_by_everyday_words_after_their_own() -> None:
    forms = library.catalogue()
    every = offers(
        [forms.form(one.code) for one in code_list("event_types").offered()],
        registers=True,
        also=everyday("event_types", "en"),
    )
    first = {
        "stillb": "foetal_death",
        "newborn": "live_birth",
        "wedding": "marriage",
        "missing": "tracing_request",
        "entry": "border_crossing",
        "exit": "border_crossing",
        "absent": "absence",
        "birth": "live_birth",
        "separation": "separation",
        "return": "return",
        "lost passport": "document_lost",
    }
    found = {typed: [one.form for one in matching(every, typed)] for typed in first}
    assert {typed: forms[0] for typed, forms in found.items() if forms} == first
    assert {"document_lost", "tracing_request"} <= {one.form for one in matching(every, "lost")}
    assert not matching(every, "?!")
