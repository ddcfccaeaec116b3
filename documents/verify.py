"""Verification of a credential, offline: a text, a picture, a PDF.

Four steps, each its own function: open the envelope (limits), find the key and check the
signature, read the claims, judge them against time and the trust list. A verdict is a value;
nothing here raises for bad input. See ``docs/formats/credential.md``.
"""

import errno
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from db.files import read_whole
from documents import apart, codes
from documents.cbor_reader import CborReadError, Tagged, read
from documents.credential import CLAIM_169, EXP, IAT, NBF, STATUS
from documents.envelope import Envelope, EnvelopeError, open_text
from documents.trust import Revocation, Trust, TrustedKey
from documents.verdict import Result, Verdict, Verification, worst
from values.numbers import ControlNumber, NumberError

SKEW = timedelta(hours=24)  # field laptops run for weeks without network time

_HEALTH = "-260"  # the claim of the EU digital COVID certificate, which others verify with us
_SHEETS, _NUMBER_MOST = "F", 60
_FORGED_ENVELOPES = {"header_twice"}


def verify_text(text: str, trust: Trust, *, at: datetime) -> Verification:
    """Verify the text of one QR code as of `at` (aware)."""
    return _verification([judge(text, trust, at=at)], trust, at)


def verify_file(path: Path, trust: Trust, *, at: datetime) -> Verification:
    """Verify every code in a PDF, a picture or a text file with one code per line.

    Raises:
        OSError: the file cannot be read.
    """
    return judge_all(search_file(path), trust, at=at)


def verify_bytes(
    data: bytes,
    trust: Trust,
    *,
    at: datetime,
    progress: codes.Progress = lambda done, total: None,
    look: Callable[..., codes.Search] = apart.search,
) -> Verification:
    """Verify every code in the bytes of a PDF, a picture or a text file.

    They are looked into in another process; with ``codes.search`` for `look`, in this one.
    """
    return judge_all(look(data, progress=progress), trust, at=at)


