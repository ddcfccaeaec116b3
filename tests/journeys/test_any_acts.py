"""The law at the offices, for everything that they do: nothing is put aside, and nothing is lost.

Two stations take families in, have registrations sent back and mended, correct with a second
person, record events and withdraw them, split, merge and move households, void records. Which acts,
and of whom, is chance with a seed. What they wrote is cut into bundles at any place, even inside an
act, and comes in any order, some of it twice.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.codes import code_list
from forms.draft import Confirmation
from ledger import authority, kinds
from ledger.views import HouseholdView, PersonView
from station import changes, drafts, events, households, intake, mending, register, review
from station.register import ProblemsError
from tests.journeys.test_any_order import World, amend, journeys, outcome
from tests.neighbours import neighbour
from tests.places import DAY, Site, families, opened
from tests.station.test_mending import _complete
from workspace.errors import RefusedError
from workspace.session import Session

SEEDS = (2, 11)
ACTS = 26
REASON = "as the family told"


class Station:
    """One station at work; chance says what it does."""

    def __init__(self, site: Site, folder: Path, chance: random.Random, name: str) -> None:
        self.site, self.folder, self.chance, self.name = site, folder, chance, name
        self.lists = 0

    def play(self, acts: int) -> None:
        """So many acts; what an honest program refuses is left."""
        self.take_in()
        self.happen()
        self.correct()
        every = [*_WHAT, *self.chance.choices(_WHAT, k=acts - len(_WHAT))]
        self.chance.shuffle(every)
        for name in every:
            what: Callable[[], None] = getattr(self, name)
            with suppress(RefusedError):
                what()
        self.approve()

    # what it knows ---------------------------------------------------------------------------

    def persons(self, session: Session) -> list[PersonView]:
        with session.store.read() as reader:
            found = [one for one in reader.views("person") if one.voided is None]
        return sorted(found, key=lambda one: one.number)

    def families(self, session: Session) -> list[HouseholdView]:
        with session.store.read() as reader:
            found = [one for one in reader.views("household") if len(one.present()) > 1]
        return sorted(found, key=lambda one: one.number)

    def officer(self) -> Any:
        return opened(self.folder, "officer", self.site.env)

    def supervisor(self) -> Any:
        return opened(self.folder, "supervisor", self.site.env)

    # what it does ----------------------------------------------------------------------------

    def take_in(self) -> None:
        self.lists += 1
        text = families(1, first=self.lists * 7, size=4)
        path = self.site.write_list(text, f"{self.name}-{self.lists}.csv")
        with self.officer() as session:
            intake.intake(session, path, on=DAY)

    def approve(self) -> None:
        with self.supervisor() as session:
            review.approve_all(session)

    def mend(self) -> None:
        """Sent back, a name mended, handed in again."""
        self.take_in()
        with self.supervisor() as session:
            waiting = review.waiting(session)
            if not waiting:
                return
            review.send_back(session, self.chance.choice(waiting).registration, REASON)
        with self.officer() as session:
            back = [one for one in drafts.list_drafts(session) if mending.registration_of(one.id)]
            draft = drafts.load(session, back[0].id)
            if not draft.members:
                return  # all of them were voided
            member = self.chance.choice(draft.members)
            name = f"Mended {member.values['name']}"
            drafts.save(session, back[0].id, draft.with_value(member.key, "name", name))
            # Where a record was changed since, the rules may say more than can be mended here.
            with suppress(ProblemsError):
                register.register(session, back[0].id, _complete(session, back[0].id))

    def note(self) -> None:
        with self.officer() as session:
            one = self.chance.choice(self.persons(session))
            amend(session, one, one.heads, notes=f"Note {self.chance.random()}")

    def correct(self) -> None:
        with self.officer() as session:
            one = self.chance.choice(self.persons(session))
            at = changes.begin(session, one.id)
            raw = {**at.raw, "name": f"Corrected {at.raw.get('name')}", "notes": "n"}
            changes.change(session, one.id, raw, at=at, reason=REASON, basis="document")
            if self.chance.random() < 0.2:
                waiting = changes.proposals(session)
                changes.refuse(session, waiting[-1].event, reason=REASON)

    def decide(self) -> None:
        with self.supervisor() as session:
            for waiting in changes.proposals(session):
                with suppress(RefusedError):
                    if self.chance.random() < 0.8:
                        changes.approve(session, waiting.event)
                    else:
                        changes.refuse(session, waiting.event, reason=REASON)

    def happen(self) -> None:
        form = self.chance.choice(["death", "presence", "absence", "marriage", "live_birth"])
        evidence = next(one.code for one in code_list("evidence").offered())
        told: dict[str, Any] = {
            "date": {"text": "2026-11-09"},
            "informant": {"name": "Mirel Vedin"},
            "evidence": [{"type": evidence}],
        }
        with self.officer() as session:
            people = self.persons(session)
            one, other = ({"person": view.id.hex} for view in self.chance.sample(people, 2))
            told |= {
                "death": {"deceased": one, "spouse": other, "body_found": "yes"},
                "presence": {"subject": one, "reason": "travelling"},
                "absence": {"subject": one, "reason": "unknown"},
                "marriage": {"spouse_a": one, "spouse_b": other},
                "live_birth": {
                    "child_name": "Baby", "child_sex": "M", "mother": one, "relation": "child",
                    "consent": {code.code: "yes" for code in code_list("purposes").offered()},
                },
            }[form]  # fmt: skip
            found = events.check(session, form, told)
            if any(problem.is_error for problem in found):
                return
            sure = [Confirmation(problem.code, problem.field, "", REASON) for problem in found]
            events.record(session, form, told, confirmed=sure)

    def withdraw(self) -> None:
        with self.supervisor() as session:
            with session.store.read() as reader:
                found = [
                    view.id
                    for view in reader.views("event")
                    if view.voided is None and view.type not in ("flight", "arrival", "correction")
                ]
            if found:
                events.void(session, self.chance.choice(sorted(found)), reason=REASON)

    def void(self) -> None:
        with self.supervisor() as session:
            people = self.persons(session)
            if len(people) > 5:
                changes.void(session, self.chance.choice(people).id, reason=REASON)

    def split(self) -> None:
        with self.officer() as session:
            found = self.families(session)
            if not found:
                return
            family = self.chance.choice(found)
            goes = [one for one in family.present() if one.relation != kinds.HEAD][-1]
            made = households.split(session, family.id, {goes.person: "head"}, reason=REASON)
            if self.chance.random() < 0.4:
                households.undo(session, made.act, reason=REASON)

    def head(self) -> None:
        with self.officer() as session:
            found = self.families(session)
            if found:
                family = self.chance.choice(found)
                wanted = next(one for one in family.present() if one.relation != kinds.HEAD)
                households.set_head(session, family.id, wanted.person, "sibling", reason=REASON)

    def merge(self) -> None:
        with self.officer() as session:
            found = self.families(session)
            if len(found) > 2:
                into, other = self.chance.sample(found, 2)
                told = dict.fromkeys((one.person for one in other.present()), "other")
                households.merge(session, into.id, other.id, told, reason=REASON)


_WHAT = (
    *("take_in", "approve", "mend", "note", "correct", "decide", "happen", "withdraw"),
    *("void", "split", "head", "merge"),
)


@pytest.fixture(scope="module", params=SEEDS)
def world(
    request: pytest.FixtureRequest, founded_site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Two stations, some weeks later."""
    folder = tmp_path_factory.mktemp("acts")
    site = founded_site.copied(folder / "site")
    second = neighbour(site)
    chance = random.Random(request.param)
    chains, signers, recipient = [], [], ""
    for name, place in (("one", site.station), ("two", second)):
        station = Station(site, place, chance, name)
        station.play(ACTS)
        with opened(place, "supervisor", site.env) as session:
            with session.store.read() as reader:
                chains.append(list(reader.chain(session.office.id, session.epoch)))
            signers.append(session.office.keys.signing_key())
            recipient = session.office.registry_recipient
    said = {one.header.kind for chain in chains for one in chain}
    assert said >= {kinds.PERSON_CORRECTED, kinds.EVENT_VOIDED, kinds.PERSON_VOIDED}
    assert any(authority.is_again(one.header) for chain in chains for one in chain)
    (folder / "bundles").mkdir()
    made = World(site, folder / "bundles", chains, signers, recipient)
    whole = [made.bundle(number, 0, len(chain)) for number, chain in enumerate(chains)]
    made.expected = outcome(made, whole)
    yield made
    shutil.rmtree(folder)


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_done_arrives_whole(world: World, data: st.DataObject) -> None:
    lengths = (len(world.chains[0]), len(world.chains[1]))
    runs = data.draw(journeys(lengths))
    assert outcome(world, [world.bundle(*run) for run in runs]) == world.expected


def test_each_station_shows_its_own_as_the_registry_does(world: World) -> None:
    for folder in (world.site.station, world.site.folder / "second"):
        with opened(folder, "officer", world.site.env) as session, session.store.read() as reader:
            for kind, views in world.expected.items():
                for view in reader.views(kind):
                    assert views[view.id] == view
