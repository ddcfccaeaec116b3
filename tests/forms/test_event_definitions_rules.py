"""Each rule of each event speaks when it should; a filled event lets all of them be silent.

All people invented.
"""

from __future__ import annotations

from typing import Any

import pytest

import forms
from forms.events import check_event, event_facts
from forms.persons import Person
from forms.wording import say
from tests.forms.filled_events import PEOPLE, TODAY, filled
from values.dates import PartialDate

UNKNOWN = {"missing": "unknown"}
REFUSED = {"missing": "refused"}


def _extra(number: int, sex: str, birth: str, **more: Any) -> Person:
    born = PartialDate.parse(birth) if birth else None
    return Person(f"{0x100 + number:032x}", sex=sex, birth=born, **more)


CAST = {
    **PEOPLE,
    "@dead": _extra(1, "F", "1980", dead=True),
    "@girl17": _extra(2, "F", "2009-03-04"),
    "@about18": _extra(3, "F", "2008"),
    "@grandmother": _extra(4, "F", "1951"),
    "@wife": _extra(5, "F", "1990", marital_status="married"),
    "@single": _extra(6, "F", "1990", marital_status="never_married"),
    "@ageless": _extra(7, "F", ""),
    "@boy17": _extra(8, "M", "2009-03-04"),
    "@wed": _extra(10, "F", "1990", married=PartialDate.parse("2020-05")),
    "@parted": _extra(11, "F", "1990", marital_status="divorced"),
    "@late": _extra(12, "M", "1985", dead=True, died=PartialDate.parse("2025-11")),
    "@aged12": _extra(9, "F", "2003-01-01"),
}


def who(name: str) -> dict[str, str]:
    return {"person": CAST[name].id}


def day(text: str) -> dict[str, str]:
    return {"text": text}


LATE = {"date": day("2026-09-30")}
LONG_AGO = {"date": day("1950")}

