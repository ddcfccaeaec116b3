"""What is recorded about a person, printed for that person."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from documents.text.faces import missing
from station import changes, my_data, printing
from station.my_data import print_my_data
from tests import paperwork
from tests.places import Site, listing, row
from tests.station.lives import FAMILIES, person, record
from tests.station.test_changes import changed
from values.text import BIDI_CONTROLS
from workspace import auditing, people
from workspace.errors import NotAllowedError, RefusedError
from workspace.session import Session


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        told = "\n".join(page.get_textpage().get_text_range() for page in document)
    return told.replace("\u00a0", " ")


def test_everything_but_what_is_sealed_is_told(site: Site) -> None:
    site.take_in(
        listing(
            row("H-1", "head", "Banin Orlok", sex="M", needs="SV-VF DS-BD"),
            row("H-1", "child", "Tarun Orlok"),
        )
    )
    with site.at_station("officer") as session:
        with session.store.read() as reader:
            person = next(one for one in reader.views("person") if one.values.get("needs"))
        told = text_of(print_my_data(session, person.id, language="en"))
        assert "What is recorded about you" in told
        assert "Banin Orlok" in told and "Tarun Orlok" in told and person.number in told
        assert "sealed" in told and "violence" not in told.casefold()
        arabic = print_my_data(session, person.id, language="ar")
        assert arabic.startswith(b"%PDF") and arabic != b""
        with pytest.raises(RefusedError):
            print_my_data(session, person.id, language="klingon!")
    with site.at_station("administrator") as session:
        assert [line.act for line in auditing.read(session)][:2] == ["my_data.printed"] * 2
        with pytest.raises(NotAllowedError):
            print_my_data(session, person.id, language="en")


def test_a_language_without_words_gives_way_to_ours(site: Site) -> None:
    site.take_in(listing(row("H-1", "head", "Banin Orlok", sex="M")))
    with site.at_station("officer") as session:
        with session.store.read() as reader:
            person = next(iter(reader.views("person")))
        told = text_of(print_my_data(session, person.id, language="som", otherwise="fr"))
        assert "Imprimé le" in told
        # The record takes more words than a paper: Dari has those of papers alone.
        assert my_data.told_in(session, "prs", "fr") == "fr"
        assert my_data.told_in(session, "apc", "fr") == "ar"


def test_family_is_named_without_its_numbers_and_papers_have_their_days_in_words(
    site: Site,
) -> None:
    """A number is its bearer's own: with it somebody else could ask in their place."""
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        dalia, banin = person(session, "Dalia"), person(session, "Banin")
        target = printing.target_of(session, dalia.number, "registration")
        paperwork.issue(session, [target], language="en")
        page = people.person_page(session, dalia.id, language="en", for_them=True)
        sections = {one.heading: one.lines for one in my_data._sections(page, "en")}
        family = [value for _, value in sections["Your household"]]
        assert any("Banin\u00a0Orlok" in one for one in family), "a name stays on one line"
        ((_, paper),) = sections["Documents made for you"]
        said = "".join(char for char in paper if char not in BIDI_CONTROLS)
        assert "Issued on: 15 November 2026" in said and "Valid until: " in said
        told = text_of(print_my_data(session, dalia.id, language="en"))
        assert dalia.number in told and banin.number not in told


def test_what_was_changed_is_told_in_letters_that_papers_have(site: Site) -> None:
    """An arrow is in no face of papers, and would point backwards in Arabic."""
    site.take_in(listing(row("H-1", "head", "Banin Orlok", sex="M")))
    with site.at_station("officer") as session:
        with session.store.read() as reader:
            known = next(iter(reader.views("person")))
        done = changed(session, known.id, sex="F")
    with site.at_station("supervisor") as session:
        assert done.proposed is not None
        changes.approve(session, done.proposed)
        page = people.person_page(session, known.id, language="en", for_them=True)
        sections = my_data._sections(page, "en")
    told = "\n".join(value for section in sections for _, value in section.lines)
    assert "Male › Female" in "".join(char for char in told if char not in BIDI_CONTROLS)
    assert missing(told.replace("\n", "")) == frozenset()


def told_to(session: Session, name: str) -> str:
    """What is printed for whoever bears this given name, without the breaks of lines."""
    return " ".join(
        text_of(print_my_data(session, person(session, name).id, language="en")).split()
    )


@pytest.mark.parametrize("allowed", ["no", "yes"])
def test_the_person_sought_learns_who_asks_only_when_that_was_allowed(
    site: Site, allowed: str
) -> None:
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        record(
            session,
            "tracing_request",
            inquirer="Sesha",
            sought="Banin",
            date="2026-11-08",
            relationship="sibling",
            contact="Block C, shelter 12",
            tell_partners="yes",
            tell_sought=allowed,
            publish="no",
            ask_origin="no",
            notes="Was hurt by a neighbour",
        )
        told = told_to(session, "Banin")
        assert ("Tracing request" in told) == (allowed == "yes")
        assert ("Sesha" in told) == ("shelter 12" in told) == (allowed == "yes")
        assert "neighbour" not in told
        asker = told_to(session, "Sesha")
        assert "Banin" in asker and "shelter 12" in asker and "neighbour" in asker


def test_others_are_told_their_own_part_and_of_what_is_private_nothing(site: Site) -> None:
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        record(
            session,
            "foetal_death",
            mother="Dalia",
            father={"missing": "refused"},
            informant="Sesha",
            date="2026-11-08",
            place_type="home",
        )
        record(session, "marriage", spouse_a="Sesha", spouse_b="Banin", informant="Dalia")
        assert "Foetal" not in told_to(session, "Sesha") and "Foetal" in told_to(session, "Dalia")
        spouse, other, told = (told_to(session, name) for name in ("Sesha", "Banin", "Dalia"))
        assert "Banin Orlok" in spouse and "Sesha Vedin" in other
        assert "Does the other marry of free will?" in other
        assert "Does the other marry of free will?" not in spouse
        assert "Marriage" in told and "Your part: Who tells it" in told
        assert "Sesha" not in told and "Customary" not in told
        assert "Dalia" not in spouse and "Who tells it" not in spouse
