"""The first minute of a workspace: folder, store, first administrator's slot, card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.slots import KeySlots, RecoveryKeys, SlotUser, UserKeys
from values.secret import Secret
from workspace.errors import RefusedError
from workspace.folder import SLOTS, OfficeCard, write_card

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ledger.keys import SigningKey
    from values.identifiers import UserId
    from workspace.environment import Environment
    from workspace.office import Office


POSTGRES_ADVICE = (
    "The database sees names and search keys in the clear: keep it on an encrypted volume, and "
    "reach it by TLS unless it is on this machine.",
)
"""Said at creation; entry bodies, sealed values and photos are encrypted by Waystation."""

RECOVERED_USER = "user"
"""Under this name a recovery slot keeps whose signing key it holds."""


def check_empty(folder: Path) -> None:
    """Raise `RefusedError` unless the folder is new or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError(
            "not_empty", f"{folder} is not empty. Name a folder that does not exist yet."
        )


def found(
    folder: Path,
    office: Office,
    *,
    user: UserId,
    login: str,
    passphrase: Secret,
    signing_key: SigningKey,
    vault_key: Secret | None,
    settings: Mapping[str, bytes],
    database: str | None,
    photos: str | None = None,
    env: Environment,
) -> list[str]:
    """Make the store and its first slot. Returns sentences to tell whoever made it.

    The card comes last: a folder without one is no workspace, so a founding that was cut off is
    seen as what it is and can be deleted. One that fails leaves nothing behind.
    """
    check_empty(folder)
    new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return _fill(
            folder,
            office,
            user=user,
            login=login,
            passphrase=passphrase,
            signing_key=signing_key,
            vault_key=vault_key,
            settings=settings,
            database=database,
            photos=photos,
            env=env,
        )
    except BaseException:
        # It was empty, so all that is here now is ours: the same folder can be named again.
        for path in folder.iterdir():
            path.unlink()
        if new:
            folder.rmdir()
        raise


def _fill(
    folder: Path,
    office: Office,
    *,
    user: UserId,
    login: str,
    passphrase: Secret,
    signing_key: SigningKey,
    vault_key: Secret | None,
    settings: Mapping[str, bytes],
    database: str | None,
    photos: str | None = None,
    env: Environment,
) -> list[str]:
    from db.store import Store

    data_key = Secret(env.entropy(32))
    if database:
        store = Store.create_postgres(folder, database, data_key, photos=photos)
    else:
        store = Store.create(folder, data_key)
    try:
        with store.write() as unit:
            office.save(unit)
            for name, value in settings.items():
                unit.put_setting(name, value)
    finally:
        store.close()
    slots = KeySlots.create(
        folder / SLOTS, office.id, policy=env.slot_policy(), entropy=env.entropy
    )
    keys = UserKeys(data_key, signing_key.secret(), vault_key)
    slots.add_user(
        SlotUser(user, login, "administrator"),
        passphrase=passphrase,
        keys=keys,
        device_secret=env.device.device_secret(office.id),
    )
    if office.recovery_recipient:
        slots.set_recovery([office.recovery_recipient], recovery_keys(login, keys))
    write_card(folder, card_of(office))
    return list(POSTGRES_ADVICE) if database else []


def recovery_keys(login: str, keys: UserKeys) -> RecoveryKeys:
    """What the recovery key and the sheet open: the store, the vault, and this administrator.

    With the administrator's signing key, because an office that could be read but not worked in
    would not be recovered. So the recovery key is as good as the administrator: keep it locked.
    """
    return RecoveryKeys(
        keys.data_key,
        keys.signing_key,
        keys.vault_key,
        {RECOVERED_USER: Secret(login.encode("utf-8"))},
    )


def card_of(office: Office) -> OfficeCard:
    """What may be shown of an office before it is unlocked."""
    return OfficeCard(
        kind=office.kind,
        id=str(office.id),
        name=office.name,
        operation=office.operation.name,
        training=office.training,
        enrolled=office.enrolled,
    )
