"""Which options of `waystation print` go together, and what its reason means.

An option that would mean nothing is refused: whoever asks for "only those without a document" and
gets a counted copy of one was not understood.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

import click

OF_BLANK = frozenset({"--count"})
OF_ONE = frozenset({"--serial", "--say", "--collector"})
OF_ALL = frozenset({"--unprinted", "--most", "--shelter-number", "--household"})
WITH_BLANK = frozenset({"--count", "--paper", "--language"})


def require_sense(given: Mapping[str, object], *, blank: bool, one: bool, everyone: bool) -> None:
    """`given`: what was said by the names of the options, without whatever has always a value.

    Raises `click.UsageError` for what does not go together.
    """
    said = {name for name, value in given.items() if value}
    if blank:
        if one or everyone or said - WITH_BLANK:
            wrong = _listed(said - WITH_BLANK) or ("--person" if one else "--all")
            raise click.UsageError(f"{wrong} does not go with --document blank. Leave it out.")
        return
    if said & OF_BLANK:
        raise click.UsageError("--count goes with --document blank.")
    if one == everyone:
        raise click.UsageError("Give either --person NUMBER, or --all, also with --household.")
    if everyone and said & OF_ONE:
        raise click.UsageError("--serial, --say and --collector belong to one --person.")
    if one and said & OF_ALL:
        raise click.UsageError(f"{_listed(said & OF_ALL)} goes with --all.")
    if "--proof" in said and "--collector" not in said:
        raise click.UsageError("--proof goes with --collector.")


def why(reason: str) -> tuple[str, str]:
    """A reason as its code and as words: another than the codes is words alone, of a copy. Words
    that speak of a lost paper, or a slip of the keys, are not taken for that, nor is the paper
    left valid."""
    from station.life import GONE, REPRINTS

    said = reason.strip().casefold()
    if said in (*GONE, *REPRINTS):
        return said, said
    for gone in GONE:
        if gone in said.split():
            raise click.UsageError(f"Write --reason {gone}, and the rest with --words.")
    if meant := get_close_matches(said, GONE, n=1, cutoff=0.7):
        raise click.UsageError(
            f"Write --reason {meant[0]} if that is meant, or say it in other words."
        )
    return "", reason


def _listed(names: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(names))
