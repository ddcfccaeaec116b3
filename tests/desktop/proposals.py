"""A correction that waits, as the offices tell it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from tests.desktop.field_office import NOW, person_id


def proposal(number: int, *, own: bool = False, stale: bool = False) -> Any:
    """A correction of a birth."""
    return SimpleNamespace(
        event=person_id(6000 + number), person=person_id(number), name=f"Amina {number}",
        number=f"WST-A01-K7Q-P{number:05d}-31", by="amal", at=NOW - timedelta(hours=number),
        basis="document", basis_text="Document that was shown", reason="The school card",
        differences=(
            SimpleNamespace(
                field="birth", label="Date of birth", before="about 1985", after="3 May 1986",
                approval=True, identity=True,
            ),
        ),
        own=own, stale=stale, touched=("Date of birth",) if stale else (),
    )  # fmt: skip
