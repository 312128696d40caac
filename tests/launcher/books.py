"""Whether what the clients were told, what the rows say and what the trail says are the same; asked of the database itself.

Each question gives what is wrong, so that an empty list is an answer.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.launcher.load import ROWS, Told
from tests.launcher.whole import Site

Event = dict[str, Any]
EVENTS = """
SELECT id::text, verb, object_id::text AS record, at, body::jsonb -> 'before' AS before, body::jsonb -> 'after' AS after,
       body::jsonb -> 'metadata' ->> 'note' AS note, actor_id IS NOT NULL AS asked
FROM audit_event WHERE tenant_id = %s AND result = 'success' ORDER BY at, id
"""
RISKS = "SELECT id::text, statement, cause, category, review_days, status, closed_reason FROM risks_risk WHERE tenant_id = %s"
# Tables whose changes ask for an event of their own record.
AUDITED = """
SELECT t.tgrelid::regclass::text FROM pg_trigger t
WHERE t.tgname = 'audited' AND t.tgrelid <> 'audit_obligation'::regclass AND t.tgtype & 4 = 4
"""
SILENT = """
SELECT '{table} ' || r.id FROM {table} r
WHERE r.tenant_id = %s AND NOT EXISTS (SELECT FROM audit_event e WHERE e.object_id = r.id)
"""
# Each row was written last by the transaction, and the savepoint, that wrote an event on it.
TOGETHER = """
SELECT r.id FROM risks_risk r
WHERE r.tenant_id = %s AND NOT EXISTS (SELECT FROM audit_event e WHERE e.object_id = r.id AND e.xmin = r.xmin)
"""
# What a program that was killed half way might leave in the database.
LEFT = {
    "an event that is owed": "SELECT 'owed: ' || child FROM audit_obligation",
    "an answer that was never given": "SELECT key FROM api_keptanswer WHERE status = 0",
    "a transaction that waits": "SELECT gid FROM pg_prepared_xacts",
    "a mail that nobody caused": "SELECT key FROM workflow_outboxmessage m WHERE key LIKE 'risk:%' AND NOT EXISTS"
    " (SELECT FROM audit_event e WHERE e.id::text = split_part(m.key, ':', 2))",
}
# What has to be so once all work is done.
UNDONE = {
    "a job that is not over": "SELECT kind || ' ' || status FROM workflow_job WHERE status IN ('queued', 'running')",
    "a mail that was not sent": "SELECT key || ' ' || status FROM workflow_outboxmessage WHERE status <> 'sent'",
    "a population half way": "SELECT id || ' ' || status FROM inventory_snapshot WHERE status <> 'imported'",
}


class Books:
    """The database of a site, read by the role that makes backups: it sees every row, and changes none."""

    def __init__(self, site: Site, told: Told) -> None:
        self.site, self.told = site, told
        self.organization = site.people.organization

    def faults(self) -> list[str]:
        """All that is wrong now."""
        told = list(self.told.done)  # first: what is said from here on is not judged
        with self._connected() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            risks = {row["id"]: row for row in connection.execute(RISKS, [self.organization])}
            events = list(connection.execute(EVENTS, [self.organization]))
            found = list(self._silent(connection)) + list(_rows(connection, LEFT))
            found += _without_mail(connection, events, self.site.people.colleague)
        found += _lost(told, events, risks)
        found += _doubled(events, self.told.sent)
        return found + list(_differing(events, risks))

    def undone(self) -> list[str]:
        """What is not done although it was asked for, or done twice; once nobody asks for more."""
        with self._connected() as connection:
            return list(_rows(connection, UNDONE)) + list(self._imported(connection))

    def latest_mail(self) -> float:
        """When a mail was last sent, in seconds of the epoch."""
        with self._connected() as connection:
            row = connection.execute(
                "SELECT extract(epoch FROM max(sent_at))::float AS at FROM workflow_outboxmessage"
            ).fetchone()
        return (row or {}).get("at") or 0.0

    def mails(self) -> list[str]:
        """The Message-ID of every mail."""
        with self._connected() as connection:
            return [f"<{row['id']}@plumbline.invalid>" for row in connection.execute("SELECT id FROM workflow_outboxmessage")]

    def files(self) -> set[str]:
        """The SHA-256 of every file that a row knows."""
        with self._connected() as connection:
            return {row["sha256"] for row in connection.execute("SELECT sha256 FROM evidence_storedfile")}

    def _connected(self) -> psycopg.Connection[dict[str, Any]]:
        return psycopg.connect(self.site.servers.database.url("backup"), row_factory=dict_row)

    def _silent(self, connection: psycopg.Connection[dict[str, Any]]) -> Iterator[str]:
        tables = [row["tgrelid"] for row in connection.execute(AUDITED)]
        assert "risks_risk" in tables
        for table in tables:
            for row in connection.execute(SILENT.format(table=table), [self.organization]):
                yield f"no event: {next(iter(row.values()))}"
        for row in connection.execute(TOGETHER, [self.organization]):
            yield f"no event in its transaction: {row['id']}"

    def _imported(self, connection: psycopg.Connection[dict[str, Any]]) -> Iterator[str]:
        rows = connection.execute("SELECT snapshot_id::text AS key, count(*) FROM inventory_entitlement GROUP BY 1")
        loaded = {row["key"]: row["count"] for row in rows}
        ends = Counter(
            event["record"] for event in connection.execute(EVENTS, [self.organization]) if event["verb"] == "snapshot.finish"
        )
        for key in self.told.imported | loaded.keys() | ends.keys():
            if (loaded.get(key), ends[key], key in self.told.imported) != (ROWS, 1, True):
                yield f"population {key}: {loaded.get(key)} rows, finished {ends[key]} times"


def _rows(connection: psycopg.Connection[dict[str, Any]], questions: dict[str, str]) -> Iterator[str]:
    for name, question in questions.items():
        for row in connection.execute(question):
            yield f"{name}: {next(iter(row.values()))}"


def _word_of(event: Event) -> str:
    """The word that an event of a risk was asked for with."""
    after = event["after"] or {}
    return str(after.get("closed_reason") or event["note"] or after.get("cause") or "")


def _lost(told: list[tuple[str, str, str]], events: list[Event], risks: dict[str, Any]) -> Iterator[str]:
    """What was said to be done and has no event, or no row."""
    words = {(event["verb"], event["record"], _word_of(event)) for event in events}
    acts = {(event["verb"], event["record"]) for event in events}
    for verb, record, word in told:
        if verb.startswith("risk."):
            if (verb, record, word) not in words:
                yield f"lost: {verb} {record} {word}"
            if record not in risks:
                yield f"no row: {record} {word}"
        elif (verb, record) not in acts:
            yield f"lost: {verb} {record} {word}"


def _doubled(events: list[Event], sent: set[str]) -> Iterator[str]:
    """What was done more than once, or was asked for by nobody."""
    asked = [event for event in events if event["verb"].startswith("risk.") and event["asked"]]  # the product reminds by itself
    words = Counter(map(_word_of, asked))
    for word, count in words.items():
        if count > 1:
            yield f"done {count} times: {word}"
        if word not in sent:
            yield f"asked for by nobody: {word}"


def _differing(events: list[Event], risks: dict[str, Any]) -> Iterator[str]:
    """Risks that are not what their events made of them, one after the other."""
    made: dict[str, dict[str, Any]] = defaultdict(dict)
    for event in events:
        if event["verb"].startswith("risk."):
            yield from _apply(event, made[event["record"]])
    for key in made.keys() - risks.keys():
        yield f"an event without change: {key}"
    for key, row in risks.items():
        wrong = [name for name in row.keys() & made[key].keys() if (row[name] or None) != (made[key][name] or None)]
        yield from (f"a change without event: {key} {name} is {row[name]!r}, not {made[key][name]!r}" for name in wrong)


def _apply(event: Event, values: dict[str, Any]) -> Iterator[str]:
    """Bring values to what they are after an event; they have to be what they were before it."""
    for name, value in (event["before"] or {}).items():
        if name in values and values[name] != value:
            yield f"a change without event: {event['record']} {name} was {value!r}, and {values[name]!r} before"
    values |= event["after"] or {}


def _without_mail(connection: psycopg.Connection[dict[str, Any]], events: list[Event], member: str) -> Iterator[str]:
    """Risks of which their owner was not told: the mail is written in the transaction of the event."""
    keys = {row["key"] for row in connection.execute("SELECT key FROM workflow_outboxmessage")}
    for event in events:
        if event["verb"] == "risk.raise" and f"risk:{event['id']}:{member}" not in keys:
            yield f"no mail: {event['record']}"
