"""What lies in the shared cache is plain data, and reading it makes no objects."""

import ast
import datetime as dt
import pickle
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache.backends.redis import RedisCache
from hypothesis import given
from hypothesis import strategies as st

from tenancy.caching import PlainSerializer
from tests.test_house import sources

PLAIN = PlainSerializer()
TIME = dt.datetime(2026, 11, 23, 17, 30, 1, 5, tzinfo=dt.UTC)
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.datetimes(timezones=st.just(dt.UTC))
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.tuples(st.text(), st.text()), inner),
)


@given(value=values | st.binary())
def test_what_is_kept_comes_back(value):
    kept = PLAIN.dumps(value)
    back = PLAIN.loads(str(kept).encode() if isinstance(kept, int) else kept)
    assert back == value
    assert type(back) is type(value)


def test_numbers_stay_numbers_for_counting():
    assert PLAIN.dumps(7) == 7
    assert PLAIN.loads(b"7") == 7
    assert PLAIN.dumps(True) != 1


def test_a_key_that_looks_like_a_mark_of_ours_is_a_key():
    value = {"~": "tuple", "v": ["x"]}
    kept = PLAIN.dumps(value)
    assert isinstance(kept, bytes)
    assert PLAIN.loads(kept) == value


@dataclass
class Thing:
    """Something that is no plain data."""

    name: str


@pytest.mark.parametrize("value", [Thing("x"), {1, 2}, object(), [Thing("x")]])
def test_what_is_no_plain_data_is_not_kept(value):
    with pytest.raises(TypeError, match="not kept in the cache"):
        PLAIN.dumps(value)


class Bomb:
    """Does something when it is unpickled."""

    def __reduce__(self) -> Any:
        return (pytest.fail, ("it was unpickled",))


def test_a_pickle_in_the_cache_is_not_opened():
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert PLAIN.loads(pickle.dumps(Bomb(), protocol)) is None


def test_the_product_keeps_its_values_so():
    (tree,) = [tree for name, tree in sources() if name == "grc/settings.py"]
    (kept,) = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CACHES"]
    assert "tenancy.caching.PlainSerializer" in ast.unparse(kept)
    made: Any = RedisCache("redis://localhost", {"OPTIONS": {"serializer": "tenancy.caching.PlainSerializer"}})
    assert isinstance(made._cache._serializer, PlainSerializer)
