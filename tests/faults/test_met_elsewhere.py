"""Faults that people met in other systems of registration, tried at the real offices of this one.

Each is named as `docs/faults.md` names it; those that other tests show are named there.
"""

from __future__ import annotations

import socket
from dataclasses import fields
from datetime import timedelta

import pytest

import forms
from db.errors import StoreFullError
from forms.definition import Kind
from ledger import kinds
from ledger.entry import Header
from registry.service.staging import Staging
from station import drafts, export, printing
from station.register import register
from station.syncing import Synced
from station.syncing import sync as exchange
from sync.errors import SyncError
from tests import paperwork
from tests.faults.test_disk_full import limit_pages
from tests.faults.test_erased_and_sealed import family
from tests.places import START, Site, environment, families
from tests.serving import PATIENCE, admission, fronting, served, sync
from workspace import care
from workspace.errors import NotAllowedError, OfficeError
from workspace.search import search

TROUBLES = {
    "altered": lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\0"),
    "lost": lambda path: path.unlink(),
}


@pytest.mark.parametrize("trouble", sorted(TROUBLES))
def test_a_notice_that_cannot_be_taken_holds_up_no_upload(busy_site: Site, trouble: str) -> None:
    """MOSIP PR 1104: data that cannot be fetched for a moment keep packets from being uploaded."""
    site = busy_site
    staging = Staging.of(site.registry)
    with admission(site, staging) as registry, fronting(staging) as service:
        assert sync(site, service.url, wait=0.0).waiting
        registry.once()
        (notice,) = (staging.root / "out").glob("*/1")
        for path in notice.glob("*.age"):
            TROUBLES[trouble](path)
        for number in (1, 2):
            site.take_in(families(1, first=59 + number))
            done = Synced()
            with (
                site.at_station("supervisor") as session,
                pytest.raises((SyncError, OfficeError)),
            ):
                exchange(session, url=service.url, patience=PATIENCE, wait_seconds=0.0, done=done)
            assert done.uploaded > 0 and len(staging.waiting()) == number
    with served(site) as service:  # admission that begins writes its notices anew
        sync(site, service.url)
    with site.at_station("supervisor") as session:
        assert not export.waits(session)
        assert care.check(session).problems == ()


def test_a_registration_that_cannot_be_stored_keeps_what_was_typed(site: Site) -> None:
    """MOSIP 747: the packet cannot be made after all was captured, and all is captured again."""
    with site.at_station("officer") as session:
        typed = family("")
        drafts.save(session, "d1", typed)
        lift = limit_pages(session, 0)
        with session.store.read() as reader:
            before = reader.count_entries()
        with pytest.raises(StoreFullError):
            for number in range(50):  # free pages of the file take the first ones
                register(session, f"other-{number}", family(""))
        with pytest.raises(StoreFullError):
            register(session, "d1", typed)
        assert drafts.load(session, "d1") == typed
        lift()
        done = register(session, "d1", typed)
        assert len(done.persons) == 2
        with session.store.read() as reader:
            assert reader.count_entries() > before
        assert care.check(session).problems == ()


def test_what_was_never_sent_can_be_carried_and_carried_again(busy_site: Site) -> None:
    """OpenCRVS offline 5: the outbox dies with the browser's data, and no work leaves it as a file.

    MOSIP 945: only what was synced before can be exported.
    """
    site = busy_site
    first, second = site.send(), site.send()
    assert first != second
    assert site.admit(second).admitted > 0
    assert site.admit(first).admitted == 0
    with site.at_registry() as session:
        assert care.check(session).problems == ()


def test_the_hour_of_the_work_and_the_hour_of_its_arrival_are_both_kept(site: Site) -> None:
    """OpenCRVS offline 4, 11058: only the server's hour is kept, so work of last month looks like
    work of today."""
    with site.at_station("officer") as session:
        done = register(session, "d1", family(""))
    bundle = site.send()
    later = START + timedelta(days=40)
    registry = Site(site.folder, environment(site.state, at=later))
    registry.admit(bundle)
    with registry.at_registry() as session, session.store.read() as reader:
        view = reader.registration(done.registration)
        assert view is not None
        told = reader.entries_of_kind(kinds.PERSON_REGISTERED, "person")
        taken = reader.entries_of_kind(kinds.BUNDLE_ADMITTED, "bundle")
    assert {one.header.device_time.date() for one in told} == {START.date()}
    assert [one.header.device_time.date() for one in taken] == [later.date()]


def test_drafts_are_for_those_who_take_people_in(site: Site) -> None:
    """OpenCRVS 9946: one user's outbox is shown to the next one."""
    with site.at_station("officer") as session:
        drafts.save(session, "d1", family(""))
    for role in ("auditor", "administrator"):
        with site.at_station(role) as session, pytest.raises(NotAllowedError):
            drafts.list_drafts(session)


def test_nobody_is_measured_and_so_nobody_is_taken_for_an_officer() -> None:
    """MOSIP 933: an applicant is taken for an operator, with that check switched off."""
    measured = ("finger", "iris", "face", "voice", "biometric", "palm")
    asked = {kind.value for kind in Kind}
    for form in forms.catalogue().all():
        asked |= {field.name for field in form.fields()}
    assert "photo" in asked
    assert [name for name in sorted(asked) if any(word in name for word in measured)] == []


def test_a_family_is_registered_found_and_printed_without_any_network(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenCRVS 3941, 7049, 9922: an office without a line cannot register and print."""

    def never(*given: object, **named: object) -> None:
        raise AssertionError("asked a network")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, never)
    monkeypatch.setattr(socket, "getaddrinfo", never)
    with site.at_station("officer") as session:
        done = register(session, "d1", family(""))
        assert search(session, "Velin Bela")[0].person == done.persons[0][0]
        printed = paperwork.issue(session, printing.targets_for_all(session), language="en")
        assert printed.pdf.startswith(b"%PDF-")
    site.approve()
    assert site.admit(site.send()).quarantined == 0


def test_no_place_is_told_that_nobody_said() -> None:
    """MOSIP fence: a distance in the wrong unit never counts, and the centre's coordinates stand as
    if they were measured."""
    measured = ("latitude", "longitude", "coordinate", "gps", "position")
    asked = {field.name for form in forms.catalogue().all() for field in form.fields()}
    assert [name for name in sorted(asked) if any(word in name for word in measured)] == []
    assert not [one.name for one in fields(Header) if any(word in one.name for word in measured)]
