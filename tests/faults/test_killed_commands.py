"""Power cuts: real processes, killed at random moments; what was called saved is there after."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger import kinds
from station import intake
from tests.faults.forking import Child, Forker
from tests.places import DAY, Site, families, opened
from workspace import care
from workspace.errors import RefusedError
from workspace.session import Session

KILLS = 40
FAMILIES = 8
SEED = 20261115


@pytest.fixture(scope="module")
def forker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forker]:
    """Starts commands as processes of their own."""
    made = Forker(tmp_path_factory.mktemp("forker"))
    yield made
    made.close()


def run(forker: Forker, site: Site, *words: object) -> Child:
    """Start a command on a site's machine."""
    return forker.start(*words, state=site.state, at=site.clock.now())


def by_source(session: Session) -> dict[str, list[str]]:
    """For each household of the list, the numbers under which it was registered."""
    found: dict[str, list[str]] = {}
    with session.store.read() as reader:
        for view in reader.views("registration"):
            household = reader.household(view.household)
            assert household is not None
            found.setdefault(view.source["household"], []).append(household.number)
    return found


@pytest.mark.parametrize("seed", range(SEED, SEED + 4))
def test_intake_killed(founded_site: Site, tmp_path: Path, forker: Forker, seed: int) -> None:
    """Sync 5 (a): a kill at any moment."""
    print(f"seed {seed}")
    chance = random.Random(seed)
    killed = acknowledged = 0
    for number in range(KILLS // 4):
        site = founded_site.copied(tmp_path / f"site-{number}")
        child = run(forker, site, *words_of(site))
        # After so many households, and then some moment within the work on the next one or two:
        # by the work and not by the clock, so that a busy machine kills at the same places.
        child.wait_for_lines(chance.randrange(FAMILIES))
        time.sleep(chance.uniform(0, 0.03))
        child.kill()
        said = [line.split() for line in child.lines if line.startswith("H-")]
        killed += child.wait() is None
        acknowledged += len(said)
        with site.at_station("officer") as session:
            stored = by_source(session)
            for listed, registered in said:
                assert stored[listed] == [registered], "an acknowledged household is gone"
            again = intake.intake(session, site.folder / "list.csv", on=DAY)
            assert again.households == FAMILIES - len(stored)
            stored = by_source(session)
            assert all(len(numbers) == 1 for numbers in stored.values()), "registered twice"
            assert len(stored) == FAMILIES
            assert care.check(session).problems == ()
            with session.store.read() as reader:
                assert len(reader.entries_of_kind(kinds.EPOCH_BEGUN, "office")) == 1
        shutil.rmtree(site.folder)
    assert killed and acknowledged, "every kill came too late or too early: mend the test"


def words_of(site: Site) -> list[object]:
    """The intake of a list of invented families."""
    path = site.write_list(families(FAMILIES))
    return ["intake", site.station, path, "--on", "2026-11-15", "--as", "officer"]


def kill_at_random(start: Callable[[], Child], chance: random.Random, length: float) -> int | None:
    """Start a command and kill it at some moment; its code when it was quicker."""
    child = start()
    time.sleep(chance.uniform(0, length))
    child.kill()
    return child.wait()


def test_export_and_import_killed(worked_site: Site, tmp_path: Path, forker: Forker) -> None:
    chance = random.Random(SEED)
    for number in range(4):
        site = worked_site.copied(tmp_path / f"site-{number}")
        kill_at_random(
            lambda site=site: run(  # type: ignore[misc]  # bound for this turn
                forker, site, "bundle", "export", site.station, "--out", site.outbox,
                "--as", "supervisor",
            ),
            chance, 0.15,
        )  # fmt: skip
        for path in site.outbox.iterdir():
            if not (path / "manifest.sig").exists():
                with pytest.raises(RefusedError) as refused:
                    site.admit(path)
                assert refused.value.code in {"unfinished", "not_a_bundle"}
        bundle = site.send()
        kill_at_random(
            lambda site=site, bundle=bundle: run(  # type: ignore[misc]  # bound for this turn
                forker, site, "registry", "import", site.registry, bundle, "--notice", site.outbox,
                "--as", "registrar",
            ),
            chance, 0.3,
        )  # fmt: skip
        done = site.admit(bundle)
        assert (done.held, done.quarantined) == (0, 0)
        assert done.notice is not None
        kill_at_random(
            lambda site=site, notice=done.notice: run(  # type: ignore[misc]  # bound for this turn
                forker, site, "station", "receive", site.station, notice, "--as", "supervisor"
            ),
            chance, 0.1,
        )  # fmt: skip
        with site.at_station("supervisor") as session:
            from station import receive, sending

            got = receive.receive(session, done.notice)
            assert [one.outcome for one in got.outcomes].count("admitted") >= 4
            assert sending.state(session).sent == 0
            assert care.check(session).problems == ()
        with site.at_registry() as session:
            assert care.check(session).problems == ()
            with session.store.read() as reader:
                assert reader.counts().persons == 6
        shutil.rmtree(site.folder)


def test_users_killed(founded_site: Site, tmp_path: Path, forker: Forker) -> None:
    """A kill between the certificate and the slot: the same command again puts it right."""
    chance = random.Random(SEED)
    for number in range(4):
        site = founded_site.copied(tmp_path / f"site-{number}")
        for words in (
            ("user", "add", site.station, "--name", "Hana", "--role", "officer"),
            ("user", "passphrase", site.station, "--name", "officer"),
            ("user", "disable", site.station, "--name", "supervisor"),
        ):
            code = kill_at_random(lambda: run(forker, site, *words), chance, 0.06)  # noqa: B023 - called at once
            again = run(forker, site, *words).wait()
            assert again == 0 or (words[1] == "add" and again == 1), (words, code, again)
        for user in ("Hana", "officer"):
            with opened(site.station, user, site.env) as session:
                path = site.write_list(families(1, first=len(user)), f"{user}.csv")
                assert intake.intake(session, path, on=DAY).households == 1
                assert care.check(session).problems == ()


def test_backup_and_restore_killed(worked_site: Site, tmp_path: Path, forker: Forker) -> None:
    chance = random.Random(SEED)
    site = worked_site.copied(tmp_path / "site")
    for number in range(4):
        file, back = tmp_path / f"{number}.wsb", tmp_path / f"back-{number}"
        kill_at_random(
            lambda file=file: run(forker, site, "backup", site.station, "--out", file),  # type: ignore[misc]  # bound for this turn
            chance, 0.12,
        )  # fmt: skip
        if not file.exists():
            assert run(forker, site, "backup", site.station, "--out", file).wait() == 0
        kill_at_random(
            lambda file=file, back=back: run(forker, site, "restore", file, back),  # type: ignore[misc]  # bound for this turn
            chance, 0.05,
        )  # fmt: skip
        if not back.exists():
            assert run(forker, site, "restore", file, back).wait() == 0
        with opened(back, "officer", site.env) as session:
            assert care.check(session).problems == ()
            assert len(by_source(session)) == 3
        assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_enrolment_killed(founded_site: Site, tmp_path: Path, forker: Forker) -> None:
    """Request, grant, enrolment: whatever was cut off is done again, or begun anew elsewhere.

    MOSIP 928: the first sync fails now and then, and the machine is neither new nor ready.
    """
    chance = random.Random(SEED)
    for number in range(4):
        site = founded_site.copied(tmp_path / f"site-{number}")
        new, request, grant = (site.folder / name for name in ("new", "request", "grant"))

        def ask(folder: Path) -> Child:
            return run(
                forker, site, "station", "request", folder, "--name", "Site C", "--out", request  # noqa: B023 - called at once
            )  # fmt: skip

        if kill_at_random(lambda: ask(new), chance, 0.15) is None:  # noqa: B023 - called at once
            again = ask(new).wait()
            if again != 0:
                # It was cut off half-way: the folder says that it is not empty; another is used.
                assert again == 1
                new = site.folder / "new-2"
                assert ask(new).wait() == 0

        def enrol() -> Child:
            return run(
                forker, site, "registry", "enrol", site.registry, "--request", request,  # noqa: B023 - called at once
                "--out", grant,  # noqa: B023 - called at once
            )  # fmt: skip

        kill_at_random(enrol, chance, 0.1)
        assert enrol().wait() == 0

        def take() -> Child:
            return run(forker, site, "station", "enrol", new, "--grant", grant)  # noqa: B023 - called at once

        kill_at_random(take, chance, 0.1)
        assert take().wait() == 0
        added = run(forker, site, "user", "add", new, "--name", "Hana", "--role", "officer")
        assert added.wait() == 0
        with opened(new, "Hana", site.env) as session:
            path = site.write_list(families(1))
            assert intake.intake(session, path, on=DAY).households == 1
            assert care.check(session).problems == ()
        with site.at_registry() as session:
            assert care.check(session).problems == ()


def test_a_registry_killed_at_birth_is_no_registry(
    founded_site: Site, tmp_path: Path, forker: Forker
) -> None:
    """Its offline keys may be there: they are never overwritten, so another folder is named."""
    chance = random.Random(SEED)
    site = founded_site.copied(tmp_path / "site")
    for number in range(1):
        folder = tmp_path / f"registry-{number}"
        child = run(forker, site, "registry", "create", folder)
        time.sleep(chance.uniform(0.2, 2.5))
        child.kill()
        if child.wait() == 0:
            continue
        again = run(forker, site, "registry", "create", folder)
        if again.wait() == 1:
            with pytest.raises(RefusedError, match="holds no Waystation workspace"):
                opened(folder, "administrator", site.env).__enter__()
