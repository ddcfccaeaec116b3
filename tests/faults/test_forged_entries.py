"""A station whose program was changed signs what its users may not say; the registry sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ledger import kinds
from ledger.certificate import Role, SubjectKind, issue
from ledger.entry import Subject
from ledger.keys import SigningKey
from ledger.views import RegistrationView
from registry import decide, queues
from registry.judging import OWN_REVIEW
from tests.places import PASSPHRASE, START, Site, families
from values.identifiers import UserId, uuid7
from values.secret import Secret
from workspace import accounts, care
from workspace.errors import RefusedError
from workspace.session import Session

Say = Callable[[Session], tuple[str, Subject, dict[str, Any]]]


def registrations(session: Session) -> list[RegistrationView]:
    """Every registration here."""
    with session.store.read() as reader:
        return list(reader.views("registration"))


def aside_codes(site: Site) -> dict[str, str]:
    """Kind and code of everything that was put aside at the registry, which must be sound."""
    with site.at_registry() as session:
        assert care.check(session).problems == ()
        return {row.kind: row.code for row in queues.aside(session)}


def _approve(session: Session) -> tuple[str, Subject, dict[str, Any]]:
    return kinds.REGISTRATION_APPROVED, Subject("registration", registrations(session)[0].id), {}


def _void(session: Session) -> tuple[str, Subject, dict[str, Any]]:
    person = registrations(session)[0].persons[0]
    return kinds.PERSON_VOIDED, Subject("person", person), {"reason": "forged"}


def _number(session: Session) -> tuple[str, Subject, dict[str, Any]]:
    person = registrations(session)[0].persons[0]
    return kinds.PERSON_NUMBERED, Subject("person", person), {"permanent": "WST-R-0000001-00"}


def _register(session: Session) -> tuple[str, Subject, dict[str, Any]]:
    identity = registrations(session)[0].id
    return kinds.REGISTRATION_REGISTERED, Subject("registration", identity), {}


def _submit(session: Session) -> tuple[str, Subject, dict[str, Any]]:
    view = registrations(session)[0]
    return kinds.REGISTRATION_SUBMITTED, Subject("registration", view.id), dict(view.values)


def _export(session: Session) -> tuple[str, Subject, dict[str, Any]]:
    subject = Subject("office", session.office.id)
    return kinds.BUNDLE_EXPORTED, subject, {"bundle": bytes(16), "first": 1, "last": 2}


def _erase(session: Session) -> tuple[str, Subject, dict[str, Any]]:
    body = {"entries": [bytes(32)], "basis": "forged", "second": bytes(16)}
    return kinds.ENTRY_ERASED, Subject("office", session.office.id), body


def _enrol(session: Session) -> tuple[str, Subject, dict[str, Any]]:
    body = {
        "code": "Z99", "name": "forged", "recipient": "age1x", "request": bytes(32),
        "certificates": [b"x"],
    }  # fmt: skip
    return kinds.STATION_ENROLLED, Subject("station", UUID(int=9)), body


def _strange(session: Session) -> tuple[str, Subject, dict[str, Any]]:
    return "person.invented", Subject("person", UUID(int=9)), {}


@pytest.mark.parametrize(
    ("user", "say", "code"),
    [
        ("officer", _approve, "role"),
        ("officer", _void, "role"),
        ("officer", _number, "role"),
        ("officer", _register, "role"),
        ("officer", _export, "role"),
        ("officer", _erase, "role"),
        ("officer", _enrol, "role"),
        ("officer", _strange, "kind_unknown"),
        ("supervisor", _submit, "role"),
        ("supervisor", _register, "role"),
        ("supervisor", _number, "role"),
        ("supervisor", _enrol, "role"),
        ("administrator", _approve, "role"),
        ("administrator", _submit, "role"),
        ("auditor", _void, "role"),
        ("auditor", _approve, "role"),
    ],
)
def test_what_a_role_may_not_say_is_put_aside(site: Site, user: str, say: Say, code: str) -> None:
    """Sync 6 (f): a changed program says what its user's role may not."""
    site.take_in(families(1))
    with site.at_station(user) as session:
        kind, subject, body = say(session)
        with session.act() as act:
            act.say(kind, subject, body)
    done = site.admit(site.send())
    assert done.quarantined == 1
    assert done.reasons
    assert aside_codes(site) == {kind: code}
    with site.at_registry() as session:
        (view,) = registrations(session)
        assert view.status == "recorded"


