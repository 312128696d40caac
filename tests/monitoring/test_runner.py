"""The runner: what is due is looked at once, what is down opens an incident, what a killed one claimed comes back."""

import asyncio
import time
import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import OperationalError

from incidents.models import Incident
from monitoring.calling.taking import take_call
from monitoring.defining.actions import create_check, edit_check, pause
from monitoring.models import Check, Outage
from monitoring.probing.looking import look
from monitoring.probing.target import Target, target_of
from monitoring.running import runner as running
from monitoring.running.definitions import Watched, first_due
from monitoring.running.schedule import Claim, Schedule, member_of, next_due
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.workflow.servers import serving
from workflow.outgoing.hosts import allow_host, allowed_hosts

T = 1_790_000_000.0


@pytest.fixture
def prefix(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Keys of this test alone, also for those who announce changes."""
    name = f"test:{uuid.uuid4().hex}:"
    monkeypatch.setattr("monitoring.running.schedule.PREFIX", name)
    yield name
    asyncio.run(_clear(name))


async def _clear(prefix: str) -> None:
    schedule = Schedule(settings.PLUMBLINE_MONITOR_URL, prefix)
    keys = [key async for key in schedule.client.scan_iter(f"{prefix}*")]
    if keys:
        await schedule.client.delete(*keys)
    await schedule.close()


def with_schedule(prefix: str, story: Any) -> Any:
    """Run a coroutine function with a schedule of its own."""

    async def run() -> Any:
        schedule = Schedule(settings.PLUMBLINE_MONITOR_URL, prefix)
        try:
            return await story(schedule)
        finally:
            await schedule.close()

    return asyncio.run(run())


def test_due_times_lie_on_a_grid_of_the_check():
    one, other = member_of(uuid.uuid4(), uuid.uuid4()), member_of(uuid.uuid4(), uuid.uuid4())
    first = next_due(one, 60, T)
    assert T < first <= T + 60
    assert next_due(one, 60, first) == pytest.approx(first + 60)
    assert next_due(one, 60, first + 59.5) == pytest.approx(first + 60)
    assert next_due(one, 60, first + 150) == pytest.approx(first + 180)  # what was missed is not made up for
    assert next_due(other, 60, T) != first


def test_what_is_due_is_claimed_once(prefix):
    async def story(schedule: Schedule) -> None:
        await schedule.sync({"a:1": (T, 10), "a:2": (T + 5, 10)})
        claims, _ = await schedule.claim(T + 1, 10)
        assert [(one.member, one.due) for one in claims] == [("a:1", T)]
        assert (await schedule.claim(T + 2, 10))[0] == []
        assert await schedule.done(claims[0], T + 60)
        assert [one.member for one in (await schedule.claim(T + 61, 10))[0]] == ["a:2", "a:1"]

    with_schedule(prefix, story)


def test_no_organization_takes_all_places(prefix):
    busy, other = uuid.uuid4(), uuid.uuid4()
    slow = {member_of(busy, uuid.uuid4()): (T, 60) for _ in range(300)}
    late = {member_of(other, uuid.uuid4()): (T + 1, 60) for _ in range(30)}

    async def story(schedule: Schedule) -> Any:
        await schedule.sync(slow)
        alone, _ = await schedule.claim(T + 1, 250)
        await schedule.sync(slow | late)
        then, _ = await schedule.claim(T + 2, 250 - len(alone), {busy: len(alone)})
        return alone, then

    alone, then = with_schedule(prefix, story)
    assert {one.tenant_id for one in alone} == {busy}
    assert len(alone) == 200
    assert [one.tenant_id for one in then] == [other] * 30, "though those of the busy one are due for longer"


def test_what_a_killed_runner_claimed_comes_back_with_its_time(prefix):
    async def story(schedule: Schedule) -> None:
        await schedule.sync({"a:1": (T, 10)})
        lost, _ = await schedule.claim(T, 10)
        again, _ = await schedule.claim(T + 26, 10)  # 10 s for the look, 15 s for writing
        assert [one.due for one in again] == [T]
        assert not await schedule.done(lost[0], T + 60), "whoever comes too late moves nothing"
        assert await schedule.done(again[0], T + 60)

    with_schedule(prefix, story)


def test_what_is_not_watched_any_more_leaves_the_schedule_and_the_rest_keeps_its_time(prefix):
    async def story(schedule: Schedule) -> None:
        await schedule.sync({"a:1": (T, 10), "a:2": (T, 10)})
        await schedule.sync({"a:2": (T + 500, 10), "a:3": (T, 10)})
        assert {one.member for one in (await schedule.claim(T, 10))[0]} == {"a:2", "a:3"}

    with_schedule(prefix, story)


def test_a_pause_of_all_runners_is_noticed(prefix):
    async def story(schedule: Schedule) -> None:
        assert await schedule.alive(T) == T
        assert await schedule.alive(T + 50) == T
        assert await schedule.alive(T + 200) == T + 200

    with_schedule(prefix, story)


def test_silence_counts_from_when_somebody_could_have_heard(acme, manager, in_acme):
    check = create_check(actor=manager, name="Backup", kind="heartbeat", interval=3600, timeout=60, failures=1)
    target = target_of(check, frozenset())
    never = Watched(acme, target, None)
    assert first_due("m", never, T, T) is None
    called = Watched(acme, target, running.moment(T))
    assert first_due("m", called, T + 9, 0.0) == T + 3660
    assert first_due("m", called, T + 9, T + 3600) == T + 7260, "its call may have been lost"
    assert first_due("m", called, T + 9, T + 100) == T + 3660, "it was due long after somebody could hear again"


def test_what_a_clock_that_was_ahead_has_scheduled_is_due_as_if_it_were_new(prefix):
    async def story(schedule: Schedule) -> None:
        await schedule.sync({"a:1": (T, 10), "a:2": (T, 10)})
        for claim in (await schedule.claim(T, 10))[0]:
            await schedule.done(claim, T + (7200 if claim.member == "a:1" else 60))
        await schedule.sync({"a:1": (T + 30, 10), "a:2": (T + 30, 10)}, {"a:1": T + 100, "a:2": T + 100})
        assert [(one.member, one.due) for one in (await schedule.claim(T + 31, 10))[0]] == [("a:1", T + 30)]

    with_schedule(prefix, story)


def test_a_runner_waits_for_valkey_and_the_database(prefix, monkeypatch):
    troubles: list[Exception] = [redis.ConnectionError("Nobody listens."), OperationalError("It starts up.")]

    async def begin(self: running.Runner) -> None:
        if troubles:
            raise troubles.pop()
        self.stop()

    monkeypatch.setattr(running, "AGAIN", 0)
    monkeypatch.setattr(running.Runner, "begin", begin)
    asyncio.run(running.Runner(Schedule(settings.PLUMBLINE_MONITOR_URL, prefix)).run())
    assert not troubles


async def _round(runner: running.Runner) -> None:
    """Claim what is due, look, and keep it."""
    await runner.claim_due()
    if runner.looks:
        await asyncio.wait(set(runner.looks))
    await runner.write()


def test_a_server_that_stops_is_an_incident_and_one_that_comes_back_is_noted(committed_db, prefix, monkeypatch):
    organization = Organization.objects.get(slug="acme")
    clock = [time.time() - 600]
    monkeypatch.setattr("monitoring.defining.actions.time", SimpleNamespace(time=lambda: clock[0]))
    answers = [200]
    with serving(lambda handler: handler.say(answers[0])) as server:
        with tenant(organization):
            allow_host(actor=Cast().administrator, host="127.0.0.1", reason="A server of the test")
            check = create_check(
                actor=Cast().manager,
                name="Console",
                kind="http",
                url=server.url,
                interval=30,
                timeout=5,
                failures=2,
                critical=True,
            )
            job = create_check(actor=Cast().manager, name="Backup", kind="heartbeat", interval=60, timeout=10, failures=1)
            take_call(job, at=running.moment(clock[0]))
        runner_of = lambda: running.Runner(Schedule(settings.PLUMBLINE_MONITOR_URL, prefix), clock=lambda: clock[0])  # noqa: E731

        async def story() -> None:
            runner = runner_of()
            await runner.begin()
            for status in (200, 500, 500, 500, 200):
                answers[0] = status
                clock[0] += 31
                await _round(runner)
            await runner.end()

        asyncio.run(story())
    with tenant(organization):
        assert list(check.results.order_by("due_at").values_list("outcome", flat=True)) == [
            "healthy", "down", "down", "down", "healthy",
        ]  # fmt: skip
        outage = Outage.objects.get(check_of=check)
        incident = Incident.objects.get(title="Console is down")
        assert (outage.status, outage.noted, outage.incident) == ("over", True, incident)
        assert (incident.title, incident.severity) == ("Console is down", "critical")
        assert Check.objects.get(pk=check.pk).health == "healthy"
        silent = Outage.objects.get(check_of=job)
        assert (silent.status, silent.incident.title) == ("ongoing", "Backup is down")
        assert silent.detail.startswith("No call since")
        called = job.refreshed().called_at
        assert called is not None
        assert (silent.started_at - called).total_seconds() == pytest.approx(70, abs=1)


def test_a_change_reaches_the_runner_and_a_pause_ends_the_looks(committed_db, prefix, monkeypatch):
    organization = Organization.objects.get(slug="acme")
    manager = Cast().manager
    clock = [time.time() - 600]
    monkeypatch.setattr("monitoring.defining.actions.time", SimpleNamespace(time=lambda: clock[0]))
    with serving(lambda handler: handler.say(200)) as server:

        async def story() -> None:
            runner = running.Runner(Schedule(settings.PLUMBLINE_MONITOR_URL, prefix), clock=lambda: clock[0])
            await runner.begin()
            for act in (_add, _move, _stop):
                await runner._in_database(act)
                clock[0] += 61
                await _round(runner)
            await runner.end()

        def _add() -> None:
            with tenant(organization):
                allow_host(actor=Cast().administrator, host="127.0.0.1", reason="A server of the test")
                create_check(actor=manager, name="Console", kind="http", url=f"{server.url}/one", interval=60, timeout=5)

        def _move() -> None:
            with tenant(organization):
                edit_check(Check.objects.get(), actor=manager, url=f"{server.url}/two")

        def _stop() -> None:
            with tenant(organization):
                pause(Check.objects.get(), actor=manager, reason="Nobody uses it")

        asyncio.run(story())
        assert [path for _, path, _, _ in server.seen] == ["/one", "/two"]


def test_the_trouble_of_one_organization_is_not_that_of_others(acme, globex, monkeypatch, caplog):
    kept: list[Organization] = []
    given: list[Claim] = []

    def keep_all(organization: Organization, results: list[Any]) -> bool:
        if organization == acme:
            raise RuntimeError("Nobody expected this.")
        kept.append(organization)
        return False

    async def story() -> None:
        runner = running.Runner(Schedule(settings.PLUMBLINE_MONITOR_URL, "test:nobody:"))
        for one in (acme, globex):
            claim = Claim(member_of(one.pk, uuid.uuid4()), T, T)
            watched = Watched(one, Target(claim.check_id, one.pk, "http", 60, 10), None)
            runner.results.append((claim, watched, None))  # type: ignore[arg-type] # not looked at here
        monkeypatch.setattr(runner.schedule, "done", lambda claim, due: _noted(given, claim))
        await runner.write()
        await runner.end()

    monkeypatch.setattr(running, "keep_all", keep_all)
    asyncio.run(story())
    assert kept == [globex]
    assert [claim.tenant_id for claim in given] == [globex.pk]
    assert "Nobody expected this." in caplog.text


async def _noted(given: list[Claim], claim: Claim) -> bool:
    given.append(claim)
    return True


def test_a_look_never_raises(manager, in_acme):
    closed = create_check(actor=manager, name="Closed", kind="tcp", host="127.0.0.1", port=1, use_tls=False, timeout=2)
    refused = asyncio.run(look(target_of(closed, allowed_hosts())))
    assert refused.outcome == "unknown"
    assert "not on the public internet" in refused.detail
    allowed = asyncio.run(look(target_of(closed, frozenset({("127.0.0.1", None)}))))
    assert allowed.outcome == "down"
    assert "No connection" in allowed.detail
