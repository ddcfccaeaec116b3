"""Key slots: how each user opens the workspace with a passphrase of their own.

The store's data key is random and never changes; it lies in `slots.json` once per user, wrapped
under a key that needs both the user's passphrase (Argon2id, RFC 9106) and the secret of this
device (HKDF, RFC 5869). With it lie the user's signing key and, for named roles, the vault key.
The byte format is in ``docs/formats/store.md``. Light on purpose: the unlock window imports it.
"""

from __future__ import annotations

import hmac
import json
import os
import unicodedata
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.cost import KEY_BYTES, SALT_BYTES, CostPolicy, SlotCost
from db.errors import (
    DamagedSlotsError,
    DisabledUserError,
    LockedSlotsError,
    NewerFormatError,
    OtherDeviceError,
    RecoveryError,
    UnknownUserError,
    UserExistsError,
    WrongPassphraseError,
)
from db.files import read_object, write_atomically
from db.sheet import read_code
from values.identifiers import UserId
from values.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from values.clock import Entropy

__all__ = ["CostPolicy", "KeySlots", "RecoveryKeys", "SlotUser", "UserKeys", "passphrase"]

FORMAT = 1
NONCE_BYTES = 12
MAX_FILE_BYTES = 1024 * 1024
"""A thousand users take less; more is not a slots file of ours."""


def passphrase(text: str) -> Secret:
    """A typed passphrase as bytes: NFC and UTF-8 (RFC 8265, OpaqueString), spaces as one space."""
    spaced = "".join(" " if unicodedata.category(char) == "Zs" else char for char in text)
    return Secret(unicodedata.normalize("NFC", spaced).encode())


@dataclass(frozen=True, slots=True)
class SlotUser:
    """The public part of a slot: who may try. Readable without any key."""

    id: UserId
    name: str
    role: str
    disabled: bool = False


@dataclass(slots=True)
class UserKeys:
    """What a slot unwraps. `named` holds further secrets under names of the office's choosing."""

    data_key: Secret = field(repr=False)
    signing_key: Secret = field(repr=False)
    vault_key: Secret | None = field(default=None, repr=False)
    named: Mapping[str, Secret] = field(default_factory=dict, repr=False)

    def forget(self) -> None:
        """Drop the keys. Python cannot overwrite memory; this shortens how long they lie there."""
        self.data_key = self.signing_key = Secret(b"")
        self.vault_key = None
        self.named = {}


@dataclass(slots=True)
class RecoveryKeys:
    """What the recovery key or sheet unwraps: enough to read, and to give a user a new slot."""

    data_key: Secret = field(repr=False)
    signing_key: Secret | None = field(default=None, repr=False)
    vault_key: Secret | None = field(default=None, repr=False)
    named: Mapping[str, Secret] = field(default_factory=dict, repr=False)


