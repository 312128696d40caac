"""Which controls count in a period: the one rule behind every figure."""

from django.db.models import Exists, OuterRef, Q

from controls.criteria import in_scope
from controls.models import AuditPeriod, Control, ControlCriterion, CriterionExclusion


def criteria_of(period: AuditPeriod) -> list[str]:
    """The ids of the criteria in scope of a period, in their order."""
    left_out = CriterionExclusion.objects.filter(period=period).values_list("criterion", flat=True)
    return [criterion.key for criterion in in_scope(period.categories, left_out)]


def scope_of(period: AuditPeriod) -> Q:
    """The condition on `Control` of being in scope: in service in a part of the period, and answering to a criterion in scope.

    A control that was retired within the period stays: an auditor tests it until that day.
    """
    answers = ControlCriterion.objects.filter(control=OuterRef("pk"), criterion__in=criteria_of(period))
    in_service = Q(status=Control.Status.ACTIVE) | Q(retired_on__gte=period.starts_on)
    return Q(Exists(answers)) & in_service & Q(in_scope_since__lte=period.ends_on)
