"""Names of every script keep their tops, titles their ends, and lists their place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop import words
from desktop.interview.family_list import FamilyList, Line
from desktop.interview.marks import State
from desktop.interview.mrz_lines import MrzLines
from desktop.prefs import Preferences
from desktop.style import fonts, theme
from desktop.widgets.chrome import Rail
from desktop.widgets.drawn import draw_line
from desktop.widgets.labels import Elided
from desktop.widgets.layout import Plain, column
from desktop.widgets.suggestions import Suggestion, Suggestions
from desktop.widgets.table import Column, DataTable
from desktop.words import isolate
from tests.desktop.field_office import NOW, Station, twin
from tests.desktop.hands import Table
from tests.desktop.stage import stage
from tests.desktop.test_interview_page import whole_family

NAMES = {
    "Burmese": "ဦးကြွယ်ဝင်းသိန်းကြည်ဖြူ",
    "Khmer": "ស្រីឡឹម ខ្ញុំស្ត្រី",
    "Thai": "ที่ปิ่นผู้เฒ่าญี่ปุ่น",
    "Amharic": "ጽጌረዳ ወልደሚካኤል",
    "Urdu": "محمد اسلم خان خٹک",
    "Lao": "ບຸນທັນ ສີວົງໄຊ",
    "Tibetan": "བཀྲ་ཤིས་སྒྲོལ་མ",
    "Vietnamese": "ẮẰẲ Đặng Quốc Toản",
}


@pytest.fixture(autouse=True)
def every_script(dressed: Any) -> None:
    fonts.load_rest()


def _ink(image: QImage, area: QRect | None = None) -> QRect:
    """The box round everything that differs from the ground."""
    area = area or image.rect()
    ground = image.pixelColor(area.topLeft())
    seen = [
        (x, y)
        for y in range(area.top(), area.bottom() + 1)
        for x in range(area.left(), area.right() + 1)
        if image.pixelColor(x, y) != ground
    ]
    if not seen:
        return QRect()
    across, down = [x for x, _ in seen], [y for _, y in seen]
    return QRect(QPoint(min(across), min(down)), QPoint(max(across), max(down)))


def _whole(font: QFont, text: str, *, ink: str = "text", ground: str = "raised") -> QSize:
    """How large the text is where nothing cuts it."""
    image = QImage(600, 160, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.colour(ground)))
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(theme.colour(ink))
    painter.drawText(20, 90, text)
    painter.end()
    return _ink(image).size()


@pytest.mark.parametrize("script", NAMES)
@pytest.mark.parametrize("weight", [QFont.Weight.Normal, QFont.Weight.DemiBold])
def test_a_line_of_any_script_stands_in_the_room_of_a_latin_one(
    script: str, weight: QFont.Weight
) -> None:
    font = fonts.base()
    font.setWeight(weight)
    high = QFontMetrics(font).height()
    image = QImage(600, 160, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setFont(font)
    room = QRect(20, 60, 500, high)
    draw_line(painter, room, NAMES[script], right=False)
    painter.end()
    drawn = _ink(image)
    assert drawn.height() > 5
    assert drawn.top() >= room.top() - 1
    assert drawn.bottom() <= room.bottom() + 4  # below it there is always that much of a gap


@pytest.mark.parametrize("script", NAMES)
@pytest.mark.parametrize("look", ["", "strong", "title", "caption"])
def test_a_heading_keeps_the_tops_of_its_letters(qtbot: Any, script: str, look: str) -> None:
    label = Elided(NAMES[script], as_=look)
    table = Table(qtbot, label, width=600)
    drawn = _ink(table.window.grab().toImage(), label.geometry().adjusted(0, -8, 0, 12))
    wanted = _whole(label.font(), NAMES[script], ground="window")
    assert abs(drawn.height() - wanted.height()) <= 1


@pytest.mark.parametrize("script", NAMES)
def test_the_family_list_keeps_the_tops_of_names(qtbot: Any, script: str) -> None:
    family = FamilyList()
    name = NAMES[script].split()[0][:12]
    line = Line("m1", name, "", State.OPEN, "", name)
    held = Table(qtbot, family)
    family.show_family([Line("", "x", "", State.OPEN, "", "x"), line], current=None)
    assert held.window.isVisible()
    row = family.rows.visualItemRect(family.rows.item(1))
    image = family.rows.viewport().grab().toImage()
    drawn = _ink(image, row.adjusted(37, 1, -36, -1))
    font = QFont(family.rows.font())
    font.setWeight(QFont.Weight.DemiBold)
    assert abs(drawn.height() - _whole(font, name).height()) <= 1


@pytest.mark.parametrize("script", NAMES)
def test_a_cell_keeps_the_tops_of_names(qtbot: Any, script: str) -> None:
    table: DataTable[str] = DataTable(
        [Column(key="name", title="Name", value=lambda one: one, strong=True, stretch=True)],
        name="names",
    )
    held = Table(qtbot, table)
    table.set_rows(["x", NAMES[script]])
    assert held.window.isVisible()
    row = table.view.visualRect(table.view.model().index(1, 0))
    image = table.view.viewport().grab().toImage()
    drawn = _ink(image, row.adjusted(2, 0, -2, -2))
    font = QFont(table.view.font())
    font.setWeight(QFont.Weight.DemiBold)
    assert abs(drawn.height() - _whole(font, NAMES[script]).height()) <= 1


@pytest.mark.parametrize("rtl", [False, True])
def test_the_rail_is_as_wide_as_its_longest_title(qtbot: Any, rtl: bool) -> None:
    rail = Rail()
    if rtl:
        rail.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    rail.set_items(
        [("home", "Accueil", "home", False), ("event", "Noter un événement", "calendar", False)]
    )
    held = Table(qtbot, rail)
    item = rail.item("event")
    assert item is not None
    for count in (0, 128):
        item.setChecked(bool(count))
        item.set_count(count)
        qtbot.waitUntil(lambda: item.width() >= item.sizeHint().width())
    assert rail.width() >= 200
    assert held.window.isVisible()


def test_a_list_follows_its_input_when_the_page_is_laid_out_again(qtbot: Any) -> None:
    above = QWidget()
    above.setFixedHeight(45)
    line = QLineEdit()
    inside = Plain()
    inside.setLayout(column(line))
    page = Plain()
    layout = QVBoxLayout(page)
    layout.addWidget(above)
    layout.addWidget(inside)
    table = Table(qtbot, page)
    offered = Suggestions(line, label="People")
    offered.show_lines([Suggestion("Amina Yusuf", 1, "WST-A01"), Suggestion("Yusuf Ali", 2)])

    def gap() -> int:
        return offered.y() - line.mapTo(table.window, QPoint(0, line.height())).y()

    assert gap() == 4
    was = offered.y()
    above.hide()  # the message over the page goes away
    qtbot.waitUntil(lambda: line.mapTo(table.window, QPoint(0, 0)).y() < 45)
    assert offered.y() <= was - 45
    assert gap() == 4


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720)])
def test_the_next_person_begins_at_the_top(
    qtbot: Any, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Also where the first question without an answer stands far below."""
    family = whole_family().with_member({"name": "Yusuf Ali", "relation": "spouse"})
    station = Station(drafts={"one": (family, NOW)})
    offices = twin(station)
    with stage(qtbot, tmp_path, offices, station=station, language="fr") as put:
        put.frame.resize(size[0], 560)  # low, so that every page is longer than the screen
        page = put.page("interview", draft="one")
        scrolled = 0
        for number in range(len(page.interview.steps_of("m1"))):
            page.interview.go("m1", number)
            page.sitting.show_again()
            put.settle()
            questions = page.sitting.board.questions
            bar = questions.stack.currentWidget().verticalScrollBar()
            bar.setValue(bar.maximum())
            scrolled += bar.value() > 0
            # Everything but the last question of the page is answered for the other member.
            asked = [one.field.name for one in page.interview.asked]
            page.interview.go("m2", number)
            for name in asked[:-1]:
                page.interview.unknown(name)
            page.sitting.show_again()
            put.settle()
            now = questions.stack.currentWidget().verticalScrollBar()
            assert now.value() == 0, page.interview.step.id
            field = questions.field(questions.focused())
            assert field is not None
            top = field.mapTo(questions.stack.currentWidget().viewport(), QPoint(0, 0)).y()
            assert 0 <= top < questions.height()
        assert scrolled > 3


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("scale", [100, 130])
def test_how_long_a_machine_readable_line_is_stands_at_its_end(
    qtbot: Any, dressed: Any, language: str, scale: int
) -> None:
    words.use(language)
    theme.apply(dressed, "light", scale=scale, rtl=words.rtl())
    lines = MrzLines(monotonic=lambda: 0.0, whole=lambda: False)
    table = Table(qtbot, lines, width=640)
    lines.setPlainText("P<UTOERIKSSON<<ANNA<MARIA".ljust(44, "<") + "\nL898902C36UTO74\n")
    assert table.window.isVisible()
    counts = lines.counts()
    assert len(counts) == 2
    for place, (area, text) in enumerate(counts):
        block = lines.document().findBlockByNumber(place)
        line = lines.blockBoundingGeometry(block).translated(lines.contentOffset()).toRect()
        typed = lines.fontMetrics().horizontalAdvance(block.text())
        assert str(len(block.text())) in text
        assert (area.top(), area.height()) == (line.top(), line.height())
        assert area.left() > line.left() + typed  # never over what is typed
        assert area.right() < lines.viewport().width()
    assert "44" in lines.accessibleDescription()
    words.use("en")


