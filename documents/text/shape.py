"""Shaping: an item becomes glyphs with places, by HarfBuzz.

Direction, script and language are stated, never guessed: a guess from the first characters is
how digits and mixed names go wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import uharfbuzz

from documents.text.faces import Face
from documents.text.itemise import Item

# HarfBuzz merges a base and its marks into one cluster (0), or keeps characters apart (1).
_GRAPHEMES = uharfbuzz.BufferClusterLevel.MONOTONE_GRAPHEMES
_CHARACTERS = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph in its face's units. `start` to `end` are the characters it stands for, in the
    whole text; the other glyphs of one cluster stand for none."""

    index: int
    start: int
    end: int
    advance: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Run:
    """A shaped item; `glyphs` run from left to right."""

    face: Face
    level: int
    start: int
    end: int
    glyphs: tuple[Glyph, ...]

    def width(self, size: float) -> float:
        """Width in points at a font size in points."""
        return sum(glyph.advance for glyph in self.glyphs) * self.face.scale(size)


def shape(text: str, item: Item, language: str) -> Run:
    """Shape one item of `text`; what stands around it is seen, so that Arabic joins across."""
    raw = _shaped(text, item.start, item.end, item.face, item.script, item.level % 2, language)
    return Run(item.face, item.level, item.start, item.end, _with_extents(raw, item))


@lru_cache(maxsize=512)
def _shaped(
    text: str, start: int, end: int, face: Face, script: str, rtl: int, language: str
) -> tuple[tuple[int, int, int, int, int], ...]:
    buffer = uharfbuzz.Buffer()
    buffer.cluster_level = _CHARACTERS if rtl else _GRAPHEMES
    codes = [ord(char) for char in text]
    buffer.add_codepoints(codes, item_offset=start, item_length=end - start)
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.script = script
    buffer.language = language or "en"
    uharfbuzz.shape(face.hb_font, buffer)
    return tuple(
        (info.codepoint, info.cluster, place.x_advance, place.x_offset, place.y_offset)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    )


def _with_extents(raw: Sequence[tuple[int, int, int, int, int]], item: Item) -> tuple[Glyph, ...]:
    """Give the first glyph of each cluster, in reading order, the cluster's characters."""
    starts = sorted({cluster for _, cluster, *_ in raw})
    ends = dict(zip(starts, [*starts[1:], item.end], strict=True))
    logical = range(len(raw) - 1, -1, -1) if item.level % 2 else range(len(raw))
    glyphs: list[Glyph | None] = [None] * len(raw)
    seen: set[int] = set()
    for at in logical:
        index, cluster, advance, x, y = raw[at]
        end = cluster if cluster in seen else ends[cluster]
        seen.add(cluster)
        glyphs[at] = Glyph(index, cluster, end, advance, x, y)
    return tuple(glyph for glyph in glyphs if glyph is not None)
