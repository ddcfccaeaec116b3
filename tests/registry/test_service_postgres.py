"""The service of a registry on PostgreSQL: the same sync, the same receipts, stations beside one
another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry import enrol, setup
from registry import pool as workers
from registry.service.staging import Staging
from station import setup as stations
from station.syncing import sync as exchange
from tests import neighbours
from tests.db.conftest import new_database, postgres_socket
from tests.places import PASSPHRASE, Site, environment, families, opened
from tests.registry.conftest import moved_to_postgres
from tests.serving import PATIENCE, admission, fronting, served, sync
from workspace import care
from workspace.accounts import add_user

# The throwaway cluster of the store's own tests, for this module as well.
__all__ = ["new_database", "postgres_socket"]


def test_a_sync_with_a_registry_on_postgresql(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    site = Site(tmp_path, environment(tmp_path / "state"))
    request, grant = tmp_path / "request", tmp_path / "grant"
    setup.create(
        site.registry, admin="administrator", passphrase=PASSPHRASE, keys_out=site.keys,
        env=site.env, database=new_database(),
    )  # fmt: skip
    stations.request(
        site.station, name="Site P", admin="administrator", passphrase=PASSPHRASE, out=request,
        env=site.env,
    )  # fmt: skip
    with opened(site.registry, "administrator", site.env) as session:
        enrol.enrol(session, request, grant)
        add_user(session, name="service", role="service", passphrase=PASSPHRASE)
    with opened(site.station, "administrator", site.env) as session:
        stations.enrol(session, grant)
        for user in ("officer", "supervisor"):
            add_user(session, name=user, role=user, passphrase=PASSPHRASE)
    site.take_in(families(3))
    with served(site) as service:
        done = sync(site, service.url)
        assert done.uploaded == done.acknowledged > 0
        assert sync(site, service.url).uploaded == 0
    with opened(site.registry, "administrator", site.env) as session:
        assert care.check(session).problems == ()


def test_stations_are_admitted_beside_one_another(
    busy_site: Site,
    new_database: Callable[[], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two stations have uploaded before anything is admitted: workers take both."""
    site, taken = busy_site, []
    second = neighbours.neighbour(site)
    site.take_in(families(2, first=40), folder=second)
    moved_to_postgres(site, new_database(), tmp_path / "spare")
    submit = workers.ImportPool.submit

    def noted(pool: workers.ImportPool, bundle: Path, **more: Path) -> object:
        taken.append(bundle)
        return submit(pool, bundle, **more)

    monkeypatch.setattr(workers.ImportPool, "submit", noted)
    staging = Staging.of(site.registry)
    folders = (site.station, second)
    with admission(site, staging):
        pass
    with fronting(staging) as service:
        for folder in folders:
            with opened(folder, "supervisor", site.env) as session:
                assert exchange(session, url=service.url, patience=PATIENCE, wait_seconds=0).waiting
        waiting = list(staging.waiting())
        assert len({one.office for one in waiting}) == 2
        with admission(site, staging) as admitting:
            assert admitting.once() >= 2
            assert admitting.counts["imported"] == 2
        assert sorted(taken) == sorted(one.path for one in waiting)
        assert not list(staging.waiting())
    with served(site) as service:
        for folder in folders:
            with opened(folder, "supervisor", site.env) as session:
                assert exchange(session, url=service.url, patience=PATIENCE).acknowledged > 0
    with opened(site.registry, "administrator", site.env) as session:
        assert care.check(session).problems == ()
