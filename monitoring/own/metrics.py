"""Figures of the product itself for Prometheus. No organization is named: what they hold is theirs."""

import hmac
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from accounts.access import Audience, open_to
from api.problems import problem
from monitoring.models import Check, Outage, known_at
from monitoring.own.pulse import beat_age, queue_length, schedule_state
from monitoring.own.ready import OK, database
from monitoring.running.definitions import organizations
from monitoring.running.schedule import runner_seen
from tenancy.scope import now, tenant
from workflow.models import Job, OutboxMessage

KEPT = 15  # seconds that counts over all organizations are kept: a scrape must not cost a query for each of them every time
_KEY = "metrics:counts"
Counts = dict[tuple[str, str], int]


class StateCollector(Collector):
    """What is so now, asked when somebody scrapes."""

    def collect(self) -> Iterator[Metric]:
        """Every family; what cannot be asked is left out, and `plumbline_up` says so."""
        yield from self._of_database()
        yield from self._of_valkey()

    def _of_database(self) -> Iterator[Metric]:
        answers = database() == OK
        yield _gauge("plumbline_up", "Whether the part answers.", {("database",): float(answers)}, "part")
        if not answers:
            return
        found = counts()
        for name, words, label in (
            ("checks", "Checks in use by what is known of them.", "health"),
            ("outages", "Outages by state: ongoing, or not told to an incident yet.", "state"),
            ("mail", "Mail by state.", "state"),
            ("jobs", "Jobs by state.", "state"),
        ):
            values: dict[tuple[str, ...], float] = {
                (key,): float(number) for (family, key), number in found.items() if family == name
            }
            yield _gauge(f"plumbline_{name}", words, values, label)

    def _of_valkey(self) -> Iterator[Metric]:
        at = time.time()
        try:
            waiting, (scheduled, late) = queue_length(), schedule_state(at)
            ages = {("beat",): beat_age(at), ("monitor",): runner_seen(at)}
        except redis.RedisError:
            return
        yield _gauge("plumbline_tasks_waiting", "Tasks that wait for a worker.", {(): float(waiting)})
        yield _gauge("plumbline_looks_scheduled", "Checks in the schedule.", {(): float(scheduled)})
        yield _gauge("plumbline_looks_late_seconds", "By how much the most overdue look is late.", {(): late})
        known: dict[tuple[str, ...], float] = {labels: age for labels, age in ages.items() if age is not None}
        yield _gauge("plumbline_seen_seconds", "Seconds since a part was last seen.", known, "part")


def _gauge(name: str, words: str, values: Mapping[tuple[str, ...], float], *labels: str) -> Metric:
    family = GaugeMetricFamily(name, words, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


def counts() -> Counts:
    """What all organizations hold together."""
    kept: Counts | None = cache.get(_KEY)
    if kept is None:
        kept = _counted()
        cache.set(_KEY, kept, KEPT)
    return kept


def _counted() -> Counts:
    found: Counter[tuple[str, str]] = Counter()
    for organization in organizations():
        with tenant(organization):
            for health, number in _healths().items():
                found["checks", health] += number
            found["outages", "ongoing"] += Outage.objects.filter(status=Outage.Status.ONGOING).count()
            found["outages", "untold"] += Outage.objects.filter(incident=None, noted=False).count()
            for name, model in (("mail", OutboxMessage), ("jobs", Job)):
                for state, number in model.objects.order_by().values_list("status").annotate(Count("pk")):
                    found[name, state] += number
    return dict(found)


def _healths() -> dict[str, int]:
    active = Check.objects.filter(status=Check.Status.ACTIVE)
    known = known_at(now())
    rows = active.filter(known).order_by().values_list("health").annotate(Count("pk"))
    found = dict(rows)
    found["unknown"] = found.get("unknown", 0) + active.exclude(known).count()
    return found


def registry() -> CollectorRegistry:
    """What is scraped: the requests of all processes of this host, where they share a folder, and what is so now."""
    made = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(made)  # type: ignore[no-untyped-call] # of the library
    else:
        made.register(REGISTRY)
    made.register(StateCollector())
    return made


@open_to(Audience.EVERYBODY)
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever shows the token. Without one in the settings there is no such page."""
    token = settings.PLUMBLINE_METRICS_TOKEN
    if not token:
        raise Http404
    shown = request.headers.get("Authorization", "")
    if not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
        return problem(401, "Show the token of the metrics.", headers={"WWW-Authenticate": "Bearer"})
    try:
        text = generate_latest(registry())
    except DatabaseError:
        return problem(503, "The database does not answer.")
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
