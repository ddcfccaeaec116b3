"""One bundle on two or three sticks: written, carried, gathered; and one that is forgotten."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from registry import admit
from station import export, sending, sticks
from sync import limits, workers
from sync.bundle import Kind, check_contents, known_signers, open_bundle, verify
from sync.errors import BadOutcome, CancelledError, Flaw, NoRoomError
from sync.gather import Gathered, gather
from sync.inspect import inspect
from tests.faults.test_bundle_cut_off import photos_for
from tests.faults.test_disk_full import fill, small_disk
from tests.places import PASSPHRASE, Site
from workspace import care, key_files
from workspace.errors import RefusedError
from workspace.session import Session

ROOT = os.geteuid() == 0


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts of few entries, all sealed in this process."""
    monkeypatch.setattr(limits, "PART_PLAIN_BYTES", 4 * 1024)
    monkeypatch.setattr(workers, "ALONE", 1_000_000)


def stick(site: Site, number: int) -> Path:
    path = site.folder / f"stick-{number}"
    path.mkdir(exist_ok=True)
    return path


def carried(session: Session, site: Site, *, room: int = 16_000) -> list[sticks.Carried]:
    """Every stick of one bundle."""
    made = [sticks.carry(session, stick(site, 1), room=room)]
    while made[-1].left:
        made.append(sticks.carry(session, stick(site, len(made) + 1), room=room))
    return made


@pytest.fixture
def three(busy_site: Site) -> tuple[Site, list[Path]]:
    """A bundle on at least three sticks."""
    with busy_site.at_station("supervisor") as session:
        photos_for(session, 14)
        made = carried(session, busy_site)
        assert [one.number for one in made] == list(range(1, len(made) + 1))
        assert not (busy_site.station / sticks.FOLDER).exists()
        assert sending.state(session).waiting == 0
        assert len(export.past(session)) == 1
    assert len(made) >= 3
    return busy_site, [one.bundle for one in made]


def test_each_stick_has_both_manifests_and_whole_parts(three: tuple[Site, list[Path]]) -> None:
    _, folders = three
    assert len({folder.name for folder in folders}) == 1
    seen: list[str] = []
    for folder in folders:
        names = sorted(path.name for path in folder.iterdir())
        assert {"manifest.age", "manifest.sig"} < set(names)
        seen += names[:-2]
        assert sum(path.stat().st_size for path in folder.iterdir()) <= 16_000
    assert seen == [f"{index:05d}.age" for index in range(len(seen))]


def test_all_sticks_together_are_a_bundle(three: tuple[Site, list[Path]]) -> None:
    site, folders = three
    assert isinstance(gather(folders), Gathered)
    assert inspect(folders).whole
    with site.at_registry("registrar") as session:
        done = admit.import_bundle(session, list(reversed(folders)))
        assert (done.held, done.quarantined) == (0, 0)
        assert done.admitted > 20
        assert session.store.photos.count() == 14
        assert care.check(session).problems == ()


@pytest.mark.parametrize(("without", "said"), [(0, "before the one"), (1, "after the one")])
def test_a_forgotten_stick_is_asked_for(
    three: tuple[Site, list[Path]], without: int, said: str
) -> None:
    """MOSIP (a): a list of missing files from which everything is struck cannot fail."""
    site, folders = three
    some = [folder for index, folder in enumerate(folders) if index != without]
    absent = sorted(p.name for p in folders[without].iterdir() if not p.name.startswith("m"))
    found = inspect(some)
    assert not found.whole
    assert found.missing == tuple(absent)
    with site.at_registry("registrar") as session:
        with pytest.raises(RefusedError) as refused:
            admit.import_bundle(session, some)
        assert refused.value.code == "missing"
        assert absent[0] in refused.value.sentence
        assert said in refused.value.sentence
        assert "choose its folder too" in refused.value.sentence
        with session.store.read() as reader:
            assert not list(reader.epochs(site_station(site)))


def site_station(site: Site):  # type: ignore[no-untyped-def]  # an OfficeId
    from tests.places import office_of

    return office_of(site.station)


def test_a_damaged_file_on_one_stick_is_taken_from_another(three: tuple[Site, list[Path]]) -> None:
    _, folders = three
    whole = folders[0].parent.parent / "copy" / folders[0].name
    shutil.copytree(folders[0], whole)
    (folders[0] / "00000.age").write_bytes(b"not it")
    assert inspect(folders).altered == ("00000.age",)
    assert inspect([*folders, whole]).whole


def test_folders_of_two_bundles_are_told_apart(three: tuple[Site, list[Path]]) -> None:
    site, folders = three
    other = site.send()
    outcome = gather([folders[0], other])
    assert isinstance(outcome, BadOutcome)
    assert outcome.code is Flaw.NOT_ONE_BUNDLE
    found = inspect([folders[0], other])
    assert found.problem is not None and "same name" in found.problem.sentence


