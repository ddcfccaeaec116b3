"""Reasons are made fit before they are signed, at every act that has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.entry import Subject
from ledger.views import HouseholdView, PersonView
from registry import decide
from station import changes, households, review
from tests.places import Site, families
from workspace import accounts, proposals, reasons
from workspace.errors import RefusedError
from workspace.session import Session

WRONG = {
    "a\0b": "reason_sign",
    "a\ud800b": "reason_sign",
    "a\x1b[31mb\x07": "reason_sign",
    "a" * (reasons.LONGEST + 1): "reason_long",
    "a" * 3_000_000: "reason_long",
    "\u202e\u202d": "reason",
    "\u200b\ufeff": "reason",
    "  ": "reason",
}


def first(session: Session) -> tuple[PersonView, HouseholdView]:
    with session.store.read() as reader:
        household = min(reader.views("household"), key=lambda one: one.number)
        child = next(one for one in household.present() if one.relation != "head")
        view = reader.person(child.person)
    assert view is not None
    return view, household


def _void(session: Session, reason: str) -> object:
    return changes.void(session, first(session)[0].id, reason=reason)


def _relation(session: Session, reason: str) -> object:
    view, household = first(session)
    return households.set_relation(session, household.id, view.id, "sibling", reason=reason)


def _split(session: Session, reason: str) -> object:
    view, household = first(session)
    return households.split(session, household.id, {view.id: "head"}, reason=reason)


def _propose(session: Session, reason: str) -> object:
    view, _ = first(session)
    with session.act() as act:
        return proposals.propose(session, act, view, {"name": "Other"}, at=(), reason=reason)


def _send_back(session: Session, reason: str) -> object:
    return review.send_back(session, review.waiting(session)[0].registration, reason)


@pytest.mark.parametrize("typed", WRONG, ids=range(len(WRONG)))
@pytest.mark.parametrize(
    ("user", "do"),
    [
        ("supervisor", _void),
        ("officer", _relation),
        ("officer", _split),
        ("officer", _propose),
        ("supervisor", _send_back),
    ],
)
def test_no_act_signs_what_cannot_be_shown(
    sent_site: Site, user: str, do: Callable[[Session, str], object], typed: str
) -> None:
    with sent_site.at_station(user) as session:
        before = entries(session)
        with pytest.raises(RefusedError) as refused:
            do(session, typed)
        assert refused.value.code == WRONG[typed]
        assert refused.value.sentence.endswith(".")
        assert entries(session) == before


@pytest.fixture(scope="module")
def sent_site(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A family that waits for review. Nothing here may change it."""
    site = founded_site.copied(tmp_path_factory.mktemp("reasons") / "site")
    site.take_in(families(1, size=3))
    return site


def entries(session: Session) -> int:
    with session.store.read() as reader:
        return reader.count_entries()


def test_a_reason_is_kept_as_it_can_be_read(busy_site: Site) -> None:
    told = "  on paper:\u202e\r\n  \u2067said\u2069 by\tthe aunt \u200b"
    with busy_site.at_station("supervisor") as session:
        view, _ = first(session)
        changes.void(session, view.id, reason=told)
        with session.store.read() as reader:
            voided = reader.person(view.id)
    assert voided is not None
    assert voided.voided == "on paper:\n  said by the aunt"
    assert busy_site.admit(busy_site.send()).quarantined == 0


@pytest.mark.parametrize(
    ("told", "code"), [(["\0"], "text_sign"), ("a" * (reasons.LONGEST_TEXT + 1), "text_long")]
)
def test_other_texts_are_looked_at_too(sent_site: Site, told: object, code: str) -> None:
    body: dict[str, Any] = {"changes": {"x": told}}
    with sent_site.at_station("officer") as session:
        subject = Subject("person", first(session)[0].id)
        with pytest.raises(RefusedError) as refused, session.act() as act:
            act.say("person.amended", subject, body)
    assert refused.value.code == code


def test_administrators_and_registrars_are_asked_alike(busy_site: Site) -> None:
    with busy_site.at_station("administrator") as session:
        with pytest.raises(RefusedError) as refused:
            accounts.disable_user(session, name="officer", reason="a\0b")
        assert refused.value.code == "reason_sign"
    with busy_site.at_registry() as session, pytest.raises(RefusedError) as refused:
        decide.release(session, [], reason="a\0b")
    assert refused.value.code == "reason_sign"
