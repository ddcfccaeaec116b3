"""What each agreement and difference of two records says about their being of one person.

In doublings of the odds, as Fellegi and Sunter (1969) count them: +1 makes it twice as likely, −1
half. Set by hand after measurements on invented people; ``VERSION`` is kept with every proposal, so
that what was proposed can be told from what would be proposed today.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

VERSION: Final = "1"

NAME_SAME: Final = "name_same"
NAME_ALIKE: Final = "name_alike"
NAME_NEAR: Final = "name_near"
NAME_PARTLY: Final = "name_partly"
NAME_OTHER: Final = "name_other"
BIRTH_SAME: Final = "birth_same"
BIRTH_TURNED: Final = "birth_turned"
BIRTH_NEAR: Final = "birth_near"
BIRTH_WITHIN: Final = "birth_within"
BIRTH_YEAR: Final = "birth_year"
BIRTH_APART: Final = "birth_apart"
BIRTH_FAR: Final = "birth_far"
SEX_SAME: Final = "sex_same"
SEX_OTHER: Final = "sex_other"
FATHER_SAME: Final = "father_same"
FATHER_OTHER: Final = "father_other"
MOTHER_SAME: Final = "mother_same"
MOTHER_OTHER: Final = "mother_other"
DOCUMENT_SAME: Final = "document_same"
DOCUMENT_OTHER: Final = "document_other"
PHONE_SAME: Final = "phone_same"
HOUSEHOLD_SAME: Final = "household_same"

WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        NAME_SAME: 8.0,
        NAME_ALIKE: 6.0,
        NAME_NEAR: 3.5,
        NAME_PARTLY: 1.0,
        NAME_OTHER: -7.0,
        BIRTH_SAME: 6.0,
        BIRTH_TURNED: 4.0,  # day and month changed places
        BIRTH_NEAR: 2.5,  # within a month, or one part of the date differs
        BIRTH_WITHIN: 1.5,  # what is known of the one holds the other
        BIRTH_YEAR: 0.5,
        BIRTH_APART: -3.0,
        BIRTH_FAR: -8.0,
        SEX_SAME: 1.0,
        SEX_OTHER: -5.0,
        FATHER_SAME: 2.0,
        FATHER_OTHER: -2.5,
        MOTHER_SAME: 3.0,
        MOTHER_OTHER: -3.0,
        DOCUMENT_SAME: 9.0,
        DOCUMENT_OTHER: -1.5,
        PHONE_SAME: 1.5,
        # Of one household: what its members share anyway says nothing about being one person.
        HOUSEHOLD_SAME: -4.0,
    }
)

LEAST: Final = 8.0
"""Below this nobody is asked: measured, four in five of what lies below are different persons."""
EVEN: Final = 10.0
"""Shown as a half."""
STEP: Final = 4.0
"""How much more evidence moves the shown score from a half to two thirds."""


def shown(weight: float) -> int:
    """A weight as thousandths from 0 to 1000, for a bar and for sorting; no probability."""
    return round(1000 / (1 + 2 ** ((EVEN - weight) / STEP)))
