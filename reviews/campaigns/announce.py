"""Telling the reviewers that a review has begun."""

from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from reviews.models import Campaign
from workflow.outbox import queue_mail


def announce_start(campaign: Campaign) -> int:
    """One mail to each reviewer with what waits for them; returns how many. Part of the action that starts the review."""
    waiting = (
        campaign.items.filter(reviewer__member__isnull=False)
        .order_by()
        .values_list("reviewer__member", "reviewer__member__user__email")
        .annotate(count=Count("pk"))
    )
    link = settings.PLUMBLINE_BASE_URL + reverse("reviews:decide", args=[campaign.pk])
    due = f"{campaign.due_on:%-d %B %Y}"
    told = 0
    for member_id, email, count in waiting:
        many = "1 access right waits" if count == 1 else f"{count:,} access rights wait"
        text = f"{campaign.name} has begun. {many} for your decision, due {due}.\n\n"
        text += f"{campaign.instructions.strip()}\n\n" if campaign.instructions.strip() else ""
        subject = f"{campaign.reference}: {many} for your decision"
        told += queue_mail(to=email, subject=subject, text=f"{text}{link}\n", key=f"started:{campaign.pk}:{member_id}")
    return told
