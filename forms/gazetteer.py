"""The places of an operation by P-code: what is chosen from while a place of origin is typed.

A gazetteer is read from the tables that OCHA publishes (:mod:`forms.gazetteer_files`), is kept as
bytes in an office's store, and is searched in memory. It never changes: new boundaries are a new
gazetteer, and what was chosen from the old one keeps its P-code and its words.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from forms.gazetteer_areas import UNKNOWN_LANGUAGE, Areas, GazetteerError
from forms.gazetteer_index import NameIndex, fold, index

__all__ = ["UNKNOWN_LANGUAGE", "Gazetteer", "GazetteerError", "Place"]

_HASH_DOMAIN = b"waystation/gazetteer/1\0"
_COMMA = re.compile("[,\u060c\u3001\uff0c]")
# Hebrew writes the comma of Latin script; these scripts, from right to left too, write their own.
_ARABIC_COMMA = re.compile(
    "[\u0600-\u07bf\u0860-\u08ff\ufb50-\ufdff\ufe70-\ufeff\U00010d00-\U00010d3f]"
)
_NOBODY = -1
_AROUND = 1000
"""Areas looked into for what stands after a comma: far more than have one name."""


@dataclass(frozen=True, slots=True)
class Place:
    """An administrative area. ``level`` 0 is a country; ``parent`` is a P-code, or empty.

    ``name`` is the one in the gazetteer's first language that it has, ``names`` has all by BCP 47
    tag (``und`` where the source does not say the language), ``also`` other names it goes by.
    """

    code: str
    name: str
    level: int
    parent: str = ""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    also: tuple[str, ...] = ()

    def name_in(self, language: str) -> str:
        """The name in a language (a BCP 47 tag), or in the nearest one that it has."""
        tag = language.casefold().replace("_", "-")
        while tag:
            if tag in self.names:
                return self.names[tag]
            tag = tag.rpartition("-")[0]
        return self.name


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """All places of an operation, in memory. Made by :func:`forms.gazetteer_files.read` or
    :meth:`from_bytes`. Places are numbered by rank: larger areas first, then by name."""

    areas: Areas = field(repr=False)
    _order: array[int] = field(init=False, repr=False)  # rank to place in the columns
    _ranks: array[int] = field(init=False, repr=False)  # and back
    _number: array[int] = field(init=False, repr=False)  # by rank: from the outer to the inner
    _last: array[int] = field(init=False, repr=False)  # by rank: the last number inside it
    _names: NameIndex = field(init=False, repr=False)
    _codes: Sequence[str] = field(init=False, repr=False)  # sorted, in capitals
    _code_ranks: array[int] = field(init=False, repr=False)
    _roots: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        areas = self.areas
        folded = _folded(areas)
        order = sorted(
            range(len(areas.codes)),
            key=lambda one: (areas.levels[one], folded[one][0], areas.codes[one]),
        )
        ranks = array("i", bytes(4 * len(order)))
        for rank, one in enumerate(order):
            ranks[one] = rank
        number, last = _nested(areas, order, ranks)
        codes = [code if code.isupper() else code.upper() for code in areas.codes]
        by_code = sorted(range(len(codes)), key=codes.__getitem__)
        for name, value in {
            "_order": array("I", order),
            "_ranks": ranks,
            "_number": number,
            "_last": last,
            "_names": index(filter(None, folded[one]) for one in order),
            "_codes": [codes[one] for one in by_code],
            "_code_ranks": array("I", (ranks[one] for one in by_code)),
            "_roots": sum(parent is None for parent in areas.parents),
        }.items():
            object.__setattr__(self, name, value)  # frozen, and these follow from the columns

    @property
    def source(self) -> str:
        """Where the places come from, in words."""
        return self.areas.source

    @property
    def valid_on(self) -> str:
        """The day on which the source says they hold, as an ISO date; empty when it does not."""
        return self.areas.valid_on

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the names, as BCP 47 tags; the first is the fallback."""
        return self.areas.languages

    @property
    def hash(self) -> bytes:
        """SHA-256 of the content, by which two offices know that they have the same places."""
        return hashlib.sha256(_HASH_DOMAIN + self.to_bytes()).digest()

    def to_bytes(self) -> bytes:
        """For an office's store: deterministic CBOR."""
        return self.areas.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Gazetteer:
        """Read what :meth:`to_bytes` wrote. Raises :class:`GazetteerError` for anything else."""
        return cls(Areas.from_bytes(data))

    def __len__(self) -> int:
        return len(self.areas.codes)

    def __iter__(self) -> Iterator[Place]:
        return (self._place(rank) for rank in range(len(self)))

    def __contains__(self, pcode: object) -> bool:
        return isinstance(pcode, str) and self._rank(pcode) is not None

    def search(self, typed: str, *, limit: int = 12, within: str | None = None) -> list[Place]:
        """At most ``limit`` places that ``typed`` may begin to name, the best first.

        A P-code as a whole, then a whole name, a name that begins so, a word of a name that begins
        so, a P-code that begins so (when ``typed`` has a digit); among equals the larger area
        first. Only when nothing is found, a word with one wrong letter. After a comma an area may
        follow, as :meth:`label` writes it. ``within`` looks only inside the area of that P-code.
        """
        inside = None if within is None else self._inside([self._rank(within)])
        name, *areas = _COMMA.split(typed)
        for area in filter(None, map(fold, areas)):
            found = self._inside(self._names.starting(area, _AROUND))
            inside = found if inside is None else bytes(map(min, inside, found))
        wanted = fold(name)
        if not wanted or limit < 1:
            return []
        return [self._place(rank) for rank in self._search(wanted, name.strip(), limit, inside)]

    def by_code(self, pcode: str) -> Place | None:
        """The place with this P-code, whatever its case, or None."""
        rank = self._rank(pcode)
        return None if rank is None else self._place(rank)

    def path(self, pcode: str) -> tuple[Place, ...]:
        """The place and the areas around it, the outermost first; empty for an unknown P-code."""
        rank = self._rank(pcode)
        found: list[Place] = []
        one = None if rank is None else self._order[rank]
        while one is not None:
            found.append(self._place(self._ranks[one]))
            one = self.areas.parents[one]
        return tuple(reversed(found))

    def label(self, place: Place, language: str = "en") -> str:
        """The place with the areas around it, ``Baidoa, Bay``. The outermost is left out when
        there is only one such: every place of the operation lies in it."""
        path = self.path(place.code) or (place,)
        around = path[1:] if self._roots == 1 and len(path) > 1 else path
        names = [one.name_in(language) for one in reversed(around)]
        return ("، " if _ARABIC_COMMA.match(names[0]) else ", ").join(names)

    def _search(self, wanted: str, typed: str, limit: int, inside: bytes | None) -> list[int]:
        spans = None if inside is None else (self._number, inside)

        def within(ranks: list[int]) -> list[int]:
            if inside is None:
                return ranks
            return [rank for rank in ranks if inside[self._number[rank]]]

        code = self._rank(typed)
        found = within([code] if code is not None else [])
        found += within(self._names.exact(wanted))
        found += self._names.starting(wanted, limit + len(found), spans)
        if any(char.isdigit() for char in typed):
            found += within(self._with_code(typed))
        if not found:
            found = self._names.misspelt(wanted, limit, spans)
        return list(dict.fromkeys(found))[:limit]

    def _inside(self, around: Iterable[int | None]) -> bytes:
        """Which numbers lie inside one of these areas; the areas themselves do not."""
        marked = bytearray(len(self) + 1)
        for rank in around:
            if rank is not None:
                first, last = self._number[rank], self._last[rank]
                marked[first + 1 : last + 1] = b"\1" * (last - first)
        return bytes(marked)

    def _with_code(self, start: str) -> list[int]:
        start = start.upper()
        low = bisect_left(self._codes, start)
        high = bisect_left(self._codes, start + "\U0010ffff", low)
        return sorted(self._code_ranks[low:high])

    def _rank(self, pcode: str) -> int | None:
        code = pcode.upper()
        at = bisect_left(self._codes, code)
        return self._code_ranks[at] if self._codes[at : at + 1] == [code] else None

    def _place(self, rank: int) -> Place:
        one = self._order[rank]
        areas = self.areas
        names = {
            language: column[one]
            for language, column in zip(areas.languages, areas.names, strict=True)
            if column[one]
        }
        parent = areas.parents[one]
        return Place(
            code=areas.codes[one],
            name=next(iter(names.values())),
            level=areas.levels[one],
            parent="" if parent is None else areas.codes[parent],
            names=MappingProxyType(names),
            also=tuple(areas.also[one].split("\t")) if areas.also[one] else (),
        )


def _folded(areas: Areas) -> list[list[str]]:
    """Every name of every place as it is searched for, the one it is shown by first."""
    found = [[fold(name) for name in names if name] for names in zip(*areas.names, strict=True)]
    for one, also in enumerate(areas.also):
        if also:
            found[one] += [fold(name) for name in also.split("\t")]
    return found


def _nested(
    areas: Areas, order: Sequence[int], ranks: Sequence[int]
) -> tuple[array[int], array[int]]:
    """Number the places so that all inside an area follow it without a gap."""
    inner: dict[int, list[int]] = {}
    for rank, one in enumerate(order):
        parent = areas.parents[one]
        inner.setdefault(_NOBODY if parent is None else ranks[parent], []).append(rank)
    number, last = array("I", bytes(4 * len(order))), array("I", bytes(4 * len(order)))
    count = 0
    waiting = [(rank, False) for rank in reversed(inner[_NOBODY])]
    while waiting:
        rank, done = waiting.pop()
        if done:
            last[rank] = count
            continue
        count += 1
        number[rank] = count
        waiting.append((rank, True))
        waiting += [(child, False) for child in reversed(inner.get(rank, ()))]
    return number, last
