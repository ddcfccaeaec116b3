"""The two keys that leave the machine: the root's and the recovery key's private halves.

Each is an age file under a passphrase (scrypt), so that it can be opened with the age program
alone, years from now: the root's holds a PKCS #8 PEM, the recovery key's two age identities, its
own and the vault's: what was sealed for registrars must not be lost with the registry's computer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from ledger.keys import SigningKey
from values.secret import Secret
from workspace.errors import RefusedError
from workspace.files import write_whole
from workspace.key_files import opened

if TYPE_CHECKING:
    from pathlib import Path

ROOT_FILE = "root-key.age"
RECOVERY_FILE = "recovery-key.age"


def write_keys(
    folder: Path, *, root: SigningKey, recovery: Secret, vault: Secret, passphrase: Secret
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
    both = b"# recovery\n%s\n# vault\n%s\n" % (recovery.reveal(), vault.reveal())
    sealed = [pyrage.passphrase.encrypt(one, words) for one in (pem, both)]
    for path, data in zip(paths, sealed, strict=True):
        write_whole(path, data, private=True)
    return paths


def read_root(data: bytes, passphrase: Secret) -> SigningKey:
    """The root's key from its file. Raises `db.errors.RecoveryError` when the passphrase does not
    fit, `RefusedError` for another file."""
    try:
        key = load_pem_private_key(opened(data, passphrase), None)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise RefusedError("no_root_key", f"That file holds no root key. It is called {ROOT_FILE}.")
    return SigningKey.from_bytes(Secret(key.private_bytes_raw()))
