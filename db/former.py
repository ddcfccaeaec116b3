"""A copy of a store as it was, laid down before a newer program changes its tables.

Migrations run in one transaction, so a kill leaves the former tables or the new ones. The copy is
for what nobody foresees. It lies beside the store, encrypted under the same key, until the next
migration leaves another; photographs are never migrated and stay where they are.
"""

from __future__ import annotations

import contextlib
import errno
from typing import TYPE_CHECKING

from db.engine import copy_cipher
from db.errors import StoreFullError
from db.files import sync_folder
from db.space import space

if TYPE_CHECKING:
    from pathlib import Path

    from values.secret import Secret

NAME = "store-before-{stamp}.db"
FULL = (
    "There is not enough room on this disk to bring the workspace up to date: a copy of it is kept "
    "first. Free some space, then open it again; nothing was changed."
)


def keep_former(main: Path, data_key: Secret, stamp: str) -> Path:
    """Keep a copy of the store's file, whose tables are of that stamp; returns it. One of before
    is replaced: the earlier program may have been used again.

    Raises `StoreFullError`, `DamagedStoreError`.
    """
    folder = main.parent
    kept = folder / NAME.format(stamp=stamp)
    if space(folder).free < 2 * main.stat().st_size:
        raise StoreFullError(FULL)
    temporary = kept.with_name(f".{kept.name}.new")
    temporary.unlink(missing_ok=True)
    try:
        copy_cipher(main, data_key, temporary)
        temporary.replace(kept)
        sync_folder(folder)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFullError(FULL) from None
        raise
    for other in folder.glob(NAME.format(stamp="*")):
        if other != kept:
            other.unlink(missing_ok=True)
    return kept
