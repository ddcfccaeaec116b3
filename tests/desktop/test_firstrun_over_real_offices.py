"""A registry that is named in the window is one whose stations can register families."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QWidget

from desktop.app import Window
from desktop.firstrun.steps import Purpose, Step, Walk
from desktop.prefs import Preferences
from desktop.tasks import Tasks, forbid_on_ui_thread
from registry import decide, queues
from registry import enrol as registry_enrol
from station import setup as station_setup
from tests.desktop.conftest import Bench
from tests.desktop.fakes import FakeDialogs, FakeOffices
from tests.desktop.test_desktop_firstrun import Steps
from tests.places import PASSPHRASE, START, WORDS, Site, environment, families
from values.numbers import ControlNumber, PermanentNumber, parse_any
from workspace.accounts import add_user


@given(st.text(max_size=5) | st.from_regex(r"[A-Za-z]{2,4}", fullmatch=True))
@example("wst")
@example(" Wst ")
@example("ßa")
@example("WS")
@example("WSTA")
@settings(max_examples=100, deadline=None)
def test_whatever_code_is_accepted_can_begin_a_number(code: str) -> None:
    walk = Walk()
    walk.forward()
    walk.answers.purpose = Purpose.REGISTRY
    walk.forward()
    assert walk.step is Step.OFFICE
    walk.answers.code = code
    if "code" in walk.problems():
        return
    operation = code.strip().upper()
    for number in (
        ControlNumber(operation, "A01", "K7Q", "P", 42),
        PermanentNumber(operation, 42),
    ):
        assert parse_any(str(number)) == number


def name_the_registry(bench: Bench, site: Site) -> None:
    """The first run as a person walks it, with an operation code of their own."""
    steps = Steps(bench)
    steps.to_office("registry")
    steps.say("name", "Invented operation")
    steps.say("code", "qa")
    steps.say("administrator", "administrator")
    bench.dialogs.folder = site.folder
    steps.press("change-folder")
    steps.forward()
    assert bench.find(QWidget, "problem-code").text() == "Use three letters from A to Z."
    steps.say("code", "qaxe")  # the fourth letter is not taken
    steps.forward()
    steps.say("passphrase", WORDS)
    steps.say("again", WORDS)
    steps.forward()
    bench.dialogs.folder = site.keys
    steps.press("choose-keys")
    steps.forward()
    bench.qtbot.waitUntil(lambda: steps.window.walk.step is Step.TAKE_AWAY)


def test_a_registry_named_in_the_window_registers_a_family(qtbot: Any, tmp_path: Path) -> None:
    site = Site(tmp_path, environment(tmp_path / "state", at=START))
    tasks, dialogs = Tasks(), FakeDialogs()
    window = Window(
        tasks=tasks,
        dialogs=dialogs,
        prefs=Preferences(tmp_path / "prefs.ini"),
        clock=site.env.clock,
        environment=lambda: site.env,
    )
    bench = Bench(window, FakeOffices(), dialogs, qtbot)
    try:
        with forbid_on_ui_thread():
            name_the_registry(bench, site)
            window.close()
            bench.settle()
    finally:
        tasks.close()
        window.deleteLater()

    request, grant = tmp_path / "station-request.wst", tmp_path / "station-grant.wst"
    station_setup.request(
        site.station,
        name="Site A",
        admin="administrator",
        passphrase=PASSPHRASE,
        out=request,
        env=site.env,
    )
    with site.at_registry("administrator") as session:
        registry_enrol.enrol(session, request, grant)
        add_user(session, name="registrar", role="registrar", passphrase=PASSPHRASE)
    with site.at_station("administrator") as session:
        station_setup.enrol(session, grant)
        for role in ("officer", "supervisor"):
            add_user(session, name=role, role=role, passphrase=PASSPHRASE)
    assert site.take_in(families(1)).households == 1
    site.approve()
    site.admit(site.send())
    with site.at_registry("registrar") as session:
        (waiting,) = queues.to_register(session)
        assert waiting.household_number.startswith("QAX-A01-")
        assert decide.register(session, [waiting.registration]).numbered == 2
