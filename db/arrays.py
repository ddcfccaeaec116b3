"""Lists of values in one statement: on PostgreSQL as one array, so that a statement stays the same
however many there are, and the server plans it once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import (
    ARRAY,
    BinaryExpression,
    BindParameter,
    Executable,
    LargeBinary,
    any_,
    bindparam,
)
from sqlalchemy.sql import operators, visitors
from sqlalchemy.types import UserDefinedType

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect

Statement = TypeVar("Statement", bound=Executable)

STATEMENTS = 256
"""Kept as they were made; there are fewer."""


def fitted(connection: Connection, statement: Statement) -> Statement:
    """The statement for this engine: on PostgreSQL, ``IN`` a list as ``= ANY`` an array. For
    statements that are made once."""
    return _fitted(statement) if connection.dialect.name == "postgresql" else statement


@lru_cache(STATEMENTS)
def _fitted(statement: Any) -> Any:
    return visitors.replacement_traverse(statement, {}, _replaced)


def _replaced(element: Any, **_: Any) -> Any:
    if not isinstance(element, BinaryExpression) or element.operator is not operators.in_op:
        return None
    right = cast("Any", element.right)
    if not isinstance(right, BindParameter) or not right.expanding:
        return None
    kind = element.left.type
    listed: Any = _Octets() if isinstance(kind, LargeBinary) else ARRAY(kind)
    return element.left == any_(bindparam(right.key, type_=listed))


class _Octets(UserDefinedType[Any]):
    """A list of bytes as the text of an array, which the driver makes four times as slowly."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_: Any) -> str:
        """Its name in SQL."""
        return "BYTEA[]"

    def bind_processor(self, dialect: Dialect) -> Any:
        """Hexadecimal digits in quotes (PostgreSQL, "Array Value Input" and "bytea Hex Format")."""
        return lambda value: "{" + ",".join([f'"\\\\x{one.hex()}"' for one in value]) + "}"
