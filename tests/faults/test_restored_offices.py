"""A restored office never gives a number, a place in a chain or in a status list twice.

Interleavings of work, backup, restore, exchange and the old copy coming back.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from ledger import kinds
from registry import decide, queues
from station import printing
from station.receive import receive
from tests import paperwork
from tests.places import PASSPHRASE, Site, families, opened
from workspace import care
from workspace.opening import open_workspace

LISTS = itertools.count(1)


class Numbers:
    """Everything that may be given once, gathered over all copies."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._seen: dict[tuple[object, ...], bytes] = {}

    def gather(self, folder: Path, user: str = "officer") -> None:
        """Of an office's own chain; the same entry in two copies is one."""
        with opened(folder, user, self._site.env, read_only=True) as session:
            own = session.office.id
            with session.store.read() as reader:
                for epoch, _ in reader.epochs(own):
                    for entry in reader.chain(own, epoch):
                        header, body = entry.header, entry.body or {}
                        self._once(entry.hash, "place", epoch, header.sequence)
                        self._once(entry.hash, "id", header.entry_id)
                        for name in ("number", "permanent"):
                            if header.kind not in _NUMBERING or name not in body:
                                continue
                            self._once(entry.hash, name, body[name])
                        if header.kind == kinds.DOCUMENT_ISSUED:
                            self._once(entry.hash, "status", epoch, body["status_index"])

    def _once(self, entry: bytes, *what: object) -> None:
        assert self._seen.setdefault(what, entry) == entry, f"{what[0]} was given twice"


_NUMBERING = {
    kinds.PERSON_REGISTERED,
    kinds.HOUSEHOLD_REGISTERED,
    kinds.DOCUMENT_ISSUED,
    kinds.PERSON_NUMBERED,
}


def work(site: Site, folder: Path) -> None:
    """A family, and a paper for one of them."""
    number = next(LISTS)
    site.take_in(families(1, first=200 + number), name=f"list-{number}.csv", folder=folder)
    with opened(folder, "officer", site.env) as session:
        targets = printing.targets_for_all(session)[-1:]
        paperwork.issue(session, targets, language="en")


@pytest.mark.parametrize(
    "order",
    [
        ("work", "backup", "work", "restore", "work"),
        ("backup", "work", "send", "restore", "work", "send"),
        ("work", "send", "backup", "work", "send", "restore", "receive", "work", "send"),
        ("backup", "work", "restore", "work", "restore", "work", "send"),
        ("backup", "work", "restore", "work", "old-again", "work", "send"),
    ],
    ids=lambda order: "-".join(order),
)
def test_a_station_in_any_order(site: Site, tmp_path: Path, order: tuple[str, ...]) -> None:
    numbers = Numbers(site)
    folder, backup = site.station, tmp_path / "station.backup"
    notices: list[Path] = []
    for at, what in enumerate(order):
        match what:
            case "work":
                work(site, folder)
            case "backup":
                with opened(folder, "administrator", site.env) as session:
                    care.backup(session, backup)
            case "restore":
                numbers.gather(folder)
                folder = tmp_path / f"restored-{at}"
                care.restore(backup, folder, env=site.env)
            case "old-again":
                numbers.gather(folder)
                folder = site.station
            case "send":
                done = site.admit(site.send(folder=folder))
                assert done.notice is not None
                notices.append(done.notice)
            case "receive":
                for notice in notices:
                    with opened(folder, "supervisor", site.env) as session:
                        receive(session, notice)
        numbers.gather(folder)
    with opened(folder, "officer", site.env) as session:
        assert care.check(session).problems == ()
    with site.at_registry() as session:
        assert care.check(session).problems == ()
        assert queues.counts(session).conflicts == 0


@pytest.mark.parametrize(
    "order",
    [
        ("import", "backup", "import", "restore", "ask", "import"),
        ("backup", "import", "restore", "ask", "import", "restore", "ask", "import"),
        ("import", "backup", "restore", "import", "ask", "import"),
    ],
    ids=lambda order: "-".join(order),
)
def test_a_registry_in_any_order(site: Site, tmp_path: Path, order: tuple[str, ...]) -> None:
    """Permanent numbers too; and in the end it has everything, for it was asked for."""
    from registry import notices

    numbers = Numbers(site)
    folder, backup = site.registry, tmp_path / "registry.backup"
    for at, what in enumerate(order):
        match what:
            case "import":
                work(site, site.station)
                site.approve()
                bundle = site.send()
                with opened(folder, "registrar", site.env) as session:
                    from registry.admit import import_bundle

                    done = import_bundle(session, bundle, notice_parent=site.outbox)
                    decide.register(
                        session, [one.registration for one in queues.to_register(session)]
                    )
                assert done.notice is not None
                with site.at_station("supervisor") as session:
                    receive(session, done.notice)
            case "backup":
                with opened(folder, "administrator", site.env) as session:
                    care.backup(session, backup)
            case "restore":
                numbers.gather(folder, "registrar")
                folder = tmp_path / f"restored-{at}"
                care.restore(backup, folder, env=site.env)
            case "ask":
                with opened(folder, "administrator", site.env) as session:
                    assert [one.due for one in queues.stations(session)] in ([True], [False])
                    notice = notices.ask(session, station="A01", parent=site.outbox)
                with site.at_station("supervisor") as session:
                    receive(session, notice)
        numbers.gather(folder, "registrar")
    with opened(folder, "registrar", site.env) as session:
        assert queues.counts(session).held == 0
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            everybody = reader.counts().persons
    with site.at_station("officer") as session, session.store.read() as reader:
        assert reader.counts().persons == everybody


def test_a_restored_registry_says_whom_to_ask(busy_site: Site, tmp_path: Path) -> None:
    site = busy_site
    with site.at_registry("administrator") as session:
        care.backup(session, tmp_path / "registry.backup")
    done = site.admit(site.send())
    assert done.notice is not None
    with site.at_station("supervisor") as session:
        receive(session, done.notice)
    folder = tmp_path / "restored"
    care.restore(tmp_path / "registry.backup", folder, env=site.env)
    session = open_workspace(folder, "administrator", PASSPHRASE, env=site.env, read_only=True)
    assert [one.due for one in queues.stations(session)] == [True], "seen before it is written in"
    session.close()
    with opened(folder, "administrator", site.env) as session:
        assert any("bring each of them a notice" in one for one in session.notes)
        assert [one.due for one in queues.stations(session)] == [True]
