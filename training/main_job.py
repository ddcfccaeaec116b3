"""The main job from end to end: take in, review, print, export, import, answer, receive."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry import admit
from registry import trust as registry_trust
from station import batch, export, intake, printing, receive, review
from training.offices import (
    ADMINISTRATOR,
    OFFICER,
    REGISTRAR,
    SUPERVISOR,
    Place,
    found,
    opened,
)
from workspace.errors import RefusedError
from workspace.files import read_whole, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from station.intake import RowNote
    from values.secret import Secret
    from workspace.environment import Environment


@dataclass(slots=True)
class MainJob:
    """What the main job did. `seconds` is wall time per step, in order."""

    place: Place
    bundle: Path
    notice: Path
    trust: Path
    jwks: Path
    documents: list[Path]
    households: int
    persons: int
    entries: int
    admitted: int
    again_admitted: int
    acknowledged: int
    pages: int
    flagged: list[RowNote]
    rejected: list[RowNote]
    seconds: dict[str, float] = field(default_factory=dict)


class _Steps:
    """Times each step and tells its name as it begins."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.seconds: dict[str, float] = {}
        self._tell = tell
        self._name = ""
        self._since = 0.0

    def begin(self, name: str) -> None:
        self.end()
        self._name, self._since = name, time.perf_counter()
        self._tell(name)

    def end(self) -> None:
        if self._name:
            self.seconds[self._name] = round(time.perf_counter() - self._since, 3)
        self._name = ""


def run(
    folder: Path,
    list_: Path,
    *,
    on: date,
    passphrase: Secret,
    env: Environment,
    tell: Callable[[str], None] = lambda step: None,
) -> MainJob:
    """Do all of it under `folder` with the households of a pre-registration list.

    What can be refused is refused before anything is made.
    """
    steps = _Steps(tell)
    intake.check_day(on)
    people = read_whole(list_, limit=intake.MAX_LIST_BYTES)
    listed = folder / list_.name
    own = listed.exists() and listed.samefile(list_)
    if listed.exists() and not own:
        raise RefusedError(
            "in_the_way",
            f"{listed} is there already, and the demonstration would write over it. Name another "
            "folder.",
        )
    steps.begin("set up")
    place = found(folder, passphrase=passphrase, env=env, training=True, station_name="Demo site")
    outbox = folder / "outbox"
    outbox.mkdir(exist_ok=True)

    steps.begin("take in")
    if not own:
        write_whole(listed, people, private=True)
    try:
        with opened(place.station, OFFICER, passphrase, env=env) as session:
            taken = intake.intake(session, listed, on=on)
    finally:
        # The list is plain text; whatever happens, no copy of it is left here.
        if not own:
            listed.unlink()

    steps.begin("review")
    with opened(place.station, SUPERVISOR, passphrase, env=env) as session:
        review.approve_all(session)

        steps.begin("print")
        targets = printing.targets_for_all(session)
        papers = folder / "documents.pdf"
        issued = batch.print_all(session, targets, language="en", out=papers)

        steps.begin("export")
        sent = export.export(session, outbox)
        with session.store.read() as reader:
            entries = reader.count_entries()

    steps.begin("import")
    with opened(place.registry, REGISTRAR, passphrase, env=env) as session:
        first = admit.import_bundle(session, sent.bundle, notice_parent=outbox)
        steps.begin("import again")
        again = admit.import_bundle(session, sent.bundle)
    assert first.notice is not None  # noqa: S101 - a folder for it was named

    steps.begin("receive the notice")
    with opened(place.station, SUPERVISOR, passphrase, env=env) as session:
        got = receive.receive(session, first.notice)

    steps.begin("write the trust list")
    trust, jwks = folder / "trust.wst", folder / "trust.jwks.json"
    with opened(place.registry, ADMINISTRATOR, passphrase, env=env) as session:
        registry_trust.export(session, trust, jwks=False)
        registry_trust.export(session, jwks, jwks=True)
    steps.end()
    return MainJob(
        place=place,
        bundle=sent.bundle,
        notice=first.notice,
        trust=trust,
        jwks=jwks,
        documents=[papers],
        households=taken.households,
        persons=taken.persons,
        entries=entries,
        admitted=first.admitted,
        again_admitted=again.admitted,
        acknowledged=got.acknowledged,
        pages=sum(issued.pages),
        flagged=taken.flagged,
        rejected=taken.rejected,
        seconds=steps.seconds,
    )
