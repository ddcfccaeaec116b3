"""Keeping what is proposed: pairs come into the queue, change, or leave it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from db.records import MatchCase
from ledger import kinds
from matching import weights
from matching.proposing import Profile, Proposal, compare
from registry.adjudication_cases import (
    State,
    basis_of,
    details_of,
    fold_case,
    match_id,
    pair,
)
from registry.weighing import Weighed, profile_of, sorted_ids, with_households
from values.identifiers import PersonId

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from db.store import UnitOfWork
    from ledger.entry import Entry
    from ledger.views import PersonView
    from workspace.session import Session

Pair = tuple[PersonId, PersonId]


class Noting:
    """Keeping what was found for some persons, in one transaction.

    Everything that is known of their pairs is read first, and what came of them is written at the
    end; in between, a pair that two of these persons are part of stands as the first left it.
    """

    def __init__(self, session: Session, unit: UnitOfWork, weighed: Sequence[Weighed]) -> None:
        self._unit = unit
        self._now = session.clock.now()
        self._weighed = weighed
        known = unit.match_cases_of_all(one.view.id for one in weighed)
        self._cases = {(case.first, case.second): case for case in known}
        self._told = unit.about(_subject(case) for case in known)
        self._kept: dict[Pair, MatchCase] = {}
        self._pairs: dict[PersonId, set[Pair]] = defaultdict(set)
        for key in self._cases:
            self._of_both(key)
        self._views: dict[PersonId, PersonView] = {}
        self._profiles: dict[PersonId, Profile] = {}
        self._prepare()

    def _of_both(self, key: Pair) -> None:
        for one in key:
            self._pairs[one].add(key)

    def _prepare(self) -> None:
        """Read both sides of the pairs that will be looked at though one side did not propose."""
        proposed = [
            {pair(one.view.id, other.id) for other, _ in one.proposals} for one in self._weighed
        ]
        everything = self._cases.keys() | set().union(*proposed)
        of: dict[PersonId, set[Pair]] = defaultdict(set)
        for key in everything:
            for one in key:
                of[one].add(key)
        left = {
            one
            for weighed, own in zip(self._weighed, proposed, strict=True)
            for key in of[weighed.view.id] - own
            for one in key
        }
        if left:
            self._views = {view.id: view for view in self._unit.persons(sorted_ids(left))}
            made = with_households(self._unit, *map(profile_of, self._views.values()))
            self._profiles = {PersonId(one.id): one for one in made}

    def note(self) -> int:
        """Keep it; returns how many pairs came into the queue."""
        made = sum(self._note(one) for one in self._weighed)
        self._unit.put_match_cases(self._kept[key] for key in sorted(self._kept, key=_in_order))
        return made

    def _note(self, weighed: Weighed) -> int:
        view = weighed.view
        left = set(self._pairs[view.id])
        made = 0
        for other, proposal in weighed.proposals:
            left.discard(pair(view.id, other.id))
            made += self._keep(view, other, proposal)
        for key in sorted(left, key=_in_order):
            made += self._look_again(self._cases[key])
        return made

    def _keep(self, view: PersonView, other: PersonView, proposal: Proposal) -> int:
        """Note one pair; 1 when it waits now and did not."""
        basis = basis_of(view, other)
        first, second = pair(view.id, other.id)
        made = MatchCase(
            first=first,
            second=second,
            state=State.PROPOSED,
            score=proposal.score,
            at=self._now,
            details=details_of(proposal.reasons, basis=basis, version=weights.VERSION),
        )
        case = self._cases.get((first, second))
        if case is None:
            self._put(made)
            return 1
        state = state_of(self._told.get(_subject(case), ()), basis)
        again = state is State.PROPOSED and case.state != State.PROPOSED
        details = {**made.details}
        if case.details.get("again") or (again and case.state != State.GONE):
            details["again"] = True
        kept = replace(made, state=state, at=made.at if again else case.at, details=details)
        if kept != case:
            self._put(kept)
        return int(again)

    def _look_again(self, case: MatchCase) -> int:
        """A pair that was not proposed this time: what was told since may have taken away what
        spoke for it, or it is one of too many for one person."""
        one, other = self._views.get(case.first), self._views.get(case.second)
        if one is not None and other is not None and one.voided is None and other.voided is None:
            made = compare(self._profiles[case.first], self._profiles[case.second])
            if made is not None and made.weight >= weights.LEAST:
                return self._keep(one, other, made)
        if case.state == State.PROPOSED:
            self._put(replace(case, state=State.GONE))
        return 0

    def _put(self, case: MatchCase) -> None:
        key = case.first, case.second
        self._cases[key] = self._kept[key] = case
        self._of_both(key)


def state_of(told: Iterable[Entry], basis: bytes) -> State:
    """Where a pair stands, of which this was told: as it was decided, or proposed anew when the
    answers changed since."""
    case = fold_case(told)
    decided = case.state in (State.DIFFERENT, State.UNSURE)
    if decided and case.standing and case.standing[-1].basis != basis:
        return State.PROPOSED
    return case.state


def _subject(case: MatchCase) -> tuple[str, UUID]:
    return kinds.MATCH, match_id(case.first, case.second)


def _in_order(key: Pair) -> tuple[bytes, bytes]:
    return key[0].bytes, key[1].bytes
