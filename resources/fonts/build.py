"""Builds the fonts beside this file from the distribution's packages.

Run by hand, when a font is added or its source is updated, on a Debian system with
``fonts-noto-core``, ``fonts-noto-cjk`` and ``fonts-ocr-b``::

    python resources/fonts/build.py

All faces but two are copied as they are, so that their hashes can be compared with the
source. Noto Sans CJK is 19 MB of PostScript outlines in a collection of ten faces; what is kept
is one TrueType face with the characters of the standards that names are written in. Of OCR-B the
37 characters of machine readable zones are kept.
"""

import hashlib
import shutil
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable
from fontTools.ttLib.tables.DefaultTable import DefaultTable

SOURCE = Path("/usr/share/fonts/truetype/noto")
CJK_SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
CJK_FAMILY = "Noto Sans CJK SC"
CJK_OURS = "Noto Sans CJK SC Names"
ZONE_SOURCE = Path("/usr/share/fonts/opentype/ocr-b/OCRB.otf")
ZONE_OURS = "OCR B Zone"
ZONE_CHARACTERS = "0123456789<ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HERE = Path(__file__).parent

COPIED = (
    "NotoNaskhArabic-Bold",
    "NotoNaskhArabic-Regular",
    "NotoSans-Bold",
    "NotoSans-Regular",
    "NotoSansAdlam-Regular",
    "NotoSansArmenian-Regular",
    "NotoSansBengali-Regular",
    "NotoSansChakma-Regular",
    "NotoSansDevanagari-Regular",
    "NotoSansEthiopic-Regular",
    "NotoSansGeorgian-Regular",
    "NotoSansGujarati-Regular",
    "NotoSansGurmukhi-Regular",
    "NotoSansHanifiRohingya-Regular",
    "NotoSansHebrew-Regular",
    "NotoSansKannada-Regular",
    "NotoSansKhmer-Regular",
    "NotoSansLao-Regular",
    "NotoSansMalayalam-Regular",
    "NotoSansMyanmar-Regular",
    "NotoSansNKo-Regular",
    "NotoSansOlChiki-Regular",
    "NotoSansOriya-Regular",
    "NotoSansSinhala-Regular",
    "NotoSansSyriac-Regular",
    "NotoSansTamil-Regular",
    "NotoSansTelugu-Regular",
    "NotoSansThaana-Regular",
    "NotoSansThai-Regular",
    "NotoSansTifinagh-Regular",
    "NotoSerifTibetan-Regular",
)

# The quadratic curves stay within this distance of the cubic ones, in units of 1/1000 em:
# a thirtieth of a millimetre on a name 10 mm high.
CURVE_ERROR = 1.0


def main() -> None:
    """Copy, subset, and write the list of hashes."""
    for name in COPIED:
        shutil.copyfile(SOURCE / f"{name}.ttf", HERE / f"{name}.ttf")
    build_cjk(HERE / "NotoSansCJKsc-Names.ttf")
    build_zone(HERE / "OCRB-Zone.ttf")
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(HERE.glob("*.ttf"))
    ]
    (HERE / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


def build_cjk(target: Path) -> None:
    """Write the subset of Noto Sans CJK SC with TrueType outlines to `target`."""
    collection = TTCollection(CJK_SOURCE)
    font = next(face for face in collection.fonts if face["name"].getDebugName(1) == CJK_FAMILY)
    _keep(font, cjk_characters())
    _save(font, CJK_OURS, target)


def build_zone(target: Path) -> None:
    """Write the characters of machine readable zones in OCR-B with TrueType outlines."""
    font = TTFont(ZONE_SOURCE)
    _keep(font, {ord(char) for char in ZONE_CHARACTERS})
    for typographic in (16, 17):
        font["name"].removeNames(nameID=typographic)
    _save(font, ZONE_OURS, target)


def _keep(font: TTFont, characters: set[int]) -> None:
    options = Options()
    options.layout_features = ["ccmp"]
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += ["VORG", "vhea", "vmtx", "BASE", "GPOS", "FFTM"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)


def _save(font: TTFont, name: str, target: Path) -> None:
    """With TrueType outlines, and by another name: no system mistakes it for the whole one."""
    to_truetype(font)
    for identifier, said in {1: name, 4: name, 6: target.stem}.items():
        font["name"].setName(said, identifier, 3, 1, 0x409)
    font.recalcTimestamp = False
    font.save(target, reorderTables=True)


def cjk_characters() -> set[int]:
    """GB 2312, the first level of Big5, the Hangul of KS X 1001, kana, and their punctuation."""
    chars = {
        *_decodable("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF)),
        *_decodable("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)]),
        *_decodable("euc_kr", range(0xA1, 0xC9), range(0xA1, 0xFF)),
    }
    kept = {char for char in chars if ord(char) >= 0x2E80}
    kept |= {chr(code) for code in (*range(0x3000, 0x3100), *range(0x31A0, 0x31C0))}
    return {ord(char) for char in kept} | {0x20, 0x2D, 0xB7, 0x2013, 0x2014, 0x2018, 0x2019}


def _decodable(codec: str, leads: range, trails: range | list[int]) -> set[str]:
    found = set()
    for lead in leads:
        for trail in trails:
            try:
                found.add(bytes((lead, trail)).decode(codec))
            except UnicodeDecodeError:
                continue
    return {char for char in found if len(char) == 1}


def to_truetype(font: TTFont) -> None:
    """Replace the PostScript outlines of `font` by quadratic ones."""
    glyphs = font.getGlyphSet()
    order = font.getGlyphOrder()
    outlines = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, CURVE_ERROR, reverse_direction=True))
        outlines[name] = pen.glyph()
    table = newTable("glyf")
    table.glyphs = outlines
    table.glyphOrder = order
    font["loca"] = newTable("loca")
    font["glyf"] = table
    del font["CFF "]
    table.compile(font)
    # The left side bearing of a TrueType glyph is where its outline begins.
    for name, (advance, _) in font["hmtx"].metrics.items():
        font["hmtx"][name] = (advance, getattr(table[name], "xMin", 0))
    font["maxp"] = _limits(len(order))
    font["maxp"].compile(font)
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0
    font.sfntVersion = "\x00\x01\x00\x00"


def _limits(count: int) -> DefaultTable:
    """The maximum profile of a TrueType font without instructions."""
    table = newTable("maxp")
    table.tableVersion = 0x00010000
    table.numGlyphs = count
    table.maxZones = 1
    for field in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
    ):
        setattr(table, field, 0)
    return table


if __name__ == "__main__":
    main()
