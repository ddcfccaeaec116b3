"""Every page of every role, over real offices full of names in many scripts: no text is cut.

In three languages, on the two small screens that officers have.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from desktop import words
from desktop.app import wear
from desktop.dialogs import QtDialogs
from desktop.interview.mrz_field import MrzDialog
from desktop.prefs import Preferences
from desktop.style import fonts
from desktop.words import tr
from forms.draft import Draft
from resources import path as resource
from tests.desktop.looks import cut
from tests.desktop.stage import Stage, on_screen
from tests.places import PASSPHRASE, Site
from workspace.opening import open_workspace
from workspace.search import search

LANGUAGES: Final = ("en", "fr", "ar")
SIZES: Final = ((1366, 768), (1280, 720))
FAMILIES: Final = ("A-01", "A-07", "A-10", "A-15", "A-19", "A-21", "A-28", "H-01")
NAMES: Final = (
    ("စိုးနိုင်ကြွယ်ဝင်းသိန်းကြည်ဖြူ", "spouse"),
    ("ស្រីឡឹម ព្រះវិហារ", "child"),
    ("ጽጌረዳ ወልደሚካኤል ኃይለማርያም", "child"),
    ("محمد اسلم خان خٹک", "child"),
)

EXCEPTIONS: Final[dict[str, str]] = {}
"""What may be cut, each with its reason. There is nothing."""


@pytest.fixture(scope="module")
def full(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A station with families of many scripts: some sent and imported, the others to review."""
    site = founded_site.copied(tmp_path_factory.mktemp("full") / "site")
    lines = resource("samples/site-a.csv").read_text("utf-8").splitlines()
    chosen = [line for line in lines[1:] if line.partition(",")[0] in FAMILIES]
    half = [line for line in chosen if line < "A-19"]
    site.take_in("\n".join([lines[0], *half]) + "\n")
    site.approve()
    site.admit(site.send())
    rest = [line for line in chosen if line >= "A-19"]
    site.take_in("\n".join([lines[0], *rest]) + "\n", name="rest.csv")
    return site


