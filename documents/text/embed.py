"""One face inside one PDF: a composite font (Type0 over CIDFontType2) of the glyphs in use.

A character code stands for a glyph *and* the text it was shaped from, so that the same glyph
drawn for different letters still copies as the right ones; the ToUnicode map holds the text.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import uharfbuzz
from reportlab.pdfbase import pdfdoc

from documents.text.faces import Face

_KEPT_TABLES = frozenset({"head", "hhea", "hmtx", "maxp", "loca", "glyf"})
_SUBSET_FLAGS = (
    uharfbuzz.SubsetFlags.NO_HINTING
    | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
    | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
)
NOTHING = "\u200b"
"""What a glyph says that stands for no character of its own, the second part of a split vowel:
PDF/A-2 wants text for every code, and this is a space of no width, inside an ActualText."""
_SYMBOLIC = 4  # PDF 32000-1 table 123: the font has its own encoding


@dataclass(eq=False)
class EmbeddedFont:
    """One face inside one PDF: its codes, and at the end its objects."""

    face: Face
    name: str
    codes: dict[tuple[int, str], int] = field(default_factory=dict)

    def code(self, glyph: int, text: str) -> int:
        """The code for a glyph that stands for `text`; code 0 stays the empty box."""
        return self.codes.setdefault((glyph, text), len(self.codes) + 1)

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab calls it by this name
        """Write the font into the document; ReportLab calls this before it saves."""
        data, new_index = _subset(self.face, {glyph for glyph, _ in self.codes})
        tag = _subset_tag(data)
        base = pdfdoc.PDFName(f"{tag}+{self.face.name}")
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("CIDFontType2"),
                "BaseFont": base,
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {
                        "Registry": pdfdoc.PDFString("Adobe"),
                        "Ordering": pdfdoc.PDFString("Identity"),
                        "Supplement": 0,
                    }
                ),
                "FontDescriptor": self._descriptor(doc, base, data),
                "DW": 0,
                "W": pdfdoc.PDFArray([1, pdfdoc.PDFArray(list(self._widths()))]),
                "CIDToGIDMap": self._stream(doc, "map", self._glyph_map(new_index)),
            }
        )
        font = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("Type0"),
                "BaseFont": base,
                "Encoding": pdfdoc.PDFName("Identity-H"),
                "DescendantFonts": pdfdoc.PDFArray([doc.Reference(descendant)]),
                "ToUnicode": self._stream(doc, "text", self._to_unicode()),
            }
        )
        fonts = doc.idToObject["BasicFonts"].dict
        fonts[self.name] = doc.Reference(font)

    def _descriptor(self, doc: Any, base: Any, data: bytes) -> Any:
        face = self.face
        scale = 1000 / face.units
        metrics = face.metrics
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("FontDescriptor"),
                "FontName": base,
                "Flags": _SYMBOLIC,
                "FontBBox": pdfdoc.PDFArray(
                    [-1000, round(-metrics.descent * scale), 2000, round(metrics.ascent * scale)]
                ),
                "ItalicAngle": 0,
                "Ascent": round(metrics.ascent * scale),
                "Descent": round(-metrics.descent * scale),
                "CapHeight": round(metrics.cap_height * scale),
                "StemV": 160 if face.name.endswith("Bold") else 80,
                "FontFile2": self._stream(doc, "file", data, length1=len(data)),
            }
        )
        return doc.Reference(descriptor)

    def _stream(self, doc: Any, what: str, content: bytes, *, length1: int | None = None) -> Any:
        stream = pdfdoc.PDFStream()
        stream.content = content
        stream.filters = [pdfdoc.PDFZCompress]
        if length1 is not None:
            stream.dictionary["Length1"] = length1
        return doc.Reference(stream, f"{self.name}.{what}")

    def _widths(self) -> Iterator[float]:
        for glyph, _ in self.codes:
            yield round(self.face.advance(glyph) * 1000 / self.face.units, 2)

    def _glyph_map(self, new_index: dict[int, int]) -> bytes:
        pairs = [0, *(new_index.get(glyph, 0) for glyph, _ in self.codes)]
        return b"".join(index.to_bytes(2, "big") for index in pairs)

    def _to_unicode(self) -> bytes:
        """A ToUnicode CMap (PDF 32000-1, 9.10.3)."""
        entries = [
            f"<{code:04X}> <{(text or NOTHING).encode('utf-16-be').hex().upper()}>"
            for (_, text), code in self.codes.items()
        ]
        out = [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
        ]
        for start in range(0, len(entries), 100):  # at most 100 entries a block, 9.7.5.4
            block = entries[start : start + 100]
            out += [f"{len(block)} beginbfchar", *block, "endbfchar"]
        out.append("endcmap CMapName currentdict /CMap defineresource pop end end")
        return "\n".join(out).encode("ascii")


def _subset(face: Face, glyphs: set[int]) -> tuple[bytes, dict[int, int]]:
    """A font file with only `glyphs` and their parts, and where each of them now is."""
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(glyphs | {0})
    wanted.flags = _SUBSET_FLAGS
    wanted.drop_table_tag_set.update(
        int.from_bytes(tag.encode("ascii"), "big")
        for tag in face.hb_face.table_tags
        if tag not in _KEPT_TABLES
    )
    plan = uharfbuzz.SubsetPlan(face.hb_face, wanted)
    mapping = dict(plan.old_to_new_glyph_mapping.items())
    return bytes(plan.execute().blob.data), mapping


def _subset_tag(data: bytes) -> str:
    """Six capitals that name the subset (PDF 32000-1, 9.6.4); the same glyphs, the same tag."""
    digest = int.from_bytes(hashlib.sha256(data).digest()[:8], "big")
    letters = []
    for _ in range(6):
        digest, letter = divmod(digest, 26)
        letters.append(chr(65 + letter))
    return "".join(letters)
