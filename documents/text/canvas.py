"""The one place that reaches into ReportLab's canvas.

ReportLab offers no public way to write operators, to add a font of our own, to place a JPEG
without decoding it, or to write a page before the last one is drawn. What the room needs beyond
the public interface is here, by name.
"""

import zlib
from collections.abc import Sequence
from typing import IO, Any, Protocol

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from documents.objects import tree_of
from documents.pdf_file import END_OF_STREAM, PdfFile, is_stream

# The pure Python encoder behind this flag costs more than drawing the page; PDF is binary anyway.
rl_config.useA85 = 0
LEVEL = 4
"""How hard pages are compressed: 6 takes three times as long for a twentieth of their size."""


class DelayedFont(Protocol):
    """A font that writes its objects when the document is complete."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab calls it by this name
        """Put the font's objects into ReportLab's document."""


class _Document(pdfdoc.PDFDocument):
    """A document that writes every page and picture when it is finished, and forgets it.

    ReportLab keeps all of them, uncompressed, until the last: 0.2 MB a page.
    """

    Pages: Any
    idToObject: dict[str, Any]  # noqa: N815 - ReportLab's name
    idToObjectNumberAndVersion: dict[str, tuple[int, int]]  # noqa: N815 - likewise
    numberToId: dict[int, str]  # noqa: N815 - likewise

    def __init__(self, out: IO[bytes]) -> None:
        self.file = PdfFile(out)
        self.written: list[int] = []
        super().__init__(compression=1, invariant=1)

    @property
    def objectcounter(self) -> int:
        """The last number that was given: the file gives them, to ReportLab and to others."""
        return self.file.top

    @objectcounter.setter
    def objectcounter(self, number: int) -> None:
        self.file.reserve(max(0, number - self.file.top))

    def addPage(self, page: Any) -> None:  # noqa: N802 - ReportLab calls it by this name
        """Write the page and what it draws."""
        content = zlib.compress(page.stream.encode("latin-1"), LEVEL)
        stream = pdfdoc.PDFStream(content=content)
        stream.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
        stream.filters = []
        page.stream, page.Contents = None, self.finished(stream)
        page.check_format(self)
        name = str(self.thisPageName())
        # Which elements its content belongs to, and that they are read in their order.
        entries = f"/StructParents {len(self.written)}/Tabs/S"
        self.finished(page, name, entries)
        self.written.append(self._number(name))
        self.pageCounter += 1
        self.inObject = None

    def finished(self, made: Any, name: str | None = None, entries: str = "") -> Any:
        """Write an object that changes no more; returns the reference to it.

        `entries` are further ones of a dictionary, as PDF writes them.
        """
        reference = self.Reference(made, name)  # type: ignore[no-untyped-call]  # ReportLab's
        self._put(reference.name, entries)
        return reference

    def _number(self, name: str) -> int:
        return self.idToObjectNumberAndVersion[name][0]

    def _put(self, name: str, entries: str = "") -> None:
        content = pdfdoc.format(self.idToObject[name], self, toplevel=1).strip()
        if is_stream(content):  # ReportLab writes no line end after the data, as 7.3.8.1 asks
            content = content[: -len(b"endstream")] + END_OF_STREAM
        if entries:
            content = content[: -len(b">>")] + entries.encode("ascii") + b">>"
        self.file.put(self._number(name), content)
        self.idToObject[name] = None

    def end(self, catalog: str, info: str) -> None:
        """Write what is left, and the table of places."""
        for font in self.delayedFonts:
            font.addObjects(self)
        pages: Any = self.Reference(self.Pages)  # type: ignore[no-untyped-call]  # ReportLab's
        number = 1
        while number <= self.file.top:  # writing one may name further ones
            name = self.numberToId.get(number, pages.name)
            if name != pages.name and self.idToObject[name] is not None:
                self._put(name)
            number += 1
        tree = self._number(pages.name)
        self.file.put(tree, tree_of(self.written))
        root = self.file.add(f"<</Type/Catalog/Pages {tree} 0 R{catalog}>>")
        self.file.close(root, self.file.add(f"<<{info}>>"))


class PdfCanvas(Canvas):
    """A canvas whose pages begin empty, ReportLab's own begin by naming Helvetica, and go to
    `out` one by one, each when it is shown."""

    _code: list[str]
    _doc: Any
    _formsinuse: list[str]
    _preamble: str
    _mark: str

    def __init__(self, out: IO[bytes], *, pagesize: tuple[float, float]) -> None:
        self._mark = ""
        super().__init__(out, pagesize=pagesize, pageCompression=1, invariant=1)
        self._doc = _Document(out)

    def _make_preamble(self) -> None:
        self._preamble = "1 0 0 1 0 0 cm"

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

    @property
    def file(self) -> PdfFile:
        """The file, for what ReportLab has no words for."""
        return self._doc.file  # type: ignore[no-any-return]  # ReportLab's attribute is untyped

    @property
    def pages(self) -> Sequence[int]:
        """The pages that were shown, by the numbers of their objects."""
        return self._doc.written  # type: ignore[no-any-return]  # likewise

    def end(self, *, catalog: str = "", info: str = "") -> None:
        """Finish the file, with further entries of its catalog and of what it says of itself."""
        if self._code:
            self.showPage()
        self._doc.end(catalog, info)

    def save(self) -> None:
        """Finish the file as it is."""
        self.end()

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
        self._doc.finished(stream, internal)

    def use(self, name: str) -> str:
        """Name an embedded picture on this page; returns the operand for `Do`."""
        self._formsinuse.append(name)
        return f"/{pdfdoc.xObjectName(name)}"
