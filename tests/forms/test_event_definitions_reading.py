"""What reading answers and conditions owe to the forms of events. All people invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from forms.context import context
from forms.definition import Form
from forms.draft import NOT_APPLICABLE
from forms.errors import DefinitionError
from forms.events import check_event, event_facts
from forms.library import Catalogue, read_folder
from forms.loading import parse
from forms.persons import Person
from forms.readback import read_back
from forms.reading import read
from tests.forms.families import CHILD, HEAD, HOUSEHOLD, draft
from values.dates import PartialDate

TODAY = date(2026, 11, 15)

VISIT = """
id = "visit"
version = "1.0.0"
title = "Visit"
event = "displacement"

[[pages]]
id = "visit"
title = "Visit"

[[pages.fields]]
name = "date"
kind = "date"
label = "When"
why = "To order visits."

[[pages.fields]]
name = "host"
kind = "person"
label = "Host"
why = "To know."

[[pages.fields]]
name = "guest"
kind = "person"
label = "Guest"
why = "To know."

[[pages.fields]]
name = "informant"
kind = "person"
label = "Who tells it"
why = "To ask again."

[[pages.fields]]
name = "again_on"
kind = "date"
label = "Next visit"
why = "To plan."
at_most = 30

[[pages.fields]]
name = "status"
kind = "code"
label = "Status"
why = "To protect."
code_list = "legal_status"

[[pages.fields]]
name = "share"
kind = "yes_no"
label = "May others see it?"
why = "To protect."
code_list = "yes_no"
default = "no"
locked_when = "status == 'refugee'"

[[pages.fields]]
name = "with_whom"
kind = "text"
label = "With whom"
why = "To protect."
max_length = 40
shown_when = "share == 'yes'"

[[pages.fields]]
name = "papers"
kind = "group"
label = "Papers"
why = "To believe."
at_most = 2

[[pages.fields.fields]]
name = "type"
kind = "code"
label = "Kind"
code_list = "evidence"