# event, rule, what is told otherwise than in the filled event, whether it is an error, and whether
# no document is printed
CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("flight", "origin_code_form", {"origin_code": "Rakhine;Ittwe"}),
    ("flight", "origin_code_word", {"origin_code": "Rakhine"}),
    ("arrival", "place_code_form", {"place_code": "Rakhine Ittwe"}),
    ("arrival", "place_code_word", {"place_code": "Sittwe"}),
    ("live_birth", "child_not_registered", {"child": {"name": "Ilan"}}),
    ("live_birth", "no_household", {"mother": {"name": "Dalia"}, "father": UNKNOWN}),
    ("live_birth", "no_household", {"mother": UNKNOWN, "father": {"name": "Banin"}}),
    ("live_birth", "child_born_otherwise", {"child": who("@girl")}),
    ("live_birth", "name_waits_long", {"child_name": "", "date": day("2025-06")}),
    ("live_birth", "order_unnamed", {"birth_order": ""}),
    ("live_birth", "weight_unusual", {"weight": "280"}),
    ("live_birth", "weight_unusual", {"weight": "8500"}),
    ("live_birth", "mother_sex", {"mother": who("@man"), "father": UNKNOWN}),
    ("live_birth", "mother_too_young", {"mother": who("@girl")}),
    ("live_birth", "mother_too_old", {"mother": who("@grandmother")}),
    ("live_birth", "mother_dead", {"mother": who("@dead")}),
    ("live_birth", "mother_is_child", {"mother": who("@girl17")}),
    ("live_birth", "mother_is_child", {"mother": who("@about18"), "date": day("2026-01")}),
    ("live_birth", "father_too_young", {"father": who("@girl")}),
    ("live_birth", "before_birth_mother", {"mother": who("@aged12"), "date": day("2002")}),
    ("live_birth", "before_birth_father", {"father": who("@aged12"), "date": day("2002")}),
    ("foetal_death", "before_birth_mother", {"mother": who("@aged12"), "date": day("2002")}),
    ("foetal_death", "mother_sex", {"mother": who("@man")}),
    ("foetal_death", "mother_too_young", {"mother": who("@girl")}),
    ("foetal_death", "mother_too_old", {"mother": who("@grandmother")}),
    ("foetal_death", "mother_dead", {"mother": who("@dead")}),
    ("foetal_death", "mother_is_child", {"mother": who("@girl17")}),
    ("foetal_death", "early", {"gestation": "21"}),
    ("foetal_death", "weight_unusual", {"weight": "7000"}),
    ("foetal_death", "no_care", {"care_offered": "no"}),
    ("death", "dead_already", {"deceased": who("@dead")}),
    ("death", "before_birth", LONG_AGO),
    ("death", "spouse_dead", {"spouse": who("@dead")}),
    ("death", "spouse_unmarried", {"spouse": who("@single")}),
    ("death", "no_body", {"body_found": "no"}),
    ("death", "protection", {"manner": "assault"}),
    ("death", "protection", {"manner": "self_harm"}),
    ("marriage", "under_18_a", {"spouse_a": who("@girl17")}),
    ("marriage", "under_18_a", {"spouse_a": who("@aged12"), "date": day("2015-08")}),
    ("marriage", "under_18_a", {"spouse_a": {"name": "Ilana"}, "age_a": "15"}),
    ("marriage", "under_18_b", {"spouse_b": who("@boy17")}),
    ("marriage", "under_18_b", {"age_b": "17"}),
    ("marriage", "maybe_under_18_a", {"spouse_a": who("@about18")}),
    ("marriage", "maybe_under_18_b", {"spouse_b": who("@about18")}),
    ("marriage", "age_not_told_a", {"spouse_a": {"name": "Ilana"}}),
    ("marriage", "age_not_told_a", {"spouse_a": who("@ageless")}),
    ("marriage", "age_not_told_b", {"age_b": UNKNOWN}),
    ("marriage", "before_birth_a", {"spouse_a": who("@aged12"), "date": day("2002")}),
    ("marriage", "before_birth_b", {"spouse_b": who("@aged12"), "date": day("2002")}),
    ("marriage", "dead_a", {"spouse_a": who("@dead")}),
    ("marriage", "dead_b", {"spouse_b": who("@dead")}),
    ("marriage", "married_already_a", {"spouse_a": who("@wife")}),
    ("marriage", "married_already_b", {"spouse_b": who("@wife")}),
    ("marriage", "free_will_open", {"heard_apart": "no"}),
    ("marriage", "free_will_open", {"consent_a": "no"}),
    ("marriage", "free_will_open", {"consent_b": "no"}),
    ("marriage", "free_will_open", {"consent_a": REFUSED}),
    ("marriage", "free_will_open", {"consent_b": UNKNOWN}),
    ("marriage", "few_witnesses", {"witnesses": [{"name": "Dalia Sorn"}]}),
    ("divorce", "no_judgment", {"reference": UNKNOWN}),
    ("divorce", "status_after_annulment", {"dissolution_type": "annulment"}),
    ("divorce", "status_after_separation", {"dissolution_type": "separation_judicial"}),
    ("divorce", "before_marriage", {"marriage_date": day("2026-11")}),
    ("divorce", "before_birth_a", {"spouse_a": who("@aged12"), "date": day("2002")}),
    ("divorce", "before_birth_b", {"spouse_b": who("@aged12"), "date": day("2002")}),
    ("divorce", "before_recorded_marriage_a", {"spouse_a": who("@wed"), "date": day("2019")}),
    ("divorce", "before_recorded_marriage_b", {"spouse_b": who("@wed"), "date": day("2019")}),
    ("divorce", "ended_already_a", {"spouse_a": who("@parted")}),
    ("divorce", "ended_already_b", {"spouse_b": who("@parted")}),
    ("death", "before_recorded_marriage", {"deceased": who("@wed"), "date": day("2020-04")}),
    ("live_birth", "father_died_long_before", {"father": who("@late")}),
    ("divorce", "dead_a", {"spouse_a": who("@dead")}),
    ("divorce", "dead_b", {"spouse_b": who("@dead")}),
    ("divorce", "unmarried_a", {"spouse_a": who("@single")}),
    ("divorce", "unmarried_b", {"spouse_b": who("@single")}),
    ("divorce", "other_does_not_know", {"other_knows": "no"}),
    ("adoption", "undecided", {"authority": UNKNOWN}),
    ("adoption", "best_interests_open", {"best_interests": "no"}),
    ("adoption", "parents_not_asked", {"parents_agreed": "no"}),
    ("adoption", "child_adult", {"child": who("@woman")}),
    ("adoption", "child_dead", {"child": who("@dead")}),
    ("adoption", "before_birth_adopter", {"adopter": who("@aged12"), "date": day("2002")}),
    ("adoption", "adopter_dead", {"adopter": who("@dead")}),
    ("adoption", "adopter_under_18", {"adopter": who("@girl17")}),
    ("adoption", "second_adopter_dead", {"second_adopter": who("@dead")}),
    ("adoption", "second_adopter_under_18", {"second_adopter": who("@girl17")}),
    (
        "adoption",
        "second_too_close",
        {"second_adopter": who("@aged12"), "child": who("@boy17")},
    ),
    ("adoption", "too_close", {"adopter": who("@aged12"), "child": who("@boy17")}),
    ("recognition", "not_in_person", {"in_person": "no"}),
    ("recognition", "not_in_person", {"in_person": UNKNOWN}),
    ("recognition", "contested", {"other_agreed": "no"}),
    ("recognition", "court_unnamed", {"recognition_type": "court"}),
    ("recognition", "parent_dead", {"parent": who("@dead")}),
    ("recognition", "child_dead", {"child": who("@dead")}),
    ("recognition", "too_close", {"child": who("@girl17"), "parent": who("@aged12")}),
    ("recognition", "before_birth_parent", {"parent": who("@aged12"), "date": day("2002")}),
    (
        "recognition",
        "other_too_close",
        {"child": who("@girl17"), "other_parent": who("@aged12")},
    ),
    ("recognition", "long_before_birth", {"child": who("@girl"), "date": day("2014-07")}),
    ("recognition", "father_sex", {"parent": who("@aunt")}),
    (
        "recognition",
        "mother_sex",
        {"recognition_type": "recognition_by_mother", "parent": who("@man")},
    ),
    ("correction", "subject_dead", {"subject": who("@dead")}),
    ("correction", "decision_unnamed", {"reference": UNKNOWN}),
    ("correction", "sex_not_own_word", {"kind": "sex_marker", "basis": "declaration"}),
    ("correction", "nationality_declared", {"kind": "nationality", "basis": "declaration"}),
    ("correction", "paper_unnamed", {"basis": "document", "evidence": []}),
    ("flight", "glide_form", {"glide": "DR-2026-123-SOM"}),
    ("flight", "glide_form", {"glide": "dr-2026-000123-som"}),
    ("flight", "glide_country", {"glide": "DR-2026-000123-KEN"}),
    ("flight", "slow_hazard", {"cause": "disaster"}),
    ("flight", "slow_against_cause", {"slow_onset": "no"}),
    ("border_crossing", "same_country", {"country_to": "SOM"}),
    ("transfer", "not_voluntary", {"voluntary": "not_voluntary"}),
    ("transfer", "eviction_voluntary", {"kind": "eviction"}),
    ("transfer", "same_place", {"to_place": {"text": "Reception site"}}),
    ("transfer", "not_informed", {"informed": "no"}),
    ("return", "not_voluntary", {"voluntary": "not_voluntary"}),
    ("return", "not_voluntary", {"voluntary": "unknown"}),
    ("return", "not_heard_alone", {"heard_alone": "no"}),
    ("return", "not_informed", {"informed": "no"}),
    ("return", "child_moves", {"subject": who("@girl")}),
    ("local_integration", "not_voluntary", {"voluntary": "not_voluntary"}),
    ("local_integration", "no_right_to_stay", {"right_to_stay": "no"}),
    ("resettlement", "not_voluntary", {"voluntary": "unknown"}),
    ("resettlement", "not_informed", {"informed": "no"}),
    ("resettlement", "child_moves", {"subject": who("@girl")}),
    ("separation", "child_not_referred", {"best_interests": ""}),
    ("separation", "child_not_referred", {"best_interests": "no"}),
    (
        "separation",
        "child_without_care",
        {"uasc_status": "unaccompanied", "care_arrangement": "parents"},
    ),
    ("separation", "carer_dead", {"carer": who("@dead")}),
    ("separation", "lost_person_dead", {"separated_from": who("@dead")}),
    ("tracing_request", "registered_here", {"sought": who("@uncle")}),
    ("tracing_request", "sought_dead", {"sought": who("@dead")}),
    ("tracing_request", "child_asks", {"inquirer": who("@girl")}),
    ("tracing_request", "inquirer_dead", {"inquirer": who("@dead")}),
    ("tracing_request", "news_before_loss", {"last_news": day("2025")}),
    ("tracing_request", "nobody_asked", {"tell_partners": "no"}),
    ("reunification", "not_wished", {"wished": "no"}),
    ("reunification", "child_not_agreed", {"best_interests": "no"}),
    ("reunification", "child_not_agreed", {"best_interests": ""}),
    ("reunification", "child_weakly_verified", {"verified_by": "relatives"}),
    ("reunification", "family_member_dead", {"family_member": who("@dead")}),
    ("document_lost", "not_lost", {"what": "renewed"}),
    ("document_lost", "subject_dead", {"subject": who("@dead")}),
    ("document_seized", "not_kept", {"seized": "no"}),
    ("document_seized", "nobody_to_receive", {"recipient": ""}),
    ("document_seized", "kept_by_whom", {"kept_by": ""}),
    ("absence", "no_notice", {"notice_given": "no"}),
    ("absence", "no_appeal", {"appeal_until": ""}),
    ("absence", "appeal_short", {"appeal_until": day("2026-11-20")}),
    ("absence", "deceased", {"reason": "deceased"}),
    ("absence", "registered_twice", {"reason": "registered_twice"}),
    ("absence", "absent_already", {"subject": who("@away")}),
    ("presence", "not_absent", {"subject": who("@uncle")}),
    ("presence", "subject_dead", {"subject": who("@dead")}),
]
CASES += [
    (form.id, rule.code, changes)
    for form in forms.catalogue().events()
    for rule in form.rules
    for code, changes in (
        ("late", {**LATE, "registration_type": "current"}),
        ("court_order_unnamed", {"registration_type": "court_ordered", "court_reference": ""}),
        ("informant_dead", {"informant": who("@dead")}),
        ("subject_dead", {"subject": who("@dead")}),
        ("before_birth", LONG_AGO),
    )
    if rule.code == code and (form.id, code) not in {("death", "before_birth")}
]

