"""Invented people and the entries about them, signed for real, for the store's tests."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from db.store import Store
from ledger import kinds
from ledger.certificate import (
    Certificate,
    CertificateHash,
    OfficeType,
    Role,
    SubjectKind,
    issue,
)
from ledger.entry import Entry, Group, Subject, write
from ledger.fold import fold_subject
from ledger.keys import SigningKey
from ledger.views import PersonView, View
from values.identifiers import EntryHash, EntryId, OfficeId, UserId, uuid7

START = datetime(2026, 11, 15, 10, tzinfo=UTC)
GIVEN = ("Arun", "Bela", "Chana", "Dara", "Emil", "Farid", "Gita", "Hana", "Ilan", "Jaya")
FAMILY = ("Orlok", "Petran", "Quill", "Ravas", "Sotho", "Tamir", "Umbra", "Velin")


@dataclass
class Office:
    """An office of invented people that writes one chain. `seed` makes it reproducible."""

    seed: int = 1
    now: datetime = START
    sequence: int = 0
    previous: EntryHash | None = None
    chance: random.Random = field(init=False)
    id: OfficeId = field(init=False)
    epoch: bytes = field(init=False)
    author: UserId = field(init=False)
    key: SigningKey = field(init=False)
    people: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.id = OfficeId(self.new_id())
        self.epoch = self.entropy(8)
        self.author = UserId(self.new_id())
        self.key = SigningKey.generate(self.entropy)

    def entropy(self, size: int) -> bytes:
        """Chance that repeats itself."""
        return self.chance.randbytes(size)

    def new_id(self) -> UUID:
        """A UUIDv7."""
        return uuid7(self.now, self.chance.randbytes)

    def begin_epoch(self) -> None:
        """Go on in a new epoch, as after a restore."""
        self.epoch, self.sequence, self.previous = self.entropy(8), 0, None

    def say(
        self,
        kind: str,
        subject: tuple[str, UUID],
        values: dict[str, Any],
        *,
        group: Group | None = None,
        base: tuple[EntryHash, ...] = (),
    ) -> Entry:
        """The next entry of the chain."""
        self.sequence += 1
        self.now += timedelta(seconds=1)
        entry = write(
            entry_id=EntryId(self.new_id()),
            office=self.id,
            office_type=OfficeType.STATION,
            epoch=self.epoch,
            sequence=self.sequence,
            previous=self.previous,
            device_time=self.now,
            author=self.author,
            certificate=CertificateHash(bytes(32)),
            kind=kind,
            subject=Subject(*subject),
            group=group or Group(self.new_id(), 0, 1),
            values=values,
            key=self.key,
            entropy=self.entropy,
            base=base,
        )
        self.previous = entry.hash
        return entry

    def person(self, **values: Any) -> Entry:
        """A person's first entry."""
        self.people += 1
        name = f"{self.chance.choice(GIVEN)} {self.chance.choice(FAMILY)}"
        body = {"name": name, "name_latin": name, "sex": self.chance.choice("FM"), **values}
        number = f"WST-A01-K7Q-P{self.people:05d}"
        return self.say(
            kinds.PERSON_REGISTERED,
            (kinds.PERSON, self.new_id()),
            {"number": number, "values": body},
        )

    def household(self, size: int = 4, *, photo: bytes | None = None) -> list[Entry]:
        """One act: `size` persons, their household, its flight, the registration."""
        more = {} if photo is None else {"photo": photo}
        persons = [self.person(**more) for _ in range(size)]
        ids = [entry.header.subject.id for entry in persons]
        household = self.new_id()
        row = self.entropy(32)
        return [
            *persons,
            self.say(
                kinds.HOUSEHOLD_REGISTERED,
                (kinds.HOUSEHOLD, household),
                {
                    "number": f"WST-A01-K7Q-H{self.people:05d}",
                    "values": {"cause": "flood"},
                    "members": [
                        {"person": one.bytes, "relation": "head" if at == 0 else "child"}
                        for at, one in enumerate(ids)
                    ],
                },
            ),
            self.say(
                kinds.EVENT_RECORDED,
                (kinds.EVENT, self.new_id()),
                {
                    "type": "flight",
                    "date": None,
                    "values": {"origin_place": "Invented Valley"},
                    "participants": [{"role": "displaced", "person": one.bytes} for one in ids],
                    "household": household.bytes,
                },
            ),
            self.say(
                kinds.REGISTRATION_SUBMITTED,
                (kinds.REGISTRATION, self.new_id()),
                {
                    "household": household.bytes,
                    "persons": [one.bytes for one in ids],
                    "on": "2026-11-15",
                    "source": {
                        "way": "list",
                        "series": "site-a",
                        "household": str(self.people),
                        "rows": [row],
                    },
                    "flags": [],
                    "confirmed": [],
                },
            ),
        ]

    def certificate(self, name: str = "officer-1", role: Role = Role.OFFICER) -> Certificate:
        """A user's certificate by an administrator that nobody has to believe here."""
        root = SigningKey.generate(self.entropy)
        window: dict[str, Any] = {
            "not_before": self.now,
            "not_after": self.now + timedelta(days=400),
        }
        trust = issue(
            subject_kind=SubjectKind.TRUST,
            subject_id=self.new_id(),
            office=self.id,
            office_type=OfficeType.REGISTRY,
            public_key=self.key.public,
            issuer=None,
            key=root,
            **window,
        )
        administrator = issue(
            subject_kind=SubjectKind.USER,
            subject_id=self.new_id(),
            office=self.id,
            office_type=OfficeType.STATION,
            public_key=self.key.public,
            issuer=trust,
            key=self.key,
            role=Role.ADMINISTRATOR,
            name="administrator",
            **window,
        )
        return issue(
            subject_kind=SubjectKind.USER,
            subject_id=self.new_id(),
            office=self.id,
            office_type=OfficeType.STATION,
            public_key=self.key.public,
            issuer=administrator,
            key=self.key,
            role=role,
            name=name,
            **window,
        )


def views_of(entries: list[Entry]) -> Iterator[View]:
    """The views that these entries fold to, subject by subject."""
    subjects = dict.fromkeys((one.header.subject.type, one.header.subject.id) for one in entries)
    for kind, subject in subjects:
        about = [one for one in entries if one.header.subject.id == subject]
        view = fold_subject(kind, about)
        if view is not None:
            yield view


def keys_of(view: View) -> frozenset[str]:
    """Search keys as `matching` would make them, near enough for the store."""
    words: set[str] = set()
    for name in ("name", "name_latin"):
        words.update(str(view.values.get(name, "")).lower().split())
    return frozenset(f"t:{word}" for word in words)


def save(store: Store, entries: list[Entry]) -> list[View]:
    """One act as the offices do it: entries and the views they fold to, in one commit."""
    with store.write() as unit:
        for entry in entries:
            unit.append(entry)
        views = []
        for kind, subject in dict.fromkeys(
            (one.header.subject.type, one.header.subject.id) for one in entries
        ):
            view = fold_subject(kind, unit.entries_of(kind, subject))
            if view is not None:
                unit.put_view(view, keys_of(view) if isinstance(view, PersonView) else ())
                views.append(view)
    return views
