"""Pruning: what leaves the station after a receipt, what stays, and how it is found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from db.records import Lost
from station import intake, printing, pruning, receive, review
from tests.faults.test_erased_and_sealed import photographed
from tests.places import DAY, Site, families
from values.identifiers import PersonId
from workspace import care, erasure, people, search
from workspace.errors import NotAllowedError, RefusedError
from workspace.session import Session

DAYS = 30


def kept_for(session: Session, days: int | None = DAYS) -> Session:
    """The same session, in an operation with that policy."""
    session.office = replace(
        session.office, operation=replace(session.office.operation, keep_days=days)
    )
    return session


def later(site: Site, days: int) -> None:
    site.clock.advance(timedelta(days=days))


@pytest.fixture
def acknowledged(site: Site) -> tuple[Site, PersonId]:
    """Three families, one of them with a photo; reviewed, sent, and the receipt taken in."""
    head = photographed(site)
    site.take_in(families(2))
    site.approve()
    done = site.admit(site.send())
    assert done.notice is not None
    with site.at_station("supervisor") as session:
        receive.receive(session, done.notice)
    return site, head


def name_of(site: Site, person: PersonId) -> str:
    with site.at_registry() as session, session.store.read() as reader:
        view = reader.person(person)
        assert view is not None
        return str(view.values["name"])


def test_nothing_is_pruned_unless_the_operation_says_so(acknowledged: tuple[Site, PersonId]):
    site, _ = acknowledged
    later(site, 9999)
    with site.at_station("supervisor") as session:
        with pytest.raises(RefusedError) as refused:
            pruning.prune(session)
        assert refused.value.code == "keeps_everything"
        assert pruning.policy(session) is None
        assert pruning.policy(kept_for(session)) == DAYS


def test_nothing_is_pruned_before_its_day(acknowledged: tuple[Site, PersonId]):
    site, _ = acknowledged
    later(site, DAYS - 1)
    with site.at_station("supervisor") as session:
        plan = pruning.plan(kept_for(session))
        assert (plan.households, plan.kept) == (0, {"recent": 3})


def test_a_pruned_family_leaves_names_and_a_whole_chain(acknowledged: tuple[Site, PersonId]):
    """Sync 6 (l): a stolen laptop holds everything ever taken in."""
    site, head = acknowledged
    name = name_of(site, head)
    later(site, DAYS + 1)
    with site.at_station("supervisor") as session:
        plan = pruning.plan(kept_for(session))
        assert plan.households == 3 and plan.photos == 1 and not plan.kept
        done = pruning.prune(session)
        assert (done.households, done.persons) == (plan.households, plan.persons)
        assert (done.entries, done.photos) == (plan.entries, plan.photos)
        assert session.store.photos.count() == 0
        found = care.check(session)
        assert found.problems == ()
        assert f"{done.entries} entries are pruned" in found.notes
        assert care.rebuild(session)[1] == 0
        (hit,) = [one for one in search.search(session, name) if one.person == head]
        assert hit.status == "pruned" and hit.household_number
        assert [one.person for one in search.search(session, hit.number)] == [head]
        members = search.search(session, hit.household_number)
        assert head in [one.person for one in members]
        with pytest.raises(RefusedError) as refused:
            people.person_page(session, head)
        assert refused.value.code == "pruned"
        assert hit.number in refused.value.sentence and "registry" in refused.value.sentence
        assert printing.printable(session) == []
        assert pruning.prune(session).entries == 0
        with session.store.read() as reader:
            stub = reader.person(head)
            assert stub is not None
            assert {key for key in stub.values if not key.startswith("@")} <= {"name", "name_latin"}


def test_the_registry_keeps_what_was_pruned(acknowledged: tuple[Site, PersonId]):
    site, head = acknowledged
    later(site, DAYS + 1)
    with site.at_station("supervisor") as session:
        pruning.prune(kept_for(session))
    done = site.admit(site.send())
    assert (done.held, done.quarantined) == (0, 0)
    with site.at_registry() as session:
        assert people.person_page(session, head).photo is not None
        assert care.check(session).problems == ()


def test_a_list_that_was_pruned_is_still_known(acknowledged: tuple[Site, PersonId]):
    """Taking the same list in again would register everybody twice."""
    site, _ = acknowledged
    later(site, DAYS + 1)
    with site.at_station("supervisor") as session:
        pruning.prune(kept_for(session))
    with site.at_station("officer") as session:
        again = intake.intake(session, site.write_list(families(2)), on=DAY)
    assert (again.households, again.already, again.rejected) == (0, 4, [])
    longer = families(2) + families(2, first=1, size=3).splitlines()[3] + "\n"
    with site.at_station("officer") as session:
        again = intake.intake(session, site.write_list(longer), on=DAY)
    assert [one.code for one in again.rejected] == ["at_registry"]


def test_what_no_receipt_covers_stays(site: Site):
    """MOSIP (i): rows deleted although their files stayed, packets although still in processing."""
    site.take_in(families(2))
    site.approve()
    site.send()
    later(site, 400)
    with site.at_station("supervisor") as session:
        plan = pruning.plan(kept_for(session))
        assert plan.households == 0 and plan.kept == {"unacknowledged": 2}


def test_what_was_touched_lately_stays(acknowledged: tuple[Site, PersonId]):
    site, _ = acknowledged
    later(site, DAYS + 1)
    with site.at_station("supervisor") as session:
        target = printing.printable(session)[0]
        from tests import paperwork

        paperwork.issue(session, [printing.Target("registration", target.person)], language="en")
        plan = pruning.plan(kept_for(session))
        assert plan.kept == {"recent": 1}


def test_what_was_not_reviewed_stays(site: Site):
    site.take_in(families(2))
    done = site.admit(site.send())
    assert done.notice is not None
    with site.at_station("supervisor") as session:
        receive.receive(session, done.notice)
        later(site, DAYS + 1)
        assert pruning.plan(kept_for(session)).kept == {"review": 2}
        assert review.approve_all(session).approved == 2
        later(site, DAYS + 1)  # reviewed, but the registry has not heard of that
        assert pruning.plan(session).kept == {"unacknowledged": 2}


def test_an_open_draft_keeps_its_family(acknowledged: tuple[Site, PersonId]):
    site, head = acknowledged
    later(site, DAYS + 1)
    with site.at_station("supervisor") as session:
        with session.store.write() as unit:
            unit.save_draft(f"correct-x-person-{head.hex}", site.clock.now(), b"{}")
        assert pruning.plan(kept_for(session)).kept == {"draft": 1}


def test_an_officer_may_not(acknowledged: tuple[Site, PersonId]):
    site, _ = acknowledged
    with site.at_station("officer") as session, pytest.raises(NotAllowedError):
        pruning.plan(kept_for(session))


def test_a_kill_before_the_photos_go_is_made_good(
    acknowledged: tuple[Site, PersonId], monkeypatch: pytest.MonkeyPatch
):
    """MOSIP (i): a row goes although its file stayed, and packets go while they are still in
    work."""
    site, _ = acknowledged
    later(site, DAYS + 1)
    with site.at_station("supervisor") as session:
        with monkeypatch.context() as patch:
            patch.setattr(erasure, "drop_photos", lambda *_: 0)
            pruning.prune(kept_for(session))
        assert session.store.photos.count() == 1
        assert care.check(session).problems == ()
        assert pruning.prune(session).photos == 1
        assert session.store.photos.count() == 0


def test_a_permanent_number_reaches_a_stub(acknowledged: tuple[Site, PersonId]):
    site, head = acknowledged
    later(site, DAYS + 1)
    with site.at_station("supervisor") as session:
        pruning.prune(kept_for(session))
    from registry import decide, notices
    from registry.queues import to_register

    with site.at_registry("registrar") as session:
        waiting = [row.registration for row in to_register(session)]
        decide.register(session, waiting)
        folder = notices.answer(session, _station(session), site.outbox)
    with site.at_station("supervisor") as session:
        receive.receive(session, folder)
        with session.store.read() as reader:
            stub = reader.person(head)
            assert stub is not None and stub.permanent
        assert care.check(session).problems == ()
        assert care.rebuild(session)[1] == 0


def _station(session: Session):
    from registry.stations import stations

    with session.store.read() as reader:
        return next(iter(stations(reader)))


def test_lost_says_pruned(acknowledged: tuple[Site, PersonId]):
    site, head = acknowledged
    later(site, DAYS + 1)
    with site.at_station("supervisor") as session:
        pruning.prune(kept_for(session))
        with session.store.read() as reader:
            for entry in reader.entries_of("person", head):
                standing = reader.standing(entry.hash)
                assert standing is not None and standing.lost is Lost.PRUNED
