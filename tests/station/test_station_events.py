"""Events: what they say, what they change, and that it is undone by further entries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from forms.draft import UNKNOWN, Confirmation
from ledger.views import PersonView
from registry import admit
from station import events, export
from station.register import ProblemsError
from tests.places import Site, listing, row
from values import cbor
from workspace import vault
from workspace.errors import NotAllowedError, RefusedError
from workspace.people import person_page
from workspace.session import Session

FAMILY = listing(
    row("H-1", "head", "Banin Orlok", sex="M"),
    row("H-1", "spouse", "Dalia Orlok", birth="1992-01-02"),
    row("H-1", "child", "Tarun Orlok", sex="M", birth="2015-06-07"),
    row("H-2", "head", "Sesha Vedin", sex="F", birth="1985-02-03"),
)
TOLD = {"informant": {"name": "Mirel Vedin"}, "evidence": [{"type": "declaration"}]}


def person(session: Session, name: str) -> PersonView:
    with session.store.read() as reader:
        return next(one for one in reader.views("person") if one.values.get("name") == name)


def who(view: PersonView) -> dict[str, str]:
    return {"person": view.id.hex}


def evidence() -> str:
    from forms.codes import code_list

    return next(code.code for code in code_list("evidence").offered())


def settled(session: Session, form: str, raw: dict[str, Any]) -> list[Confirmation]:
    """Every warning confirmed; no error may remain."""
    found = events.check(session, form, raw)
    assert [one for one in found if one.is_error] == []
    return [Confirmation(one.code, one.field, "", "as told") for one in found]


def recorded(session: Session, form: str, raw: dict[str, Any]) -> events.Recorded:
    told = {**TOLD, "evidence": [{"type": evidence()}], **raw}
    return events.record(session, form, told, confirmed=settled(session, form, told))


@pytest.fixture
def camp(site: Site) -> Site:
    site.take_in(FAMILY)
    return site


@contextmanager
def officer(camp: Site) -> Iterator[Session]:
    with camp.at_station("officer") as session:
        yield session


def birth(session: Session) -> dict[str, Any]:
    from forms.codes import code_list

    return {
        "date": {"text": "2026-11-10"},
        "child_name": "Ilan Orlok",
        "child_sex": "M",
        "mother": who(person(session, "Dalia Orlok")),
        "father": who(person(session, "Banin Orlok")),
        "relation": "child",
        "place": {"text": "Reception site", "code": ""},
        "consent": {one.code: "yes" for one in code_list("purposes").offered()},
    }


def test_a_birth_registers_the_child_in_the_mothers_household(camp: Site) -> None:
    with officer(camp) as session:
        raw = birth(session)
        foreseen = events.foresee(
            session, "live_birth", {**TOLD, "evidence": [{"type": evidence()}], **raw}
        )
        assert [line.kind for line in foreseen] == ["creates"]
        made = recorded(session, "live_birth", raw)
        assert made.created is not None and made.document == "birth"
        child = person(session, "Ilan Orlok")
        assert child.id == made.created and child.number == made.created_number
        assert child.values["birth"]["edtf"] == "2026-11-10"
        assert child.values["mother_name"] == "Dalia Orlok"
        assert child.values["birth_place"] == "Reception site"
        page = person_page(session, child.id)
        assert page.household is not None and len(page.household.members) == 4
        assert page.status == "recorded"  # handed in for review like every registration
        for name in ("Ilan Orlok", "Dalia Orlok", "Banin Orlok"):
            shown = person_page(session, person(session, name).id)
            assert "Birth" in [one.title for one in shown.timeline] or "Live birth" in [
                one.title for one in shown.timeline
            ]


def test_a_death_ends_the_stay_and_widows(camp: Site) -> None:
    with officer(camp) as session:
        man, woman = person(session, "Banin Orlok"), person(session, "Dalia Orlok")
        raw = {
            "deceased": who(man),
            "spouse": who(woman),
            "date": {"text": "2026-11-09"},
            "body_found": "yes",
        }
        told = {**TOLD, "evidence": [{"type": evidence()}], **raw}
        assert "head_leaves" in [one.code for one in events.check(session, "death", told)]
        with pytest.raises(ProblemsError):
            events.record(session, "death", told)
        made = recorded(session, "death", raw)
        assert person(session, "Banin Orlok").values["death"]["edtf"] == "2026-11-09"
        assert person(session, "Dalia Orlok").values["marital_status"] == "widowed"
        with session.store.read() as reader:
            assert reader.household_of(man.id) is None
    with camp.at_station("supervisor") as session:
        done = events.void(session, made.event, reason="He came back.")
        assert done == events.Withdrawn()
        again = person(session, "Banin Orlok")
        assert "death" not in again.values
        assert "marital_status" not in person(session, "Dalia Orlok").values
        with session.store.read() as reader:
            household = reader.household_of(again.id)
            assert household is not None
            assert [one.relation for one in household.present() if one.person == man.id] == ["head"]
            shown = reader.event(made.event)
            assert shown is not None and shown.voided == "He came back."
        with pytest.raises(RefusedError):
            events.void(session, made.event, reason="Twice.")


def test_a_marriage_under_18_gets_no_document_and_consent_is_sealed(camp: Site) -> None:
    with officer(camp) as session:
        raw = {
            "spouse_a": who(person(session, "Tarun Orlok")),
            "spouse_b": who(person(session, "Sesha Vedin")),
            "heard_apart": "yes",
            "consent_a": "no",
            "consent_b": "yes",
            "date": {"text": "2026-11-01"},
            "form": "customary",
        }
        made = recorded(session, "marriage", raw)
        assert made.document == "" and made.blocked
        with session.store.read() as reader:
            view = reader.event(made.event)
        assert view is not None
        assert set(view.values["consent_a"]) == {"sealed"}
        with pytest.raises(NotAllowedError):
            vault.read_value(session, "event", made.event, "consent_a", reason="curious")
    with camp.at_station("supervisor") as session:
        sent = export.export(session, camp.outbox)
    with camp.at_registry("registrar") as session:
        got = admit.import_bundle(session, sent.bundle)
        assert got.quarantined == 0
        assert vault.read_value(session, "event", made.event, "consent_a", reason="case") == "no"
        with session.store.read() as reader:
            there = reader.event(made.event)
        assert there is not None and cbor.encode(dict(there.values)) == cbor.encode(
            dict(view.values)
        )


def test_an_event_about_somebody_who_is_gone_is_refused(camp: Site) -> None:
    with officer(camp) as session:
        raw = {**birth(session), "mother": {"person": "00" * 16}, "father": UNKNOWN}
        assert "no_household" in [one.code for one in events.check(session, "live_birth", raw)]
        with pytest.raises(RefusedError):
            events.record(session, "live_birth", raw)


def test_a_draft_is_recorded_once(camp: Site) -> None:
    with officer(camp) as session:
        raw = {**TOLD, "evidence": [{"type": evidence()}], **birth(session)}
        sure = settled(session, "live_birth", raw)
        events.record(session, "live_birth", raw, confirmed=sure, draft_id="event-1")
        with pytest.raises(RefusedError):
            events.record(session, "live_birth", raw, confirmed=sure, draft_id="event-1")


def test_only_those_who_work_with_people_record(camp: Site) -> None:
    with camp.at_station("auditor") as session, pytest.raises(NotAllowedError):
        events.record(session, "arrival", {"date": {"text": "2026-11-01"}})
    with camp.at_station("supervisor") as session, pytest.raises(NotAllowedError):
        recorded(session, "live_birth", birth(session))  # whoever reviews does not take in
