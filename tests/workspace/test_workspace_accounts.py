"""Users of an office: added, renewed, disabled, and what their keys may still do."""

from __future__ import annotations

import pytest

from db.errors import (
    DisabledUserError,
    SlowOpeningError,
    UnknownUserError,
    WrongPassphraseError,
)
from db.slots import KeySlots
from ledger.keys import SigningKey
from station.intake import intake
from tests.places import DAY, PASSPHRASE, Site, families, opened
from values.secret import Secret
from workspace import accounts, care
from workspace.errors import NotAllowedError, OfficeError, RefusedError
from workspace.folder import SLOTS
from workspace.opening import open_workspace

NEW = Secret(b"quite another passphrase")


def test_a_name_opens_in_any_case(site: Site) -> None:
    with opened(site.station, "OFFICER", site.env) as session:
        assert session.user.name == "officer"


@pytest.mark.parametrize("name", ["Officer", "OFFICER", "ｏｆｆｉｃｅｒ", " officer "])
def test_a_name_that_looks_taken_is_refused_before_a_certificate_is_written(
    site: Site, name: str
) -> None:
    with site.at_station("administrator") as session:
        with session.store.read() as reader:
            before = reader.count_entries()
        with pytest.raises(RefusedError, match="Choose another name"):
            accounts.add_user(session, name=name, role="officer", passphrase=NEW)
        with session.store.read() as reader:
            assert reader.count_entries() == before


@pytest.mark.parametrize(
    "name", ["", "   ", "a" * 61, "line\nbreak", "tab\tbed", "nul\0", "\u202eright", "\udcff"]
)
def test_a_name_that_cannot_be_shown_is_refused(site: Site, name: str) -> None:
    with site.at_station("administrator") as session, pytest.raises(RefusedError) as refused:
        accounts.add_user(session, name=name, role="officer", passphrase=NEW)
    assert refused.value.code == "user_name"


@pytest.mark.parametrize("name", ["گل‌آقا رضایی", "ကိုကို", "José Núñez", "O'Neil", "李小龍", "🦆"])
def test_names_of_every_script_work(site: Site, name: str) -> None:
    with site.at_station("administrator") as session:
        accounts.add_user(session, name=name, role="officer", passphrase=NEW)
    with open_workspace(site.station, name, NEW, env=site.env).store:
        pass


def test_roles_belong_to_their_office(site: Site) -> None:
    with site.at_station("administrator") as session, pytest.raises(RefusedError) as refused:
        accounts.add_user(session, name="one", role="registrar", passphrase=NEW)
    assert refused.value.code == "role"


@pytest.mark.parametrize("kind", ["station", "registry"])
def test_every_role_that_is_offered_can_be_given(site: Site, kind: str) -> None:
    opening = site.at_station if kind == "station" else site.at_registry
    with opening("administrator") as session:
        offered = accounts.roles(session)
        for role in offered:
            accounts.add_user(session, name=f"new {role}", role=role, passphrase=PASSPHRASE)
    assert ("administrator" in offered) is (kind == "registry")
    with opening("auditor") as session, pytest.raises(NotAllowedError):
        accounts.roles(session)


def test_the_list_of_users_is_the_administrators(site: Site) -> None:
    with site.at_station("officer") as session, pytest.raises(NotAllowedError):
        accounts.list_users(session)


def test_a_short_passphrase_is_refused(site: Site) -> None:
    with site.at_station("administrator") as session, pytest.raises(RefusedError) as refused:
        accounts.add_user(session, name="one", role="officer", passphrase=Secret(b"seven77"))
    assert refused.value.code == "weak_passphrase"


def test_a_renewed_user_signs_with_a_new_key_and_the_old_one_is_revoked(site: Site) -> None:
    with site.at_station("officer") as session:
        before = session.own_certificate
    with site.at_station("administrator") as session:
        accounts.change_passphrase(session, name="Officer", old=None, new=NEW)
    with pytest.raises(WrongPassphraseError):
        open_workspace(site.station, "officer", PASSPHRASE, env=site.env)
    session = open_workspace(site.station, "officer", NEW, env=site.env)
    try:
        assert session.own_certificate.hash != before.hash
        assert session.own_certificate.public_key == session.signing_key.public
        with session.store.read() as reader:
            assert reader.revoked(before.hash) == "renewed"
        assert intake(session, site.write_list(families(1)), on=DAY).households == 1
        assert care.check(session).problems == ()
    finally:
        session.close()


