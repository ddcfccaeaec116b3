"""A station in memory: what the pages ask of the offices, answered without a store.

It keeps drafts and registrations in dictionaries and uses the real forms. All people invented.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import forms
from forms.check import check, outstanding
from forms.draft import Draft
from values.dates import PartialDate
from values.identifiers import uuid7

NOW = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)


class HeldClock:
    """Stands still until told; monotonic counts calls."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at
        self._ticks = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        self._ticks += 0.001
        return self._ticks

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.at += by
        self._ticks += by.total_seconds()


def person_id(number: int) -> UUID:
    """A stable id for the person of that number."""
    return UUID(int=0x0192_0000_0000_7000_8000_0000_0000_0000 + number)


@dataclass
class Station:
    """The store of the twin, and everything that was asked of it."""

    drafts: dict[str, tuple[Draft, datetime]] = field(default_factory=dict)
    registered: list[Draft] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    hits: list[Any] = field(default_factory=list)
    photos: dict[bytes, bytes] = field(default_factory=dict)
    saves: int = 0
    paces: list[tuple[str, bool]] = field(default_factory=list)
    to_complete: list[Any] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)
    clock: HeldClock = field(default_factory=HeldClock)

    def called(self, name: str) -> None:
        self.asked.append(name)
        if name in self.fails:
            raise self.fails[name]


def session_of(
    station: Station, *, kind: str = "station", role: str = "officer", training: bool = False
) -> Any:
    """What a session shows to the pages."""
    photos = SimpleNamespace(get=lambda digest: station.photos.get(bytes(digest)))
    office = SimpleNamespace(
        kind=kind,
        id=person_id(900),
        name="Site A" if kind == "station" else "Registry",
        code="A01" if kind == "station" else "",
        operation_name="Invented operation",
        operation_code="WST",
        training=training,
        enrolled=True,
    )
    return SimpleNamespace(
        kind=kind,
        folder=Path("site-a"),
        user=SimpleNamespace(id=person_id(901), name="amal", role=role),
        office=office,
        catalogue=forms.catalogue(),
        store=SimpleNamespace(photos=photos),
        clock=station.clock,
        env=SimpleNamespace(entropy=os.urandom, clock=station.clock),
        notes=[],
        close=lambda: None,
    )


def twin(station: Station, **more: Any) -> SimpleNamespace:
    """The offices, each a namespace of functions; ``more`` adds or replaces some."""
    offices = {
        "drafts": _drafts(station),
        "register": _register(station),
        "possible": SimpleNamespace(possible=lambda session, member: _possible(station, member)),
        "search": SimpleNamespace(
            search=lambda session, query, limit=20: _search(station, query)[:limit]
        ),
        "home": SimpleNamespace(
            home=lambda session: _home(station),
            waiting=lambda session: SimpleNamespace(not_acknowledged=34, review=0),
        ),
        "completing": SimpleNamespace(
            begin=lambda session, identity, *, quick: station.paces.append((identity, quick)),
            open_ones=lambda session: tuple(station.to_complete),
            pace=lambda session: SimpleNamespace(families=0, seconds=None),
        ),
        "changes": SimpleNamespace(
            proposals=lambda session, *, language="en": (),
            list_corrections=lambda session: [],
        ),
        "areas": SimpleNamespace(gazetteer=lambda session: None),
        "care": SimpleNamespace(
            storage=lambda session: SimpleNamespace(low=False, full=False, free=1 << 33),
            backup_age=lambda session: timedelta(hours=2),
        ),
    }
    return SimpleNamespace(**{**offices, **more})


def _home(station: Station) -> Any:
    counts = SimpleNamespace(
        today_households=len(station.registered),
        today_persons=sum(len(one.members) for one in station.registered),
        waiting_review=0,
        returned=0,
        not_acknowledged=34,
        drafts=len(station.drafts),
        to_print=0,
        persons=0,
    )
    return SimpleNamespace(counts=counts, next_steps=())


def _drafts(station: Station) -> Any:
    def save(session: Any, identity: str, draft: Draft) -> datetime:
        station.called("drafts.save")
        station.saves += 1
        station.drafts[identity] = (Draft.from_json(draft.to_json()), station.clock.now())
        return station.clock.now()

    def list_drafts(session: Any) -> list[Any]:
        return [
            SimpleNamespace(
                id=identity,
                title=next((str(one.values.get("name", "")) for one in draft.members), ""),
                members=len(draft.members),
                saved_at=at,
                reason=station.reasons.get(identity, ""),
            )
            for identity, (draft, at) in station.drafts.items()
        ]

    def load(session: Any, identity: str) -> Draft:
        station.called("drafts.load")
        return station.drafts[identity][0]

    def discard(session: Any, identity: str) -> None:
        station.called("drafts.discard")
        del station.drafts[identity]

    return SimpleNamespace(
        save=save, list_drafts=list_drafts, load=load, discard=discard,
        list_events=lambda session: [],
    )  # fmt: skip


def _register(station: Station) -> Any:
    def register(session: Any, identity: str, draft: Draft) -> Any:
        station.called("register")
        still = outstanding(draft, check(draft, station.clock.now().date()))
        assert not still, still
        station.registered.append(draft)
        station.drafts.pop(identity, None)
        count = len(station.registered)
        persons = tuple(
            (
                person_id(count * 100 + place),
                f"WST-A01-K7Q-P{count * 100 + place:05d}-31",
                str(member.values.get("name") or ""),
            )
            for place, member in enumerate(draft.members)
        )
        return SimpleNamespace(
            household=person_id(count * 1000),
            household_number=f"WST-A01-K7Q-H{count:05d}-74",
            registration=uuid7(station.clock.now(), os.urandom),
            persons=persons,
        )

    def take_photo(session: Any, source: Path | bytes) -> str:
        station.called("take_photo")
        data = source if isinstance(source, bytes) else source.read_bytes()
        digest = (b"photo" + len(data).to_bytes(4, "big")).ljust(32, b"\0")
        station.photos[digest] = data
        return digest.hex()

    return SimpleNamespace(register=register, take_photo=take_photo)


def hit(
    number: int,
    name: str,
    *,
    latin: str = "",
    birth: str = "",
    status: str = "recorded",
    score: float = 0.9,
    sex: str = "F",
) -> Any:
    """Somebody the search finds."""
    return SimpleNamespace(
        person=person_id(number),
        number=f"WST-A01-K7Q-P{number:05d}-31",
        name=name,
        name_latin=latin,
        score=score,
        sex=sex,
        birth=PartialDate.parse(birth, said_on=date(2026, 11, 21)) if birth else None,
        household_number=f"WST-A01-K7Q-H{number // 10:05d}-74",
        permanent="",
        status=status,
    )


def _search(station: Station, query: str) -> list[Any]:
    station.called("search")
    wanted = query.casefold()
    return [
        one
        for one in station.hits
        if wanted in f"{one.name} {one.name_latin} {one.number}".casefold()
    ]


def _possible(station: Station, member: Any) -> list[Any]:
    station.called("possible")
    name = str(member.values.get("name") or "").casefold()
    return [one for one in station.hits if len(name) > 2 and name in one.name.casefold()]