def test_the_registrys_clerk_cannot_register_either(busy_site: Site) -> None:
    """Within the registry the office refuses; a forged entry of its own chain shows in check."""
    busy_site.admit(busy_site.send())
    with busy_site.at_registry("clerk") as session:
        from workspace.errors import NotAllowedError

        waiting = [row.registration for row in queues.to_register(session)]
        assert len(waiting) == 3
        with pytest.raises(NotAllowedError):
            decide.register(session, waiting)
        with session.act() as act:
            act.say(kinds.REGISTRATION_REGISTERED, Subject("registration", waiting[0]), {}, base=())
    with busy_site.at_registry() as session:
        assert any("role that may not" in problem for problem in care.check(session).problems)


def test_an_own_review_is_put_aside(site: Site) -> None:
    """An officer who is made a supervisor afterwards approves the own registrations.

    MOSIP two persons: a flag says that a second person looked.
    """
    site.take_in(families(2))
    with site.at_station("officer") as session:
        officer, key = session.user.id, session.keys.signing_key
        old = session.own_certificate
        view = registrations(session)[0]
    with site.at_station("administrator") as session:
        now = session.clock.now()
        promoted = issue(
            subject_kind=SubjectKind.USER,
            subject_id=officer,
            office=session.office.id,
            office_type=session.office.type,
            role=Role.SUPERVISOR,
            name="officer",
            public_key=old.public_key,
            not_before=now - timedelta(days=1),
            not_after=now + timedelta(days=400),
            issuer=session.own_certificate,
            key=session.signing_key,
        )
        with session.act() as act:
            act.say(
                kinds.CERTIFICATE_REVOKED,
                Subject("user", officer),
                {"certificate": old.hash, "reason": "promoted"},
            )
            act.say(
                kinds.CERTIFICATE_ISSUED,
                Subject("user", officer),
                {"certificate": promoted.data},
            )
        # The changed program signs as the officer from here on.
        session.user = type(session.user)(officer, "officer", Role.SUPERVISOR)
        session.certificate = promoted
        session.keys.signing_key = key
        session._signing = None
        with session.act() as act:
            act.say(
                kinds.REGISTRATION_APPROVED,
                Subject("registration", view.id),
                {},
                base=view.heads,
            )
    done = site.admit(site.send())
    assert done.quarantined == 1
    assert "approved by the person who took it in" in " ".join(done.reasons)
    assert aside_codes(site) == {kinds.REGISTRATION_APPROVED: OWN_REVIEW}
    with site.at_registry() as session:
        assert {one.status for one in registrations(session)} == {"recorded"}
        # Even released, it reviews nothing: the fold does not count it.
        row = queues.aside(session)[0]
        assert decide.release(session, [row.entry], reason="an error of the registrar") == 1
        assert {one.status for one in registrations(session)} == {"recorded"}


def test_both_roles_at_once_are_put_aside(site: Site) -> None:
    with site.at_station("officer") as session:
        officer, public = session.user.id, session.own_certificate.public_key
    with site.at_station("administrator") as session:
        second = issue(
            subject_kind=SubjectKind.USER,
            subject_id=officer,
            office=session.office.id,
            office_type=session.office.type,
            role=Role.SUPERVISOR,
            name="officer",
            public_key=public,
            not_before=START,
            not_after=START + timedelta(days=1),
            issuer=session.own_certificate,
            key=session.signing_key,
        )
        with session.act() as act:
            act.say(
                kinds.CERTIFICATE_ISSUED, Subject("user", officer), {"certificate": second.data}
            )
    done = site.admit(site.send())
    assert done.quarantined == 1
    assert aside_codes(site) == {kinds.CERTIFICATE_ISSUED: "both_roles"}


