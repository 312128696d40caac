"""Whether an instance can serve: the database answers and is migrated, the broker answers, the scheduler is alive."""

import time
from collections.abc import Callable

import redis
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from accounts.access import Audience, open_to
from monitoring.own.pulse import BEAT_FOR, beat_age
from monitoring.running.schedule import ALIVE_FOR, client, runner_seen

OK = "ok"
_migrated: list[bool] = []  # once it is, it stays so for the life of the process


def database() -> str:
    """Whether it answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer"
    return OK


def migrations() -> str:
    """Whether the database has all that this version needs."""
    if _migrated:
        return OK
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return "cannot be told"
    if missing:
        return f"{missing} missing"
    _migrated.append(True)
    return OK


def broker() -> str:
    """Whether Valkey answers, for tasks and for the cache."""
    try:
        client().ping()
        cache.get("ready")
    except redis.RedisError:
        return "does not answer"
    return OK


def beat() -> str:
    """Whether the scheduler asks and a worker does."""
    return _recent(beat_age, BEAT_FOR)


def monitor() -> str:
    """Whether somebody runs the checks. It does not keep an instance from serving."""
    return _recent(runner_seen, ALIVE_FOR)


def _recent(age: Callable[[float], float | None], most: float) -> str:
    try:
        seconds = age(time.time())
    except redis.RedisError:
        return "cannot be told"
    if seconds is None:
        return "never seen"
    return OK if abs(seconds) <= most else f"silent for {abs(seconds):.0f} s"  # or seen by a clock that was ahead


def state() -> tuple[bool, dict[str, str]]:
    """Whether it is ready, and what each part says."""
    needed = {"database": database(), "migrations": migrations(), "broker": broker(), "beat": beat()}
    return all(one == OK for one in needed.values()), {**needed, "monitor": monitor()}


@open_to(Audience.EVERYBODY)
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer a load balancer: 200 when everything is there, else 503, with a word on each part."""
    is_ready, parts = state()
    answer = {"ready": is_ready, **parts}
    return JsonResponse(answer, status=200 if is_ready else 503, headers={"Cache-Control": "no-store"})
