"""One event of each kind as an officer would tell it, with nothing wrong in it. All invented.

Persons are placeholders, ``{"person": "@woman"}``: :func:`filled` puts real ones in their place.
``PEOPLE`` says what is recorded about each of them; whoever registers them for a test registers
them so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from forms.codes import code_list
from forms.persons import Person
from values.dates import PartialDate

TODAY = date(2026, 11, 15)
"""The day on which they are told. A week later nothing is wrong with them either."""


def _person(number: int, sex: str, birth: str, **more: Any) -> Person:
    return Person(f"{number:032x}", sex=sex, birth=PartialDate.parse(birth), **more)


PEOPLE: Mapping[str, Person] = {
    "@woman": _person(1, "F", "1990-05-03"),
    "@man": _person(2, "M", "1985~"),
    "@girl": _person(3, "F", "2015-06-07"),
    "@aunt": _person(4, "F", "1972"),
    "@uncle": _person(5, "M", "1969-02"),
    "@away": _person(6, "M", "1999-01-20", present=False),
}
"""Placeholder to what is recorded. The girl is the daughter of woman and man."""

YES = {purpose.code: "yes" for purpose in code_list("purposes").offered()}
TOLD: Mapping[str, Any] = {
    "informant": {"person": "@aunt"},
    "informant_relation": "other_relative",
    "evidence": [{"type": "witness_statement", "number": "", "issuer": "Mirel Vedin"}],
    "notes": "Told at the desk.",
}


def _day(text: str, calendar: str = "gregorian") -> dict[str, str]:
    return {"text": text, "calendar": calendar}


def _who(name: str) -> dict[str, str]:
    return {"person": name}


SITE = {"text": "Reception site", "code": "UT0102"}
HOME = {"text": "Lower Orlan"}

FILLED: Mapping[str, Mapping[str, Any]] = {
    "live_birth": {
        **TOLD,
        "date": _day("2026-11-02"),
        "time": "7:30",
        "place_type": "health_facility",
        "place": SITE,
        "birth_type": "twin",
        "birth_order": "1",
        "child_name": "Ilan Orlok",
        "child_name_latin": "Ilan Orlok",
        "child_sex": "M",
        "nationality": {"missing": "unknown"},
        "weight": "2850",
        "mother": _who("@woman"),
        "father": _who("@man"),
        "relation": "child",
        "attendant": "midwife",
        "children_born": "2",
        "registration_type": "current",
        "consent": YES,
    },
    "foetal_death": {
        **TOLD,
        "date": _day("2026-11-04"),
        "place_type": "home",
        "place": HOME,
        "gestation": "31",
        "weight": {"missing": "unknown"},
        "mother": _who("@woman"),
        "father": {"missing": "refused"},
        "attendant": "traditional",
        "cause": "The cord, said the midwife.",
        "care_offered": "yes",
    },
    "death": {
        **TOLD,
        "deceased": _who("@man"),
        "spouse": _who("@woman"),
        "date": _day("2026-11-09"),
        "time": {"missing": "unknown"},
        "place_type": "on_the_way",
        "place": HOME,
        "body_found": "yes",
        "burial_place": {"text": "Under the old mulberry, Lower Orlan"},
        "causes": [
            {"cause": "Sepsis", "interval": "2 days"},
            {"cause": "Wound of the leg", "interval": "3 weeks"},
        ],
        "contributing": {"missing": "unknown"},
        "cause_method": "verbal_autopsy",
        "manner": "accident",
        "external_cause": "A fall from a lorry.",
        "certifier": "health_worker",
        "surgery": "no",
        "autopsy": "no",
    },
    "marriage": {
        **TOLD,
        "spouse_a": _who("@woman"),
        "spouse_b": {"name": "Sesha Vedin"},
        "age_b": "34",
        "heard_apart": "yes",
        "consent_a": "yes",
        "consent_b": "yes",
        "date": _day("1405-08-12", "solar-hijri"),
        "place": SITE,
        "form": "customary",
        "officiant": "Elder Tarik",
        "witnesses": [{"name": "Dalia Sorn", "contact": "Block 4"}, {"name": "Banin Sorn"}],
    },
    "divorce": {
        **TOLD,
        "date": _day("2026-10-30"),
        "dissolution_type": "divorce",
        "spouse_a": _who("@woman"),
        "spouse_b": _who("@man"),
        "status_after": "divorced",
        "marriage_date": _day("2012"),
        "court": "District court of Orlan",
        "reference": "D 114/2026",
        "marriage_reference": {"missing": "unknown"},
        "other_knows": "yes",
        "children": "yes",
    },
    "adoption": {
        **TOLD,
        "date": _day("2026-11-03"),
        "adoption_type": "simple",
        "child": _who("@girl"),
        "adopter": _who("@aunt"),
        "second_adopter": {"missing": "not_applicable"},
        "relation": "child",
        "authority": "Family court of Orlan",
        "reference": "F 7/2026",
        "best_interests": "yes",
        "child_heard": "yes",
        "parents_agreed": "yes",
        "previous_parents": [{"name": "Ilana Orlok", "role": "biological"}],
    },
    "recognition": {
        **TOLD,
        "date": _day("2026-11-03"),
        "recognition_type": "recognition_by_father",
        "child": _who("@girl"),
        "parent": _who("@man"),
        "parental_role": "biological",
        "other_parent": _who("@woman"),
        "in_person": "yes",
        "other_agreed": "yes",
        "child_heard": "yes",
        "authority": {"missing": "not_applicable"},
    },
    "correction": {
        **TOLD,
        "subject": _who("@woman"),
        "date": _day("2026-11-12"),
        "kind": "birth_date",
        "basis": "court_order",
        "authority": "District court of Orlan",
        "reference": "C 9/2026",
        "before": "1 January 1990",
        "after": "3 May 1990",
        "reason": "The first of January was made up at the border.",
        "registration_type": "court_ordered",
        "court_reference": "C 9/2026",
    },
    "flight": {
        **TOLD,
        "subject": _who("@woman"),
        "date": _day("2026-04"),
        "origin_country": "SOM",
        "origin_place": "Bay; Baidoa",
        "origin_code": "SO2401",
        "displacement_number": "2",
        "cause": "climate_slow_onset",
        "hazard": "drought",
        "slow_onset": "yes",
        "glide": "DR-2026-000123-SOM",
    },
    "arrival": {
        **TOLD,
        "subject": _who("@woman"),
        "date": _day("2026-04-18"),
        "place": "Reception site",
        "place_code": "UT0102",
        "group": "Convoy of 18 April",
        "shelter": "tent",
    },
    "border_crossing": {
        **TOLD,
        "subject": _who("@man"),
        "date": _day("2026-04-17"),
        "direction": "entry",
        "point": {"text": "Between Dor and Hallan"},
        "country_from": "SOM",
        "country_to": "KEN",
        "mode": "foot",
        "purpose": "safety",
        "document_used": "none",
        "facilitated": {"missing": "refused"},
    },
    "transfer": {
        **TOLD,
        "subject": _who("@woman"),
        "date": _day("2026-11-01"),
        "kind": "planned_relocation",
        "from_place": SITE,
        "to_place": {"text": "New Orlan"},
        "voluntary": "voluntary",
        "reason": "The river takes the bank.",
        "informed": "yes",
        "reference": "Plan 2",
    },
    "return": {
        **TOLD,
        "subject": _who("@uncle"),
        "date": _day("2026-11-06"),
        "return_kind": "assisted",
        "country": "SOM",
        "destination": HOME,
        "destination_kind": "former_home",
        "voluntary": "voluntary",
        "heard_alone": "yes",
        "informed": "yes",
        "assisted_by": "Office for return",
    },
    "local_integration": {
        **TOLD,
        "subject": _who("@uncle"),
        "date": _day("2026-10"),
        "destination": SITE,
        "destination_kind": "host_country",
        "voluntary": "voluntary",
        "right_to_stay": "yes",
        "housing": "yes",
        "livelihood": "no",
        "papers": "yes",
        "reference": "P 31",
    },
    "resettlement": {
        **TOLD,
        "subject": _who("@uncle"),
        "date": _day("2026-11-08"),
        "country": "CAN",
        "city": "Halifax",
        "case_number": "R 22",
        "travel_document": "other",
        "voluntary": "voluntary",
        "informed": "yes",
        "family_left": "yes",
    },
    "separation": {
        **TOLD,
        "subject": _who("@girl"),
        "separated_from": {"name": "Ilana Orlok"},
        "relationship": "parent",
        "date": _day("2026-04-16"),
        "cause": "flight",
        "last_seen_place": {"text": "The bridge of Dor"},
        "uasc_status": "separated",
        "care_arrangement": "relatives",
        "carer": _who("@aunt"),
        "best_interests": "yes",
        "wants_tracing": "yes",
        "circumstances": "The lorry left without her mother.",
    },
    "tracing_request": {
        "inquirer": _who("@woman"),
        "date": _day("2026-11-13"),
        "relationship": "sibling",
        "contact": "Block 4, tent 12",
        "tell_partners": "yes",
        "tell_sought": "yes",
        "publish": "no",
        "ask_origin": "no",
        "sought": {"name": "Tarun Orlok"},
        "other_names": "Taro",
        "parents": "Idris and Ilana",
        "sought_sex": "M",
        "sought_age": "24",
        "sought_from": HOME,
        "separated_on": _day("2026-04"),
        "separated_place": {"text": "The bridge of Dor"},
        "separation_cause": "flight",
        "last_place": {"missing": "unknown"},
        "last_news": {"missing": "not_applicable"},
        "description": "Tall, a scar on the chin.",
        "evidence": [{"type": "self_declaration"}],
    },
    "reunification": {
        **TOLD,
        "subject": _who("@girl"),
        "family_member": _who("@aunt"),
        "relationship": "uncle_aunt",
        "date": _day("2026-11-07"),
        "place": SITE,
        "relation": "nephew_niece",
        "wished": "yes",
        "verified_by": "caseworker",
        "verified_on": _day("2026-11-05"),
        "best_interests": "yes",
        "uasc_status": "with_family",
        "follow_up_on": _day("2026-12-05"),
        "follow_up_by": "Child protection",
        "care_arrangement": "relatives",
    },
    "document_lost": {
        **TOLD,
        "subject": _who("@man"),
        "what": "stolen",
        "document_type": "passport",
        "issuer": "SOM",
        "number_end": "7123",
        "date": _day("2026-04-17"),
        "place": {"text": "At the bridge of Dor"},
        "circumstances": "With the bag.",
        "reported": "yes",
        "reference": "Post 3, 17 April",
    },
    "document_seized": {
        **TOLD,
        "document_type": "national_id",
        "issuer": "SOM",
        "series": "AB1",
        "seized": "yes",
        "date": _day("2026-11"),
        "recipient": _who("@man"),
        "fraud_class": "altered_data",
        "features": [
            {"feature": "laminate", "method": "sight_and_touch"},
            {"feature": "dates", "method": "reference"},
        ],
        "mrz_agrees": {"missing": "not_applicable"},
        "place": {"text": "Province of Dor"},
        "route": "By the river.",
        "kept_by": "Post 3",
        "statement": "He bought it in good faith.",
    },
    "absence": {
        **TOLD,
        "subject": _who("@uncle"),
        "date": _day("2026-09-01"),
        "reason": "not_met",
        "notice_given": "yes",
        "notice_on": _day("2026-11-10"),
        "appeal_until": _day("2026-12-31"),
        "checked_by": "Head count",
        "attempts": "3",
        "family_asked": "yes",
    },
    "presence": {
        **TOLD,
        "subject": _who("@away"),
        "date": _day("2026-11-14"),
        "place": SITE,
        "reason": "travelling",
        "help_missed": "yes",
    },
}
"""Form to raw answers."""


def filled(form: str, ids: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The raw answers of one event. ``ids`` are persons' ids in hexadecimal by placeholder; those
    of ``PEOPLE`` without it."""
    known = ids or {name: person.id for name, person in PEOPLE.items()}

    def put(raw: Any) -> Any:
        if isinstance(raw, Mapping):
            return {key: put(value) for key, value in raw.items()}
        if isinstance(raw, list):
            return [put(one) for one in raw]
        return known.get(raw, raw) if isinstance(raw, str) and raw.startswith("@") else raw

    return {name: put(raw) for name, raw in FILLED[form].items()}


def people() -> dict[str, Person]:
    """Those of ``PEOPLE`` by id, as the rules want them."""
    return {person.id: person for person in PEOPLE.values()}
