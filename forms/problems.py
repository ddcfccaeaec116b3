"""What is wrong, or odd, with what was entered: values, not exceptions."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["Param", "Problem", "Severity", "error", "warning"]

Severity = Literal["error", "warning"]
Param = str | int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend (``error``) or to look at (``warning``).

    ``code`` is stable and chooses the sentence (:func:`forms.wording.say`). ``field`` is the
    field's name in its form, or the column of a list; empty when the whole row or household is
    meant. ``person`` is the member's place in the draft, counted from 0; ``None`` means the
    household. ``params`` fill the sentence and never hold a name of a person.
    """

    code: str
    field: str
    severity: Severity
    person: int | None = None
    params: Mapping[str, Param] = dataclasses.field(default_factory=dict, hash=False)

    @property
    def is_error(self) -> bool:
        """Whether it must be mended; a warning may be confirmed with a reason instead."""
        return self.severity == "error"


def error(code: str, field: str = "", person: int | None = None, **params: Param) -> Problem:
    """A problem that must be mended."""
    return Problem(code, field, "error", person, params)


def warning(code: str, field: str = "", person: int | None = None, **params: Param) -> Problem:
    """A problem that may be confirmed with a reason."""
    return Problem(code, field, "warning", person, params)
