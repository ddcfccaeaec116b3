"""Documents about events: for whom, what they say, what is signed, and when there is none."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from importlib.resources import files as resources_of
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

import documents
from documents import codes, raster
from documents.credential import CLAIM_169, DOCUMENT, FACTS, SERIAL
from documents.envelope import open_text
from documents.templates.library import shipped
from forms.draft import Confirmation
from forms.library import catalogue
from ledger import kinds
from station import batch, events, life, offers, printing
from tests import paperwork
from tests.journeys.peopled import Peopled, people
from tests.places import Site
from tests.station.test_station_events import FAMILY, birth, officer, person, recorded, who
from values import cbor
from values.mrz import parse
from values.numbers import ControlNumber
from values.text import BIDI_CONTROLS
from workspace import templates
from workspace.errors import RefusedError
from workspace.session import Session


@pytest.fixture
def camp(site: Site) -> Site:
    site.take_in(FAMILY)
    return site


@pytest.fixture(scope="module")
def named(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Peopled:
    """Everybody whom the events name. Only copy it."""
    return people(founded_site.copied(tmp_path_factory.mktemp("named") / "site"))


def claims_on(pdf: bytes) -> dict[Any, Any]:
    """Claim 169 of the code on the first page."""
    (text,) = codes.read_picture(raster.page(pdf, 0, dpi=200))
    claims: dict[Any, Any] = cbor.decode(open_text(text).payload)[CLAIM_169]
    return claims


def words_on(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    plain = "".join(char for char in text if char not in BIDI_CONTROLS)
    return re.sub(r"\s+", " ", plain)


def printed(session: Session, who_: str, type_: str, **changes: Any) -> batch.Printed:
    said = changes.pop("said", None)
    language = changes.pop("language", "en")
    target = printing.target_of(session, person(session, who_).number, type_, said=said)
    return paperwork.issue(session, [replace(target, **changes)], language=language)


def death(session: Session) -> events.Recorded:
    return recorded(
        session,
        "death",
        {
            "deceased": who(person(session, "Banin Orlok")),
            "spouse": who(person(session, "Dalia Orlok")),
            "date": {"text": "2026-11-09"},
            "place": {"text": "Lower Orlan"},
            "body_found": "yes",
            "causes": [{"cause": "Sepsis", "interval": "2 days"}],
        },
    )


def test_a_birth_is_told_on_paper_and_in_the_code(camp: Site) -> None:
    with officer(camp) as session:
        made = recorded(session, "live_birth", birth(session))
        assert made.document == "birth"
        issued = printed(session, "Ilan Orlok", "birth")
        said = claims_on(issued.pdf)
        assert said[1] == made.created_number and said[4] == "Ilan Orlok"
        assert said[DOCUMENT] == "birth"
        facts = dict(map(tuple, said[FACTS]))
        assert facts == {
            "holder": "child",
            "date": "2026-11-10",
            "place": "Reception site",
            "birth_type": "single",
            "mother": "Dalia Orlok",
            "father": "Banin Orlok",
        }
        text = words_on(issued.pdf)
        for words in ("Notification of birth", "10 November 2026", "Reception site", "Dalia Orlok"):
            assert words in text
        assert "does not replace one" in text and "not a travel document" in text
        # The same event for whoever asks: the mother's number leads to the child's document.
        again = printed(session, "Dalia Orlok", "birth")
        assert again.documents[0].number == issued.documents[0].number
        assert "Copy 2" in words_on(again.pdf)
        with session.store.read() as reader:
            document = reader.document_by_number(issued.documents[0].number)
            assert document is not None and document.reprints == ("not said",)
            (entry, *_) = reader.entries_of("document", document.id)
        assert entry.body is not None and entry.body["event"] == made.event.bytes


def test_a_changed_event_makes_a_new_document_that_replaces_the_old(camp: Site) -> None:
    from ledger import kinds
    from ledger.entry import Subject

    with officer(camp) as session:
        made = recorded(session, "live_birth", birth(session))
        first = printed(session, "Ilan Orlok", "birth")
        with session.store.read() as reader:
            view = reader.event(made.event)
        assert view is not None
        with session.act() as act:
            act.say(
                kinds.EVENT_AMENDED,
                Subject("event", made.event),
                {"changes": {"place": {"text": "Elsewhere"}}, "reason": "misheard"},
                form="live_birth",
                base=view.heads,
            )
        second = printed(session, "Ilan Orlok", "birth")
        assert second.documents[0].number != first.documents[0].number
        assert first.documents[0].number in words_on(second.pdf)
        assert ["place", "Elsewhere"] in claims_on(second.pdf)[FACTS]


def test_a_death_is_told_without_its_cause(camp: Site) -> None:
    with officer(camp) as session:
        death(session)
        for asked in ("Banin Orlok", "Dalia Orlok"):
            issued = printed(session, asked, "death")
            said = claims_on(issued.pdf)
            assert said[4] == "Banin Orlok"
            assert ["spouse", "Dalia Orlok"] in said[FACTS] and ["holder", "deceased"] in said[
                FACTS
            ]
        text = words_on(issued.pdf)
        assert "Sepsis" not in text and "Lower Orlan" in text


def marriage(session: Session, first: str) -> events.Recorded:
    return recorded(
        session,
        "marriage",
        {
            "spouse_a": who(person(session, first)),
            "spouse_b": who(person(session, "Sesha Vedin")),
            "heard_apart": "yes",
            "consent_a": "yes",
            "consent_b": "yes",
            "date": {"text": "2026-11-01"},
            "form": "customary",
            "witnesses": [{"name": "Oren Tal"}, {"name": "Mira Tal"}],
        },
    )


def test_a_marriage_of_two_adults_is_told(camp: Site) -> None:
    with officer(camp) as session:
        assert marriage(session, "Banin Orlok").document == "marriage"
        said = claims_on(printed(session, "Sesha Vedin", "marriage").pdf)
        assert said[4] == "Banin Orlok"
        assert ["spouse_b", "Sesha Vedin"] in said[FACTS] and ["form", "customary"] in said[FACTS]


def test_a_marriage_under_18_has_no_document_for_anybody(camp: Site) -> None:
    with officer(camp) as session:
        assert marriage(session, "Tarun Orlok").document == ""
        for name in ("Tarun Orlok", "Sesha Vedin"):
            with pytest.raises(RefusedError) as refused:
                printing.target_of(session, person(session, name).number, "marriage")
            assert refused.value.code == "event_blocked"
        target = printing.Target("marriage", person(session, "Sesha Vedin").id)
        with pytest.raises(RefusedError) as refused:
            paperwork.issue(session, [target], language="en")
        assert refused.value.code == "event_blocked"


def test_a_spouse_who_turns_out_to_be_a_child_has_no_document_any_more(camp: Site) -> None:
    from ledger import kinds
    from ledger.entry import Subject

    with officer(camp) as session:
        marriage(session, "Banin Orlok")
        one = person(session, "Sesha Vedin")
        with session.act() as act:
            act.say(
                kinds.PERSON_CORRECTED,
                Subject("person", one.id),
                {
                    "changes": {
                        "birth": {"edtf": "2011", "calendar": "gregorian", "entered": "2011"}
                    },
                    "reason": "seen on a paper",
                },
                form="person",
                base=one.heads,
            )
        with pytest.raises(RefusedError) as refused:
            printed(session, "Banin Orlok", "marriage")
        assert refused.value.code == "event_blocked"


def test_there_is_none_without_an_event_or_about_one_that_was_withdrawn(camp: Site) -> None:
    with officer(camp) as session:
        number = person(session, "Banin Orlok").number
        with pytest.raises(RefusedError) as refused:
            printing.target_of(session, number, "death")
        assert refused.value.code == "no_event"
        made = death(session)
        target = printing.target_of(session, number, "death")
    with camp.at_station("supervisor") as session:
        events.void(session, made.event, reason="He came back.")
        with pytest.raises(RefusedError) as refused:
            printing.target_of(session, number, "death")
        assert refused.value.code == "event_voided"
        with pytest.raises(RefusedError) as refused:
            paperwork.issue(session, [target], language="en")
        assert refused.value.code == "event_voided"


def test_a_loss_and_a_movement_are_told(camp: Site) -> None:
    with officer(camp) as session:
        recorded(
            session,
            "document_lost",
            {
                "subject": who(person(session, "Dalia Orlok")),
                "what": "lost",
                "document_type": "passport",
                "number_end": "4711",
                "date": {"text": "2026-10"},
            },
        )
        recorded(
            session,
            "transfer",
            {
                "subject": who(person(session, "Dalia Orlok")),
                "date": {"text": "2026-11-12"},
                "kind": "medical",
                "from_place": {"text": "Site A"},
                "to_place": {"text": "Site B"},
                "voluntary": "voluntary",
                "informed": "yes",
            },
        )
        loss = claims_on(printed(session, "Dalia Orlok", "loss").pdf)
        assert ["date", "2026-10"] in loss[FACTS] and ["number_end", "4711"] in loss[FACTS]
        move = claims_on(printed(session, "Dalia Orlok", "transfer", paper="letter").pdf)
        assert ["to_place", "Site B"] in move[FACTS]
        # That it was for medical care is nobody's business who finds the paper.
        assert "medical" not in str(move)


def test_slips_say_what_was_asked_and_no_more(camp: Site) -> None:
    with officer(camp) as session:
        slip = printed(
            session,
            "Dalia Orlok",
            "appointment",
            said={"day": "20 November, 9:00", "place": "Tent 4"},
        )
        said = claims_on(slip.pdf)
        assert said[DOCUMENT] == "appointment"
        assert said[FACTS] == [["day", "20 November, 9:00"], ["place", "Tent 4"]]
        assert "Tent 4" in words_on(slip.pdf)
        for asked in ({}, {"day": "tomorrow"}, {"day": "a", "place": "b", "needs": "c"}):
            with pytest.raises(RefusedError) as refused:
                printed(session, "Dalia Orlok", "appointment", said=asked)
            assert refused.value.code in ("asked", "not_asked")
        came = printed(session, "Dalia Orlok", "acknowledgement")
        assert claims_on(came.pdf)[DOCUMENT] == "acknowledgement"
        assert (
            "referral"
            in claims_on(
                printed(session, "Dalia Orlok", "referral", said={"to": "Clinic"}).pdf
            ).values()
        )


def test_what_is_said_is_made_fit_before_it_is_printed_and_signed(camp: Site) -> None:
    with officer(camp) as session:
        turned = {"day": "\u202e6202 YAM 13\u202c", "place": "Gate 1\u2028 \u2067north\u2069 "}
        slip = printed(session, "Dalia Orlok", "appointment", said=turned)
        assert claims_on(slip.pdf)[FACTS] == [["day", "6202 YAM 13"], ["place", "Gate 1 north"]]
        kept = [one for one in issues(session) if one.get("said")]
        assert kept[-1]["said"] == {"day": "6202 YAM 13", "place": "Gate 1 north"}
        for wrong, code in (
            ("Gate 1\a\x1b[2J", "text_sign"),
            ("Gate\0", "text_sign"),
            ("\ud83d", "text_sign"),
            ("x" * 401, "text_long"),
        ):
            with pytest.raises(RefusedError) as refused:
                printed(session, "Dalia Orlok", "appointment", said={"day": "1", "place": wrong})
            assert refused.value.code == code
    for wrong in ("Ana\a", "x" * 401):
        with pytest.raises(RefusedError):
            life.Collector(life.OTHER, wrong)
        with pytest.raises(RefusedError):
            life.Collector(life.OTHER, "Ana", proof=wrong)
    assert life.Collector(life.OTHER, " \u202eAna").fields()["name"] == "Ana"


def issues(session: Session) -> list[dict[str, Any]]:
    """What the issues of documents say."""
    with session.store.read() as reader:
        entries = reader.entries_of_kind(kinds.DOCUMENT_ISSUED, "document")
        return [dict(entry.body or {}) for entry in entries]


def test_a_card_has_a_zone_that_is_no_passports(camp: Site, tmp_path: Path) -> None:
    """Only where an issuer's code was agreed: a real card must not say that it is a specimen."""
    with officer(camp) as session:
        without = printed(session, "Dalia Orlok", "registration", paper="card")
        assert sum(without.pages) == 2 and "<<<" not in words_on(without.pdf)
    ours = (resources_of(documents) / "templates" / "registration.toml").read_text("utf-8")
    agreed = ours.replace('about = "person"', 'about = "person"\nissuer = "XOM"')
    own = tmp_path / "own"
    own.mkdir()
    (own / "registration.toml").write_text(agreed, "utf-8")
    with camp.at_station("administrator") as session:
        templates.load(session, own)
    with officer(camp) as session:
        issued = printed(session, "Dalia Orlok", "registration", paper="card")
        assert sum(issued.pages) == 2
        said = claims_on(issued.pdf)
        text = words_on(issued.pdf).replace(" ", "")
        found = re.search(r"WRXOM[A-Z0-9<]{85}", text)
        assert found is not None
        zone = parse(found[0], today=session.clock.now().date())
        assert zone.document_code[0] not in "PVACI"
        assert zone.document_number.replace("-", "") == issued.documents[0].number.replace("-", "")
        assert zone.names.primary == "DALIA ORLOK" and said[4] == "Dalia Orlok"


