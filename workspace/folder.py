"""What a workspace's folder tells before anyone has unlocked it.

Light on purpose: the unlock window is painted from this, before the store is even imported.
The card holds nothing about registered people. Layout of the folder: `office.json` (the card),
`slots.json` (key slots), `store.db`, `photos.db`, `lock`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from db.slots import KeySlots
from values.identifiers import UserId
from workspace.errors import RefusedError
from workspace.files import read_object

if TYPE_CHECKING:
    from pathlib import Path

CARD = "office.json"
SLOTS = "slots.json"
STORE_FILES = ("store.json", "store.db", "photos.db")
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


def holds_workspace(folder: Path) -> bool:
    """Whether any file of a workspace is here, even of a damaged one."""
    return any((folder / name).exists() for name in (CARD, SLOTS, *STORE_FILES))


def card(folder: Path) -> OfficeCard:
    """The office's card. Raises `RefusedError` when the folder is no workspace."""
    try:
        data = read_object(folder / CARD, limit=MAX_CARD)
        if data["format"] != FORMAT:
            raise RefusedError(
                "newer_workspace",
                "This workspace was made by a newer Waystation. Install that version to open it.",
            )
        return _read_card(data)
    except (OSError, KeyError) as error:
        raise _no_workspace(folder) from error
    except (ValueError, TypeError) as error:
        if not (folder / SLOTS).exists():
            raise _no_workspace(folder) from error
        raise RefusedError(
            "damaged_card",
            f"The file {CARD} of this workspace is damaged. Restore it from the latest backup.",
        ) from error


def _read_card(data: dict[str, Any]) -> OfficeCard:
    """Raises KeyError, ValueError or TypeError for anything but a card of ours."""
    found = OfficeCard(**{name: data[name] for name in OfficeCard.__dataclass_fields__})
    texts = (found.kind, found.id, found.name, found.operation)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("not a name")
    if not all(isinstance(flag, bool) for flag in (found.training, found.enrolled)):
        raise TypeError("not yes or no")
    if found.kind not in ("station", "registry") or str(UUID(found.id)) != found.id:
        raise ValueError("not an office")
    return found


def _no_workspace(folder: Path) -> RefusedError:
    return RefusedError(
        "no_workspace",
        f"{folder} holds no Waystation workspace. Name the folder of a station or a registry.",
    )


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