def test_a_stick_that_was_cut_off_is_written_again(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    from sync.errors import DriveError
    from tests.faults.test_bundle_cut_off import pull_after

    with busy_site.at_station("supervisor") as session:
        photos_for(session, 14)
        first = sticks.carry(session, stick(busy_site, 1), room=16_000)
        put_back = pull_after(monkeypatch, 2, errno.ENODEV)
        with pytest.raises(DriveError):
            sticks.carry(session, stick(busy_site, 2), room=16_000)
        put_back()
        assert export.past(session) == []
        assert sending.state(session).sent == 0
    with busy_site.at_station("supervisor") as session:  # another day
        waiting = sticks.waiting(session)
        assert waiting is not None and waiting.sticks == 1
        second = sticks.carry(session, stick(busy_site, 2), room=16_000)
        assert second.number == 2
        assert second.first == first.last + 1
        rest = [sticks.carry(session, stick(busy_site, 3))] if second.left else []
        assert sticks.waiting(session) is None
    folders = [first.bundle, second.bundle, *(one.bundle for one in rest)]
    assert inspect(folders).whole


def test_giving_up_marks_nothing(busy_site: Site) -> None:
    """Sync 3 (f): what was exported counts as sent, and the stick is lost."""
    with busy_site.at_station("supervisor") as session:
        photos_for(session, 14)
        sticks.carry(session, stick(busy_site, 1), room=16_000)
        with pytest.raises(CancelledError):
            sticks.carry(session, stick(busy_site, 2), room=16_000, cancelled=lambda: True)
        assert list(stick(busy_site, 2).iterdir()) == []
        sticks.abandon(session)
        assert sticks.waiting(session) is None
        assert export.past(session) == []
        assert sending.state(session).sent == 0
    assert busy_site.admit(busy_site.send()).held == 0


def test_a_stick_for_not_one_file_is_refused(busy_site: Site) -> None:
    with busy_site.at_station("supervisor") as session:
        with pytest.raises(NoRoomError) as full:
            sticks.carry(session, stick(busy_site, 1), room=2_000)
        assert "16 MB" in full.value.sentence
        assert list(stick(busy_site, 1).iterdir()) == []


def test_no_room_on_this_computer_is_said_before(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sticks, "SPARE_BYTES", 1 << 60)
    with busy_site.at_station("supervisor") as session:
        with pytest.raises(RefusedError) as refused:
            sticks.carry(session, stick(busy_site, 1))
        assert refused.value.code == "no_room_here"
        assert not (busy_site.station / sticks.FOLDER).exists()


@pytest.mark.parametrize("how", ["disk"] if ROOT else [])
def test_a_stick_that_is_full_leaves_the_rest_for_the_next(
    busy_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr("sync.spread.SLACK_BYTES", 0)  # so that the disk itself has to say it
    with small_disk(tmp_path / "stick", "256k") as small:
        fill(small, leave=40_000)
        with busy_site.at_station("supervisor") as session:
            photos_for(session, 20)
            first = sticks.carry(session, small)
            assert first.left
            rest = sticks.carry(session, stick(busy_site, 2))
            assert not rest.left
        assert inspect([first.bundle, rest.bundle]).whole
        assert not [path for path in first.bundle.iterdir() if path.suffix == ".partial"]


def test_the_command_splits_inspects_and_imports(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.cli.conftest import Command

    command = Command(busy_site.env, monkeypatch, capsys)
    with busy_site.at_station("supervisor") as session:
        photos_for(session, 14)
    made = command.asked(
        "bundle", "export", busy_site.station, "--out", busy_site.outbox, "--split", "16K",
        "--as", "supervisor",
    )  # fmt: skip
    folders = made["folders"]
    assert len(folders) >= 3 and made["bundle"] == folders[0]
    assert command.asked("bundle", "inspect", *folders)["whole"] is True
    ran = command("bundle", "inspect", *folders[1:], "--json")
    assert ran.code == 1 and "00000.age" in ran.json["missing"]
    assert "put in the one that was written before" in ran.sentence
    done = command.asked(
        "registry", "import", busy_site.registry, *folders, "--as", "registrar"
    )  # fmt: skip
    assert done["held"] == done["quarantined"] == 0 < done["admitted"]
    assert command("bundle", "export", busy_site.station, "--out", busy_site.outbox, "--split",
                   "lots", "--as", "supervisor").code == 2  # fmt: skip
    refused = command("prune", busy_site.station, "--dry-run", "--as", "supervisor", "--json")
    assert refused.code == 1 and "keeps everything" in refused.sentence


def test_a_clock_ten_years_off_changes_nothing(busy_site: Site) -> None:
    """MOSIP (j): limits by the wall clock, and no guard against one that is set back.

    Sync 5 (e): a clock that is ten years off.
    """
    from datetime import timedelta

    busy_site.clock.advance(timedelta(days=-3650))
    with busy_site.at_station("supervisor") as session:
        photos_for(session, 14)
        made = carried(session, busy_site)
    busy_site.clock.advance(timedelta(days=7300))
    with busy_site.at_registry("registrar") as session:
        done = admit.import_bundle(session, [one.bundle for one in made])
    assert (done.held, done.quarantined) == (0, 0)


def test_a_bundle_opens_with_the_two_keys_and_no_other(busy_site: Site) -> None:
    bundle = busy_site.send()
    with busy_site.at_registry() as session:
        identity = session.office.keys.identity
    recovery = next(path for path in busy_site.keys.iterdir() if "recovery" in path.name)
    recovery_identity, *_ = key_files.identities(recovery.read_bytes(), PASSPHRASE)
    with busy_site.at_station("supervisor") as session:
        verified = verify(
            bundle, known_signers([session.office.keys.signing_key().public]), expect=Kind.BUNDLE
        )
        own = session.office.keys.identity
    assert not isinstance(verified, BadOutcome)
    for key in (identity, recovery_identity):
        opened = open_bundle(verified, [key])
        assert not isinstance(opened, BadOutcome)
        assert check_contents(opened) is None
    refused = open_bundle(verified, [own])
    assert isinstance(refused, BadOutcome) and refused.code is Flaw.NOT_FOR_THIS_KEY
    for file in bundle.glob("*.age"):
        head = file.read_bytes().split(b"\n---", 1)[0]
        assert head.count(b"\n-> X25519 ") == 2
    assert PASSPHRASE
