"""Pictures of the window, and what a person would find wrong in them."""

from __future__ import annotations

import gettext
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QDialog, QTableView, QWidget

from desktop import words
from desktop.tasks import permitted
from resources import i18n
from tests.desktop.looks import clipped, nameless
from tests.journeys.camp import CORRECTED, REASONS
from tests.journeys.hands import SIZE, Hands, plain, texts_of
from tests.places import REGISTRY_USERS, STATION_USERS

RING: Final = 40
"""Pixels that focus has to change at least. A blinking caret alone changes fewer."""


WRITTEN: Final = frozenset({*STATION_USERS, *REGISTRY_USERS, *REASONS, CORRECTED})
"""What people of the camp wrote themselves, in their language."""

KEYS: Final = frozenset({"Return", "Home", "End", "Space"})
"""Keys as the keyboard names them; an event is called Return, too."""

SENTENCE: Final = re.compile(r"(?:[A-Za-z]{2,} ){4,}[a-z]{2,}")
"""Five English words in a row: no name, no number, no folder."""

SCREENS: Final = Path(__file__).parents[2] / "build" / "screens"

QUICK: Final = 90
"""Of a hundred: larger files, written in a third of the time."""

LAYOUTS: Final = 8
"""Rounds in which layouts within layouts tell each other their heights."""


@dataclass
class Camera:
    """Takes pictures of one language and look into a folder, and keeps what is wrong in them."""

    hands: Hands
    folder: Path
    faults: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def shoot(self, name: str, *, focus: bool = True) -> None:
        """Keep what is on the screen under ``name``, and look at it.

        ``focus``: whether something must have the keyboard.
        """
        self.hands.settle()
        for _ in range(LAYOUTS):
            QApplication.processEvents()
        top = QApplication.activeModalWidget() or self.hands.window
        assert name not in self.taken
        self.taken.append(name)
        top.grab().save(str(self.folder / f"{name}.png"), "PNG", QUICK)
        with permitted("the camera looks up the catalogue while a dialog of the window is open"):
            self.faults += [f"{name}: {fault}" for fault in faults(top)]
        if focus:
            self.faults += [f"{name}: {fault}" for fault in unseen_focus(top)]


def faults(top: QWidget) -> list[str]:
    """What is cut off, nameless, the wrong way round, too wide, or in the wrong language."""
    wrong = [*clipped(top), *(f"without a name: {one}" for one in nameless(top))]
    way = Qt.LayoutDirection.RightToLeft if words.rtl() else Qt.LayoutDirection.LeftToRight
    if top.layoutDirection() is not way:
        wrong.append("the wrong way round")
    if not isinstance(top, QDialog) and top.size() != QSize(*SIZE):
        wrong.append(f"grew to {top.width()} x {top.height()}")
    if isinstance(top, QDialog) and (top.width() > SIZE[0] or top.height() > SIZE[1]):
        wrong.append(f"the dialog does not fit the screen: {top.width()} x {top.height()}")
    for area in top.findChildren(QAbstractScrollArea):
        if area.isVisible() and area.horizontalScrollBar().maximum() > 0 and _scrolls(area):
            wrong.append(f"has to be scrolled sideways: {area.objectName()}")
    wrong += [f"not translated: {text}" for text in untranslated(top)]
    return wrong


def _scrolls(area: QAbstractScrollArea) -> bool:
    off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    return isinstance(area, QTableView) or area.horizontalScrollBarPolicy() is not off


def untranslated(top: QWidget) -> list[str]:
    """Texts in sight that are English though our language has its own words for them."""
    catalogue = i18n.translation(words.language())
    if words.language() == words.SOURCE or not isinstance(catalogue, gettext.GNUTranslations):
        return []
    found = []
    for widget in (top, *top.findChildren(QWidget)):
        if not widget.isVisible():
            continue
        for text in (*texts_of(widget), widget.accessibleName(), widget.toolTip()):
            said = plain(text).strip()
            if said in WRITTEN or said in KEYS or not said.isascii():
                continue
            known = bool(said) and catalogue.gettext(said) != said
            if known or (words.rtl() and SENTENCE.search(said)):
                found.append(said)
    return sorted(set(found))


def unseen_focus(top: QWidget) -> list[str]:
    """Whether nobody could see where the keyboard is."""
    now = QApplication.focusWidget()
    if now is None or not now.isVisible() or not top.isAncestorOf(now):
        return ["nothing has the keyboard"]
    around = QRect(now.mapTo(top, QPoint(0, 0)), now.size()).adjusted(-8, -8, 8, 8)
    around = around.intersected(top.rect())
    if around.isEmpty():
        return [f"the keyboard is out of sight, at {now.objectName()}"]
    before = top.grab(around).toImage()
    now.clearFocus()
    after = top.grab(around).toImage()
    now.setFocus(Qt.FocusReason.OtherFocusReason)
    if _differing(before, after) < RING:
        return [f"the focus cannot be seen at {type(now).__name__} {now.objectName()}"]
    return []


def _differing(one: QImage, other: QImage) -> int:
    if one.size() != other.size():
        return RING
    before, after = _grey(one), _grey(other)
    same = ImageChops.difference(before, after).histogram()[0]
    return before.width * before.height - same


def _grey(image: QImage) -> Image.Image:
    """The image's luminance, without the padding that Qt puts at the end of each line."""
    plain = image.convertToFormat(QImage.Format.Format_Grayscale8)
    size, bits = (plain.width(), plain.height()), bytes(plain.constBits())
    return Image.frombuffer("L", size, bits, "raw", "L", plain.bytesPerLine(), 1)


__all__ = ["SCREENS", "Camera", "faults"]
