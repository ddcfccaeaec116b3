"""Six words for two people to compare by telephone.

Not a dictionary: each word is two syllables built from a fixed table, so that it can be
said and spelt in most languages and none has to be translated.  Eleven bits make one
word (4 + 2 + 3 + 2: consonant, vowel, consonant, vowel), six words 66 bits of a SHA-256.
"""

from __future__ import annotations

import hashlib

from ledger.keys import domain

COUNT = 6
_BITS = 11
_FIRST = "bdfghjklmnrstwyz"
"""Sixteen consonants; no p beside b, no v beside w, no c or q: pairs that telephones and
many languages do not tell apart."""
_SECOND = "bdlmnrst"
_VOWELS = "aeiu"
"""No o beside u."""


def word(bits: int) -> str:
    """The word of an 11-bit number.

    >>> word(0), word(2047)
    ('baba', 'zutu')
    """
    return (
        _FIRST[bits >> 7 & 15] + _VOWELS[bits >> 5 & 3] + _SECOND[bits >> 2 & 7] + _VOWELS[bits & 3]
    )


def six_words(what: str, data: bytes) -> tuple[str, ...]:
    """The six words of ``data``: the first 66 bits of SHA-256 over domain and data.

    Args:
        what: the domain, so that a request and a grant never share words by chance.
    """
    digest = hashlib.sha256(domain(what) + data).digest()
    bits = int.from_bytes(digest, "big") >> (256 - COUNT * _BITS)
    return tuple(
        word(bits >> (_BITS * (COUNT - 1 - place)) & (2**_BITS - 1)) for place in range(COUNT)
    )
