"""Stored values in words, whatever a program wrote; and what a role is not shown."""

from __future__ import annotations

from typing import Any

import pytest

from forms.definition import Field, Form, Kind, Page
from ledger import kinds
from ledger.certificate import Role
from ledger.entry import Subject
from tests.places import Site, listing, row
from tests.workspace.formwork import use
from values.identifiers import EventId
from workspace import people, telling
from workspace.past import history

SOMEBODY = bytes(range(16))
ROWS = (
    Field("who", Kind.PERSON, "Witness"),
    Field("kind", Kind.CODE, "Kind", code_list="sex"),
    Field("since", Kind.DATE, "Since"),
)
FIELDS = (
    Field("count", Kind.NUMBER, "Count"),
    Field("at", Kind.TIME, "Time"),
    Field("where", Kind.PLACE, "Place"),
    Field("who", Kind.PERSON, "Person"),
    Field("rows", Kind.GROUP, "Rows", fields=ROWS),
    Field("secret", Kind.LONG_TEXT, "Secret", sensitive=True, sees=frozenset({"registrar"})),
    Field("day", Kind.DATE, "Day"),
    Field("codes", Kind.CODES, "Codes", code_list="sex"),
    Field("papers", Kind.DOCUMENTS, "Papers", code_list="document_types"),
    Field("said", Kind.CONSENT, "Consent", code_list="purposes"),
    Field("photo", Kind.PHOTO, "Photo"),
    Field("yes", Kind.YES_NO, "Yes", code_list="yes_no"),
)
FORM = Form(
    "test",
    "1.0.0",
    "Test",
    (Page("one", "One", FIELDS),),
    (),
    bytes(32),
    texts={"fr": {"Count": "Nombre de lignes"}},
    _by_name={one.name: one for one in FIELDS},
)
DAY = {"edtf": "1987-05", "calendar": "gregorian", "entered": "May"}


def told(name: str, value: Any, language: str = "en") -> str:
    return telling.value_text(
        FORM,
        name,
        value,
        language,
        people={SOMEBODY: "Amal Orlok"}.get,  # type: ignore[arg-type]  # a dict's get
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("count", 3, "3"),
        ("count", 0, "0"),
        ("at", "07:30", "07:30"),
        ("where", {"text": "Old Town", "code": "XX01"}, "Old Town"),
        ("where", {"code": "XX01"}, "XX01"),
        ("who", {"person": SOMEBODY}, "Amal Orlok"),
        ("who", {"person": bytes(16)}, "a registered person"),
        ("who", {"name": "Ema"}, "Ema"),
        (
            "rows",
            [{"who": {"name": "Ema"}, "since": DAY}, {"kind": "F", "who": {"missing": "unknown"}}],
            "Ema, May 1987; Witness: not known, Female",
        ),
        ("secret", {"sealed": b"age"}, "sealed"),
        ("count", {"missing": "not_applicable"}, "does not apply"),
        ("count", {"missing": "refused"}, "does not want to say"),
        ("count", {"missing": "of a later program"}, "not known"),
        ("day", DAY, "May 1987"),
        ("photo", bytes(32), "photo"),
        ("yes", "no", "No"),
        ("papers", [{"type": "passport", "number": "A1"}], "Passport A1"),
    ],
)
def test_every_kind_in_words(name: str, value: Any, words: str) -> None:
    assert told(name, value) == words


@pytest.mark.parametrize("name", [one.name for one in FIELDS] + ["of_later", "@member:00"])
@pytest.mark.parametrize(
    "value",
    [None, "", "text", 7, b"bytes", [1, {"x": 2}], [["deep"]], {"edtf": 1}, {"x": [1]}, True, 1.5,
     {"person": "no bytes"}, {"text": 1}, {"sealed": "no bytes"}, {"edtf": "x", "calendar": "y"}],
)  # fmt: skip
def test_what_a_changed_program_wrote_stops_no_page(name: str, value: Any) -> None:
    assert isinstance(told(name, value), str)


def test_labels_of_forms_come_with_their_own_translations() -> None:
    assert telling.field_text(FORM, "count", "fr") == "Nombre de lignes"
    assert telling.field_text(FORM, "count", "en") == "Count"
    assert telling.field_text(FORM, "@member:0011", "en") == "Place in the household"
    assert telling.field_text(FORM, "@number", "en") == "Number"
    assert telling.field_text(FORM, "of_later", "en") == "of_later"


def test_which_role_is_shown_what() -> None:
    assert telling.seen_by(FORM, "secret", Role.REGISTRAR)
    assert not telling.seen_by(FORM, "secret", Role.OFFICER)
    assert telling.seen_by(FORM, "of_later", Role.OFFICER)


@pytest.mark.parametrize("kind", sorted(kinds.RULES))
def test_every_kind_about_records_has_a_title(kind: str) -> None:
    about = kind.split(".")[0]
    if about in ("person", "persons", "household", "event", "registration", "document", "conflict"):
        assert telling.kind_text(kind, "en") != kind


def test_a_page_without_what_the_role_is_not_shown(site: Site) -> None:
    site.take_in(listing(row("H-1", "head", "Banin Orlok", sex="M", document="AB123")))
    hidden = {
        name: {"sees": frozenset({"supervisor"})} for name in ("birth", "documents", "name_latin")
    }
    with site.at_station() as session:
        with session.store.read() as reader:
            (view,) = reader.persons()
        with session.act() as act:
            act.say(
                kinds.PERSON_AMENDED,
                Subject("person", view.id),
                {"changes": {"birth": DAY, "notes": "Calm."}, "reason": None},
                form="person",
                base=view.heads,
            )
            event = EventId(act.new_id())
            act.say(
                kinds.EVENT_RECORDED,
                Subject("event", event),
                {
                    "type": "arrival",
                    "date": DAY,
                    "values": {"place": "Gate", "of_later": "x"},
                    "participants": [{"role": "subject", "person": view.id.bytes}],
                    "household": None,
                },
                form="arrival",
            )
            act.say(kinds.EVENT_VOIDED, Subject("event", event), {"reason": "never was"})
        use(session, **hidden)
        page = people.person_page(session, view.id)
        assert not {"birth", "documents"} & {fact.field for fact in page.facts}
        assert page.birth is None and page.birth_text == "" and page.name_latin == ""
        assert not {"birth", "documents", "name_latin"} & set(page.person.values)
        assert not {"birth", "documents"} & {one.field for one in page.history}
        assert "notes" in {one.field for one in page.history}
        assert history(session, view.id, "birth") == ()
        assert page.household is not None
        assert page.household.members[0].birth is None
        (arrived,) = (one for one in page.timeline if one.event == event)
        assert arrived.voided == "never was" and "Gate" in arrived.detail
        assert "withdrawn: never was" in arrived.detail
    with site.at_station("supervisor") as session:
        use(session, **hidden)
        page = people.person_page(session, view.id)
        assert {"birth", "documents"} <= {fact.field for fact in page.facts}
        assert page.birth is not None
        changes = history(session, view.id, "birth")
        assert [one.new for one in changes] == ["May 1987", "4 March 1990"]
        assert changes[0].what == "Amended"


def test_every_kind_of_entry_is_told_in_words() -> None:
    """A clerk looks through what was set aside, an auditor through what was signed: no codes."""
    assert set(telling.KIND_TITLES) == set(kinds.RULES)
