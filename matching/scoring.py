"""How well a name answers a query, from 0 (not at all) to 1 (letter for letter).

Each part of the query is laid beside the part of the name that is most like it and still free,
in whatever order; parts that were written as one word, or one as two, count as found. The steps
between the levels are for sorting what an index found, not probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from matching.names import Form, Forms, Shape, join, shape

_FOLDED = 0.97  # spelt otherwise, said alike
_SKELETON, _VOWELS = 0.66, 0.31  # the same consonants; and how much the vowels add
_LETTERS = 0.25  # least share of letters alike as written: "zzzzqq" and "Sok" have one skeleton
_TYPO = 0.92  # of the likeness of parts that differ in consonants
_LEAST_START = 0.8  # of Jaro-Winkler: below it two parts share letters, not a name
_LEAST = 0.75  # of the mean with the share of letters that need no change
_INITIAL = 0.75  # T. for Thi
_BEGUN = 0.8  # the beginning of a part
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
    plain = _Asked(asked)
    together = [
        _Asked((*asked[:at], _joined(asked[at], asked[at + 1]), *asked[at + 2 :]), glued=at)
        for at in range(len(asked) - 1)
    ]

    def points(names: Sequence[str]) -> float:
        best = 0.0
        shapes = [of for name in names if (of := shape(name)).parts]
        for of in shapes:
            best = max(best, plain.answered_by(of))
        if best < _GOOD:
            for way in together:
                for of in shapes:
                    if way.may_be_in(of):
                        best = max(best, _JOINED * way.answered_by(of))
        return best

    return points


def _nobody(names: Sequence[str]) -> float:
    return 0.0


def _joined(one: Forms, other: Forms) -> Forms:
    return tuple([join(first, second) for first, second in zip(one, other, strict=False)])


class _Asked:
    """The parts of a query, with what each is worth and how like it each token seen so far is."""

    def __init__(self, parts: tuple[Forms, ...], *, glued: int = 0) -> None:
        weights = [2.0 + min(len(part[0].token), 8) for part in parts]
        self._total = sum(weights)
        self._parts = [
            _Part(part, weight, last=position == len(parts) - 1)
            for position, (part, weight) in enumerate(zip(parts, weights, strict=True))
        ]
        self._glued = self._parts[glued].start

    def may_be_in(self, of: Shape) -> bool:
        """Whether a part of the name begins as the parts written together do."""
        return any(part[0].skeleton[0] == self._glued for part in of.parts)

    def answered_by(self, of: Shape) -> float:
        """The score of one name."""
        free = list(enumerate(of.parts))
        points = 0.0
        used = 0
        for asked in self._parts:
            best, first, width = 0.0, -1, 1
            for index, forms in free:
                for form in forms:
                    alike = asked.like(form)
                    if alike > best:
                        best, first = alike, index
            if best < _GOOD and len(free) > 1:
                for (index, one), (after, other) in pairwise(free):
                    if after == index + 1 and one[0].skeleton[0] == asked.start:
                        alike = _JOINED * asked.like(join(one[0], other[0]))
                        if alike > best:
                            best, first, width = alike, index, 2
            if best < _GOOD and asked.last:
                for whole in of.wholes:
                    if (alike := _begun(asked.token, whole)) > best:
                        best, first, width = alike, 0, len(of.parts)
            if first >= 0:
                points += asked.weight * best
                used += width
                free = [one for one in free if not first <= one[0] < first + width]
        asked_for = min(1.0, used / len(of.parts))
        return points / self._total * (1 - _UNASKED + _UNASKED * asked_for)


class _Part:
    """One part of a query. It remembers what it was compared with."""

    __slots__ = ("_forms", "_seen", "last", "start", "token", "weight")

    def __init__(self, forms: Forms, weight: float, *, last: bool) -> None:
        self.weight = weight
        self.token = forms[0].token
        self.start = forms[0].skeleton[0]
        self._forms = forms
        self.last = last
        self._seen: dict[str, float] = {}

    def like(self, form: Form) -> float:
        known = self._seen.get(form.token)
        if known is None:
            known = max([_alike(one, form, last=self.last) for one in self._forms])
            self._seen[form.token] = known
        return known


@cache
def _measures() -> tuple[Callable[..., float], Callable[..., float]]:
    """Jaro-Winkler, and the share of letters that need no change, both from 0 to 1."""
    # Imported at the first search: they cost 20 ms, and saving a person needs only the keys.
    from rapidfuzz.distance import OSA, JaroWinkler

    return JaroWinkler.normalized_similarity, OSA.normalized_similarity


def _alike(asked: Form, form: Form, *, last: bool) -> float:
    if asked.token == form.token:
        return 1.0
    if asked.folded == form.folded:
        return _FOLDED
    if len(asked.token) == 1 or len(form.token) == 1:
        return _INITIAL if asked.token[0] == form.token[0] else 0.0
    start_alike, letters_alike = _measures()
    if asked.skeleton == form.skeleton and letters_alike(asked.token, form.token) >= _LETTERS:
        best = _SKELETON + _VOWELS * start_alike(asked.folded, form.folded)
    elif start := start_alike(asked.folded, form.folded, score_cutoff=_LEAST_START):
        mean = (start + letters_alike(asked.folded, form.folded)) / 2
        best = _TYPO * mean if mean >= _LEAST else 0.0
    else:
        best = 0.0
    return max(best, _begun(asked.token, form.token)) if last else best


def _begun(typed: str, token: str) -> float:
    """A part of which only the beginning was typed: the more of it, the better."""
    if not token.startswith(typed):
        return 0.0
    return _BEGUN + (_FOLDED - _BEGUN) * len(typed) / len(token)
