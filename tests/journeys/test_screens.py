"""Every screen, in English by day and by night and in Arabic: kept as a picture, and looked at.

The pictures lie in ``build/screens/<language>-<theme>/``. For each of them a program looks for
what a person would be ashamed of: cut-off words, controls without a name, a focus that cannot be
seen, tables that have to be scrolled sideways, the wrong direction, English among Arabic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

from registry import enrol as registry_enrol
from station.enter import Registered
from tests.journeys import camp as camps
from tests.journeys.camera import SCREENS, Camera
from tests.journeys.camp import Camp
from tests.journeys.hands import Hands, aside, at_the_keyboard, sit_down
from tests.places import PASSPHRASE, START, WORDS, Site, environment
from values.identifiers import HouseholdId, RegistrationId
from workspace.search import search

if TYPE_CHECKING:
    from workspace.session import Session

pytestmark = [
    pytest.mark.qt_log_ignore("propagateSizeHints", extend=True),
    pytest.mark.xdist_group("screens"),
]

LOOKS: Final = (("en", "light"), ("en", "dark"), ("ar", "light"))


@pytest.fixture(scope="module")
def camp(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Camp:
    """A camp in the middle of its work, for all the pictures."""
    return camps.found(founded_site, tmp_path_factory.mktemp("camp") / "site")


class Tour:
    """Walks through the window and takes the pictures."""

    def __init__(self, hands: Hands, camera: Camera, camp: Camp) -> None:
        self.hands = hands
        self.camera = camera
        self.shoot = camera.shoot
        self.camp = camp
        self.role = ""

    @property
    def page(self) -> Any:
        frame = self.hands.window.frame
        assert frame is not None
        return frame.page

    def enter(self, folder: Path, user: str) -> None:
        """Through the door of a place as one of its users."""
        if self.hands.window.desk.unlocked:
            self.hands.lock()
        window = self.hands.window
        window.show_door(folder)
        self.hands.until(lambda: window.unlock is not None and window.unlock.user.editor.count())
        door = window.unlock
        assert door is not None
        door.user.set_value(user)
        self.hands.type(WORDS)
        self.hands.press("Return")
        self.hands.until(lambda: window.desk.unlocked, "home")
        self.hands.settle()
        self.role = f"{window.desk.kind}-{user}"

    def go(self, key: str, name: str = "", /, **arguments: Any) -> Any:
        """Bring a page to the front, and take its picture under its name."""
        frame = self.hands.window.frame
        assert frame is not None
        frame.go(key, **arguments)
        self.hands.settle()
        if name != "-":
            self.shoot(f"{self.role}-{name or key}")
        return self.page

    # before a place is open --------------------------------------------------------------------

    def first_run(self, folder: Path, site: Site) -> None:
        """From nothing to a station that waits for its grant, and what a registry is asked."""
        hands, window, shoot = self.hands, self.hands.window, self.shoot
        window.show_first_run()
        shoot("first-run-language")
        hands.push("first-next")
        hands.push("first-next")
        shoot("first-run-purpose")
        hands.go_to("purpose-station")
        hands.press("Space")
        hands.push("first-next")
        hands.push("first-next")
        shoot("first-run-station")
        hands.go_to("input-name")
        hands.type("North gate")
        hands.go_to("input-administrator")
        hands.type("Marie L.")
        hands.dialogs.folder = folder
        hands.push("change-folder")
        hands.push("first-next")
        hands.type("northgate")
        shoot("first-run-passphrase")
        hands.press("Ctrl+A")
        hands.type(WORDS)
        hands.go_to("input-again")
        hands.type(WORDS)
        hands.push("first-next")
        hands.settle()
        shoot("first-run-request")
        hands.dialogs.saved_as = folder / "request.waystation"
        hands.push("save-request")
        hands.settle()
        hands.push("first-next")
        shoot("first-run-sheet")
        first_run: Any = window.first_run
        sheet = first_run.walk.sheet
        hands.push("first-next")
        hands.type("no such part")
        hands.press("Return")
        shoot("first-run-sheet-check")
        hands.press("Ctrl+A")
        hands.type(sheet[first_run._page._place])
        hands.press("Return")
        shoot("first-run-grant")
        grant = folder / "answer.grant"

        def at_the_registry() -> None:
            with site.at_registry("administrator") as session:
                registry_enrol.enrol(session, folder / "request.waystation", grant)

        aside(at_the_registry)
        hands.dialogs.file = grant
        hands.push("choose-grant")
        hands.settle()
        shoot("first-run-grant-words")
        hands.push("words-differ")
        shoot("first-run-grant-differs")
        hands.push("first-next")
        hands.until(lambda: window.desk.unlocked, "home")
        self.role = "station-not-enrolled"
        self.go("home")
        self.go("enrol")
        hands.lock()

    def first_run_of_others(self) -> None:
        """What a registry and a training place are asked. They are not made."""
        from desktop.firstrun import work
        from desktop.firstrun.steps import Purpose, Step

        window, shoot = self.hands.window, self.shoot
        window.show_first_run()
        first_run: Any = window.first_run
        first_run._made = work.RegistryMade(
            session=cast("Session", None),  # what is shown needs none
            root="4F2A 91C0 77BE 03D5 A8E1 6B90 2C4D F731",
            keys=(Path("/media/stick/waystation-keys/root.age"),),
            notes=(),
        )
        for purpose, steps in (
            (Purpose.REGISTRY, (Step.OFFICE, Step.KEYS, Step.TAKE_AWAY)),
            (Purpose.TRAINING, (Step.PASSPHRASE, Step.TRAINED)),
        ):
            walk = first_run.walk
            walk.answers.purpose = purpose
            if purpose is Purpose.TRAINING:
                first_run._made = work.TrainingMade(
                    Path(), Path(), (("officer", "officer"), ("registrar", "registrar"))
                )
            for step in steps:
                walk._place = walk.path.index(step)
                first_run._show_step()
                shoot(f"first-run-{purpose}-{step}")

    def door(self, folder: Path) -> None:
        """The locked door, a wrong passphrase, and the way back in with the recovery sheet."""
        hands, window = self.hands, self.hands.window
        window.show_door(folder)
        hands.until(lambda: window.unlock is not None and window.unlock.user.editor.count())
        self.shoot("door")
        for _ in range(3):
            hands.type("not this one")
            hands.press("Return")
            hands.settle()
        self.shoot("door-wrong")
        self.dialog(lambda: window.unlock.recover() if window.unlock else None, "door-recover")

    def dialog(self, ask: Callable[[], object], name: str) -> None:
        """Open a dialog, take its picture, and leave it."""
        from PySide6.QtWidgets import QApplication

        def answer() -> None:
            self.shoot(name)
            self.hands.press("Esc")

        self.hands.dialogs.answer = answer
        ask()
        if QApplication.activeModalWidget() is not None:  # one that is opened, not executed
            answer()
            self.hands.dialogs.answer = None
        self.hands.window.activateWindow()
        self.hands.until(self.hands.window.isActiveWindow)

    # the station ---------------------------------------------------------------------------------

    def officer(self) -> None:
        self.enter(self.camp.site.station, "officer")
        self.go("home")
        self.interview()
        self.finding()
        self.go("person", person=self.camp.person)
        self.events()
        self.correcting()
        self.household()
        self.quick()
        self.printing()
        self.go("sync")
        self.verifying()
        self.settings()

    def events(self) -> None:
        """From the list of events to the signature, and what comes after it."""
        hands, role = self.hands, self.role
        page = self.go("event", "event-choose", person=self.camp.person)
        page._chosen("marriage")
        hands.settle()
        page._begin(page._form, {"spouse_a": {"person": page.about.key}})
        hands.settle()
        page.telling.read_back()
        hands.settle()
        for number in range(len(page.filling.steps)):
            page.filling.jump(number)
            page.telling.show_again()
            self.shoot(f"{role}-event-page-{number}")
        page.telling.read_back()
        self.shoot(f"{role}-event-to-mend")
        page._chosen("live_birth")
        hands.settle()
        if page.part.isVisible():
            self.shoot(f"{role}-event-part")
        page._begin(page._form, {"child": {"person": page.about.key}})
        self.shoot(f"{role}-event-birth")
        page._begin(page._ready.forms[0], {})
        page._another()
        self.shoot(f"{role}-event-left-off")

    def correcting(self) -> None:
        hands, role = self.hands, self.role
        page = self.go("correct", "-", person=self.camp.person)
        self.shoot(f"{role}-correct")
        page.telling._edited("name_latin", "Amina Yusuf Ali")
        page.telling._edited("language", "som")
        page.telling.read_back()
        hands.settle()
        self.shoot(f"{role}-correct-what-changes")

    def household(self) -> None:
        hands, role = self.hands, self.role
        page = self.go("household", person=self.camp.person)
        for act in ("_split", "_merge"):
            getattr(page, act)()
            self.shoot(f"{role}-household{act.replace('_', '-')}")
            hands.press("Esc")

    def quick(self) -> None:
        """A mass arrival: the fewest questions."""
        page = self.go("interview", "-", new=True)
        page._change_pace()
        self.shoot(f"{self.role}-quick-household")
        page.sitting.add_member()
        self.shoot(f"{self.role}-quick-member")
        page._change_pace()

    def interview(self) -> None:
        """Every page of the forms with a family that has something wrong and something open."""
        hands, role = self.hands, self.role
        page = self.go("interview", "interview-start")
        row = next(iter(page.start.buttons))
        assert row.isVisible()
        page = self.go("interview", "-", draft=camps.DRAFT)
        interview = page.interview
        interview.read_back()  # so that every problem is shown
        for subject, name in (("m1", "head"), ("", "household"), ("m2", "member")):
            for number in range(len(interview.steps_of(subject))):
                if subject == "m2" and number not in (0, 1, 5):
                    continue
                interview.go(subject, number)
                page.sitting.show_again()
                self.shoot(f"{role}-interview-{name}-{number}")
        interview.go("m4", 0)
        page.sitting.show_again()
        page.sitting.take_out()
        self.shoot(f"{role}-interview-taken-out")
        hands.press("Ctrl+R")
        self.shoot(f"{role}-interview-read-back")
        hands.press("Ctrl+Return")
        self.shoot(f"{role}-interview-to-mend")
        self.dialog(lambda: hands.press("F1"), f"{role}-keys")
        page.hush()
        page._registered(
            Registered(
                household=HouseholdId(self.camp.person),
                household_number="WST-A01-K7Q-H00041-16",
                registration=RegistrationId(self.camp.person),
                persons=(
                    (self.camp.person, "WST-A01-K7Q-P00178-22", "آمنة يوسف علي"),
                    (self.camp.person, "WST-A01-K7Q-P00179-19", "یوسف علی حسن"),
                ),
            )
        )
        self.shoot(f"{role}-interview-done")

    def finding(self) -> None:
        page = self.go("find", "find-nothing-typed")
        page.query.setFocus()
        self.hands.type("fatima")
        self.hands.until(lambda: page.table.rows(), "hits")
        self.shoot(f"{self.role}-find")
        self.hands.press("Ctrl+A")
        self.hands.type("Wolpertinger")
        self.hands.until(lambda: not page.table.rows(), "no hits")
        self.shoot(f"{self.role}-find-nobody")
        self.hands.press("Ctrl+K")
        self.hands.type("amina")
        self.hands.until(lambda: self.page.key == "find")
        frame = self.hands.window.frame
        assert frame is not None and frame.finder is not None
        finder = frame.finder
        self.hands.until(lambda: finder.hits_shown() > 0, "hits under the finder")
        self.shoot(f"{self.role}-find-anyone")
        self.hands.press("Esc", 2)

    def printing(self) -> None:
        page = self.go("documents", "-")
        self.hands.until(lambda: page.paper.has_page, "the preview")
        self.shoot(f"{self.role}-documents")
        page.paper.say("")
        page = self.go("documents", "-", persons=[self.camp.person])
        self.hands.until(lambda: page.paper.has_page, "the preview")
        self.shoot(f"{self.role}-documents-again")
        self.hands.dialogs.saved_as = self.camp.papers
        self.dialog(lambda: self.hands.press("Ctrl+P"), f"{self.role}-documents-reason")

    def verifying(self) -> None:
        hands = self.hands
        self.go("verify")
        hands.dialogs.file = self.camp.papers
        hands.press("Ctrl+O")
        hands.settle()
        self.shoot(f"{self.role}-verify-valid")
        hands.press("Ctrl+A")
        hands.type("NCFOXNPQ0000")
        hands.press("Return")
        hands.settle()
        self.shoot(f"{self.role}-verify-unreadable")

    def settings(self) -> None:
        page = self.go("settings")
        page.change.setFocus()
        self.hands.press("Space")
        self.shoot(f"{self.role}-settings-passphrase")
        page.care.check.setFocus()
        self.hands.press("Space")
        self.hands.settle()
        self.shoot(f"{self.role}-settings-checked")

    def supervisor(self) -> None:
        self.enter(self.camp.site.station, "supervisor")
        self.go("home")
        page = self.go("review")
        self.hands.press("J", 3)
        self.shoot(f"{self.role}-review-another")
        self.dialog(lambda: self.hands.press("S"), f"{self.role}-review-reason")
        assert page.key == "review"
        self.go("review", "review-corrections", tab="corrections")
        self.printing()
        self.go("sync")
        self.hands.dialogs.folder = self.camp.site.outbox
        self.hands.press("Ctrl+E")
        self.hands.settle()
        self.shoot(f"{self.role}-sync-written")
        self.hands.dialogs.folder = self.camp.notice
        self.hands.press("Ctrl+O")
        self.hands.settle()
        self.shoot(f"{self.role}-sync-taken")
        self.finding()
        page = self.go("person", person=self.camp.person)
        page.facts.open_past("birth")
        self.shoot(f"{self.role}-person-past")
        self.go("verify")
        self.go("settings")

    def station_administrator(self) -> None:
        self.enter(self.camp.site.station, "administrator")
        self.go("home")
        self.go("sync")
        self.people()
        self.settings()

    def people(self) -> None:
        page = self.go("users")
        page.table.select_first()
        self.hands.press("Ctrl+N")
        self.hands.settle()
        page.save.click()
        self.shoot(f"{self.role}-users-new")
        self.hands.press("Esc")

    def auditor(self, folder: Path) -> None:
        self.enter(folder, "auditor")
        for key in ("home", "find", "audit", "verify", "settings"):
            self.go(key)
        self.go("person", person=self.camp.person)

    # the registry --------------------------------------------------------------------------------

    def registrar(self) -> None:
        hands = self.hands
        self.enter(self.camp.site.registry, "registrar")
        self.go("home")
        self.go("import")
        hands.dialogs.folder = self.camp.bundle
        hands.press("Ctrl+O")
        hands.settle()
        self.shoot(f"{self.role}-import-checked")
        hands.press("Ctrl+Return")
        hands.settle()
        self.shoot(f"{self.role}-import-known")
        page = self.go("queues", "-")
        for queue in page.items:
            self.go("queues", f"queues-{queue}", queue=queue)
        self.overview()
        self.finding()
        self.go("person", person=self.camp.person)
        self.go("stations")
        self.go("verify")
        self.go("settings")
        self.dialog(lambda: hands.press("F1"), f"{self.role}-keys")

    def overview(self) -> None:
        """Pictures, tables, and what is asked before tables leave."""
        hands = self.hands
        self.go("overview")
        hands.press("Ctrl+T")
        self.shoot(f"{self.role}-overview-tables")
        hands.press("Ctrl+E")
        self.shoot(f"{self.role}-overview-export")
        hands.push("export-cancel")

    def clerk(self) -> None:
        self.enter(self.camp.site.registry, "clerk")
        for key in ("home", "import", "queues", "find", "stations"):
            self.go(key)
        self.go("person", person=self.camp.person)

    def registry_administrator(self, request: Path) -> None:
        self.enter(self.camp.site.registry, "administrator")
        self.go("home")
        self.go("stations")
        self.hands.dialogs.file = request
        self.hands.press("Ctrl+O")
        self.hands.settle()
        self.shoot(f"{self.role}-stations-asked")
        self.hands.dialogs.saved_as = request.with_suffix(".grant")
        self.hands.press("Space")
        self.hands.settle()
        self.shoot(f"{self.role}-stations-granted")
        self.hands.push("stations-close")
        self.hands.push("stations-users")
        self.hands.settle()
        self.shoot(f"{self.role}-stations-users")
        self.hands.push("stations-people-close")
        self.hands.push("stations-revoke")
        self.shoot(f"{self.role}-stations-revoke")
        self.hands.push("stations-revoke-cancel")
        self.go("overview")
        self.go("keys")
        page = self.go("audit")
        page.signed.setFocus()
        self.hands.press("Space")
        self.hands.settle()
        self.shoot(f"{self.role}-audit-signed")
        self.people()
        self.settings()


@pytest.fixture
def request_of_a_station(tmp_path: Path) -> Iterator[Path]:
    """What a station asks that is not enrolled yet."""
    from station import setup

    request = tmp_path / "asked" / "request.waystation"
    request.parent.mkdir()
    setup.request(
        tmp_path / "asked" / "station",
        name="South gate",
        admin="Yusuf A.",
        passphrase=PASSPHRASE,
        out=request,
        env=environment(tmp_path / "asked" / "state", at=START),
    )
    yield request


@pytest.mark.parametrize(("language", "theme"), LOOKS, ids=lambda value: str(value))
def test_every_screen(
    qtbot: Any, camp: Camp, tmp_path: Path, request_of_a_station: Path, language: str, theme: str
) -> None:
    folder = SCREENS / f"{language}-{theme}"
    env = camp.site.env
    with aside(lambda: camp.site.at_station(read_only=True)) as session:
        assert search(session, "amina")
    with at_the_keyboard(qtbot, tmp_path / "glass", env, language=language, theme=theme) as hands:
        camera = Camera(hands, folder)
        tour = Tour(hands, camera, camp)
        sit_down(hands, None)
        tour.first_run(tmp_path / "new", camp.site)
        tour.first_run_of_others()
        tour.door(camp.site.station)
        hands.settle()
        aside(lambda: camps.leave_off(camp.site))
        tour.officer()
        tour.supervisor()
        tour.station_administrator()
        tour.auditor(camp.site.station)
        tour.registrar()
        tour.clerk()
        tour.registry_administrator(request_of_a_station)
        tour.auditor(camp.site.registry)
        hands.lock()
    assert len(camera.taken) > 80
    assert camera.faults == [], "\n".join(camera.faults)
