"""Invented places by the ten thousand, in two scripts, drawn from a seed."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator

# Syllables, the same in Arabic script: what they make sounds like places and is none.
_LATIN = (
    "ba di fu ga ha ji ka lo mi na or qe ra sa ti um wa ye zo"
    " bar dul far gal har kem mar nur sir tal"
)
_ARABIC = (
    "با دي فو غا ها جي كا لو مي نا ور قي را سا تي وم وا يي زو"
    " بار دول فار غال هار كيم مار نور سير تال"
)
_SYLLABLES = tuple(zip(_LATIN.split(), _ARABIC.split(), strict=True))
_BEFORE = (("Al", "ال"), ("Old", "القديمة"), ("Upper", "العليا"), ("New", "الجديدة"))
COLUMNS = (
    *("ADM3_EN", "ADM3_AR", "ADM3_PCODE", "ADM2_EN", "ADM2_AR", "ADM2_PCODE"),
    *("ADM1_EN", "ADM1_AR", "ADM1_PCODE", "ADM0_EN", "ADM0_AR", "ADM0_PCODE", "validOn"),
)
"""As OCHA heads its tables: a row for each lowest area."""


def rows(seed: int, areas: int = 50_000) -> Iterator[tuple[str, ...]]:
    """Rows that together name ``areas`` areas: one country, regions, districts, localities. The
    same seed gives the same rows."""
    rng = random.Random(seed)
    country = ("Nardavia", "ناردافيا", "XT")
    left = areas - 1
    region = district = 0
    around: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    while left > 0:
        if not around or district >= 40:
            region, district = region + 1, 0
            around = (*_name(rng), f"XT{region:02}")
            left -= 1
        district += 1
        inner = (*_name(rng), f"{around[2]}{district:02}")
        left -= 1
        for place in range(1, min(60, left) + 1):
            lowest = (*_name(rng), f"{inner[2]}{place:03}")
            yield (*lowest, *inner, *around, *country, "2026-01-31")
        left -= min(60, left)


def table(seed: int, areas: int = 50_000) -> bytes:
    """The same as the bytes of a CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(rows(seed, areas))
    return out.getvalue().encode()


def _name(rng: random.Random) -> tuple[str, str]:
    parts = rng.choices(_SYLLABLES, k=rng.choice((2, 3, 3, 4)))
    latin = "".join(part[0] for part in parts).title()
    arabic = "".join(part[1] for part in parts)
    if rng.random() < 0.4:
        before = rng.choice(_BEFORE)
        return f"{before[0]} {latin}", f"{arabic} {before[1]}"
    return latin, arabic
