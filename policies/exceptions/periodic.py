"""What exceptions do by themselves: they end after their last day, and people are reminded before."""

import datetime as dt
import logging

from policies.exceptions.actions import expire
from policies.exceptions.telling import REMINDING, due
from policies.models import PolicyException
from tenancy.models import Organization
from ui.refusals import ActionRefused

AT_ONCE = 100  # of one run
log = logging.getLogger(__name__)


def end_exceptions(organization: Organization, at: dt.datetime) -> None:
    """Raise a finding of each whose last day has passed. Idempotent."""
    today = organization.day_of(at)
    over = PolicyException.objects.filter(status=PolicyException.Status.APPROVED, ends_on__lt=today)
    for one in over.order_by("ends_on", "pk")[:AT_ONCE]:
        try:
            expire(one, today)
        except ActionRefused as refusal:
            log.warning("%s did not end by itself: %s", one.pk, refusal)


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write 30, 7 days and a day before an exception ends. Idempotent."""
    REMINDING.run(organization, at, due)
