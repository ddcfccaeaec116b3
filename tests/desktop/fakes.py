"""The offices in memory: what the window, home, users, settings and the first run ask of them.

Every function refuses to run on the UI thread, as the real ones would freeze it. All
people are invented.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from values.clock import FixedClock

NOW = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)
PASSPHRASE = "badu rila meta suni"
ROLES = {
    "station": ("officer", "supervisor", "auditor"),
    "registry": ("clerk", "registrar", "auditor", "administrator", "service"),
}


class FakeOfficeError(Exception):
    """An answer of an office, with its code and sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass
class FakeUser:
    """A user with a key slot."""

    id: UUID
    name: str
    role: str
    disabled: bool = False
    passphrase: str = PASSPHRASE


@dataclass
class FakeOffice:
    """One workspace, and everything that was asked of it."""

    kind: str = "station"
    name: str = "North gate"
    code: str = "A01"
    operation_name: str = "Invented operation"
    training: bool = False
    enrolled: bool = True
    users: list[FakeUser] = field(default_factory=list)
    steps: list[tuple[str, int, str]] = field(default_factory=list)
    drafts: list[tuple[str, str, int]] = field(default_factory=list)
    hits: list[tuple[str, str, str]] = field(default_factory=list)
    not_acknowledged: int = 34
    waiting_review: int = 0
    backup_age: timedelta | None = timedelta(hours=2)
    free: int = 64 * 10**9
    problems: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    closed: int = 0
    fails: dict[str, Exception] = field(default_factory=dict)
    holds: dict[str, threading.Event] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.users:
            roles = (
                ("Amal K.", "officer"),
                ("Dawit T.", "supervisor"),
                ("Marie L.", "administrator"),
            )
            if self.kind == "registry":
                roles = (
                    ("Nadia B.", "clerk"),
                    ("Yusuf A.", "registrar"),
                    ("Marie L.", "administrator"),
                )
            self.users = [
                FakeUser(UUID(int=place), name, role)
                for place, (name, role) in enumerate(roles, start=1)
            ]

    def called(self, what: str) -> None:
        """Keep what was asked; be off the UI thread; wait or fail where the test wants it."""
        assert threading.current_thread() is not threading.main_thread(), f"{what} on the UI thread"
        self.asked.append(what)
        if what in self.holds:
            assert self.holds[what].wait(60)
        if what in self.fails:
            raise self.fails[what]

    def user(self, name: str) -> FakeUser:
        for user in self.users:
            if user.name == name:
                return user
        raise FakeOfficeError("unknown_user", "This workspace has no user of that name.")


@dataclass
class FakeSession:
    """What an opened workspace shows."""

    place: FakeOffice
    user: FakeUser
    folder: Path
    clock: Any = field(default_factory=lambda: FixedClock(NOW))

    @property
    def kind(self) -> str:
        return self.place.kind

    @property
    def office(self) -> FakeOffice:
        return self.place

    @property
    def notes(self) -> list[str]:
        return self.place.notes

    @property
    def env(self) -> Any:
        return SimpleNamespace(entropy=lambda count: bytes(count), clock=self.clock)

    def close(self) -> None:
        self.place.called("close")
        self.place.closed += 1


