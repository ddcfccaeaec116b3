"""Key slots: who gets in, who does not, and what a changed file gives away."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

import db.slots
from db.cost import CEILING_KIB, FLOOR_KIB, SlotCost
from db.errors import (
    DamagedSlotsError,
    DisabledUserError,
    LockedSlotsError,
    NewerFormatError,
    OtherDeviceError,
    RecoveryError,
    SlotError,
    UnknownUserError,
    UserExistsError,
    WeakSlotError,
    WrongPassphraseError,
)
from db.sheet import ALPHABET, new_code, read_code
from db.slots import CostPolicy, KeySlots, RecoveryKeys, SlotUser, UserKeys, passphrase
from values.clock import FixedClock
from values.identifiers import UserId
from values.secret import Secret

CHEAP = CostPolicy(memory_kib=64, iterations=1, lanes=1, floor_kib=64)
WORKSPACE = UUID("01936f5e-0000-7000-8000-000000000001")
DEVICE = Secret(b"d" * 32)
DATA = Secret(b"k" * 32)
WORDS = passphrase("six plain words make good keys")


def user(name: str = "officer-1", number: int = 1, role: str = "officer") -> SlotUser:
    return SlotUser(UserId(UUID(int=number)), name, role)


def keys(signing: bytes = b"s") -> UserKeys:
    return UserKeys(
        data_key=DATA,
        signing_key=Secret(signing * 32),
        vault_key=Secret(b"AGE-SECRET-KEY-1INVENTED"),
        named={"status": Secret(b"n" * 16)},
    )


def chance(seed: int = 7) -> Callable[[int], bytes]:
    return random.Random(seed).randbytes


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "slots.json"


@pytest.fixture
def slots(path: Path) -> KeySlots:
    """Slots with one officer, opened."""
    made = KeySlots.create(path, WORKSPACE, policy=CHEAP, entropy=chance())
    made.add_user(user(), passphrase=WORDS, keys=keys(), device_secret=DEVICE)
    return made


def load(path: Path) -> KeySlots:
    return KeySlots.load(path, policy=CHEAP, entropy=chance(8))


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


def test_the_right_passphrase_opens(slots: KeySlots, path: Path) -> None:
    again = load(path)
    assert again.workspace == WORKSPACE
    assert again.users() == [user()]
    assert again.open("officer-1", WORDS, DEVICE) == keys()
    assert again.intact
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_wrong_passphrase_does_not(slots: KeySlots, path: Path) -> None:
    """MOSIP fallback: without a key store of hardware an unencrypted key file is used, silently."""
    with pytest.raises(WrongPassphraseError) as wrong:
        load(path).open("officer-1", passphrase("six plain words"), DEVICE)
    assert wrong.value.code == "wrong_passphrase"
    with pytest.raises(UnknownUserError):
        load(path).open("officer-2", WORDS, DEVICE)


def test_a_copied_workspace_asks_for_its_sheet(slots: KeySlots, path: Path) -> None:
    with pytest.raises(OtherDeviceError) as moved:
        load(path).open("officer-1", WORDS, Secret(b"e" * 32))
    assert "recovery sheet" in moved.value.sentence


def test_names_that_look_alike_are_one_name(slots: KeySlots, path: Path) -> None:
    with pytest.raises(UserExistsError):
        slots.add_user(user("OFFICER-1", 2), passphrase=WORDS, keys=keys(), device_secret=DEVICE)
    assert load(path).open("Officer-1", WORDS, DEVICE) == keys()


def test_passphrases_are_the_same_from_every_keyboard() -> None:
    assert passphrase("caf\u00e9 one") == passphrase("cafe\u0301\u00a0one")
    assert passphrase("a") != passphrase("A")


def test_every_user_has_a_slot(slots: KeySlots, path: Path) -> None:
    other = passphrase("another six words for the other")
    slots.add_user(
        user("supervisor-1", 2, "supervisor"),
        passphrase=other,
        keys=keys(b"t"),
        device_secret=DEVICE,
    )
    again = load(path)
    assert [one.name for one in again.users()] == ["officer-1", "supervisor-1"]
    assert again.open("supervisor-1", other, DEVICE).signing_key == Secret(b"t" * 32)
    assert again.open("officer-1", WORDS, DEVICE).signing_key == Secret(b"s" * 32)
    with pytest.raises(WrongPassphraseError):
        again.open("officer-1", other, DEVICE)


def test_changing_a_passphrase(slots: KeySlots, path: Path) -> None:
    """Sync 1 (e): a key changed in place damages a database with a write-ahead log
    (better-sqlite3-multiple-ciphers 91, libsql 976)."""
    new = passphrase("quite new and just as long")
    load(path).change_passphrase("officer-1", old=WORDS, new=new, device_secret=DEVICE)
    with pytest.raises(WrongPassphraseError):
        load(path).open("officer-1", WORDS, DEVICE)
    assert load(path).open("officer-1", new, DEVICE) == keys()
    with pytest.raises(WrongPassphraseError):
        load(path).change_passphrase("officer-1", old=WORDS, new=new, device_secret=DEVICE)
    assert load(path).revision == 2


def test_a_disabled_user_has_no_keys_left(slots: KeySlots, path: Path) -> None:
    with pytest.raises(LockedSlotsError):
        load(path).disable("officer-1")
    slots.disable("officer-1")
    again = load(path)
    assert again.users()[0].disabled
    with pytest.raises(DisabledUserError):
        again.open("officer-1", WORDS, DEVICE)
    slot = json.loads(path.read_text())["users"][0]
    assert set(slot) == {"id", "name", "role", "disabled"}
    with pytest.raises(UserExistsError):
        slots.add_user(user(number=9), passphrase=WORDS, keys=keys(), device_secret=DEVICE)
    slots.replace_user("officer-1", passphrase=WORDS, keys=keys(b"u"), device_secret=DEVICE)
    assert load(path).open("officer-1", WORDS, DEVICE).signing_key == Secret(b"u" * 32)


def test_keys_of_another_workspace_are_refused(slots: KeySlots, path: Path) -> None:
    foreign = UserKeys(data_key=Secret(b"x" * 32), signing_key=Secret(b"y" * 32))
    with pytest.raises(LockedSlotsError):
        slots.add_user(user("two", 2), passphrase=WORDS, keys=foreign, device_secret=DEVICE)
    with pytest.raises(DamagedSlotsError):
        load(path).add_user(user("two", 2), passphrase=WORDS, keys=foreign, device_secret=DEVICE)


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("memory_kib", 63),
        ("memory_kib", CEILING_KIB + 1),
        ("iterations", 0),
        ("iterations", 1000),
        ("lanes", 0),
        ("lanes", 99),
        ("salt", "00"),
    ],
)
def test_a_slot_out_of_bounds_is_not_tried(
    slots: KeySlots, path: Path, what: str, value: object
) -> None:
    edit(path, lambda data: data["users"][0]["kdf"].update({what: value}))
    with pytest.raises(WeakSlotError):
        load(path).open("officer-1", WORDS, DEVICE)


def test_the_floor_is_64_mebibytes(slots: KeySlots, path: Path) -> None:
    """The policy of the program itself refuses what the tests' policy made.

    Sync 6 (c): a derivation that is too cheap for a copied disk.
    """
    assert CostPolicy.standard().floor_kib == FLOOR_KIB == 64 * 1024
    with pytest.raises(WeakSlotError):
        KeySlots.load(path).open("officer-1", WORDS, DEVICE)


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "role": lambda data: data["users"][0].update(role="administrator"),
    "name": lambda data: data["users"][0].update(name="officer-9"),
    "id": lambda data: data["users"][0].update(id=str(UUID(int=9))),
    "memory": lambda data: data["users"][0]["kdf"].update(memory_kib=128),
    "salt": lambda data: data["users"][0]["kdf"].update(salt="11" * 16),
    "nonce": lambda data: data["users"][0].update(nonce="11" * 12),
    "short nonce": lambda data: data["users"][0].update(nonce="11"),
    "wrapped": lambda data: data["users"][0].update(wrapped="00" + data["users"][0]["wrapped"]),
    "workspace": lambda data: data.update(workspace=str(UUID(int=3))),
    "another slot": lambda data: data["users"].append({**data["users"][0], "name": "two"}),
    "a slot less": lambda data: data["users"].pop(1),
    "the seal": lambda data: data.update(seal="00" * 32),
    "no seal": lambda data: data.pop("seal"),
    "revision": lambda data: data.update(revision=0),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_file_does_not_open(slots: KeySlots, path: Path, what: str) -> None:
    slots.add_user(user("supervisor-1", 2), passphrase=WORDS, keys=keys(), device_secret=DEVICE)
    edit(path, CHANGES[what])
    with pytest.raises(SlotError):
        name = "officer-9" if what == "name" else "officer-1"
        load(path).open(name, WORDS, DEVICE)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"format": 1}', '{"format": 1, "workspace": "x", "users": []}', "\0", "7"],
)
def test_what_is_no_slots_file(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(DamagedSlotsError):
        load(path)


def test_missing_large_and_newer_files(path: Path, slots: KeySlots) -> None:
    with pytest.raises(DamagedSlotsError):
        load(path.with_name("absent.json"))
    with pytest.raises(FileExistsError):
        KeySlots.create(path, WORKSPACE, policy=CHEAP)
    edit(path, lambda data: data.update(format=2))
    with pytest.raises(NewerFormatError):
        load(path)
    path.write_bytes(b" " * (1024 * 1024 + 1))
    with pytest.raises(DamagedSlotsError):
        load(path)


@given(st.binary(max_size=200))
def test_reading_never_fails_otherwise(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "slots.json"
        path.write_bytes(data)
        with pytest.raises(SlotError):
            KeySlots.load(path)


def test_the_recovery_key_opens(slots: KeySlots, path: Path) -> None:
    identity, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    slots.set_recovery([str(identity.to_public())], RecoveryKeys(DATA, named={"a": Secret(b"b")}))
    again = load(path)
    found = again.open_with_recovery(Secret(f"{identity}\n".encode()))
    assert found == RecoveryKeys(DATA, named={"a": Secret(b"b")})
    new = passphrase("back in after all these years")
    again.replace_user("officer-1", passphrase=new, keys=keys(b"v"), device_secret=DEVICE)
    assert load(path).open("officer-1", new, DEVICE).signing_key == Secret(b"v" * 32)
    for wrong in (str(other), "AGE-SECRET-KEY-1", "", "\u00e4"):
        with pytest.raises(RecoveryError):
            load(path).open_with_recovery(Secret(wrong.encode()))


def test_a_recovery_slot_of_another_workspace(slots: KeySlots, path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    slots.set_recovery([str(identity.to_public())], RecoveryKeys(DATA))
    edit(path, lambda data: data.update(workspace=str(UUID(int=4))))
    with pytest.raises(RecoveryError):
        load(path).open_with_recovery(Secret(str(identity).encode()))


def test_the_sheet_opens_on_another_machine(slots: KeySlots, path: Path) -> None:
    """MOSIP lost folder: a folder of keys that is lost makes all work unreadable.

    Sync 6 (b): the key is bound to a keyring, and lost with another desktop (Signal Desktop).
    """
    code = new_code(chance(3))
    held = RecoveryKeys(DATA, signing_key=Secret(b"s" * 32))
    slots.set_sheet(code, held)
    typed = Secret(code.reveal().lower().replace(b"-", b" "))
    again = load(path)
    assert again.open_with_sheet(typed) == held
    elsewhere = Secret(b"e" * 32)
    again.replace_user("officer-1", passphrase=WORDS, keys=keys(), device_secret=elsewhere)
    assert load(path).open("officer-1", WORDS, elsewhere) == keys()
    with pytest.raises(RecoveryError):
        load(path).open_with_sheet(new_code(chance(4)))


def test_a_sheet_opens_even_an_altered_file(slots: KeySlots, path: Path) -> None:
    code = new_code(chance(3))
    slots.set_sheet(code, RecoveryKeys(DATA))
    edit(path, lambda data: data["users"].clear())
    again = load(path)
    again.open_with_sheet(code)
    assert not again.intact
    again.add_user(user(), passphrase=WORDS, keys=keys(), device_secret=DEVICE)
    assert again.intact


def test_without_a_recovery_slot(slots: KeySlots, path: Path) -> None:
    with pytest.raises(RecoveryError):
        load(path).open_with_sheet(new_code(chance()))
    with pytest.raises(RecoveryError):
        identity = pyrage.x25519.Identity.generate()
        load(path).open_with_recovery(Secret(str(identity).encode()))


@given(st.binary(min_size=16, max_size=16))
def test_sheet_codes_come_back(raw: bytes) -> None:
    code = new_code(lambda size: raw[:size])
    assert read_code(code) == raw
    assert len(code.reveal()) == 34
    assert set(code.reveal().decode()) <= {*ALPHABET, "-"}


@given(st.integers(0, 33), st.sampled_from(ALPHABET))
def test_a_slip_of_the_pen_is_noticed(at: int, letter: str) -> None:
    text = new_code(chance(5)).reveal().decode()
    slipped = text[:at] + letter + text[at + 1 :]
    if slipped != text:
        with pytest.raises(RecoveryError):
            read_code(Secret(slipped.encode()))


@pytest.mark.parametrize("text", ["", "0000", "\u0660" * 28, "0" * 29, "*" * 28])
def test_what_is_no_code(text: str) -> None:
    with pytest.raises(RecoveryError):
        read_code(Secret(text.encode()))


def test_secrets_stay_out_of_reprs(slots: KeySlots) -> None:
    shown = repr(keys()) + repr(RecoveryKeys(DATA)) + repr(SlotCost(64, 1, 1, b"salt" * 4))
    assert "kkkk" not in shown
    assert "salt" not in shown
    mine = keys()
    mine.forget()
    assert mine.data_key == Secret(b"")
    assert mine.vault_key is None
    assert not mine.named


class _Slow(FixedClock):
    """A clock on which one derivation takes so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._read = seconds, 0

    def monotonic(self) -> float:
        self._read += 1
        return self._read * self._seconds


