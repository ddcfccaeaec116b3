"""What is what on a page, and in which order: the structure tree of a tagged PDF.

PDF 32000-1, 14.7 and 14.8. While a page is drawn, every piece of content belongs to an element
(a heading, a paragraph, a cell) or is an artifact: a line, a ground, a page number. The elements
stand in the order in which they are drawn, which is the order in which the page is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from values.text import BIDI_CONTROLS, is_rtl

GROUPS = frozenset({"Document", "Sect", "L", "LI", "Table", "TR"})
"""Roles that hold other elements and no content of their own: text in them is a paragraph."""


@dataclass(eq=False, slots=True)
class Element:
    """One element. `language` is BCP 47 and holds for what is inside, until another is named.

    `extra` are further entries of its dictionary, as PDF writes them.
    """

    role: str
    language: str
    extra: str = ""
    states_language: bool = False
    kids: list[Element | tuple[int, int]] = field(default_factory=list)
    """Elements, and content: the page, from 0, and the number of the content on it."""


class Tree:
    """The elements of one file, as they grow."""

    def __init__(self) -> None:
        self.root = Element("Document", "")
        self.pages: list[list[Element]] = [[]]
        """Of each page, which element each piece of its content belongs to."""
        self._open = [self.root]
        self._artifact = 0

    @property
    def innermost(self) -> Element | None:
        """The element that content belongs to now; none where it is an artifact."""
        return None if self._artifact else self._open[-1]

    @contextmanager
    def inside(
        self,
        role: str,
        *,
        language: str = "",
        alternative: str = "",
        instead: str = "",
        extra: str = "",
    ) -> Iterator[None]:
        """What is drawn within belongs to an element of `role`.

        `alternative` describes a picture, `instead` is the text of what is drawn letter by letter.
        """
        if self._artifact:
            yield
            return
        outer = self._open[-1]
        stated = bool(language) and language != outer.language
        if alternative:
            extra += f"/Alt {text_string(alternative)}"
        if instead:
            extra += f"/ActualText {text_string(instead)}"
        made = Element(role, language or outer.language, extra, stated)
        outer.kids.append(made)
        self._open.append(made)
        try:
            yield
        finally:
            self._open.pop()

    @contextmanager
    def text(self, text: str, language: str) -> Iterator[None]:
        """Text of a language: a paragraph where no element for text is open, and a span where
        the language is another.

        What runs from right to left is drawn letter by letter from the left, so its element says
        the text itself, in the order in which it is read.
        """
        element = self._open[-1]
        turned = _turned(text)
        other = turned or (bool(language) and language != element.language)
        if self._artifact or not text or (element.role not in GROUPS and not other):
            yield
            return
        role = "P" if element.role in GROUPS else "Span"
        with self.inside(role, language=language, instead=text if turned else ""):
            yield

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is drawn within is an artifact: it is not part of what the page says."""
        self._artifact += 1
        try:
            yield
        finally:
            self._artifact -= 1

    def within(self, role: str) -> bool:
        """Whether the innermost element has this role."""
        return self._open[-1].role == role

    def take(self, element: Element) -> int:
        """The number, on this page, of a new piece of content of `element`."""
        page = self.pages[-1]
        number = len(page)
        page.append(element)
        element.kids.append((len(self.pages) - 1, number))
        return number

    def turn(self) -> None:
        """The page is finished; the next begins."""
        self.pages.append([])


@lru_cache(maxsize=4096)  # labels and sentences come back on every page of a run
def _turned(text: str) -> bool:
    return not text.isascii() and any(map(is_rtl, text))


@lru_cache(maxsize=4096)
def text_string(text: str) -> str:
    """A PDF text string (PDF 32000-1, 7.9.2.2), without the marks of direction."""
    plain = "".join(char for char in text if char not in BIDI_CONTROLS)
    return f"<FEFF{plain.encode('utf-16-be').hex().upper()}>"
