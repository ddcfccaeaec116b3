"""The offices, as the interface sees them: modules, imported at first touch.

An office drags the store in (SQLAlchemy alone is half a second), so nothing here
is imported before a worker asks for it. Type checkers see the real modules. Tests
put an in-memory twin here with ``use``; there is no other seam.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from desktop import tasks

__all__ = [
    "accounts",
    "adjudication",
    "admit",
    "areas",
    "auditing",
    "batch",
    "beside",
    "care",
    "cases",
    "changes",
    "completing",
    "decide",
    "deciding",
    "drafts",
    "environment",
    "errand",
    "events",
    "export",
    "files",
    "folder",
    "home",
    "households",
    "inbox",
    "line",
    "my_data",
    "notices",
    "offers",
    "office",
    "opening",
    "outbox",
    "oversight",
    "owing",
    "papers",
    "people",
    "possible",
    "printing",
    "pruning",
    "queues",
    "receive",
    "register",
    "registry_enrol",
    "registry_keys",
    "registry_setup",
    "registry_trust",
    "renewing",
    "review",
    "revoking",
    "rhythm",
    "rotation",
    "runs",
    "search",
    "settling",
    "sheets",
    "slots",
    "spoiled",
    "station_setup",
    "station_trust",
    "sticks",
    "storage",
    "tables",
    "tabular",
    "templates",
    "training",
    "trusting",
    "use",
    "vault",
    "verify",
    "warm",
    "worklists",
]

if TYPE_CHECKING:
    from db import slots as slots
    from documents import verify as verify
    from registry import adjudication as adjudication
    from registry import adjudication_acts as deciding
    from registry import adjudication_conflicts as settling
    from registry import adjudication_queues as worklists
    from registry import adjudication_shown as cases
    from registry import admit as admit
    from registry import beside as beside
    from registry import decide as decide
    from registry import enrol as registry_enrol
    from registry import inbox as inbox
    from registry import keys as registry_keys
    from registry import notices as notices
    from registry import oversight as oversight
    from registry import owing as owing
    from registry import queues as queues
    from registry import renewing as renewing
    from registry import revoking as revoking
    from registry import setup as registry_setup
    from registry import tables as tables
    from registry import trust as registry_trust
    from station import batch as batch
    from station import changes as changes
    from station import completing as completing
    from station import drafts as drafts
    from station import errand as errand
    from station import events as events
    from station import export as export
    from station import households as households
    from station import line as line
    from station import my_data as my_data
    from station import offers as offers
    from station import outbox as outbox
    from station import possible as possible
    from station import printing as printing
    from station import pruning as pruning
    from station import receive as receive
    from station import register as register
    from station import review as review
    from station import rhythm as rhythm
    from station import rotation as rotation
    from station import runs as runs
    from station import setup as station_setup
    from station import sheets as sheets
    from station import spoiled as spoiled
    from station import sticks as sticks
    from station import trust as station_trust
    from training import place as training
    from workspace import accounts as accounts
    from workspace import auditing as auditing
    from workspace import care as care
    from workspace import environment as environment
    from workspace import files as files
    from workspace import folder as folder
    from workspace import home as home
    from workspace import office as office
    from workspace import opening as opening
    from workspace import papers as papers
    from workspace import people as people
    from workspace import places as areas
    from workspace import search as search
    from workspace import storage as storage
    from workspace import tabular as tabular
    from workspace import templates as templates
    from workspace import trusting as trusting
    from workspace import vault as vault

MODULES: Final = {
    "accounts": "workspace.accounts",
    "adjudication": "registry.adjudication",
    "admit": "registry.admit",
    "areas": "workspace.places",
    "auditing": "workspace.auditing",
    "batch": "station.batch",
    "beside": "registry.beside",
    "care": "workspace.care",
    "cases": "registry.adjudication_shown",
    "changes": "station.changes",
    "completing": "station.completing",
    "decide": "registry.decide",
    "deciding": "registry.adjudication_acts",
    "drafts": "station.drafts",
    "environment": "workspace.environment",
    "errand": "station.errand",
    "events": "station.events",
    "export": "station.export",
    "files": "workspace.files",
    "folder": "workspace.folder",
    "home": "workspace.home",
    "households": "station.households",
    "inbox": "registry.inbox",
    "line": "station.line",
    "my_data": "station.my_data",
    "notices": "registry.notices",
    "offers": "station.offers",
    "office": "workspace.office",
    "opening": "workspace.opening",
    "outbox": "station.outbox",
    "oversight": "registry.oversight",
    "owing": "registry.owing",
    "papers": "workspace.papers",
    "people": "workspace.people",
    "possible": "station.possible",
    "printing": "station.printing",
    "pruning": "station.pruning",
    "queues": "registry.queues",
    "receive": "station.receive",
    "register": "station.register",
    "registry_enrol": "registry.enrol",
    "registry_keys": "registry.keys",
    "registry_setup": "registry.setup",
    "registry_trust": "registry.trust",
    "renewing": "registry.renewing",
    "review": "station.review",
    "revoking": "registry.revoking",
    "rhythm": "station.rhythm",
    "rotation": "station.rotation",
    "runs": "station.runs",
    "search": "workspace.search",
    "settling": "registry.adjudication_conflicts",
    "sheets": "station.sheets",
    "slots": "db.slots",
    "spoiled": "station.spoiled",
    "station_setup": "station.setup",
    "station_trust": "station.trust",
    "sticks": "station.sticks",
    "storage": "workspace.storage",
    "tables": "registry.tables",
    "tabular": "workspace.tabular",
    "templates": "workspace.templates",
    "training": "training.place",
    "trusting": "workspace.trusting",
    "vault": "workspace.vault",
    "verify": "documents.verify",
    "worklists": "registry.adjudication_queues",
}

# What the first minutes need; imported on a worker while the passphrase is typed.
EARLY: Final = ("opening", "home", "search", "people", "drafts", "register", "worklists")

_twin: list[Any] = []


def __getattr__(name: str) -> Any:
    """The office module called ``name``. Only from a worker."""
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    tasks.must_not_block(f"the office {name}")
    if _twin:
        return getattr(_twin[-1], name)
    return importlib.import_module(MODULES[name])


def warm(names: tuple[str, ...] = EARLY) -> None:
    """Import the offices named. On a worker."""
    for name in names:
        __getattr__(name)


@contextmanager
def use(twin: Any) -> Iterator[None]:
    """Let an in-memory twin stand for the offices; its attributes are the modules."""
    _twin.append(twin)
    try:
        yield
    finally:
        _twin.pop()
