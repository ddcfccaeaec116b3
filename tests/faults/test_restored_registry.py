"""A registry that fell back to its backup: what it lost comes again, and nothing is given twice."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from ledger import kinds
from ledger.entry import Subject
from registry import decide, queues
from registry import trust as registry_trust
from station import changes, receive, sending
from tests.places import PASSPHRASE, Site, families
from values.identifiers import EntryHash
from workspace import care, erasure
from workspace.session import Session
from workspace.trusting import trust_of


def persons(session: Session) -> dict[str, str | None]:
    """Everybody's number, with the permanent one."""
    with session.store.read() as reader:
        return {view.number: view.permanent for view in reader.persons()}


def take(site: Site, notice: Path | None) -> receive.Received:
    """The supervisor takes a notice."""
    assert notice is not None
    with site.at_station("supervisor") as session:
        return receive.receive(session, notice)


def back_up(site: Site) -> Path:
    """The registry's backup."""
    file = site.folder / "registry.wsb"
    with site.at_registry("administrator") as session:
        care.backup(session, file)
    return file


def fall_back(site: Site, backup: Path) -> None:
    """The registry's disk broke; the backup is restored in its place."""
    shutil.rmtree(site.registry)
    care.restore(backup, site.registry, env=site.env)


def register_all(site: Site) -> dict[str, str | None]:
    """The registrar registers and numbers whoever was reviewed; returns who has which number."""
    with site.at_registry() as session:
        decide.register(session, [row.registration for row in queues.to_register(session)])
        return persons(session)


def test_a_station_sends_again_what_the_registry_lost(busy_site: Site) -> None:
    backup = back_up(busy_site)
    got = take(busy_site, busy_site.admit(busy_site.send()).notice)
    assert got.acknowledged == 26
    fall_back(busy_site, backup)

    # The station does not know yet: it sends only what no receipt covers.
    busy_site.take_in(families(2, first=50))
    busy_site.approve()
    gap = busy_site.admit(busy_site.send())
    assert gap.admitted == 0 and gap.held > 0
    # The answer shows how far the registry really is; its number was given before the backup.
    got = take(busy_site, gap.notice)
    assert got.number == 1 and got.acknowledged == 0
    with busy_site.at_station("supervisor") as session:
        state = sending.state(session)
        assert state.acknowledged == 0 and state.sent + state.waiting > 38
    done = busy_site.admit(busy_site.send())
    assert (done.held, done.quarantined) == (0, 0)
    assert take(busy_site, done.notice).acknowledged > 38
    with busy_site.at_registry() as session:
        assert care.check(session).problems == ()
        there = set(persons(session))
    with busy_site.at_station() as session:
        assert set(persons(session)) == there and len(there) == 10
        assert care.check(session).problems == ()
        assert sending.state(session).waiting == sending.state(session).sent == 0


@pytest.mark.parametrize("built_upon", [False, True])
def test_a_conflict_with_a_decision_that_was_lost_was_one(
    busy_site: Site, built_upon: bool
) -> None:
    """A station settled what it and the registry had said at once. The registry was restored and
    knows nothing of its own word: the settlement waits for it, and a registrar can admit it."""

    def say(session: Session, told: dict[str, str], base: Sequence[EntryHash]) -> EntryHash:
        with session.act() as act:
            about = Subject("person", someone)
            body = {"changes": told, "reason": "asked"}
            act.say(kinds.PERSON_AMENDED, about, body, form="person", base=base)
        with session.store.read() as reader:
            head = reader.head(session.office.id, session.epoch)
        assert head is not None
        return head.hash

    take(busy_site, busy_site.admit(busy_site.send()).notice)
    with busy_site.at_registry() as session, session.store.read() as reader:
        view = min(reader.persons(), key=lambda one: one.number)
        someone, founded = view.id, view.heads
    backup = back_up(busy_site)
    with busy_site.at_registry() as session:
        lost = say(session, {"phone": "+99955010001"}, founded)
    with busy_site.at_station() as session:
        say(session, {"phone": "+99955010002"}, founded)
    take(busy_site, busy_site.admit(busy_site.send()).notice)
    with busy_site.at_station() as session:
        if built_upon:
            say(session, {"notes": "asked again"}, [lost])
    with busy_site.at_station("supervisor") as session:
        (shown,) = changes.conflicts(session, "person", someone)
        choice = {shown.set: shown.sides[0].entry}
        changes.settle(session, "person", someone, choice, reason="asked her")

    fall_back(busy_site, backup)
    for _ in range(2):
        done = busy_site.admit(busy_site.send())
        take(busy_site, done.notice)
    with busy_site.at_registry() as session:
        (row,) = queues.aside(session)
        assert (row.kind, row.code) == (kinds.CONFLICT_RESOLVED, "base_unknown")
        decide.release(session, [row.entry], reason="the registry's own word was lost")
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            there = reader.person(someone)
    with busy_site.at_station() as session, session.store.read() as reader:
        here = reader.person(someone)
    assert here is not None and there is not None
    assert here.values["phone"] == there.values["phone"]


