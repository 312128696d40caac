"""Permissions as GitHub's API and people's scripts write them, laid flat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from evidence.tables.errors import FormatError
from evidence.tables.text import header_key
from inventory.formats.documents import text_of
from inventory.formats.reading import first_text

_REPOSITORY: Final = ("repository", "repo", "repository name", "repo name", "repository full name")
_FULL_NAME: Final = ("full name",)  # of a repository in the API, of a person in people's own lists
REPOSITORY: Final = (*_REPOSITORY, *_FULL_NAME)
TEAM: Final = ("team", "team slug", "team name")
PERMISSION: Final = (
    "permission",
    "role name",
    "repository permission",
    "permission level",
    "access",
    "access level",
    "team role",
)
_ROLES: Final = {
    "pull": "Read",
    "push": "Write",
    "read": "Read",
    "write": "Write",
    "triage": "Triage",
    "maintain": "Maintain",
    "admin": "Admin",
}
_STRONGEST_FIRST: Final = ("admin", "maintain", "push", "triage", "pull")
_NESTED: Final = ("collaborators", "members", "users", "people")


def flatten(document: object) -> Iterator[dict[str, Any]]:
    """Give one record per account and place, keys as header_key. Raises FormatError for what holds no such thing.

    Takes a flat list of records; a list of repositories or teams, each with the people in it; and an object from the
    repository's name to its people.
    """
    if isinstance(document, dict):
        if not any(isinstance(value, list) for value in document.values()):
            raise FormatError("The JSON file holds no list of permissions.")
        document = _unwrapped(document)
    if not isinstance(document, list):
        raise FormatError("The JSON file holds no list of permissions.")
    for item in document:
        if not isinstance(item, dict):
            yield {"entry": item}
            continue
        yield from _of_item(item)


def _unwrapped(document: dict[str, Any]) -> list[Any]:
    """Give a list from {"repositories": [...]}, {"teams": [...]} or {"acme/web": [people]}."""
    merged: list[Any] = []
    for key, value in document.items():
        if key in {"repositories", "teams", "permissions", "items", "data"} and isinstance(value, list):
            merged.extend(value)
        elif isinstance(value, list):
            merged.append({"full_name": key, "collaborators": value})
    return merged


def _of_item(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    flat = {header_key(key): value for key, value in item.items()}
    nested = next((name for name in _NESTED if isinstance(flat.get(name), list)), "")
    if not nested:
        yield flat
        return
    kind = "team" if "slug" in flat and "full name" not in flat else "repository"
    place = flat.get("full name") or (flat.get("slug") if kind == "team" else None) or flat.get("name")
    for person in flat[nested]:
        if isinstance(person, dict):
            yield {header_key(key): value for key, value in person.items()} | {kind: place}
        else:
            yield {"entry": person}


def place_of(values: dict[str, Any]) -> tuple[str, str]:
    """Give ("repository" or "team", its name); names may be objects of the API. Raises RowProblem."""
    for kind, keys in (("repository", _REPOSITORY), ("team", TEAM), ("repository", _FULL_NAME)):
        for key in keys:
            value = values.get(key)
            if isinstance(value, dict):
                value = value.get("full_name") or value.get("slug") or value.get("name")
            text = text_of(value, key)
            if text:
                return kind, text
    return "repository", ""


def permission_of(values: dict[str, Any], kind: str) -> str:
    """Give Admin, Maintain, Write, Triage, Read, or the source's own word, or "". Raises RowProblem."""
    word = first_text(values, (*PERMISSION, *(("role",) if kind == "team" or "permissions" not in values else ())))
    if not word and isinstance(values.get("permissions"), dict):
        word = next((name for name in _STRONGEST_FIRST if values["permissions"].get(name) is True), "")
    if not word and kind == "team":
        word = "member"
    return _ROLES.get(word.lower(), word.capitalize() if word.islower() else word)
