"""Finding by typing: whether what somebody types may mean words that they see or would say.

Case, accents and the forms of Arabic letters do not count, nor does the Arabic article. For lists
of words in the languages of the program; names of people are for ``matching``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from values.text import ascii_digits, normalized

__all__ = ["begun", "fold", "words"]

_LETTERS: Final = str.maketrans(
    {
        "\u0649": "\u064a",  # alef maksura, written for yeh at the end of a word
        "\u06cc": "\u064a",  # Farsi yeh
        "\u0629": "\u0647",  # teh marbuta, written and read as heh
        "\u06a9": "\u0643",  # keheh
        "\u0640": None,  # tatweel only makes a word wider
        "\u0153": "oe",
        "\u00e6": "ae",
    }
)
_ARTICLE: Final = "\u0627\u0644"
_LEAST: Final = 2  # letters that are left without the article; fewer are a word of their own
_SEPARATORS: Final = re.compile(r"[^\w]+")


def fold(text: str) -> str:
    """For comparing: no case, no accents, one form for each Arabic letter, European digits."""
    plain = normalized("NFKD", ascii_digits(text)).casefold()
    return "".join(char for char in plain if not unicodedata.combining(char)).translate(_LETTERS)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text; what is no letter or digit stands between words."""
    return tuple(filter(None, _SEPARATORS.split(fold(text))))


def begun(typed: Collection[str], among: Collection[str]) -> bool:
    """Whether each of the words ``typed`` begins one ``among`` these; both as :func:`words` gives
    them. Nothing typed begins anything."""
    return all(any(_begins(one, word) for word in among) for one in typed)


def _begins(typed: str, word: str) -> bool:
    return word.startswith(typed) or _bare(word).startswith(_bare(typed))


def _bare(word: str) -> str:
    """Without the Arabic article."""
    bare = word.removeprefix(_ARTICLE)
    return bare if len(bare) >= _LEAST else word
