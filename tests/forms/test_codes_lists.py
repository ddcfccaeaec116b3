"""What every code list must be: readable, translatable, and true to what it maps to."""

from __future__ import annotations

import csv
import re

import pytest
from babel import Locale

import resources
from forms.codes import FAMILIES, Code, code_list
from forms.places import Origin, parse_origin

NAMES = sorted(
    entry.name.removesuffix(".csv")
    for entry in resources.path("codes").iterdir()
    if entry.name.endswith(".csv") and entry.name != "country_names.csv"
)
NEEDS = ("needs", "need_families")
NAMED_ELSEWHERE = ("countries", "languages", "scripts")
"""CLDR names these in the reader's language; their labels are names, not phrases of ours."""

SYNTAX = {
    "calendars": r"[a-z]+(?:-[a-z]+)*",
    "countries": r"[A-Z]{3}",
    "languages": r"[a-z]{3}",
    "need_families": r"[A-Z]{2}",
    "needs": r"[A-Z]{2}-[A-Z]{2}",
    "scripts": r"[A-Z][a-z]{3}",
    "sex": r"[FMX]",
}
OWN_SYNTAX = r"[a-z][a-z0-9_]{0,39}"

COLUMNS = {"code", "label", "offered", "in_lists", "family", "sealed", "question", "basis", "cldr"}
"""Those that the program reads. The columns below map to other systems or order the list."""

IN_LISTS = {
    "calendars": 5,
    "causes": 7,
    "countries": 250,
    "document_types": 8,
    "hazards": 10,
    "languages": 7930,
    "needs": 71,
    "relation": 12,
    "sex": 3,
    "yes_no": 2,
}
"""How many codes a pre-registration list may use: what lists are written with does not grow by
itself, because partners write them by the page they were given."""

KNOWN = {
    ("relation", "publicschema"): "head spouse child dependent parent sibling grandparent"
    " grandchild other_relative non_relative",
    ("relation", "dci"): "SELF SPS DOMPART CHILD STPCHILD PRN STPPRN PRNFOST SIB GRNDCHILD GRPRN"
    " NIENEPH EXT COUSN PRNINLAW CHLDINLAW SIBINLAW INLAW",
    ("sex", "iso5218"): "0 1 2 9",
    ("sex", "publicschema"): "not_known male female not_applicable",
    ("sex", "dci"): "male female other unknown",
    ("marital_status", "publicschema"): "never_married married widowed divorced"
    " legally_separated consensual_union",
    ("marital_status", "dci"): "S M W A D L U",
    ("legal_status", "publicschema"): "resident idp idp_returnee refugee asylum_seeker"
    " returnee_from_abroad international_migrant stateless",
    ("statelessness", "publicschema"): "stateless",
    ("event_types", "publicschema"): "Birth FetalDeath Death Marriage MarriageTermination"
    " Adoption PaternityRecognition CivilStatusAnnotation",
    ("event_types", "dci"): "live_birth death fetal_death marriage divorce adoption",
    ("registration_type", "publicschema"): "current late court_ordered reconstruction",
    ("registration_status", "publicschema"): "declared pending_validation registered rejected"
    " cancelled corrected archived",
    ("parental_role", "publicschema"): "biological gestational legal adoptive",
    ("place_type", "publicschema"): "health_facility home en_route other unknown",
    ("birth_type", "publicschema"): "single twin triplet quadruplet quintuplet higher_order",
    ("attendant", "publicschema"): "physician midwife nurse traditional_birth_attendant other none",
    ("manner_of_death", "publicschema"): "natural accident intentional_self_harm assault"
    " legal_intervention war pending_investigation could_not_be_determined",
    ("cause_method", "publicschema"): "physician_certified verbal_autopsy coroner lay_reporting"
    " other",
    ("marriage_form", "publicschema"): "civil religious customary common_law",
    ("dissolution_type", "publicschema"): "divorce annulment",
    ("adoption_type", "publicschema"): "full simple",
    ("recognition_type", "publicschema"): "marital_presumption voluntary_recognition"
    " judicial_declaration adoption_order surrogacy_order",
    ("correction_kind", "publicschema"): "court_ordered_correction nationality_change",
    ("wg_difficulty", "wg"): "1 2 3 4",
    ("wg_difficulty", "publicschema"): "no_difficulty some_difficulty a_lot_of_difficulty"
    " cannot_do",
    ("wg_difficulty", "dci"): "1 2 3 4",
    ("wg_domains", "wg"): "VIS_SS HEAR_SS MOB_SS COG_SS SC_SS COM_SS",
    ("hazards", "slow_onset"): "yes no",
    ("hazards", "glide"): "AC AV CE CW DR EC EP EQ ET FA FF FL FR HT IN LS MS OT SL SS ST TC TO TS"
    " VO VW WF WV",
    ("evidence", "rung"): "1 2 3 4 5 6 7 8 9",
}
"""Every value that the other system has, by list and column. An empty cell maps to nothing."""

PHRASE = re.compile(r"[A-Z][^\s.]*(?: [^\s.]+)*")
SEALED_WORDS = re.compile(
    r"\b(tortur\w*|sexual\w*|rape\w*|gender-based|mutilation|honou?r|survival|perpetrat\w*|crime|"
    r"criminal\w*|threat\w*|traffick\w*|abus\w*|neglect\w*|hiding|witness who|victim\w*|"
    r"survivor\w*)\b",
    re.IGNORECASE,
)


def rows(name: str) -> list[dict[str, str]]:
    lines = resources.read_text(f"codes/{name}.csv").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("name", NAMES)
