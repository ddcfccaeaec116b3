"""Catalogues are found by language tag, and a language without one reads English."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

import resources
from resources import i18n


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of catalogues in place of the shipped ones."""
    for folder, text in (("fa", "نام"), ("fa_AF", "نوم")):
        place = tmp_path / "i18n" / folder / "LC_MESSAGES"
        place.mkdir(parents=True)
        catalog = Catalog(locale=folder)
        catalog.add("Name", text)
        if folder == "fa":
            catalog.add("Sex", "جنس")
        buffer = io.BytesIO()
        write_mo(buffer, catalog)
        (place / "waystation.mo").write_bytes(buffer.getvalue())
    (tmp_path / "i18n" / "ps").mkdir()
    monkeypatch.setattr(resources, "path", lambda name: tmp_path / name)
    i18n.translation.cache_clear()
    i18n.languages.cache_clear()
    yield tmp_path
    i18n.translation.cache_clear()
    i18n.languages.cache_clear()


def test_a_tag_falls_back_part_by_part(shipped: Path) -> None:
    assert i18n.translation("fa").gettext("Name") == "نام"
    assert i18n.translation("fa-AF").gettext("Name") == "نوم"
    assert i18n.translation("fa-AF").gettext("Sex") == "جنس"
    assert i18n.translation("fa-IR").gettext("Name") == "نام"
    assert i18n.translation("fa-AF").gettext("Birth") == "Birth"


@pytest.mark.parametrize("tag", ["en", "xx", "", "../fa", "fa/AF", "ps"])
def test_a_language_without_catalogue_reads_the_source(shipped: Path, tag: str) -> None:
    assert i18n.translation(tag).gettext("Name") == "Name"


def test_languages_are_those_with_a_catalogue(shipped: Path) -> None:
    assert i18n.languages() == ("en", "fa", "fa-AF")


def test_resources_are_named_by_the_source_only() -> None:
    assert resources.read_text("codes/sex.csv").startswith("# title")
    for name in ("../pyproject.toml", "codes//sex.csv", "", "/etc/hostname"):
        with pytest.raises(ValueError, match="not the name of a resource"):
            resources.path(name)
    with pytest.raises(FileNotFoundError):
        resources.read_bytes("codes/nothing.csv")
