"""The import page, by keyboard and by dropping, over twins."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel

from desktop.pages.import_rows import runs
from registry.beside import Beside
from registry.inbox import NoticeSlip
from tests.desktop.field_office import Station, twin
from tests.desktop.other_offices import Others, RefusedError, others_twin
from tests.desktop.post_offices import Post, arrival, imported, post_twin
from tests.desktop.stage import Stage, stage

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def held() -> Others:
    return Others()


@pytest.fixture
def post(held: Others) -> Post:
    return held.post


@pytest.fixture
def put(qtbot: Any, tmp_path: Path, held: Others) -> Iterator[Stage]:
    station = Station()
    offices = twin(station, **others_twin(held))
    with stage(qtbot, tmp_path, offices, station=station, role="clerk", kind="registry") as made:
        made.dialogs.folder = tmp_path
        try:
            yield made
        finally:
            if held.post.gate is not None:
                held.post.gate.set()


def title(put: Stage) -> str:
    return put.find(QLabel, "import-state").text()


def states(page: Any) -> list[str]:
    return [str(one.state) for one in page.bundles.rows()]


def chosen(put: Stage) -> Any:
    """The page with what lies on the stick in its list, looked through."""
    page = put.page("import")
    assert title(put) == "Take in what stations send" and put.focus_name == "import-primary"
    put.press(K.Key_Space)
    put.settle()
    return page


def test_bundles_are_listed_checked_and_taken_in_and_answered(put: Stage, post: Post) -> None:
    post.arrivals = [arrival("one"), arrival("two", station="A02")]
    page = chosen(put)
    assert states(page) == ["checked", "checked"] and post.calls("check") == ["one", "two"]
    assert post.calls("import") == [], "nothing is taken in before somebody says so"
    assert page.primary.text() == "Import 2 bundles" and put.focus_name == "import-primary"
    put.press(K.Key_Space)
    put.settle()
    assert states(page) == ["imported", "imported"]
    assert post.calls("answer") == [(["one", "two"], None)]
    order = [what for what, _ in post.asked if what in {"import", "answer", "compare"}]
    assert order == ["import", "import", "answer", "compare"], "no notice waits for comparing"
    assert title(put) == "Everything is imported"
    facts = page.result.facts.facts()
    assert ("Admitted", "212") in facts and ("Known already", "18") in facts
    said = " ".join(label.text() for label in page.result.reasons.findChildren(QLabel))
    assert "certificate was withdrawn" in said
    assert [label for label, _ in page.slips.facts.facts()] == [
        "Station \u2068A01\u2069", "Station \u2068A02\u2069",
    ]  # fmt: skip


def test_comparing_persons_has_words_and_a_bar_of_its_own(put: Stage, post: Post) -> None:
    post.arrivals = [arrival("one")]
    page = chosen(put)
    page._moved(0, 235, 235)
    assert page.progress._detail.text() == "235 of 235 entries looked at"
    page._compared(40, 160)
    said = page.progress._detail.text()
    assert said == "Looking for persons who are here twice: 40 of 160 compared"
    bar = page.progress._bar
    assert (bar.value(), bar.maximum()) == (40, 160)
    assert page._lines[0].done == 235, "how far the entries are stays with the bundle"


def test_what_is_missing_is_named_and_the_other_stick_completes_it(
    put: Stage, post: Post, tmp_path: Path
) -> None:
    gone = ("00002.age", "00004.age", "00005.age")
    whole = arrival("one")
    post.arrivals = [whole]
    post.checked = {"one": arrival("one", state="missing", missing=gone)}
    page = chosen(put)
    assert states(page) == ["missing"] and title(put) == "1 bundle is incomplete"
    said = page.result.said.sentence().replace("\u2068", "").replace("\u2069", "")
    assert "3 files of 21 are missing: 00002.age, 00004.age to 00005.age." in said
    both = arrival("one", folders=(*whole.folders, tmp_path / "one"))
    post.checked = {}

    def joined(session: Any, folders: Any, **_: Any) -> list[Any]:
        return [both]

    post.find = joined  # type: ignore[method-assign]  # the other stick holds the rest
    put.settle()
    from desktop import offices

    with offices.use(_with(put, post)):
        put.press(K.Key_Space)
        put.settle()
    assert states(page) == ["checked"], "looked through again"


def _with(put: Stage, post: Post) -> Any:
    station = Station()
    return twin(station, **{**others_twin(Others()), **post_twin(post)})


def test_several_folders_are_dropped_at_once(put: Stage, post: Post, tmp_path: Path) -> None:
    post.arrivals = [arrival("one"), arrival("two")]
    page = put.page("import")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("one", "two")])
    page.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    put.settle()
    assert post.calls("find") == [[tmp_path / "one", tmp_path / "two"]]
    assert states(page) == ["checked", "checked"]


def test_one_that_is_refused_does_not_hold_up_the_others(put: Stage, post: Post) -> None:
    post.arrivals = [arrival("one"), arrival("two"), arrival("three")]
    post.checked = {"one": arrival("one", state="refused", sentence="No station signed it.")}
    post.taken = {"two": [RefusedError("other_office", "It claims to come from another.")]}
    page = chosen(put)
    put.press(K.Key_Space)
    put.settle()
    assert states(page) == ["refused", "refused", "imported"]
    assert post.calls("import") == ["two", "three"]
    assert post.calls("answer") == [(["three"], None)]
    assert page.result.said.sentence() == "No station signed it."
    page.bundles.select(lambda one: one.arrival.name == "two")
    assert page.result.said.sentence() == "It claims to come from another."
    assert page.banner.isHidden() and title(put) == "2 bundles were refused"


def test_stopped_between_batches_it_goes_on_there(put: Stage, post: Post) -> None:
    post.arrivals = [arrival("one"), arrival("two")]
    post.taken = {"one": [None, imported()]}
    page = chosen(put)
    put.press(K.Key_Space)
    put.settle()
    assert states(page) == ["stopped", "checked"], "the rest is not begun"
    assert page.bundles.rows()[0].done == 120
    assert "120 of 235 entries" in page.result.said.sentence()
    assert post.calls("answer") == []
    assert page.primary.text() == "Go on"
    put.press(K.Key_Space)
    put.settle()
    assert states(page) == ["imported", "imported"]
    assert post.calls("import") == ["one", "one", "two"]


def test_checking_can_be_stopped_and_gone_on_with(put: Stage, post: Post) -> None:
    post.arrivals = [arrival("one")]
    post.gate = threading.Event()
    page = put.page("import")
    put.press(K.Key_Space)
    put.qtbot.waitUntil(lambda: post.calls("check") == ["one"])
    put.qtbot.waitUntil(lambda: states(page) == ["checking"])
    page.progress._cancel.click()
    put.settle()
    assert states(page) == ["waiting"] and page.primary.text() == "Go on checking"
    assert page.banner.isHidden()
    post.gate.set()
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert states(page) == ["checked"]


def test_a_notice_that_could_not_be_written_goes_elsewhere(
    put: Stage, post: Post, tmp_path: Path
) -> None:
    post.arrivals = [arrival("one")]
    post.slips = [NoticeSlip("A01", None, "The drive is full.")]
    page = chosen(put)
    put.press(K.Key_Space)
    put.settle()
    assert title(put) == "Not every notice could be written"
    assert dict(page.slips.facts.facts()).popitem()[1] == "The drive is full."
    put.press(K.Key_Space)
    put.settle()
    assert post.calls("answer")[-1] == (["one"], tmp_path)
    assert title(put) == "Everything is imported"


def test_importing_again_says_that_all_was_here(put: Stage, post: Post) -> None:
    post.arrivals = [arrival("one", before=True)]
    post.taken = {"one": [imported(admitted=0, known=230, held=0, quarantined=0, reasons=())]}
    page = chosen(put)
    assert "changes nothing" in page.bundles.view.model().index(0, 4).data()
    put.press(K.Key_Space)
    put.settle()
    assert "was here already" in page.result.said.sentence()
    assert page.result.reasons.isHidden()


def test_nothing_found_is_said(put: Stage, post: Post) -> None:
    page = chosen(put)
    assert "No bundle was found" in page.banner.sentence()
    assert title(put) == "Take in what stations send"


def test_the_service_beside_is_told_with_what_waits_for_it(put: Stage, post: Post) -> None:
    page = put.page("import")
    assert page.service.isHidden()
    post.beside = Beside(running=True, waiting=3)
    page.on_shown()
    put.settle()
    said = page.service.sentence()
    assert "service runs on this computer" in said and "3 bundles" in said and "Ctrl+L" in said


def test_files_that_follow_one_another_are_joined() -> None:
    names = [f"{number:05d}.age" for number in (0, 1, 2, 5, 7, 8, 11, 13, 15)]
    said = runs(["sealed.age", *names]).replace("\u2068", "").replace("\u2069", "")
    assert said == "sealed.age, 00000.age to 00002.age, 00005.age, 00007.age to 00008.age and more"
