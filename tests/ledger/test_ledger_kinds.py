from __future__ import annotations

from typing import Any

import pytest

from ledger import kinds
from ledger.certificate import OfficeType, Role

ID, HASH, EPOCH = bytes(16), bytes(32), bytes(8)
CHANGES = {"changes": {"name": "x"}, "reason": "told"}

GOOD: dict[str, dict[str, Any]] = {
    kinds.EPOCH_BEGUN: {"reason": "restored", "previous": [EPOCH, 4, HASH], "tag": "K7Q"},
    kinds.CERTIFICATE_ISSUED: {"certificate": b"any"},
    kinds.CERTIFICATE_REVOKED: {"certificate": HASH, "reason": "left"},
    kinds.CLOCK_CONFIRMED: {"shown": "2026-11-15T10:00:00Z", "latest": "2026-11-14T10:00:00Z"},
    kinds.STATION_ENROLLED: {
        "code": "A01",
        "name": "North",
        "recipient": "age1",
        "request": HASH,
        "certificates": [b"c"],
    },
    kinds.STATION_REVOKED: {
        "certificates": [HASH],
        "covered": [[EPOCH, 4, HASH]],
        "reason": "lost",
    },
    kinds.PERSON_REGISTERED: {"number": "P1", "values": {}},
    kinds.PERSON_AMENDED: CHANGES,
    kinds.PERSON_CORRECTED: CHANGES,
    kinds.PERSON_VOIDED: {"reason": "twice"},
    kinds.PERSON_NUMBERED: {"permanent": "R1"},
    kinds.PERSONS_LINKED: {"other": ID, "reason": "same"},
    kinds.PERSONS_UNLINKED: {"other": ID, "reason": None},
    kinds.CONFLICT_RESOLVED: {"changes": {}},
    kinds.HOUSEHOLD_REGISTERED: {
        "number": "H1",
        "values": {},
        "members": [{"person": ID, "relation": "head"}],
    },
    kinds.HOUSEHOLD_AMENDED: {"changes": {}},
    kinds.HOUSEHOLD_MEMBER_JOINED: {"person": ID, "relation": "child"},
    kinds.HOUSEHOLD_MEMBER_LEFT: {"person": ID, "reason": None},
    kinds.EVENT_RECORDED: {
        "type": "flight",
        "date": None,
        "values": {},
        "participants": [],
        "household": None,
    },
    kinds.EVENT_AMENDED: CHANGES,
    kinds.EVENT_VOIDED: {"reason": "never"},
    kinds.REGISTRATION_SUBMITTED: {
        "household": ID,
        "persons": [ID],
        "on": "2026-11-15",
        "source": {"way": "interview"},
        "flags": [],
        "confirmed": [],
    },
    kinds.REGISTRATION_APPROVED: {},
    kinds.REGISTRATION_RETURNED: {"reason": "dark photo"},
    kinds.REGISTRATION_REGISTERED: {},
    kinds.DOCUMENT_ISSUED: {
        "number": "D1",
        "type": "registration",
        "person": ID,
        "household": None,
        "language": "en",
        "issued": "2026-11-15",
        "expires": "2027-05-14",
        "status_index": 0,
        "credential": HASH,
        "collector": {"who": "other", "name": "A. Neighbour", "proof": "a letter"},
    },
    kinds.DOCUMENT_REPRINTED: {"reason": "wet", "code": "damaged", "collector": {"who": "holder"}},
    kinds.DOCUMENT_REVOKED: {"reason": "lost", "code": "lost"},
    kinds.NUMBERS_RESERVED: {"papers": [{"number": "WST-A01-K7Q-D00042-31", "status_index": 7}]},
    kinds.NUMBERS_SPOILED: {
        "epoch": bytes(8),
        "papers": [{"number": "WST-A01-K7Q-F00042-24"}],
        "reason": "the power went",
    },
    kinds.SHEET_SPOILED: {"reason": "the printer took two", "stock": "0001842"},
    kinds.KEY_COMPROMISED: {"key": HASH, "since": 1_790_000_000, "reason": "the laptop was taken"},
    kinds.BUNDLE_EXPORTED: {"bundle": ID, "first": 1, "last": 9},
    kinds.BUNDLE_ADMITTED: {
        "bundle": ID,
        "station": ID,
        "epoch": EPOCH,
        "first": 1,
        "last": 9,
        "head": HASH,
        "outcomes": [{"group": ID, "outcome": "admitted", "reason": None}],
    },
    kinds.ENTRIES_QUARANTINED: {"entries": [HASH], "reason": "fork"},
    kinds.QUARANTINE_RELEASED: {"entries": [HASH], "reason": "asked"},
    kinds.QUARANTINE_REFUSED: {"entries": [HASH], "reason": "nobody knows the author"},
    kinds.MATCH_DECIDED: {
        "persons": [bytes(16), bytes(15) + b"\1"],
        "decision": "same",
        "basis": bytes(16),
        "undoes": None,
        "reason": "one face, one mother",
    },
    kinds.NOTICE_WRITTEN: {"station": ID, "number": 1, "sha256": HASH},
    kinds.ENTRY_PRUNED: {"entries": [HASH], "basis": "receipt", "second": None},
    kinds.ENTRY_ERASED: {"entries": [HASH], "basis": "court order 7", "second": ID},
}


