"""The service as real processes, ended without warning at every named point of their work."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import httpx2

from ledger import kinds
from sync.errors import SyncError
from sync.http_patience import Patience
from tests.places import Site, families
from tests.serving import running, sync, until
from workspace import care

POINTS = (
    "part written",
    "part kept",
    "bundle linked",
    "bundle promised",
    "bundle staged",
    "import begun",
    "import done",
    "notice written",
    "result written",
    "bundle finished",
)
PATIENCE = Patience(pause=time.sleep, chance=lambda: 0.5, attempts=8, first=0.05, longest=1.0)


def test_killed_at_every_point(site: Site, tmp_path: Path) -> None:
    """MOSIP (h), (i): a crash between a file and its row leaves an orphan, and a row goes although
    its file stayed. Here the same is done again, and is there once."""
    armed = tmp_path / "armed"
    with running(site, armed) as service:
        for number, point in enumerate(POINTS, start=1):
            site.take_in(families(1, first=number), name=f"list-{number}.csv")
            armed.write_text(point, "ascii")
            for _ in range(5):
                try:
                    done = sync(site, service.url, patience=PATIENCE)
                except SyncError:
                    continue
                if not armed.exists() and not done.waiting:
                    break
            assert not armed.exists(), f"the point was never reached: {point}"
        last = sync(site, service.url, patience=PATIENCE)
        assert (last.uploaded, last.acknowledged, last.waiting) == (0, 0, False)
        # And both at once, from outside.
        site.take_in(families(1, first=90), name="list-90.csv")
        for pid in service.pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:  # ended at a point, and has another number now
                continue
        assert sync(site, service.url, patience=PATIENCE).acknowledged > 0
    with site.at_station("supervisor") as session:
        assert care.check(session).problems == ()
    with site.at_registry() as session:
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            assert reader.counts().households == len(POINTS) + 1
            said = reader.entries_of_kind(kinds.BUNDLE_ADMITTED, "bundle")
            begun = reader.entries_of_kind(kinds.EPOCH_BEGUN, "office")
    bundles = [entry.body["bundle"] for entry in said if entry.body is not None]
    assert len(bundles) == len(set(bundles)) == len(POINTS) + 1
    registry = [one for one in begun if one.header.office == session.office.id]
    assert len(registry) == 1, "a kill is no move"
    staging = site.registry / "staging"
    for name in ("parts", "in"):
        assert [one for one in (staging / name).rglob("*") if one.is_file()] == [], name


def test_the_front_holds_no_key(busy_site: Site, tmp_path: Path) -> None:
    """Not in what it is told, not in its variables, not among its open files."""
    site = busy_site
    os.environ["WAYSTATION_PASSPHRASE"] = "canary passphrase"
    os.environ["PGPASSWORD"] = "canary password"
    try:
        with running(site, tmp_path / "armed") as service:
            front, admission = service.pids
            variables = Path(f"/proc/{front}/environ").read_bytes()
            assert b"canary" not in variables and b"PATH=" in variables
            others = Path(f"/proc/{admission}/environ").read_bytes()
            assert b"canary passphrase" not in others and b"canary password" in others
            assert sync(site, service.url, patience=PATIENCE).acknowledged > 0
            files = {one.readlink() for one in Path(f"/proc/{front}/fd").iterdir()}
            assert not [one for one in files if one.is_relative_to(site.registry)]
            said = str(service.prepared.front)
            for secret in service.prepared.admission["keys"].values():
                assert secret not in said and secret not in repr(service.prepared)
            loaded = Path(f"/proc/{front}/maps").read_text("utf-8")
            assert "sqlcipher" not in loaded
            health = httpx2.get(f"{service.url}/health", trust_env=False).json()
            assert health == {"status": "ok", "admission": "ok"}
        for pid in (front, admission):
            until(lambda pid=pid: not Path(f"/proc/{pid}").exists())  # type: ignore[misc]  # bound
    finally:
        del os.environ["WAYSTATION_PASSPHRASE"], os.environ["PGPASSWORD"]
