"""Documents: issued once, reprinted, never for nobody."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest

from documents import codes, raster
from forms.codes import code_list
from ledger import kinds
from ledger.entry import Subject
from ledger.views import PersonView
from station import batch, offers, printing, review, spoiled
from station.life import Collector, Handed
from station.withheld import PURPOSE
from tests import paperwork
from tests.places import START, Site, environment, families
from tests.station.lives import CONSENT, FAMILIES, person, record
from tests.station.test_event_documents import claims_on, words_on
from workspace import care
from workspace.clocks import clock_doubt, confirm_clock
from workspace.errors import OfficeError, RefusedError
from workspace.session import Session


def issue(session: Session, language: str = "en") -> batch.Printed:
    """Everything that is printed in one go."""
    return paperwork.issue(session, printing.targets_for_all(session), language=language)


def test_one_attestation_and_one_paper_each(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        issued = issue(session)
    assert issued.pdf.startswith(b"%PDF-")
    family = ["household", "registration", "registration"]
    assert [one.type for one in issued.documents] == family * 3
    assert len({one.number for one in issued.documents}) == sum(issued.pages) == 9


def test_printing_again_keeps_the_numbers_and_is_counted(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        first, second = issue(session), issue(session)
        assert first.documents == second.documents
        with session.store.read() as reader:
            assert reader.counts().documents == 9
            number = first.documents[1].number
            document = reader.document_by_number(number)
        assert document is not None and document.reprints == ("not said",)
        assert care.check(session).problems == ()


def test_a_changed_person_gets_a_new_document_that_replaces_the_old(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        first = issue(session)
        with session.store.read() as reader:
            person = next(iter(reader.persons()))
        with session.act() as act:
            act.say(
                kinds.PERSON_AMENDED,
                Subject("person", person.id),
                {"changes": {"birth_place": "Elsewhere"}, "reason": "misheard"},
                form="person",
                base=person.heads,
            )
        target = printing.target_of(session, person.number, "registration")
        again = paperwork.issue(session, [target], language="en")
        assert again.documents[0].number not in {one.number for one in first.documents}


def test_returned_and_voided_people_are_left_out(busy_site: Site) -> None:
    """OpenCRVS 10988: a certificate was printed offline, and the record fell back later.

    OpenCRVS 12737: a credential is offered for a record that was revoked.
    """
    busy_site.take_in(families(1, first=9))
    with busy_site.at_station("supervisor") as session:
        (row,) = review.waiting(session)
        review.send_back(session, row.registration, "the name is misspelt")
        with session.store.read() as reader:
            person = next(one for one in reader.persons() if one.values["name"].startswith("De"))
        with session.act() as act:
            act.say(
                kinds.PERSON_VOIDED, Subject("person", person.id), {"reason": "a mistake"},
                base=person.heads,
            )  # fmt: skip
        targets = printing.targets_for_all(session)
        assert len(targets) == 9 - 1
        assert sum(issue(session).pages) == 8
        rows = printing.printable(session)
        assert len(rows) == 5
        assert all(one.last_issued for one in rows)


def test_newest_registrations_come_first(busy_site: Site) -> None:
    busy_site.take_in(families(1, first=9))
    with busy_site.at_station("officer") as session:
        rows = printing.printable(session)
        with session.store.read() as reader:
            times = [reader.person(row.person).first_at for row in rows]  # type: ignore[union-attr]  # they are there
    assert times == sorted(times, reverse=True)


def test_a_preview_leaves_nothing_behind(busy_site: Site) -> None:
    """OpenCRVS 10480: offline there is no preview, or one that could pass for the certificate."""
    with busy_site.at_station("officer") as session:
        with session.store.read() as reader:
            before = reader.count_entries()
        target = printing.targets_for_all(session)[0]
        assert printing.preview(session, target, "en").startswith(b"%PDF-")
        with session.store.read() as reader:
            assert reader.count_entries() == before


@pytest.mark.parametrize("language", ["xx", "", "english", "../en", "zz-ZZ", "\0", "e n"])
def test_an_unknown_language_is_refused_before_anything_is_issued(
    busy_site: Site, language: str
) -> None:
    with busy_site.at_station("officer") as session:
        with pytest.raises(RefusedError) as refused:
            issue(session, language)
        assert refused.value.code == "language"
        with session.store.read() as reader:
            assert reader.counts().documents == 0


@pytest.mark.parametrize(("typed", "kept"), [("EN-us", "en-US"), ("fa_AF", "fa-AF"), ("my", "my")])
def test_a_language_is_kept_as_its_tag(busy_site: Site, typed: str, kept: str) -> None:
    with busy_site.at_station("officer") as session:
        number = issue(session, typed).documents[1].number
        with session.store.read() as reader:
            document = reader.document_by_number(number)
    assert document is not None and document.language == kept
    done = busy_site.admit(busy_site.send())
    assert done.quarantined == 0


def test_an_unknown_number_is_refused(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        for number in ("WST-A01-K7Q-P00042-31", "", "nonsense", "\0"):
            with pytest.raises(RefusedError) as refused:
                printing.target_of(session, number, "registration")
            assert refused.value.code == "unknown_number"
        with pytest.raises(RefusedError) as refused:
            printing.target_of(session, "x", "passport")
        assert refused.value.code == "document_type"


def test_a_number_is_found_however_it_is_typed(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        with session.store.read() as reader:
            person = next(iter(reader.persons()))
        for typed in (
            person.number,
            person.number.lower(),
            person.number.replace("-", ""),
            f"  {person.number.replace('-', ' ')} ",
        ):
            assert printing.target_of(session, typed, "registration").subject == person.id


@pytest.mark.parametrize("days", [-3, 90])
def test_a_clock_in_doubt_is_confirmed_before_a_document(busy_site: Site, days: int) -> None:
    wrong = Site(busy_site.folder, environment(busy_site.state, at=START + timedelta(days=days)))
    with wrong.at_station("officer") as session:
        with pytest.raises(RefusedError) as refused:
            issue(session)
        assert refused.value.code == "clock"
        assert "Set the clock, or confirm" in refused.value.sentence
        confirm_clock(session)
        assert sum(issue(session).pages) == 9
        assert clock_doubt(session) is None
    with wrong.at_station("officer") as session, session.store.read() as reader:
        (entry,) = reader.entries_of_kind(kinds.CLOCK_CONFIRMED, "office")
        assert entry.header.author == session.user.id


def test_nothing_to_print_is_said(site: Site) -> None:
    with site.at_station("officer") as session, pytest.raises(RefusedError) as refused:
        issue(session)
    assert refused.value.code == "nothing_to_print"


def refuse_paper(session: Session, name: str) -> None:
    """Let the record say that whoever bears this given name wants no document."""
    change(session, person(session, name), {"consent": {**CONSENT, PURPOSE: "no"}})


def test_the_purpose_of_a_document_is_the_one_that_people_are_asked_about() -> None:
    assert PURPOSE in {one.code for one in code_list("purposes").offered()}


def test_whoever_was_never_asked_is_marked_and_not_held_up(site: Site) -> None:
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        view = person(session, "Banin")
        with session.act() as act:
            act.say(
                kinds.PERSON_AMENDED,
                Subject("person", view.id),
                {"changes": {"consent": CONSENT}, "reason": "asked now"},
                form="person",
                base=view.heads,
            )
        marked = {one.name.split()[0]: one.unasked for one in printing.printable(session)}
        assert marked["Banin"] is False
        assert marked["Dalia"] is True, "a list brings no consent"
        assert paperwork.issue(
            session, [printing.target_of(session, person(session, "Dalia").number, "registration")],
            language="en",
        ).documents  # fmt: skip


def test_no_statement_says_that_somebody_was_asked_who_was_not(site: Site) -> None:
    """Its sentences say that the holder was told and answered freely."""
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        dalia = person(session, "Dalia")
        target = printing.target_of(session, dalia.number, "consent")
        for attempt in (
            lambda: paperwork.issue(session, [target], language="en"),
            lambda: printing.preview(session, target, "en"),
        ):
            with pytest.raises(RefusedError) as told:
                attempt()
            assert told.value.code == "consent_unasked"
        (offer,) = (
            one
            for one in offers.offered(session, person=dalia.id).offers
            if one.target.type == "consent"
        )
        assert offer.reason == told.value.sentence
        change(session, dalia, {"consent": {**dict.fromkeys(CONSENT, ""), "registration": "yes"}})
        stated = paperwork.issue(session, [target], language="en")
        (code,) = codes.read_picture(raster.page(stated.pdf, 0, dpi=200))
        assert code


def change(session: Session, view: PersonView, changes: dict[str, object]) -> None:
    with session.act() as act:
        act.say(
            kinds.PERSON_AMENDED,
            Subject("person", view.id),
            {"changes": changes, "reason": "asked again"},
            form="person",
            base=view.heads,
        )


def test_who_refuses_a_document_gets_none(site: Site) -> None:
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        for name in ("Dalia", "Sesha"):
            refuse_paper(session, name)
        dalia = person(session, "Dalia")
        target = printing.target_of(session, dalia.number, "registration")
        for attempt in (
            lambda: paperwork.issue(session, [target], language="en"),
            lambda: printing.preview(session, target, "en"),
        ):
            with pytest.raises(RefusedError) as told:
                attempt()
            assert told.value.code == "consent_refused"
        every = printing.targets_for_all(session)
        with session.store.read() as reader:
            assert reader.counts().documents == 0
        issued = paperwork.issue(session, every, language="en", skip=True)
        # Two papers and the attestation that Sesha would hold.
        assert {(one.code, one.type) for one in issued.skipped} == {
            ("consent_refused", "registration"),
            ("consent_refused", "household"),
        }
        assert len(issued.skipped) == 3 and len(issued.documents) == 4
        with pypdfium2.PdfDocument(io.BytesIO(issued.pdf)) as pdf:
            told_all = "".join(one.get_textpage().get_text_range() for one in pdf)
        # Nor does the family's paper name her.
        assert "Dalia" not in told_all and "Tarun" in told_all
        assert not {"Dalia", "Sesha"} & {one.name.split()[0] for one in printing.printable(session)}


def test_whoever_left_the_household_is_told_so(site: Site) -> None:
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        banin = person(session, "Banin")
        record(session, "death", deceased="Banin", spouse="Dalia")
        with pytest.raises(RefusedError) as told:
            printing.target_of(session, banin.number, "household")
        assert told.value.code == "no_household"
        with pytest.raises(RefusedError) as told:
            printing.target_of(session, banin.number, "nonsense")
        assert "blank" in told.value.sentence and "record" not in told.value.sentence


def test_no_new_document_for_the_dead(site: Site) -> None:
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        dalia = person(session, "Dalia")
        before = printing.target_of(session, dalia.number, "registration")
        record(session, "death", deceased="Dalia", spouse="Banin")
        with pytest.raises(RefusedError) as told:
            paperwork.issue(session, [before], language="en")
        assert told.value.code == "dead"
        every = printing.targets_for_all(session)
        assert before not in every
        issued = paperwork.issue(session, [before, *every], language="en", skip=True)
        assert [(one.person, one.code) for one in issued.skipped] == [(dalia.number, "dead")]
        assert dalia.id not in {one.person for one in printing.printable(session, also=[dalia.id])}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (lambda session: refuse_paper(session, "Dalia"), "consent_refused"),
        (lambda session: record(session, "death", deceased="Dalia", spouse="Banin"), "dead"),
    ],
)
def test_no_paper_comes_again_for_the_dead_or_for_who_refuses_now(
    site: Site, changed: Callable[[Session], object], code: str
) -> None:
    """By number, after a jam, as a replacement and in another language: no way leads round it.

    OpenCRVS 12737: a credential is offered for a record that was revoked.
    """
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        target = printing.target_of(session, person(session, "Dalia").number, "registration")
        [paper] = paperwork.issue(session, [target], language="en").documents
        changed(session)
        lost = Handed("lost", Collector("holder"))
        for again in (
            batch.print_again(session, [paper.number], reason="x", handed=Handed("damaged")),
            batch.after_a_jam(session, paper.number),
            batch.print_all(session, [target], language="en", handed=lost),
            batch.print_all(session, [target], language="en", fresh=True),
            batch.print_all(session, [target], language="fr"),
        ):
            assert not again.documents and [one.code for one in again.skipped] == [code]
        with session.store.read() as reader:
            assert [one.reprints for one in reader.views("document")] == [()]


def test_what_is_printed_after_a_correction_is_what_is_signed_and_current(site: Site) -> None:
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        dalia = person(session, "Dalia")
        target = printing.target_of(session, dalia.number, "registration")
        assert "Dalia" in words_on(printing.preview(session, target, "en"))
        with session.act() as act:
            act.say(
                kinds.PERSON_AMENDED,
                Subject("person", dalia.id),
                {"changes": {"name": "Delila Orlok", "name_latin": "Delila Orlok"}, "reason": "so"},
                form="person",
                base=dalia.heads,
            )
        printed = paperwork.issue(session, [target], language="en")
        words = words_on(printed.pdf)
        claims = claims_on(printed.pdf)
        now = person(session, "Delila")
        with session.store.read() as reader:
            issued = reader.document_by_number(printed.documents[0].number)
            assert issued is not None
            [entry] = reader.entries_of("document", issued.id)
        assert "Delila" in words and "Dalia" not in words
        assert "Delila" in claims[4] and claims[1] == dalia.number
        assert entry.body is not None and entry.body["drawn_from"] == sorted(now.heads)


def test_a_user_who_was_disabled_meanwhile_prints_nothing(site: Site) -> None:
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        wanted = printing.targets_for_all(session)
        [paper, *_] = paperwork.issue(session, wanted[:1], language="en").documents
        with session.act() as act:  # what disabling does to the record
            act.say(
                kinds.CERTIFICATE_REVOKED,
                Subject("user", session.user.id),
                {"certificate": session.own_certificate.hash, "reason": "disabled"},
            )
        for attempt in (
            lambda: batch.print_all(session, wanted, language="en"),
            lambda: batch.print_again(session, [paper.number], reason="x", handed=Handed()),
            lambda: printing.blank_sheets(session, 1, language="en"),
        ):
            with pytest.raises(OfficeError) as told:
                attempt()
            assert told.value.code == "no_certificate"
        with session.store.read() as reader:
            assert reader.counts().documents == 1
        assert spoiled.of_day(session) == []


@pytest.mark.parametrize(
    ("asked", "printed", "words", "said"),
    [
        ("prs", "fa-AF", "شماره", ""),
        ("apc", "ar", "رقم", ""),
        ("som", "fr", "Numéro", "Papers have no words in Somali, so they are printed in French"),
        ("so", "fr", "Numéro", "Papers have no words in Somali, so they are printed in French"),
    ],
)
def test_a_language_of_lists_is_printed_or_the_authoritys_is_and_it_is_said(
    busy_site: Site, asked: str, printed: str, words: str, said: str
) -> None:
    with busy_site.at_station("officer") as session:
        operation = replace(session.office.operation, language="fr")
        session.office = replace(session.office, operation=operation)
        with session.store.read() as reader:
            number = next(iter(reader.persons())).number
        target = printing.target_of(session, number, "registration")
        made = paperwork.issue(session, [target], language=asked)
        with session.store.read() as reader:
            document = reader.document_by_number(made.documents[0].number)
        assert document is not None and document.language == printed
        with pypdfium2.PdfDocument(io.BytesIO(made.pdf)) as pdf:
            assert words in pdf[0].get_textpage().get_text_range()
        assert made.note.startswith(said) and bool(made.note) == bool(said)


@pytest.mark.parametrize(
    ("spoken", "language", "wordless"),
    [("pbt", "ps", ""), ("som", "en", "Somali"), ("", "", "")],
)
def test_a_paper_opens_in_what_the_person_reads(
    site: Site, spoken: str, language: str, wordless: str
) -> None:
    site.take_in(FAMILIES)
    with site.at_station("officer") as session:
        change(session, person(session, "Dalia"), {"language": spoken})
        found = offers.offered(session, person=person(session, "Dalia").id)
        assert (found.language, found.wordless) == (language, wordless)
