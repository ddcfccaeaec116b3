"""An event that the operation wrote itself, in the real window: found, told, signed and seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forms import own_folder
from tests import own_forms as example
from tests.journeys.hands import at_the_keyboard, sit_down
from tests.journeys.peopled import people
from tests.journeys.teller import Teller
from tests.journeys.test_window_events import choose_event, open_person
from tests.places import Site
from workspace import own_forms
from workspace.people import person_page

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def test_an_own_event_is_recorded_by_keyboard(qtbot: Any, site: Site, tmp_path: Path) -> None:
    camp = people(site)
    folder = example.write(tmp_path / "own")
    (form,) = own_folder.read(folder).new
    with site.at_station("administrator") as session:
        own_forms.load(session, folder)
    subject = camp.keys["@woman"]
    answers = {
        "subject": {"person": subject},
        "date": {"text": "2026-04", "calendar": "gregorian"},
        "crop": "sesame",
        "hectares": "3",
    }
    with at_the_keyboard(qtbot, tmp_path / "glass", site.env) as hands:
        sit_down(hands, site.station)
        hands.unlock("officer")
        open_person(hands, camp.called[subject])
        choose_event(hands, form, "subject")
        page: Any = hands.window.frame.page  # type: ignore[union-attr]  # it is there
        Teller(hands, camp.called).tell(answers)
        hands.focused("read-back")
        hands.sees("What grew there", "Sesame")
        assert not page.filling.problems
        hands.press("Ctrl+Return")
        hands.sees("Recorded: Harvest lost")
        hands.go_to("event-person-0")
        hands.press("Space")
        hands.sees("What happened", "Harvest lost")
    with site.at_station("officer", read_only=True) as session:
        page = person_page(session, camp.ids["@woman"], language="fr")
        (row,) = (one for one in page.timeline if one.type == example.FORM)
        assert (row.title, row.role) == ("Récolte perdue", "Qui l'a perdue")
