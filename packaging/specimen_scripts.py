"""Every script as we set it, beside the same text as another program sets it with the same fonts.

The page is opened in any browser: what stands on the right is its own work. Each text's width is
compared too; a row whose widths differ by more than a hundredth is marked.

    chromium --headless --dump-dom build/specimens/scripts.html
"""

from __future__ import annotations

import html
import io
from pathlib import Path

from PIL import Image

import resources
from benchmarks.specimen_people import PEOPLE
from documents import raster
from documents.text.canvas import PdfCanvas
from documents.text.lines import Line, Style, set_line
from documents.text.pdf import TextPen

from specimen_families import FAMILIES  # isort: skip - beside this file

_SIZE = 24.0  # points
_DPI = 144
_STYLE = """<style>
body{font:14px sans-serif;margin:16px}table{border-collapse:collapse}
td{border-bottom:1px solid #ccc;padding:4px 10px;vertical-align:middle}
.text{font-size:24pt;white-space:pre}.far{background:#fcc}img{display:block}
"""
_SCRIPT = """<script>
document.fonts.ready.then(() => {
  for (const row of document.querySelectorAll("tr[data-width]")) {
    const ours = Number(row.dataset.width);
    const theirs = row.querySelector(".text").getBoundingClientRect().width * 0.75;
    const off = 100 * (theirs / ours - 1);
    const cell = row.querySelector(".off");
    cell.textContent = ours.toFixed(1) + " pt, there " + theirs.toFixed(1) + " pt, " +
      (off > 0 ? "+" : "") + off.toFixed(2) + " %";
    if (Math.abs(off) > 1) cell.classList.add("far");
  }
});
</script>"""


def texts() -> list[tuple[str, str]]:
    """Language and text: the names of every script, and the long ones of every family."""
    found = [(one.language, one.name) for one in PEOPLE]
    found += [(one.language, one.of("parent").name) for one in FAMILIES.values()]
    return found + [(one.language, one.place) for one in FAMILIES.values()]


def scripts(folder: Path) -> None:
    """Write `scripts.html` with its pictures and fonts."""
    (folder / "fonts").mkdir(exist_ok=True)
    faces: dict[str, float] = {}
    rows = []
    for at, (language, text) in enumerate(texts()):
        line = set_line(text, Style(_SIZE, language=language))
        file = f"script-line-{at:02d}.png"
        _picture(line).save(folder / file)
        own = [run.face for run in line.runs if run.face.name != "NotoSans-Regular"]
        for face in own:
            faces[face.name] = face.optical
        families = ", ".join(dict.fromkeys(["Digits", *(face.name for face in own), "Plain"]))
        way = "rtl" if line.base else "ltr"
        rows.append(
            f"<tr data-width='{line.width:.2f}'><td>{language}<td>"
            f"<img src='{file}' width='{(line.width + 16) / 0.75:.0f}'>"
            f"<td><span class=text lang={language} dir={way} "
            f'style="font-family:{families}">{html.escape(text)}</span><td class=off>'
        )
    style = _STYLE + _face("Plain", "NotoSans-Regular")
    # ASCII digits and punctuation are always in the Latin face here, spaces are not.
    style += _face("Digits", "NotoSans-Regular", more="unicode-range:U+21-40,U+5B-60,U+7B-7E;")
    style += "".join(_face(name, name, scale=scale) for name, scale in faces.items())
    for name in ("NotoSans-Regular", *faces):
        data = resources.read_bytes(f"fonts/{name}.ttf")
        (folder / "fonts" / f"{name}.ttf").write_bytes(data)
    page = "<!doctype html><html lang=en><meta charset=utf-8><title>Scripts</title>"
    page += f"{style}</style><h1>Every script: ours, the browser's, and how wide each is</h1>"
    page += f"<table>{''.join(rows)}</table>{_SCRIPT}"
    (folder / "scripts.html").write_text(page, "utf-8")


def _face(family: str, file: str, *, scale: float = 1.0, more: str = "") -> str:
    return (
        f"@font-face{{font-family:{family};src:url(fonts/{file}.ttf);"
        f"size-adjust:{scale * 100:.0f}%;{more}}}\n"
    )


def _picture(line: Line) -> Image.Image:
    out = io.BytesIO()
    canvas = PdfCanvas(out, pagesize=(line.width + 16, 2.4 * _SIZE))
    TextPen(canvas).draw(line, 8, 0.95 * _SIZE)
    canvas.save()
    return raster.page(out.getvalue(), 0, dpi=_DPI)
