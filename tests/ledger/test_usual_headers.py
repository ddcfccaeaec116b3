"""Headers that are read in one go are those that are read field by field, and no others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import entry
from ledger.errors import EntryError
from ledger.fields import MapReader
from values import cbor

HASH = bytes(range(32))
GOOD: dict[int, Any] = {
    0: 1, 1: HASH[:16], 2: ["station", HASH[:16]], 3: HASH[:8], 4: 2, 5: HASH, 6: 1_700_000_000_000,
    7: None, 8: False, 9: HASH[:16], 10: HASH, 11: "person.registered",
    12: ["person", "1.0.0", HASH], 13: [HASH[:16], 0, 1], 14: ["person", HASH[:16]], 15: [HASH],
    16: HASH, 17: [],
}  # fmt: skip

inner = st.one_of(
    *(st.none(), st.just(HASH), st.just(HASH[:16]), st.text(max_size=3), st.integers(-1, 3)),
    *(st.booleans(), st.lists(st.none(), max_size=1)),
)
odd = st.one_of(
    *(st.none(), st.booleans(), st.integers(-(2**64), 2**64 - 1), st.floats(), st.just(HASH)),
    *(st.binary(max_size=33), st.text(max_size=70), st.just("station")),
    st.dictionaries(st.text(max_size=1), st.none(), max_size=1),
    st.lists(inner, max_size=4),
)


def by_field(value: dict[Any, Any]) -> entry.Header | str:
    try:
        return entry._any_header(MapReader(value, what="entry", error=EntryError))
    except EntryError as error:
        return error.code


def test_the_usual_one_is_read_in_one_go() -> None:
    for changed in ({}, {12: None}, {5: None, 4: 1}, {7: -3}, {17: [HASH]}, {15: []}):
        value = GOOD | changed
        assert entry._usual_header(value) == by_field(value) is not None


@settings(max_examples=600)
@given(st.sampled_from(sorted(GOOD)), odd, st.integers(0, 4), st.booleans())
def test_what_is_odd_is_read_or_refused_field_by_field(
    field: int, value: Any, place: int, inside: bool
) -> None:
    changed = dict(GOOD)
    if inside and isinstance(GOOD[field], list) and GOOD[field]:
        listed = list(GOOD[field])
        listed[place % len(listed)] = value
        changed[field] = listed
    else:
        changed[field] = value
    quick = entry._usual_header(changed)
    if quick is not None:
        assert quick == by_field(changed)
        assert repr(quick) == repr(by_field(changed)), "of the same types"


@pytest.mark.parametrize("change", ["more", "less", "order"])
def test_other_fields_are_no_usual_header(change: str) -> None:
    value: dict[Any, Any] = dict(GOOD)
    if change == "more":
        value[18] = 1
    elif change == "less":
        del value[17]
    else:
        value[0] = value.pop(0)
    assert entry._usual_header(value) is None
    assert entry._parse_header(cbor.encode(GOOD)) == by_field(GOOD)
