"""What people do at an office, each in one go. Dice say with whom and how.

An honest program may refuse any of it (`RefusedError`); then nothing happened. Nothing here is an
invariant: those look at what the machines hold afterwards.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PIL import Image

from forms.check import check
from forms.codes import code_list
from forms.draft import Confirmation, Draft
from ledger import kinds
from ledger.entry import Subject
from ledger.views import HouseholdView, PersonView
from registry import decide, queues
from station import (
    batch,
    changes,
    drafts,
    events,
    households,
    mending,
    printing,
    pruning,
    register,
    review,
)
from station.register import ProblemsError
from tests.simulation.offices import CANARY, PASSPHRASE, Machine
from values.identifiers import PersonId
from workspace import clocks, erasure, papers
from workspace.correcting import MEANWHILE
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workspace.session import Session

REASON = f"as {CANARY} told"
PURPOSES = (
    "registration", "document", "assistance", "tracing", "host_state", "third_state", "statistics",
)  # fmt: skip
PICTURES = 3

Act = Callable[[Machine, random.Random], object]


@cache
def picture(number: int) -> bytes:
    """One of a few small pictures of nobody."""
    held = BytesIO()
    made = Image.radial_gradient("L").resize((240 + 12 * number, 320)).convert("RGB")
    made.save(held, "PNG")
    return held.getvalue()


def name(dice: random.Random) -> str:
    """A name that nobody has, with a letter that can be written in two ways."""
    given = "".join(dice.choice("bdfgklmnrstvz") + dice.choice("aeiou") for _ in range(3))
    return f"{CANARY} {given.capitalize()}"


# what is known at a machine ---------------------------------------------------------------------


def persons(session: Session) -> list[PersonView]:
    """Everybody whose record stands and is whole here, in an order that a seed repeats."""
    with session.store.read() as reader:
        found = [one for one in reader.views("person") if one.voided is None and one.values]
    return sorted(found, key=lambda one: (one.number, one.id))


def families(session: Session) -> list[HouseholdView]:
    """Households with more than one member."""
    with session.store.read() as reader:
        found = [one for one in reader.views("household") if len(one.present()) > 1]
    return sorted(found, key=lambda one: (one.number, one.id))


def _one(dice: random.Random, found: Sequence[Any]) -> Any:
    if not found:
        raise RefusedError("nobody", "There is nobody to do this with.")
    return dice.choice(found)


@contextmanager
def _officer(at: Machine, dice: random.Random) -> Iterator[Session]:
    with at.opened(dice.choice(("first officer", "second officer"))) as session:
        yield session


def _confirmed(say: Callable[[list[Confirmation]], object]) -> None:
    """Say it, and once more when it was only asked whether it is meant."""
    try:
        say([])
    except ProblemsError as found:
        if any(problem.is_error for problem in found.problems):
            raise
        say([Confirmation(one.code, one.field, "", REASON) for one in found.problems])


# families ---------------------------------------------------------------------------------------


def take_in(at: Machine, dice: random.Random) -> None:
    """An interview: one to three persons, now and then with a photo."""
    with _officer(at, dice) as session:
        today = session.clock.now().date()
        draft = Draft(
            household={
                "origin_country": "SYR", "cause": "conflict", "shelter": "tent",
                "arrival": {"text": str(today - timedelta(days=20)), "calendar": "gregorian"},
            }
        )  # fmt: skip
        for place in range(dice.randint(1, 3)):
            values: dict[str, Any] = {
                "relation": "child" if place else "head",
                "name": name(dice), "sex": dice.choice("FM"), "nationality": "SYR",
                "birth": {"text": str(2001 if place else 1970), "calendar": "gregorian"},
                "language": "ara", "consent": dict.fromkeys(PURPOSES, "yes"),
                "mother_name": name(dice), "father_name": name(dice),
                "birth_place": f"{CANARY}abad", "phone": f"+9995501{dice.randrange(10**5):05d}",
                "marital_status": "never_married",
            }  # fmt: skip
            if dice.random() < 0.2:
                shown = picture(dice.randrange(PICTURES))
                values["photo"] = register.take_photo(session, shown)
            if dice.random() < 0.1:
                values["needs"] = ["DS-BD", "SV-VF"]
            draft = draft.with_member(values)
        identity = str(UUID(bytes=session.env.entropy(16)))
        drafts.save(session, identity, draft)
        register.register(session, identity, _sure(draft, session))


def _sure(draft: Draft, session: Session) -> Draft:
    for one in check(draft, session.clock.now().date()):
        key = "" if one.person is None else draft.members[one.person].key
        draft = draft.with_confirmation(Confirmation(one.code, one.field, key, REASON))
    return draft


def look_at(at: Machine, dice: random.Random) -> None:
    """The supervisor approves what waits, or sends some of it back."""
    with at.opened("supervisor") as session:
        waiting = review.waiting(session)
        if dice.random() < 0.3:
            review.send_back(session, _one(dice, waiting).registration, REASON)
        else:
            review.approve(session, [row.registration for row in waiting])


def mend(at: Machine, dice: random.Random) -> None:
    """What was sent back is handed in again."""
    with _officer(at, dice) as session:
        back = [one for one in drafts.list_drafts(session) if mending.registration_of(one.id)]
        row = _one(dice, sorted(back, key=lambda one: one.id))
        draft = drafts.load(session, row.id)
        member = _one(dice, draft.members)
        draft = draft.with_value(member.key, "name", name(dice))
        register.register(session, row.id, _sure(draft, session))


# records ----------------------------------------------------------------------------------------


def correct(at: Machine, dice: random.Random) -> None:
    """Somebody's answers are changed: some at once, some when a second person agrees."""
    with _officer(at, dice) as session:
        _change(session, changes.begin(session, _one(dice, persons(session)).id), dice)


