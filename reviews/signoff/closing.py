"""Reviews close by themselves once nothing of theirs is open."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef

from audit.actors import WORKER
from inventory.models import Removal, Snapshot
from inventory.models.removal import OPEN
from reviews.models import Campaign, Item
from reviews.signoff.actions import SOURCE, close_campaign
from tenancy.models import Organization

NOTE = "Every removal is verified, or accepted by name."


def close_checked(_snapshot: Snapshot, removal_ids: Sequence[uuid.UUID]) -> None:
    """After an import has checked removals: close the reviews that asked for them, if those were the last."""
    asked = Removal.objects.filter(pk__in=removal_ids, source_kind=SOURCE).values("source_id")
    _close(Campaign.objects.filter(pk__in=Item.objects.filter(pk__in=asked).values("campaign")))


def close_finished(_organization: Organization, _at: dt.datetime) -> None:
    """Close what has nothing open any more, such as when the last removal was accepted. Idempotent."""
    _close(Campaign.objects.all())


def _close(campaigns: Iterable[Campaign]) -> None:
    """Close the signed-off ones among these of whose removals none is open."""
    tasks = Removal.objects.filter(source_kind=SOURCE, status__in=OPEN, source_id=OuterRef("pk"))
    unfinished = Item.objects.filter(Exists(tasks), campaign=OuterRef("pk"), decision__in=["revoke", "modify"])
    ready = Campaign.objects.filter(~Exists(unfinished), pk__in=[one.pk for one in campaigns], status=Campaign.Status.SIGNED_OFF)
    for campaign in ready:
        close_campaign(campaign, actor=WORKER, note=NOTE)
