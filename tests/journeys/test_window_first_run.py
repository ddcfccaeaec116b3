"""The first run in the real window with real offices, by keyboard: station, registry, training."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry import enrol as registry_enrol
from tests.journeys.camera import SCREENS, Camera
from tests.journeys.hands import Hands, aside, at_the_keyboard, sit_down
from tests.places import START, WORDS, Site, environment
from training import offices

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

ADMINISTRATOR = "Marie L."
PURPOSES = ("station", "registry", "training")


@pytest.fixture
def hands(qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    """Somebody in front of a computer on which Waystation was never started."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    env = environment(tmp_path / "state", at=START)
    with at_the_keyboard(qtbot, tmp_path / "glass", env) as made:
        sit_down(made, None)
        yield made


def go_on(hands: Hands) -> None:
    hands.push("first-next")


def choose(hands: Hands, purpose: str) -> None:
    hands.sees("Which language?", "English", "Français", "العربية")
    go_on(hands)
    hands.sees("What is this computer to be?")
    hands.focused("purpose-station")
    for _ in PURPOSES:
        if hands.focus == f"purpose-{purpose}":
            break
        hands.press("Down")
    hands.press("Space")
    go_on(hands)


def about(hands: Hands, name: str, folder: Path) -> None:
    hands.focused("input-name")
    hands.type(name)
    hands.go_to("input-administrator")
    hands.type(ADMINISTRATOR)
    hands.dialogs.folder = folder
    hands.push("change-folder")
    go_on(hands)


def passphrase(hands: Hands) -> None:
    """Twice; the first time the second is misspelt."""
    hands.focused("input-passphrase")
    hands.type(WORDS)
    hands.sees("Good")
    hands.go_to("input-again")
    hands.type(WORDS[:-1])
    go_on(hands)
    hands.sees("The two are not the same.")
    hands.go_to("input-again", back=True)
    hands.press("End")
    hands.type(WORDS[-1])
    go_on(hands)


def words_shown(hands: Hands, name: str) -> tuple[str, ...]:
    """The words of a grid, as they are read out."""
    for widget in hands.in_sight():
        if widget.objectName() == name:
            return tuple(widget.accessibleName().partition(": ")[2].split(", "))
    raise AssertionError(f"{name} is not in sight; on the screen:\n{hands.screen}")


def recovery_sheet(hands: Hands) -> None:
    """Written down, and asked back; a wrong part is refused."""
    hands.sees("The recovery sheet")
    parts = words_shown(hands, "sheet-words")
    assert len(parts) == 7 and len(set(parts)) == 7
    go_on(hands)
    hands.focused("input-word")
    hands.type("no such part")
    hands.press("Return")
    hands.sees("That is not what stands there.")
    place = re.search(r"Number (\d+) on the sheet", hands.screen)
    assert place is not None
    hands.press("Ctrl+A")
    hands.type(parts[int(place[1]) - 1].lower())
    hands.press("Return")


def test_a_station_is_made_and_enrolled(site: Site, hands: Hands, tmp_path: Path) -> None:
    """OpenCRVS offline 6: the first login and the enrolment need a network."""
    request, grant = tmp_path / "request.waystation", tmp_path / "answer.grant"
    choose(hands, "station")
    hands.sees("About the station")
    about(hands, "North gate", tmp_path / "places")
    passphrase(hands)
    hands.sees("Ask the registry for a grant")
    asked = words_shown(hands, "request-words")
    hands.dialogs.saved_as = request
    hands.push("save-request")
    hands.sees("Saved as request.waystation.")
    go_on(hands)
    recovery_sheet(hands)
    hands.sees("The registry's grant")

    def at_the_registry() -> tuple[str, ...]:
        assert registry_enrol.read_request(request).words() == asked
        with site.at_registry("administrator") as session:
            return registry_enrol.enrol(session, request, grant).words

    told = aside(at_the_registry)
    hands.dialogs.file = grant
    hands.push("choose-grant")
    hands.sees("Ask the registry by telephone")
    assert words_shown(hands, "grant-words") == told
    hands.focused("words-match")
    hands.press("Space")
    hands.sees("North gate", "Station A02", f"{ADMINISTRATOR}, administrator")
    assert "Enrolment" not in hands.screen
    hands.lock()
    hands.unlock(ADMINISTRATOR)
    hands.sees("Station A02", "Users")


def test_a_registry_is_made(hands: Hands, tmp_path: Path) -> None:
    choose(hands, "registry")
    hands.sees("About the registry")
    hands.focused("input-name")
    hands.type("Northern operation")
    hands.go_to("input-code")
    hands.press("Ctrl+A")
    hands.type("nor")
    hands.go_to("input-administrator")
    hands.type(ADMINISTRATOR)
    hands.dialogs.folder = tmp_path / "places"
    hands.push("change-folder")
    go_on(hands)
    passphrase(hands)
    hands.sees("Two keys that have to leave")
    go_on(hands)
    hands.sees("Choose a folder, best on a stick.")
    hands.dialogs.folder = tmp_path / "stick"
    hands.push("choose-keys")
    go_on(hands)
    hands.sees("Take the keys away", "Fingerprint of the root")
    written = sorted(path.name for path in (tmp_path / "stick" / "waystation-keys").iterdir())
    assert len(written) >= 2
    hands.sees(*written[:2])
    go_on(hands)
    recovery_sheet(hands)
    hands.sees("Northern operation", "Registry", f"{ADMINISTRATOR}, administrator", "Stations")
    hands.lock()
    hands.unlock(ADMINISTRATOR)


def test_training_is_marked_everywhere(hands: Hands, tmp_path: Path) -> None:
    choose(hands, "training")
    passphrase(hands)
    hands.sees("The training place is ready", *offices_users())
    go_on(hands)
    hands.sees("Training. These people are invented; nothing here counts.")
    camera = Camera(hands, SCREENS / "en-light")
    camera.shoot("training-door")
    hands.unlock("supervisor")
    hands.sees("Training. These people are invented", "Review 40 families", "Training site")
    camera.shoot("training-home")
    assert camera.faults == []
    hands.lock()
    hands.sees("Training. These people are invented")


def offices_users() -> tuple[str, ...]:
    """The users of a training place."""
    return (offices.ADMINISTRATOR, offices.OFFICER, offices.SUPERVISOR, offices.REGISTRAR)
