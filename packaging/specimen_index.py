"""The index of the specimen book: documents down, languages across, every page to be opened."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path

_HEAD = """<!doctype html><html lang=en><meta charset=utf-8><title>Specimens</title><style>
body{font:14px sans-serif;margin:16px}h2{margin:24px 0 4px}
figure{display:inline-block;margin:6px;vertical-align:top}
img{height:340px;border:1px solid #999}figcaption{font-size:12px}
nav a{margin-right:10px}</style>
<h1>Specimens</h1>
<p>Invented people. Look for letters cut or piled, labels without a value, lines that touch, words
in the wrong language, dates that say more than is known, and text on the wrong side.
<a href=scripts.html>Every script beside the browser's own setting</a>.</p>
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A document of the book: its PDF is `name`.pdf, `files` are its pages as pictures."""

    name: str
    language: str
    files: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Its document and paper: what is the same in all languages."""
        if self.name.startswith("script-"):
            return "script"
        return self.name.removesuffix(f"-{self.language}")


def index(folder: Path, shown: list[Shown]) -> None:
    """Write `index.html`, by document, and a page for each language."""
    tags = sorted({one.language for one in shown})
    links = " ".join(f"<a href='{tag}.html'>{tag}</a>" for tag in tags)
    nav = f"<nav><a href=index.html>all documents</a> {links}</nav>"
    kinds = list(dict.fromkeys(one.kind for one in shown))
    parts = [_HEAD, nav]
    for kind in kinds:
        parts.append(f"<h2>{html.escape(kind)}</h2>")
        parts += [_figures(one, one.language) for one in shown if one.kind == kind]
    (folder / "index.html").write_text("\n".join(parts), "utf-8")
    for tag in tags:
        own = [_figures(one, one.kind) for one in shown if one.language == tag]
        (folder / f"{tag}.html").write_text("\n".join([_HEAD, nav, *own]), "utf-8")


def _figures(one: Shown, title: str) -> str:
    pictures = "".join(
        f"<a href='{file}'><img loading=lazy src='{file}'></a>" for file in one.files
    )
    said = f"{html.escape(title)} · <a href='{one.name}.pdf'>{html.escape(one.name)}</a>"
    return f"<figure>{pictures}<figcaption>{said}</figcaption></figure>"