@pytest.mark.parametrize("scale", [100, 107, 130])
def test_numbers_in_tables_are_whole(qtbot: Any, dressed: Any, tmp_path: Path, scale: int) -> None:
    theme.apply(dressed, "light", scale=scale, rtl=True)
    number = isolate("WST-A01-GDA-H00010-07")
    prefs = Preferences(tmp_path / "prefs.ini")
    columns: list[Column[str]] = [
        Column(key="name", title="Name", value=lambda one: one, stretch=True),
        Column(key="number", title="Number", value=lambda one: number, width=120, mono=True),
    ]
    table = DataTable(columns, name="numbers", prefs=prefs)
    held = Table(qtbot, table)
    table.set_rows(["Amina Yusuf"])
    assert held.window.isVisible()
    room = table.view.columnWidth(1) - 24
    assert table.view.fontMetrics().horizontalAdvance(number) <= room
    assert prefs.widths("numbers") == {}  # nobody chose a width
    table.view.setColumnWidth(1, 80)
    table.set_rows(["Yusuf Ali"])
    assert table.view.columnWidth(1) == 80  # somebody did


def test_an_isolated_number_makes_no_heading_higher(qtbot: Any) -> None:
    plain, number = Elided("A01"), Elided(isolate("A01") + " · Đặng")
    table = Table(qtbot, plain, number)
    assert table.window.isVisible()
    assert plain.height() == number.height()
