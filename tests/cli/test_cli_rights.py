"""Who may do what: the table of the command's contract, for every command and every role."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import places
from tests.cli.conftest import Command
from tests.places import REGISTRY_USERS, STATION_USERS, Site

Words = Callable[[Site], list[object]]

ALL_STATION = frozenset(STATION_USERS)
ALL_REGISTRY = frozenset(REGISTRY_USERS)


def _list(site: Site) -> Path:
    return site.write_list(places.families(1))


def _notice(site: Site) -> Path:
    return site.folder / "no-notice"


AT_STATION: dict[str, tuple[set[str], Words]] = {
    "intake": ({"officer"}, lambda site: ["intake", site.station, _list(site)]),
    "review": ({"supervisor"}, lambda site: ["review", site.station, "--approve-all"]),
    "print": (
        {"officer", "supervisor"},
        lambda site: ["print", site.station, "--all", "--out", site.folder / "p.pdf"],
    ),
    "export": (
        {"supervisor"},
        lambda site: ["bundle", "export", site.station, "--out", site.outbox],
    ),
    "sync": ({"supervisor"}, lambda site: ["sync", site.station]),
    "receive": (
        {"officer", "supervisor", "administrator"},
        lambda site: ["station", "receive", site.station, _notice(site)],
    ),
    "enrol": (
        {"administrator"},
        lambda site: [
            "station",
            "enrol",
            site.station,
            "--grant",
            site.folder / "station-grant.wst",
        ],
    ),
    "user add": (
        {"administrator"},
        lambda site: ["user", "add", site.station, "--name", "two", "--role", "officer"],
    ),
    "user passphrase": (
        {"administrator"},
        lambda site: ["user", "passphrase", site.station, "--name", "nobody"],
    ),
    "user disable": (
        {"administrator"},
        lambda site: ["user", "disable", site.station, "--name", "nobody"],
    ),
    "user list": ({"administrator"}, lambda site: ["user", "list", site.station]),
    "trust": (
        {"administrator"},
        lambda site: ["trust", "export", site.station, "--out", site.folder / "trust.wst"],
    ),
    "verifier": (
        {"administrator"},
        lambda site: ["verifier", site.station, "--out", site.folder / "verifier.html"],
    ),
    "search": (set(ALL_STATION), lambda site: ["search", site.station, "Orlok"]),
    "check": (set(ALL_STATION), lambda site: ["check", site.station]),
    "rebuild": (set(ALL_STATION), lambda site: ["rebuild", site.station]),
    "audit": ({"auditor", "administrator"}, lambda site: ["audit", site.station]),
}

AT_REGISTRY: dict[str, tuple[set[str], Words]] = {
    "import": (
        {"clerk", "registrar"},
        lambda site: [
            "registry", "import", site.registry, site.folder / "none", "--notice", site.outbox
        ],
    ),
    "enrol": (
        {"administrator"},
        lambda site: [
            "registry", "enrol", site.registry,
            "--request", site.folder / "station-request.wst", "--out", site.folder / "again.wst",
        ],
    ),
    "user add": (
        {"administrator"},
        lambda site: ["user", "add", site.registry, "--name", "two", "--role", "clerk"],
    ),
    "user list": ({"administrator"}, lambda site: ["user", "list", site.registry]),
    "trust": (
        {"administrator"},
        lambda site: ["trust", "export", site.registry, "--out", site.folder / "t", "--jwks"],
    ),
    "verifier": (
        {"administrator"},
        lambda site: ["verifier", site.registry, "--out", site.folder / "verifier.html"],
    ),
    "serve": (
        {"administrator", "service"},
        # Those who may are told that it wants a name.
        lambda site: ["registry", "serve", site.registry, "--host", "192.0.2.1"],
    ),
    "search": (set(ALL_REGISTRY), lambda site: ["search", site.registry, "Orlok"]),
    "check": (set(ALL_REGISTRY), lambda site: ["check", site.registry]),
    "rebuild": (set(ALL_REGISTRY), lambda site: ["rebuild", site.registry]),
    "audit": ({"auditor", "administrator"}, lambda site: ["audit", site.registry]),
}  # fmt: skip


def refused_roles(command: Command, site: Site, words: Words, users: frozenset[str]) -> set[str]:
    """Those of the users who are told that their role may not do this."""
    refused = set()
    for user in sorted(users):
        ran = command(*words(site), "--as", user, "--json")
        assert ran.code in (0, 1), ran
        if ran.code == 1 and ran.json["error"]["code"] == "not_allowed":
            assert "Ask somebody who may" in ran.sentence
            refused.add(user)
    return refused


@pytest.mark.parametrize("name", AT_STATION)
def test_rights_at_a_station(name: str, busy_site: Site, busy_command: Command) -> None:
    allowed, words = AT_STATION[name]
    assert ALL_STATION - refused_roles(busy_command, busy_site, words, ALL_STATION) == allowed


@pytest.mark.parametrize("name", AT_REGISTRY)
def test_rights_at_a_registry(name: str, site: Site, command: Command) -> None:
    allowed, words = AT_REGISTRY[name]
    assert ALL_REGISTRY - refused_roles(command, site, words, ALL_REGISTRY) == allowed


def test_everybody_changes_the_own_passphrase(site: Site, command: Command) -> None:
    for user in STATION_USERS:
        changed = command.asked(
            "user", "passphrase", site.station, "--as", user,
            env={"WAYSTATION_NEW_PASSPHRASE": "another seven easy words"},
        )  # fmt: skip
        assert user in [row["name"] for row in changed["users"]]
        ran = command("check", site.station, "--as", user)
        assert ran.code == 1, "the old passphrase still opens the workspace"
        known = {"WAYSTATION_PASSPHRASE": "another seven easy words"}
        assert command("check", site.station, "--as", user, env=known).code == 0


def test_the_first_administrator_is_meant_without_as(site: Site, command: Command) -> None:
    # An administrator may not take in: so the default is seen in the refusal.
    ran = command("intake", site.station, _list(site), "--json")
    assert ran.code == 1
    assert "administrator" in ran.json["error"]["message"]
    assert command.asked("user", "list", site.station)["users"][0]["name"] == "administrator"