def search_file(path: Path, *, stopped: apart.Stopped = lambda: False) -> codes.Search:
    """Look for codes in a file; what they are worth, `judge_all` says.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        data = read_whole(path, limit=codes.MAX_FILE_BYTES)
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        return codes.Search((), codes.Unseen("too_large_file"))
    return apart.search(data, stopped=stopped)


def judge_all(seen: codes.Search, trust: Trust, *, at: datetime) -> Verification:
    """Verify every code that was found in a file.

    Pages that were not looked at are a result of their own, the last: what nobody looked at is
    not valid.
    """
    results = [judge(code.text, trust, at=at, page=code.page) for code in seen.found]
    if seen.unseen is not None:
        results.append(Result(Verdict.UNREADABLE, seen.unseen.reason, page=seen.unseen.page))
    if not results:
        results = [Result(Verdict.UNREADABLE, "no_code")]
    return _verification(results, trust, at)


def judge(text: str, trust: Trust, *, at: datetime, page: int | None = None) -> Result:
    """Verify one code and say why.

    The signature is checked before a claim is believed; the claims are read in any case,
    so that a person can compare the paper with what its code says.
    """
    try:
        envelope = open_text(text)
    except EnvelopeError as error:
        if _is_blank(text):
            return Result(Verdict.UNREADABLE, "blank_form", page=page)
        forged = error.code in _FORGED_ENVELOPES
        verdict = Verdict.FORGED if forged else Verdict.UNREADABLE
        return Result(verdict, error.code, page=page)
    try:
        claims = _claims(envelope.payload)
    except CborReadError:
        claims = None
    shown = claims or {}
    signer = _signer(envelope, trust)
    if not isinstance(signer, TrustedKey):
        verdict, reason = signer
        return Result(verdict, reason, shown, envelope.kid, page=page)
    if claims is None:
        return Result(Verdict.UNREADABLE, "bad_claims", shown, envelope.kid, page=page)
    verdict, reason, revocation = _judge_claims(claims, signer, trust, at, digest=envelope.digest)
    return Result(verdict, reason, claims, envelope.kid, revocation, page)


def _is_blank(text: str) -> bool:
    """Whether it is the number of a blank form, which is all that its code holds."""
    try:
        return len(text) <= _NUMBER_MOST and ControlNumber.parse(text).series == _SHEETS
    except NumberError:
        return False


def _verification(results: Iterable[Result], trust: Trust, at: datetime) -> Verification:
    return Verification(tuple(results), trust.age_days(at), trust.root, trust.root_pinned)


def _signer(envelope: Envelope, trust: Trust) -> TrustedKey | tuple[Verdict, str]:
    """The trusted key that made the signature, or the verdict when none did.

    Only a key that goes by the credential's own key id can prove a forgery. When the key is
    merely not here, the verdict is "unknown key": an old trust list must not make a forger of
    the holder of a new document.
    """
    if not envelope.signature:
        return Verdict.FORGED, "empty_signature"
    if envelope.algorithm is None:
        return Verdict.FORGED, "no_algorithm"
    named = trust.named(envelope.kid)
    candidates = [*named, *(key for key in _unnamed(envelope, trust) if key not in named)]
    fitting = [key for key in candidates if _fits(envelope, key)]
    for key in fitting:
        if key.signed(envelope.signature, envelope.signed_bytes):
            return key
    if not named:
        return Verdict.UNKNOWN_KEY, "no_key_fits" if candidates else "no_such_key"
    if not any(_fits(envelope, key) for key in named):
        return Verdict.FORGED, "wrong_algorithm"
    return Verdict.FORGED, "bad_signature"


def _unnamed(envelope: Envelope, trust: Trust) -> Sequence[TrustedKey]:
    """Keys to try although no name leads to them: all of them when the credential names none."""
    return trust.keys if envelope.kid is None else trust.nameless()


def _fits(envelope: Envelope, key: TrustedKey) -> bool:
    """The key decides the algorithm; the credential only has to agree, with a whole number: a
    header may hold anything."""
    return type(envelope.algorithm) is int and envelope.algorithm == key.algorithm


def _claims(payload: bytes) -> dict[str, Any]:
    """The claims with keys as strings; claim 169 unwrapped when it is CBOR inside a byte string.

    Raises:
        CborReadError: not CBOR, or two keys that are one as strings (1 and "1").
    """
    item = read(payload)
    if isinstance(item, Tagged):
        item = item.value
    if not isinstance(item, dict):
        raise CborReadError("the claims are not a map")
    for key in (CLAIM_169, str(CLAIM_169)):
        if isinstance(item.get(key), bytes):
            item[key] = read(item[key])
    claims = _text_keys(item)
    if not isinstance(claims, dict):
        raise CborReadError("the claims are not a map")
    return claims


def _text_keys(value: Any) -> Any:
    if isinstance(value, Tagged):
        return _text_keys(value.value)
    if isinstance(value, list):
        return [_text_keys(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    out: dict[str, Any] = {}
    for key, inner in value.items():
        name = key.hex() if isinstance(key, bytes) else str(key)
        if name in out:
            raise CborReadError("a key twice, as number and as text")
        out[name] = _text_keys(inner)
    return out


def _judge_claims(
    claims: Mapping[str, Any], signer: TrustedKey, trust: Trust, at: datetime, *, digest: bytes
) -> tuple[Verdict, str, Revocation]:
    """Judge what a trusted key has signed. The worst of several findings wins."""
    moments = [_moment(claims, claim) for claim in (IAT, NBF, EXP)]
    if any(moment is not None and not math.isfinite(moment) for moment in moments):
        return Verdict.UNREADABLE, "bad_times", Revocation.UNKNOWN
    if not _holds_identity(claims, trust):
        return Verdict.UNREADABLE, "no_identity", Revocation.UNKNOWN
    revoked = _revoked(claims, trust)
    revocation = Revocation.UNKNOWN if revoked is None else Revocation.CHECKED
    findings = {Verdict.VALID: "valid"}
    findings |= _time_findings(moments, signer, at)
    if not signer.vouches_for(digest):
        findings[Verdict.REVOKED] = "key_revoked"
    if revoked:
        findings[Verdict.REVOKED] = "revoked"
    verdict = worst(list(findings))
    return verdict, findings[verdict], revocation


def _holds_identity(claims: Mapping[str, Any], trust: Trust) -> bool:
    """Claim 169; or, under another maker's keys, the health certificate that shares the container.

    Our own keys sign identities only: anything else under them was made for another purpose.
    """
    if isinstance(claims.get(str(CLAIM_169)), dict):
        return True
    match claims.get(_HEALTH):
        case {"1": dict()}:
            return trust.root is None
        case _:
            return False


def _time_findings(
    moments: Sequence[float | None], signer: TrustedKey, at: datetime
) -> dict[Verdict, str]:
    issued, not_before, expires = moments
    now, skew = at.timestamp(), SKEW.total_seconds()
    findings = {}
    if any(start is not None and start > now + skew for start in (issued, not_before)):
        findings[Verdict.NOT_YET_VALID] = "not_yet_valid"
    ends = [expires] if expires is not None else []
    if signer.last_expiry is not None:
        ends.append(signer.last_expiry.timestamp())
    if any(now >= end for end in ends):
        findings[Verdict.EXPIRED] = "expired"
    if issued is not None and (
        (signer.issue_from is not None and issued < signer.issue_from.timestamp() - skew)
        or (signer.issue_until is not None and issued > signer.issue_until.timestamp() + skew)
    ):
        findings[Verdict.UNKNOWN_KEY] = "outside_window"
    return findings


def _moment(claims: Mapping[str, Any], claim: int) -> float | None:
    """A NumericDate (RFC 8392 section 2), None when absent, NaN when it is no number."""
    value = claims.get(str(claim))
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _revoked(claims: Mapping[str, Any], trust: Trust) -> bool | None:
    """Look the credential's status up; None when there is no list here that covers it."""
    match claims.get(str(STATUS)):
        case {"status_list": {"idx": int(index), "uri": str(uri)}} if (
            not isinstance(index, bool) and index >= 0
        ):
            return trust.revoked(uri, index)
        case _:
            return None
