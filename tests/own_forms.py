"""An operation's own form as the guide writes it: read from the page, so that it stays true."""

from __future__ import annotations

import re
from pathlib import Path

GUIDE = Path(__file__).parents[1] / "docs/guides/own-forms.md"
FORM = "x_harvest_lost"
NAMES = ("harvest.toml", "x_crops.csv")


def blocks() -> list[tuple[str, str]]:
    """The fenced blocks of the guide: what they are written in, and what stands in them."""
    page = GUIDE.read_text("utf-8")
    return re.findall(r"^```(\w+)\n(.*?)^```", page, flags=re.M | re.S)


def write(folder: Path, *changes: tuple[str, str]) -> Path:
    """The guide's form and code list in a folder, changed once or more."""
    folder.mkdir(exist_ok=True)
    texts = [text for kind, text in blocks() if kind in ("toml", "csv")]
    (form, migration, crops) = (texts[0], texts[2], texts[1])
    assert "[[migrations]]" in migration
    made = {NAMES[0]: form, NAMES[1]: crops}
    for old, new in changes:
        assert any(old in text for text in made.values()), old
        made = {name: text.replace(old, new) for name, text in made.items()}
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def renewed(folder: Path) -> Path:
    """The guide's form in a later version, in which a question has another name."""
    migration = next(text for kind, text in blocks() if "[[migrations]]" in text)
    return write(
        folder,
        ('version = "1.0.0"\ntitle', 'version = "1.1.0"\ntitle'),
        ('"hectares"]', '"area"]'),
        ('name = "hectares"', 'name = "area"'),
        ('field = "hectares"\nwhen = "hectares > 50"', 'field = "area"\nwhen = "area > 50"'),
        ("[translations.fr]", f"{migration}\n[translations.fr]"),
    )
