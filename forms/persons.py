"""What a form may know of a registered person whom an answer names."""

from __future__ import annotations

from dataclasses import dataclass

from values.dates import PartialDate

__all__ = ["Person"]


@dataclass(frozen=True, slots=True)
class Person:
    """The facts that rules of events ask about. ``id`` is the person's, in hexadecimal."""

    id: str
    sex: str = ""
    birth: PartialDate | None = None
    marital_status: str = ""
    dead: bool = False
    present: bool = True
    married: PartialDate | None = None
    """The first marriage that is recorded as an event, if its date was told."""
    died: PartialDate | None = None