class FakeOffices:
    """Stands for ``desktop.offices``; ``places`` are the workspaces by folder."""

    def __init__(self, places: dict[Path, FakeOffice] | None = None) -> None:
        self.places = places or {}
        self.words = ("badu", "rila", "meta", "suni", "hale", "kidu")

    def at(self, folder: Path) -> FakeOffice:
        if folder not in self.places:
            raise FakeOfficeError("no_workspace", "This folder holds no Waystation workspace.")
        return self.places[folder]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(f"this twin has no office called {name}")

    @property
    def slots(self) -> Any:
        return SimpleNamespace(passphrase=lambda text: text)

    @property
    def environment(self) -> Any:
        env = SimpleNamespace(entropy=lambda count: bytes(count))
        return SimpleNamespace(Environment=SimpleNamespace(default=lambda: env))

    @property
    def office(self) -> Any:
        return SimpleNamespace(Operation=lambda **values: SimpleNamespace(**values))

    @property
    def folder(self) -> Any:
        def card(folder: Path) -> Any:
            place = self.at(folder)
            place.called("card")
            return SimpleNamespace(
                kind=place.kind,
                name=place.name,
                operation=place.operation_name if place.enrolled else "",
                training=place.training,
                enrolled=place.enrolled,
            )

        return SimpleNamespace(card=card, users=lambda folder: list(self.at(folder).users))

    @property
    def opening(self) -> Any:
        def open_workspace(
            folder: Path, user_name: str, passphrase: str, *, env: Any
        ) -> FakeSession:
            place = self.at(folder)
            place.called("open")
            user = place.user(user_name)
            if user.passphrase != passphrase:
                raise FakeOfficeError("wrong_passphrase", "The passphrase does not open it.")
            return FakeSession(place, user, folder)

        return SimpleNamespace(open_workspace=open_workspace)

    @property
    def home(self) -> Any:
        def home(session: FakeSession) -> Any:
            place = session.place
            place.called("home")
            counts = SimpleNamespace(
                today_households=12,
                today_persons=47,
                waiting_review=place.waiting_review,
                returned=0,
                not_acknowledged=place.not_acknowledged,
                drafts=len(place.drafts),
                to_print=3,
                persons=1284,
            )
            steps = tuple(
                SimpleNamespace(code=code, sentence=code, page=page, count=count)
                for code, count, page in place.steps
            )
            return SimpleNamespace(counts=counts, next_steps=steps)

        def waiting(session: FakeSession) -> Any:
            counts = home(session).counts
            return SimpleNamespace(
                not_acknowledged=counts.not_acknowledged, review=counts.waiting_review, registry=0
            )

        return SimpleNamespace(home=home, waiting=waiting)

    @property
    def drafts(self) -> Any:
        def list_drafts(session: FakeSession) -> list[Any]:
            return [
                SimpleNamespace(id=key, title=title, members=members, saved_at=NOW, reason="")
                for key, title, members in session.place.drafts
            ]

        return SimpleNamespace(list_drafts=list_drafts, list_events=lambda session: [])

    @property
    def changes(self) -> Any:
        return SimpleNamespace(
            proposals=lambda session, *, language="en": (),
            list_corrections=lambda session: [],
        )

    @property
    def completing(self) -> Any:
        return SimpleNamespace(
            open_ones=lambda session: (),
            pace=lambda session: SimpleNamespace(families=0, seconds=None),
        )

    @property
    def search(self) -> Any:
        def search(session: FakeSession, query: str, *, limit: int = 20) -> list[Any]:
            session.place.called("search")
            found = [
                SimpleNamespace(person=UUID(int=place), name=name, name_latin=latin, number=number)
                for place, (name, latin, number) in enumerate(session.place.hits)
                if query.casefold() in f"{name} {latin} {number}".casefold()
            ]
            return found[:limit]

        return SimpleNamespace(search=search)

    @property
    def storage(self) -> Any:
        def state(folder: Path) -> Any:
            free = self.at(folder).free
            return SimpleNamespace(free=free, low=free < 2 * 10**9, full=free < 2 * 10**8)

        return SimpleNamespace(state=state)

    @property
    def accounts(self) -> Any:
        def list_users(session: FakeSession) -> list[FakeUser]:
            session.place.called("list_users")
            return list(session.place.users)

        def add_user(session: FakeSession, *, name: str, role: str, passphrase: str) -> FakeUser:
            place = session.place
            place.called("add_user")
            if any(user.name == name for user in place.users):
                raise FakeOfficeError(
                    "user_exists", "There is a user of that name. Choose another name."
                )
            user = FakeUser(UUID(int=len(place.users) + 1), name, role, passphrase=passphrase)
            place.users.append(user)
            return user

        def change_passphrase(
            session: FakeSession, *, name: str, old: str | None, new: str
        ) -> None:
            session.place.called("change_passphrase")
            user = session.place.user(name)
            if old is not None and old != user.passphrase:
                raise FakeOfficeError("wrong_passphrase", "The passphrase does not open it.")
            user.passphrase = new

        def disable_user(session: FakeSession, *, name: str, reason: str) -> None:
            session.place.called(f"disable_user {reason}")
            session.place.user(name).disabled = True

        return SimpleNamespace(
            list_users=list_users,
            roles=lambda session: list(ROLES[session.place.kind]),
            add_user=add_user,
            change_passphrase=change_passphrase,
            disable_user=disable_user,
            suggest_passphrase=lambda entropy: " ".join(self.words),
        )

    @property
    def care(self) -> Any:
        def backup_age(session: FakeSession) -> timedelta | None:
            return session.place.backup_age

        def backup(session: FakeSession, out: Path) -> Any:
            session.place.called("backup")
            session.place.backup_age = timedelta(0)
            return SimpleNamespace(entries=812, administrator="")

        def check(session: FakeSession, *, progress: Callable[[int, int], None]) -> Any:
            session.place.called("check")
            progress(406, 812)
            return SimpleNamespace(entries=812, problems=session.place.problems, notes=())

        def rebuild(session: FakeSession) -> tuple[int, int]:
            session.place.called("rebuild")
            return 812, 0

        def restore(file: Path, folder: Path, *, env: Any) -> Any:
            self.places[folder] = FakeOffice(name="Restored")
            return SimpleNamespace(entries=812, administrator="")

        def recovery_sheet(session: FakeSession) -> str:
            session.place.called("recovery_sheet")
            return "7K2M-Q4TX-9HBD-W3RC-5NVA-8JYE-P6SG"

        def recover(folder: Path, *, key: Any, secret: str, new: str, env: Any) -> Any:
            place = self.at(folder)
            place.called("recover")
            if "7K2M" not in secret.upper():
                raise FakeOfficeError("recovery", "This sheet does not open the workspace.")
            administrator = next(user for user in place.users if user.role == "administrator")
            administrator.passphrase = new
            return SimpleNamespace(entries=812, administrator=administrator.name)

        return SimpleNamespace(
            backup_age=backup_age,
            backup=backup,
            check=check,
            rebuild=rebuild,
            restore=restore,
            recovery_sheet=recovery_sheet,
            recover=recover,
        )

    @property
    def station_setup(self) -> Any:
        def request(
            folder: Path, *, name: str, admin: str, passphrase: str, out: Path, env: Any
        ) -> Any:
            place = FakeOffice(name=name, code="", enrolled=False)
            place.users = [FakeUser(UUID(int=1), admin, "administrator", passphrase=passphrase)]
            self.places[folder] = place
            place.called("request")
            return SimpleNamespace(station=UUID(int=9), words=self.words)

        def pending_request(session: FakeSession) -> Any:
            return SimpleNamespace(data=b"request", words=lambda: self.words)

        def read_grant(path: Path) -> Any:
            if path.name == "damaged.wst":
                raise FakeOfficeError("grant", "This is no grant. Choose the file again.")
            return SimpleNamespace(words=lambda: tuple(reversed(self.words)))

        def enrol(session: FakeSession, grant: Path) -> Any:
            session.place.called("enrol")
            session.place.enrolled = True
            session.place.code = "A01"
            return SimpleNamespace(root="AB CD", words=self.words, station_code="A01")

        return SimpleNamespace(
            request=request, pending_request=pending_request, read_grant=read_grant, enrol=enrol
        )

    @property
    def registry_setup(self) -> Any:
        def create(
            folder: Path, *, admin: str, passphrase: str, keys_out: Path, env: Any, operation: Any
        ) -> Any:
            place = FakeOffice(kind="registry", name=operation.name, code="R")
            place.users = [FakeUser(UUID(int=1), admin, "administrator", passphrase=passphrase)]
            self.places[folder] = place
            place.called("create")
            return SimpleNamespace(
                registry=UUID(int=8),
                root="4F2A 91C0 77BE 03D5 A8E1 6B90 2C4D F731",
                keys=(keys_out / "root.age", keys_out / "recovery.age"),
                notes=(),
            )

        return SimpleNamespace(create=create)

    @property
    def training(self) -> Any:
        def make(
            parent: Path, *, passphrase: str, env: Any, progress: Callable[[int, int], None]
        ) -> Any:
            station, registry = FakeOffice(training=True), FakeOffice("registry", training=True)
            for user in (*station.users, *registry.users):
                user.passphrase = passphrase
            self.places[parent / "station"] = station
            self.places[parent / "registry"] = registry
            progress(1, 2)
            return SimpleNamespace(
                station=parent / "station", registry=parent / "registry", users=station.users
            )

        return SimpleNamespace(make=make)


