"""A correction that is being typed is kept, over the real offices, until it is signed."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop import offices
from desktop.events import correction
from desktop.widgets.buttons import LinkButton
from forms.draft import Confirmation
from station import changes
from tests.desktop.stage import Stage, on_screen
from tests.places import DAY, PASSPHRASE, Site, families
from workspace.errors import RefusedError
from workspace.opening import open_workspace
from workspace.people import person_page
from workspace.search import search

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def peopled(site: Site) -> Site:
    site.take_in(families(1, size=2))
    return site


@pytest.fixture
def members(peopled: Site) -> list[Any]:
    """The head of the family, and the child."""
    with peopled.at_station(read_only=True) as session:
        card = person_page(session, search(session, "Orlok")[0].person).household
        assert card is not None
        return [one.person for one in card.members]


@pytest.fixture
def head(members: list[Any]) -> Any:
    return members[0]


@contextmanager
def desk_of(
    qtbot: Any, site: Site, tmp_path: Path, user: str = "officer", *, place: Path | None = None
) -> Iterator[Stage]:
    folder = place or site.station
    with on_screen(
        qtbot,
        tmp_path,
        lambda: open_workspace(folder, user, PASSPHRASE, env=site.env),
        clock=site.env.clock,
    ) as put:
        yield put


def kept(put: Stage, subject: Any, kind: str = "person") -> Any:
    """What the office keeps, asked on the worker."""
    found: list[Any] = []
    put.desk.read(
        lambda work: changes.load_correction(work.session, kind, subject),
        done=found.append,
        parent=put.frame,
    )
    put.settle()
    return found[0]


def by_another(put: Stage, person: Any, **answers: Any) -> None:
    """The record is changed while somebody types."""

    def change(work: Any) -> None:
        at = changes.begin(work.session, person)
        changes.change(work.session, person, {**at.raw, **answers}, at=at, reason="Said so")

    put.desk.read(change, done=lambda _none: None, parent=put.frame)
    put.settle()


def read_back(put: Stage) -> None:
    put.press(K.Key_R, CTRL)
    put.settle()
    put.settle()


def told(page: Any) -> dict[str, tuple[str, str]]:
    """What the side-by-side says."""
    return {
        one.what: (one.before, one.after)
        for touched in page.summary.changes.shown()
        for one in touched.changes
    }


def type_language(put: Stage, page: Any, code: str = "som") -> None:
    page.telling._edited("language", code)
    put.settle()


def link(put: Stage, text: str) -> LinkButton:
    (found,) = [
        one for one in put.frame.findChildren(LinkButton) if one.text() == text and one.isVisible()
    ]
    return found


# keeping -----------------------------------------------------------------------------------


def test_what_is_typed_is_kept_within_a_second(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        put.press(K.Key_A, CTRL)
        put.keys("Anders")
        qtbot.waitUntil(lambda: put.frame.header.note().startswith("Saved "))
        assert kept(put, head).answers == {"name": "Anders"}
        put.keys(" Orlok")
        put.press(K.Key_Return)
        put.settle()
        assert kept(put, head).answers == {"name": "Anders Orlok"}, "at once when the field is left"
        assert page.telling.saver.pending is False


def test_the_reason_and_the_basis_are_kept_too(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        put.press(K.Key_A, CTRL)
        put.keys("Anders Orlok")
        read_back(put)
        put.keys("He")
        assert put.focus_name == "input-reason"
        put.press(K.Key_Tab)
        put.settle()
        assert kept(put, head).reason == "He"
        page.reasons.basis.set_value("document")
        page.reasons.basis._changed()
        qtbot.waitUntil(lambda: not page.telling.saver.pending)
        assert kept(put, head).basis == "document"
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        assert page.filling.raw("name") == "Anders Orlok"
        assert page.reasons.typed == ("He", "document")
        assert "not signed yet" in page.banner.sentence()


def test_it_is_taken_up_after_the_window_is_gone(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        type_language(put, put.page("correct", person=head))
        put.frame.before_lock()
        put.settle()
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        assert page.filling.raw("language") == "som"
        assert "not signed yet" in page.banner.sentence()
        read_back(put)
        assert list(told(page).values()) == [("Arabic", "Somali")]
        put.keys("He says so")
        put.press(K.Key_Return, CTRL)
        put.settle()
        assert "Signed" in page.done._said.text()
        assert put.frame.header.note() == ""
        assert kept(put, head) is None
        page = put.page("correct", person=head)
        assert page.banner.isHidden()


def test_another_record_leaves_the_first_one_kept(
    qtbot: Any, peopled: Site, members: list[Any], tmp_path: Path
) -> None:
    first, second = members
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=first)
        type_language(put, page)
        read_back(put)
        put.keys("He says so")
        page = put.page("correct", person=second)
        assert page.filling.raw("language") == "ara" and page.reasons.typed == ("", "")
        type_language(put, page, "fra")
        page = put.page("correct", household=second)
        page.telling._edited("shelter", "tent")
        page = put.page("correct", person=first)
        assert page.filling.raw("language") == "som"
        assert page.reasons.typed == ("He says so", "")
        assert kept(put, second).answers == {"language": "fra"}
        page = put.page("correct", household=first)
        assert page.filling.raw("shelter") == "tent", "it is the same household"


def test_what_is_as_it_stands_again_is_no_draft(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        type_language(put, page)
        put.page("find")
        put.settle()
        assert kept(put, head) is not None
        page = put.page("correct", person=head)
        type_language(put, page, "ara")
        put.page("find")
        put.settle()
        assert kept(put, head) is None


def test_who_only_looks_keeps_nothing(qtbot: Any, peopled: Site, head: Any, tmp_path: Path) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        for _ in page.filling.steps:
            put.press(K.Key_PageDown, CTRL)
            put.settle()
        assert page.filling.reading_back
        put.page("find")
        put.settle()
        assert kept(put, head) is None


def test_it_says_when_it_cannot_be_saved_and_stays(
    qtbot: Any, peopled: Site, members: list[Any], tmp_path: Path
) -> None:
    head, other = members
    full = [True]

    class Faulty:
        """The real offices on a disk that is full."""

        def __getattr__(self, name: str) -> Any:
            real = importlib.import_module(offices.MODULES[name])
            if name != "changes":
                return real
            return SimpleNamespace(**{**vars(real), "save_correction": self.save})

        @staticmethod
        def save(session: Any, draft: Any) -> Any:
            if full[0]:
                raise RefusedError("disk", "The disk is full. Make room.")
            return changes.save_correction(session, draft)

    with offices.use(Faulty()), desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        page.telling._edited("language", "som")
        page.telling.saver.save()
        put.settle()
        assert "The disk is full" in page.banner.sentence()
        assert put.frame.header.note() == "Not saved"
        put.page("correct", person=other)
        assert page.filling.raw("language") == "som", "it is nowhere else"
        assert "The disk is full" in page.banner.sentence()
        full[0] = False
        page.telling.saver.save()
        put.settle()
        assert put.frame.header.note().startswith("Saved ")
        assert kept(put, head) is not None


# the record moves on --------------------------------------------------------------------------


def test_the_record_as_it_stands_now_is_below_what_was_typed(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        type_language(put, put.page("correct", person=head))
        put.page("find")
        put.settle()
    with desk_of(qtbot, peopled, tmp_path, "supervisor") as put:
        by_another(put, head, marital_status="widowed", language="fra")
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        said = page.banner.sentence()
        assert "Since then somebody changed" in said
        assert "Marital status" in said and "Language" in said
        assert page.filling.raw("marital_status") == "widowed"
        read_back(put)
        assert list(told(page).values()) == [("French", "Somali")]
        put.keys("He says so")
        put.press(K.Key_Return, CTRL)
        put.settle()
        assert "Signed" in page.done._said.text(), page.banner.sentence()


def test_what_somebody_else_corrected_alike_is_a_draft_no_more(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        type_language(put, put.page("correct", person=head))
        put.page("find")
        put.settle()
    with desk_of(qtbot, peopled, tmp_path, "supervisor") as put:
        by_another(put, head, language="som")
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        assert page.banner.isHidden()
        assert kept(put, head) is None


def test_after_a_refusal_what_is_typed_is_still_kept(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    """Somebody signs between the opening and the signature: both stand, and the draft stays."""
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        type_language(put, page)
        read_back(put)
        put.keys("He says so")
        by_another(put, head, marital_status="widowed")
        put.press(K.Key_Return, CTRL)
        put.settle()
        put.settle()
        assert "Somebody changed this record meanwhile" in page.banner.sentence()
        qtbot.waitUntil(lambda: not page.telling.saver.pending)
        draft = kept(put, head)
        assert (draft.answers, draft.reason) == ({"language": "som"}, "He says so")
        assert set(draft.seen) == {one.hex() for one in page.opened.at.heads}


# beginning anew -------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["key", "link"])
def test_what_was_typed_is_discarded_with_a_reason(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path, way: str
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        type_language(put, put.page("correct", person=head))
        put.page("find")
        put.settle()
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)

        def discard() -> None:
            if way == "key":
                put.press(K.Key_D, CTRL_SHIFT)
            else:
                link(put, "Discard what was typed…").click()
            put.settle()
            put.settle()

        put.dialogs.because = None
        discard()
        assert page.filling.raw("language") == "som", "they thought better of it"
        put.dialogs.because = "Typed by mistake"
        discard()
        assert put.dialogs.asked[-1] == ("reason", "Discard this correction?")
        assert page.filling.raw("language") == "ara" and page.banner.isHidden()
        assert kept(put, head) is None
        put.page("find")
        put.settle()
        assert kept(put, head) is None


def test_there_is_nothing_to_discard_before_something_is_typed(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        put.press(K.Key_D, CTRL_SHIFT)
        put.settle()
        assert put.dialogs.asked == []
        assert "Nothing was changed" in page.banner.sentence()


def test_one_that_cannot_be_read_does_not_keep_the_record_from_being_corrected(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with peopled.at_station() as session, session.store.write() as unit:
        identity = changes.correction_id(session, "person", head)
        unit.save_draft(identity, session.clock.now(), b"{")
    with desk_of(qtbot, peopled, tmp_path) as put:
        page = put.page("correct", person=head)
        assert "damaged" in page.banner.sentence()
        put.dialogs.because = "Typed by mistake"
        link(put, "Discard what was typed…").click()
        put.settle()
        put.settle()
        assert page.filling.raw("language") == "ara"


# the lists --------------------------------------------------------------------------------------


def test_it_is_listed_with_the_events_and_gone_on_with(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        type_language(put, put.page("correct", person=head))
        page = put.page("correct", household=head)
        page.telling._edited("shelter", "tent")
        household = page.opened.at.subject
        put.page("event")
        go_on = put.find(QPushButton, f"draft-person-{head.hex}")
        assert "Correction: " in go_on.accessibleName()
        put.find(QPushButton, f"draft-household-{household.hex}").click()
        put.settle()
        assert put.frame.page is page and page.filling.raw("shelter") == "tent"
        put.page("home")
        put.find(QPushButton, f"correction-person-{head.hex}").click()
        put.settle()
        put.settle()
        assert put.frame.page is page and page.filling.raw("language") == "som"
    with desk_of(qtbot, peopled, tmp_path, "supervisor") as put:
        put.page("event")
        names = [one.objectName() for one in put.frame.findChildren(QPushButton)]
        assert f"draft-person-{head.hex}" not in names, "each has their own"


def test_one_that_is_discarded_from_the_list_is_gone_from_its_page(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path) as put:
        type_language(put, put.page("correct", person=head))
        put.page("event")
        put.dialogs.because = "Typed by mistake"
        put.find(QPushButton, f"discard-person-{head.hex}").click()
        put.settle()
        put.settle()
        assert kept(put, head) is None
        put.frame.back()
        put.settle()
        put.settle()
        page = put.frame.page
        assert page is not None and page.key == "correct"
        assert page.filling.raw("language") == "ara"
        put.page("find")
        put.settle()
        assert kept(put, head) is None


def test_a_registrar_s_is_kept_at_the_registry(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    peopled.approve()
    peopled.admit(peopled.send())
    with desk_of(qtbot, peopled, tmp_path, "registrar", place=peopled.registry) as put:
        type_language(put, put.page("correct", person=head))
        put.page("find")
        put.settle()
    with desk_of(qtbot, peopled, tmp_path, "registrar", place=peopled.registry) as put:
        put.page("home")
        put.find(QPushButton, f"correction-person-{head.hex}").click()
        put.settle()
        put.settle()
        page: Any = put.frame.page
        assert page.key == "correct" and page.filling.raw("language") == "som"


# the model --------------------------------------------------------------------------------------


def test_only_what_differs_is_ours_and_what_cannot_be_given_now_is_laid_aside(
    peopled: Site, head: Any
) -> None:
    with peopled.at_station(read_only=True) as session:
        at = changes.begin(session, head)
        typed = {**at.raw, "language": "som", "notes": " ", "birth_place": "Bay", "of_old": "x"}
        assert correction.mine(at, at.raw, DAY) == {}
        mine = correction.mine(at, typed, DAY)
        assert mine == {"language": "som", "birth_place": "Bay", "of_old": "x"}
        torn = replace(at, in_conflict=frozenset({"language"}))
        on_top, aside = correction.on_top(torn, mine)
        assert on_top == {**at.raw, "birth_place": "Bay"}
        assert aside == {"language": "som", "of_old": "x"}


def test_what_was_confirmed_counts_for_the_record_that_was_seen(peopled: Site, head: Any) -> None:
    with peopled.at_station(read_only=True) as session:
        at = changes.begin(session, head)
        said = (Confirmation("rule", "birth", "", "She knows"),)
        seen = tuple(one.hex() for one in at.heads)
        draft = changes.CorrectionDraft("person", head.hex, {"language": "som"}, "", "", said, seen)
        opened: Any = SimpleNamespace(at=at, draft=draft)
        assert correction.confirmed(opened) == said
        opened.draft = replace(draft, seen=("00" * 32,))
        assert correction.confirmed(opened) == ()
        opened.draft = None
        assert correction.confirmed(opened) == ()


def test_what_was_typed_over_a_record_that_was_voided_can_be_discarded(
    qtbot: Any, peopled: Site, head: Any, tmp_path: Path
) -> None:
    with desk_of(qtbot, peopled, tmp_path, "supervisor") as put:
        type_language(put, put.page("correct", person=head))
        put.page("find")
        put.settle()
        assert kept(put, head)
    with peopled.at_station("supervisor") as session:
        changes.void(session, head, reason="Registered twice")
    with desk_of(qtbot, peopled, tmp_path, "supervisor") as put:
        page = put.page("correct", person=head)
        assert "voided" in page.banner.sentence()
        put.dialogs.because = "Typed by mistake"
        link(put, "Discard what was typed…").click()
        put.settle()
        put.settle()
        assert "voided" in page.banner.sentence()
        assert not changes.list_corrections(put.desk.session)
