"""A gazetteer as bytes: the same places give the same bytes, and nothing else is believed."""

from __future__ import annotations

import struct
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import areas as invented_places
from forms import gazetteer_areas, gazetteer_files
from forms.gazetteer import Gazetteer, GazetteerError
from values import cbor

SMALL = gazetteer_files.read(
    (
        "small.csv",
        "pcode,name_en,name_ar,level,parent,other_names,valid_on\n"
        "XT,Nardavia,ناردافيا,0,,,2026-01-01\n"
        "XT01,Bay,,1,XT,Bai;Bey,2026-01-01\n".encode(),
    ),
    source="Invented",
)

GOLDEN = (
    "a964616c736f680a4261690942657965636f6465736758540a58543031656e616d6573826c4e61726461"
    "7669610a42617971d986d8a7d8b1d8afd8a7d981d98ad8a70a66666f726d617401666c6576656c734200"
    "0166736f7572636568496e76656e74656467706172656e747348ffffffff000000006876616c69645f6f"
    "6e6a323032362d30312d3031696c616e6775616765738262656e626172"
)
GOLDEN_HASH = "dd41f5bc02a91cfd79e999a0d3fe5662ba5ee6dd192794912b3f35dc3bba73a8"


def test_golden_bytes() -> None:
    assert SMALL.to_bytes().hex() == GOLDEN
    assert SMALL.hash.hex() == GOLDEN_HASH
    assert list(Gazetteer.from_bytes(bytes.fromhex(GOLDEN))) == list(SMALL)
    assert cbor.decode(SMALL.to_bytes()) == {
        "format": 1,
        "source": "Invented",
        "valid_on": "2026-01-01",
        "languages": ["en", "ar"],
        "codes": "XT\nXT01",
        "levels": b"\x00\x01",
        "parents": b"\xff\xff\xff\xff\x00\x00\x00\x00",
        "names": ["Nardavia\nBay", "ناردافيا\n"],
        "also": "\nBai\tBey",
    }


def test_a_gazetteer_survives_its_bytes() -> None:
    places = gazetteer_files.training()
    again = Gazetteer.from_bytes(places.to_bytes())
    assert list(again) == list(places)
    assert again.to_bytes() == places.to_bytes()
    assert again.hash == places.hash
    assert len(places.hash) == 32
    assert [one.code for one in again.search("new m")] == [
        one.code for one in places.search("new m")
    ]
    assert "Place" not in repr(again)


def test_other_places_have_another_hash() -> None:
    assert SMALL.hash != gazetteer_files.training().hash


def changed(**columns: Any) -> bytes:
    return cbor.encode({**cbor.decode(SMALL.to_bytes()), **columns})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        SMALL.to_bytes()[:-1],
        SMALL.to_bytes() + b"\x00",
        cbor.encode([]),
        cbor.encode({"format": 1}),
        changed(format=2),
        changed(more="x"),
        changed(codes="XT"),
        changed(codes="XT01\nXT", levels=b"\x00\x00", parents=b"\xff" * 8),
        changed(codes="XT\nxt"),
        changed(codes="\n"),
        changed(codes="XT\nXT01\nXT02"),
        changed(codes=["XT", "XT01"]),
        changed(levels=b"\x00\x09"),
        changed(levels=b"\x01\x00"),
        changed(levels=b"\x00\x00"),
        changed(levels="\x00\x01"),
        changed(parents=b"\xff\xff\xff\xff\x00\x00\x00"),
        changed(parents=struct.pack(">2I", 0xFFFFFFFF, 1)),
        changed(parents=struct.pack(">2I", 0xFFFFFFFF, 2)),
        changed(parents=struct.pack(">2I", 1, 0xFFFFFFFF)),
        changed(names=["Nardavia\nBay"]),
        changed(names=["\nBay", "\n"]),
        changed(names=[]),
        changed(languages=["en", 5]),
        changed(languages=[], names=[]),
        changed(languages=["en"] * 9, names=["Nardavia\nBay"] * 9),
        changed(source=None),
        changed(valid_on=20260101),
        changed(also=""),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(GazetteerError) as caught:
        Gazetteer.from_bytes(data)
    assert caught.value.faults == ()


def test_what_is_newer_says_so() -> None:
    with pytest.raises(GazetteerError, match="update this program"):
        Gazetteer.from_bytes(changed(format=2))


def test_another_order_of_keys_is_not_the_same_bytes() -> None:
    body = cbor.decode(SMALL.to_bytes())
    pairs = [cbor.encode(key) + cbor.encode(body[key]) for key in reversed(list(body))]
    with pytest.raises(GazetteerError, match="not a place list"):
        Gazetteer.from_bytes(bytes([0xA0 | len(pairs)]) + b"".join(pairs))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_mutations_raise_only_the_one_error(data: st.DataObject) -> None:
    whole = bytearray(SMALL.to_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        again = Gazetteer.from_bytes(bytes(whole))
    except GazetteerError:
        return
    assert again.to_bytes() == bytes(whole)
    for place in again:
        assert again.path(place.code)[-1] == place
        again.search(place.name)


def test_too_many_bytes_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer_areas, "BYTE_LIMIT", 10)
    with pytest.raises(GazetteerError, match="not a place list"):
        Gazetteer.from_bytes(SMALL.to_bytes())


def test_a_place_costs_less_than_a_kilobyte() -> None:
    """So that fifty thousand stay below the 60 MB that a laptop of 4 GB can spare; about 600
    bytes each were measured."""
    data = gazetteer_files.read(("a.csv", invented_places.table(5, 8000))).to_bytes()
    tracemalloc.start()
    places = Gazetteer.from_bytes(data)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept / len(places) < 1000
