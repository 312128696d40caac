"""What an approval is bound to: the fields that its approvers saw, in one form, and its hash."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from changes.models import Change, ChangeSystem
from workflow.binding import bare

TEXTS = ("title", "description", "impact", "rollback_plan", "abort_criteria", "test_plan")
_CHOSEN = ("type", "kind", "priority", "risk")
LABELS = {
    "title": "Title",
    "type": "Type",
    "kind": "Kind",
    "priority": "Priority",
    "requester": "Asked for by",
    "template": "Template",
    "systems": "Systems affected",
    "environments": "Environments",
    "description": "What will change",
    "impact": "Who notices, and how",
    "risk": "Risk",
    "answers": "Risk questionnaire",
    "window_from": "Planned from",
    "window_until": "Planned until",
    "rollback_plan": "How it is undone",
    "abort_criteria": "When it is stopped or undone",
    "test_plan": "How it is tested",
    "repository": "Repository",
    "number": "Number of the request",
    "head_sha": "Last commit",
}
BOUND = tuple(LABELS)


def content_of(change: Change, *, narrowed: bool = False) -> dict[str, Any]:
    """The bound fields of a change as they are in the database, each a JSON value; one query, and those of its relations.

    `narrowed`: without its window, which was chosen after an approval for any time.
    """
    systems = ChangeSystem.objects.filter(change=change).order_by("system__name", "system_id")
    return {
        **{name: getattr(change, name) for name in (*TEXTS, *_CHOSEN)},
        "requester": _row(change.requester),
        "template": _row(change.template),
        "systems": [{"id": str(key), "name": name} for key, name in systems.values_list("system_id", "system__name")],
        "environments": sorted(change.environments),
        "answers": change.answers,
        "window_from": None if narrowed else _instant(change.window_from),
        "window_until": None if narrowed else _instant(change.window_until),
        "repository": change.repository,
        "number": change.number,
        "head_sha": change.head_sha,
    }


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What differs, in the order of the page: [{"field", "label", "before", "after"}], values as in the content."""
    return [
        {"field": name, "label": label, "before": before.get(name), "after": after.get(name)}
        for name, label in LABELS.items()
        if bare(before.get(name)) != bare(after.get(name))
    ]


def _row(row: Any) -> dict[str, str] | None:
    return None if row is None else {"id": str(row.pk), "name": str(row)}


def _instant(value: dt.datetime | None) -> str | None:
    return None if value is None else value.astimezone(dt.UTC).isoformat()