class KeySlots:
    """The file of slots. Reading it needs no key; every change needs it opened, and is sealed.

    Each change rewrites the file whole (temporary name, fsync, rename). An HMAC under a key
    derived from the data key covers the file, so that opening notices a slot that was added,
    removed or altered by someone who never had the data key.
    """

    def __init__(
        self, path: Path, data: dict[str, Any], *, policy: CostPolicy, entropy: Entropy
    ) -> None:
        self._path = path
        self._data = data
        self._policy = policy
        self._entropy = entropy
        self._seal_key: bytes | None = None

    @classmethod
    def create(
        cls,
        path: Path,
        workspace_id: UUID,
        *,
        policy: CostPolicy,
        entropy: Entropy = os.urandom,
    ) -> Self:
        """Slots for a new workspace. The file appears with its first user.

        Raises FileExistsError when slots are already there: they are never overwritten.
        """
        if path.exists():
            raise FileExistsError(path)
        data = {"format": FORMAT, "workspace": str(workspace_id), "revision": 0, "users": []}
        return cls(path, data, policy=policy, entropy=entropy)

    @classmethod
    def load(
        cls,
        path: Path,
        *,
        policy: CostPolicy | None = None,
        entropy: Entropy = os.urandom,
    ) -> Self:
        """Read the file. Raises `DamagedSlotsError` or `NewerFormatError`."""
        try:
            data = read_object(path, limit=MAX_FILE_BYTES)
            if data["format"] != FORMAT:
                raise NewerFormatError
            UUID(data["workspace"])
            if not isinstance(data["revision"], int) or not isinstance(data["users"], list):
                raise TypeError("not slots")
            for slot in data["users"]:
                _public(slot)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise DamagedSlotsError from None
        return cls(path, data, policy=policy or CostPolicy.standard(), entropy=entropy)

    @property
    def workspace(self) -> UUID:
        """Names the device secret that goes with these slots."""
        return UUID(self._data["workspace"])

    @property
    def revision(self) -> int:
        """Counts the changes. One that is lower than seen before means an old file came back."""
        return int(self._data["revision"])

    def users(self) -> list[SlotUser]:
        """Everyone with a slot, in the order in which they were added."""
        return [_public(slot) for slot in self._data["users"]]

    def user(self, name: str) -> SlotUser:
        """The user of that login name, in whatever case. Raises `UnknownUserError`."""
        return _public(self._slot(name))

    def open(self, name: str, passphrase: Secret, device_secret: Secret) -> UserKeys:
        """Unwrap a user's keys. Takes about a second, on purpose.

        Raises `WrongPassphraseError`, `UnknownUserError`, `DisabledUserError`, `WeakSlotError`,
        `OtherDeviceError`, `DamagedSlotsError`.
        """
        slot = self._slot(name)
        if slot["disabled"]:
            raise DisabledUserError
        try:
            cost = SlotCost.from_json(slot["kdf"])
            check = bytes.fromhex(slot["device"])
            nonce, wrapped = bytes.fromhex(slot["nonce"]), bytes.fromhex(slot["wrapped"])
        except (KeyError, TypeError, ValueError, OverflowError):
            raise DamagedSlotsError from None
        self._policy.require(cost)
        if not hmac.compare_digest(check, _device_check(device_secret)):
            raise OtherDeviceError
        key = _slot_key(cost, passphrase, device_secret)
        try:
            plain = AESGCM(key).decrypt(nonce, wrapped, self._associated(slot))
        except (InvalidTag, ValueError):
            raise WrongPassphraseError from None
        keys = _unpack(plain)
        if keys.signing_key is None:
            raise DamagedSlotsError
        self._unlock(keys.data_key)
        return UserKeys(keys.data_key, keys.signing_key, keys.vault_key, keys.named)

    def add_user(
        self, user: SlotUser, *, passphrase: Secret, keys: UserKeys, device_secret: Secret
    ) -> None:
        """Give a user a slot. Raises `UserExistsError` when the name is taken."""
        if any(_same_name(slot["name"], user.name) for slot in self._data["users"]):
            raise UserExistsError
        self._unlock(keys.data_key)
        slot = self._wrap(user, passphrase=passphrase, keys=keys, device_secret=device_secret)
        self._write(users=[*self._data["users"], slot])

    def replace_user(
        self,
        name: str,
        *,
        passphrase: Secret,
        keys: UserKeys,
        device_secret: Secret,
        role: str | None = None,
    ) -> None:
        """Give a known user new keys or a new passphrase: after recovery, or re-enabling; or
        another role."""
        old = _public(self._slot(name))
        self._unlock(keys.data_key)
        user = SlotUser(old.id, old.name, role or old.role)
        slot = self._wrap(user, passphrase=passphrase, keys=keys, device_secret=device_secret)
        self._write(users=self._replaced(name, slot))

    def change_passphrase(
        self, name: str, *, old: Secret, new: Secret, device_secret: Secret
    ) -> None:
        """Re-wrap a user's keys under a new passphrase. Raises what `open` raises."""
        keys = self.open(name, old, device_secret)
        self.replace_user(name, passphrase=new, keys=keys, device_secret=device_secret)

    def disable(self, name: str, *, data_key: Secret | None = None) -> None:
        """Take a user's keys out of the slot; the name stays, so that it is not given again.

        `data_key` proves the right to it when the slots were not opened. Raises
        `UnknownUserError`, or `LockedSlotsError` without either.
        """
        old = self._slot(name)
        if data_key is not None:
            self._unlock(data_key)
        self._require_unlocked()
        empty = {key: old[key] for key in ("id", "name", "role")} | {"disabled": True}
        self._write(users=self._replaced(name, empty))

    def set_recovery(self, recipients: Sequence[str], keys: RecoveryKeys) -> None:
        """Seal keys to the registry's offline recovery key (age recipients, ``age1...``)."""
        from pyrage import encrypt, x25519  # only at set-up and recovery

        self._unlock(keys.data_key)
        to = [x25519.Recipient.from_str(recipient) for recipient in recipients]
        plain = json.dumps({"workspace": self._data["workspace"], "keys": _packed(keys)})
        sealed = encrypt(plain.encode(), to)
        self._write(recovery={"recipients": list(recipients), "sealed": sealed.hex()})

    def open_with_recovery(self, identity: Secret) -> RecoveryKeys:
        """Unwrap with the recovery key (``AGE-SECRET-KEY-1...``). Raises `RecoveryError`."""
        from pyrage import DecryptError, IdentityError, decrypt, x25519  # only at recovery

        try:
            key = x25519.Identity.from_str(identity.reveal().decode("ascii").strip())
            plain = json.loads(decrypt(bytes.fromhex(self._data["recovery"]["sealed"]), [key]))
            keys = _unpacked(plain["keys"])
        except (IdentityError, DecryptError, KeyError, ValueError, TypeError):
            raise RecoveryError from None
        if plain["workspace"] != self._data["workspace"]:
            raise RecoveryError
        self._seal_key = _seal_key(keys.data_key)
        return keys

    def set_sheet(self, code: Secret, keys: RecoveryKeys) -> None:
        """Wrap keys under the code of a printed sheet (`db.sheet.new_code`); replaces the last."""
        self._unlock(keys.data_key)
        salt, nonce = self._entropy(SALT_BYTES), self._entropy(NONCE_BYTES)
        wrapped = AESGCM(_sheet_key(read_code(code), salt)).encrypt(
            nonce, json.dumps(_packed(keys)).encode(), self._sheet_data(salt)
        )
        self._write(sheet={"salt": salt.hex(), "nonce": nonce.hex(), "wrapped": wrapped.hex()})

    def open_with_sheet(self, code: Secret) -> RecoveryKeys:
        """Unwrap with a sheet's code as typed. Raises `RecoveryError`."""
        raw = read_code(code)
        try:
            sheet = self._data["sheet"]
            salt, nonce = bytes.fromhex(sheet["salt"]), bytes.fromhex(sheet["nonce"])
            plain = AESGCM(_sheet_key(raw, salt)).decrypt(
                nonce, bytes.fromhex(sheet["wrapped"]), self._sheet_data(salt)
            )
        except (InvalidTag, KeyError, TypeError, ValueError):
            raise RecoveryError from None
        keys = _unpack(plain)
        # A file that someone altered must still let its owner back in: no seal check here.
        self._seal_key = _seal_key(keys.data_key)
        return keys

    @property
    def intact(self) -> bool:
        """Whether the seal over the file holds. Needs the slots opened (`LockedSlotsError`)."""
        key = self._require_unlocked()
        if not self._data["users"] and "seal" not in self._data:
            return True
        try:
            seal = bytes.fromhex(self._data["seal"])
        except (KeyError, TypeError, ValueError):
            return False
        return hmac.compare_digest(seal, _seal(key, self._data))

    def _unlock(self, data_key: Secret) -> None:
        if self._seal_key is not None:
            if not hmac.compare_digest(self._seal_key, _seal_key(data_key)):
                raise LockedSlotsError("These keys belong to another workspace.")
            return
        self._seal_key = _seal_key(data_key)
        if not self.intact:
            self._seal_key = None
            raise DamagedSlotsError

    def _require_unlocked(self) -> bytes:
        if self._seal_key is None:
            raise LockedSlotsError
        return self._seal_key

    def _slot(self, name: str) -> dict[str, Any]:
        for slot in self._data["users"]:
            if _same_name(slot["name"], name):
                return dict(slot)
        raise UnknownUserError

    def _replaced(self, name: str, new: dict[str, Any]) -> list[dict[str, Any]]:
        return [new if _same_name(slot["name"], name) else slot for slot in self._data["users"]]

    def _wrap(
        self, user: SlotUser, *, passphrase: Secret, keys: UserKeys, device_secret: Secret
    ) -> dict[str, Any]:
        cost = self._policy.new_slot(self._entropy(SALT_BYTES))
        nonce = self._entropy(NONCE_BYTES)
        slot: dict[str, Any] = {
            "id": str(user.id),
            "name": user.name,
            "role": user.role,
            "disabled": False,
            "kdf": cost.to_json(),
            "device": _device_check(device_secret).hex(),
        }
        key = _slot_key(cost, passphrase, device_secret)
        plain = json.dumps(_packed(keys)).encode()
        wrapped = AESGCM(key).encrypt(nonce, plain, self._associated(slot))
        return slot | {"nonce": nonce.hex(), "wrapped": wrapped.hex()}

    def _associated(self, slot: Mapping[str, Any]) -> bytes:
        public = {key: slot[key] for key in ("id", "name", "role", "kdf", "device")}
        return b"waystation/slot/1\0" + _canonical(public | {"workspace": self._data["workspace"]})

    def _sheet_data(self, salt: bytes) -> bytes:
        return b"waystation/sheet/1\0" + self.workspace.bytes + salt

    def _write(self, **changes: Any) -> None:
        key = self._require_unlocked()
        data = self._data | changes | {"revision": self.revision + 1}
        data["seal"] = _seal(key, data).hex()
        write_atomically(self._path, json.dumps(data, indent=1).encode())
        self._data = data


