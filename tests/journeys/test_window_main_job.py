"""The main job in the real window over real offices, by keyboard alone.

A family of three is taken in, sent back, mended, approved, printed, exported, imported, answered
and found again. Nothing is called but keys; everything is read from the screen, and at the end
the stores of both offices are compared.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.journeys.hands import Hands, at_the_keyboard, sit_down
from tests.places import Site

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

HEAD = ("گل‌آقا رضایی", "Gulagha Rezai")
WIFE = ("معصومه حیدری", "Masuma Haidari")
CHILD = ("زهرا رضایی", "Zahra Rezai")
PHONELESS = "The family has no telephone"
SENT_BACK = "A name is misspelt: the wife writes Haydari"


def picture(folder: Path) -> Path:
    """A photo of nobody."""
    path = folder / "photo.jpg"
    Image.linear_gradient("L").resize((480, 600)).convert("RGB").save(path)
    return path


def consents(hands: Hands, answers: str) -> None:
    """Y and N for each question that is read aloud."""
    assert hands.focus == "consent-registration-yes"
    hands.type(answers)


def the_household(hands: Hands) -> None:
    hands.press("F2")
    hands.focused("input-origin_country")
    hands.type("Afgh")
    hands.press("Return")
    hands.type("Herat; Guzara")
    hands.press("Return", 2)
    hands.type("war")
    hands.press("Return")
    hands.focused("input-arrival")
    hands.type("2026-04")
    hands.sees("April 2026")
    hands.press("Return")
    hands.focused("input-shelter")
    hands.type("tent")


def name_and_sex(hands: Hands, names: tuple[str, str], sex: str) -> None:
    hands.focused("input-name")
    hands.type(names[0])
    hands.press("Return")
    hands.type(names[1])
    hands.press("Return")
    while hands.focus != f"choice-sex-{sex}":
        hands.press("Right")
    hands.press("Space")
    hands.press("Return")
    hands.focused("input-birth")


def the_head(hands: Hands, photo: Path) -> None:
    """Born by the Solar Hijri calendar, with a paper, an open need and a photo."""
    hands.press("F3")
    name_and_sex(hands, HEAD, "M")
    hands.type("1361-07-12")
    hands.press("Down")
    hands.sees("Solar Hijri", "4 October 1982")
    hands.press("Return")
    hands.type("Guzara")
    hands.press("Return")
    hands.focused("input-nationality")
    hands.type("Afghan")
    hands.press("Return")
    hands.type("Dari")
    hands.press("Ctrl+PgDown")
    hands.focused("input-father_name")
    hands.press("Ctrl+PgDown")
    hands.focused("documents-type-0")
    hands.type("Nat")
    hands.press("Return")
    hands.type("AFG-1403-77123")
    hands.press("Return", 3)
    hands.focused("search-needs")
    hands.type("seeing")
    hands.press("Return")
    hands.sees("1 need marked")
    hands.press("Return")
    consents(hands, "yyyynyy")
    hands.press("Ctrl+PgDown")
    hands.focused("choice-share_with_origin-no")
    hands.press("Ctrl+PgDown")
    hands.dialogs.file = photo
    hands.focused("photo-choose")
    hands.press("Space")
    hands.sees("Stored at its smallest useful size", "Choose another photo")


def a_member(hands: Hands, names: tuple[str, str], relation: str, birth: str, said: str) -> None:
    """One more of the family; what is the same as with the one before is taken over."""
    hands.press("F10")
    hands.focused("input-relation")
    hands.type(relation)
    hands.press("Return")
    name_and_sex(hands, names, "F")
    hands.type(birth)
    if "Solar Hijri" in hands.screen:  # the family's calendar is taken over from the head
        hands.press("Up")
    hands.sees(said)
    hands.press("Ctrl+PgDown")
    hands.focused("input-nationality")
    hands.press("Ctrl+D")
    hands.press("Return")
    hands.press("Ctrl+D")
    hands.sees("Afghanistan", "Dari")
    hands.press("Ctrl+PgDown", 3)
    hands.focused("search-needs")


def the_wife(hands: Hands) -> None:
    """About a year of birth, and a need that only named roles may read."""
    a_member(hands, WIFE, "husband", "1985~", "about 1985, age about 41")
    hands.type("torture")
    hands.press("Return", 2)
    consents(hands, "yyyynyy")


def the_child(hands: Hands) -> None:
    """An age instead of a date, and no need."""
    a_member(hands, CHILD, "daughter", "9y", "age 9")
    hands.press("Return")
    consents(hands, "yyyyyyy")


def read_back_and_register(hands: Hands) -> None:
    """The last page; its one warning is confirmed with a reason."""
    hands.press("Ctrl+R")
    hands.focused("read-back")
    hands.settle()
    hands.sees("1 thing to look at, or to confirm with a reason")
    hands.press("Ctrl+Return")
    hands.focused("reason-0")
    hands.type(PHONELESS)
    hands.press("Return")
    hands.sees("All warnings have been confirmed with a reason")
    hands.press("Ctrl+Return")
    hands.focused("interview-next")


def send_back(hands: Hands) -> None:
    """In the dialog that asks for the reason: one of those it offers, and words of one's own."""

    def answer() -> None:
        hands.sees("Send this family back?", "officer sees the reason")
        assert hands.focus == "input-reason-choice"
        hands.press("Down")
        hands.press("Tab")
        hands.type("the wife writes Haydari")
        hands.press("Ctrl+Return")

    hands.dialogs.answer = answer
    hands.press("S")
    hands.sees("Nothing waits for review", "Sent back")


