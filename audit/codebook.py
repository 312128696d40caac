"""The catalogue of event codes as a page: docs/events.md."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from django.conf import settings

from audit.codes import CODES, NONE, Code
from audit.sentences import area

PLACE = Path(settings.BASE_DIR) / "docs" / "events.md"
_HEAD = """# Event codes

Everything that happens in Plumbline leaves an event in the trail, and each event has a code that says what happened: `campaign.sign_off`,
`change.approve`. The part before the dot says what it is about, the part after it what was done.

**Codes are stable.** What a code means never changes, and a code is never used again for something else: filters, queries and
papers that name one stay good. New codes are added, and the [changelog](../CHANGELOG.md) says so.

You meet them on *Audit & reports > Trail*, where the filter *What* is by code; as `verb` in `/api/events` ([API](api.md)), in the
CSV and Excel files of the trail, and in the events of [the auditor's package](package.md). Whether it was done or refused is the
event's `result`: a code such as `session.sign_in` has both. [Proof of the trail](proof.md) says what keeps the events as they were.

*Record* is the kind of record as events name it in `object.kind`; a dash stands for none, such as in a denial. *Criteria* are those of the Trust
Services Criteria that the event speaks to: where an auditor asks about one of them, its events are a place to look. Neither makes a
control by itself.

This page is made by `bin/manage event_codes` of `audit/codes.csv`. The tests emit every code that stands here, and fail on one that
does not.
"""


def as_markdown() -> str:
    """The page: a short introduction, then a table for each thing that codes are about."""
    parts = groupby(CODES.values(), key=_about)
    return "\n".join([_HEAD, *(_section(about, rows) for about, rows in parts)])


def _about(code: Code) -> str:
    return code.code.partition(".")[0]


def _section(about: str, rows: Iterable[Code]) -> str:
    lines = [f"| `{row.code}` | {_records(row)} | {row.meaning} | {', '.join(row.criteria)} |" for row in rows]
    head = "| Code | Record | What it means | Criteria |\n|---|---|---|---|"
    return "\n".join([f"## {about}: {area(f'{about}.').lower()}", "", head, *lines, ""])


def _records(row: Code) -> str:
    return ", ".join("-" if one == NONE else f"`{one}`" for one in row.resources)
