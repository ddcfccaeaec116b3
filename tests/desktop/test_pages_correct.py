"""Correcting a record over the real offices: side by side, approval, somebody else meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from station import changes
from tests.desktop.stage import Stage, on_screen
from tests.places import PASSPHRASE, Site, families
from workspace.opening import open_workspace
from workspace.people import person_page
from workspace.search import search

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def peopled(site: Site) -> Site:
    site.take_in(families(1, size=2))
    return site


@pytest.fixture
def head(peopled: Site) -> Any:
    """The head of the family."""
    with peopled.at_station(read_only=True) as session:
        for hit in search(session, "Orlok"):
            card = person_page(session, hit.person).household
            assert card is not None
            if card.members[0].person == hit.person:
                return hit.person
    raise AssertionError


@contextmanager
def desk_of(qtbot: Any, site: Site, tmp_path: Path, user: str = "officer") -> Iterator[Stage]:
    with on_screen(
        qtbot,
        tmp_path,
        lambda: open_workspace(site.station, user, PASSPHRASE, env=site.env),
        clock=site.env.clock,
    ) as put:
        yield put


def read_back(put: Stage) -> None:
    put.press(K.Key_R, CTRL)
    put.settle()
    put.settle()


def sign(put: Stage) -> None:
    put.press(K.Key_Return, CTRL)
    put.settle()


def test_who_comes_for_a_question_has_the_keyboard_in_it(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head, field="language", then=[(head, "phone")])
        put.settle()
        assert put.focus_name == "input-language"
        page.on_shown(person=head, field="phone")
        put.settle()
        assert put.focus_name == "input-phone"


def test_what_changes_is_told_before_it_is_signed(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        assert put.focus_name == "input-name"
        locked = [
            one.text() for one in page.telling.board.questions.fields()["name"].findChildren(QLabel)
        ]
        assert "a change needs approval" in locked
        put.press(K.Key_A, CTRL)
        put.keys("Anders Orlok")
        page.telling._edited("language", "som")
        read_back(put)
        ((touched),) = page.summary.changes.shown()
        told = {one.what: (one.after, bool(one.tag)) for one in touched.changes}
        assert told["Full name, in its own script"] == ("Anders Orlok", True)
        assert told["Language the person speaks best"] == ("Somali", False)
        assert "proposed to a supervisor" in page.summary.note.sentence()
        sign(put)
        assert page.reasons.reason.problems()
        put.keys("She says so")
        sign(put)
        assert "Signed" in page.done._said.text()
    with peopled.at_station("supervisor", read_only=True) as session:
        (proposal,) = changes.proposals(session)
        assert proposal.reason == "She says so"
        assert [one.after for one in proposal.differences] == ["Anders Orlok"]


def test_nothing_is_signed_while_nothing_changes(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        read_back(put)
        sign(put)
        assert "Nothing was changed" in page.banner.sentence()


def test_what_somebody_else_changed_meanwhile_is_taken_up_and_nothing_is_lost(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    """OpenCRVS offline 2: somebody else's change ends one's own, and what was typed is gone but for
    a passing message."""
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        page.telling._edited("language", "som")
        read_back(put)
        put.keys("He says so")

        def by_another(work: Any) -> None:
            at = changes.begin(work.session, head)
            raw = {**at.raw, "marital_status": "widowed"}
            changes.change(work.session, head, raw, at=at, reason="Told at another desk")

        put.desk.read(by_another, done=lambda _none: None, parent=page)
        put.settle()
        sign(put)
        put.settle()
        put.settle()
        assert "Somebody changed this record meanwhile" in page.banner.sentence()
        assert "Widowed" in page.banner.sentence()
        assert page.filling.reading_back and page.filling.raw("language") == "som"
        assert page.reasons.said == "He says so"
        ((touched),) = page.summary.changes.shown()
        assert [one.after for one in touched.changes] == ["Somali"]
        sign(put)
        assert "Signed" in page.done._said.text(), page.banner.sentence()
    with peopled.at_station(read_only=True) as session:
        found = {fact.field: fact.value_text for fact in person_page(session, head).facts}
        assert (found["language"], found["marital_status"]) == ("Somali", "Widowed")


def test_what_was_typed_is_there_after_looking_elsewhere(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        page.telling._edited("language", "som")
        put.page("find")
        page = put.page("correct", person=head)
        assert page.filling.raw("language") == "som"


def test_the_household_s_own_answers_are_corrected_too(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", household=head)
        page.telling._edited("shelter", "tent")
        read_back(put)
        ((touched),) = page.summary.changes.shown()
        assert [one.after for one in touched.changes] == ["Tent"]
        put.keys("Seen")
        sign(put)
        assert "Signed" in page.done._said.text(), page.banner.sentence()
