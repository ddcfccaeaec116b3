"""Burmese that was written for the Zawgyi font, and its conversion to Unicode.

Zawgyi puts other letters at Unicode's code points, so that its text looks right only in its own
font, is not found by a search and prints as nonsense. Lists from Myanmar still carry it.

* :func:`zawgyi_probability` asks Google's model (``myanmartools``), which was trained on Shan as
  well as on Burmese, so that other languages' Unicode is not taken for Zawgyi.
* :func:`to_unicode` runs the published rules of Unicode CLDR (``values/zawgyi_rules.py``).

Measured: of 137 Zawgyi spellings of Burmese, Karen, Kachin and Mon names 135 are recognised, of
4,217 invented names of one to four syllables 97 in 100, of 798 names of places and languages 80.
Of 5,629 Unicode spellings of them, and of 214 words in S'gaw Karen, Shan and Mon, none is called
Zawgyi.
"""

from __future__ import annotations

import re
import warnings
from functools import cache
from typing import TYPE_CHECKING

from values.zawgyi_rules import PASSES, SPACES

if TYPE_CHECKING:
    from myanmartools import ZawgyiDetector  # type: ignore[import-untyped]  # ships no annotations

SURE = 0.95
"""Above this its makers let the model convert unasked; below it, a person should look."""

_BURMESE = re.compile("[\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff]")
_CONSONANT = "[\u1000-\u1021\u1023-\u1027\u1029\u102a\u103f]"
_NOT_UNICODE = re.compile(
    # What no Unicode Burmese holds (Unicode Technical Note 11): a sign without its letter, ...
    "(?:^|[^\u1000-\u109f\uaa60-\uaa7f])[\u102b-\u1032\u1036-\u1039\u103a-\u103e]"
    # ... vowel E that is not on a letter or its medials, ...
    f"|(?<!{_CONSONANT})(?<![\u103b-\u103e\u105e-\u1060])\u1031"
    # ... a virama between letters that are never stacked, or with nothing to stack, ...
    "|\u1039(?![\u1000-\u1019\u101c\u101e\u105a-\u105d])"
    "|(?<![\u1000-\u1003\u1005-\u1021\u103a])\u1039"
    # ... a word that begins with a killed consonant, ...
    "|(?:^|[^\u1000-\u109f\uaa60-\uaa7f])[\u1000-\u1021]\u103a"
    # ... two vowels over or under one letter, or E with another vowel than AA.
    "|[\u102d\u102e\u1032][\u102d\u102e\u1032]|[\u102f\u1030][\u102f\u1030]"
    "|\u1031[\u102d-\u1030\u1032]"
)
_BEYOND_BURMESE = re.compile("[\u1033-\u1035\u105a-\u1097]")
_GROUP = re.compile(r"\$(\d)")
_ESCAPE = re.compile(r"\\u([0-9A-F]{4})")
_Rule = tuple[re.Pattern[str], str, bool]


def zawgyi_probability(text: str) -> float:
    """How likely ``text`` is Zawgyi, given that it is Zawgyi or Unicode: 0 to 1; 0 when it holds
    nothing that the two write differently, or no Burmese at all. Words of other scripts do not
    count. Less than a syllable gives little to go by, and the answer is then near the middle."""
    if not _BURMESE.search(text) or to_unicode(text) == text:
        return 0.0
    return max(0.0, float(_detector().get_zawgyi_probability(text)))


def looks_like_zawgyi(text: str) -> bool:
    """Whether ``text`` is Zawgyi almost certainly. Show the person :func:`to_unicode` of it then;
    a name is never changed without their yes.

    The model alone errs on short names: ``အေရာ`` is a name either way. So the text must be no
    good Unicode, or hold code points for which the model knows Shan, Mon and Karen from Zawgyi;
    and what comes out of the conversion must be good Unicode.
    """
    if not (_BEYOND_BURMESE.search(text) or _NOT_UNICODE.search(text)):
        return False
    return zawgyi_probability(text) > SURE and not _NOT_UNICODE.search(to_unicode(text))


def to_unicode(text: str) -> str:
    """Zawgyi as Unicode. Only for text that is Zawgyi: Unicode comes out garbled."""
    for rules in _passes():
        text = _applied(rules, text)
    return text


def prepare() -> None:
    """Read the model and the rules now, so that no key-press waits for them. For a worker."""
    _passes()
    _detector()


@cache
def _detector() -> ZawgyiDetector:
    # Imported at first use: reading the model takes some 30 ms, and few lists need it.
    from myanmartools import ZawgyiDetector

    with warnings.catch_warnings():
        # It opens its model by a function that Python 3.11 and 3.12 call deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        return ZawgyiDetector()


@cache
def _passes() -> tuple[tuple[_Rule, ...], ...]:
    return tuple(tuple(_rule(line) for line in text.split("\n") if line) for text in PASSES)


def _rule(line: str) -> _Rule:
    """One rule: what to find, what to put there, and whether to go on before what was put."""
    found, _, put = line.partition(" >")
    pattern = found.replace("{space}", SPACES)
    if pattern.endswith("$"):
        pattern = pattern[:-1] + r"\Z"
    put = put.strip()
    stay = put.startswith("|")
    template = _GROUP.sub(r"\\g<\1>", put.removeprefix("|"))
    template = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), template)
    return re.compile(pattern), template, stay


def _applied(rules: tuple[_Rule, ...], text: str) -> str:
    """One pass as UTS 35 (part 7) defines it: at each place the first rule that fits is applied,
    and the search goes on behind what it put there, seeing what earlier rules have written."""
    place = 0
    while place < len(text):
        for pattern, template, stay in rules:
            if match := pattern.match(text, place):
                put = match.expand(template)
                text = text[:place] + put + text[match.end() :]
                place += 0 if stay else len(put)
                break
        else:
            place += 1
    return text
