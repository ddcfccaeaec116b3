"""The language of papers for what somebody speaks."""

from __future__ import annotations

import pytest

from forms.written import _GROUPS, written


@pytest.mark.parametrize(
    ("spoken", "paper"),
    [
        ("prs", "fa-AF"), ("pes", "fa-AF"), ("fas", "fa-AF"), ("fa", "fa-AF"), ("fa-IR", "fa-AF"),
        ("fa-AF", "fa-AF"), ("pus", "ps"), ("pbt", "ps"), ("ara", "ar"), ("arb", "ar"),
        ("apc", "ar"), ("arz", "ar"), ("eng", "en"), ("fra", "fr"), ("urd", "ur"), ("mya", "my"),
        ("amh", "am"), ("fr-TD", "fr-TD"), ("en", "en"),
        ("som", ""), ("ckb", ""), ("rhg", ""), ("so", ""), ("", ""),
    ],
)  # fmt: skip
def test_who_speaks_one_of_a_group_reads_what_it_writes(spoken: str, paper: str) -> None:
    assert written(spoken) == paper


def test_every_language_of_a_group_has_words() -> None:
    assert all(written(one) for members in _GROUPS.values() for one in members.split())
