"""What the front answers when it does not do what was asked: a code, and a sentence."""

from __future__ import annotations

from typing import Final


class Refusal(Exception):  # noqa: N818 - an answer of the protocol, not a fault
    """Ends a request. `retry` says after how many seconds it may be tried again."""

    def __init__(
        self, status: int, code: str, sentence: str, *, retry: float | None = None, at: int = -1
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.retry = retry
        self.at = at
        """How much of a part is here, where the question is where to go on."""


class Nothing(Exception):  # noqa: N818 - it is what the caller learns
    """403, and not a word: to strangers, to stations that were revoked, to false signatures."""


def no_session() -> Refusal:
    """401, whoever asks: an unknown session tells nothing about a station."""
    return Refusal(401, "session", "The session is over or was never open. Begin another.")


def replayed() -> Refusal:
    """409: the number was used."""
    return Refusal(409, "replay", "This request came before. Send it under a new number.")


def too_often(wait: float) -> Refusal:
    """429."""
    return Refusal(429, "rate", "Too many requests. Wait, then go on.", retry=wait)


def malformed(what: str) -> Refusal:
    """400."""
    return Refusal(400, "malformed", f"The request cannot be read: {what}.")


def differs() -> Refusal:
    """400: what came is not what was signed, or not what its name says."""
    return Refusal(400, "digest", "The bytes are not those that were announced. Send them again.")


def too_large(what: str) -> Refusal:
    """413."""
    return Refusal(413, "limit", f"{what} is larger than this service takes.")


def too_slow() -> Refusal:
    """408: what came so far is kept."""
    return Refusal(408, "slow", "Nothing came for too long. What arrived is kept; go on with it.")


def full() -> Refusal:
    """507, for a while."""
    return Refusal(
        507,
        "disk",
        "The registry has no room for more just now. Its administrator has to look; "
        "try again later.",
        retry=600.0,
    )


def over_quota() -> Refusal:
    """507, until some was taken in."""
    return Refusal(
        507,
        "station_full",
        "The registry still works on what this station sent. Try again later.",
        retry=600.0,
    )


def not_here(what: str) -> Refusal:
    """404."""
    return Refusal(404, "unknown", f"There is no such {what} here.")


NOT_READY: Final = Refusal(
    503, "starting", "The service is starting. Try again in a moment.", retry=2.0
)
