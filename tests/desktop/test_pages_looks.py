"""Every page in a longer language and from right to left: all text fits, all controls are named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop import words
from desktop.style import theme
from forms.draft import Draft
from tests.desktop.field_office import NOW, Station, hit, person_id, twin
from tests.desktop.looks import Longer, clipped, nameless, needless
from tests.desktop.other_offices import (
    WORDS,
    Others,
    audit_row,
    others_twin,
    person_page,
    print_row,
    print_run,
    review_row,
    verification,
)
from tests.desktop.stage import Stage, stage
from tests.desktop.test_interview_page import whole_family

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SENTENCE = "The signature is good and the document is in force."


def full() -> Others:
    """Something in every queue."""
    held = Others()
    held.waiting = [
        review_row(1, "Amina Yusuf", flags=("The husband or wife may be under 18.",)),
        review_row(2, "گل‌آقا رضایی", own=True),
        review_row(3, "Yusuf Ali"),
        review_row(4, "Marta Kovalenko"),
    ]
    held.printable = [
        print_row(11, "Amina Yusuf"),
        print_row(12, "معصومه حیدری", issued=date(2026, 11, 3)),
    ]
    held.skipped = [
        SimpleNamespace(
            person="WST-A01-K7Q-P00012-31", type="registration", code="unread",
            sentence="The code on the page could not be read back, so the document was not "
            "issued. Try it again; if it happens again, tell the administrator.",
        )
    ]  # fmt: skip
    held.runs = [print_run(1, wanted=120), print_run(60)]
    held.spoiled = [
        SimpleNamespace(at=NOW, number="WST-A01-K7Q-D00007-11", stock="0001841", code="smudged",
                        reason="smudged", by="Amal K.")
    ]  # fmt: skip
    held.past = [
        SimpleNamespace(
            bundle=person_id(1), at=NOW - timedelta(days=6), entries=190, state="acknowledged"
        )
    ]
    held.to_register = [
        SimpleNamespace(
            registration=person_id(1), household_number="WST-A01-K7Q-H00001-74", persons=4,
            station="A01", at=NOW,
        )
    ]  # fmt: skip
    held.stations = [
        SimpleNamespace(
            id=person_id(1), code="A01", name="Site A", last_contact=NOW - timedelta(days=2),
            entries=1231, certificate_until=NOW + timedelta(days=20),
            revoked=None, replaces="", due=False,
        )
    ]  # fmt: skip
    held.imports = [
        SimpleNamespace(
            at=NOW, station="A01", bundle=person_id(1), first=1, last=231, outcomes={"admitted": 4}
        )
    ]
    held.outcomes = [
        SimpleNamespace(group=1, outcome="quarantined", code="x", sentence="It was withdrawn.")
    ]
    held.verification = verification("forged", SENTENCE, codes=2)
    held.person = person_page(sealed=True)
    held.sealed = {person_id(17): ["LP-AN", "LP-IH", "SV-VA"]}
    held.audit = [audit_row(17, "The person asks what is recorded: by telephone, called back")]
    return held


def act(put: Stage, key: Qt.Key) -> None:
    """A page's own act, by its key."""
    put.press(key, CTRL)
    put.settle()


def find(put: Stage) -> None:
    put.page("find", query="amina")


def person(put: Stage) -> None:
    put.page("person", person=person_id(17)).facts.open_past("birth")


def sealed(put: Stage) -> None:
    put.page("person", person=person_id(17))
    put.dialogs.because = "To help or protect this person"
    act(put, K.Key_R)
    page: Any = put.frame.page
    assert page.sealed.needs()


def export(put: Stage) -> None:
    put.page("export")
    act(put, K.Key_E)


def receive(put: Stage) -> None:
    put.page("receive")
    act(put, K.Key_O)


def verify(put: Stage) -> None:
    put.page("verify")
    put.keys("NCF")
    put.press(K.Key_Return)


def documents(put: Stage) -> None:
    put.page("documents", persons=[person_id(12)])


def ending(put: Stage) -> None:
    put.page("documents")
    act(put, K.Key_P)


def sheets(put: Stage) -> None:
    page = put.page("sheets")
    page.stock.set_value("0001842")
    page.words.set_value("Two sheets at once")
    page._look()
    page._account()


def bundle(put: Stage) -> None:
    put.page("import")
    act(put, K.Key_O)


def asked(put: Stage) -> None:
    put.page("stations")
    act(put, K.Key_O)


def granted(put: Stage) -> None:
    asked(put)
    put.press(K.Key_Space)


def page_of(key: str) -> Callable[[Stage], None]:
    def go(put: Stage) -> None:
        put.page(key)

    return go


