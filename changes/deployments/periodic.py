"""What deployments do by themselves: late webhooks and approvals are taken into account, and findings raised."""

import datetime as dt

from audit.actors import SCHEDULE
from changes.deployments import reconcile
from changes.deployments.carrying import RECENT, catch_up
from changes.models import Classification, Deployment
from tenancy.models import Organization

_UNSETTLED = (Classification.UNMATCHED, Classification.UNAPPROVED)
AT_ONCE = 5_000


def settle(_organization: Organization, at: dt.datetime) -> None:
    """Class anew what was without an approval in the last weeks, and move the changes that deployments carry out. Idempotent.

    A change and its deployment that were written at the same moment do not see each other: this is where they meet.
    """
    rows = Deployment.objects.filter(classification__in=_UNSETTLED, deployed_at__gte=at - RECENT)
    keys = list(rows.order_by("-deployed_at").values_list("pk", flat=True)[:AT_ONCE])
    reconcile.for_deployments(keys, actor=SCHEDULE)
    catch_up(SCHEDULE)
