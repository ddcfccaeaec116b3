"""Two invented families, and what happens to them, told in few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.codes import code_list
from forms.draft import Confirmation
from ledger.views import PersonView
from station import events
from tests.places import listing, row
from values.identifiers import PersonId
from workspace.session import Session

FAMILIES = listing(
    row("H-1", "head", "Banin Orlok", sex="M"),
    row("H-1", "spouse", "Dalia Orlok", birth="1992-01-02"),
    row("H-1", "child", "Tarun Orlok", sex="M", birth="2015-06-07"),
    row("H-2", "head", "Sesha Vedin", birth="1985-02-03"),
    row("H-2", "child", "Milo Vedin", sex="M", birth="2012-02-03"),
)
EVIDENCE = next(one.code for one in code_list("evidence").offered())
TOLD = {"informant": {"name": "Mirel Vedin"}, "evidence": [{"type": EVIDENCE}]}
CONSENT = {one.code: "yes" for one in code_list("purposes").offered()}


def person(session: Session, name: str) -> PersonView:
    """Whoever bears this given name."""
    with session.store.read() as reader:
        return next(
            one for one in reader.views("person") if str(one.values.get("name")).split()[0] == name
        )


def who(session: Session, name: str) -> dict[str, str]:
    """An answer that names a registered person."""
    return {"person": person(session, name).id.hex}


def told(session: Session, form: str, **raw: Any) -> dict[str, Any]:
    """An event as typed, with what is usual. Persons go by their given names."""
    usual: Mapping[str, Mapping[str, Any]] = {
        "live_birth": {
            "date": "2026-11-10", "child_name": "Ilan Orlok", "child_sex": "M",
            "relation": "child", "consent": CONSENT,
        },
        "death": {"date": "2026-11-09", "body_found": "yes"},
        "marriage": {
            "date": "2026-11-01", "form": "customary", "heard_apart": "yes",
            "consent_a": "yes", "consent_b": "yes",
        },
        "adoption": {
            "date": "2026-11-03", "adoption_type": "simple", "authority": "A court",
            "second_adopter": {"missing": "not_applicable"}, "relation": "child",
            "best_interests": "yes", "child_heard": "yes", "parents_agreed": "yes",
        },
        "reunification": {
            "date": "2026-11-07", "relationship": "uncle_aunt", "relation": "nephew_niece",
            "wished": "yes", "verified_by": "caseworker", "best_interests": "yes",
            "uasc_status": "with_family",
        },
        "absence": {
            "date": "2026-09-01", "reason": "not_met", "notice_given": "yes",
            "notice_on": {"text": "2026-11-10"}, "appeal_until": {"text": "2026-12-31"},
            "checked_by": "A colleague", "attempts": "3", "family_asked": "yes",
        },
        "presence": {"date": "2026-11-14", "reason": "travelling"},
    }  # fmt: skip
    named = {one.name for one in session.catalogue.form(form).people()}
    made = {**TOLD, **usual.get(form, {}), **raw}
    return {
        name: who(session, value)
        if name in named and isinstance(value, str)
        else {"text": value}
        if name == "date" and isinstance(value, str)
        else value
        for name, value in made.items()
    }


def record(session: Session, form: str, **raw: Any) -> events.Recorded:
    """Record an event, with every warning looked at; no error may remain."""
    typed = told(session, form, **raw)
    found = events.check(session, form, typed)
    assert [one for one in found if one.is_error] == []
    sure = [Confirmation(one.code, one.field, "", "as told") for one in found]
    return events.record(session, form, typed, confirmed=sure)


def problems(session: Session, form: str, **raw: Any) -> set[tuple[str, str, str]]:
    """What is said of an event: code, field and severity."""
    found = events.check(session, form, told(session, form, **raw))
    return {(one.code.removeprefix("rule:"), one.field, one.severity) for one in found}


def homes(session: Session) -> list[dict[str, str]]:
    """Given names and relations, household by household."""
    with session.store.read() as reader:
        found = sorted(reader.views("household"), key=lambda one: one.number)
        return [
            {given(reader.person(one.person)): one.relation for one in household.present()}
            for household in found
        ]


def given(view: PersonView | None) -> str:
    """A given name."""
    assert view is not None
    return str(view.values.get("name")).split()[0]


def answer(session: Session, identity: PersonId, field: str) -> Any:
    """What a person's record says; of a date, its text."""
    with session.store.read() as reader:
        view = reader.person(identity)
    assert view is not None
    value = view.values.get(field)
    return value.get("edtf") if isinstance(value, dict) else value
