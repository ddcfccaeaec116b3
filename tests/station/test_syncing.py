"""Syncing over a network: what goes up, what comes down, and what a second time changes."""

from __future__ import annotations

from station import sending
from tests.places import Site, families
from tests.serving import served, sync
from workspace import care


def test_everything_goes_up_once_and_is_acknowledged(busy_site: Site) -> None:
    """MOSIP 1011: what was sent never counts as sent."""
    site = busy_site
    with served(site) as service:
        done = sync(site, service.url)
        assert done.uploaded == done.acknowledged > 0
        assert not done.waiting and done.notices == [1]
        again = sync(site, service.url)
        assert (again.uploaded, again.acknowledged, again.parts) == (0, 0, 0)
        site.take_in(families(1, first=50))
        more = sync(site, service.url)
        assert 0 < more.uploaded == more.acknowledged < done.uploaded
    with site.at_station("supervisor") as session:
        assert sending.state(session).waiting == sending.state(session).sent == 0
        assert care.check(session).problems == ()
        assert [one.name for one in (session.folder / "spool").iterdir()] in ([], ["notices"])
    with site.at_registry() as session:
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            assert reader.counts().households == 4
