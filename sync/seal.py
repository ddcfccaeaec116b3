"""Sealing with age (https://age-encryption.org/v1, the C2SP specification), X25519 only.

The seal hides and protects bytes; it does not say who made them: that is what the signed
manifest is for. The file key is drawn by the age library from the system's randomness, so sealed
bytes differ each time.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyrage

from sync.errors import SealError
from values.secret import Secret


def new_identity() -> Secret:
    """A fresh X25519 identity (private key), as the text ``AGE-SECRET-KEY-1...`` in bytes."""
    return Secret(str(pyrage.x25519.Identity.generate()).encode("ascii"))


def recipient_of(identity: Secret) -> str:
    """The recipient (public key, ``age1...``) of an identity.

    Raises :class:`SealError` (``identity``) when the bytes are no age identity.
    """
    return str(_identity(identity).to_public())


def check_recipient(recipient: str) -> None:
    """Raise :class:`SealError` (``recipient``) unless the text is an X25519 recipient."""
    _recipient(recipient)


def seal(plain: bytes, recipients: Sequence[str]) -> bytes:
    """Encrypt to every recipient; any one of their identities opens it.

    Raises :class:`SealError` (``recipient``) for an empty list or a malformed recipient.
    """
    if not recipients:
        raise SealError("recipient", "There is no key to seal this for. Enrol the office first.")
    unique = list(dict.fromkeys(recipients))
    return bytes(pyrage.encrypt(plain, [_recipient(text) for text in unique]))


def unseal(sealed: bytes, identities: Sequence[Secret]) -> bytes:
    """Decrypt with whichever identity fits.

    Raises :class:`SealError`: ``identity`` for a malformed identity, ``not_for_this_key`` when
    none fits or the bytes are damaged (age does not tell these apart to somebody without a key).
    """
    keys = [_identity(identity) for identity in identities]
    if not keys:
        raise SealError("not_for_this_key", "There is no key to open this with. Unlock the office.")
    try:
        return bytes(pyrage.decrypt(sealed, keys))
    except pyrage.DecryptError as error:
        raise SealError(
            "not_for_this_key",
            "This was not sealed for the keys of this office. Check that it was meant for here, "
            "and that the office's keys are up to date.",
            detail=str(error),
        ) from error


def _recipient(text: str) -> object:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise SealError(
            "recipient",
            "A key to seal for is not valid. Ask the registry for a new grant or notice.",
            detail=str(error),
        ) from error


def _identity(identity: Secret) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(identity.reveal().decode("ascii"))
    # `from None`: the cause could quote what it failed to read, which is a secret.
    except (pyrage.IdentityError, UnicodeDecodeError):
        raise SealError(
            "identity", "The office's own key is damaged. Recover it from a backup."
        ) from None