def _change(session: Session, opened: changes.Correcting, dice: random.Random) -> None:
    raw = dict(opened.raw)
    wanted = dice.sample(("name", "notes", "phone", "marital_status"), dice.randint(1, 2))
    told = {
        "name": name(dice), "notes": f"{CANARY} {dice.random()}",
        "phone": f"+9995502{dice.randrange(10**5):05d}",
        "marital_status": dice.choice(("married", "widowed", "never_married")),
    }  # fmt: skip
    raw |= {field: told[field] for field in wanted}
    meant = [Confirmation(MEANWHILE, "", "", REASON)]
    _confirmed(
        lambda sure: changes.change(
            session, PersonId(opened.subject), raw, at=opened, reason=REASON, basis="document",
            confirmed=[*meant, *sure],
        )
    )  # fmt: skip


def at_once(at: Machine, dice: random.Random) -> None:
    """Two officers have the same person open, and both save."""
    with at.opened("first officer") as session:
        someone = _one(dice, persons(session)).id
        first = changes.begin(session, someone)
    with at.opened("second officer") as session:
        _change(session, changes.begin(session, someone), dice)
    with at.opened("first officer") as session:
        _change(session, first, dice)


def decide_proposals(at: Machine, dice: random.Random) -> None:
    """What was proposed is approved or refused."""
    with at.opened("supervisor") as session:
        waiting = _one(dice, changes.proposals(session))
        if dice.random() < 0.8:
            changes.approve(session, waiting.event)
        else:
            changes.refuse(session, waiting.event, reason=REASON)


def void(at: Machine, dice: random.Random) -> None:
    """A record was made by mistake."""
    with at.opened("supervisor") as session:
        changes.void(session, _one(dice, persons(session)).id, reason=REASON)


def settle_conflict(at: Machine, dice: random.Random) -> None:
    """Somebody who may decides between what two persons said."""
    with at.opened("registrar" if at.name == "registry" else "supervisor") as session:
        with session.store.read() as reader:
            open_ones = sorted(
                {(one.subject_type, one.subject_id) for one in reader.conflicts()},
                key=lambda one: (one[0], one[1]),
            )
        kind, subject = _one(dice, open_ones)
        shown = changes.conflicts(session, kind, subject)
        choices: dict[str, Any] = {one.set: dice.choice(one.sides).entry for one in shown}
        changes.settle(session, kind, subject, choices, reason=REASON)


# events and households --------------------------------------------------------------------------


def happen(at: Machine, dice: random.Random) -> None:
    """Something is recorded that happened to somebody."""
    form = dice.choice(("death", "presence", "absence", "marriage", "live_birth"))
    with _officer(at, dice) as session:
        people = persons(session)
        if len(people) < 2:
            raise RefusedError("nobody", "There is nobody to do this with.")
        one, other = ({"person": view.id.hex} for view in dice.sample(people, 2))
        day = session.clock.now().date() - timedelta(days=6)
        told: dict[str, Any] = {
            "date": {"text": str(day)},
            "informant": {"name": name(dice)},
            "evidence": [{"type": next(one.code for one in code_list("evidence").offered())}],
        }
        answers: dict[str, dict[str, Any]] = {
            "death": {"deceased": one, "spouse": other, "body_found": "yes"},
            "presence": {"subject": one, "reason": "travelling"},
            "absence": {"subject": one, "reason": "unknown"},
            "marriage": {"spouse_a": one, "spouse_b": other},
            "live_birth": {
                "child_name": name(dice), "child_sex": "M", "mother": one, "relation": "child",
                "consent": dict.fromkeys(PURPOSES, "yes"),
            },
        }  # fmt: skip
        told |= answers[form]
        _confirmed(lambda sure: events.record(session, form, told, confirmed=sure))


