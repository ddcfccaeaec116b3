"""Events as they are told: read by the same forms, judged by the same rules."""

from __future__ import annotations

import forms
from forms.check import answers
from forms.events import check_event, event_facts
from tests.forms.families import CHILD, HEAD, TODAY, draft


def test_an_event_is_read_like_a_household() -> None:
    form = forms.catalogue().form("arrival")
    raw = {"date": {"text": "2026-04"}, "place": " Reception  site "}
    assert check_event(form, raw, TODAY) == []
    made = event_facts(form, raw, TODAY)
    assert made.date == {"edtf": "2026-04", "calendar": "gregorian", "entered": "2026-04"}
    assert made.values == {"place": "Reception  site"}
    assert made.people == ()
    assert [one.code for one in check_event(form, {}, TODAY)] == ["missing"]


def test_what_is_not_asked_is_not_kept() -> None:
    form = forms.catalogue().form("flight")
    raw = {"origin_country": "SOM", "cause": "conflict", "hazard": "flood"}
    assert check_event(form, raw, TODAY) == []
    assert "hazard" not in event_facts(form, raw, TODAY).values
    kept = answers(draft(HEAD, CHILD).with_household("hazard", "flood"), TODAY)
    assert "hazard" not in kept.values
