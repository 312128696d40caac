"""Before and after, compared for reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.text import capfirst

from ui.values import display


@dataclass(frozen=True)
class Change:
    """One key that differs. `before` or `after` is None when the key was absent there."""

    label: str
    before: str | SafeString | None
    after: str | SafeString | None


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The keys whose values differ, in the order of `after`, then those that went away."""
    keys = [*after, *(key for key in before if key not in after)]
    return [
        Change(
            capfirst(key.replace("_", " ").removesuffix(" id")),
            display(before[key]) if key in before else None,
            display(after[key]) if key in after else None,
        )
        for key in keys
        if before.get(key) != after.get(key)
    ]
