"""Asking whether enough succeeds, beside the requests that bring records, and again by the schedule."""

import datetime as dt
import logging
import uuid
from functools import partial

import redis
from celery import shared_task
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError

from audit.actors import SCHEDULE, WORKER
from processing.alerts.watching import watch
from processing.models import ProcessingSchema
from tenancy.models import Organization
from tenancy.scope import current_tenant_id
from tenancy.tasks import HEADER, TenantTask

log = logging.getLogger(__name__)
TOGETHER = 5  # seconds: requests that come within them are looked at once


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def look(self: TenantTask, schema_id: str) -> None:
    """Ask about one schema. Doing so twice tells nothing twice."""
    with self.scope():
        for schema in ProcessingSchema.objects.filter(pk=schema_id):
            watch(schema, actor=WORKER)


def watch_soon(schema_id: uuid.UUID) -> None:
    """Ask in a moment, once the transaction is committed: for all that comes until then."""
    headers = {HEADER: str(current_tenant_id())}
    transaction.on_commit(partial(_queue, str(schema_id), headers))


def _queue(schema_id: str, headers: dict[str, str]) -> None:
    try:
        if cache.add(f"processing:{schema_id}", 1, TOGETHER):
            look.apply_async((schema_id,), headers=headers, countdown=TOGETHER)
    except (redis.RedisError, OperationalError) as error:  # the records are kept, and the schedule asks as well
        log.warning("Whether enough succeeds is asked later: %s", error)


def watch_all(_organization: Organization, _at: dt.datetime) -> None:
    """Ask about every schema with a threshold: a worker may have died, and what is old leaves the span. Idempotent."""
    for schema in ProcessingSchema.objects.all():
        watch(schema, actor=SCHEDULE)
