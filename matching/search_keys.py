"""Finding a person by name: keys for an index, keys for a query, and a score for the found.

Keys are short texts. ``t:`` a token in Latin letters (also searched by prefix), ``f:`` its folded
form, ``s:`` its skeleton, ``d:`` either of them with up to one letter taken out, ``p:`` an ordered
pair of skeletons. A store keeps each key with the person; a query asks for a few dozen, those
that end in ``*`` as prefixes, and prefers whom rare keys name. The pairs are what keeps two common
names cheap. See :func:`keys_for`, :func:`query_keys` and :mod:`matching.scoring`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise, permutations

from matching import folding, romanise
from matching import names as shapes
from matching.folding import deletions, skeleton
from matching.names import Form, Forms, Shape, joins, shape
from matching.romanise import words
from matching.scoring import score, scorer

__all__ = [
    "QUERY_KEYS",
    "forget",
    "keys_for",
    "query_keys",
    "score",
    "scorer",
    "search_tokens",
    "skeleton",
    "worth_scoring",
]

QUERY_KEYS = 44
"""Keys of one query at most; each costs the store a lookup."""

_PREFIX = "*"
_WORTH = 0.2
_AT_LEAST = 20
# Lengths of folded forms and of skeletons for which one wrong letter is looked up: of shorter
# ones too little is left, and of longer ones the skeleton serves.
_LETTERS = range(4, 9)
_CONSONANTS = range(5, 9)
_JOINED = 3  # least consonants of two parts written as one, else many parts of others meet them


def search_tokens(text: str) -> list[str]:
    """The parts of a name as lowercase Latin tokens, in order, each in its first reading."""
    return [part[0] for word in words(text) for part in word.parts]


def keys_for(names: Sequence[str]) -> frozenset[str]:
    """Every key under which a person with these names (in any scripts) is found."""
    return frozenset().union(*(_name_keys(name) for name in names))


@lru_cache(maxsize=1024)
def _name_keys(name: str) -> frozenset[str]:
    of = shape(name)
    keys = {f"t:{token}" for token in of.wholes if token}
    keys.update(_joins(of), *map(_part_keys, of.parts))
    for one, other in permutations(of.parts, 2):
        keys.update([f"p:{a.skeleton}+{b.skeleton}" for a in one for b in other])
    return frozenset(keys)


@lru_cache(maxsize=20_000)
def _part_keys(forms: Forms) -> frozenset[str]:
    """The keys of one part, which many names share."""
    keys: set[str] = set()
    for form in forms:
        keys.update((f"t:{form.token}", f"f:{form.folded}", f"s:{form.skeleton}"))
        keys.update([f"d:{near}" for near in _near(form)])
    return frozenset([key for key in keys if len(key) > 2])


def query_keys(query: str) -> list[str]:
    """The keys to look up for what was typed, at most :data:`QUERY_KEYS`, the telling ones first.

    A key that ends in ``*`` asks for all that begin with the rest: the last part typed is also
    taken for the beginning of one.
    """
    of = shape(query)
    if not of.parts:
        return []
    forms = [form for one in of.parts for form in one]
    keys = [f"t:{form.token}" for form in forms]
    keys += [f"{kind}:{of_kind}" for form in forms
             for kind, of_kind in (("f", form.folded), ("s", form.skeleton))]  # fmt: skip
    for one, other in pairwise(of.parts):
        keys += [f"p:{a.skeleton}+{b.skeleton}" for a in one for b in other]
    last = of.parts[-1][0]
    keys += [f"t:{token}{_PREFIX}" for token in (last.token, *of.wholes[-1:]) if len(token) > 1]
    if len(of.parts) > 1:
        keys.append(f"p:{of.parts[-2][0].skeleton}+{last.skeleton}{_PREFIX}")
    keys += _joins(of)
    for one in of.parts:
        keys += [f"d:{near}" for near in _near(one[0])]
    return [key for key in dict.fromkeys(keys) if len(key) > 2][:QUERY_KEYS]


def worth_scoring(weights: Sequence[float]) -> int:
    """How many of an index's candidates, heaviest first, are worth :func:`score`.

    A candidate's weight is the sum of what its matching keys say (for instance the inverse of the
    logarithm of how many persons have the key). Measured on 100,000 invented persons: those below
    a fifth of the heaviest hold one in a hundred of the right ones and cost three quarters of the
    time.
    """
    if not weights:
        return 0
    least = weights[0] * _WORTH
    return max(sum(weight >= least for weight in weights), min(_AT_LEAST, len(weights)))


def forget() -> None:
    """Drop every name and query that is kept in memory for speed; call it when a store locks."""
    for cache in (
        _name_keys,
        _part_keys,
        scorer,
        shapes.shape,
        shapes.forms,
        romanise.words,
        romanise.word,
        folding.fold,
        folding.skeleton,
        folding.variants,
    ):
        cache.cache_clear()


def _near(form: Form) -> list[str]:
    """What a part still shares with one that differs by one letter, or by one consonant."""
    near: set[str] = set()
    if len(form.folded) in _LETTERS:
        near |= deletions(form.folded)
    if len(form.skeleton) in _CONSONANTS:
        near |= deletions(form.skeleton)
    return sorted(near)


def _joins(of: Shape) -> list[str]:
    long = [form for form in joins(of) if len(form.skeleton) >= _JOINED]
    return [f"f:{form.folded}" for form in long] + [f"s:{form.skeleton}" for form in long]
