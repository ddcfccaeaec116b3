"""Verify by a reader that types, and by a camera whose frames are invented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desktop import camera
from desktop.widgets.facts import Avatar
from tests.desktop.field_office import Station, twin
from tests.desktop.other_offices import Others, others_twin, verification
from tests.desktop.stage import Stage, stage
from tests.documents import builders
from tests.verifier.portraits import SVG

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
CODE = "NCFOXN ABC$%*+-./:0123"


class Frames:
    """So many empty frames, then one with a code; counts how many are still held."""

    def __init__(self, text: str = CODE, *, empty: int = 3, none: int = 0) -> None:
        self.left = empty
        self.none = none
        self.text = text
        self.closed = 0
        self.reads = 0

    def read(self) -> Image.Image | None:
        self.reads += 1
        if self.none:
            self.none -= 1
            return None
        if self.left:
            self.left -= 1
            return Image.new("RGB", (320, 240), "white")
        return code_picture(self.text)

    def close(self) -> None:
        self.closed += 1


def code_picture(text: str) -> Image.Image:
    import zxingcpp

    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    picture = Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=5)).convert("RGB")
    frame = Image.new("RGB", (640, 480), "grey")
    frame.paste(picture, (120, 60))
    return frame


@pytest.fixture
def held() -> Others:
    held = Others()
    held.verification = verification("valid", "The signature is good.")
    return held


@pytest.fixture
def put(qtbot: Any, tmp_path: Path, held: Others) -> Iterator[Stage]:
    station = Station()
    offices = twin(station, **others_twin(held))
    with stage(qtbot, tmp_path, offices, station=station, role="officer") as made:
        yield made


def scan(put: Stage, text: str) -> None:
    """What a reader does: keys without a pause, to whatever has the keyboard, and Enter."""
    from PySide6.QtWidgets import QApplication

    for letter in text:
        focus = QApplication.focusWidget() or put.frame
        QTest.keyClicks(focus, letter)
    QTest.keyClick(QApplication.focusWidget() or put.frame, K.Key_Return)
    put.settle()


def test_a_reader_types_wherever_the_keyboard_is(put: Stage, held: Others) -> None:
    page = put.page("verify")
    for place in (page.text, page.zone.choose, page.camera):
        place.setFocus()
        scan(put, CODE)
    assert held.calls("verify_text") == [CODE] * 3
    # A second paper right after the first, with the verdict in front.
    scan(put, CODE + "NEXT")
    assert held.calls("verify_text")[-1] == CODE + "NEXT"
    assert put.find(QLabel, "verdict-word").text() == "Valid"


def test_a_blank_still_presses_a_button(put: Stage, held: Others) -> None:
    page = put.page("verify")
    page.zone.choose.setFocus()
    QTest.keyClick(page.zone.choose, K.Key_Space)
    put.settle()
    assert ("open_file", "Choose a PDF or a picture") in put.dialogs.asked
    assert held.calls("verify_text") == []


def test_a_reader_types_nothing_into_other_pages(put: Stage, held: Others) -> None:
    page = put.page("verify")
    put.page("documents")
    scan(put, CODE)
    assert page.text.text() == "" and held.calls("verify_text") == []


def test_the_camera_stops_on_a_verdict_and_keeps_no_frame(put: Stage, held: Others) -> None:
    """MOSIP 99a28eca68: each picture of the scanner stays in memory."""
    page = put.page("verify")
    frames = Frames()
    shown: list[bool] = []
    page.watch.seen.connect(lambda _image: shown.append(not page.view.isHidden()))
    page.open_camera = lambda: frames
    put.press(K.Key_T, CTRL)
    assert not page.view.isHidden() and page.zone.isHidden()
    put.settle()
    put.settle()
    assert held.calls("verify_text") == [CODE]
    assert frames.closed == 1 and not page.watch.running
    assert shown and page.view.isHidden() and not page.view.has_page
    assert put.find(QLabel, "verdict-word").text() == "Valid"


def test_the_camera_is_stopped_by_hand_and_by_leaving(put: Stage, held: Others) -> None:
    page = put.page("verify")
    for leave in (lambda: put.press(K.Key_T, CTRL), lambda: put.page("documents")):
        frames = Frames(empty=10**9)
        page.open_camera = lambda frames=frames: frames
        put.frame.go("verify", {})
        page.camera.click()
        put.qtbot.waitUntil(lambda frames=frames: frames.reads > 2)
        leave()
        put.qtbot.waitUntil(lambda frames=frames: frames.closed == 1)
        put.settle()
    assert held.calls("verify_text") == []


def test_a_camera_that_is_pulled_out_is_said(put: Stage) -> None:
    """MOSIP 903: a device hangs while it captures, and the machine must be started again."""
    page = put.page("verify")
    frames = Frames(none=10**6)
    page.open_camera = lambda: frames
    page.camera.click()
    put.settle()
    assert "sends no picture any more" in page.banner.sentence()
    assert frames.closed == 1 and not page.zone.isHidden()


def test_without_the_extra_the_button_says_what_to_install(
    put: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "cv2", None)
    page = put.page("verify")
    assert page.open_camera is camera.open_camera
    page.camera.click()
    put.settle()
    assert "waystation[camera]" in page.banner.sentence()
    assert not page.zone.isHidden()


class _Cv2:
    """As much of OpenCV as is used."""

    COLOR_BGR2RGB = 4

    def __init__(self, *, there: bool) -> None:
        self.there = there
        self.released = 0

    def VideoCapture(self, _index: int) -> _Cv2:  # noqa: N802 - OpenCV's name
        return self

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return self.there

    def release(self) -> None:
        self.released += 1


def test_a_computer_without_a_camera_says_so(put: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    device = _Cv2(there=False)
    monkeypatch.setitem(sys.modules, "cv2", device)
    page = put.page("verify")
    page.camera.click()
    put.settle()
    assert "No camera answers" in page.banner.sentence()
    assert device.released == 1


# what a code carries ----------------------------------------------------------------------


def test_the_toolkit_is_never_given_the_bytes_of_a_picture() -> None:
    """It guesses formats, among them one that its maker can keep it busy with for hours."""
    guessing = re.compile(r"loadFromData|\.fromData\(|QImageReader|QPixmap\([\"'a-z]|QMovie|QSvg")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(Path(camera.__file__).parent.rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if guessing.search(line)
    ]
    # Our own icons are drawn from our own files.
    assert [line for line in found if not line.startswith("icons.py: ")] == []


@pytest.mark.parametrize(
    ("photo", "seen"),
    [
        (SVG, False),
        (b"\x89PNG\r\n\x1a\n" + SVG, False),
        (b"no picture", False),
        (builders.portrait((120, 154)), True),
    ],
)
def test_a_face_is_shown_only_from_a_still_picture(
    put: Stage, held: Others, photo: bytes, seen: bool
) -> None:
    held.verification = verification("unknown_key", "No key here has this name.")
    held.verification.results[0].claims["169"][16] = photo
    page = put.page("verify")
    scan(put, CODE)
    (face,) = page.findChildren(Avatar)
    assert face.isVisible() is seen
    assert put.find(QLabel, "verdict-word").text() == "Unknown signature"
