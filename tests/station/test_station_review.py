"""Review: the supervisor sees everything that is approved, and whose each flag is."""

from __future__ import annotations

from forms.check import check as check_family
from forms.codes import code_list, sensitive_needs
from forms.draft import UNKNOWN, Confirmation, Draft, MemberDraft
from forms.wording import label
from station import drafts, register, review
from station.review import ReviewDetail
from tests.places import Site, listing, row
from tests.station.test_station_events import FAMILY, birth, recorded
from values.text import BIDI_CONTROLS
from workspace.home import home

SEALED_NEED = next(
    one.code for one in code_list("needs").offered() if sensitive_needs([one.code])[1]
)
PURPOSES = ("registration", "document", "assistance", "tracing", "host_state", "third_state")
CONSENT = {**dict.fromkeys(PURPOSES, "yes"), "statistics": "no"}


def said(detail: ReviewDetail) -> str:
    """Everything that the page shows of the registration, one line."""
    words = " ".join(" ".join((one.title, one.number, *one.sentences)) for one in detail.told)
    return words.translate(dict.fromkeys(map(ord, BIDI_CONTROLS)))


def first(site: Site) -> ReviewDetail:
    with site.at_station("supervisor") as session:
        waiting = review.waiting(session)
        return review.detail(session, waiting[-1].registration)


def test_all_that_was_answered_is_shown(site: Site) -> None:
    member = {
        "name": "Banin Orlok",
        "relation": "head",
        "sex": "M",
        "birth": {"text": "1980-02-03"},
        "nationality": "SYR",
        "language": "ara",
        "phone": "+999550100011",
        "father_name": "Emil Orlok",
        "mother_name": dict(UNKNOWN),
        "marital_status": "married",
        "documents": [{"type": "passport", "number": "AB123456"}],
        "needs": ["DS-BD", SEALED_NEED],
        "consent": CONSENT,
        "share_with_origin": "no",
        "notes": "Walks with a stick",
    }
    draft = Draft(
        household={
            "origin_country": "SYR",
            "origin_place": "Hama",
            "cause": "conflict",
            "arrival": {"text": "2026-10-01"},
            "shelter": "tent",
        },
        members=(MemberDraft("m1", member),),
    )
    with site.at_station("officer") as session:
        today = session.clock.now().date()
        for problem in check_family(draft, today):
            assert not problem.is_error, problem
            key = "" if problem.person is None else "m1"
            draft = draft.with_confirmation(Confirmation(problem.code, problem.field, key, "seen"))
        drafts.save(session, "one", draft)
        register.register(session, "one", draft)
    told = said(first(site))
    for words in (
        "Banin Orlok is the head of the household",
        "+999550100011",
        "Emil Orlok",
        "not known",
        "Married",
        "AB123456",
        "Agrees to",
        "Does not agree to: ",
        "Walks with a stick",
        "They sleep here",
        "Some needs are sealed",
    ):
        assert words in told, words
    assert "Difficulty seeing" in told
    assert label("needs", SEALED_NEED) not in told


def test_a_flag_says_whose_it_is(site: Site) -> None:
    site.take_in(listing(row("H-1", "head", "Banin Orlok", sex="M"), row("H-1", "child", "Bo-1")))
    with site.at_station("supervisor") as session:
        (waiting,) = review.waiting(session)
    assert waiting.flags
    assert all("Orlok" in flag or "Bo-1" in flag for flag in waiting.flags)


def test_a_birth_is_called_a_birth_with_its_parents(site: Site) -> None:
    site.take_in(FAMILY)
    site.approve()
    with site.at_station("officer") as session:
        recorded(session, "live_birth", birth(session))
        counts = home(session).counts
        assert (counts.today_households, counts.today_persons) == (2, 5)
    detail = first(site)
    assert (detail.row.kind, detail.row.head_name) == ("event", "Ilan Orlok")
    assert detail.row.event
    told = said(detail)
    assert "Dalia Orlok" in told and "Banin Orlok" in told
    assert "arrived here" not in told
