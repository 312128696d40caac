"""Whether a schema may be taken: JSON Schema 2020-12 whose work is bounded by the size of the document, whatever it is.

Refused are references to elsewhere, regular expressions that do not run in linear time, depth, size, keywords that do not
exist (a misspelt one would check nothing), references in circles that multiply, and what unfolds to too many rules.
"""

import functools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from api.problems import pointer
from processing.schemas.circles import circles, unfolded
from processing.schemas.compiling import FORMATS, Uncompilable, compile_schema

LONGEST = 64 * 1024  # bytes of one schema
DEEPEST = 24  # schemas within schemas
MOST_RULES = 2_000  # schemas in a schema, once what it refers to is put in its place
MOST_PATTERNS = 50
DIALECT = "https://json-schema.org/draft/2020-12/schema"

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # as JSON writes it; after an even number of backslashes it is none of a pattern
_IN_PLACE_MANY = ("allOf", "anyOf", "oneOf")
_IN_PLACE_ONE = ("not", "if", "then", "else")
_IN_PLACE_NAMED = ("dependentSchemas",)
_BELOW_ONE = ("items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties")
_BELOW_MANY = ("prefixItems",)
_BELOW_NAMED = ("properties", "patternProperties")
_RULES = (
    "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength",
    "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains", "maxProperties",
    "minProperties", "required", "dependentRequired", "format", "$ref",
)  # fmt: skip
_WORDS = ("$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly")
_KNOWN = frozenset(
    (*_IN_PLACE_MANY, *_IN_PLACE_ONE, *_IN_PLACE_NAMED, *_BELOW_ONE, *_BELOW_MANY, *_BELOW_NAMED, *_RULES, *_WORDS, "$defs")
)
_WHY_NOT = {
    "$dynamicRef": "References that depend on the path are not taken: use $ref.",
    "$dynamicAnchor": "References that depend on the path are not taken: use $ref.",
    "$anchor": "Anchors are not taken: refer to #/$defs/... instead.",
    "$vocabulary": "Vocabularies are not taken.",
    "definitions": "In this version of JSON Schema the word is $defs.",
    "contentEncoding": "Contents within texts are not checked.",
    "contentMediaType": "Contents within texts are not checked.",
    "contentSchema": "Contents within texts are not checked.",
}


class Hostile(ValueError):
    """A schema that is not taken: where, and why."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where, self.why = where, why


@dataclass(slots=True)
class _Node:
    """A schema within the schema: what is applied to the same value, and what to the values below."""

    where: str
    in_place: list[str] = field(default_factory=list)
    below: list[tuple[str, str]] = field(default_factory=list)  # (which values, where the schema is)
    errors: int = 1  # that it can give at most of one value


def parse(text: str) -> Any:
    """The JSON of a text. Raises Hostile for what is none, or says one thing twice."""
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        raise Hostile("#", f"A schema has at most {LONGEST:,} bytes.")
    try:
        schema = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        _check_texts(schema)
    except RecursionError as error:
        raise Hostile("#", f"It is nested deeper than {DEEPEST} schemas.") from error
    except json.JSONDecodeError as error:
        raise Hostile("#", f"This is no JSON: {error.msg} in line {error.lineno}, column {error.colno}.") from error
    except Hostile:
        raise
    except ValueError as error:
        raise Hostile("#", "It has a number of so many digits that nobody reads it.") from error
    return schema


def _check_texts(schema: Any) -> None:
    """Its words stand in errors, which are kept: neither NUL nor half a character can be. Raises Hostile."""
    written = json.dumps(schema, ensure_ascii=False)
    if _NUL.search(written) or any("\ud800" <= sign <= "\udfff" for sign in written):
        raise Hostile("#", "It has a text with NUL, or with half a character.")


def guard(schema: Any) -> None:
    """Raise Hostile unless documents can be validated against this schema without danger."""
    if not isinstance(schema, dict):
        raise Hostile("#", "A schema is a JSON object.")
    if schema.get("$schema", DIALECT) != DIALECT:
        raise Hostile("#/$schema", f"Schemas are of JSON Schema 2020-12: {DIALECT}")
    nodes = {node.where: node for node in _walk(schema, (), 0)}
    _check_references(nodes)
    _check_circles(nodes)
    _check_unfolded(nodes)
    _check_patterns(schema)
    try:
        compile_schema(schema)
    except Uncompilable as error:
        raise Hostile(error.where, error.why) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Hostile("#", "A name stands twice in one object.")
    return found


def _no_number(name: str) -> Any:
    raise Hostile("#", f"{name} is no number in JSON.")


def _walk(schema: Any, path: tuple[str, ...], depth: int) -> Iterator[_Node]:
    """Every schema within, each checked by itself."""
    node = _Node(pointer(*path))
    if depth > DEEPEST:
        raise Hostile(node.where, f"It is nested deeper than {DEEPEST} schemas.")
    yield node
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        raise Hostile(node.where, "A schema is a JSON object, true or false.")
    _check_words(schema, path)
    node.errors = _errors(schema)
    if "$ref" in schema:
        node.in_place.append(_target(schema["$ref"], path))
    for steps, sort in _within(schema, path):
        inner = (*path, *steps)
        if sort == "in place":
            node.in_place.append(pointer(*inner))
        elif sort != "apart":
            node.below.append((sort, pointer(*inner)))
        yield from _walk(_part(schema, steps), inner, depth + 1)


def _errors(schema: dict[str, Any]) -> int:
    """Each word gives one at most, but those that name what is missing one for each name."""
    named = [schema.get("required"), *_values(schema.get("dependentRequired"))]
    return len(schema) + sum(len(one) for one in named if isinstance(one, list))


def _values(named: Any) -> Iterable[Any]:
    return named.values() if isinstance(named, dict) else ()


@functools.lru_cache(maxsize=256)
def weight(text: str, levels: int) -> int:
    """How many errors there can be at most of each value of a document of so many levels, by a text that was guarded."""
    nodes = {node.where: node for node in _walk(json.loads(text), (), 0)}
    graph = _graph(nodes)
    part_of = circles(graph)
    sizes = unfolded(graph, part_of, {where: node.errors for where, node in nodes.items()})
    return sizes["#"] if set(part_of.values()) == {None} else levels * sum(sizes.values())


def _part(schema: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        schema = schema[int(step)] if isinstance(schema, list) else schema[step]
    return schema


def _within(schema: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where schemas are within a schema, and what they are applied to. Raises Hostile where one cannot be."""
    for name, value in schema.items():
        if name in _IN_PLACE_ONE:
            yield (name,), "in place"
        elif name in _BELOW_ONE:
            yield (name,), name
        elif name in (*_IN_PLACE_MANY, *_BELOW_MANY):
            if not isinstance(value, list):
                raise Hostile(pointer(*path, name), "This is a list of schemas.")
            yield from (((name, str(at)), "in place" if name in _IN_PLACE_MANY else f"{name} {at}") for at in range(len(value)))
        elif name in (*_IN_PLACE_NAMED, *_BELOW_NAMED, "$defs"):
            if not isinstance(value, dict):
                raise Hostile(pointer(*path, name), "This is an object of schemas.")
            sort = {"$defs": "apart", "dependentSchemas": "in place", "properties": "property"}.get(name)
            yield from (((name, key), sort if sort in {"apart", "in place"} else f"{sort or name} {key}") for key in value)


