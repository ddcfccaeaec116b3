"""The one place that reaches into ReportLab's canvas.

ReportLab offers no public way to write operators, to add a font of our own or to place a JPEG
without decoding it. What the room needs beyond the public interface is here, by name.
"""

from typing import Any, Protocol

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

# The pure Python encoder behind this flag costs more than drawing the page; PDF is binary anyway.
rl_config.useA85 = 0


class DelayedFont(Protocol):
    """A font that writes its objects when the document is complete."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab calls it by this name
        """Put the font's objects into ReportLab's document."""


class PdfCanvas(Canvas):
    """A canvas whose pages begin empty: ReportLab's own begin by naming Helvetica."""

    _code: list[str]
    _doc: Any
    _formsinuse: list[str]
    _preamble: str
    _mark: str

    def _make_preamble(self) -> None:
        self._preamble = "1 0 0 1 0 0 cm"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._mark = ""
        super().__init__(*args, **kwargs)

    def write(self, operators: str) -> None:
        """Append operators to the page."""
        self._code.append(operators)

    def belongs(self, mark: str) -> None:
        """What is written from here on is marked content (PDF 32000-1, 14.6) that `mark` begins;
        the same as before goes on, an empty one ends it."""
        if mark != self._mark:
            if self._mark:
                self._code.append("EMC")
            if mark:
                self._code.append(mark)
            self._mark = mark

    def showPage(self) -> None:  # noqa: N802 - ReportLab calls it by this name
        """Finish the page."""
        self.belongs("")
        super().showPage()

    def add_font(self, font: DelayedFont) -> None:
        """Have `font` written with the document."""
        self._doc.delayedFonts.append(font)

    def embed(self, name: str, dictionary: dict[str, Any], content: bytes) -> None:
        """Put a picture into the document once, however many pages show it."""
        internal = pdfdoc.xObjectName(name)
        if internal in self._doc.idToObject:
            return
        stream = pdfdoc.PDFStream()
        stream.content = content
        stream.filters = []
        for key, value in dictionary.items():
            is_name = isinstance(value, str)
            stream.dictionary[key] = pdfdoc.PDFName(value) if is_name else value
        self._doc.Reference(stream, internal)

    def taken(self, start: int) -> list[str]:
        """Take back the operators that were written since there were `start` of them."""
        taken = self._code[start:]
        del self._code[start:]
        return taken

    @property
    def written(self) -> int:
        """How many operators were written to the page."""
        return len(self._code)

    def use(self, name: str) -> str:
        """Name an embedded picture on this page; returns the operand for `Do`."""
        self._formsinuse.append(name)
        return f"/{pdfdoc.xObjectName(name)}"

    def set_time(self, stamp: Any) -> None:
        """The time that the file states as its creation."""
        self._doc._timeStamp = stamp
