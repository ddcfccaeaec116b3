"""Power cuts in the middle of what administrators do: a process that ends there without a word."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.slots import KeySlots
from db.store import Store
from ledger import kinds
from registry import enrol, queues, refounding, renewing, revoking
from registry import setup as registry_setup
from station import setup
from tests.neighbours import neighbour
from tests.places import PASSPHRASE, Site, opened
from workspace import care, founding
from workspace.errors import RefusedError
from workspace.folder import card

DEAD = 7


def dying(what: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """The same, and the end of the process before or after it."""

    def act(*args: Any, **more: Any) -> Any:
        if after:
            what(*args, **more)
        os._exit(DEAD)

    return act


def killed(work: Callable[[], object]) -> None:
    """Do it in a process of its own, which has to die in it."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WEXITSTATUS(status) == DEAD


PLACES: list[tuple[object, str, bool]] = [
    (registry_setup, "write_keys", True),
    (Store, "create", True),
    (KeySlots, "set_recovery", True),
    (founding, "write_card", True),
]


def patched(patch: pytest.MonkeyPatch, place: tuple[object, str, bool]) -> None:
    owner, name, after = place
    patch.setattr(owner, name, dying(getattr(owner, name), after=after))


def ids(place: tuple[object, str, bool]) -> str:
    return f"{'after' if place[2] else 'before'}-{place[1]}"


@pytest.mark.parametrize("place", PLACES, ids=ids)
def test_a_registry_is_there_whole_or_not_at_all(
    site: Site, tmp_path: Path, place: tuple[object, str, bool]
) -> None:
    """MOSIP f14d9ce2a0: the program does not start after making its database failed."""
    folder, keys = tmp_path / "registry", tmp_path / "keys"

    def create(folder: Path, keys: Path) -> object:
        return registry_setup.create(
            folder, admin="ada", passphrase=PASSPHRASE, keys_out=keys, env=site.env
        )

    def work() -> object:
        patched(pytest.MonkeyPatch(), place)
        return create(folder, keys)

    killed(work)
    written = {path.name: path.read_bytes() for path in keys.iterdir()}
    if place == PLACES[-1]:
        with opened(folder, "ada", site.env) as session:
            assert care.check(session).problems == ()
        back = care.recover(
            folder, key=written["recovery-key.age"], secret=PASSPHRASE, new=PASSPHRASE,
            env=site.env,
        )  # fmt: skip
        assert back.administrator == "ada"
        return
    with pytest.raises(RefusedError):
        card(folder)
    # Keys are never overwritten: they might be the ones of a registry that is.
    with pytest.raises(RefusedError) as refused:
        create(folder, keys)
    assert refused.value.code in {"not_empty", "keys_exist"}
    assert {path.name: path.read_bytes() for path in keys.iterdir()} == written
    create(tmp_path / "another", tmp_path / "other-keys")
    with opened(tmp_path / "another", "ada", site.env) as session:
        assert care.check(session).problems == ()


@pytest.mark.parametrize("place", [PLACES[1], PLACES[2]], ids=ids)
def test_a_registry_is_founded_again_whole_or_not_at_all(
    site: Site, tmp_path: Path, place: tuple[object, str, bool]
) -> None:
    from registry import trust

    with site.at_registry("administrator") as session:
        trust.export(session, tmp_path / "trust", jwks=False)

    def again(folder: Path) -> object:
        return refounding.refound(
            folder,
            admin="ada",
            passphrase=PASSPHRASE,
            root_key=(site.keys / "root-key.age").read_bytes(),
            recovery_key=(site.keys / "recovery-key.age").read_bytes(),
            keys_passphrase=PASSPHRASE,
            trust_list=(tmp_path / "trust").read_bytes(),
            env=site.env,
        )

    def work() -> object:
        patched(pytest.MonkeyPatch(), place)
        return again(tmp_path / "one")

    killed(work)
    with pytest.raises(RefusedError):
        card(tmp_path / "one")
    again(tmp_path / "two")
    with opened(tmp_path / "two", "ada", site.env) as session:
        assert care.check(session).problems == ()


def test_a_grant_that_was_not_written_is_written_by_the_same_command(
    site: Site, tmp_path: Path
) -> None:
    request, grant = tmp_path / "request", tmp_path / "grant"
    setup.request(
        tmp_path / "new", name="New", admin="ben", passphrase=PASSPHRASE, out=request, env=site.env
    )

    def act() -> enrol.Granted:
        with site.at_registry("administrator") as session:
            return enrol.enrol(session, request, grant, replaces="A01", reason="lost")

    def work() -> object:
        patched(pytest.MonkeyPatch(), (enrol, "write_whole", False))
        return act()

    killed(work)
    assert not grant.exists()
    done = act()
    assert done.code == "A02"
    with opened(tmp_path / "new", "ben", site.env) as session:
        setup.enrol(session, grant)
    with site.at_registry("administrator") as session:
        with session.store.read() as reader:
            assert len(reader.entries_of_kind(kinds.STATION_ENROLLED, "station")) == 2
            assert len(reader.entries_of_kind(kinds.STATION_REVOKED, "station")) == 1
        assert care.check(session).problems == ()


@pytest.mark.parametrize("after", [False, True], ids=["before-commit", "after-commit"])
def test_keys_and_revocations_are_there_or_not(site: Site, after: bool) -> None:
    def renew() -> object:
        from workspace.office import Office

        if not after:
            patch = pytest.MonkeyPatch()
            patch.setattr(Office, "save", dying(Office.save, after=True))
        with site.at_registry("administrator") as session:
            renewing.renew_sealing(session)
            os._exit(DEAD)

    with site.at_registry("administrator") as session:
        before = session.office.registry_recipient
    killed(renew)
    with site.at_registry("administrator") as session:
        assert (session.office.registry_recipient != before) is after
        assert len(session.office.keys.identities) == (2 if after else 1)
    assert site.admit(site.send(), notice=False).quarantined == 0


def test_two_administrators_at_once(site: Site) -> None:
    """One program writes: the other is told so, reads on, and comes after. Nothing twice."""
    second = neighbour(site)
    assert second.exists()
    with site.at_registry("administrator") as session:
        from workspace.accounts import add_user

        add_user(session, name="berta", role="administrator", passphrase=PASSPHRASE)
    from db.errors import WorkspaceBusyError

    with site.at_registry("administrator") as one:
        with pytest.raises(WorkspaceBusyError):
            opened(site.registry, "berta", site.env).__enter__()
        with opened(site.registry, "berta", site.env, read_only=True) as other:
            assert [row.revoked for row in queues.stations(other)] == [None, None]
            revoking.revoke(one, station="A01", reason="lost")
            # Looked at anew, the other sees it; and cannot write in what it only reads.
            assert queues.stations(other)[0].revoked is not None
    with opened(site.registry, "berta", site.env) as other:
        with pytest.raises(RefusedError) as refused:
            revoking.revoke(other, station="A01", reason="lost")
        assert refused.value.code == "station_revoked"
        revoking.revoke(other, station="A02", reason="lost too")
        assert care.check(other).problems == ()
