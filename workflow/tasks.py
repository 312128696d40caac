"""The tick, and what it queues."""

from celery import shared_task
from django.db import connection

from tenancy.models import INSTALLATION_SLUG, Organization, current_organization
from tenancy.scope import now, tenant
from tenancy.tasks import TenantTask
from workflow.delivery import deliver
from workflow.schedule import periodic_names, run_periodic

PARTITIONS_AHEAD = 3


@shared_task
def tick() -> None:
    """Every 15 minutes: make the trail's coming months, and ask every organization what is due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_ensure_month((date_trunc('month', now()) + n * interval '1 month')::date)"
            " FROM generate_series(0, %s) n",
            [PARTITIONS_AHEAD],
        )
    for organization in Organization.objects.exclude(slug=INSTALLATION_SLUG):
        with tenant(organization):
            for name in periodic_names():
                run_one.delay_on_commit(name)
            deliver.delay_on_commit()


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def run_one(self: TenantTask, name: str) -> None:
    """Run one periodic function for the organization the task travels for."""
    with self.scope():
        run_periodic(name, current_organization(), now())
