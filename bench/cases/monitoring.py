"""The monitor: 1,000 checks at one a minute against a local server, how soon an alarm leaves, and a year of uptime."""

import asyncio
import datetime as dt
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection

from bench.harness import Case, Figure
from bench.world import PRODUCT, world
from monitoring.checking.outages import tell_outages
from monitoring.checking.recording import Kept, keep
from monitoring.defining.actions import create_check
from monitoring.models import Check, CheckResult
from monitoring.probing.target import Found
from monitoring.running import schedule as schedules
from monitoring.running.runner import Runner
from monitoring.running.schedule import Schedule
from monitoring.uptime.charts import timings
from monitoring.uptime.reckoning import share_of
from tenancy.models import Organization
from tenancy.scope import now, tenant
from workflow.models import OutboxMessage
from workflow.outgoing.hosts import allow_host, allowed_hosts

CHECKS = 1_000
SECONDS = 150  # two whole rounds and more
SETTLING = 20  # seconds that are not measured: the first looks of all checks come at once
LATE, MOST_LATE, MOST_CORE = 2.0, 0.05, 0.6
YEAR, MONTH = dt.timedelta(days=365), dt.timedelta(days=30)
_SERVER = """
import asyncio
async def answer(reader, writer):
    try:
        await reader.readuntil(b"\\r\\n\\r\\n")
        writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok")
        await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()
async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


@contextmanager
def _server() -> Iterator[int]:
    """A server in a process of its own, so that its work is not taken for the monitor's; its port."""
    process = subprocess.Popen([sys.executable, "-c", _SERVER], stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own words
    try:
        yield int(process.stdout.readline()) if process.stdout else 0
    finally:
        process.kill()
        process.wait()


@contextmanager
def _own_schedule() -> Iterator[str]:
    """Keys of this run alone; gone afterwards."""
    before, schedules.PREFIX = schedules.PREFIX, f"bench:{uuid.uuid4().hex}:"
    try:
        yield schedules.PREFIX
    finally:
        for key in schedules.client().scan_iter(f"{schedules.PREFIX}*"):
            schedules.client().delete(key)
        schedules.PREFIX = before


def monitor_schedule(checks: int = CHECKS, seconds: float = SECONDS) -> Iterator[Figure]:
    """What share of the looks began more than two seconds late, and how much of a core it took."""
    found: list[tuple[float, float]] = []

    def measure() -> tuple[float, float]:
        if not found:
            found.append(_measured(checks, seconds))
        return found[-1]

    yield Figure("monitor_schedule_late", MOST_LATE, lambda: measure()[0], "of the looks over 2 s late")
    yield Figure("monitor_schedule_core", MOST_CORE, lambda: measure()[1], "of a core")


def _measured(checks: int, seconds: float) -> tuple[float, float]:
    with _own_schedule() as prefix, _server() as port:
        organization = _organization("bench-monitor")
        with tenant(organization):
            allow_host(actor=PRODUCT, host="127.0.0.1", reason="The server of the benchmark")
            for number in range(checks):
                url = f"http://127.0.0.1:{port}/{number}"
                create_check(actor=PRODUCT, name=f"Check {number}", kind="http", url=url, interval=60, timeout=10)
        begun, core = asyncio.run(_run(prefix, seconds))
        with tenant(organization):
            rows = CheckResult.objects.filter(started_at__gte=begun).values_list("due_at", "started_at")
            lags = [(started - due).total_seconds() for due, started in rows]
    if len(lags) < checks * (seconds - SETTLING) / 60 * 0.9:
        raise RuntimeError(f"Only {len(lags)} looks were kept.")
    return sum(lag > LATE for lag in lags) / len(lags), core


async def _run(prefix: str, seconds: float) -> tuple[dt.datetime, float]:
    runner = Runner(Schedule(settings.PLUMBLINE_MONITOR_URL, prefix))
    running = asyncio.create_task(runner.run())
    await asyncio.sleep(SETTLING)
    begun, at, used = now(), time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds - SETTLING)
    core = (time.process_time() - used) / (time.perf_counter() - at)
    runner.stop()
    await running
    return begun, core


def alarm_latency() -> Figure:
    """From the failure that confirms an outage to the mail in the outbox, with the runner's own pauses in it."""
    return Figure("alarm_latency", 5.0, _alarmed)


