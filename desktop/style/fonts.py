"""The typeface: Noto Sans, with a fallback for each script people's names are in.

The bundled files are read by Qt itself, the first at start and the others after
the first window is painted. Where a file is absent the system's own fonts serve.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

import resources
from desktop.style import tokens

FAMILIES: Final = (
    "Noto Sans",
    "Noto Naskh Arabic",
    *(
        f"Noto Sans {script}"
        for script in (
            "Myanmar",
            "Ethiopic",
            "Bengali",
            "Devanagari",
            "Thai",
            "Khmer",
            "Lao",
            "Tamil",
            "Sinhala",
            "Gujarati",
            "Gurmukhi",
            "Telugu",
            "Kannada",
            "Malayalam",
            "Oriya",
            "Hanifi Rohingya",
            "Chakma",
            "Adlam",
            "NKo",
            "Tifinagh",
            "Syriac",
            "Thaana",
            "Hebrew",
            "Georgian",
            "Armenian",
            "Ol Chiki",
        )
    ),
    "Noto Serif Tibetan",
    "Noto Sans CJK SC",
)

_FIRST: Final = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")
_loaded: set[Path] = set()


def base(*, scale: int = 100) -> QFont:
    """The body font at a text size in per cent."""
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(round(tokens.BODY * scale / 100))
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return font


def mono(*, scale: int = 100) -> QFont:
    """For numbers people compare character by character."""
    font = QFont()
    font.setFamilies(["Noto Sans Mono", "DejaVu Sans Mono", "Consolas", "Menlo", *FAMILIES])
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPixelSize(round(tokens.BODY * scale / 100))
    return font


def load_first() -> None:
    """Register the Latin faces, which the first window needs."""
    for name in _FIRST:
        _register(_folder() / name)


def load_rest() -> None:
    """Register every other bundled face; call once the first window is painted."""
    for path in sorted(_folder().glob("**/Noto*.[to]tf")):
        _register(path)


def _folder() -> Path:
    return Path(resources.__file__).parent / "fonts"


def _register(path: Path) -> None:
    if path in _loaded or not path.exists():
        return
    _loaded.add(path)
    QFontDatabase.addApplicationFont(str(path))
