"""Reports of access reviews are evidence of the controls that are access reviews, and perform their occurrences."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Min, Q
from django.utils import timezone

from audit.actions import action
from controls.models import ControlEvidence
from controls.occurrences.cadence import Event
from controls.occurrences.coverage import Coverage
from controls.occurrences.feeds import ACCESS_REVIEWS, Fed, controls_fed, feed
from evidence.models import Evidence
from inventory.models import Snapshot, System
from reviews.models import Campaign, CampaignSystem
from tenancy.models import Organization

COLLECTOR = "Plumbline's reports"
_SIGNED = (Campaign.Status.SIGNED_OFF, Campaign.Status.CLOSED)


def feed_report(campaign: Campaign, items: Iterable[Evidence]) -> None:
    """Feed the printed report in: its tables say the same. Part of the action that keeps it."""
    printed = [item for item in items if item.title.endswith("(PDF)")]
    signed = campaign.signed_off_at
    if not printed or signed is None:
        return
    by = campaign.signed_off_by
    items_signed = "1 item" if campaign.item_count == 1 else f"{campaign.item_count:,} items"
    words = f"{campaign.reference}, {items_signed}, signed off{f' by {by.name}' if by else ''}."
    feed(
        Fed(
            kind=ACCESS_REVIEWS,
            evidence=printed,
            belongs_on=campaign.period_to,
            performed_on=timezone.localtime(signed).date(),
            performed_by=by,
            statement=words,
            event=campaign.pk.hex,
        )
    )


def feed_missing(_organization: Organization, _at: dt.datetime) -> None:
    """Feed the reports that a control does not have: of reviews that were over before the control was there."""
    controls = list(controls_fed(ACCESS_REVIEWS).values_list("pk", flat=True))
    if not controls:
        return
    reports = Evidence.objects.filter(collector=COLLECTOR, title__endswith="(PDF)", status=Evidence.Status.CURRENT)
    known = set(ControlEvidence.objects.filter(control__in=controls, evidence__in=reports).values_list("control", "evidence"))
    missing = [item for item in reports if any((control, item.pk) not in known for control in controls)]
    campaigns = Campaign.objects.select_related("signed_off_by__user").in_bulk({item.subject_id for item in missing})
    for key, campaign in campaigns.items():
        _feed(campaign, [item for item in missing if item.subject_id == key])


@action
def _feed(campaign: Campaign, items: Sequence[Evidence]) -> None:
    feed_report(campaign, items)


def signed_reviews(first: dt.date, last: dt.date) -> Iterator[Event]:
    """Reviews signed off in the span, as events that controls run on."""
    for campaign in Campaign.objects.filter(status__in=_SIGNED, signed_off_at__date__range=(first, last)):
        on = timezone.localtime(campaign.signed_off_at).date()
        yield Event(campaign.pk.hex, f"{campaign.reference} {campaign.name}", on, "reviews.campaign", campaign.pk)


def systems_reviewed(first: dt.date, last: dt.date) -> Coverage:
    """The systems in use, by name, that signed-off reviews of the quarters in a span cover; and the others.

    A system whose first population is later than the span was not there to be reviewed in it.
    """
    signed = Q(campaign__status__in=_SIGNED, campaign__period_to__range=(first, last))
    reviewed = set(CampaignSystem.objects.filter(signed).values_list("system", flat=True))
    systems = System.objects.filter(status=System.Status.ACTIVE).annotate(
        since=Min("snapshots__as_of__date", filter=Q(snapshots__status=Snapshot.Status.IMPORTED))
    )
    there = list(systems.filter(Q(since=None) | Q(since__lte=last) | Q(pk__in=reviewed)).order_by("name"))
    return Coverage(
        "Systems",
        [one.name for one in there if one.pk in reviewed],
        [one.name for one in there if one.pk not in reviewed],
    )
