"""Names of countries as papers say them.

CLDR names countries as people do in talk ("Congo - Kinshasa"). On a paper, and wherever a paper is
compared with what a reader shows, they have the short names of the United Nations; the others are
in ``resources/codes/names`` where CLDR's will not do. See ``docs/formats/codes.md``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import resources
from forms.codes import head_of

__all__ = ["official"]

_FILE = "codes/names/countries.csv"


@cache
def official(language: str) -> Mapping[str, str]:
    """Alpha-3 code to name in a language, or the language that it falls back to; only of countries
    whose name is another than CLDR's. From disk, once.

    Raises :class:`~forms.errors.CodeListError` for a file that is malformed.
    """
    lines = resources.read_text(_FILE).splitlines()
    head_of(lines, _FILE)
    reader = csv.DictReader((line for line in lines if not line.startswith("#")), strict=True)
    columns = [tag for tag in (language or "en", language.partition("-")[0]) if tag != "code"]
    found = {row["code"]: next(filter(None, map(row.get, columns)), "") for row in reader}
    return MappingProxyType({code: name for code, name in found.items() if name})