def _public(slot: Mapping[str, Any]) -> SlotUser:
    user = SlotUser(UserId(UUID(slot["id"])), slot["name"], slot["role"], slot["disabled"])
    if not (
        isinstance(user.name, str)
        and isinstance(user.role, str)
        and isinstance(user.disabled, bool)
    ):
        raise TypeError("not a slot")
    return user


def _same_name(one: str, other: str) -> bool:
    # Login names that differ only in case or composition would be mistaken for each other.
    return (
        unicodedata.normalize("NFKC", one).casefold()
        == unicodedata.normalize("NFKC", other).casefold()
    )


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def _derive(secret: bytes, *, info: bytes, salt: bytes | None = None) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(secret)


def _slot_key(cost: SlotCost, passphrase: Secret, device_secret: Secret) -> bytes:
    both = cost.derive(passphrase) + device_secret.reveal()
    return _derive(both, info=b"waystation/slot-key/1", salt=cost.salt)


def _sheet_key(code: bytes, salt: bytes) -> bytes:
    # 128 random bits need no slow derivation: nobody guesses them.
    return _derive(code, info=b"waystation/sheet-key/1", salt=salt)


def _device_check(device_secret: Secret) -> bytes:
    # Eight bytes of a hash of 32 random ones: tells machines apart, tells nothing of the secret.
    return sha256(b"waystation/device-check/1\0" + device_secret.reveal()).digest()[:8]


