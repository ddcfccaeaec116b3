"""A person's age in words, for lists and cards. Called on a worker: it may load a catalogue."""

from __future__ import annotations

from datetime import date

from forms import wording
from values.dates import PartialDate


def age_words(birth: PartialDate | None, today: date, language: str) -> str:
    """Such as "about 41", or nothing when the birth is not known."""
    return wording.say_age(birth, today, language) if birth is not None else ""
