"""The trust list a station holds, for verifiers beside it that have no network either."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from workspace.files import write_whole
from workspace.rights import Right, require
from workspace.trusting import trust_of

if TYPE_CHECKING:
    from pathlib import Path

    from documents.verifier_page import VerifierPage
    from workspace.session import Session


def export(session: Session, out: Path, *, jwks: bool) -> int:
    """Write the held trust list, or its keys as a JSON Web Key Set; returns how many keys."""
    require(session, Right.TRUST)
    held = trust_of(session)
    if jwks:
        write_whole(out, json.dumps(held.to_jwks(), indent=1).encode("ascii"))
    else:
        write_whole(out, held.data)
    return len(held.keys)


def export_page(session: Session, out: Path) -> VerifierPage:
    """Write the page that checks papers in a browser, with the held trust list."""
    from documents.verifier_page import write_page

    require(session, Right.TRUST)
    held = trust_of(session)
    page = write_page(held.data, root=held.root.fingerprint)
    write_whole(out, page.html)
    return page