SILENT: list[tuple[str, str, dict[str, Any]]] = [
    ("live_birth", "no_household", {"child": who("@girl"), "mother": UNKNOWN, "father": UNKNOWN}),
    ("live_birth", "name_waits_long", {"child_name": ""}),
    ("live_birth", "name_waits_long", {"child": who("@girl"), "date": day("2015-06-07")}),
    ("live_birth", "child_born_otherwise", {"child": who("@girl"), "date": day("2015")}),
    ("live_birth", "order_unnamed", {"birth_type": "single", "birth_order": ""}),
    ("live_birth", "order_unnamed", {"birth_order": UNKNOWN}),
    ("live_birth", "mother_is_child", {"mother": {"name": "Dalia"}}),
    ("live_birth", "late", {**LATE, "registration_type": "late"}),
    ("live_birth", "late", {"date": day("2026-10-16")}),
    ("live_birth", "late", {"date": day("2026")}),
    ("live_birth", "court_order_unnamed", {"court_reference": ""}),
    ("live_birth", "mother_too_old", {"mother": who("@grandmother"), "date": day("1975")}),
    ("foetal_death", "early", {"gestation": UNKNOWN}),
    ("death", "no_body", {"body_found": "no", "evidence": [{"type": "court_order"}]}),
    ("death", "no_body", {"body_found": "unknown"}),
    ("death", "before_birth", {"date": day("1985")}),
    ("death", "protection", {"manner": REFUSED}),
    ("marriage", "under_18_a", {"spouse_a": who("@aged12"), "date": day("2021-01-01")}),
    ("marriage", "maybe_under_18_a", {"spouse_a": who("@girl17")}),
    ("marriage", "maybe_under_18_a", {"spouse_a": who("@aged12"), "date": day("2021-01-01")}),
    ("marriage", "age_not_told_a", {"spouse_a": {"name": "Ilana"}, "age_a": "60"}),
    ("marriage", "few_witnesses", {"witnesses": [], "form": "common_law"}),
    ("divorce", "no_judgment", {"reference": "", "evidence": [{"type": "religious_record"}]}),
    (
        "divorce",
        "status_after_annulment",
        {"dissolution_type": "annulment", "status_after": "annulled"},
    ),
    ("adoption", "undecided", {"authority": "", "evidence": [{"type": "court_order"}]}),
    ("adoption", "too_close", {"child": {"name": "Ilan"}}),
    ("recognition", "contested", {"other_agreed": "no", "recognition_type": "court"}),
    ("marriage", "before_birth_a", {"spouse_a": who("@aged12"), "date": day("2003")}),
    ("divorce", "before_recorded_marriage_a", {"spouse_a": who("@wed"), "date": day("2020")}),
    ("divorce", "before_recorded_marriage_a", {"spouse_a": who("@wed"), "date": UNKNOWN}),
    ("divorce", "ended_already_a", {"spouse_a": who("@wife")}),
    ("live_birth", "father_died_long_before", {"father": who("@late"), "date": day("2026-09")}),
    ("recognition", "long_before_birth", {"child": who("@girl"), "date": day("2015-01")}),
    # A child may be recognised before it is born.
    ("recognition", "before_birth_parent", {"child": who("@girl"), "date": day("2015-01")}),
    (
        "recognition",
        "parent_dead",
        {"parent": who("@dead"), "recognition_type": "court", "reference": "R 1"},
    ),
    (
        "correction",
        "sex_not_own_word",
        {"kind": "sex_marker", "basis": "declaration", "informant_relation": "self"},
    ),
    ("flight", "glide_form", {"glide": ""}),
    ("flight", "glide_form", {"cause": "conflict", "glide": "nonsense"}),
    ("flight", "glide_country", {"origin_country": UNKNOWN}),
    ("flight", "slow_hazard", {"cause": "disaster", "hazard": "flood"}),
    ("flight", "before_birth", {"date": day("1990")}),
    ("border_crossing", "same_country", {"country_from": UNKNOWN, "country_to": UNKNOWN}),
    ("transfer", "same_place", {"from_place": UNKNOWN, "to_place": UNKNOWN}),
    ("return", "child_moves", {"subject": who("@ageless")}),
    ("return", "child_moves", {"subject": {"name": "Ilan"}}),
    ("separation", "child_not_referred", {"subject": who("@woman")}),
    ("tracing_request", "registered_here", {"sought": who("@dead")}),
    ("tracing_request", "news_before_loss", {"last_news": day("2026")}),
    ("reunification", "child_not_agreed", {"subject": who("@woman"), "best_interests": ""}),
    ("reunification", "child_weakly_verified", {"subject": who("@woman"), "verified_by": "other"}),
    ("document_seized", "nobody_to_receive", {"recipient": REFUSED}),
    ("document_seized", "nobody_to_receive", {"recipient": "", "seized": "no"}),
    ("document_seized", "kept_by_whom", {"kept_by": UNKNOWN}),
    ("absence", "no_appeal", {"notice_given": "no", "appeal_until": ""}),
    ("absence", "appeal_short", {"notice_on": UNKNOWN}),
]

