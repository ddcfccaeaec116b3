"""Times on a command line."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from values.clock import SystemClock, parse_rfc3339, rfc3339


def moment(value: str) -> datetime:
    """A time, or a day, which begins at midnight UTC. Raises `click.BadParameter`."""
    try:
        if len(value) == 10:
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        return parse_rfc3339(value)
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is no time; write it as {rfc3339(SystemClock().now())}.",
            param_hint="TIME",
        ) from None
