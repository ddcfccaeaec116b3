"""What a restored registry says: no entry counts as sent that it has not, and no notice is lost.

Found by the simulation, and by reading what it found.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from registry import decide, notices, queues
from station import receive, sending
from sync.notice import Kind, Notice, open_notice, signers_under_root, verify
from tests.places import Site, families
from tests.serving import served, sync
from values.identifiers import EntryHash
from workspace import care
from workspace.errors import RefusedError
from workspace.exported import covered_upto
from workspace.trusting import trust_of


def back_up(site: Site, name: str = "registry.wsb") -> Path:
    file = site.folder / name
    with site.at_registry("administrator") as session:
        care.backup(session, file)
    return file


def fall_back(site: Site, backup: Path) -> None:
    """The registry's disk broke; the backup is restored in its place."""
    shutil.rmtree(site.registry)
    care.restore(backup, site.registry, env=site.env)


def take(site: Site, notice: Path | None) -> receive.Received:
    assert notice is not None
    with site.at_station("supervisor") as session:
        return receive.receive(session, notice)


def ask(site: Site) -> Path:
    """The notice that the station should have now."""
    with site.at_registry("administrator") as session:
        return notices.ask(session, station="A01", parent=site.outbox)


def decided(site: Site) -> Path:
    """The registrar registers one family, and the notice says so."""
    with site.at_registry() as session:
        decide.register(session, [queues.to_register(session)[0].registration])
    return ask(site)


def again(site: Site, number: int) -> Path:
    with site.at_registry() as session:
        return notices.again(session, station="A01", number=number, parent=site.outbox)


def acknowledged(site: Site) -> list[EntryHash]:
    """What the station takes for safe."""
    with site.at_station("supervisor") as session, session.store.read() as reader:
        own = session.office.id
        return [
            entry.hash
            for epoch, _ in reader.epochs(own)
            for entry in reader.chain(own, epoch, upto=covered_upto(reader, own, epoch))
        ]


def not_there(site: Site) -> list[EntryHash]:
    """What counts as sent and does not stand at the registry."""
    told = acknowledged(site)
    with site.at_registry() as session, session.store.read() as reader:
        known = reader.known(told)
        return [one for one in told if one not in known]


def numbers(site: Site) -> tuple[set[str | None], set[str | None]]:
    """The permanent numbers at the station, and at the registry."""
    found = []
    for opening in (site.at_station, site.at_registry):
        with opening() as session, session.store.read() as reader:
            found.append({one.permanent for one in reader.persons()})
    return found[0], found[1]


def opened(site: Site, notice: Path) -> Notice:
    with site.at_station("supervisor") as session:
        office, trusted = session.office, trust_of(session)
        assert office.root is not None
        found = verify(
            notice,
            signers_under_root(
                office.root, certificates=office.certificates, revoked=trusted.revoked
            ),
            expect=Kind.NOTICE,
        )
        return open_notice(found, office.keys.identities).notice  # type: ignore[arg-type,union-attr]  # a bad outcome fails the test


@pytest.mark.parametrize("more", [1, 4])
def test_a_place_that_a_copy_took_is_not_acknowledged(
    busy_site: Site, tmp_path: Path, more: int
) -> None:
    """The registry fell back, and another copy of the station took the places that it lost: the
    receipt lies in the other's chain, beyond the own one or in it."""
    site = busy_site
    take(site, site.admit(site.send()).notice)
    shared = len(acknowledged(site))
    backup = back_up(site)
    twin = site.copied(tmp_path / "twin")
    site.take_in(families(1, first=50))
    take(site, site.admit(site.send()).notice)
    assert len(acknowledged(site)) > shared and not_there(site) == []

    fall_back(site, backup)
    twin.take_in(families(more, first=60), name="other.csv")
    site.admit(twin.send(), notice=False)
    take(site, ask(site))
    assert not_there(site) == []
    assert len(acknowledged(site)) >= shared - 8, "what both have is found, within as much again"

    done = site.admit(site.send())
    take(site, done.notice)
    assert not_there(site) == []
    with site.at_registry() as session:
        assert care.check(session).problems == ()


