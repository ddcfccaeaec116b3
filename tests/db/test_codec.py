"""Views as bytes: exactly what the fold made comes back, and nothing else is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Literal, NewType
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.codec import ViewCodecError, decode, encode, millis, moment
from ledger.views import PersonView
from tests.db.people import START, Office, views_of
from values import cbor

Key = NewType("Key", UUID)
Digest = NewType("Digest", bytes)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Leaf:
    key: Key
    colour: Colour


@dataclass(frozen=True)
class Tree:
    id: Key
    at: datetime
    day: date | None
    digests: tuple[Digest, ...]
    pair: tuple[str, int]
    leaves: tuple[Leaf, ...]
    tags: frozenset[str]
    by_key: Mapping[Key, datetime]
    values: Mapping[str, Any]
    way: Literal["in", "out"]
    listed: Sequence[int]
    mutable: list[int]
    child: Tree | None = None
    extra: str = "late"
    either: str | int | None = None
    hidden: dict[str, int] = field(default_factory=dict)


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.binary(max_size=8) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
keys = st.uuids().map(Key)
times = st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
leaves = st.builds(Leaf, key=keys, colour=st.sampled_from(Colour))


def trees(depth: int = 1) -> st.SearchStrategy[Tree]:
    return st.builds(
        Tree,
        id=keys,
        at=times,
        day=st.none() | st.dates(),
        digests=st.lists(st.binary(min_size=4, max_size=4).map(Digest), max_size=3).map(tuple),
        pair=st.tuples(st.text(), st.integers(0, 9)),
        leaves=st.lists(leaves, max_size=2).map(tuple),
        tags=st.frozensets(st.text(max_size=3), max_size=3),
        by_key=st.dictionaries(keys, times, max_size=2),
        values=st.dictionaries(st.text(), plain, max_size=3),
        way=st.sampled_from(["in", "out"]),
        listed=st.lists(st.integers(0, 9), max_size=3).map(tuple),
        mutable=st.lists(st.integers(0, 9), max_size=3),
        child=st.none() if depth == 0 else st.none() | trees(depth - 1),
        either=st.none() | st.text() | st.integers(0, 9),
    )


@given(trees())
def test_what_goes_in_comes_out(tree: Tree) -> None:
    assert decode(Tree, encode(tree)) == tree


@given(st.binary(max_size=60))
def test_other_bytes_are_refused_in_one_way(data: bytes) -> None:
    with pytest.raises(ViewCodecError):
        decode(Tree, data)


def test_fields_of_a_later_version_are_left_aside() -> None:
    raw = cbor.decode(encode(Leaf(Key(UUID(int=1)), Colour.RED)))
    later = cbor.encode(raw | {"weight": 3})
    assert decode(Leaf, later) == Leaf(Key(UUID(int=1)), Colour.RED)
    with pytest.raises(ViewCodecError):
        decode(Leaf, cbor.encode(raw | {"colour": "plaid"}))
    del raw["key"]
    with pytest.raises(ViewCodecError):
        decode(Leaf, cbor.encode(raw))


def test_a_field_with_a_default_may_be_missing() -> None:
    (view, *_) = (one for one in views_of(Office().household()) if isinstance(one, PersonView))
    raw = cbor.decode(encode(view))
    del raw["links"]
    assert decode(PersonView, cbor.encode(raw)) == view


def test_the_encoding_is_deterministic() -> None:
    for view in views_of(Office().household()):
        data = encode(view)
        assert data == cbor.encode(cbor.decode(data))
        assert encode(decode(type(view), data)) == data


@dataclass(frozen=True)
class Odd:
    both: UUID | datetime


@dataclass(frozen=True)
class Odder:
    call: complex


def test_shapes_that_views_may_not_have() -> None:
    with pytest.raises(TypeError):
        encode(Odd(START))
    with pytest.raises(TypeError):
        encode(Odder(1j))


@given(times)
def test_moments_are_milliseconds(at: datetime) -> None:
    assert abs((moment(millis(at)) - at).total_seconds()) < 0.001
    assert moment(millis(START)) == START
