"""Keys of the registry renewed: nobody is cut off, and nothing that was sealed stays shut."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from documents.trust import load_trust
from documents.verdict import Verdict
from documents.verify import verify_bytes
from ledger.errors import EnrolmentError
from registry import enrol, keys, notices, queues, renewing, trust
from registry.service.running import Where, prepare
from registry.service.tls import Authority, server_context, server_key
from station import export, printing, rotation
from station.receive import receive
from sync.errors import FalseServiceError
from tests import paperwork
from tests.neighbours import neighbour
from tests.places import PASSPHRASE, Site, families
from tests.serving import admitting, fronting, sync
from workspace import care, service
from workspace.errors import NotAllowedError, RefusedError


def take_notice(site: Site) -> None:
    with site.at_registry("administrator") as session:
        made = notices.ask(session, station="A01", parent=site.outbox)
    with site.at_station("supervisor") as session:
        receive(session, made)


def recipients(site: Site) -> list[str]:
    with site.at_station("supervisor") as session, session.store.read() as reader:
        return export.recipients(session, reader)


def test_bundles_are_sealed_to_the_new_key_once_it_is_told(busy_site: Site) -> None:
    """Sync 3 (k): a stolen key of the recipient opens all bundles to come."""
    site = busy_site
    before = recipients(site)
    old = site.send()
    with site.at_registry("administrator") as session:
        done = renewing.renew_sealing(session)
        assert done.untold == ("A01",)
        assert [one.due for one in queues.stations(session)] == [True]
    # A laptop that was away for weeks still seals to the former key, and is understood.
    assert recipients(site) == before
    assert site.admit(old, notice=False).quarantined == 0
    take_notice(site)
    assert recipients(site)[0] != before[0]
    assert recipients(site)[1] == before[1]
    with site.at_registry("administrator") as session:
        assert [one.due for one in queues.stations(session)] == [False]
        # Twice more: everything opens still.
        renewing.renew_sealing(session)
    site.take_in(families(1, first=60), name="more.csv")
    assert site.admit(site.send(), notice=False).admitted > 0
    with site.at_registry() as session:
        assert care.check(session).problems == ()


def test_only_an_administrator_renews(site: Site) -> None:
    for user in ("registrar", "clerk", "service"):
        with site.at_registry(user) as session, pytest.raises(NotAllowedError):
            renewing.renew_sealing(session)


def test_the_signing_key_is_renewed_with_the_root(busy_site: Site, tmp_path: Path) -> None:
    site = busy_site
    with site.at_station("officer") as session:
        paper = paperwork.issue(session, printing.targets_for_all(session)[:1], language="en")
    old = site.send()
    root = (site.keys / "root-key.age").read_bytes()
    with site.at_registry("administrator") as session:
        before = session.office.trust_certificate
        done = renewing.renew_signing(session, root_key=root, passphrase=PASSPHRASE)
        assert session.office.trust_certificate != before
        assert session.office.trust_certificate.public_key.kid.hex() == done.key
        trust.export(session, tmp_path / "trust", jwks=False)
    known = load_trust((tmp_path / "trust").read_bytes())
    assert verify_bytes(paper.pdf, known, at=site.clock.now()).verdict is Verdict.VALID
    # What came before still stands, and a station that knew the old key believes the new one.
    assert site.admit(old, notice=False).quarantined == 0
    take_notice(site)
    # So does one that asks for a key, and one that is enrolled now.
    with site.at_station("administrator") as session:
        rotation.request(session, tmp_path / "request")
    with site.at_registry("administrator") as session:
        keys.grant(session, tmp_path / "request", tmp_path / "grant")
    with site.at_station("administrator") as session:
        rotation.take(session, tmp_path / "grant")
    second = neighbour(site)
    site.take_in(families(1, first=70), name="second.csv", folder=second)
    assert site.admit(site.send(folder=second), notice=False).quarantined == 0
    with site.at_registry() as session:
        assert care.check(session).problems == ()
    with site.at_station("officer") as session:
        assert care.check(session).problems == ()


def test_another_root_renews_nothing(site: Site, stranger_site: Site) -> None:
    with site.at_registry("administrator") as session:
        before = session.office
        for path in (stranger_site.keys / "root-key.age", site.keys / "recovery-key.age"):
            with pytest.raises(RefusedError) as refused:
                renewing.renew_signing(session, root_key=path.read_bytes(), passphrase=PASSPHRASE)
            assert refused.value.code in {"other_root", "no_root_key"}
        assert session.office == before


def served(site: Site) -> Authority:
    """The authority under which the service would stand now."""
    with site.at_registry("service") as session:
        prepare(session, Where("127.0.0.1", 0, name="registry.example.org")).socket.close()
        with session.store.read() as reader:
            raw = reader.setting(renewing.AUTHORITY)
    assert raw is not None
    return Authority.from_bytes(raw)


def sync_under(site: Site, authority: Authority, folder: Path) -> int:
    """A sync with a service under this authority; how many entries were acknowledged."""
    from registry.service.staging import Staging

    staging = Staging.of(site.registry)
    made = server_key(authority, ["127.0.0.1"], now=site.clock.now(), entropy=site.env.entropy)
    with fronting(staging, context=server_context(made, folder=folder)) as line:
        with site.at_station("supervisor") as session, session.store.write() as unit:
            held = service.held(unit)
            assert held is not None
            service.keep(unit, service.Service(line.url, held.authority))
        with admitting(site, staging):
            return sync(site, None).acknowledged


def test_both_authorities_are_believed_until_the_former_is_given_up(
    busy_site: Site, tmp_path: Path
) -> None:
    site = busy_site
    former = served(site)
    take_notice(site)
    with site.at_registry("administrator") as session:
        made = renewing.renew_authority(session)
        assert made.untold == ("A01",)
        assert renewing.renew_authority(session).key == made.key, "it is made once"
        with pytest.raises(RefusedError) as refused:
            renewing.give_up_authority(session)
        assert refused.value.code == "untold"
    assert served(site) == former, "the service goes on under the former one"
    assert sync_under(site, former, tmp_path) > 0  # which brings the notice that tells
    with site.at_registry("administrator") as session:
        done = renewing.give_up_authority(session)
        assert (done.key, done.untold) == (made.key, ())
    now = served(site)
    assert now != former
    site.take_in(families(1, first=90), name="under-the-next.csv")
    assert sync_under(site, now, tmp_path) > 0
    site.take_in(families(1, first=91), name="under-the-former.csv")
    with pytest.raises(FalseServiceError):
        sync_under(site, former, tmp_path)


def test_a_station_that_was_away_is_told_by_a_stick(busy_site: Site, tmp_path: Path) -> None:
    site = busy_site
    served(site)
    take_notice(site)
    with site.at_registry("administrator") as session:
        with pytest.raises(RefusedError) as refused:
            renewing.give_up_authority(session, anyway=True)
        assert refused.value.code == "no_next_authority"
        renewing.renew_authority(session)
        assert renewing.give_up_authority(session, anyway=True).untold == ("A01",)
    now = served(site)
    with pytest.raises(FalseServiceError):
        sync_under(site, now, tmp_path)
    take_notice(site)
    assert sync_under(site, now, tmp_path) > 0


def test_how_long_stations_keep_is_changed_later(busy_site: Site) -> None:
    site = busy_site
    with site.at_registry("administrator") as session:
        renewing.keep_days(session, 90)
        with pytest.raises(RefusedError):
            renewing.keep_days(session, -1)
    take_notice(site)
    with site.at_station("supervisor") as session:
        assert session.office.operation.keep_days == 90
    with site.at_registry("administrator") as session:
        renewing.keep_days(session, None)
    take_notice(site)
    with site.at_station("supervisor") as session:
        assert session.office.operation.keep_days is None


def test_a_grant_signed_by_a_former_key_is_still_good(site: Site, tmp_path: Path) -> None:
    """It was on its way while the key was renewed."""
    with site.at_station("administrator") as session:
        rotation.request(session, tmp_path / "request")
    with site.at_registry("administrator") as session:
        keys.grant(session, tmp_path / "request", tmp_path / "grant")
        renewing.renew_signing(
            session,
            root_key=(site.keys / "root-key.age").read_bytes(),
            passphrase=PASSPHRASE,
        )
    with site.at_station("administrator") as session:
        rotation.take(session, tmp_path / "grant")
    with site.at_registry("administrator") as session, pytest.raises(EnrolmentError):
        shutil.copy(tmp_path / "grant", tmp_path / "no-request")
        enrol.enrol(session, tmp_path / "no-request", tmp_path / "out")
