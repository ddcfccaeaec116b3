"""Reading a document by its lines: what they answer, and a scanner that presses no button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

import forms
from desktop import words
from desktop.interview.asking import Asking, prepare
from desktop.interview.mrz_answers import FIELDS, Change, Standing, compare, mrz_answers
from desktop.interview.mrz_field import TAKE, MrzDialog
from desktop.interview.mrz_lines import BURST
from desktop.style import theme
from forms.raw import read_raw
from tests.desktop.hands import K, focus, press, type_in
from tests.desktop.looks import nameless
from values.dates import PartialDate
from values.mrz import Mrz, Names, parse, write

TODAY = date(2026, 11, 21)
DEEK = Mrz(
    format="TD3",
    document_code="P",
    issuer="SOM",
    document_number="P0012345",
    names=Names("YUSUF CALI", "AMINA"),
    nationality="SOM",
    birth=PartialDate.parse("1987-05-03"),
    sex="F",
    expiry=PartialDate.parse("2030-01-31"),
)
CARD = Mrz(
    format="TD1",
    document_code="I",
    issuer="SOM",
    document_number="C7654321",
    names=Names("XAWO"),
    nationality="D",
    birth=PartialDate.parse("1961"),
    sex="M",
    expiry=None,
)
ANSWERS = {
    "name_latin": "AMINA YUSUF CALI",
    "sex": "F",
    "birth": {"text": "1987-05-03", "calendar": "gregorian"},
    "nationality": "SOM",
    "documents": [{"type": "passport", "number": "P0012345"}],
}


class TestAnswers:
    """From lines to raw answers. No window."""

    def test_a_passport_answers_five_questions(self) -> None:
        assert mrz_answers(DEEK) == ANSWERS
        assert mrz_answers(parse("\n".join(write(DEEK)), today=TODAY)) == ANSWERS

    def test_the_forms_read_every_answer(self) -> None:
        form = forms.catalogue().form("person")
        for name, raw in mrz_answers(DEEK).items():
            assert read_raw(form.field(name), raw, TODAY).problems == ()

    def test_a_single_name_a_year_and_an_old_country_code(self) -> None:
        found = mrz_answers(CARD)
        assert found["name_latin"] == "XAWO"
        assert found["birth"] == {"text": "1961", "calendar": "gregorian"}
        assert found["nationality"] == "DEU"
        assert found["documents"] == [{"type": "national_id", "number": "C7654321"}]

    @pytest.mark.parametrize("code", ["XXB", "XXX", "UTO", "UNO", "ZZZ", ""])
    def test_a_nationality_that_is_no_country_is_left_open(self, code: str) -> None:
        mrz = Mrz(
            format="TD3",
            document_code="P",
            issuer="SOM",
            document_number="",
            names=Names("XAWO"),
            nationality=code,
            birth=None,
            sex="X",
            expiry=None,
        )
        assert mrz_answers(mrz) == {"name_latin": "XAWO", "sex": "X"}

    def test_the_stateless_have_a_code(self) -> None:
        assert "XXA" in forms.codes.code_list("countries")

    def test_empty_answers_are_new(self) -> None:
        found = compare({"birth": {"text": "", "calendar": "ethiopic"}}, ANSWERS)
        assert [one.name for one in found] == list(FIELDS)
        assert {one.standing for one in found} == {Standing.NEW}

    def test_the_same_in_other_words_is_the_same(self) -> None:
        current = {
            "name_latin": "Yusuf-Cali Amina",
            "sex": "f",
            "birth": {"text": "3/5/1987", "calendar": "gregorian"},
            "nationality": "SOM",
            "documents": [{"type": "other", "number": "p 0012345"}],
        }
        assert {one.standing for one in compare(current, ANSWERS)} == {Standing.SAME}

    def test_what_differs_is_asked_about(self) -> None:
        current = {
            "name_latin": "Amina Yusuf",
            "birth": {"text": "1987", "calendar": "gregorian"},
            "sex": {"missing": "refused"},
        }
        found = {one.name: one.standing for one in compare(current, ANSWERS)}
        assert found["name_latin"] is Standing.OTHER
        assert found["birth"] is Standing.OTHER
        assert found["sex"] is Standing.OTHER
        assert found["nationality"] is Standing.NEW

    def test_another_paper_joins_the_others(self) -> None:
        held = [{"type": "national_id", "number": "N1"}]
        (papers,) = compare({"documents": held}, ANSWERS, asked={"documents"})
        assert papers.standing is Standing.NEW
        assert papers.after == [*held, *ANSWERS["documents"]]

    def test_only_what_is_asked_here(self) -> None:
        assert [one.name for one in compare({}, ANSWERS, asked={"sex", "birth"})] == [
            "sex",
            "birth",
        ]

    def test_no_answer_is_in_what_a_log_could_show(self) -> None:
        assert "AMINA" not in repr(Change("name_latin", "", "AMINA", Standing.NEW))


class Ticks:
    """Seconds, as the test wants them to go by."""

    def __init__(self) -> None:
        self.now = 100.0
        self.step = 0.2  # a person

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture(scope="module")
def asking() -> Asking:
    return prepare(forms.catalogue(), "en")


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


Open = Callable[..., tuple[MrzDialog, list[dict[str, Any]]]]


@pytest.fixture
def opened(qtbot: Any, asking: Asking, ticks: Ticks) -> Open:
    def make(**current: Any) -> tuple[MrzDialog, list[dict[str, Any]]]:
        dialog = MrzDialog(None, asking, today=lambda: TODAY, current=current, monotonic=ticks)
        taken: list[dict[str, Any]] = []
        dialog.taken.connect(taken.append)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog, taken

    return make


def scan(ticks: Ticks, text: str, *, end: Any = K.Key_Return) -> None:
    """As a wedge types: every line fast, each with its end."""
    ticks.step = BURST / 20
    for line in text.split("\n"):
        type_in(line)
        press(end)
    ticks.step = 0.2


class TestDialog:
    """Typed or scanned, then looked at, then taken."""

    def test_a_scan_fills_the_lines_and_presses_nothing(self, opened: Open, ticks: Ticks) -> None:
        dialog, taken = opened()
        lines = "\n".join(write(DEEK))
        scan(ticks, lines)
        assert dialog.isVisible()
        assert taken == []
        assert dialog.entry.whole
        assert dialog.entry.lines.text() == lines
        assert dialog.fill.isEnabled()
        press(K.Key_Return)
        assert taken == [ANSWERS]
        assert not dialog.isVisible()

    @pytest.mark.parametrize("mrz", [DEEK, CARD], ids=["two lines", "three lines"])
    def test_a_scanner_that_ends_lines_with_tab(self, opened: Open, ticks: Ticks, mrz: Mrz) -> None:
        dialog, taken = opened()
        scan(ticks, "\n".join(write(mrz)), end=K.Key_Tab)
        assert focus() is dialog.entry.lines
        assert dialog.entry.whole
        assert taken == []

    def test_all_lines_as_one(self, opened: Open, ticks: Ticks) -> None:
        dialog, _ = opened()
        scan(ticks, "".join(write(CARD)))
        assert dialog.entry.whole

    def test_typed_by_a_person_in_lower_case(self, opened: Open) -> None:
        dialog, taken = opened()
        first, second = write(DEEK)
        type_in(first.lower())
        press(K.Key_Return)
        press(K.Key_Return)  # one new line is enough
        type_in(second.lower()[:20])
        assert dialog.entry.problem() == ""  # nobody is told off while typing
        press(K.Key_Return)
        assert taken == []
        press(K.Key_Backspace)
        type_in(second.lower()[20:])
        assert dialog.entry.whole
        press(K.Key_Return)
        assert taken == [ANSWERS]

    def test_a_wrong_character_is_pointed_at(self, opened: Open, ticks: Ticks) -> None:
        dialog, taken = opened()
        first, second = write(DEEK)
        scan(ticks, f"{first}\n{second[:13]}880503{second[19:]}")
        assert not dialog.entry.whole
        assert "line 2" in dialog.entry.problem().casefold()
        assert len(dialog.entry.lines.extraSelections()) == 1
        assert not dialog.fill.isEnabled()
        press(K.Key_Return)
        dialog.go_on()
        assert taken == []
        assert dialog.isVisible()

    def test_what_differs_is_decided_one_by_one(self, opened: Open, ticks: Ticks) -> None:
        dialog, taken = opened(
            name_latin="Amina Yusuf", sex="F", birth={"text": "1986", "calendar": "gregorian"}
        )
        scan(ticks, "\n".join(write(DEEK)))
        assert [one.standing for one in dialog.entry.changes()] == [
            Standing.OTHER,
            Standing.SAME,
            Standing.OTHER,
            Standing.NEW,
            Standing.NEW,
        ]
        press(K.Key_Return)
        assert focus().objectName() == "choice-mrz-name_latin-keep"
        press(K.Key_Return)  # not decided yet
        assert focus().objectName() == "choice-mrz-name_latin-keep"
        press(K.Key_Space)
        press(K.Key_Return)
        assert focus().objectName() == "choice-mrz-birth-keep"
        QApplication.processEvents()  # arrows go by where the answers stand
        press(K.Key_Right)
        press(K.Key_Space)
        assert dialog.entry.undecided() == ""
        press(K.Key_Return)
        assert taken == [
            {
                "birth": ANSWERS["birth"],
                "nationality": "SOM",
                "documents": ANSWERS["documents"],
            }
        ]

    def test_reading_again_asks_again(self, opened: Open, ticks: Ticks) -> None:
        dialog, _ = opened(sex="M")
        scan(ticks, "\n".join(write(DEEK)))
        dialog.entry._choices["sex"].set_value(TAKE)
        assert "sex" in dialog.entry.answers()
        dialog.entry.lines.clear()
        assert dialog.entry.changes() == ()
        assert not dialog.entry.whole
        dialog.entry.lines.setPlainText("\n".join(write(CARD)))
        assert dialog.entry.undecided() == ""
        assert dialog.entry.answers()["name_latin"] == "XAWO"

    def test_escape_leaves_everything_as_it_was(self, opened: Open, ticks: Ticks) -> None:
        dialog, taken = opened()
        scan(ticks, "\n".join(write(DEEK)))
        press(K.Key_Escape)
        assert not dialog.isVisible()
        assert taken == []

    def test_tab_of_a_person_leaves_the_lines(self, opened: Open) -> None:
        dialog, _ = opened()
        type_in("P<")
        press(K.Key_Tab)
        assert focus() is not dialog.entry.lines
        assert dialog.entry.lines.text() == "P<"

    def test_a_page_is_not_a_document(self, opened: Open, ticks: Ticks) -> None:
        dialog, _ = opened()
        ticks.step = 0.001
        dialog.entry.lines.setPlainText("A" * 400)
        type_in("B")
        assert len(dialog.entry.lines.text()) == 400

    def test_a_name_that_fills_its_line_is_said(self, opened: Open) -> None:
        dialog, _ = opened()
        long = Mrz(
            format="TD1",
            document_code="I",
            issuer="SOM",
            document_number="C7654321",
            names=Names("ABDIRAHMAN MAXAMED CABDULLAHI", "CABDIRAXMAAN"),
            nationality="SOM",
            birth=PartialDate.parse("1961"),
            sex="M",
            expiry=None,
        )
        dialog.entry.lines.setPlainText("\n".join(write(long)))
        assert "may be missing" in dialog.entry._hint.text()

    @pytest.mark.parametrize("look", ["light", "dark", "contrast"])
    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_it_is_whole_in_every_look(
        self, opened: Open, dressed: QApplication, look: str, language: str
    ) -> None:
        words.use(language)
        theme.apply(dressed, look, rtl=words.rtl())
        try:
            dialog, _ = opened(name_latin="Amina Yusuf")
            dialog.entry.lines.setPlainText("\n".join(write(CARD)))
            QApplication.processEvents()
            assert nameless(dialog) == []
            assert not dialog.entry.lines.isRightToLeft()
            dialog.grab()
        finally:
            theme.apply(dressed, "light")
