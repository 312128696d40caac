"""The page of one control."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet

from controls.catalogue.cadences import in_words
from controls.catalogue.listing import in_period
from controls.catalogue.standing import legs_of
from controls.criteria import CRITERIA, Criterion, in_scope
from controls.events.hiding import events_seen_by
from controls.events.totals import totals_in
from controls.evidence import may_link, proofs_seen_by
from controls.findings.rights import raised_about
from controls.models import AuditPeriod, AuditRequest, Control, ControlTest, Occurrence
from controls.models.control import Cadence
from controls.occurrences.rights import may_work
from controls.occurrences.states import OPEN, overdue
from controls.periods.current import period_of
from controls.testing.independence import may_test
from ui.screens import DetailScreen
from ui.values import spelled

CRUMBS = (("Controls", "controls:list"),)
SHOWN_OCCURRENCES = 6
SHOWN_TESTS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """A criterion the control answers."""

    criterion: Criterion
    note: str
    in_scope: bool


def answers_of(control: Control, period: AuditPeriod | None) -> list[Answer]:
    """What it answers, and whether that is in scope of the period; without a period everything is."""
    scope = set(CRITERIA)
    if period is not None:
        left_out = period.exclusions.values_list("criterion", flat=True)
        scope = {one.key for one in in_scope(period.categories, left_out)}
    rows = {row.criterion: row.note for row in control.answers.all()}
    return [Answer(one, rows[key], key in scope) for key, one in CRITERIA.items() if key in rows]


class ControlDetail(DetailScreen):
    """One control: status with reasons, what it answers, what it stands on, when it is due, how it was tested."""

    permission = "controls.read"
    template_name = "controls/control_detail.html"
    breadcrumbs = CRUMBS

    def get_queryset(self) -> QuerySet[Any]:
        """With its state in the period."""
        return in_period(Control.objects.all(), period_of(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything about it."""
        control: Any = self.object
        period = period_of(self.request)
        today = self.request.organization.today()
        theirs = Occurrence.objects.filter(control=control)
        return super().get_context_data(
            period=period,
            facts=_facts(control),
            about=_about(control),
            answers=answers_of(control, period),
            legs=legs_of(control, today, proofs_seen_by(self.request.member)),
            occurrences=theirs.filter(OPEN, due_on__gte=today).order_by("due_on", "pk")[:SHOWN_OCCURRENCES],
            late=theirs.filter(overdue(today)).aggregate(number=Count("pk"), oldest=Min("due_on")),
            tests=ControlTest.objects.filter(control=control).select_related("tester__user")[:SHOWN_TESTS],
            systems=[row.system for row in control.covers.select_related("system").order_by("system__name")],
            cadences=[(row, in_words(row)) for row in control.cadences.all()],
            logged=totals_in(events_seen_by(self.request.member), self.request.organization, period, control=control.pk),
            findings=raised_about(self.request.member, control),
            requests=self._requests(),
            may_ask=self.request.member.can("requests.raise"),
            may_write=self.request.member.can("controls.write"),
            may_test=may_test(self.request.member, control),
            may_several=control.cadence != Cadence.CONTINUOUS and may_work(self.request.member, control),
            may_note_change=control.cadence == Cadence.CONTINUOUS and may_work(self.request.member, control),
            may_link=may_link(self.request.member, control),
            may_unlink=self.request.member.can("evidence.write"),
            **kwargs,
        )

    def _requests(self) -> QuerySet[AuditRequest] | None:
        """What the auditor asks for about it; None for those who do not read the list."""
        if not self.request.member.can("requests.read"):
            return None
        return AuditRequest.objects.filter(controls__control=self.object.pk).order_by("place")


def _facts(control: Control) -> list[tuple[str, Any]]:
    scope = f"since {spelled(control.in_scope_since)}"
    if control.retired_on:
        scope += f", retired on {spelled(control.retired_on)}"
    return [
        ("Owner", control.owner),
        ("Role that owns it", control.owner_role),
        ("Frequency", in_words(control)),
        ("In scope", scope),
        ("State", control.status_badge),
        ("Priority", control.get_priority_display()),
        ("Adopted from", f"starter control {control.library_key}" if control.library_key else ""),
    ]


def _about(control: Control) -> list[tuple[str, str]]:
    """The long texts that are there."""
    texts = (
        ("Objective", control.objective),
        ("How it operates", control.operation),
        ("Evidence expected", control.evidence_expected),
        ("What to do when it is due", control.instructions),
        ("How it is tested", control.test_procedure),
    )
    return [(label, text) for label, text in texts if text]
