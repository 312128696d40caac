"""A key that is in use for more than a year becomes a finding, once."""

import datetime as dt

from django.urls import reverse

from audit.actions import action
from audit.actors import SCHEDULE
from controls.findings.actions import raise_finding
from controls.models import Finding
from keys.models import OLD, DataKey
from tenancy.models import Organization


def raise_findings(organization: Organization, at: dt.datetime) -> None:
    """Raise that of each. Idempotent."""
    for key in DataKey.objects.filter(retired_at=None, made_at__lt=at - OLD).order_by("pk"):
        title = f"Data key {key.name} is older than a year"
        if not Finding.objects.filter(source=Finding.Source.OTHER, title=title).exists():
            _raise(title, organization.day_of(key.made_at))


@action
def _raise(title: str, since: dt.date) -> None:
    raise_finding(
        actor=SCHEDULE,
        title=title,
        severity="medium",
        source=Finding.Source.OTHER,
        link=reverse("proof:keys"),
        risk=f"It encrypts since {since:%-d %B %Y}: whoever came by it once reads everything that was encrypted since.",
        remediation="Replace the keys: a worker encrypts every value anew, and everything stays readable meanwhile.",
    )
