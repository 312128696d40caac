"""The lists behind the numbers of evidence."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from controls.models import Control
from controls.periods.current import InPeriod
from controls.status.facts import counted_links
from controls.status.parts import WHOLE, Part, parts_of
from evidence.models import Evidence
from evidence.views.lists import EvidenceList
from reports.dashboard.months import Month, collected, months_of
from ui.screens import Empty, Filter


class CollectedEvidence(InPeriod, EvidenceList):
    """What was collected in a period, month by month, as a whole or for the controls of a part of its scope."""

    title = "Evidence collected"
    breadcrumbs = (("Dashboard", "reports:dashboard"),)
    primary_action = None  # it is a list to look at
    empty = Empty("Nothing was collected", "Evidence counts in the month in which it was collected, until it is withdrawn.")

    def get_queryset(self) -> QuerySet[Evidence]:
        """What the dashboard counts."""
        rows = super().get_queryset()
        if self.period is None:
            return rows.none()
        return rows.filter(pk__in=collected(self.period, self.parts[WHOLE], self.months).order_by().values("pk"))

    def get_filters(self) -> Sequence[Filter]:
        """Months and parts of the scope are those of the period."""
        months = {month.key: Q(collected_at__gte=month.since, collected_at__lt=month.until) for month in self.months}
        return (
            Filter("month", "Month", choices=[(month.key, month.label) for month in self.months], where=months),
            Filter("scope", "Scope", choices=[(part.key, part.label) for part in self.parts.values()], where=self._within()),
            *(one for one in super().get_filters() if one.name != "month"),
        )

    def _within(self) -> dict[str, Q]:
        if self.period is None:
            return {}
        found = {key: collected(self.period, part, self.months).order_by() for key, part in self.parts.items()}
        return {key: Q() if key == WHOLE else Q(pk__in=rows.values("pk")) for key, rows in found.items()}

    @cached_property
    def parts(self) -> dict[str, Part]:
        """What the period covers."""
        return parts_of(self.period) if self.period else {}

    @cached_property
    def months(self) -> list[Month]:
        """The months of the chart."""
        return months_of(self.period, self.request.organization) if self.period else []


class ControlProofs(InPeriod, EvidenceList):
    """The evidence that the state of one control rests on in a period."""

    breadcrumbs = (("Dashboard", "reports:dashboard"),)
    primary_action = None  # it is a list to look at
    empty = Empty("No evidence counts for this control", "Link evidence to it on its page.")

    @cached_property
    def control(self) -> Control:
        """The control that the address names."""
        return get_object_or_404(Control, pk=self.kwargs["pk"])

    def get_title(self) -> str:
        """Of which control."""
        return f"Evidence of {self.control.code}"

    def get_queryset(self) -> QuerySet[Evidence]:
        """What its state counts."""
        if self.period is None:
            return super().get_queryset().none()
        links = counted_links(self.period, self.request.organization).filter(control=self.control)
        return super().get_queryset().filter(pk__in=links.order_by().values("evidence"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Named after its control, period and all."""
        return super().get_context_data(control=self.control, **kwargs)
