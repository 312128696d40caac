"""What an approval is bound to: the SHA-256 of the content that its approvers saw, the same wherever somebody approves."""

import hashlib
from collections.abc import Mapping
from typing import Any, cast

from audit.record import canonical


def hash_of(content: Mapping[str, Any]) -> str:
    """SHA-256 over canonical JSON, 64 hexadecimal digits. Of a row ({"id", "name"}) the name does not count, its key does."""
    return hashlib.sha256(canonical({name: bare(value) for name, value in content.items()}).encode()).hexdigest()


def bare(value: Any) -> Any:
    """Rows by their key: a system that is renamed is the same system. Lists of them in one order."""
    if isinstance(value, list):
        return sorted(bare(one) for one in value)
    if isinstance(value, dict) and "id" in value:
        return cast("str", value["id"])
    return value
