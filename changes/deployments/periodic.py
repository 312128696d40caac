"""What deployments do by themselves: late webhooks and approvals are taken into account, and findings raised."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from audit.actors import SCHEDULE
from changes.deployments import reconcile
from changes.deployments.carrying import RECENT, catch_up
from changes.lifecycle.actions import judge_authors
from changes.models import Approval, Change, ChangeCommit, Classification, Deployment
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
    _judge_authors(at)
    catch_up(SCHEDULE)


def _judge_authors(at: dt.datetime) -> None:
    """End the approvals of the last weeks that turn out to be by authors, as aliases and accounts are matched later."""
    own = ChangeCommit.objects.filter(change=OuterRef("pk"), is_bot=False)
    mine = own.filter(Q(person=None) | Q(person__in=Approval.objects.filter(change=OuterRef("change")).values("approver_person")))
    for change in Change.objects.filter(Exists(mine), approved_at__gte=at - RECENT).order_by("pk"):
        if judge_authors(change, actor=SCHEDULE):
            reconcile.for_changes([change.pk], actor=SCHEDULE)
