"""Fields with rules of their own, over all of the API: which no answer gives, and which nobody may set."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models.token import PREFIX_LENGTH
from api.schema import generate
from changes.models import GateAnswer

ONCE = re.compile(r"secret|password|token|sealed|recovery|private|digits")
SAFE = {"has_secret", "secret_at"}  # that there is one, and since when
BEGINNING = {"GET /api/gate-answers", "GET /api/gate-answers/{id}"}  # by which token a pipeline asked: its first letters
DERIVED = re.compile(r"^(?:id|state|status|tenant|organization|seal|.*_by|.*_at)$")
# What a program tells of the world outside: who did it there, when, and how it stands there. None is a field of ours.
TOLD = {
    "agreed_by", "agreed_at", "approved_by", "chosen_by", "deployed_by", "deployed_at", "detected_at", "detected_by", "ends_at",
    "extracted_by", "given_at", "hands_over_at", "lowered_by", "occurred_at", "ran_at", "requested_by", "started_at", "starts_at",
}  # fmt: skip
# Documents of other systems, with their own numbers and how it stands there.
THEIRS = {"POST /api/deployments", "POST /api/incoming-alerts", "POST /api/processing/{key}"}


@pytest.fixture(scope="module")
def described() -> Any:
    return generate()


def operations(described: Any) -> Iterator[tuple[str, Any]]:
    for path, methods in described["paths"].items():
        yield from ((f"{method.upper()} {path}", one) for method, one in methods.items() if "responses" in one)


def names_in(part: Any, described: Any, seen: frozenset[str] = frozenset()) -> set[str]:
    """The names of all fields within a part of the description."""
    if isinstance(part, list):
        return {name for one in part for name in names_in(one, described, seen)}
    if not isinstance(part, dict):
        return set()
    found = set(part["properties"]) if isinstance(part.get("properties"), dict) else set()
    if (reference := part.get("$ref")) and reference not in seen:
        name = reference.rpartition("/")[2]
        found |= names_in(described["components"]["schemas"].get(name), described, seen | {reference})
    return found.union(*(names_in(one, described, seen) for key, one in part.items() if key not in {"$ref", "example"}))


def test_no_answer_has_a_field_with_a_secret(described: Any):
    found = {name: names_in(one["responses"], described) for name, one in operations(described)}
    assert len(found) > 500
    given = {name: [field for field in fields if ONCE.search(field) and field not in SAFE] for name, fields in found.items()}
    assert {name: fields for name, fields in given.items() if fields} == {name: ["token"] for name in BEGINNING}
    assert GateAnswer._meta.get_field("token").max_length == PREFIX_LENGTH


def test_what_follows_from_acts_is_taken_from_nobody(described: Any):
    """State, who did it and when: what looks like that among what is sent is told of the world outside."""
    found = {name: names_in(one.get("requestBody"), described) for name, one in operations(described)}
    taken = {field for fields in found.values() for field in fields if DERIVED.match(field)}
    assert taken - {"id", "status"} == TOLD
    assert {name for name, fields in found.items() if fields & {"id", "status"}} == THEIRS