def test_codes_are_written_alike(name: str) -> None:
    syntax = re.compile(SYNTAX.get(name, OWN_SYNTAX))
    assert [code.code for code in code_list(name) if not syntax.fullmatch(code.code)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_list_reads_well_for_people(name: str) -> None:
    codes = code_list(name)
    assert PHRASE.fullmatch(codes.title), codes.title
    assert codes.offered() or name in NAMED_ELSEWHERE, "nothing can be chosen"
    if name == "languages":
        return
    labels = [code.label for code in codes]
    assert len(labels) == len(set(labels)), "two codes read the same"
    allowed = PHRASE if name not in NAMED_ELSEWHERE else re.compile(r"\S.*\S|\S")
    assert [label for label in labels if not allowed.fullmatch(label) or len(label) > 60] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_column_is_unknown_to_the_program(name: str) -> None:
    columns = set(rows(name)[0])
    assert {one for one in columns - COLUMNS if (name, one) not in KNOWN} == set()


@pytest.mark.parametrize(("name", "column"), sorted(KNOWN), ids=str)
def test_mappings_hold_values_of_the_other_system(name: str, column: str) -> None:
    values = {code.extra[column] for code in code_list(name)} - {""}
    assert values
    assert values <= set(KNOWN[name, column].split())


@pytest.mark.parametrize("name", NAMES)
def test_what_lists_may_use_is_what_it_was(name: str) -> None:
    assert sum(code.in_lists for code in code_list(name)) == IN_LISTS.get(name, 0)


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(NEEDS)))
def test_no_label_says_what_is_sealed(name: str) -> None:
    if name == "languages":
        return
    said = [row["label"] + " " + row.get("question", "") for row in rows(name)]
    assert [one for one in said if SEALED_WORDS.search(one)] == []


def test_families_are_named() -> None:
    lists = {name for name in NAMES if any(code.family for code in code_list(name))}
    assert lists == set(FAMILIES)
    for name, families in FAMILIES.items():
        used = {code.family for code in code_list(name)}
        assert used == {family.code for family in code_list(families)}


def test_needs_that_are_accusations_read_as_nothing() -> None:
    hidden = [code for code in code_list("needs") if not code.offered]
    assert [code.code for code in hidden] == ["LP-AP", "LP-CR", "LP-ST"]
    assert all(code.label.startswith("Reserved for protection staff") for code in hidden)


def test_needs_are_the_families_and_codes_of_unhcr() -> None:
    families = {
        "CR": "CP CS CC TP LW LO NE SE AF CL",
        "SC": "SC UC CH IC FC",
        "WR": "WR SF LC",
        "ER": "NF MC FR",
        "SP": "PT GP CG",
        "DS": "BD DF PM PS MM MS SD",
        "SM": "MI MN DP CI CC AD OT",
        "FU": "TR FR",
        "LP": "ND BN NA MM MD RR RD DA DO DT IH WP AN RP MS LS AF AP CR ST",
        "TR": "PI HO WV",
        "SV": "VA VF VO GM HP HK FM SS",
    }
    expected = {f"{family}-{one}" for family, codes in families.items() for one in codes.split()}
    assert {code.code for code in code_list("needs")} == expected


def test_countries_are_complete_and_specimens_are_not_chosen() -> None:
    countries = code_list("countries")
    names = Locale.parse("en").territories
    assert all(code.label == names[code.extra["cldr"]] for code in countries if code.extra["cldr"])
    papers = [code for code in countries if not code.extra["cldr"]]
    assert [code.code for code in papers] == ["XXA", "XXB", "XXC", "XXX", "UTO"]
    assert [code.code for code in papers if code.offered or code.in_lists] == ["XXA"]
    assert len(countries) == 249 + len(papers)


def test_the_country_of_specimens_is_no_origin() -> None:
    assert parse_origin("UTO; Kumamoto") == Origin("", "UTO; Kumamoto", "")
    assert parse_origin("SOM; Bay; Baidoa [SO2401]") == Origin("SOM", "Bay; Baidoa", "SO2401")


def test_scripts_in_use_are_offered_and_named_by_cldr() -> None:
    scripts = code_list("scripts")
    names = Locale.parse("en").scripts
    for code in ("Arab", "Adlm", "Beng", "Cyrl", "Ethi", "Khmr", "Laoo", "Latn", "Mymr", "Rohg"):
        assert scripts[code].offered
        assert scripts[code].extra["cldr"] == code
        assert scripts[code].label == names[code]
    assert not any(scripts[code].offered for code in ("Egyp", "Zyyy", "Zzzz", "Xsux"))


def test_evidence_stands_in_its_order() -> None:
    rungs = [int(code.extra["rung"]) for code in code_list("evidence")]
    assert rungs == sorted(rungs)
    assert (rungs[0], rungs[-1]) == (1, 9)


def test_washington_group_questions_are_asked_as_they_are_written() -> None:
    domains = list(code_list("wg_domains"))
    assert len(domains) == 6
    assert all("have difficulty" in code.extra["question"] for code in domains)
    assert all(code.extra["question"].endswith("?") for code in domains)
    assert [code.code for code in code_list("wg_difficulty")] == ["none", "some", "a_lot", "cannot"]


def test_slow_hazards_are_climatological() -> None:
    def slow(code: Code) -> bool:
        return code.extra["slow_onset"] == "yes"

    hazards = code_list("hazards")
    assert {code.code for code in hazards if slow(code)} == {
        "drought",
        "sea_level_rise",
        "salinisation",
        "coastal_erosion",
        "desertification",
        "land_degradation",
        "glacial_retreat",
    }
    assert {code.family for code in hazards if slow(code)} == {"climatological"}
