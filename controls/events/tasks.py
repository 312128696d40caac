"""Asking the rules after events have come, beside the request that brought them."""

import datetime as dt

from celery import shared_task
from django.db.models import Q

from audit.actors import SCHEDULE, WORKER
from controls.events.alerts import AGAIN, evaluate
from tenancy.models import Organization
from tenancy.tasks import TenantTask


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def watch(self: TenantTask, batch_id: str) -> None:
    """Ask the rules about the events of one request. Doing so twice raises nothing twice."""
    with self.scope():
        evaluate(Q(batch=batch_id), actor=WORKER)


def watch_again(_organization: Organization, at: dt.datetime) -> None:
    """Ask about everything of the last day: a worker may have died before it asked. Idempotent."""
    evaluate(Q(batch__received_at__gte=at - AGAIN), actor=SCHEDULE)
