"""The registry of what of the product's own data may be deleted once it is old: each app says so for what it keeps.

What is not registered is never deleted: not the trail, not evidence, nothing that was frozen for a period. Schedules and legal
holds live above, and say through here which rows they leave.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

# What an audit stands on: no schedule is about it, whatever somebody registers.
NEVER = ("audit.", "controls.", "evidence.", "reviews.", "inventory.", "reports.")


@dataclass(frozen=True, slots=True)
class Disposable:
    """Rows that may go: `rows()` gives those that are over, `moment` names the field that says since when.

    `about` names the field with the e-mail address of whose they are, if there is one. A schedule keeps them for `minimum` days
    at least; without a schedule they go after `usual` days, or stay. `traced`: each row needs an event of its own when it goes.
    """

    key: str
    label: str
    words: str
    rows: Callable[[], QuerySet[Any]]
    moment: str
    about: str = ""
    minimum: int = 30
    usual: int | None = None
    traced: bool = False

    def older_than(self, moment: dt.datetime) -> QuerySet[Any]:
        """Those that are over since before `moment`."""
        return self.rows().filter(**{f"{self.moment}__lt": moment})


Scheduled = Callable[[str], bool]
Unheld = Callable[[Disposable, QuerySet[Any]], QuerySet[Any]]
_rules: list[tuple[Scheduled, Unheld]] = []  # those of the schedules and holds above; without them nothing is scheduled or held
_kinds: dict[str, Disposable] = {}


def register_disposable(kind: Disposable) -> None:
    """Add a kind of rows that may be deleted. Raises ValueError for what an audit stands on; call it from AppConfig.ready()."""
    if kind.rows().model._meta.label.startswith(NEVER):
        raise ValueError(f"{kind.key} is never deleted.")
    _kinds[kind.key] = kind


def disposables() -> dict[str, Disposable]:
    """All kinds, by key, in order of their labels."""
    return dict(sorted(_kinds.items(), key=lambda one: one[1].label))


def register_rules(*, scheduled: Scheduled, unheld: Unheld) -> None:
    """Say whether a schedule in force is about a kind, and which rows no legal hold covers."""
    _rules[:] = [(scheduled, unheld)]


def is_scheduled(key: str) -> bool:
    """Whether a schedule in force says when this kind goes."""
    return any(scheduled(key) for scheduled, _ in _rules)


def unheld(key: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `rows` that no legal hold covers."""
    for _, without in _rules:
        rows = without(_kinds[key], rows)
    return rows
