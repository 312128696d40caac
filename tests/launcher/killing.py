"""What is killed: the programs of one clone, found by the folder that they run in or for, and no others."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from random import Random

import redis

from tests.launcher.toy import wait_for
from tests.launcher.whole import Site

WEB, WORKER, SCHEDULER, QUEUE = "grc.wsgi", "celery:app worker", "celery:app beat", "valkey-server"
DATABASE, SERVING = "services/postgres", "postgres: plumbline_app"
PROGRAMS = (WEB, WORKER, SCHEDULER, QUEUE, DATABASE)
HOUR = 3600  # seconds: after so long a task comes back that nobody said was done (settings.py, visibility_timeout)

Pick = Callable[[Random, list[int]], list[int]]


def whole(chance: Random, found: list[int]) -> list[int]:
    """All of its processes."""
    return found


def head(chance: Random, found: list[int]) -> list[int]:
    """The one that started the others."""
    return found[:1]


def one(chance: Random, found: list[int]) -> list[int]:
    """One of those it has started, or which have come to it."""
    return [chance.choice(found[1:] or found)]


# By what it is called: the words of its command line, and which of its processes.
VICTIMS: dict[str, tuple[str, Pick]] = {
    "the web server": (WEB, whole),
    "the head of the web server": (WEB, head),
    "a process of the web server": (WEB, one),
    "the worker": (WORKER, whole),
    "a process of the worker": (WORKER, one),
    "the database": (DATABASE, whole),
    "the head of the database": (DATABASE, head),
    "a connection to the database": (SERVING, one),
    "the scheduler": (SCHEDULER, whole),
    "the queue": (QUEUE, whole),
}


def victims(chance: Random, rounds: int) -> list[str]:
    """Whom each round kills: everybody as often as the others, in an order that is drawn."""
    drawn: list[str] = []
    while len(drawn) < rounds:
        drawn += chance.sample(list(VICTIMS), len(VICTIMS))
    return drawn[:rounds]


def kill(site: Site, name: str, chance: Random) -> int:
    """Kill it, by SIGKILL, as soon as there is something to kill; how many processes that were."""
    words, pick = VICTIMS[name]
    there: list[int] = []

    def found() -> list[int]:
        there[:] = running(site, words)
        return there

    assert wait_for(found, 60), f"{name} does not run"
    chosen = pick(chance, there)
    for process in chosen:
        with contextlib.suppress(ProcessLookupError):  # with the one before
            os.kill(process, signal.SIGKILL)
    if name == "the worker":
        an_hour_passes(site)
    return len(chosen)


def running(site: Site, words: str) -> list[int]:
    """The processes of the clone with these words, the oldest first."""
    return sorted(process for process, text in site.clone.processes().items() if words in text)


def runs(site: Site) -> bool:
    """Whether everything does."""
    texts = list(site.clone.processes().values())
    return all(any(words in text for text in texts) for words in PROGRAMS)


def an_hour_passes(site: Site) -> None:
    """For the tasks that a worker had taken which is no more: the queue gives them to the next."""
    with redis.Redis(unix_socket_path=str(site.servers.queue.socket)) as queue:
        for tag in queue.zrange("unacked_index", 0, -1):
            queue.zadd("unacked_index", {tag: time.time() - HOUR - 60}, xx=True)


def left_in_queue(site: Site) -> dict[str, int]:
    """How many tasks wait, and how many a worker has."""
    with redis.Redis(unix_socket_path=str(site.servers.queue.socket)) as queue:
        return {"waiting": int(queue.llen("celery")), "taken": int(queue.hlen("unacked"))}
