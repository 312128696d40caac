"""What workers do for monitoring."""

import time

from celery import shared_task

from monitoring.checking.outages import tell_outages
from monitoring.own.pulse import mark_beat
from tenancy.models import current_organization
from tenancy.tasks import TenantTask


@shared_task(base=TenantTask, bind=True)
def tell(self: TenantTask) -> None:
    """Tell the outages of the organization that are not told yet: after a call that brought one."""
    with self.scope():
        organization = current_organization()
    tell_outages(organization)


@shared_task(ignore_result=True)
def mark() -> None:
    """Every 30 seconds: note that the scheduler asks and a worker does."""
    mark_beat(time.time())
