from __future__ import annotations

import hashlib
import pickle
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import kinds
from ledger.certificate import OfficeType
from ledger.entry import (
    DOMAIN,
    MAX_BODY_BYTES,
    Entry,
    FormRef,
    Group,
    Subject,
    from_wire,
    read,
    to_wire,
    verify,
)
from ledger.errors import EntryError
from ledger.keys import domain
from tests.ledger.builders import NOW, Office, key, make_world, uuid
from values import cbor
from values.identifiers import EntryHash

PERSON = Subject(kinds.PERSON, uuid("person"))
VALUES = {"number": "WST-A01-K7Q-P00001-11", "values": {"name": "Test Person", "sex": "F"}}


@pytest.fixture
def entry(station: Office) -> Entry:
    station.begin()
    return station.write(
        kinds.PERSON_REGISTERED,
        PERSON,
        VALUES,
        form=FormRef("person", "3.0.0", bytes(32)),
        blobs=[b"\2" * 32, b"\1" * 32, b"\2" * 32],
        base=[EntryHash(b"\4" * 32), EntryHash(b"\3" * 32), EntryHash(b"\4" * 32)],
        monotonic_delta=1500,
        doubt=True,
    )


def test_what_is_written_reads_back(station: Office, entry: Entry) -> None:
    header = entry.header
    assert (header.office, header.office_type) == (station.id, OfficeType.STATION)
    assert (header.epoch, header.sequence) == (station.epoch, 2)
    assert header.previous is not None
    assert header.device_time == NOW
    assert (header.monotonic_delta, header.doubt) == (1500, True)
    assert header.author == station.users["officer"].id
    assert header.certificate == station.users["officer"].certificate.hash
    assert (header.kind, header.subject) == (kinds.PERSON_REGISTERED, PERSON)
    assert header.form == FormRef("person", "3.0.0", bytes(32))
    assert header.group.index == 0
    assert header.base == (b"\3" * 32, b"\4" * 32)
    assert header.blobs == (b"\1" * 32, b"\2" * 32)
    assert entry.body == VALUES
    assert entry.hash == hashlib.sha256(entry.header_bytes).digest()
    assert read(entry.header_bytes, entry.signature, entry.body_bytes) == entry


def test_an_entry_goes_bare_to_another_process(entry: Entry) -> None:
    bare = len(pickle.dumps(Entry(entry.header_bytes, entry.signature, entry.body_bytes)))
    assert entry.header and entry.body and entry.hash
    assert len(pickle.dumps(entry)) == bare
    assert pickle.loads(pickle.dumps(entry)) == entry  # noqa: S301 - our own bytes


def test_the_author_signs_the_hash_under_the_entry_domain(station: Office, entry: Entry) -> None:
    public = station.users["officer"].key.public
    assert verify(entry, public)
    assert public.verify(DOMAIN, entry.signature, entry.hash)
    assert DOMAIN == b"waystation/entry/1\0"
    assert not public.verify(domain("certificate"), entry.signature, entry.hash)
    assert not verify(entry, key("other").public)


def test_the_body_is_salted(station: Office) -> None:
    station.begin()
    one = station.write(kinds.PERSON_REGISTERED, PERSON, VALUES)
    other = station.write(kinds.PERSON_REGISTERED, PERSON, VALUES)
    assert one.header.body_hash != other.header.body_hash
    assert one.body == other.body


def test_the_chain_survives_the_loss_of_a_body(station: Office, entry: Entry) -> None:
    pruned = read(entry.header_bytes, entry.signature, None)
    assert pruned == entry.without_body()
    assert pruned.body is None
    assert pruned.hash == entry.hash
    assert verify(pruned, station.users["officer"].key.public)


def test_repr_shows_nothing_of_a_person(entry: Entry) -> None:
    assert repr(entry) == f"<Entry {entry.hash.hex()[:16]}>"


def test_times_are_utc_milliseconds(station: Office) -> None:
    odd = datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    entry = station.write(kinds.PERSON_REGISTERED, PERSON, VALUES, at=odd)
    assert entry.header.device_time == odd.replace(microsecond=999_000)
    kabul = datetime(2026, 11, 15, 14, 30, tzinfo=timezone(timedelta(hours=4, minutes=30)))
    entry = station.write(kinds.PERSON_REGISTERED, PERSON, VALUES, at=kabul)
    assert entry.header.device_time == NOW


