"""Views as bytes: a frozen dataclass to CBOR and back, exactly.

The store keeps each view whole as one blob beside the columns that queries need, so that what
comes out equals what the fold made, without folding. The encoding follows the dataclass: a map
from field name to value, where identifiers are bytes, moments are microseconds since 1970 UTC,
days are ISO text, sets are sorted arrays; maps are written in the order of :mod:`values.cbor`,
those inside of answers as their entries have them. Fields of a later version are left aside when
reading. A blob that does not fit raises `ViewCodecError`; views can always be rebuilt from the
entries.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar, Union
from uuid import UUID

from db.errors import DamagedStoreError
from values import cbor

Value = TypeVar("Value")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MILLISECOND = timedelta(milliseconds=1)


class ViewCodecError(DamagedStoreError):
    """A stored view cannot be read as the view it should be. Rebuilding the views mends it."""

    code = "view"
    sentence = "A stored view cannot be read. Run `waystation rebuild` to make the views anew."


class Coder(NamedTuple):
    """How one type is written and read. `plain`: CBOR carries it as it is, both ways."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    plain: bool = False


def encode(view: object) -> bytes:
    """A view (any dataclass of supported types) as CBOR. Raises TypeError on other shapes."""
    kind: Any = type(view)
    return cbor.encode_own(_coder(kind).write(view))


def decode(kind: type[Value], data: bytes) -> Value:
    """The view that `encode` was given. Raises `ViewCodecError`."""
    wanted: Any = kind
    try:
        value: Value = _coder(wanted).read(cbor.decode_own(data))
    except (cbor.CborError, KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise ViewCodecError from None
    return value


def millis(moment: datetime) -> int:
    """Milliseconds since 1970 in UTC, as columns hold them."""
    return (moment - _EPOCH) // _MILLISECOND


def moment(value: int) -> datetime:
    """The reverse of `millis`."""
    return _EPOCH + timedelta(milliseconds=value)


@cache
def _coder(kind: Any) -> Coder:
    while isinstance(kind, typing.NewType):
        kind = kind.__supertype__
    if kind in (Any, object, str, int, bool, float, bytes, type(None)):
        return Coder(_same, _same, plain=True)
    if kind is UUID:
        return Coder(lambda value: value.bytes, lambda value: UUID(bytes=value))
    if kind is datetime:
        return Coder(
            lambda value: (value - _EPOCH) // _MICROSECOND,
            lambda value: _EPOCH + timedelta(microseconds=value),
        )
    if kind is date:
        return Coder(date.isoformat, date.fromisoformat)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Coder(lambda value: value.value, kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass(kind)
    return _generic(kind)


def _generic(kind: Any) -> Coder:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        return _union(arguments)
    if origin is typing.Literal:
        return Coder(_same, _same, plain=True)
    if origin is tuple:
        return _tuple(arguments)
    if origin in (list, Sequence):
        item = _coder(arguments[0])
        make = list if origin is list else tuple
        return Coder(
            lambda value: [item.write(one) for one in value],
            lambda value: make(item.read(one) for one in value),
        )
    if origin in (frozenset, AbstractSet):
        item = _coder(arguments[0])
        return Coder(
            lambda value: sorted(item.write(one) for one in value),
            lambda value: frozenset(item.read(one) for one in value),
        )
    if origin in (dict, Mapping):
        return _mapping(arguments)
    raise TypeError(f"views may not hold {kind!r}")


def _union(arguments: tuple[Any, ...]) -> Coder:
    some = [_coder(argument) for argument in arguments if argument is not type(None)]
    if all(coder.plain for coder in some):
        return Coder(_same, _same, plain=True)
    if len(some) != 1:
        raise TypeError(f"views may not hold a choice between {arguments!r}")
    (inner,) = some
    return Coder(
        lambda value: None if value is None else inner.write(value),
        lambda value: None if value is None else inner.read(value),
    )


def _tuple(arguments: tuple[Any, ...]) -> Coder:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _coder(arguments[0])
        if item.plain and arguments[0] is not Any:
            return Coder(list, tuple)
        return Coder(
            lambda value: [item.write(one) for one in value],
            lambda value: tuple(item.read(one) for one in value),
        )
    items = [_coder(argument) for argument in arguments]
    return Coder(
        lambda value: [item.write(one) for item, one in zip(items, value, strict=True)],
        lambda value: tuple(item.read(one) for item, one in zip(items, value, strict=True)),
    )


def _mapping(arguments: tuple[Any, ...]) -> Coder:
    key, item = (_coder(argument) for argument in arguments)
    if key.plain and item.plain:
        return Coder(lambda value: {name: value[name] for name in _in_order(value)}, _same)
    return Coder(
        lambda value: {key.write(name): item.write(one) for name, one in value.items()},
        lambda value: {key.read(name): item.read(one) for name, one in value.items()},
    )


def _dataclass(kind: type[Any]) -> Coder:
    hints = typing.get_type_hints(kind)
    # Built at the first use: a dataclass may hold itself.
    parts: list[tuple[str, Coder, bool]] = []

    def prepare() -> list[tuple[str, Coder, bool]]:
        if not parts:
            parts.extend(
                (
                    field.name,
                    _coder(hints[field.name]),
                    field.default is MISSING and field.default_factory is MISSING,
                )
                for field in fields(kind)
                if field.init
            )
        return parts

    names = _in_order(field.name for field in fields(kind) if field.init)
    all_of = attrgetter(*names) if len(names) > 1 else None
    changed: list[tuple[str, Callable[[Any], Any]]] = []
    begun = False

    def write(value: Any) -> dict[str, Any]:
        nonlocal begun
        if not begun:
            changed.extend((n, coder.write) for n, coder, _ in prepare() if not coder.plain)
            begun = True
        found = all_of(value) if all_of else (getattr(value, names[0]),)
        made = dict(zip(names, found, strict=True))
        for name, write_ in changed:
            made[name] = write_(made[name])
        return made

    def read(value: Any) -> Any:
        return kind(
            **{
                name: coder.read(value[name])
                for name, coder, needed in prepare()
                if needed or name in value
            }
        )

    return Coder(write, read)


def _in_order(names: Iterable[Any]) -> list[Any]:
    """Names in the order of their encodings (RFC 8949, 4.2.1): shorter ones first."""
    return sorted(sorted(names), key=len)


def _same(value: Any) -> Any:
    return value
