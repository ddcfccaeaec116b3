"""Reading places from the tables that OCHA publishes: CSV and XLSX.

Strict, because a wrong P-code sends help and statistics to the wrong district: one code with two
names, an area without the area around it, or text in another encoding is refused with the file,
the row and what to mend. ``docs/formats/places.md`` is normative.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from unicodedata import is_normalized

import resources
from forms.gazetteer import Gazetteer
from forms.gazetteer_areas import (
    LANGUAGE_LIMIT,
    LEVEL_LIMIT,
    PLACE_LIMIT,
    UNKNOWN_LANGUAGE,
    Area,
    Areas,
    Fault,
)
from forms.gazetteer_columns import LevelColumns, TableColumns, table_columns
from forms.gazetteer_sheets import Row, Sheet, refused, sheets
from forms.suspicion import is_seen
from values.text import clean, has_control

__all__ = ["read", "training"]

FAULT_LIMIT = 20
"""Faults told at once: who mends these sees whether there are more."""
NAME_LIMIT = 200
"""Characters of a name; more is a cell that swallowed its neighbours."""

_PCODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,19}")  # as long as a form's answer may be
_DAY = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ].*)?")
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
_OTHERS = re.compile("[;|]")
_LEVEL = re.compile("[0-9]{1,2}")


def read(*files: tuple[str, bytes], source: str = "") -> Gazetteer:
    """The places in these files, each given with its name: one country's, or several for people
    who crossed a border. ``source`` says in words where they come from; else the files do.

    Raises :class:`~forms.gazetteer.GazetteerError`, whose ``faults`` name file, row and remedy.
    """
    reading = _Reading()
    sources = [reading.file(name, data) for name, data in files]
    return reading.gazetteer(source or "; ".join(dict.fromkeys(sources)))


@cache
def training() -> Gazetteer:
    """The places of the invented country in which training is done."""
    return read(("training.csv", resources.read_bytes("places/training.csv")))


@dataclass(slots=True)
class _Found:
    """An area as it was first met: where, and the cells it was told by."""

    code: str
    level: int
    parent: str
    names: dict[str, str]
    also: dict[str, None]
    file: str
    row: int
    cells: object


_Level = tuple[int, LevelColumns, Callable[[Sequence[str]], object]]
"""A level, where it stands in a row, and what picks its cells out of one."""


@dataclass(slots=True)
class _Reading:
    """What was read so far, by P-code in capitals."""

    found: dict[str, _Found] = field(default_factory=dict)
    languages: dict[str, None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    valid_on: str = ""
    _file: str = ""
    _row: int = 0
    _told_day: str = ""

    def file(self, name: str, data: bytes) -> str:
        """Take in a file, and give its source in words."""
        known, source = False, name
        for sheet in sheets(name, data):
            rows = iter(sheet.rows)
            header = next(rows, (0, ()))[1]
            columns = table_columns(header)
            if columns is not None:
                known = True
                source = sheet.comments.get("source", name)
                self._sheet(sheet, len(header), columns, rows)
        if not known:
            remedy = "the first row must name the columns, P-codes too: ADM1_EN, ADM1_PCODE"
            raise refused([Fault(name, 0, remedy)])
        return source

    def gazetteer(self, source: str) -> Gazetteer:
        """All that was read. Raises an error that tells the faults in it."""
        for one in self.found.values():
            self._check(one)
        if len(self.languages) > LANGUAGE_LIMIT:
            self._fault(f"leave at most {LANGUAGE_LIMIT} languages in it", row=0)
        if not self.found:
            self._fault("there are no places in it; choose another file", row=0)
        if self.faults:
            raise refused(self.faults[:FAULT_LIMIT], more=len(self.faults) > FAULT_LIMIT)
        areas = (
            Area(one.code, one.level, self._code(one.parent), one.names, tuple(one.also))
            for one in self.found.values()
        )
        return Gazetteer(
            Areas.of(areas, tuple(self.languages), source=source, valid_on=self.valid_on)
        )

    def _sheet(self, sheet: Sheet, width: int, columns: TableColumns, rows: Iterable[Row]) -> None:
        self._file = sheet.name
        levels = [
            (level, one, itemgetter(*_places(one))) for level, one in sorted(columns.levels.items())
        ]
        for self._row, given in rows:
            cells = _fitted(given, width)
            first = next(filter(None, cells), "")
            if not first or (first[0] == "#" and all(cell[:1] in ("", "#") for cell in cells)):
                continue  # empty, or the tags of HXL
            if len(cells) > width:
                self._fault("there are more cells than the header has; mend the row")
            elif columns.plain:
                self._plain(columns, cells)
            else:
                self._wide(columns, cells, levels)
            if columns.valid >= 0:
                self._day(cells[columns.valid])
            if len(self.faults) > FAULT_LIMIT:
                raise refused(self.faults[:FAULT_LIMIT], more=True)
            if len(self.found) > PLACE_LIMIT:
                self._fault(f"there are more than {PLACE_LIMIT} places; leave countries out", row=0)
                raise refused(self.faults[-1:])

    def _wide(self, columns: TableColumns, cells: Sequence[str], levels: Sequence[_Level]) -> None:
        """A row that names an area and those around it, which most rows only repeat."""
        parent, gap = "", -1
        for level, one, told in levels:
            code = cells[one.code]
            if not code:
                gap = level if gap < 0 else gap
                if any(cells[place] for place in _places(one)):
                    self._fault(f"the area of level {level} has a name and no P-code; add it")
                    return
                continue
            if gap >= 0:
                self._fault(f"the P-code of level {gap} is missing; add the area around {code}")
                return
            seen, known = told(cells), self.found.get(code.upper())
            if not known or known.cells != seen or known.parent != parent:
                self._area(code, level, parent, one, columns, cells, seen)
            parent = code

    def _day(self, text: str) -> None:
        if text != self._told_day:
            self._told_day = text
            if day := _DAY.fullmatch(text):
                self.valid_on = max(self.valid_on, "-".join(day.groups()))

    def _plain(self, columns: TableColumns, cells: Sequence[str]) -> None:
        """A row that is one area."""
        level, one = cells[columns.level], columns.levels[-1]
        if not cells[one.code]:
            self._fault("the area has no P-code; add it")
        elif not _LEVEL.fullmatch(level) or int(level) > LEVEL_LIMIT:
            self._fault(f"write the level as a number from 0 to {LEVEL_LIMIT}")
        else:
            self._area(
                cells[one.code], int(level), cells[columns.parent], one, columns, cells, None
            )

    def _area(
        self,
        code: str,
        level: int,
        parent: str,
        one: LevelColumns,
        columns: TableColumns,
        cells: Sequence[str],
        told: object,
    ) -> None:
        known = self.found.get(code.upper())
        names = self._names(one, columns, cells)
        also = {
            self._text(name): None
            for place in one.also
            for name in map(str.strip, _OTHERS.split(cells[place]))
            if name
        }
        if known is None:
            if not _PCODE.fullmatch(code) or level > LEVEL_LIMIT:
                self._fault(
                    f"{code[:20]} is no P-code of a level up to {LEVEL_LIMIT}; write at most 20"
                    " Latin letters and digits"
                )
            elif not names:
                self._fault(f"{code} has no name; add it")
            else:
                self.found[code.upper()] = _Found(
                    code, level, parent, names, also, self._file, self._row, told
                )
                self.languages.update(dict.fromkeys(names))
            return
        before = "in this row" if self._row == known.row else f"in row {known.row}"
        if known.file != self._file:
            before = f"in {known.file}, row {known.row}"
        if (known.code, known.level) != (code, level):
            self._fault(
                f"{code} is level {level} here, and {known.code} is level {known.level} {before};"
                " give each area a P-code of its own"
            )
        elif known.parent.upper() != parent.upper():
            self._fault(
                f"{code} lies in {parent or 'nothing'} here and in {known.parent or 'nothing'}"
                f" {before}; write the same"
            )
        for tag, name in names.items():
            if known.names.setdefault(tag, name) != name:
                self._fault(
                    f"{code} is called “{name}” here and “{known.names[tag]}” {before};"
                    " give it one name"
                )
            self.languages.setdefault(tag)
        known.also.update(also)

    def _names(
        self, one: LevelColumns, columns: TableColumns, cells: Sequence[str]
    ) -> dict[str, str]:
        found: dict[str, str] = {}
        for tag, place in one.names:
            if cells[place]:
                found.setdefault(tag, self._text(cells[place]))
        for number, place in one.numbered:
            if cells[place]:
                at = columns.languages.get(number, -1)
                tag = cells[at].casefold().replace("_", "-") if at >= 0 else ""
                tag = tag if _TAG.fullmatch(tag) else UNKNOWN_LANGUAGE
                found.setdefault(tag, self._text(cells[place]))
        return found

    def _text(self, name: str) -> str:
        """A name fit to keep; what cannot be one is a fault."""
        plain = name.isprintable() and is_normalized("NFC", name)
        cleaned = name if plain else clean(name).text
        if not is_seen(cleaned):
            self._fault("a name in this row has nothing that can be seen; write it, or clear it")
        elif len(cleaned) > NAME_LIMIT:
            self._fault(f"a name has more than {NAME_LIMIT} characters; mend the row")
        elif (not plain and has_control(cleaned)) or "\ufffd" in cleaned or _mangled(cleaned):
            shown = "".join(char for char in cleaned if char.isprintable())[:40]
            self._fault(f"“{shown}” is in a wrong encoding; export the table again as UTF-8")
        return cleaned

    def _check(self, one: _Found) -> None:
        """A plain list may name the area around before or after, so it is looked up at the end."""
        around = self.found.get(one.parent.upper())
        if not one.parent:
            return
        if around is None:
            remedy = f"{one.code} lies in {one.parent}, which is not in the file; add it"
        elif around.level >= one.level:
            remedy = f"{one.code} of level {one.level} lies in {around.code} of level" + (
                f" {around.level}; mend the level"
            )
        else:
            return
        self.faults.append(Fault(one.file, one.row, remedy))

    def _code(self, code: str) -> str:
        """A parent's P-code in the case in which it stands in its own row."""
        return self.found[code.upper()].code if code else ""

    def _fault(self, remedy: str, *, row: int | None = None) -> None:
        self.faults.append(Fault(self._file, self._row if row is None else row, remedy))


def _places(one: LevelColumns) -> list[int]:
    return [one.code, *(at for _, at in one.names), *(at for _, at in one.numbered), *one.also]


def _fitted(cells: Sequence[str], width: int) -> Sequence[str]:
    """Empty cells at the end are neither missing nor too many."""
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    return cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]


def _mangled(name: str) -> bool:
    """Whether it is UTF-8 that some program took for a Western encoding: ``Ã©`` for ``é``."""
    if name.isascii():
        return False
    for encoding in ("cp1252", "latin-1"):
        try:
            return name.encode(encoding).decode("utf-8") != name
        except UnicodeError:
            continue
    return False
