"""Deciding about pairs: same, different, cannot tell; taking it back; taking a link back.

Each is an entry of the registry's chain with its reason. The act by which two registrars came to
agree also links the records, and the act by which that ceases unlinks them; nothing else of either
record changes, so that everything can be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ledger import kinds
from ledger.entry import Subject
from registry import claims
from registry.adjudication_cases import (
    ANSWERS,
    SAME,
    UNLINKED,
    WITHDRAWN,
    Case,
    State,
    Word,
    basis_of,
    fold_case,
    fold_words,
    match_id,
    pair,
)
from registry.numbering import give_number
from values.identifiers import EntryHash
from workspace.errors import RefusedError
from workspace.linked import records_of, standing_number
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.records import MatchCase
    from ledger.views import PersonView
    from values.identifiers import PersonId
    from workspace.act import Act
    from workspace.session import Session

Pair = tuple["PersonId", "PersonId"]


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of it: where the pair stands now. `permanent` is the number that stands for both
    when they are linked, `given` a number that was given because a link was taken back."""

    state: State
    permanent: str = ""
    given: str = ""


def key_of(one: PersonId, other: PersonId) -> str:
    """The key under which a pair is taken, see `registry.claims`."""
    return f"match/{match_id(one, other).hex}"


def decide(
    session: Session,
    one: PersonId,
    other: PersonId,
    decision: str,
    *,
    reason: str,
    seen: EntryHash | None = None,
) -> Decided:
    """Say whether two persons are one: `same`, `different` or `unsure`.

    `same` links nothing yet when nobody else said so: it waits for another registrar. `seen` is the
    last entry about the pair that the page showed, so that nobody decides without having read what
    somebody else said meanwhile.

    Raises `RefusedError` without a reason, for records that are not here or are void, for a case
    that somebody else is looking at, and for who said `same` already.
    """
    (made,) = decide_all(session, [(one, other)], decision, reason=reason, seen=[seen])
    return made


def decide_all(
    session: Session,
    pairs: Sequence[Pair],
    decision: str,
    *,
    reason: str,
    seen: Sequence[EntryHash | None] | None = None,
) -> list[Decided]:
    """The same about several pairs with one reason, in one act: all of them or none."""
    require(session, Right.REGISTER)
    if decision not in ANSWERS:
        raise RefusedError("no_decision", "Say same, different, or that you cannot tell.")
    if not reason.strip():
        raise RefusedError("reason", "Say why: what you compared, whom you asked.")
    made = []
    with session.act() as act:
        for place, (one, other) in enumerate(pairs):
            case, before, views = _open(session, act, one, other)
            if seen is not None and seen[place] != (case.heads[0] if case.heads else None):
                raise RefusedError(
                    "decided_meanwhile",
                    "Somebody said something about this pair since you opened it. Look at it "
                    "again before you decide.",
                )
            if decision == SAME:
                _require_other(session, case)
            body = {"decision": decision, "basis": basis_of(*views), "reason": reason.strip()}
            made.append(_say(session, act, case, before, views, body))
    return made


def withdraw(session: Session, one: PersonId, other: PersonId, *, reason: str) -> Decided:
    """Take one's own last word about a pair back; it is then as if it had not been said.

    Raises `RefusedError` when there is none of the user's own.
    """
    require(session, Right.REGISTER)
    if not reason.strip():
        raise RefusedError("reason", "Say why you take it back.")
    with session.act() as act:
        case, before, views = _open(session, act, one, other)
        mine = case.last_of(session.user.id)
        if mine is None:
            raise RefusedError("nothing_said", "You have said nothing about this pair.")
        body = {"decision": WITHDRAWN, "undoes": mine.entry, "reason": reason.strip()}
        return _say(session, act, case, before, views, body)


def unlink(session: Session, one: PersonId, other: PersonId, *, reason: str) -> Decided:
    """Take a link back: both are shown alone again, each with its own number.

    One registrar is enough, since it is the way back to what was. Raises `RefusedError` when the
    two are not linked.
    """
    require(session, Right.REGISTER)
    if not reason.strip():
        raise RefusedError("reason", "Say why these are two persons after all.")
    with session.act() as act:
        case, before, views = _open(session, act, one, other)
        if case.state is not State.LINKED:
            raise RefusedError("not_linked", "These two records are not linked.")
        body = {"decision": UNLINKED, "basis": basis_of(*views), "reason": reason.strip()}
        return _say(session, act, case, before, views, body)


