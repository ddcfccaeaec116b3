"""How far something has got, in one word: where a registration stands, and what was sent."""

from __future__ import annotations

from typing import Final

from desktop.words import N_, tr

_REGISTRATION: Final = {
    "draft": (N_("Not finished"), "neutral"),
    "recorded": (N_("Recorded"), "neutral"),
    "approved": (N_("Reviewed"), "accent"),
    "returned": (N_("Sent back"), "warning"),
    "registered": (N_("Registered"), "success"),
    "voided": (N_("Withdrawn"), "danger"),
    "pruned": (N_("At the registry alone"), "neutral"),
}
_SENDING: Final = {
    "waiting": (N_("Not sent yet"), "neutral"),
    "sent": (N_("Sent, no receipt yet"), "neutral"),
    "acknowledged": (N_("The registry has it"), "success"),
}
_OUTCOMES: Final = {
    "admitted": (N_("Admitted"), "success"),
    "known": (N_("Known already"), "neutral"),
    "held": (N_("Held"), "warning"),
    "quarantined": (N_("Set aside"), "danger"),
    "refused": (N_("Refused"), "danger"),
    "registered": (N_("Registered"), "success"),
    "returned": (N_("Sent back"), "warning"),
}


def registration(status: str) -> tuple[str, str]:
    """The word for a registration's status, and the tone of its pill."""
    word, tone = _REGISTRATION.get(status, (status, "neutral"))
    return tr(word), tone


def sending(state: str) -> tuple[str, str]:
    """The word for how far something has been sent, and the tone of its pill."""
    word, tone = _SENDING.get(state, (state, "neutral"))
    return tr(word), tone


def outcome(code: str) -> tuple[str, str]:
    """The word for what the registry decided, and the tone of its pill."""
    word, tone = _OUTCOMES.get(code, (code, "neutral"))
    return tr(word), tone
