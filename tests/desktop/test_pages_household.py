"""A household by keyboard over the real offices: move, split, merge, another head, undo."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.widgets.labels import Caption
from tests.desktop.keepers import wrongly_kept
from tests.desktop.stage import Stage, on_screen
from tests.places import PASSPHRASE, Site, families
from workspace.opening import open_workspace
from workspace.people import person_page
from workspace.search import search

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def peopled(site: Site) -> Site:
    """Two families of three."""
    site.take_in(families(2, size=3))
    return site


@contextmanager
def desk_of(qtbot: Any, site: Site, tmp_path: Path, user: str = "officer") -> Iterator[Stage]:
    with on_screen(
        qtbot,
        tmp_path,
        lambda: open_workspace(site.station, user, PASSPHRASE, env=site.env),
        clock=site.env.clock,
    ) as put:
        yield put


def heads(site: Site) -> list[Any]:
    """The two heads, as persons."""
    with site.at_station(read_only=True) as session:
        hits = search(session, "Orlok")
        found = []
        for hit in hits:
            page = person_page(session, hit.person)
            assert page.household is not None
            found += [
                hit.person
                for one in page.household.members
                if one.relation == "head" and one.person == hit.person
            ]
        return found


def members(site: Site, person: Any) -> dict[str, str]:
    """Names to relations of the household of a person."""
    with site.at_station(read_only=True) as session:
        card = person_page(session, person).household
        return {one.name: one.relation for one in card.members} if card is not None else {}


def household_of(site: Site, person: Any) -> str:
    """The number of somebody's household."""
    with site.at_station(read_only=True) as session:
        return person_page(session, person).household.number  # type: ignore[union-attr]  # it is there


def find(put: Stage, page: Any, number: str, between: Callable[[], object] = lambda: None) -> None:
    """Choose a household by its number; `between` is called after each step."""
    put.keys(number)
    page.form.destination.search_now()
    put.settle()
    between()
    put.press(K.Key_Down)
    put.press(K.Key_Return)
    between()
    put.settle()
    between()


def choose(put: Stage, page: Any, relation: str) -> Any:
    """Put the mark on the first member of a relation."""
    place = next(n for n, one in enumerate(page.table.shown()) if one.relation == relation)
    page.table.choose(place)
    page.table.view.setFocus()
    return page.table.shown()[place]


def why(put: Stage, reason: str = "The family says so") -> None:
    """The reason, and Enter signs."""
    assert put.focus_name == "input-reason"
    put.keys(reason)
    put.press(K.Key_Return)
    put.settle()


def test_a_split_and_its_undoing(qtbot: Any, peopled: Site, tmp_path: Path) -> None:
    head, _ = heads(peopled)
    before = members(peopled, head)
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("household", person=head)
        child = choose(put, page, "child")
        put.keys("s")
        assert put.focus_name == "goes-0"
        assert page.form._lines[
            [line.member.person for line in page.form._lines].index(child.person)
        ].goes
        for _ in range(6):
            if put.focus_name == "input-reason":
                break
            put.press(K.Key_Return)
        why(put)
        assert "Split off as household" in page.banner.sentence()
        assert len(page.table.rows()) == 2
        put.dialogs.because = "Done by mistake"
        put.keys("u")
        put.settle()
        assert "Undone" in page.banner.sentence()
        assert len(page.table.rows()) == 3
        assert any("Split" in label.text() for label in page.past.findChildren(QLabel))
    assert members(peopled, head) == before


def test_a_member_moves_to_a_household_found_by_name(
    qtbot: Any, peopled: Site, tmp_path: Path
) -> None:
    head, other = heads(peopled)
    number = household_of(peopled, other)
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("household", person=head)
        choose(put, page, "child")
        put.keys("m")
        assert put.focus_name == "input-destination"
        find(put, page, number)
        assert number in page.form._there.sentence()
        for _ in range(3):
            if put.focus_name == "input-relation-0":
                break
            put.press(K.Key_Return)
        assert put.focus_name == "input-relation-0"
        put.keys("nephew")
        put.press(K.Key_Return)
        if put.focus_name != "input-reason":
            put.press(K.Key_Return)
        why(put)
        assert "Moved" in page.banner.sentence()
    assert sorted(members(peopled, other).values()) == ["child", "child", "head", "nephew_niece"]


def test_a_merge_asks_for_everybody_s_relation(qtbot: Any, peopled: Site, tmp_path: Path) -> None:
    head, other = heads(peopled)
    number = household_of(peopled, other)
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("household", person=head)
        put.keys("g")
        find(put, page, number)
        assert put.focus_name == "input-relation-0"
        for relation in ("sibling", "nephew", "nephew"):
            put.keys(relation[:7] if relation != "sibling" else "brother")
            put.press(K.Key_Return)
            if put.focus_name.startswith("input-relation") and put._focus().text() != "":
                put.press(K.Key_Return)
        why(put)
        assert "Merged" in page.banner.sentence(), page.banner.sentence()
        assert len(page.table.rows()) == 6


def test_the_form_outlives_every_collection_of_cycles(
    qtbot: Any, peopled: Site, tmp_path: Path
) -> None:
    """Cycles are collected at whatever step the timer finds it due, so here after each one."""
    head, other = heads(peopled)
    number = household_of(peopled, other)
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("household", person=head)
        choose(put, page, "child")
        put.keys("m")
        find(put, page, number, between=gc.collect)
        assert shiboken6.isValid(page.form.destination), "it lies in a scroll nobody else holds"
        assert number in page.form._there.sentence()
        assert wrongly_kept() == []


def test_another_head_and_another_relation(qtbot: Any, peopled: Site, tmp_path: Path) -> None:
    head, _ = heads(peopled)
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("household", person=head)
        choose(put, page, "child")
        put.keys("h")
        lines = {line.member.relation: line for line in page.form._lines}
        assert lines["head"].chosen == "parent", "the head of a child is its parent"
        assert lines["child"].chosen == "", "what does not follow is asked"
        told = [caption.text() for caption in lines["child"].findChildren(Caption)]
        assert any(lines["child"].member.number in text for text in told)
        assert put.focus_name == lines["child"].relation.editor.objectName()
        put.keys("brother")
        put.press(K.Key_Return)
        for _ in range(4):
            if put.focus_name == "input-reason":
                break
            put.press(K.Key_Return)
        why(put)
        assert "another head" in page.banner.sentence()
        choose(put, page, "parent")
        put.keys("r")
        put.press(K.Key_A, CTRL)
        put.keys("uncle")
        put.press(K.Key_Return)
        if put.focus_name != "input-reason":
            put.press(K.Key_Return)
        why(put)
        assert "relation was changed" in page.banner.sentence()
    assert sorted(members(peopled, head).values()) == ["head", "sibling", "uncle_aunt"]


def test_nothing_is_signed_without_a_reason_or_a_relation(
    qtbot: Any, peopled: Site, tmp_path: Path
) -> None:
    head, _ = heads(peopled)
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("household", person=head)
        choose(put, page, "child")
        put.keys("m")
        put.press(K.Key_Return, CTRL)
        assert page.form.destination.problems()
        put.press(K.Key_Escape)
        put.press(K.Key_Escape)
        assert not page._open
        choose(put, page, "child")
        put.keys("r")
        put.press(K.Key_Return, CTRL)
        assert put.focus_name == "input-reason" and page.form.reason.problems()
        put.keys("xyz")
        put.press(K.Key_Return)
        put.settle()
        assert "That is the relation already." in page.banner.sentence()
