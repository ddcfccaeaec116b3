"""Naming a person: registered, or a name and no more. By keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from desktop import offices, words
from desktop.desk import Desk
from desktop.interview.people import DeskPeople, line_of
from desktop.interview.person_field import LEAST, Nobody, PersonField, PersonLine
from desktop.prefs import Preferences
from desktop.style import theme
from desktop.tasks import Tasks, forbid_on_ui_thread
from desktop.widgets.enter import EnterMoves
from desktop.widgets.fields import TextField
from desktop.widgets.labels import Pill
from tests.desktop.fakes import NOW, FakeDialogs
from tests.desktop.hands import ALT, SHIFT, K, Table, focus, press, type_in, windows
from tests.desktop.looks import nameless
from values.clock import FixedClock
from values.dates import PartialDate

MOTHER = PersonLine("a" * 32, "أمينة يوسف", "41 · P00042 · household H00007", "Amina Yusuf")
FATHER = PersonLine("b" * 32, "Yusuf Ali", "about 44 · P00043 · household H00007")
FAR = PersonLine("d" * 32, "Amina Warsame", "19 · P00412")


class Folk:
    """People who answer when the test lets them."""

    def __init__(self, *near: PersonLine) -> None:
        self.near = near
        self.asked: list[tuple[str, Callable[[Sequence[PersonLine]], object]]] = []
        self.looked: list[tuple[str, Callable[[PersonLine | None], object]]] = []

    def at_hand(self) -> Sequence[PersonLine]:
        return self.near

    def search(self, typed: str, deliver: Callable[[Sequence[PersonLine]], object]) -> None:
        self.asked.append((typed, deliver))

    def look_up(self, person: str, deliver: Callable[[PersonLine | None], object]) -> None:
        self.looked.append((person, deliver))


@pytest.fixture
def folk() -> Folk:
    return Folk(MOTHER, FATHER)


@pytest.fixture
def put(qtbot: Any, folk: Folk) -> tuple[PersonField, Table]:
    field = PersonField("mother", "Mother", people=folk, allow=("unknown",))
    table = Table(qtbot, field, TextField("next", "Next"))
    field.focus_editor()
    return field, table


def test_the_household_is_offered_without_typing(put: tuple[PersonField, Table]) -> None:
    field, table = put
    assert field.offered() == (MOTHER, FATHER)
    press(K.Key_Down)
    press(K.Key_Down)
    press(K.Key_Return)
    assert field.value() == {"person": FATHER.person}
    assert table.told == [{"person": FATHER.person}]
    assert field.line() == FATHER
    assert field.offered() == ()


def test_what_is_chosen_is_shown_and_spoken(put: tuple[PersonField, Table]) -> None:
    field, _ = put
    field.choose(MOTHER)
    assert field.editor.isReadOnly()
    assert field.editor.accessibleName() == f"Mother: {MOTHER.name}, {MOTHER.detail}"
    field.editor.grab()


def test_typing_asks_the_office_and_lists_the_household_first(
    put: tuple[PersonField, Table], folk: Folk
) -> None:
    field, _ = put
    type_in("am")
    assert field.offered() == (MOTHER,)  # at once, by the Latin name
    assert folk.asked == []
    field.search_now()
    typed, deliver = folk.asked.pop()
    assert typed == "am"
    deliver([FAR, MOTHER])
    assert field.offered() == (MOTHER, FAR)
    press(K.Key_Down, times=2)
    press(K.Key_Return)
    assert field.value() == {"person": FAR.person}


def test_enter_takes_the_person_whose_name_begins_so_and_escape_the_words(
    qtbot: Any, folk: Folk
) -> None:
    field = PersonField("mother", "Mother", people=folk)
    table = Table(qtbot, field, TextField("next", "Next"))
    EnterMoves(table.window)
    field.focus_editor()
    type_in("am")
    press(K.Key_Return)
    assert field.value() == {"person": MOTHER.person}
    field.let_go()
    field.focus_editor()
    type_in("am")
    press(K.Key_Escape)
    press(K.Key_Return)
    assert field.value() == {"name": "am"}


def test_enter_does_not_choose_between_namesakes(qtbot: Any) -> None:
    twins = [PersonLine(f"{n:032x}", "Mohamed Nasim", f"age {n}", "") for n in (8, 25)]
    field = PersonField("father", "Father", people=Folk(*twins))
    table = Table(qtbot, field, TextField("next", "Next"))
    EnterMoves(table.window)
    field.focus_editor()
    type_in("moh")
    press(K.Key_Return)
    assert field.value() == {"name": "moh"}


def test_an_answer_that_comes_too_late_is_let_go(
    put: tuple[PersonField, Table], folk: Folk
) -> None:
    field, _ = put
    type_in("xo")
    field.search_now()
    _, deliver = folk.asked.pop()
    type_in("g")
    deliver([FAR])
    assert field.offered() == ()
    press(K.Key_Escape)
    field.choose(MOTHER)
    deliver([FAR])
    assert field.line() == MOTHER


def test_a_list_that_somebody_steps_through_is_not_changed(
    put: tuple[PersonField, Table], folk: Folk
) -> None:
    field, _ = put
    type_in("am")
    field.search_now()
    press(K.Key_Down)
    folk.asked.pop()[1]([FAR])
    assert field.offered() == (MOTHER,)


def test_a_name_alone_is_an_answer_and_marked(put: tuple[PersonField, Table], folk: Folk) -> None:
    field, table = put
    type_in("Xawo")
    pill = field.findChild(Pill)
    assert pill is not None
    assert not pill.isVisible()  # nobody knows yet
    press(K.Key_Return)
    press(K.Key_Tab)
    assert field.value() == {"name": "Xawo"}
    assert table.told == [{"name": part} for part in ("X", "Xa", "Xaw", "Xawo")]
    assert pill.isVisible()
    assert pill.text() == "Not registered"
    assert field.editor.accessibleName() == "Mother: not registered"
    assert table.lefts == ["mother"]


def test_nobody_found_is_said(put: tuple[PersonField, Table], folk: Folk) -> None:
    field, _ = put
    type_in("zz")
    field.search_now()
    folk.asked.pop()[1]([])
    assert "Nobody registered" in field.note()
    type_in("z")
    assert field.note() == ""


def test_delete_lets_the_person_go(put: tuple[PersonField, Table]) -> None:
    field, table = put
    field.choose(MOTHER)
    gone: list[Any] = []
    field.chosen.connect(lambda key, line: gone.append((key, line)))
    type_in("x")  # a slip of the key takes nothing away
    assert field.line() == MOTHER
    press(K.Key_Delete)
    assert field.value() == ""
    assert table.told[-1] == ""
    assert gone == [("mother", None)]
    assert field.offered() == (MOTHER, FATHER)
    field.let_go()
    assert gone == [("mother", None)]


def test_enter_walks_over_a_chosen_person(qtbot: Any, folk: Folk) -> None:
    field = PersonField("mother", "Mother", people=folk)
    table = Table(qtbot, field, TextField("next", "Next"))
    EnterMoves(table.window)
    field.focus_editor()
    press(K.Key_Down)
    press(K.Key_Return)
    assert field.value() == {"person": MOTHER.person}
    assert focus().objectName() == "input-next"
    press(K.Key_Return, SHIFT)
    assert focus() is field.editor


def test_an_answer_shown_again_keeps_what_is_known(
    put: tuple[PersonField, Table], folk: Folk
) -> None:
    field, table = put
    field.choose(MOTHER)
    field.set_value(field.value())
    assert field.line() == MOTHER
    field.set_value(None)
    assert field.line() is None
    field.set_value({"person": MOTHER.person})
    assert field.line() == MOTHER
    assert folk.looked == []
    assert len(table.edits) == 1


def test_a_person_of_a_draft_is_looked_up(put: tuple[PersonField, Table], folk: Folk) -> None:
    field, table = put
    field.set_value({"person": FAR.person})
    line = field.line()
    assert line is not None
    assert line.name == "A registered person"
    assert field.value() == {"person": FAR.person}
    person, deliver = folk.looked.pop()
    assert person == FAR.person
    deliver(FAR)
    assert field.line() == FAR
    field.set_value({"person": "e" * 32})
    folk.looked.pop()[1](None)
    deliver(FAR)  # late: somebody else stands there now
    assert field.value() == {"person": "e" * 32}
    assert table.edits == []


def test_a_name_of_a_draft(put: tuple[PersonField, Table]) -> None:
    field, _ = put
    field.choose(MOTHER)
    field.set_value({"name": "Xawo"})
    assert field.value() == {"name": "Xawo"}
    assert not field.editor.isReadOnly()


def test_unknown_is_an_answer_too(put: tuple[PersonField, Table]) -> None:
    field, _ = put
    field.choose(MOTHER)
    press(K.Key_U, ALT)
    assert field.value() == {"missing": "unknown"}
    assert field.editor.placeholderText() == "Unknown"
    type_in("X")
    assert field.value() == {"name": "X"}


def test_without_people_it_takes_names(qtbot: Any) -> None:
    field = PersonField("informant", "Informant")
    Table(qtbot, field)
    field.focus_editor()
    type_in("Xawo")
    field.search_now()
    assert field.value() == {"name": "Xawo"}
    found: list[Any] = []
    Nobody().look_up("a" * 32, found.append)
    assert found == [None]


def test_no_name_is_in_what_a_log_could_show() -> None:
    assert "Amina" not in repr(MOTHER)
    assert "H00007" not in repr(MOTHER)


@pytest.mark.parametrize("look", ["light", "dark", "contrast"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_painted_in_every_look(
    qtbot: Any, dressed: QApplication, folk: Folk, look: str, language: str
) -> None:
    words.use(language)
    theme.apply(dressed, look, rtl=words.rtl())
    try:
        fields = [PersonField(f"p{n}", "Person", people=folk) for n in range(3)]
        table = Table(qtbot, *fields, width=420)
        fields[0].choose(MOTHER)
        fields[1].choose(PersonLine("c" * 32, "A very long name " * 6, "41"))
        fields[2].set_value({"name": "Xawo"})
        table.window.grab()
        assert nameless(table.window) == []
        assert windows() == []
    finally:
        theme.apply(dressed, "light")


# through the desk -----------------------------------------------------------------------


def hit(number: int, **other: Any) -> Any:
    given = {
        "person": UUID(int=number),
        "number": f"P{number}",
        "permanent": "",
        "name": "أمينة",
        "name_latin": "Amina",
        "birth": PartialDate.parse("1985"),
        "household_number": "H7",
    }
    return SimpleNamespace(**{**given, **other})


def test_a_hit_becomes_a_line() -> None:
    today = NOW.date()
    line = line_of(hit(1), today=today, language="en")
    assert line.person == UUID(int=1).hex
    assert (line.name, line.latin) == ("أمينة", "Amina")
    assert "P1" in line.detail
    assert "H7" in line.detail
    bare = line_of(
        hit(2, birth=None, household_number="", name="", name_latin="", permanent="R9"),
        today=today,
        language="en",
    )
    assert bare.name == "P2"
    assert "R9" in bare.detail


def test_the_office_is_asked_on_the_worker(qtbot: Any, tasks: Tasks, tmp_path: Path) -> None:
    class Reader:
        """Knows one person."""

        def __enter__(self) -> Reader:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def person(self, person: UUID) -> Any:
            return person if person.int == 1 else None

    twin = SimpleNamespace(
        search=SimpleNamespace(
            search=lambda _session, typed, limit: [hit(1), hit(2)][: limit if typed else 0],
            hits_of=lambda _reader, found: [hit(one.int) for one, _ in found],
        )
    )
    desk = Desk(
        tasks=tasks,
        dialogs=FakeDialogs(),
        prefs=Preferences(tmp_path / "prefs.ini"),
        clock=FixedClock(NOW),
    )
    session: Any = SimpleNamespace(
        kind="registry", store=SimpleNamespace(read=Reader), close=lambda: None
    )
    desk.open(session)
    holder = QObject()
    people = DeskPeople(desk, holder, near=[MOTHER])
    assert people.at_hand() == (MOTHER,)
    people.set_near([FATHER])
    assert people.at_hand() == (FATHER,)
    field = PersonField("mother", "Mother", people=people)
    Table(qtbot, field)
    with offices.use(twin), forbid_on_ui_thread():
        field.focus_editor()
        type_in("am"[:LEAST])
        qtbot.waitUntil(lambda: len(field.offered()) == 2)
        found: list[Any] = []
        people.look_up(UUID(int=1).hex, found.append)
        people.look_up(UUID(int=9).hex, found.append)
        qtbot.waitUntil(lambda: len(found) == 2)
    assert found[0].person == UUID(int=1).hex
    assert found[1] is None
