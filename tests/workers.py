"""A real worker process beside a test, on the test's own database, queue and folder."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import redis
from django.conf import settings as own

from grc.celery import app
from grc.settings import CACHES as REAL_CACHES
from grc.settings import redis_database

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60
COMMAND = (sys.executable, "-m", "celery", "-A", "grc", "worker", "--pool", "solo", "--without-gossip", "--without-mingle")


def _on(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def environment_of(queue: str, database: str, data: Path) -> dict[str, str]:
    """That of a process beside a test, on its database and folder."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "PLUMBLINE_TEST_QUEUE": queue,
        "DATABASE_URL": _on(os.environ["DATABASE_URL"], database),
        "PLUMBLINE_DATA": str(data),
        "PLUMBLINE_BASE_URL": own.PLUMBLINE_BASE_URL,
    }


@contextmanager
def worker(settings: Any, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Send this process's tasks to a worker of its own for the length of the block; takes the fixture `settings`."""
    database = settings.DATABASES["default"]["NAME"]
    queue = f"test-{database}"
    usual = {"task_always_eager": app.conf.task_always_eager, "task_default_queue": app.conf.task_default_queue}
    app.conf.update(task_always_eager=False, task_default_queue=queue)
    settings.CACHES = {"default": {**REAL_CACHES["default"], "KEY_PREFIX": queue}}
    log = data / "worker.log"
    data.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        command = [*COMMAND, "--queues", queue, "--hostname", f"{queue}@here", "--loglevel", "INFO"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment_of(queue, database, data), stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait(process, log)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
            app.conf.update(usual)
            _forget(queue)


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + READY_SECONDS
    while "ready." not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"The worker did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.1)


def _forget(queue: str) -> None:
    with redis.from_url(redis_database(0)) as broker:
        broker.delete(queue, f"_kombu.binding.{queue}")
        for tag, taken in broker.hscan_iter("unacked"):  # what a killed one had taken would come back in an hour
            if f'"{queue}"'.encode() in taken:
                broker.hdel("unacked", tag)
                broker.zrem("unacked_index", tag)
