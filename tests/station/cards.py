"""Invented cards: a code of their own and nothing else, at the size of a card."""

from __future__ import annotations

import io

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from documents.imposition import CARD, MM


def cards(count: int) -> tuple[bytes, list[str]]:
    """So many card-size pages, each with one code, and the texts of the codes."""
    import zxingcpp

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(CARD[0] * MM, CARD[1] * MM))
    texts = [f"CARD{number:03d}" for number in range(count)]
    for text in texts:
        symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        picture = zxingcpp.write_barcode_to_image(symbol, scale=8)
        from PIL import Image

        canvas.drawImage(ImageReader(Image.fromarray(picture)), 20, 20, 30 * MM, 30 * MM)
        canvas.showPage()
    canvas.save()
    return out.getvalue(), texts