@pytest.mark.parametrize("year", [1, 1904, 9999])
def test_the_most_wrong_clock_can_be_written(station: Office, year: int) -> None:
    when = datetime(year, 1, 1, tzinfo=UTC)
    entry = station.write(kinds.PERSON_REGISTERED, PERSON, VALUES, at=when)
    assert entry.header.device_time == when


def rewritten(entry: Entry, changes: dict[Any, Any]) -> bytes:
    header = cbor.decode(entry.header_bytes) | changes
    return cbor.encode({k: v for k, v in header.items() if v != "drop"})


def test_unknown_fields_survive(entry: Entry) -> None:
    data = rewritten(entry, {18: "later", 99: {1: [2]}, "text": b""})
    found = read(data, entry.signature, entry.body_bytes)
    assert found.header == entry.header
    assert found.header_bytes == data
    assert from_wire(to_wire(found)).header_bytes == data
    assert found.hash != entry.hash


BAD: dict[str, tuple[dict[Any, Any], str]] = {
    "version 2": ({0: 2}, "version"),
    "version 0": ({0: 0}, "version"),
    "version missing": ({0: "drop"}, "missing"),
    "id short": ({1: bytes(15)}, "form"),
    "office no pair": ({2: bytes(16)}, "form"),
    "office type": ({2: ["camp", bytes(16)]}, "form"),
    "office long": ({2: ["station", bytes(16), 1]}, "size"),
    "epoch short": ({3: bytes(7)}, "form"),
    "sequence 0": ({4: 0}, "form"),
    "sequence negative": ({4: -1}, "form"),
    "sequence true": ({4: True}, "form"),
    "first with predecessor": ({4: 1}, "form"),
    "second without predecessor": ({5: None}, "form"),
    "previous short": ({5: b"x"}, "form"),
    "time text": ({6: "2026"}, "form"),
    "time missing": ({6: "drop"}, "missing"),
    "time impossible": ({6: 2**62}, "form"),
    "delta text": ({7: "x"}, "form"),
    "doubt null": ({8: None}, "form"),
    "author short": ({9: b""}, "form"),
    "certificate short": ({10: bytes(31)}, "form"),
    "kind empty": ({11: ""}, "form"),
    "kind long": ({11: "k" * 65}, "size"),
    "kind bytes": ({11: b"x"}, "form"),
    "form of two": ({12: ["person", "1.0.0"]}, "form"),
    "form version number": ({12: ["person", 1, bytes(32)]}, "form"),
    "form hash short": ({12: ["person", "1.0.0", b""]}, "form"),
    "group outside": ({13: [bytes(16), 1, 1]}, "form"),
    "group huge": ({13: [bytes(16), 1, 10**6]}, "form"),
    "group missing": ({13: "drop"}, "missing"),
    "subject id": ({14: ["person", "x"]}, "form"),
    "subject type": ({14: [1, bytes(16)]}, "form"),
    "base no list": ({15: b""}, "form"),
    "base short": ({15: [b"x"]}, "form"),
    "base many": ({15: [bytes(32)] * 1025}, "size"),
    "body hash short": ({16: b""}, "form"),
    "blobs many": ({17: [bytes(32)] * 65}, "size"),
    "blob text": ({17: ["x"]}, "form"),
    "key of bytes": ({b"k": 1}, "form"),
}


@pytest.mark.parametrize(("changes", "code"), BAD.values(), ids=BAD.keys())
def test_bad_headers(entry: Entry, changes: dict[Any, Any], code: str) -> None:
    with pytest.raises(EntryError) as fault:
        read(rewritten(entry, changes), entry.signature, entry.body_bytes)
    assert fault.value.code == code


def test_a_newer_version_says_what_to_do(entry: Entry) -> None:
    with pytest.raises(EntryError, match="Update Waystation"):
        read(rewritten(entry, {0: 2}), entry.signature, None)


def with_body(entry: Entry, body: bytes) -> tuple[bytes, bytes, bytes]:
    header = rewritten(entry, {16: hashlib.sha256(body).digest()})
    return header, entry.signature, body


