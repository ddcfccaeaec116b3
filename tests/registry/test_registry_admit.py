"""Importing: from whom, for whom, in which folder; and what the registry's pages list after."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import admit, decide, queues
from registry import trust as registry_trust
from station import printing
from sync.bundle import write_bundle
from tests import paperwork, places
from tests.places import PASSPHRASE, Site, families
from values.identifiers import BundleId, uuid7
from workspace import care
from workspace.errors import NotAllowedError, RefusedError
from workspace.trusting import trust_of


@pytest.fixture
def stranger(stranger_site: Site, tmp_path: Path) -> Site:
    """Another registry with a station of its own, and a family."""
    return stranger_site.copied(tmp_path / "stranger")


def refused(site: Site, bundle: Path, *, parent: Path | None = None) -> str:
    """The code under which the registry refuses a bundle."""
    with site.at_registry() as session, pytest.raises(RefusedError) as error:
        admit.import_bundle(session, bundle, notice_parent=parent)
    return error.value.code


def test_a_station_of_another_registry_is_unknown(site: Site, stranger: Site) -> None:
    assert refused(site, stranger.send()) == "unknown_signer"


def test_a_bundle_that_was_sealed_for_another_registry_stays_shut(
    busy_site: Site, stranger: Site
) -> None:
    with stranger.at_registry() as session:
        other = session.office.registry_recipient
    with busy_site.at_station("supervisor") as session, session.store.read() as reader:
        bundle = write_bundle(
            busy_site.outbox,
            bundle=BundleId(uuid7(session.clock.now(), session.env.entropy)),
            office=session.office.id,
            entries=reader.chain(session.office.id, session.epoch),
            photos=[],
            signer=session.office.keys.signing_key(),
            recipients=[other],
            now=session.clock.now(),
            entropy=session.env.entropy,
        ).path
    assert refused(busy_site, bundle) == "not_for_this_key"


def test_a_station_cannot_speak_for_another(busy_site: Site, stranger: Site) -> None:
    """Entries of one office under the key of another: the manifest names what the key is not."""
    with stranger.at_station("supervisor") as session, session.store.read() as reader:
        office, entries = session.office.id, list(reader.chain(session.office.id, session.epoch))
    with busy_site.at_station("supervisor") as session:
        bundle = write_bundle(
            busy_site.outbox,
            bundle=BundleId(uuid7(session.clock.now(), session.env.entropy)),
            office=office,
            entries=entries,
            photos=[],
            signer=session.office.keys.signing_key(),
            recipients=[session.office.registry_recipient],
            now=session.clock.now(),
            entropy=session.env.entropy,
        ).path
    assert refused(busy_site, bundle) == "other_office"


def test_the_folder_for_the_notice_is_looked_at_first(busy_site: Site, tmp_path: Path) -> None:
    bundle = busy_site.send()
    assert refused(busy_site, bundle, parent=tmp_path / "gone") == "no_folder"
    with busy_site.at_registry() as session, session.store.read() as reader:
        assert reader.counts().persons == 0


def test_what_the_pages_list(busy_site: Site) -> None:
    busy_site.take_in(families(1, first=50))
    busy_site.admit(busy_site.send())
    with busy_site.at_registry() as session:
        counts = queues.counts(session)
        assert (counts.to_register, counts.recorded) == (3, 1)
        rows = queues.to_register(session)
        assert {row.station for row in rows} == {"A01"} and all(row.persons == 2 for row in rows)
        done = decide.register(session, [row.registration for row in rows])
        assert (done.registered, done.numbered) == (3, 6)
        again = decide.register(session, [row.registration for row in rows])
        assert (again.registered, again.numbered) == (0, 0)
        with session.store.read() as reader:
            permanent = [view.permanent for view in reader.persons() if view.permanent]
        assert len(set(permanent)) == 6
        assert queues.counts(session).to_register == 0
        with pytest.raises(RefusedError):
            decide.register(session, [rows[0].registration, busy_uuid()])
        assert care.check(session).problems == ()


def busy_uuid() -> object:
    from uuid import UUID

    return UUID(int=1)


def test_an_unreviewed_registration_cannot_be_registered(site: Site) -> None:
    site.take_in(families(1))
    site.admit(site.send())
    with site.at_registry() as session:
        with session.store.read() as reader:
            (view,) = reader.queue("recorded")
        assert decide.register(session, [view.id]).registered == 0
    for user in ("clerk", "administrator", "auditor", "service"):
        with site.at_registry(user) as session, pytest.raises(NotAllowedError):
            decide.register(session, [view.id])


def test_the_trust_list_grows_and_never_goes_back(busy_site: Site, tmp_path: Path) -> None:
    out = tmp_path / "trust"
    with busy_site.at_registry("administrator") as session:
        first = trust_of(session)
        assert registry_trust.export(session, out, jwks=False) == 1
        again = trust_of(session)
        assert again.number == first.number, "nothing new, so no new number"
    with busy_site.at_station("officer") as session:
        paperwork.issue(session, printing.targets_for_all(session), language="en")
    busy_site.admit(busy_site.send())
    with busy_site.at_registry("administrator") as session:
        registry_trust.export(session, out, jwks=False)
        assert trust_of(session).number > first.number
        # The station's epoch is known now, so whether a document was withdrawn is too.
        assert len(trust_of(session).status_lists) == 1
    busy_site.clock.advance(places.timedelta(days=-400))
    with busy_site.at_registry("administrator") as session:
        registry_trust.export(session, out, jwks=False)
        assert trust_of(session).number >= first.number


def test_a_registry_is_not_founded_over_anything(site: Site, tmp_path: Path) -> None:
    from registry import setup

    def create(folder: Path, keys: Path) -> str:
        with pytest.raises(RefusedError) as error:
            setup.create(
                folder, admin="administrator", passphrase=PASSPHRASE, keys_out=keys, env=site.env
            )
        return error.value.code

    assert create(site.registry, tmp_path / "keys") == "not_empty"
    assert create(tmp_path / "new", tmp_path / "new" / "keys") == "keys_inside"
    assert create(tmp_path / "new", tmp_path / "new") == "keys_inside"
    assert create(tmp_path / "new", site.keys) == "keys_exist"
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").write_text("x")
    assert create(tmp_path / "file", tmp_path / "keys") == "not_empty"
