"""From one store to another, engine to engine: how a PostgreSQL registry is backed up and moved.

Rows are copied as they are, except the columns that PostgreSQL holds sealed: these are opened
with the one codec and sealed with the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from db.keptreader import notice_place
from db.models import Base

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.photos import PhotoStore
    from db.sealing import BodyCodec

BATCH = 500
PHOTO_BATCH = 50

_SEALED: dict[str, tuple[str, Callable[[Any], bytes]]] = {
    "entries": ("body", lambda row: bytes(row["hash"])),
    "forks": ("body", lambda row: bytes(row["hash"])),
    "drafts": ("data", lambda row: f"draft/{row['id']}".encode()),
    "settings": ("value", lambda row: f"setting/{row['key']}".encode()),
    "notices": ("data", lambda row: notice_place(row["office_id"], row["number"]).encode()),
}
"""Sealed columns by table, with what each is bound to."""


def copy_rows(
    source: Connection, opening: BodyCodec, target: Connection, sealing: BodyCodec
) -> None:
    """Copy every table but photos into the empty tables of `target`."""
    for table in Base.metadata.sorted_tables:
        sealed = _SEALED.get(table.name)
        found = source.execution_options(yield_per=BATCH).execute(select(table))
        for part in found.mappings().partitions():
            rows = [dict(row) for row in part]
            if sealed is not None:
                column, about = sealed
                for row in rows:
                    if row[column] is not None:
                        plain = opening.open(row[column], about(row))
                        row[column] = sealing.seal(plain, about(row))
            target.execute(insert(table), rows)


def copy_photos(source: PhotoStore, target: PhotoStore) -> None:
    """Copy every photo, some at a time."""
    part: list[bytes] = []
    for data in source.every():
        part.append(data)
        if len(part) == PHOTO_BATCH:
            target.put_many(part)
            part = []
    target.put_many(part)
