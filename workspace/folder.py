"""What a workspace's folder tells before anyone has unlocked it.

Light on purpose: the unlock window is painted from this, before the store is even imported.
The card holds nothing about registered people. Layout of the folder: `office.json` (the card),
`slots.json` (key slots), `store.db`, `photos.db`, `lock`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from db.slots import KeySlots
from values.identifiers import UserId
from workspace.errors import RefusedError
from workspace.files import read_whole

if TYPE_CHECKING:
    from pathlib import Path

CARD = "office.json"
SLOTS = "slots.json"
FORMAT = 1
MAX_CARD = 64 * 1024

Kind = Literal["station", "registry"]


@dataclass(frozen=True, slots=True)
class OfficeCard:
    """What may be shown before unlocking."""

    kind: str
    id: str
    name: str
    operation: str
    training: bool
    enrolled: bool


@dataclass(frozen=True, slots=True)
class UserRow:
    """One user of the office, as the slots and the list of users show them."""

    id: UserId
    name: str
    role: str
    disabled: bool


def kind_of(folder: Path) -> Kind | None:
    """What the folder holds, or None when it is no workspace."""
    try:
        kind = card(folder).kind
    except RefusedError:
        return None
    return "station" if kind == "station" else "registry"


def card(folder: Path) -> OfficeCard:
    """The office's card. Raises `RefusedError` when the folder is no workspace."""
    path = folder / CARD
    try:
        data = json.loads(read_whole(path, limit=MAX_CARD))
        if data.pop("format") != FORMAT:
            raise RefusedError(
                "newer_workspace",
                "This workspace was made by a newer Waystation. Install that version to open it.",
            )
        known = {name: data[name] for name in OfficeCard.__dataclass_fields__ if name in data}
        return OfficeCard(**known)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RefusedError(
            "no_workspace",
            f"{folder} holds no Waystation workspace. Name the folder of a station or a registry.",
        ) from error


def write_card(folder: Path, value: OfficeCard) -> None:
    """Write the card, whole or not at all."""
    path = folder / CARD
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps({"format": FORMAT, **asdict(value)}, indent=1), "utf-8")
    temporary.replace(path)


def users(folder: Path) -> list[UserRow]:
    """Everyone with a key slot, in the order in which they were added."""
    return [
        UserRow(id=user.id, name=user.name, role=user.role, disabled=user.disabled)
        for user in KeySlots.load(folder / SLOTS).users()
    ]


def first_administrator(folder: Path) -> str:
    """The user that `--as` means when it is not given."""
    for user in users(folder):
        if user.role == "administrator" and not user.disabled:
            return user.name
    raise RefusedError(
        "no_administrator",
        "This workspace has no administrator left. Use `waystation recover` with its recovery key.",
    )
