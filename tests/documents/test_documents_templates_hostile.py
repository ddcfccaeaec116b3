"""Templates from any hand: each is refused with its place and a remedy, or it can be used."""

from __future__ import annotations

import copy
import io
import struct
import tomllib
import zlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from PIL import Image

from documents.errors import TemplateError
from documents.templates.library import faults
from documents.templates.library import shipped as every
from documents.templates.model import Template
from documents.templates.reading import read
from forms.library import catalogue
from values.text import BIDI_CONTROLS, has_control

SHIPPED = {
    entry.name: entry.read_text("utf-8")
    for entry in files("documents.templates").iterdir()
    if entry.name.endswith(".toml")
}
SLIP = SHIPPED["appointment.toml"]


def _form(name: str) -> Any:
    try:
        return catalogue().form(name)
    except KeyError:
        return None


def told(tmp_path: Path, **contents: str | bytes) -> list[str]:
    """What `faults` tells of a folder of these files."""
    for name, data in contents.items():
        stem, _, ending = name.rpartition("_")
        raw = data if isinstance(data, bytes) else data.encode()
        (tmp_path / f"{stem}.{ending}").write_bytes(raw)
    return [f"{one.path} {one.remedy}" for one in faults(tmp_path)]


def _id(name: str, id_: str) -> str:
    return SHIPPED[f"{name}.toml"].replace(f'id = "{name}"', f'id = "{id_}"')


def _asking(name: str) -> str:
    return SLIP.replace('"day"', f'"{name}"').replace("asked.day", f"asked.{name}")


def _wording(text: str) -> str:
    return f'[sentences.provisional]\nen = "{text}"\n'


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        end = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + end

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b""))


@pytest.mark.parametrize(
    ("contents", "place"),
    [
        # An id means one thing, to the program and to readers elsewhere.
        ({"a_toml": _id("registration", "household")}, "about"),
        ({"a_toml": _id("registration", "blank")}, "about"),
        ({"a_toml": _id("registration", "record")}, "about"),
        ({"a_toml": _id("household", "registration")}, "about"),
        ({"a_toml": _id("household", "camp_household")}, "id"),
        ({"a_toml": _id("blank", "camp_blank")}, "id"),
        ({"a_toml": _id("record", "camp_record")}, "id"),
        ({"a_toml": _id("registration", "birth")}, "about"),
        # What is asked is called nothing that says something else.
        ({"a_toml": _asking("holder")}, "asks[1].name"),
        ({"a_toml": _asking("expires")}, "asks[1].name"),
        ({"a_toml": _asking("x_latin")}, "asks[1].name"),
        ({"a_toml": SLIP.replace('"place"', '"day"').replace(', "asked.place"', "")}, "asks[2]"),
        # Numbers that are none.
        ({"a_toml": SLIP.replace("version", "days = " + "9" * 5000 + "\nversion", 1)}, "the file"),
        ({"a_toml": SLIP, "wording_toml": "x = " + "9" * 5000}, "the file"),
        ({"a_toml": SLIP.replace("parts = [1.5,", "parts = [nan,")}, "blocks"),
        ({"a_toml": SLIP.replace("parts = [1.5,", "parts = [inf,")}, "blocks"),
        ({"a_toml": SLIP.replace("parts = [1.5,", "parts = [1e-300,")}, "blocks"),
        ({"a_toml": SLIP.replace("parts = [1.5,", f"parts = [1{'0' * 400},")}, "blocks"),
        # What nobody sees.
        ({"a_toml": SLIP, "wording_toml": _wording("a\\u0000b")}, "sentences.provisional.en"),
        ({"a_toml": SLIP, "wording_toml": _wording("a\\u202Eb")}, "sentences.provisional.en"),
        ({"a_toml": SLIP, "wording_toml": _wording("a\\u2028b")}, "sentences.provisional.en"),
        ({"a_toml": SLIP, "wording_toml": '[texts.""]\nfr = "x"\n'}, "texts."),
        ({"a_toml": SLIP.replace('label = "Day and hour"', 'label = ""')}, "asks[1].label"),
        ({"a_toml": SLIP.replace('label = "Day and hour"', 'label = "\\u200b"')}, "asks[1].label"),
        ({"a_toml": SLIP.replace('title = "', 'title = "\\u202E', 1)}, "title"),
        ({"a_toml": SLIP.replace('title = "', 'title = "\\u0085', 1)}, "title"),
        ({"a_toml": SLIP + '\n"\\u001b[2J" = 1\n'}, "blocks"),
        # Pictures of more than they hold.
        ({"a_toml": SLIP, "logo_png": _png(30_000, 30_000)}, "the picture"),
        ({"a_toml": SLIP, "logo_png": _png(10_000, 10_000)}, "the picture"),
        ({"a_toml": SLIP, "logo_png": _png(0, 5)}, "the picture"),
    ],
)  # fmt: skip
def test_it_is_refused_with_its_place(
    tmp_path: Path, contents: dict[str, str | bytes], place: str
) -> None:
    (fault,) = told(tmp_path, **contents)
    assert fault.startswith(place)
    assert fault.isprintable() and len(fault) < 400


def test_what_ships_passes(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "navy").save(out, "PNG")
    contents = {name.replace(".", "_"): text for name, text in SHIPPED.items()}
    assert told(tmp_path, **contents, logo_png=out.getvalue()) == []


TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "card", "household", "asked.day", "holder.birth", "code", "\u202e", "\0", "x" * 500]
    ),
)
ANY = st.recursive(
    st.one_of(
        TEXTS, st.booleans(), st.integers(), st.integers(min_value=10**30),
        st.floats(), st.dates(), st.datetimes(), st.times(),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in the values of a file."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


@hypothesis(max_examples=400, deadline=None)
@given(data=st.data())
def test_any_value_at_any_place_is_refused_or_read(data: st.DataObject) -> None:
    values = copy.deepcopy(tomllib.loads(SHIPPED[data.draw(st.sampled_from(sorted(SHIPPED)))]))
    *way, last = data.draw(st.sampled_from(list(places(values))))
    table: Any = values
    for step in way:
        table = table[step]
    what = data.draw(st.sampled_from(["put", "leave out", "beside"]))
    if what == "put":
        table[last] = data.draw(ANY)
    elif what == "leave out":
        del table[last]
    elif isinstance(table, dict):
        table[data.draw(TEXTS)] = data.draw(ANY)
    else:
        table.append(data.draw(ANY))
    try:
        made = read(values, "a.toml", form=_form)
    except TemplateError as error:
        assert error.path and error.remedy
        assert str(error).isprintable() and len(str(error)) < 700
    else:
        printable(made)


def printable(made: Template) -> None:
    """What of a template reaches a page can be set there."""
    labels = [made.title, *(one.label for one in made.asks)]
    assert all(labels)
    for text in (*labels, made.summary, *(one.title for one in made.blocks)):
        assert not has_control(text) and not set(text) & set(BIDI_CONTROLS)
    for block in made.blocks:
        assert all(0.1 <= share <= 20 for share in block.parts)
    assert made.about == every().templates.get(made.id, made).about or made.id in every().templates
