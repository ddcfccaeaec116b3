"""What every part of a reader stands on: one open transaction and how to ask it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from db.arrays import fitted
from ledger.entry import Entry

if TYPE_CHECKING:
    from sqlalchemy import Connection, Executable

    from db.sealing import BodyCodec


class Asking:
    """One open transaction, and the codec of the columns that are sealed by us."""

    def __init__(self, connection: Connection, codec: BodyCodec) -> None:
        self._given = connection
        self._codec = codec

    @property
    def _connection(self) -> Connection:
        return self._given

    @property
    def connection(self) -> Connection:
        """The transaction itself, for this room's own modules."""
        return self._connection

    def _all(self, statement: Executable, **parameters: Any) -> Sequence[Any]:
        connection = self._connection
        if any(isinstance(value, list) for value in parameters.values()):
            statement = fitted(connection, statement)
        return connection.execute(statement, parameters).all()

    def _one(self, statement: Executable, **parameters: Any) -> Any:
        return self._connection.execute(statement, parameters).first()

    def _scalar(self, statement: Executable, **parameters: Any) -> Any:
        return self._connection.execute(statement, parameters).scalar()

    def _entry(self, row: Any) -> Entry:
        body = row.body
        return Entry(
            row.header, row.signature, None if body is None else self._codec.open(body, row.hash)
        )

    def _open(self, stored: bytes, about: str) -> bytes:
        return self._codec.open(stored, about.encode())
