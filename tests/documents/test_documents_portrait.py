"""Faces in foreign bytes: what is shown, and that nothing else is even tried."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from documents import portrait
from tests.documents import builders

VECTORS = Path(__file__).parents[1] / "vectors" / "verifier" / "portraits.json"


PORTRAITS = json.loads(VECTORS.read_text("utf-8"))["portraits"]


@pytest.mark.parametrize("one", PORTRAITS, ids=lambda one: one["name"])
def test_what_is_shown_is_what_the_page_shows(one: dict[str, str]) -> None:
    shown = portrait.still(bytes.fromhex(one["bytes"]))
    assert (shown is not None) == (one["shown"] is not None)


def test_it_is_drawn_on_white_without_anything_of_the_file() -> None:
    shown = portrait.still(builders.portrait())
    assert shown is not None
    assert (shown.mode, shown.size, shown.info) == ("RGB", (720, 926), {})


def test_only_the_decoder_of_its_kind_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    really = Image.open

    def noted(source: object, *, formats: list[str]) -> Image.Image:
        asked.append(formats)
        return really(source, formats=formats)  # type: ignore[arg-type]  # a file, as above

    monkeypatch.setattr(Image, "open", noted)
    portrait.still(builders.portrait())
    portrait.still(b"<svg/>")
    assert asked == [["JPEG"]]
