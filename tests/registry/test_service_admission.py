"""Admission beside the front: what waits, what is refused, what goes back, and who is let in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger import kinds
from registry import notices, revoking
from registry.decide import register
from registry.service import admission as room
from registry.service.admission import TRIES, Admission
from registry.service.known import Known
from registry.service.staging import Question, Staging
from registry.stations import Station, stations
from station import export
from station.syncing import sync as exchange
from sync.errors import NotAdmittedError
from sync.limits import NOTICES_AT_ONCE
from tests.neighbours import neighbour
from tests.places import Site, families, opened
from tests.serving import PATIENCE, admission, admitting, fronting, opening, served, sync, until
from values.identifiers import OfficeId
from workspace import care
from workspace.errors import NotAllowedError, RefusedError
from workspace.session import Session


@pytest.fixture
def staging(busy_site: Site) -> Staging:
    """The registry's folder, with the station known to the front."""
    found = Staging.of(busy_site.registry)
    with admission(busy_site, found):
        pass
    return found


def test_uploads_go_on_while_nothing_is_admitted(busy_site: Site, staging: Staging) -> None:
    """OpenCRVS 10604, MOSIP 948: what was sent waits where it is, and moves on by itself."""
    site = busy_site
    with fronting(staging) as service:
        first = sync(site, service.url)
        assert first.uploaded > 0 and first.waiting and first.acknowledged == 0
        site.take_in(families(1, first=60))
        second = sync(site, service.url)
        assert 0 < second.uploaded < first.uploaded and second.waiting
        third = sync(site, service.url)
        assert (third.uploaded, third.waiting) == (0, True)
        assert len(staging.waiting()) == 2
        with admitting(site, staging):
            last = sync(site, service.url)
        assert last.acknowledged == first.uploaded + second.uploaded
        assert (last.uploaded, last.waiting) == (0, False)
    with site.at_registry() as session:
        assert care.check(session).problems == ()


def test_staff_and_service_take_turns(busy_site: Site, staging: Staging) -> None:
    site = busy_site
    with (
        fronting(staging) as service,
        site.at_registry("registrar") as session,
        admitting(site, staging),
    ):
        done = sync(site, service.url, wait=0.2)
        assert done.uploaded > 0 and done.waiting
        until(lambda: (staging.beaten() or (0, {}))[1].get("kept_out") == 1.0)
        session.close()
        assert sync(site, service.url).acknowledged == done.uploaded


