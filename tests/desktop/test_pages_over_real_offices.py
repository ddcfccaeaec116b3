"""The pages over the real offices: a family from the table to the registry, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.pages.verdicts import VerdictCard
from station import changes, households
from tests.desktop.stage import Stage, on_screen
from tests.forms.filled_events import FILLED
from tests.places import PASSPHRASE, Site, families
from tests.station.lives import FAMILIES, person, record
from workspace.opening import open_workspace
from workspace.people import person_page
from workspace.search import search

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@contextmanager
def desk_of(qtbot: Any, site: Site, folder: Path, user: str, tmp_path: Path) -> Iterator[Stage]:
    """A frame over the real office, as one of its users."""
    with on_screen(
        qtbot,
        tmp_path,
        lambda: open_workspace(folder, user, PASSPHRASE, env=site.env),
        clock=site.env.clock,
    ) as put:
        yield put


def type_the_head(put: Stage) -> None:
    """The head of the family, page by page."""
    put.keys("Amina Yusuf")
    put.press(K.Key_Return)
    put.press(K.Key_Return)
    put.press(K.Key_Space)  # female
    put.press(K.Key_Return)
    put.keys("34y")
    put.press(K.Key_PageDown, CTRL)
    put.keys("Somalia")
    put.press(K.Key_Return)
    put.keys("Somali")
    for _ in range(6):  # family, documents and situation have nothing that must be said
        put.press(K.Key_PageDown, CTRL)
    put.keys("seeing")
    put.press(K.Key_Return)
    put.press(K.Key_PageDown, CTRL)
    put.keys("yyyyyyy")


def type_the_household(put: Stage) -> None:
    put.press(K.Key_F2)
    put.keys("Somalia")
    put.press(K.Key_Return)
    put.keys("Bay; Baidoa")
    put.press(K.Key_Return)
    put.press(K.Key_Return)
    put.keys("war")
    put.press(K.Key_Return)
    put.keys("2026-04")


def test_a_family_from_the_table_to_the_registry(qtbot: Any, site: Site, tmp_path: Path) -> None:
    with desk_of(qtbot, site, site.station, "officer", tmp_path) as put:
        page = put.page("interview")
        type_the_head(put)
        type_the_household(put)
        put.press(K.Key_R, CTRL)
        put.settle()
        assert [one.code for one in page.interview.errors()] == []
        put.press(K.Key_Return, CTRL)
        put.keys("The family has no telephone")
        put.press(K.Key_Return)
        put.settle()
        put.press(K.Key_Return, CTRL)
        put.settle()
        assert put.focus_name == "interview-next", page.banner.sentence()
        household = put.find(QLabel, "household-number").text().strip("\u2068\u2069")
        assert household.startswith("W")

        put.press(K.Key_P, CTRL)
        put.settle()
        documents: Any = put.frame.page
        assert documents.key == "documents"
        qtbot.waitUntil(lambda: documents.paper.has_page)
        put.press(K.Key_P, CTRL)
        put.settle()
        assert documents.banner.sentence() == "1 document printed"
        paper = tmp_path / "paper.pdf"
        paper.write_bytes(put.dialogs.prints[0])

        verify = put.page("verify")
        put.dialogs.file = paper
        put.press(K.Key_O, CTRL)
        put.settle()
        assert put.find(QLabel, "verdict-word").text() == "Valid"
        (card,) = verify.verdicts.findChildren(VerdictCard)
        assert dict(card.facts.facts())["Name in Latin letters"] == "Amina Yusuf"

        found = put.page("find", query="amina")
        (hit,) = found.table.rows()
        person = put.page("person", person=hit.person)
        assert person.status.text() == "Recorded"
        assert person.timeline.moments()

    with desk_of(qtbot, site, site.station, "supervisor", tmp_path) as put:
        review = put.page("review")
        assert len(review.table.rows()) == 1
        put.press(K.Key_A)
        put.settle()
        assert review.table.rows() == []
        export = put.page("sync")
        put.dialogs.folder = site.outbox
        put.press(K.Key_E, CTRL)
        put.settle()
        assert "found whole" in export.stick.said.sentence()
    (bundle,) = [path for path in site.outbox.iterdir() if path.is_dir()]

    with desk_of(qtbot, site, site.registry, "registrar", tmp_path) as put:
        imports = put.page("import")
        put.dialogs.folder = bundle
        put.press(K.Key_O, CTRL)
        put.settle()
        put.press(K.Key_Return, CTRL)
        put.settle()
        assert "is in" in imports.result.said.sentence(), imports.banner.sentence()
        queues = put.page("queues")
        put.press(K.Key_A, CTRL)
        put.press(K.Key_Return, CTRL)
        put.settle()
        assert "1 family registered" in queues.banner.sentence()
        assert len(put.page("stations").table.rows()) == 1
    (notice,) = [path for path in site.outbox.iterdir() if path.is_dir() and path != bundle]

    with desk_of(qtbot, site, site.station, "supervisor", tmp_path) as put:
        receive = put.page("sync")
        put.dialogs.folder = notice
        put.press(K.Key_O, CTRL)
        put.settle()
        assert "has been taken in" in receive.stick.said.sentence(), receive.banner.sentence()


def test_a_draft_outlives_the_program(qtbot: Any, site: Site, tmp_path: Path) -> None:
    """MOSIP logout: what was not saved is lost when the session ends for idleness."""
    with desk_of(qtbot, site, site.station, "officer", tmp_path) as put:
        put.page("interview")
        put.keys("Amina")
        put.press(K.Key_Return)
        put.settle()
    with desk_of(qtbot, site, site.station, "officer", tmp_path) as put:
        page = put.page("interview")
        assert put.focus_name == "interview-new"
        page.start.buttons[0].click()
        put.settle()
        assert page.interview.raw("name") == "Amina"


def test_a_family_sent_back_is_mended(qtbot: Any, site: Site, tmp_path: Path) -> None:
    site.take_in(families(1))
    with desk_of(qtbot, site, site.station, "supervisor", tmp_path) as put:
        put.page("review")
        put.dialogs.because = "Ask about the use of the data"
        put.press(K.Key_S)
        put.settle()
    with desk_of(qtbot, site, site.station, "officer", tmp_path) as put:
        page = put.page("interview")
        page.start.buttons[0].click()
        put.settle()
        assert page.feed.returned() == "Ask about the use of the data"
        head, child = page.interview.subjects[1:]
        for subject in (head, child):
            page.interview.go(subject)
            purposes = page.asking.questions
            page.interview.answer("consent", dict.fromkeys(purposes, "yes"))
            page.interview.answer("language", "ara")
        page.interview.go(head)
        page.interview.answer("phone", "+999550100011")
        page.interview.go("")
        page.interview.answer("origin_country", "SYR")
        page.sitting.show_again()
        page.sitting.looking.check()
        put.press(K.Key_R, CTRL)
        put.settle()
        assert [(one.code, one.field) for one in page.interview.errors()] == []
        put.press(K.Key_Return, CTRL)
        put.settle()
        while page.interview is not None and page.interview.open_warnings():
            put.keys("It was looked at")
            put.press(K.Key_Return)
            put.settle()
        put.press(K.Key_Return, CTRL)
        put.settle()
        assert page.done._said.text() == "Mended. The family waits for review again."
    with desk_of(qtbot, site, site.station, "supervisor", tmp_path) as put:
        assert len(put.page("review").table.rows()) == 1


def test_every_field_with_a_past_shows_it_by_the_same_button(
    qtbot: Any, site: Site, tmp_path: Path
) -> None:
    site.take_in(families(1))
    with site.at_station() as session:
        (hit, *_rest) = search(session, "Orlok")
        at = changes.begin(session, hit.person)
        raw = {**at.raw, "phone": "+999550100011", "name_latin": "Anders Orlok"}
        changes.change(session, hit.person, raw, at=at, reason="Said so")
        at = changes.begin(session, hit.person)
        changes.change(session, hit.person, {**at.raw, "phone": ""}, at=at, reason="Lost it")
        fields = {row.field for row in person_page(session, hit.person).history}
    assert {"name", "name_latin", "birth", "phone"} <= fields
    with desk_of(qtbot, site, site.station, "officer", tmp_path) as put:
        page = put.page("person", person=hit.person)
        for field in sorted(one for one in fields if not one.startswith("@")):
            button = put.find(QPushButton, f"history-{field}")
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus, f"{field}: by keyboard too"
            button.setFocus()
            put.press(K.Key_Space)
            assert page.facts.past_is_open(field), field


def test_from_a_split_that_was_undone_to_its_undoing_and_back(
    qtbot: Any, site: Site, tmp_path: Path
) -> None:
    site.take_in(families(1, size=3))
    with site.at_station("officer") as session:
        hit = search(session, "Orlok")[0]
        card = person_page(session, hit.person).household
        assert card is not None
        gone = card.members[1].person
        split = households.split(session, card.id, {gone: "head"}, reason="Wants it")
        households.undo(session, split.act, reason="Changed their mind")
    with desk_of(qtbot, site, site.station, "officer", tmp_path) as put:
        put.page("person", person=gone)
        put.find(QPushButton, f"undone-{split.act}").click()
        assert put.focus_name == f"undoing-{split.act}"
        put.press(K.Key_Space)
        assert put.focus_name == f"undone-{split.act}"
        struck = [one for one in put.frame.findChildren(QLabel) if one.font().strikeOut()]
        assert [one.text().startswith("Split off") for one in struck] == [True]


def test_home_leads_to_the_household_without_a_head_and_it_says_what_to_do(
    qtbot: Any, site: Site, tmp_path: Path
) -> None:
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        record(session, "death", deceased="Banin", spouse="Dalia")
    with desk_of(qtbot, site, site.station, "officer", tmp_path) as put:
        put.page("home")
        put.find(QPushButton, "step-headless").click()
        put.settle()
        page = put.frame.page
        assert page.key == "household" and not page.lacks.isHidden()
        assert "no head" in page.lacks.accessibleName()
        (name,) = page.lacks.findChildren(QPushButton)
        name.click()
        assert page.stack.currentWidget() is page.form


@pytest.mark.parametrize(
    ("form", "more", "said"),
    [
        ("resettlement", {"subject": "Dalia", "date": "2026-11-03"}, "Left for resettlement: 3 "),
        ("return", {"subject": "Dalia", "date": "2026-11-03"}, "Returned: 3 November 2026."),
        (
            "absence",
            {"subject": "Dalia", "date": "2026-09-01"},
            "Inactive: absent since 1 September 2026.",
        ),
        (
            "death",
            {"deceased": "Dalia", "date": "2026-11-09"},
            "Recorded as dead: 9 November 2026.",
        ),
    ],
)
def test_the_page_of_somebody_who_is_gone_says_so_first(
    qtbot: Any, site: Site, tmp_path: Path, form: str, more: dict[str, Any], said: str
) -> None:
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        usual = {name: raw for name, raw in FILLED[form].items() if "@" not in str(raw)}
        record(session, form, **{**usual, **more})
        gone = person(session, "Dalia").id
    with desk_of(qtbot, site, site.station, "officer", tmp_path) as put:
        page = put.page("person", person=gone)
        notice = page.head.notice.accessibleName()
        assert said in notice and "apers" in notice
        assert not page.head.notice.isHidden()
