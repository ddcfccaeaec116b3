"""The place to learn in: both offices, a camp of invented people, work for every role."""

from __future__ import annotations

from pathlib import Path

import pytest

from station import printing, review
from tests import paperwork
from tests.places import PASSPHRASE, environment, opened
from training import place
from workspace import care
from workspace.errors import RefusedError


def test_every_role_finds_something_to_do(tmp_path: Path) -> None:
    env = environment(tmp_path / "state")
    steps: list[tuple[int, int]] = []
    made = place.make(
        tmp_path / "training", passphrase=PASSPHRASE, env=env,
        progress=lambda done, total: steps.append((done, total)),
    )  # fmt: skip
    assert steps[-1][0] == steps[-1][1] and steps == sorted(steps)
    assert {user.role for user in made.users} == {
        "officer", "supervisor", "registrar", "administrator"
    }  # fmt: skip
    with opened(made.station, "supervisor", env) as session:
        assert session.office.training
        assert len(review.waiting(session)) == 40
        assert review.approve_all(session).approved == 40
        targets = printing.targets_for_all(session)[:2]
        # Papers of a training place say that they prove nothing.
        assert sum(paperwork.issue(session, targets, language="en").pages) >= 2
        assert care.check(session).problems == ()
    with opened(made.registry, "registrar", env) as session:
        assert session.office.training
    with pytest.raises(RefusedError):
        place.make(tmp_path / "training", passphrase=PASSPHRASE, env=env)