def test_what_was_erased_by_a_decision_that_was_lost_comes_without_its_body(
    busy_site: Site,
) -> None:
    """Found by the simulation: the station erased its words because the registry said so, and the
    registry knows neither any more. They wait, since nobody there can tell that it was lawful, and
    a registrar can admit them."""
    take(busy_site, busy_site.admit(busy_site.send()).notice)
    with busy_site.at_registry() as session, session.store.read() as reader:
        view = min(reader.persons(), key=lambda one: one.number)
    backup = back_up(busy_site)
    with busy_site.at_station() as session, session.act() as act:
        body = {"changes": {"notes": "asked again"}, "reason": "asked"}
        about = Subject("person", view.id)
        act.say(kinds.PERSON_AMENDED, about, body, form="person", base=view.heads)
    (said,) = act.entries
    take(busy_site, busy_site.admit(busy_site.send()).notice)
    with busy_site.at_registry() as session:
        erasure.erase(
            session, erasure.entries_about(session, view.id), basis="a law",
            second="clerk", second_passphrase=PASSPHRASE,
        )  # fmt: skip
    take(busy_site, busy_site.admit(busy_site.send()).notice)

    fall_back(busy_site, backup)
    for _ in range(2):
        done = busy_site.admit(busy_site.send())
        take(busy_site, done.notice)
    with busy_site.at_registry() as session:
        (row,) = queues.aside(session)
        assert (row.entry, row.code) == (said.hash, "body_missing")
        decide.release(session, [row.entry], reason="the registry had erased it before")
        assert care.check(session).problems == ()
    take(busy_site, busy_site.admit(busy_site.send()).notice)
    with busy_site.at_station() as session:
        assert care.check(session).problems == ()
        assert sending.state(session).waiting == 0


def test_the_same_notice_again_is_still_no_news(busy_site: Site) -> None:
    done = busy_site.admit(busy_site.send())
    assert take(busy_site, done.notice).acknowledged == 26
    assert take(busy_site, done.notice).acknowledged == 0
    busy_site.take_in(families(1, first=50))
    later = busy_site.admit(busy_site.send())
    assert take(busy_site, later.notice).acknowledged == 7
    # An old one does not undo what a later one said.
    assert take(busy_site, done.notice).acknowledged == 0
    with busy_site.at_station("supervisor") as session:
        assert sending.state(session).acknowledged == 33


def test_permanent_numbers_are_not_given_twice(busy_site: Site, tmp_path: Path) -> None:
    """MOSIP 26697: processing again gives a person a second number."""
    bundle = busy_site.send()
    busy_site.admit(bundle)
    backup = back_up(busy_site)
    lost = set(register_all(busy_site).values())
    assert len(lost) == 6
    given: set[str | None] = set()
    for number in range(3):
        fall_back(busy_site, backup)
        again = set(register_all(busy_site).values())
        assert len(again) == 6
        assert not again & (lost | given), f"restored {number} times"
        given |= again
    with busy_site.at_registry() as session:
        assert care.check(session).problems == ()


@pytest.mark.parametrize("hours", [1, 48])
def test_its_trust_list_still_replaces_the_older_one(busy_site: Site, hours: int) -> None:
    """A list made after the restore must be newer than one made before it."""
    out = busy_site.folder / "trust"
    backup = back_up(busy_site)
    take(busy_site, busy_site.admit(busy_site.send()).notice)
    with busy_site.at_station("administrator") as session:
        before = trust_of(session)
    fall_back(busy_site, backup)
    busy_site.clock.advance(timedelta(hours=hours))
    with busy_site.at_registry("administrator") as session:
        registry_trust.export(session, out, jwks=False)
    # First the gap is told, then what was lost comes again: then there is something new to list.
    for first in (50, 60):
        busy_site.take_in(families(1, first=first))
        take(busy_site, busy_site.admit(busy_site.send()).notice)
    with busy_site.at_station("administrator") as session:
        assert trust_of(session).number > before.number


def test_a_notice_from_before_the_restore_that_comes_late_stops_nothing(busy_site: Site) -> None:
    """A stick turns up with a notice that the restored registry does not know it ever wrote: the
    numbers do not go back, and nothing that was taken is asked for again."""
    backup = back_up(busy_site)
    late = busy_site.admit(busy_site.send()).notice
    fall_back(busy_site, backup)
    notices = []
    for first in (50, 60):
        busy_site.take_in(families(1, first=first))
        notices.append(busy_site.admit(busy_site.send()).notice)
        take(busy_site, notices[-1])
    assert [take(busy_site, one).number for one in notices] == [1, 2]

    assert take(busy_site, late).number == 1
    busy_site.take_in(families(1, first=70))
    assert take(busy_site, busy_site.admit(busy_site.send()).notice).number == 3
    with busy_site.at_station("supervisor") as session:
        state = sending.state(session)
        assert (state.waiting, state.sent) == (0, 0)
