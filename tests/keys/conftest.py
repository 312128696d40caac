"""Keys that are opened anew in each test."""

import base64
import secrets
from collections.abc import Iterator

import pytest

from keys import store


@pytest.fixture(autouse=True)
def _nothing_open() -> Iterator[None]:
    """What other tests have opened is not at hand, and nor is what this one opens afterwards."""
    store.forget()
    yield
    store.forget()


def a_key() -> str:
    """A master key as it is set."""
    return base64.b64encode(secrets.token_bytes(32)).decode()
