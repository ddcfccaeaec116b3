"""What is not what it seems gets the verdict it deserves; what is only unusual is read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import base45
from documents.credential import StatusReference
from documents.trust import KeyStatus, Revocation, Trust, from_trust_list
from documents.verdict import Verdict
from documents.verify import verify_text
from tests.documents import builders
from tests.documents.builders import NOW, envelope, text_of
from tests.documents.forgeries import FORGERIES, GENUINE, TOLERATED, Forgery, Tolerated


def test_the_genuine_one_is_valid(trust: Trust) -> None:
    told = verify_text(GENUINE.text, trust, at=NOW)
    assert told.verdict is Verdict.VALID
    assert told.revocation is Revocation.CHECKED
    assert told.claims["169"]["4"] == "Saw Htoo Wah"
    assert told.claims["7"] == b"WST-A01-K7Q-D00042-31"


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_forgery(forgery: Forgery, trust: Trust) -> None:
    told = verify_text(forgery.text(), trust, at=forgery.at)
    assert (told.verdict, told.results[0].reason) == (forgery.verdict, forgery.reason)
    assert told.results[0].sentence


@pytest.mark.parametrize("tolerated", TOLERATED, ids=lambda tolerated: tolerated.name)
def test_what_is_only_unusual_is_read(tolerated: Tolerated, trust: Trust) -> None:
    told = verify_text(tolerated.text(), trust, at=NOW)
    assert (told.verdict, told.results[0].reason) == (Verdict.VALID, "valid")
    assert told.revocation is tolerated.revocation


def test_a_day_of_skew_is_allowed_and_no_more(trust: Trust) -> None:
    day = timedelta(hours=24)
    assert verify_text(GENUINE.text, trust, at=NOW - day).verdict is Verdict.VALID
    late = verify_text(GENUINE.text, trust, at=NOW - day - timedelta(seconds=1))
    assert late.verdict is Verdict.NOT_YET_VALID


def test_expiry_is_exact(trust: Trust) -> None:
    end = builders.claims().expires_at
    assert verify_text(GENUINE.text, trust, at=end - timedelta(seconds=1)).verdict is Verdict.VALID
    assert verify_text(GENUINE.text, trust, at=end).verdict is Verdict.EXPIRED


def test_a_revoked_key_vouches_for_nothing() -> None:
    withdrawn = from_trust_list(builders.trust_list(status=KeyStatus.REVOKED))
    told = verify_text(GENUINE.text, withdrawn, at=NOW)
    assert (told.verdict, told.results[0].reason) == (Verdict.REVOKED, "key_revoked")


def test_a_retired_key_still_verifies() -> None:
    retired = from_trust_list(builders.trust_list(status=KeyStatus.RETIRED))
    assert verify_text(GENUINE.text, retired, at=NOW).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "reference",
    [None, StatusReference("urn:wst:somewhereelse", 1), StatusReference("urn:wst:x", 2**17)],
    ids=["none", "another list", "outside"],
)
def test_what_cannot_be_looked_up_is_unknown_and_said_so(
    reference: StatusReference | None, trust: Trust
) -> None:
    told = verify_text(builders.credential(status=reference).text, trust, at=NOW)
    assert told.verdict is Verdict.VALID
    assert told.revocation is Revocation.UNKNOWN


def test_the_age_of_the_trust_list_is_told(trust: Trust) -> None:
    assert verify_text(GENUINE.text, trust, at=NOW).trust_age_days == 3
    assert verify_text(GENUINE.text, trust, at=NOW + timedelta(days=38)).trust_age_days == 41


@given(place=st.integers(min_value=0, max_value=len(GENUINE.signed) - 1), bit=st.integers(0, 7))
@settings(max_examples=100)
def test_no_single_bit_can_be_changed(place: int, bit: int) -> None:
    """MOSIP receipt: the code on the receipt is plain text that nobody signed."""
    changed = bytearray(GENUINE.signed)
    changed[place] ^= 1 << bit
    told = verify_text(text_of(bytes(changed)), TRUST, at=NOW)
    assert told.verdict is not Verdict.VALID


@given(st.text(max_size=200))
@settings(max_examples=60)
def test_any_text_gets_a_verdict(text: str) -> None:
    assert verify_text(text, TRUST, at=NOW).verdict is Verdict.UNREADABLE


@given(st.binary(max_size=120))
@settings(max_examples=100)
def test_any_bytes_get_a_verdict(data: bytes) -> None:
    assert verify_text(base45.encode(data), TRUST, at=NOW).verdict is not Verdict.VALID
    assert verify_text(text_of(envelope(data)), TRUST, at=NOW).verdict is not Verdict.VALID


TRUST = from_trust_list(builders.trust_list())
