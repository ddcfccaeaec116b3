"""The first run: its steps without a window, and the window by its buttons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.firstrun.steps import Purpose, Step, Walk
from desktop.firstrun.strength import Level, judge
from desktop.firstrun.window import FirstRun
from tests.desktop.conftest import Bench
from tests.desktop.fakes import FakeOfficeError

GOOD = "hale kidu badu rila"


class TestSteps:
    """The machine, which knows no toolkit."""

    def walk(self, purpose: Purpose) -> Walk:
        walk = Walk()
        assert walk.step is Step.LANGUAGE
        assert walk.forward()
        walk.answers.purpose = purpose
        assert walk.forward()
        return walk

    def test_a_purpose_has_to_be_chosen(self) -> None:
        walk = Walk()
        walk.forward()
        assert walk.problems() == {"purpose": "choose"}
        assert not walk.forward()
        assert walk.step is Step.PURPOSE

    def test_the_way_of_a_station(self, tmp_path: Path) -> None:
        walk = self.walk(Purpose.STATION)
        assert set(walk.problems()) == {"name", "administrator", "folder"}
        walk.answers.name = "North gate"
        walk.answers.administrator = "Marie L."
        walk.answers.folder = tmp_path / "station"
        assert walk.forward()
        walk.answers.passphrase = "short"
        assert walk.problems() == {"first": "short"}
        walk.answers.passphrase = GOOD
        assert walk.problems() == {"again": "differs"}
        walk.answers.again = GOOD
        assert walk.forward()
        assert walk.step is Step.MAKE
        assert not walk.may_go_back
        walk.sheet = ("7K2M", "Q4TX")
        walk.forward()
        assert walk.answers.passphrase == ""  # forgotten as soon as it was used
        assert walk.step is Step.REQUEST
        walk.forward()
        assert walk.step is Step.SHEET
        walk.forward()
        walk.answers.words_asked = 1
        walk.answers.word_given = "7K2M"
        assert walk.problems() == {"word": "wrong"}
        walk.back()
        assert walk.step is Step.SHEET  # to look again
        walk.forward()
        walk.answers.word_given = " q4tx "
        assert walk.forward()
        assert walk.step is Step.GRANT
        assert not walk.may_go_back
        assert walk.forward()
        assert walk.step is Step.DONE

    def test_the_way_of_a_registry(self, tmp_path: Path) -> None:
        walk = self.walk(Purpose.REGISTRY)
        walk.answers.name = "Northern operation"
        walk.answers.code = "w1"
        walk.answers.administrator = "Marie L."
        walk.answers.folder = tmp_path / "registry"
        assert walk.problems() == {"code": "form"}
        walk.answers.code = "wst"
        walk.forward()
        walk.answers.passphrase = walk.answers.again = GOOD
        walk.forward()
        assert walk.step is Step.KEYS
        assert walk.problems() == {"keys_folder": "choose"}
        walk.answers.keys_folder = tmp_path / "registry" / "keys"
        assert walk.problems() == {"keys_folder": "inside"}
        walk.answers.keys_folder = tmp_path / "stick"
        assert walk.forward()
        assert walk.step is Step.MAKE
        walk.forward()
        assert walk.step is Step.TAKE_AWAY

    def test_the_way_of_training_is_short(self) -> None:
        walk = self.walk(Purpose.TRAINING)
        assert walk.step is Step.PASSPHRASE
        assert len(walk.path) == 6

    def test_before_anything_is_made_one_may_go_back(self) -> None:
        walk = self.walk(Purpose.STATION)
        walk.back()
        walk.back()
        assert walk.step is Step.LANGUAGE
        assert not walk.may_go_back
        walk.back()
        assert walk.step is Step.LANGUAGE

    def test_the_answers_do_not_show_secrets(self) -> None:
        walk = Walk()
        walk.answers.passphrase = "hale kidu"
        walk.answers.word_given = "7K2M"
        assert "hale" not in repr(walk.answers)
        assert "7K2M" not in repr(walk.answers)


@pytest.mark.parametrize(
    ("passphrase", "level", "advice"),
    [
        ("kidu", Level.TOO_SHORT, "short"),
        ("password123", Level.WEAK, "common"),
        ("qwertyuiop", Level.WEAK, "pattern"),
        ("aaaaaaaaaaaa", Level.WEAK, "pattern"),
        ("northgate1", Level.WEAK, "personal"),
        ("kelimo72", Level.FAIR, "longer"),
        ("hale kidu badu rila", Level.GOOD, "good"),
        ("hale kidu badu", Level.FAIR, "longer"),
        ("hale kidu badu rila meta", Level.GOOD, "good"),
        ("hale kidu badu rila meta suni", Level.STRONG, "good"),
        ("hale hale hale hale hale hale", Level.WEAK, "longer"),
    ],
)
def test_advice_on_a_passphrase(passphrase: str, level: Level, advice: str) -> None:
    said = judge(passphrase, names=("Northgate", "Marie L."))
    assert (said.level, said.advice) == (level, advice)


class Steps:
    """Hands on the first run."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        bench.show(None)

    @property
    def window(self) -> FirstRun:
        assert self.bench.window.first_run is not None
        return self.bench.window.first_run

    @property
    def page(self) -> Any:
        return self.window._page

    def press(self, name: str) -> None:
        button = self.bench.find(QPushButton, name)
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)
        self.bench.settle()

    def forward(self) -> None:
        self.press("first-next")

    def say(self, key: str, text: str) -> None:
        field = self.bench.find(QWidget, f"input-{key}")
        field.setFocus()
        field.clear()
        QTest.keyClicks(field, text)

    def to_office(self, purpose: str) -> None:
        self.forward()
        self.press(f"purpose-{purpose}")
        self.forward()

    def to_passphrase(self, folder: Path) -> None:
        self.say("name", "North gate")
        self.say("administrator", "Marie L.")
        self.page._folder = folder
        self.forward()

    def choose_passphrase(self) -> None:
        self.say("passphrase", GOOD)
        self.say("again", GOOD)
        self.forward()


