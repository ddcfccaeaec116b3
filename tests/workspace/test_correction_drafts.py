"""Corrections in the making: kept as typed, each for whoever types it, gone with the signature."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from forms.draft import Confirmation, Draft
from forms.errors import DraftError
from station import changes, drafts
from station.changes import CorrectionDraft
from tests.places import Site, families
from tests.workspace.formwork import guarded
from values.identifiers import HouseholdId, PersonId
from workspace.errors import NotAllowedError, RefusedError
from workspace.home import home
from workspace.session import Session


@pytest.fixture
def peopled(site: Site) -> Site:
    site.take_in(families(1, size=2))
    return site


@pytest.fixture
def head(peopled: Site) -> PersonId:
    return first_of(peopled)[0]


@pytest.fixture
def household(peopled: Site) -> HouseholdId:
    return first_of(peopled)[1]


def first_of(site: Site) -> tuple[PersonId, HouseholdId]:
    """The first person, and the household."""
    with site.at_station(read_only=True) as session, session.store.read() as reader:
        person = min(reader.persons(), key=lambda view: view.number)
        found = reader.household_of(person.id)
        assert found is not None
        return person.id, found.id


def typed(session: Session, subject: UUID, kind: str = "person", **answers: Any) -> CorrectionDraft:
    at = begun(session, subject, kind)
    return CorrectionDraft(
        kind=kind,
        subject=subject.hex,
        answers=answers or {"language": "som"},
        reason="She says so\ud800",
        basis="document",
        confirmed=(Confirmation("rule", "birth", "", "She knows"),),
        seen=tuple(one.hex() for one in at.heads),
    )


def begun(session: Session, subject: UUID, kind: str = "person") -> Any:
    if kind == "person":
        return changes.begin(session, PersonId(subject))
    return changes.begin_household(session, HouseholdId(subject))


def identity(session: Session, subject: UUID, kind: str = "person") -> str:
    return changes.correction_id(session, kind, subject)


def test_what_is_typed_is_kept_as_typed(peopled: Site, head: PersonId) -> None:
    with peopled.at_station() as session:
        assert changes.load_correction(session, "person", head) is None
        draft = typed(session, head, birth={"text": "3.5", "calendar": "ethiopic"}, notes="")
        at = changes.save_correction(session, draft)
        assert changes.load_correction(session, "person", head) == draft
        (row,) = changes.list_corrections(session)
        assert (row.kind, row.subject, row.person, row.saved_at) == ("person", head, head, at)
        assert row.name and row.number.startswith("WST-")
    with peopled.at_station() as session:
        assert changes.load_correction(session, "person", head) == draft
        changes.discard_correction(session, "person", head)
        assert changes.load_correction(session, "person", head) is None
        assert changes.list_corrections(session) == []


def test_one_in_which_nothing_differs_is_no_draft(peopled: Site, head: PersonId) -> None:
    with peopled.at_station() as session:
        changes.save_correction(session, typed(session, head))
        changes.save_correction(
            session, CorrectionDraft("person", head.hex, {}, reason="Never mind")
        )
        assert changes.load_correction(session, "person", head) is None


def test_a_person_and_a_household_are_told_apart(
    peopled: Site, head: PersonId, household: HouseholdId
) -> None:
    with peopled.at_station() as session:
        of_household = typed(session, household, "household", shelter="tent")
        changes.save_correction(session, of_household)
        changes.save_correction(session, typed(session, head))
        assert changes.load_correction(session, "household", household) == of_household
        rows = {row.kind: row for row in changes.list_corrections(session)}
        assert set(rows) == {"person", "household"}
        assert rows["household"].subject == household
        assert rows["household"].person is not None, "somebody whose page leads there"


def test_each_keeps_their_own(peopled: Site, head: PersonId) -> None:
    """OpenCRVS 9946: one user's outbox is shown to the next one."""
    with peopled.at_station("officer") as session:
        mine = typed(session, head, language="som")
        changes.save_correction(session, mine)
    with peopled.at_station("supervisor") as session:
        assert changes.load_correction(session, "person", head) is None
        assert changes.list_corrections(session) == []
        changes.save_correction(session, typed(session, head, language="fra"))
        changes.discard_correction(session, "person", head)
    with peopled.at_station("officer") as session:
        assert changes.load_correction(session, "person", head) == mine


def test_it_is_no_family_and_no_event(peopled: Site, head: PersonId) -> None:
    with peopled.at_station() as session:
        changes.save_correction(session, typed(session, head))
        drafts.save(session, "family", Draft.new())
        assert [row.id for row in drafts.list_drafts(session)] == ["family"]
        assert drafts.list_events(session) == []
        assert home(session).counts.drafts == 1
        kept = identity(session, head)
        for refuse in (drafts.load, drafts.discard, drafts.load_event, drafts.discard_event):
            with pytest.raises(RefusedError):
                refuse(session, kept)
        with pytest.raises(RefusedError):
            drafts.save(session, kept, Draft.new())
        assert changes.load_correction(session, "person", head) is not None