def at_step(subject: str, number: int) -> Callable[[Stage], None]:
    def go(put: Stage) -> None:
        draft = whole_family().with_member({"name": "Yusuf Ali", "relation": "spouse"})
        put.station.drafts["one"] = (draft.with_household("cause", "disaster"), NOW)
        page = put.page("interview", draft="one")
        page.interview.read_back()  # so that every problem is shown
        page.interview.go(subject, number)
        page.sitting.show_again()

    return go


def last_page(put: Stage) -> None:
    at_step("m2", 0)(put)
    act(put, K.Key_R)


def unfinished(put: Stage) -> None:
    put.station.drafts["one"] = (Draft.new(), NOW)
    put.page("interview")


def sent_back(put: Stage) -> None:
    put.station.reasons["one"] = "A name is misspelt: look at her school card. " * 4
    unfinished(put)


STATION = {
    "find": ("supervisor", find),
    "person": ("supervisor", person),
    "review": ("supervisor", page_of("review")),
    "documents": ("officer", documents),
    "ending": ("officer", ending),
    "sheets": ("officer", sheets),
    "export": ("supervisor", export),
    "receive": ("supervisor", receive),
    "verify": ("officer", verify),
    "unfinished": ("officer", unfinished),
    "sent back": ("officer", sent_back),
    "no audit": ("auditor", page_of("audit")),
    "last page": ("officer", last_page),
    **{f"head {number}": ("officer", at_step("m1", number)) for number in range(9)},
    **{f"household {number}": ("officer", at_step("", number)) for number in range(2)},
}
REGISTRY = {
    "import": ("clerk", bundle),
    "queues": ("registrar", page_of("queues")),
    "stations": ("administrator", page_of("stations")),
    "asked": ("administrator", asked),
    "granted": ("administrator", granted),
    "sealed": ("registrar", sealed),
    "audit": ("auditor", page_of("audit")),
}


@contextmanager
def shown(
    qtbot: Any, tmp_path: Path, kind: str, name: str, *, language: str = "en", look: str = "light"
) -> Iterator[Stage]:
    """One place of the program, with something in it."""
    role, go = (STATION if kind == "station" else REGISTRY)[name]
    station = Station(hits=[hit(17, "Amina Yusuf", latin="Amina Yusuf", birth="1985~")])
    held = full() if name != "no audit" else Others()
    offices = twin(station, **others_twin(held))
    with stage(
        qtbot,
        tmp_path,
        offices,
        station=station,
        kind=kind,
        role=role,
        language=language,
        look=look,
    ) as put:
        put.dialogs.folder = put.dialogs.file = tmp_path / "stick"
        put.dialogs.saved_as = tmp_path / "saved"
        go(put)
        put.settle()
        yield put


PLACES = [("station", name) for name in STATION] + [("registry", name) for name in REGISTRY]


@pytest.mark.parametrize(("kind", "name"), PLACES)
def test_a_longer_language_fits(
    qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, name: str
) -> None:
    monkeypatch.setattr(words, "_catalogue", Longer())
    monkeypatch.setattr(words, "use", lambda language: None)
    with shown(qtbot, tmp_path, kind, name) as put:
        page = put.frame.page
        assert page is not None
        assert clipped(page) == []
        assert needless(page) == []
        assert put.frame.width() == 1366


@pytest.mark.parametrize(("kind", "name"), PLACES)
def test_right_to_left_fits_and_everything_is_named(
    qtbot: Any, tmp_path: Path, kind: str, name: str
) -> None:
    with shown(qtbot, tmp_path, kind, name, language="ar", look="dark") as put:
        page = put.frame.page
        assert page is not None
        assert put.frame.layoutDirection() is Qt.LayoutDirection.RightToLeft
        assert clipped(page) == []
        assert nameless(page) == []
        assert needless(page) == []


def test_the_words_to_compare_are_spoken_in_order(qtbot: Any, tmp_path: Path) -> None:
    with shown(qtbot, tmp_path, "registry", "asked") as put:
        page: Any = put.frame.page
        assert page.asked._words.accessibleName() == ", ".join(WORDS)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("station", "head 0"),
        ("station", "household 0"),
        ("station", "last page"),
        ("station", "person"),
        ("station", "review"),
        ("station", "documents"),
        ("registry", "stations"),
    ],
)
def test_the_largest_text_is_not_wider_than_the_screen(
    qtbot: Any, tmp_path: Path, dressed: QApplication, kind: str, name: str
) -> None:
    with shown(qtbot, tmp_path, kind, name) as put:
        theme.apply(dressed, "light", scale=130)
        put.settle()
        assert put.frame.minimumSizeHint().width() <= 1366
        assert put.frame.width() == 1366
