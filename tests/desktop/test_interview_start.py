"""Before an interview: choosing a family, and coming back to the one at the table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from tests.desktop.field_office import NOW, Station, person_id, twin
from tests.desktop.other_offices import Others, others_twin
from tests.desktop.stage import Stage, stage
from tests.desktop.test_interview_page import whole_family

K = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
WHY = "A name is misspelt: the wife writes Haydari"


@pytest.fixture
def station() -> Station:
    """Two families: an older one that came back, a newer one that was left off."""
    made = Station()
    made.drafts = {
        "left-off": (whole_family().with_value("m1", "name", "Yusuf Ali"), NOW),
        "mend-1": (whole_family(), NOW - timedelta(hours=3)),
    }
    made.reasons = {"mend-1": WHY}
    return made


def steps(*codes: str) -> Any:
    """A home that advises these."""
    counts = SimpleNamespace(
        today_households=0, today_persons=0, waiting_review=0, returned=1, not_acknowledged=0,
        drafts=1, to_print=0, persons=0,
    )  # fmt: skip
    advised = tuple(
        SimpleNamespace(code=code, sentence=code, page="interview", count=1) for code in codes
    )
    return SimpleNamespace(home=lambda session: SimpleNamespace(counts=counts, next_steps=advised))


@pytest.fixture
def put(qtbot: Any, tmp_path: Path, station: Station) -> Iterator[Stage]:
    offices = twin(station, **others_twin(Others()), home=steps("returned", "drafts"))
    with stage(qtbot, tmp_path, offices, station=station) as made:
        yield made


def follow(put: Stage, name: str) -> Any:
    """From home along a next step."""
    put.page("home")
    put.find(QPushButton, name).setFocus()
    put.press(K.Key_Space)
    put.settle()
    return put.frame.page


def test_families_that_came_back_stand_first_with_the_reason(put: Stage) -> None:
    page = put.page("interview")
    shown = [one.text() for one in page.start.findChildren(QLabel) if one.isVisible()]
    assert shown.index("Sent back, to be mended") < shown.index(WHY)
    assert shown.index(WHY) < shown.index("Families not finished yet")
    assert [one.objectName() for one in page.start.buttons] == ["draft-mend-1", "draft-left-off"]
    assert WHY in page.start.buttons[0].accessibleName()
    assert put.focus_name == "interview-new"
    # what is registered stays: only a family that was never registered can be thrown away
    assert not page.start.findChildren(QPushButton, "discard-mend-1")
    assert page.start.findChildren(QPushButton, "discard-left-off")


def test_home_leads_to_the_family_that_came_back(put: Stage) -> None:
    page = follow(put, "step-returned")
    assert page.key == "interview"
    assert put.focus_name == "draft-mend-1"
    put.press(K.Key_Return)
    put.settle()
    assert page.feed.returned() == WHY


def test_home_leads_to_the_list_although_a_family_sits_there(put: Stage) -> None:
    page = put.page("interview", draft="left-off")
    assert page.interview is not None
    put.keys("x")
    follow(put, "step-drafts")
    assert page.interview is None
    assert page.stack.currentWidget() is page.start
    assert put.focus_name == "interview-new"
    draft, _ = put.station.drafts["left-off"]
    assert any("x" in str(raw) for raw in draft.members[0].values.values())  # it was kept


@pytest.mark.parametrize("way", ["back", "unlock"])
@pytest.mark.parametrize("arguments", [{"choose": "returned"}, {"new": True}])
def test_coming_back_finds_the_family_that_was_at_the_table(
    put: Stage, arguments: dict[str, Any], way: str
) -> None:
    page = put.page("interview", **arguments)
    if page.interview is None:
        page.start.buttons[0].click()
        put.settle()
    interview = page.interview
    assert interview is not None
    if way == "back":
        put.page("person", person=person_id(17))
        put.press(K.Key_Left, ALT)
    else:
        put.frame.before_lock()
        put.frame.come_back()
    put.settle()
    assert put.frame.page is page
    assert page.interview is interview