IDS = {name: person.id for name, person in CAST.items()}
PRESENT = {person.id: person for person in CAST.values()}


def speaks(event: str, rule: str, changes: dict[str, Any]) -> bool:
    form = forms.catalogue().form(event)
    raw = {**filled(event, IDS), **changes}
    found = check_event(form, raw, TODAY, PRESENT)
    mine = [one for one in found if one.code == f"rule:{rule}"]
    stated = next(one for one in form.rules if one.code == rule)
    assert all(one.is_error == stated.error and one.field == stated.field for one in mine)
    assert all(say(one) == stated.say for one in mine)
    if mine and stated.no_document and not any(one.is_error for one in found):
        assert rule in event_facts(form, raw, TODAY, PRESENT).no_document
    return bool(mine)


@pytest.mark.parametrize(
    ("event", "rule", "changes"), CASES, ids=[f"{a}-{b}-{n}" for n, (a, b, _) in enumerate(CASES)]
)
def test_a_rule_speaks(event: str, rule: str, changes: dict[str, Any]) -> None:
    assert speaks(event, rule, changes)


@pytest.mark.parametrize(
    ("event", "rule", "changes"),
    SILENT,
    ids=[f"{a}-{b}-{n}" for n, (a, b, _) in enumerate(SILENT)],
)
def test_a_rule_is_silent(event: str, rule: str, changes: dict[str, Any]) -> None:
    assert not speaks(event, rule, changes)


