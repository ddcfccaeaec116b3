"""Times and ages in words, short enough for a table."""

from __future__ import annotations

from datetime import date, datetime

from desktop import words
from forms import wording
from values.dates import PartialDate


def age_words(birth: PartialDate | None, today: date, language: str) -> str:
    """Such as "about 41", or nothing when the birth is not known.

    Called on a worker: it may load a catalogue.
    """
    return wording.say_age(birth, today, language) if birth is not None else ""


def brief(at: datetime, today: date) -> str:
    """The time of day for today, else the day."""
    local = at.astimezone()
    return words.isolate(words.clock_time(at)) if local.date() == today else words.day(local.date())