def withdraw_event(at: Machine, dice: random.Random) -> None:
    """It did not happen."""
    with at.opened("supervisor") as session:
        with session.store.read() as reader:
            found = [
                view.id
                for view in reader.views("event")
                if view.voided is None and view.type not in ("flight", "arrival", "correction")
            ]
        events.void(session, _one(dice, sorted(found)), reason=REASON)


def move_home(at: Machine, dice: random.Random) -> None:
    """A household splits, gets another head, joins another; or it is undone."""
    with _officer(at, dice) as session:
        found = families(session)
        family = _one(dice, found)
        fellow = next(one for one in family.present() if one.relation != kinds.HEAD)
        match dice.randrange(4):
            case 0 if len(found) > 1:
                other = _one(dice, [one for one in found if one.id != family.id])
                told = dict.fromkeys((one.person for one in other.present()), "other")
                households.merge(session, family.id, other.id, told, reason=REASON)
            case 1:
                households.set_head(session, family.id, fellow.person, "sibling", reason=REASON)
            case 2:
                made = households.split(session, family.id, {fellow.person: "head"}, reason=REASON)
                households.undo(session, made.act, reason=REASON)
            case _:
                households.split(session, family.id, {fellow.person: "head"}, reason=REASON)


# papers -----------------------------------------------------------------------------------------


def print_papers(at: Machine, dice: random.Random) -> None:
    """A paper or two, new or again; the clock is confirmed first where it is doubted."""
    with _officer(at, dice) as session:
        rows = printing.printable(session)
        rows.sort(key=lambda one: (one.number, one.person))
        some = [_one(dice, rows) for _ in range(dice.randint(1, 2))]
        if clocks.clock_doubt(session) is not None:
            clocks.confirm_clock(session)
        targets = [printing.Target("registration", row.person) for row in some]
        batch.print_all(session, targets, language="en", reason=REASON)


def withdraw_paper(at: Machine, dice: random.Random) -> None:
    """A paper was lost."""
    with _officer(at, dice) as session:
        with session.store.read() as reader:
            found = [one for one in reader.views("document") if one.revoked is None]
        found.sort(key=lambda one: (one.number, one.id))
        papers.withdraw(session, _one(dice, found).id, code="lost")


# what leaves a machine --------------------------------------------------------------------------


def prune(at: Machine, dice: random.Random) -> None:
    """What the registry has leaves the station, as the operation wants it."""
    with at.opened("supervisor") as session:
        pruning.prune(session)


def erase(at: Machine, dice: random.Random) -> None:
    """By law, two persons erase what says who somebody is."""
    second = "registrar" if at.name == "registry" else "supervisor"
    with at.opened("administrator") as session:
        someone = _one(dice, persons(session)).id
        erasure.erase(
            session, erasure.entries_about(session, someone), basis="a law",
            second=second, second_passphrase=PASSPHRASE,
        )  # fmt: skip


# the registry -----------------------------------------------------------------------------------


def register_some(at: Machine, dice: random.Random) -> None:
    """Reviewed registrations are registered and their persons numbered."""
    with at.opened("registrar") as session:
        rows = sorted(queues.to_register(session), key=lambda one: one.registration)
        some = dice.sample(rows, dice.randint(0, len(rows)))
        decide.register(session, [one.registration for one in some])


def return_one(at: Machine, dice: random.Random) -> None:
    """The registry sends a registration back to its station."""
    with at.opened("registrar") as session:
        row = _one(dice, sorted(queues.to_register(session), key=lambda one: one.registration))
        with session.act() as act:
            view = act.unit.registration(row.registration)
            act.say(
                kinds.REGISTRATION_RETURNED, Subject("registration", row.registration),
                {"reason": REASON}, base=view.heads if view else (),
            )  # fmt: skip


def correct_centrally(at: Machine, dice: random.Random) -> None:
    """A registrar changes a record that a station may be changing too, or decides a proposal."""
    with at.opened(dice.choice(("registrar", "second registrar"))) as session:
        waiting = changes.proposals(session)
        if waiting and dice.random() < 0.4:
            changes.approve(session, dice.choice(waiting).event)
        else:
            _change(session, changes.begin(session, _one(dice, persons(session)).id), dice)


def void_centrally(at: Machine, dice: random.Random) -> None:
    """A registrar finds that a record was made by mistake."""
    with at.opened("registrar") as session:
        changes.void(session, _one(dice, persons(session)).id, reason=REASON)


STATION: dict[str, Act] = {
    one.__name__: one
    for one in (
        take_in, look_at, mend, correct, at_once, decide_proposals, void, settle_conflict,
        happen, withdraw_event, move_home, print_papers, withdraw_paper, prune, erase,
    )
}  # fmt: skip
CENTRE: dict[str, Act] = {
    one.__name__: one
    for one in (
        register_some, return_one, correct_centrally, void_centrally, settle_conflict, erase,
    )
}  # fmt: skip
