"""What the lower apps should know of the audit periods: what an auditor may be limited to, and what proves their records."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from accounts.limits import Period, register_periods
from controls.models import AuditPeriod, ControlEvidence, ControlTestEvidence, Occurrence, RequestProof
from controls.periods.care import KIND
from evidence.belonging import register_handed, register_proven
from tenancy.models import current_organization
from tenancy.spans import Span
from workflow.delegations.kinds import register_kind

_DAY = dt.timedelta(days=1)


def register() -> None:
    """Fill the registries."""
    register_periods(periods)
    register_kind(KIND)
    register_handed(evidence=given, populations=populations_given)
    register_proven(of_tests)
    register_proven(of_occurrences)


def periods() -> Mapping[uuid.UUID, Period]:
    """Every audit period of the organization, the latest first."""
    return {one.pk: Period(one.name, _span(one)) for one in AuditPeriod.objects.all()}


def given() -> QuerySet[RequestProof, uuid.UUID]:
    """The evidence that requests were answered with."""
    return RequestProof.objects.filter(evidence__isnull=False).values_list("evidence", flat=True)


def populations_given() -> QuerySet[RequestProof, uuid.UUID]:
    """The populations that requests were answered with, or with samples of them."""
    found = RequestProof.objects.annotate(of=Coalesce("population", "sample__population"))
    return found.filter(of__isnull=False).values_list("of", flat=True)


def of_tests() -> QuerySet[ControlTestEvidence, uuid.UUID]:
    """What tests in the period rest on."""
    return ControlTestEvidence.objects.values_list("evidence", flat=True)


def of_occurrences() -> QuerySet[ControlEvidence, uuid.UUID]:
    """What proves occurrences of the period."""
    return (
        ControlEvidence.objects.whole().filter(occurrence__in=Occurrence.objects.values("pk")).values_list("evidence", flat=True)
    )


def _span(period: AuditPeriod) -> Span:
    organization = current_organization()
    begins_at = organization.end_of(period.starts_on - _DAY)
    return Span(period.pk, period.starts_on, period.ends_on, begins_at, organization.end_of(period.ends_on))