@contextmanager
def desk_of(
    qtbot: Any, site: Site, office: str, user: str, tmp_path: Path, *, language: str
) -> Iterator[Stage]:
    """A frame in the language, dressed as the program dresses it."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    words.use(language)
    fonts.load_first()
    fonts.load_rest()
    wear(application, Preferences(tmp_path / "look.ini"))
    folder = site.station if office == "station" else site.registry
    with on_screen(
        qtbot,
        tmp_path,
        lambda: open_workspace(folder, user, PASSPHRASE, env=site.env),
        clock=site.env.clock,
        guard=False,  # the walk itself reads files
    ) as put:
        yield put


def look(put: Stage, where: str) -> list[str]:
    """What is cut here on each of the screens, with the place before it."""
    found = []
    for size in SIZES:
        put.frame.resize(*size)
        put.settle()
        for _ in range(3):  # heights that depend on widths are laid out in turns
            QApplication.processEvents()
        said = cut(put.frame)
        if put.frame.size() != QSize(*size):
            said.append(f"the window is {put.frame.width()} by {put.frame.height()}")
        found += [f"{where}, {size[0]}: {one}" for one in said if one not in EXCEPTIONS]
    return found


def whom(put: Stage, query: str) -> Any:
    """Somebody who is registered."""
    hits: list[Any] = []
    put.desk.read(lambda work: search(work.session, query), done=hits.extend, parent=put.frame)
    put.settle()
    return hits[0].person


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("office", "user"),
    [
        ("station", "officer"),
        ("station", "supervisor"),
        ("station", "administrator"),
        ("station", "auditor"),
        ("registry", "registrar"),
        ("registry", "clerk"),
        ("registry", "administrator"),
        ("registry", "auditor"),
    ],
)
def test_no_page_of_the_rail_cuts_its_text(
    qtbot: Any, full: Site, tmp_path: Path,
    office: str, user: str, language: str,
) -> None:  # fmt: skip
    found = []
    with desk_of(qtbot, full, office, user, tmp_path, language=language) as put:
        for key in put.frame.rail.places():
            put.page(key)
            found += look(put, key)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_about_a_person_cuts_its_text(
    qtbot: Any, full: Site, tmp_path: Path, language: str
) -> None:
    found = []
    with desk_of(qtbot, full, "station", "officer", tmp_path, language=language) as put:
        for name in ("Gul Agha Rezai", "Soe Naing", "Sok Vichet"):
            person = whom(put, name)
            put.page("person", person=person).facts.open_past("birth")
            found += look(put, f"person {name}")
            put.page("correct", person=person)
            found += look(put, f"correct {name}")
            put.page("documents", persons=[person])
            found += look(put, f"documents {name}")
            put.page("event", person=person)
            found += look(put, f"event {name}")
            put.page("household", person=person)
            found += look(put, f"household {name}")
        put.page("find", query="so")
        found += look(put, "find")
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_an_event_cuts_its_text(
    qtbot: Any, full: Site, tmp_path: Path, language: str
) -> None:
    found = []
    with desk_of(qtbot, full, "station", "officer", tmp_path, language=language) as put:
        person = whom(put, "Soe Naing")
        for form in [one.form for one in put.page("event").start.picker.offers()]:
            page = put.page("event", person=person, form=form)
            found += look(put, form)
            if page.filling is not None:
                put.press(Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
                found += look(put, f"{form}, on")
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_the_interview_cuts_its_text(
    qtbot: Any, full: Site, tmp_path: Path, language: str
) -> None:
    found = []
    draft = Draft.new()
    for name, relation in NAMES:
        draft = draft.with_member({"name": name, "relation": relation})
    with desk_of(qtbot, full, "station", "officer", tmp_path, language=language) as put:
        page = put.page("interview", new=True)
        page._sit_down("00000000-0000-7000-8000-000000000001", draft)
        put.settle()
        interview = page.interview
        interview.read_back()  # so that every problem is shown
        page.sitting.show_again()
        found += look(put, "read back")
        for subject in (interview.subjects[1], interview.subjects[0]):
            for number in range(len(interview.steps_of(subject))):
                interview.go(subject, number)
                page.sitting.show_again()
                found += look(put, f"{subject} {number}")
        interview.go(interview.subjects[2], 0)
        page.sitting.show_again()
        page.sitting.read_document()
        (dialog,) = page.sitting.board.findChildren(MrzDialog)
        dialog.entry.lines.setPlainText(
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
            "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
        )
        put.settle()
        found += [f"document: {one}" for one in cut(dialog)]
        dialog.reject()
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_dialog_cuts_its_text(qtbot: Any, full: Site, tmp_path: Path, language: str) -> None:
    found: list[str] = []
    seen: list[str] = []

    def close() -> None:
        dialog = next(
            one for one in QApplication.topLevelWidgets()
            if isinstance(one, QDialog) and one.isVisible()
        )  # fmt: skip
        seen.append(dialog.objectName())
        found.extend(cut(dialog))
        dialog.reject()

    with desk_of(qtbot, full, "station", "officer", tmp_path, language=language) as put:
        dialogs = QtDialogs()
        for key in put.frame.rail.places():
            put.page(key)
            put.frame.show_keys()
            QTimer.singleShot(0, close)
            dialogs.show_keys(put.frame, put.dialogs.groups)
        QTimer.singleShot(0, close)
        said = dialogs.reason(
            put.frame,
            tr("Discard this family?"),
            tr(
                "{name}: what was typed goes for good. Nobody of it was registered.",
                name=NAMES[0][0],
            ),
            tr("Discard"),
            choices=(tr("The family left"), tr("Typed twice"), tr("A trial")),
        )
        assert said is None
        assert len(seen) == len(put.frame.rail.places()) + 1
    assert found == [], "\n".join(found)
