"""A station says that people of another office are users of its own: nobody loses theirs by it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ledger import kinds
from ledger.authority import NOT_ITS_OFFICE
from ledger.certificate import Certificate, Role, SubjectKind, issue
from ledger.enrolment import Request
from ledger.entry import Subject
from ledger.keys import SigningKey
from registry import decide, queues
from registry import enrol as registry_enrol
from station import export
from sync.seal import new_identity, recipient_of
from tests.faults.test_forged_entries import aside_codes
from tests.neighbours import changed_program
from tests.places import START, Site, families
from values.identifiers import OfficeId, UserId
from workspace import care
from workspace.errors import RefusedError
from workspace.session import Session

STAFF = ("administrator", "registrar", "clerk", "service")


def certified(session: Session, user: UUID) -> Certificate:
    """The station's administrator certifies somebody under another's id, for ever as it seems."""
    return issue(
        subject_kind=SubjectKind.USER,
        subject_id=user,
        office=session.office.id,
        office_type=session.office.type,
        role=Role.AUDITOR,
        name="borrowed",
        public_key=SigningKey.generate(session.env.entropy).public,
        not_before=START + timedelta(days=3650),
        not_after=START + timedelta(days=7300),
        issuer=session.own_certificate,
        key=session.signing_key,
    )


def staff(site: Site) -> dict[str, UserId]:
    """The ids of the registry's people: every notice holds their certificates."""
    ids = {}
    for name in STAFF:
        with site.at_registry(name, read_only=True) as session:
            ids[name] = session.user.id
    return ids


def everybody_works(site: Site, ids: dict[str, UserId]) -> None:
    """The registry's people sign as before, under their own names."""
    for name in STAFF:
        with site.at_registry(name) as session, session.store.read() as reader:
            assert session.certificate is not None, name
            assert reader.user_name(ids[name]) in (name, None)  # the first one's is no entry


def test_a_station_certifies_nobody_of_the_registry(site: Site) -> None:
    """A station's administrator certifies the registry's people: they would have been shut out."""
    ids = staff(site)
    site.take_in(families(1))
    site.approve()
    with changed_program(site, site.station, "administrator") as session:
        for user in ids.values():
            with session.act() as act:
                body = {"certificate": certified(session, user).data}
                act.say(kinds.CERTIFICATE_ISSUED, Subject("user", user), body)
    done = site.admit(site.send())
    assert done.quarantined == len(ids)
    assert aside_codes(site) == {kinds.CERTIFICATE_ISSUED: NOT_ITS_OFFICE}
    everybody_works(site, ids)
    # Nor does it shut anybody out when somebody releases it, or an older program let it in.
    with site.at_registry() as session:
        rows = [row.entry for row in queues.aside(session)]
        assert decide.release(session, rows, reason="an error of the registrar") == len(ids)
    for name in STAFF:
        with site.at_registry(name) as session:
            assert session.certificate is not None, name
    with site.at_registry() as session:
        assert decide.register(session, [one.registration for one in queues.to_register(session)])
        assert care.check(session).problems == ()


def test_nor_beside_its_entries(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same certificates under the seal of a bundle, without an entry that brings them."""
    ids = staff(site)
    site.take_in(families(1))
    site.approve()
    with site.at_station("administrator") as session:
        own = [*session.office.certificates, session.own_certificate.data]
        smuggled = [certified(session, user).data for user in ids.values()]
    with _sent_along(monkeypatch, [*own, *smuggled]):
        bundle = site.send()
    site.admit(bundle)
    everybody_works(site, ids)
    with site.at_registry() as session, session.store.read() as reader:
        assert not {one.data for one in reader.certificates()} & set(smuggled)


@contextmanager
def _sent_along(monkeypatch: pytest.MonkeyPatch, smuggled: list[bytes]) -> Iterator[None]:
    genuine = export.write_bundle

    def writing(*rest: Any, **more: Any) -> Any:
        return genuine(*rest, **{**more, "sealed_certificates": smuggled})

    with monkeypatch.context() as patched:
        patched.setattr(export, "write_bundle", writing)
        yield


def test_a_request_borrows_no_name(site: Site, tmp_path: Path) -> None:
    """A request names somebody of the registry as the administrator of the new station."""
    with site.at_registry("administrator") as session:
        asked = request(recipient_of(new_identity()), administrator=session.user.id)
        (tmp_path / "request").write_bytes(asked.data)
        with pytest.raises(RefusedError) as refused:
            registry_enrol.enrol(session, tmp_path / "request", tmp_path / "grant")
    assert refused.value.code == "user_elsewhere"
    assert not (tmp_path / "grant").exists()


def test_a_request_brings_a_key_to_seal_for(site: Site, tmp_path: Path) -> None:
    """No notice could ever be sealed for it, and the service would end at each try."""
    asked = request("age1nothing", administrator=UserId(UUID(bytes=os.urandom(16))))
    (tmp_path / "request").write_bytes(asked.data)
    with site.at_registry("administrator") as session, pytest.raises(RefusedError) as refused:
        registry_enrol.enrol(session, tmp_path / "request", tmp_path / "grant")
    assert refused.value.code == "bad_recipient"
    assert not (tmp_path / "grant").exists()


def request(recipient: str, *, administrator: UserId) -> Request:
    """A request as a changed program makes it."""
    station, document, user = (SigningKey.generate(os.urandom) for _ in range(3))
    return Request.create(
        office=OfficeId(UUID(bytes=os.urandom(16))),
        name="invented",
        station_key=station,
        document_key=document,
        recipient=recipient,
        administrator=administrator,
        login="invented",
        administrator_key=user,
        requested_at=START,
    )
