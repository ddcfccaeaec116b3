"""A person has one standing document of a type, whatever paper and language: others are copies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from documents import raster
from documents.codes import read_picture
from documents.trust import load_trust
from documents.verdict import Verdict
from documents.verify import verify_text
from ledger.views import DocumentView
from registry import trust
from station import batch, printing
from station.batch import Handed, Which
from station.making import Target
from tests import paperwork
from tests.places import START, Site, environment
from workspace import care, papers
from workspace.clocks import confirm_clock
from workspace.session import Session


def somebody(session: Session) -> Target:
    return next(one for one in printing.targets_for_all(session) if one.type == "registration")


def standing(session: Session) -> list[DocumentView]:
    with session.store.read() as reader:
        found = reader.views("document")
        return sorted((one for one in found if one.revoked is None), key=lambda one: one.number)


def verdict(site: Site, folder: Path, text: str) -> Verdict:
    assert site.admit(site.send()).quarantined == 0
    with site.at_registry("administrator") as session:
        trust.export(session, folder / "trust", jwks=False)
    known = load_trust((folder / "trust").read_bytes())
    return verify_text(text, known, at=site.clock.now()).verdict


def code_on(printed: batch.Printed) -> str:
    (page, *_) = raster.pages(printed.pdf, dpi=300)
    (code,) = read_picture(page)
    return code


def test_another_language_or_paper_is_a_copy_of_the_same_number(
    busy_site: Site, tmp_path: Path
) -> None:
    with busy_site.at_station("officer") as session:
        one = somebody(session)
        first = paperwork.issue(session, [one], language="en")
        spoken = paperwork.issue(session, [one], language="am")
        card = paperwork.issue(session, [replace(one, paper="card")], language="en")
        assert first.documents == spoken.documents == card.documents
        assert [run.documents[0].copy for run in (first, spoken, card)] == [1, 2, 3]
        (document,) = standing(session)
        assert document.reprints == ("not said", "not said")
        with session.store.read() as reader:
            said = papers.prints(reader, document.id)
        assert [(each["language"], each.get("paper")) for each in said] == [
            ("en", None), ("am", None), ("en", "card"),
        ]  # fmt: skip
        codes = {code_on(run) for run in (first, spoken, card)}
        assert care.check(session).problems == ()
    for code in codes:
        assert verdict(busy_site, tmp_path, code) is Verdict.VALID
    with busy_site.at_station("officer") as session:
        papers.withdraw(session, document.id, code="lost")
    for code in codes:
        assert verdict(busy_site, tmp_path, code) is Verdict.REVOKED


def test_a_card_of_a_document_with_a_portrait_is_signed_anew_under_its_number(
    busy_site: Site, tmp_path: Path
) -> None:
    with busy_site.at_station("officer") as session:
        one = somebody(session)
        operation = replace(session.office.operation, photo_in_code=True)
        session.office = session.office.with_(operation=operation)
        first = paperwork.issue(session, [one], language="en")
        late = replace(one, paper="card")
        card = paperwork.issue(session, [late], language="en")
        again = batch.print_again(
            session, [card.documents[0].number], reason="wet", handed=Handed("damaged")
        )
        assert first.documents == card.documents == again.documents
        (document,) = standing(session)
        with session.store.read() as reader:
            said = papers.prints(reader, document.id)
        # The last print is what is printed again after a jam, or when it was damaged.
        assert code_on(card) == code_on(again) == said[2]["qr"] != said[0]["qr"]
        assert said[0]["credential"] != said[1]["credential"] == said[2]["credential"]
        assert care.check(session).problems == ()
    assert verdict(busy_site, tmp_path, code_on(card)) is Verdict.VALID
    with busy_site.at_station("officer") as session:
        papers.withdraw(session, document.id, code="lost")
    for run in (first, card):
        assert verdict(busy_site, tmp_path, code_on(run)) is Verdict.REVOKED


def test_pre_numbered_paper_is_a_copy_with_its_own_serial(busy_site: Site, tmp_path: Path) -> None:
    with busy_site.at_station("officer") as session:
        one = somebody(session)
        first = paperwork.issue(session, [replace(one, serial="S-1")])
        second = paperwork.issue(session, [replace(one, serial="S-2")])
        assert first.documents == second.documents
        (document,) = standing(session)
        with session.store.read() as reader:
            said = papers.prints(reader, document.id)
        assert [each["serial"] for each in said] == ["S-1", "S-2"]
    for run in (first, second):
        assert verdict(busy_site, tmp_path, code_on(run)) is Verdict.VALID


def test_what_replaces_a_document_withdraws_every_one_of_its_type(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        one = somebody(session)
        first = paperwork.issue(session, [one], language="en")
        second = an_older_programs(session, one, "ar")
        assert [each.number for each in standing(session)] == [
            first.documents[0].number, second,
        ]  # fmt: skip
        new = batch.print_all(session, [one], language="en", handed=Handed("lost"))
        (left,) = standing(session)
        assert left.number == new.documents[0].number
        with session.store.read() as reader:
            gone = [reader.document_by_number(each) for each in (left.number, second)]
        assert [each.revoked_code for each in gone if each] == ["", "lost"]


def test_a_lost_paper_takes_its_like_with_it(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        one = somebody(session)
        first = paperwork.issue(session, [one], language="en")
        second = an_older_programs(session, one, "ar")
        with session.store.read() as reader:
            document = reader.document_by_number(second)
        assert document is not None
        assert papers.withdraw(session, document.id, code="lost") == (
            second, first.documents[0].number,
        )  # fmt: skip
        assert papers.withdraw(session, document.id, code="lost") == ()
        assert standing(session) == []


def an_older_programs(session: Session, target: Target, language: str) -> str:
    """A second number of the same type, as it was given for another language until 0.3.0."""
    from ledger import kinds
    from ledger.entry import Subject
    from station.making import issue_of

    with session.act() as act:
        (last,) = (one for one in act.unit.views("document") if one.person == target.subject)
        number = act.number("D")
        act.say(
            kinds.DOCUMENT_ISSUED,
            Subject("document", act.new_id()),
            {**issue_of(act.unit, last), "number": number, "language": language,
             "status_index": last.status_index ^ 1},
        )  # fmt: skip
    return number


def test_renewing_keeps_the_paper_and_leads_with_the_holders_language(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        one = somebody(session)
        paperwork.issue(session, [replace(one, paper="a5")], language="en")
    late = Site(busy_site.folder, environment(busy_site.state, at=START + timedelta(days=160)))
    with late.at_station("officer") as session:
        confirm_clock(session)
        ending = batch.targets(session, Which(within=30))
        batch.print_all(session, ending, fresh=True)
        (document,) = standing(session)
        assert document.values["paper"] == "a5"
        assert document.language == own_language(session, one)
        batch.print_all(session, ending, language="ar", fresh=True)
        (document,) = standing(session)
        assert (document.language, document.values["paper"]) == ("ar", "a5")


def own_language(session: Session, target: Target) -> str:
    from forms.written import written

    with session.store.read() as reader:
        person = reader.person(target.subject)  # type: ignore[arg-type]  # a person's
    assert person is not None
    return written(str(person.values.get("language"))) or session.office.operation.language
