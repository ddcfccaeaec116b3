"""Names in the letters of a machine readable zone: ICAO Doc 9303-3, 8th edition (2021).

Section 4.6 says what becomes of punctuation, section 6 how national letters are put into A to Z
(tables A Latin, B Cyrillic, C Arabic). Where a table offers a choice, its first is taken. The
Arabic table writes consonants and marks some with X; a name that its holder already has in Latin
letters is always better. A single name stays single: no part is ever made up.
"""

from __future__ import annotations

import re
import unicodedata

from values.mrz_error import MrzError
from values.mrz_layout import FILLER, LETTERS
from values.text import normalized


def _table(text: str) -> dict[str, str]:
    """A table written as ``letter=letters`` pairs; a letter with nothing after it goes."""
    return dict(pair.split("=") for pair in text.split())


# Table A. Letters with a mark that the table gives as the letter alone are not repeated here:
# decomposing them gives the same, and does so for Vietnamese and African letters besides.
_LATIN = _table(
    "Ä=AE Å=AA Æ=AE Ð=D Ö=OE Ø=OE Ü=UE Þ=TH Đ=D Ħ=H ı=I Ĳ=IJ Ŀ=L Ł=L Ŋ=N Œ=OE Ŧ=T ẞ=SS ß=SS"
)
# Table B. U+0403 and U+040B are added: the table gives theirs at U+0492 and U+04BA by a slip.
# It leaves the soft sign out.
_CYRILLIC = _table(
    "Ё=E Ђ=D Є=IE Ѕ=DZ І=I Ї=I Ј=J Љ=LJ Њ=NJ Ћ=C Ќ=K Ў=U Џ=DZ А=A Б=B В=V Г=G Д=D Е=E Ж=ZH З=Z "
    "И=I Й=I К=K Л=L М=M Н=N О=O П=P Р=R С=S Т=T У=U Ф=F Х=KH Ц=TS Ч=CH Ш=SH Щ=SHCH Ъ=IE Ы=Y Ь= "
    "Э=E Ю=IU Я=IA Ѫ=U Ѵ=Y Ґ=G Ғ=G Һ=C Ѓ=G"
)
_BY_LANGUAGE = {
    "be": {"Ё": "IO", "Г": "H"},
    "bg": {"Щ": "SHT"},
    "mk": {"Ќ": "KJ", "Џ": "DJ", "Ѓ": "GJ", "Ғ": "GJ", "Х": "H", "Ц": "C"},
    "sr": {"Г": "H", "Ж": "Z", "Х": "H", "Ц": "C", "Ч": "C", "Ш": "S"},
    "uk": {"Г": "H", "И": "Y"},
}
_UKRAINIAN_FIRST = {"Є": "YE", "Ї": "YI", "Й": "Y", "Ю": "YU", "Я": "YA"}
# Table C.
_ARABIC = _table(
    "ء=XE آ=XAA أ=XAE ؤ=U إ=I ئ=XI ا=A ب=B ة=XTA ت=T ث=XTH ج=J ح=XH خ=XKH د=D ذ=XDH ر=R ز=Z "
    "س=S ش=XSH ص=XSS ض=XDZ ط=XTT ظ=XZZ ع=E غ=G ـ= ف=F ق=Q ك=K ل=L م=M ن=N ه=H و=W ى=XAY ي=Y "
    "ٱ=XXA ٹ=XXT ټ=XRT پ=P ځ=XKE څ=XXH چ=XC ڈ=XXD ډ=XDR ڑ=XXR ړ=XRR ږ=XRX ژ=XJ ښ=XXS ڜ= ڢ= "
    "ڧ= ڨ= ک=XKK ګ=XXK ڭ=XNG گ=XGG ں=XNN ڼ=XXN ھ=XDO ۀ=XYH ہ=XXG ۂ=XGE ۃ=XTG ی=XYA ۍ=XXY "
    "ې=Y ے=XYB ۓ=XBE"
)
_TEH_MARBUTA, _SHADDA = "ة", "\u0651"
_BETWEEN = re.compile(r"[\s,\u2010-\u2015\u2212-]+")  # spaces, commas and hyphens part components
_APART = re.compile(r"[A-Z]+")


