"""Stations and their users revoked: what comes is put aside, what was signed before stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from documents.trust import load_trust
from documents.verdict import Verdict
from documents.verify import verify_bytes
from ledger import kinds
from registry import decide, enrol, queues, revoking, trust
from registry.service.staging import Staging
from station import batch, printing, setup
from station.receive import receive
from tests import paperwork, places
from tests.neighbours import neighbour
from tests.places import PASSPHRASE, Site, opened
from workspace import care, standing
from workspace.errors import NotAllowedError, RefusedError


def aside(site: Site) -> list[queues.AsideRow]:
    with site.at_registry() as session:
        return queues.aside(session)


def revoke(site: Site, **more: object) -> revoking.Gone:
    with site.at_registry("administrator") as session:
        return revoking.revoke(session, station="A01", reason="taken on the road", **more)


def test_what_a_revoked_station_sends_is_put_aside_and_kept(busy_site: Site) -> None:
    """OpenCRVS 10604: what was done offline by somebody who has lost the right meanwhile is thrown
    away.

    Sync 6 (g): a revocation discards honest work.
    """
    site = busy_site
    assert site.admit(site.send()).quarantined == 0
    before = site.admit(site.send(), notice=False).known
    gone = revoke(site)
    assert (gone.station, gone.aside, gone.left) == ("A01", 0, 0)
    site.take_in(places.families(1, first=9), name="later.csv")
    site.approve()
    imported = site.admit(site.send())
    assert imported.quarantined > 0
    assert imported.admitted == 0, before
    assert {one.code for one in aside(site)} == {"revoked"}
    # Nothing is discarded: a registrar may let it in, with a reason.
    hashes = [one.entry for one in aside(site)]
    with site.at_registry() as session:
        assert decide.release(session, hashes, reason="seen on paper") == len(hashes)
    with site.at_registry() as session:
        assert care.check(session).problems == ()
        assert queues.counts(session).quarantined == 0


def test_a_station_is_not_revoked_twice_nor_without_a_reason(site: Site) -> None:
    with site.at_registry("registrar") as session, pytest.raises(NotAllowedError):
        revoking.revoke(session, station="A01", reason="why not")
    with site.at_registry("administrator") as session:
        for station, reason, code in (("Z99", "lost", "unknown_station"), ("A01", " ", "reason")):
            with pytest.raises(RefusedError) as refused:
                revoking.revoke(session, station=station, reason=reason)
            assert refused.value.code == code
        with pytest.raises(RefusedError) as refused:
            revoking.revoke(
                session,
                station="A01",
                reason="lost",
                since=session.clock.now() + timedelta(days=1),
            )
        assert refused.value.code == "since"
    revoke(site)
    with pytest.raises(RefusedError) as refused:
        revoke(site)
    assert refused.value.code == "station_revoked"
    with site.at_registry("administrator") as session:
        (row,) = queues.stations(session)
    assert row.revoked is not None
    assert row.revoked.reason == "taken on the road"


def test_from_an_earlier_moment_what_came_since_is_put_aside_unless_others_built_on_it(
    busy_site: Site,
) -> None:
    """The laptop was taken on Tuesday, it synced on Wednesday, and on Thursday they call."""
    site = busy_site
    site.admit(site.send())
    taken = site.clock.now()
    site.take_in(places.families(2, first=20), name="wednesday.csv")
    site.approve()
    site.admit(site.send())
    # One of the two families was registered meanwhile: the registrar built on it.
    with site.at_registry() as session:
        waiting = queues.to_register(session)
        wednesday = [one for one in waiting if one.at >= taken]
        decide.register(session, [wednesday[0].registration])
        with session.store.read() as reader:
            persons = reader.counts().persons
    gone = revoke(site, since=taken)
    assert gone.aside > 0
    assert gone.left > 0
    with site.at_registry() as session:
        with session.store.read() as reader:
            assert reader.counts().persons < persons
            left = reader.registration(wednesday[0].registration)
            assert left is not None
            assert left.status == "registered"
            assert reader.registration(wednesday[1].registration) is None
        assert care.check(session).problems == ()
        assert care.rebuild(session)[1] == 0
    assert {one.code for one in aside(site)} == {"revoked"}
    # The same bundle again brings nothing back.
    assert site.admit(site.send()).admitted == 0


def test_a_lost_laptop_takes_its_document_keys_with_it(busy_site: Site, tmp_path: Path) -> None:
    site = busy_site
    with site.at_station("officer") as session:
        early = paperwork.issue(session, printing.targets_for_all(session)[:1], language="en")
    site.admit(site.send())
    taken = site.clock.now()
    with site.at_station("officer") as session:
        late: batch.Printed = paperwork.issue(
            session, printing.targets_for_all(session)[1:2], language="en"
        )
    gone = revoke(site, since=taken, lost=True)
    assert len(gone.keys) == 1
    with site.at_registry("administrator") as session:
        trust.export(session, tmp_path / "trust", jwks=False)
    known = load_trust((tmp_path / "trust").read_bytes())
    at = site.clock.now()
    assert verify_bytes(early.pdf, known, at=at).verdict is Verdict.VALID
    assert verify_bytes(late.pdf, known, at=at).verdict is Verdict.REVOKED


def test_a_closed_station_s_papers_count_until_they_expire(busy_site: Site, tmp_path: Path) -> None:
    site = busy_site
    with site.at_station("officer") as session:
        paper = paperwork.issue(session, printing.targets_for_all(session)[:1], language="en")
    site.admit(site.send())
    revoke(site)
    with site.at_registry("administrator") as session:
        trust.export(session, tmp_path / "trust", jwks=False)
    known = load_trust((tmp_path / "trust").read_bytes())
    assert verify_bytes(paper.pdf, known, at=site.clock.now()).verdict is Verdict.VALID


def test_a_revoked_station_is_told_and_the_service_lets_it_in_no_more(busy_site: Site) -> None:
    site = busy_site
    site.admit(site.send(), notice=False)
    revoke(site)
    imported = site.admit(site.send())
    assert imported.notice is not None
    with site.at_station("supervisor") as session:
        got = receive(session, imported.notice)
        assert standing.REVOKED in got.alarms
    with site.at_station("officer") as session:
        assert standing.REVOKED in session.notes
    from registry.service.admission import Admission  # beside the one test that needs it

    staging = Staging.of(site.registry)
    with site.at_registry("service") as session:
        from contextlib import nullcontext

        admission = Admission(lambda read_only: nullcontext(session), staging)
        with admission.opened():
            admission.say_known()
    from registry.service.known import Known

    known = Known.read(staging.known)
    assert [one.active for one in known.stations.values()] == [False]


def test_another_laptop_takes_the_place_of_one_that_is_lost(
    busy_site: Site, tmp_path: Path
) -> None:
    """Its unsent work is put aside when it is found, and never thrown away.

    MOSIP 78e9329144, 8c9a038cda: moving a machine to another centre hangs, and deletes what was not
    sent.
    """
    site = busy_site
    request, grant = tmp_path / "request", tmp_path / "grant"
    folder = tmp_path / "new-laptop"
    setup.request(
        folder, name="Site A", admin="ben", passphrase=PASSPHRASE, out=request, env=site.env
    )
    with site.at_registry("administrator") as session:
        made = enrol.enrol(session, request, grant, replaces="a01", reason="left in the bus")
        assert made.code == "A02", "numbers of the lost one are never given again"
        assert made.revoked is not None
        assert made.revoked.station == "A01"
        rows = {one.code: one for one in queues.stations(session)}
        assert rows["A02"].replaces == "A01"
        assert rows["A01"].revoked is not None
    with opened(folder, "ben", site.env) as session:
        setup.enrol(session, grant)
    # Weeks later somebody brings the old one: what it had not sent waits for a registrar.
    found = site.admit(site.send())
    assert found.admitted == 0
    assert found.quarantined > 0
    with site.at_registry() as session:
        assert queues.counts(session).quarantined == found.quarantined
    # The same request again gives the same grant, and revokes nobody twice.
    with site.at_registry("administrator") as session:
        enrol.enrol(session, request, tmp_path / "other", replaces="A01", reason="again")
    assert (tmp_path / "other").read_bytes() == grant.read_bytes()


def test_enrolling_twice_gives_the_same_grant_and_overwrites_none(
    site: Site, tmp_path: Path
) -> None:
    with site.at_registry("administrator") as session:
        with session.store.read() as reader:
            before = reader.count_entries()
        request = site.folder / "station-request.wst"
        first = (site.folder / "station-grant.wst").read_bytes()
        again = enrol.enrol(session, request, tmp_path / "again")
        assert (tmp_path / "again").read_bytes() == first
        assert again.code == "A01"
        with session.store.read() as reader:
            assert reader.count_entries() == before
        # Onto itself, but onto nothing else.
        enrol.enrol(session, request, tmp_path / "again")
        (tmp_path / "another").write_bytes(b"the grant of another station")
        with pytest.raises(RefusedError) as refused:
            enrol.enrol(session, request, tmp_path / "another")
        assert refused.value.code == "file_exists"
        assert (tmp_path / "another").read_bytes() == b"the grant of another station"


def test_a_revoked_station_is_not_enrolled_again(site: Site, tmp_path: Path) -> None:
    revoke(site)
    with site.at_registry("administrator") as session, pytest.raises(RefusedError) as refused:
        enrol.enrol(session, site.folder / "station-request.wst", tmp_path / "grant")
    assert refused.value.code == "station_revoked"
    assert not (tmp_path / "grant").exists()


def test_a_user_of_a_station_is_revoked_and_what_they_signed_before_stays(
    busy_site: Site,
) -> None:
    site = busy_site
    site.admit(site.send(), notice=False)
    with site.at_registry("administrator") as session:
        told = {one.name: one for one in revoking.users(session, "A01")}
        assert told["officer"].role == "officer"
        with pytest.raises(RefusedError) as refused:
            revoking.revoke_user(session, station="A01", name="administrator", reason="no")
        assert refused.value.code == "station_administrator"
        gone = revoking.revoke_user(session, station="A01", name="officer", reason="sold cards")
        assert (gone.certificates, gone.aside) == (1, 0)
        assert {one.name for one in revoking.users(session, "A01") if one.revoked} == {"officer"}
    site.take_in(places.families(1, first=30), name="after.csv")
    imported = site.admit(site.send())
    assert imported.quarantined > 0
    assert "revoked" in {one.code for one in aside(site)}
    assert imported.notice is not None
    with site.at_station("supervisor") as session:
        receive(session, imported.notice)
    # The station knows now, and lets that user sign nothing more.
    with site.at_station("officer") as session:
        assert session.certificate is None
    with site.at_registry() as session:
        assert care.check(session).problems == ()


def test_a_second_station_is_not_touched(busy_site: Site) -> None:
    site = busy_site
    second = neighbour(site)
    revoke(site)
    site.take_in(places.families(1, first=40), name="second.csv", folder=second)
    site.approve(folder=second)
    assert site.admit(site.send(folder=second)).quarantined == 0


def test_the_kind_says_what_it_needs() -> None:
    good = {"certificates": [b"c" * 32], "covered": [[b"e" * 8, 3, b"h" * 32]], "reason": "lost"}
    assert kinds.bad_field(kinds.STATION_REVOKED, good) is None
    assert kinds.bad_field(kinds.STATION_REVOKED, good | {"certificates": []}) == "certificates"
    assert kinds.bad_field(kinds.STATION_REVOKED, good | {"covered": [[b"e", 3]]}) == "covered"
