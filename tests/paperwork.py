"""Papers, printed into memory."""

from __future__ import annotations

from collections.abc import Sequence

from station import batch
from station.making import Target
from workspace.errors import RefusedError
from workspace.session import Session


def issue(
    session: Session,
    targets: Sequence[Target],
    *,
    language: str = "en",
    reason: str = "",
    skip: bool = False,
) -> batch.Printed:
    """Print these; without `skip`, what is left out is raised as a refusal."""
    printed = batch.print_all(session, targets, language=language, reason=reason)
    if printed.skipped and not skip:
        raise RefusedError(printed.skipped[0].code, printed.skipped[0].sentence)
    return printed
