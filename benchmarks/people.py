"""Invented people by the hundred thousand: drawn from a seed, in several scripts."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING, Any

from forms.answers import EventAnswers, HouseholdAnswers, MemberAnswers

if TYPE_CHECKING:
    from collections.abc import Iterator

# Syllables, not names: what they make sounds like names of the script and belongs to nobody.
_PARTS: dict[str, tuple[str, ...]] = {
    script: tuple(parts.split())
    for script, parts in {
        "Latn": "ba de fi go ha ji ka lo mi na or pe ra sa ti um va we ya zo",
        "Arab": "با دی فر گل ها جم کا لو می نا ور پر را سا تی یم وا شا زا مر",
        "Cyrl": "ба де фи го ха жи ка ло ми на ор пе ра са ти ум ва ще яр зо",
        "Mymr": "ကို မာ သန်း ဝင်း လှ နွယ် ခိုင် ထွန်း ဇော် မြင့် အေး စိုး နိုင် ကြည် ဖြိုး ရွှေ တင် ညို ဆွေ ပိုင်",
        "Ethi": "አለ በላ ገብ ደስ ሃይ ከበ ለማ መኮ ነጋ ሳም ተስ ወርቅ ፍቅ ብር ዘው ጌታ ሙሉ ትር ኪዳ ሐጎ",
    }.items()
}
_COUNTRIES = ("AFG", "MMR", "SDN", "SOM", "SYR", "UKR", "XXA", "COD", "ETH", "VEN")


def household(rng: random.Random, *, members: int = 4, photo: bool = False) -> HouseholdAnswers:
    """One household, ready to be registered. With `photo`, the value is filled in by the caller."""
    script = rng.choice(list(_PARTS))
    family = _word(rng, script), _word(rng, "Latn").title()
    people = tuple(_member(rng, script, family, place) for place in range(members))
    origin = {
        "origin_country": rng.choice(_COUNTRIES[:6]),
        "origin_place": f"{_word(rng, 'Latn').title()}; {_word(rng, 'Latn').title()}",
        "cause": "conflict",
    }
    everybody = tuple(range(members))
    arrival = {"edtf": "2026-05-02", "calendar": "gregorian", "entered": "2026-05-02"}
    return HouseholdAnswers(
        values={**origin, "arrival": arrival},
        members=people,
        events=(
            EventAnswers("flight", None, origin, everybody),
            EventAnswers("arrival", arrival, {}, everybody),
        ),
    )


def households(seed: int, count: int) -> Iterator[HouseholdAnswers]:
    """A camp of households of four, the same for the same seed."""
    rng = random.Random(seed)
    for _ in range(count):
        yield household(rng)


def photo(rng: random.Random) -> bytes:
    """A JPEG of about 20 kB: noise, so that it compresses as little as a face does."""
    from PIL import Image

    small = Image.frombytes("RGB", (60, 78), rng.randbytes(60 * 78 * 3))
    picture = small.resize((360, 468), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=62)
    return out.getvalue()


def _member(rng: random.Random, script: str, family: tuple[str, str], place: int) -> MemberAnswers:
    own, latin = _word(rng, script), _word(rng, "Latn").title()
    year = rng.randrange(1950, 1990) if place < 2 else rng.randrange(2005, 2026)
    birth = f"{year}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
    values: dict[str, Any] = {
        "name": f"{own} {family[0]}",
        "name_latin": f"{latin} {family[1]}",
        "sex": "F" if place % 2 else "M",
        "birth": {"edtf": birth, "calendar": "gregorian", "entered": birth},
        "nationality": rng.choice(_COUNTRIES),
        "documents": [{"type": "national_id", "number": f"{rng.randrange(10**9):09d}"}],
        "share_with_origin": "no",
        "consent": {"registration": "yes"},
    }
    relation = ("head", "spouse", "child", "child")[min(place, 3)]
    return MemberAnswers(str(place), relation, values)


def _word(rng: random.Random, script: str) -> str:
    parts = _PARTS[script]
    return "".join(rng.choice(parts) for _ in range(rng.randrange(2, 4)))


def names(seed: int, count: int) -> list[str]:
    """Names of persons of the same camp, to search for."""
    rng = random.Random(seed)
    found: list[str] = []
    for one in households(seed, count):
        member = rng.choice(one.members)
        found.append(str(member.values[rng.choice(["name", "name_latin"])]))
    return found
