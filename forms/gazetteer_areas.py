"""The areas of a gazetteer as columns, and their bytes.

Columns, because fifty thousand small objects would cost a station more than the places are worth.
``docs/formats/places.md`` is normative for the bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forms.errors import FormsError
from values import cbor

__all__ = [
    "LANGUAGE_LIMIT",
    "LEVEL_LIMIT",
    "PLACE_LIMIT",
    "UNKNOWN_LANGUAGE",
    "Area",
    "Areas",
    "Fault",
    "GazetteerError",
]

PLACE_LIMIT = 200_000
"""Areas; the countries with the most have about 85,000, and an operation spans a few countries."""
LEVEL_LIMIT = 5
"""The deepest level: no common data set of OCHA goes below it."""
LANGUAGE_LIMIT = 8
"""Languages; a common data set has at most four, and an operation spans a few countries."""
BYTE_LIMIT = 64 * 1024 * 1024
"""As many areas as are allowed, with names in four languages, have about 20 MiB."""
UNKNOWN_LANGUAGE = "und"
"""BCP 47 for a name whose language the file does not say."""

_FORMAT = 1
_NO_PARENT = 0xFFFFFFFF
_UNREADABLE = "This is not a place list of this program. Import the places again from their file."


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file: the row as a spreadsheet counts it (0: the whole file), and what
    to mend."""

    file: str
    row: int
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}, row {self.row}" if self.row else self.file
        return f"{where}: {self.remedy}"


class GazetteerError(FormsError):
    """A place list cannot be used. ``faults`` say where to mend it; there are none when bytes are
    not a place list at all. The offices show the sentence and import nothing."""

    def __init__(self, sentence: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__("gazetteer", sentence)
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Area:
    """One area: its P-code, level (0 is a country), parent's P-code (empty when it has none),
    names by language, and other names it is found by."""

    code: str
    level: int
    parent: str
    names: Mapping[str, str]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas by level and P-code, each column a sequence of the same length.

    ``parents`` are places in the columns, or None. ``names`` has a column for each of
    ``languages``, with empty texts where an area has no name; the first language names an area
    where a reader's language does not. ``valid_on`` is an ISO date, or empty.
    """

    source: str
    valid_on: str
    languages: tuple[str, ...]
    codes: Sequence[str] = field(repr=False)
    levels: bytes = field(repr=False)
    parents: Sequence[int | None] = field(repr=False)
    names: Sequence[Sequence[str]] = field(repr=False)
    also: Sequence[str] = field(repr=False)

    @classmethod
    def of(
        cls, areas: Iterable[Area], languages: Sequence[str], *, source: str, valid_on: str
    ) -> Areas:
        """Columns of areas whose parents are all among them, one level or more above."""
        ordered = sorted(areas, key=lambda area: (area.level, area.code))
        places = {area.code: place for place, area in enumerate(ordered)}
        return cls(
            source=source,
            valid_on=valid_on,
            languages=tuple(languages),
            codes=[area.code for area in ordered],
            levels=bytes(area.level for area in ordered),
            parents=[places[area.parent] if area.parent else None for area in ordered],
            names=[[area.names.get(one, "") for area in ordered] for one in languages],
            also=["\t".join(area.also) for area in ordered],
        )

    def to_bytes(self) -> bytes:
        """Deterministic: the same areas, the same bytes."""
        parents = [_NO_PARENT if one is None else one for one in self.parents]
        return cbor.encode(
            {
                "format": _FORMAT,
                "source": self.source,
                "valid_on": self.valid_on,
                "languages": list(self.languages),
                "codes": "\n".join(self.codes),
                "levels": self.levels,
                "parents": struct.pack(f">{len(parents)}I", *parents),
                "names": ["\n".join(column) for column in self.names],
                "also": "\n".join(self.also),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Areas:
        """Read what :meth:`to_bytes` wrote. Raises :class:`GazetteerError` for anything else."""
        if len(data) > BYTE_LIMIT:
            raise GazetteerError(_UNREADABLE)
        try:
            areas = cls._read(cbor.decode(data, max_items=100))
        except (cbor.CborError, struct.error, LookupError, TypeError, AttributeError) as error:
            raise GazetteerError(_UNREADABLE) from error
        if not areas._sound() or areas.to_bytes() != data:
            raise GazetteerError(_UNREADABLE)
        return areas

    @classmethod
    def _read(cls, body: Any) -> Areas:
        if body["format"] != _FORMAT:
            raise GazetteerError("The places are in a newer form; update this program.")
        packed = body["parents"]
        return cls(
            source=body["source"],
            valid_on=body["valid_on"],
            languages=tuple(body["languages"]),
            codes=body["codes"].split("\n"),
            levels=body["levels"],
            parents=[
                None if one == _NO_PARENT else one
                for one in struct.unpack(f">{len(packed) // 4}I", packed)
            ],
            names=[column.split("\n") for column in body["names"]],
            also=body["also"].split("\n"),
        )

    def _sound(self) -> bool:
        """Whether the columns fit together: what the index and the paths rely on."""
        count = len(self.codes)
        order = list(zip(self.levels, self.codes, strict=False))
        return (
            0 < count <= PLACE_LIMIT
            and isinstance(self.levels, bytes)
            and 0 < len(self.names) == len(self.languages) <= LANGUAGE_LIMIT
            and all(isinstance(one, str) for one in (self.source, self.valid_on, *self.languages))
            and len(self.levels) == len(self.parents) == len(self.also) == count
            and all(len(column) == count for column in self.names)
            and max(self.levels) <= LEVEL_LIMIT
            and order == sorted(order)
            and all(self.codes)
            and len({code.upper() for code in self.codes}) == count
            and all(any(names) for names in zip(*self.names, strict=True))
            and all(
                parent is None or (parent < count and self.levels[parent] < level)
                for parent, level in zip(self.parents, self.levels, strict=True)
            )
        )
