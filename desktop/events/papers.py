"""What the documents about events are called."""

from __future__ import annotations

from typing import Final

from desktop.words import N_, tr

PAPERS: Final = {
    # by the ids of templates
    "birth": N_("Notification of birth"),
    "death": N_("Notification of death"),
    "loss": N_("Statement about a lost document"),
    "marriage": N_("Notification of marriage"),
    "transfer": N_("Note about a movement"),
    # by the names that forms have for what no template tells of yet
    "absence_letter": N_("Letter about an absence"),
    "adoption_annotation": N_("Annotation of an adoption"),
    "closing_attestation": N_("Attestation of the end of displacement"),
    "divorce_extract": N_("Extract about a divorce"),
    "recognition_annotation": N_("Annotation of a recognition"),
    "seizure_receipt": N_("Receipt for a document that was kept"),
    "tracing_receipt": N_("Receipt of a tracing request"),
}


def paper(code: str) -> str:
    """The name of a document about an event; the code of one that came later."""
    return tr(PAPERS.get(code, code))
