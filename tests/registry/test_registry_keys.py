"""Keys for documents: two live side by side, an old one still verifies, a lost one does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from documents import credential
from documents.trust import Trust, load_trust
from documents.verdict import Verdict
from documents.verify import verify_bytes, verify_text
from ledger.errors import EnrolmentError
from ledger.trust import KeyStatus, list_uri
from registry import keys, trust
from station import batch, printing, rotation
from station.receive import receive
from tests import paperwork
from tests.places import START, Site, environment
from workspace import care
from workspace.clocks import confirm_clock
from workspace.errors import NotAllowedError, RefusedError


def issue(site: Site, count: int = 1, first: int = 0) -> batch.Printed:
    with site.at_station("officer") as session:
        targets = printing.targets_for_all(session)[first : first + count]
        return paperwork.issue(session, targets, language="en")


def trusted(site: Site, out: Path) -> Trust:
    with site.at_registry("administrator") as session:
        trust.export(session, out, jwks=False)
    return load_trust(out.read_bytes())


def rotate(site: Site, folder: Path) -> None:
    with site.at_station("administrator") as session:
        rotation.request(session, folder / "request")
    with site.at_registry("administrator") as session:
        keys.grant(session, folder / "request", folder / "grant")
    with site.at_station("administrator") as session:
        rotation.take(session, folder / "grant")


def test_two_keys_live_side_by_side(busy_site: Site, tmp_path: Path) -> None:
    site = busy_site
    before = issue(site)
    with site.at_station("administrator") as session:
        asked = rotation.request(session, tmp_path / "request")
        assert rotation.request(session, tmp_path / "again").words == asked.words
        assert (tmp_path / "again").read_bytes() == (tmp_path / "request").read_bytes()
    with site.at_registry("administrator") as session:
        granted = keys.grant(session, tmp_path / "request", tmp_path / "grant")
        assert granted.request_words == asked.words
    # Until the grant is taken the present key goes on.
    between = issue(site, first=1)
    with site.at_station("administrator") as session:
        old = session.office.keys.document_key().public
        taken = rotation.take(session, tmp_path / "grant")
        assert taken.words == granted.words
        assert session.office.keys.document_key().public != old
        with pytest.raises(RefusedError) as refused:
            rotation.take(session, tmp_path / "grant")
        assert refused.value.code == "no_request"
    after = issue(site, first=2)
    known = trusted(site, tmp_path / "trust")
    for issued in (before, between, after):
        assert verify_bytes(issued.pdf, known, at=site.clock.now()).verdict is Verdict.VALID
    with site.at_registry("administrator") as session:
        assert [row.status for row in keys.rows(session)] == [KeyStatus.ACTIVE, KeyStatus.ACTIVE]
    assert site.admit(site.send()).quarantined == 0
    with site.at_station("officer") as session:
        assert care.check(session).problems == ()


def test_a_retired_key_still_verifies_what_it_signed(busy_site: Site, tmp_path: Path) -> None:
    first = issue(busy_site)
    rotate(busy_site, tmp_path)
    later = START + timedelta(days=367)
    old = trusted(busy_site, tmp_path / "trust")
    assert verify_bytes(first.pdf, old, at=START + timedelta(days=170)).verdict is Verdict.VALID
    late = Site(busy_site.folder, environment(busy_site.state, at=later))
    with late.at_registry("administrator") as session:
        assert [row.status for row in keys.rows(session)] == [KeyStatus.RETIRED] * 2
    # Its documents have expired by then, and are said to be, not to be forged.
    found = verify_bytes(first.pdf, trusted(late, tmp_path / "later"), at=later)
    assert found.verdict is Verdict.EXPIRED


def test_a_key_whose_window_is_over_signs_nothing(busy_site: Site) -> None:
    late = Site(busy_site.folder, environment(busy_site.state, at=START + timedelta(days=367)))
    with late.at_station("officer") as session:
        confirm_clock(session)
        with pytest.raises(RefusedError) as refused:
            paperwork.issue(session, printing.targets_for_all(session)[:1], language="en")
        assert refused.value.code == "key_over"


def forged(site: Site, genuine: batch.Printed, *, issued_at: datetime) -> str:
    """A credential that somebody else makes with the station's key, under a genuine index."""
    with site.at_station("officer") as session:
        with session.store.read() as reader:
            document = reader.document_by_number(genuine.documents[0].number)
        assert document is not None
        return credential.issue(
            credential.Claims(
                issuer=session.office.operation.issuing_office,
                issued_at=issued_at,
                expires_at=credential.end_of_day((issued_at + timedelta(days=90)).date()),
                document_number=document.number,
                person_number="WST-A01-K7Q-P00042-31",
                name="Nobody Known",
                name_latin="Nobody Known",
                name_language="",
                birth=None,
                sex="",
                nationality="",
                members=None,
                status=credential.StatusReference(
                    list_uri(session.office.id, document.epoch), document.status_index
                ),
            ),
            session.office.keys.document_key(),
        ).text