def test_a_slot_whose_key_was_replaced_signs_nothing(site: Site) -> None:
    """A kill between the new certificate and the new slot leaves the old key in the slot."""
    slots = (site.station / SLOTS).read_bytes()
    with site.at_station("administrator") as session:
        accounts.change_passphrase(session, name="officer", old=None, new=NEW)
    (site.station / SLOTS).write_bytes(slots)
    with site.at_station("officer") as session:
        with pytest.raises(OfficeError, match="Ask the administrator"):
            intake(session, site.write_list(families(1)), on=DAY)
        assert care.check(session).problems == ()
    with site.at_station("administrator") as session:
        accounts.change_passphrase(session, name="officer", old=None, new=PASSPHRASE)
    assert site.take_in(families(1)).households == 1


def test_a_disabled_user_stays_out_and_the_work_stays_good(busy_site: Site) -> None:
    with busy_site.at_station("administrator") as session:
        accounts.disable_user(session, name="OFFICER")
        assert care.check(session).problems == ()
    with pytest.raises(DisabledUserError):
        open_workspace(busy_site.station, "officer", PASSPHRASE, env=busy_site.env)
    done = busy_site.admit(busy_site.send())
    assert (done.quarantined, done.held) == (0, 0)


def test_the_last_administrator_cannot_lock_the_office(site: Site) -> None:
    with site.at_station("administrator") as session, pytest.raises(RefusedError) as refused:
        accounts.disable_user(session, name="Administrator")
    assert refused.value.code == "own_account"


def test_an_unknown_user_is_told_so(site: Site) -> None:
    with site.at_station("administrator") as session, pytest.raises(UnknownUserError):
        accounts.disable_user(session, name="nobody")


def test_recovery_gives_back_an_administrator_who_can_sign(site: Site) -> None:
    """After one administrator renewed the other, the recovery key must not revive dead keys."""
    with site.at_registry("administrator") as session:
        accounts.add_user(session, name="deputy", role="administrator", passphrase=PASSPHRASE)
        sheet = care.recovery_sheet(session)
    with site.at_registry("deputy") as session:
        accounts.change_passphrase(session, name="administrator", old=None, new=NEW)
    key = (site.keys / "recovery-key.age").read_bytes()
    back = care.recover(
        site.registry, key=key, secret=PASSPHRASE, new=Secret(b"after the recovery"), env=site.env
    )
    session = open_workspace(
        site.registry, back.administrator, Secret(b"after the recovery"), env=site.env
    )
    try:
        accounts.add_user(session, name="fresh", role="clerk", passphrase=NEW)
        assert care.check(session).problems == ()
    finally:
        session.close()
    # The sheet was printed for keys that were replaced since.
    with pytest.raises(OfficeError, match="print a new sheet"):
        care.recover(site.registry, key=None, secret=Secret(sheet.encode()), new=NEW, env=site.env)


def test_recovery_does_not_bring_a_disabled_administrator_back(site: Site) -> None:
    with site.at_registry("administrator") as session:
        accounts.add_user(session, name="deputy", role="administrator", passphrase=PASSPHRASE)
    with site.at_registry("deputy") as session:
        accounts.disable_user(session, name="administrator")
    key = (site.keys / "recovery-key.age").read_bytes()
    back = care.recover(site.registry, key=key, secret=PASSPHRASE, new=NEW, env=site.env)
    assert back.administrator == "deputy"


def test_a_key_that_takes_too_long_to_open_is_no_wrong_key(site: Site) -> None:
    key = (site.keys / "recovery-key.age").read_bytes()
    version, scrypt, rest = key.split(b"\n", 2)
    dear = b"\n".join([version, scrypt.rpartition(b" ")[0] + b" 30", rest])
    with pytest.raises(SlowOpeningError, match="too slow"):
        care.recover(site.registry, key=dear, secret=PASSPHRASE, new=NEW, env=site.env)


def test_no_secret_is_in_a_repr(site: Site) -> None:
    with site.at_registry("registrar") as session:
        shown = repr(session) + repr(session.keys) + repr(session.office)
        for secret in (
            session.keys.data_key,
            session.keys.signing_key,
            session.office.keys.signing,
            session.office.keys.identity,
        ):
            assert secret.reveal().hex() not in shown
            assert repr(secret.reveal())[2:-1] not in shown


def test_every_user_has_a_key_of_their_own(site: Site) -> None:
    keys = set()
    for name in ("administrator", "officer", "supervisor", "auditor"):
        slots = KeySlots.load(site.station / SLOTS, policy=site.env.policy)
        opened_ = slots.open(name, PASSPHRASE, site.env.device.device_secret(slots.workspace))
        keys.add(SigningKey.from_bytes(opened_.signing_key).public)
    assert len(keys) == 4
