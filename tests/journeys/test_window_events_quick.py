"""A mass arrival in the real window: the fewest questions, the fewest keys, completed later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import keys
from station import completing
from tests.journeys.hands import Hands, at_the_keyboard, sit_down
from tests.places import Site
from workspace.people import person_page
from workspace.search import search

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def begin(hands: Hands) -> None:
    """Ctrl+N, and Ctrl+M once: it is remembered."""
    hands.press("Ctrl+N")
    hands.focused("input-name")
    hands.press("Ctrl+M")
    hands.sees("Ask everything")
    hands.focused("input-origin_country")


def test_a_family_of_five_takes_few_keys_and_is_completed_later(
    qtbot: Any, site: Site, tmp_path: Path
) -> None:
    with at_the_keyboard(qtbot, tmp_path / "glass", site.env) as hands:
        sit_down(hands, site.station)
        hands.unlock("officer")
        begin(hands)
        counted = keys.Counted(hands)
        keys.family(counted)
        hands.settle()
        hands.focused("read-back")
        page: Any = hands.window.frame.page  # type: ignore[union-attr]  # it is there
        assert [one.code for one in page.interview.errors()] == []
        assert [one.code for one in page.interview.open_warnings()] == []
        counted.press("Ctrl+Return")
        hands.sees("5 persons have been registered")
        assert counted.presses <= keys.TARGET, counted
        hands.press("Ctrl+Return")  # the next family is asked so too
        hands.focused("input-origin_country")
        hands.press("Ctrl+D")
        hands.sees("Somalia")
        complete_later(hands)
    with site.at_station("officer", read_only=True) as session:
        (head,) = (one for one in search(session, "Mirela Orlok") if one.name == "Mirela Orlok")
        found = person_page(session, head.person)
        assert {fact.field for fact in found.facts} >= {"nationality", "consent", "birth"}
        assert completing.pace(session).families == 1
        (family,) = completing.open_ones(session)
        assert len(family.persons) == 4


def complete_later(hands: Hands) -> None:
    """Home lists the family; its answers are completed person by person."""
    hands.press("Alt+1")
    hands.sees("To be completed: taken in quickly", "5 answers open", "Mirela Orlok")
    hands.until(lambda: any(one.objectName().startswith("later-") for one in hands.in_sight()))
    name = next(one.objectName() for one in hands.in_sight() if one.objectName()[:6] == "later-")
    hands.go_to(name)
    hands.press("Space")
    hands.sees("Correct: Mirela Orlok")
    hands.settle()
    for _ in range(12):
        if any(one.objectName() == "input-language" for one in hands.in_sight()):
            break
        hands.press("Ctrl+PgDown")
        hands.settle()
    hands.go_to("input-language")
    hands.type("som")
    hands.press("Return")
    hands.press("Ctrl+R")
    hands.focused("input-reason")
    hands.type("Completed after the arrival")
    hands.press("Ctrl+Return")
    hands.sees("Changed at once", "Next: 4 more persons to complete")
