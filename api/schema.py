"""The schema: what every operation may answer besides what it is asked for, and how a token is shown."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from api.problems import CONTENT_TYPE

PLACE = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
_ALWAYS = {
    "400": "The request cannot be understood",
    "401": "No token, or one that is not valid",
    "403": "The token, or the role of its owner, does not allow it",
    "429": "Too many requests in a minute; Retry-After says when to come again",
}
_CONFLICT = {"409": "The state of things does not allow it; `detail` says why"}
# A file that is missing or was altered is not served: 409 also where one only reads.
_ON_RECORDS = {"404": "There is no such record that the token's owner may see"} | _CONFLICT
_ON_WRITES = _CONFLICT | {
    "413": "More than a request may hold",
    "415": "Another kind of content is expected",
    "422": "Some values cannot be accepted; `errors` says which",
}
_ON_CHANGES = {"412": "The record has changed since it was read", "428": "If-Match is missing"}
_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "To the value in the body (RFC 6901), as a fragment."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001 - a hook
    """A hook of drf-spectacular: add the token, and the problems each operation may answer with."""
    components = result.setdefault("components", {})
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "plb_..."}}
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    words = _ALWAYS | _ON_RECORDS | _ON_WRITES | _ON_CHANGES
    components["responses"] = {f"Problem{status}": {"description": words[status], "content": content} for status in sorted(words)}
    result["security"] = [{"token": []}]
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            _add_problems(path, method, operation)
    return result


def _add_problems(path: str, method: str, operation: dict[str, Any]) -> None:
    operation.pop("security", None)
    if "*/*" in (served := operation["responses"].get("200", {}).get("content", {})):
        served["*/*"] = {}  # a file of any kind, JSON included
    writes = method in {"post", "patch"}
    matches = any(one["name"] == "If-Match" for one in operation.get("parameters", []))
    known = [*_ALWAYS, *(_ON_RECORDS if "{" in path else ()), *(_ON_WRITES if writes else ())]
    for status in [*known, *(_ON_CHANGES if matches else ())]:
        operation["responses"].setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})
    operation["responses"] = dict(sorted(operation["responses"].items()))


def generate() -> dict[str, Any]:
    """The schema as data. Raises ImproperlyConfigured at a warning: what cannot be described cannot be relied on."""
    GENERATOR_STATS.reset()
    generator = SchemaGenerator(urlconf="grc.urls")  # type: ignore[no-untyped-call]
    schema: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    if GENERATOR_STATS:
        said = [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]  # noqa: SLF001 - it has no other way to tell
        raise ImproperlyConfigured("\n".join(str(one) for one in said))
    return schema


def as_yaml(schema: dict[str, Any]) -> str:
    """As it is committed."""
    rendered: bytes = OpenApiYamlRenderer().render(schema, renderer_context={})  # type: ignore[no-untyped-call]
    return rendered.decode()
