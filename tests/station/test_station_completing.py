"""Families taken in quickly, and the pace of the day; events that were left off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forms.draft import Confirmation, Draft
from forms.errors import DraftError
from station import changes, completing, drafts, register
from station.drafts import EventDraft
from tests.places import Site
from workspace.errors import NotAllowedError, RefusedError
from workspace.home import home

PURPOSES = (
    "registration", "document", "assistance", "tracing", "host_state", "third_state", "statistics",
)  # fmt: skip


def quick_family(name: str) -> Draft:
    """Somebody with the fewest answers; what is asked later has the reason that says so."""
    draft = Draft.new()
    for field, raw in {
        "name": name,
        "sex": "F",
        "birth": {"text": "1985", "calendar": "gregorian"},
        "nationality": "SOM",
        "consent": dict.fromkeys(PURPOSES, "yes"),
    }.items():
        draft = draft.with_value("m1", field, raw)
    for field, raw in {
        "origin_country": "SOM",
        "cause": "conflict",
        "arrival": {"text": "2026-10", "calendar": "gregorian"},
    }.items():
        draft = draft.with_household(field, raw)
    for code, field in (("missing", "language"), ("no_contact", "phone")):
        draft = draft.with_confirmation(Confirmation(code, field, "m1", "Asked later"))
    return draft


def test_a_family_taken_in_quickly_waits_until_it_is_completed(site: Site) -> None:
    with site.at_station("officer") as session:
        completing.begin(session, "one", quick=True)
        site.clock.advance(timedelta(minutes=3))
        made = register.register(session, "one", quick_family("Amina Yusuf"))
        completing.begin(session, "two", quick=False)
        register.register(session, "two", quick_family("Layla Yusuf"))
        (family,) = completing.open_ones(session)
        assert (family.name, family.open) == ("Amina Yusuf", 1)
        assert family.fields == ("language",)
        (person,) = family.persons
        assert person == made.persons[0][0]
        at = changes.begin(session, person)
        changes.change(session, person, {**at.raw, "language": "som"}, at=at, reason="Asked now")
        assert completing.open_ones(session) == ()


def test_whether_a_child_is_alone_stays_open_until_it_is_said(site: Site) -> None:
    draft = quick_family("Amina Yusuf")
    draft = draft.with_member({})
    child = draft.members[-1].key
    for field, raw in {
        "relation": "nephew_niece",
        "name": "Idil Yusuf",
        "sex": "F",
        "birth": {"text": "2018", "calendar": "gregorian"},
        "nationality": "SOM",
        "language": "som",
        "consent": dict.fromkeys(PURPOSES, "yes"),
    }.items():
        draft = draft.with_value(child, field, raw)
    with site.at_station("officer") as session:
        completing.begin(session, "one", quick=True)
        register.register(session, "one", draft)
        (family,) = completing.open_ones(session)
        assert family.fields == ("language", "uasc_status")


def test_the_pace_is_that_of_the_family_in_the_middle(site: Site) -> None:
    with site.at_station("officer") as session:
        assert completing.pace(session).seconds is None
        for number, minutes in enumerate((2, 4, 30)):
            completing.begin(session, f"d{number}", quick=True)
            site.clock.advance(timedelta(minutes=minutes))
            register.register(session, f"d{number}", quick_family(f"Amina {chr(65 + number)}"))
        pace = completing.pace(session)
        assert pace.families == 3
        assert pace.seconds is not None and 4 * 60 <= pace.seconds < 5 * 60


def test_beginning_again_changes_how_and_not_when(site: Site) -> None:
    with site.at_station("officer") as session:
        completing.begin(session, "one", quick=True)
        site.clock.advance(timedelta(minutes=5))
        completing.begin(session, "one", quick=False)
        register.register(session, "one", quick_family("Amina Yusuf"))
        assert completing.open_ones(session) == ()
        assert (completing.pace(session).seconds or 0) >= 300


def test_only_who_takes_in_is_asked(site: Site) -> None:
    with site.at_station("supervisor") as session, pytest.raises(NotAllowedError):
        completing.open_ones(session)


def test_an_event_that_was_left_off_is_kept_as_typed(site: Site) -> None:
    told = EventDraft(
        "death",
        {"deceased": {"person": "0" * 32}, "date": {"text": "3.5", "calendar": "ethiopic"}},
        {"0" * 32: "Amina\ud800"},
        (Confirmation("rule", "date", "", "She knows"),),
    )
    with site.at_station("officer") as session:
        drafts.save_event(session, "event-1", told)
        drafts.save(session, "family", quick_family("Layla"))
        assert drafts.load_event(session, "event-1") == told
        assert [row.id for row in drafts.list_drafts(session)] == ["family"]
        (row,) = drafts.list_events(session)
        assert (row.id, row.form) == ("event-1", "death")
        assert home(session).counts.drafts == 1
    with site.at_station("supervisor") as session:
        drafts.discard_event(session, "event-1")
        assert drafts.list_events(session) == []
        with pytest.raises(RefusedError):
            drafts.load_event(session, "event-1")
        with pytest.raises(RefusedError):
            drafts.discard_event(session, "family")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "damaged"),
        ("[]", "damaged"),
        ('{"format": 2}', "version"),
        ('{"format": 1}', "damaged"),
    ],
)
def test_a_draft_that_cannot_be_read_says_so(text: str, code: str) -> None:
    with pytest.raises(DraftError) as error:
        EventDraft.from_json(text)
    assert error.value.code == code
