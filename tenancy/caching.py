"""How values lie in the shared cache: as plain data. Reading them makes nothing but numbers, texts, times and their lists.

Django would pickle them, and whoever could write into the cache could then have the product run what they like.
"""

import datetime as dt
import json
from typing import Any

_BYTES, _PLAIN = b"b", b"j"
_KIND, _VALUE = "~", "v"


class PlainSerializer:
    """For the OPTIONS of Django's RedisCache. A whole number stays one, as Redis counts it."""

    def dumps(self, value: Any) -> int | bytes:
        """Raises TypeError for what is no plain data."""
        if type(value) is int:
            return value
        if isinstance(value, bytes):
            return _BYTES + value
        return _PLAIN + json.dumps(_told(value), separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        """None for what something else has written: it is made anew then."""
        mark, rest = data[:1], data[1:]
        if mark == _BYTES:
            return rest
        if mark == _PLAIN:
            return _read(json.loads(rest))
        try:
            return int(data)
        except ValueError:
            return None


def _told(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [_told(one) for one in value]
    if isinstance(value, dt.datetime):
        return {_KIND: "time", _VALUE: value.isoformat()}
    if isinstance(value, tuple):
        return {_KIND: "tuple", _VALUE: [_told(one) for one in value]}
    if isinstance(value, dict):
        return {_KIND: "dict", _VALUE: [[_told(key), _told(one)] for key, one in value.items()]}
    raise TypeError(f"{type(value).__name__} is not kept in the cache.")


def _read(said: Any) -> Any:
    if isinstance(said, list):
        return [_read(one) for one in said]
    if not isinstance(said, dict):
        return said
    kind, value = said[_KIND], said[_VALUE]
    if kind == "time":
        return dt.datetime.fromisoformat(value)
    if kind == "tuple":
        return tuple(_read(one) for one in value)
    return {_read(key): _read(one) for key, one in value}
