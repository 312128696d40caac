"""The populations for testing that access reviews give: the reviews, and each decision."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet

from evidence.populations.registry import Table, register_population
from reviews.models import Campaign, Item
from ui.values import plain

_CHUNK = 2000
_REVIEW = (
    "Review", "Name", "From", "To", "Due", "State", "Entitlements", "Started at (UTC)", "Signed off at (UTC)",
    "Signed off by", "Closed at (UTC)",
)  # fmt: skip
_DECISION = (
    "Decision", "Review", "System", "Account", "Subject", "Role", "Privileged", "Decision made", "Reason", "Decided by",
    "Decided at (UTC)", "In bulk",
)  # fmt: skip


def register() -> None:
    """Offer them."""
    own = "from this installation's own database."
    register_population(
        "access_reviews",
        "Access reviews",
        f"Every access review of a period that ends on one of these days, {own}",
        access_reviews,
    )
    register_population(
        "access_decisions",
        "Decisions of access reviews",
        f"Every entitlement that was to be decided on in a review of a period that ends on one of these days, {own}",
        access_decisions,
    )


def _of(period_from: dt.date, period_to: dt.date) -> QuerySet[Campaign]:
    """Reviews that were started, by their period."""
    return Campaign.objects.filter(period_to__range=(period_from, period_to), status__in=Campaign.STARTED)


def access_reviews(period_from: dt.date, period_to: dt.date) -> Table:
    """Reviews by the end of their period."""
    reviews = _of(period_from, period_to).order_by("period_to", "reference").select_related("signed_off_by__user")
    return Table(_REVIEW, _reviews(reviews))


def _reviews(reviews: QuerySet[Campaign]) -> Iterator[tuple[str, ...]]:
    for one in reviews.iterator(chunk_size=_CHUNK):
        days = (plain(one.period_from), plain(one.period_to), plain(one.due_on))
        by = one.signed_off_by.name if one.signed_off_by else ""
        ends = (plain(one.started_at), plain(one.signed_off_at), by, plain(one.closed_at))
        yield (one.reference, one.name, *days, one.get_status_display(), str(one.item_count), *ends)


def access_decisions(period_from: dt.date, period_to: dt.date) -> Table:
    """Items by review and their place in it."""
    items = Item.objects.filter(campaign__in=_of(period_from, period_to)).order_by("campaign__reference", "position")
    return Table(_DECISION, _decisions(items.select_related("campaign", "system", "entitlement", "account", "decided_by__user")))


def _decisions(items: QuerySet[Item]) -> Iterator[tuple[str, ...]]:
    for one in items.iterator(chunk_size=_CHUNK):
        what = (one.system.name, one.account.name, one.subject_name, one.entitlement.role, plain(one.privileged))
        by = one.decided_by.name if one.decided_by else ""
        why = (one.get_decision_display(), one.reason or one.get_reason_code_display())
        key = f"{one.campaign.reference}/{one.position}"
        yield (key, one.campaign.reference, *what, *why, by, plain(one.decided_at), plain(one.decided_in_bulk))