def _alarmed() -> float:
    with _own_schedule() as prefix:
        organization = world().organization
        with tenant(organization):
            if ("127.0.0.1", 9) not in allowed_hosts():
                allow_host(actor=PRODUCT, host="127.0.0.1", reason="A port where nobody listens", port=9)
            name = f"Silent {uuid.uuid4().hex[:8]}"
            facts: dict[str, Any] = {"kind": "http", "url": "http://127.0.0.1:9/", "interval": 10, "timeout": 2, "failures": 1}
            check = create_check(actor=PRODUCT, name=name, critical=True, **facts)
            before = set(OutboxMessage.objects.values_list("pk", flat=True))
        asyncio.run(_until_told(prefix, organization, before))
        with tenant(organization):
            failed = CheckResult.objects.filter(check_of=check).order_by("due_at")[0]
            mail = OutboxMessage.objects.exclude(pk__in=before).order_by("created_at")[0]
            return (mail.created_at - failed.started_at).total_seconds()


async def _until_told(prefix: str, organization: Organization, before: set[uuid.UUID]) -> None:
    runner = Runner(Schedule(settings.PLUMBLINE_MONITOR_URL, prefix))
    running = asyncio.create_task(runner.run())
    for _ in range(150):
        await asyncio.sleep(0.1)
        if await asyncio.to_thread(_told, organization, before):
            break
    runner.stop()
    await running


def _told(organization: Organization, before: set[uuid.UUID]) -> bool:
    with tenant(organization):
        found = OutboxMessage.objects.exclude(pk__in=before).exists()
    connection.close()
    return found


def uptime_year() -> Case:
    """Uptime and times of answers of one check for a year of one-minute results, beside those of a month."""
    organization, check = _year()

    def reckon(span: dt.timedelta) -> None:
        with tenant(organization):
            share = share_of(check, now() - span, now())
            points = timings(check, now() - span, now())
            if share.uptime is None or not points:
                raise RuntimeError("There is nothing to reckon.")

    return Case("uptime_year", 2.0, lambda: reckon(YEAR), lambda: reckon(MONTH), max_queries=4)


@cache
def _year() -> tuple[Organization, Check]:
    """A check with a year of hours, and of spans: an outage every four days, a gap every month."""
    organization = _organization("bench-uptime")
    with tenant(organization):
        check = create_check(actor=PRODUCT, name="Page", kind="http", url="https://page.example/", interval=60, timeout=10)
        begins = (now() - YEAR).replace(minute=0, second=0, microsecond=0)
        Check.objects.filter(pk=check.pk).update(made_at=begins)
        keep([Kept(check.pk, now(), now(), Found("healthy", duration_ms=100))])
        with connection.cursor() as cursor:
            cursor.execute(_HOURS, [organization.pk, check.pk, begins])
            cursor.execute(_SPANS, [organization.pk, check.pk, begins, begins, begins, begins])
            cursor.execute(_RESULTS, [organization.pk, check.pk, begins, begins])
        tell_outages(organization)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE monitoring_checkhour, monitoring_checkspan, monitoring_checkresult")
    return organization, check


_HOURS = """
INSERT INTO monitoring_checkhour
  (id, tenant_id, check_of_id, hour, results, degraded, failed, timed, total_ms, max_ms, bins, counts)
SELECT uuid_v7(), %s, %s, %s + n * interval '1 hour', 60, 1, 0, 60, 60 * (80 + n %% 90), 900,
  '{110,112,113,114,115,117,119,174}', '{3,8,14,16,11,5,2,1}' FROM generate_series(0, 8759) AS n
"""
_SPANS = """
INSERT INTO monitoring_checkspan (id, tenant_id, check_of_id, state, from_at, until_at)
SELECT uuid_v7(), %s, %s, state, moment, until_at FROM generate_series(0, 90) AS n, LATERAL (VALUES
  ('healthy', %s + n * interval '4 days', %s + n * interval '4 days' + interval '95 hours'),
  ('down', %s + n * interval '4 days' + interval '95 hours', %s + n * interval '4 days' + interval '95 hours 7 minutes')
) AS spans (state, moment, until_at)
"""
_RESULTS = """
INSERT INTO monitoring_checkresult (tenant_id, check_of_id, due_at, started_at, outcome, duration_ms, detail, in_maintenance)
SELECT %s, %s, %s + n * interval '1 minute', %s + n * interval '1 minute', 'healthy', 100, '', false
FROM generate_series(0, 525599) AS n
"""


def _organization(slug: str) -> Organization:
    name = f"{slug}-{uuid.uuid4().hex[:6]}"
    return Organization.objects.create(slug=name, name=name, zone="America/New_York")
