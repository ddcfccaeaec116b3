"""Registering a family by interview: once, whole, and only when it is complete."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from station import drafts, printing
from station.register import ProblemsError, register, take_photo
from tests.faults.test_erased_and_sealed import family, picture
from tests.places import Site
from workspace import care
from workspace.errors import NotAllowedError, RefusedError


def test_a_family_is_registered_and_its_draft_is_gone(site: Site) -> None:
    with site.at_station("officer") as session:
        drafts.save(session, "d1", family(""))
        assert [row.title for row in drafts.list_drafts(session)] == ["Bela Velin"]
        done = register(session, "d1", family(""))
        assert len(done.persons) == 2
        assert drafts.list_drafts(session) == []
        with pytest.raises(RefusedError):
            drafts.load(session, "d1")
        assert care.check(session).problems == ()


def test_a_button_pressed_twice_registers_once(site: Site) -> None:
    """MOSIP 971: a button pressed again and again reaches the receipt without what was to be
    captured."""
    with site.at_station("officer") as session:
        register(session, "d1", family(""))
        with pytest.raises(RefusedError) as refused:
            register(session, "d1", family(""))
        assert refused.value.code == "registered_already"
        with session.store.read() as reader:
            assert reader.counts().households == 1


def test_a_blank_form_is_typed_in_once_and_its_number_is_kept(site: Site) -> None:
    with site.at_station("officer") as session:
        _, (number, other) = printing.blank_sheets(session, 2, language="en")
        draft = family("").from_sheet(number.lower().replace("-", " "))
        assert type(draft).from_json(draft.to_json()) == draft
        done = register(session, "d1", draft)
        with session.store.read() as reader:
            view = reader.registration(done.registration)
        assert view is not None and view.source == {"way": "interview", "sheet": number}
        with pytest.raises(RefusedError) as refused:
            register(session, "d2", family("").from_sheet(number))
        assert refused.value.code == "sheet_taken"
        household = "WST-A01-K7Q-H00001-74"
        for wrong in (number[:-1], household, "12", "XXX" + number[3:]):
            with pytest.raises(RefusedError) as refused:
                register(session, "d3", family("").from_sheet(wrong))
            assert refused.value.code == "sheet"
        register(session, "d4", family("").from_sheet(other))


def test_what_is_incomplete_registers_nobody(site: Site) -> None:
    """MOSIP 971: a button pressed again and again reaches the receipt without what was to be
    captured."""
    draft = family("")
    broken = draft.with_value("m1", "birth", {"text": "2031-01-01", "calendar": "gregorian"})
    with site.at_station("officer") as session:
        with pytest.raises(ProblemsError) as refused:
            register(session, "d1", broken)
        assert refused.value.problems
        with session.store.read() as reader:
            assert reader.counts().persons == 0


@pytest.mark.parametrize("user", ["supervisor", "administrator", "auditor"])
def test_only_officers_register(site: Site, user: str) -> None:
    with site.at_station(user) as session:
        for act in (
            lambda: register(session, "d1", family("")),
            lambda: drafts.save(session, "d1", family("")),
            lambda: drafts.list_drafts(session),
            lambda: take_photo(session, picture()),
        ):
            with pytest.raises(NotAllowedError):
                act()


def test_a_photo_leaves_its_metadata_behind(site: Site) -> None:
    plain = Image.effect_noise((800, 900), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "CANARY camera"
    made = BytesIO()
    plain.save(made, "JPEG", exif=exif, comment=b"CANARY comment")
    with site.at_station("officer") as session:
        stored = session.photo(bytes.fromhex(take_photo(session, made.getvalue())))
    assert stored is not None and len(stored) <= 60_000
    assert b"CANARY" not in stored


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff\xe0 no photo", b"x" * 100_000])
def test_what_is_no_photo_is_refused(site: Site, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(data)
    with site.at_station("officer") as session:
        for source in (data, path, tmp_path, tmp_path / "none", Path(os.devnull)):
            with pytest.raises(RefusedError) as refused:
                take_photo(session, source)
            assert refused.value.code == "photo"
        assert session.store.photos.count() == 0
