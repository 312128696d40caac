"""Exceptions from policies and violations of them as populations for testing."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from evidence.populations.registry import Table, register_population
from policies.models import PolicyException, Violation
from policies.violations.listing import whose
from tenancy.models import current_organization

_EXCEPTIONS = (
    "Every exception from a policy that was approved and held on at least one of these days, as it stands now, from this "
    "installation's own database. What nobody asked for is not in it."
)
_VIOLATIONS = (
    "Every violation of a policy that was found on these days, as it stands now, from this installation's own database. What "
    "neither a person nor a rule found is not in it."
)


def register_populations() -> None:
    """Offer them."""
    register_population("policy_exceptions", "Exceptions from policies", _EXCEPTIONS, exceptions)
    register_population("violations", "Violations of policies", _VIOLATIONS, violations)


def exceptions(first: dt.date, last: dt.date) -> Table:
    """Those approved by the last day that had not ended before the first."""
    held = Q(ended_on=None, ends_on__gte=first) | Q(ended_on__gt=first)
    approved = PolicyException.objects.filter(held, status__in=["approved", "ended", "expired"])
    rows = approved.filter(decided_at__lt=current_organization().end_of(last))
    header = (
        "Number", "Policy", "Version", "For", "What is not kept to", "Why", "What makes up for it", "Risk", "Severity",
        "Asked by", "Asked (UTC)", "Approved by", "Approved (UTC)", "Until", "State", "Ended", "Finding",
    )  # fmt: skip
    related = rows.select_related("policy", "version", "person", "asked_by__user", "decided_by__user", "finding")
    return Table(header, _of_exceptions(related.order_by("reference")))


def _of_exceptions(rows: QuerySet[PolicyException]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=2000):
        yield (
            one.reference,
            one.policy.title,
            one.version_told,
            one.person.name,
            one.what,
            one.why,
            one.compensating,
            one.risk,
            one.get_severity_display(),
            one.who("asked_by"),
            _instant(one.asked_at),
            one.who("decided_by"),
            _instant(one.decided_at),
            one.ends_on.isoformat(),
            one.get_status_display(),
            one.ended_on.isoformat() if one.ended_on else "",
            one.finding_told,
        )


def violations(first: dt.date, last: dt.date) -> Table:
    """Those of these days."""
    organization = current_organization()
    begin, end = organization.end_of(first - dt.timedelta(days=1)), organization.end_of(last)
    rows = Violation.objects.filter(detected_at__gte=begin, detected_at__lt=end)
    header = (
        "Number", "What is wrong", "Policy", "Where", "Whose", "Severity", "Found by", "System", "Rule", "Found (UTC)", "Times",
        "With", "Due", "State", "Ended by", "Ended (UTC)", "What was done",
    )  # fmt: skip
    related = rows.select_related("policy", "person", "member__user", "owner", "ended_by__user")
    return Table(header, _of_violations(related.order_by("reference")))


def _of_violations(rows: QuerySet[Violation]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=2000):
        yield (
            one.reference,
            one.title,
            one.policy.title if one.policy else "",
            one.resource,
            whose(one),
            one.get_severity_display(),
            one.get_detected_display(),
            one.reported_as,
            one.rule,
            _instant(one.detected_at),
            str(one.times_seen),
            one.owner.name if one.owner else "",
            one.due_on.isoformat(),
            one.get_status_display(),
            one.who("ended_by") or ("Plumbline" if one.ended_at else ""),
            _instant(one.ended_at),
            one.outcome,
        )


def _instant(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S") if at else ""
