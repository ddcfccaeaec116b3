"""The life of a paper after its issue: printed again, replaced, renewed, fetched by somebody.

Issuing itself is in `station.issuing`, withdrawing in `workspace.papers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workspace.errors import RefusedError
from workspace.papers import REPLACED as REPLACED
from workspace.papers import expired as expired
from workspace.reasons import line

if TYPE_CHECKING:
    from collections.abc import Mapping

LOST, STOLEN, DAMAGED, UNREADABLE, JAM, AGAIN = (
    "lost", "stolen", "damaged", "unreadable", "jam", "again",
)  # fmt: skip
GONE = (LOST, STOLEN)
"""The paper is in hands that nobody knows: it is withdrawn, and a new one has another number."""
REPRINTS = (DAMAGED, UNREADABLE, JAM, AGAIN)
"""The paper is here or nowhere: it is printed again under its own number."""

HOLDER, OTHER = "holder", "other"


@dataclass(frozen=True, slots=True)
class Collector:
    """Who fetched a paper: its holder, or another person by name, with what proved who it was."""

    who: str = HOLDER
    name: str = ""
    proof: str = ""

    def __post_init__(self) -> None:
        if self.who not in (HOLDER, OTHER):
            raise RefusedError("collector", "The collector is the holder or another person.")
        for name in ("name", "proof"):
            object.__setattr__(self, name, line(getattr(self, name)))
        if self.who == OTHER and not self.name:
            raise RefusedError("collector", "Write the name of the person who fetches the paper.")

    def fields(self) -> dict[str, Any]:
        """As the entry says it."""
        if self.who == HOLDER:
            return {"who": HOLDER}
        return {"who": OTHER, "name": self.name, "proof": self.proof}


@dataclass(frozen=True, slots=True)
class Handed:
    """What an issue or a reprint says beyond the paper: a coded reason, and who fetched it."""

    code: str = ""
    collector: Collector | None = None

    def __post_init__(self) -> None:
        if self.code and self.code not in (*GONE, *REPRINTS):
            known = ", ".join((*GONE, *REPRINTS))
            raise RefusedError("reason", f"There is no such reason. Choose one of: {known}.")

    @property
    def gone(self) -> bool:
        """Whether the paper before must not be used any more."""
        return self.code in GONE

    def fields(self) -> Mapping[str, Any]:
        """Only what is known: an entry holds no empty fields."""
        said: dict[str, Any] = {}
        if self.code:
            said["code"] = self.code
        if self.collector is not None:
            said["collector"] = self.collector.fields()
        return said


JUST_PRINTED = Handed()
"""Nothing more is known than that it was printed."""
