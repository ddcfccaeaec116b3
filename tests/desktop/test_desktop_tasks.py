"""Work off the UI thread: order, delivery, and the guard."""

from __future__ import annotations

import gc
import socket
import threading
import weakref
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop import offices
from desktop.style import fonts
from desktop.tasks import (
    Lane,
    Task,
    Tasks,
    UiThreadError,
    forbid_on_ui_thread,
    must_not_block,
    on_ui_thread,
    permitted,
)
from values import collecting


def test_a_result_comes_back_on_the_ui_thread(qtbot: Any, tasks: Tasks) -> None:
    seen: list[tuple[str, bool]] = []
    tasks.run(lambda _task: "on the stick", done=lambda value: seen.append((value, on_ui_thread())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [("on the stick", True)]


def test_work_runs_off_the_ui_thread(qtbot: Any, tasks: Tasks) -> None:
    seen: list[bool] = []
    for lane in Lane:
        tasks.run(lambda _task: on_ui_thread(), done=seen.append, lane=lane)
    qtbot.waitUntil(lambda: len(seen) == len(Lane))
    assert not any(seen)


def test_the_office_lane_keeps_the_order_asked_for(qtbot: Any, tasks: Tasks) -> None:
    begun: list[int] = []
    for number in range(20):
        tasks.run(lambda _task, number=number: begun.append(number))
    qtbot.waitUntil(lambda: not tasks.busy)
    assert begun == list(range(20))


def test_a_failure_goes_to_failed_or_else_to_everybody(qtbot: Any, tasks: Tasks) -> None:
    def break_off(_task: Task) -> None:
        raise OSError("no stick")

    failures: list[Exception] = []
    orphans: list[Exception] = []
    tasks.unhandled.connect(orphans.append)
    tasks.run(break_off, failed=failures.append)
    tasks.run(break_off)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert [str(error) for error in failures] == ["no stick"]
    assert [str(error) for error in orphans] == ["no stick"]


def test_nothing_is_delivered_to_a_destroyed_parent(qtbot: Any, tasks: Tasks) -> None:
    gate = threading.Event()
    seen: list[object] = []
    always: list[bool] = []
    parent = QObject()
    tasks.run(
        lambda _task: gate.wait(60),
        done=seen.append,
        always=lambda _value, alive: always.append(alive),
        parent=parent,
    )
    parent.deleteLater()
    qtbot.waitSignal(parent.destroyed, timeout=120_000).wait()
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert seen == []
    assert always == [False]


def test_only_the_latest_of_a_name_is_delivered(qtbot: Any, tasks: Tasks) -> None:
    gate = threading.Event()
    parent = QObject()
    ran: list[int] = []
    seen: list[int] = []

    def look(number: int) -> int:
        gate.wait(60)
        ran.append(number)
        return number

    for number in range(5):
        tasks.run(
            lambda _task, number=number: look(number),
            done=seen.append,
            parent=parent,
            latest="search",
        )
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert seen == [4]
    assert set(ran) <= {0, 4}  # those in between were never begun


def test_two_parents_may_use_the_same_name(qtbot: Any, tasks: Tasks) -> None:
    one, other = QObject(), QObject()
    seen: list[str] = []
    tasks.run(lambda _task: "one", done=seen.append, parent=one, latest="rows")
    tasks.run(lambda _task: "other", done=seen.append, parent=other, latest="rows")
    qtbot.waitUntil(lambda: not tasks.busy)
    assert sorted(seen) == ["one", "other"]


def test_muted_work_is_done_but_not_told(qtbot: Any, tasks: Tasks) -> None:
    gate = threading.Event()
    done: list[str] = []
    seen: list[object] = []
    tasks.run(lambda _task: gate.wait(60), done=seen.append)
    tasks.run(lambda _task: done.append("saved"), done=seen.append)
    tasks.mute_all()
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert done == ["saved"]
    assert seen == []


def test_progress_and_cancelling(qtbot: Any, tasks: Tasks) -> None:
    gate = threading.Event()
    told: list[tuple[int, int]] = []

    def count(task: Task) -> str:
        task.progress(1, 3)
        gate.wait(60)
        return "stopped" if task.cancelled() else "finished"

    seen: list[str] = []
    task = tasks.run(count, done=seen.append, progress=lambda *now: told.append(now))
    qtbot.waitUntil(lambda: bool(told))
    task.cancel()
    gate.set()
    qtbot.waitUntil(lambda: bool(seen))
    assert told == [(1, 3)]
    assert seen == ["stopped"]


def test_busy_is_told_once_each_way(qtbot: Any, tasks: Tasks) -> None:
    told: list[bool] = []
    tasks.busy_changed.connect(told.append)
    tasks.run(lambda _task: None)
    tasks.run(lambda _task: None)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert told == [True, False]


def test_closing_finishes_what_was_asked_for() -> None:
    tasks = Tasks()
    done: list[int] = []
    for number in range(5):
        tasks.run(lambda _task, number=number: done.append(number))
    tasks.close()
    assert done == [0, 1, 2, 3, 4]
    with pytest.raises(RuntimeError):
        tasks.run(lambda _task: None)


def test_widgets_in_a_cycle_die_on_the_ui_thread_however_busy_workers_are(
    qtbot: Any, tasks: Tasks
) -> None:
    """A widget that a worker's allocations happen to collect is destroyed under Qt's hands."""
    died: list[bool] = []

    def leave_a_page() -> None:
        page = QWidget()
        page.itself = page  # type: ignore[attr-defined]  # the cycle, as pages make them
        layout = QVBoxLayout(page)
        layout.addWidget(QPushButton("Next"))
        weakref.finalize(page, lambda: died.append(on_ui_thread()))

    def allocate(_task: Task) -> None:
        for _ in range(200_000):
            cycle: list[Any] = []
            cycle.append(cycle)

    gc.collect()
    for _ in range(20):
        leave_a_page()
    tasks.run(allocate)
    tasks.run(allocate, lane=Lane.POOL)
    qtbot.waitUntil(lambda: not tasks.busy)
    qtbot.waitUntil(lambda: len(died) == 20)
    assert all(died)


def test_what_a_task_was_asked_with_dies_on_the_ui_thread(qtbot: Any, tasks: Tasks) -> None:
    """The worker may be the last to hold a task; it must not be the last to hold a page."""
    died: list[bool] = []

    def ask() -> None:
        page = QWidget()
        weakref.finalize(page, lambda: died.append(on_ui_thread()))
        tasks.run(lambda _task: None, done=lambda _value: page.update())
        tasks.run(lambda _task: None, failed=lambda _error: page.update())

    for _ in range(50):
        ask()
    qtbot.waitUntil(lambda: len(died) == 50)
    assert all(died)


@pytest.mark.parametrize("before", [True, False])
def test_python_collects_as_it_did_before_once_the_workers_have_ended(before: bool) -> None:
    """Where it likes in the program; in a run of tests between them, on the main thread."""
    assert not gc.isenabled()
    if before:
        gc.enable()
    try:
        tasks = Tasks()
        assert not gc.isenabled()
        tasks.close()
        tasks.close()
        assert gc.isenabled() is before
    finally:
        gc.disable()


def test_a_batch_that_ends_lets_nobody_collect_while_workers_run() -> None:
    gc.enable()
    try:
        with collecting.later():
            tasks = Tasks()
        assert not gc.isenabled()
        tasks.close()
        assert gc.isenabled()
    finally:
        gc.disable()


class TestGuard:
    """``forbid_on_ui_thread`` sees what ``desktop`` does, and only that."""

    def test_a_file_opened_by_the_interface_is_an_error(self, tmp_path: Path) -> None:
        namespace: dict[str, Any] = {"__name__": "desktop.pages.careless"}
        exec(  # noqa: S102 - a page's code
            "def read(path):\n    with open(path) as file:\n        return file.read()", namespace
        )
        file = tmp_path / "list.csv"
        file.write_text("a")
        with forbid_on_ui_thread(), pytest.raises(UiThreadError, match="open"):
            namespace["read"](file)
        assert namespace["read"](file) == "a"

    def test_a_socket_is_an_error(self) -> None:
        namespace: dict[str, Any] = {"__name__": "desktop.pages.careless", "socket": socket}
        exec(  # noqa: S102 - a page's code
            "def call():\n    with socket.socket() as s:\n        s.connect(('127.0.0.1', 9))",
            namespace,
        )
        with forbid_on_ui_thread(), pytest.raises(UiThreadError, match="socket"):
            namespace["call"]()

    def test_a_heavy_import_is_an_error(self) -> None:
        namespace: dict[str, Any] = {"__name__": "desktop.pages.careless"}
        exec(  # noqa: S102 - a page's code
            "def grow():\n    import alembic.no_such_module", namespace
        )
        with forbid_on_ui_thread(), pytest.raises(UiThreadError, match="alembic"):
            namespace["grow"]()

    def test_others_may_read_files(self, tmp_path: Path) -> None:
        with forbid_on_ui_thread():
            (tmp_path / "note").write_text("fine")

    def test_a_worker_may_do_all_of_it(self, qtbot: Any, tasks: Tasks, tmp_path: Path) -> None:
        file = tmp_path / "list.csv"
        file.write_text("a")
        seen: list[str] = []
        with forbid_on_ui_thread():
            tasks.run(lambda _task: file.read_text(), done=seen.append)
            qtbot.waitUntil(lambda: seen == ["a"])

    def test_an_office_touched_on_the_ui_thread_is_an_error(self) -> None:
        """Sync 1 (k): a connection that is opened by the interface stops it."""
        with offices.use(object()), forbid_on_ui_thread():
            with pytest.raises(UiThreadError, match="review"):
                _ = offices.review
            with pytest.raises(AttributeError):
                _ = offices.no_such_office  # type: ignore[attr-defined]  # that is the point

    def test_named_functions_are_guarded_and_restored(self) -> None:
        before = fonts.load_rest
        names = ("desktop.style.fonts:load_rest", "no.such:thing")
        with forbid_on_ui_thread(names), pytest.raises(UiThreadError):
            fonts.load_rest()
        assert fonts.load_rest is before

    def test_a_permission_needs_its_reason(self) -> None:
        with forbid_on_ui_thread():
            with pytest.raises(UiThreadError):
                must_not_block("a read")
            with permitted("a short read of our own file"):
                must_not_block("a read")
            with pytest.raises(ValueError, match="reason"), permitted(""):
                pass
        must_not_block("a read, with the guard off")


def test_work_over_the_line_holds_up_no_other(qtbot: Any, tasks: Tasks) -> None:
    """A line may be slow for an hour: what the office does goes on meanwhile."""
    line, seen = threading.Event(), []
    task = tasks.run(lambda one: one.wait(60) or one.cancelled(), done=seen.append, lane=Lane.LINE)
    tasks.run(lambda _task: "saved", done=seen.append)
    qtbot.waitUntil(lambda: seen == ["saved"])
    task.cancel()
    qtbot.waitUntil(lambda: seen == ["saved", True])
    tasks.run(
        lambda one: tasks.borrow(lambda _task: line.set()) or line.wait(10),
        done=seen.append,
        lane=Lane.LINE,
    )
    qtbot.waitUntil(lambda: len(seen) == 3)
    assert seen[2] is True, "it takes its turn with the office's thread"
