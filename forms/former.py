"""Content hashes of forms as earlier programs counted them.

0.1.0 hashed a definition without the parts that forms have had since, so its entries name the same
questions by another hash. A laptop that was away while its program was renewed still holds such.
"""

from __future__ import annotations

from typing import Final

_OF_0_1_0: Final = {
    "arrival": "03120eb24e64f30f4e4b48b3d8da94dcaa8da060b6c3f85f0b98996b8ccdcdb4",
    "flight": "9feca1a2fe31d8f677cf9eb0e770e50faa287a00a4b38d36daabdea6961dbef6",
    "household": "31dabe9130de642ff1bc92bbb552a0216a2def20c43e0d89c49abaec3cf57546",
    "membership": "f82ef764e3f3d7101634950ac8e4159c463488d5810d04cd3efc71fb355141e4",
    "person": "fcbcc29a2bb8155525f52d7c1d879a6850952d39b108031d5309211211ec91dd",
}


def is_same(form: str, version: str, sha256: bytes) -> bool:
    """Whether this is what an earlier program called that version of a form by."""
    return version == "1.0.0" and _OF_0_1_0.get(form) == sha256.hex()