@pytest.mark.parametrize(("seconds", "mebibytes"), [(0.01, 512), (0.5, 128), (0.9, 64), (30.0, 64)])
def test_calibration_keeps_to_its_bounds(seconds: float, mebibytes: int) -> None:
    policy = CostPolicy.calibrated(_Slow(seconds))
    assert policy.memory_kib == mebibytes * 1024
    assert policy.floor_kib == FLOOR_KIB


def test_the_file_is_whole_or_as_before(
    slots: KeySlots, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("db.files.os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        slots.disable("officer-1")
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    assert slots.users()[0].disabled is False


def test_guessing_is_dear_and_locks_nobody_out(
    slots: KeySlots, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MOSIP PR 660: failed logins are not counted, so guessing is free.

    Sync 6 (d): a counter of attempts is no defence of a disk that was copied.
    """
    before = path.read_bytes()
    derived = []
    stretch = db.slots._slot_key

    def counted(*given: Any, **named: Any) -> Any:
        derived.append(1)
        return stretch(*given, **named)

    monkeypatch.setattr(db.slots, "_slot_key", counted)
    for number in range(60):
        with pytest.raises(WrongPassphraseError):
            load(path).open("officer-1", passphrase(f"a guess, number {number}"), DEVICE)
    assert len(derived) == 60
    assert path.read_bytes() == before
    assert load(path).open("officer-1", WORDS, DEVICE) == keys()
