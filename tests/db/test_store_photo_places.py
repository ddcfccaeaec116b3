"""Photographs of a registry on PostgreSQL: in a table, in a folder, in an object store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from db.backup import restore
from db.errors import (
    DamagedStoreError,
    MissingPhotoError,
    NewerStoreError,
    PhotoPlaceError,
)
from db.objects import ObjectShelf, folder_url, place
from db.photos import PhotoStore
from db.sealing import Sealed
from db.store import Store
from tests.db.conftest import KEY
from tests.db.people import START

FACES = [bytes([number]) * 900 for number in range(20)]


@pytest.fixture(params=["folder", "memory"])
def photos(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PhotoStore]:
    """Sealed photographs, each in a place of its own."""
    url = folder_url(tmp_path / "photos") if request.param == "folder" else "memory:///photos"
    yield PhotoStore(ObjectShelf(url), Sealed(KEY), read_only=False)


def test_put_get_drop(photos: PhotoStore) -> None:
    hashes = photos.put_many(FACES)
    assert photos.put_many(FACES[:3]) == hashes[:3], "twice changes nothing"
    assert photos.count() == 20
    assert [photos.get(one) for one in hashes] == FACES
    wanted = [*reversed(hashes), bytes(32)]
    assert [data for _, data in photos.several(wanted)] == FACES[::-1]
    assert photos.size(hashes[0]) > 900 and photos.size(bytes(32)) == 0
    assert photos.missing([*hashes[:2], bytes(32)]) == [bytes(32)]
    names = list(photos.names())
    assert names == sorted(names) and len(names) == 20
    assert not set(names) & set(hashes), "a keyed hash, not that of the picture"
    assert sorted(photos.every()) == sorted(FACES)
    assert photos.drop([hashes[0], bytes(32)]) == 1
    with pytest.raises(MissingPhotoError):
        photos.get(hashes[0])


def test_a_folder_tells_nothing(tmp_path: Path) -> None:
    photos = PhotoStore(ObjectShelf(folder_url(tmp_path / "p")), Sealed(KEY), read_only=False)
    one, two = photos.put_many([b"a face, in plain words" * 9, b"another"])
    files = sorted(path for path in (tmp_path / "p").rglob("*") if path.is_file())
    assert len(files) == 2 and not any(b"face" in path.read_bytes() for path in files)
    first, second = (path.read_bytes() for path in files)
    files[0].write_bytes(second)
    files[1].write_bytes(first)
    for hash_ in (one, two):
        with pytest.raises(DamagedStoreError):
            photos.get(hash_)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "photos",
        "https://host/x",
        "s3://",
        "s3://user:word@bucket/x",
        "s3://bucket?key=1",
        "x:[",
    ],
)
def test_what_is_no_place(url: str) -> None:
    with pytest.raises(PhotoPlaceError):
        place(url)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(PhotoPlaceError) as error:
        shelf = ObjectShelf(folder_url(tmp_path / "taken"))
        shelf.put([(bytes(32), b"x")])
    assert str(tmp_path) not in str(error.value)


def test_a_store_with_its_photographs_elsewhere(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    """Sync 4 (i): photographs of a country outgrow a database."""
    folder, where = tmp_path / "office", folder_url(tmp_path / "photos")
    with Store.create_postgres(folder, new_database(), KEY, photos=where) as store:
        hashes = store.photos.put_many(FACES)
        with store._engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM photos")).scalar() == 0
    card = json.loads((folder / "store.json").read_text())
    assert (card["format"], card["photos"]) == (2, where)
    with Store.open(folder, KEY) as store:
        assert store.photos.get(hashes[3]) == FACES[3]
        store.backup(tmp_path / "backup", at=START)
    restore(tmp_path / "backup", tmp_path / "restored")
    with Store.open(tmp_path / "restored", KEY) as store:
        assert store.photos.count() == 20 and store.photos.get(hashes[5]) == FACES[5]


def test_photographs_stay_in_the_table_until_they_are_moved(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    folder, where = tmp_path / "office", folder_url(tmp_path / "photos")
    with Store.create_postgres(folder, new_database(), KEY) as store:
        hashes = store.photos.put_many(FACES)
        assert json.loads((folder / "store.json").read_text())["format"] == 1
    with Store.open(folder, KEY) as store:
        assert store.photos.get(hashes[0]) == FACES[0]
        assert store.move_photos(where) == 20
        assert store.photos.get(hashes[0]) == FACES[0]
    with Store.open(folder, KEY) as store:
        more = store.photos.put(b"new")
        assert store.photos.missing([*hashes, more]) == []
    assert len([path for path in (tmp_path / "photos").rglob("*") if path.is_file()]) == 21


def test_a_store_on_a_file_keeps_its_own(cipher: Store, tmp_path: Path) -> None:
    with pytest.raises(PhotoPlaceError):
        cipher.move_photos(folder_url(tmp_path / "photos"))


def test_a_card_of_a_later_form_is_refused(new_database: Callable[[], str], tmp_path: Path) -> None:
    Store.create_postgres(tmp_path / "office", new_database(), KEY).close()
    path = tmp_path / "office" / "store.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 3}))
    with pytest.raises(NewerStoreError):
        Store.open(tmp_path / "office", KEY)
