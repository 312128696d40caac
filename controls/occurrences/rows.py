"""The rows of occurrences against what is expected of them, in sets.

Why raw SQL: a thousand daily controls have 365,000 rows a year, which neither the memory nor a query for each would bear.
Every state changed here gets an event of its own from the caller; rows added are covered by one event of their control.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from audit.record import Entry
from controls.occurrences.cadence import Expected
from tenancy.scope import current_tenant_id

_BATCH = 2000
_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": " ", "\n": " ", "\r": " "})
_DATES = ("starts_on", "ends_on", "opens_on", "due_on", "missed_after")
_CREATE = """
CREATE TEMPORARY TABLE occurrence_expected (
  control_id uuid, make boolean, kind text, key text, label text, starts_on date, ends_on date, opens_on date, due_on date,
  missed_after date, subject_kind text, subject_id uuid
) ON COMMIT DROP
"""
# Rows of a change of the configuration follow from no cadence: they stay out of it.
_PRESENT = """
CREATE TEMPORARY TABLE occurrence_present ON COMMIT DROP AS
SELECT id, control_id, key, label, status, statement, starts_on, ends_on, opens_on, due_on, missed_after
FROM controls_occurrence
WHERE tenant_id = %(tenant)s AND control_id = ANY(%(controls)s) AND key NOT LIKE 'change:%%'
"""
_ABSENT = """
FROM occurrence_expected AS e
LEFT JOIN occurrence_present AS o ON o.control_id = e.control_id AND o.key = e.key
WHERE e.make AND o.id IS NULL
"""
_MISSING = f"SELECT e.control_id, count(*), min(e.ends_on), max(e.ends_on) {_ABSENT} GROUP BY e.control_id ORDER BY e.control_id"
_ADD = f"""
INSERT INTO controls_occurrence (id, tenant_id, control_id, kind, key, label, starts_on, ends_on, opens_on, due_on,
    missed_after, status, statement, subject_kind, subject_id)
SELECT uuid_v7(), %(tenant)s, e.control_id, e.kind, e.key, e.label, e.starts_on, e.ends_on, e.opens_on, e.due_on,
    e.missed_after, 'open', '', e.subject_kind, e.subject_id
{_ABSENT}
ORDER BY e.control_id, e.ends_on
"""
# What ended before anything is laid out stays as it is.
_DIFFERENCES = """
SELECT o.id, o.control_id, o.label, o.status, o.starts_on, o.ends_on, o.opens_on, o.due_on, o.missed_after,
    e.key IS NOT NULL, e.starts_on, e.ends_on, e.opens_on, e.due_on, e.missed_after
FROM occurrence_present AS o
LEFT JOIN occurrence_expected AS e ON e.control_id = o.control_id AND e.key = o.key
WHERE o.status IN ('open', 'withdrawn') AND o.ends_on >= %(first)s
  AND CASE o.status
    WHEN 'withdrawn' THEN COALESCE(e.make, false)
    ELSE e.key IS NULL OR (o.starts_on, o.ends_on, o.opens_on, o.due_on, o.missed_after, o.label)
      IS DISTINCT FROM (e.starts_on, e.ends_on, e.opens_on, e.due_on, e.missed_after, e.label)
  END
ORDER BY o.control_id, o.ends_on
"""
# A statement that nothing occurred, and up to three events of the time that it is about.
_REFUTED = """
SELECT o.id, o.control_id, o.label, o.statement, (array_agg(e.label ORDER BY e.ends_on, e.key))[1:3]
FROM occurrence_present AS o
JOIN occurrence_expected AS e ON e.control_id = o.control_id AND e.kind = 'event'
  AND e.ends_on BETWEEN o.starts_on AND o.ends_on AND split_part(e.key, ':', 1) = split_part(o.key, ':', 2)
WHERE o.status = 'did_not_occur' AND o.key LIKE 'none:%%' AND o.ends_on >= %(first)s
GROUP BY o.id, o.control_id, o.label, o.statement, o.ends_on
ORDER BY o.control_id, o.ends_on
"""
_LOCK = """
SELECT id, status FROM controls_occurrence WHERE tenant_id = %(tenant)s AND id = ANY(%(rows)s) ORDER BY id FOR NO KEY UPDATE
"""
_WITHDRAW = "UPDATE controls_occurrence SET status = 'withdrawn' WHERE tenant_id = %(tenant)s AND id = ANY(%(rows)s)"
_REFUTE = """
UPDATE controls_occurrence SET status = 'withdrawn', statement = '', stated_by_id = NULL, stated_at = NULL
WHERE tenant_id = %(tenant)s AND id = ANY(%(rows)s)
"""
_MOVE = """
UPDATE controls_occurrence AS o
SET status = 'open', starts_on = e.starts_on, ends_on = e.ends_on, opens_on = e.opens_on, due_on = e.due_on,
    missed_after = e.missed_after, label = e.label
