"""No text that an entry holds keeps its view from being stored, found and read, on any engine."""

from __future__ import annotations

import random
from typing import Any

import pytest

from db.plain import LONGEST, indexed, shown
from db.store import Store
from ledger import kinds
from ledger.entry import Entry, Subject
from ledger.fold import fold_subject
from tests.db.people import Office

NOISE = "".join(chr(random.Random(3).randrange(0x4E00, 0x9FFF)) for _ in range(9000))
"""Long and not to be compressed: more than any index takes."""
TEXTS = ["a\0b", "\0", "\u202ea\x1b[31m", NOISE, "x" * 100_000, "\ud7ff\U0010ffff"]


def entries(office: Office, told: str) -> list[tuple[str, list[Entry]]]:
    """One subject of each type, with this text wherever a column or a key comes from."""
    person, household, event, registration, document = (
        Subject(kind, office.new_id())
        for kind in (
            kinds.PERSON, kinds.HOUSEHOLD, kinds.EVENT, kinds.REGISTRATION, kinds.DOCUMENT
        )
    )  # fmt: skip
    values = {
        "name": told, "name_latin": told, "sex": told, "birth": {"edtf": told},
        "documents": [{"type": told, "number": told}], told: told,
    }  # fmt: skip
    about = (person.type, person.id)
    number = told if told.strip() else "x"
    registered = office.say(kinds.PERSON_REGISTERED, about, {"number": number, "values": values})
    more = [
        office.say(kinds.PERSON_AMENDED, about, {"changes": {told: at}}, base=(registered.hash,))
        for at in ("one", "other")
    ]
    void = office.say(kinds.PERSON_VOIDED, about, {"reason": number}, base=(registered.hash,))
    said: list[tuple[Subject, str, dict[str, Any]]] = [
        (
            household,
            kinds.HOUSEHOLD_REGISTERED,
            {
                "number": number,
                "values": {},
                "members": [{"person": person.id.bytes, "relation": number}],
            },
        ),
        (
            event,
            kinds.EVENT_RECORDED,
            {
                "type": number,
                "date": None,
                "values": {},
                "participants": [
                    {"role": told, "person": person.id.bytes},
                    {"role": told + "x", "person": person.id.bytes},
                ],
                "household": None,
            },
        ),
        (
            registration,
            kinds.REGISTRATION_SUBMITTED,
            {
                "household": household.id.bytes,
                "persons": [person.id.bytes],
                "on": number,
                "source": {
                    "way": number, "series": told, "household": told, "rows": [bytes(32)],
                },
            },
        ),
        (
            document,
            kinds.DOCUMENT_ISSUED,
            {
                "number": number,
                "type": number,
                "person": person.id.bytes,
                "household": None,
                "language": number,
                "issued": number,
                "expires": number,
                "status_index": 1,
                "credential": bytes(32),
            },
        ),
    ]  # fmt: skip
    return [
        (kinds.PERSON, [registered, *more, void]),
        *(
            (subject.type, [office.say(kind, (subject.type, subject.id), body)])
            for subject, kind, body in said
        ),
    ]


@pytest.mark.parametrize("told", TEXTS, ids=range(len(TEXTS)))
def test_any_text_is_stored(store: Store, office: Office, told: str) -> None:
    made = entries(office, told)
    with store.write() as unit:
        for kind, about in made:
            for entry in about:
                unit.append(entry)
            view = fold_subject(kind, about)
            assert view is not None
            unit.put_view(view, {f"t:{told}"} if kind == kinds.PERSON else frozenset())
        unit.audit(at=office.now, user=office.author, act="read", detail=told)
    with store.read() as reader:
        for kind, about in made:
            subject = about[0].header.subject
            assert reader.view(kind, subject.id) == fold_subject(kind, about)
            assert reader.entries_of(kind, subject.id) == about
        person = reader.persons_by_number(told if told.strip() else "x")
        assert [view.id for view in person] == [made[0][1][0].header.subject.id]
        assert len(reader.registrations_of_source(told, told)) == 1


@pytest.mark.parametrize("kind", ["later.kind\0", "x" * 64, "\u202e"])
def test_any_kind_and_subject_is_kept(store: Store, office: Office, kind: str) -> None:
    subject = office.new_id()
    entry = office.say(kind, (kind, subject), {})
    with store.write() as unit:
        unit.append(entry, state="quarantined", reason="kind_unknown")
    with store.read() as reader:
        assert reader.entry(entry.hash) == entry
        assert reader.entries_of(kind, subject) == []


def test_what_is_shortened_stays_apart() -> None:
    assert indexed("WST-A01-K7Q-P00042-31") == "WST-A01-K7Q-P00042-31"
    long = ["x" * LONGEST, "x" * (LONGEST + 1), "x" * (LONGEST + 2), "a\0", "a\ufffd", "a\ud800"]
    assert len({indexed(one) for one in long}) == len(long)
    assert all(len(indexed(one)) <= LONGEST for one in long)
    assert shown("a\0b\ud800") == "a\ufffdb\ufffd"
