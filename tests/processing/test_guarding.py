"""Schemas that would fetch, never end, multiply, explode or check nothing are refused, at once and with the place."""

import json
import time
from typing import Any

import pytest

from processing.records.judging import TOO_MUCH, Effort, misfits
from processing.schemas.guarding import LONGEST, MOST_PATTERNS, Hostile, guard, parse
from processing.schemas.starters import STARTERS


def nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(depth):
        schema = {"not": schema}
    return schema


def doubling(levels: int) -> dict[str, Any]:
    """Each definition refers to the next one twice: 2 to the power of its levels."""
    steps = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}, {"$ref": f"#/$defs/d{n + 1}"}]} for n in range(levels)}
    return {"$ref": "#/$defs/d0", "$defs": {**steps, f"d{levels}": {}}}


HOSTILE: list[tuple[Any, str]] = [
    ({"$ref": "https://evil.example/schema"}, "#/$ref"),
    ({"$ref": "file:///etc/passwd"}, "#/$ref"),
    ({"properties": {"a": {"$ref": "//evil.example"}}}, "#/properties/a/$ref"),
    ({"$ref": 7}, "#/$ref"),
    ({"$ref": "#/$defs/nowhere"}, "#/$ref"),
    ({"$ref": "#/const", "const": {}}, "#/$ref"),
    ({"$dynamicRef": "#x"}, "#/$dynamicRef"),
    ({"$schema": "https://evil.example/meta"}, "#/$schema"),
    ({"properties": {"a": {"$id": "https://evil.example/"}}}, "#/properties/a/$id"),
    ({"$ref": "#"}, "#"),
    ({"allOf": [{"$ref": "#"}]}, "#"),
    ({"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#"}]}}}, "#"),
    ({"properties": {"k": {"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}}}, "#/properties/k"),
    ({"properties": {"k": {"$ref": "#"}}, "additionalProperties": {"$ref": "#"}}, "#"),
    ({"items": {"$ref": "#"}, "contains": {"$ref": "#"}}, "#"),
    (doubling(40), "#"),
    (nested(40), "#" + "/not" * 25),
    ({"pattern": r"(\w+)\1"}, "#/pattern"),
    ({"pattern": "(?=a)b"}, "#/pattern"),
    ({"pattern": "((a{1000}){1000}){1000}"}, "#/pattern"),
    ({"patternProperties": {"(?<!a)b": {}}}, "#/patternProperties/(?<!a)b"),
    ({"anyOf": [{"pattern": f"^{n}"} for n in range(MOST_PATTERNS + 1)]}, "#"),
    ({"requried": ["id"]}, "#/requried"),
    ({"format": "regex"}, "#/format"),
    ({"contentEncoding": "base64"}, "#/contentEncoding"),
    ({"type": "strin"}, "#/type"),
    ({"items": [{}]}, "#/items"),
    ({"allOf": {}}, "#/allOf"),
    ({"properties": {"a": 3}}, "#/properties/a"),
    ({"properties": []}, "#/properties"),
    ([], "#"),
]


@pytest.mark.parametrize(("schema", "where"), HOSTILE, ids=lambda one: json.dumps(one)[:50])
def test_a_hostile_schema_is_refused_at_once(schema, where):
    began = time.perf_counter()
    with pytest.raises(Hostile) as refused:
        guard(parse(json.dumps(schema)))
    assert refused.value.where == where or refused.value.where.startswith(f"{where}/")
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"type": "string", "type": "number"}',
        '{"const": NaN}',
        "[" * 100_000,
        '{"title": "' + "x" * LONGEST + '"}',
        '"\\ud800"',
        '{"properties": {"\\ud800": {}}}',
        '{"required": ["a\\u0000"]}',
        '{"const": ' + "7" * 5_000 + "}",
    ],
)
def test_what_is_no_json_is_refused(text):
    with pytest.raises(Hostile):
        guard(parse(text))


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}}},
        {"properties": {"children": {"type": "array", "items": {"$ref": "#"}}}},
        {"properties": {"k": {"anyOf": [{"$ref": "#"}, {"type": "string"}]}}},
        {"pattern": "^(a+)+$"},
        {"pattern": "^[^\\u0000]*$"},
        {"properties": {"a/b~c": {"type": "string"}, "d": {"$ref": "#/properties/a~1b~0c"}}},
        {"x-owner": "platform", "title": "Anything"},
    ],
)
def test_what_is_bounded_is_taken(schema):
    guard(schema)


def test_those_to_start_with_are_taken():
    for one in STARTERS:
        guard(parse(one.input_schema))
    assert [one.key for one in STARTERS] == ["tool_call", "user_data"]


def test_a_pattern_that_would_explode_elsewhere_takes_linear_time():
    began = time.perf_counter()
    _, count = misfits('{"type": "string", "pattern": "^(a+)+$"}', "a" * 200_000 + "!")
    assert count == 1
    assert time.perf_counter() - began < 1


BIG = list(range(40_000))


@pytest.mark.parametrize(
    ("schema", "document"),
    [
        ({"allOf": [{"type": "string"}] * 1_900}, BIG),
        ({"anyOf": [{"type": "string"}] * 1_900}, BIG),
        ({"required": [f"n{number}" for number in range(5_000)]}, {"big": BIG}),
        ({"properties": {"a": {"$ref": "#"}}, "allOf": [{"type": "string"}] * 20}, {"a": {"a": {"a": BIG}}}),
    ],
    ids=["all", "any", "names", "circle"],
)
def test_a_large_document_that_breaks_very_many_rules_is_said_not_to_fit_and_no_more(schema, document):
    text = json.dumps(schema)
    guard(parse(text))
    began = time.perf_counter()
    assert misfits(text, document, "input") == ([{"pointer": "#/input", "rule": "schema", "detail": TOO_MUCH}], 1)
    assert time.perf_counter() - began < 1


def test_a_request_with_many_documents_that_do_not_fit_is_read_to_its_end():
    text, effort, document = json.dumps({"allOf": [{"type": "string"}] * 20}), Effort(), list(range(2_000))
    effort.left = 1_000_000  # of which each takes some 190,000
    counts = [misfits(text, document, effort=effort)[1] for _ in range(9)]
    assert (counts[0], counts[-1]) == (20, 1)


def test_a_deep_tree_takes_time_in_proportion():
    document: Any = {}
    for _ in range(30):
        document = {"left": document, "right": "no tree"}
    began = time.perf_counter()
    text = json.dumps({"type": "object", "properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}}})
    assert misfits(text, document)[1] == 30
    assert time.perf_counter() - began < 1
