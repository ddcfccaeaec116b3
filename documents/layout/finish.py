"""From what was drawn to the file that is handed over: tagged, described, and compact.

ReportLab draws pages and writes fonts. What it has no words for is added here: the structure tree
(PDF 32000-1, 14.7), metadata as XMP (ISO 16684-1), and the colour space that is meant. Together
they are what PDF/A-2a (ISO 19005-2) asks of a file like ours; ``docs/formats/pages.md`` says what
is claimed and what was checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from documents.layout.colour import srgb
from documents.layout.structure import Element, Tree, text_string
from documents.text.canvas import PdfCanvas

_PROGRAM = "Waystation"


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself. Never a name of a person: file managers show it."""

    title: str
    author: str
    language: str
    created: datetime


class Finish:
    """What a file has besides its pages, written as they are drawn on `canvas`.

    `tree` forgets what is written: a run of a thousand papers keeps the elements of one.
    """

    def __init__(self, canvas: PdfCanvas, tree: Tree) -> None:
        self._canvas = canvas
        self._file = canvas.file
        self._tree = tree
        self._root = self._file.reserve()
        self._document = self._file.reserve()
        self._papers: list[int] = []
        self._rows: list[int] = []

    def paper(self) -> None:
        """What was drawn so far is complete: its pages are shown and its elements are closed."""
        pages = self._canvas.pages
        numbers: dict[int, int] = {}
        for one in self._tree.root.kids:
            if isinstance(one, Element) and _kept(one):
                self._papers.append(self._write(one, self._document, numbers))
        self._tree.root.kids.clear()
        for own in self._tree.pages[len(self._rows) : len(pages)]:
            refs = " ".join(f"{numbers[id(one)]} 0 R" for one in own)
            self._rows.append(self._file.add(f"[{refs}]"))
            own.clear()

    def end(self, about: About) -> None:
        """Finish the file."""
        self.paper()
        file = self._file
        papers = " ".join(f"{one} 0 R" for one in self._papers)
        file.put(
            self._document,
            f"<</S/Document/P {self._root} 0 R/K[{papers}]/Lang({about.language})>>".encode(
                "ascii"
            ),
        )
        rows = " ".join(f"{at} {row} 0 R" for at, row in enumerate(self._rows))
        parents = file.add(f"<</Nums[{rows}]>>")
        file.put(
            self._root,
            f"<</Type/StructTreeRoot/K[{self._document} 0 R]/ParentTree {parents} 0 R"
            f"/ParentTreeNextKey {len(self._rows)}>>".encode("ascii"),
        )
        metadata = file.stream(_packet(about), "/Type/Metadata/Subtype/XML", packed=False)
        profile = file.stream(srgb(), "/N 3")
        intent = file.add(
            "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)"
            f"/RegistryName()/Info(sRGB)/DestOutputProfile {profile} 0 R>>"
        )
        self._canvas.end(
            catalog=f"/Lang({about.language})/MarkInfo<</Marked true>>"
            f"/StructTreeRoot {self._root} 0 R/Metadata {metadata} 0 R"
            f"/OutputIntents[{intent} 0 R]/ViewerPreferences<</DisplayDocTitle true>>",
            info=_information(about),
        )

    def _write(self, element: Element, above: int, numbers: dict[int, int]) -> int:
        """Write an element and those in it; returns its number, and notes all of them."""
        number = numbers[id(element)] = self._file.reserve()
        pages = self._canvas.pages
        page = next((kid[0] for kid in element.kids if not isinstance(kid, Element)), None)
        kids = []
        for kid in element.kids:
            if isinstance(kid, Element):
                if _kept(kid):
                    kids.append(f"{self._write(kid, number, numbers)} 0 R")
            elif kid[0] == page:
                kids.append(str(kid[1]))
            else:
                kids.append(f"<</Type/MCR/Pg {pages[kid[0]]} 0 R/MCID {kid[1]}>>")
        said = f"<</S/{element.role}/P {above} 0 R"
        if page is not None:
            said += f"/Pg {pages[page]} 0 R"
        if kids:
            said += f"/K[{' '.join(kids)}]" if len(kids) > 1 else f"/K {kids[0]}"
        if element.states_language:
            said += f"/Lang({element.language})"
        self._file.put(number, f"{said}{element.extra}>>".encode("ascii"))
        return number


def _kept(element: Element) -> bool:
    """An element in which nothing was drawn is left out; an empty cell holds its place."""
    return element.role in ("TH", "TD") or any(
        not isinstance(kid, Element) or _kept(kid) for kid in element.kids
    )


def _information(about: About) -> str:
    at = about.created.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
    return (
        f"/Title {text_string(about.title)}/Author {text_string(about.author)}"
        f"/Creator({_PROGRAM})/Producer({_PROGRAM})/CreationDate({at})/ModDate({at})"
    )


def _packet(about: About) -> bytes:
    """The metadata in XMP, the same as in the information dictionary."""
    at = about.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    title, author = escape(about.title), escape(about.author)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"'
        ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>"
        "<dc:format>application/pdf</dc:format>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>"
        f"<dc:language><rdf:Bag><rdf:li>{about.language}</rdf:li></rdf:Bag></dc:language>"
        f"<xmp:CreatorTool>{_PROGRAM}</xmp:CreatorTool><xmp:CreateDate>{at}</xmp:CreateDate>"
        f"<xmp:ModifyDate>{at}</xmp:ModifyDate><pdf:Producer>{_PROGRAM}</pdf:Producer>"
        '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
    ).encode()
