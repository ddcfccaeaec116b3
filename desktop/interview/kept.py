"""What a page says of what is being typed on it: saved when, or not saved yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from desktop import words
from desktop.interview.saver import Saver
from desktop.page import Page
from desktop.words import tr


def say_kept(saver: Saver, page: Page, *, still: Callable[[], bool]) -> None:
    """Say it from now on. ``still``: whether it is being typed, and not signed at this moment."""

    def saved(at: datetime) -> None:
        if still():
            page.set_note(tr("Saved {time}", time=words.clock_time(at)))

    def not_saved(error: Exception) -> None:
        page.set_note(tr("Not saved"))
        page.say(
            "danger",
            tr(
                "What you typed is not saved yet. {reason} Waystation goes on trying.",
                reason=words.failure(error),
            ),
        )

    saver.saved.connect(saved)
    saver.failed.connect(not_saved)
