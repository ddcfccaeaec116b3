"""Settings, users and home."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from cli.commands.registries import registry as registry_commands
from desktop.style import theme
from tests.desktop.conftest import Bench
from tests.desktop.fakes import PASSPHRASE, ROLES

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
NEW = "hale kidu badu rila meta suni"


def press(bench: Bench, name: str) -> None:
    button = bench.find(QPushButton, name)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    bench.settle()


def result(bench: Bench) -> str:
    return str(bench.find(QWidget, "care-result").accessibleName())


class TestHome:
    """The day in numbers, and what is next."""

    def test_next_steps_lead_to_their_pages(self, bench: Bench, station_folder: Path) -> None:
        place = bench.twin.places[station_folder]
        place.steps = [("backup", 1, "settings"), ("review", 1, "review"), ("later", 1, "home")]
        frame = bench.sign_in(station_folder, "Amal K.")
        assert bench.find(QWidget, "step-review").accessibleName() == "Review 1 family"
        assert bench.find(QWidget, "step-later").accessibleName() == "later"
        press(bench, "step-backup")
        assert frame.page.key == "settings"

    def test_the_backup_step_puts_the_keyboard_on_the_button(
        self, bench: Bench, station_folder: Path
    ) -> None:
        bench.twin.places[station_folder].steps = [("backup", 1, "settings")]
        bench.sign_in(station_folder, "Dawit T.")
        press(bench, "step-backup")
        assert bench.window.focusWidget().objectName() == "care-backup"

    def test_a_registrar_is_told_what_waits(self, bench: Bench, registry_folder: Path) -> None:
        bench.twin.places[registry_folder].steps = [("register", 3, "queues")]
        bench.sign_in(registry_folder, "Yusuf A.")
        step = bench.find(QWidget, "step-register")
        assert step.accessibleName() == "Register 3 families"

    def test_counts_are_said_in_words(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Amal K.")
        assert bench.find(QWidget, "count-first").accessibleName() == "12 families today"

    def test_an_officer_begins_with_ctrl_n(
        self, bench: Bench, station_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        frame = bench.sign_in(station_folder, "Amal K.")
        went: list[str] = []
        monkeypatch.setattr(frame, "_open", lambda key, arguments: went.append(key))
        QTest.keyClick(frame.page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        assert went == ["interview"]

    def test_drafts_are_taken_up_again(
        self, bench: Bench, station_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench.twin.places[station_folder].drafts = [("d1", "Hannah Tesfaye", 3), ("d2", "", 1)]
        frame = bench.sign_in(station_folder, "Amal K.")
        assert "No name yet" in bench.find(QWidget, "draft-d2").accessibleName()
        went: list[Any] = []
        monkeypatch.setattr(frame, "_open", lambda key, arguments: went.append((key, arguments)))
        press(bench, "draft-d1")
        assert went == [("interview", {"draft": "d1"})]

    def test_an_administrator_has_no_main_act(self, bench: Bench, station_folder: Path) -> None:
        frame = bench.sign_in(station_folder, "Marie L.")
        assert frame.page.start is None


class TestUsers:
    """Adding, renewing, disabling."""

    def test_a_user_is_added_by_keyboard(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Marie L.")
        page = bench.page("users")
        QTest.keyClick(page.table.view, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(QApplication.focusWidget(), "Selam G.")
        officer = bench.find(QPushButton, "choice-role-officer")
        officer.setFocus()
        QTest.keyClick(officer, Qt.Key.Key_Space)
        for key in ("passphrase", "again"):
            field = bench.find(QWidget, f"input-{key}")
            field.setFocus()
            QTest.keyClicks(field, NEW)
        press(bench, "user-save")
        assert [row.name for row in page.table.rows()][-1] == "Selam G."
        assert bench.twin.places[station_folder].user("Selam G.").passphrase == NEW
        assert "Selam G." in bench.find(QWidget, "banner").accessibleName()
        assert page._passphrase.passphrase() == ""

    @pytest.mark.parametrize("kind", ["station", "registry"])
    def test_only_roles_that_can_be_given_are_offered(
        self, bench: Bench, station_folder: Path, registry_folder: Path, kind: str
    ) -> None:
        bench.sign_in(station_folder if kind == "station" else registry_folder, "Marie L.")
        page = bench.page("users")
        QTest.keyClick(page.table.view, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        offered = [
            one.objectName().removeprefix("choice-role-")
            for one in page._role.findChildren(QPushButton)
            if one.isVisible()
        ]
        assert offered == list(ROLES[kind])
        page._role.focus_editor()
        assert bench.window.focusWidget().objectName() == f"choice-role-{offered[0]}"

    def test_a_role_that_is_offered_no_more_is_taken_back(
        self, bench: Bench, station_folder: Path
    ) -> None:
        bench.sign_in(station_folder, "Marie L.")
        page = bench.page("users")
        page._role.set_value("officer")
        page._role.offer(("supervisor",))
        assert page._role.value() == ""

    def test_what_is_missing_is_said(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Marie L.")
        page = bench.page("users")
        page._ask_new()
        press(bench, "user-save")
        assert page._name.problems()
        assert page._role.problems()
        assert "add_user" not in bench.twin.places[station_folder].asked

    def test_a_refusal_leaves_the_form_open(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Marie L.")
        page = bench.page("users")
        page._ask_new()
        page._name.set_value("Amal K.")
        page._role.set_value("officer")
        page._passphrase.take_suggestion(NEW)
        press(bench, "user-save")
        assert "Choose another name" in bench.find(QWidget, "banner").accessibleName()
        assert page.save.isVisible()

    def test_a_forgotten_passphrase_is_renewed(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Marie L.")
        page = bench.page("users")
        page.table.select(lambda user: user.name == "Amal K.")
        press(bench, "user-renew")
        page._passphrase.take_suggestion(NEW)
        press(bench, "user-save")
        assert bench.twin.places[station_folder].user("Amal K.").passphrase == NEW

    def test_disabling_asks_for_the_reason(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Marie L.")
        page = bench.page("users")
        place = bench.twin.places[station_folder]
        page.table.select(lambda user: user.name == "Dawit T.")
        press(bench, "user-disable")
        assert not place.user("Dawit T.").disabled  # no reason, no act
        bench.dialogs.because = "No longer works here"
        press(bench, "user-disable")
        assert place.user("Dawit T.").disabled
        assert "disable_user No longer works here" in place.asked
        assert not page.disable.isEnabled()

    def test_nobody_disables_themselves(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Marie L.")
        page = bench.page("users")
        page.table.select(lambda user: user.name == "Marie L.")
        assert not page.disable.isEnabled()
        assert not page.renew.isEnabled()


class TestSettings:
    """Look, locking, passphrase, care."""

    def test_the_look_is_worn_at_once_and_remembered(
        self, bench: Bench, station_folder: Path
    ) -> None:
        bench.sign_in(station_folder, "Amal K.")
        bench.page("settings")
        dark = bench.find(QPushButton, "choice-theme-dark")
        dark.setFocus()
        QTest.keyClick(dark, Qt.Key.Key_Space)
        assert theme.current().name == "dark"
        assert bench.window._prefs.theme == "dark"
        large = bench.find(QPushButton, "choice-text_scale-115")
        QTest.mouseClick(large, Qt.MouseButton.LeftButton)
        assert bench.window._prefs.text_scale == 115

    def test_the_idle_limit_is_taken_over(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Amal K.")
        page = bench.page("settings")
        page._set_idle(2)
        assert bench.window.idle.seconds == 120
        assert bench.window._prefs.idle_minutes == 2

    def test_changing_ones_passphrase(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Amal K.")
        page = bench.page("settings")
        press(bench, "passphrase-change")
        QTest.keyClicks(QApplication.focusWidget(), "not the old one")
        page._new.take_suggestion(NEW)
        press(bench, "passphrase-save")
        assert page._old.problems() == (("error", "That is not your present passphrase."),)
        page._old.set_value(PASSPHRASE)
        press(bench, "passphrase-save")
        assert bench.twin.places[station_folder].user("Amal K.").passphrase == NEW
        assert page._old.value() == ""
        assert not page._passphrase_form.isVisible()

    def test_a_half_typed_passphrase_is_forgotten_when_locked(
        self, bench: Bench, station_folder: Path
    ) -> None:
        bench.sign_in(station_folder, "Amal K.")
        page = bench.page("settings")
        press(bench, "passphrase-change")
        page._old.set_value(PASSPHRASE)
        bench.window.lock()
        assert page._old.value() == ""

    def test_a_backup(self, bench: Bench, station_folder: Path, tmp_path: Path) -> None:
        bench.twin.places[station_folder].backup_age = None
        frame = bench.sign_in(station_folder, "Amal K.")
        page = bench.page("settings")
        assert page.care._backup_row.detail.text() == "There is no backup yet."
        bench.dialogs.saved_as = tmp_path / "monday.backup"
        press(bench, "care-backup")
        assert bench.dialogs.asked[-1] == ("save_file", "waystation-2026-11-21.backup")
        assert "812 entries are in" in result(bench)
        assert "backup 0 min" in frame.status.text()

    def test_a_check_that_finds_nothing(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Amal K.")
        bench.page("settings")
        press(bench, "care-check")
        assert result(bench) == "812 entries, and all is sound."

    def test_a_check_that_finds_much(self, bench: Bench, station_folder: Path) -> None:
        bench.twin.places[station_folder].problems = tuple(f"entry {n}" for n in range(12))
        bench.sign_in(station_folder, "Amal K.")
        bench.page("settings")
        press(bench, "care-check")
        said = result(bench)
        assert said.startswith("12 things are wrong")
        assert said.endswith("and 4 more")

    def test_rebuilding(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Amal K.")
        bench.page("settings")
        press(bench, "care-rebuild")
        assert "as it should be" in result(bench)

    def test_restoring_opens_another_door(
        self, bench: Bench, station_folder: Path, tmp_path: Path
    ) -> None:
        bench.sign_in(station_folder, "Amal K.")
        page = bench.page("settings")
        bench.dialogs.file = tmp_path / "monday.backup"
        bench.dialogs.folder = tmp_path / "places"
        press(bench, "care-restore")
        assert "Restored into" in result(bench)
        page.care._result.findChildren(QPushButton)[0].click()
        bench.settle()
        assert not bench.window.desk.unlocked
        assert bench.window.unlock is not None
        assert bench.window.unlock._title.text() == "Restored"

    def test_a_new_sheet_needs_a_reason_and_is_shown_once(
        self, bench: Bench, station_folder: Path
    ) -> None:
        bench.sign_in(station_folder, "Marie L.")
        bench.page("settings")
        press(bench, "care-sheet")
        assert "recovery_sheet" not in bench.twin.places[station_folder].asked
        bench.dialogs.because = "The sheet is lost"
        press(bench, "care-sheet")
        grid = bench.find(QWidget, "sheet-words")
        assert len(grid.words()) == 7
        press(bench, "sheet-done")
        assert grid.words() == ()

    def test_only_an_administrator_makes_sheets(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Amal K.")
        bench.page("settings")
        assert bench.window.findChildren(QWidget, "care-sheet") == []

    def test_a_failure_is_said(self, bench: Bench, station_folder: Path, tmp_path: Path) -> None:
        bench.twin.places[station_folder].fails["backup"] = OSError(28, "No space left on device")
        bench.sign_in(station_folder, "Amal K.")
        bench.page("settings")
        bench.dialogs.saved_as = tmp_path / "x.backup"
        press(bench, "care-backup")
        assert "No space left on device" in result(bench)
        assert "Check the disk or stick" in result(bench)


def test_what_has_no_button_is_named_with_its_command(bench: Bench, registry_folder: Path) -> None:
    """Every command that is named is there, and the guides say how it is used."""
    bench.sign_in(registry_folder, "Marie L.")
    page = bench.page("settings")
    guides = "".join(path.read_text("utf-8") for path in GUIDES.glob("*.md"))
    named = [how.strip("\u2068\u2069") for _, how in page.elsewhere.facts()]
    assert "waystation registry refound" in named
    for command in named:
        program, group, name = command.split()
        assert (program, group) == ("waystation", "registry")
        assert name in registry_commands.commands, name
        assert f"{command} " in guides


@pytest.mark.parametrize("name", ["Yusuf A.", "Nadia B."])
def test_nobody_else_is_told_of_commands(bench: Bench, registry_folder: Path, name: str) -> None:
    bench.sign_in(registry_folder, name)
    assert not hasattr(bench.page("settings"), "elsewhere")
