"""What is known of a member, typed, whether it was typed in an interview or read from a list."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from values.dates import PartialDate
from values.text import normalized

__all__ = ["HAZARD_CAUSES", "HEAD", "NAME_FIELDS", "NAME_LIMIT", "Facts", "folded", "same_person"]

HEAD = "head"
NAME_FIELDS = ("name", "name_latin", "father_name", "mother_name")
NAME_LIMIT = 200
"""Characters of a name: far above the names people go by; more is a page pasted into a cell."""
HAZARD_CAUSES = frozenset({"disaster", "climate_slow_onset"})
_ABOUT = timedelta(days=2 * 366)  # how far "about 1985" may be off, when looking for repeats


@dataclass(frozen=True, slots=True)
class Facts:
    """One member. Empty text and ``None`` mean that nothing is known."""

    relation: str = ""
    name: str = ""
    name_latin: str = ""
    father_name: str = ""
    mother_name: str = ""
    sex: str = ""
    birth: PartialDate | None = None
    arrival: PartialDate | None = None
    cause: str = ""
    hazard: str = ""
    documents: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()
    share_with_origin: str = ""
    uasc_status: str = ""

    def surely_under(self, years: int, on: date) -> bool:
        """Whether the person is younger than ``years`` on that day, whatever the birth means."""
        return self.birth is not None and self.birth.age_on(on)[1] < years

    def maybe_under(self, years: int, on: date) -> bool:
        """Whether the person may be younger than ``years`` on that day."""
        return self.birth is not None and self.birth.age_on(on)[0] < years

    def surely_at_least(self, years: int, on: date) -> bool:
        """Whether the person has completed ``years`` on that day, whatever the birth means."""
        return self.birth is not None and self.birth.age_on(on)[0] >= years

    def maybe_infant(self, on: date) -> bool:
        """Whether the person can be below age 1 by a birth that is known to about a year.

        A decade does not make an infant: it would excuse every name.
        """
        if self.birth is None or self.birth.precision == "decade":
            return False
        youngest, oldest = self.birth.age_on(on)
        return youngest == 0 and oldest <= 1


@lru_cache(maxsize=8192)  # each name is compared with many
def folded(name: str) -> str:
    """A name as a key for "the same name": case, spaces, joiners and punctuation do not count."""
    text = normalized("NFKC", name).casefold()
    return "".join(char for char in text if unicodedata.category(char)[0] in "LMN")


def same_person(one: Facts, other: Facts) -> bool:
    """Whether two rows may be one person: the same name, and nothing else that speaks against it.

    Two half-brothers of one name differ by birth or by mother, and are not the same.
    """
    return (
        _same_name(one, other)
        and _agree(one.sex, other.sex)
        and _agree(folded(one.father_name), folded(other.father_name))
        and _agree(folded(one.mother_name), folded(other.mother_name))
        and _births_meet(one.birth, other.birth)
    )


def _same_name(one: Facts, other: Facts) -> bool:
    pairs = (
        (folded(one.name), folded(other.name)),
        (folded(one.name_latin), folded(other.name_latin)),
    )
    return any(first and first == second for first, second in pairs)


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other


def _births_meet(one: PartialDate | None, other: PartialDate | None) -> bool:
    if one is None or other is None:
        return True
    slack = _ABOUT if one.approximate or other.approximate else timedelta(0)
    return one.earliest <= other.latest + slack and other.earliest <= one.latest + slack
