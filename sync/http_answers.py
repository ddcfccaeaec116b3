"""What a service answers, read strictly: names, numbers and sizes are taken for nothing else."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sync.errors import ServiceError
from sync.folder import SEALED_NAME, SIGNED_NAME, part_name
from sync.limits import MAX_PART_BYTES, MAX_PARTS, MAX_SIGNED_BYTES


@dataclass(frozen=True, slots=True)
class PartsThere:
    """Which parts the service has, and of which it has a beginning of so many bytes."""

    have: frozenset[str]
    begun: dict[str, int]


@dataclass(frozen=True, slots=True)
class BundleState:
    """What the service says of a bundle. Only a receipt makes it true. `late`: nobody there works
    on it at the moment."""

    state: str
    code: str = ""
    sentence: str = ""
    notice: int = 0
    missing: tuple[str, ...] = ()
    late: bool = False


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """One file of a notice, by a name that this room knows."""

    name: str
    size: int
    sha256: str


def refusal(data: bytes) -> tuple[str, str]:
    """Code and sentence of a refusal; of anything else, what stands for it."""
    with suppress(ValueError, RecursionError):
        found = json.loads(data)
        if isinstance(found, dict) and isinstance(found.get("code"), str):
            return found["code"][:40], str(found.get("sentence", ""))[:500]
    return "service", ""


def state_of(found: dict[str, Any]) -> BundleState:
    """What became of a bundle."""
    notice = found.get("notice", 0)
    return BundleState(
        state=text_of(found, "state"),
        code=str(found.get("code", "")),
        sentence=str(found.get("sentence", "")),
        notice=notice if isinstance(notice, int) else 0,
        missing=tuple(str(one) for one in found.get("missing", ())),
        late=found.get("late") is True,
    )


def notice_file(found: object, index: int) -> NoticeFile:
    """A file of a notice, the one at this place. Raises `ServiceError`."""
    if not isinstance(found, dict):
        raise odd_answer()
    name, size, sha256 = found.get("name"), found.get("size"), found.get("sha256")
    ours = {SEALED_NAME, SIGNED_NAME}
    if 0 < index <= MAX_PARTS:
        ours.add(part_name(index - 1))
    if name not in ours or not isinstance(size, int) or not isinstance(sha256, str):
        raise odd_answer()
    most = MAX_SIGNED_BYTES if name == SIGNED_NAME else MAX_PART_BYTES
    if not 0 < size <= most or len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise odd_answer()
    return NoticeFile(str(name), size, sha256)


def odd_answer() -> ServiceError:
    """Whoever answers is no such service."""
    return ServiceError(
        "odd_answer",
        "What answers there does not speak as the registry's service does. Check the address; "
        "a newer Waystation may be needed.",
    )


def text_of(found: dict[str, Any], name: str) -> str:
    """A short text. Raises `ServiceError`."""
    value = found.get(name)
    if not isinstance(value, str) or not value or len(value) > 200 or not value.isascii():
        raise odd_answer()
    return value


def list_of(found: dict[str, Any], name: str) -> list[Any]:
    """A list. Raises `ServiceError`."""
    value = found.get(name)
    if not isinstance(value, list):
        raise odd_answer()
    return value


def map_of(found: dict[str, Any], name: str) -> dict[str, Any]:
    """An object, empty for anything else."""
    value = found.get(name)
    return value if isinstance(value, dict) else {}