def _seal_key(data_key: Secret) -> bytes:
    return _derive(data_key.reveal(), info=b"waystation/slots-seal/1")


def _seal(key: bytes, data: Mapping[str, Any]) -> bytes:
    covered = {name: value for name, value in data.items() if name != "seal"}
    return hmac.digest(key, _canonical(covered), "sha256")


def _packed(keys: UserKeys | RecoveryKeys) -> dict[str, Any]:
    return {
        "data": keys.data_key.reveal().hex(),
        "signing": keys.signing_key.reveal().hex() if keys.signing_key is not None else None,
        "vault": keys.vault_key.reveal().hex() if keys.vault_key is not None else None,
        "named": {name: secret.reveal().hex() for name, secret in keys.named.items()},
    }


def _unpacked(data: Mapping[str, Any]) -> RecoveryKeys:
    signing, vault = data["signing"], data["vault"]
    return RecoveryKeys(
        data_key=Secret(bytes.fromhex(data["data"])),
        signing_key=Secret(bytes.fromhex(signing)) if signing is not None else None,
        vault_key=Secret(bytes.fromhex(vault)) if vault is not None else None,
        named={name: Secret(bytes.fromhex(text)) for name, text in data["named"].items()},
    )


def _unpack(plain: bytes) -> RecoveryKeys:
    try:
        return _unpacked(json.loads(plain))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise DamagedSlotsError from None
