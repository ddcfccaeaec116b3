"""The pages there are, where they live, and who may see them.

A page's module is imported at the first visit, so that start-up pays for none.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from desktop.words import N_

if TYPE_CHECKING:
    from desktop.page import Page

STATION: Final = "station"
REGISTRY: Final = "registry"
_BOTH: Final = frozenset({STATION, REGISTRY})
_ALL: Final[frozenset[str]] = frozenset()

OFFICER: Final = frozenset({"officer"})
SUPERVISOR: Final = frozenset({"supervisor"})
PRINTS: Final = frozenset({"officer", "supervisor"})
RECORDS: Final = frozenset({"officer", "supervisor"})
CORRECTS: Final = frozenset({"officer", "supervisor", "registrar"})
RECEIVES: Final = frozenset({"officer", "supervisor", "administrator"})
DECIDES: Final = frozenset({"registrar"})
STAFF: Final = frozenset({"clerk", "registrar"})
ADMINISTRATOR: Final = frozenset({"administrator"})
QUEUES: Final = STAFF | ADMINISTRATOR
OVERSEES: Final = STAFF | ADMINISTRATOR | frozenset({"auditor"})
AUDITS: Final = frozenset({"auditor", "administrator"})


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page: its address, and who finds it on the rail. No roles means every role."""

    key: str
    module: str
    name: str
    title: str  # to be translated
    icon: str
    offices: frozenset[str] = _BOTH
    roles: frozenset[str] = _ALL
    on_rail: bool = True
    at_foot: bool = False
    until_enrolled: bool = False

    def open_to(self, office: str, role: str) -> bool:
        """Whether this role in this office may see the page."""
        return office in self.offices and (not self.roles or role in self.roles)

    def load(self) -> type[Page]:
        """Import the page's class."""
        return cast("type[Page]", getattr(importlib.import_module(self.module), self.name))


_STATION: Final = frozenset({STATION})
_REGISTRY: Final = frozenset({REGISTRY})

PAGES: Final = (
    PageEntry("home", "desktop.pages.home", "HomePage", N_("Home"), "home"),
    PageEntry(
        "enrol",
        "desktop.pages.enrol",
        "EnrolPage",
        N_("Enrolment"),
        "key",
        offices=_STATION,
        roles=ADMINISTRATOR,
        until_enrolled=True,
    ),
    PageEntry(
        "interview",
        "desktop.pages.interview",
        "InterviewPage",
        N_("Register"),
        "register",
        offices=_STATION,
        roles=OFFICER,
    ),
    PageEntry(
        "event",
        "desktop.pages.event",
        "EventPage",
        N_("Record event"),
        "calendar",
        offices=_STATION,
        roles=RECORDS,
    ),
    PageEntry(
        "import",
        "desktop.pages.import_",
        "ImportPage",
        N_("Import"),
        "import",
        offices=_REGISTRY,
        roles=STAFF,
    ),
    PageEntry(
        "queues",
        "desktop.pages.queues",
        "QueuesPage",
        N_("Queues"),
        "queues",
        offices=_REGISTRY,
        roles=QUEUES,
    ),
    PageEntry(
        "overview",
        "desktop.pages.overview",
        "OverviewPage",
        N_("Overview"),
        "overview",
        offices=_REGISTRY,
        roles=OVERSEES,
    ),
    PageEntry(
        "duplicate",
        "desktop.pages.duplicate",
        "DuplicatePage",
        N_("Possible duplicate"),
        "merge",
        offices=_REGISTRY,
        roles=DECIDES,
        on_rail=False,
    ),
    PageEntry(
        "conflict",
        "desktop.pages.conflict",
        "ConflictPage",
        N_("Conflict"),
        "split",
        offices=_REGISTRY,
        roles=DECIDES,
        on_rail=False,
    ),
    PageEntry("find", "desktop.pages.find", "FindPage", N_("Find"), "find"),
    PageEntry(
        "person",
        "desktop.pages.person",
        "PersonPage",
        N_("Person"),
        "person",
        on_rail=False,
    ),
    PageEntry(
        "correct",
        "desktop.pages.correct",
        "CorrectPage",
        N_("Correct"),
        "edit",
        roles=CORRECTS,
        on_rail=False,
    ),
    PageEntry(
        "household",
        "desktop.pages.household",
        "HouseholdPage",
        N_("Household"),
        "household",
        offices=_STATION,
        roles=RECORDS,
        on_rail=False,
    ),
    PageEntry(
        "review",
        "desktop.pages.review",
        "ReviewPage",
        N_("Review"),
        "review",
        offices=_STATION,
        roles=SUPERVISOR,
    ),
    PageEntry(
        "documents",
        "desktop.pages.documents",
        "DocumentsPage",
        N_("Documents"),
        "documents",
        offices=_STATION,
        roles=PRINTS,
    ),
    PageEntry(
        "document",
        "desktop.pages.document",
        "DocumentPage",
        N_("Another document"),
        "documents",
        offices=_STATION,
        roles=PRINTS,
        on_rail=False,
    ),
    PageEntry(
        "my_data",
        "desktop.pages.my_data",
        "MyDataPage",
        N_("My data"),
        "documents",
        offices=_STATION,
        roles=PRINTS,
        on_rail=False,
    ),
    PageEntry(
        "blank",
        "desktop.pages.blank",
        "BlankPage",
        N_("Blank forms"),
        "documents",
        offices=_STATION,
        roles=PRINTS,
        on_rail=False,
    ),
    PageEntry(
        "sheets",
        "desktop.pages.sheets",
        "SheetsPage",
        N_("Jams and spoiled sheets"),
        "documents",
        offices=_STATION,
        roles=PRINTS,
        on_rail=False,
    ),
    PageEntry(
        "sync",
        "desktop.pages.sync",
        "SyncPage",
        N_("Sync"),
        "sync",
        offices=_STATION,
        roles=RECEIVES,
    ),
    PageEntry(
        "stations",
        "desktop.pages.stations",
        "StationsPage",
        N_("Stations"),
        "stations",
        offices=_REGISTRY,
    ),
    PageEntry("verify", "desktop.pages.verify", "VerifyPage", N_("Verify"), "verify"),
    PageEntry("audit", "desktop.pages.audit", "AuditPage", N_("Audit"), "eye", roles=AUDITS),
    PageEntry(
        "keys",
        "desktop.pages.keys",
        "KeysPage",
        N_("Keys and rules"),
        "key",
        offices=_REGISTRY,
        roles=ADMINISTRATOR,
        at_foot=True,
    ),
    PageEntry(
        "users",
        "desktop.pages.users",
        "UsersPage",
        N_("Users"),
        "users",
        roles=ADMINISTRATOR,
        at_foot=True,
    ),
    PageEntry(
        "settings",
        "desktop.pages.settings",
        "SettingsPage",
        N_("Settings"),
        "settings",
        at_foot=True,
    ),
)