def test_every_rule_is_tried() -> None:
    tried = {(event, rule) for event, rule, _ in CASES}
    assert tried == {
        (form.id, rule.code) for form in forms.catalogue().events() for rule in form.rules
    }


def test_only_what_cannot_be_is_an_error() -> None:
    errors = {
        (form.id, rule.code)
        for form in forms.catalogue().events()
        for rule in form.rules
        if rule.error
    }
    assert errors == {
        ("live_birth", "child_not_registered"),
        ("live_birth", "no_household"),
        ("live_birth", "before_birth_mother"),
        ("live_birth", "before_birth_father"),
        ("foetal_death", "before_birth_mother"),
        ("death", "before_birth"),
        ("marriage", "before_birth_a"),
        ("marriage", "before_birth_b"),
        ("divorce", "before_birth_a"),
        ("divorce", "before_birth_b"),
        ("adoption", "before_birth"),
        ("adoption", "before_birth_adopter"),
        ("recognition", "before_birth_parent"),
        ("divorce", "before_marriage"),
        ("reunification", "not_wished"),
        ("flight", "origin_code_form"),
        ("arrival", "place_code_form"),
    }


def test_what_the_two_said_does_not_show_in_what_is_kept_open() -> None:
    """One rule speaks of a no, of silence, and of a talk that never was."""
    form = forms.catalogue().form("marriage")
    for changes in ({"consent_a": "no"}, {"consent_b": REFUSED}, {"heard_apart": "no"}):
        raw = {**filled("marriage", IDS), **changes}
        facts = event_facts(form, raw, TODAY, PRESENT)
        assert facts.no_document == ("free_will_open",)
        assert set(facts.sensitive) == {"consent_a", "consent_b"}
        assert not {"consent_a", "consent_b"} & facts.values.keys()


