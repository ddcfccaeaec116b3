"""Syncing in the real window, with the service in its two processes and a line that breaks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger import kinds
from station import errand, sending
from tests.faults import line as lines
from tests.faults.line import BadLine
from tests.journeys.hands import Hands, aside, at_the_keyboard, sit_down
from tests.places import Site, families
from tests.serving import running
from workspace import care
from workspace import service as addresses
from workspace.service import Service

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def learn(site: Site, url: str) -> None:
    """The station learns where the service is, as from a notice."""
    with site.at_registry("service") as session, session.store.read() as reader:
        there = addresses.held(reader)
    assert there is not None
    with site.at_station("supervisor") as session, session.store.write() as unit:
        addresses.keep(unit, Service(url, there.authority))


def open_sync(hands: Hands, site: Site) -> None:
    sit_down(hands, site.station)
    hands.unlock("supervisor")
    hands.press("Alt+6")
    hands.focused("sync-primary")


def test_a_line_that_breaks_is_gone_on_with_after_a_restart(
    qtbot: Any, busy_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = busy_site
    monkeypatch.setattr(lines, "KINDS", ("cut",))
    monkeypatch.setattr(errand, "ATTEMPTS", 1)
    glass: dict[str, Any] = {"qtbot": qtbot, "folder": tmp_path / "glass", "env": site.env}
    with (
        running(site, tmp_path / "armed", name="localhost") as service,
        BadLine(service.prepared.port, seed=7, share=1.0, reach=1500) as line,
    ):
        aside(lambda: learn(site, f"https://localhost:{line.port}"))
        with at_the_keyboard(**glass) as hands:
            open_sync(hands, site)
            hands.sees("Sync now", "The registry has not answered yet.")
            hands.press("Return")
            hands.sees("No line to the registry", "Next try in")
            assert hands.dialogs.asked == [], "a state, and no dialog"
            hands.focused("sync-primary")
        assert line.met["cut"]
        # The program ended. It goes on by itself once somebody who may sync has signed in.
        line.share = 0.0
        with at_the_keyboard(**glass) as hands:
            open_sync(hands, site)
            site.clock.advance(timedelta(seconds=10))
            hands.sees("The registry has everything", "Notice 1 has been taken in.")
            hands.settle()
            assert hands.text("sync-answered").startswith("The registry last answered: ")
            hands.press("Space")
            hands.settle()
            hands.sees("The registry has everything")
            hands.lock()
        aside(lambda: site.take_in(families(1, first=70), name="more.csv"))
        with at_the_keyboard(**glass) as hands:
            open_sync(hands, site)
            hands.sees("1 family has not reached the registry", "Sync now")
            hands.go_to("sync-automatic")
            hands.press("Space")
            site.clock.advance(timedelta(seconds=10))
            hands.sees("The registry has everything", "Notice 2 has been taken in.")
            hands.settle()
            hands.sees("The next sync begins by itself in")
    with site.at_station("supervisor") as session:
        state = sending.state(session)
        assert state.waiting == state.sent == 0
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            exported = reader.entries_of_kind(kinds.BUNDLE_EXPORTED, "office")
    with site.at_registry() as session:
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            admitted = reader.entries_of_kind(kinds.BUNDLE_ADMITTED, "bundle")
    assert len(exported) == len(admitted) == 2, "each bundle was written once and admitted once"