BODIES = {
    "not cbor": (b"\xff", "body_form"),
    "no pair": (cbor.encode({}), "body_form"),
    "salt short": (cbor.encode([b"x", {}]), "body_form"),
    "values list": (cbor.encode([bytes(16), []]), "body_form"),
    "value key number": (cbor.encode([bytes(16), {1: 2}]), "body_form"),
    "three": (cbor.encode([bytes(16), {}, 1]), "body_form"),
    "large": (bytes(MAX_BODY_BYTES + 1), "size"),
}


@pytest.mark.parametrize(("body", "code"), BODIES.values(), ids=BODIES.keys())
def test_bad_bodies(entry: Entry, body: bytes, code: str) -> None:
    with pytest.raises(EntryError) as fault:
        read(*with_body(entry, body))
    assert fault.value.code == code


def test_another_body_than_the_signed_one(entry: Entry) -> None:
    with pytest.raises(EntryError) as fault:
        read(entry.header_bytes, entry.signature, cbor.encode([bytes(16), VALUES]))
    assert fault.value.code == "body"


def test_the_signature_has_64_bytes(entry: Entry) -> None:
    with pytest.raises(EntryError) as fault:
        read(entry.header_bytes, entry.signature[:-1], entry.body_bytes)
    assert fault.value.code == "signature_form"


def test_wire(entry: Entry) -> None:
    assert from_wire(to_wire(entry)) == entry
    assert from_wire(cbor.decode(to_wire(entry))) == entry
    assert from_wire(to_wire(entry.without_body())).body is None


WIRE = {
    "empty": (b"", "cbor"),
    "a map": (cbor.encode({}), "wire"),
    "two parts": (cbor.encode([b"", b""]), "wire"),
    "header text": (cbor.encode(["x", bytes(64), None]), "wire"),
    "header empty": (cbor.encode([b"", bytes(64), None]), "cbor"),
    "header no map": (cbor.encode([cbor.encode(1), bytes(64), None]), "form"),
    "signature null": (cbor.encode([b"", None, None]), "wire"),
    "body text": (cbor.encode([b"", b"", "x"]), "wire"),
    "header duplicate key": (cbor.encode([b"\xa2\x00\x01\x00\x01", bytes(64), None]), "cbor"),
    "header large": (cbor.encode([bytes(70_000), bytes(64), None]), "size"),
}


@pytest.mark.parametrize(("data", "code"), WIRE.values(), ids=WIRE.keys())
def test_bad_wire(data: bytes, code: str) -> None:
    with pytest.raises(EntryError) as fault:
        from_wire(data)
    assert fault.value.code == code


def test_values_that_are_no_cbor_are_never_signed(station: Office) -> None:
    with pytest.raises(EntryError) as fault:
        station.write(kinds.PERSON_REGISTERED, PERSON, {"when": NOW})
    assert fault.value.code == "values"


@pytest.mark.parametrize(
    "changes",
    [{"sequence": 0}, {"previous": b"x"}, {"epoch": b"x"}, {"group": Group(UUID(int=1), 2, 2)}],
)
def test_what_could_not_be_read_is_never_signed(station: Office, changes: dict[str, Any]) -> None:
    with pytest.raises(EntryError):
        station.write(kinds.PERSON_REGISTERED, PERSON, VALUES, **changes)


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_reading_raises_nothing_else(data: bytes) -> None:
    try:
        from_wire(data)
    except EntryError as fault:
        assert fault.sentence
    try:
        read(data, bytes(64), data)
    except EntryError as fault:
        assert fault.sentence


_STATION = make_world().stations[0]
_STATION.begin()
_WRITTEN = to_wire(_STATION.write(kinds.PERSON_REGISTERED, PERSON, VALUES))


@settings(max_examples=100)
@given(st.integers(0, len(_WRITTEN) * 8 - 1))
def test_every_flipped_bit_is_found(bit: int) -> None:
    """OpenCRVS history: actions are neither signed nor chained, and may be deleted in the
    database."""
    data = bytearray(_WRITTEN)
    data[bit // 8] ^= 1 << bit % 8
    try:
        found = from_wire(bytes(data))
    except EntryError:
        return
    assert not verify(found, _STATION.users["officer"].key.public)
