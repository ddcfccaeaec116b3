"""From judged rows to families, and the list that goes back."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import resources
from forms import prelist
from forms.prelist import Intake, Judgement, Prelist
from tests.forms.families import TODAY, listed
from values import cbor
from values.numbers import ControlNumber

VECTORS = Path(__file__).parents[1] / "vectors" / "forms"
NUMBER = str(ControlNumber("WST", "A01", "K7Q", "H", 42))
CHILD = {"relation": "child", "name": "Bo", "birth": "2015"}
COLUMNS = (*prelist.COLUMNS, "code", "message", "joins")


def taken(data: bytes) -> tuple[Prelist, Intake]:
    found = prelist.read(data, "camp.csv", on=TODAY)
    return found, prelist.intake(found, prelist.judge(found))


def test_the_bundled_list_gives_forty_households() -> None:
    _, outcome = taken(resources.read_bytes("samples/site-a.csv"))
    assert len(outcome.households) == 40
    assert sum(len(one.answers.members) for one in outcome.households) == 177
    assert outcome.refusals == ()
    assert all(one.answers.head is not None for one in outcome.households)


def test_a_row_becomes_typed_answers() -> None:
    _, outcome = taken(resources.read_bytes("samples/site-a.csv"))
    household = outcome.households[0]
    assert (household.household, household.joins, household.rows) == (
        "A-01",
        "",
        (1, 2, 3, 4, 5, 6),
    )
    assert household.answers.values == {
        "origin_country": "AFG",
        "origin_place": "Bamyan; Yakawlang",
        "origin_code": "AF1004",
        "cause": "persecution",
        "arrival": {"edtf": "2026-04-18", "calendar": "gregorian", "entered": "2026-04-18"},
    }
    grandmother = household.answers.members[5]
    assert grandmother.relation == "parent"
    assert grandmother.values == {
        "name": "بی‌بی‌گل",
        "name_latin": "Bibi Gul",
        "sex": "F",
        "birth": {"edtf": "132X", "calendar": "solar-hijri", "entered": "132X"},
        "birth_place": "بامیان، یکاولنگ",
        "nationality": "AFG",
        "language": "prs",
        "needs": ["ER-FR", "DS-BD"],
        "share_with_origin": "no",
        "notes": "مادر گل‌آقا، عصا دارد",
    }


def test_documents_and_telephone_are_kept_as_said() -> None:
    _, outcome = taken(
        listed(
            {"document_type": "passport", "document_number": "P 1", "phone": "+44 7700 900118"},
            {**CHILD, "phone": "012 000", "document_type": "", "document_number": "N1"},
        )
    )
    head, child = outcome.households[0].answers.members
    assert head.values["documents"] == [{"type": "passport", "number": "P 1"}]
    assert head.values["phone"] == "+447700900118"
    assert child.values["phone"] == "012 000"
    assert child.values["documents"] == [{"type": "other", "number": "N1"}]


def test_sensitive_needs_are_kept_apart() -> None:
    _, outcome = taken(listed({"needs": "SM-CI SV-VA LP-WP LP-ND LP-ST TR-PI"}))
    member = outcome.households[0].answers.members[0]
    assert member.values["needs"] == ["SM-CI", "LP-ND"]
    assert member.sensitive == ("SV-VA", "LP-WP", "LP-ST", "TR-PI")
    assert "SV-VA" not in repr(member)


def test_who_fled_persecution_shares_nothing_before_being_asked_again() -> None:
    _, outcome = taken(listed({"cause": "persecution", "share_with_origin": "yes"}))
    household = outcome.households[0]
    assert household.answers.members[0].values["share_with_origin"] == "no"
    assert [(place, one.code) for place, one in household.flags] == [(0, "share_after_persecution")]


def test_each_different_journey_is_an_event() -> None:
    war = {"cause": "conflict", "origin": "Sudan; West Darfur; El Geneina [SD04101]"}
    early, late = {"arrival": "2026-06-27"}, {"arrival": "2026-11-01"}
    _, outcome = taken(
        listed(
            {**war, **early},
            {**CHILD, **war, **late},
            {**CHILD, **early, "name": "Cy", "cause": "unknown"},
        )
    )
    events = outcome.households[0].answers.events
    assert [(one.type, one.participants) for one in events] == [
        ("flight", (0, 1)),
        ("flight", (2,)),
        ("arrival", (0, 2)),
        ("arrival", (1,)),
    ]
    assert events[0].values == {
        "origin_country": "SDN",
        "origin_place": "West Darfur; El Geneina",
        "origin_code": "SD04101",
        "cause": "conflict",
    }


def test_a_refused_head_refuses_the_others() -> None:
    _, outcome = taken(listed({"birth": "2031"}, CHILD, {**CHILD, "name": "", "birth": "2010"}))
    assert outcome.households == ()
    assert [(one.row, one.code) for one in outcome.refusals] == [
        (1, "date_future"),
        (2, "head_refused"),
        (3, "name_missing"),
    ]


def test_a_refused_second_head_refuses_nobody_else() -> None:
    _, outcome = taken(listed({}, {"name": "Cy", "birth": "1980"}, CHILD))
    assert [one.rows for one in outcome.households] == [(1, 3)]
    assert [(one.row, one.code) for one in outcome.refusals] == [(2, "second_head")]


def test_a_row_that_joins_needs_no_head() -> None:
    _, outcome = taken(listed({**CHILD, "joins": NUMBER.lower()}, columns=COLUMNS))
    household = outcome.households[0]
    assert (household.household, household.joins) == ("1", NUMBER.lower())
    assert household.answers.head is None
    assert household.answers.values == {}
    assert outcome.refusals == ()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({**CHILD, "joins": "WST-A01-K7Q-H00042-00"}, "joins_form"),
        ({"joins": NUMBER}, "second_head"),
        ({**CHILD, "joins": ""}, "no_head"),
    ],
)
def test_rows_that_cannot_join(row: dict[str, str], code: str) -> None:
    _, outcome = taken(listed(row, columns=COLUMNS))
    assert [one.code for one in outcome.refusals] == [code]


def refused(data: bytes) -> tuple[Prelist, Intake, bytes]:
    found, outcome = taken(data)
    joins = {one.household: NUMBER for one in outcome.households}
    return found, outcome, prelist.write_refused(found, outcome.refusals, joins=joins)


def test_the_refused_list_has_the_columns_and_why() -> None:
    data = (VECTORS / "site-a-faulty.csv").read_bytes()
    found, outcome, out = refused(data)
    text = out.decode("utf-8-sig", "surrogateescape")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert tuple(rows[0]) == COLUMNS
    assert [row["code"] for row in rows] == [one.code for one in outcome.refusals]
    assert all(row["message"].endswith(".") for row in rows)
    by_household = {row["household"]: row["joins"] for row in rows}
    assert by_household["105"] == ""  # nobody of it is registered
    assert by_household["111"] == NUMBER
    assert found.row(36).cells[2].encode("utf-8", "surrogateescape") in out


def test_bad_bytes_go_back_as_they_came() -> None:
    name = b"\xe4\xdd\xed\xd3\xc9"
    data = listed({"name": "NAME"}).replace(b"NAME", name)
    *_, out = refused(data)
    assert name in out


def test_rows_with_too_few_or_too_many_cells_stand_under_the_header() -> None:
    lines = listed({}, {**CHILD}, {**CHILD, "name": "Cy"}).split(b"\r\n")
    lines[2] = lines[2].rsplit(b",", 1)[0]
    lines[3] += b",surplus"
    *_, out = refused(b"\r\n".join(lines))
    rows = list(csv.reader(io.StringIO(out.decode(), newline="")))
    place = rows[0].index("code")
    assert [row[place] for row in rows[1:]] == ["column_count", "column_count"]
    assert [row[place + 2] for row in rows[1:]] == [NUMBER, NUMBER]
    assert rows[2][-1] == "surplus"


def test_a_mended_row_joins_the_family_and_the_rest_is_not_repeated() -> None:
    *_, out = refused(listed({}, {**CHILD, "birth": "2031-05-04"}))
    mended = out.replace(b"2031-05-04", b"2021-05-04")
    found = prelist.read(mended, "camp.rejected.csv", on=TODAY)
    outcome = prelist.intake(found, prelist.judge(found))
    assert found.series == "camp"
    assert [(one.household, one.joins) for one in outcome.households] == [("1", NUMBER)]
    # Refused once more, it keeps where it belongs and its columns do not pile up.
    again = prelist.read(out, "camp.rejected.csv", on=TODAY)
    outcome = prelist.intake(again, prelist.judge(again))
    assert prelist.write_refused(again, outcome.refusals, joins={}) == out


def test_a_byte_order_mark_is_kept() -> None:
    *_, out = refused(b"\xef\xbb\xbf" + listed({"sex": "male"}))
    assert out.startswith(b"\xef\xbb\xbf")
    *_, out = refused(listed({"sex": "male"}))
    assert not out.startswith(b"\xef\xbb\xbf")


POOLS = {
    "household": ["1", "1", "2", " 2", ""],
    "relation": ["head", "child", "spouse", "Parent", "godson", ""],
    "name": ["Bo", "Cy Dee", "زهرا", "", "-", "Ali\nB", "=1", "x" * 201, "A\udcc9", "N\x00"],
    "sex": ["F", "m", "", "male"],
    "birth": ["1985", "2015-02", "age:9", "2026-11-01", "2031", "85", "", "1361-07-12"],
    "calendar": ["", "solar-hijri", "julian"],
    "phone": ["", "+999550100011", "012"],
    "document_type": ["none", "passport", ""],
    "document_number": ["", "P1"],
    "needs": ["", "SM-CI SV-VA", "XX"],
    "joins": ["", "", "", NUMBER, "no number"],
}
ROWS = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(pool) for name, pool in POOLS.items()}),
    max_size=8,
)


@given(ROWS)
@settings(max_examples=100, deadline=None)
def test_every_row_is_registered_or_goes_back(rows: list[dict[str, str]]) -> None:
    found = prelist.read(listed(*rows, columns=COLUMNS), "camp.csv", on=TODAY)
    judged = prelist.judge(found)
    outcome = prelist.intake(found, judged)
    kept = [row for household in outcome.households for row in household.rows]
    back = [one.row for one in outcome.refusals]
    assert sorted([*kept, *back]) == [row.number for row in found.rows]
    assert back == sorted(back)
    assert set(judged.numbers(Judgement.REJECTED)) <= set(back)
    for household in outcome.households:
        assert len(household.answers.members) == len(household.rows) == len(household.hashes)
        heads = [one for one in household.answers.members if one.relation == "head"]
        assert len(heads) == (0 if household.joins else 1)
        cbor.encode(household.answers.values)
        for member in household.answers.members:
            cbor.encode(member.values)
    again = prelist.read(
        prelist.write_refused(found, outcome.refusals, joins={}), "camp.rejected.csv", on=TODAY
    )
    assert [row.hash for row in again.rows] == [found.row(number).hash for number in back]


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_columns_does_not_matter(rows: list[dict[str, str]], random: Random) -> None:
    columns = list(COLUMNS)
    random.shuffle(columns)
    plain = prelist.judge(prelist.read(listed(*rows, columns=COLUMNS), "x.csv", on=TODAY))
    mixed = prelist.judge(prelist.read(listed(*rows, columns=tuple(columns)), "x.csv", on=TODAY))
    # Of two cells that cannot be read, the first is named.
    assert [(one.row, one.code) for one in mixed] == [(one.row, one.code) for one in plain]
