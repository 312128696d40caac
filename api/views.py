"""The schema as a file, and the reference as a page."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access import Audience, open_to
from api.schema import PLACE

_SAMPLES = {"boolean": True, "integer": 1, "number": 1.5, "array": [], "object": {}}
_FORMATS = {"uuid": "01900000-0000-7000-8000-000000000000", "date": "2026-01-31", "date-time": "2026-01-31T12:00:00Z"}


@dataclass(frozen=True)
class Field:
    """A value that is sent or received."""

    name: str
    kind: str
    required: bool
    words: str


@dataclass(frozen=True)
class Entry:
    """One operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    words: str
    parameters: list[Field]
    sent: list[Field]
    received: list[Field]
    received_many: bool
    answers: list[str]
    example: str


@open_to(Audience.EVERYBODY)
@require_safe
def schema_file(request: HttpRequest) -> HttpResponse:
    """The schema, as it is committed."""
    return HttpResponse(PLACE.read_bytes(), content_type="application/yaml")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """How the API is used, and every operation in a line."""
    return render(request, "api/reference.html", {"title": "API reference", "groups": entries()})


@require_safe
def reference_of(request: HttpRequest, area: str) -> HttpResponse:
    """The operations of an area with their parameters, bodies and an example."""
    tag = next((tag for tag in entries() if slugify(tag) == area), None)
    if tag is None:
        raise Http404
    shown = {"title": f"{tag} in the API", "entries": entries()[tag]}
    return render(request, "api/reference_of.html", shown)


@lru_cache(maxsize=1)
def entries() -> dict[str, list[Entry]]:
    """The operations by tag, read from the committed schema once."""
    schema = yaml.load(PLACE.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe, one is quick
    found: dict[str, list[Entry]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_entry(schema, path, method, operation))
    return dict(sorted(found.items()))


def _entry(schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Entry:
    sent, upload = _body(schema, operation.get("requestBody", {}))
    good: dict[str, Any] = next((one for status, one in operation["responses"].items() if status.startswith("2")), {})
    received, _ = _body(schema, good)
    rows = received.get("properties", {}).get("results", {}).get("items")
    return Entry(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        words=operation.get("description", ""),
        parameters=[_parameter(one) for one in operation.get("parameters", [])],
        sent=_fields(schema, sent),
        received=_fields(schema, _resolved(schema, rows) if rows else received),
        received_many=rows is not None,
        answers=list(operation["responses"]),
        example=_curl(
            method,
            path,
            _sample(schema, sent),
            upload=upload,
            writes=any(one["name"] == "If-Match" for one in operation.get("parameters", [])),
        ),
    )


def _resolved(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A part of the schema, or what it refers to."""
    if "$ref" not in part:
        return part
    found: Any = schema
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return _resolved(schema, found)


def _body(schema: dict[str, Any], holder: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The schema of a body, and whether it is sent as a form with files."""
    content = _resolved(schema, holder).get("content", {})
    kind = next(iter(content), "")
    return _resolved(schema, content.get(kind, {}).get("schema", {})), kind == "multipart/form-data"


def _fields(schema: dict[str, Any], part: dict[str, Any]) -> list[Field]:
    required = part.get("required", [])
    return [Field(name, _kind(schema, one), name in required, _words(one)) for name, one in part.get("properties", {}).items()]


def _words(one: dict[str, Any]) -> str:
    """What a field means, without the list of its values that the schema repeats there for tools."""
    told: str = one.get("description", "")
    return told.partition("* `")[0].strip()


def _parameter(one: dict[str, Any]) -> Field:
    where = "header" if one["in"] == "header" else one["in"]
    return Field(one["name"], f"{_kind({}, one['schema'])}, {where}", one.get("required", False), _words(one))


def _kind(schema: dict[str, Any], one: dict[str, Any]) -> str:
    """A type in a few words."""
    one = _resolved(schema, one)
    if options := one.get("enum"):
        return " | ".join(str(option) for option in options)
    for together in ("oneOf", "anyOf", "allOf"):
        if together in one:
            return " | ".join(_kind(schema, part) for part in one[together])
    kind = one.get("type", "any")
    if isinstance(kind, list):
        kind = " | ".join(kind)
    if kind == "array":
        return f"list of {_kind(schema, one.get('items', {}))}"
    return f"{kind} ({one['format']})" if "format" in one else str(kind)


def _sample(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A body with what is required, and the first field where nothing is."""
    properties = part.get("properties", {})
    names = part.get("required") or list(properties)[:1]
    return {name: _value(_resolved(schema, properties[name])) for name in names}


def _value(one: dict[str, Any]) -> Any:
    inner = one.get("items", one)
    if inner.get("format") == "binary" or "contentMediaType" in inner:
        return "@file"
    if one.get("enum"):
        return one["enum"][0]
    if one.get("format") in _FORMATS:
        return _FORMATS[one["format"]]
    kind = one.get("type")
    return _SAMPLES.get(kind[0] if isinstance(kind, list) else str(kind), "...")


def _curl(method: str, path: str, sample: dict[str, Any], *, upload: bool, writes: bool) -> str:
    """The request as a command."""
    parts = ["curl"] if method == "get" else [f"curl -X {method.upper()}"]
    parts.append('-H "Authorization: Bearer $PLUMBLINE_TOKEN"')
    if writes:
        parts.append("-H 'If-Match: \"...\"'")
    if upload:
        parts += [f"-F {name}={value}" for name, value in sample.items()]
    elif sample:
        parts += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(sample)}'"]
    return " \\\n  ".join([*parts, f"{settings.PLUMBLINE_BASE_URL}{path}"])
