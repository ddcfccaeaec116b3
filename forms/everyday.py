"""Everyday words: what people call that which a code list calls otherwise.

An officer who types "blind" means "Difficulty seeing". The words stand in
``resources/codes/words``, a file for each list that has any, a column for each language; they find
a code and are nowhere shown, kept or sent. Their files are described in ``docs/formats/codes.md``.
Countries are also found by the names of everyday, CLDR's: "Syria" finds *Syrian Arab Republic*.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import resources
from forms.codes import head_of
from forms.errors import CodeListError
from forms.names import official
from forms.wording import in_cldr

__all__ = ["everyday"]

_BETWEEN = ";"


@cache
def everyday(name: str, language: str) -> Mapping[str, str]:
    """Code to the words by which it is also found, of the list ``name`` in ``language``; empty for
    a list or a language that has none. From disk, once.

    Raises :class:`~forms.errors.CodeListError` for a file that is malformed.
    """
    if name == "countries":
        return MappingProxyType(
            {code: in_cldr(name, code, language) for code in official(language)}
        )
    file = f"codes/words/{name}.csv"
    try:
        lines = resources.read_text(file).splitlines()
    except FileNotFoundError:
        return MappingProxyType({})
    head_of(lines, file)
    reader = csv.DictReader((line for line in lines if not line.startswith("#")), strict=True)
    found: dict[str, str] = {}
    for number, row in enumerate(reader, start=1):
        if None in row or None in row.values() or not row.get("code"):
            raise CodeListError(file, f"line {number}", "give it as many cells as the header has")
        if row["code"] in found:
            raise CodeListError(file, f"line {number}", f"{row['code']} stands twice; remove one")
        found[row["code"]] = row.get(language, "").replace(_BETWEEN, " ")
    return MappingProxyType(found)
