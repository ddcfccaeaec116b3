"""Deterministic CBOR against the vectors of its format page, and the laws of the encoding."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from values import cbor
from values.cbor import (
    MAX_DEPTH,
    CborError,
    Tag,
    decode,
    decode_own,
    decode_sequence,
    encode,
    encode_own,
)

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "values" / "cbor.json").read_text(encoding="utf-8")
)


def from_json(value: Any) -> Any:
    """The stand-ins of the vector file as values."""
    match value:
        case {"bytes": str(text)}:
            return bytes.fromhex(text)
        case {"map": list(pairs)}:
            return {from_json(key): from_json(item) for key, item in pairs}
        case {"tag": [int(number), item]}:
            return Tag(number, from_json(item))
        case list(items):
            return [from_json(item) for item in items]
    return value


def named(kind: str) -> list[Any]:
    return [
        pytest.param(vector, id=vector.get("about") or vector["hex"]) for vector in VECTORS[kind]
    ]


keys = st.one_of(st.integers(-(2**64), 2**64 - 1), st.text(max_size=8), st.binary(max_size=8))
plain = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**64), 2**64 - 1),
        st.floats(allow_nan=False),
        st.text(),
        st.binary(),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(keys, inner, max_size=5)),
    max_leaves=20,
)


@pytest.mark.parametrize("vector", named("encode"))
def test_encodes_and_decodes_the_golden_vectors(vector: dict[str, Any]) -> None:
    value = from_json(vector["value"])
    data = bytes.fromhex(vector["hex"])
    assert encode(value) == data
    assert decode(data, tags=(18,)) == value


@pytest.mark.parametrize("vector", named("decode_only"))
def test_reads_what_others_write_less_strictly(vector: dict[str, Any]) -> None:
    assert decode(bytes.fromhex(vector["hex"])) == from_json(vector["value"])


@pytest.mark.parametrize("vector", named("refuse"))
def test_refuses(vector: dict[str, Any]) -> None:
    with pytest.raises(CborError):
        decode(bytes.fromhex(vector["hex"]))


@given(plain)
@settings(max_examples=100, deadline=None)
def test_round_trip(value: Any) -> None:
    assert decode(encode(value)) == value


@given(plain)
@settings(max_examples=100, deadline=None)
def test_another_library_reads_the_same(value: Any) -> None:
    assert cbor2.loads(encode(value)) == value


@given(st.dictionaries(keys, st.integers(), min_size=2, max_size=8), st.randoms())
@settings(max_examples=50, deadline=None)
def test_one_value_has_one_encoding(value: dict[Any, int], random: Any) -> None:
    value = {key: number % 100 for key, number in value.items()}
    items = list(value.items())
    random.shuffle(items)
    assert encode(dict(items)) == encode(value)


@given(st.lists(keys, unique_by=lambda key: (type(key), key), min_size=2, max_size=8))
@settings(max_examples=50, deadline=None)
def test_keys_stand_in_bytewise_order(some: list[Any]) -> None:
    encoded = [encode(key) for key in decode(encode(dict.fromkeys(some)))]
    assert encoded == sorted(encoded)


@given(st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_arbitrary_bytes_raise_nothing_else(data: bytes) -> None:
    try:
        value = decode(data)
    except CborError:
        return
    assert decode(encode(value)) == value or value != value


@given(plain, st.data())
@settings(max_examples=50, deadline=None)
def test_a_cut_item_is_refused(value: Any, data: st.DataObject) -> None:
    encoded = encode(value)
    cut = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(CborError):
        decode(encoded[:cut])


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 15, tzinfo=UTC),
        date(2026, 11, 15),
        {True: 1},
        {None: 1},
        {1.5: 1},
        {(1, 2): 1},
        {1, 2},
        2**64,
        -(2**64) - 1,
        "\ud800",
        {"\udc00": 1},
        Tag(-1, 0),
        object(),
        1j,
    ],
    ids=lambda value: "an object" if type(value) is object else repr(value),
)
def test_does_not_write(value: object) -> None:
    with pytest.raises(CborError):
        encode(value)


def test_nan_has_one_encoding() -> None:
    assert encode(float("nan")) == encode(-float("nan")) == bytes.fromhex("f97e00")


def test_tuples_are_written_as_arrays() -> None:
    assert encode((1, (2,))) == encode([1, [2]])


def test_depth_has_the_same_limit_both_ways() -> None:
    value: list[Any] = []
    for _ in range(MAX_DEPTH):
        value = [value]
    data = encode(value)
    assert decode(data) == value
    with pytest.raises(CborError, match="nested"):
        encode([value])
    with pytest.raises(CborError, match="nested"):
        decode(b"\x81" + data)


def test_depth_beyond_pythons_own_stack_is_refused_all_the_same() -> None:
    with pytest.raises(CborError, match="nested"):
        decode(b"\x81" * 100_000, max_depth=1_000_000, max_items=1_000_000)


def test_items_are_counted_over_the_whole_value() -> None:
    data = encode([[0] * 50, [0] * 50])
    assert decode(data, max_items=103)
    with pytest.raises(CborError):
        decode(data, max_items=102)


def test_a_tag_is_given_only_to_who_asks() -> None:
    data = encode(Tag(18, [b"", {}, b"", b""]))
    assert decode(data, tags={18}) == Tag(18, [b"", {}, b"", b""])
    with pytest.raises(CborError, match="tag 18"):
        decode(data)


def test_what_is_not_bytes_is_refused_as_cbor_too() -> None:
    with pytest.raises(CborError):
        decode("00")  # type: ignore[arg-type]  # the mistake under test


def test_a_sequence_gives_each_item() -> None:
    data = encode(1) + encode("two") + encode([3])
    assert list(decode_sequence(data)) == [1, "two", [3]]
    assert list(decode_sequence(b"")) == []


def test_a_sequence_gives_what_came_before_the_fault() -> None:
    items = decode_sequence(encode("good") + b"\xff")
    assert next(items) == "good"
    with pytest.raises(CborError):
        next(items)


def test_the_item_limit_of_a_sequence_is_per_item() -> None:
    data = encode([0, 0]) * 10
    assert len(list(decode_sequence(data, max_items=3))) == 10


@given(plain)
@settings(max_examples=50, deadline=None)
def test_the_quick_reader_of_our_own_store_reads_the_same(value: Any) -> None:
    assert decode_own(encode(value)) == decode(encode(value))


@pytest.mark.parametrize(
    "data", ["", "1901", "62c328", "a201020103", "9f01ff", "81" * 20 + "00"], ids=str
)
def test_the_quick_reader_says_so_when_the_store_is_damaged(data: str) -> None:
    with pytest.raises(CborError):
        decode_own(bytes.fromhex(data))


@given(plain)
@settings(max_examples=100)
def test_what_the_store_keeps_comes_back(value: Any) -> None:
    kept = decode_own(encode_own(value))
    assert encode(kept) == encode(value)


@given(st.one_of(plain.map(encode), plain.map(cbor2.dumps), st.binary(max_size=40)))
@settings(max_examples=300)
def test_the_quick_way_of_reading_says_the_same(data: bytes) -> None:
    """Usual bytes are read by the library's C code, which must never take what is refused here;
    with a tag expected the slow way is taken, which refuses or reads the rest as without."""

    def read(**more: Any) -> object:
        try:
            return encode(decode(data, **more))
        except CborError:
            return None

    assert read() == read(tags=(1 << 40,))


@pytest.mark.parametrize(
    "hex_",
    [
        "c11a514b67b0",  # a moment
        "c24105",  # a small number as a large one
        "d9d9f701",  # "this is CBOR"
        "d81c8101", "d81d00",  # shared values
        "d8236161",  # a regular expression
        "d90100816161",  # a table of strings
        "d825500102030405060708090a0b0c0d0e0f10",  # a UUID
        "8201d90102816161",  # a set, inside
        "0101", "f7", "e0", "9f01ff", "a2616101616102",
    ],
)  # fmt: skip
def test_the_quick_way_takes_no_tag_and_nothing_odd(hex_: str) -> None:
    with pytest.raises(CborError):
        decode(bytes.fromhex(hex_))


@given(plain, st.integers(0, 2**32), st.binary(max_size=3), st.booleans())
def test_the_quick_reader_takes_what_the_strict_one_takes(
    value: Any, place: int, other: bytes, usual: bool
) -> None:
    """Damaged in one place, or cut, or with more behind it: both give the same, or nothing."""
    whole = encode(value) if usual else cbor2.dumps(value)
    at = place % (len(whole) + 1)
    for data in (whole, whole[:at], whole[:at] + other + whole[at + 1 :], whole + other):
        if len(data) > cbor.MAX_ITEMS:
            continue
        found = cbor._usual(data)
        if found is cbor._UNUSUAL:
            continue
        reader = cbor._Reader(data, max_depth=MAX_DEPTH, max_items=cbor.MAX_ITEMS, tags=())
        assert repr(found) == repr(reader.item(0)) and reader.at == len(data)


@pytest.mark.parametrize("head", ["81", "82", "9f", "a1", "41", "61", "83"])
def test_what_follows_is_no_part_of_an_item(head: str) -> None:
    """An item that wants more than its bytes have does not take what the reader puts behind."""
    for data in (bytes.fromhex(head), bytes.fromhex("81" + head), bytes.fromhex("01" + head)):
        with pytest.raises(CborError):
            decode(data)