class TestStation:
    """From nothing to an enrolled station."""

    def test_all_the_way(self, bench: Bench, tmp_path: Path) -> None:
        steps = Steps(bench)
        folder = tmp_path / "new"
        steps.to_office("station")
        steps.to_passphrase(folder)
        steps.choose_passphrase()
        assert steps.window.walk.step is Step.REQUEST
        assert bench.find(QWidget, "request-words").words() == bench.twin.words

        bench.dialogs.saved_as = tmp_path / "station-request.wst"
        steps.press("save-request")
        assert bench.dialogs.saved_as.read_bytes() == b"request"
        assert ("save_file", "station-request.wst") in bench.dialogs.asked
        steps.forward()

        sheet = bench.find(QWidget, "sheet-words").words()
        assert len(sheet) == 7
        steps.forward()
        steps.say("word", "not this")
        steps.forward()
        assert steps.window.walk.step is Step.SHEET_CHECK
        assert "not what stands there" in bench.find(QWidget, "problem-word").text()
        steps.say("word", sheet[steps.page._place].lower())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        bench.settle()

        assert steps.window.walk.step is Step.GRANT
        bench.dialogs.file = tmp_path / "station-grant.wst"
        steps.press("choose-grant")
        assert bench.find(QWidget, "grant-words").words() == tuple(reversed(bench.twin.words))
        steps.press("words-match")
        assert bench.window.frame is not None
        assert bench.twin.places[folder].enrolled
        assert bench.window.desk.user_name == "Marie L."
        assert bench.window._prefs.workspace == folder
        assert "enrol" not in bench.window.frame.rail.places()

    def test_the_grant_may_come_later(self, bench: Bench, tmp_path: Path) -> None:
        steps = Steps(bench)
        steps.to_office("station")
        steps.to_passphrase(tmp_path / "new")
        steps.choose_passphrase()
        steps.forward()
        steps.forward()
        steps.say("word", steps.window.walk.sheet[steps.page._place])
        steps.forward()
        steps.forward()  # "Later"
        frame = bench.window.frame
        assert frame is not None
        assert "enrol" in frame.rail.places()
        page = bench.page("enrol")
        assert page.request.grid.words() == bench.twin.words
        bench.dialogs.file = tmp_path / "damaged.wst"
        page.grant.choose.click()
        bench.settle()
        assert "This is no grant" in page.grant._said.sentence()
        bench.dialogs.file = tmp_path / "station-grant.wst"
        page.grant.choose.click()
        bench.settle()
        page.grant.differ.click()
        assert "Do not use this grant" in page.grant._said.sentence()
        assert not bench.twin.places[tmp_path / "new"].enrolled
        page.grant.choose.click()
        bench.settle()
        page.grant.match.click()
        bench.settle()
        assert bench.twin.places[tmp_path / "new"].enrolled
        assert "enrolled" in bench.find(QWidget, "banner").accessibleName()
        rebuilt = bench.window.frame
        assert rebuilt is not None
        assert "enrol" not in rebuilt.rail.places()
        assert rebuilt.page is not None
        assert rebuilt.page.key == "users"

    def test_what_is_missing_is_said_under_its_field(self, bench: Bench) -> None:
        steps = Steps(bench)
        steps.forward()
        steps.forward()
        assert steps.window.walk.step is Step.PURPOSE
        steps.press("purpose-station")
        steps.forward()
        steps.forward()
        assert steps.window.walk.step is Step.OFFICE
        assert bench.find(QWidget, "problem-name").text() == "Give it a name."

    def test_six_words_are_suggested_and_readable(self, bench: Bench, tmp_path: Path) -> None:
        steps = Steps(bench)
        steps.to_office("station")
        steps.to_passphrase(tmp_path / "new")
        steps.press("suggest")
        made = steps.page.made
        assert made.passphrase() == made.again() == " ".join(bench.twin.words)
        assert made.first.editor.echoMode() is made.first.editor.EchoMode.Normal

    def test_a_failure_goes_back_to_the_questions(
        self, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: Any, **more: Any) -> None:
            raise FakeOfficeError("not_empty", "The folder is not empty. Name another.")

        from desktop.firstrun import work

        monkeypatch.setattr(work, "make_station", refuse)
        steps = Steps(bench)
        steps.to_office("station")
        steps.to_passphrase(tmp_path / "new")
        steps.choose_passphrase()
        assert "Name another" in steps.page.failure.sentence()
        steps.page.failure.findChildren(QPushButton)[0].click()
        assert steps.window.walk.step is Step.OFFICE
        assert steps.window.walk.answers.name == "North gate"
        assert steps.window.walk.answers.passphrase == ""


