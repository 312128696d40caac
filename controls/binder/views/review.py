"""The review format: controls with their gaps, findings with what is still required."""

from collections.abc import Sequence
from typing import Any

from django.views.generic import TemplateView

from controls.binder.views.overview import CRUMB, tabs
from controls.findings.rights import visible_to
from controls.gaps.rules import ORDER
from controls.models import ControlState
from controls.models.finding import PENDING
from controls.models.state import Design
from controls.periods.current import period_of
from ui.screens.base import Screen

MOST = 200  # rows of each table on the page


class Review(Screen, TemplateView):
    """Control, status, gap, priority; finding, risk, remediation, evidence still required."""

    permission = "controls.read"
    title = "Review of the binder"
    template_name = "controls/binder_review.html"
    breadcrumbs = (CRUMB,)

    def get_tabs(self) -> Sequence[tuple[str, str, int | None]]:
        """The binder's other pages."""
        return tabs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Both tables."""
        period = period_of(self.request)
        context = {**self.frame(), "period": period, "most": MOST, **kwargs}
        if period is None:
            return super().get_context_data(**context)
        states = ControlState.objects.filter(period=period, in_scope=True).exclude(design=Design.IMPLEMENTED)
        rows = sorted(states.select_related("control__owner"), key=lambda one: (ORDER[one.control.priority], one.control.code))
        findings = visible_to(self.request.member).filter(status__in=PENDING).select_related("control", "owner")
        shown = list(findings.order_by("due_on", "reference")[: MOST + 1])
        return super().get_context_data(
            **context, gaps=rows[:MOST], gap_count=len(rows), findings=shown[:MOST], more=len(shown) > MOST
        )