FROM occurrence_expected AS e
WHERE o.tenant_id = %(tenant)s AND o.id = ANY(%(rows)s) AND e.control_id = o.control_id AND e.key = o.key
"""


@dataclass(frozen=True, slots=True)
class Missing:
    """How many rows a control lacks, and from when to when they end."""

    control_id: uuid.UUID
    count: int
    first: dt.date
    last: dt.date

    @property
    def facts(self) -> dict[str, Any]:
        """What the event says."""
        return {"occurrences": self.count, "from": self.first, "until": self.last}


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not as expected: `new` holds its dates as they should be, None when it does not follow any more."""

    id: uuid.UUID
    control_id: uuid.UUID
    label: str
    status: str
    old: dict[str, dt.date]
    new: dict[str, dt.date] | None

    def entry(self, code: str) -> Entry:
        """The event's object, named by its control's code, with what changes on it."""
        before: dict[str, Any] = {"status": self.status}
        after: dict[str, Any] = {"status": "open" if self.new else "withdrawn"}
        if self.new is not None:
            changed = [name for name in _DATES if self.old[name] != self.new[name]]
            before |= {name: self.old[name] for name in changed}
            after |= {name: self.new[name] for name in changed}
        return Entry("controls.occurrence", self.id, f"{code} {self.label}", before, after)


@dataclass(frozen=True, slots=True)
class Refuted:
    """A statement that nothing occurred, of a time in which something did."""

    id: uuid.UUID
    control_id: uuid.UUID
    label: str
    statement: str
    events: list[str]

    def entry(self, code: str) -> Entry:
        """The event's object, with what was stated and what came to light."""
        before = {"status": "did_not_occur", "statement": self.statement}
        note = f"There was something after all: {', '.join(self.events)}."
        after = {"status": "withdrawn", "statement": ""}
        return Entry("controls.occurrence", self.id, f"{code} {self.label}", before, after, {"note": note})


@contextmanager
def expecting(cursor: Any, controls: Sequence[uuid.UUID], rows: Iterable[tuple[uuid.UUID, Expected, bool]]) -> Iterator[None]:
    """Hold what is expected beside what is there, in temporary tables whose size the planner knows.

    `rows` are (control, occurrence, whether to make it when it is not there). They may run queries: they are read before
    the table is filled. The planner knows nothing of rows made a moment ago: joined directly, 365,000 take minutes.
    """
    cursor.execute(_CREATE)
    cursor.execute(_PRESENT, {"tenant": current_tenant_id(), "controls": list(controls)})
    for lines in _batches(rows):
        # No query may run on the connection while COPY has it: psycopg would wait for itself.
        with cursor.copy("COPY occurrence_expected FROM STDIN") as copy:
            copy.write("".join(lines).encode())
    cursor.execute("CREATE INDEX ON occurrence_expected (control_id, key)")
    cursor.execute("ANALYZE occurrence_expected, occurrence_present")
    yield
    cursor.execute("DROP TABLE occurrence_expected, occurrence_present")


def count_missing(cursor: Any) -> list[Missing]:
    """What `add` would add, for each control."""
    cursor.execute(_MISSING)
    return [Missing(*row) for row in cursor.fetchall()]


def add(cursor: Any) -> None:
    """Insert what is expected and not there."""
    cursor.execute(_ADD, {"tenant": current_tenant_id()})


def differences(cursor: Any, first: dt.date) -> list[Difference]:
    """The open and withdrawn rows ending on or after `first` that are not as expected, locked.

    One that somebody performed in the meantime is left out.
    """
    cursor.execute(_DIFFERENCES, {"first": first})
    found = [_difference(row) for row in cursor.fetchall()]
    still = _statuses(cursor, [one.id for one in found])
    return [one for one in found if still[one.id] == one.status]


def refuted(cursor: Any, first: dt.date) -> list[Refuted]:
    """The statements ending on or after `first` that an event has refuted, locked."""
    cursor.execute(_REFUTED, {"first": first})
    found = [Refuted(*row) for row in cursor.fetchall()]
    still = _statuses(cursor, [one.id for one in found])
    return [one for one in found if still[one.id] == "did_not_occur"]


def refute(cursor: Any, found: Sequence[Refuted]) -> None:
    """Withdraw these statements; the trail keeps what they said."""
    cursor.execute(_REFUTE, {"tenant": current_tenant_id(), "rows": [one.id for one in found]})


def _statuses(cursor: Any, rows: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The states of these rows as they are now, locked."""
    if not rows:
        return {}
    cursor.execute(_LOCK, {"tenant": current_tenant_id(), "rows": list(rows)})
    return dict(cursor.fetchall())


def change(cursor: Any, found: Sequence[Difference]) -> None:
    """Withdraw or move these rows. All of one kind."""
    if found:
        statement = _WITHDRAW if found[0].new is None else _MOVE
        cursor.execute(statement, {"tenant": current_tenant_id(), "rows": [one.id for one in found]})


def _difference(row: Sequence[Any]) -> Difference:
    old = dict(zip(_DATES, row[4:9], strict=True))
    new = dict(zip(_DATES, row[10:15], strict=True)) if row[9] else None
    return Difference(row[0], row[1], row[2], row[3], old, new)


def _batches(rows: Iterable[tuple[uuid.UUID, Expected, bool]]) -> Iterator[list[str]]:
    lines: list[str] = []
    tails: dict[int, tuple[Expected, str]] = {}  # controls of one cadence share the very objects
    for control, one, make in rows:
        known = tails.get(id(one))
        if known is None:
            known = tails[id(one)] = (one, _tail(one))
        tail = known[1]
        lines.append(f"{control}\t{'t' if make else 'f'}\t{tail}")
        if len(lines) == _BATCH:
            yield lines
            lines = []
    if lines:
        yield lines


def _tail(one: Expected) -> str:
    """The columns after the control's own, as COPY reads them."""
    dates = [getattr(one, name).isoformat() for name in _DATES]
    texts = [text.translate(_ESCAPES) for text in (one.kind, one.key, one.label)]
    return "\t".join([*texts, *dates, one.subject_kind, str(one.subject_id) if one.subject_id else _NULL]) + "\n"
