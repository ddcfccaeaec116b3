"""Every event in the real window over a real station, by keyboard alone.

The person's page is opened, the event chosen by typing some of its name, told page by page,
read back, signed, and then seen on the person's timeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from forms.definition import Form
from forms.library import catalogue
from forms.wording import label
from station.events import CORRECTION
from tests.journeys.hands import Hands, at_the_keyboard, sit_down
from tests.journeys.peopled import NAMES, Peopled, people
from tests.journeys.teller import Teller
from tests.places import Site
from workspace.people import person_page

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

FORMS = tuple(form.id for form in catalogue().events() if form.id != CORRECTION)


@pytest.fixture(scope="module")
def peopled(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Peopled:
    """Do not write to it: take `camp`."""
    return people(founded_site.copied(tmp_path_factory.mktemp("peopled") / "site"))


@pytest.fixture
def camp(peopled: Peopled, tmp_path: Path) -> Peopled:
    return peopled.copied(tmp_path / "site")


def first_part(form: Form, answers: Mapping[str, Any]) -> tuple[str, str]:
    """The first role that a registered person has, and who it is."""
    for one in form.people():
        chosen = answers.get(one.name)
        if isinstance(chosen, Mapping) and chosen.get("person"):
            return one.name, str(chosen["person"])
    raise AssertionError(f"{form.id} is about nobody")


def open_person(hands: Hands, name: str) -> None:
    hands.press("Ctrl+K")
    hands.type(name)
    hands.press("Return")
    hands.sees("person", name)
    hands.settle()
    hands.press("Return")
    hands.focused("person-event")
    hands.sees("What happened")


def choose_event(hands: Hands, form: Form, role: str) -> None:
    """Ctrl+E, some of the name, and the person's part where several fit."""
    hands.press("Ctrl+E")
    hands.focused("event-search")
    hands.type(form.title)
    hands.press("Return")
    hands.settle()
    page = hands.window.frame.page  # type: ignore[union-attr]  # it is there
    if hands.focus.startswith("event-part"):
        wanted = form.field(role).label.rstrip("?")
        said = [button.accessibleName() for button in page.part.buttons]
        number = next(n for n, one in enumerate(said, start=1) if one.endswith(wanted))
        hands.type(str(number))
        hands.settle()
    assert page.filling is not None and page.filling.form.id == form.id, hands.screen


@pytest.mark.parametrize("form_id", FORMS)
def test_every_event_is_recorded_by_keyboard(
    qtbot: Any, camp: Peopled, tmp_path: Path, form_id: str
) -> None:
    form = catalogue().form(form_id)
    answers = camp.told(form_id)
    role, subject = first_part(form, answers)
    with at_the_keyboard(qtbot, tmp_path / "glass", camp.site.env) as hands:
        sit_down(hands, camp.site.station)
        hands.unlock("officer")
        open_person(hands, camp.called[subject])
        choose_event(hands, form, role)
        page: Any = hands.window.frame.page  # type: ignore[union-attr]  # it is there
        Teller(hands, camp.called).tell(answers)
        hands.focused("read-back")
        hands.sees("What this changes")
        said = {one.code for one in page.filling.problems}
        assert said <= {"head_leaves"}, said
        if said:  # the head goes, and others stay
            hands.press("Ctrl+Return")
            hands.focused("reason-0")
            hands.type("The brother is asked tomorrow")
            hands.press("Return")
            hands.sees("All warnings have been confirmed with a reason")
        hands.press("Ctrl+Return")
        hands.sees(f"Recorded: {form.title}")
        hands.go_to("event-person-0")
        hands.press("Space")
        hands.sees("What happened", label("event_types", form_id))
    with camp.site.at_station("officer", read_only=True) as session:
        found = person_page(session, next(one for one in camp.ids.values() if one.hex == subject))
        rows = [one for one in found.timeline if one.type == form_id]
        assert rows and rows[0].role, "the event is not on the timeline"


def test_an_event_that_is_left_off_is_gone_on_with(
    qtbot: Any, camp: Peopled, tmp_path: Path
) -> None:
    """Locked in the middle of a word: home lists it, with every letter."""
    form = catalogue().form("death")
    with at_the_keyboard(qtbot, tmp_path / "glass", camp.site.env) as hands:
        sit_down(hands, camp.site.station)
        hands.unlock("officer")
        open_person(hands, NAMES["@man"])
        choose_event(hands, form, "deceased")
        hands.focused("input-spouse")
        hands.type("Mirela Orl")
        hands.lock()
        hands.unlock("supervisor")
        hands.sees("Events not recorded yet", form.title, NAMES["@man"])
        names = (one.objectName() for one in hands.in_sight())
        hands.go_to(next(one for one in names if one.startswith("event-event-")))
        hands.press("Space")
        hands.sees("Who died", "Mirela Orl")
        hands.settle()
        page: Any = hands.window.frame.page  # type: ignore[union-attr]  # it is there
        assert page.filling.raw("spouse") == {"name": "Mirela Orl"}