def test_a_late_birth_is_recorded_like_any_other() -> None:
    form = forms.catalogue().form("live_birth")
    raw = {**filled("live_birth", IDS), "date": day("2026-03"), "registration_type": "late"}
    assert check_event(form, raw, TODAY, PRESENT) == []
    facts = event_facts(form, raw, TODAY, PRESENT)
    assert facts.late
    assert facts.no_document == ()


def test_a_child_registered_already_is_asked_nothing_twice() -> None:
    """For the late registration of a birth: the child is chosen, not made again."""
    form = forms.catalogue().form("live_birth")
    raw = {
        **filled("live_birth", IDS),
        "child": who("@girl"),
        "date": day("2015-06-07"),
        "registration_type": "late",
    }
    assert check_event(form, raw, TODAY, PRESENT) == []
    facts = event_facts(form, raw, TODAY, PRESENT)
    assert ("child", bytes.fromhex(CAST["@girl"].id)) in facts.people
    assert not {"child_name", "child_sex", "consent", "relation"} & facts.values.keys()


def test_nobody_is_refused_for_what_nobody_knows() -> None:
    """Every event can be told with hardly anything known; warnings say what to ask."""
    for form in forms.catalogue().events():
        raw = filled(form.id, IDS)
        for field in form.fields():
            if field.unknown:
                raw[field.name] = UNKNOWN
            elif field.refused:
                raw[field.name] = REFUSED
            elif not field.required and field.kind.value not in ("person",):
                raw[field.name] = ""
        if form.id == "live_birth":
            raw["mother"] = who("@woman")
        found = check_event(form, raw, TODAY, PRESENT)
        assert [one for one in found if one.is_error] == [], form.id


