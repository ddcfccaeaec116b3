"""Typed identities, and UUIDs of version 7.

A UUID identifies a person; a control number never does (see :mod:`values.numbers`). The types
are distinct to the type checker and cost nothing when the program runs.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NewType
from uuid import UUID

from values.clock import Entropy, in_utc

PersonId = NewType("PersonId", UUID)
HouseholdId = NewType("HouseholdId", UUID)
EventId = NewType("EventId", UUID)
RegistrationId = NewType("RegistrationId", UUID)
DocumentId = NewType("DocumentId", UUID)
UserId = NewType("UserId", UUID)
OfficeId = NewType("OfficeId", UUID)
EntryId = NewType("EntryId", UUID)
BundleId = NewType("BundleId", UUID)

EntryHash = NewType("EntryHash", bytes)
"""SHA-256 of an entry's header: 32 bytes."""
PhotoHash = NewType("PhotoHash", bytes)
"""SHA-256 of a stored photo: 32 bytes."""

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIMESTAMP_BITS = 48
_RANDOM_A_MASK = (1 << 12) - 1
_RANDOM_B_MASK = (1 << 62) - 1


def uuid7(now: datetime, entropy: Entropy) -> UUID:
    """A UUID of version 7 (RFC 9562, 5.7): milliseconds of Unix time, then 74 random bits.

    Two of the same millisecond are not ordered; nothing here relies on the order of identifiers.
    Raises ``ValueError`` for a time before 1970, and ``TimeError`` for one without a zone.
    """
    # In whole numbers: a float of seconds would now and then be a millisecond short.
    milliseconds = (in_utc(now) - _UNIX_EPOCH) // timedelta(milliseconds=1)
    if not 0 <= milliseconds < 1 << _TIMESTAMP_BITS:
        raise ValueError("The clock is set before 1970; set the date and try again.")
    random = int.from_bytes(entropy(10), "big")
    value = milliseconds << 80
    value |= 0x7 << 76 | (random >> 62 & _RANDOM_A_MASK) << 64
    value |= 0b10 << 62 | random & _RANDOM_B_MASK
    return UUID(int=value)
