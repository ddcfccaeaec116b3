"""The contract of the photo store, on every engine."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest

from db.errors import MissingPhotoError, PhotoTooLargeError
from db.photos import MAX_BYTES
from db.store import Store

CHANCE = random.Random(5)
PICTURES = [CHANCE.randbytes(size) for size in (1, 20_000, 60_000)]


def test_photos_come_back_by_their_hash(store: Store) -> None:
    """Sync 1 (n): photographs outweigh all records, and go through every check with them."""
    hashes = store.photos.put_many(PICTURES)
    assert hashes == [sha256(picture).digest() for picture in PICTURES]
    assert store.photos.put(PICTURES[0]) == hashes[0]
    assert [store.photos.get(one) for one in hashes] == PICTURES
    assert store.photos.count() == 3
    assert sorted(store.photos.every()) == sorted(PICTURES)
    assert len(list(store.photos.names())) == 3
    assert store.photos.size(hashes[1]) >= 20_000
    assert store.photos.total_size(hashes) >= 80_001
    assert store.photos.sound(hashes[0])


def test_what_is_not_there(store: Store) -> None:
    (here,) = store.photos.put_many(PICTURES[:1])
    absent = bytes(32)
    assert store.photos.missing([absent, here]) == [absent]
    assert store.photos.size(absent) == 0
    assert not store.photos.sound(absent)
    with pytest.raises(MissingPhotoError):
        store.photos.get(absent)
    assert store.photos.put_many([]) == []


def test_dropping(store: Store) -> None:
    first, second, _ = store.photos.put_many(PICTURES)
    assert store.photos.drop([first, bytes(32)]) == 1
    assert store.photos.drop([]) == 0
    assert store.photos.missing([first, second]) == [first]


def test_too_large_keeps_none(store: Store) -> None:
    with pytest.raises(PhotoTooLargeError):
        store.photos.put_many([PICTURES[0], bytes(MAX_BYTES + 1)])
    assert store.photos.count() == 0
    store.photos.put(bytes(MAX_BYTES))


def test_several_are_read_at_once_in_their_order(store: Store) -> None:
    data = [bytes([number]) * 900 for number in range(70)]
    names = store.photos.put_many(data)
    wanted = [*reversed(names), b"\x00" * 32]
    assert list(store.photos.several(wanted)) == list(
        zip(reversed(names), reversed(data), strict=True)
    )
    assert list(store.photos.several([])) == []
