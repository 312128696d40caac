"""Risks, and the ratings of them, as populations for testing."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from evidence.populations.registry import Table, register_population
from risks.models import Risk, RiskRating
from tenancy.models import current_organization

_RISKS = (
    "Every risk that was in the register on at least one of these days, as it stands now, from this installation's own database. "
    "What nobody wrote down is not in it."
)
_RATINGS = "Every rating that was given on these days, on the scale of its day, from this installation's own database."


def register_populations() -> None:
    """Offer them."""
    register_population("risks", "Risks", _RISKS, risks)
    register_population("risk_ratings", "Ratings of risks", _RATINGS, ratings)


def risks(first: dt.date, last: dt.date) -> Table:
    """Those raised by the last day and not closed before the first."""
    organization = current_organization()
    begin, end = organization.end_of(first - dt.timedelta(days=1)), organization.end_of(last)
    rows = Risk.objects.filter(Q(closed_at=None) | Q(closed_at__gte=begin), raised_at__lt=end)
    header = (
        "Number", "What could happen", "Category", "With", "Raised (UTC)", "Without controls", "With controls", "Target", "Rated",
        "Scale", "Treatment", "Next review", "State", "Accepted by", "Accepted until", "Closed (UTC)",
    )  # fmt: skip
    return Table(header, _of_risks(rows.select_related("owner", "scale", "accepted_by__user").order_by("reference")))


def _of_risks(rows: QuerySet[Risk]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=2000):
        accepted = one.status == Risk.Status.ACCEPTED
        yield (
            one.reference,
            one.statement,
            one.get_category_display(),
            one.owner.name,
            _instant(one.raised_at),
            *(rated.words if rated else "" for rated in (one.inherent, one.residual, one.target)),
            one.rated_on.isoformat() if one.rated_on else "",
            str(one.scale.number) if one.scale else "",
            one.get_treatment_display(),
            one.next_review_on.isoformat(),
            one.get_status_display(),
            one.accepted_by.name if accepted and one.accepted_by else "",
            one.accepted_until.isoformat() if accepted and one.accepted_until else "",
            _instant(one.closed_at),
        )


def ratings(first: dt.date, last: dt.date) -> Table:
    """Those of these days."""
    rows = RiskRating.objects.filter(rated_on__range=(first, last)).select_related("risk", "scale", "rated_by__user")
    header = ("Rating", "Risk", "Rated", "By", "Scale", "Without controls", "With controls", "Controls", "Why")
    return Table(header, _of_ratings(rows.order_by("risk__reference", "number")))


def _of_ratings(rows: QuerySet[RiskRating]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=2000):
        yield (
            f"{one.risk.reference}/{one.number}",
            one.risk.reference,
            one.rated_on.isoformat(),
            one.rated_by.name if one.rated_by else "Plumbline",
            str(one.scale.number),
            one.inherent.words,
            one.residual.words,
            ", ".join(one.controls),
            one.reasoning,
        )


def _instant(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S") if at else ""
