"""The code on the printed recovery sheet: 128 bits in groups that people can copy.

Seven groups of four from Crockford's base 32 (no I, L, O, U): 26 characters carry the bits and
two are a check over them (the first ten bits of SHA-256), so a slip of the pen is named before
any key is tried.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from db.errors import RecoveryError
from values.secret import Secret

if TYPE_CHECKING:
    from values.clock import Entropy

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_BYTES = 16
_LENGTH = 28
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_code(entropy: Entropy) -> Secret:
    """A fresh code, as the text that is printed (ASCII bytes in a `Secret`)."""
    return Secret(_print(entropy(CODE_BYTES)).encode("ascii"))


def read_code(text: Secret) -> bytes:
    """The 16 bytes behind a typed code. Case, spaces and hyphens do not matter.

    Raises `RecoveryError` when the check characters do not agree.
    """
    try:
        typed = text.reveal().decode("ascii").upper()
    except UnicodeDecodeError:
        raise RecoveryError from None
    symbols = "".join(typed.split()).replace("-", "").translate(_LOOKALIKES)
    if len(symbols) != _LENGTH or any(symbol not in ALPHABET for symbol in symbols):
        raise RecoveryError
    number = 0
    for symbol in symbols:
        number = number * 32 + ALPHABET.index(symbol)
    payload, check = number >> 10, number & 1023
    if payload >> 130 or payload & 3:
        raise RecoveryError
    code = (payload >> 2).to_bytes(CODE_BYTES, "big")
    if _check(code) != check:
        raise RecoveryError
    return code


def _check(code: bytes) -> int:
    return int.from_bytes(sha256(b"waystation/sheet/1\0" + code).digest()[:2], "big") >> 6


def _print(code: bytes) -> str:
    # 128 bits, two zero bits to fill 26 characters, ten check bits: 28 characters.
    number = ((int.from_bytes(code, "big") << 2) << 10) | _check(code)
    symbols = ""
    for _ in range(_LENGTH):
        number, digit = divmod(number, 32)
        symbols = ALPHABET[digit] + symbols
    return "-".join(symbols[start : start + 4] for start in range(0, _LENGTH, 4))