def test_a_refused_bundle_is_said_and_sent_anew(
    busy_site: Site, staging: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MOSIP (d): an error that is noted, and then forgotten."""
    site = busy_site

    def refuse(*given: object, **named: object) -> None:
        raise RefusedError("not_for_this_key", "It is not sealed for this registry.")

    with fronting(staging) as service:
        with monkeypatch.context() as patch, admitting(site, staging):
            patch.setattr(room, "import_bundle", refuse)
            done = sync(site, service.url)
            assert done.refused == ["It is not sealed for this registry."]
            assert done.uploaded > 0 and done.acknowledged == 0
        assert list((staging.root / "in").rglob("*.age")) == []
        with admitting(site, staging):
            again = sync(site, service.url)
        assert again.acknowledged == again.uploaded >= done.uploaded


def test_a_fault_of_ours_puts_one_bundle_aside(
    busy_site: Site, staging: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MOSIP 864: one packet that is processed again for ever stops all behind it."""
    site = busy_site
    calls = []

    def fail(*given: object, **named: object) -> None:
        calls.append(1)
        raise ZeroDivisionError

    with fronting(staging) as service:
        done = sync(site, service.url)
        with monkeypatch.context() as patch, admission(site, staging) as found:
            patch.setattr(room, "import_bundle", fail)
            for _ in range(TRIES + 1):
                found.once()
        assert len(calls) == TRIES and staging.waiting() == []
        kept = list((staging.root / "aside").rglob("manifest.sig"))
        assert len(kept) == 1
        told = sync(site, service.url, wait=0.1)
        assert told.refused == [room.ASIDE] and told.uploaded == 0
        # Its administrator imports it by hand; the receipt comes with the next notice.
        assert site.admit(kept[0].parent, notice=False).admitted == done.uploaded
        with admitting(site, staging):
            assert sync(site, service.url).acknowledged == done.uploaded


def test_decisions_come_without_anything_being_sent(busy_site: Site) -> None:
    site = busy_site
    with served(site) as service:
        sync(site, service.url)
    with site.at_registry("registrar") as session:
        with session.store.read() as reader:
            waiting = [one.id for one in reader.views("registration")]
        register(session, waiting)
    with served(site) as service:
        done = sync(site, service.url)
        assert (done.uploaded, done.acknowledged) == (0, 0)
        assert {one.outcome for one in done.outcomes} == {"registered"}
        again = sync(site, service.url)
        assert again.notices == []
        assert service.staging.notices(_office(site)) == []


def test_a_station_that_fell_back_is_given_its_notices_again(
    busy_site: Site, tmp_path: Path
) -> None:
    site = busy_site
    before = tmp_path / "before"
    shutil.copytree(site.station, before)
    with served(site) as service:
        done = sync(site, service.url)
        site.take_in(families(1, first=70))
        sync(site, service.url)
        shutil.rmtree(site.station)
        shutil.copytree(before, site.station)
        back = sync(site, service.url)
        assert back.notices[:2] == [1, 2]
        assert done.acknowledged > 0
    with site.at_station("supervisor") as session:
        assert care.check(session).problems == ()
    with site.at_registry() as session:
        assert care.check(session).problems == ()


def test_a_registry_that_fell_back_gets_what_it_lost(busy_site: Site, tmp_path: Path) -> None:
    """ADR 0017 over the line: numbers come again with other contents, and are taken."""
    site = busy_site
    with served(site) as service:
        sync(site, service.url)
    before = tmp_path / "before"
    shutil.copytree(site.registry, before)
    for number in (80, 81):
        site.take_in(families(1, first=number))
        with served(site) as service:
            assert sync(site, service.url).acknowledged > 0
    shutil.rmtree(site.registry)
    shutil.copytree(before, site.registry)
    with served(site) as service:
        for _ in range(3):
            site.take_in(families(1, first=82), name="more.csv")
            sync(site, service.url)
        assert not export_waits(site)
    with site.at_registry() as session, session.store.read() as reader:
        assert reader.counts().households == 6


def test_a_store_restored_under_the_service(busy_site: Site, tmp_path: Path) -> None:
    """A sealed receipt that was left in the staging folder would say that the store holds what it
    lost."""
    site = busy_site
    before = tmp_path / "before"
    shutil.copytree(site.registry, before)
    with served(site) as service:
        sync(site, service.url, wait=0.0)
        until(lambda: not service.staging.waiting())
        assert service.staging.notices(_office(site)) == [1]
    for name in ("store.db", "photos.db"):
        shutil.copy(before / name, site.registry / name)
    for path in site.registry.glob("*.db-*"):
        path.unlink()
    with served(site) as service:
        for _ in range(2):
            sync(site, service.url)
    assert not export_waits(site)
    with site.at_registry() as session, session.store.read() as reader:
        assert reader.counts().households == 3


def test_a_long_absence_is_caught_up_answer_by_answer(busy_site: Site) -> None:
    """Each notice is sealed anew when it is asked for: one answer names no more than some."""
    many = NOTICES_AT_ONCE + 3
    with busy_site.at_registry("administrator") as session:
        with session.store.read() as reader:
            (station,) = stations(reader)
        for _ in range(many):
            with session.store.write() as unit:
                notices.changed(unit, session)
            notices.answer(session, station, busy_site.outbox)
    with served(busy_site) as service:
        done = sync(busy_site, service.url)
        assert done.notices[:many] == list(range(1, many + 1))
        assert len(service.staging.notices(_office(busy_site))) <= NOTICES_AT_ONCE


def export_waits(site: Site) -> bool:
    """Whether anything is still to be sent."""
    with site.at_station("supervisor") as session:
        return export.waits(session)


def test_two_stations(busy_site: Site) -> None:
    site = busy_site
    second = neighbour(site)
    site.take_in(families(2, first=40), folder=second)
    with served(site) as service:
        done = sync(site, service.url)
        with opened(second, "supervisor", site.env) as session:
            other = exchange(session, url=service.url, patience=PATIENCE)
        assert done.acknowledged > 0 < other.acknowledged
        known = Known.read(service.staging.known)
        assert known is not None
        assert sorted(one.code for one in known.stations.values()) == ["A01", "A02"]


def test_a_station_of_another_registry_learns_nothing(
    busy_site: Site, stranger_site: Site, tmp_path: Path
) -> None:
    other = stranger_site.copied(tmp_path / "other")
    with served(busy_site) as service, pytest.raises(NotAdmittedError):
        sync(other, service.url)


def test_only_those_who_may_serve(busy_site: Site, staging: Staging) -> None:
    """The administrator's and the service's own entries stand at the station; others' are not
    even begun."""
    site = busy_site
    with fronting(staging) as service, admitting(site, staging, user="administrator"):
        done = sync(site, service.url)
    assert done.acknowledged > 0
    assert {one.outcome for one in done.outcomes} == {"admitted"}
    with site.at_station() as session, session.store.read() as reader:
        assert len(reader.entries_of_kind(kinds.BUNDLE_ADMITTED, "bundle")) == 1
    with site.at_registry("administrator") as session, pytest.raises(NotAllowedError):
        notices.again(session, station="A01", number=1, parent=site.outbox)
    found = Admission(opening(site), staging)
    with found.opened(read_only=True):
        found.say_known()


def _office(site: Site) -> OfficeId:
    with site.at_station() as session:
        return session.office.id


def test_who_is_revoked_in_an_open_window_is_shut_out(
    busy_site: Site, staging: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window holds the registry all day, and something waits: nobody is served for as long."""
    monkeypatch.setattr(room, "KNOWN_SECONDS", 0.05)
    monkeypatch.setattr(room, "ROUND_SECONDS", 0.05)
    with fronting(staging) as service, busy_site.at_registry("administrator") as window:
        known = Known.read(staging.known)
        assert known is not None
        (station,) = known.stations.values()
        staging.ask(station.office, Question(after=0, round="x"))  # and so something waits
        with admitting(busy_site, staging):
            revoking.revoke(window, station=station.code, reason="It was stolen.")
            until(lambda: service.front.door.caller(station.office) is None)


def test_what_is_put_aside_twice_stops_nobody(
    busy_site: Site, staging: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while a bundle was put aside, and the station sends it anew: it is put aside again."""
    site = busy_site

    def fail(*given: object, **named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(room, "import_bundle", fail)
    with fronting(staging) as service:
        sync(site, service.url)
        (waiting,) = staging.waiting()
        before = shutil.copytree(waiting.path, site.folder / "before")
        noted = staging.result(waiting.office, waiting.bundle)
        assert noted is not None
        with admission(site, staging) as found:
            for _ in range(TRIES + 1):
                found.once()
            # As it was when the kill came: moved, and nothing noted; then it came again.
            shutil.copytree(before, waiting.path)
            staging.put_result(waiting.office, waiting.bundle, noted)
            for _ in range(TRIES + 1):
                found.once()
        assert staging.waiting() == []
        result = staging.result(waiting.office, waiting.bundle)
        assert result is not None and result.state == "aside"
        assert len(list((staging.root / "aside").rglob("manifest.sig"))) == 1


def test_a_notice_that_cannot_be_written_stops_nobody(
    busy_site: Site, staging: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One station's notice fails for a fault of ours: the others' bundles and notices go on."""
    site = busy_site
    second = neighbour(site)
    with site.at_station("supervisor", folder=second) as session:
        unlucky = session.office.id
    genuine = notices.answer

    def answer(session: Session, station: Station, parent: Path) -> Path:
        if station.id == unlucky:
            raise ZeroDivisionError
        return genuine(session, station, parent)

    monkeypatch.setattr(notices, "answer", answer)
    with site.at_registry("administrator") as session, session.store.write() as unit:
        notices.changed(unit, session)
    staging.ask(unlucky, Question(after=0, round="x"))
    with fronting(staging) as service, admitting(site, staging):
        assert sync(site, service.url).acknowledged
