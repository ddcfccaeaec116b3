"""The page of syncing, by keyboard, over twins: every state says what is next."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.syncer import Phase
from station.errand import End
from station.line import Standing
from station.sticks import Waiting
from station.syncing import Stage as Part
from tests.desktop.field_office import NOW, Station, twin
from tests.desktop.other_offices import Others, RefusedError, others_twin
from tests.desktop.post_offices import LOST, NO_PLAN, Post, Step, answer, errand
from tests.desktop.stage import Stage, stage

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def held() -> Others:
    return Others()


@pytest.fixture
def post(held: Others) -> Post:
    return held.post


@pytest.fixture
def role() -> str:
    return "supervisor"


@pytest.fixture
def put(qtbot: Any, tmp_path: Path, held: Others, role: str) -> Iterator[Stage]:
    station = Station()
    offices = twin(station, **others_twin(held))
    with stage(qtbot, tmp_path, offices, station=station, role=role) as made:
        try:
            yield made
        finally:
            if held.post.gate is not None:
                held.post.gate.set()


def title(put: Stage) -> str:
    return put.find(QLabel, "sync-state").text()


# what is next ------------------------------------------------------------------------------


def test_what_waits_is_counted_and_one_button_sends_it(put: Stage, post: Post) -> None:
    post.sent = 4
    post.answers = [answer(2, "held", "Earlier entries are missing.")]
    page = put.page("sync")
    assert title(put) == "34 families have not reached the registry"
    assert page.state.counts.said() == {
        "waiting": "231", "sent": "4", "acknowledged": "12", "open": "1",
    }  # fmt: skip
    assert "21 November 2026" in put.find(QLabel, "sync-answered").text()
    assert "3 families have not been reviewed" in page.unreviewed.sentence()
    assert put.focus_name == "sync-primary" and page.state.primary.text() == "Sync now"
    post.errands = [errand(uploaded=231, acknowledged=231, notices=[7])]
    post.waiting, post.acknowledged, post.plan, post.answers = 0, 247, NO_PLAN, []
    post.sent = 0
    put.press(K.Key_Space)
    put.settle()
    assert post.calls("errand") == [None]
    assert "Notice 7 has been taken in" in page.banner.sentence()
    assert "231 more entries" in page.banner.sentence()
    assert title(put) == "The registry has everything"
    assert page.answers.isHidden()


@pytest.mark.parametrize(
    ("change", "said", "button"),
    [
        ({"waiting": 0, "plan": NO_PLAN}, "The registry has everything", "Sync now"),
        (
            {"waiting": 0, "acknowledged": 0, "plan": NO_PLAN},
            "Nothing to send yet",
            "Sync now",
        ),
        (
            {"waiting": 0, "sent": 9},
            "Everything is sent; the registry has not answered yet",
            "Sync now",
        ),
        (
            {"reachable": False},
            "34 families have not reached the registry",
            "Export to a stick…",
        ),
        (
            {"reachable": False, "waiting": 0, "sent": 9},
            "Everything is sent; the registry has not answered yet",
            "Take a notice from a stick…",
        ),
        (
            {"sticks": Waiting(sticks=2, left=3, parts=9, size=3_000_000)},
            "Stick 3 is next",
            "Write stick 3…",
        ),
    ],
)
def test_every_situation_has_its_sentence_and_its_one_act(
    put: Stage, post: Post, change: dict[str, Any], said: str, button: str
) -> None:
    for name, value in change.items():
        setattr(post, name, value)
    page = put.page("sync")
    assert title(put) == said
    assert page.state.primary.text() == button
    offered = [page.stick.write, page.stick.take, page.stick.next]
    assert button not in [one.text() for one in offered if one.isVisible()], "offered twice"


@pytest.mark.parametrize("role", ["officer"])
def test_an_officer_mends_what_was_sent_back_and_sends_nothing(put: Stage, post: Post) -> None:
    back = answer(2, "returned", "The grandmother is missing")
    post.answers = [answer(5, "quarantined", "It was withdrawn."), back]
    page = put.page("sync")
    assert title(put) == "1 family was sent back"
    assert page.stick.write.isHidden() and page.state.by_itself.isHidden()
    page.answers.table.select(lambda one: one is back)
    assert page.answers.chosen.sentence() == "The grandmother is missing"
    put.press(K.Key_E, CTRL)
    assert put.dialogs.asked == []
    went: list[Any] = []
    page.went.connect(lambda key, arguments: went.append((key, arguments)))
    put.station.drafts[back.draft] = put.station.drafts.get(back.draft, (None, NOW))
    page.went.disconnect(put.frame.go)
    put.press(K.Key_Return, CTRL)
    assert went == [("interview", {"draft": back.draft})]
    put.station.drafts.clear()


def test_what_came_back_opens_the_person(put: Stage, post: Post) -> None:
    post.answers = [answer(2, "quarantined", "It was withdrawn.")]
    page = put.page("sync")
    went: list[Any] = []
    page.went.disconnect(put.frame.go)
    page.went.connect(lambda key, arguments: went.append((key, arguments)))
    page.answers.table.view.setFocus()
    put.press(K.Key_Return)
    assert went == [("person", {"person": post.answers[0].person})]


# over the line -----------------------------------------------------------------------------


def running(put: Stage, post: Post, *steps: Step) -> Any:
    """A sync that stands at its last step."""
    page = put.page("sync")
    post.gate, post.steps = threading.Event(), list(steps)
    put.press(K.Key_Return, CTRL)
    put.qtbot.waitUntil(lambda: put.desk.syncer.step == (steps[-1] if steps else None))
    return page


def test_progress_is_told_in_bytes_parts_and_entries(put: Stage, post: Post) -> None:
    page = running(put, post, Step(Part.SENDING, 3_100_000, 6_900_000, 2, 5, 231))
    assert title(put) == "Syncing"
    detail = put.find(QLabel, "sync-progress-detail").text()
    assert detail == "3.1 MB of 6.9 MB · 2 of 5 parts · 231 entries"
    assert page.state.primary.isHidden()
    assert put.focus_name == "sync-pause"


def test_paused_until_somebody_goes_on(put: Stage, post: Post) -> None:
    page = running(put, post, Step(Part.SENDING, 1, 2, 0, 1, 1))
    put.press(K.Key_Space)
    assert title(put) == "Paused" and page.state.primary.text() == "Go on"
    put.settle()
    assert put.focus_name == "sync-primary"
    assert post.line.paused and post.line.underway
    assert put.desk.syncer.due is None, "nothing begins by itself"
    assert post.gate is not None
    post.gate.set()
    put.press(K.Key_Space)
    put.settle()
    assert len(post.calls("errand")) == 2 and not post.line.paused


def test_cancelled_leaves_what_waits(put: Stage, post: Post) -> None:
    page = running(put, post, Step(Part.SENDING, 1, 2, 0, 1, 1))
    put.press(K.Key_Tab)
    assert put.focus_name == "sync-cancel"
    put.press(K.Key_Space)
    put.settle()
    assert title(put) == "34 families have not reached the registry"
    assert page.state.primary.text() == "Sync now"
    assert not post.line.underway and not post.line.paused
    assert page.banner.isHidden()


def test_a_lost_line_is_a_state_with_the_time_of_the_next_try(put: Stage, post: Post) -> None:
    """No dialog, no fault: what is lost is a line."""
    page = put.page("sync")
    put.desk.syncer._chance = lambda: 1.0
    post.errands = [LOST, errand()]
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert title(put) == "No line to the registry"
    assert put.find(QLabel, "sync-when").text() == "Next try in 30 seconds."
    assert page.banner.isHidden() and put.dialogs.asked == []
    put.station.clock.advance(timedelta(seconds=29))
    put.desk.syncer.look()
    put.settle()
    assert put.find(QLabel, "sync-when").text() == "Next try in 1 second."
    assert len(post.calls("errand")) == 1
    put.station.clock.advance(timedelta(seconds=1))
    put.desk.syncer.look()
    put.settle()
    assert len(post.calls("errand")) == 2
    assert title(put) == "34 families have not reached the registry"


def test_try_now_does_not_wait(put: Stage, post: Post) -> None:
    put.page("sync")
    post.errands = [LOST, errand()]
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert put.focus_name == "sync-primary"
    put.press(K.Key_Space)
    put.settle()
    assert len(post.calls("errand")) == 2


def test_a_service_in_trouble_says_so_and_is_tried_again(put: Stage, post: Post) -> None:
    page = put.page("sync")
    post.errands = [errand(End.LOST, code="disk", sentence="The registry has no room.")]
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert title(put) == "The registry cannot take it just now"
    assert "The registry has no room for more just now." in page.state.advice.text()
    assert put.desk.syncer.due is not None


def test_a_refusal_stays_and_is_not_tried_again(put: Stage, post: Post) -> None:
    """OpenCRVS offline 3: every other error is tried again for ever, so what is invalid is on its
    way for good."""
    page = put.page("sync")
    post.errands = [errand(End.REFUSED, code="not_admitted", sentence="Not let in. Call.")]
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert title(put) == "Syncing stopped"
    assert page.state.advice.text() == "Not let in. Call."
    assert put.desk.syncer.due is None


def test_a_fork_is_said_loudly(put: Stage, post: Post) -> None:
    page = put.page("sync")
    post.errands = [errand(notices=[7], alarms=["Another copy of this station is in use."])]
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert page.banner.property("tone") == "danger"
    assert "Another copy" in page.banner.sentence()


def test_a_fault_of_ours_is_told_as_one(put: Stage, post: Post) -> None:
    def fault() -> Any:
        raise ZeroDivisionError

    page = put.page("sync")
    post.errands = [fault]
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert title(put) == "Syncing stopped"
    assert "ZeroDivisionError" in page.state.advice.text()


def test_the_next_one_begins_by_itself_where_that_was_chosen(put: Stage, post: Post) -> None:
    page = put.page("sync")
    put.desk.syncer._chance = lambda: 1.0
    page.state.by_itself.click()
    put.settle()
    assert post.line.automatic
    put.desk.syncer.look()
    put.settle()
    assert len(post.calls("errand")) == 1, "the first one at once"
    assert put.find(QLabel, "sync-when").text() == "The next sync begins by itself in 15 minutes."
    put.station.clock.advance(timedelta(minutes=15))
    put.page("home")
    put.desk.syncer.look()
    put.settle()
    assert len(post.calls("errand")) == 2, "whatever page is in front"
    put.page("sync")
    page.state.by_itself.click()
    put.settle()
    assert not post.line.automatic and put.desk.syncer.due is None


@pytest.mark.parametrize(
    ("line", "phase", "begins"),
    [
        (Standing(), Phase.IDLE, False),
        (Standing(underway=True), Phase.IDLE, True),
        (Standing(underway=True, failures=3, code="line"), Phase.LOST, True),
        (Standing(underway=True, paused=True), Phase.PAUSED, False),
        (Standing(automatic=True), Phase.IDLE, True),
        (Standing(automatic=True, paused=True), Phase.PAUSED, False),
        (Standing(code="not_admitted", sentence="Call."), Phase.REFUSED, False),
    ],
)
def test_a_window_that_opens_goes_on_where_the_last_one_was(
    qtbot: Any, tmp_path: Path, held: Others, line: Standing, phase: Phase, begins: bool
) -> None:
    held.post.line = line
    station = Station()
    offices = twin(station, **others_twin(held))
    with stage(qtbot, tmp_path, offices, station=station, role="supervisor") as put:
        put.settle()
        syncer = put.desk.syncer
        assert syncer.phase is phase
        assert (syncer.due is not None) is begins
        station.clock.advance(timedelta(seconds=5))
        syncer.look()
        put.settle()
        assert len(held.post.calls("errand")) == begins


def test_a_lock_ends_it_and_the_same_user_goes_on(put: Stage, post: Post) -> None:
    running(put, post, Step(Part.SENDING, 1, 2, 0, 1, 1))
    session = put.desk.session
    put.desk.lock()
    put.settle()
    assert post.line.underway and not post.line.paused
    assert put.desk.syncer.phase is Phase.IDLE and put.desk.syncer.due is None
    assert post.gate is not None
    post.gate.set()
    put.desk.open(session)
    put.settle()
    assert put.desk.syncer.due is not None


@pytest.mark.parametrize("role", ["officer"])
def test_nothing_begins_for_who_may_not_sync(put: Stage, post: Post) -> None:
    post.line = Standing(automatic=True, underway=True)
    put.desk.syncer._opened()
    put.settle()
    put.desk.syncer.begin()
    assert put.desk.syncer.due is None and post.calls("errand") == []


# sticks ------------------------------------------------------------------------------------


def test_an_export_says_what_is_on_the_stick(put: Stage, post: Post, tmp_path: Path) -> None:
    page = put.page("sync")
    put.dialogs.folder = tmp_path
    put.press(K.Key_E, CTRL)
    put.settle()
    assert post.calls("export") == [tmp_path]
    said = page.stick.said.sentence()
    assert (
        "found whole" in said and "231 entries · 4 files · 6.9 MB" in said and "b7f3-2291" in said
    )


def test_nothing_to_export_offers_nothing(put: Stage, post: Post) -> None:
    post.plan, post.waiting = NO_PLAN, 0
    page = put.page("sync")
    assert page.stick.write.isHidden() and page.stick.next.isHidden()
    put.press(K.Key_E, CTRL)
    assert put.dialogs.asked == []


@pytest.mark.parametrize(
    ("code", "banner", "beside"),
    [
        ("cancelled", "Stopped. Nothing was left on the stick.", ""),
        ("no_room", "The office's own words.", "or several"),
        ("drive_gone", "The office's own words.", "goes on where it stopped"),
        ("other", "The office's own words.", ""),
    ],
)
def test_what_stops_an_export_is_said_with_what_to_do(
    put: Stage, post: Post, tmp_path: Path, code: str, banner: str, beside: str
) -> None:
    post.fails["export"] = RefusedError(code, "The office's own words.")
    page = put.page("sync")
    put.dialogs.folder = tmp_path
    put.press(K.Key_E, CTRL)
    put.settle()
    assert page.banner.sentence() == banner
    assert page.stick.said.isHidden() is not bool(beside)
    assert beside in page.stick.said.sentence()
    assert page.stick.write.isEnabled() and page.state.primary.isEnabled()


def stick(number: int, left: int, folder: Path) -> SimpleNamespace:
    """What writing one stick of several gives."""
    return SimpleNamespace(
        bundle=folder / "b7f3", number=number, first=0, last=9, left=left, entries=231, parts=20,
        bytes=1_000,
    )  # fmt: skip


def test_the_next_stick_is_asked_for_until_all_are_written(
    put: Stage, post: Post, tmp_path: Path
) -> None:
    post.carried = [stick(1, 10, tmp_path), stick(2, 0, tmp_path)]
    page = put.page("sync")
    put.dialogs.folder = tmp_path
    page.stick.next.click()
    put.settle()
    assert "files 1 to 10 of 20" in page.stick.said.sentence()
    assert title(put) == "Stick 2 is next"
    assert "10 of 20 files (80.0 MB) are on no stick yet" in page.state.advice.text()
    assert page.stick.write.isHidden() and page.stick.give_up.isVisible()
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert "All 2 sticks are written" in page.stick.said.sentence()
    assert post.calls("carry") == [tmp_path, tmp_path]


def test_sticks_of_another_day_are_given_up(put: Stage, post: Post) -> None:
    post.sticks = Waiting(sticks=1, left=7, parts=9, size=7)
    page = put.page("sync")
    page.stick.give_up.click()
    put.settle()
    assert post.calls("abandon") == [None]
    assert page.stick.give_up.isHidden()


def test_a_notice_is_taken_in(put: Stage, post: Post, tmp_path: Path) -> None:
    post.outcomes = [
        SimpleNamespace(outcome="admitted"), SimpleNamespace(outcome="quarantined"),
    ]  # fmt: skip
    page = put.page("sync")
    put.dialogs.folder = tmp_path
    put.press(K.Key_O, CTRL)
    put.settle()
    assert post.calls("receive") == [tmp_path]
    said = page.stick.said.sentence()
    assert "Notice 7" in said and "212 more entries" in said and "Set aside: 1." in said


def test_a_notice_for_another_station_is_refused_in_words(
    put: Stage, post: Post, tmp_path: Path
) -> None:
    post.fails["receive"] = RefusedError("other_station", "This notice is for another station.")
    page = put.page("sync")
    put.dialogs.folder = tmp_path
    put.press(K.Key_O, CTRL)
    put.settle()
    assert page.banner.sentence() == "This notice is for another station."
    assert page.stick.take.isEnabled()


def test_what_can_be_left_to_the_registry_is_counted_first(put: Stage, held: Others) -> None:
    page = put.page("sync")
    assert page.pruning.isHidden()
    held.pruning = SimpleNamespace(
        days=90, households=12, persons=50, entries=99, photos=48, kept={"recent": 3}
    )
    page.on_shown()
    put.settle()
    assert not page.pruning.isHidden() and page.pruning.prune.isHidden()
    page.pruning.count.click()
    put.settle()
    assert page.pruning.count.isHidden()
    assert ("Families", "12") in page.pruning.facts.facts()
    assert page.pruning.prune.text() == "Remove 12 families from this computer"
    page.pruning.prune.click()
    put.settle()
    assert held.calls("prune") == [None]
    assert "12 families were left to the registry" in page.banner.sentence()
