"""Which household a row joins: the table of docs/formats/prelist.md, line by line.

Nobody may be merged with strangers, and nobody may be lost without a word.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from station.intake import IntakeResult, intake
from tests.places import DAY, Site, listing, row
from workspace import search

HEADER_JOINS = listing().strip() + ",joins\n"

ALPHA = (
    row("1", "head", "Alpha Headone", sex="M", birth="1980-01-01"),
    row("1", "spouse", "Alpha Wifeone", birth="1982-01-01"),
)
BETA = (
    row("1", "head", "Beta Headtwo", sex="M", birth="1970-01-01"),
    row("1", "spouse", "Beta Wifetwo", birth="1972-01-01"),
    row("1", "child", "Beta Kidtwo", birth="2015-01-01"),
)


def take(site: Site, *rows: str, name: str = "list.csv", series: str | None = None) -> IntakeResult:
    """Take these records in, as a list of that name."""
    with site.at_station("officer") as session:
        return intake(session, site.write_list(listing(*rows), name), on=DAY, series=series)


def take_file(site: Site, path: Path, *, series: str | None = None) -> IntakeResult:
    """Take a file in as it lies there."""
    with site.at_station("officer") as session:
        return intake(session, path, on=DAY, series=series)


def families(site: Site) -> list[list[str]]:
    """The names in each registered household, households by number."""
    with site.at_station("officer") as session, session.store.read() as reader:
        return [
            sorted(search.text(person, "name") for person in reader.members(household.id))
            for household in sorted(reader.households(), key=lambda one: one.number)
        ]


def codes(result: IntakeResult) -> list[tuple[int, str]]:
    """The rows that were refused, and why."""
    return [(one.row, one.code) for one in result.rejected]


def flags(result: IntakeResult) -> list[tuple[int, str]]:
    """The rows that were flagged, and why."""
    return [(one.row, one.code) for one in result.flagged]


def refused_rows(result: IntakeResult) -> list[dict[str, str]]:
    """What goes back to the writer."""
    assert result.rejected_file is not None
    return list(csv.DictReader(io.StringIO(result.rejected_file.read_text("utf-8"))))


# Another list under the same name


def test_two_lists_of_one_name_do_not_merge_strangers(site: Site) -> None:
    take(site, *ALPHA)
    second = take(site, *BETA)
    assert (second.households, second.persons, second.already) == (0, 0, 0)
    assert codes(second) == [(1, "other_family"), (2, "other_family"), (3, "other_family")]
    assert "--series" in second.rejected[0].message
    assert families(site) == [["Alpha Headone", "Alpha Wifeone"]]
    # What goes back names no household to join: mended, it would join strangers.
    assert [one["joins"] for one in refused_rows(second)] == ["", "", ""]


def test_the_other_list_is_taken_in_under_another_series(site: Site) -> None:
    take(site, *ALPHA)
    refused = take(site, *BETA).rejected_file
    assert refused is not None
    assert take_file(site, refused, series="camp B").persons == 3
    assert families(site) == [
        ["Alpha Headone", "Alpha Wifeone"],
        ["Beta Headtwo", "Beta Kidtwo", "Beta Wifetwo"],
    ]


def test_a_refused_row_of_another_list_does_not_join_strangers_either(site: Site) -> None:
    take(site, *ALPHA)
    second = take(site, *BETA, row("1", "child", "Beta Faulty", birth="2031-01-01"))
    assert codes(second)[-1] == (4, "date_future")
    assert {one["joins"] for one in refused_rows(second)} == {""}


def test_a_shared_unnamed_infant_does_not_hide_another_family(site: Site) -> None:
    """Two camps each have an infant without a name, born the same day: word for word the same."""
    infant = row("1", "child", "", birth="2026-10-01")
    take(site, ALPHA[0], infant)
    second = take(site, BETA[0], infant)
    assert codes(second) == [(1, "other_family"), (2, "other_family")]
    assert second.already == 0


def test_other_households_of_a_mixed_list_are_taken_in(site: Site) -> None:
    take(site, *ALPHA)
    second = take(site, *BETA, row("2", "head", "Gamma Head", sex="M"))
    assert (second.households, second.persons) == (1, 1)
    assert [code for _, code in codes(second)] == ["other_family"] * 3


def test_a_list_after_the_other_ones_refused_rows_finds_its_own_household(site: Site) -> None:
    """Rows of list B, taken in under the name of list A by `joins`: both stay apart."""
    take(site, *ALPHA)
    first = take(site, *BETA[:2], row("1", "child", "Beta Kidtwo", birth="2031-01-01"), series="B")
    (mended,) = refused_rows(first)
    assert mended["joins"]
    path = site.folder / "list.rejected.csv"
    path.write_text(path.read_text("utf-8").replace("2031-01-01", "2015-01-01"), "utf-8")
    assert take_file(site, path).persons == 1  # under the series "list", into the family of B
    assert families(site)[1] == ["Beta Headtwo", "Beta Kidtwo", "Beta Wifetwo"]
    again = take(site, *ALPHA, row("1", "child", "Alpha Kid", birth="2016-01-01"))
    assert (again.persons, again.already, again.rejected) == (1, 2, [])
    assert families(site)[0] == ["Alpha Headone", "Alpha Kid", "Alpha Wifeone"]


# The same list again


def test_the_same_list_twice_is_a_no_op(site: Site) -> None:
    take(site, *BETA)
    again = take(site, *BETA)
    assert (again.households, again.persons, again.already) == (0, 0, 3)
    assert (again.rejected, again.flagged) == ([], [])


def test_a_later_version_with_an_added_member_joins(site: Site) -> None:
    take(site, *ALPHA)
    later = take(site, *ALPHA, row("1", "child", "Alpha Kid", birth="2016-01-01"))
    assert (later.households, later.persons, later.already) == (0, 1, 2)
    assert (later.rejected, later.flagged) == ([], [])
    assert families(site) == [["Alpha Headone", "Alpha Kid", "Alpha Wifeone"]]


def test_a_changed_row_that_looks_like_somebody_there_is_registered_and_flagged(
    site: Site,
) -> None:
    """OpenCRVS offline 8: duplicates are looked for by the server alone, after the fact."""
    take(site, *ALPHA)
    changed = ALPHA[1].replace("1982-01-01", "1982")
    later = take(site, ALPHA[0], changed)
    assert (later.persons, later.accepted, later.already) == (1, 0, 1)
    assert flags(later) == [(2, "possible_repeat")]
    with site.at_station("officer") as session, session.store.read() as reader:
        first = next(view for view in reader.views("person") if "Wife" in view.values["name"])
        assert first.number in later.flagged[0].message
        (flag,) = reader.queue("recorded")[-1].flags
        assert flag["code"] == "possible_repeat"


def test_a_changed_spelling_is_registered_and_flagged(site: Site) -> None:
    take(site, *ALPHA)
    later = take(site, ALPHA[0], ALPHA[1].replace("Alpha Wifeone", "Alfa Wifeone"))
    assert (later.persons, flags(later)) == (1, [(2, "possible_repeat")])


def test_a_changed_head_beside_known_rows_is_refused_alone(site: Site) -> None:
    take(site, *ALPHA)
    head = ALPHA[0].replace("SYR", "IRQ")
    kid = row("1", "child", "Alpha Kid", birth="2016-01-01")
    later = take(site, head, ALPHA[1], kid)
    assert codes(later) == [(1, "head_changed")]
    assert (later.persons, later.already) == (1, 1)
    assert families(site) == [["Alpha Headone", "Alpha Kid", "Alpha Wifeone"]]
    assert [one["joins"] for one in refused_rows(later)] == [""]


def test_a_changed_head_with_only_new_rows_is_another_family(site: Site) -> None:
    """One name and birth are no proof: nobody else of the family is known."""
    take(site, *ALPHA)
    head = ALPHA[0].replace("SYR", "IRQ")
    later = take(site, head, row("1", "child", "Alpha Kid", birth="2016-01-01"))
    assert codes(later) == [(1, "other_family"), (2, "other_family")]


def test_a_changed_head_alone_is_told_to_be_mended_at_the_desk(site: Site) -> None:
    take(site, ALPHA[0])
    later = take(site, ALPHA[0].replace("SYR", "IRQ"))
    assert codes(later) == [(1, "head_changed")]


def test_a_shared_infant_does_not_prove_a_changed_head(site: Site) -> None:
    infant = row("1", "child", "", birth="2026-10-01")
    take(site, ALPHA[0], infant)
    later = take(
        site, ALPHA[0].replace("SYR", "IRQ"), infant, row("1", "child", "Some Kid", birth="2015")
    )
    assert {code for _, code in codes(later)} == {"other_family"}


# Twins and namesakes


def test_father_and_son_of_one_name_are_two(site: Site) -> None:
    father = row("7", "head", "Same Name", sex="M", birth="")
    take(site, father)
    later = take(site, father, row("7", "child", "Same Name", sex="M", birth=""))
    assert (later.persons, later.already) == (1, 1)
    assert flags(later) == [(2, "possible_repeat")]
    assert families(site) == [["Same Name", "Same Name"]]


def test_unnamed_twins_are_two_and_stay_two(site: Site) -> None:
    mother = row("9", "head", "Mother Em")
    twins = [row("9", "child", "", birth="2026-10-01", sex=sex) for sex in ("F", "M")]
    take(site, mother, twins[0])
    later = take(site, mother, *twins)
    assert (later.persons, later.already) == (1, 2)
    assert take(site, mother, *twins).already == 3


def test_twins_that_say_the_same_count_by_occurrence(site: Site) -> None:
    mother = row("9", "head", "Mother Em")
    infant = row("9", "child", "", birth="2026-10-01")
    take(site, mother, infant)
    later = take(site, mother, infant, infant)
    assert (later.persons, later.already) == (1, 2)
    again = take(site, mother, infant, infant)
    assert (again.persons, again.already) == (0, 3)
    # A list that has one of them less says nothing about the other.
    assert take(site, mother, infant).already == 2


# Mended rows


def mended(site: Site, first: IntakeResult, *changes: tuple[str, str]) -> Path:
    """The refused rows, mended by hand."""
    assert first.rejected_file is not None
    text = first.rejected_file.read_text("utf-8")
    for before, after in changes:
        text = text.replace(before, after)
    path = site.folder / "mended" / first.rejected_file.name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_a_mended_twin_is_registered_once(site: Site) -> None:
    mother = row("1", "head", "Mother Em")
    twins = [row("1", "child", "", birth="2026-10-01", sex=sex) for sex in ("F", "Q")]
    first = take(site, mother, *twins, name="w.csv")
    path = mended(site, first, (",Q,", ",M,"))
    second = take_file(site, path)
    assert (second.persons, second.already) == (1, 0)
    assert take_file(site, path).already == 1


def test_a_mended_twin_that_says_what_the_other_says_is_registered_once(site: Site) -> None:
    mother = row("1", "head", "Mother Em")
    infant = row("1", "child", "", birth="2026-10-01")
    first = take(site, mother, infant, infant.replace(",F,", ",Q,"), name="w.csv")
    path = mended(site, first, (",Q,", ",F,"))
    second = take_file(site, path)
    assert (second.persons, flags(second)) == (1, [(1, "possible_repeat")])
    assert take_file(site, path).persons == 0
    # The whole list, mended too: everybody is in.
    assert take(site, mother, infant, infant, name="w.csv").persons == 0


def test_rows_mended_in_the_list_and_in_the_refused_rows_are_registered_once(site: Site) -> None:
    mother = row("1", "head", "Mother Em")
    infant = row("1", "child", "", birth="2026-10-01")
    first = take(site, mother, infant, infant.replace(",F,", ",Q,"), name="w.csv")
    path = mended(site, first, (",Q,", ",F,"))
    assert take(site, mother, infant, infant, name="w.csv").persons == 1
    assert take_file(site, path).persons == 0


def test_a_mended_namesake_is_registered(site: Site) -> None:
    first = take(
        site,
        row("2", "head", "Omar Same", sex="M", birth=""),
        row("2", "child", "Omar Same", sex="Q", birth=""),
        name="v.csv",
    )
    second = take_file(site, mended(site, first, (",Q,", ",M,")))
    assert (second.persons, flags(second)) == (1, [(1, "possible_repeat")])
    assert families(site) == [["Omar Same", "Omar Same"]]


def test_mended_triplets_one_after_the_other(site: Site) -> None:
    mother = row("1", "head", "Mother Em")
    infant = row("1", "child", "", birth="2026-10-01")
    bad = [infant.replace(",F,", ",Q,"), infant.replace(",F,", ",R,")]
    first = take(site, mother, infant, *bad, name="w.csv")
    half = mended(site, first, (",Q,", ",F,"))
    assert (take_file(site, half).persons, len(take_file(site, half).rejected)) == (1, 1)
    whole = mended(site, first, (",Q,", ",F,"), (",R,", ",F,"))
    assert (take_file(site, whole).persons, take_file(site, whole).persons) == (1, 0)
    assert take(site, mother, infant, infant, infant, name="w.csv").persons == 0


def test_a_head_that_joins_is_a_second_head(site: Site) -> None:
    first = take(site, *ALPHA, row("1", "cousin", "Third One"), name="w.csv")
    path = mended(site, first, ("cousin", "head"))
    assert codes(take_file(site, path)) == [(1, "second_head")]


def test_rows_of_a_joined_household_are_not_pasted_in_for_others(site: Site) -> None:
    """Rows with and without `joins` in one file, under one household number of two lists."""
    take(site, *ALPHA, series="A")
    first = take(site, *BETA[:2], row("1", "child", "Beta Kidtwo", birth="2031-01-01"))
    (refused,) = refused_rows(first)
    lines = [f"{one}," for one in (*ALPHA, row("1", "child", "Alpha Bad", birth="2031-01-01"))]
    lines.append(f"{BETA[2]},{refused['joins']}")
    path = site.folder / "list.csv"
    path.write_text(HEADER_JOINS + "\n".join(lines) + "\n", "utf-8")
    done = take_file(site, path)
    assert codes(done) == [(1, "other_family"), (2, "other_family"), (3, "date_future")]
    assert done.persons == 1
    assert [one["joins"] for one in refused_rows(done)] == ["", "", ""]


# What is said


def test_a_message_never_quotes_the_household_cell(site: Site) -> None:
    """The cell may hold a family's name."""
    name = "Family of Zara Quist"
    first = take(
        site,
        row(name, "head", "Zara Quist"),
        row(name, "head", "Tom Quist", sex="M"),
        row("Family of Ida Mar", "child", "Ida Mar"),
        row("Family of Eva Sol", "head", "Eva Sol", birth="2031-01-01"),
        row("Family of Eva Sol", "child", "Ana Sol", birth="2015-01-01"),
    )
    found = [code for _, code in codes(first)]
    assert found == ["second_head", "no_head", "date_future", "head_refused"]
    second = take(site, row(name, "head", "Somebody Else", sex="M"))
    for one in (*first.rejected, *second.rejected):
        assert "Family" not in one.message
        assert "Quist" not in one.message