def test_the_dead_get_what_a_civil_register_holds_and_nothing_else(camp: Site) -> None:
    with officer(camp) as session:
        recorded(
            session,
            "document_lost",
            {
                "subject": who(person(session, "Banin Orlok")),
                "what": "lost",
                "document_type": "passport",
                "number_end": "4711",
                "date": {"text": "2026-10"},
            },
        )
        loss = printed(session, "Banin Orlok", "loss").documents[0].number
        death(session)
        assert printed(session, "Banin Orlok", "death").documents
        for type_ in ("loss", "registration", "acknowledgement"):
            with pytest.raises(RefusedError) as refused:
                printed(session, "Banin Orlok", type_)
            assert refused.value.code == "dead", type_
        again = batch.print_again(session, [loss], reason="wet", handed=batch.Handed("damaged"))
        assert [one.code for one in again.skipped] == ["dead"]


def test_the_number_of_a_sheet_is_printed_and_signed(camp: Site) -> None:
    with officer(camp) as session:
        first = printed(session, "Dalia Orlok", "registration", serial="A-000017")
        assert claims_on(first.pdf)[SERIAL] == "A-000017" and "A-000017" in words_on(first.pdf)
        # A copy on another sheet is signed anew: the code of the first would not fit it.
        second = printed(session, "Dalia Orlok", "registration", serial="A-000018")
        assert claims_on(second.pdf)[SERIAL] == "A-000018"
        assert second.documents[0].number == first.documents[0].number
        for wrong in ("A 17", "ü", "-", "A" * 41):
            with pytest.raises(RefusedError) as refused:
                printed(session, "Dalia Orlok", "registration", serial=wrong)
            assert refused.value.code == "serial"


