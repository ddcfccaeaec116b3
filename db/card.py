"""The card of a store: which engine it is on, and a check that tells a wrong key from damage."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

from db.errors import DamagedStoreError, NewerStoreError, NoStoreError, WrongKeyError
from db.files import read_object, write_atomically
from db.sealing import derived

if TYPE_CHECKING:
    from pathlib import Path

    from values.secret import Secret

FILE = "store.json"
FORMAT = 1
WITH_PLACE = 2
"""Of a card with a place of photographs: an earlier program would look for them in the table."""
MAX_BYTES = 64 * 1024
KEY_BYTES = 32
KEY_CHECK_BYTES = 8

SQLCIPHER = "sqlcipher"
POSTGRESQL = "postgresql"
ENGINES = (SQLCIPHER, POSTGRESQL)


@dataclass(frozen=True, slots=True)
class StoreCard:
    """What lies beside a store, readable by everyone. `url` is empty for an encrypted file;
    `photos` is the address of the photographs' place where they lie in none of the tables."""

    engine: str
    key_check: str
    url: str = ""
    photos: str = ""

    @classmethod
    def of(cls, data_key: Secret, *, engine: str, url: str = "", photos: str = "") -> Self:
        """The card of a new store. Raises `WrongKeyError` for a key that is none."""
        return cls(engine, key_check(data_key), url, photos)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises `NoStoreError`, `DamagedStoreError`, `NewerStoreError`."""
        try:
            data = read_object(folder / FILE, limit=MAX_BYTES)
            version = data["format"]
            card = cls(data["engine"], data["key_check"], data["url"], data.get("photos", ""))
        except FileNotFoundError:
            raise NoStoreError from None
        except (OSError, ValueError, KeyError, TypeError):
            raise _damaged() from None
        if version not in (FORMAT, WITH_PLACE) or card.engine not in ENGINES:
            raise NewerStoreError
        texts = (card.key_check, card.url, card.photos)
        if not all(isinstance(one, str) for one in texts):
            raise _damaged()
        if not "".join(texts).isprintable():
            raise _damaged()
        return card

    def write(self, folder: Path) -> None:
        """Write it, whole or not at all."""
        data = {"format": WITH_PLACE if self.photos else FORMAT, **asdict(self)}
        if not self.photos:
            del data["photos"]
        write_atomically(folder / FILE, json.dumps(data, indent=1).encode())

    def require(self, data_key: Secret) -> None:
        """Raise `WrongKeyError` unless this is the store's key."""
        if not hmac.compare_digest(self.key_check.encode(), key_check(data_key).encode()):
            raise WrongKeyError


def key_check(data_key: Secret) -> str:
    """Eight bytes derived from the data key, in hex. SQLCipher cannot tell a wrong key from a
    damaged first page; this can, and says nothing about the key."""
    if len(data_key) != KEY_BYTES:
        raise WrongKeyError
    return derived(data_key, "key-check").reveal()[:KEY_CHECK_BYTES].hex()


def _damaged() -> DamagedStoreError:
    return DamagedStoreError(f"The file {FILE} is damaged. Restore it from the latest backup.")
