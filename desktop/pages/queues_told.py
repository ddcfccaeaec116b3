"""What the page of queues says: of a row, of what is chosen, and of what waits elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop import words
from desktop.adjudication import lists
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from registry.adjudication_queues import Sizes


def alike(queue: str, one: Any) -> Any:
    """What rows of one kind have in common: the answers that agree, the set in conflict, the
    bundle that brought it."""
    return one.bundle if queue == lists.ASIDE else one.shape


def detail(queue: str, one: Any) -> str:
    """What may be too long for its column, whole."""
    if queue == lists.ASIDE:
        return tr(one.sentence)
    return isolate(one.reason) if queue == lists.RETURNED else ""


def chosen_words(chosen: int, hidden: int) -> str:
    """How many are chosen, and how many of those the filters hide."""
    parts = [ntr("{n} chosen", "{n} chosen", chosen)] if chosen else []
    if hidden:
        parts.append(ntr("{n} not shown by the filters", "{n} not shown by the filters", hidden))
    return words.beside(*parts)


def also(sizes: Sizes) -> str:
    """What else there is, in words, where nothing on this page can be done about it."""
    if not sizes.recorded:
        return ""
    return ntr(
        "{n} family waits for a supervisor's review",
        "{n} families wait for a supervisor's review",
        sizes.recorded,
    )
