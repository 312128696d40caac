"""The dashboard: where the organization stands, why, and what comes next."""

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from controls.findings.rights import may_see_all
from controls.models import AuditPeriod, Control, ControlState
from controls.models.finding import SEVERITY_TONES
from controls.periods.current import period_of
from controls.status.parts import WHOLE, parts_of
from reports.audience import reads_results
from reports.bands import band_of
from reports.dashboard import pictures
from reports.dashboard.figures import (
    SHOWN_CONTROLS,
    SHOWN_GAPS,
    SHOWN_NEXT,
    Figures,
    critical_gaps,
    figures_of,
    states_of,
)
from reports.dashboard.links import GAPS, Links
from reports.dashboard.waiting import finding_urls, upcoming
from ui.components import Badge
from ui.screens.base import Screen

FULL, SUMMARY = "full", "summary"


class Dashboard(Screen, TemplateView):
    """The figures of one audit period. The summary is the same without the lists of work."""

    permission = "controls.read"
    title = "Dashboard"
    template_name = "reports/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures, or why there are none."""
        period = period_of(self.request)
        context = {**self.frame(), "period": period, "may_write": self.request.member.can("controls.write"), **kwargs}
        if period is None:
            return super().get_context_data(**context, nothing=_nothing(None))
        parts = parts_of(period)
        part = parts.get(self.request.GET.get("scope", ""), parts[WHOLE])
        figures = figures_of(period, part, self.request.organization, self.request.member)
        links = Links(period, part)
        context |= {"part": part, "parts": list(parts.values()), "figures": figures, "links": self._switch(links)}
        if not figures.readiness.in_scope:
            return super().get_context_data(**context, nothing=_nothing(period))
        return super().get_context_data(**context, **self._shown(figures, links))

    @property
    def view(self) -> str:
        """Everything, or the summary: as chosen, else as the role reads it."""
        asked = self.request.GET.get("view", "")
        usual = SUMMARY if reads_results(self.request.member) else FULL
        return asked if asked in {FULL, SUMMARY} else usual

    def _switch(self, links: Links) -> dict[str, Any]:
        other = SUMMARY if self.view == FULL else FULL
        return {"other_view": links.dashboard(view=other), "is_summary": self.view == SUMMARY, "view": self.view}

    def _shown(self, figures: Figures, links: Links) -> dict[str, Any]:
        """What the template draws."""
        points = pictures.months(figures, links if self.request.member.can("evidence.read") else None)
        families = pictures.families(figures, links)
        return {
            "band": band_of(figures.readiness.percent),
            "urls": _urls(links),
            "findings": figures.findings if may_see_all(self.request.member) else None,
            "finding_urls": finding_urls(),
            "designs": pictures.by_design(figures, links),
            "operations": pictures.by_operation(figures, links),
            "ring": pictures.ring(figures, links),
            "families": families,
            "overlapping": sum(one.share.whole for one in families) > figures.readiness.in_scope,
            "uncovered": pictures.uncovered(figures),
            "points": points,
            "trend": pictures.trend(points),
            "deployed": figures.deployed if self.request.member.can("changes.read") else None,
            "risks": [one for one in figures.risks if one.told],
            "areas": [one for one in figures.areas if one.told],
            **(self._results(figures) if self.view == SUMMARY else self._work(figures, links)),
        }

    def _results(self, figures: Figures) -> dict[str, Any]:
        """What an executive may have to decide on."""
        return {"critical": list(critical_gaps(figures.period, figures.part)[:SHOWN_GAPS])}

    def _work(self, figures: Figures, links: Links) -> dict[str, Any]:
        """The lists of work."""
        sees_evidence = self.request.member.can("evidence.read")
        states = list(states_of(figures.period, figures.part)[:SHOWN_CONTROLS])
        return {
            "rows": [(state, _priority(state), links.proofs(state.control_id) if sees_evidence else "") for state in states],
            "upcoming": list(upcoming(figures.period, figures.part, figures.today)[:SHOWN_NEXT]),
        }


def _priority(state: ControlState) -> Badge:
    return Badge(state.control.get_priority_display(), SEVERITY_TONES[state.control.priority])


def _urls(links: Links) -> dict[str, str]:
    """Where the single numbers lead."""
    return {
        "in_scope": links.controls(),
        "implemented": links.controls(design="implemented"),
        "gaps": links.controls(design=GAPS),
        "critical": links.controls(design=GAPS, priority="critical"),
        "overdue": links.occurrences(show="overdue"),
        "waiting": links.occurrences(show="todo"),
        "upcoming": links.occurrences(show="all", order="due_on"),
    }


def _nothing(period: AuditPeriod | None) -> dict[str, str]:
    """Why there is nothing to show, and what to do about it: a URL and its label."""
    if not Control.objects.exists():
        return {
            "title": "Nothing to measure yet",
            "reason": "Controls are what you do so that each criterion is met. Ten questions choose those that fit you, "
            "give them owners, and lay out the year.",
            "action": "Begin with ten questions",
            "url": reverse("controls:setup-questions"),
        }
    if period is None:
        return {
            "title": "No audit period yet",
            "reason": "Say which days an audit looks at and what it covers. Readiness is measured for that.",
            "action": "New audit period",
            "url": reverse("controls:period-create"),
        }
    if not ControlState.objects.filter(period=period).exists():
        return {
            "title": "Not measured",
            "reason": "The status of the controls has not been derived for this period.",
            "action": "Controls",
            "url": reverse("controls:list"),
        }
    return {
        "title": "Nothing in scope",
        "reason": "No control in service in this period answers to a criterion that is in scope here.",
        "action": "Criteria of the period",
        "url": f"{reverse('controls:criterion-list')}?period={period.pk}",
    }
