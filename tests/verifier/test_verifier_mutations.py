"""Two readers written apart give one answer, whatever chance makes of a credential."""

from __future__ import annotations

import json

import pytest

from documents.verify import judge
from tests.verifier.make_vectors import loaded, written
from tests.verifier.mutations import TRUSTS, mutations
from tests.verifier.node import node

COUNT = 600


@pytest.mark.parametrize("seed", [1, 2])
def test_both_readers_agree(seed: int) -> None:
    cases = list(mutations(seed, COUNT))
    asked = [{"text": case.text, "trust": case.trust, "at": case.at.timestamp()} for case in cases]
    trusts = {name: written(name) for name in TRUSTS}
    done = node("test/judge_lines.mjs", given=json.dumps({"trusts": trusts, "cases": asked}))
    assert done.returncode == 0, done.stderr
    lists = {name: loaded(name) for name in TRUSTS}
    expected = []
    for case in cases:
        told = judge(case.text, lists[case.trust], at=case.at)
        expected.append([str(told.verdict), told.reason, str(told.revocation)])
    answered = json.loads(done.stdout)
    differing = [
        (case.name, case.text, one, other)
        for case, one, other in zip(cases, expected, answered, strict=True)
        if one != other
    ]
    assert differing == []
    assert len({reason for _, reason, _ in expected}) > 10, "chance was not varied enough"
