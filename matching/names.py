"""A name as the forms by which its parts are compared."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from matching.folding import bones, fold, skeleton, variants
from matching.romanise import Part, words

PARTS = 8
"""Parts of one name that count; longer names exist, and eight parts find them."""

_CACHE = 4096  # names: several searches' worth of candidates

_ARTICLES = "al el ul ur ad as ar an az at ash bin ibn bint ben"
_PREPOSITIONS = "de da do dos das del della delos di la las los le van von der den e i y u"
PARTICLES = frozenset(f"{_ARTICLES} {_PREPOSITIONS}".split())
"""Words that many names share and that are written or left out at will."""


class Form(NamedTuple):
    """One way to read one part of a name."""

    token: str
    folded: str
    skeleton: str


Forms = tuple[Form, ...]
"""The ways to read one part, the usual one first."""


class Shape(NamedTuple):
    """What is compared of a name: its telling parts, and its words of several parts as they are
    written (in Latin letters, not folded)."""

    parts: tuple[Forms, ...]
    wholes: tuple[str, ...]


@lru_cache(maxsize=_CACHE)
def shape(name: str) -> Shape:
    """The shape of a name in any script; no parts when it holds no letters."""
    found = words(name)
    parts = [part for word in found for part in word.parts]
    telling = [part for part in parts if part[0] not in PARTICLES] or parts
    return Shape(
        tuple([forms(part) for part in telling[:PARTS]]),
        tuple([token for word in found for token in word.whole]),
    )


def joins(of: Shape) -> list[Form]:
    """Its neighbouring parts as one word each, then its words of several parts."""
    found = [join(one[0], other[0]) for one, other in pairwise(of.parts)]
    return found + [_form(token) for token in of.wholes]


def join(one: Form, other: Form) -> Form:
    """Two parts written as one word."""
    folded = one.folded + other.folded.removeprefix("h")
    return Form(one.token + other.token, folded, bones(folded))


@lru_cache(maxsize=_CACHE)
def forms(part: Part) -> Forms:
    """The ways to read one part, with the spellings of each."""
    tokens = dict.fromkeys(form for token in part for form in variants(token))
    return tuple(_form(token) for token in tokens)


def _form(token: str) -> Form:
    return Form(token, fold(token), skeleton(token))
