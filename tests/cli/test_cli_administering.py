"""The administrator's commands: each does its thing, says it, and refuses in words."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from registry.service.staging import Result, Staging
from tests.cli.conftest import Command
from tests.places import Site, environment, families
from tests.serving import admitting
from values.clock import rfc3339
from values.identifiers import BundleId, OfficeId


def test_a_station_from_its_list_to_its_end(busy_site: Site, busy_command: Command) -> None:
    site, run = busy_site, busy_command
    site.admit(site.send(), notice=False)
    (listed,) = run.asked("registry", "stations", site.registry)["stations"]
    assert (listed["code"], listed["name"], listed["revoked"]) == ("A01", "Site A", None)
    assert listed["last_contact"] is not None
    people = run.asked("registry", "people", site.registry, "--station", "A01")["people"]
    assert {one["name"] for one in people} == {"administrator", "officer", "supervisor", "auditor"}
    gone = run.asked(
        "registry", "revoke-user", site.registry, "--station", "A01", "--name", "officer",
        "--reason", "sold cards",
    )  # fmt: skip
    assert (gone["certificates"], gone["aside"]) == (1, 0)
    again = run(
        "registry", "revoke-user", site.registry, "--station", "A01", "--name", "officer",
        "--reason", "sold cards",
    )  # fmt: skip
    assert again.code == 1
    assert "registry people" in again.sentence
    since = rfc3339(site.clock.now())
    gone = run.asked(
        "registry", "revoke", site.registry, "--station", "a01", "--reason", "taken",
        "--since", since, "--lost",
    )  # fmt: skip
    assert len(gone["keys"]) == 1
    (listed,) = run.asked("registry", "stations", site.registry)["stations"]
    assert listed["revoked"] is not None
    assert listed["since"] == since
    assert listed["reason"] == "taken"
    told = run("registry", "stations", site.registry)
    assert "revoked" in told.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("revoke", "--station", "Z99", "--reason", "x"), 1),
        (("revoke", "--station", "A01", "--reason", " "), 1),
        (("revoke", "--station", "A01", "--reason", "x", "--since", "2090-01-01"), 1),
        (("revoke", "--station", "A01", "--reason", "x", "--since", "soon"), 2),
        (("revoke", "--station", "A01"), 2),
        (("revoke", "--station", "A01", "--reason", "x", "--as", "registrar"), 1),
        (("people", "--station", "Z99"), 1),
        (("renew-sealing", "--as", "clerk"), 1),
        (("renew-authority", "--anyway"), 2),
        (("renew-authority",), 1),
        (("renew-signing", "--root-key", "/does/not/exist"), 1),
        (("policy", "--keep-days", "3", "--keep-all"), 2),
        (("policy", "--keep-days", "-3"), 2),
        (("ask", "--station", "A01", "--out", "/does/not/exist"), 1),
        (("photos", "--to", "file:///somewhere"), 1),
        (("aside", "--as", "clerk"), 1),
    ],
)
def test_what_is_refused(site: Site, command: Command, words: tuple[str, ...], code: int) -> None:
    ran = command("registry", words[0], site.registry, *words[1:])
    assert ran.code == code, ran
    assert ran.sentence


def test_a_wrong_passphrase_of_the_root_key(site: Site, command: Command) -> None:
    ran = command(
        "registry", "renew-signing", site.registry, "--root-key", site.keys / "root-key.age",
        env={"WAYSTATION_KEY_PASSPHRASE": "not these words"},
    )  # fmt: skip
    assert ran.code == 1
    done = command.asked(
        "registry", "renew-signing", site.registry, "--root-key", site.keys / "root-key.age"
    )
    assert done["untold"] == ["A01"]


def test_rules_are_told_and_changed(site: Site, command: Command) -> None:
    assert command.asked("registry", "policy", site.registry)["keep_days"] is None
    assert command.asked("registry", "policy", site.registry, "--keep-days", 90)["keep_days"] == 90
    assert command.asked("registry", "policy", site.registry)["keep_days"] == 90
    (listed,) = command.asked("registry", "stations", site.registry)["stations"]
    assert listed["due"]
    made = command.asked("registry", "ask", site.registry, "--station", "A01", "--out", site.outbox)
    command.asked("station", "receive", site.station, made["notice"], "--as", "supervisor")
    with site.at_station("supervisor") as session:
        assert session.office.operation.keep_days == 90
    command.asked("registry", "policy", site.registry, "--keep-all")
    assert command.asked("registry", "policy", site.registry)["keep_days"] is None


def test_a_user_gets_another_role_and_is_disabled_since_a_time(
    site: Site, command: Command
) -> None:
    done = command.asked("user", "role", site.station, "--name", "officer", "--role", "supervisor")
    assert done["user"]["role"] == "supervisor"
    since = rfc3339(site.clock.now())
    listed = command.asked(
        "user", "disable", site.station, "--name", "officer", "--reason", "left",
        "--since", since,
    )  # fmt: skip
    assert {one["name"]: one["disabled"] for one in listed["users"]}["officer"]


def test_what_was_put_aside_for_a_fault_is_handed_in_again(
    busy_site: Site, busy_command: Command
) -> None:
    site, run = busy_site, busy_command
    assert run.asked("registry", "aside", site.registry)["bundles"] == []
    with site.at_station() as session:
        office = OfficeId(session.office.id)
    bundle = BundleId(uuid4())
    staging = Staging.of(site.registry)
    place = staging.root / "aside" / str(office) / str(bundle)
    place.parent.mkdir(parents=True)
    shutil.copytree(site.send(), place)
    staging.put_result(office, bundle, Result("aside", "ab" * 32, 7, tries=4, code="aside"))
    (listed,) = run.asked("registry", "aside", site.registry)["bundles"]
    assert (listed["station"], listed["bundle"]) == ("A01", str(bundle))
    again = run.asked("registry", "aside", site.registry, "--again")
    assert [one["bundle"] for one in again["bundles"]] == [str(bundle)]
    assert run.asked("registry", "aside", site.registry)["bundles"] == []
    found = staging.result(office, bundle)
    assert found is not None
    assert (found.state, found.tries, found.order) == ("staged", 0, 7)
    with admitting(site, staging):
        from tests.serving import until

        until(lambda: (staging.result(office, bundle) or found).ended)
    done = staging.result(office, bundle)
    assert done is not None
    assert done.state == "imported"


def test_a_lost_laptop_is_replaced(
    site: Site, command: Command, tmp_path: Path, waystation_at: Callable[[Site], Command]
) -> None:
    """Two administrators at the new laptop and the registry; the old one turns up in the end."""
    new = command.elsewhere(environment(tmp_path / "state", at=site.clock.now()))
    folder, request, grant = (tmp_path / one for one in ("new", "request", "grant"))
    new.asked("station", "request", folder, "--name", "Site A", "--admin", "ben", "--out", request)
    refused = command(
        "registry", "enrol", site.registry, "--request", request, "--out", grant,
        "--replaces", "A01",
    )  # fmt: skip
    assert refused.code == 1, "a reason is wanted"
    assert not grant.exists()
    refused = command(
        "registry", "enrol", site.registry, "--request", request, "--out", grant,
        "--reason", "left in the bus",
    )  # fmt: skip
    assert refused.code == 2
    made = command.asked(
        "registry", "enrol", site.registry, "--request", request, "--out", grant,
        "--replaces", "A01", "--reason", "left in the bus",
    )  # fmt: skip
    assert (made["code"], made["revoked"]) == ("A02", "A01")
    new.asked("station", "enrol", folder, "--grant", grant)
    site.take_in(families(1), name="unsent.csv")
    found = site.admit(site.send())
    assert (found.admitted, found.quarantined > 0) == (0, True)
    assert waystation_at is not None