def _check_words(schema: dict[str, Any], path: tuple[str, ...]) -> None:
    for name in schema:
        if name not in _KNOWN and not name.startswith("x-"):
            raise Hostile(pointer(*path, name), _WHY_NOT.get(name, "JSON Schema has no such keyword: it would check nothing."))
    for name in ("$id", "$schema"):
        if name in schema and path:
            raise Hostile(pointer(*path, name), "Only the whole schema has this.")
    if "format" in schema and schema["format"] not in FORMATS:
        raise Hostile(pointer(*path, "format"), f"One of: {', '.join(FORMATS)}.")


def _target(reference: Any, path: tuple[str, ...]) -> str:
    """Where a reference leads. Raises Hostile when it leads elsewhere."""
    if not isinstance(reference, str) or not (reference == "#" or reference.startswith("#/")):
        raise Hostile(pointer(*path, "$ref"), "References lead to # or #/..., within the schema: nothing is fetched.")
    return reference


def _check_references(nodes: dict[str, _Node]) -> None:
    for node in nodes.values():
        for target in node.in_place:
            if target not in nodes:
                raise Hostile(f"{node.where}/$ref", f"There is no schema at {target[:100]}.")


def _check_circles(nodes: dict[str, _Node]) -> None:
    """A circle must go down into the document at each turn, and by one way only: otherwise its work multiplies."""
    in_place = circles({one.where: one.in_place for one in nodes.values()})
    for where, circle in in_place.items():
        if circle is not None:
            raise Hostile(where, "It refers to itself without going into the document: that never ends.")
    part_of = circles(_graph(nodes))
    for node in nodes.values():
        if (circle := part_of[node.where]) is not None and len(set(_ways(node, part_of, circle))) > 1:
            raise Hostile(node.where, "It leads back to itself in several ways: their work multiplies with each level.")


def _graph(nodes: dict[str, _Node]) -> dict[str, list[str]]:
    return {one.where: [*one.in_place, *(target for _, target in one.below)] for one in nodes.values()}


def _ways(node: _Node, part_of: dict[str, int | None], circle: int) -> Iterator[str]:
    """By which a schema leads on within its circle. Properties lead to different values, so they are one way."""
    yield from (f"in place {at}" for at, target in enumerate(node.in_place) if part_of[target] == circle)
    yield from ("property" if sort.startswith("property ") else sort for sort, to in node.below if part_of[to] == circle)


def _check_unfolded(nodes: dict[str, _Node]) -> None:
    """How many rules there are once each reference is replaced by what it refers to; circles count once."""
    graph = _graph(nodes)
    if unfolded(graph, circles(graph))["#"] > MOST_RULES:
        raise Hostile("#", f"It unfolds to more than {MOST_RULES:,} rules.")


def _check_patterns(schema: Any) -> None:
    """Each is a machine of its own, kept as long as the schema is."""
    count, work = 0, [schema]
    while work:
        part = work.pop()
        if isinstance(part, list):
            work += part
        elif isinstance(part, dict):
            count += isinstance(part.get("pattern"), str)
            named = part.get("patternProperties")
            count += len(named) if isinstance(named, dict) else 0
            work += part.values()
    if count > MOST_PATTERNS:
        raise Hostile("#", f"It has more than {MOST_PATTERNS} regular expressions.")
