"""Times as the formats write them: whole milliseconds or seconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from values.clock import in_utc

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_SECOND = timedelta(seconds=1)


def to_milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970, finer parts cut; negative before it.

    Raises: :class:`values.clock.TimeError` for a time without a zone.
    """
    return (in_utc(moment) - _EPOCH) // _MILLISECOND


def from_milliseconds(count: int) -> datetime:
    """The moment in UTC. Raises ``OverflowError`` outside the years 1 to 9999."""
    return _EPOCH + count * _MILLISECOND


def to_seconds(moment: datetime) -> int:
    """Seconds since 1970, finer parts cut."""
    return (in_utc(moment) - _EPOCH) // _SECOND


def from_seconds(count: int) -> datetime:
    """The moment in UTC. Raises ``OverflowError`` outside the years 1 to 9999."""
    return _EPOCH + count * _SECOND
