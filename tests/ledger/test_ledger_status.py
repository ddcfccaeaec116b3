from __future__ import annotations

import zlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import StatusError
from ledger.status import SIZE, StatusIndex, StatusList, list_uri
from tests.ledger.builders import uuid
from values.identifiers import OfficeId
from values.secret import Secret

KEY = Secret(bytes(range(32)))


def test_bits_are_counted_from_the_least_significant() -> None:
    # The example of the IETF Token Status List: statuses 1,0,0,1,1,1,0,1 are 0xb9.
    status = StatusList.empty().revoked([0, 3, 4, 5, 7])
    assert status.bits[0] == 0xB9
    assert [status.is_revoked(i) for i in range(9)] == [
        True, False, False, True, True, True, False, True, False,
    ]  # fmt: skip
    assert status.count() == 5


def test_revoking_leaves_the_former_list_alone() -> None:
    empty = StatusList.empty()
    assert empty.revoked([SIZE - 1]).is_revoked(SIZE - 1)
    assert not empty.is_revoked(SIZE - 1)


@pytest.mark.parametrize("index", [-1, SIZE, 2**40])
def test_indices_outside_the_list_are_refused(index: int) -> None:
    with pytest.raises(StatusError) as fault:
        StatusList.empty().is_revoked(index)
    assert fault.value.code == "index"
    with pytest.raises(StatusError):
        StatusList.empty().revoked([index])


@settings(max_examples=30)
@given(st.sets(st.integers(0, SIZE - 1), max_size=200))
def test_compression_loses_nothing(indices: set[int]) -> None:
    status = StatusList.empty().revoked(indices)
    assert StatusList.from_compressed(status.compressed()) == status
    assert status.count() == len(indices)


BAD = {
    "empty": (b"", "size"),
    "no zlib": (b"not compressed", "compressed"),
    "short": (zlib.compress(bytes(SIZE // 8 - 1)), "size"),
    "long": (zlib.compress(bytes(SIZE // 8 + 1)), "size"),
    "a bomb": (zlib.compress(bytes(50_000_000)), "size"),
    "cut": (zlib.compress(bytes(SIZE // 8))[:-4], "size"),
    "trailing": (zlib.compress(bytes(SIZE // 8)) + b"x", "size"),
}


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD.keys())
def test_bad_lists(data: bytes, code: str) -> None:
    with pytest.raises(StatusError) as fault:
        StatusList.from_compressed(data)
    assert fault.value.code == code


def test_the_index_is_a_permutation() -> None:
    index = StatusIndex(KEY)
    # The whole domain takes seconds; no repetition and no bias among 4,096 says enough.
    found = [index.index(counter) for counter in range(4096)]
    assert len(set(found)) == 4096
    assert all(0 <= i < SIZE for i in found)
    assert 0.45 < sum(found) / len(found) / SIZE < 0.55
    assert sum(b - a == 1 for a, b in pairwise(found)) < 4


def test_the_permutation_is_the_keys() -> None:
    one, other = StatusIndex(KEY), StatusIndex(Secret(bytes(32)))
    assert [one.index(i) for i in range(8)] == [one.index(i) for i in range(8)]
    assert [one.index(i) for i in range(8)] != [other.index(i) for i in range(8)]


@pytest.mark.parametrize("counter", [-1, SIZE])
def test_an_epoch_runs_out(counter: int) -> None:
    with pytest.raises(StatusError) as fault:
        StatusIndex(KEY).index(counter)
    assert fault.value.code == "exhausted"


def test_the_last_counter_has_an_index() -> None:
    assert 0 <= StatusIndex(KEY).index(SIZE - 1) < SIZE


def test_the_key_has_32_bytes_and_is_not_shown() -> None:
    with pytest.raises(StatusError):
        StatusIndex(Secret(b"short"))
    assert "01" not in repr(StatusIndex(KEY)).replace("0x", "").split(" at ")[0]


def test_uris_are_short_and_differ() -> None:
    office = OfficeId(uuid("office"))
    uri = list_uri(office, b"epoch--1")
    assert uri.startswith("urn:wst:")
    assert len(uri) == 20
    assert uri != list_uri(office, b"epoch--2")
    assert uri != list_uri(OfficeId(uuid("other")), b"epoch--1")