def test_every_kind_has_an_example_here() -> None:
    assert set(GOOD) == set(kinds.RULES)


@pytest.mark.parametrize("kind", GOOD)
def test_good_bodies_pass_and_further_fields_are_allowed(kind: str) -> None:
    assert kinds.bad_field(kind, GOOD[kind]) is None
    assert kinds.bad_field(kind, GOOD[kind] | {"later": [1]}) is None


@pytest.mark.parametrize("kind", GOOD)
def test_each_field_is_checked(kind: str) -> None:
    for name, check in kinds.RULES[kind].body.items():
        assert kinds.bad_field(kind, GOOD[kind] | {name: 1.5}) == name
        left_out = {k: v for k, v in GOOD[kind].items() if k != name}
        assert kinds.bad_field(kind, left_out) == (None if check(None) else name)


BAD: list[tuple[str, str, Any]] = [
    (kinds.EPOCH_BEGUN, "previous", [EPOCH, 4]),
    (kinds.EPOCH_BEGUN, "previous", [EPOCH, True, HASH]),
    (kinds.PERSON_REGISTERED, "values", {1: 2}),
    (kinds.PERSON_REGISTERED, "number", ""),
    (kinds.PERSONS_LINKED, "other", bytes(15)),
    (kinds.HOUSEHOLD_REGISTERED, "members", [{"person": ID}]),
    (kinds.HOUSEHOLD_REGISTERED, "members", [ID]),
    (kinds.DOCUMENT_ISSUED, "status_index", -1),
    (kinds.DOCUMENT_ISSUED, "status_index", True),
    (kinds.ENTRY_ERASED, "entries", []),
    (kinds.ENTRY_ERASED, "second", None),
    (kinds.REGISTRATION_SUBMITTED, "source", {"way": ""}),
    (kinds.PERSON_VOIDED, "reason", "  "),
]


@pytest.mark.parametrize(("kind", "field", "value"), BAD)
def test_bad_fields(kind: str, field: str, value: Any) -> None:
    assert kinds.bad_field(kind, GOOD[kind] | {field: value}) == field


def test_an_unknown_kind_has_no_bad_fields_and_no_writers() -> None:
    assert kinds.bad_field("person.blessed", {}) is None
    assert not kinds.may_write("person.blessed", Role.OFFICER, OfficeType.STATION)


def writers(kind: str) -> set[str]:
    return {f"{o} {r}" for o in OfficeType for r in Role if kinds.may_write(kind, r, o)}


def test_separation_of_duties() -> None:
    assert kinds.RULES[kinds.PERSON_REGISTERED].roles == {Role.OFFICER}
    assert kinds.RULES[kinds.REGISTRATION_SUBMITTED].roles == {Role.OFFICER}
    assert kinds.RULES[kinds.REGISTRATION_APPROVED].roles == {Role.SUPERVISOR}
    assert writers(kinds.REGISTRATION_REGISTERED) == {"registry registrar"}
    assert writers(kinds.PERSONS_LINKED) == {"registry registrar"}
    assert writers(kinds.PERSON_NUMBERED) == {"registry registrar"}
    assert writers(kinds.CERTIFICATE_ISSUED) == {
        "station administrator",
        "registry administrator",
    }
    assert writers(kinds.QUARANTINE_RELEASED) == {"registry registrar"}
    assert writers(kinds.BUNDLE_ADMITTED) == {
        "registry administrator",
        "registry clerk",
        "registry registrar",
        "registry service",
    }
    assert all(
        Role.AUDITOR not in rule.roles
        for kind, rule in kinds.RULES.items()
        if kind != kinds.EPOCH_BEGUN
    )
