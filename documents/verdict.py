"""What a verification says: one verdict per code, and the worst of several.

The order of `Verdict` is its severity. Reasons are codes; `sentence` gives the English words
for a person at a checkpoint. Words for other languages come from the faces, by code.
"""

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from documents.trust import Revocation


class Verdict(StrEnum):
    """The verdicts, from good to worst."""

    VALID = "valid"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    UNKNOWN_KEY = "unknown_key"
    FORGED = "forged"
    UNREADABLE = "unreadable"

    @property
    def severity(self) -> int:
        """0 for valid, rising."""
        return list(Verdict).index(self)


SENTENCES: Mapping[str, str] = {
    "valid": "The signature is good and the document is in force.",
    "expired": "The document has expired. Send the holder to the issuing office to renew it.",
    "not_yet_valid": "The document was issued in the future. Check the date of this device.",
    "revoked": "The issuing office has withdrawn this document. Send the holder there.",
    "key_revoked": "The key that signed this was withdrawn. Send the holder to the issuing office.",
    "no_such_key": "Who signed this is not known here. Get a newer trust list before you decide.",
    "no_key_fits": "No key here made this signature. Get a newer trust list before you decide.",
    "outside_window": "The key was not allowed to issue on that day. Ask the registry.",
    "bad_signature": "The signature does not fit: what the code says was changed, or invented.",
    "empty_signature": "The code carries no signature: anybody could have made it.",
    "no_algorithm": "The signature's algorithm is not protected: anybody could have changed it.",
    "wrong_algorithm": "The signature is of another kind than this key makes.",
    "header_twice": "The code states its algorithm twice: it was tampered with.",
    "not_base45": "The code is something else, not a credential.",
    "not_cose": "The code is something else, or damaged.",
    "too_long": "The code is longer than a credential can be.",
    "too_large": "The code unpacks to more than a credential can hold.",
    "detached": "The code carries a signature without what was signed.",
    "encrypted": "The code is encrypted; only its maker can read it.",
    "critical_header": "The code demands something this program does not know. Update it.",
    "bad_claims": "The signed content is damaged or says one thing twice.",
    "no_identity": "The code is signed but holds no identity claims.",
    "bad_times": "The dates in the code are not dates.",
    "blank_form": "This is a blank form of an office, no document: it proves nothing.",
    "no_code": "No code was found. Scan it again, flat and in good light.",
    "not_a_file": "The file is neither a PDF nor a picture nor the text of a code.",
    "too_many_pixels": "The picture has more than 50 megapixels. Scan it at 300 dots per inch.",
    "damaged_file": "The file is damaged. Scan or copy it again.",
    "too_large_file": "The file is larger than 200 MB. Split it.",
    "too_long_picture": "The picture is far longer than a page. Cut out the code and try again.",
    "moving_picture": "The picture moves. Take a still one of the code.",
    "too_many_pages": "The file has too many pages. Split it.",
    "too_demanding": "The file asks for more time or memory than a paper needs. Ask for the paper "
    "itself, and take a picture of it.",
    "not_looked_at": "From this page on nothing was looked at: the file is too long, or too many "
    "of its pages hold no code. Split it.",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What one code says.

    `claims` are as in the CWT, keys as strings: they are shown for every code that can be
    read, whatever the verdict, and nothing vouches for them unless the verdict is valid.
    `page` counts from 1 in a PDF and is None elsewhere.
    """

    verdict: Verdict
    reason: str
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)
    kid: bytes | None = None
    revocation: Revocation = Revocation.UNKNOWN
    page: int | None = None

    @property
    def sentence(self) -> str:
        """The reason in English."""
        return SENTENCES[self.reason]

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values; byte strings as in `json_claims`."""
        return {
            "verdict": str(self.verdict),
            "reason": self.reason,
            "sentence": self.sentence,
            "claims": json_claims(self.claims),
            "kid": None if self.kid is None else _base64url(self.kid),
            "revocation": str(self.revocation),
            "page": self.page,
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """All codes of one file or text, and what was known when they were checked."""

    results: tuple[Result, ...]
    trust_age_days: int | None
    root: str | None
    root_pinned: bool

    @property
    def verdict(self) -> Verdict:
        """The worst of the results."""
        return worst([result.verdict for result in self.results])

    @property
    def claims(self) -> Mapping[str, Any]:
        """The claims of the first code."""
        return self.results[0].claims

    @property
    def revocation(self) -> Revocation:
        """Checked only when it was for every code."""
        every = all(result.revocation is Revocation.CHECKED for result in self.results)
        return Revocation.CHECKED if every else Revocation.UNKNOWN

    def to_json(self) -> dict[str, Any]:
        """As the command `verify --json` prints it."""
        return {
            "verdict": str(self.verdict),
            "claims": json_claims(self.claims),
            "results": [result.to_json() for result in self.results],
            "trust_age_days": self.trust_age_days,
            "revocation": str(self.revocation),
            "root": self.root,
            "root_pinned": self.root_pinned,
        }


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The most severe of `verdicts`, of which there is at least one."""
    return max(verdicts, key=lambda verdict: verdict.severity)


def json_claims(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Claims as JSON: `cti` (7) as text when it is printable ASCII, other bytes as base64url, and
    numbers that JSON has not (``nan``, ``inf``) as text."""
    plain = {key: _plain(value) for key, value in claims.items()}
    number = claims.get("7")
    if isinstance(number, bytes) and number.isascii() and number.decode("ascii").isprintable():
        plain["7"] = number.decode("ascii")
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return _base64url(value)
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # RFC 8259 section 6: JSON has no such numbers
    return value


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
