"""Documents are hashed in canonical form, whichever way that is written; what has none is refused."""

import hashlib
import io
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from processing.records.documents import DEEPEST, LONGEST, DocumentParser, Unreadable, canonical, digest_of

WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
LEAVES = st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | st.text()
DOCUMENTS = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(DOCUMENTS)
def test_it_is_what_the_standard_says(document):
    assert canonical(document) == rfc8785.dumps(document)


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({"b": 1, "a": [True, None, "é"]}, '{"a":[true,null,"é"],"b":1}'),
        (
            [56.0, 1e30, 1e-7, 4.50, 2e-3, -0.0, 333333333.33333329],
            "[56,1e+30,1e-7,4.5,0.002,0,333333333.3333333]",
        ),  # RFC 8785, 3.2.2.3
        (
            {"\u20ac": 1, "\r": 2, "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"): 3, "1": 4},
            '{"\\r":2,"1":4,"€":1,"😀":3}',
        ),
        ({"€": '\u000f\n\\"'}, '{"€":"\\u000f\\n\\\\\\""}'),
    ],
)
def test_known_forms(document, text):
    assert canonical(document).decode() == text
    assert digest_of(document) == hashlib.sha256(text.encode()).hexdigest()


def deep(levels: int) -> Any:
    document: Any = 1
    for _ in range(levels):
        document = [document]
    return document


@pytest.mark.parametrize(
    "document",
    [
        deep(DEEPEST + 1),
        deep(900),
        "x" * LONGEST,
        2**53,
        -(2**60),
        float("inf"),
        float("nan"),
        "\ud800",
        {"\ud800": 1},
        {"a": 1e308 * 10},
    ],
    ids=["deep", "deeper", "large", "whole", "negative", "infinite", "nan", "half", "half a name", "sum"],
)
def test_what_has_no_form_is_refused(document):
    with pytest.raises(Unreadable):
        digest_of(document)


def test_the_deepest_that_is_taken():
    assert digest_of(deep(DEEPEST))


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"[1]",
        b"\xff",
        b"[" * 100_000,
        b'{"a": 1' + b"1" * 5000 + b"}",
    ],
)
def test_a_body_that_two_readers_would_read_otherwise_is_refused(body):
    with pytest.raises(ParseError):
        DocumentParser().parse(io.BytesIO(body))


def test_names_in_any_order_have_one_hash():
    assert digest_of(json.loads('{"a":1,"b":{"c":2,"d":3}}')) == digest_of(json.loads('{"b":{"d":3,"c":2},"a":1}'))
