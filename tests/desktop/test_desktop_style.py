"""One place for looks: the sheet, the icons, the focus ring, and nobody else's colours."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

import desktop
from desktop.style import fonts, icons, palettes, theme
from desktop.style.sheet import sheet
from desktop.widgets.buttons import (
    Button,
    DangerButton,
    IconButton,
    LinkButton,
    OptionButton,
    PrimaryButton,
    QuietButton,
)
from desktop.widgets.chrome import RailItem
from desktop.widgets.field import Field
from desktop.widgets.fields import ChoiceField, LongTextField, SelectField, TextField
from desktop.widgets.finder import Finder
from desktop.widgets.layout import Plain
from desktop.widgets.messages import WrappedLink
from desktop.widgets.ticks import TickBox

ROOT = Path(desktop.__file__).parent
LIMIT = 500  # lines; a module with more has more than one reason to change


def modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("name", sorted(palettes.BY_NAME))
@pytest.mark.parametrize("scale", [100, 130])
@pytest.mark.parametrize("rtl", [False, True])
def test_qt_understands_the_whole_sheet(
    qtbot: Any, dressed: QApplication, name: str, scale: int, rtl: bool
) -> None:
    text = sheet(palettes.BY_NAME[name], scale=scale, rtl=rtl)
    assert "{" not in re.sub(r"\{[^{}]*\}", "", text)  # every brace is closed
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setStyleSheet(text)  # Qt warns of what it cannot parse, and a warning fails the test
    widget.ensurePolished()


def test_borders_stand_on_the_other_side_in_right_to_left() -> None:
    left, right = (sheet(palettes.LIGHT, rtl=rtl) for rtl in (False, True))
    assert "border-right: 1px" in left
    assert left != right


def test_no_colour_outside_the_palettes() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules()
        if path.name != "palettes.py"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if re.search(r"#[0-9a-fA-F]{6}\b|QColor\(\d|setStyleSheet\(f?\"", line)
        and "``#rrggbb``" not in line
    ]
    assert found == []


def test_modules_stay_small() -> None:
    long = {
        str(path.relative_to(ROOT)): length
        for path in modules()
        if (length := len(path.read_text("utf-8").splitlines())) > LIMIT
    }
    assert long == {}


def test_no_office_is_imported_at_the_top_of_the_window() -> None:
    heavy = {"db", "workspace", "station", "registry", "training", "documents", "sync"}
    found = []
    for path in modules():
        tree = ast.parse(path.read_text("utf-8"))
        for node in tree.body:
            names = []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            found += [
                f"{path.relative_to(ROOT)}: {name}"
                for name in names
                if name.partition(".")[0] in heavy
            ]
    assert found == []


class TestIcons:
    """Drawn by us, tinted from the tokens."""

    def test_every_one_can_be_drawn(self, dressed: QApplication) -> None:
        for name in icons.names():
            drawn = icons.pixmap(name, role="text", size=20, scale=2)
            assert drawn.width() == 40
            image = drawn.toImage()
            assert any(
                image.pixelColor(x, y).alpha() for x in range(0, 40) for y in range(0, 40)
            ), name

    def test_they_take_the_ink_they_are_given(self, dressed: QApplication) -> None:
        image = icons.pixmap("dot", role="danger", size=20, scale=1).toImage()
        assert image.pixelColor(10, 10).name() == theme.current().danger

    def test_what_points_turns_round(self, dressed: QApplication) -> None:
        before = icons.pixmap("back", size=20, scale=1).toImage()
        still = icons.pixmap("lock", size=20, scale=1).toImage()
        dressed.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        try:
            turned = icons.pixmap("back", size=20, scale=1).toImage()
            assert turned != before
            assert turned.flipped(Qt.Orientation.Horizontal) == before
            assert icons.pixmap("lock", size=20, scale=1).toImage() == still
        finally:
            dressed.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    def test_an_unknown_one_is_an_error(self, dressed: QApplication) -> None:
        with pytest.raises(LookupError):
            icons.pixmap("no-such-icon")

    def test_they_share_one_stroke(self) -> None:
        folder = Path(desktop.__file__).parents[1] / "resources" / "icons"
        for path in folder.glob("*.svg"):
            if path.stem != "waystation":
                text = path.read_text("utf-8")
                assert 'viewBox="0 0 24 24"' in text
                assert 'stroke-width="1.75"' in text


FOCUSABLE: list[Callable[[], QWidget]] = [
    lambda: Button("Act"),
    lambda: PrimaryButton("Act"),
    lambda: QuietButton("Act"),
    lambda: DangerButton("Act"),
    lambda: LinkButton("Act"),
    lambda: IconButton("plus", "Act"),
    lambda: OptionButton("A station", "For the field", icon="stations"),
    lambda: RailItem("home", "Home", "home", "Alt+1"),
    lambda: TextField("k", "K"),
    lambda: SelectField("k", "K", options=[("a", "A")]),
    lambda: LongTextField("k", "K"),
    lambda: ChoiceField("k", "K", options=[("a", "A")]),
    lambda: TickBox("Yes"),
    lambda: WrappedLink("Enter the name"),
    lambda: Finder(),
]


@pytest.mark.parametrize("look", sorted(palettes.BY_NAME))
@pytest.mark.parametrize("make", FOCUSABLE)
def test_the_keyboard_can_be_seen(
    qtbot: Any, dressed: QApplication, look: str, make: Callable[[], QWidget]
) -> None:
    theme.apply(dressed, look)
    board = Plain()
    qtbot.addWidget(board)
    layout = QVBoxLayout(board)
    elsewhere, held = Button("Elsewhere"), make()
    widget = held._inputs[0] if isinstance(held, Field) else held
    layout.addWidget(elsewhere)
    layout.addWidget(held)
    board.show()
    board.activateWindow()
    qtbot.waitUntil(board.isActiveWindow)
    elsewhere.setFocus()
    before = widget.grab().toImage()
    size = widget.sizeHint()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    assert widget.hasFocus()
    after = widget.grab().toImage()
    changed = sum(
        before.pixel(x, y) != after.pixel(x, y)
        for x in range(min(before.width(), after.width()))
        for y in range(min(before.height(), after.height()))
    )
    assert changed > 30  # a ring, not a caret alone
    assert widget.sizeHint() == size  # and nothing moves


def test_the_system_theme_follows_the_desktop(dressed: QApplication) -> None:
    assert theme.resolve("system").name in ("light", "dark")
    assert theme.resolve("contrast").name == "contrast"


def test_fonts_have_a_fallback_for_every_bundled_script() -> None:
    folder = Path(desktop.__file__).parents[1] / "resources" / "fonts"
    for path in folder.glob("NotoSans*-Regular.ttf"):
        script = path.stem.removeprefix("NotoSans").removesuffix("-Regular")
        wanted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", f"NotoSans{script}")
        wanted = wanted.replace("Noto Sans NKo", "Noto Sans NKo").strip()
        wanted = re.sub(r"^Noto Sans(?=\w)", "Noto Sans ", wanted)
        assert wanted in fonts.FAMILIES, path.name


def test_the_first_window_imports_nothing_heavy() -> None:
    """In a fresh interpreter: what is loaded once the locked door is painted."""
    program = """
import json, sys
from pathlib import Path
from desktop import app, dialogs, words
from desktop.prefs import Preferences
from desktop.style import fonts, theme
from desktop.tasks import Tasks
from values.clock import SystemClock

class Held(Tasks):
    def run(self, *args, **more):
        return None

made = app.application(sys.argv)
fonts.load_first()
theme.apply(made, "light")
window = app.Window(
    tasks=Held(), dialogs=dialogs.QtDialogs(), prefs=Preferences(Path(sys.argv[1])),
    clock=SystemClock(),
)
window.start(Path("nowhere"))
window.show()
made.processEvents()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, "prefs.ini"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    heavy = {
        "sqlalchemy",
        "alembic",
        "reportlab",
        "babel",
        "sqlcipher3",
        "cryptography",
        "pyrage",
        "PIL",
        "rapidfuzz",
        "convertdate",
        "db",
        "workspace",
        "station",
        "registry",
        "documents",
        "forms",
    }
    assert loaded & heavy == set()
    assert "desktop" in loaded
