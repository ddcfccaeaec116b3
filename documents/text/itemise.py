"""Runs: stretches of text that one face can write in one script and one direction.

Scripts by UAX 24: common characters (spaces, digits, punctuation) take the script around them,
a closing bracket that of its opening one, marks that of their base. Faces are chosen for whole
user-perceived characters, so that a mark is never torn from its letter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fontTools import unicodedata as ucd
from icu4py.breakers import CharacterBreaker

from documents.text.faces import Face, Weight, best_for, candidates, invisible

_COMMON = frozenset({"Zyyy", "Zinh", "Zzzz"})
# Digits and ASCII punctuation look alike on the whole page when one face writes them all.
_LATIN_ALWAYS = frozenset("0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_PAIRS = {")": "(", "]": "[", "}": "{", "\u00bb": "\u00ab", "\u201d": "\u201c", "\u2019": "\u2018"}
_OPENERS = frozenset(_PAIRS.values())
# Text of common characters alone is written in the face of its language.
_SCRIPT_OF_LANGUAGE = {"ar": "Arab", "fa": "Arab", "ps": "Arab", "ur": "Arab", "ckb": "Arab"}


@dataclass(frozen=True, slots=True)
class Item:
    """`text[start:end]` in one face, script (ISO 15924) and embedding level."""

    start: int
    end: int
    face: Face
    script: str
    level: int


def itemise(text: str, levels: Sequence[int], weight: Weight, language: str = "") -> list[Item]:
    """Split `text` into items, in logical order; `levels` has one number per character."""
    scripts = _resolved_scripts(text, language)
    items: list[Item] = []
    for start, end in graphemes(text):
        face = _face_for(text[start:end], scripts[start], weight, items[-1] if items else None)
        last = items[-1] if items else None
        if (
            last is not None
            and last.face is face
            and last.level == levels[start]
            and last.script == scripts[start]
        ):
            items[-1] = Item(last.start, end, face, last.script, last.level)
        else:
            items.append(Item(start, end, face, scripts[start], levels[start]))
    return items


def graphemes(text: str) -> Iterator[tuple[int, int]]:
    """User-perceived characters as (start, end), counted in code points."""
    return in_code_points(text, CharacterBreaker(text, "en").segments())


def in_code_points(text: str, segments: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """ICU counts UTF-16 units; Hanifi Rohingya and rare Han take two."""
    if all(ord(char) < 0x10000 for char in text):
        yield from segments
        return
    place = {0: 0}
    units = 0
    for index, char in enumerate(text):
        units += 2 if ord(char) >= 0x10000 else 1
        place[units] = index + 1
    for start, end in segments:
        if start in place and end in place:
            yield place[start], place[end]


def _face_for(cluster: str, script: str, weight: Weight, before: Item | None) -> Face:
    """The first face that has every visible character of the cluster."""
    if len(cluster) == 1 and not invisible(cluster):
        return _face_for_char(cluster, script, weight)
    visible = [char for char in cluster if not invisible(char)]
    if not visible and before is not None:
        return before.face
    for face in candidates(script, weight):
        if all(face.has(char) for char in visible):
            return face
    for face in candidates(script, weight):  # a letter without its rare mark is better than none
        if face.has(visible[0]):
            return face
    return best_for(script, weight)


@lru_cache(maxsize=4096)
def _face_for_char(char: str, script: str, weight: Weight) -> Face:
    for face in candidates(script, weight):
        if face.has(char):
            return face
    return best_for(script, weight)


def _resolved_scripts(text: str, language: str) -> list[str]:
    own = [_script(char) for char in text]
    scripts: list[str] = []
    open_brackets: list[tuple[str, str]] = []
    current = next((script for script in own if script not in _COMMON), "")
    current = current or _SCRIPT_OF_LANGUAGE.get(language.split("-")[0], "Latn")
    for char, script in zip(text, own, strict=True):
        if script not in _COMMON:
            current = script
        elif char in _OPENERS:
            open_brackets.append((char, current))
        elif char in _PAIRS and any(char_ == _PAIRS[char] for char_, _ in open_brackets):
            while open_brackets[-1][0] != _PAIRS[char]:
                open_brackets.pop()
            current = open_brackets.pop()[1]
        scripts.append("Latn" if char in _LATIN_ALWAYS else current)
    return scripts


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    return str(ucd.script(char))
