"""The service of a registry on PostgreSQL: the same sync, the same receipts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from registry import enrol, setup
from station import setup as stations
from tests.db.conftest import new_database, postgres_socket
from tests.places import PASSPHRASE, Site, environment, families, opened
from tests.serving import served, sync
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