def test_debug(qtbot: Any, site: Site, tmp_path: Path) -> None:
    papers = tmp_path / "papers.pdf"
    with at_the_keyboard(qtbot, tmp_path / "glass", site.env) as hands:
        def shoot(name):
            hands.settle()
            hands.window.grab().save(f"/tmp/shots/{name}.png")
        sit_down(hands, site.station)
        hands.unlock("officer")
        hands.press("Ctrl+N")
        hands.focused("input-name")
        the_household(hands)
        the_head(hands, picture(tmp_path))
        the_wife(hands)
        the_child(hands)
        read_back_and_register(hands)
        hands.sees("3 persons have been registered")
        number = hands.text("household-number")
        hands.lock()
        hands.unlock("supervisor")
        hands.sees("Review 1 family")
        hands.press("Ctrl+N")
        hands.sees(number, PHONELESS)
        send_back(hands)
        shoot("1")
        hands.lock()
        hands.unlock("officer")
        hands.sees("Mend 1 registration that came back")
        shoot("2")
        hands.press("Alt+2")
        hands.sees("Sent back: A name is misspelt: the wife writes Haydari")
        shoot("3")
        hands.focused("interview-new")
        hands.press("Tab")
        assert hands.focus.startswith("draft-mend-")
        hands.press("Space")
        hands.sees("Sent back: A name is misspelt", "Family of")
        hands.press("F4")
        hands.go_to("input-name_latin")
        hands.press("Ctrl+A")
        hands.type("Masuma Haydari")
        shoot("4")
        read_back_and_register(hands)
        hands.sees("Mended. The family waits for review again.")
        hands.lock()
        hands.unlock("supervisor")
        hands.press("Ctrl+N")
        hands.sees(number)
        hands.press("A")
        hands.sees("Nothing waits for review", "1 family approved")
        hands.lock()
        from datetime import timedelta
        site.clock.advance(timedelta(hours=-3))
        hands.unlock("supervisor")
        hands.press("Alt+4")
        hands.sees("The clock shows")
        shoot("5")
        print(hands.screen)
        hands.focused("view-documents")
        hands.press("Ctrl+A")
        hands.sees("3 documents chosen")
        hands.push("The clock is right")
        hands.until(lambda: "The clock shows" not in hands.screen, "the clock to be believed")
        print("FOCUS", hands.focus, hands.focus_says, __import__("PySide6.QtWidgets").QtWidgets.QApplication.focusWidget(), hands.window.focusWidget())
        hands.dialogs.saved_as = papers
        hands.press("Ctrl+S")
        hands.sees("Saved as papers.pdf")
        shoot("7")
        site.clock.advance(timedelta(hours=3))
        hands.press("Alt+7")
        hands.sees("Drop a PDF")
        hands.dialogs.file = papers
        hands.press("Ctrl+O")
        hands.sees("Valid", "Code 1 of 3")
        shoot("8")
        print(hands.screen)
        hands.press("Ctrl+PgDown")
        hands.sees("Code 2 of 3", "Valid")
        hands.press("Alt+5")
        hands.focused("export-start")
        shoot("9")
        hands.dialogs.folder = site.outbox
        hands.press("Return")
        hands.sees("Written, read back, and found whole.")
        print(hands.screen)
        shoot("10")
        (bundle,) = site.outbox.iterdir()
        hands.lock()
        hands.turn_to(site.registry)
        hands.unlock("registrar")
        shoot("11")
        print(hands.screen)
        hands.press("Ctrl+N")
        hands.focused("import-take")
        hands.dialogs.folder = bundle
        hands.press("Return")
        hands.sees("The bundle of station A01 is in.", "The notice is in")
        shoot("12")
        print(hands.screen)
        hands.press("Ctrl+O")
        hands.sees("Everything in this bundle of station A01 was here already.")
        shoot("13")
        print(hands.screen)
        hands.lock()
        hands.turn_to(site.station)
        hands.unlock("supervisor")
        hands.press("Alt+6")
        hands.focused("receive-take")
        notices = [p for p in site.outbox.iterdir() if p!=bundle]
        print(notices)
        hands.dialogs.folder = notices[0]
        hands.press("Return")
        hands.sees("has been taken in", "everything acknowledged")
        shoot("14")
        print(hands.screen)
        hands.press("Alt+1")
        hands.settle()
        shoot("15")
        print(hands.screen)
        hands.press("Ctrl+K")
        hands.type("masooma haidary")
        hands.settle()
        hands.press("Return")
        hands.settle()
        shoot("16")
        print(hands.screen)
        hands.press("Return")
        hands.settle()
        shoot("17")
        print(hands.screen)