def test_sheets_to_fill_in_have_numbers_of_their_own(camp: Site) -> None:
    with officer(camp) as session:
        pdf, numbers = printing.blank_sheets(session, 3, language="ar")
        more, others = printing.blank_sheets(session, 2, language="en")
    assert [ControlNumber.parse(one).series for one in numbers] == ["F"] * 3
    assert len({*numbers, *others}) == 5
    for at, number in enumerate(numbers):
        assert codes.read_picture(raster.page(pdf, at, dpi=200)) == [number]
    assert others[0] in words_on(more)


def test_every_document_can_be_previewed_and_names_its_type(camp: Site) -> None:
    with officer(camp) as session:
        said = {"appointment": {"day": "d", "place": "p"}, "referral": {"to": "x"}}
        number = person(session, "Dalia Orlok").number
        for template in shipped().templates.values():
            if template.forms or not template.coded or template.id == "consent":  # nobody was asked
                continue
            target = printing.target_of(session, number, template.id, said=said.get(template.id))
            assert "PREVIEW" in words_on(printing.preview(session, target, "fr")) or (
                "APERÇU" in words_on(printing.preview(session, target, "fr")).upper()
            )
    assert {one.id for one in shipped().templates.values() if not one.coded} == {"record", "blank"}


TOLD_OF = sorted(one.id for one in catalogue().events() if one.document)


