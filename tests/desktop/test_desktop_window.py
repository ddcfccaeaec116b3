"""The window: the locked door, the frame, locking, going about, by keyboard."""

from __future__ import annotations

import importlib
import inspect
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop import offices, words
from desktop.desk import LockedError
from desktop.dialogs import ReasonDialog
from desktop.firstrun.steps import Purpose, Step
from desktop.idle import IdleWatch
from desktop.pages import PAGES
from desktop.style import theme
from tests.desktop.conftest import Bench
from tests.desktop.fakes import PASSPHRASE, FakeOffice, FakeOfficeError, FakeOffices
from tests.desktop.looks import Longer, clipped, nameless, needless

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is."""
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifier)


def type_text(text: str) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClicks(widget, text)


class TestDoor:
    """Unlocking."""

    def test_it_names_the_place_and_its_users(self, bench: Bench, station_folder: Path) -> None:
        bench.twin.places[station_folder].users[1].disabled = True
        bench.show(station_folder)
        unlock = bench.window.unlock
        assert unlock is not None
        shown = [unlock.user.editor.itemText(i) for i in range(unlock.user.editor.count())]
        assert [text.replace("\u2068", "").replace("\u2069", "") for text in shown] == [
            "Amal K., Officer",
            "Marie L., Administrator",
        ]

    def test_by_keyboard_alone(self, bench: Bench, station_folder: Path) -> None:
        bench.show(station_folder)
        type_text(PASSPHRASE)
        press(KEY.Key_Return)
        bench.settle()
        assert bench.window.frame is not None
        assert bench.window.desk.user_name == "Amal K."
        assert bench.window.frame.page is not None
        assert bench.window.frame.page.key == "home"

    def test_what_is_typed_before_the_users_are_read_counts(
        self, bench: Bench, station_folder: Path
    ) -> None:
        gate = threading.Event()
        bench.twin.places[station_folder].holds["card"] = gate
        bench.window.start(station_folder)
        bench.window.show()
        bench.window.activateWindow()
        bench.qtbot.waitUntil(bench.window.isActiveWindow)
        type_text(PASSPHRASE)
        press(KEY.Key_Return)
        assert not bench.window.desk.unlocked
        gate.set()
        bench.settle()
        assert bench.window.desk.unlocked

    def test_a_wrong_passphrase_says_so_and_keeps_the_keyboard(
        self, bench: Bench, station_folder: Path
    ) -> None:
        bench.show(station_folder)
        unlock = bench.window.unlock
        assert unlock is not None
        for attempt in range(3):
            type_text("not this one")
            press(KEY.Key_Return)
            bench.settle()
            assert QApplication.focusWidget() is unlock.passphrase.editor
            (problem,) = unlock.passphrase.problems()
            assert problem[0] == "error"
            assert ("Caps Lock" in problem[1]) is (attempt == 2)
        type_text(PASSPHRASE)  # the wrong one is selected, so typing replaces it
        press(KEY.Key_Return)
        bench.settle()
        assert bench.window.desk.unlocked

    def test_an_empty_passphrase_is_asked_for(self, bench: Bench, station_folder: Path) -> None:
        bench.show(station_folder)
        press(KEY.Key_Return)
        bench.settle()
        assert "open" not in bench.twin.places[station_folder].asked
        assert bench.window.unlock is not None
        assert bench.window.unlock.passphrase.problems()

    def test_another_refusal_is_told_in_its_own_words(
        self, bench: Bench, station_folder: Path
    ) -> None:
        bench.twin.places[station_folder].fails["open"] = FakeOfficeError(
            "busy", "Another program has this workspace open. Close it first."
        )
        bench.show(station_folder)
        type_text(PASSPHRASE)
        press(KEY.Key_Return)
        bench.settle()
        notice = bench.find(QWidget, "unlock-notice")
        assert "Close it first" in notice.accessibleName()

    def test_a_folder_that_is_no_place_offers_another(self, bench: Bench, tmp_path: Path) -> None:
        bench.show(tmp_path / "nothing")
        unlock = bench.window.unlock
        assert unlock is not None
        assert not unlock.passphrase.isEnabled()
        assert "no Waystation workspace" in bench.find(QWidget, "unlock-notice").accessibleName()
        QTest.mouseClick(bench.find(QWidget, "unlock-elsewhere"), Qt.MouseButton.LeftButton)
        assert bench.window.first_run is not None

    def test_the_recovery_sheet_gives_a_new_passphrase(
        self, bench: Bench, station_folder: Path
    ) -> None:
        bench.show(station_folder)
        assert bench.window.unlock is not None
        bench.window.unlock.recover()
        dialog: Any = (
            bench.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
            or QApplication.activeModalWidget()
        )
        dialog.code.set_value("7k2m q4tx 9hbd w3rc 5nva 8jye p6sg")
        dialog.made.take_suggestion("hale kidu badu rila")
        dialog.act.click()
        bench.settle()
        assert (
            bench.twin.places[station_folder].user("Marie L.").passphrase == "hale kidu badu rila"
        )
        assert bench.window.unlock.user_name() == "Marie L."


class TestLocking:
    """Ctrl+L and idleness."""

    def test_ctrl_l_hides_everything_and_closes_the_session(
        self, bench: Bench, station_folder: Path
    ) -> None:
        frame = bench.sign_in(station_folder, "Amal K.")
        bench.page("settings")
        QTest.keyClick(bench.window, KEY.Key_L, CTRL)
        bench.settle()
        assert not frame.isVisible()
        assert bench.window.unlock is not None
        assert bench.window.unlock.isVisible()
        assert bench.twin.places[station_folder].closed == 1
        assert not bench.window.desk.unlocked
        with pytest.raises(LockedError):
            _ = bench.window.desk.session
        assert "Amal" not in bench.window.windowTitle()

    def test_the_same_user_comes_back_to_the_same_place(
        self, bench: Bench, station_folder: Path
    ) -> None:
        frame = bench.sign_in(station_folder, "Amal K.")
        bench.page("settings")
        bench.window.lock()
        bench.settle()
        type_text(PASSPHRASE)
        press(KEY.Key_Return)
        bench.settle()
        assert bench.window.frame is frame
        assert frame.page is not None
        assert frame.page.key == "settings"

    def test_another_user_gets_a_frame_of_their_own(
        self, bench: Bench, station_folder: Path
    ) -> None:
        frame = bench.sign_in(station_folder, "Amal K.")
        bench.page("settings")
        bench.window.lock()
        other = bench.sign_in(station_folder, "Marie L.")
        assert other is not frame
        assert other.page.key == "home"

    def test_pages_save_before_the_session_closes(self, bench: Bench, station_folder: Path) -> None:
        """MOSIP logout: what was not saved is lost when the session ends for idleness."""
        bench.sign_in(station_folder, "Amal K.")
        page = bench.page("home")
        place = bench.twin.places[station_folder]

        def save() -> None:
            page.desk.read(
                lambda work: work.session.place.called("saved"), done=lambda _n: None, parent=page
            )

        page.before_lock = save
        place.asked.clear()
        bench.window.lock()
        bench.settle()
        kept = [what for what in place.asked if what in ("saved", "close")]
        assert kept == ["saved", "close"]

    def test_a_question_on_the_screen_is_closed(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Marie L.")
        dialog = ReasonDialog(bench.window, "Disable", "Why?", "Disable")
        dialog.open()
        bench.qtbot.waitUntil(dialog.isVisible)
        bench.window.lock()
        assert not dialog.isVisible()
        dialog.deleteLater()

    def test_idleness_is_counted_from_the_last_sign(self, dressed: QApplication) -> None:
        seconds = [0.0]
        watch = IdleWatch(300, now=lambda: seconds[0])
        told: list[bool] = []
        watch.idle.connect(lambda: told.append(True))
        watch.look()
        assert told == []  # not started
        watch.start()
        seconds[0] = 299
        watch.look()
        watch.sign()
        seconds[0] = 598
        watch.look()
        assert told == []
        seconds[0] = 600
        watch.look()
        watch.look()
        assert told == [True]

    def test_a_key_is_a_sign_of_life(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Amal K.")
        bench.window.idle._last = -1e9
        handle = bench.window.windowHandle()
        QTest.keyClick(handle, KEY.Key_Shift)
        bench.window.idle.look()
        assert bench.window.desk.unlocked

    def test_when_idle_it_locks_and_says_why(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Amal K.")
        bench.window.idle._last = -1e9
        bench.window.idle.look()
        bench.settle()
        assert not bench.window.desk.unlocked
        assert "nobody was there" in bench.find(QWidget, "unlock-notice").accessibleName()


class TestFrame:
    """Rail, header, status bar."""

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("Amal K.", ["home", "interview", "event", "find", "documents", "sync", "verify"]),
            (
                "Dawit T.",
                ["home", "event", "find", "review", "documents", "sync", "verify"],
            ),
            ("Marie L.", ["home", "find", "sync", "verify", "audit", "users"]),
        ],
    )
    def test_the_rail_shows_what_the_role_may_do(
        self, bench: Bench, station_folder: Path, name: str, expected: list[str]
    ) -> None:
        frame = bench.sign_in(station_folder, name)
        assert frame.rail.places() == [*expected, "settings"]

    def test_a_registrar_sees_the_registry(self, bench: Bench, registry_folder: Path) -> None:
        frame = bench.sign_in(registry_folder, "Yusuf A.")
        assert frame.rail.places() == [
            "home",
            "import",
            "queues",
            "overview",
            "find",
            "stations",
            "verify",
            "settings",
        ]

    def test_a_page_not_for_this_role_leads_home(self, bench: Bench, station_folder: Path) -> None:
        frame = bench.sign_in(station_folder, "Amal K.")
        frame.go("users")
        assert frame.page.key == "home"

    def test_every_page_has_an_icon_and_a_place(self) -> None:
        from desktop.style import icons

        drawn = icons.names()
        assert {entry.icon for entry in PAGES} <= drawn
        assert len({entry.key for entry in PAGES}) == len(PAGES)

    def test_the_status_bar_says_where_one_stands(self, bench: Bench, station_folder: Path) -> None:
        frame = bench.sign_in(station_folder, "Amal K.")
        text = frame.status.text().replace("\u2068", "").replace("\u2069", "")
        assert text == (
            "Station A01  ·  Amal K., officer  ·  34 not yet acknowledged  ·  backup 2 h"
        )

    def test_a_full_disk_is_said(self, bench: Bench, station_folder: Path) -> None:
        bench.twin.places[station_folder].free = 10**8
        bench.sign_in(station_folder, "Amal K.")
        assert bench.find(QWidget, "status-warning").text() == "The disk is full"

    def test_training_is_marked_on_the_door_and_in_the_frame(
        self, bench: Bench, station_folder: Path
    ) -> None:
        bench.twin.places[station_folder].training = True
        bench.show(station_folder)
        assert bench.find(QWidget, "training-band")
        bench.sign_in(station_folder, "Amal K.")
        for key in ("home", "settings"):
            bench.page(key)
            assert bench.find(QWidget, "training-band")

    def test_alt_and_a_number_goes_there_and_alt_left_returns(
        self, bench: Bench, station_folder: Path
    ) -> None:
        frame = bench.sign_in(station_folder, "Marie L.")
        QTest.keyClick(bench.window, KEY.Key_6, ALT)
        bench.settle()
        assert frame.page.key == "users"
        QTest.keyClick(bench.window, KEY.Key_Left, ALT)
        bench.settle()
        assert frame.page.key == "home"

    def test_ctrl_k_finds_and_opens_a_person(
        self, bench: Bench, station_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench.twin.places[station_folder].hits = [
            ("Amina Yusuf", "Amina Yusuf", "WST-A01-K7Q-P00042-31"),
            ("Aminata Diallo", "Aminata Diallo", "WST-A01-K7Q-P00043-11"),
        ]
        frame = bench.sign_in(station_folder, "Amal K.")
        went: list[tuple[str, dict[str, Any]]] = []
        monkeypatch.setattr(frame, "_open", lambda key, arguments: went.append((key, arguments)))
        QTest.keyClick(bench.window, KEY.Key_K, CTRL)
        assert QApplication.focusWidget() is frame.finder
        type_text("amin")
        bench.qtbot.waitUntil(lambda: frame.finder.hits_shown() == 2)
        press(KEY.Key_Down)
        press(KEY.Key_Down)
        press(KEY.Key_Return)
        assert went[-1][0] == "person"
        assert went[-1][1]["person"].int == 1
        frame.finder.ask()
        type_text("amin")
        press(KEY.Key_Return)
        assert went[-1] == ("find", {"query": "amin"})

    def test_f1_shows_the_keys_of_the_page(self, bench: Bench, station_folder: Path) -> None:
        bench.sign_in(station_folder, "Marie L.")
        bench.page("users")
        QTest.keyClick(bench.window, KEY.Key_F1)
        shown = {key.sequence for group in bench.dialogs.groups for key in group.keys}
        assert {"Ctrl+N", "Ctrl+K", "Ctrl+L", "Alt+Left", "F1", "F6", "Alt+U", "Alt+1"} <= shown
        assert "Ctrl+F6" not in shown  # it works, but F6 is told of once

    def test_f6_goes_round_the_panes(self, bench: Bench, station_folder: Path) -> None:
        frame = bench.sign_in(station_folder, "Marie L.")
        bench.page("users")
        QTest.keyClick(bench.window, KEY.Key_F6)
        assert frame.rail.isAncestorOf(QApplication.focusWidget())
        QTest.keyClick(bench.window, KEY.Key_F6)
        assert frame.stack.isAncestorOf(QApplication.focusWidget())
        QTest.keyClick(bench.window, KEY.Key_F6, CTRL)
        assert frame.rail.isAncestorOf(QApplication.focusWidget())

    def test_an_unforeseen_failure_is_said_on_the_page(
        self, bench: Bench, station_folder: Path
    ) -> None:
        frame = bench.sign_in(station_folder, "Amal K.")
        bench.twin.places[station_folder].fails["home"] = ZeroDivisionError()
        frame.go("home")
        frame.page._load()
        bench.settle()
        banner = bench.find(QWidget, "banner")
        assert "Something went wrong" in banner.accessibleName()
        assert "ZeroDivisionError" in banner.accessibleName()

    def test_notes_of_the_opening_are_shown(self, bench: Bench, station_folder: Path) -> None:
        bench.twin.places[station_folder].notes = ["This workspace was restored."]
        bench.sign_in(station_folder, "Amal K.")
        assert bench.find(QWidget, "banner").accessibleName() == "This workspace was restored."


class TestLanguage:
    """Another language builds everything again, in its direction."""

    def test_the_place_is_kept_and_the_direction_turns(
        self, bench: Bench, station_folder: Path, dressed: QApplication
    ) -> None:
        frame = bench.sign_in(station_folder, "Amal K.")
        bench.page("settings")
        bench.window.speak("ar")
        bench.settle()
        assert words.language() == "ar"
        assert dressed.layoutDirection() is Qt.LayoutDirection.RightToLeft
        turned = bench.window.frame
        assert turned is not None
        assert turned is not frame
        assert turned.page is not None
        assert turned.page.key == "settings"
        rail, header = turned.rail, turned.header
        assert (
            rail.mapTo(turned, rail.rect().center()).x()
            > header.mapTo(turned, header.rect().center()).x()
        )

    def test_another_language_at_the_door(self, bench: Bench, station_folder: Path) -> None:
        bench.show(station_folder)
        bench.window.speak("fr")
        bench.settle()
        assert bench.window.unlock is not None
        assert bench.window.unlock.isVisible()


def test_closing_the_window_closes_the_session(bench: Bench, station_folder: Path) -> None:
    bench.sign_in(station_folder, "Amal K.")
    bench.window.close()
    bench.settle()
    assert bench.twin.places[station_folder].closed == 1


@pytest.mark.parametrize("name", ["Amal K.", "Dawit T.", "Marie L."])
def test_everything_focusable_has_a_name(bench: Bench, station_folder: Path, name: str) -> None:
    frame = bench.sign_in(station_folder, name)
    for key in ("home", "users", "settings"):
        if key in frame._entries:
            bench.page(key)
            assert nameless(bench.window) == []


@pytest.mark.parametrize(("look", "scale"), [("light", 100), ("contrast", 130)])
def test_longer_languages_fit(
    bench: Bench,
    station_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    dressed: QApplication,
    look: str,
    scale: int,
) -> None:
    monkeypatch.setattr(words, "_catalogue", Longer())
    theme.apply(dressed, look, scale=scale)
    bench.twin.places[station_folder].steps = [("review", 12, "review"), ("disk", 1, "settings")]
    bench.show(station_folder)
    assert clipped(bench.window) == []
    bench.sign_in(station_folder, "Marie L.")
    for key in ("home", "settings", "users"):
        page = bench.page(key)
        assert clipped(page) == [], key
        assert needless(page) == [], key
    page._ask_new()
    page._role.set_value("officer")
    page._explain("officer")
    bench.settle()
    assert clipped(page) == []
    assert needless(page) == []
    bench.window.lock()
    bench.window.show_first_run()
    bench.settle()
    for purpose in Purpose:
        run = bench.window.first_run
        assert run is not None
        run.walk.answers.purpose = purpose
        for place in range(run.walk.path.index(Step.MAKE)):
            run.walk._place = place
            run._show_step()
            bench.settle()
            assert clipped(run) == [], (purpose, run.walk.step)
            assert needless(run) == [], (purpose, run.walk.step)
        run.walk._place = 0


def test_the_twin_is_of_the_shape_the_window_asks_for() -> None:
    twin = FakeOffices({Path("a"): FakeOffice()})
    with pytest.raises(AttributeError):
        _ = twin.no_such_office


def test_the_twin_answers_as_the_offices_do() -> None:
    """Every function of the twin exists, and takes what the real one takes."""
    twin = FakeOffices({Path("a"): FakeOffice()})
    for name in offices.MODULES:
        try:
            stand_in = getattr(twin, name)
        except AttributeError:
            continue
        real = importlib.import_module(offices.MODULES[name])
        for function, fake in vars(stand_in).items():
            if not inspect.isfunction(fake):
                continue
            theirs = inspect.signature(getattr(real, function)).parameters
            for parameter in inspect.signature(fake).parameters.values():
                if parameter.kind is parameter.VAR_KEYWORD:
                    continue
                assert parameter.name in theirs or parameter.name in ("session", "text"), (
                    f"{name}.{function}({parameter.name})"
                )


@pytest.mark.parametrize(
    ("service", "said"),
    [(True, "taking bundles in just now"), (False, "Another program has this workspace open")],
)
def test_the_door_says_who_holds_the_place(
    bench: Bench, registry_folder: Path, service: bool, said: str
) -> None:
    """The registry's service lets go of it by itself; another program does not."""
    place = bench.twin.at(registry_folder)
    place.fails["open"] = FakeOfficeError("busy", "Another program has this workspace open.")
    bench.twin.beside = SimpleNamespace(look=lambda folder: SimpleNamespace(running=service))
    bench.show(registry_folder)
    unlock = bench.window.unlock
    assert unlock is not None
    bench.qtbot.waitUntil(lambda: unlock.user.editor.count() > 0, timeout=30_000)
    unlock.passphrase.set_value(PASSPHRASE)
    unlock.try_open()
    bench.settle()
    assert said in unlock._notice.sentence()
