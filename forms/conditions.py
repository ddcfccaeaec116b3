"""Conditions: when a question is asked, and when answers do not fit together.

A condition is written in a part of CEL, the Common Expression Language (cel.dev): it ends, has no
side effects and cannot reach anything but the answers. It is checked against the kinds of its
form's fields when it is read, so that a misspelt name or a date compared with a text is refused
there. What may fail on some answer and not on others (a division, a row by its number, a pattern
that somebody types) is left out of the language. The same text gives the same answer in the
window, at intake and at import.

What a condition may speak of is listed in ``docs/formats/forms.md``. Every answer has a value of
its kind even while nothing was answered (an empty text, an empty list, a zero).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from forms.expressions import Token, follows, looks, refused, tokens

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

_LANGUAGE: Final = """
name: conditions
stdlib:
  include_macros: [has, all, exists, exists_one, filter]
  include_functions:
    - {name: "_&&_"}
    - {name: "_||_"}
    - {name: "!_"}
    - {name: "_?_:_"}
    - {name: "@not_strictly_false"}
    - {name: "_==_"}
    - {name: "_!=_"}
    - {name: "_<_"}
    - {name: "_<=_"}
    - {name: "_>_"}
    - {name: "_>=_"}
    - {name: "@in"}
    - {name: "_+_", overloads: [{id: add_int64}, {id: add_list}]}
    - {name: "_-_", overloads: [{id: subtract_int64}]}
    - {name: "_*_", overloads: [{id: multiply_int64}]}
    - {name: "-_", overloads: [{id: negate_int64}]}
    - {name: size}
    - {name: contains}
    - {name: startsWith}
    - {name: endsWith}
    - {name: matches}
"""
"""What of CEL's standard library there is, in CEL's own form. Texts are not joined, because they
would grow without bound; nothing is divided or converted. Lists are joined inside ``filter``."""

_FAULTS = (RuntimeError, ValueError, TypeError, LookupError, ArithmeticError)
"""What the library raises for values or sums that it cannot work with: it has no error of its
own."""


class ConditionError(ValueError):
    """The text is no condition, or it cannot be worked out. :mod:`forms.loading` says where it
    stands; :mod:`forms.reading` goes on without it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition over the answers of one form. ``names`` are the answers it depends on."""

    source: str
    types: Types = field(default=(), repr=False, compare=False)
    names: frozenset[str] = field(default=frozenset(), compare=False)

    def holds(self, context: Context) -> bool:
        """Whether it is true of these answers. Raises :class:`ConditionError` when it cannot be
        said: it asks for a part that no answer of the kind has, or a sum grows too large."""
        try:
            found = _program(self.source, self.types).eval(data=dict(context)).value()
        except _FAULTS as error:
            raise ConditionError(f"mend the condition: {error}") from error
        if not isinstance(found, bool):
            raise ConditionError(f"mend the condition: {found}")
        return found

    def looks(self, sizes: Mapping[str, int]) -> int:
        """How many rows it looks at for one answer, at most. ``sizes`` are the most entries that
        a list can have, by name."""
        return looks(tokens(self.source), sizes)


def condition(source: str, types: Types) -> Condition:
    """Read a condition. Raises :class:`ConditionError` with what to mend."""
    if len(source) > _LENGTH:
        raise ConditionError(f"write it in at most {_LENGTH} characters")
    found = tokens(source)
    if remedy := refused(found, frozenset(name for name, kind in types if kind == "maps")):
        raise ConditionError(remedy)
    try:
        program = _program(source, types)
        for pattern in follows(found, "matches", "("):
            _checked_pattern(pattern)
    except _FAULTS as error:
        first = str(error).partition("<input>:")[2].partition("\n")[0]
        raise ConditionError(f"mend the condition at {first or error}") from error
    if str(program.return_type()) != "BOOL":
        raise ConditionError("write a condition, which is true or false")
    return Condition(source, types, _depends(found, frozenset(name for name, _ in types)))


def _checked_pattern(pattern: Token) -> None:
    """A pattern is looked at on its own: what stands before it may never be true of a sample."""
    found = _program(f"''.matches({pattern.text})", ()).eval(data={}).value()
    if not isinstance(found, bool):
        raise ConditionError(f"mend the pattern {pattern.text}: {found}")


def _depends(found: list[Token], known: frozenset[str]) -> frozenset[str]:
    """The names of which the answer is made, those that it reaches through ``missing`` and
    ``answered`` too."""
    names: set[str] = set()
    padded = [*[Token.NONE] * 2, *found, *[Token.NONE] * 3]
    for place in range(2, len(found) + 2):
        before, one, after = padded[place - 1 : place + 2]
        if not one.is_name:
            continue
        if one.text.endswith("_then"):  # an age when the event happened
            names |= {"date"}
        if before.text == ".":
            continue
        names |= {one.text}
        if one.text not in ("missing", "answered"):
            continue
        if after.text == "." and padded[place + 3].text != "(":
            names |= {padded[place + 2].text}
        elif before.text == "in" and padded[place - 2].is_text:
            names |= {padded[place - 2].text[1:-1]}
        else:  # all of them are looked through
            names |= known
    return frozenset(names & known)


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
    return cel.NewEnv(config=_language(), variables={name: known[kind] for name, kind in types})


@cache
def _language() -> cel.EnvConfig:
    from cel_expr_python import cel

    return cel.NewEnvConfigFromYaml(_LANGUAGE)
