"""The overview: pictures and tables of the same figures, and the way out as tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt

from desktop.widgets.charts import step_over
from registry.oversight import (
    Day,
    Figures,
    Missing,
    Queue,
    Standing,
    StationFigures,
    Waiting,
)
from registry.tables import Wanted
from tests.desktop.field_office import NOW, Station, twin
from tests.desktop.stage import Stage, stage
from values.identifiers import OfficeId
from workspace.tabular import Form, Written

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
NAMES = ("North gate", "مخيم الشمال", "Kituo cha Mashariki", "Poste du fleuve", "Fork", "O")
SINCE = timedelta(hours=41)
CODES = ("A01", "A02", "B07", "C11", "C12", "D01")
STANDINGS = (
    Standing.WELL, Standing.MISSING, Standing.SILENT, Standing.NEVER, Standing.FORKED,
    Standing.WELL,
)  # fmt: skip


def full(days: int = 14) -> Figures:
    """A registry in the midst of its work."""
    last = NOW.date()
    first = last - timedelta(days=days - 1)
    made = tuple(
        Day(first + timedelta(days=day), code, 3 + (day * 7 + place * 11) % 29, 9)
        for day in range(days)
        for place, code in enumerate(CODES)
        if (day + place) % 6
    )
    ages = {
        Queue.NEW: (120, 60, 22, 9, 1), Queue.DUPLICATES: (14, 22, 31, 12, 4),
        Queue.CONFLICTS: (3, 0, 1, 0, 0), Queue.HELD: (0, 0, 0, 412, 0),
        Queue.QUARANTINED: (0, 2, 5, 0, 11), Queue.RECORDED: (61, 4, 0, 0, 0),
    }  # fmt: skip
    return Figures(
        at=NOW,
        first_day=first,
        last_day=last,
        days=made,
        ahead=2,
        totals={"persons": 1_000_312},
        statuses={"registered": 240_000, "approved": 212},
        queues=tuple(
            Waiting(
                one,
                sum(ages.get(one, (0,))),
                NOW - timedelta(days=41) if one in ages else None,
                ages.get(one, (0, 0, 0, 0, 0)),
            )
            for one in Queue
        ),
        stations=tuple(
            StationFigures(
                OfficeId(UUID(int=place + 1)),
                code,
                (
                    "North gate",
                    "مخيم الشمال",
                    "Kituo cha Mashariki",
                    "Poste du fleuve",
                    "Fork",
                    "O",
                )[place],
                STANDINGS[place],
                None
                if STANDINGS[place] is Standing.NEVER
                else NOW - timedelta(hours=5 + 60 * place),
                184_233 * (place + 1),
                11 if STANDINGS[place] is Standing.MISSING else 0,
                1 if STANDINGS[place] is Standing.MISSING else 0,
                1 if STANDINGS[place] is Standing.FORKED else 0,
                sum(one.families for one in made if one.station == code),
            )
            for place, code in enumerate(CODES)
        ),
        missing=(
            Missing("A02", "0011223344556677", 412, 417, False),
            Missing("A02", "0011223344556677", 505, 509, True),
        ),
        unfinished=(),
    )


def nothing() -> Figures:
    """A registry that has just been founded."""
    return Figures(
        at=NOW,
        first_day=date(2026, 11, 2),
        last_day=date(2026, 11, 15),
        days=(),
        ahead=0,
        totals={},
        statuses={},
        queues=tuple(Waiting(one, 0, None, (0, 0, 0, 0, 0)) for one in Queue),
        stations=(),
        missing=(),
        unfinished=(),
    )


class Held:
    """What the offices answer, and what they were asked."""

    def __init__(self) -> None:
        self.figures = full()
        self.exports: list[tuple[Path, Wanted, str]] = []
        self.days: list[int] = []

    def read(self, session: Any, *, days: int, offset: timedelta) -> Figures:
        self.days.append(days)
        return self.figures

    def export(
        self, session: Any, out: Path, wanted: Wanted, *, reason: str, **rest: Any
    ) -> list[Written]:
        self.exports.append((out, wanted, reason))
        return [Written("persons", 6, out / "tables.xlsx")]


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def role() -> str:
    return "registrar"


@pytest.fixture
def put(qtbot: Any, tmp_path: Path, held: Held, role: str) -> Iterator[Stage]:
    station = Station()
    offices = twin(
        station,
        oversight=SimpleNamespace(figures=held.read),
        tables=SimpleNamespace(export=held.export, Wanted=Wanted),
        tabular=SimpleNamespace(Form=Form),
    )
    with stage(qtbot, tmp_path, offices, station=station, role=role, kind="registry") as made:
        yield made


def test_pictures_say_their_figures_in_words(put: Stage) -> None:
    page = put.page("overview")
    assert "To register: 212" in page.ages.accessibleDescription()
    assert page.by_day.accessibleName() == "Families registered by day"
    assert page.by_day.series[-1] == "Other stations"
    assert sum(bar.total for bar in page.by_day.bars) == page._figures.families
    assert "2 registrations are dated in the future" in page.summary.text()
    assert "4 stations need a look" in page.summary.text()


def test_one_key_turns_pictures_into_tables(put: Stage) -> None:
    page = put.page("overview")
    assert page.by_day.isVisible() and not page.day_table.isVisible()
    put.press(K.Key_T, CTRL)
    assert page.day_table.isVisible() and not page.by_day.isVisible()
    shown = {one.queue: one.number for one in page.queue_table.rows()}
    assert shown[Queue.DUPLICATES] == 83
    assert sum(one.families for one in page.day_table.rows()) == page._figures.families
    put.press(K.Key_T, CTRL)
    assert page.by_day.isVisible()


def test_what_is_missing_is_named_to_the_entry(put: Stage) -> None:
    page = put.page("overview")
    page.stations.select(lambda one: one.code == "A02")
    told = page.detail.text()
    assert "412 to 417" in told and "505 to 509" in told
    assert "1 bundle is not taken in to its end" in told


def test_other_days_are_asked_for(put: Stage, held: Held) -> None:
    page = put.page("overview")
    held.figures = full(90)
    page.days.set_value("90")
    page._load()
    put.settle()
    assert held.days[-1] == 90
    assert len(page.by_day.bars) == 90


def test_nothing_yet(put: Stage, held: Held) -> None:
    held.figures = nothing()
    page = put.page("overview")
    assert page.stations.rows() == []
    assert page.by_day.accessibleDescription() == "Nothing was registered in these days"
    page.by_day.grab()


def test_tables_leave_with_a_reason(put: Stage, held: Held, tmp_path: Path) -> None:
    page = put.page("overview")
    put.dialogs.folder = tmp_path
    put.press(K.Key_E, CTRL)
    assert page.form.isVisible()
    page.form.go.click()
    put.settle()
    assert held.exports == [] and "Say why" in page.form.problem.text()
    page.form.why.set_value("Monthly count")
    page.form.sensitive.set_value(True)
    page.form.purpose.set_value("assistance")
    page.form.go.click()
    put.settle()
    ((out, wanted, reason),) = held.exports
    assert out.parent == tmp_path and out.name.startswith("tables-2026-")
    assert (wanted.form, wanted.sensitive, wanted.purpose) == (Form.XLSX, True, "assistance")
    assert reason == "Monthly count"
    assert "not sealed" in page.banner.sentence()


@pytest.mark.parametrize("role", ["administrator", "clerk"])
def test_what_a_role_may_not_is_not_offered(put: Stage, role: str) -> None:
    page = put.page("overview")
    assert page.export.isHidden() is (role == "clerk")
    if role == "administrator":
        put.press(K.Key_E, CTRL)
        assert page.form.sensitive.isHidden()


@pytest.mark.parametrize(
    ("most", "end"), [(0, 4), (3, 4), (5, 8), (17, 20), (83, 120), (1000, 1200)]
)
def test_an_axis_ends_at_a_round_number(most: int, end: int) -> None:
    assert step_over(most) == end