def test_a_registry_all_the_way(bench: Bench, tmp_path: Path) -> None:
    steps = Steps(bench)
    folder = tmp_path / "reg"
    steps.to_office("registry")
    steps.to_passphrase(folder)
    steps.choose_passphrase()
    assert steps.window.walk.step is Step.KEYS
    steps.forward()
    assert "Choose a folder" in steps.page._problem.sentence()
    bench.dialogs.folder = tmp_path / "stick"
    steps.press("choose-keys")
    steps.forward()
    assert steps.window.walk.step is Step.TAKE_AWAY
    steps.forward()
    steps.forward()
    steps.say("word", steps.window.walk.sheet[steps.page._place])
    steps.forward()
    assert bench.window.desk.kind == "registry"


def test_training_leads_to_its_door(bench: Bench, tmp_path: Path) -> None:
    steps = Steps(bench)
    steps.to_office("training")
    steps.window.walk.answers.folder = tmp_path / "training"
    steps.choose_passphrase()
    assert steps.window.walk.step is Step.TRAINED
    steps.forward()
    unlock = bench.window.unlock
    assert unlock is not None
    assert bench.find(QWidget, "training-band")
    unlock.passphrase.set_value(GOOD)
    unlock.try_open()
    bench.settle()
    assert bench.window.desk.training


def test_a_place_that_exists_is_opened(bench: Bench, station_folder: Path) -> None:
    steps = Steps(bench)
    steps.forward()
    bench.dialogs.folder = station_folder
    steps.press("open-existing")
    assert bench.window.unlock is not None
    assert bench.window._prefs.workspace == station_folder


def test_a_backup_is_restored_into_a_new_place(bench: Bench, tmp_path: Path) -> None:
    steps = Steps(bench)
    steps.forward()
    bench.dialogs.file = tmp_path / "monday.backup"
    bench.dialogs.folder = tmp_path
    steps.press("restore-backup")
    assert (tmp_path / "monday") in bench.twin.places
    assert bench.window.unlock is not None


def test_the_language_can_be_changed_first(bench: Bench) -> None:
    steps = Steps(bench)
    steps.press("language-ar")
    assert QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert bench.window.first_run is not None
    assert bench.window.first_run.isVisible()


def test_closing_half_way_closes_what_was_made(bench: Bench, tmp_path: Path) -> None:
    steps = Steps(bench)
    steps.to_office("station")
    steps.to_passphrase(tmp_path / "new")
    steps.choose_passphrase()
    bench.window.close()
    bench.settle()
    assert bench.twin.places[tmp_path / "new"].closed == 1
