"""The registry's computer is lost: it comes back from its offline keys, command by command.

The same commands, in the same order, stand in docs/guides/recovery.md: what is run is compared.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from registry import decide, queues
from sync.inspect import inspect
from tests.cli.conftest import Command
from tests.places import Site, environment, families, opened
from workspace.environment import Environment

KEYS = ("root-key.age", "recovery-key.age")


@pytest.fixture
def lost(busy_site: Site, waystation_at: Callable[[Site], Command]) -> tuple[Site, Command]:
    """A site that worked for a while: registered, numbered, printed, acknowledged. Then the
    registry's computer is gone; the stick with the first bundle and notice is not."""
    site, run = busy_site, waystation_at(busy_site)
    stick = site.outbox
    run.asked(
        "print", site.station, "--all", "--document", "registration", "--language", "en",
        "--as", "officer", "--out", site.folder / "paper.pdf",
    )  # fmt: skip
    sent = run.asked("bundle", "export", site.station, "--out", stick, "--as", "supervisor")
    first = run.asked(
        "registry", "import", site.registry, sent["bundle"], "--notice", stick,
        "--as", "registrar",
    )  # fmt: skip
    with site.at_registry() as session:
        decide.register(session, [one.registration for one in queues.to_register(session)])
    second = run.asked("registry", "ask", site.registry, "--station", "A01", "--out", stick)
    for made in (first, second):
        run.asked("station", "receive", site.station, made["notice"], "--as", "supervisor")
    run.asked("trust", "export", site.registry, "--out", site.folder / "trust.wst")
    return site, run


def state_of(run: Command, registry: Path) -> tuple[int, list[str]]:
    found = run.asked("check", registry)
    assert found["problems"] == []
    return found["entries"], found["notes"]


def permanent_numbers(run: Command, site: Site) -> set[str]:
    """Of everybody, as the station was told them."""
    with site.at_station("officer") as session, session.store.read() as reader:
        return {one.permanent for one in reader.views("person") if one.permanent}


def at_registry(env: Environment, folder: Path) -> dict[str, object]:
    with opened(folder, "administrator", env) as session, session.store.read() as reader:
        persons = list(reader.views("person"))
        return {
            "persons": len(persons),
            "registered": reader.count_queue("registered"),
            "permanent": {one.permanent for one in persons if one.permanent},
            "aside": reader.counts().quarantined,
            "held": reader.counts().held,
        }


def test_from_the_offline_keys_and_a_backup(lost: tuple[Site, Command], tmp_path: Path) -> None:
    """Backup, loss, restore on another machine, recover; then stations send what is newer."""
    site, run = lost
    before = at_registry(site.env, site.registry)
    run.asked("backup", site.registry, "--out", tmp_path / "registry.backup")
    # Work goes on after the backup, and is acknowledged.
    site.take_in(families(1, first=70), name="late.csv")
    site.approve()
    sent = run.asked("bundle", "export", site.station, "--out", site.outbox, "--as", "supervisor")
    done = run.asked(
        "registry", "import", site.registry, sent["bundle"], "--notice", site.outbox,
        "--as", "registrar",
    )  # fmt: skip
    run.asked("station", "receive", site.station, done["notice"], "--as", "supervisor")
    shutil.rmtree(site.registry)
    # Another computer: no device secret of the old one.
    new = tmp_path / "registry"
    run.asked("restore", tmp_path / "registry.backup", new)
    other = environment(tmp_path / "state", at=site.clock.now())
    elsewhere = run.elsewhere(other)
    refused = elsewhere("check", new)
    assert refused.code == 1
    back = elsewhere.asked("recover", new, "--key", site.keys / "recovery-key.age")
    assert back["administrator"] == "administrator"
    listed = elsewhere.asked("registry", "stations", new)["stations"]
    assert [one["due"] for one in listed] == [True], "it has to be asked what it has"
    asked = elsewhere.asked("registry", "ask", new, "--station", "A01", "--out", site.outbox)
    told = run.asked("station", "receive", site.station, asked["notice"], "--as", "supervisor")
    assert told["acknowledged"] == 0
    assert [one["due"] for one in elsewhere.asked("registry", "stations", new)["stations"]] == [
        False
    ]
    again = run.asked("bundle", "export", site.station, "--out", site.outbox, "--as", "supervisor")
    elsewhere.asked("user", "add", new, "--name", "rosa", "--role", "registrar")
    taken = elsewhere.asked(
        "registry", "import", new, again["bundle"], "--notice", site.outbox, "--as", "rosa"
    )
    assert taken["admitted"] > 0
    assert (taken["held"], taken["quarantined"]) == (0, 0)
    state_of(elsewhere, new)
    after = at_registry(other, new)
    assert after["permanent"] == before["permanent"]
    assert after["persons"] == 8
    assert_as_told("The registry is lost, and there is a backup", run.ran)


