"""What the documents about events are called."""

from __future__ import annotations

from typing import Final

from desktop.words import N_, tr

PAPERS: Final = {
    "absence_letter": N_("Letter about an absence"),
    "adoption_annotation": N_("Annotation of an adoption"),
    "birth_notification": N_("Notification of birth"),
    "closing_attestation": N_("Attestation of the end of displacement"),
    "death_notification": N_("Notification of death"),
    "divorce_extract": N_("Extract about a divorce"),
    "loss_statement": N_("Statement about a lost document"),
    "marriage_notification": N_("Notification of marriage"),
    "movement_note": N_("Note about a movement"),
    "recognition_annotation": N_("Annotation of a recognition"),
    "seizure_receipt": N_("Receipt for a document that was kept"),
    "tracing_receipt": N_("Receipt of a tracing request"),
}


def paper(code: str) -> str:
    """The name of a document about an event; the code of one that came later."""
    return tr(PAPERS.get(code, code))
