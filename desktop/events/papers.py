"""What the documents about events are called."""

from __future__ import annotations

from typing import Final

from desktop.words import N_, tr

PAPERS: Final = {
    # by the ids of templates
    "absence": N_("Letter about an absence"),
    "adoption": N_("Annotation of an adoption"),
    "birth": N_("Notification of birth"),
    "closing": N_("Attestation of the end of displacement"),
    "death": N_("Notification of death"),
    "divorce": N_("Extract about a divorce"),
    "loss": N_("Statement about a lost document"),
    "marriage": N_("Notification of marriage"),
    "recognition": N_("Annotation of a recognition"),
    "seizure": N_("Receipt for a document that was kept"),
    "tracing": N_("Receipt of a tracing request"),
    "transfer": N_("Note about a movement"),
}


def paper(code: str) -> str:
    """The name of a document about an event; the code of one that came later."""
    return tr(PAPERS.get(code, code))
