"""Every route of the product, read from the resolver, with a sample path for each."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

SAMPLES = {
    UUIDConverter: uuid.UUID("01900000-0000-7000-8000-000000000000"),
    IntConverter: 1,
    SlugConverter: "sample",
    StringConverter: "sample",
}


@dataclass(frozen=True)
class Route:
    """One route: its name, its view, and its converters in order."""

    name: str
    pattern: str
    view: Any
    converters: dict[str, Any]

    def path(self, prefix: str = "/", **given: object) -> str:
        """A path below `prefix`; a converter without a sample raises KeyError."""
        text = self.pattern
        for name, converter in self.converters.items():
            value = given.get(name, SAMPLES[type(converter)])
            for tag in (f"<{_tag(converter)}:{name}>", f"<{name}>"):
                text = text.replace(tag, str(value))
        return prefix + text

    @property
    def permission(self) -> str | None:
        """What the view asks for."""
        return getattr(self.view, "permission", None)


def _tag(converter: Any) -> str:
    names = {UUIDConverter: "uuid", IntConverter: "int", SlugConverter: "slug", StringConverter: "str"}
    return names[type(converter)]


def routes(urlconf: str) -> list[Route]:
    """All routes of an urlconf."""
    return list(_walk(get_resolver(urlconf), "", "", {}))


def _walk(resolver: URLResolver, prefix: str, namespace: str, converters: dict[str, Any]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        known = {**converters, **entry.pattern.converters}
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner, known)
        elif isinstance(entry, URLPattern):
            yield Route(f"{namespace}{entry.name}", pattern, entry.callback, known)
