"""What is recorded about a person, printed for that person."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from station.my_data import print_my_data
from tests.places import Site, listing, row
from workspace import auditing
from workspace.errors import NotAllowedError, RefusedError


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_everything_but_what_is_sealed_is_told(site: Site) -> None:
    site.take_in(
        listing(
            row("H-1", "head", "Banin Orlok", sex="M", needs="SV-VF DS-BD"),
            row("H-1", "child", "Tarun Orlok"),
        )
    )
    with site.at_station("officer") as session:
        with session.store.read() as reader:
            person = next(one for one in reader.views("person") if one.values.get("needs"))
        told = text_of(print_my_data(session, person.id, language="en"))
        assert "What is recorded about you" in told
        assert "Banin Orlok" in told and "Tarun Orlok" in told and person.number in told
        assert "sealed" in told and "violence" not in told.casefold()
        arabic = print_my_data(session, person.id, language="ar")
        assert arabic.startswith(b"%PDF") and arabic != b""
        with pytest.raises(RefusedError):
            print_my_data(session, person.id, language="klingon!")
    with site.at_station("administrator") as session:
        assert [line.act for line in auditing.read(session)][:2] == ["my_data.printed"] * 2
        with pytest.raises(NotAllowedError):
            print_my_data(session, person.id, language="en")


def test_a_language_without_words_gives_way_to_ours(site: Site) -> None:
    site.take_in(listing(row("H-1", "head", "Banin Orlok", sex="M")))
    with site.at_station("officer") as session:
        with session.store.read() as reader:
            person = next(iter(reader.views("person")))
        told = text_of(print_my_data(session, person.id, language="apc", otherwise="fr"))
        assert "Imprimé le" in told
