"""The specimen book: every document in every language of papers, of invented people.

    python packaging/specimens.py [build/specimens] [--resolution 100] [--only TEXT]

Writes one PDF and its pages as PNG for every document and language, an index to look through
them, and a page on which every script stands beside the same text as the browser sets it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from specimen_index import Shown, index
from specimen_pages import ISSUER, NOW, number, previews, records, specimens
from specimen_scripts import scripts

from documents import raster
from documents.page_data import Blank
from documents.pages import render, render_blank, render_record
from resources.i18n import paper_languages


def documents() -> Iterator[tuple[str, str, bytes]]:
    """Name, language and file of everything in the book."""
    for one in specimens():
        yield one.name, one.language, render([one.page], created=NOW)
    for name, language, page in previews():
        yield name, language, render([page], created=NOW)
    for name, language, record in records():
        yield name, language, render_record(record, created=NOW)
    for language in paper_languages():
        blank = Blank(language=language, numbers=(number("F", 1),), issuer=ISSUER)
        yield f"blank-a4-{language}", language, render_blank(blank, created=NOW)


def book(folder: Path, resolution: int, only: str = "") -> int:
    """Write the book, or what of it has `only` in its name; returns how many pages."""
    folder.mkdir(parents=True, exist_ok=True)
    shown: list[Shown] = []
    for name, language, pdf in documents():
        if only not in name:
            continue
        (folder / f"{name}.pdf").write_bytes(pdf)
        files = []
        sharp = resolution * (2 if "-card-" in name else 1)
        for count, picture in enumerate(raster.pages(pdf, dpi=sharp), start=1):
            files.append(f"{name}-{count}.png")
            picture.save(folder / files[-1])
        shown.append(Shown(name, language, tuple(files)))
    scripts(folder)
    index(folder, shown)
    return sum(len(one.files) for one in shown)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/specimens"))
    parser.add_argument("--resolution", type=int, default=100)
    parser.add_argument("--only", default="", help="what a name must hold, as registration-a4-ar")
    given = parser.parse_args()
    count = book(given.folder, given.resolution, given.only)
    print(f"{count} pages: {given.folder / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
