"""Conditions: when a question is asked, and when answers do not fit together.

A condition is written in CEL, the Common Expression Language (cel.dev): it ends, has no side
effects and cannot reach anything but the answers. It is checked against the kinds of its form's
fields when it is read, so that a misspelt name or a date compared with a text is refused there.
The same text gives the same answer in the window, at intake and at import.

What a condition may speak of is listed in ``docs/formats/forms.md``. Every answer has a value of
its kind even while nothing was answered (an empty text, an empty list, a zero).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cel_expr_python import cel

__all__ = ["ALWAYS_KNOWN", "Condition", "ConditionError", "Context", "Types", "condition"]

Context = Mapping[str, Any]
"""Name to value, as :mod:`forms.context` makes it."""

Types = tuple[tuple[str, str], ...]
"""Name to type of what a condition may speak of: ``text``, ``number``, ``truth``, ``texts``,
``map``, ``maps``."""

ALWAYS_KNOWN: Mapping[str, str] = {"today": "number", "missing": "words", "answered": "truths"}
"""What every condition may speak of besides the fields of its form."""

_LENGTH = 500
"""Characters; a longer condition is a program."""
_NAMES = re.compile(r"(['\"]).*?\1|(?<![\w.])([A-Za-z_]\w*)")


class ConditionError(ValueError):
    """The text is no condition. :mod:`forms.loading` says where it stands."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition over the answers of one form. ``names`` are the answers it speaks of."""

    source: str
    types: Types = field(default=(), repr=False, compare=False)
    names: frozenset[str] = field(default=frozenset(), compare=False)

    def holds(self, context: Context) -> bool:
        """Whether it is true of these answers. Raises :class:`ConditionError` when it cannot be
        said: it asks for a part that no answer of the kind has."""
        found = _program(self.source, self.types).eval(data=dict(context)).value()
        if not isinstance(found, bool):
            raise ConditionError(f"mend the condition: {found}")
        return found


def condition(source: str, types: Types) -> Condition:
    """Read a condition. Raises :class:`ConditionError` with what to mend."""
    if len(source) > _LENGTH:
        raise ConditionError(f"write it in at most {_LENGTH} characters")
    try:
        program = _program(source, types)
    except RuntimeError as error:
        first = str(error).partition("<input>:")[2].partition("\n")[0]
        raise ConditionError(f"mend the condition at {first or error}") from error
    if str(program.return_type()) != "BOOL":
        raise ConditionError("write a condition, which is true or false")
    said = {match[2] for match in _NAMES.finditer(source)}
    return Condition(source, types, frozenset(name for name, _ in types if name in said))


@lru_cache(maxsize=2048)
def _program(source: str, types: Types) -> cel.Expression:
    return _environment(types).compile(source)


@lru_cache(maxsize=256)
def _environment(types: Types) -> cel.Env:
    # Imported at the first condition: the window that asks for the passphrase needs none.
    from cel_expr_python import cel

    kinds = cel.Type
    anything = kinds.Map(kinds.STRING, kinds.DYN)
    known = {
        "text": kinds.STRING,
        "number": kinds.INT,
        "truth": kinds.BOOL,
        "texts": kinds.List(kinds.STRING),
        "map": anything,
        "maps": kinds.List(anything),
        "words": kinds.Map(kinds.STRING, kinds.STRING),
        "truths": kinds.Map(kinds.STRING, kinds.BOOL),
    }
    return cel.NewEnv(variables={name: known[kind] for name, kind in types})
