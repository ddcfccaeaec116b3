"""A correction that a supervisor approves, and households that split, merge and are put back.

In the real window over a real station, by keyboard alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.journeys.hands import Hands, at_the_keyboard, sit_down
from tests.journeys.peopled import NAMES, Peopled, people
from tests.places import Site
from workspace.people import person_page

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

WOMAN, MAN, GIRL = NAMES["@woman"], NAMES["@man"], NAMES["@girl"]


@pytest.fixture(scope="module")
def peopled(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Peopled:
    """Do not write to it: take `camp`."""
    return people(founded_site.copied(tmp_path_factory.mktemp("peopled") / "site"))


@pytest.fixture
def camp(peopled: Peopled, tmp_path: Path) -> Peopled:
    return peopled.copied(tmp_path / "site")


def find(hands: Hands, name: str) -> None:
    """Ctrl+K, the name, and Enter twice: the person's page."""
    hands.press("Ctrl+K")
    hands.type(name)
    hands.press("Return")
    hands.sees("person", name)
    hands.settle()
    hands.press("Return")
    hands.focused("person-event")
    hands.sees("What happened")
    hands.settle()


def correct(hands: Hands) -> None:
    """Another day of birth, which needs approval, and another language, which does not."""
    find(hands, WOMAN)
    hands.press("Ctrl+T")
    hands.focused("input-name")
    hands.sees("a change needs approval")
    hands.go_to("input-birth") if "input-birth" in hands.screen else hands.press("Ctrl+PgDown")
    hands.settle()
    hands.focused("input-birth")
    hands.press("Ctrl+A")
    hands.type("1991-05-04")
    hands.press("Ctrl+PgDown")
    hands.settle()
    hands.go_to("input-language")
    hands.press("Ctrl+A")
    hands.type("som")
    hands.press("Return")
    hands.press("Ctrl+R")
    hands.sees("What changes", "3 May 1990", "4 May 1991", "needs approval", "Arabic", "Somali")
    hands.focused("input-reason")
    hands.press("Ctrl+Return")
    hands.sees("Say why this is corrected.")
    hands.type("The school card says so")
    hands.press("Tab")
    hands.focused("input-basis")
    hands.press("Down", 2)
    hands.press("Ctrl+Return")
    hands.sees("Changed at once", "Waits for approval", "Date of birth")
    hands.press("Ctrl+Return")
    hands.sees("What happened", "3 May 1990", "Somali")


def approve(hands: Hands) -> None:
    """The supervisor is told at home, looks at both sides, and approves with one key."""
    hands.unlock("supervisor")
    hands.sees("Decide about 1 correction")
    hands.go_to("step-corrections")
    hands.press("Space")
    hands.sees("1 correction", WOMAN, "3 May 1990", "4 May 1991", "The school card says so")
    hands.press("A")
    hands.sees("No correction waits", "Approved")


def test_a_correction_waits_for_a_second_person(qtbot: Any, camp: Peopled, tmp_path: Path) -> None:
    with at_the_keyboard(qtbot, tmp_path / "glass", camp.site.env) as hands:
        sit_down(hands, camp.site.station)
        hands.unlock("officer")
        correct(hands)
        hands.lock()
        approve(hands)
        find(hands, WOMAN)
        hands.sees("4 May 1991")
        hands.go_to("history-birth")
        hands.press("Space")
        hands.sees("became", "Proposed by officer", "The school card says so")
    with camp.site.at_station("officer", read_only=True) as session:
        page = person_page(session, camp.ids["@woman"])
        assert page.birth is not None and page.birth.edtf == "1991-05-04"


def test_a_correction_is_refused_with_a_reason(qtbot: Any, camp: Peopled, tmp_path: Path) -> None:
    from station import changes

    with camp.site.at_station("officer") as session:
        at = changes.begin(session, camp.ids["@woman"])
        raw = {**at.raw, "name": "Mirella Orlok"}
        changes.change(session, camp.ids["@woman"], raw, at=at, reason="Two l, she says")
    with at_the_keyboard(qtbot, tmp_path / "glass", camp.site.env) as hands:
        sit_down(hands, camp.site.station)
        hands.unlock("supervisor")
        hands.press("Ctrl+N")
        hands.settle()
        hands.press("Ctrl+PgDown")
        hands.sees("Mirella Orlok", "Two l, she says")

        def answer() -> None:
            hands.sees("Refuse this correction?")
            hands.press("Tab")
            hands.type("Her card has one l")
            hands.press("Ctrl+Return")

        hands.dialogs.answer = answer
        hands.press("R")
        hands.sees("No correction waits", "Refused")
        find(hands, WOMAN)
        assert "Mirella" not in hands.text("person-name")


def why(hands: Hands, reason: str) -> None:
    """Enter through what is asked, to the reason; Enter signs."""
    for _ in range(8):
        if hands.focus == "input-reason":
            break
        hands.press("Return")
    hands.focused("input-reason")
    hands.type(reason)
    hands.press("Return")


def split_off(hands: Hands) -> None:
    find(hands, WOMAN)
    hands.press("Ctrl+H")
    hands.focused("view-household")
    hands.sees("3 persons", MAN, GIRL)
    hands.press("S")
    hands.sees("Split off a household")
    hands.focused("goes-0")
    for _ in range(6):  # the girl goes with her mother
        if GIRL in hands.focus_says:
            break
        hands.press("Return")
    hands.press("Space")
    hands.press("Return")
    hands.type("son or")
    hands.press("Return")
    why(hands, "They live apart since spring")
    hands.sees("Split off as household", "2 persons", "They live apart since spring")


def undo(hands: Hands) -> None:
    def answer() -> None:
        hands.sees("Undo the last change")
        hands.press("Tab")
        hands.type("They came back")
        hands.press("Ctrl+Return")

    hands.dialogs.answer = answer
    hands.press("U")
    hands.sees("Undone. Everybody is where they were before.")


def merge(hands: Hands) -> None:
    """The household of the aunt comes over, found by her name."""
    hands.press("G")
    hands.focused("input-destination")
    hands.type(NAMES["@aunt"])
    aunt = NAMES["@aunt"]
    hands.until(lambda: hands.screen.count(aunt) > 1, "the aunt to be offered")
    hands.press("Down")
    hands.press("Return")
    hands.sees(NAMES["@uncle"])
    hands.focused("input-relation-0")
    for relation in ("brother", "uncle"):
        hands.type(relation)
        hands.press("Return")
    why(hands, "They came together")
    hands.sees("Merged. All of them belong to this household now.", "5 persons")


def test_a_split_a_merge_and_their_undoing(qtbot: Any, camp: Peopled, tmp_path: Path) -> None:
    with at_the_keyboard(qtbot, tmp_path / "glass", camp.site.env) as hands:
        sit_down(hands, camp.site.station)
        hands.unlock("officer")
        split_off(hands)
        undo(hands)
        hands.sees("3 persons")
        merge(hands)
        undo(hands)
        hands.sees("3 persons")
    with camp.site.at_station("officer", read_only=True) as session:
        for name, relation in (("@woman", "spouse"), ("@man", "head"), ("@girl", "child")):
            card = person_page(session, camp.ids[name]).household
            assert card is not None and len(card.members) == 3
            assert {one.person: one.relation for one in card.members}[camp.ids[name]] == relation
