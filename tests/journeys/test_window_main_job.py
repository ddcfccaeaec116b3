"""The main job in the real window over real offices, by keyboard alone.

A family of three is taken in, sent back, mended, approved, printed, exported, imported, answered
and found again. Nothing is called but keys; everything is read from the screen, and at the end
the stores of both offices are compared.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from station import sending
from tests.journeys.hands import Hands, at_the_keyboard, sit_down
from tests.journeys.test_main_job import VIEWS, views
from tests.places import Site
from workspace.search import search

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

HEAD = ("گل‌آقا رضایی", "Gulagha Rezai")
WIFE = ("معصومه حیدری", "Masuma Haidari")
CHILD = ("زهرا رضایی", "Zahra Rezai")
PHONELESS = "The family has no telephone"
SENT_BACK = "A name is misspelt: the wife writes Haydari"
MENDED = "Masuma Haydari"


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


def on_to(hands: Hands, name: str) -> None:
    """Page by page, past what nobody here has to say, until a question has the keyboard."""
    for _ in range(6):
        if hands.focus == name:
            return
        hands.press("Ctrl+PgDown")
        hands.settle()
    hands.focused(name)


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
    on_to(hands, "documents-type-0")
    hands.type("Nat")
    hands.press("Return")
    hands.type("AFG-1403-77123")
    hands.press("Return")
    on_to(hands, "search-needs")
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
    on_to(hands, "search-needs")


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


def read_back_and_register(hands: Hands, *also: str) -> None:
    """The last page; its one warning is confirmed with a reason. ``also``: what else it says."""
    hands.press("Ctrl+R")
    hands.focused("read-back")
    hands.sees("1 thing to look at, or to confirm with a reason", *also)
    assert "torture" not in hands.screen, "others of the family hear this page"
    hands.press("Ctrl+Return")
    hands.focused("reason-0")
    hands.type(PHONELESS)
    hands.press("Return")
    hands.sees("All warnings have been confirmed with a reason")
    assert "Mend what is marked" not in hands.screen
    hands.press("Ctrl+Return")
    hands.focused("interview-next")


def look_at_the_keys(hands: Hands) -> None:
    """What F1 shows, and back to the field one was in."""

    def answer() -> None:
        hands.sees("Keys", "Add a member", "Find anyone")
        hands.press("Esc")

    hands.dialogs.answer = answer
    hands.press("F1")
    hands.focused("input-name")


def register(hands: Hands, photo: Path) -> str:
    """The officer takes the family in; returns the number on the screen."""
    hands.unlock("officer")
    hands.press("Ctrl+N")
    hands.focused("input-name")
    look_at_the_keys(hands)
    the_household(hands)
    the_head(hands, photo)
    the_wife(hands)
    the_child(hands)
    read_back_and_register(
        hands,
        f"{HEAD[0]} is the head of the household.",
        "They left Herat; Guzara, Afghanistan. Why they left: War or armed conflict.",
        "Specific needs: Difficulty seeing.",
        "Not to be read aloud: 1 sealed need.",
        "Born 2016 or 2017, age 9.",
    )
    hands.sees("3 persons have been registered", *(names[0] for names in (HEAD, WIFE, CHILD)))
    number = hands.text("household-number")
    assert hands.screen.count(number[:12]) == 4  # the household's and each person's
    return number


def send_back(hands: Hands, number: str) -> None:
    """A reason of those the dialog offers, and words of one's own."""

    def answer() -> None:
        hands.sees("Send this family back?", "officer sees the reason")
        assert hands.focus == "input-reason-choice"
        hands.press("Down")
        hands.press("Tab")
        hands.type("the wife writes Haydari")
        hands.press("Ctrl+Return")

    hands.unlock("supervisor")
    hands.sees("Review 1 family")
    hands.press("Ctrl+N")
    hands.sees(number, f"The officer says: {PHONELESS}")
    hands.dialogs.answer = answer
    hands.press("S")
    hands.sees("Nothing waits for review", "Sent back")


def mend(hands: Hands) -> None:
    """The officer finds what came back, with the reason, and hands it in again."""
    hands.unlock("officer")
    hands.sees("Mend 1 registration that came back")
    hands.press("Alt+2")
    hands.sees("Sent back, to be mended", HEAD[0], SENT_BACK)
    hands.focused("interview-new")
    hands.press("Tab")
    assert hands.focus.startswith("draft-mend-")
    hands.press("Space")
    hands.sees(f"Sent back: {SENT_BACK}", f"Family of {HEAD[0]}")
    hands.press("F4")
    hands.go_to("input-name_latin")
    assert hands.text("input-name_latin") == WIFE[1]
    hands.press("Ctrl+A")
    hands.type(MENDED)
    hands.settle()
    assert "possible earlier" not in hands.screen, "the family is not its own double"
    read_back_and_register(hands)
    hands.sees("Mended. The family waits for review again.")


def approve(hands: Hands, number: str) -> None:
    hands.unlock("supervisor")
    hands.press("Ctrl+N")
    hands.sees(number, "War or armed conflict")
    hands.press("A")
    hands.sees("Nothing waits for review", "1 family approved")


