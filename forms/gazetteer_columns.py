"""What the columns of a place table mean: the ways in which OCHA has headed them over the years.

Three styles of common operational data sets (``ADM1_EN``, ``ADM1_PCODE``; ``admin1Name_en``,
``admin1Pcode``; ``adm1_name``, ``adm1_name1``, ``adm1_pcode`` with ``lang``, ``lang1``), in any
case, with a row for each lowest area; and a plain list with a row for each area. Other columns are
ignored. ``docs/formats/places.md`` lists them all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from forms.codes import code_list
from forms.gazetteer_areas import UNKNOWN_LANGUAGE

__all__ = ["LevelColumns", "TableColumns", "table_columns"]

_CODE = re.compile(r"adm(?:in)?(\d)_?p_?code")
_NAME = re.compile(r"adm(?:in)?(\d)_?name_?(\d?)")
_NAMED = re.compile(
    r"adm(\d)_([a-z]{2,3}(?:_[a-z]{4})?)|admin(\d)_?name_([a-z]{2,3}(?:_[a-z]{4})?)"
)
_ALSO = re.compile(r"adm(?:in)?(\d)_?(?:alt|ref)[a-z0-9_]*")
_LANG = re.compile(r"lang_?(\d?)")
_VALID = ("validon", "valid_on", "date")  # the last is when the boundaries were drawn
_LIST_NAMED = re.compile(r"name_([a-z]{2,3}(?:_[a-z]{4})?)")
_LIST = {
    "pcode": "code", "p_code": "code", "code": "code",
    "level": "level", "admin_level": "level", "adm_level": "level",
    "parent": "parent", "parent_pcode": "parent", "parent_code": "parent",
    "name": "name", "other_names": "also",
}  # fmt: skip
# Country codes that data sets head the language of the country with.
_SLIPS = {"ua": "uk"}


@dataclass(slots=True)
class LevelColumns:
    """Where one level stands in a row: its P-code, its names by language, its other names.
    ``numbered`` are names whose language stands in the row: 0 is ``lang``, 1 is ``lang1``."""

    code: int = -1
    names: list[tuple[str, int]] = field(default_factory=list)
    numbered: list[tuple[int, int]] = field(default_factory=list)
    also: list[int] = field(default_factory=list)


@dataclass(slots=True)
class TableColumns:
    """Where everything stands in a row. A plain list has ``level`` and ``parent`` columns and
    describes one area with ``levels[-1]``; any other table describes one for each level."""

    levels: dict[int, LevelColumns] = field(default_factory=dict)
    languages: dict[int, int] = field(default_factory=dict)
    valid: int = -1
    level: int = -1
    parent: int = -1

    @property
    def plain(self) -> bool:
        """Whether each row is one area."""
        return -1 in self.levels


def table_columns(header: Sequence[str]) -> TableColumns | None:
    """What a header says, or None when it is not that of a place table: without P-codes nothing
    can be told from it. The first of two columns that mean the same counts."""
    names = [re.sub(r"[\s-]+", "_", cell.strip().strip("\ufeff").casefold()) for cell in header]
    found = _plain(names) if not any(_CODE.fullmatch(name) for name in names) else _wide(names)
    if found is None:
        return None
    found.valid = next((names.index(name) for name in _VALID if name in names), -1)
    return found


def _plain(names: Sequence[str]) -> TableColumns | None:
    found = TableColumns()
    one = LevelColumns()
    for place, name in enumerate(names):
        match _LIST.get(name):
            case "code" if one.code < 0:
                one.code = place
            case "level" if found.level < 0:
                found.level = place
            case "parent" if found.parent < 0:
                found.parent = place
            case "name":
                one.names.append((UNKNOWN_LANGUAGE, place))
            case "also":
                one.also.append(place)
            case _:
                if (named := _LIST_NAMED.fullmatch(name)) and (tag := _language(named[1])):
                    one.names.append((tag, place))
    found.levels[-1] = one
    complete = min(one.code, found.level, found.parent) >= 0 and one.names
    return found if complete else None


def _wide(names: Sequence[str]) -> TableColumns | None:
    found = TableColumns()
    for place, name in enumerate(names):
        if match := _CODE.fullmatch(name):
            level = found.levels.setdefault(int(match[1]), LevelColumns())
            level.code = place if level.code < 0 else level.code
        elif match := _LANG.fullmatch(name):
            found.languages[int(match[1] or 0)] = place
    for place, name in enumerate(names):
        _name(found, name, place)
    return found if any(one.names or one.numbered for one in found.levels.values()) else None


def _name(found: TableColumns, name: str, place: int) -> None:
    """Put a column of names where it belongs. Names of a level without P-codes belong nowhere."""
    nowhere = LevelColumns()
    if match := _NAME.fullmatch(name):
        level = found.levels.get(int(match[1]), nowhere)
        level.numbered.append((int(match[2] or 0), place))
    elif (match := _NAMED.fullmatch(name)) and (tag := _language(match[2] or match[4])):
        found.levels.get(int(match[1] or match[3]), nowhere).names.append((tag, place))
    elif match := _ALSO.fullmatch(name):
        found.levels.get(int(match[1]), nowhere).also.append(place)


def _language(tag: str) -> str:
    """A BCP 47 tag, or empty when it is none: ``ADM1_REF`` is not a name in the language Ref."""
    base, _, script = _SLIPS.get(tag, tag).partition("_")
    if len(base) == 3:
        known = code_list("languages").codes.get(base)
        if known is None or not known.offered:
            return ""
    return f"{base}-{script}" if script else base
