"""A station with the people of whom the events of `tests.forms.filled_events` tell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from station import events
from tests.forms import filled_events
from tests.places import Site, listing, row
from workspace.search import search

NAMES = {
    "@woman": "Mirela Orlok",
    "@man": "Idris Orlok",
    "@girl": "Nadia Orlok",
    "@aunt": "Dalia Sorn",
    "@uncle": "Banin Sorn",
    "@away": "Tarik Vedin",
}
HOUSEHOLDS = (
    ("H-0001", (("@man", "head"), ("@woman", "spouse"), ("@girl", "child"))),
    ("H-0002", (("@uncle", "head"), ("@aunt", "spouse"))),
    ("H-0003", (("@away", "head"),)),
)


@dataclass(frozen=True)
class Peopled:
    """The site, and each person's id by placeholder."""

    site: Site
    ids: dict[str, Any]

    def copied(self, folder: Path) -> Peopled:
        return Peopled(self.site.copied(folder), self.ids)

    @property
    def keys(self) -> dict[str, str]:
        """Ids in hexadecimal by placeholder."""
        return {name: person.hex for name, person in self.ids.items()}

    @property
    def called(self) -> dict[str, str]:
        """Names by id in hexadecimal."""
        return {person.hex: NAMES[name] for name, person in self.ids.items()}

    def told(self, form: str) -> dict[str, Any]:
        """The answers of one event about these people."""
        return filled_events.filled(form, self.keys)


def people(site: Site) -> Peopled:
    """Take them in and approve them; one of them was recorded as absent."""
    rows = []
    for household, members in HOUSEHOLDS:
        for name, relation in members:
            known = filled_events.PEOPLE[name]
            birth = known.birth.edtf if known.birth is not None else ""
            rows.append(row(household, relation, NAMES[name], sex=known.sex, birth=birth))
    site.take_in(listing(*rows))
    site.approve()
    with site.at_station("officer") as session:
        ids = {
            name: next(hit.person for hit in search(session, called) if hit.name == called)
            for name, called in NAMES.items()
        }
        answers = filled_events.filled(
            "absence", {name: person.hex for name, person in ids.items()}
        )
        raw = {**answers, "subject": {"person": ids["@away"].hex}}
        problems = events.check(session, "absence", raw)
        assert problems == [], problems
        events.record(session, "absence", raw)
    return Peopled(site, ids)