def _open(
    session: Session, act: Act, one: PersonId, other: PersonId
) -> tuple[Case, MatchCase, tuple[PersonView, PersonView]]:
    unit = act.unit
    first, second = pair(one, other)
    known = unit.match_case(first, second)
    views = unit.person(first), unit.person(second)
    if known is None or views[0] is None or views[1] is None:
        raise RefusedError("no_case", "These two were not proposed as one person.")
    if views[0].voided is not None or views[1].voided is not None:
        raise RefusedError("voided", "One of these records was voided: it counts no more.")
    claims.require_free(session, unit, key_of(first, second))
    case = fold_case(unit.entries_of(kinds.MATCH, match_id(first, second)))
    return case, known, (views[0], views[1])


def _require_other(session: Session, case: Case) -> None:
    """Two pairs of eyes: who said so first is not the second."""
    mine = next((word for word in case.standing if word.author == session.user.id), None)
    if mine is not None and mine.decision == SAME and case.state is not State.LINKED:
        raise RefusedError(
            "own_review",
            "You said so already. Another registrar has to look before the records are linked.",
        )


def _say(
    session: Session,
    act: Act,
    case: Case,
    known: MatchCase,
    views: tuple[PersonView, PersonView],
    body: dict[str, Any],
) -> Decided:
    """Write the entry, and what follows from it for the records and for the queue."""
    first, second = known.first, known.second
    subject = Subject(kinds.MATCH, match_id(first, second))
    act.say(
        kinds.MATCH_DECIDED,
        subject,
        {"persons": [first.bytes, second.bytes], "basis": None, "undoes": None, **body},
        base=case.heads,
    )
    word = Word(
        entry=EntryHash(b""),  # it has none before the act is signed
        author=session.user.id,
        at=session.clock.now(),
        decision=str(body["decision"]),
        reason=str(body["reason"]),
        basis=body.get("basis") or b"",
        undoes=body.get("undoes"),
    )
    told = fold_words([*case.told, word])
    permanent = given = ""
    if told.state is State.LINKED and case.state is not State.LINKED:
        permanent = _link(act, views)
    elif case.state is State.LINKED and told.state is not State.LINKED:
        given = _unlink(session, act, views)
    elif told.state is State.LINKED:
        permanent = standing_number(act.unit, records_of(act.unit, first))
    state = told.state
    act.unit.put_match_case(replace(known, state=state))
    claims.drop(session, act.unit, key_of(first, second))
    return Decided(state, permanent, given)


def _link(act: Act, views: tuple[PersonView, PersonView]) -> str:
    """Say of both that they are one person; returns the number that stands for both."""
    unit = act.unit
    records = {one.id: one for view in views for one in records_of(unit, view.id)}
    number = standing_number(unit, records.values())
    for view, other in (views, views[::-1]):
        act.say(
            kinds.PERSONS_LINKED,
            Subject(kinds.PERSON, view.id),
            # The reason stays with the pair, at the registry: stations learn of the link alone.
            {"other": other.id.bytes, "reason": None, "permanent": number or None},
            base=view.heads,
        )
    return number


def _unlink(session: Session, act: Act, views: tuple[PersonView, PersonView]) -> str:
    """Say of both that they are not one person. Who went by the other's number alone, and is
    registered, gets one now."""
    given = ""
    apart = frozenset(view.id for view in views)
    for view, other in (views, views[::-1]):
        act.say(
            kinds.PERSONS_UNLINKED,
            Subject(kinds.PERSON, view.id),
            {"other": other.id.bytes, "reason": None},
            base=view.heads,
        )
    for view in views:
        alone = records_of(act.unit, view.id, without=apart)
        registration = act.unit.registration_of(view.id)
        registered = registration is not None and registration.status == "registered"
        if registered and not any(one.permanent for one in alone):
            given = give_number(session, act, view)
    return given
