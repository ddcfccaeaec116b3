"""Finding a person by name: keys for an index, keys for a query, and a score for the found.

Keys are short texts. ``t:`` a token in Latin letters (also searched by prefix), ``f:`` its folded
form, ``s:`` its skeleton, ``d:`` its folded form with up to one letter taken out, ``p:`` an
ordered pair of skeletons. A store keeps each key with the person; a query asks for a few dozen,
those that end in ``*`` as prefixes, and prefers whom rare keys name. The pairs are what keeps two
common names cheap. See :func:`keys_for` and :func:`query_keys`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise, permutations

from rapidfuzz.distance import JaroWinkler

from matching.folding import deletions, fold, skeleton, variants
from matching.romanise import Part, Word, words

QUERY_KEYS = 44
"""Keys of one query at most; each costs the store a lookup."""

_PARTS = 8  # of one name; longer ones exist, and eight parts find them
_DELETED = range(4, 9)  # lengths of forms for which one wrong letter is looked up
_PREFIX = "*"
_ARTICLES = "al el ul ur ad as ar an az at ash bin ibn bint ben"
_PREPOSITIONS = "de da do dos das del della di la las los le van von der den e i y u"
_PARTICLES = frozenset(f"{_ARTICLES} {_PREPOSITIONS}".split())
"""Words that many names share and that are written or left out at will."""


def search_tokens(text: str) -> list[str]:
    """The parts of a name as lowercase Latin tokens, in order, each in its first reading."""
    return [part[0] for word in words(text) for part in word.parts]


def keys_for(names: Sequence[str]) -> frozenset[str]:
    """Every key under which a person with these names (in any scripts) is found."""
    keys: set[str] = set()
    for name in names:
        keys |= _name_keys(name)
    return frozenset(keys)


@lru_cache(maxsize=1024)
def _name_keys(name: str) -> frozenset[str]:
    found = words(name)
    parts = _telling(found)[:_PARTS]
    keys: set[str] = set()
    skeletons: list[list[str]] = []
    for part in parts:
        forms = _forms(part)
        for token in forms:
            folded = fold(token)
            keys |= {f"t:{token}", f"f:{folded}", f"s:{skeleton(token)}"}
            keys |= {f"d:{one}" for one in _near(token)}
        skeletons.append([skeleton(token) for token in forms])
    for one, other in permutations(skeletons, 2):
        keys |= {f"p:{first}+{second}" for first in one for second in other}
    for token in _joined(found, parts):
        keys |= {f"f:{fold(token)}", f"s:{skeleton(token)}"}
    for word in found:
        keys |= {f"t:{token}" for token in word.whole}
    return frozenset(key for key in keys if len(key) > 2)


def query_keys(query: str) -> list[str]:
    """The keys to look up for what was typed, at most :data:`QUERY_KEYS`.

    A key that ends in ``*`` asks for all that begin with the rest. The last part is also taken
    for the beginning of one.
    """
    found = words(query)
    parts = _telling(found)[:_PARTS]
    if not parts:
        return []
    exact: list[str] = []
    for part in parts:
        for token in _forms(part):
            exact += [f"t:{token}", f"f:{fold(token)}", f"s:{skeleton(token)}"]
    last = [f"t:{token}{_PREFIX}" for token in parts[-1] if len(token) > 1]
    last += [f"t:{token}{_PREFIX}" for word in found[-1:] for token in word.whole]
    pairs: list[str] = []
    for one, other in pairwise(parts):
        pairs += [f"p:{skeleton(a)}+{skeleton(b)}" for a in _forms(one) for b in _forms(other)]
    if len(parts) > 1:
        before, typed = skeleton(parts[-2][0]), skeleton(parts[-1][0])
        last.append(f"p:{before}+{typed}{_PREFIX}")
    joined = [f"{kind}:{make(token)}" for token in _joined(found, parts)
              for kind, make in (("f", fold), ("s", skeleton))]  # fmt: skip
    wrong: list[str] = []
    if len(parts) <= 2:
        for part in parts:
            wrong += [f"d:{one}" for one in sorted(_near(part[0]))]
    ordered = dict.fromkeys(exact + last + pairs + joined + wrong)
    return [key for key in ordered if len(key) > 2][:QUERY_KEYS]


def score(query: str, names: Sequence[str]) -> float:
    """How well the best of ``names`` answers ``query``: 0 not at all, 1 letter for letter."""
    return scorer(query)(names)


def scorer(query: str) -> Callable[[Sequence[str]], float]:
    """:func:`score` for one query and many persons."""
    asked = _telling(words(query))[:_PARTS]
    merged = [
        [*asked[:at], _glued(asked[at], asked[at + 1]), *asked[at + 2 :]]
        for at in range(len(asked) - 1)
    ]

    def points(names: Sequence[str]) -> float:
        best = 0.0
        for name in names:
            parts = _telling(words(name))[:_PARTS]
            if not parts:
                continue
            best = max(best, _aligned(asked, parts))
            for other in merged:
                if best >= 0.9:
                    break
                best = max(best, 0.97 * _aligned(other, parts))
        return best

    return points if asked else lambda names: 0.0


def _telling(found: Iterable[Word]) -> list[Part]:
    """The parts that tell people apart; all of them when none does."""
    parts = [part for word in found for part in word.parts if part and part[0]]
    return [part for part in parts if part[0] not in _PARTICLES] or parts


def _forms(part: Part) -> list[str]:
    return list(dict.fromkeys(form for token in part for form in variants(token)))


def _near(token: str) -> set[str]:
    """What a token still shares with one that differs by one letter, or by one consonant."""
    near: set[str] = set()
    for form in (fold(token), skeleton(token)):
        if len(form) in _DELETED:
            near |= deletions(form)
    return near


def _glued(one: Part, other: Part) -> Part:
    return tuple(first + second for first, second in zip(one, other, strict=False))


def _joined(found: Sequence[Word], parts: Sequence[Part]) -> list[str]:
    """Neighbouring parts as one token, and words of several parts as they would be written."""
    tokens = [one[0] + other[0] for one, other in pairwise(parts)]
    tokens += [token for word in found for token in word.whole if len(word.parts) != 2]
    return [token for token in dict.fromkeys(tokens) if len(skeleton(token)) > 2]


def _aligned(asked: Sequence[Part], parts: Sequence[Part]) -> float:
    """Each asked part against the best part still free; length gives weight."""
    free = list(range(len(parts)))
    joins = [_glued(one, other) for one, other in pairwise(parts)]
    total = points = 0.0
    used = 0
    for position, part in enumerate(asked):
        weight = 2.0 + min(len(part[0]), 8)
        total += weight
        last = position == len(asked) - 1
        best, which, width = 0.0, -1, 1
        for index in free:
            alike = _alike(part, parts[index], last)
            if alike > best:
                best, which, width = alike, index, 1
        if best < 0.9:
            for index, join in enumerate(joins):
                if index in free and index + 1 in free:
                    alike = 0.97 * _alike(part, join, last)
                    if alike > best:
                        best, which, width = alike, index, 2
        if which >= 0:
            points += weight * best
            used += width
            free = [index for index in free if not which <= index < which + width]
    return points / total * (0.94 + 0.06 * min(1.0, used / len(parts)))


@lru_cache(maxsize=50_000)
def _alike(asked: Part, part: Part, last: bool) -> float:
    return max(
        _tokens_alike(one, other, last)
        for token in asked
        for one in variants(token)
        for name in part
        for other in variants(name)
    )


def _tokens_alike(asked: str, token: str, last: bool) -> float:
    if asked == token:
        return 1.0
    if len(asked) == 1 or len(token) == 1:
        return 0.75 if asked[0] == token[0] else 0.0
    folded, other = fold(asked), fold(token)
    if folded == other:
        return 0.96
    alike = float(JaroWinkler.normalized_similarity(folded, other))
    best = 0.92 * alike if alike >= 0.8 else 0.0
    if skeleton(asked) == skeleton(token) and len(skeleton(asked)) > 1:
        best = max(best, 0.84 + 0.1 * alike)
    if last and token.startswith(asked):
        best = max(best, 0.8 + 0.18 * len(asked) / len(token))
    return best
