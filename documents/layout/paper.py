"""Paper: sheets that are drawn on, and sheets that only measure.

A page is planned before it is drawn: how much room the head, the code and the rows of a table
take depends on their text. Measuring runs the same code as drawing, on a sheet that leaves no
trace, so that plan and page cannot disagree.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace

from documents.layout.sheet import Align, Sheet
from documents.layout.structure import Tree
from documents.layout.theme import A4, Colour, PaperSize
from documents.qr import Symbol
from documents.text.canvas import PdfCanvas
from documents.text.lines import Line
from documents.text.pdf import TextPen


class Paper:
    """The pages of one document on a canvas."""

    def __init__(
        self,
        canvas: PdfCanvas,
        pen: TextPen,
        *,
        tree: Tree,
        rtl: bool,
        language: str,
        size: PaperSize = A4,
    ) -> None:
        self._canvas = canvas
        self._pen = pen
        self._tree = tree
        self._rtl = rtl
        self._language = language
        self.size = size

    @contextmanager
    def page(self) -> Iterator[Sheet]:
        """A new page, finished when the block ends."""
        self._canvas.setPageSize(self.size.points)
        yield self._sheet(Sheet)
        self._canvas.showPage()
        self._tree.turn()

    def shaped(self, scale: float, *, air: float) -> "Paper":
        """The same paper with smaller letters, or with tighter gaps."""
        return Paper(
            self._canvas,
            self._pen,
            tree=self._tree,
            rtl=self._rtl,
            language=self._language,
            size=replace(self.size, scale=scale, air=air),
        )

    def scratch(self) -> Sheet:
        """A sheet that measures and does not draw."""
        return self._sheet(_Scratch)

    def _sheet(self, kind: type[Sheet]) -> Sheet:
        return kind(
            self._canvas,
            self._pen,
            tree=self._tree,
            rtl=self._rtl,
            language=self._language,
            size=self.size,
        )


class _Scratch(Sheet):
    """Text is set and broken as on any sheet; nothing reaches the canvas or the tree."""

    def inside(
        self, role: str, *, language: str = "", instead: str = "", extra: str = ""
    ) -> AbstractContextManager[None]:
        return nullcontext()

    def aside(self) -> AbstractContextManager[None]:
        return nullcontext()

    draws = False

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Colour | None = None,
        stroke: Colour | None = None,
        thickness: float = 0.5,
        radius: float = 0.0,
    ) -> None:
        pass

    def rule(
        self, x: float, y: float, width: float, *, colour: Colour, thickness: float = 0.5
    ) -> None:
        pass

    def code(self, symbol: Symbol, x: float, y: float, *, said: str) -> None:
        pass

    def photo(
        self,
        jpeg: bytes,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        said: str,
        whole: bool = False,
    ) -> None:
        pass

    def operators(self, strokes: str, colour: Colour, thickness: float) -> None:
        pass

    def micro(self, text: str, x: float, y: float, width: float, *, size: float) -> None:
        pass

    @contextmanager
    def turned(self, degrees: float) -> Iterator[None]:
        yield

    def _text(self, text: str, language: str | None) -> AbstractContextManager[None]:
        return nullcontext()

    def _draw(
        self, line: Line, x: float, baseline: float, width: float, align: Align, colour: Colour
    ) -> None:
        pass
