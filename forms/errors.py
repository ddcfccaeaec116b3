"""What can go wrong in this room: one tree.

Answers that are wrong are not errors but :class:`~forms.problems.Problem` values. These errors
are about definitions, code lists and files.
"""

from __future__ import annotations

__all__ = [
    "CodeListError",
    "DefinitionError",
    "DraftError",
    "FormsError",
    "PrelistError",
    "WorkbookError",
]


class FormsError(Exception):
    """Anything this room refuses. ``code`` is stable; ``str()`` is a sentence that says what to do
    and names no person. The offices turn it into a refusal."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class DefinitionError(FormsError):
    """A form definition cannot be used: names the file, the place in it, and the remedy.

    ``others`` are what else is wrong in the same file, as far as it could be read.
    """

    def __init__(self, file: str, where: str, remedy: str) -> None:
        super().__init__("definition", f"{file}: {where}: {remedy}")
        self.file = file
        self.where = where
        self.others: tuple[DefinitionError, ...] = ()

    def all(self) -> tuple[DefinitionError, ...]:
        """This one and the others."""
        return (self, *self.others)


class CodeListError(FormsError):
    """A code list is missing or not in its format: names the file, the line, and the remedy."""

    def __init__(self, file: str, where: str, remedy: str) -> None:
        super().__init__("code_list", f"{file}: {where}: {remedy}")
        self.file = file
        self.where = where


class DraftError(FormsError):
    """A saved draft cannot be read, or its answers were asked for while errors remain."""


class WorkbookError(FormsError):
    """A workbook holds more than any table of ours, or is none. Whoever reads lists or places says
    so in an error of its own."""


class PrelistError(FormsError):
    """A pre-registration list cannot be read as a whole; nothing of it was taken in."""
