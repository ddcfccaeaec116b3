"""Credentials that chance has changed: bytes, claims, headers and compression."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from documents import base45
from tests.documents.builders import NOW, envelope, text_of
from tests.documents.forgeries import CLAIMS, GENUINE, KID, PAYLOAD
from tests.verifier.make_vectors import Case
from values import cbor
from values.cbor import CborError

TRUSTS = ("list", "withdrawn", "set", "nameless set", "two of one name")
_DAYS = (0, 0, 0, -2, 200, 700)
_NUMBERS = (0, 1, 23, 24, 255, 256, 65_536, 2**32, 2**53 + 1, 2**63, 2**64 - 1, -1, -8, -260)
_FLOATS = (0.0, -8.0, 1.5, 1e300, float("nan"), float("inf"), 1_800_000_000.25)
_KEYS = (1, 2, 4, 5, 6, 7, 169, -260, 65_535, "1", "4", "169", "status_list", "idx", "uri", b"x")
_HEADS = (0xFF, 0x5F, 0x7F, 0x9F, 0xBF, 0xF9, 0xFA, 0xFB, 0xC0, 0xD8)


def mutations(seed: int, count: int) -> Iterator[Case]:
    """So many, the same for the same seed."""
    chance = random.Random(seed)
    made = 0
    while made < count:
        way = chance.choice(_WAYS)
        try:
            text = way(chance)
        except (CborError, ValueError):
            continue  # two keys that are one: our writer refuses them
        at = NOW + timedelta(days=chance.choice(_DAYS))
        yield Case(f"{made} {way.__name__}", chance.choice(TRUSTS), text, at)
        made += 1


def anything(chance: random.Random, depth: int = 0) -> Any:
    """A value of any type, not deep."""
    kinds: list[Callable[[], Any]] = [
        lambda: chance.choice(_NUMBERS),
        lambda: chance.choice(_FLOATS),
        lambda: chance.choice((True, False, None)),
        lambda: chance.choice(("", "a", "1", "uri", "é")),
        lambda: chance.randbytes(chance.randrange(6)),
    ]
    if depth < 4:
        kinds.append(lambda: [anything(chance, depth + 1) for _ in range(chance.randrange(4))])
        kinds.append(
            lambda: {
                chance.choice(_KEYS): anything(chance, depth + 1)
                for _ in range(chance.randrange(5))
            }
        )
    return chance.choice(kinds)()


def bytes_of_the_message(chance: random.Random) -> str:
    data = bytearray(GENUINE.signed)
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(data))
        match chance.randrange(3):
            case 0:
                data[place] ^= 1 << chance.randrange(8)
            case 1:
                del data[place]
            case _:
                data.insert(place, chance.randrange(256))
    return chance.choice((text_of, base45.encode))(bytes(data))


def bytes_of_the_stream(chance: random.Random) -> str:
    data = bytearray(zlib.compress(GENUINE.signed))
    data[chance.randrange(len(data))] = chance.randrange(256)
    return base45.encode(bytes(data[: chance.randrange(1, 2 * len(data))]))


def bytes_that_are_signed(chance: random.Random) -> str:
    data = bytearray(PAYLOAD)
    for _ in range(chance.randrange(1, 3)):
        data[chance.randrange(len(data))] = chance.choice((*_HEADS, chance.randrange(256)))
    return text_of(envelope(bytes(data)))


def claims_that_are_signed(chance: random.Random) -> str:
    claims: dict[Any, Any] = dict(CLAIMS)
    for _ in range(chance.randrange(1, 4)):
        claims[chance.choice(_KEYS)] = anything(chance)
    return text_of(envelope(cbor.encode(claims)))


def headers_that_are_signed(chance: random.Random) -> str:
    protected = {chance.choice((1, 2, 3, 4, "1")): anything(chance) for _ in range(2)}
    if chance.random() < 0.6:
        protected |= {1: -8, 4: KID} if chance.random() < 0.5 else {1: -8}
    unprotected = {
        chance.choice((1, 2, 3, 4)): anything(chance) for _ in range(chance.randrange(2))
    }
    return text_of(envelope(PAYLOAD, protected=protected, unprotected=unprotected))


def letters_of_the_text(chance: random.Random) -> str:
    letters = list(GENUINE.text)
    letters[chance.randrange(len(letters))] = chance.choice("0AZ $:-éa٣")
    return "".join(letters)


_WAYS = (
    bytes_of_the_message,
    bytes_of_the_stream,
    bytes_that_are_signed,
    claims_that_are_signed,
    headers_that_are_signed,
    letters_of_the_text,
)