[[rules]]
code = "rule"
field = "date"
when = "RULE"
say = "Look again."
"""

GIRL = "0a" * 16
WOMAN = "0b" * 16
PEOPLE = {
    GIRL: Person(GIRL, sex="F", birth=PartialDate.parse("2008-02-29")),
    WOMAN: Person(WOMAN, sex="F", birth=PartialDate.parse("1990")),
}


def form(rule: str = "false", *, old: str = "", new: str = "") -> Form:
    assert old in VISIT
    return parse(VISIT.replace(old, new, 1).replace("RULE", rule), file="visit.toml")


def speaks(rule: str, raw: dict[str, Any]) -> bool:
    found = read(form(rule), raw, TODAY, people=PEOPLE).problems
    return any(one.code == "rule:rule" for one in found)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("host.youngest == 18 && host.oldest == 18", True),
        ("host.youngest_then == 15 && host.oldest_then == 15", True),
        ("host.born.known && date.last < host.born.first", False),
        ("guest.youngest_then == 33 && guest.oldest_then == 34", True),
        ("guest.born.last - guest.born.first == 364", True),
        ("informant.born.known || informant.oldest_then > 0", False),
    ],
)
def test_ages_are_known_on_the_day_of_the_event(rule: str, expected: bool) -> None:
    raw = {
        "date": {"text": "2024-02-28"},
        "host": {"person": GIRL},
        "guest": {"person": WOMAN},
        "informant": {"name": "Old Idris"},
    }
    assert speaks(rule, raw) is expected


def test_without_a_date_ages_are_those_of_today() -> None:
    for raw in ({}, {"date": {"text": "next week"}}, {"date": {"text": ""}}):
        assert speaks("host.oldest_then == 18", {"host": {"person": GIRL}, **raw})


def test_an_uncertain_date_gives_an_uncertain_age() -> None:
    raw = {"date": {"text": "2026"}, "host": {"person": GIRL}}
    assert speaks("host.youngest_then == 17 && host.oldest_then == 18", raw)


def test_a_kept_date_that_cannot_be_read_is_not_known() -> None:
    fields = list(form().fields())
    for kept in ({"edtf": "soon", "calendar": "gregorian"}, {"edtf": 7}, {"edtf": "2026"}, 12):
        seen = context(fields, {"date": kept, "host": {"person": bytes.fromhex(GIRL)}}, TODAY, {})
        assert seen["date"]["known"] is False


def test_a_date_may_lie_ahead_only_where_the_form_says_how_far() -> None:
    asked = form()

    def codes(name: str, text: str) -> list[str]:
        return [one.code for one in check_event(asked, {name: {"text": text}}, TODAY)]

    assert codes("again_on", "2026-12-15") == []
    assert codes("again_on", "2026-12-16") == ["date_future"]
    assert codes("again_on", "2026-12") == []
    assert codes("date", "2026-11-16") == ["date_future"]


def test_only_what_is_counted_has_a_least() -> None:
    with pytest.raises(DefinitionError, match=r"fields\[4\]\.at_least"):
        form(old="at_most = 30", new="at_least = 1\nat_most = 30")


def test_nothing_answered_may_be_compared_with() -> None:
    assert speaks("status == ''", {})
    assert not speaks("status == ''", {"status": "refugee"})
    assert speaks("status in ['', 'idp']", {"status": "idp"})


@pytest.mark.parametrize(
    "rule",
    [
        "host.sex == 'W'",
        "host.marital_status in ['wed']",
        "papers.exists(p, p.type == 'passport_of_dreams')",
        "papers.exists(p, p.type in ['court_order', 'hearsay'])",
        "status != 'refuge'",
    ],
)
def test_a_code_that_no_list_has_is_refused_wherever_it_stands(rule: str) -> None:
    with pytest.raises(DefinitionError, match=r"visit\.toml: rules\.rule\.when: .* is no code of"):
        form(rule)


def test_codes_of_rows_and_persons_are_found_in_their_own_lists() -> None:
    """A row may have a part that is called like a field of the form."""
    asked = form("papers.exists(p, p.type == 'court_order') && host.sex == 'F'")
    assert asked.rules[0].when.names == {"papers", "host"}


def test_a_lock_is_seen_by_what_depends_on_it() -> None:
    """The default stands while it is locked, for the conditions as well."""
    typed = {"share": "yes", "with_whom": "the neighbours"}
    free = read(form(), {**typed, "status": "idp"}, TODAY)
    assert free.values()["with_whom"] == "the neighbours"
    locked = read(form(), {**typed, "status": "refugee"}, TODAY)
    assert locked.values()["share"] == "no"
    assert "with_whom" not in locked.values()
    assert locked.context["share"] == "no"


def test_a_lock_may_not_wait_for_itself() -> None:
    with pytest.raises(DefinitionError, match="go round: share -> with_whom -> share"):
        form(old="status == 'refugee'", new="with_whom == ''")


def test_whoever_tells_it_may_have_a_part_in_it() -> None:
    asked = form()
    twice = {"host": {"person": GIRL}, "guest": {"person": GIRL}}
    assert [one.code for one in check_event(asked, twice, TODAY, PEOPLE)] == ["person_twice"]
    told = {"host": {"person": GIRL}, "informant": {"person": GIRL}}
    assert check_event(asked, told, TODAY, PEOPLE) == []
    assert event_facts(asked, told, TODAY, PEOPLE).people == (
        ("host", bytes.fromhex(GIRL)),
        ("informant", bytes.fromhex(GIRL)),
    )


@pytest.mark.parametrize(
    ("distinct", "remedy"),
    [
        ('["host", "date"]', "'date' is no field of the kind person"),
        ('["host", "stranger"]', "'stranger' is no field of the kind person"),
        ('["host"]', "name two parts or more, each once"),
        ('["host", "guest", "host"]', "name two parts or more, each once"),
    ],
)
def test_parts_that_exclude_each_other_are_parts_of_persons(distinct: str, remedy: str) -> None:
    with pytest.raises(DefinitionError, match=rf"visit\.toml: distinct: {remedy}"):
        form(old='event = "displacement"', new=f'event = "displacement"\ndistinct = {distinct}')


def test_a_name_alone_names_a_person() -> None:
    kept = read(form(), {"host": " Old  Idris "}, TODAY)
    assert kept.values() == {"host": {"name": "Old  Idris"}, "share": "no"}
    assert [one.code for one in read(form(), {"host": "12"}, TODAY).problems] == [
        "name_without_letters"
    ]


def test_a_folder_names_the_file_with_its_folder(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "visit.toml").write_text(VISIT.replace("RULE", "false"), "utf-8")
    (found,) = read_folder(tmp_path)
    assert found.file == "events/visit.toml"
    (tmp_path / "events" / "visit.toml").write_text(VISIT, "utf-8")
    with pytest.raises(DefinitionError, match=r"^events/visit\.toml: rules"):
        list(read_folder(tmp_path))
    (tmp_path / "events" / "visit.toml").write_bytes(b"\xff")
    with pytest.raises(DefinitionError, match=r"^events/visit\.toml: file: save it as UTF-8"):
        list(read_folder(tmp_path))


def test_every_version_can_be_asked_for() -> None:
    old, new = form(), form(old='version = "1.0.0"', new='version = "1.1.0"')
    found = Catalogue([new, old])
    assert found.every() == (old, new)
    assert found.all() == (new,)


def test_the_reading_back_says_what_is_new() -> None:
    """Also what has no sentence of its own, and nothing that is not asked."""
    head = {
        **HEAD,
        "wg_seeing": "some",
        "guardian": {"name": "Nobody is asked"},
        "other_names": [{"name": "Gul", "script": "Latn"}, {"name": "Sor"}],
        "statelessness": NOT_APPLICABLE,
    }
    child = {
        **CHILD,
        "guardian": {"name": "Aunt Lal"},
        "grandfather_name": NOT_APPLICABLE,
        "best_interests": "yes",
        "uasc_status": "separated",
    }
    household = {**HOUSEHOLD, "shelter_number": "B 12"}
    found = [one.text for one in read_back(draft(head, child, household=household), TODAY)]
    assert "Seeing: Some difficulty." in found
    assert "Other names: Gul Latin, Sor." in found
    assert "Guardian or carer: Aunt Lal." in found
    assert "Grandfather's name: does not apply." in found
    assert "Does the child-protection focal point know: Yes." in found
    assert "Number of the tent or house: B 12." in found
    assert not any("Nobody is asked" in one or "stateless" in one for one in found)
