"""The catalogue of event codes as a page: docs/events.md."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from django.conf import settings

from audit.codes import CODES, NONE, Code
from audit.sentences import area

PLACE = Path(settings.BASE_DIR) / "docs" / "events.md"
_HEAD = """# Event codes

What happens in Plumbline leaves an event in the trail, and the code of an event says what happened: `campaign.sign_off`,
`change.approve`. The part before the dot says what it is about, the part after it what was done.

**Codes are stable.** What a code means does not change, and no code is used again for something else: filters, queries and
papers that name one stay good. Codes are added, and [the changelog](../CHANGELOG.md) says so.

*Audit & reports > Trail* says it in words; its exports, and wide screens, have the code in a column beside them. As `verb` it
stands on the page of an event, in `/api/events` ([API](api.md)) and in the events of [the auditor's package](package.md).
Whether something was done, or was refused or failed, is the event's `result`: `session.sign_in` has both.

*Record* is the kind of record, as `object.kind` has it; a dash stands for none, as in a denial. *Criteria* are those of the
Trust Services Criteria for which an auditor would look at such an event. It may speak to others too, and shows no control alone.

`bin/manage event_codes` makes this page of `audit/codes.csv`. A test fails when it makes an event that is not here, and the
whole run of the tests fails when there is a code here that no test has emitted.
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
    return "\n".join([f"## {area(about)} (`{about}`)", "", head, *lines, ""])


def _records(row: Code) -> str:
    return ", ".join("-" if one == NONE else f"`{one}`" for one in row.resources)
