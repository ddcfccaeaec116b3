"""Two programs at one workspace: one writes, the others are told so, and readers go on."""

from __future__ import annotations

from pathlib import Path

from tests.faults.forking import Forker
from tests.places import Site, families
from workspace import care


def test_two_intakes_at_once(site: Site, tmp_path: Path) -> None:
    forker = Forker(tmp_path)
    try:
        for name, first in (("a", 1), ("b", 500)):
            site.write_list(families(15, first=first), f"{name}.csv")
        children = [
            forker.start(
                "intake", site.station, site.folder / f"{name}.csv", "--on", "2026-11-15",
                "--as", "officer", state=site.state, at=site.clock.now(),
            )
            for name in ("a", "b", "a", "b")
        ]  # fmt: skip
        readers = [
            forker.start(
                "search", site.station, "orlok", "--as", user, state=site.state,
                at=site.clock.now(),
            )
            for user in ("auditor", "supervisor", "administrator")
        ]  # fmt: skip
        codes = [child.wait() for child in children]
        assert [reader.wait() for reader in readers] == [0, 0, 0]
    finally:
        forker.close()
    assert 0 in codes and set(codes) <= {0, 1}
    acknowledged = [
        line.split()[1] for child in children for line in child.lines if line.startswith("H-")
    ]
    with site.at_station() as session:
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            numbers = [view.number for view in reader.households()]
    assert len(set(numbers)) == len(numbers)
    assert set(acknowledged) == set(numbers)
    # Those who were told that it is busy run it again; nobody is registered twice.
    for name, first in (("a", 1), ("b", 500)):
        site.take_in(families(15, first=first), name=f"{name}.csv")
    with site.at_station() as session, session.store.read() as reader:
        assert reader.counts().households == 30
