"""Screens of one gap analysis."""

import datetime as dt
from collections import defaultdict
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from controls.findings.rights import may_see_all, visible_to
from controls.gaps.actions import take_run
from controls.gaps.data import Gap, Snapshot
from controls.gaps.difference import Difference, difference
from controls.gaps.forms import RunForm
from controls.gaps.kept import pdf_of
from controls.gaps.reading import before, snapshot_of
from controls.gaps.report import figures, status_sentence
from controls.gaps.tasks import JOB_KIND
from controls.models import AuditPeriod, Finding, GapRun
from controls.models.control import Priority
from controls.models.finding import PENDING, SEVERITY_TONES
from controls.models.state import Design, Operation
from controls.periods.current import period_of
from evidence.downloads import REPORT, take_away
from ui.components import Badge
from ui.refusals import ActionRefused
from ui.screens import DetailScreen, ScreenRequest, screen
from workflow.models import Job
from workflow.once import OnceScreen

LIST = ("Gap analyses", "controls:gap-list")
PAGE = 100  # gaps shown at once
OTHERS = 24  # earlier analyses to compare with


class GapCreate(OnceScreen):
    """Analyse a period now."""

    permission = "controls.write"
    form_class = RunForm
    title = "Analyse the gaps"
    breadcrumbs = (LIST,)
    submit_label = "Analyse now"
    explain = "What is known today is judged and kept unchanged, with the hashes of what it rests on."
    success_message = "The analysis is kept. Its PDF follows in a moment."

    def get_initial(self) -> dict[str, Any]:
        """The period in hand."""
        return {"period": period_of(self.request)}

    def act(self, form: RunForm) -> GapRun:
        """Analyse it."""
        return take_run(form.cleaned_data["period"], actor=self.request.member)


class GapDetail(DetailScreen):
    """One analysis: figures, what to do, the gaps with their reasons, and what changed since an earlier one."""

    permission = "controls.read"
    queryset = GapRun.objects.select_related("period", "file", "made_by__user")
    template_name = "controls/gap_detail.html"
    breadcrumbs = (LIST,)
    object: GapRun

    def get_title(self) -> str:
        """Number and period."""
        return f"{self.object.reference}: {self.object.period.name}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the kept file says."""
        run, member = self.object, self.request.member
        try:
            snapshot = snapshot_of(run)
        except ActionRefused as refusal:
            return super().get_context_data(unreadable=refusal.sentence, **kwargs)
        pdf = pdf_of(run)
        return super().get_context_data(
            data=snapshot,
            status=status_sentence(snapshot),
            tiles=figures(snapshot, findings=may_see_all(member)),
            **self._gaps(snapshot),
            **_shown(snapshot, findings=may_see_all(member)),
            **self._compared(snapshot),
            pdf=pdf,
            job=None if pdf else Job.objects.filter(subject_id=run.pk, kind=JOB_KIND).order_by("-created_at").first(),
            may_raise=member.can("findings.write"),
            may_plan=member.can("controls.write") and run.period.status == AuditPeriod.Status.OPEN,
            **kwargs,
        )

    def _gaps(self, snapshot: Snapshot) -> dict[str, Any]:
        """A page of the gaps of the chosen priority, and the choices with their counts."""
        chosen = self.request.GET.get("priority", "")
        wanted = [gap for gap in snapshot.gaps if gap.priority == chosen] if chosen in Priority.values else snapshot.gaps
        page = Paginator(wanted, PAGE).get_page(self.request.GET.get("page"))
        counts = snapshot.figures["gapsByPriority"]
        choices = [("", "All", len(snapshot.gaps), chosen not in Priority.values)]
        choices += [(one, Priority(one).label, counts[one], one == chosen) for one in Priority.values]
        raised = self._raised([UUID(gap.control) for gap in page if gap.control])
        return {"page": page, "lines": [(*_line(gap), raised.get(gap.control, [])) for gap in page], "choices": choices}

    def _raised(self, controls: list[UUID]) -> dict[str, list[Finding]]:
        """The findings that people work on already, by control."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in visible_to(self.request.member).filter(control__in=controls, status__in=PENDING):
            found[str(finding.control_id)].append(finding)
        return found

    def _compared(self, snapshot: Snapshot) -> dict[str, Any]:
        """The difference to the analysis that was chosen, or to the one before."""
        run = self.object
        earlier = list(GapRun.objects.filter(made_at__lt=run.made_at).select_related("period", "file")[:OTHERS])
        asked = self.request.GET.get("with", "")
        other = next((one for one in earlier if str(one.pk) == asked), None) or before(run)
        found: Difference | None = None
        trouble = ""
        if other is not None:
            try:
                found = difference(snapshot_of(other), snapshot)
            except ActionRefused as refusal:
                trouble = refusal.sentence
        return {"earlier": earlier, "other": other, "change": found, "trouble": trouble}


def _shown(snapshot: Snapshot, *, findings: bool) -> dict[str, Any]:
    """The first of what the file holds of deviations and of all controls in scope; both are whole in the PDF and the JSON."""
    deviations = snapshot.deviations[:PAGE]
    rows = snapshot.controls[: 2 * PAGE]
    pending = snapshot.figures["findings"].get("open", []) if findings else []
    return {
        "deviations": [(one, one.sentence.removeprefix(one.code)) for one in deviations],
        "controls": [(row, Design(row.design).label, Operation(row.operation).label) for row in rows],
        "more_controls": len(snapshot.controls) - len(rows),
        "findings": [(one, Priority(one["severity"]).label, dt.date.fromisoformat(one["due"])) for one in pending[:PAGE]],
        "more_findings": len(pending) - len(pending[:PAGE]),
    }


def _line(gap: Gap) -> tuple[Gap, Badge, str]:
    tone = SEVERITY_TONES[gap.priority]
    return gap, Badge(str(Priority(gap.priority).label), tone), str(Design(gap.design).label)


@screen("controls.read")
def data(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The analysis as JSON, as it was kept."""
    run = get_object_or_404(GapRun.objects.select_related("file", "evidence"), pk=pk)
    return take_away(run.file, actor=request.member, evidence=run.evidence, name=f"{run.reference}.json")


@screen("controls.read")
def pdf(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The analysis as PDF, once a worker has printed it."""
    run = get_object_or_404(GapRun, pk=pk)
    kept = pdf_of(run)
    if kept is None:
        raise Http404
    return take_away(kept.file, actor=request.member, evidence=kept.evidence, name=f"{run.reference}.pdf", verb=REPORT)
