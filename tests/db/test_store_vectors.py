"""Golden bytes of the store: fixed keys, fixed chance, exact results (docs/formats/store.md)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from db.card import StoreCard, key_check
from db.codec import encode
from db.sealing import Sealed, derived
from db.sheet import new_code, read_code
from db.slots import CostPolicy, KeySlots, RecoveryKeys, SlotUser, UserKeys
from db.viewrows import document_key
from ledger.views import HouseholdView, Membership
from values.identifiers import EntryHash, HouseholdId, PersonId, PhotoHash, UserId
from values.secret import Secret

FOLDER = Path(__file__).parents[1] / "vectors" / "store"
VECTORS: dict[str, Any] = json.loads((FOLDER / "store.json").read_text())
DATA_KEY = Secret(bytes.fromhex(VECTORS["data_key"]))
DEVICE = Secret(bytes.fromhex(VECTORS["device_secret"]))
CHEAP = CostPolicy(memory_kib=64, iterations=1, lanes=1, floor_kib=64)


def draws() -> Callable[[int], bytes]:
    """Chance whose first draw is all ones, the second all twos, and so on."""
    numbers = count(1)
    return lambda size: bytes([next(numbers)]) * size


def made(path: Path) -> KeySlots:
    """The slots of the vectors: an officer, and a sheet."""
    slots = KeySlots.create(
        path, UUID("01936f5e-0000-7000-8000-000000000001"), policy=CHEAP, entropy=draws()
    )
    slots.add_user(
        SlotUser(UserId(UUID("01936f5e-0000-7000-8000-000000000002")), "officer-1", "officer"),
        passphrase=Secret(VECTORS["passphrase"].encode()),
        keys=UserKeys(DATA_KEY, Secret(b"\x5a" * 32), named={"status": Secret(b"\x01\x02")}),
        device_secret=DEVICE,
    )
    slots.set_sheet(Secret(VECTORS["sheet_code"].encode()), RecoveryKeys(DATA_KEY))
    return slots


def test_slots_are_written_so(tmp_path: Path) -> None:
    path = tmp_path / "slots.json"
    made(path)
    assert path.read_bytes() == (FOLDER / "slots.json").read_bytes()


def test_slots_are_read_so() -> None:
    slots = KeySlots.load(FOLDER / "slots.json", policy=CHEAP)
    keys = slots.open("officer-1", Secret(VECTORS["passphrase"].encode()), DEVICE)
    assert keys.data_key == DATA_KEY
    assert keys.signing_key == Secret(b"\x5a" * 32)
    assert keys.vault_key is None
    assert keys.named == {"status": Secret(b"\x01\x02")}
    found = slots.open_with_sheet(Secret(VECTORS["sheet_code"].encode()))
    assert found == RecoveryKeys(DATA_KEY)


@pytest.mark.parametrize("purpose", VECTORS["derived"])
def test_keys_are_derived_so(purpose: str) -> None:
    assert derived(DATA_KEY, purpose).reveal().hex() == VECTORS["derived"][purpose]


def test_the_card(tmp_path: Path) -> None:
    assert key_check(DATA_KEY) == VECTORS["key_check"]
    StoreCard.of(DATA_KEY, engine="sqlcipher").write(tmp_path)
    assert json.loads((tmp_path / "store.json").read_text()) == VECTORS["card"]


def test_bodies_are_sealed_so() -> None:
    sealed = VECTORS["sealed"]
    codec = Sealed(DATA_KEY, entropy=draws())
    plain, about = bytes.fromhex(sealed["plain"]), bytes.fromhex(sealed["about"])
    assert codec.seal(plain, about).hex() == sealed["stored"]
    assert codec.open(bytes.fromhex(sealed["stored"]), about) == plain
    photo = PhotoHash(bytes.fromhex(sealed["photo"]))
    assert codec.photo_name(photo).hex() == sealed["photo_name"]


def test_sheet_codes_are_printed_so() -> None:
    code = Secret(VECTORS["sheet_code"].encode())
    assert read_code(code).hex() == VECTORS["sheet_bytes"]
    assert new_code(lambda size: bytes.fromhex(VECTORS["sheet_bytes"])) == code


def test_views_are_written_so() -> None:
    at = datetime(2026, 11, 15, 10, tzinfo=UTC)
    view = HouseholdView(
        id=HouseholdId(UUID(int=1)),
        heads=(EntryHash(bytes(32)),),
        first_at=at,
        last_at=at,
        values={"cause": "flood"},
        number="WST-A01-K7Q-H00001-31",
        members=(Membership(PersonId(UUID(int=2)), "head", at),),
    )
    assert encode(view).hex() == VECTORS["view"]


def test_document_keys_are_made_so() -> None:
    for number, key in VECTORS["document_keys"].items():
        assert document_key(number) == key
