"""The overview in the real window over a real registry: seen, turned into tables, exported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.journeys.hands import at_the_keyboard, sit_down
from tests.places import Site, families
from workspace import auditing

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def test_what_was_registered_is_seen_and_taken_out(qtbot: Any, site: Site, tmp_path: Path) -> None:
    site.take_in(families(3))
    site.approve()
    site.admit(site.send(), notice=False)
    with at_the_keyboard(qtbot=qtbot, folder=tmp_path / "glass", env=site.env) as hands:
        sit_down(hands, site.registry)
        hands.unlock("registrar")
        hands.press("Alt+4")
        hands.settle()
        hands.press("Ctrl+T")
        hands.settle()
        frame = hands.window.frame
        assert frame is not None
        page: Any = frame.page
        assert [one.families for one in page.day_table.rows()] == [3]
        hands.press("Ctrl+E")
        hands.type("Monthly count")
        hands.dialogs.folder = tmp_path / "stick"
        hands.push("export-go")
        hands.settle()
        assert "not sealed" in page.banner.sentence()
    (out,) = (tmp_path / "stick").iterdir()
    book = load_workbook(out / "tables.xlsx", read_only=True)
    assert len(list(book["persons"].values)) == 2 + 6
    with site.at_registry("administrator") as session:
        (act,) = [one for one in auditing.read(session) if one.act == "tables.exported"]
    assert act.user == "registrar" and act.detail.endswith(": Monthly count")
