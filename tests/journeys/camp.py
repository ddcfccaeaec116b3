"""A camp in the middle of its work: the bundled list, in every state that a family can be in."""

from __future__ import annotations

import io
from dataclasses import dataclass
from importlib.resources import as_file
from pathlib import Path
from typing import Any

from PIL import Image

import resources
from forms.draft import Draft
from registry import decide, queues
from station import changes, drafts, export, intake, printing, receive, register, review
from tests import paperwork
from tests.places import DAY, Site
from values.identifiers import PersonId

REASONS = ("A date does not fit: the son is older than her", "The grandmother is missing")
"""Why families came back, as the supervisor wrote it."""
CORRECTED = "The school card was shown"
"""Why a birth is to be corrected, as the officer wrote it."""
LIST = "samples/site-a.csv"
DRAFT = "0192f0c0-0000-7000-8000-000000000001"
PURPOSES = (
    "registration", "document", "assistance", "tracing", "host_state", "third_state", "statistics",
)  # fmt: skip


@dataclass(frozen=True)
class Camp:
    """Where it lies, and what of it the screens show."""

    site: Site
    person: PersonId
    papers: Path
    forged: Path
    bundle: Path
    notice: Path


def family(photo: str) -> Draft:
    """A family of four at the table: a head with everything, and others with something open."""
    draft = Draft.new()
    household: dict[str, Any] = {
        "origin_country": "SOM",
        "origin_place": "Bay; Baidoa",
        "cause": "disaster",
        "arrival": {"text": "2026-04", "calendar": "gregorian"},
    }
    for name, raw in household.items():
        draft = draft.with_household(name, raw)
    head: dict[str, Any] = {
        "name": "آمنة يوسف علي",
        "name_latin": "Amina Yusuf Ali",
        "sex": "F",
        "birth": {"text": "1364-02-13", "calendar": "solar-hijri"},
        "nationality": "SOM",
        "language": "som",
        "documents": [{"type": "passport", "number": "P00482911"}],
        "needs": ["DS-BD", "SV-VF"],
        "consent": dict.fromkeys(PURPOSES, "yes"),
        "photo": photo,
    }
    for name, raw in head.items():
        draft = draft.with_value("m1", name, raw)
    draft = draft.with_member(
        {
            "relation": "spouse",
            "name": "یوسف علی حسن",
            "sex": "M",
            "birth": {"text": "age:16", "calendar": "gregorian"},
            "nationality": "SOM",
            "consent": {"registration": "yes", "document": "no"},
        }
    )
    draft = draft.with_member({"relation": "child", "name": "ሰላም ዮሴፍ"})
    return draft.with_member({})


def found(founded: Site, folder: Path) -> Camp:
    """Copy both offices and let a day's work be done in them."""
    site = founded.copied(folder)
    with as_file(resources.path(LIST)) as listed, site.at_station("officer") as session:
        intake.intake(session, Path(listed), on=DAY)
    papers = folder / "papers.pdf"
    with site.at_station("supervisor") as session:
        waiting = [row.registration for row in review.waiting(session)]
        review.approve(session, waiting[:28])
        for registration, reason in zip(waiting[28:30], REASONS, strict=True):
            review.send_back(session, registration, reason)
        rows = printing.printable(session)[:5]
        targets = [printing.Target(type="registration", subject=row.person) for row in rows]
        issued = paperwork.issue(session, targets, language="en")
        papers.write_bytes(issued.pdf)
        bundle = export.export(session, site.outbox).bundle
    imported = site.admit(bundle)
    assert imported.notice is not None
    with site.at_registry("registrar") as session:
        decide.register(session, [row.registration for row in queues.to_register(session)[:12]])
    with site.at_station("supervisor") as session:
        receive.receive(session, imported.notice)
        review.approve(session, waiting[30:34])
        person = rows[0].person
    with site.at_station("officer") as session:
        at = changes.begin(session, person)
        raw = {**at.raw, "birth": {"text": "1985-05-03", "calendar": "gregorian"}}
        changes.change(session, person, raw, at=at, reason=CORRECTED, basis="document")
    forged = folder / "forged.png"
    Image.new("RGB", (400, 400), "white").save(forged)
    return Camp(site, person, papers, forged, bundle, imported.notice)


def leave_off(site: Site) -> None:
    """A family is left off in the middle of its interview, as before."""
    with site.at_station("officer") as session:
        drafts.save(session, DRAFT, family(register.take_photo(session, portrait())))


def portrait() -> bytes:
    """A picture of nobody."""
    held = io.BytesIO()
    Image.radial_gradient("L").resize((480, 600)).convert("RGB").save(held, "JPEG")
    return held.getvalue()