def print_and_verify(hands: Hands, site: Site, papers: Path) -> None:
    """The clock was set back meanwhile: it is confirmed before anything is dated by it."""
    site.clock.advance(-timedelta(hours=3))
    hands.unlock("supervisor")
    hands.press("Alt+5")
    hands.sees("The clock shows 15 November 2026", "something was recorded here at")
    hands.focused("view-documents")
    hands.press("Ctrl+A")
    hands.sees("3 documents chosen")
    hands.push("The clock is right")
    hands.until(lambda: "The clock shows" not in hands.screen, "the clock to be believed")
    hands.dialogs.saved_as = papers
    hands.press("Ctrl+S")
    hands.sees("Saved as papers.pdf", "Everyone has a document")
    site.clock.advance(timedelta(hours=3))
    hands.press("Alt+7")
    hands.sees("Drop a PDF or a picture")
    hands.dialogs.file = papers
    hands.press("Ctrl+O")
    hands.sees("Valid", "Code 1 of 3", "The signature is good")
    for page in ("Code 2 of 3", "Code 3 of 3"):
        hands.press("Ctrl+PgDown")
        hands.sees("Valid", page)
    hands.sees(HEAD[0], HEAD[1])


def carry_there(hands: Hands, site: Site) -> Path:
    """The stick is written at the station and read at the registry; returns the notice."""
    hands.press("Alt+6")
    hands.focused("sync-primary")
    hands.sees("1 family has not reached the registry", "knows no address")
    hands.dialogs.folder = site.outbox
    hands.press("Return")
    hands.sees("Written, read back, and found whole.", "the registry has not answered yet")
    (bundle,) = site.outbox.iterdir()
    hands.sees(bundle.name)
    hands.lock()
    hands.turn_to(site.registry)
    hands.unlock("registrar")
    hands.press("Ctrl+N")
    hands.focused("import-primary")
    hands.dialogs.folder = bundle
    hands.press("Return")
    hands.sees("1 bundle can be imported", "Whole, and signed by an enrolled station.")
    hands.focused("import-primary")
    hands.press("Return")
    hands.sees("The bundle of station A01 is in.", "The notice is in")
    hands.settle()  # who came is compared with who is here, after the notice
    assert counts(hands) == {"Admitted": "21", "Known already": "0", "Held": "0", "Set aside": "0"}
    (notice,) = (path for path in site.outbox.iterdir() if path != bundle)
    hands.sees(notice.name)
    hands.press("Ctrl+O")
    hands.sees("It was imported before.")
    hands.press("Ctrl+Return")
    hands.sees("Everything in this bundle of station A01 was here already.")
    hands.settle()
    assert counts(hands) == {"Admitted": "0", "Known already": "21", "Held": "0", "Set aside": "0"}
    hands.lock()
    return notice


def counts(hands: Hands) -> dict[str, str]:
    """What the import page says came of the bundle, by the first words of each line."""
    lines = hands.screen.splitlines()
    return {
        name: lines[at + 1]
        for name in ("Admitted", "Known already", "Held", "Set aside")
        for at, line in enumerate(lines)
        if line.startswith(name) and at + 1 < len(lines) and lines[at + 1].isdigit()
    }


def bring_back(hands: Hands, site: Site, notice: Path) -> None:
    hands.turn_to(site.station)
    hands.unlock("supervisor")
    hands.sees("21 not yet acknowledged")
    hands.press("Alt+6")
    hands.focused("sync-primary")
    hands.sees("Everything is sent; the registry has not answered yet")
    hands.dialogs.folder = notice
    hands.press("Return")
    hands.sees(
        "Notice 1 has been taken in. The registry acknowledges 21 more entries.",
        "The registry has everything",
    )
    hands.press("Alt+1")
    hands.sees("everything acknowledged", "entries not yet acknowledged")


def find_by_a_misspelt_name(hands: Hands) -> None:
    hands.press("Ctrl+K")
    hands.type("masooma haidary")
    hands.press("Return")
    hands.sees("1 person, the likeliest first", WIFE[0], MENDED)
    hands.press("Return")
    hands.sees("What happened", "Reviewed and approved", "Mended, and handed in again")
    happened = hands.screen.split("What happened")[1].split("Documents issued")[0]
    assert happened.count("The registry has it") == 7, happened
    assert "Sealed needs\nsealed" in hands.screen
    assert "torture" not in hands.screen


def test_the_main_job_by_keyboard(qtbot: Any, site: Site, tmp_path: Path) -> None:
    with at_the_keyboard(qtbot, tmp_path / "glass", site.env) as hands:
        sit_down(hands, site.station)
        number = register(hands, picture(tmp_path))
        hands.lock()
        send_back(hands, number)
        hands.lock()
        mend(hands)
        hands.lock()
        approve(hands, number)
        hands.lock()
        print_and_verify(hands, site, tmp_path / "papers.pdf")
        notice = carry_there(hands, site)
        bring_back(hands, site, notice)
        find_by_a_misspelt_name(hands)
    with site.at_station("supervisor", read_only=True) as station, site.at_registry(
        read_only=True
    ) as registry:  # fmt: skip
        for kind in VIEWS:
            assert views(station, kind) == views(registry, kind), kind
        (wife,) = search(station, WIFE[0])
        told = views(station, "person")[wife.person].values
        assert told["name_latin"] == MENDED
        assert told["birth"]["edtf"] == "1985~"
        assert isinstance(told["needs_sealed"], bytes) and "needs" not in told
        (head,) = search(station, HEAD[1])
        told = views(station, "person")[head.person].values
        assert told["birth"]["calendar"] == "solar-hijri"
        assert told["consent"]["host_state"] == "no" and told["share_with_origin"] == "no"
        assert told["documents"] == [{"type": "national_id", "number": "AFG-1403-77123"}]
        assert len(told["photo"]) == 32
        (registration,) = views(registry, "registration").values()
        assert registration.status == "approved"
        state = sending.state(station)
        assert (state.waiting, state.sent, state.acknowledged) == (0, 0, 21)
