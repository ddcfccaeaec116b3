"""What cannot be is refused, what is strange is asked about, and no household gets two heads."""

from __future__ import annotations

from typing import Any

import pytest

from station import events
from station.register import ProblemsError
from tests.places import Site
from tests.station.lives import FAMILIES, answer, homes, person, problems, record, told


@pytest.fixture
def camp(site: Site) -> Site:
    site.take_in(FAMILIES)
    return site


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        ("live_birth", {"mother": "Dalia"}),
        ("adoption", {"child": "Milo", "adopter": "Banin"}),
        ("adoption", {"child": "Tarun", "adopter": "Banin"}),
        ("reunification", {"subject": "Milo", "family_member": "Tarun"}),
    ],
)
def test_nobody_becomes_a_second_head(camp: Site, form: str, parts: dict[str, Any]) -> None:
    with camp.at_station("officer") as session:
        before = homes(session)
        assert ("two_heads", "relation", "error") in problems(
            session, form, relation="head", **parts
        )
        with pytest.raises(ProblemsError):
            events.record(session, form, told(session, form, relation="head", **parts))
        assert homes(session) == before


def test_whoever_is_head_may_be_told_to_be(camp: Site) -> None:
    with camp.at_station("officer") as session:
        record(
            session, "reunification", subject="Sesha", family_member="Milo", relation="head",
            relationship="child",
        )  # fmt: skip
        assert homes(session)[1] == {"Sesha": "head", "Milo": "child"}


def test_a_household_without_a_head_may_get_one(camp: Site) -> None:
    with camp.at_station("officer") as session:
        record(session, "death", deceased="Sesha")
        record(
            session, "reunification", subject="Dalia", family_member="Milo", relation="head",
            relationship="child",
        )  # fmt: skip
        assert homes(session) == [
            {"Banin": "head", "Tarun": "child"},
            {"Dalia": "head", "Milo": "child"},
        ]


@pytest.mark.parametrize(
    ("form", "parts", "field"),
    [
        ("death", {"deceased": "Sesha"}, "deceased"),
        ("adoption", {"child": "Sesha", "adopter": "Banin"}, "child"),
        ("reunification", {"subject": "Sesha", "family_member": "Banin"}, "subject"),
        ("reunification", {"subject": "Sesha", "family_member": "Milo"}, "subject"),
    ],
)
def test_a_household_that_loses_its_head_is_asked_about(
    camp: Site, form: str, parts: dict[str, Any], field: str
) -> None:
    with camp.at_station("officer") as session:
        assert ("head_leaves", field, "warning") in problems(session, form, **parts)


def test_a_reunion_told_after_a_death_is_kept_and_moves_nobody(camp: Site) -> None:
    with camp.at_station("officer") as session:
        record(session, "death", deceased="Milo")
        before = homes(session)
        parts = {"subject": "Milo", "family_member": "Dalia"}
        assert ("subject_dead", "subject", "warning") in problems(session, "reunification", **parts)
        record(session, "reunification", **parts)
        assert homes(session) == before
        assert answer(session, person(session, "Milo").id, "uasc_status") == "with_family"


@pytest.mark.parametrize(
    ("form", "parts", "field"),
    [
        ("marriage", {"spouse_a": "Banin", "spouse_b": "Banin"}, "spouse_b"),
        ("live_birth", {"child": "Milo", "mother": "Milo"}, "mother"),
        ("adoption", {"child": "Tarun", "adopter": "Tarun"}, "adopter"),
        ("death", {"deceased": "Tarun", "spouse": "Tarun"}, "spouse"),
        ("reunification", {"subject": "Tarun", "family_member": "Tarun"}, "family_member"),
    ],
)
def test_one_person_in_parts_that_exclude_each_other_is_an_error(
    camp: Site, form: str, parts: dict[str, Any], field: str
) -> None:
    with camp.at_station("officer") as session:
        assert ("person_in_both", field, "error") in problems(session, form, **parts)


@pytest.mark.parametrize("born", ["0001-01-01", "1800"])
def test_nobody_is_registered_older_than_anybody_is(camp: Site, born: str) -> None:
    """MOSIP 942: an age of 200 or 1200 is accepted."""
    with camp.at_station("officer") as session:
        parts: dict[str, Any] = {"mother": {"missing": "unknown"}, "father": "Banin", "date": born}
        assert ("age_impossible", "date", "error") in problems(session, "live_birth", **parts)


def test_a_marriage_before_a_birth_is_an_error(camp: Site) -> None:
    with camp.at_station("officer") as session:
        parts = {"spouse_a": "Banin", "spouse_b": "Dalia", "date": "1950-01-01"}
        found = problems(session, "marriage", **parts)
        assert {
            ("before_birth_a", "date", "error"),
            ("before_birth_b", "date", "error"),
        } <= found


def test_a_divorce_before_the_recorded_marriage_is_asked_about(camp: Site) -> None:
    with camp.at_station("officer") as session:
        record(session, "marriage", spouse_a="Banin", spouse_b="Dalia", date="2026-05-01")
        parts: dict[str, Any] = {
            "spouse_a": "Banin",
            "spouse_b": "Dalia",
            "dissolution_type": "divorce",
            "status_after": "divorced",
        }
        before = problems(session, "divorce", **parts, date="2026-04-30")
        assert {
            ("before_recorded_marriage_a", "date", "warning"),
            ("before_recorded_marriage_b", "date", "warning"),
        } <= before
        # Two marriages: which of them ended, nobody but the two knows.
        record(session, "marriage", spouse_a="Banin", spouse_b="Sesha", date="2026-10-01")
        after = problems(session, "divorce", **parts, date="2026-06-01")
        assert not [code for code, _, _ in after if code.startswith("before_recorded")]
