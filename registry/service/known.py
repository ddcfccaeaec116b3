"""Whom the front lets in: public facts about stations, written by admission."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from db.files import read_object, write_atomically
from ledger.errors import LedgerError
from ledger.keys import PublicKey
from registry.service.staging import MAX_KNOWN_BYTES
from values.identifiers import OfficeId

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Caller:
    """A station as the front knows it."""

    office: OfficeId
    code: str
    key: PublicKey
    active: bool


@dataclass(frozen=True, slots=True)
class Known:
    """The registry's id and name, and its stations."""

    registry: OfficeId
    name: str
    stations: Mapping[OfficeId, Caller]

    def write(self, path: Path) -> bool:
        """Write it when it differs from what is there; returns whether it did."""
        body = {
            "format": FORMAT,
            "registry": str(self.registry),
            "name": self.name,
            "stations": [
                {
                    "office": str(one.office),
                    "code": one.code,
                    "key": one.key.raw.hex(),
                    "state": "active" if one.active else "revoked",
                }
                for one in self.stations.values()
            ],
        }
        data = json.dumps(body, ensure_ascii=False, indent=1).encode("utf-8")
        if path.exists() and path.read_bytes() == data:
            return False
        write_atomically(path, data)
        return True

    @classmethod
    def read(cls, path: Path) -> Known | None:
        """What admission wrote; None when it has not yet."""
        try:
            body = read_object(path, limit=MAX_KNOWN_BYTES)
            if body["format"] != FORMAT:
                return None
            callers = [
                Caller(
                    office=OfficeId(UUID(one["office"])),
                    code=str(one["code"]),
                    key=PublicKey(bytes.fromhex(one["key"])),
                    active=one["state"] == "active",
                )
                for one in body["stations"]
            ]
            registry = OfficeId(UUID(body["registry"]))
            name = str(body["name"])
        except (OSError, ValueError, TypeError, KeyError, LedgerError):
            return None
        return cls(registry, name, {one.office: one for one in callers})


class Doorkeeper:
    """`Known`, read again when the file changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._known: Known | None = None

    def known(self) -> Known | None:
        """As it is now; None while there is none."""
        try:
            status = self._path.stat()
        except OSError:
            return self._known
        seen = (status.st_mtime_ns, status.st_ino)
        if seen != self._seen:
            fresh = Known.read(self._path)
            if fresh is not None:
                self._known, self._seen = fresh, seen
        return self._known

    def caller(self, office: OfficeId) -> Caller | None:
        """A station that may speak."""
        known = self.known()
        found = known.stations.get(office) if known else None
        return found if found is not None and found.active else None
