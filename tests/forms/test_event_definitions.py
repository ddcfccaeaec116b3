"""The shipped forms of events: whole, in step with each other, and told without a fault."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forms
from forms.check import raw_values
from forms.codes import code_list
from forms.definition import Correctable, Field, Form, Kind, Tier
from forms.events import check_event, event_facts
from forms.lint import DOCUMENTS, problems
from forms.reading import read
from tests.forms.filled_events import FILLED, PEOPLE, TODAY, filled, people
from values import cbor

EVENTS = forms.catalogue().events()
CIVIL = [form for form in EVENTS if form.event == "civil"]

FLOOR = {
    "live_birth": "child_name child_sex date time place_type birth_type birth_order weight"
    " attendant mother father evidence registration_type",
    "foetal_death": "gestation weight cause mother",
    "death": "date place manner causes contributing cause_method certifier burial_place body_found",
    "marriage": "spouse_a spouse_b age_a age_b consent_a consent_b form witnesses",
    "divorce": "dissolution_type date reference marriage_date marriage_reference",
    "adoption": "adoption_type authority reference previous_parents",
    "recognition": "recognition_type authority reference parent child",
    "correction": "kind before after basis evidence reason",
    "flight": "origin_country origin_place origin_code date cause hazard slow_onset glide"
    " displacement_number",
    "border_crossing": "point date mode document_used purpose facilitated direction",
    "arrival": "place shelter group",
    "transfer": "kind from_place to_place voluntary reason",
    "return": "voluntary destination return_kind",
    "local_integration": "voluntary destination",
    "resettlement": "voluntary country",
    "separation": "cause last_seen_place uasc_status carer",
    "tracing_request": "inquirer sought separated_on separation_cause separated_place last_place"
    " tell_sought tell_partners",
    "reunification": "verified_by verified_on date follow_up_on",
    "document_lost": "document_type number_end date what circumstances",
    "document_seized": "document_type issuer series fraud_class features mrz_agrees date place"
    " route",
    "absence": "reason notice_given appeal_until",
    "presence": "date",
}
"""The core items of each event."""

DOCUMENT = {
    "live_birth": "birth_notification",
    "death": "death_notification",
    "marriage": "marriage_notification",
    "divorce": "divorce_extract",
    "adoption": "adoption_annotation",
    "recognition": "recognition_annotation",
    "border_crossing": "movement_note",
    "transfer": "movement_note",
    "return": "closing_attestation",
    "local_integration": "closing_attestation",
    "resettlement": "closing_attestation",
    "tracing_request": "tracing_receipt",
    "document_lost": "loss_statement",
    "document_seized": "seizure_receipt",
    "absence": "absence_letter",
}

SEALED = {
    ("foetal_death", "cause"),
    ("death", "causes"),
    ("death", "contributing"),
    ("death", "external_cause"),
    ("death", "pregnancy"),
    ("marriage", "consent_a"),
    ("marriage", "consent_b"),
    ("adoption", "previous_parents"),
    ("border_crossing", "facilitated"),
    ("separation", "circumstances"),
    ("tracing_request", "description"),
    ("document_seized", "route"),
    ("document_seized", "statement"),
}

WEIGHT = {Kind.LONG_TEXT: 2, Kind.GROUP: 4, Kind.DOCUMENTS: 4, Kind.CODES: 6, Kind.CONSENT: 6}
ROOM = 6


def named(found: list[Any]) -> list[str]:
    return [one.code.removeprefix("rule:") for one in found]


def every_field(form: Form) -> list[tuple[str, Field]]:
    return [
        (f"{form.id}.{name}", one)
        for field in form.fields()
        for name, one in ((field.name, field), *((inner.name, inner) for inner in field.fields))
    ]


def test_every_event_has_its_form_and_no_fault_is_found() -> None:
    assert {form.id for form in EVENTS} == {code.code for code in code_list("event_types")}
    assert problems(forms.catalogue()) == ()


@pytest.mark.parametrize("form", EVENTS, ids=lambda form: form.id)
def test_the_core_items_are_asked(form: Form) -> None:
    names = {field.name for field in form.fields()}
    assert set(FLOOR[form.id].split()) <= names
    assert {"date", "evidence"} <= names
    assert "informant" in names or "inquirer" in names
    assert "notes" in names
    assert form.people()
    assert form.document == DOCUMENT.get(form.id, "")


def test_documents_are_those_that_the_lint_knows() -> None:
    assert set(DOCUMENT.values()) == DOCUMENTS


@pytest.mark.parametrize("form", CIVIL, ids=lambda form: form.id)
def test_a_civil_event_says_how_it_came_to_be_registered(form: Form) -> None:
    assert form.field("registration_type").default == "current"
    late = [rule for rule in form.rules if rule.code == "late"]
    assert len(late) == bool(form.late_after)
    assert all(f"> {form.late_after} " in rule.when.source for rule in late)
    assert form.field("evidence").fields[0].code_list == "evidence"


def test_what_harms_is_sealed() -> None:
    found = {(form.id, field.name) for form in EVENTS for field in form.fields() if field.sensitive}
    assert found == SEALED


def test_nobody_is_named_by_what_is_doubted_of_a_paper() -> None:
    """What is suspected of a document is shown to few, stops nothing, and needs no person."""
    form = forms.catalogue().form("document_seized")
    for name in ("fraud_class", "features", "mrz_agrees"):
        assert not form.field(name).seen_by("officer")
        assert form.field(name).seen_by("registrar")
    assert not form.field("recipient").required
    assert not any(rule.error for rule in form.rules)
    raw = {"document_type": "passport", "seized": "no", "date": {"missing": "unknown"}}
    found = check_event(form, {**raw, "fraud_class": "impostor"}, TODAY)
    assert named(found) == ["not_kept"]
    assert form.effects.amends == ()


@pytest.mark.parametrize("form", EVENTS, ids=lambda form: form.id)
def test_a_page_fits_the_screen(form: Form) -> None:
    for page in form.pages:
        assert sum(WEIGHT.get(field.kind, 1) for field in page.fields) <= ROOM, page.id
        assert sum(bool(field.help) for field in page.fields) <= 4, page.id


@pytest.mark.parametrize("form", forms.catalogue().all(), ids=lambda form: form.id)
def test_words_are_plain(form: Form) -> None:
    assert not form.event or (form.summary.endswith(".") and len(form.summary) <= 110)
    for place, field in every_field(form):
        assert field.label[0].isupper() and not field.label.endswith("."), place
        assert len(field.label) <= 50, place
        assert len(field.help) <= 120, place
        for text in (field.help, field.why, field.missing):
            assert not text or text.endswith((".", "?")), place
            assert "  " not in text
    for rule in form.rules:
        assert rule.say.endswith("."), rule.code
        assert len(rule.say) <= 190, rule.code


@pytest.mark.parametrize("form", EVENTS, ids=lambda form: form.id)
def test_what_is_not_known_may_be_said(form: Form) -> None:
    """Nearly everything may be unknown; whoever cannot is named or chosen from a list that says
    so, or asked aloud."""
    for field in form.fields():
        if field.required and not field.unknown and not field.default:
            free = field.kind in (Kind.PERSON, Kind.YES_NO, Kind.CONSENT)
            codes = field.codes
            free = free or (codes is not None and field.kind is Kind.CODE)
            assert free or field.name in ("date", "reason"), f"{form.id}.{field.name}"


@pytest.mark.parametrize("form", EVENTS, ids=lambda form: form.id)
def test_a_filled_event_has_nothing_wrong(form: Form) -> None:
    raw = filled(form.id)
    assert set(raw) <= {field.name for field in form.fields()}
    for later in (0, 7):
        day = TODAY + timedelta(days=later)
        assert named(check_event(form, raw, day, people())) == []
    facts = event_facts(form, raw, TODAY, people())
    assert facts.no_document == ()
    assert not facts.late
    assert set(facts.sensitive) <= {name for one, name in SEALED if one == form.id}
    assert not facts.sensitive.keys() & facts.values.keys()
    assert cbor.decode(cbor.encode(dict(facts.values))) == facts.values
    assert {role for role, _ in facts.people} <= {field.name for field in form.people()}
    kept = read(form, raw, TODAY, people=people()).values()
    assert read(form, raw_values(form, kept), TODAY, people=people()).values() == kept


def test_every_placeholder_is_somebody() -> None:
    assert {form.id for form in EVENTS} == set(FILLED)
    assert all(person.id == f"{int(person.id, 16):032x}" for person in PEOPLE.values())
    assert filled("presence", {"@away": "ff" * 16, "@aunt": "ee" * 16})["subject"] == {
        "person": "ff" * 16
    }


def test_identity_is_who_took_part_and_what_decides_on_them() -> None:
    sets = forms.catalogue().conflict_sets()
    for form in CIVIL:
        parts = {field.name for field in form.people()} - {"informant"}
        identity = {name for fields, is_one in sets[form.id].values() if is_one for name in fields}
        assert parts - {"spouse", "other_parent"} <= identity, form.id
        assert "date" in identity or form.id == "foetal_death"


def test_who_took_part_changes_only_with_a_second_person() -> None:
    for form in CIVIL:
        for field in form.people():
            if field.name not in ("informant", "spouse"):
                assert field.correctable is Correctable.APPROVED, f"{form.id}.{field.name}"


def test_identity_of_a_person_changes_only_with_a_second_person() -> None:
    form = forms.catalogue().form("person")
    for fields, identity in form.conflict_sets().values():
        for name in fields if identity else ():
            free = form.field(name).correctable is Correctable.FREELY
            assert not free, name
    for name in ("death", "presence"):
        assert form.field(name).correctable is Correctable.NEVER
        assert not form.field(name).asked


def test_a_mass_arrival_asks_the_least() -> None:
    asked = {
        (form, field.name)
        for form in ("membership", "household", "person")
        for field in forms.catalogue().form(form).fields()
        if field.tier is Tier.EMERGENCY
    }
    assert asked == {
        ("membership", "relation"),
        ("household", "origin_country"),
        ("household", "origin_place"),
        ("household", "cause"),
        ("household", "hazard"),
        ("household", "arrival"),
        ("person", "name"),
        ("person", "sex"),
        ("person", "birth"),
        ("person", "nationality"),
        ("person", "consent"),
    }
    for form in ("membership", "household", "person"):
        for field in forms.catalogue().form(form).fields():
            assert not field.required or field.tier is Tier.EMERGENCY


def test_sharing_with_the_country_fled_is_locked_for_refugees() -> None:
    form = forms.catalogue().form("person")
    page = form.page_of("share_with_origin")
    assert (page.id, len(page.fields)) == ("origin_sharing", 1)
    for status, kept in (("refugee", "no"), ("asylum_seeker", "no"), ("idp", "yes"), ("", "yes")):
        raw = {"share_with_origin": "yes", "legal_status": status}
        assert read(form, raw, TODAY).text("share_with_origin") == kept
    assert read(form, {}, TODAY).text("share_with_origin") == "no"


@pytest.mark.parametrize(
    ("birth", "child", "asked"),
    [
        ("2010-11-16", True, True),
        ("2008-11-14", False, True),
        ("2021-11-16", True, False),
        ("2021-11-14", True, True),
        ("202X", True, True),
        ("200X", False, True),
        ("", False, True),
    ],
)
def test_children_are_asked_about_their_care_and_from_five_about_daily_life(
    birth: str, child: bool, asked: bool
) -> None:
    form = forms.catalogue().form("person")
    raw = {
        "birth": {"text": birth},
        "care_arrangement": "relatives",
        "uasc_status": "separated",
        "best_interests": "no",
        "guardian": {"name": "Aunt Lal"},
        "wg_seeing": "some",
    }
    kept = read(form, raw, TODAY).values()
    care = {"care_arrangement", "uasc_status", "best_interests", "guardian"} & kept.keys()
    assert len(care) == (4 if child else 0)
    assert ("wg_seeing" in kept) is asked


def test_the_six_questions_are_those_of_the_washington_group() -> None:
    form = forms.catalogue().form("person")
    for domain in code_list("wg_domains"):
        field = form.field(f"wg_{domain.code}")
        assert (field.label, field.help) == (domain.label, domain.extra["question"])
        assert field.code_list == "wg_difficulty"


def test_no_page_of_the_interview_is_ever_empty() -> None:
    """Each page, as the window cuts it, has a question that is asked of everybody."""
    for page in forms.catalogue().pages(head=False):
        parts: list[list[Field]] = [[]]
        for one in page.fields:
            filled_up = sum(WEIGHT.get(field.kind, 1) for field in parts[-1])
            if parts[-1] and filled_up + WEIGHT.get(one.field.kind, 1) > ROOM:
                parts.append([])
            parts[-1].append(one.field)
        for part in parts:
            assert any(field.shown_when is None for field in part), page.id


RAW = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 10**12),
        st.text(max_size=8),
        st.sampled_from(["yes", "no", "F", "2026-11", "7:30", "0a" * 16, "other", "unknown"]),
        st.sampled_from([{"missing": "unknown"}, {"missing": "refused"}, {"missing": 3}]),
        st.builds(lambda text: {"text": text}, st.sampled_from(["2026", "2030-01", "age:3", "x"])),
        st.builds(lambda one: {"person": one}, st.sampled_from([p.id for p in PEOPLE.values()])),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["text", "calendar", "person", "name", "type", "number", "code", "x"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=4,
)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_reading_never_fails(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(forms.catalogue().all()))
    names = [field.name for field in form.fields()]
    raw = {**filled(form.id)} if form.id in FILLED and data.draw(st.booleans()) else {}
    raw |= data.draw(st.dictionaries(st.sampled_from(names), RAW, max_size=6))
    found = check_event(form, raw, TODAY, people())
    assert all(one.field for one in found)
    seen = read(form, raw, TODAY, people=people())
    cbor.encode(seen.values())
    if not any(one.is_error for one in found):
        event_facts(form, raw, TODAY, people())
