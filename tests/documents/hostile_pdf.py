"""PDFs that are short and ask for more than any machine has."""

from __future__ import annotations

from collections.abc import Iterable

_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>"


def _stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (extra, len(data), data)


def _pdf(objects: Iterable[bytes]) -> bytes:
    out = b"%PDF-1.7\n"
    offsets = []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % at for at in offsets)
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (len(offsets) + 1, table, len(offsets) + 1, len(out))
    )


def _one_page(content: bytes, resources: bytes, *others: bytes) -> bytes:
    catalogue = b"<</Type/Catalog/Pages 2 0 R>>"
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return _pdf([catalogue, pages, _PAGE % resources, _stream(content), *others])


def repeating(levels: int = 12, times: int = 10) -> bytes:
    """A form that draws a form so many times, which draws a form so many times, and so on: time,
    and memory for every one."""
    box = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<%s>>"
    forms = []
    for level in range(levels):
        last = level == levels - 1
        inner = b"" if last else b"/XObject<</F %d 0 R>>" % (6 + level)
        forms.append(_stream(b"0 0 9 9 re f" if last else b"/F Do " * times, box % inner))
    return _one_page(b"/F Do", b"/XObject<</F 5 0 R>>", *forms)


def tiled() -> bytes:
    """A page of tiles that lie a ten-thousandth of a point apart: time alone, hours of it."""
    tile = (
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]"
        b"/XStep .0001/YStep .0001/Resources<<>>"
    )
    return _one_page(
        b"/Pattern cs /P scn 0 0 595 842 re f",
        b"/Pattern<</P 5 0 R>>",
        _stream(b"0 0 1 1 re f", tile),
    )