def test_from_the_offline_keys_alone(lost: tuple[Site, Command], tmp_path: Path) -> None:
    """No backup at all: the keys from the safe, a trust list, an old stick, and the stations."""
    site, run = lost
    before = at_registry(site.env, site.registry)
    numbers = permanent_numbers(run, site)
    assert numbers == before["permanent"]
    shutil.rmtree(site.registry)
    new, keys, stick = tmp_path / "registry", site.keys, site.outbox
    made = run.asked(
        "registry", "refound", new, "--root-key", keys / KEYS[0], "--recovery-key", keys / KEYS[1],
        "--trust", site.folder / "trust.wst",
    )  # fmt: skip
    assert made["stations"] == ["A01"]
    assert made["notes"] == []
    assert list(new.rglob("*.age")) == [], "the offline keys do not stay"
    # Papers are valid all the while: the new list says what the old one said.
    run.asked("trust", "export", new, "--out", tmp_path / "trust.wst")
    seen = run.asked("verify", site.folder / "paper.pdf", "--trust", tmp_path / "trust.wst")
    assert seen["verdict"] == "valid"
    run.asked("user", "add", new, "--name", "rosa", "--role", "registrar")
    # The station asks for its next key, and is enrolled under its own code.
    run.asked("key", "request", site.station, "--out", tmp_path / "a01.request")
    given = run.asked(
        "registry", "enrol", new, "--request", tmp_path / "a01.request",
        "--out", tmp_path / "a01.grant",
    )  # fmt: skip
    assert given["code"] == "A01"
    run.asked("key", "take", site.station, "--grant", tmp_path / "a01.grant")
    # What lies on old sticks opens with the recovery key: decisions, and bundles.
    notices = [one for one in stick.iterdir() if _is_notice(one)]
    assert len(notices) >= 2
    words = ("registry", "recall", new, *notices, tmp_path, "--recovery-key", keys / KEYS[1])
    assert run(*words).sentence.startswith(f"{tmp_path}: "), "which of them it is"
    called = run.asked("registry", "recall", new, *notices, "--recovery-key", keys / KEYS[1])
    assert called["decisions"] > 0
    assert called["left_out"] == 0
    (old,) = [one for one in stick.iterdir() if one not in notices]
    run.asked("registry", "import", new, old, "--recovery-key", keys / KEYS[1], "--as", "rosa")
    # And the station sends everything once it is told that little is here.
    asked = run.asked("registry", "ask", new, "--station", "A01", "--out", stick)
    run.asked("station", "receive", site.station, asked["notice"], "--as", "supervisor")
    sent = run.asked("bundle", "export", site.station, "--out", stick, "--as", "supervisor")
    done = run.asked("registry", "import", new, sent["bundle"], "--notice", stick, "--as", "rosa")
    assert (done["held"], done["quarantined"]) == (0, 0)
    got = run.asked("station", "receive", site.station, done["notice"], "--as", "supervisor")
    assert got["acknowledged"] > 0
    after = at_registry(site.env, new)
    assert after == before
    state_of(run, new)
    assert_as_told("The registry is lost, and there is no backup", run.ran)
    state_of(run, site.station)
    # And numbers go on in a block of their own.
    site.take_in(families(1, first=80), name="after.csv")
    site.approve()
    sent = run.asked("bundle", "export", site.station, "--out", stick, "--as", "supervisor")
    run.asked("registry", "import", new, sent["bundle"], "--notice", stick, "--as", "rosa")
    with opened(new, "rosa", site.env) as session:
        decide.register(session, [one.registration for one in queues.to_register(session)])
    later = at_registry(site.env, new)["permanent"]
    assert isinstance(later, set)
    assert numbers < later
    assert len(later) == len(numbers) + 2


def as_told(title: str) -> list[tuple[str, ...]]:
    """The commands of a section of the guide, by their names, in its order."""
    page = (Path(__file__).parents[2] / "docs" / "guides" / "recovery.md").read_text("utf-8")
    section = page.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line.split()[1:] for line in section.splitlines() if line.startswith("waystation ")]
    return [named(words) for words in lines]


def named(words: list[str]) -> tuple[str, ...]:
    """A command without what it is given."""
    grouped = {"registry", "station", "user", "key", "trust", "bundle"}
    return tuple(words[:2]) if words[0] in grouped else (words[0],)


def assert_as_told(title: str, ran: list[list[str]]) -> None:
    """Everything that the guide tells was run, in its order."""
    rest = iter([named(words) for words in ran])
    for told in as_told(title):
        assert told in rest, f"{' '.join(told)} was not run where the guide has it"


def _is_notice(path: Path) -> bool:
    return str(inspect(path).kind) == "notice"


def test_keys_of_another_registry_found_nothing(
    lost: tuple[Site, Command], stranger_site: Site, tmp_path: Path
) -> None:
    site, run = lost
    new = tmp_path / "registry"
    words = ("registry", "refound", new, "--recovery-key", site.keys / KEYS[1])
    for root, trust in (
        (stranger_site.keys / KEYS[0], site.folder / "trust.wst"),
        (site.keys / KEYS[1], site.folder / "trust.wst"),
        (site.keys / KEYS[0], site.folder / "paper.pdf"),
    ):
        ran = run(*words, "--root-key", root, "--trust", trust)
        assert ran.code == 1, ran
        assert not new.exists()
    ran = run(
        *words, "--root-key", site.keys / KEYS[0], "--trust", site.folder / "trust.wst",
        env={"WAYSTATION_KEY_PASSPHRASE": "not the words of the keys"},
    )  # fmt: skip
    assert ran.code == 1
    assert not new.exists()
