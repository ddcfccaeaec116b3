"""A document key in other hands: papers known to be older count, everywhere, and no other does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from documents.credential import issue
from documents.trust import load_trust
from documents.verdict import Verdict
from documents.verifier_page import write_page
from documents.verify import judge
from ledger.trust import GENUINE_BYTES, KeyStatus
from tests.documents.builders import DOCUMENT_KEY, NOW, claims, envelope, text_of, trust_list
from tests.documents.forgeries import GENUINE, PAYLOAD
from tests.verifier.pages import Shown

LATER = issue(claims(document_number="UTO-A01-K7Q-D00043-28"), DOCUMENT_KEY)


def test_in_the_program_and_on_the_page(open_page: Callable[..., Shown], tmp_path: Path) -> None:
    listed = trust_list(
        status=KeyStatus.REVOKED,
        since=NOW - timedelta(days=1),
        genuine=frozenset({GENUINE.digest[:GENUINE_BYTES]}),
    ).data
    file = tmp_path / "verifier.html"
    file.write_bytes(write_page(listed).html)
    shown, trust = open_page(file), load_trust(listed)
    wrapped = text_of(envelope(PAYLOAD, tag=b"\xd8\x3d\xd2"))
    for text, verdict, reason in (
        (GENUINE.text, Verdict.VALID, "valid"),
        (wrapped, Verdict.VALID, "valid"),  # the same credential with another wrapping
        (LATER.text, Verdict.REVOKED, "key_revoked"),
    ):
        found = judge(text, trust, at=NOW)
        assert (found.verdict, found.reason) == (verdict, reason)
        shown.check_text(text)
        assert (shown.result["verdict"], shown.result["reason"]) == (verdict, reason)
    assert shown.tab.complaints() == []
