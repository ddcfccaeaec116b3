"""Every page in a longer language and from right to left: all text fits, all controls are named."""

from __future__ import annotations

import threading
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
from registry.beside import Beside
from station.export import BundleRow
from station.line import Standing
from station.sticks import Waiting
from station.syncing import Stage as Part
from station.syncing import Step
from tests.desktop.field_office import NOW, Station, hit, person_id, twin
from tests.desktop.looks import Longer, clipped, nameless, needless
from tests.desktop.other_offices import (
    WORDS,
    Others,
    audit_row,
    case_of,
    conflict_page,
    conflict_row,
    others_twin,
    pair_row,
    person_page,
    print_row,
    print_run,
    review_row,
    verification,
    word,
)
from tests.desktop.post_offices import NO_PLAN, answer, arrival
from tests.desktop.stage import Stage, stage
from tests.desktop.test_interview_page import whole_family

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LAYOUTS = 8
"""Rounds in which layouts within layouts tell each other their heights."""
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
    held.to_register = [
        SimpleNamespace(
            key="registration/1", registration=person_id(1), owner=None, pairs=2,
            household_number="WST-A01-K7Q-H00001-74", head="Amina Yusuf", persons=4,
            station="A01", at=NOW,
        )
    ]  # fmt: skip
    held.pairs = [pair_row(1, state="second"), pair_row(2)]
    shown = case_of(held.pairs[0], second=True, may_undo=True, told=(word("same"),))
    held.cases = {(held.pairs[0].first, held.pairs[0].second): shown}
    both = person_id(117), person_id(217)
    held.cases[both] = case_of(pair_row(17, state="linked"), permanent="WST-R-0000042-17")
    held.in_conflict = [conflict_row(17)]
    held.conflict_page = conflict_page(17)
    held.aside = [
        SimpleNamespace(
            key="act/1", entries=(b"\1" * 32,), station="A01", what="Corrected (2)", code="y",
            sentence="A correction names no proposal about this person that is here.", at=NOW,
            owner=None, bundle=None, refused=False,
        )
    ]  # fmt: skip
    held.came_back = [
        SimpleNamespace(
            registration=person_id(5), household_number="WST-A01-K7Q-H00005-74",
            head_name="Yusuf Ali", persons=3, reason="Which Yusuf?", by="", by_registry=True,
            at=NOW,
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
    held.post.past = [
        BundleRow(
            bundle=person_id(1), at=NOW - timedelta(days=6), entries=190, state="acknowledged"
        )
    ]
    held.post.answers = [
        answer(2, "returned", "The grandmother is missing"),
        answer(30, "quarantined", "The registration was withdrawn before this was said of it."),
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


def duplicate(put: Stage) -> None:
    put.page("duplicate", pair=(person_id(101), person_id(201)))


def linked(put: Stage) -> None:
    put.page("duplicate", pair=(person_id(117), person_id(217)))


def conflict(put: Stage) -> None:
    put.page("conflict", subject=("person", person_id(17)))
    page: Any = put.frame.page
    page.questions[0].choose(1)


def came_back(put: Stage) -> None:
    put.page("review", tab="returned")


def sync_page(*steps: Step, **line: Any) -> Callable[[Stage], None]:
    """Sync, as the last window left it, or in the midst of a step."""

    def go(put: Stage) -> None:
        post = put.post
        post.line = Standing(**line)
        post.steps = list(steps)
        put.desk.syncer._opened()
        put.page("sync")
        if steps:
            post.gate = threading.Event()
            put.frame.page.state.primary.click()
            put.qtbot.waitUntil(lambda: put.desk.syncer.step == steps[-1])

    return go


def on_stick(put: Stage) -> None:
    put.page("sync")
    act(put, K.Key_E)


def next_stick(put: Stage) -> None:
    put.post.sticks = Waiting(sticks=1, left=10, parts=20, size=80_000_000)
    put.page("sync")


def notice_taken(put: Stage) -> None:
    put.page("sync")
    act(put, K.Key_O)


def no_service(put: Stage) -> None:
    put.post.reachable = False
    put.page("sync")


def all_there(put: Stage) -> None:
    put.post.waiting, put.post.plan = 0, NO_PLAN
    put.page("sync")


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


def bundles(put: Stage) -> None:
    """One of each kind in the list."""
    gone = ("00002.age", "00004.age", "00005.age", "00006.age")
    put.post.arrivals = [
        arrival("62083e5ffcb7f677"),
        arrival("8a1be0c2d9f04411", station="A02"),
        arrival("77ab3012ffee0102", station="B07"),
    ]
    put.post.checked = {
        "8a1be0c2d9f04411": arrival("8a1be0c2d9f04411", station="A02", state="missing",
                                    missing=gone),
        "77ab3012ffee0102": arrival("77ab3012ffee0102", station="B07", state="refused",
                                    code="altered", sentence="A file differs from what was "
                                    "signed: 00003.age. Ask for another copy."),
    }  # fmt: skip
    put.page("import")
    act(put, K.Key_O)


def bundles_in(put: Stage) -> None:
    bundles(put)
    act(put, K.Key_Return)


def service_beside(put: Stage) -> None:
    put.post.beside = Beside(running=True, waiting=3)
    put.page("import")


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
    "came back": ("supervisor", came_back),
    "documents": ("officer", documents),
    "ending": ("officer", ending),
    "sheets": ("officer", sheets),
    "sync": ("supervisor", sync_page()),
    "sync writing": ("supervisor", sync_page(Step(Part.WRITING, 120, 351))),
    "sync sending": ("supervisor", sync_page(Step(Part.SENDING, 3_100_000, 6_900_000, 2, 5, 231))),
    "sync waiting": ("supervisor", sync_page(Step(Part.WAITING, entries=231))),
    "sync receiving": ("supervisor", sync_page(Step(Part.RECEIVING, 1, 3))),
    "sync paused": ("supervisor", sync_page(paused=True)),
    "sync lost": (
        "supervisor",
        sync_page(underway=True, failures=2, code="line", sentence="The line broke."),
    ),
    "sync refused": (
        "supervisor",
        sync_page(
            code="not_admitted",
            sentence="The registry's service does not let this station "
            "in. Ask the registry whether the station is enrolled there and in force.",
        ),
    ),
    "sync all there": ("supervisor", all_there),
    "sync without service": ("supervisor", no_service),
    "sync of an officer": ("officer", sync_page()),
    "sync of an administrator": ("administrator", sync_page()),
    "on a stick": ("supervisor", on_stick),
    "next stick": ("supervisor", next_stick),
    "notice taken": ("supervisor", notice_taken),
    "verify": ("officer", verify),
    "unfinished": ("officer", unfinished),
    "sent back": ("officer", sent_back),
    "no audit": ("auditor", page_of("audit")),
    "last page": ("officer", last_page),
    **{f"head {number}": ("officer", at_step("m1", number)) for number in range(9)},
    **{f"household {number}": ("officer", at_step("", number)) for number in range(2)},
}
REGISTRY = {
    "nothing to import": ("clerk", page_of("import")),
    "service beside": ("clerk", service_beside),
    "bundles": ("clerk", bundles),
    "bundles in": ("clerk", bundles_in),
    "queues": ("registrar", page_of("queues")),
    "pairs": ("registrar", lambda put: put.page("queues", queue="duplicates")),
    "conflicts": ("registrar", lambda put: put.page("queues", queue="conflicts")),
    "set aside": ("administrator", lambda put: put.page("queues", queue="quarantined")),
    "duplicate": ("registrar", duplicate),
    "linked": ("registrar", linked),
    "conflict": ("registrar", conflict),
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
        put.post = held.post
        try:
            go(put)
            if held.post.gate is None:
                put.settle()
            for _ in range(LAYOUTS):
                QApplication.processEvents()
            yield put
        finally:
            if held.post.gate is not None:
                held.post.gate.set()


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
    """OpenCRVS 4320: no page runs from right to left."""
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
