"""Names in the Burmese script as the syllables in which people write them in Latin letters.

Burmese is written without spaces and each syllable of a name is a word in Latin (``စိုးနိုင်``,
Soe Naing), so text is cut into syllables and each is spelt by its initial and its rhyme. Letters
of a syllable do not sound as they are spelt (a final ``စ်`` is *-it*), which is why a general
letter table fails. Spellings follow common use; :mod:`matching.folding` levels the variants.
"""

from __future__ import annotations

import re

_ASAT, _VIRAMA = "\u103a", "\u1039"
_INITIALS = {
    "က": "k", "ခ": "kh", "ဂ": "g", "ဃ": "g", "င": "ng", "စ": "s", "ဆ": "hs", "ဇ": "z", "ဈ": "z",
    "ဉ": "ny", "ည": "ny", "ဋ": "t", "ဌ": "ht", "ဍ": "d", "ဎ": "d", "ဏ": "n", "တ": "t",
    "ထ": "ht", "ဒ": "d", "ဓ": "d", "န": "n", "ပ": "p", "ဖ": "ph", "ဗ": "b", "ဘ": "b", "မ": "m",
    "ယ": "y", "ရ": "y", "လ": "l", "ဝ": "w", "သ": "th", "ဟ": "h", "ဠ": "l", "အ": "", "ဿ": "th",
}  # fmt: skip
_INDEPENDENT = {"ဣ": "i", "ဤ": "i", "ဥ": "u", "ဦ": "u", "ဧ": "ay", "ဩ": "aw", "ဪ": "aw"}
# An initial with the y-medial (either sign) that is not simply followed by y.
_PALATAL = {"ခ": "ch", "ဂ": "j", "သ": "sh", "ဆ": "s"}

_VOWELS = {
    "": "a", "ာ": "ar", "ိ": "i", "ီ": "i", "ု": "u", "ူ": "u", "ေ": "ay", "ဲ": "e", "ော": "aw",
    "ို": "o", "ံ": "an", "ုံ": "on", "ိံ": "ein",
}  # fmt: skip
# Rhymes by vowel signs and closing consonant, the closing consonants in their families.
_FAMILIES = {
    "က": "k", "ခ": "k", "ဂ": "k", "င": "ng", "စ": "c", "ဇ": "c", "ည": "ny", "ဉ": "nj",
    "တ": "t", "ဋ": "t", "ဒ": "t", "ဓ": "t", "ထ": "t", "ပ": "t", "ဗ": "t", "ဘ": "t", "ဖ": "t",
    "သ": "t", "န": "n", "မ": "n", "ဏ": "n", "ယ": "y",
}  # fmt: skip
_RHYMES = {
    ("", "k"): "et", ("ော", "k"): "auk", ("ို", "k"): "aik", ("", "ng"): "in",
    ("ော", "ng"): "aung", ("ို", "ng"): "aing", ("", "c"): "it", ("", "ny"): "i",
    ("", "nj"): "in", ("", "t"): "at", ("ိ", "t"): "eik", ("ု", "t"): "ok", ("", "n"): "an",
    ("ိ", "n"): "ein", ("ု", "n"): "on", ("", "y"): "e", ("ာ", "n"): "an", ("ာ", "t"): "at",
}  # fmt: skip
# What is heard of a closing letter that the vowel does not usually take, as in borrowed names.
_CLOSED = {"n": "n", "ng": "n", "t": "t", "k": "k"}
_AFTER_W = {("", "n"): "un", ("", "t"): "ut", "ံ": "un"}

_SYLLABLE = re.compile(
    r"(?P<independent>[ဣဤဥဦဧဩဪ])[့းာ]*"
    r"|(?P<initial>[က-အဿ])(?P<medials>[ျြွှ]*)(?P<vowels>[ါာိီုူေဲံ]*)(?P<aw>်?)[့း]*"
)
_FINAL = re.compile(rf"(?P<final>[က-အ])[့း]*(?:{_ASAT}|(?P<stacked>{_VIRAMA}))[့း]*")


def syllables(text: str) -> list[tuple[str, ...]]:
    """The syllables of ``text``, each with its usual spellings, the commonest first.

    Characters of other scripts are passed over; an empty list means that none is Burmese.
    """
    found: list[tuple[str, ...]] = []
    at = 0
    text = text.replace("ါ", "ာ")
    while at < len(text):
        match = _SYLLABLE.match(text, at)
        if match is None:
            at += 1
            continue
        at = match.end()
        final = ""
        closing = _FINAL.match(text, at)
        if closing is not None and not match["aw"]:
            final = closing["final"]
            at = closing.end()
        while (silent := _FINAL.match(text, at)) is not None and not silent["stacked"]:
            at = silent.end()  # a second closing consonant, as in foreign names, is not spoken
        found.append(_spell(match, final))
    return found


def _spell(match: re.Match[str], final: str) -> tuple[str, ...]:
    if match["independent"]:
        vowel = _INDEPENDENT[match["independent"]]
        family = _FAMILIES.get(final, "")
        return (vowel + _CLOSED.get(family, ""),)
    initial, medials = match["initial"], match["medials"]
    palatal = "ျ" in medials or "ြ" in medials
    if initial in ("ရ", "လ", "သ", "ယ") and "ှ" in medials and (palatal or initial in "ရယ"):
        onset = "sh"
    elif palatal:
        onset = _PALATAL.get(initial) or _INITIALS[initial] + "y"
    else:
        onset = _INITIALS[initial]
        if "ှ" in medials and onset:
            onset = "h" + onset
    rounded = "ွ" in medials
    rhyme = _rhyme(match["vowels"], _FAMILIES.get(final, ""), rounded)
    spellings = [onset + rhyme]
    if initial == "ရ" and onset == "y":
        spellings.append("r" + rhyme)
    if rhyme.endswith("ar"):
        spellings.append(onset + rhyme[:-1])
    return tuple(spellings)


def _rhyme(vowels: str, family: str, rounded: bool) -> str:
    if rounded and (special := _AFTER_W.get((vowels, family)) or _AFTER_W.get(vowels)):
        return "w" + special if family == "t" else special
    rhyme = _RHYMES.get((vowels, family))
    if rhyme is None:
        rhyme = _VOWELS.get(vowels, "a") + _CLOSED.get(family, "")
    return ("w" if rounded else "") + rhyme
