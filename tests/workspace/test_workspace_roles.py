"""Another role, and a certificate revoked from a moment on: what was signed before stays valid."""

from __future__ import annotations

import pytest

from ledger import kinds
from registry import queues
from station import review
from tests.places import PASSPHRASE, Site, families, opened
from workspace import accounts, care
from workspace.errors import NotAllowedError, RefusedError


def test_an_officer_becomes_supervisor_and_approves_only_others_work(busy_site: Site) -> None:
    site = busy_site
    site.take_in(families(1, first=20), name="own.csv")
    with site.at_station("administrator") as session:
        row = accounts.change_role(
            session, name="officer", role="supervisor", passphrase=PASSPHRASE
        )
        assert row.role == "supervisor"
        assert {one.name: one.role for one in accounts.list_users(session)}["officer"] == (
            "supervisor"
        )
    with site.at_station("officer") as session:
        assert session.user.role.value == "supervisor"
        # The same person: what they took in themselves is left for somebody else.
        assert review.approve_all(session).approved == 0
    site.approve()
    done = site.admit(site.send())
    assert (done.held, done.quarantined) == (0, 0)
    for opening, user in ((site.at_station, "officer"), (site.at_registry, "registrar")):
        with opening(user) as session:
            assert care.check(session).problems == ()


def test_roles_that_cannot_be_given(site: Site) -> None:
    with site.at_station("administrator") as session:
        for name, role, code in (
            ("administrator", "officer", "own_account"),
            ("officer", "registrar", "role"),
            ("officer", "officer", "same_role"),
        ):
            with pytest.raises(RefusedError) as refused:
                accounts.change_role(session, name=name, role=role, passphrase=PASSPHRASE)
            assert refused.value.code == code
        accounts.disable_user(session, name="officer")
        with pytest.raises(RefusedError) as refused:
            accounts.change_role(session, name="officer", role="supervisor", passphrase=PASSPHRASE)
        assert refused.value.code == "disabled"
    with site.at_station("supervisor") as session, pytest.raises(NotAllowedError):
        accounts.change_role(session, name="officer", role="auditor", passphrase=PASSPHRASE)


def test_a_clerk_becomes_registrar_and_reads_the_vault(site: Site) -> None:
    with site.at_registry("administrator") as session:
        accounts.change_role(session, name="clerk", role="registrar", passphrase=PASSPHRASE)
    with site.at_registry("clerk") as session:
        assert session.vault_identity is not None
    with site.at_registry("administrator") as session:
        accounts.change_role(session, name="clerk", role="clerk", passphrase=PASSPHRASE)
    with site.at_registry("clerk") as session:
        assert session.vault_identity is None


def test_a_name_in_other_hands_since_a_moment(busy_site: Site) -> None:
    """What the officer signed before it is admitted, and what came after is put aside."""
    site = busy_site
    since = site.clock.now()
    site.take_in(families(1, first=30), name="somebody-else.csv")
    with site.at_station("administrator") as session:
        accounts.disable_user(
            session, name="officer", reason="the passphrase was on the wall", since=since
        )
        with session.store.read() as reader:
            (said,) = reader.entries_of_kind(kinds.CERTIFICATE_REVOKED, "user")
        assert said.body is not None
        assert said.body["since"] == int(since.timestamp())
    done = site.admit(site.send())
    assert done.quarantined > 0
    with site.at_registry() as session:
        with session.store.read() as reader:
            assert reader.counts().persons == 6, "the three families of before"
        assert {one.code for one in queues.aside(session)} <= {"revoked", "act_incomplete"}
        assert care.check(session).problems == ()


def test_a_moment_to_come_is_refused(site: Site) -> None:
    from datetime import timedelta

    with site.at_station("administrator") as session, pytest.raises(RefusedError) as refused:
        accounts.disable_user(
            session, name="officer", since=session.clock.now() + timedelta(days=1)
        )
    assert refused.value.code == "since"


def test_the_recovery_key_still_opens_after_roles_changed(site: Site) -> None:
    """An administrator of the registry who becomes clerk: the safe's key opens for the other."""
    with site.at_registry("administrator") as session:
        accounts.add_user(session, name="berta", role="administrator", passphrase=PASSPHRASE)
    with opened(site.registry, "berta", site.env) as session:
        accounts.change_role(session, name="administrator", role="clerk", passphrase=PASSPHRASE)
    back = care.recover(
        site.registry,
        key=(site.keys / "recovery-key.age").read_bytes(),
        secret=PASSPHRASE,
        new=PASSPHRASE,
        env=site.env,
    )
    assert back.administrator == "berta"
