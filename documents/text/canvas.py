"""The one place that reaches into ReportLab's canvas.

ReportLab offers no public way to write operators, to add a font of our own, to place a JPEG
without decoding it, or to write a page before the last one is drawn. What the room needs beyond
the public interface is here, by name.
"""

import zlib
from typing import IO, Any, Protocol

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

# The pure Python encoder behind this flag costs more than drawing the page; PDF is binary anyway.
rl_config.useA85 = 0
_VERSION = (1, 6)
LEVEL = 4
"""How hard pages are compressed: 6 takes three times as long for a twentieth of their size."""


class DelayedFont(Protocol):
    """A font that writes its objects when the document is complete."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab calls it by this name
        """Put the font's objects into ReportLab's document."""


class _File(pdfdoc.PDFFile):
    """What ReportLab adds, on its way out and not in a list."""

    def __init__(self, out: IO[bytes], version: tuple[int, int]) -> None:
        self._out = out
        super().__init__(version)

    def add(self, s: bytes) -> int:
        """Write `s`; returns where it begins."""
        begun = self.offset
        self.offset += len(s)
        self._out.write(s)
        return begun


class _Document(pdfdoc.PDFDocument):
    """A document that writes every page and picture when it is finished, and forgets it.

    ReportLab keeps all of them, uncompressed, until the last: 0.2 MB a page.
    """

    Catalog: Any
    Pages: Any
    idToObject: dict[str, Any]  # noqa: N815 - ReportLab's name

    def __init__(self, out: IO[bytes]) -> None:
        super().__init__(compression=1, invariant=1, pdfVersion=_VERSION)
        self._file = _File(out, _VERSION)

    def addPage(self, page: Any) -> None:  # noqa: N802 - ReportLab calls it by this name
        """Write the page and what it draws."""
        stream = pdfdoc.PDFStream(content=zlib.compress(page.stream.encode("latin-1"), LEVEL))
        stream.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
        stream.filters = []
        page.stream, page.Contents = None, self.finished(stream)
        name = self.thisPageName()
        super().addPage(page)
        page.check_format(self)
        self._put(name)
        self.Pages.pages[-1] = pdfdoc.PDFObjectReference(name)

    def finished(self, made: Any, name: str | None = None) -> Any:
        """Write an object that changes no more; returns the reference to it."""
        reference = self.Reference(made, name)  # type: ignore[no-untyped-call]  # ReportLab's
        self._put(reference.name)
        return reference

    def _put(self, name: str) -> None:
        made = pdfdoc.PDFIndirectObject(name, self.idToObject[name])
        self.idToOffset[name] = self._file.add(made.format(self))
        self.idToObject[name] = None

    def format(self) -> bytes:
        """Write what is left, the table of places and the trailer. Nothing remains to be saved."""
        root: Any = self.Reference(self.Catalog)  # type: ignore[no-untyped-call]  # ReportLab's
        info: Any = self.Reference(self.info)  # type: ignore[no-untyped-call]  # ReportLab's
        number = 1
        while number in self.numberToId:  # writing one may name further ones
            if self.numberToId[number] not in self.idToOffset:
                self._put(self.numberToId[number])
            number += 1
        table = pdfdoc.PDFCrossReferenceTable()
        table.addsection(0, [self.numberToId[at] for at in range(1, number)])
        start = self._file.add(table.format(self))
        trailer = pdfdoc.PDFTrailer(
            startxref=start, Size=number, Root=root, Info=info, ID=self.ID()
        )
        self._file.add(trailer.format(self))
        return b""


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

    def set_time(self, stamp: Any) -> None:
        """The time that the file states as its creation."""
        self._doc._timeStamp = stamp