@dataclass
class FakeDialogs:
    """Answers what the test laid out, and keeps what was asked."""

    file: Path | None = None
    folder: Path | None = None
    saved_as: Path | None = None
    because: str | None = None
    paper_answer: Any = None
    asked: list[tuple[str, str]] = field(default_factory=list)
    groups: list[Any] = field(default_factory=list)

    def open_file(self, parent: Any, title: str, filters: Sequence[Any] = ()) -> Path | None:
        self.asked.append(("open_file", title))
        return self.file

    def open_folder(self, parent: Any, title: str) -> Path | None:
        self.asked.append(("open_folder", title))
        return self.folder

    def save_file(
        self, parent: Any, title: str, suggested: str, filters: Sequence[Any] = ()
    ) -> Path | None:
        self.asked.append(("save_file", suggested))
        return self.saved_as

    def reason(
        self,
        parent: Any,
        title: str,
        explanation: str,
        action: str,
        *,
        choices: Sequence[str] = (),
        danger: bool = True,
    ) -> str | None:
        self.asked.append(("reason", title))
        return self.because

    def paper(self, parent: Any, title: str, explanation: str, action: str, **options: Any) -> Any:
        self.asked.append(("paper", title))
        return self.paper_answer

    def show_keys(self, parent: Any, groups: Sequence[Any]) -> None:
        self.asked.append(("show_keys", ""))
        self.groups = list(groups)

    def print_pdf(self, parent: Any, pdf: bytes, title: str) -> bool:
        self.asked.append(("print_pdf", title))
        return True
