"""A TOML table being taken apart: what is not asked for is refused at the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from forms.errors import DefinitionError

__all__ = ["Table"]

_E = TypeVar("_E", bound=StrEnum)
_MOST = 999_999_999
"""The largest number of a definition: nine digits, like that of an answer."""
_NAME_FORM = "write small letters, digits and _ alone, a letter first, 40 at most"
_LONGEST_NAME = 40
_NAMES = ("id", "name", "code")
"""What a page, a field and a rule are known by."""


class Table:
    """One table of a definition. Each method takes a key out, or raises
    :class:`~forms.errors.DefinitionError` with the file, the place and the remedy."""

    def __init__(
        self, raw: Mapping[str, Any], file: str, where: str, inside: tuple[str, ...] = ()
    ) -> None:
        """``inside``: what the tables around it and itself are called, for people who read."""
        self._raw = dict(raw)
        self._inside = inside
        self.file = file
        self._where = where

    def error(self, key: str, remedy: str) -> DefinitionError:
        """The error to raise about ``key``."""
        named = f" (in {', '.join(self._inside)})" if self._inside else ""
        return DefinitionError(self.file, f"{self._where}{key}", f"{remedy}{named}")

    def keys(self) -> list[str]:
        """What has not been taken yet."""
        return list(self._raw)

    def text(
        self,
        key: str,
        *,
        default: str | None = None,
        pattern: re.Pattern[str] | None = None,
        form: str = _NAME_FORM,
    ) -> str:
        """A text that is not empty, or the default. ``form`` says what the pattern asks for."""
        value = self._raw.pop(key, default)
        if value is None:
            raise self.error(key, "add it")
        if not isinstance(value, str) or (value == "" and default is None):
            raise self.error(key, "write a text that is not empty")
        if pattern is not None and not pattern.fullmatch(value):
            raise self.error(key, f"{form}, not {value!r}")
        return value

    def one_of(self, key: str, choices: type[_E], *, default: _E | None = None) -> _E:
        """One of a few words."""
        text = self.text(key, default=None if default is None else default.value)
        try:
            return choices(text)
        except ValueError:
            raise self.error(key, f"use one of {', '.join(choices)}") from None

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self._raw.pop(key, default)
        if not isinstance(value, bool):
            raise self.error(key, "write true or false")
        return value

    def number(self, key: str) -> int:
        """A whole number from 1 of at most nine digits; 0 when it is not there."""
        value = self._raw.pop(key, 0)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
            raise self.error(key, f"write a whole number from 1 to {_MOST}")
        return value

    def texts(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        value = self._raw.pop(key, None)
        if value is None and optional:
            return ()
        if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
            raise self.error(key, "write a list of texts")
        return tuple(value)

    def mapping(self, key: str) -> dict[str, str]:
        """Text to text; empty when it is not there."""
        value = self._raw.pop(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise self.error(key, "write a table of texts")
        return dict(value)

    def table(self, key: str) -> Table | None:
        """A table inside, if there is one."""
        value = self._raw.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.error(key, "write a table")
        return Table(value, self.file, f"{self._where}{key}.", self._inside)

    def tables(self, key: str, *, optional: bool = False) -> list[Table]:
        """A list of tables."""
        value = self._raw.pop(key, [] if optional else None)
        if not isinstance(value, list) or not (value or optional):
            raise self.error(key, "add at least one table")
        if not all(isinstance(one, dict) for one in value):
            raise self.error(key, "write tables")
        return [
            Table(
                one,
                self.file,
                f"{self._where}{key}[{number}].",
                tuple(filter(None, (*self._inside, _known_by(one)))),
            )
            for number, one in enumerate(value)
        ]

    def finish(self) -> None:
        """Refuse what nobody asked for."""
        if self._raw:
            raise self.error(next(iter(self._raw)), "is not a key here; check its spelling")


def _known_by(table: Mapping[str, Any]) -> str:
    """The name of a table among several, so that nobody has to count; empty for one without."""
    name = next((table[key] for key in _NAMES if isinstance(table.get(key), str)), "")
    return name[:_LONGEST_NAME] if name.isprintable() else ""