def to_mrz(name: str, *, language: str = "") -> str:
    """The components of a name in A to Z, parted by single fillers: ``MARIE<ELISE``.

    ``language`` (``be``, ``bg``, ``mk``, ``sr``, ``uk``) chooses among the Cyrillic columns.
    Apostrophes and other punctuation go. Raises :class:`MrzError` (``letters``) for a digit, or
    for a script that the tables do not have: then the name in Latin letters is needed.
    """
    upper = normalized("NFC", name).upper()
    parts = (_component(part, language) for part in _BETWEEN.split(upper))
    return FILLER.join(part for part in parts if part)


def _component(part: str, language: str) -> str:
    written: list[str] = []
    letters = [char for char in part if not unicodedata.category(char).startswith("P")]
    for place, char in enumerate(letters):
        if char == _SHADDA:
            written.extend(written[-1:])
        elif char == _TEH_MARBUTA and place == len(letters) - 1:
            written.append("XAH")
        else:
            written.append(_letter(char, first=place == 0, language=language))
    return "".join(written)


def _letter(char: str, *, first: bool, language: str) -> str:
    if char in LETTERS:
        return char
    if first and language == "uk" and char in _UKRAINIAN_FIRST:
        return _UKRAINIAN_FIRST[char]
    for table in (_BY_LANGUAGE.get(language, {}), _LATIN, _CYRILLIC, _ARABIC):
        if char in table:
            return table[char]
    if unicodedata.category(char) in ("Mn", "Cf", "Sk", "Lm"):
        return ""  # a vowel sign, a joiner or an apostrophe that is a letter by its class
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    if _APART.fullmatch(plain):
        return plain
    if plain != char and len(plain) == 1:
        return _letter(plain, first=first, language=language)
    what = "a digit" if char.isdecimal() else "a letter"
    raise MrzError(
        "letters",
        f"The name holds {what} that cannot stand in the machine readable zone; give the name in "
        "Latin letters.",
    )


def fit(primary: str, secondary: str, width: int) -> str:
    """Both identifiers in ``width`` places, filled up; too long a name is cut as parts 4 to 6
    allow (section 4.2.3, method a): components lose their ends, the last first, down to their
    initials. At least two letters of the secondary identifier remain, the last place holds a
    letter, and that tells the reader that something may be missing."""
    whole = f"{primary}{FILLER * 2}{secondary}" if secondary else primary
    if len(whole) > width:
        if secondary:
            kept = min(2, len(secondary.split(FILLER)[0]))
            cut = [
                _both(primary, secondary, room, width) for room in range(width - 2 - kept, 0, -1)
            ]
            # A part that is dropped may leave the last place empty; a letter less before fills it.
            whole = next((one for one in cut if len(one) == width), cut[0])
        else:
            whole = _shortened(primary, width)
    return whole.ljust(width, FILLER)


def _both(primary: str, secondary: str, room: int, width: int) -> str:
    """Both identifiers, the first in ``room`` places, the second in what is left of ``width``."""
    first = _shortened(primary, room)
    return f"{first}{FILLER * 2}{_shortened(secondary, width - 2 - len(first))}"


def _shortened(name: str, room: int) -> str:
    components = name.split(FILLER)
    while len(components) > 1 and 2 * len(components) - 1 > room:
        components.pop()  # not even the initials fit
    excess = sum(map(len, components)) + len(components) - 1 - room
    for place in range(len(components) - 1, -1, -1):
        cut = max(0, min(excess, len(components[place]) - 1))
        components[place] = components[place][: len(components[place]) - cut]
        excess -= cut
    return FILLER.join(components)
