"""The draft of the quarter, prepared from the last review on the quarter's first day."""

import datetime as dt

from django.conf import settings
from django.db import IntegrityError

from audit.actors import SCHEDULE
from inventory.models import System
from reviews.campaigns.actions import create_campaign, edit_scope
from reviews.models import Campaign
from reviews.quarters import Period, default_due, quarter_of
from reviews.reminders.people import compliance_managers, local_day
from tenancy.models import Organization
from workflow.outbox import queue_mail


def prepare_quarter(organization: Organization, at: dt.datetime) -> None:
    """Prepare the draft of the quarter that `at` lies in, in the organization's zone, unless there is a review of it.

    Asked every 15 minutes: a host that was down on the first day does it on the next.
    """
    today = local_day(organization, at)
    quarter = quarter_of(today)
    present = Campaign.objects.filter(period_from=quarter.first)
    if present.filter(prepared_automatically=True).exists() or present.exclude(status=Campaign.Status.CANCELLED).exists():
        return
    last = (
        Campaign.objects.filter(period_from__lt=quarter.first, status__in=Campaign.STARTED)
        .order_by("-period_from", "-created_at")
        .first()
    )
    if last is None:
        return
    try:
        draft = _draft_like(last, quarter, today)
    except IntegrityError:
        return  # Another worker was faster: the database allows one for each quarter.
    if draft is not None:
        _tell(draft, last)


def _draft_like(last: Campaign, quarter: Period, today: dt.date) -> Campaign | None:
    """A draft with the last one's systems that are still in use, its orders of reviewers and its instructions."""
    orders = dict(last.scope.values_list("system_id", "reviewer_order"))
    systems = list(System.objects.filter(pk__in=orders, status=System.Status.ACTIVE).order_by("name"))
    if not systems:
        return None
    draft = create_campaign(
        quarter=quarter,
        systems=systems,
        actor=SCHEDULE,
        due_on=default_due(quarter, today),
        instructions=last.instructions,
        second_reviewer=last.second_reviewer,
        second_reviewer_reason=last.second_reviewer_reason,
        prepared_automatically=True,
    )
    for scoped in draft.scope.select_related("campaign", "system", "snapshot"):
        if scoped.reviewer_order != orders[scoped.system_id]:
            edit_scope(scoped, snapshot=scoped.snapshot, reviewer_order=orders[scoped.system_id], actor=SCHEDULE)
    return draft


def _tell(draft: Campaign, last: Campaign) -> None:
    names = ", ".join(draft.scope.order_by("system__name").values_list("system__name", flat=True))
    for member in compliance_managers():
        text = (
            f"{draft.reference} is prepared as a draft, with the systems of {last.reference}: {names}.\n\n"
            "Import a full export of each, look at who will be asked, and start the review. "
            f"It is due on {draft.due_on.day} {draft.due_on:%B %Y}.\n\n"
            f"{settings.PLUMBLINE_BASE_URL}{draft.get_absolute_url()}\n"
        )
        key = f"quarter-prepared:{draft.pk}:{member.pk}"
        queue_mail(to=member.email, subject=f"{draft.reference} is ready to be started", text=text, key=key)