def test_a_registry_that_moved_takes_nothing_back_of_a_restored_station(
    busy_site: Site, tmp_path: Path
) -> None:
    """Nothing was lost; the receipt for the end lies beyond the chain of the copy."""
    site = busy_site
    take(site, site.admit(site.send()).notice)
    before = site.folder / "station.wsb"
    with site.at_station("administrator") as session:
        care.backup(session, before)
    known = len(acknowledged(site))
    for first in (50, 60, 70):
        site.take_in(families(3, first=first))
        site.admit(site.send(), notice=False)
    shutil.rmtree(site.station)
    care.restore(before, site.station, env=site.env)
    take(site, ask(site))
    assert len(acknowledged(site)) == known
    shutil.copytree(site.registry, tmp_path / "moved")
    shutil.rmtree(site.registry)
    (tmp_path / "moved").rename(site.folder / "elsewhere")
    moved = Site(site.folder, site.env)
    shutil.move(site.folder / "elsewhere", moved.registry)
    take(site, ask(site))
    assert len(acknowledged(site)) >= known // 2 and not_there(site) == []


def test_notices_lost_after_a_restore_are_missed(busy_site: Site) -> None:
    """The numbers repeat, so that no gap shows; the hash of the one before does."""
    site = busy_site
    take(site, site.admit(site.send()).notice)
    backup = back_up(site)
    for _ in range(2):
        take(site, decided(site))
    fall_back(site, backup)
    lost = [decided(site), decided(site)]
    newest = decided(site)
    assert [opened(site, one).number for one in (*lost, newest)] == [2, 3, 4]
    shutil.rmtree(lost[0])
    with pytest.raises(RefusedError) as refused:
        take(site, newest)
    assert refused.value.code == "notice_gap" and "Notice 3 is missing" in refused.value.sentence
    with pytest.raises(RefusedError):
        take(site, lost[1])
    for number in (2, 3):
        assert take(site, again(site, number)).number == number
    assert take(site, newest).number == 4
    here, there = numbers(site)
    assert there <= here


def test_over_a_network_they_are_asked_for(busy_site: Site) -> None:
    site = busy_site
    take(site, site.admit(site.send()).notice)
    backup = back_up(site)
    for _ in range(2):
        take(site, decided(site))
    fall_back(site, backup)
    for _ in range(3):
        decided(site)
    with served(site) as service:
        done = sync(site, service.url)
        assert set(done.notices) >= {2, 3, 4}
        assert sync(site, service.url).notices == []
    here, there = numbers(site)
    assert there <= here
    with site.at_station("supervisor") as session:
        state = sending.state(session)
        assert (state.waiting, state.sent) == (0, 0)


def test_a_late_notice_of_an_older_registry_acknowledges_nothing(busy_site: Site) -> None:
    """A stick turns up that was written before the registry fell back: it says what the registry
    had, not what it has."""
    site = busy_site
    take(site, site.admit(site.send()).notice)
    backup = back_up(site)
    site.take_in(families(1, first=50))
    late = site.admit(site.send()).notice
    fall_back(site, backup)
    take(site, ask(site))
    sure = acknowledged(site)
    got = take(site, late)
    assert (got.acknowledged, acknowledged(site)) == (0, sure)
    assert not_there(site) == []
    site.admit(site.send(), notice=False)
    assert take(site, ask(site)).number == 3
    assert not_there(site) == [] and len(acknowledged(site)) > len(sure)


def test_of_two_restored_registries_only_that_counts_which_both_have(busy_site: Site) -> None:
    """Two were made from one backup; nobody can tell from a notice which of them is in use."""
    site = busy_site
    backup = back_up(site)
    take(site, site.admit(site.send()).notice)
    fall_back(site, backup)
    take(site, ask(site))
    late = site.admit(site.send()).notice
    fall_back(site, backup)
    take(site, ask(site))
    assert acknowledged(site) == []
    try:
        take(site, late)
    except RefusedError as refused:
        assert refused.code == "notice_gap"
    assert not_there(site) == []
    site.admit(site.send(), notice=False)
    take(site, ask(site))
    site.take_in(families(1, first=70))
    take(site, site.admit(site.send()).notice)
    with site.at_station("supervisor") as session:
        state = sending.state(session)
        assert (state.waiting, state.sent) == (0, 0)
    assert not_there(site) == []
