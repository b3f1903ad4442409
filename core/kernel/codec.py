"""Values to JSON and back by their declared types, so that events survive in the outbox as plain data."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, get_args, get_origin
from uuid import UUID

T = TypeVar("T")
Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


def dump(value: object) -> Json:
    """Return plain JSON of a frozen value made of dataclasses, enums, keys, dates, money and collections."""
    match value:
        case Enum():
            return dump(value.value)
        case None | bool() | int() | str():
            return value
        case UUID():
            return str(value)
        case date():
            return value.isoformat()
    return _dump_compound(value)


def _dump_compound(value: object) -> Json:
    match value:
        case Mapping():
            return {_key(name): dump(item) for name, item in value.items()}
        case Set():
            return sorted((dump(item) for item in value), key=repr)
        case Sequence():
            return [dump(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: dump(getattr(value, f.name)) for f in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} is not plain data")


def _key(name: object) -> str:
    return str(name.value) if isinstance(name, Enum) else str(name)


@lru_cache(512)
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, localns={"Json": Any})  # what is JSON already is read as it is


def load(kind: type[T], data: Json) -> T:
    """Return a value of the declared type from what dump() made. Raise TypeError where the two do not fit."""
    return typing.cast(T, _load(kind, data))


def _load(kind: Any, data: Any) -> Any:
    origin, args = get_origin(kind), get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _union(args, data)
    if origin is not None and isinstance(origin, type):
        return _collection(origin, args, data)
    if kind in (Any, object) or kind is type(None):
        return data
    if dataclasses.is_dataclass(kind):
        hints = _hints(typing.cast(type, kind))
        names = {f.name for f in dataclasses.fields(kind)} & data.keys()
        return kind(**{name: _load(hints[name], data[name]) for name in names})  # type: ignore[operator]
    return _scalar(kind, data)


def _scalar(kind: Any, data: Any) -> Any:
    if kind in (datetime, date):
        return kind.fromisoformat(data)
    if kind is UUID or issubclass(kind, Enum):
        return kind(data)
    if not isinstance(data, kind):
        raise TypeError(f"{data!r} is no {kind.__name__}")
    return data


def _union(args: tuple[Any, ...], data: Any) -> Any:
    if data is None:
        return None
    for arm in args:
        if arm is type(None):
            continue
        try:
            return _load(arm, data)
        except (TypeError, ValueError, KeyError):
            continue
    raise TypeError(f"{data!r} fits none of {args}")


def _collection(origin: type, args: tuple[Any, ...], data: Any) -> Any:
    if issubclass(origin, Mapping):
        return {_load(args[0], name): _load(args[1], item) for name, item in data.items()}
    if issubclass(origin, Set):
        return frozenset(_load(args[0], item) for item in data)
    if issubclass(origin, tuple) and not (len(args) == 2 and args[1] is Ellipsis):
        return tuple(_load(arm, item) for arm, item in zip(args, data, strict=True))
    return tuple(_load(args[0], item) for item in data)
