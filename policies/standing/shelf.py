"""What the audit binder finds of policies kept here."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from controls.binder.documents import Document, Presence, of_all
from controls.models import AuditPeriod
from policies.models import Policy
from policies.standing.legs import in_force_on


def documents(_period: AuditPeriod, day: dt.date) -> Iterator[Document]:
    """How many of those in use are in force, and how many of these are overdue; nothing where none is kept here."""
    holds = Exists(in_force_on(day).filter(policy=OuterRef("pk")))
    rows = Policy.objects.filter(status=Policy.Status.ACTIVE).annotate(holds=holds)
    overdue = Q(holds=True, next_review_on__lt=day)
    counted = rows.aggregate(whole=Count("pk"), held=Count("pk", filter=Q(holds=True)), late=Count("pk", filter=overdue))
    whole, held, late = counted["whole"], counted["held"], counted["late"]
    if not whole:
        return
    presence = of_all(held, whole)
    if late and presence == Presence.PRESENT:
        presence = Presence.STALE
    note = f"{held:,} of {whole:,} in force" + (f", {late:,} overdue for review" if late else "")
    url = reverse("policies:list") + ("?state=overdue" if late else "")
    yield Document("Policies and procedures in force", presence, note, url)
