"""Papers of every kind from the real window over a real station, by keyboard alone.

A birth is recorded, told on paper from where it was recorded, and checked; a slip is filled in; a
sheet is numbered; blank forms are printed for a power cut, and one of them is typed in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from documents import codes, raster
from documents.credential import CLAIM_169, DOCUMENT, FACTS, SERIAL
from documents.envelope import open_text
from forms.library import catalogue
from tests.journeys.hands import Hands, at_the_keyboard, sit_down
from tests.journeys.peopled import NAMES, Peopled, people
from tests.journeys.teller import Teller
from tests.journeys.test_window_events import choose_event, first_part, open_person
from tests.journeys.test_window_main_job import PHONELESS, picture, the_head, the_household
from tests.places import Site
from values import cbor

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture(scope="module")
def peopled(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Peopled:
    """Do not write to it: take `camp`."""
    return people(founded_site.copied(tmp_path_factory.mktemp("peopled") / "site"))


@pytest.fixture
def camp(peopled: Peopled, tmp_path: Path) -> Peopled:
    return peopled.copied(tmp_path / "site")


def claims_on(pdf: bytes) -> dict[Any, Any]:
    """Claim 169 of the code on the first page."""
    (text,) = codes.read_picture(raster.page(pdf, 0, dpi=200))
    claims: dict[Any, Any] = cbor.decode(open_text(text).payload)[CLAIM_169]
    return claims


def verify(hands: Hands, pdf: bytes, folder: Path) -> None:
    """Put the paper before the verify page."""
    paper = folder / "paper.pdf"
    paper.write_bytes(pdf)
    hands.dialogs.file = paper
    hands.press("Alt+7")
    hands.press("Ctrl+O")
    hands.sees("Valid", "Compare with the paper and the person")


def test_a_birth_is_told_on_paper_and_checked(qtbot: Any, camp: Peopled, tmp_path: Path) -> None:
    form = catalogue().form("live_birth")
    answers = camp.told("live_birth")
    role, subject = first_part(form, answers)
    with at_the_keyboard(qtbot, tmp_path / "glass", camp.site.env) as hands:
        sit_down(hands, camp.site.station)
        hands.unlock("officer")
        open_person(hands, camp.called[subject])
        choose_event(hands, form, role)
        Teller(hands, camp.called).tell(answers)
        hands.press("Ctrl+Return")
        hands.focused("event-paper-print")
        hands.sees("Print: Notification of birth")
        hands.press("Space")
        hands.sees("Notification of birth · Birth", "Print")
        page: Any = hands.window.frame.page  # type: ignore[union-attr]  # it is there
        hands.until(lambda: page.paper.has_page, "the preview")
        assert hands.dialogs.printed == []
        hands.press("Ctrl+P")
        hands.sees("Printed: document")
        (pdf,) = hands.dialogs.printed
        assert claims_on(pdf)[DOCUMENT] == "birth"
        verify(hands, pdf, tmp_path)
        facts = dict(claims_on(pdf)[FACTS])
        assert facts["holder"] == "child"
        hands.sees(
            "Notification of birth", "Part of the holder", "The child", "When the child was born",
            "How many were born", "Mother",
        )  # fmt: skip
        assert "birth_type" not in hands.screen and facts["date"] not in hands.screen


def test_a_slip_is_filled_in_and_the_sheet_is_numbered(
    qtbot: Any, camp: Peopled, tmp_path: Path
) -> None:
    with at_the_keyboard(qtbot, tmp_path / "glass", camp.site.env) as hands:
        sit_down(hands, camp.site.station)
        hands.unlock("officer")
        open_person(hands, NAMES["@man"])
        hands.press("Ctrl+D")
        hands.sees("Which document", "Acknowledgement of registration")
        page: Any = hands.window.frame.page  # type: ignore[union-attr]  # it is there
        hands.until(lambda: hands.focus.startswith("choice-kind-"), "the documents")
        hands.settle()
        for _ in range(10):
            if hands.focus_says == "Appointment":
                break
            hands.press("Right")
        assert hands.focus_says == "Appointment"
        hands.press("Space")
        hands.sees("What it says", "Day and hour", "Fill in what it says to see the document.")
        hands.press("Ctrl+P")
        hands.sees("Fill in: Day and hour.")
        hands.focused("input-asked-day")
        hands.type("Monday 23 November, 10:00")
        hands.press("Tab")
        hands.type("Tent 4")
        hands.until(lambda: page.paper.has_page, "the preview")
        hands.go_to("input-serial")
        hands.type("A-000017")
        hands.press("Ctrl+P")
        hands.sees("Printed: document")
        (pdf,) = hands.dialogs.printed
        said = claims_on(pdf)
        assert said[DOCUMENT] == "appointment" and said[SERIAL] == "A-000017"
        assert dict(said[FACTS]) == {"day": "Monday 23 November, 10:00", "place": "Tent 4"}
        verify(hands, pdf, tmp_path)
        hands.sees("Day and hour", "Tent 4", "Number of the sheet", "A-000017")


def test_the_timeline_leads_to_the_document_and_a_reprint_says_why(
    qtbot: Any, camp: Peopled, tmp_path: Path
) -> None:
    form = catalogue().form("return")
    with camp.site.at_station("officer") as session:
        from forms.draft import Confirmation
        from station import events

        raw = camp.told(form.id)
        found = events.check(session, form.id, raw)
        sure = [Confirmation(one.code, one.field, "", "asked") for one in found]
        made = events.record(session, form.id, raw, confirmed=sure)
    with at_the_keyboard(qtbot, tmp_path / "glass", camp.site.env) as hands:
        sit_down(hands, camp.site.station)
        hands.unlock("officer")
        open_person(hands, camp.called[str(raw["subject"]["person"])])
        hands.push(f"print-{made.event}")
        hands.sees("Attestation of the end of displacement")
        page: Any = hands.window.frame.page  # type: ignore[union-attr]  # it is there
        hands.until(lambda: page.paper.has_page, "the preview")
        hands.press("Ctrl+P")
        hands.sees("Printed: document")
        hands.settle()

        def again() -> None:
            hands.sees("Print again?")
            hands.press("Down")
            hands.press("Down")
            hands.press("Down")
            hands.press("Ctrl+Return")

        hands.dialogs.answer = again
        hands.press("Ctrl+P")
        hands.until(lambda: len(hands.dialogs.printed) == 2, "the second copy")
        first, second = (claims_on(one) for one in hands.dialogs.printed)
        assert first == second


def test_a_blank_form_is_printed_and_typed_in(qtbot: Any, camp: Peopled, tmp_path: Path) -> None:
    with at_the_keyboard(qtbot, tmp_path / "glass", camp.site.env) as hands:
        sit_down(hands, camp.site.station)
        hands.unlock("officer")
        hands.press("Alt+5")
        hands.sees("Blank forms…")
        hands.settle()
        hands.press("Ctrl+B")
        hands.focused("input-count")
        hands.type("2")
        hands.press("Ctrl+P")
        hands.sees("2 sheets:")
        (pdf,) = hands.dialogs.printed
        assert raster.page_count(pdf) == 2
        (number,) = codes.read_picture(raster.page(pdf, 1, dpi=200))
        hands.press("Alt+2")
        hands.focused("input-name")
        the_household(hands)
        the_head(hands, picture(tmp_path))
        hands.press("Ctrl+R")
        hands.focused("read-back")
        hands.go_to("input-sheet")
        hands.type(number[:-1])
        confirm_and_register(hands)
        hands.sees("That is no number of a sheet.")
        hands.go_to("input-sheet")
        hands.press("Ctrl+A")
        hands.type(number.lower())
        hands.press("Ctrl+Return")
        hands.focused("interview-next")
    with camp.site.at_station("officer", read_only=True) as session, session.store.read() as reader:
        sources = [view.source for view in reader.views("registration")]
    assert {"way": "interview", "sheet": number} in sources


def confirm_and_register(hands: Hands) -> None:
    """The one warning of this family is confirmed, then it is registered."""
    hands.press("Ctrl+Return")
    hands.focused("reason-0")
    hands.type(PHONELESS)
    hands.press("Return")
    hands.sees("All warnings have been confirmed with a reason")
    hands.press("Ctrl+Return")
