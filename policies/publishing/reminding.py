"""Mail about policies that are to be looked at again: to whoever owns one."""

import datetime as dt
from collections.abc import Iterator

from policies.models import Policy, PolicyVersion
from policies.models.policy import UNDER_WAY
from tenancy.models import Organization
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Policies to review", "policy.remind_of_review", (30, 7, 1))


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write 30 days, 7 days and a day before a review is due, the day after, and each week it is late. Idempotent."""
    REMINDING.run(organization, at, _due)


def _due(today: dt.date) -> Iterator[Due]:
    """Those of which nothing is under way: whoever writes or approves the next version was told of that."""
    soon = today + REMINDING.longest
    due = Policy.objects.filter(status=Policy.Status.ACTIVE, next_review_on__lte=soon, owner__member__isnull=False)
    busy = PolicyVersion.objects.filter(status__in=UNDER_WAY).values("policy")
    for policy in due.exclude(pk__in=busy).select_related("owner").order_by("next_review_on", "pk"):
        if policy.owner is not None and policy.owner.member_id is not None and policy.next_review_on is not None:
            yield Due(policy.owner.member_id, policy, policy.next_review_on)
