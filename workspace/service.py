"""Where the registry's service is, and which authority vouches for it, as an office keeps it.

A registry says it in grants and in the policy of notices; a station believes those and no other
source, because both are signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.enrolment import MAX_AUTHORITY_BYTES, MAX_URL
from values import cbor

if TYPE_CHECKING:
    from db.store import Reader, UnitOfWork

SETTING: Final = "service"
POLICY: Final = "service"
"""Its name in the policy of a notice."""


@dataclass(frozen=True, slots=True)
class Service:
    """`url` without a path; `authority` is the only certificate authority (DER) to believe."""

    url: str
    authority: bytes

    def to_body(self) -> dict[str, Any]:
        """Plain values, for grants, policies and settings."""
        return {"url": self.url, "authority": self.authority}

    @classmethod
    def from_body(cls, body: object) -> Service | None:
        """The reverse; None for what is not such a body. Fields of a later version are left."""
        if not isinstance(body, dict):
            return None
        url, authority = body.get("url"), body.get("authority")
        if not (isinstance(url, str) and url.startswith("https://") and len(url) <= MAX_URL):
            return None
        if not (isinstance(authority, bytes) and 0 < len(authority) <= MAX_AUTHORITY_BYTES):
            return None
        return cls(url, authority)


def held(reader: Reader) -> Service | None:
    """What this office knows."""
    raw = reader.setting(SETTING)
    return Service.from_body(cbor.decode(raw)) if raw else None


def keep(unit: UnitOfWork, service: Service) -> None:
    """Remember it."""
    unit.put_setting(SETTING, cbor.encode(service.to_body()))
