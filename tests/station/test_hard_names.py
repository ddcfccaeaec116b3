"""Names that no page was made for: flagged when they come in, and nobody waits for them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from documents import pages as drawn
from documents.errors import PageError
from documents.page_data import PageData
from documents.text.piles import CUT, MOST_MARKS, tamed
from ledger import kinds
from ledger.entry import Subject
from station import pages, printing
from tests import paperwork
from tests.places import Site, listing, row
from values.identifiers import PersonId
from workspace.session import Session

ZALGO = "Z" + "\u0301" * 150
STACKED = "Burmese \u1019\u103c\u103d\u103e\u102f\u1036\u1037, Tibetan \u0f67\u0f71\u0f74\u0f83"


def person_named(session: Session, name: str) -> PersonId:
    """Make a person bear a name that intake would refuse, as an older program could have."""
    with session.store.read() as reader:
        person = min(reader.persons(), key=lambda one: one.number)
    with session.act() as act:
        act.say(
            kinds.PERSON_AMENDED,
            Subject("person", person.id),
            {"changes": {"name": name}, "reason": "a test"},
            form="person",
            base=person.heads,
        )
    return person.id


def test_marks_are_cut_visibly_and_only_when_no_script_has_so_many() -> None:
    assert tamed(STACKED) == STACKED
    assert tamed("plain") == "plain"
    cut = tamed(ZALGO)
    assert cut == "Z" + "\u0301" * MOST_MARKS + CUT
    assert tamed(cut) == cut


@pytest.mark.parametrize(
    ("name", "verdict", "code"),
    [
        (ZALGO, "flagged", "piled_marks"),
        ("Ana\u2060 Sol", "flagged", "invisible_signs"),
        ("Ana\U000e0041Sol", "flagged", "invisible_signs"),
        ("Ana\u2800Sol", "flagged", "invisible_signs"),
        ("\u3164", "rejected", "name_without_letters"),
        ("\u115f\u1160 \u200d", "rejected", "name_without_letters"),
        ("\u0301\u0301", "rejected", "name_without_letters"),
        ("\uffa0 12", "rejected", "name_without_letters"),
        ("\u179f\u17d2\u179a\u17b8\u200b\u1793\u17b6", "accepted", ""),
        ("\u0645\u06cc\u200c\u0631\u0648", "accepted", ""),
        ("\u845b\U000e0100\u57ce", "accepted", ""),
        ("\u0f67\u0f71\u0f74\u0f83 \u1019\u103c\u103d\u103e\u102f\u1036\u1037", "accepted", ""),
    ],
)
def test_lists_are_judged(site: Site, name: str, verdict: str, code: str) -> None:
    done = site.take_in(listing(row("1", "head", name).replace(f",{name},{name},", f",{name},,")))
    assert [one.code for one in done.flagged] == ([code] if verdict == "flagged" else [])
    assert [one.code for one in done.rejected] == ([code] if verdict == "rejected" else [])
    assert done.persons == (verdict != "rejected")


@pytest.mark.parametrize("type_", ["registration", "household"])
@pytest.mark.parametrize(
    "name", [ZALGO, ("a" + "\u0323\u0301" * 4) * 20, "\u0301" * 199, "W" * 200]
)
def test_any_name_finds_room_on_the_page(busy_site: Site, name: str, type_: str) -> None:
    with busy_site.at_station("officer") as session:
        person = person_named(session, name)
        with session.store.read() as reader:
            household = reader.household_of(person)
        assert household is not None
        subject = person if type_ == "registration" else household.id
        made = paperwork.issue(session, [printing.Target(type_, subject)], language="en")
        assert len(made.documents) == 1


def test_a_name_that_cannot_be_seen_gives_way_to_the_other(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        person = person_named(session, "\u3164\u3164")
        with session.store.read() as reader:
            view = reader.person(person)
            assert view is not None
            identity = pages.identity_of(view)
            assert identity.name == ""
            assert identity.name_latin == view.values["name_latin"]


# What still cannot be drawn is left out, and told


@pytest.fixture
def no_page_for(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make every page of one person impossible to draw."""
    render = drawn.render

    def prepare(number: str) -> None:
        def refuses(found: list[PageData], **more: object) -> bytes:
            if any(one.subject.number == number for one in found):
                raise PageError("too_much", "The names are too long for the page. Shorten them.")
            return render(found, **more)  # type: ignore[arg-type]  # handed through

        monkeypatch.setattr(drawn, "render", refuses)

    return prepare


def test_one_name_does_not_stop_the_others(
    busy_site: Site, no_page_for: Callable[[str], None]
) -> None:
    with busy_site.at_station("officer") as session:
        targets = printing.targets_for_all(session)
        with session.store.read() as reader:
            number = max(one.number for one in reader.persons())
        no_page_for(number)
        made = paperwork.issue(session, targets, language="en", skip=True)
        assert [dataclasses.astuple(one)[:3] for one in made.skipped] == [
            (number, "registration", "too_much")
        ]
        assert len(made.documents) == len(targets) - 1
        assert number not in {one.person for one in made.documents if one.type == "registration"}
        with session.store.read() as reader:
            assert reader.counts().documents == len(made.documents)
            # No number is lost: those that were drawn in vain are used for the others.
            counters = sorted(one.number.split("-")[3] for one in made.documents)
        assert counters == [f"D{at:05d}" for at in range(1, len(counters) + 1)]


def test_when_no_page_can_be_made_the_reason_is_told(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(found: list[PageData], **more: object) -> bytes:
        raise PageError("too_much", "The names are too long for the page. Shorten them.")

    monkeypatch.setattr(drawn, "render", refuses)
    with busy_site.at_station("officer") as session:
        targets = printing.targets_for_all(session)
        made = paperwork.issue(session, targets, language="en", skip=True)
        assert made.documents == () and {one.code for one in made.skipped} == {"too_much"}
        assert len(made.skipped) == len(targets)
        with session.store.read() as reader:
            assert reader.counts().documents == 0
