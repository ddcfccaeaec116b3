"""Lists of values in one statement: on PostgreSQL as one array, so that a statement stays the same
however many there are, and the server plans it once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import ARRAY, BinaryExpression, BindParameter, Executable, any_, bindparam
from sqlalchemy.sql import operators, visitors

if TYPE_CHECKING:
    from sqlalchemy import Connection

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
    return element.left == any_(bindparam(right.key, type_=ARRAY(element.left.type)))
