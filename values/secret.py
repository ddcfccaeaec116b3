"""Bytes that must not be printed, logged, compared in variable time or pickled."""

from __future__ import annotations

import hmac
from typing import NoReturn


class Secret:
    """A key, passphrase or seed in memory.

    ``repr`` and ``str`` give ``***``; equality takes constant time for equal lengths; it has no
    hash, so it cannot become a dictionary key by accident; pickling raises ``TypeError``. It does
    not promise to wipe memory: Python copies bytes freely.
    """

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = bytes(value)

    def reveal(self) -> bytes:
        """The bytes themselves. Call it as late as possible and keep no name for the result."""
        return self._value

    def __len__(self) -> int:
        return len(self._value)

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value, other._value)

    __hash__ = None  # type: ignore[assignment]  # a secret is never a key of a mapping

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A secret is not written anywhere; wrap it with a key first.")
