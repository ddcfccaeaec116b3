"""The two keys that leave the machine: the root's and the recovery key's private halves.

Each is an age file under a passphrase (scrypt), so that it can be opened with the age program
alone, years from now: the root's holds a PKCS #8 PEM, the recovery key's an age identity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from workspace.errors import RefusedError
from workspace.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.keys import SigningKey
    from values.secret import Secret

ROOT_FILE = "root-key.age"
RECOVERY_FILE = "recovery-key.age"


def write_keys(
    folder: Path, *, root: SigningKey, recovery: Secret, passphrase: Secret
) -> list[Path]:
    """Write both files, readable by this account alone. Raises `RefusedError` when one exists."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths = [folder / ROOT_FILE, folder / RECOVERY_FILE]
    if any(path.exists() for path in paths):
        raise RefusedError(
            "keys_exist",
            "That folder holds offline keys already. Choose an empty folder: they are never "
            "overwritten.",
        )
    pem = Ed25519PrivateKey.from_private_bytes(root.secret().reveal()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    words = passphrase.reveal().decode("utf-8")
    sealed = [pyrage.passphrase.encrypt(one, words) for one in (pem, recovery.reveal() + b"\n")]
    for path, data in zip(paths, sealed, strict=True):
        write_whole(path, data, private=True)
    return paths
