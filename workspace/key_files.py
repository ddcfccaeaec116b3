"""Key files that lie in a safe: age files under a passphrase (scrypt), opened when they are needed.

They can be opened with the age program alone, years from now.
"""

from __future__ import annotations

from db.errors import KeyFilePassphraseError, RecoveryError, SlowOpeningError
from values.secret import Secret

_TRIES = 3
"""age measures at every opening how much work it dares, and a busy moment makes it timid."""


def opened(data: bytes, passphrase: Secret) -> bytes:
    """What a key file holds. Raises `db.errors.KeyFilePassphraseError` when the passphrase does not
    fit, `SlowOpeningError` when this computer could not tell."""
    import pyrage

    words = passphrase.reveal().decode("utf-8")
    for tried in range(1, _TRIES + 1):
        try:
            return bytes(pyrage.passphrase.decrypt(data, words))
        except pyrage.DecryptError as error:
            # The binding has one error; only the words say that the key itself was not tried.
            if "Excessive work" not in str(error):
                raise KeyFilePassphraseError from None
            if tried == _TRIES:
                raise SlowOpeningError from None
    raise KeyFilePassphraseError


def identities(data: bytes, passphrase: Secret) -> list[Secret]:
    """The age identities in a recovery key's file: the recovery key, and, in files of 0.5.0 and
    later, the key to the vault. Raises as `opened` does."""
    found = [
        Secret(line.strip())
        for line in opened(data, passphrase).splitlines()
        if line.strip() and not line.startswith(b"#")
    ]
    if not found:
        raise RecoveryError
    return found