def test_a_compromised_key_vouches_for_what_is_known_and_for_nothing_else(
    busy_site: Site, tmp_path: Path
) -> None:
    site = busy_site
    known = issue(site)
    site.admit(site.send())
    lost_at = site.clock.now()
    after = issue(site, first=1)
    site.admit(site.send())
    backdated = forged(site, known, issued_at=START)
    assert verify_text(backdated, trusted(site, tmp_path / "t0"), at=lost_at).verdict is (
        Verdict.VALID
    )
    with site.at_registry("administrator") as session:
        assert (
            keys.compromise(session, station="a01", since=lost_at, reason="laptop taken").genuine
            == 1
        )
    listed = trusted(site, tmp_path / "t1")
    at = site.clock.now()
    assert verify_bytes(known.pdf, listed, at=at).verdict is Verdict.VALID
    assert verify_bytes(after.pdf, listed, at=at).verdict is Verdict.REVOKED
    # Whoever holds the key writes any time into a credential; it counts for nothing.
    assert verify_text(backdated, listed, at=at).verdict is Verdict.REVOKED
    with site.at_registry("administrator") as session:
        (row,) = keys.rows(session)
        assert (row.status, row.genuine) == (KeyStatus.REVOKED, 1)
        jwks = trust.export(session, tmp_path / "jwks", jwks=True)
        assert jwks == 1 and b'"keys": []' in (tmp_path / "jwks").read_bytes()


def test_after_a_rotation_the_key_that_is_meant_is_named(busy_site: Site, tmp_path: Path) -> None:
    site = busy_site
    before = issue(site)
    site.admit(site.send())
    rotate(site, tmp_path)
    since = site.clock.now()
    with site.at_registry("administrator") as session:
        old, new = (row.kid for row in keys.rows(session))
        with pytest.raises(RefusedError) as refused:
            keys.compromise(session, station="A01", since=since, reason="laptop taken")
        assert refused.value.code == "which_key"
        assert old in refused.value.sentence and new in refused.value.sentence
        assert [row.status for row in keys.rows(session)] == [KeyStatus.ACTIVE] * 2
        done = keys.compromise(
            session, station="A01", since=since, reason="laptop taken", kid=new[:6]
        )
        assert (done.keys, done.active) == ((new,), (old,))
        # Now there is one that it could be.
        done = keys.compromise(session, station="A01", since=since, reason="a backup")
        assert (done.keys, done.active) == ((old,), ())
        with pytest.raises(RefusedError) as refused:
            keys.compromise(session, station="A01", since=since, reason="x", all_keys=True)
        assert refused.value.code == "unknown_key"
    listed = trusted(site, tmp_path / "trust")
    assert verify_bytes(before.pdf, listed, at=site.clock.now()).verdict is Verdict.VALID


def test_all_keys_are_revoked_at_once(busy_site: Site, tmp_path: Path) -> None:
    rotate(busy_site, tmp_path)
    with busy_site.at_registry("administrator") as session:
        done = keys.compromise(
            session, station="A01", since=busy_site.clock.now(), reason="x", all_keys=True
        )
        assert len(done.keys) == 2 and done.active == ()
        assert [row.status for row in keys.rows(session)] == [KeyStatus.REVOKED] * 2


def test_a_station_that_rotated_keeps_no_old_private_key(busy_site: Site, tmp_path: Path) -> None:
    with busy_site.at_station("administrator") as session:
        old = session.office.keys.document_key().secret().reveal()
        with session.store.read() as reader:
            assert any(old in one for one in reader.settings("").values())
    rotate(busy_site, tmp_path)
    with busy_site.at_station("administrator") as session, session.store.read() as reader:
        assert session.office.keys.document_key().secret().reveal() != old
        assert not any(old in one for one in reader.settings("").values())


def test_a_station_learns_of_it_and_goes_on_with_another_key(
    busy_site: Site, tmp_path: Path
) -> None:
    site = busy_site
    issue(site)
    bundle = site.send()
    with site.at_registry("administrator") as session:
        keys.compromise(session, station="A01", since=site.clock.now(), reason="copied")
    notice = site.admit(bundle).notice
    assert notice is not None
    with site.at_station("officer") as session:
        receive(session, notice)
        with pytest.raises(RefusedError) as refused:
            paperwork.issue(session, printing.targets_for_all(session)[1:2], language="en")
        assert refused.value.code == "key_revoked"
    rotate(site, tmp_path)
    fresh = issue(site, first=1)
    listed = trusted(site, tmp_path / "trust")
    assert verify_bytes(fresh.pdf, listed, at=site.clock.now()).verdict is Verdict.VALID


def test_only_administrators_and_only_with_reasons(busy_site: Site, tmp_path: Path) -> None:
    with busy_site.at_registry("registrar") as session, pytest.raises(NotAllowedError):
        keys.compromise(session, station="A01", since=START, reason="x")
    with busy_site.at_registry("administrator") as session:
        for station, since, reason, kid, code in (
            ("A01", START, " ", "", "reason"),
            ("Z99", START, "x", "", "unknown_station"),
            ("A01", START, "x", "ffff", "unknown_key"),
            ("A01", START + timedelta(days=900), "x", "", "since"),
        ):
            with pytest.raises(RefusedError) as refused:
                keys.compromise(session, station=station, since=since, reason=reason, kid=kid)
            assert refused.value.code == code
    with busy_site.at_station("officer") as session, pytest.raises(NotAllowedError):
        rotation.request(session, tmp_path / "request")


def test_a_grant_for_another_request_is_refused(
    busy_site: Site, stranger_site: Site, tmp_path: Path
) -> None:
    stranger = stranger_site.copied(tmp_path / "stranger")
    for site, name in ((busy_site, "own"), (stranger, "theirs")):
        with site.at_station("administrator") as session:
            rotation.request(session, tmp_path / name)
    with stranger.at_registry("administrator") as session:
        keys.grant(session, tmp_path / "theirs", tmp_path / "grant")
        with pytest.raises(RefusedError) as refused:
            keys.grant(session, tmp_path / "own", tmp_path / "no")
        assert refused.value.code == "unknown_station"
    with busy_site.at_station("administrator") as session:
        before = session.office.keys.document_key().public
        with pytest.raises(EnrolmentError):
            rotation.take(session, tmp_path / "grant")
        assert session.office.keys.document_key().public == before
