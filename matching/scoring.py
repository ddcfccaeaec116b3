"""How well a name answers a query, from 0 (not at all) to 1 (letter for letter).

Each part of the query is laid beside the part of the name that is most like it and still free,
in whatever order; parts that were written as one word, or one as two, count as found. The steps
between the levels are for sorting what an index found, not probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from matching.names import Form, Forms, Shape, joined, shape

_FOLDED = 0.96  # spelt otherwise, said alike
_SKELETON = 0.84  # the same consonants; the rest of the level is how alike the vowels are
_TYPO = 0.92  # of Jaro-Winkler, for parts that differ in consonants
_LEAST = 0.8  # of Jaro-Winkler: below it two parts share letters, not a name
_INITIAL = 0.75  # T. for Thi
_JOINED = 0.97  # of what two parts written as one are worth
_GOOD = 0.9  # from here on nothing else is tried
_UNASKED = 0.06  # of the score: how much of the name the query left out


def score(query: str, names: Sequence[str]) -> float:
    """How well the best of a person's ``names``, in any scripts, answers ``query``."""
    return scorer(query)(names)


@lru_cache(maxsize=4)
def scorer(query: str) -> Callable[[Sequence[str]], float]:
    """:func:`score` for one query and many persons; it remembers what it has compared."""
    asked = shape(query).parts
    if not asked:
        return _nobody
    ways = [_Asked(asked)]
    for at in range(len(asked) - 1):
        together = joined(asked[at], asked[at + 1])
        ways.append(_Asked((*asked[:at], together, *asked[at + 2 :])))

    def points(names: Sequence[str]) -> float:
        shapes = [of for name in names if (of := shape(name)).parts]
        best = max((ways[0].answered_by(of) for of in shapes), default=0.0)
        if best < _GOOD:
            for way in ways[1:]:
                best = max([best, *(_JOINED * way.answered_by(of) for of in shapes)])
        return best

    return points


def _nobody(names: Sequence[str]) -> float:
    return 0.0


class _Asked:
    """The parts of a query, with what each is worth and how like it each token seen so far is."""

    def __init__(self, parts: tuple[Forms, ...]) -> None:
        self._parts = parts
        self._weights = [2.0 + min(len(part[0].token), 8) for part in parts]
        self._total = sum(self._weights)
        self._seen: list[dict[str, float]] = [{} for _ in parts]

    def answered_by(self, of: Shape) -> float:
        free = list(range(len(of.parts)))
        points = 0.0
        used = 0
        for position, weight in enumerate(self._weights):
            best, first, width = 0.0, -1, 1
            for index in free:
                for form in of.parts[index]:
                    alike = self._alike(position, form)
                    if alike > best:
                        best, first = alike, index
            if best < _GOOD:
                # The joins of neighbours come first in a shape, one for each pair in order.
                for index in range(len(of.parts) - 1):
                    if index in free and index + 1 in free:
                        alike = _JOINED * self._alike(position, of.joins[index])
                        if alike > best:
                            best, first, width = alike, index, 2
            if first >= 0:
                points += weight * best
                used += width
                free = [index for index in free if not first <= index < first + width]
        asked_for = min(1.0, used / len(of.parts))
        return points / self._total * (1 - _UNASKED + _UNASKED * asked_for)

    def _alike(self, position: int, form: Form) -> float:
        seen = self._seen[position]
        known = seen.get(form.token)
        if known is None:
            last = position == len(self._parts) - 1
            known = max(_forms_alike(one, form, last=last) for one in self._parts[position])
            seen[form.token] = known
        return known


def _forms_alike(asked: Form, form: Form, *, last: bool) -> float:
    if asked.token == form.token:
        return 1.0
    if len(asked.token) == 1 or len(form.token) == 1:
        return _INITIAL if asked.token[0] == form.token[0] else 0.0
    if asked.folded == form.folded:
        return _FOLDED
    alike = float(JaroWinkler.normalized_similarity(asked.folded, form.folded))
    best = _TYPO * alike if alike >= _LEAST else 0.0
    if asked.skeleton == form.skeleton:
        best = max(best, _SKELETON + 0.1 * alike)
    if last and form.token.startswith(asked.token):
        best = max(best, 0.8 + 0.18 * len(asked.token) / len(form.token))
    return best
