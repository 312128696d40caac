"""The list of findings."""

from typing import Any

from django.db.models import Q, QuerySet

from audit.exports import RecordsExports
from controls.findings.actions import hand_on
from controls.findings.forms import BulkHandOnForm
from controls.findings.rights import may_see_all, mine, visible_to
from controls.models import Finding
from controls.models.control import Priority
from controls.models.finding import PENDING
from ui.refusals import ActionRefused
from ui.screens import Bulk, BulkResult, Column, Empty, Filter, ListScreen

# Whoever a finding is with sees and works on it, whatever their role; what each may see is decided in rights.visible_to.
EVERYBODY = "home.read"
LIST = ("Findings", "controls:finding-list")


class FindingList(RecordsExports, ListScreen):
    """What has to be put right, and what came of it."""

    permission = EVERYBODY
    title = "Findings"
    noun = "findings"
    noun_one = "finding"
    columns = (
        Column("reference", "Finding", sort="reference", link=True, whole=True),
        Column("title", "What is wrong", sort="title"),
        Column("severity_badge", "Severity", sort="severity", text=lambda f: f.get_severity_display()),
        Column("control.code", "Control", sort="control__code", hide_below=1000, whole=True),
        Column("criterion", "Criterion", sort="criterion", hide_below=1300),
        Column("owner.name", "With", sort="owner__name", hide_below=1000),
        Column("source", "From", sort="source", hide_below=1300),
        Column("due_on", "Due", sort="due_on", template="controls/cells/finding_due.html", text=lambda f: f.due_on),
        Column("status_badge", "State", sort="status", text=lambda f: f.get_status_display()),
    )
    default_order = ("-closed_at", "due_on")
    search_fields = ("reference", "title", "control__code", "owner__name")
    search_hint = "Number, words, control or person"
    bulk_actions = (Bulk("hand_on", "Hand on", EVERYBODY, form=BulkHandOnForm),)
    empty = Empty(
        "No findings",
        "A finding is work that came from a gap, a failed test, a missed occurrence, a review or an audit, "
        "followed until somebody else has retested it.",
        action=("Raise a finding", "controls:finding-create"),
    )
    primary_action = ("Raise a finding", "controls:finding-create", "findings.write")

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What is shown depends on the role."""
        if may_see_all(self.request.member):
            return "What has to be put right. Each is followed until somebody else has retested it, or accepted by name."
        return "The findings that are with you. Each is over once somebody else has retested it."

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def get_filters(self) -> tuple[Filter, ...]:
        """Overdue depends on the organization's day."""
        today = self.request.organization.today()
        pending = Q(status__in=PENDING)
        states = {"pending": pending, **{value: Q(status=value) for value in Finding.Status.values}}
        due = {"late": pending & Q(due_on__lt=today), "soon": pending & Q(due_on__gte=today)}
        whose = {"me": mine(self.request.member), "nobody": Q(owner=None)}
        return (
            Filter("state", "State", choices=[("pending", "All not over"), *Finding.Status.choices], where=states),
            Filter("severity", "Severity", choices=Priority.choices),
            Filter("due", "Due", choices=[("late", "Overdue"), ("soon", "Not yet due")], where=due),
            Filter("whose", "With", choices=[("me", "Me"), ("nobody", "Nobody")], where=whose),
            Filter("source", "From", choices=Finding.Source.choices),
        )

    def bulk_hand_on(self, selection: QuerySet[Finding], form: BulkHandOnForm) -> BulkResult:
        """Hand each on; whatever cannot be says why."""
        done, refused = [], {}
        for finding in selection:
            try:
                hand_on(finding, actor=self.request.member, **form.cleaned_data)
            except ActionRefused as refusal:
                refused[finding.pk] = refusal.sentence
            else:
                done.append(finding.pk)
        return BulkResult(done=done, refused=refused)
