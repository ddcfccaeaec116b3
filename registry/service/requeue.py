"""Bundles that admission put aside for a fault of ours: seen, and handed to it once more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from registry.service.staging import Result, Staging
from registry.stations import stations
from values.identifiers import BundleId, OfficeId
from workspace.rights import Right, require

if TYPE_CHECKING:
    from pathlib import Path

    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class Aside:
    """A bundle in ``staging/aside``, of the station of that code and name."""

    station: str
    name: str
    office: OfficeId
    bundle: BundleId
    path: Path


def bundles(session: Session) -> list[Aside]:
    """Those that lie there, by station."""
    require(session, Right.SERVE)
    with session.store.read() as reader:
        known = {one.id: one for one in stations(reader)}
    found = []
    for path in sorted((session.folder / "staging" / "aside").glob("*/*")):
        try:
            office, bundle = OfficeId(UUID(path.parent.name)), BundleId(UUID(path.name))
        except ValueError:
            continue
        station = known.get(office)
        code, name = (station.code, station.name) if station else ("—", "")
        found.append(Aside(code, name, office, bundle, path))
    return sorted(found, key=lambda one: (one.station, str(one.bundle)))


def requeue(session: Session) -> list[Aside]:
    """Hand them to admission again, as if they had just come; returns which.

    What is noted first and moved then: killed between the two, it lies here still. One that the
    station has sent again meanwhile stays where it is.
    """
    staging = Staging.of(session.folder)
    moved = []
    for one in bundles(session):
        place = staging.staged(one.office, one.bundle)
        if place.exists():
            continue
        before = staging.result(one.office, one.bundle)
        staging.put_result(
            one.office,
            one.bundle,
            Result(
                state="staged",
                manifest=before.manifest if before else "",
                order=before.order if before else 0,
            ),
        )
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        one.path.replace(place)
        staging.reached("bundle requeued")
        moved.append(one)
    if moved:
        staging.ring()
    return moved
