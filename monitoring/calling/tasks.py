"""What follows from a call, after its commit."""

from celery import shared_task

from monitoring.checking.outages import tell_outages
from tenancy.models import current_organization
from tenancy.tasks import TenantTask


@shared_task(base=TenantTask, bind=True)
def tell(self: TenantTask) -> None:
    """Tell the outages of the organization that are not told yet."""
    with self.scope():
        organization = current_organization()
    tell_outages(organization)
