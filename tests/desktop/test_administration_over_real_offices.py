"""What administrators do, in the window over the real offices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPushButton

from registry import queues
from station import setup
from tests.desktop.stage import Stage
from tests.desktop.test_pages_over_real_offices import desk_of
from tests.places import PASSPHRASE, WORDS, Site, families
from workspace import service


def click(put: Stage, name: str) -> None:
    put.find(QPushButton, name).click()
    put.settle()


def choose_first(page: Any) -> None:
    page.table.view.selectRow(0)


def test_a_station_is_revoked_from_an_earlier_time(
    qtbot: Any, busy_site: Site, tmp_path: Path
) -> None:
    site = busy_site
    taken = site.clock.now()
    site.admit(site.send(), notice=False)
    with desk_of(qtbot, site, site.registry, "administrator", tmp_path) as put:
        page = put.page("stations")
        assert page.table.selected(), "the buttons are about what the keyboard is on"
        click(put, "stations-revoke")
        click(put, "stations-revoke-now")
        assert page.stack.currentWidget() is page.form, "a reason is wanted"
        page.form.reason.set_value("Taken on the road")
        page.form.since.when.set_value("earlier")
        page.form.since.time.set_value("yesterday")
        click(put, "stations-revoke-now")
        assert page.stack.currentWidget() is page.form, "that is no time"
        page.form.since.time.set_value(f"{taken:%Y-%m-%d %H:%M:%S}")
        page.form.lost.set_value(True)
        click(put, "stations-revoke-now")
        put.settle()
        assert "is revoked." in page.banner.sentence()
        assert "put aside" in page.banner.sentence()
        (row,) = page.table.rows()
        assert row.revoked is not None
        assert row.revoked.reason == "Taken on the road"
        choose_first(page)
        assert not put.find(QPushButton, "stations-revoke").isEnabled()
        put.dialogs.folder = site.outbox
        click(put, "stations-notice")
        assert "Bring it to the station." in page.banner.sentence()


def test_a_user_of_a_station_is_revoked(qtbot: Any, busy_site: Site, tmp_path: Path) -> None:
    site = busy_site
    site.admit(site.send(), notice=False)
    with desk_of(qtbot, site, site.registry, "administrator", tmp_path) as put:
        page = put.page("stations")
        choose_first(page)
        click(put, "stations-users")
        people = page.users.table
        names = [one.name for one in people.rows()]
        people.view.selectRow(names.index("administrator"))
        assert not put.find(QPushButton, "stations-revoke-user").isEnabled()
        people.view.selectRow(names.index("officer"))
        put.dialogs.because = "Sold cards"
        click(put, "stations-revoke-user")
        put.settle()
        assert "is revoked." in page.banner.sentence()


def test_a_lost_laptop_is_replaced_with_the_enrolment(
    qtbot: Any, site: Site, tmp_path: Path
) -> None:
    request = tmp_path / "request.wst"
    setup.request(
        tmp_path / "new", name="Site A", admin="ben", passphrase=PASSPHRASE, out=request,
        env=site.env,
    )  # fmt: skip
    with desk_of(qtbot, site, site.registry, "administrator", tmp_path) as put:
        page = put.page("stations")
        put.settle()
        page.read_request(request)
        put.settle()
        page.asked._place.set_value("A01")
        put.dialogs.saved_as = put.dialogs.file = tmp_path / "grant.wst"
        click(put, "stations-grant")
        assert not (tmp_path / "grant.wst").exists(), "it asks what happened"
        page.asked._reason.set_value("Left in the bus")
        click(put, "stations-grant")
        put.settle()
        assert (tmp_path / "grant.wst").exists()
    with site.at_registry("administrator") as session:
        rows = {one.code: one for one in queues.stations(session)}
    assert rows["A01"].revoked is not None
    assert rows["A02"].replaces == "A01"


def test_keys_and_rules_are_renewed(qtbot: Any, site: Site, tmp_path: Path) -> None:
    with site.at_registry("administrator") as session, session.store.read() as reader:
        assert service.held(reader) is None
        before = session.office
    with desk_of(qtbot, site, site.registry, "administrator", tmp_path) as put:
        page = put.page("keys")
        put.settle()
        assert [one.station for one in page.table.rows()] == ["A01"]
        put.dialogs.because = "The time has come"
        click(put, "keys-sealing")
        assert "A01" in page.banner.sentence()
        put.dialogs.file = site.keys / "root-key.age"
        click(put, "keys-signing")
        page.words.set_value(WORDS)
        click(put, "keys-sign-now")
        qtbot.waitUntil(lambda: "The key is renewed" in page.banner.sentence(), timeout=60_000)
        click(put, "keys-authority")
        assert "no authority yet" in page.banner.sentence()
        page.days.set_value("90")
        click(put, "keys-keep")
        assert "90 days" in page.banner.sentence()
    with site.at_registry("administrator") as session:
        office = session.office
    assert office.operation.keep_days == 90
    assert office.registry_recipient != before.registry_recipient
    assert office.trust_certificate != before.trust_certificate


def test_the_next_document_key_goes_both_ways(qtbot: Any, site: Site, tmp_path: Path) -> None:
    request, grant = tmp_path / "key-request.wst", tmp_path / "station-grant.wst"
    with desk_of(qtbot, site, site.station, "administrator", tmp_path) as put:
        page = put.page("settings")
        put.dialogs.saved_as = put.dialogs.file = request
        click(put, "care-next-key")
        assert request.exists()
        assert page is not None
    with desk_of(qtbot, site, site.registry, "administrator", tmp_path) as put:
        page = put.page("keys")
        put.settle()
        put.dialogs.file, put.dialogs.saved_as = request, grant
        click(put, "keys-grant")
        assert grant.exists(), page.banner.sentence()
        assert len(page.table.rows()) == 2
    with site.at_station("administrator") as session:
        before = session.office.keys.document_key().public
    with desk_of(qtbot, site, site.station, "administrator", tmp_path) as put:
        put.page("settings")
        put.dialogs.file = grant
        click(put, "care-take-key")
    with site.at_station("administrator") as session:
        assert session.office.keys.document_key().public != before


def test_a_user_changes_role(qtbot: Any, site: Site, tmp_path: Path) -> None:
    with desk_of(qtbot, site, site.station, "administrator", tmp_path) as put:
        page = put.page("users")
        put.settle()
        names = [one.name for one in page.table.rows()]
        page.table.view.selectRow(names.index("administrator"))
        assert not put.find(QPushButton, "user-role").isEnabled()
        page.table.view.selectRow(names.index("officer"))
        click(put, "user-role")
        page._role.set_value("supervisor")
        page._passphrase.first.set_value(WORDS)
        page._passphrase.second.set_value(WORDS)
        click(put, "user-save")
        qtbot.waitUntil(lambda: "from now on" in page.banner.sentence(), timeout=30_000)
    with site.at_station("officer") as session:
        assert session.user.role.value == "supervisor"


def test_a_user_is_disabled_since_the_passphrase_was_known(
    qtbot: Any, busy_site: Site, tmp_path: Path
) -> None:
    """What others may have signed under the name since then is put aside at the registry."""
    site = busy_site
    since = site.clock.now()
    site.take_in(families(1, first=60), name="somebody.csv")
    with desk_of(qtbot, site, site.station, "administrator", tmp_path) as put:
        page = put.page("users")
        put.settle()
        names = [one.name for one in page.table.rows()]
        page.table.view.selectRow(names.index("officer"))
        put.dialogs.because = "The passphrase may be known to others"
        click(put, "user-disable")
        page.since.when.set_value("earlier")
        page.since.time.set_value(f"{since:%Y-%m-%d %H:%M:%S}")
        click(put, "user-disable-now")
        assert "is disabled." in page.banner.sentence()
        assert page._since_card.isHidden()
    assert site.admit(site.send()).quarantined > 0
    with site.at_registry() as session, session.store.read() as reader:
        assert reader.counts().persons == 6
