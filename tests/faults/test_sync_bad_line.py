"""Syncs over a line that cuts, stalls and repeats: all end acknowledged, nothing comes twice."""

from __future__ import annotations

import pytest
from hypothesis import settings

from ledger import kinds
from registry.service.limits import Limits
from station import sending
from sync.errors import SyncError
from sync.http import Times
from sync.http_patience import Patience
from tests.faults.line import KINDS, BadLine
from tests.places import Site, families
from tests.serving import served, sync
from workspace import care

SYNCS, SOAKED = 30, 200
RUNS = 60
"""Of one sync, before it counts as stuck: each is a person who tries once more."""
BRIEF = Patience(pause=lambda seconds: None, chance=lambda: 0.5, attempts=3, most=8)
TIMES = Times(connect=5.0, silence=0.25)
LIMITS = Limits(idle_seconds=0.5, head_seconds=0.5, stranger_burst=1e9, station_burst=1e9)


@pytest.mark.parametrize("seed", [20261122])
def test_every_sync_ends_acknowledged(site: Site, seed: int) -> None:
    """OpenCRVS 12292, 9866, 13326: work stays in the outbox for ever.

    MOSIP 974: sync and upload end in network errors now and then.
    Sync 5 (d): a line that cuts, stalls and repeats.
    """
    count = SOAKED if settings.get_current_profile_name() == "soak" else SYNCS
    print(f"seed {seed}, {count} syncs")
    broke = uploaded = 0
    with served(site, limits=LIMITS) as service, BadLine(service.port, seed=seed) as line:
        for number in range(1, count + 1):
            site.take_in(families(1, first=number), name=f"list-{number}.csv")
            for _ in range(RUNS):
                try:
                    done = sync(site, line.url, patience=BRIEF, times=TIMES, wait=5.0)
                    uploaded += done.uploaded
                except SyncError:
                    broke += 1
                with site.at_station("supervisor", read_only=True) as session:
                    state = sending.state(session)
                if state.waiting == state.sent == 0:
                    break
            else:
                pytest.fail(f"sync {number} never ended: {state}")
        met = dict(line.met)
    print(f"broke {broke} times; {met}")
    assert set(met) == set(KINDS) and broke
    with site.at_station("supervisor") as session:
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            exported = reader.entries_of_kind(kinds.BUNDLE_EXPORTED, "office")
    with site.at_registry() as session:
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            assert reader.counts().households == count
            admitted = reader.entries_of_kind(kinds.BUNDLE_ADMITTED, "bundle")
    # Each bundle was written once and admitted once, however often the line broke.
    assert len(exported) == len(admitted) == count
    staging = service.staging.root
    assert [one for one in (staging / "in").rglob("*") if one.is_file()] == []
    assert [one for one in (staging / "parts").rglob("*") if one.suffix != ".partial"
            and one.is_file()] == []  # fmt: skip