def test_a_user_from_an_act_that_is_put_aside_signs_nothing(site: Site) -> None:
    """One act certifies a user and says something forged: neither the user nor it stands."""
    key = SigningKey.generate(site.env.entropy)
    with site.at_station("administrator") as session:
        identity = UserId(uuid7(session.clock.now(), session.env.entropy))
        certificate = issue(
            subject_kind=SubjectKind.USER,
            subject_id=identity,
            office=session.office.id,
            office_type=session.office.type,
            role=Role.OFFICER,
            name="smuggled",
            public_key=key.public,
            not_before=START,
            not_after=START + timedelta(days=1),
            issuer=session.own_certificate,
            key=session.signing_key,
        )
        with session.act() as act:
            act.say(
                kinds.CERTIFICATE_ISSUED,
                Subject("user", identity),
                {"certificate": certificate.data},
            )
            act.say(*_void_nobody())
        session.user = type(session.user)(identity, "smuggled", Role.OFFICER)
        session.certificate = certificate
        session.keys.signing_key = key.secret()
        session._signing = None
        from station.intake import intake
        from tests.places import DAY

        assert intake(session, site.write_list(families(1)), on=DAY).households == 1
    done = site.admit(site.send())
    codes = aside_codes(site)
    assert codes[kinds.PERSON_REGISTERED] == "certificate_unknown"
    assert done.quarantined == 2 + 6
    with site.at_registry() as session, session.store.read() as reader:
        assert reader.counts().persons == 0
        assert reader.user_name(identity) is None


def test_what_a_revoked_user_signs_later_is_put_aside(site: Site, tmp_path: Path) -> None:
    site.take_in(families(1))
    with site.at_station("officer") as session:
        key, certificate, user = (
            Secret(session.keys.signing_key.reveal()), session.own_certificate, session.user
        )  # fmt: skip
    with site.at_station("administrator") as session:
        accounts.disable_user(session, name="officer")
        # The officer kept the keys, and a way to the store.
        session.user, session.certificate = user, certificate
        session.keys.signing_key = key
        session._signing = None
        from station.intake import intake
        from tests.places import DAY

        assert intake(session, site.write_list(families(1, first=9)), on=DAY).households == 1
    done = site.admit(site.send())
    assert done.quarantined == 6
    assert set(aside_codes(site).values()) == {"revoked"}
    with site.at_registry() as session, session.store.read() as reader:
        # What was said before the revocation stays.
        assert reader.counts().persons == 2
    # In a later bundle too, and in another epoch.
    site.station.rename(tmp_path / "moved")
    session = _as_revoked(site, tmp_path / "moved", key, certificate, user)
    try:
        from station.intake import intake

        intake(session, site.write_list(families(1, first=19)), on=DAY)
    finally:
        session.close()
    more = site.admit(site.send(folder=tmp_path / "moved"))
    assert more.quarantined == 6
    assert set(aside_codes(site).values()) == {"revoked"}


def _as_revoked(site: Site, folder: Path, key: Secret, certificate: Any, user: Any) -> Session:
    from workspace.opening import open_workspace

    session = open_workspace(folder, "supervisor", PASSPHRASE, env=site.env)
    session.user, session.certificate = user, certificate
    session.keys.signing_key = key
    session._signing = None
    return session


def _void_nobody() -> tuple[str, Subject, dict[str, Any]]:
    return kinds.PERSON_VOIDED, Subject("person", UUID(int=9)), {"reason": "forged"}


def test_what_is_not_signed_by_its_author_cannot_be_released(site: Site) -> None:
    """The officer's program signs with a key that is not the certificate's."""
    site.take_in(families(1))
    with site.at_station("officer") as session:
        session._signing = SigningKey.generate(session.env.entropy)
        with session.act() as act:
            act.say(
                kinds.PERSON_AMENDED,
                Subject("person", registrations(session)[0].persons[0]),
                {"changes": {"name": "Forged"}},
            )
    assert site.admit(site.send()).quarantined == 1
    with site.at_registry() as session:
        (row,) = queues.aside(session)
        assert row.code == "signature"
        with pytest.raises(RefusedError, match="cannot be released"):
            decide.release(session, [row.entry], reason="looks good")
        assert care.check(session).problems == ()
