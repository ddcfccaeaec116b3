from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger import kinds
from ledger.entry import Entry, Subject
from ledger.fold import fold_subject
from ledger.views import RegistrationStatus, RegistrationView
from tests.ledger.builders import NOW, World, uuid

SUBJECT = Subject(kinds.REGISTRATION, uuid("registration"))
PERSONS = [uuid("a"), uuid("b")]
SUBMITTED = {
    "household": uuid("household").bytes,
    "persons": [p.bytes for p in PERSONS],
    "on": "2026-11-15",
    "source": {"way": "list", "series": "site-a", "household": "12", "rows": [bytes(32)]},
    "flags": [{"code": "age_unknown", "person": uuid("a").bytes}],
    "confirmed": [{"code": "child_alone", "reason": "aunt is near"}],
}


class Case:
    """A registration on its way."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.entries: list[Entry] = []

    def step(
        self,
        kind: str,
        body: dict[str, Any] | None = None,
        *,
        by: str = "officer",
        base: list[Entry] | None = None,
        minutes: int | None = None,
        **changes: Any,
    ) -> Entry:
        office = self.world.registry if by == "registrar" else self.world.stations[0]
        entry = office.write(
            kind,
            SUBJECT,
            body or {},
            by=by,
            base=self.entries[-1:] if base is None else base,
            at=NOW + timedelta(minutes=len(self.entries) if minutes is None else minutes),
            **changes,
        )
        self.entries.append(entry)
        return entry

    def submit(self, **more: Any) -> Entry:
        return self.step(kinds.REGISTRATION_SUBMITTED, dict(SUBMITTED), **more)

    def approve(self, *, by: str = "supervisor", **more: Any) -> Entry:
        return self.step(kinds.REGISTRATION_APPROVED, by=by, **more)

    def give_back(self, *, by: str = "supervisor", **more: Any) -> Entry:
        return self.step(kinds.REGISTRATION_RETURNED, {"reason": "photo is dark"}, by=by, **more)

    def register(self, **more: Any) -> Entry:
        return self.step(kinds.REGISTRATION_REGISTERED, by="registrar", **more)

    @property
    def view(self) -> RegistrationView:
        view = fold_subject(kinds.REGISTRATION, self.entries)
        assert isinstance(view, RegistrationView)
        return view

    @property
    def status(self) -> str:
        return self.view.status.value

    @property
    def refused(self) -> list[str]:
        return [review.code for review in self.view.refused_reviews]


@pytest.fixture
def case(world: World) -> Case:
    return Case(world)


def test_the_four_states() -> None:
    assert {s.value for s in RegistrationStatus} == {
        "recorded",
        "approved",
        "returned",
        "registered",
    }


def test_submitted(case: Case) -> None:
    case.submit()
    view = case.view
    assert view.status is RegistrationStatus.RECORDED
    assert (view.household, view.persons) == (uuid("household"), tuple(PERSONS))
    assert (view.on, view.source["series"]) == ("2026-11-15", "site-a")
    assert view.flags == tuple(SUBMITTED["flags"])
    assert view.confirmed == tuple(SUBMITTED["confirmed"])
    assert view.submitter == case.world.stations[0].users["officer"].id
    assert view.submitted_at == NOW
    assert (view.reviewer, view.reviewed_at, view.returned) == (None, None, None)


def test_approved_by_someone_else(case: Case) -> None:
    case.submit()
    case.approve()
    assert case.status == "approved"
    assert case.view.reviewer == case.world.stations[0].users["supervisor"].id
    assert case.view.reviewed_at == NOW + timedelta(minutes=1)
    assert case.refused == []


def test_ones_own_approval_does_not_count(case: Case) -> None:
    case.submit()
    own = case.approve(by="officer")
    assert case.status == "recorded"
    (refused,) = case.view.refused_reviews
    assert (refused.entry, refused.code) == (own.hash, "own")
    assert refused.author == case.world.stations[0].users["officer"].id
    assert case.view.reviewer is None
    case.approve()
    assert case.status == "approved"


def test_who_submitted_first_may_not_approve_anothers_resubmission(case: Case) -> None:
    case.submit()
    case.give_back()
    case.submit(by="second")
    case.approve(by="officer")
    assert (case.status, case.refused) == ("recorded", ["own"])


def test_an_approval_of_nothing_does_not_count(case: Case) -> None:
    case.submit()
    case.approve(base=[])
    assert (case.status, case.refused) == ("recorded", ["nothing_submitted"])


def test_returned_and_submitted_again(case: Case) -> None:
    case.submit()
    case.give_back()
    assert (case.status, case.view.returned) == ("returned", "photo is dark")
    assert case.view.reviewer == case.world.stations[0].users["supervisor"].id
    case.submit(by="second")
    view = case.view
    assert view.status is RegistrationStatus.RECORDED
    assert view.returned is None
    assert view.reviewer is None
    assert view.submitter == case.world.stations[0].users["second"].id
    case.approve()
    assert case.status == "approved"


def test_submitted_again_after_approval_waits_again(case: Case) -> None:
    case.submit()
    case.approve()
    case.submit()
    assert case.status == "recorded"


def test_registered_is_final(case: Case) -> None:
    case.submit()
    case.approve()
    case.register()
    assert case.status == "registered"
    assert case.view.reviewer == case.world.stations[0].users["supervisor"].id
    case.submit()
    case.give_back()
    assert case.status == "registered"
    assert case.view.returned is None


def test_only_what_is_approved_is_registered(case: Case) -> None:
    submitted = case.submit()
    case.register()
    assert (case.status, case.refused) == ("recorded", ["not_approved"])
    approved = case.approve(base=[submitted])
    case.give_back(base=[approved])
    case.register()
    assert (case.status, case.refused) == ("returned", ["not_approved", "not_approved"])


def test_ones_own_approval_does_not_let_it_be_registered(case: Case) -> None:
    case.submit()
    case.approve(by="officer")
    case.register()
    assert (case.status, case.refused) == ("recorded", ["own", "not_approved"])


def test_a_newer_submission_than_the_approval_is_not_registered(case: Case) -> None:
    case.submit()
    case.approve()
    case.submit()
    case.register()
    assert (case.status, case.refused) == ("recorded", ["not_approved"])


def test_the_registry_returns_what_the_station_approved(case: Case) -> None:
    case.submit()
    case.approve()
    case.give_back(by="registrar")
    assert case.status == "returned"


@pytest.mark.parametrize("minutes", [-5, 5])
def test_unaware_steps_are_decided_with_caution(case: Case, minutes: int) -> None:
    submitted = case.submit()
    case.approve(base=[submitted])
    case.give_back(base=[submitted], minutes=minutes)
    assert case.status == "returned"
    case.entries.pop()
    case.submit(base=[submitted], minutes=minutes)
    assert case.status == "recorded"


def test_registered_prevails_over_unaware_steps(case: Case) -> None:
    submitted = case.submit()
    approved = case.approve()
    case.give_back(base=[submitted])
    case.register(base=[approved])
    assert case.status == "registered"


def test_a_pruned_approval_counts_no_longer_but_is_no_refusal(case: Case) -> None:
    case.submit()
    case.entries.append(case.approve().without_body())
    case.entries = [case.entries[0], case.entries[-1]]
    assert (case.status, case.refused) == ("recorded", [])


def test_no_submission_no_view(case: Case) -> None:
    case.submit()
    case.approve()
    assert fold_subject(kinds.REGISTRATION, case.entries[1:]) is None
    assert fold_subject(kinds.REGISTRATION, [case.entries[0].without_body()]) is None
