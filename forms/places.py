"""The place a list's row names as origin: ``Country; province; place [code]``."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import resources
from forms.codes import code_list
from forms.names import official
from values.text import normalized

__all__ = ["Origin", "country_named", "parse_origin"]

_SPECIMENS = "UTO"  # the country of specimens is nobody's origin, and Uto is a town
_CODE = re.compile(r"\[(?P<code>[^\[\]]{1,40})\]\s*\Z")
_LANGUAGES = (
    *("fr", "es", "pt", "ar", "fa", "uk", "ru", "sw", "id", "vi", "my", "bn", "am", "tr"),
    *("km", "lo", "th", "so", "ti", "ps", "ckb", "ur", "zh", "de", "it", "nl", "hi", "ne"),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where people left. ``country`` is an ISO 3166-1 alpha-3 code, or empty when the country is
    not named in a way the program knows; then its words stay in ``place``."""

    country: str = ""
    place: str = ""
    code: str = ""


def parse_origin(text: str) -> Origin:
    """Read what a list says. Never fails: what is not understood stays as words."""
    code = ""
    if match := _CODE.search(text):
        text, code = text[: match.start()].rstrip(), match["code"].strip()
    parts = [part.strip() for part in text.split(";")]
    country = country_named(parts[0]) if parts[0] else ""
    place = "; ".join(part for part in (parts[1:] if country else parts) if part)
    return Origin(country, place, code)


@lru_cache(maxsize=4096)  # a list names few countries, but thousands of times
def country_named(name: str) -> str:
    """The alpha-3 code of a country by its name in English or another language of the field, or
    by its code; empty when unknown. Translated names are looked through only when needed."""
    code = code_list("countries").find(name) if len(name) == 3 else None
    if code and code != _SPECIMENS:
        return code
    key = _key(name)
    if key in _english():
        return _english()[key]
    return next((found[key] for language in _LANGUAGES if key in (found := _names(language))), "")


def _key(name: str) -> str:
    plain = normalized("NFKD", name).casefold().replace("&", " and ")
    letters = "".join(
        char if char.isalnum() else " " for char in plain if unicodedata.category(char) != "Mn"
    )
    return " ".join(word for word in letters.split() if word != "the")


@cache
def _english() -> dict[str, str]:
    names = {_key(code.label): code.code for code in code_list("countries") if code.in_lists}
    rows = [
        line
        for line in resources.read_text("codes/country_names.csv").splitlines()
        if not line.startswith("#")
    ]
    for row in csv.DictReader(rows, strict=True):
        names[_key(row["name"])] = row["code"]
    return {_key(name): code for code, name in official("en").items()} | names


@cache
def _names(language: str) -> dict[str, str]:
    # Imported here: Babel reads its tables from disk, and most lists name countries in English.
    from babel import Locale, UnknownLocaleError

    try:
        territories = Locale.parse(language).territories
    except UnknownLocaleError:
        return {}
    return {_key(name): code for code, name in official(language).items()} | {
        _key(territories[code.extra["cldr"]]): code.code
        for code in code_list("countries")
        if code.extra["cldr"] in territories
    }