def found(event: str, changes: dict[str, Any]) -> set[tuple[str, str, str]]:
    raw = {**filled(event, IDS), **changes}
    return {
        (one.code, one.field, one.severity)
        for one in check_event(forms.catalogue().form(event), raw, TODAY, PRESENT)
    }


@pytest.mark.parametrize(
    ("event", "first", "second"),
    [
        (form.id, first, second)
        for form in forms.catalogue().events()
        for place, first in enumerate(form.distinct)
        for second in form.distinct[place + 1 :]
    ],
)
def test_nobody_has_two_parts_that_exclude_each_other(event: str, first: str, second: str) -> None:
    both = found(event, {first: who("@woman"), second: who("@woman")})
    assert ("person_in_both", second, "error") in both
    # Whoever tells of it may have any part in it.
    told = found(event, {first: who("@woman"), "informant": who("@woman")})
    assert "person_twice" not in {code for code, _, _ in told}


def test_every_event_of_two_says_who_cannot_be_both() -> None:
    several = {
        form.id
        for form in forms.catalogue().events()
        if len([one for one in form.people() if one.name != "informant"]) > 1
    }
    assert several == {form.id for form in forms.catalogue().events() if form.distinct}


@pytest.mark.parametrize(
    ("told", "code"), [("0001-01-01", "age_impossible"), ("1800", "age_impossible"), ("1907", "")]
)
def test_a_birth_registers_nobody_older_than_anybody_is(told: str, code: str) -> None:
    problems = found("live_birth", {"mother": {"missing": "unknown"}, "date": day(told)})
    assert (("age_impossible", "date", "error") in problems) == bool(code)
    # Of somebody who is registered already the record tells the birth.
    known = {"mother": {"missing": "unknown"}, "date": day(told), "child": who("@girl")}
    assert "age_impossible" not in {one for one, _, _ in found("live_birth", known)}


@pytest.mark.parametrize("event", ["marriage", "divorce"])
def test_what_is_said_of_one_of_two_says_of_whom(event: str) -> None:
    rules = {one.code: one.say for one in forms.catalogue().form(event).rules}
    pairs = [(rules[code], rules[f"{code[:-2]}_b"]) for code in rules if code.endswith("_a")]
    assert pairs
    for first, other in pairs:
        assert "first of the two" in first and "other of the two" in other
        assert first.replace("first of the two", "other of the two") == other
