"""From what was drawn to the file that is handed over: tagged, described, and compact.

ReportLab draws pages and writes fonts. What it has no words for is added here: the structure tree
(PDF 32000-1, 14.7), metadata as XMP (ISO 16684-1), and the colour space that is meant. Together
they are what PDF/A-2a (ISO 19005-2) asks of a file like ours; ``docs/formats/pages.md`` says what
is claimed and what was checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from documents.layout.colour import srgb
from documents.layout.structure import Element, Tree, text_string
from documents.objects import Objects

_PROGRAM = "Waystation"


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself. Never a name of a person: file managers show it."""

    title: str
    author: str
    language: str
    created: datetime


def finished(drawn: bytes, tree: Tree, about: About) -> bytes:
    """The file of the pages in `drawn` (as ReportLab wrote them), which `tree` describes."""
    source = Objects.read(drawn)
    made = Objects(source.body, source.root, source.info)
    pages = source.pages()
    made.set_pages(pages)
    structure = _structure(made, tree, pages, about.language)
    metadata = made.stream(_packet(about), "/Type/Metadata/Subtype/XML", packed=False)
    profile = made.stream(srgb(), "/N 3")
    intent = made.add(
        "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)"
        f"/RegistryName()/Info(sRGB)/DestOutputProfile {profile} 0 R>>"
    )
    made.body[made.info] = _information(about).encode("ascii")
    tree_of_pages = made.refers(made.root, b"Pages")
    made.body[made.root] = (
        f"<</Type/Catalog/Pages {tree_of_pages} 0 R/Lang({about.language})"
        f"/MarkInfo<</Marked true>>/StructTreeRoot {structure} 0 R/Metadata {metadata} 0 R"
        f"/OutputIntents[{intent} 0 R]/ViewerPreferences<</DisplayDocTitle true>>>>"
    ).encode("ascii")
    return made.write()


def _structure(made: Objects, tree: Tree, pages: list[int], language: str) -> int:
    """Write the elements; returns the number of their root."""
    tree.root.language, tree.root.states_language = language, True
    root = made.reserve()
    elements = [one for one in _all(tree.root) if _kept(one)]
    numbers = {id(one): made.reserve() for one in elements}
    parents = {id(kid): one for one in elements for kid in one.kids if isinstance(kid, Element)}
    for one in elements:
        parent = parents.get(id(one))
        above = numbers[id(parent)] if parent else root
        made.body[numbers[id(one)]] = _element(one, above, numbers, pages).encode("ascii")
    rows = []
    for at, page in enumerate(pages):
        own = tree.pages[at]
        refs = " ".join(f"{numbers[id(one)]} 0 R" for one in own)
        rows.append(f"{at} {made.add(f'[{refs}]')} 0 R")
        content = made.body[page].rstrip()
        # Both go before the end of the page's dictionary.
        made.body[page] = content[:-2] + f"/StructParents {at}/Tabs/S>>".encode("ascii")
    parent_tree = made.add(f"<</Nums[{' '.join(rows)}]>>")
    made.body[root] = (
        f"<</Type/StructTreeRoot/K[{numbers[id(tree.root)]} 0 R]/ParentTree {parent_tree} 0 R"
        f"/ParentTreeNextKey {len(pages)}>>"
    ).encode("ascii")
    return root


def _all(element: Element) -> Iterator[Element]:
    yield element
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _all(kid)


def _kept(element: Element) -> bool:
    """An element in which nothing was drawn is left out; an empty cell holds its place."""
    return element.role in ("TH", "TD", "Document") or any(
        not isinstance(kid, Element) or _kept(kid) for kid in element.kids
    )


def _element(element: Element, above: int, numbers: dict[int, int], pages: list[int]) -> str:
    page = next((kid[0] for kid in element.kids if not isinstance(kid, Element)), None)
    kids = []
    for kid in element.kids:
        if isinstance(kid, Element):
            if id(kid) in numbers:
                kids.append(f"{numbers[id(kid)]} 0 R")
        elif kid[0] == page:
            kids.append(str(kid[1]))
        else:
            kids.append(f"<</Type/MCR/Pg {pages[kid[0]]} 0 R/MCID {kid[1]}>>")
    said = f"<</S/{element.role}/P {above} 0 R"
    if page is not None:
        said += f"/Pg {pages[page]} 0 R"
    if kids:
        several = len(kids) > 1 or element.role == "Document"
        said += f"/K[{' '.join(kids)}]" if several else f"/K {kids[0]}"
    if element.states_language:
        said += f"/Lang({element.language})"
    return f"{said}{element.extra}>>"


def _information(about: About) -> str:
    at = about.created.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
    return (
        f"<</Title {text_string(about.title)}/Author {text_string(about.author)}"
        f"/Creator({_PROGRAM})/Producer({_PROGRAM})/CreationDate({at})/ModDate({at})>>"
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
