"""The beat of retention."""

from celery import shared_task

from proof.retention.removing import remove_old_months
from tenancy.scope import now


@shared_task(ignore_result=True)
def remove_old() -> None:
    """Every night: take out the months of the trail that are old enough and that nobody needs."""
    remove_old_months(now().date())