def test_every_event_that_names_a_document_has_one() -> None:
    for form in catalogue().events():
        assert (shipped().for_form(form.id) is not None) is bool(form.document), form.id


@pytest.mark.parametrize("form", TOLD_OF)
def test_the_document_that_an_event_names_is_printed(
    named: Peopled, tmp_path: Any, form: str
) -> None:
    """Every one, from the answers of an ordinary event: what is printed as signed is in the code,
    and what no paper may say is on none."""
    copy = named.copied(tmp_path / "site")
    with copy.site.at_station("officer") as session:
        raw = copy.told(form)
        found = events.check(session, form, raw)
        sure = [Confirmation(one.code, one.field, "", "asked") for one in found]
        made = events.record(session, form, raw, confirmed=sure)
        assert made.blocked == ()
        found_here = offers.offered(session, event=made.event)
        target = found_here.offers[found_here.chosen].target
        assert target.type == made.document
        issued = paperwork.issue(session, [target], language="en")
        said = claims_on(issued.pdf)
        facts = dict(map(tuple, said[FACTS]))
        template = shipped().templates[target.type]
        assert said[DOCUMENT] == template.id and facts["date"]
        text = words_on(issued.pdf)
        assert template.title in text and "not a travel document" in text
        assert "TR-" not in text and "Sepsis" not in text
