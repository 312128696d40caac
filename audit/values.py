"""What the trail stores, in the words of the screens: labels for codes, dates as dates, structures line by line."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from ui.values import display

if TYPE_CHECKING:
    from audit.models import AuditEvent  # apps register their words before there are models

Words = Mapping[Any, Any]

_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_MOMENT = re.compile(_DAY.pattern + r"T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LABELS = {"sha256": "SHA-256"}
_NAMING = frozenset({"port"})  # numbers that name something: they are counted by nobody, and not grouped
GONE = "(erased)"
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_registered: dict[tuple[str, str], Words] = {}


@dataclass(frozen=True, slots=True)
class Readable:
    """An event's body for people; each part by label."""

    before: dict[str, Any]
    after: dict[str, Any]
    details: dict[str, Any]
    note: str


def register_words(object_kind: str, name: str, words: Iterable[tuple[Any, Any]]) -> None:
    """Give the labels of a value that events of `object_kind` carry, where no field of that name has them as choices."""
    _registered[object_kind, name] = dict(words)


def shown_data(event: "AuditEvent") -> dict[str, Any]:
    """The event's body as it is shown: without the names of who was erased."""
    actor, about = event.pseudonyms
    return _masked(event.data, actor, about) if actor or about else event.data


def _masked(data: dict[str, Any], actor: str, about: str) -> dict[str, Any]:
    """An event's body without who was erased: `actor` and `about` are their pseudonyms, empty where there is none."""
    shown = dict(data)
    if actor:
        shown["actor"] = {**data["actor"], "name": actor, "email": "", "ip": GONE, "user_agent": GONE}
    if about:
        shown["object"] = {**data["object"], "name": about}
        for side in ("before", "after", "metadata"):
            shown[side] = dict.fromkeys(data[side], GONE) if data[side] else data[side]
    return shown


def readable(event: "AuditEvent") -> Readable:
    """The event's before, after and what else was noted. What is empty, or only another row's key or kind, is left out."""
    data, kind = shown_data(event), event.object_kind
    before, after = data["before"] or {}, data["after"] or {}
    keys = {name for side in (before, after) for name, value in side.items() if _is_key(value)}
    noted = dict(data["metadata"] or {})
    note = str(noted.pop("note", ""))
    return Readable(_read(kind, before, keys), _read(kind, after, keys), _read(kind, noted, set()), note)


def _read(kind: str, values: Mapping[str, Any], left_out: set[str]) -> dict[str, Any]:
    shown = {}
    for name, value in values.items():
        if name not in left_out and value not in _EMPTY and not _is_key(value) and not _is_kind(name, value):
            field = _field(kind, name)
            label = str(field.verbose_name) if field else _LABELS.get(name, name.replace("_", " "))
            shown[label] = str(value) if name in _NAMING else _value(value, _words(kind, name, field))
    return shown


def _is_key(value: Any) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def _is_kind(name: str, value: Any) -> bool:
    """Whether a value only says of which model a key beside it is, such as reviews.item."""
    if not (name.endswith("kind") and isinstance(value, str)):
        return False
    label, _, model = value.partition(".")
    return model in apps.all_models.get(label, {})


def _field(kind: str, name: str) -> "Field[Any, Any] | None":
    try:
        field = apps.get_model(kind)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):  # a kind that is no model any more, or a value of no field
        return None
    return field if isinstance(field, Field) else None


def _words(kind: str, name: str, field: "Field[Any, Any] | None") -> Words:
    """The labels of a field's choices, or of its items' where it holds a list."""
    if (registered := _registered.get((kind, name))) is not None:
        return registered
    return dict(getattr(getattr(field, "base_field", field), "flatchoices", ()))


def _value(value: Any, words: Words) -> Any:
    if isinstance(value, dict):
        return _lines(_pairs(value, words))
    if isinstance(value, list):
        return _listed([display(_value(one, words)) for one in value])
    if not isinstance(value, str):
        return value
    return words[value] if value in words else _text(value)


def _text(value: str) -> Any:
    try:
        if _MOMENT.fullmatch(value):
            return dt.datetime.fromisoformat(value)
        if _DAY.fullmatch(value):
            return dt.date.fromisoformat(value)
    except ValueError:  # somebody's words that look like a day the calendar does not have
        return value
    return format_html('<code title="{}">{}…</code>', value, value[:12]) if _SHA256.fullmatch(value) else value


def _listed(parts: list[str]) -> str | SafeString:
    """Words on one line; sentences, and what carries markup, on lines of their own."""
    if any(part.endswith(".") or isinstance(part, SafeString) for part in parts):
        return _lines(parts)
    return ", ".join(parts)


def _lines(lines: Iterable[str]) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))


def _pairs(values: Mapping[str, Any], words: Words, above: str = "") -> Iterator[SafeString]:
    """`Label: value` for each entry; those of an inner mapping carry its name before theirs."""
    for name, value in values.items():
        label = f"{above}{name.replace('_', ' ').capitalize() if _NAME.fullmatch(name) else name}"
        if isinstance(value, dict):
            yield from _pairs(value, words, f"{label}, ")
        elif value not in _EMPTY:
            yield format_html("{}: {}", label, display(_value(value, words)))
