"""A document that was withdrawn is refused by every verifier with a newer trust list."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents.trust import load_trust
from documents.verdict import Verdict
from documents.verify import verify_bytes
from registry import trust
from station import printing
from tests import paperwork
from tests.places import Site
from workspace import papers
from workspace.errors import RefusedError


def _trust(site: Site, out: Path) -> bytes:
    with site.at_registry("administrator") as session:
        trust.export(session, out, jwks=False)
    return out.read_bytes()


def test_what_is_withdrawn_is_refused_and_nothing_else(busy_site: Site, tmp_path: Path) -> None:
    """OpenCRVS 4569: a mistaken or fraudulent registration's certificate stays good."""
    site = busy_site
    with site.at_station("officer") as session:
        issued = paperwork.issue(session, printing.targets_for_all(session)[:3], language="en")
    site.admit(site.send())
    at = site.clock.now()
    before = verify_bytes(issued.pdf, load_trust(_trust(site, tmp_path / "one")), at=at)
    assert before.verdict is Verdict.VALID
    assert str(before.revocation) == "checked"

    with site.at_station("supervisor") as session:
        with session.store.read() as reader:
            lost = reader.document_by_number(issued.documents[1].number)
        assert lost is not None
        assert papers.withdraw(session, lost.id, code="lost", words="lost on the road")
        assert not papers.withdraw(session, lost.id, code="wrong")
        with session.store.read() as reader:
            told = reader.document(lost.id)
        assert told is not None
        assert (told.revoked, told.revoked_code) == ("lost on the road", "lost")
    site.admit(site.send())
    after = verify_bytes(issued.pdf, load_trust(_trust(site, tmp_path / "two")), at=at)
    assert [result.verdict for result in after.results] == [
        Verdict.VALID,
        Verdict.REVOKED,
        Verdict.VALID,
    ]


def test_a_withdrawal_needs_a_reason(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        paperwork.issue(session, printing.targets_for_all(session)[:1], language="en")
        with session.store.read() as reader:
            (document,) = reader.views("document")
        with pytest.raises(RefusedError, match="Say why"):
            papers.withdraw(session, document.id, code="  ")
