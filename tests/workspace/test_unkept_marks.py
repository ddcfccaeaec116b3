"""The account's own folder cannot be written: work goes on, and no two copies ever fork."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from db.device import DeviceState
from ledger import kinds
from tests.places import CHEAP, Site, environment, families
from workspace import care
from workspace.opening import NO_MARKS


class Worn(DeviceState):
    """A state folder that can be read, and written only as long as it is not `worn`."""

    worn = False

    def keeps_marks(self) -> bool:
        return not self.worn and super().keeps_marks()

    def set_high_water(self, name: object, epoch: bytes, sequence: int) -> None:
        if self.worn:
            raise OSError(errno.EROFS, "Read-only file system")
        super().set_high_water(name, epoch, sequence)

    def forget_high_water(self, name: object) -> None:
        if self.worn:
            raise OSError(errno.EROFS, "Read-only file system")
        super().forget_high_water(name)


@pytest.fixture
def device(busy_site: Site) -> Worn:
    return Worn(busy_site.state)


@pytest.fixture
def site(busy_site: Site, device: Worn) -> Site:
    """The site on a machine whose state folder may wear out."""
    env = environment(busy_site.state, at=busy_site.clock.now(), policy=CHEAP)
    object.__setattr__(env, "device", device)
    return Site(busy_site.folder, env)


def epochs(site: Site) -> int:
    """How many epochs the station has begun."""
    with site.at_station("officer", read_only=True) as session, session.store.read() as reader:
        return len(reader.entries_of_kind(kinds.EPOCH_BEGUN, "office"))


def test_work_goes_on_in_an_epoch_of_each_opening(site: Site, device: Worn) -> None:
    assert epochs(site) == 1
    device.worn = True
    for number in (2, 3):
        with site.at_station("officer") as session:
            assert session.notes == [NO_MARKS]
        assert epochs(site) == number
    assert site.take_in(families(1, first=40), name="m.csv").persons == 2
    assert epochs(site) == 4
    device.worn = False
    for _ in range(2):
        # One epoch more that has its mark; then no more.
        with site.at_station("officer"):
            pass
    assert epochs(site) == 5
    with site.at_station("officer") as session:
        assert care.check(session).problems == ()


def test_reading_needs_no_mark(site: Site, device: Worn) -> None:
    device.worn = True
    with site.at_station("officer", read_only=True) as session:
        assert care.check(session).problems == ()
    assert epochs(site) == 1


def test_an_older_copy_does_not_fork(site: Site, device: Worn, tmp_path: Path) -> None:
    """The store is copied as files, worked on, put back as it was, and worked on again."""
    device.worn = True
    site.take_in(families(1, first=40), name="m1.csv")
    shutil.copytree(site.station, tmp_path / "older")
    site.take_in(families(1, first=50), name="m2.csv")
    first = site.send()
    shutil.rmtree(site.station)
    shutil.copytree(tmp_path / "older", site.station)
    site.take_in(families(2, first=60), name="m3.csv")
    second = site.send()
    assert site.admit(first).quarantined == 0
    assert site.admit(second).quarantined == 0


def test_worn_out_at_work_and_copied_at_that_moment(
    site: Site, device: Worn, tmp_path: Path
) -> None:
    """The copy has exactly what the last mark tells of, so it would go on in that epoch."""
    with site.at_station("officer"):
        pass
    shutil.copytree(site.station, tmp_path / "older")
    with site.at_station("officer") as session:
        device.worn = True
        from station.intake import intake
        from tests.places import DAY

        listed = site.write_list(families(1, first=50), "m2.csv")
        assert intake(session, listed, on=DAY).persons == 2
        assert not session.marks
    first = site.send()
    device.worn = False
    shutil.rmtree(site.station)
    shutil.copytree(tmp_path / "older", site.station)
    site.take_in(families(2, first=60), name="m3.csv")
    second = site.send()
    assert site.admit(first).quarantined == 0
    assert site.admit(second).quarantined == 0


def test_a_mark_that_fails_after_all_is_dropped(
    site: Site, device: Worn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could be written a moment ago: without any mark the next opening begins an epoch."""

    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with site.at_station("officer") as session:
        monkeypatch.setattr(device, "set_high_water", fails)
        from station.intake import intake
        from tests.places import DAY

        assert intake(session, site.write_list(families(1, first=50)), on=DAY).persons == 2
    monkeypatch.undo()
    with site.at_station("officer") as session:
        assert session.notes
    assert epochs(site) == 2


def test_a_probe_leaves_nothing(tmp_path: Path) -> None:
    state = DeviceState(tmp_path / "state")
    assert state.keeps_marks()
    assert list((tmp_path / "state").iterdir()) == []
    (tmp_path / "file").write_text("x")
    assert not DeviceState(tmp_path / "file" / "state").keeps_marks()