def test_it_goes_with_the_signature(peopled: Site, head: PersonId, household: HouseholdId) -> None:
    with peopled.at_station() as session:
        guarded(session)
        changes.save_correction(session, typed(session, head))
        changes.save_correction(session, typed(session, household, "household", shelter="tent"))
        at = changes.begin(session, head)
        answers = {"name": "Anders Orlok", "language": "som"}
        made = changes.change(
            session, head, {**at.raw, **answers}, at=at, reason="She says so",
            draft_id=identity(session, head),
        )  # fmt: skip
        assert made.proposed is not None and made.amended == ("language",)
        assert changes.load_correction(session, "person", head) is None
        opened = changes.begin_household(session, household)
        changes.change_household(
            session, household, {**opened.raw, "shelter": "tent"}, at=opened, reason="Seen",
            draft_id=identity(session, household, "household"),
        )  # fmt: skip
        assert changes.list_corrections(session) == []


def test_it_stays_when_nothing_was_signed(peopled: Site, head: PersonId) -> None:
    with peopled.at_station() as session:
        guarded(session)
        changes.save_correction(session, typed(session, head))
        at = changes.begin(session, head)
        with pytest.raises(RefusedError):
            changes.change(
                session, head, {**at.raw, "name": "Anders Orlok"}, at=at, reason=" ",
                draft_id=identity(session, head),
            )  # fmt: skip
        assert changes.load_correction(session, "person", head) is not None


def test_what_others_wrote_since_is_told_by_its_labels(peopled: Site, head: PersonId) -> None:
    with peopled.at_station("officer") as session:
        draft = typed(session, head)
        changes.save_correction(session, draft)
        assert changes.changed_since(session, draft) == ()
    with peopled.at_station("supervisor") as session:
        at = changes.begin(session, head)
        raw = {**at.raw, "marital_status": "widowed"}
        changes.change(session, head, raw, at=at, reason="Told at another desk")
    with peopled.at_station("officer") as session:
        kept = changes.load_correction(session, "person", head)
        assert kept is not None
        assert changes.changed_since(session, kept) == ("Marital status",)
        assert changes.changed_since(session, kept, language="fr") != ("Marital status",)


@pytest.mark.parametrize("user", ["auditor", "administrator"])
def test_only_who_corrects_keeps_corrections(peopled: Site, head: PersonId, user: str) -> None:
    with peopled.at_station(user) as session:
        draft = CorrectionDraft("person", head.hex, {"language": "som"})
        for call in (
            lambda: changes.save_correction(session, draft),
            lambda: changes.load_correction(session, "person", head),
            lambda: changes.list_corrections(session),
            lambda: changes.discard_correction(session, "person", head),
        ):
            with pytest.raises(NotAllowedError):
                call()


def test_a_registrar_keeps_one_at_the_registry(peopled: Site, head: PersonId) -> None:
    peopled.approve()
    peopled.admit(peopled.send())
    with peopled.at_registry("registrar") as session:
        draft = typed(session, head)
        changes.save_correction(session, draft)
        assert changes.load_correction(session, "person", head) == draft
        assert [row.person for row in changes.list_corrections(session)] == [head]
        assert home(session).counts.drafts == 0
        at = changes.begin(session, head)
        changes.change(
            session, head, {**at.raw, "language": "som"}, at=at, reason="She says so",
            draft_id=identity(session, head),
        )  # fmt: skip
        assert changes.list_corrections(session) == []


def test_one_about_nobody_who_is_here_can_be_listed_and_discarded(peopled: Site) -> None:
    with peopled.at_station() as session:
        gone = UUID(int=7)
        changes.save_correction(session, CorrectionDraft("person", gone.hex, {"language": "som"}))
        (row,) = changes.list_corrections(session)
        assert (row.person, row.name, row.number) == (None, "", "")
        changes.discard_correction(session, row.kind, row.subject)
        assert changes.list_corrections(session) == []


WHOLE = {"format": 1, "kind": "person", "subject": "0" * 32, "answers": {}, "reason": "",
         "basis": "", "confirmed": [], "seen": []}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "damaged"),
        ("[]", "damaged"),
        ('{"format": 2}', "version"),
        ('{"format": 1}', "damaged"),
        (json.dumps({**WHOLE, "kind": "event"}), "damaged"),
        (json.dumps({**WHOLE, "subject": "amina"}), "damaged"),
        (json.dumps({**WHOLE, "answers": []}), "damaged"),
        (json.dumps({**WHOLE, "seen": ["amina"]}), "damaged"),
        (json.dumps({**WHOLE, "confirmed": [{"code": "rule"}]}), "damaged"),
    ],
)
def test_one_that_cannot_be_read_says_so_and_can_be_discarded(
    peopled: Site, head: PersonId, text: str, code: str
) -> None:
    with pytest.raises(DraftError) as error:
        CorrectionDraft.from_json(text)
    assert error.value.code == code
    with peopled.at_station() as session:
        with session.store.write() as unit:
            unit.save_draft(identity(session, head), session.clock.now(), text.encode())
        with pytest.raises(DraftError):
            changes.load_correction(session, "person", head)
        assert [row.person for row in changes.list_corrections(session)] == [head]
        changes.discard_correction(session, "person", head)
        assert changes.load_correction(session, "person", head) is None
