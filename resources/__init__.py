"""Data that ships with the program: code lists, translations, fonts, icons, sample lists.

Read through :mod:`importlib.resources`, so that it works from a folder, a wheel and a frozen
program alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["path", "read_bytes", "read_text"]


def path(name: str) -> Traversable:
    """The resource called ``name``, for example ``codes/sex.csv``.

    Names are written in the source, never taken from input. Raises :class:`ValueError` for a name
    that would leave the package.
    """
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise ValueError(f"{name!r} is not the name of a resource; write it like codes/sex.csv")
    from importlib.resources import files  # the first window needs no resource but its fonts

    return files(__package__).joinpath(*parts)


def read_bytes(name: str) -> bytes:
    """The bytes of a resource. Raises :class:`FileNotFoundError` when it is not shipped."""
    return path(name).read_bytes()


def read_text(name: str) -> str:
    """The text (UTF-8) of a resource. Raises :class:`FileNotFoundError` when it is not shipped."""
    return path(name).read_text(encoding="utf-8")
